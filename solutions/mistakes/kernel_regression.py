"""Wrong answers to the questions of kernel_regression, each with one wrong step; the docstring is its author's hint."""

import cvxpy as cp
import matplotlib.pyplot as plt
import numpy as np
from scipy import optimize

from shared import staircase
from solutions.banks import mistake_of
from solutions.kernel_regression import (
    chosen_huber,
    chosen_least_squares,
    chosen_monotone,
    chosen_total_variation,
    fit_huber,
    fit_least_squares,
    fit_monotone,
    fit_total_variation,
    make_data,
    predict,
    rbf_kernel,
)

# ---- make_data ------------------------------------------------------------------------------------------------------


def _staircase(x):
    return 10.0 * np.sum(x[:, np.newaxis] >= np.array([1, 2, 3, 4]) / 5, axis=1)


@mistake_of("make_data")
def steps_behind_the_thresholds(rng, n=50):
    """For n = 50 no point is a threshold. Try n = 26: which value has your f exactly at x = 1/5?"""
    x = np.arange(n) / (n - 1)
    f = 10.0 * np.sum(x[:, np.newaxis] > np.array([1, 2, 3, 4]) / 5, axis=1)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def outlier_at_index_25(rng, n=50):
    """The text counts the points from 1. Where does Python start, and which point have you set?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[25] = 0.0
    return x, y, f


@mistake_of("make_data")
def outlier_at_index_23(rng, n=50):
    """Count along your y with a finger, from the first point on: which one is the outlier?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[24 - 1] = 0.0
    return x, y, f


@mistake_of("make_data")
def outlier_in_the_middle(rng, n=50):
    """For n = 50 you set the right point. Which one is it for n = 100, and which one was asked for?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[n // 2 - 1] = 0.0
    return x, y, f


@mistake_of("make_data")
def no_outlier(rng, n=50):
    """One observation of the course's data is far from its neighbours. Where is it in yours?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    return x, f + rng.standard_normal(n), f


@mistake_of("make_data")
def true_function_with_the_outlier(rng, n=50):
    """The outlier is an error of the observation. Does the staircase itself have a hole there?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    f[24] = 0.0
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def true_function_noisy(rng, n=50):
    """Compare your y and your f, entry by entry. Are they two arrays, or two names of one?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f
    y += rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def outlier_with_noise(rng, n=50):
    """The outlier of yours is near 0, but not there. In which order do you add the noise and set the point?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f.copy()
    y[24] = 0.0
    return x, y + rng.standard_normal(n), f


@mistake_of("make_data")
def outlier_made_larger(rng, n=50):
    """The outlier of yours is far away, but where exactly? Read off the formula what y is at that point."""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[24] *= 10.0
    return x, y, f


@mistake_of("make_data")
def outlier_taken_out(rng, n=50):
    """Look at the lengths of what you return: how many points were asked for?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    return np.delete(x, 24), np.delete(y, 24), np.delete(f, 24)


@mistake_of("make_data")
def starts_behind_zero(rng, n=50):
    """Print the first and the last of your points. Where should they lie?"""
    x = np.arange(1, n + 1) / n
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def ends_before_one(rng, n=50):
    """Where does your last point lie? n points have how many gaps between them?"""
    x = np.arange(n) / n
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def points_at_random(rng, n=50):
    """How far is each of your points from the next? The question says how far."""
    x = np.sort(rng.random(n))
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def always_50_points(rng, n=50):
    """Call your function with another n: how many points come back?"""
    x = np.arange(50) / 49
    f = _staircase(x)
    y = f + rng.standard_normal(50)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def steps_of_one(rng, n=50):
    """How high is your f at x = 1, and how high is the staircase of the text there?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x) / 10
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def three_steps(rng, n=50):
    """Count the steps of your f. Where does range stop?"""
    x = np.arange(n) / (n - 1)
    f = np.zeros(n)
    for k in range(1, 4):
        f += 10.0 * (x >= k / 5)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def step_at_the_end(rng, n=50):
    """Look at your f at x = 1 alone. How many thresholds are there up to it, by the formula?"""
    x = np.arange(n) / (n - 1)
    f = 10.0 * np.floor(5 * x)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def steps_that_grow(rng, n=50):
    """Is each step of yours as high as the one before? What does the sum in the formula add for each k?"""
    x = np.arange(n) / (n - 1)
    f = np.zeros(n)
    for k in range(1, 5):
        f += 10.0 * k * (x >= k / 5)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def true_function_before_the_observations(rng, n=50):
    """You return three arrays. Compare their order with the one that is asked for."""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, f, y


@mistake_of("make_data")
def noise_of_numpys_own(rng, n=50):
    """Call your function twice with generators of the same seed. Where does your noise come from?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + np.random.randn(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def generator_made_inside(rng, n=50):
    """Call your function with two different generators. Does the noise change?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + np.random.default_rng(0).standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def same_noise_for_all(rng, n=50):
    """Subtract f from your y. How many different numbers have you drawn?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal()
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def noise_for_each_step(rng, n=50):
    """Subtract f from your y. Is the noise of a point independent of its neighbour's?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.standard_normal(5)[(f / 10).astype(int)]
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def noise_of_variance_two(rng, n=50):
    """Draw a large n and compute the variance of y - f. Is it that of standard normal noise?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.normal(0.0, np.sqrt(2), n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def noise_too_small(rng, n=50):
    """Draw a large n and compute the standard deviation of y - f. What is standard normal noise's?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + 0.1 * rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def uniform_noise(rng, n=50):
    """Draw a histogram of y - f for a large n. Has it the shape that you expect?"""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.uniform(-np.sqrt(3), np.sqrt(3), n)
    y[24] = 0.0
    return x, y, f


@mistake_of("make_data")
def noise_upwards_only(rng, n=50):
    """What is the mean of y - f for a large n? Look for the function that draws from 0 to 1."""
    x = np.arange(n) / (n - 1)
    f = _staircase(x)
    y = f + rng.random(n)
    y[24] = 0.0
    return x, y, f


# ---- rbf_kernel -----------------------------------------------------------------------------------------------------


@mistake_of("rbf_kernel")
def plain_distance(x, z, gamma):
    """Try two points at distance 2. Compare the exponent of yours with the formula's."""
    return np.exp(-gamma * np.abs(x[:, np.newaxis] - z))


@mistake_of("rbf_kernel")
def grows_with_the_distance(x, z, gamma):
    """Two points that are far apart should hardly influence each other. What is the kernel between them in yours?"""
    return np.exp(gamma * (x[:, np.newaxis] - z) ** 2)


@mistake_of("rbf_kernel")
def divided_by_gamma(x, z, gamma):
    """Should a larger gamma make the bumps narrower or wider? Compare with what it does in yours."""
    return np.exp(-((x[:, np.newaxis] - z) ** 2) / gamma)


@mistake_of("rbf_kernel")
def gamma_as_a_bandwidth(x, z, gamma):
    """That is the kernel with a standard deviation as its parameter. Which role has gamma in this text's formula?"""
    return np.exp(-((x[:, np.newaxis] - z) ** 2) / (2 * gamma**2))


@mistake_of("rbf_kernel")
def gamma_squared(x, z, gamma):
    """For gamma = 1 you are right. What stands inside your square that should stand before it?"""
    return np.exp(-((gamma * (x[:, np.newaxis] - z)) ** 2))


@mistake_of("rbf_kernel")
def minus_inside_the_square(x, z, gamma):
    """No entry may be larger than 1. Which part of your exponent does the square apply to?"""
    return np.exp((-gamma * (x[:, np.newaxis] - z)) ** 2)


@mistake_of("rbf_kernel")
def half_of_the_square(x, z, gamma):
    """There is a factor in your exponent that isn't in the formula. Where do you know it from?"""
    return np.exp(-gamma * (x[:, np.newaxis] - z) ** 2 / 2)


@mistake_of("rbf_kernel")
def density_of_the_normal(x, z, gamma):
    """What is the kernel between a point and itself, by the formula and by your function?"""
    return np.sqrt(gamma / np.pi) * np.exp(-gamma * (x[:, np.newaxis] - z) ** 2)


@mistake_of("rbf_kernel")
def points_down_the_side(x, z, gamma):
    """Try 3 points x and 2 points z. Which of them belong to the rows?"""
    return np.exp(-gamma * (x - z[:, np.newaxis]) ** 2)


@mistake_of("rbf_kernel")
def distances_among_x(x, z, gamma):
    """Right where both arguments are the same points. Does your answer change when z does?"""
    return np.exp(-gamma * (x[:, np.newaxis] - x) ** 2)


@mistake_of("rbf_kernel")
def point_by_point(x, z, gamma):
    """Print the shape of what you return. Is every point of x there with every point of z?"""
    return np.exp(-gamma * (x - z) ** 2)


@mistake_of("rbf_kernel")
def sums_for_differences(x, z, gamma):
    """What is the kernel between a point and itself in yours, when the point isn't 0?"""
    return np.exp(-gamma * (x[:, np.newaxis] + z) ** 2)


@mistake_of("rbf_kernel")
def mixed_term_once(x, z, gamma):
    """You have expanded the square. Do it once more with x = 3 and z = 2: do you get 1?"""
    return np.exp(-gamma * (x[:, np.newaxis] ** 2 - np.outer(x, z) + z**2))


@mistake_of("rbf_kernel")
def norm_of_all_differences(x, z, gamma):
    """Print the shape of what you return. Of how many numbers do you take the norm at once?"""
    return np.exp(-gamma * np.linalg.norm(x[:, np.newaxis] - z) ** 2)


@mistake_of("rbf_kernel")
def exponential_forgotten(x, z, gamma):
    """The entries should lie between 0 and 1. Which step is missing between the distances and the kernel?"""
    return -gamma * (x[:, np.newaxis] - z) ** 2


@mistake_of("rbf_kernel")
def upper_triangle(x, z, gamma):
    """A kernel matrix of one set of points is symmetric. What about two sets, and which entries do you never visit?"""
    K = np.zeros((len(x), len(z)))
    for i in range(len(x)):
        for j in range(i, len(z)):
            K[i, j] = np.exp(-gamma * (x[i] - z[j]) ** 2)
    return K


@mistake_of("rbf_kernel")
def rows_that_sum_to_one(x, z, gamma):
    """Add up a row of yours. Does the formula of the kernel know how many points z there are?"""
    K = np.exp(-gamma * (x[:, np.newaxis] - z) ** 2)
    return K / K.sum(axis=1, keepdims=True)


@mistake_of("rbf_kernel")
def squeezed(x, z, gamma):
    """Print the shape of what you return for a single point x, and for a single z. How many axes were asked for?"""
    return np.squeeze(np.exp(-gamma * (x[:, np.newaxis] - z) ** 2))


@mistake_of("rbf_kernel")
def turns_x_into_a_column(x, z, gamma):
    """The matrix is right. Print the shape of x before the call and after it."""
    x.shape = (len(x), 1)
    return np.exp(-gamma * (x - z) ** 2)


@mistake_of("rbf_kernel")
def tiny_entries_cut_off(x, z, gamma):
    """Two points that are far apart have a small kernel: is it 0? Compare the ratios of small entries."""
    K = np.exp(-gamma * (x[:, np.newaxis] - z) ** 2)
    return np.where(K < 1e-3, 0.0, K)


# ---- difference_matrix ----------------------------------------------------------------------------------------------


@mistake_of("difference_matrix")
def first_entry_kept(n):
    """Multiply your matrix with (1, 2, 4, 8). What is the first entry, and which difference is missing at the end?"""
    D = np.zeros((n, n - 1))
    for i in range(n):
        for j in range(n - 1):
            if i == j:
                D[i, j] = 1
            if i == j - 1:
                D[i, j] = -1
    return D.T


@mistake_of("difference_matrix")
def differences_along_the_rows(n):
    """Print the shape of yours for n = 3. How many rows were asked for, and how many columns?"""
    return np.diff(np.eye(n))


@mistake_of("difference_matrix")
def earlier_minus_later(n):
    """Multiply your matrix with numbers that rise, such as (1, 2, 4). Which sign should the differences have?"""
    return np.eye(n - 1, n) - np.eye(n - 1, n, k=1)


@mistake_of("difference_matrix")
def last_entry_kept(n):
    """How many differences do n numbers have? Multiply your matrix with (1, 2, 4) and look at the last entry."""
    return np.eye(n, k=1) - np.eye(n)


@mistake_of("difference_matrix")
def around_the_circle(n):
    """Your last row compares the last number with the first. Are these two neighbours?"""
    return np.roll(np.eye(n), 1, axis=1) - np.eye(n)


@mistake_of("difference_matrix")
def second_differences(n):
    """Multiply your matrix with (1, 2, 3, 4): each number is 1 more than the last. What comes out, and what should?"""
    return np.diff(np.eye(n), n=2, axis=0)


@mistake_of("difference_matrix")
def two_steps_apart(n):
    """Between which two entries lies the difference in your second row?"""
    D = np.zeros((n - 1, n))
    for i in range(n - 1):
        D[i, max(i - 1, 0)] = -1
        D[i, i + 1] = 1
    return D


@mistake_of("difference_matrix")
def differences_from_the_first(n):
    """Multiply your matrix with (1, 2, 4, 8). What do you subtract in the last row?"""
    D = np.eye(n - 1, n, k=1)
    D[:, 0] -= 1
    return D


@mistake_of("difference_matrix")
def next_entry_alone(n):
    """Multiply your matrix with numbers that are all the same. What should come out?"""
    return np.eye(n - 1, n, k=1)


@mistake_of("difference_matrix")
def square_without_the_last_column(n):
    """Does your matrix fit a vector of n numbers? Print its shape for n = 3."""
    return np.eye(n - 1, k=1) - np.eye(n - 1)


@mistake_of("difference_matrix")
def last_row_empty(n):
    """Look at the last row of yours. Where does range stop?"""
    D = np.zeros((n - 1, n))
    for i in range(n - 2):
        D[i, i] = -1
        D[i, i + 1] = 1
    return D


@mistake_of("difference_matrix")
def plus_one_on_both(n):
    """Multiply your matrix with numbers that are all the same. Is each entry a difference or a sum?"""
    return np.eye(n - 1, n) + np.eye(n - 1, n, k=1)


@mistake_of("difference_matrix")
def divided_by_the_step(n):
    """You divide by the distance of the points. Multiply with (1, 2, 4): are these their differences?"""
    return np.diff(np.eye(n), axis=0) * (n - 1)


@mistake_of("difference_matrix")
def slopes_of_numpy(n):
    """That is a slope at each point, from both of its neighbours. What was asked for, and for how many pairs?"""
    return np.gradient(np.eye(n), axis=0)


@mistake_of("difference_matrix")
def always_for_50(n):
    """Print the shape of yours for n = 4. In leave-one-out there is a point less: which n do you get then?"""
    return np.diff(np.eye(50), axis=0)


# ---- fit_least_squares ----------------------------------------------------------------------------------------------


@mistake_of("fit_least_squares")
def square_of_the_coefficients(K, y, lam):
    """You punish large coefficients. Which matrix stands between the two alphas of the penalty that is asked for?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.sum_squares(alpha))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def length_of_the_coefficients(K, y, lam):
    """Double all coefficients: how much larger does the penalty that is asked for become, and how much larger yours?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.norm(alpha))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def absolute_coefficients(K, y, lam):
    """You punish absolute values, as the Lasso does. Is there an absolute value in the penalty that is asked for?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.norm1(alpha))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def square_of_the_fitted_values(K, y, lam):
    """How many factors K stand in the penalty that is asked for, and how many in yours when you multiply it out?"""
    alpha = cp.Variable(len(y))
    values = K @ alpha
    cp.Problem(cp.Minimize(cp.sum_squares(y - values) + lam * cp.sum_squares(values))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def root_of_the_penalty(K, y, lam):
    """Multiply alpha by ten. Does your penalty grow as fast as a quadratic form does?"""
    alpha = cp.Variable(len(y))
    factor = np.linalg.cholesky(K + 1e-10 * np.eye(len(y)))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.norm(factor.T @ alpha))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def lam_squared(K, y, lam):
    """Try it with lam = 0.5 and with lam = 1. How many times does lam enter your penalty?"""
    alpha = cp.Variable(len(y))
    penalty = cp.quad_form(lam * alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def mean_of_the_squares(K, y, lam):
    """Write every point down twice. By how much should the loss grow, and by how much does yours?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y - K @ alpha) / len(y)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def half_of_the_squares(K, y, lam):
    """A factor in front of everything changes nothing. In front of what does your one half stand?"""
    alpha = cp.Variable(len(y))
    loss = 0.5 * cp.sum_squares(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def norm_not_squared(K, y, lam):
    """Take the residuals 3 and 4. What is the sum of their squares, and what does cp.norm give?"""
    alpha = cp.Variable(len(y))
    loss = cp.norm(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def fit_without_penalty(K, y, lam):
    """Call it with two different lam. Should the two answers be the same, and are yours?"""
    return np.linalg.lstsq(K, y, rcond=None)[0]


@mistake_of("fit_least_squares")
def lam_of_my_own(K, y, lam):
    """Your penalty has a weight of its own. What becomes of the one that the caller hands over?"""
    weight = 0.1
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + weight * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def observations_centred(K, y, lam):
    """Add 5 to all observations. Your answer stays as it is: should it?"""
    return np.linalg.solve(K + lam * np.eye(len(y)), y - np.mean(y))


@mistake_of("fit_least_squares")
def kernel_with_a_heavy_diagonal(K, y, lam):
    """Something small on the diagonal helps the solver. How small is yours, next to lam?"""
    K = K + 0.1 * np.eye(len(y))
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def kernel_mended_in_place(K, y, lam):
    """The coefficients are fine. Look at the caller's K before and after: what has your first line done to it?"""
    K += 1e-8 * np.eye(len(y))
    return np.linalg.solve(K + lam * np.eye(len(y)), y)


@mistake_of("fit_least_squares")
def observations_as_a_column(K, y, lam):
    """Print the shape of your residuals. How many numbers are there for n points, and which pairs do they compare?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y.reshape(-1, 1) - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def all_fitted_values_in_one(K, y, lam):
    """Each observation has a fitted value of its own. With what do you compare y_1, and with what y_2?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y - cp.sum(K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def numpy_sum_of_an_expression(K, y, lam):
    """What you sum is an expression of cvxpy's, which numpy can't add up. And does the loss ask for that sum at all?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y - np.sum(K * alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def plain_quadratic_form(K, y, lam):
    """Try it on the kernel matrix of 50 points. Why does cvxpy doubt that this is convex, and how can you tell it?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, K))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def sum_by_its_old_name(K, y, lam):
    """This function of cvxpy's had its name before version 1.0. What is a sum called today?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum_entries(cp.square(y - K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def fifty_coefficients_always(K, y, lam):
    """Leave one point out. How many coefficients are there then, and how many has your variable?"""
    alpha = cp.Variable(50)
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def coefficients_not_negative(K, y, lam):
    """Which signs may the coefficients have? See what your variable allows, and try observations below 0."""
    alpha = cp.Variable(len(y), nonneg=True)
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_least_squares")
def fitted_values_handed_back(K, y, lam):
    """You found the coefficients and went one step on. Which of the two does the question ask for?"""
    return K @ np.linalg.solve(K + lam * np.eye(len(y)), y)


@mistake_of("fit_least_squares")
def value_of_the_problem(K, y, lam):
    """What does solve() return: the least value, or the place where it is reached?"""
    alpha = cp.Variable(len(y))
    return cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()


@mistake_of("fit_least_squares")
def variable_without_its_value(K, y, lam):
    """You return the unknown of the problem. Where does cvxpy keep the numbers that it found for it?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha


@mistake_of("fit_least_squares")
def fifty_steps_downhill(K, y, lam):
    """Each step of yours goes down. What would the next fifty change, and how do you know when to stop?"""
    largest = np.linalg.eigvalsh(K)[-1]
    step = 1 / (2 * (largest**2 + lam * largest) + 1e-12)
    alpha = np.zeros(len(y))
    for _ in range(50):
        alpha = alpha - step * 2 * K @ (K @ alpha - y + lam * alpha)
    return alpha


# ---- predict --------------------------------------------------------------------------------------------------------


@mistake_of("predict")
def coefficients_not_used(alpha, x_train, x, gamma):
    """Double every coefficient: the fitted function should double, too. Does yours?"""
    return rbf_kernel(x, x_train, gamma).sum(axis=1)


@mistake_of("predict")
def kernel_the_other_way_round(alpha, x_train, x, gamma):
    """Write the shape of the kernel matrix beside that of alpha, for 5 training points and 3 others: do they fit?"""
    return rbf_kernel(x_train, x, gamma) @ alpha


@mistake_of("predict")
def kernel_among_the_training_points(alpha, x_train, x, gamma):
    """Right at the training points. How many values do you return for 3 new points, and where is x in yours?"""
    return rbf_kernel(x_train, x_train, gamma) @ alpha


@mistake_of("predict")
def gamma_of_one(alpha, x_train, x, gamma):
    """Try a larger gamma: the bumps should get narrower. Does your answer change?"""
    return rbf_kernel(x, x_train, 1.0) @ alpha


@mistake_of("predict")
def gamma_that_was_chosen(alpha, x_train, x, gamma):
    """Your function looks up its gamma. Which gamma was it given?"""
    return rbf_kernel(x, x_train, chosen_least_squares["gamma"]) @ alpha


@mistake_of("predict")
def weights_that_sum_to_one(alpha, x_train, x, gamma):
    """Far from all training points the fitted function goes to 0. What do you divide by, and where is that in the
    formula?"""
    K = rbf_kernel(x, x_train, gamma)
    return K @ alpha / K.sum(axis=1)


@mistake_of("predict")
def largest_bump_only(alpha, x_train, x, gamma):
    """Right where the bumps are narrow. How many training points have a say about each new point?"""
    K = rbf_kernel(x, x_train, gamma)
    nearest = K.argmax(axis=1)
    return alpha[nearest] * K[np.arange(len(x)), nearest]


@mistake_of("predict")
def fitted_values_joined(alpha, x_train, x, gamma):
    """Right at the training points. Between two of them, is the fitted function a straight line?"""
    order = np.argsort(x_train)
    fitted = rbf_kernel(x_train, x_train, gamma) @ alpha
    return np.interp(x, x_train[order], fitted[order])


@mistake_of("predict")
def coefficients_joined(alpha, x_train, x, gamma):
    """A coefficient is the height of a bump. Is it a value of the fitted function?"""
    order = np.argsort(x_train)
    return np.interp(x, x_train[order], alpha[order])


@mistake_of("predict")
def terms_not_added_up(alpha, x_train, x, gamma):
    """There is a number for each pair of points in yours. What does the formula do with them?"""
    return rbf_kernel(x, x_train, gamma) * alpha


@mistake_of("predict")
def one_sum_for_all(alpha, x_train, x, gamma):
    """How many values do you return for 3 new points? Over which of the points does the sum run?"""
    return np.sum(rbf_kernel(x, x_train, gamma) * alpha)


@mistake_of("predict")
def first_point_only(alpha, x_train, x, gamma):
    """In leave-one-out there is one point to predict. How many values do you return when there are 3?"""
    return rbf_kernel(x[:1], x_train, gamma) @ alpha


@mistake_of("predict")
def new_points_sorted(alpha, x_train, x, gamma):
    """Try new points that fall. Does each value of yours belong to the point at its place?"""
    return rbf_kernel(np.sort(x), x_train, gamma) @ alpha


@mistake_of("predict")
def training_points_sorted(alpha, x_train, x, gamma):
    """Try training points that fall. Does each coefficient of yours still meet its own point?"""
    return rbf_kernel(x, np.sort(x_train), gamma) @ alpha


@mistake_of("predict")
def never_below_zero(alpha, x_train, x, gamma):
    """Negate every coefficient: the fitted function should be negated, too. Is yours?"""
    return np.maximum(rbf_kernel(x, x_train, gamma) @ alpha, 0.0)


# ---- leave_one_out --------------------------------------------------------------------------------------------------


@mistake_of("leave_one_out")
def column_of_the_next_point(fit, x, y, gamma, *lams):
    """Your kernel matrix has lost a row and a column. Which point does its column i belong to now?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        K = rbf_kernel(rest, rest, gamma)
        alpha = fit(K, np.delete(y, i), *lams)
        errors[i] = (y[i] - K[:, min(i, len(rest) - 1)] @ alpha) ** 2
    return errors


@mistake_of("leave_one_out")
def column_of_the_point_before(fit, x, y, gamma, *lams):
    """You predict with a column of the matrix that you fitted on. Is the point that you left out in there?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        K = rbf_kernel(rest, rest, gamma)
        alpha = fit(K, np.delete(y, i), *lams)
        errors[i] = (y[i] - K[i - 1] @ alpha) ** 2
    return errors


@mistake_of("leave_one_out")
def last_point_never_left_out(fit, x, y, gamma, *lams):
    """How many errors do you return for 5 points? Where does range stop?"""
    errors = []
    for i in range(len(y) - 1):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors.append((y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2)
    return np.array(errors)


@mistake_of("leave_one_out")
def last_error_left_at_zero(fit, x, y, gamma, *lams):
    """Look at the last of your errors. Which value would it have if it had never been computed?"""
    errors = np.zeros(len(y))
    for i in range(len(y) - 1):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def mean_of_the_errors(fit, x, y, gamma, *lams):
    """That is what a choice is judged by. How many numbers should this function return?"""
    total = 0.0
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        total += (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return total / len(y)


@mistake_of("leave_one_out")
def residuals_with_their_sign(fit, x, y, gamma, *lams):
    """Some of your errors are negative, and in a mean they would cancel. Which step is missing?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors[i] = y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]
    return errors


@mistake_of("leave_one_out")
def absolute_errors(fit, x, y, gamma, *lams):
    """Work out one error by hand. How do you measure how far a prediction is off, and how was it asked for?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors[i] = abs(y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0])
    return errors


@mistake_of("leave_one_out")
def trained_on_all_points(fit, x, y, gamma, *lams):
    """Your errors are smaller than they should be. Which observations did the fit see before it was asked for y_i?"""
    alpha = fit(rbf_kernel(x, x, gamma), y, *lams)
    return (y - predict(alpha, x, x, gamma)) ** 2


@mistake_of("leave_one_out")
def coefficient_left_out(fit, x, y, gamma, *lams):
    """How often do you fit? Which observations had a say in the coefficients that you keep?"""
    alpha = fit(rbf_kernel(x, x, gamma), y, *lams)
    errors = np.empty(len(y))
    for i in range(len(y)):
        prediction = predict(np.delete(alpha, i), np.delete(x, i), x[i : i + 1], gamma)[0]
        errors[i] = (y[i] - prediction) ** 2
    return errors


@mistake_of("leave_one_out")
def observation_set_to_zero(fit, x, y, gamma, *lams):
    """Is an observation of 0 the same as no observation? Print the length of what you fit on."""
    errors = np.empty(len(y))
    K = rbf_kernel(x, x, gamma)
    for i in range(len(y)):
        hidden = y.copy()
        hidden[i] = 0.0
        errors[i] = (y[i] - K[i] @ fit(K, hidden, *lams)) ** 2
    return errors


@mistake_of("leave_one_out")
def row_and_column_set_to_zero(fit, x, y, gamma, *lams):
    """Right for least squares. What does a fit that looks at the steps between neighbours see at your point i?"""
    errors = np.empty(len(y))
    K = rbf_kernel(x, x, gamma)
    for i in range(len(y)):
        emptied, hidden = K.copy(), y.copy()
        emptied[i, :] = emptied[:, i] = hidden[i] = 0.0
        alpha = fit(emptied, hidden, *lams)
        alpha[i] = 0.0
        errors[i] = (y[i] - K[i] @ alpha) ** 2
    return errors


@mistake_of("leave_one_out")
def rows_deleted_alone(fit, x, y, gamma, *lams):
    """Print the shape of the matrix that you fit on. What is a kernel matrix's shape?"""
    errors = np.empty(len(y))
    K = rbf_kernel(x, x, gamma)
    for i in range(len(y)):
        alpha = fit(np.delete(K, i, axis=0), np.delete(y, i), *lams)
        errors[i] = (y[i] - K[i] @ alpha) ** 2
    return errors


@mistake_of("leave_one_out")
def observation_kept(fit, x, y, gamma, *lams):
    """How many rows has your kernel matrix, and how many entries the observations that you pass beside it?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), y, *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def penalties_as_one_tuple(fit, x, y, gamma, *lams):
    """What is lams inside your function? Which arguments should fit get after K and y?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def first_penalty_only(fit, x, y, gamma, *lams):
    """Which of the four fits takes more than one penalty, and what do you pass to it?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), lams[0])
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def penalties_swapped(fit, x, y, gamma, *lams):
    """Right where there is one penalty. In which order should fit get two of them?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams[::-1])
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def gamma_passed_to_the_fit(fit, x, y, gamma, *lams):
    """What does fit take after K and y? Which of your arguments doesn't belong there?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), gamma, *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def predicted_with_another_gamma(fit, x, y, gamma, *lams):
    """You compute kernels in two places. Which gamma does each of them use?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], 1.0)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def fitted_with_another_gamma(fit, x, y, gamma, *lams):
    """Two kernels are computed in your function. Does the matrix of the fit change when gamma does?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, 1.0), np.delete(y, i), *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def predicted_at_the_neighbour(fit, x, y, gamma, *lams):
    """At which point do you predict, and which observation do you compare with?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        neighbour = x[i - 1 : i] if i else x[1:2]
        errors[i] = (y[i] - predict(alpha, rest, neighbour, gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def two_points_left_out(fit, x, y, gamma, *lams):
    """Print how many points you fit on, for each i. How many should it be?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, slice(i, i + 2))
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, slice(i, i + 2)), *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def earlier_points_alone(fit, x, y, gamma, *lams):
    """Which points do you fit on when i = 1? Which of the others could have helped?"""
    errors = np.empty(len(y))
    errors[0] = y[0] ** 2
    for i in range(1, len(y)):
        alpha = fit(rbf_kernel(x[:i], x[:i], gamma), y[:i], *lams)
        errors[i] = (y[i] - predict(alpha, x[:i], x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def errors_of_the_remaining_points(fit, x, y, gamma, *lams):
    """Each of your errors is a mean. At which points do you predict, and had the fit seen them?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest, observed = np.delete(x, i), np.delete(y, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), observed, *lams)
        errors[i] = np.mean((observed - predict(alpha, rest, rest, gamma)) ** 2)
    return errors


@mistake_of("leave_one_out")
def errors_at_all_points(fit, x, y, gamma, *lams):
    """Which part of your mean is about the point that was left out? The others were seen by the fit."""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors[i] = np.mean((y - predict(alpha, rest, x, gamma)) ** 2)
    return errors


@mistake_of("leave_one_out")
def neighbours_in_another_order(fit, x, y, gamma, *lams):
    """Right for fits that don't look at neighbours. Print the points that you fit on for i = 2: in which order are
    they?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        points, observed = np.roll(x, -i), np.roll(y, -i)
        alpha = fit(rbf_kernel(points[1:], points[1:], gamma), observed[1:], *lams)
        errors[i] = (observed[0] - predict(alpha, points[1:], points[:1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def equal_observations_left_out(fit, x, y, gamma, *lams):
    """Try observations of which two are the same. How many points do you fit on then?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = y != y[i]
        alpha = fit(rbf_kernel(x[rest], x[rest], gamma), y[rest], *lams)
        errors[i] = (y[i] - predict(alpha, x[rest], x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def always_least_squares(fit, x, y, gamma, *lams):
    """Pass two different fits: do your errors change? Whose coefficients do you predict with?"""
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = np.linalg.solve(rbf_kernel(rest, rest, gamma) + lams[-1] * np.eye(len(rest)), np.delete(y, i))
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def errors_over_the_observations(fit, x, y, gamma, *lams):
    """Print y before the call and after it. Into which array do you write your errors?"""
    errors = y
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i), *lams)
        errors[i] = (y[i] - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


@mistake_of("leave_one_out")
def differences_from_the_mean(fit, x, y, gamma, *lams):
    """You shift the observations by a number before the fit. Which observations is that number made from?"""
    mean = y.mean()
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.delete(x, i)
        alpha = fit(rbf_kernel(rest, rest, gamma), np.delete(y, i) - mean, *lams)
        errors[i] = (y[i] - mean - predict(alpha, rest, x[i : i + 1], gamma)[0]) ** 2
    return errors


# ---- chosen_least_squares -------------------------------------------------------------------------------------------


@mistake_of("chosen_least_squares")
def least_squares_at_gamma_one():
    """The outlier costs much at any choice, which makes this one look better than it is. Which gammas did you try?"""
    return {"gamma": 1.0, "lam": 1e-5}


@mistake_of("chosen_least_squares")
def least_squares_on_whole_decades():
    """One value for each power of ten is a wide mesh. What lies between your best one and its neighbours?"""
    return {"gamma": 100.0, "lam": 0.1}


@mistake_of("chosen_least_squares")
def least_squares_with_no_search():
    """These look like values to start from. What does your leave-one-out error say about its neighbours?"""
    return {"gamma": 1.0, "lam": 1.0}


@mistake_of("chosen_least_squares")
def least_squares_penalised_too_much():
    """Plot the fit at your choice: does it reach the data? Which smaller penalties have you tried?"""
    return {"gamma": 31.6, "lam": 1.0}


@mistake_of("chosen_least_squares")
def least_squares_hardly_penalised():
    """Plot the fit at your choice between the points. What holds it back where there are no data?"""
    return {"gamma": 31.6, "lam": 1e-9}


@mistake_of("chosen_least_squares")
def least_squares_best_on_its_training_points():
    """At this choice the curve runs through nearly every point, the outlier too. On which points did you measure it?"""
    return {"gamma": 1000.0, "lam": 1e-5}


@mistake_of("chosen_least_squares")
def least_squares_at_the_monotone_choice():
    """Another fit is at its best here. On which fit did you run leave-one-out?"""
    return {"gamma": 200.0, "lam": 0.0004}


@mistake_of("chosen_least_squares")
def least_squares_on_a_scale_of_logarithms():
    """A penalty below 0 would reward large coefficients. Are these your values, or their logarithms?"""
    return {"gamma": 1.5, "lam": -2.5}


@mistake_of("chosen_least_squares")
def least_squares_by_positions():
    """argmin tells you where the least error stands in your grid. Which values of gamma and lam stand there?"""
    return {"gamma": 4, "lam": 3}


@mistake_of("chosen_least_squares")
def least_squares_exchanged():
    """A penalty of tens and a kernel that is as good as constant: are the two the right way round?"""
    return {"gamma": 0.003, "lam": 31.6}


@mistake_of("chosen_least_squares")
def least_squares_by_bandwidth():
    """You give the width of the kernel. Look at where gamma stands in the kernel of this notebook: is it a width?"""
    return {"gamma": 0.126, "lam": 0.003}


@mistake_of("chosen_least_squares")
def least_squares_under_other_names():
    """The values may be fine. Under which keys will the grader look for them?"""
    return {"gamma": 31.6, "lambda": 0.003}


@mistake_of("chosen_least_squares")
def least_squares_as_a_pair():
    """Two numbers in a row don't say which is which. What kind of value does the question ask for?"""
    return (31.6, 0.003)


@mistake_of("chosen_least_squares")
def least_squares_as_whole_grids():
    """These are the values that you tried. Which one of each did you choose?"""
    return {"gamma": [1.0, 10.0, 31.6, 100.0], "lam": [0.0001, 0.001, 0.01, 0.1]}


@mistake_of("chosen_least_squares")
def least_squares_without_lam():
    """You chose how narrow the kernel is. What else does the fit have to be told?"""
    return {"gamma": 31.6}


@mistake_of("chosen_least_squares")
def least_squares_as_text():
    """A number in quotation marks is a text. What does Python make of its half?"""
    return {"gamma": "31.6", "lam": "0.003"}


# ---- plot_least_squares ---------------------------------------------------------------------------------------------


def _data_and_truth():
    """Axes with two of the three things that belong in the figure."""
    x, y, f = staircase.load()
    _, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, "--", label="true f")
    ax.set(xlabel="x", ylabel="y")
    return ax


def _with_curve(along, curve):
    """The figure with this curve as the third."""
    ax = _data_and_truth()
    ax.plot(along, curve, label="fitted f")
    ax.legend()
    return ax.figure


def _curve(fit, gamma, *lams):
    """A fit to the data at these hyper-parameters: a fine grid, and the fitted function on it."""
    x, y, _ = staircase.load()
    grid = np.linspace(0, 1, 501)
    return grid, predict(fit(rbf_kernel(x, x, gamma), y, *lams), x, grid, gamma)


@mistake_of("plot_least_squares")
def kernel_of_gamma_one():
    """Your curve is smoother than it should be. Which gamma do you draw, and which one have you chosen?"""
    return _with_curve(*_curve(fit_least_squares, 1.0, chosen_least_squares["lam"]))


@mistake_of("plot_least_squares")
def penalty_of_one():
    """Your curve stays away from the data. Which penalty do you draw, and which one have you chosen?"""
    return _with_curve(*_curve(fit_least_squares, chosen_least_squares["gamma"], 1.0))


@mistake_of("plot_least_squares")
def another_gamma_between_the_points():
    """The kernel is computed twice: for the fit and for the curve. Is it the same kernel?"""
    x, y, _ = staircase.load()
    alpha = fit_least_squares(rbf_kernel(x, x, chosen_least_squares["gamma"]), y, chosen_least_squares["lam"])
    grid = np.linspace(0, 1, 501)
    return _with_curve(grid, predict(alpha, x, grid, 1.0))


@mistake_of("plot_least_squares")
def curve_of_the_huber_fit():
    """Look at the outlier's neighbours: does your curve give way to it? Which loss has yours?"""
    return _with_curve(*_curve(fit_huber, *chosen_least_squares.values()))


@mistake_of("plot_least_squares")
def fitted_without_the_outlier():
    """Your curve is better than least squares can be here. Which observations was it fitted to?"""
    x, y, _ = staircase.load()
    x, y = np.delete(x, 24), np.delete(y, 24)
    gamma, lam = chosen_least_squares.values()
    grid = np.linspace(0, 1, 501)
    return _with_curve(grid, predict(fit_least_squares(rbf_kernel(x, x, gamma), y, lam), x, grid, gamma))


@mistake_of("plot_least_squares")
def joined_at_the_data():
    """Zoom in on your curve: between two points it is a straight line. Where else can you evaluate the fit?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_least_squares.values()
    K = rbf_kernel(x, x, gamma)
    return _with_curve(x, K @ fit_least_squares(K, y, lam))


@mistake_of("plot_least_squares")
def curve_through_random_points():
    """Your line runs back and forth. In which order do you draw its points?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_least_squares.values()
    grid = np.random.default_rng(0).random(501)
    alpha = fit_least_squares(rbf_kernel(x, x, gamma), y, lam)
    return _with_curve(grid, predict(alpha, x, grid, gamma))


@mistake_of("plot_least_squares")
def curve_over_the_first_half():
    """How far do the data reach, and how far does your curve?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_least_squares.values()
    grid = np.linspace(0, 0.5, 501)
    alpha = fit_least_squares(rbf_kernel(x, x, gamma), y, lam)
    return _with_curve(grid, predict(alpha, x, grid, gamma))


@mistake_of("plot_least_squares")
def coefficients_drawn():
    """Your third line is far above and below the data. Are the coefficients the fitted values?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_least_squares.values()
    return _with_curve(x, fit_least_squares(rbf_kernel(x, x, gamma), y, lam))


@mistake_of("plot_least_squares")
def residuals_drawn():
    """Your third line is near 0 everywhere. What do you draw: the fit, or what it leaves?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_least_squares.values()
    K = rbf_kernel(x, x, gamma)
    return _with_curve(x, y - K @ fit_least_squares(K, y, lam))


@mistake_of("plot_least_squares")
def data_of_its_own():
    """Every student's data are the same here. Where do yours come from?"""
    x, y, f = make_data(np.random.default_rng(0))
    gamma, lam = chosen_least_squares.values()
    grid = np.linspace(0, 1, 501)
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, "--", label="true f")
    ax.plot(grid, predict(fit_least_squares(rbf_kernel(x, x, gamma), y, lam), x, grid, gamma), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_least_squares")
def data_missing():
    """Three things should be in the figure. What was the curve fitted to?"""
    x, _, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_least_squares, *chosen_least_squares.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_least_squares")
def truth_missing():
    """Three things should be in the figure. How could a reader see here how good the fit is?"""
    x, y, _ = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(*_curve(fit_least_squares, *chosen_least_squares.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_least_squares")
def fit_missing():
    """Three things should be in the figure. Which of them took all the work so far?"""
    ax = _data_and_truth()
    ax.legend()
    return ax.figure


@mistake_of("plot_least_squares")
def sideways():
    """Turn your head: which of the two axes is x?"""
    x, y, f = staircase.load()
    grid, curve = _curve(fit_least_squares, *chosen_least_squares.values())
    fig, ax = plt.subplots()
    ax.plot(y, x, "o", label="data")
    ax.plot(f, x, "--", label="true f")
    ax.plot(curve, grid, label="fitted f")
    ax.set(xlabel="y", ylabel="x")
    ax.legend()
    return fig


@mistake_of("plot_least_squares")
def against_the_number_of_the_point():
    """Look at the numbers below the figure. Where should x = 1 be?"""
    _, y, f = staircase.load()
    _, curve = _curve(fit_least_squares, *chosen_least_squares.values())
    fig, ax = plt.subplots()
    ax.plot(y, "o", label="data")
    ax.plot(f, "--", label="true f")
    ax.plot(curve, label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_least_squares")
def figure_without_anything():
    """You return a figure. Has anything been drawn on it, or on another one?"""
    _with_curve(*_curve(fit_least_squares, *chosen_least_squares.values()))
    return plt.figure()


@mistake_of("plot_least_squares")
def axes_without_names():
    """The three graphs are right. What would somebody need who sees this figure for the first time?"""
    x, y, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_least_squares, *chosen_least_squares.values()), label="fitted f")
    ax.set_title("Least squares")
    ax.legend()
    return fig


@mistake_of("plot_least_squares")
def labels_without_a_legend():
    """Each of your graphs has a label. Can a reader of the figure see them?"""
    ax = _data_and_truth()
    ax.plot(*_curve(fit_least_squares, *chosen_least_squares.values()), label="fitted f")
    return ax.figure


@mistake_of("plot_least_squares")
def nothing_returned():
    """Your figure is drawn. What does the function give back to its caller?"""
    _with_curve(*_curve(fit_least_squares, *chosen_least_squares.values()))


# ---- fit_huber ------------------------------------------------------------------------------------------------------


@mistake_of("fit_huber")
def huber_beyond_two(K, y, lam):
    """Up to which residual is your loss a square? Look at the second argument of cp.huber."""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - K @ alpha, 2))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_beyond_a_textbook_threshold(K, y, lam):
    """Your threshold is a good one for some other problem. Where does the homework's loss change from one branch to the
    other?
    """
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - K @ alpha, 1.345))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def half_of_the_huber_loss(K, y, lam):
    """There are two conventions for this loss. What is the loss of a residual of 1 in yours, and in the homework's?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - K @ alpha)) / 2
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_with_all_fitted_values_in_one(K, y, lam):
    """Print the shape of what you take from y. Does each point get its own fitted value?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - cp.sum(K @ alpha)))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_of_the_summed_residual(K, y, lam):
    """One large residual up and one down: what is their sum, and what should their loss be?"""
    alpha = cp.Variable(len(y))
    loss = cp.huber(cp.sum(y - K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_of_the_squares(K, y, lam):
    """Take a residual of 10. What do you hand to cp.huber, and what comes out: 19?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(cp.square(y - K @ alpha)))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_of_the_norm(K, y, lam):
    """Is one number for all residuals small or large, or is each residual small or large by itself?"""
    alpha = cp.Variable(len(y))
    loss = cp.huber(cp.norm(y - K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def absolute_loss(K, y, lam):
    """Your loss treats large residuals well. What does it do near 0, where a square is asked for?"""
    alpha = cp.Variable(len(y))
    loss = cp.norm1(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def twice_the_absolute_loss(K, y, lam):
    """The slope is right for a residual of 5. What is it for one of 0.1?"""
    alpha = cp.Variable(len(y))
    loss = 2 * cp.norm1(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def squared_loss_still(K, y, lam):
    """Move the outlier ten times as far away. Your fit follows it: which loss do you minimise?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def smaller_of_the_two_branches(K, y, lam):
    """The smaller of two convex functions is rarely convex, and cvxpy can't tell. What does it offer instead?"""
    alpha = cp.Variable(len(y))
    z = y - K @ alpha
    loss = cp.sum(cp.minimum(cp.square(z), 2 * cp.abs(z) - 1))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def smooth_relative_of_huber(K, y, lam):
    """Yours looks like the loss that is asked for, from far away. What does it give for a residual of exactly 1?"""
    alpha = cp.Variable(len(y))
    loss = 2 * cp.sum(cp.norm(cp.vstack([y - K @ alpha, np.ones(len(y))]), axis=0) - 1)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def observations_clipped_once(K, y, lam):
    """You pull far observations to the first fit and fit again. Are the residuals of the new fit still the old ones?"""
    n = len(y)
    values = K @ np.linalg.solve(K + lam * np.eye(n), y)
    return np.linalg.solve(K + lam * np.eye(n), values + np.clip(y - values, -1, 1))


@mistake_of("fit_huber")
def weights_found_once(K, y, lam):
    """The weights belong to the residuals of your first fit. What are the residuals of the second one?"""
    n = len(y)
    residuals = y - K @ np.linalg.solve(K + lam * np.eye(n), y)
    weights = 1 / np.maximum(1, np.abs(residuals))
    return np.linalg.solve(weights[:, None] * K + lam * np.eye(n), weights * y)


@mistake_of("fit_huber")
def far_points_thrown_away(K, y, lam):
    """A point that lies far away counts less in this loss. Does it count for nothing, as in yours?"""
    n = len(y)
    residuals = y - K @ np.linalg.solve(K + lam * np.eye(n), y)
    near = np.abs(residuals) <= 1
    alpha = np.zeros(n)
    alpha[near] = np.linalg.solve(K[np.ix_(near, near)] + lam * np.eye(near.sum()), y[near])
    return alpha


@mistake_of("fit_huber")
def huber_for_the_coefficients(K, y, lam):
    """Which part of the objective is about outliers: the distance to the data, or the size of the coefficients?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum(cp.huber(y - K @ alpha)) + lam * cp.sum(cp.huber(alpha)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_with_plain_ridge(K, y, lam):
    """The loss is right. Which matrix belongs between the two alphas of the penalty?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum(cp.huber(y - K @ alpha)) + lam * cp.sum_squares(alpha))).solve()
    return alpha.value


@mistake_of("fit_huber")
def mean_of_the_huber_losses(K, y, lam):
    """Is the loss a sum over the points or their mean? With a penalty beside it that makes a difference."""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - K @ alpha)) / len(y)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_without_penalty(K, y, lam):
    """Call it with a tiny and with a huge lam. Which part of yours should notice?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum(cp.huber(y - K @ alpha)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_losses_not_added_up(K, y, lam):
    """cp.huber gives one number for each point. How many numbers can be minimised at once?"""
    alpha = cp.Variable(len(y))
    loss = cp.huber(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_against_a_column(K, y, lam):
    """Print the shape of your residuals: is it (n,)? What does a column less a row become?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y[:, None] - K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_summed_by_an_old_name(K, y, lam):
    """cvxpy has renamed the function that adds up. What is it called today?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum_entries(cp.huber(y - K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_huber")
def huber_with_a_plain_quadratic_form(K, y, lam):
    """It works for a few points. What does cvxpy say of the kernel matrix of 50 points, and what can you promise it?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum(cp.huber(y - K @ alpha)) + lam * cp.quad_form(alpha, K))).solve()
    return alpha.value


@mistake_of("fit_huber")
def fitted_values_of_huber(K, y, lam):
    """Whoever calls you will multiply your answer by K. What do they get then?"""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - K @ alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return K @ alpha.value


@mistake_of("fit_huber")
def huber_stopped_early(K, y, lam):
    """The solver was told to stop soon. How far is it from the end by then, and does it say so?"""
    d, U = np.linalg.eigh(K)
    factor = U * np.sqrt(np.maximum(d, 0))

    def objective(beta):
        z = np.abs(y - factor @ beta)
        return np.sum(np.where(z <= 1, z**2, 2 * z - 1)) + lam * beta @ beta

    beta = optimize.minimize(objective, np.zeros(len(y)), options={"maxiter": 5}).x
    return np.linalg.pinv(factor.T) @ beta


# ---- chosen_huber ---------------------------------------------------------------------------------------------------


@mistake_of("chosen_huber")
def huber_at_gamma_one():
    """A kernel as wide as all the data can't follow a staircase. Which larger gammas does your grid hold?"""
    return {"gamma": 1.0, "lam": 1e-5}


@mistake_of("chosen_huber")
def huber_in_one_row_of_the_grid():
    """You kept one of the two fixed while you searched for the other. Where does the other row of your grid lead?"""
    return {"gamma": 50.0, "lam": 1e-5}


@mistake_of("chosen_huber")
def huber_with_no_search():
    """These look like values to start from. Where does your surface of errors go down from here?"""
    return {"gamma": 1.0, "lam": 1.0}


@mistake_of("chosen_huber")
def huber_penalised_too_much():
    """Each point pulls with a limited force here, so the penalty wins sooner. Which smaller ones have you tried?"""
    return {"gamma": 25.0, "lam": 1.0}


@mistake_of("chosen_huber")
def huber_hardly_penalised():
    """Plot the fit at your choice between the points. Which smoother fits would the data allow, too?"""
    return {"gamma": 25.0, "lam": 1e-9}


@mistake_of("chosen_huber")
def huber_best_on_its_training_points():
    """At this choice nearly every residual is 0. Is an error that you measure on the training points of use here?"""
    return {"gamma": 1000.0, "lam": 1e-5}


@mistake_of("chosen_huber")
def huber_at_a_choice_for_least_squares():
    """Least squares can live with this penalty. Did you search again after you had changed the loss?"""
    return {"gamma": 81.42, "lam": 0.13}


@mistake_of("chosen_huber")
def huber_at_the_monotone_choice():
    """For a fit with a constraint this kernel is not too narrow. Does yours have one?"""
    return {"gamma": 200.0, "lam": 0.0004}


@mistake_of("chosen_huber")
def huber_on_a_scale_of_logarithms():
    """Below 0 lam would be a reward. Did you forget to raise 10 to the power that you found?"""
    return {"gamma": 1.4, "lam": -5.0}


@mistake_of("chosen_huber")
def huber_by_positions():
    """Are these values from your grid, or the row and the column where the least error stands?"""
    return {"gamma": 4, "lam": 0}


@mistake_of("chosen_huber")
def huber_exchanged():
    """Which of the two numbers is the kernel's and which the penalty's? Check the order in which you unpacked them."""
    return {"gamma": 1e-5, "lam": 25.0}


@mistake_of("chosen_huber")
def huber_by_the_inverse_of_gamma():
    """Does a large gamma make the kernel wide or narrow here? Compare your number with that."""
    return {"gamma": 0.04, "lam": 1e-5}


@mistake_of("chosen_huber")
def huber_under_other_names():
    """Compare your keys with those of the question, letter by letter."""
    return {"gamma": 25.0, "lambda": 1e-5}


@mistake_of("chosen_huber")
def huber_as_a_list():
    """How does a reader of your list know which number is gamma?"""
    return [25.0, 1e-5]


@mistake_of("chosen_huber")
def huber_with_its_error():
    """You give the least error. Which choice led to it?"""
    return 13.55


# ---- plot_huber -----------------------------------------------------------------------------------------------------


@mistake_of("plot_huber")
def curve_of_least_squares():
    """Look at the outlier's neighbours: your curve gives way to it. Which fit have you drawn?"""
    return _with_curve(*_curve(fit_least_squares, *chosen_huber.values()))


@mistake_of("plot_huber")
def choice_of_least_squares():
    """Each fit has its own choice. Whose hyper-parameters do you draw here?"""
    return _with_curve(*_curve(fit_huber, *chosen_least_squares.values()))


@mistake_of("plot_huber")
def figure_of_least_squares():
    """Lay this figure beside the last one. What has changed?"""
    return _with_curve(*_curve(fit_least_squares, *chosen_least_squares.values()))


@mistake_of("plot_huber")
def huber_penalty_of_one():
    """Your curve stays away from the data. Which penalty do you draw, and which one have you chosen?"""
    return _with_curve(*_curve(fit_huber, chosen_huber["gamma"], 1.0))


@mistake_of("plot_huber")
def huber_kernel_of_gamma_one():
    """Your curve is smoother than it should be. Which gamma do you draw, and which one have you chosen?"""
    return _with_curve(*_curve(fit_huber, 1.0, chosen_huber["lam"]))


@mistake_of("plot_huber")
def huber_joined_at_the_data():
    """Zoom in on your curve: between two points it is a straight line. Where else can you evaluate the fit?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_huber.values()
    K = rbf_kernel(x, x, gamma)
    return _with_curve(x, K @ fit_huber(K, y, lam))


@mistake_of("plot_huber")
def outlier_hidden():
    """Count the points in your figure. The loss deals with the outlier: may the picture leave it out?"""
    x, y, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(np.delete(x, 24), np.delete(y, 24), "o", label="data")
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_huber, *chosen_huber.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_huber")
def huber_losses_drawn():
    """Your third line is the loss of each point. What is to be compared with the data and the true f?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_huber.values()
    K = rbf_kernel(x, x, gamma)
    size = np.abs(y - K @ fit_huber(K, y, lam))
    return _with_curve(x, np.where(size <= 1, size**2, 2 * size - 1))


@mistake_of("plot_huber")
def huber_data_missing():
    """Three things should be in the figure. What was the curve fitted to?"""
    x, _, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_huber, *chosen_huber.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_huber")
def huber_truth_missing():
    """Three things should be in the figure. How could a reader see here how good the fit is?"""
    x, y, _ = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(*_curve(fit_huber, *chosen_huber.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_huber")
def huber_without_a_fit():
    """Three things should be in the figure. Which of them took all the work so far?"""
    ax = _data_and_truth()
    ax.legend()
    return ax.figure


@mistake_of("plot_huber")
def legend_of_the_fit_alone():
    """The three graphs are right. Which of them does your legend explain?"""
    x, y, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o")
    ax.plot(x, f, "--")
    ax.plot(*_curve(fit_huber, *chosen_huber.values()), label="Huber")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_huber")
def huber_not_returned():
    """Your figure is drawn. What does the function give back to its caller?"""
    _with_curve(*_curve(fit_huber, *chosen_huber.values()))


# ---- fit_total_variation --------------------------------------------------------------------------------------------


@mistake_of("fit_total_variation")
def variation_of_the_coefficients(K, y, lam1, lam2):
    """Is it the coefficients that should have few jumps, or the fitted values?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def squares_of_the_jumps(K, y, lam1, lam2):
    """One jump of 10, or ten steps of 1: which does the total variation prefer, and which your penalty?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.sum_squares(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def weights_of_the_penalties_exchanged(K, y, lam1, lam2):
    """Two penalties and two weights. Which weight comes first, and in front of which penalty does it stand?"""
    alpha = cp.Variable(len(y))
    penalty = lam2 * cp.norm1(cp.diff(K @ alpha)) + lam1 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def differences_from_a_transposed_loop(K, y, lam1, lam2):
    """Multiply your matrix by (1, 2, 4). Which entry is no difference at all, and which difference is missing?"""
    n = len(y)
    D = np.zeros((n, n - 1))
    for i in range(n):
        for j in range(n - 1):
            if i == j:
                D[i, j] = 1
            if i == j - 1:
                D[i, j] = -1
    D = D.T
    alpha = cp.Variable(n)
    penalty = lam1 * cp.norm1(D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def first_value_as_a_jump(K, y, lam1, lam2):
    """Shift all observations by 100. Should the total variation notice, and does yours?"""
    D = np.eye(len(y)) - np.eye(len(y), k=-1)
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def last_point_next_to_the_first(K, y, lam1, lam2):
    """How many steps are there between n points in a row, and between which two is your last one?"""
    D = np.roll(np.eye(len(y)), 1, axis=1) - np.eye(len(y))
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def jumps_of_fifty_points(K, y, lam1, lam2):
    """Your D is made once, for all the data. What happens when one point is left out?"""
    D = np.diff(np.eye(50), axis=0)
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def last_jump_left_out(K, y, lam1, lam2):
    """Put a jump between the last two points. Does it cost anything?"""
    D = np.eye(len(y), k=1)[:-2] - np.eye(len(y))[:-2]
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def sums_of_neighbours(K, y, lam1, lam2):
    """A constant has no variation. What does your penalty say of one?"""
    D = np.eye(len(y))[:-1] + np.eye(len(y), k=1)[:-1]
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def differences_of_differences(K, y, lam1, lam2):
    """A straight line costs nothing in yours. Has it no jumps, in the sense of the homework?"""
    D = np.diff(np.eye(len(y)), axis=0)
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(D[:-1, :-1] @ D @ K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def variation_of_the_residuals(K, y, lam1, lam2):
    """Whose jumps do you punish: those of the fit, or those of what it leaves over?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(y - K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def length_of_the_jumps(K, y, lam1, lam2):
    """cp.norm knows several norms. Which one does it take when you don't say?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def largest_jump_only(K, y, lam1, lam2):
    """Add a second, smaller jump to a fit. Should it cost something?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm_inf(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def jumps_with_their_signs(K, y, lam1, lam2):
    """Go up by 10 and down again. What do your jumps add up to?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.abs(cp.sum(cp.diff(K @ alpha))) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def no_absolute_value(K, y, lam1, lam2):
    """Your penalty is negative for a fit that falls. Can a total variation be?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.sum(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def mean_of_the_jumps(K, y, lam1, lam2):
    """Does the total variation grow with the number of jumps? And your penalty?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) / (len(y) - 1) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def variation_left_out(K, y, lam1, lam2):
    """One of your arguments has no effect. Which of the two penalties is missing?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def quadratic_form_left_out(K, y, lam1, lam2):
    """Try a very large lam2. What should become of the fit, and what becomes of yours?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam1 * cp.norm1(cp.diff(K @ alpha)))).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def one_weight_for_both_penalties(K, y, lam1, lam2):
    """Two weights come in. Which of them stands in front of which penalty?"""
    alpha = cp.Variable(len(y))
    penalty = cp.norm1(cp.diff(K @ alpha)) + cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam1 * penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def variation_with_plain_ridge(K, y, lam1, lam2):
    """The jumps are right. What does the second penalty measure: the coefficients, or the function that they make?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.sum_squares(alpha)
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def huber_and_variation(K, y, lam1, lam2):
    """Which loss belongs to this fit? See whether something of the last one has stayed in yours."""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum(cp.huber(y - K @ alpha)) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def first_term_not_squared(K, y, lam1, lam2):
    """The bars of the first term carry a small number at the top. Does your first term?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.norm(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def variation_against_a_column(K, y, lam1, lam2):
    """Print the shape of y and of the residuals. With how many fitted values is each observation compared?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y.reshape(-1, 1) - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def variation_with_a_plain_quadratic_form(K, y, lam1, lam2):
    """Five points go through. Try fifty: which property of K can cvxpy not see for itself?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, K)
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def stars_and_an_old_sum(K, y, lam1, lam2):
    """Where does this name for a sum come from, and which version of cvxpy do you use?"""
    D = np.diff(np.eye(len(y)), axis=0)
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.sum_entries(cp.abs(D * (K * alpha))) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K * alpha) + penalty)).solve()
    return alpha.value


@mistake_of("fit_total_variation")
def fitted_values_of_variation(K, y, lam1, lam2):
    """You return what the coefficients lead to. Which of the two was asked for?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve()
    return (K @ alpha).value


@mistake_of("fit_total_variation")
def variation_with_a_hasty_solver(K, y, lam1, lam2):
    """cvxpy warned that your solution may be inaccurate. How many iterations have you allowed?"""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.norm1(cp.diff(K @ alpha)) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    problem = cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty))
    problem.solve(solver=cp.SCS, max_iters=20)
    return alpha.value


@mistake_of("fit_total_variation")
def smoothed_in_two_stages(K, y, lam1, lam2):
    """You fit first and take out the jumps afterwards. Is that the least of the sum of all three terms?"""
    n = len(y)
    first = K @ np.linalg.solve(K + lam2 * np.eye(n), y)
    f = cp.Variable(n)
    cp.Problem(cp.Minimize(cp.sum_squares(first - f) + lam1 * cp.norm1(cp.diff(f)))).solve()
    return np.linalg.pinv(K, rcond=1e-10, hermitian=True) @ f.value


# ---- chosen_total_variation -----------------------------------------------------------------------------------------


@mistake_of("chosen_total_variation")
def variation_at_gamma_one():
    """Can a kernel as wide as all the data make a jump? Which gammas are in your grid?"""
    return {"gamma": 1.0, "lam1": 0.01, "lam2": 1e-5}


@mistake_of("chosen_total_variation")
def variation_in_powers_of_ten():
    """Every one of your three numbers is a power of ten. How does the error change between two of them?"""
    return {"gamma": 100.0, "lam1": 1.0, "lam2": 0.1}


@mistake_of("chosen_total_variation")
def variation_with_no_search():
    """These look like values to start from. How many others have you compared them with?"""
    return {"gamma": 1.0, "lam1": 1.0, "lam2": 1.0}


@mistake_of("chosen_total_variation")
def random_search_of_the_homework():
    """A few random draws between narrow limits found this. What lies beyond these limits, a factor of ten away?"""
    return {"gamma": 79.03, "lam1": 0.38, "lam2": 0.36}


@mistake_of("chosen_total_variation")
def variation_penalised_too_much():
    """Plot the fit at your choice: how many of the four jumps are left of their full height?"""
    return {"gamma": 75.0, "lam1": 100.0, "lam2": 1e-5}


@mistake_of("chosen_total_variation")
def coefficients_penalised_too_much():
    """Two penalties share the work. What does the larger of yours do to the fit, without the other one?"""
    return {"gamma": 75.0, "lam1": 10.0, "lam2": 1.0}


@mistake_of("chosen_total_variation")
def variation_hardly_penalised():
    """Your fit follows the noise between the jumps. Which of the two penalties was meant to stop that?"""
    return {"gamma": 75.0, "lam1": 0.01, "lam2": 1e-5}


@mistake_of("chosen_total_variation")
def variation_best_on_its_training_points():
    """Small penalties and a narrow kernel always win on the points that were fitted. Which points should you ask?"""
    return {"gamma": 1000.0, "lam1": 0.01, "lam2": 1e-5}


@mistake_of("chosen_total_variation")
def variation_weights_exchanged():
    """In which order do your loops run over the two penalties, and in which order did you write them down?"""
    return {"gamma": 75.0, "lam1": 3e-5, "lam2": 10.0}


@mistake_of("chosen_total_variation")
def variation_on_a_scale_of_logarithms():
    """One of your penalties is below 0. Of which number is it the logarithm?"""
    return {"gamma": 1.9, "lam1": 1.0, "lam2": -4.5}


@mistake_of("chosen_total_variation")
def variation_by_positions():
    """Your three numbers say where the least error stands. What are the three values there?"""
    return {"gamma": 5, "lam1": 4, "lam2": 0}


@mistake_of("chosen_total_variation")
def variation_with_one_penalty():
    """How many penalties does this fit take? Your dictionary names fewer."""
    return {"gamma": 75.0, "lam": 10.0}


@mistake_of("chosen_total_variation")
def variation_with_lambdas():
    """Are your keys the names that the question gives?"""
    return {"gamma": 75.0, "lambda1": 10.0, "lambda2": 3e-5}


@mistake_of("chosen_total_variation")
def variation_as_a_triple():
    """Three numbers without names: which of them is lam1?"""
    return (75.0, 10.0, 3e-5)


# ---- plot_total_variation -------------------------------------------------------------------------------------------


@mistake_of("plot_total_variation")
def curve_without_total_variation():
    """Your curve has more ups and downs than it should. Which fit have you drawn?"""
    return _with_curve(*_curve(fit_least_squares, chosen_total_variation["gamma"], chosen_total_variation["lam2"]))


@mistake_of("plot_total_variation")
def curve_that_never_falls():
    """Is it the total variation that your curve was kept small by, or a constraint? Which fit have you drawn?"""
    return _with_curve(*_curve(fit_monotone, chosen_total_variation["gamma"], chosen_total_variation["lam2"]))


@mistake_of("plot_total_variation")
def penalties_exchanged():
    """Your curve is nearly flat. Which of the two penalties is the large one, and in which order does the fit take
    them?"""
    chosen = chosen_total_variation
    return _with_curve(*_curve(fit_total_variation, chosen["gamma"], chosen["lam2"], chosen["lam1"]))


@mistake_of("plot_total_variation")
def one_penalty_for_both():
    """Two penalties were chosen. Which two numbers does your fit get?"""
    chosen = chosen_total_variation
    return _with_curve(*_curve(fit_total_variation, chosen["gamma"], chosen["lam1"], chosen["lam1"]))


@mistake_of("plot_total_variation")
def gamma_of_least_squares():
    """Each fit has its own choice. Whose gamma do you draw here?"""
    _, lam1, lam2 = chosen_total_variation.values()
    return _with_curve(*_curve(fit_total_variation, chosen_least_squares["gamma"], lam1, lam2))


@mistake_of("plot_total_variation")
def another_figure_of_least_squares():
    """Lay this figure beside the first one. What has changed?"""
    return _with_curve(*_curve(fit_least_squares, *chosen_least_squares.values()))


@mistake_of("plot_total_variation")
def total_variation_joined_at_the_data():
    """Zoom in on your curve: between two points it is a straight line. Where else can you evaluate the fit?"""
    x, y, _ = staircase.load()
    gamma, lam1, lam2 = chosen_total_variation.values()
    K = rbf_kernel(x, x, gamma)
    return _with_curve(x, K @ fit_total_variation(K, y, lam1, lam2))


@mistake_of("plot_total_variation")
def differences_drawn():
    """Your third line is near 0 but for four peaks. What do you draw: the fit, or its steps?"""
    x, y, _ = staircase.load()
    gamma, lam1, lam2 = chosen_total_variation.values()
    K = rbf_kernel(x, x, gamma)
    return _with_curve(x[1:], np.diff(K @ fit_total_variation(K, y, lam1, lam2)))


@mistake_of("plot_total_variation")
def total_variation_data_missing():
    """Three things should be in the figure. What was the curve fitted to?"""
    x, _, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_total_variation, *chosen_total_variation.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_total_variation")
def total_variation_truth_missing():
    """Three things should be in the figure. How could a reader see here how good the fit is?"""
    x, y, _ = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(*_curve(fit_total_variation, *chosen_total_variation.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_total_variation")
def data_as_the_truth():
    """Your dashed line is as noisy as the data. Which of the three arrays of the file have you drawn twice?"""
    x, y, _ = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, y, "--", label="true f")
    ax.plot(*_curve(fit_total_variation, *chosen_total_variation.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_total_variation")
def horizontal_axis_without_a_name():
    """The three graphs are right. What does your horizontal axis tell a reader?"""
    x, y, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_total_variation, *chosen_total_variation.values()), label="total variation")
    ax.set_ylabel("y")
    ax.legend()
    return fig


@mistake_of("plot_total_variation")
def total_variation_not_returned():
    """Your figure is drawn. What does the function give back to its caller?"""
    _with_curve(*_curve(fit_total_variation, *chosen_total_variation.values()))


# ---- fit_monotone ---------------------------------------------------------------------------------------------------


@mistake_of("fit_monotone")
def falls_instead_of_rising(K, y, lam):
    """Which way may your fit go? Take two points, a low one and a high one, and look at your inequality."""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) <= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def rising_coefficients(K, y, lam):
    """What never falls in yours is alpha. What is it that should never fall?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def rises_at_every_step(K, y, lam):
    """A stair is flat for a while. Would yours be allowed to be?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0.1]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def higher_at_the_end_only(K, y, lam):
    """Your fit ends higher than it begins. What may it do on the way?"""
    alpha = cp.Variable(len(y))
    values = K @ alpha
    objective = cp.sum_squares(y - values) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [values[-1] >= values[0]]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def every_second_step(K, y, lam):
    """Between how many pairs of neighbours does yours forbid a fall? List them for five points."""
    alpha = cp.Variable(len(y))
    values = K @ alpha
    objective = cp.sum_squares(y - values) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    even = [values[i + 1] >= values[i] for i in range(0, len(y) - 1, 2)]
    cp.Problem(cp.Minimize(objective), even).solve()
    return alpha.value


@mistake_of("fit_monotone")
def steps_of_fifty_points(K, y, lam):
    """For how many points is your D made, and how many does the caller hand over?"""
    D = np.diff(np.eye(50), axis=0)
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [D @ K @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def last_step_left_free(K, y, lam):
    """Make the last observation very low. Does your fit fall at the end?"""
    alpha = cp.Variable(len(y))
    values = K @ alpha
    objective = cp.sum_squares(y - values) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    rising = [values[i] >= values[i - 1] for i in range(1, len(y) - 1)]
    cp.Problem(cp.Minimize(objective), rising).solve()
    return alpha.value


@mistake_of("fit_monotone")
def first_value_not_negative(K, y, lam):
    """Move all observations 20 down, and your fit doesn't follow. Do all your inequalities compare two points?"""
    D = np.eye(len(y)) - np.eye(len(y), k=-1)
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [D @ K @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def steps_from_a_transposed_loop(K, y, lam):
    """Write your matrix down for three points and multiply it by (1, 2, 4). Are these the two steps?"""
    n = len(y)
    D = np.zeros((n, n - 1))
    for i in range(n):
        for j in range(n - 1):
            if i == j:
                D[i, j] = 1
            if i == j - 1:
                D[i, j] = -1
    D = D.T
    alpha = cp.Variable(n)
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [D @ K @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def values_not_negative(K, y, lam):
    """Your fit stays above 0. Is that what monotone means?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [K @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def bends_upwards(K, y, lam):
    """You compare steps with steps. What should be compared with what, so that the fit never falls?"""
    D = np.diff(np.eye(len(y)), axis=0)
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [D[:-1, :-1] @ D @ K @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def no_constraint(K, y, lam):
    """Which line of yours tells the solver that the fit must not fall?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective)).solve()
    return alpha.value


@mistake_of("fit_monotone")
def falls_made_expensive(K, y, lam):
    """A fall costs something in yours, but it isn't forbidden. What happens where a fall saves more than it costs?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    falls = cp.sum(cp.pos(-cp.diff(K @ alpha)))
    cp.Problem(cp.Minimize(objective + falls)).solve()
    return alpha.value


@mistake_of("fit_monotone")
def strictly_larger(K, y, lam):
    """A solver can't tell «larger» from «larger or equal». Which of the two does the question ask for?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) > 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def fitted_values_sorted_afterwards(K, y, lam):
    """You fit first and put the values in order afterwards. Which objective is that the least of?"""
    values = K @ np.linalg.solve(K + lam * np.eye(len(y)), y)
    return np.linalg.pinv(K, rcond=1e-10, hermitian=True) @ np.sort(values)


@mistake_of("fit_monotone")
def largest_value_so_far(K, y, lam):
    """Wherever the free fit falls, yours stays where it was. Could it also have risen less before?"""
    values = K @ np.linalg.solve(K + lam * np.eye(len(y)), y)
    return np.linalg.pinv(K, rcond=1e-10, hermitian=True) @ np.maximum.accumulate(values)


@mistake_of("fit_monotone")
def nearest_rising_values(K, y, lam):
    """Your values are as near to the free fit as rising values can be. Does the penalty still agree with them?"""
    values = K @ np.linalg.solve(K + lam * np.eye(len(y)), y)
    rising = optimize.isotonic_regression(values).x
    return np.linalg.pinv(K, rcond=1e-10, hermitian=True) @ rising


@mistake_of("fit_monotone")
def observations_sorted(K, y, lam):
    """Sorting gives an observation to another point. And does a fit of rising observations always rise?"""
    return np.linalg.solve(K + lam * np.eye(len(y)), np.sort(y))


@mistake_of("fit_monotone")
def observations_made_to_rise(K, y, lam):
    """You made the observations rise. Does the smooth curve through them rise, too?"""
    return np.linalg.solve(K + lam * np.eye(len(y)), optimize.isotonic_regression(y).x)


@mistake_of("fit_monotone")
def monotone_with_plain_ridge(K, y, lam):
    """The constraint is right. Is the penalty still the one of the first fit?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.sum_squares(alpha)
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def monotone_mean_of_the_squares(K, y, lam):
    """Does your loss grow with the number of points? Compare it with the penalty when every point comes twice."""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) / len(y) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def quadratic_program_without_its_halves(K, y, lam):
    """The standard form of a quadratic program has a one half in it. Compare your two matrices with that."""
    alpha = cp.Variable(len(y))
    objective = cp.quad_form(alpha, cp.psd_wrap(K @ K + lam * K)) - (K @ y) @ alpha
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def monotone_without_penalty(K, y, lam):
    """Change lam by a factor of a thousand. Which part of your problem should notice?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha)), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def monotone_against_a_column(K, y, lam):
    """Print the shape of the residuals. Why does your fit hardly rise at all?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y.reshape(-1, 1) - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def monotone_with_a_plain_quadratic_form(K, y, lam):
    """It works for a few points. What does cvxpy ask of the matrix of a quadratic form, and can it see it?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, K)
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone")
def monotone_with_a_hasty_solver(K, y, lam):
    """The solver stops as soon as it is roughly there. How large are the falls that your tolerances allow?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    problem = cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0])
    problem.solve(solver=cp.OSQP, eps_abs=0.1, eps_rel=0.1, polishing=False)
    return alpha.value


@mistake_of("fit_monotone")
def fitted_values_of_monotone(K, y, lam):
    """These are the heights of the fit. Whoever wants to predict at another point needs what?"""
    alpha = cp.Variable(len(y))
    values = K @ alpha
    objective = cp.sum_squares(y - values) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(values) >= 0]).solve()
    return values.value


# ---- chosen_monotone ------------------------------------------------------------------------------------------------


@mistake_of("chosen_monotone")
def monotone_at_gamma_one():
    """Four steps have to fit below each other. How wide is your kernel, next to one of them?"""
    return {"gamma": 1.0, "lam": 1e-5}


@mistake_of("chosen_monotone")
def monotone_with_too_few_penalties():
    """How many penalties did you try below this one? See where your error still goes down."""
    return {"gamma": 100.0, "lam": 0.1}


@mistake_of("chosen_monotone")
def monotone_with_no_search():
    """These look like values to start from. What does your surface of errors say about them?"""
    return {"gamma": 1.0, "lam": 1.0}


@mistake_of("chosen_monotone")
def monotone_penalised_too_much():
    """Plot the fit at your choice: why doesn't it reach the highest stair?"""
    return {"gamma": 200.0, "lam": 1.0}


@mistake_of("chosen_monotone")
def monotone_hardly_penalised():
    """The constraint holds at the points. What is left to hold the fit back between them?"""
    return {"gamma": 200.0, "lam": 1e-7}


@mistake_of("chosen_monotone")
def monotone_best_on_its_training_points():
    """A narrow kernel and a small penalty always win on the points that were fitted. Which error did you compare?"""
    return {"gamma": 1000.0, "lam": 1e-5}


@mistake_of("chosen_monotone")
def monotone_far_beyond():
    """How far does a kernel like yours reach, in steps from point to point?"""
    return {"gamma": 5000.0, "lam": 0.01}


@mistake_of("chosen_monotone")
def monotone_on_a_scale_of_logarithms():
    """Did you search on a scale of powers of ten? Then which step is missing at the end?"""
    return {"gamma": 2.3, "lam": -3.4}


@mistake_of("chosen_monotone")
def monotone_by_positions():
    """np.argmin gives a place in a grid. Whose values do you hand over?"""
    return {"gamma": 7, "lam": 3}


@mistake_of("chosen_monotone")
def monotone_exchanged():
    """Is it the kernel that is nearly flat, or the penalty that is nearly 0? See which of them you called gamma."""
    return {"gamma": 0.0004, "lam": 200.0}


@mistake_of("chosen_monotone")
def monotone_by_the_inverse_of_gamma():
    """Your number is one over something. Over what, and how does the kernel of this notebook use it?"""
    return {"gamma": 0.005, "lam": 0.0004}


@mistake_of("chosen_monotone")
def monotone_under_other_names():
    """A Greek letter has more than one short name. Which one does the question use?"""
    return {"γ": 200.0, "λ": 0.0004}


@mistake_of("chosen_monotone")
def monotone_as_an_array():
    """Which entry of an array is gamma? The question asks for something with names."""
    return np.array([200.0, 0.0004])


@mistake_of("chosen_monotone")
def monotone_not_a_number():
    """Your least error was of a fit that failed. How does argmin treat what isn't a number?"""
    return {"gamma": 200.0, "lam": np.nan}


# ---- plot_monotone --------------------------------------------------------------------------------------------------


@mistake_of("plot_monotone")
def curve_that_may_fall():
    """Follow your curve past the outlier: it falls. Which fit have you drawn?"""
    return _with_curve(*_curve(fit_least_squares, *chosen_monotone.values()))


@mistake_of("plot_monotone")
def curve_pushed_up():
    """Between the data the fit may sag, and yours doesn't. What have you done to the curve after it was fitted?"""
    grid, curve = _curve(fit_monotone, *chosen_monotone.values())
    return _with_curve(grid, np.maximum.accumulate(curve))


@mistake_of("plot_monotone")
def least_squares_pushed_up():
    """Your curve never falls. Was that asked of it while it was fitted, or brought about afterwards?"""
    grid, curve = _curve(fit_least_squares, *chosen_monotone.values())
    return _with_curve(grid, np.maximum.accumulate(curve))


@mistake_of("plot_monotone")
def curve_sorted():
    """Between the data the fit may sag, and yours doesn't. Does each height of your curve still stand above its own
    x?"""
    grid, curve = _curve(fit_monotone, *chosen_monotone.values())
    return _with_curve(grid, np.sort(curve))


@mistake_of("plot_monotone")
def another_choice_of_least_squares():
    """Each fit has its own choice. Whose hyper-parameters do you draw here?"""
    return _with_curve(*_curve(fit_monotone, *chosen_least_squares.values()))


@mistake_of("plot_monotone")
def monotone_kernel_of_gamma_one():
    """Your curve is smoother than it should be. Which gamma do you draw, and which one have you chosen?"""
    return _with_curve(*_curve(fit_monotone, 1.0, chosen_monotone["lam"]))


@mistake_of("plot_monotone")
def monotone_penalty_of_one():
    """Your curve stays away from the data. Which penalty do you draw, and which one have you chosen?"""
    return _with_curve(*_curve(fit_monotone, chosen_monotone["gamma"], 1.0))


@mistake_of("plot_monotone")
def monotone_joined_at_the_data():
    """Zoom in on your curve: between two points it is a straight line. Does it show what the fit does there?"""
    x, y, _ = staircase.load()
    gamma, lam = chosen_monotone.values()
    K = rbf_kernel(x, x, gamma)
    return _with_curve(x, K @ fit_monotone(K, y, lam))


@mistake_of("plot_monotone")
def truth_as_the_fit():
    """Two of your lines are the same. Which of them should come from your fit?"""
    x, _, f = staircase.load()
    return _with_curve(x, f)


@mistake_of("plot_monotone")
def monotone_data_missing():
    """Three things should be in the figure. What was the curve fitted to?"""
    x, _, f = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, f, "--", label="true f")
    ax.plot(*_curve(fit_monotone, *chosen_monotone.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_monotone")
def monotone_truth_missing():
    """Three things should be in the figure. How could a reader see here how good the fit is?"""
    x, y, _ = staircase.load()
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(*_curve(fit_monotone, *chosen_monotone.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_monotone")
def two_figures():
    """A reader wants to compare the curve with the data. What does the figure that you return show?"""
    x, y, f = staircase.load()
    _, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, "--", label="true f")
    ax.legend()
    fig, ax = plt.subplots()
    ax.plot(*_curve(fit_monotone, *chosen_monotone.values()), label="fitted f")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@mistake_of("plot_monotone")
def monotone_not_returned():
    """Your figure is drawn. What does the function give back to its caller?"""
    _with_curve(*_curve(fit_monotone, *chosen_monotone.values()))


# ---- fit_monotone_on_grid -------------------------------------------------------------------------------------------


@mistake_of("fit_monotone_on_grid")
def grid_not_looked_at(K, K_grid, y, lam):
    """One of your arguments has no effect. At which points is your fit monotone?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def grid_and_points(K, K_grid, y, lam):
    """You ask for more than the question does. Does the constraint on the grid stand alone there?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K @ alpha) >= 0, cp.diff(K_grid @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def falls_on_the_grid(K, K_grid, y, lam):
    """Which way may your fit go along the grid?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K_grid @ alpha) <= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def ends_of_the_grid(K, K_grid, y, lam):
    """Your constraint compares two points of the grid. How many neighbours are there?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    on_grid = K_grid @ alpha
    cp.Problem(cp.Minimize(objective), [on_grid[-1] >= on_grid[0]]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def not_negative_on_the_grid(K, K_grid, y, lam):
    """You look at the heights on the grid. What should not be negative: these, or what lies between two of them?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [K_grid @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def first_grid_value_as_a_step(K, K_grid, y, lam):
    """Move all observations far down. Which of your inequalities keeps the fit from following?"""
    m = len(K_grid)
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [(np.eye(m) - np.eye(m, k=-1)) @ K_grid @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def as_many_steps_as_points(K, K_grid, y, lam):
    """K_grid has a row for each point of the grid. For how many points is your difference matrix made?"""
    D = np.diff(np.eye(len(y)), axis=0)
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [D @ K_grid @ alpha >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def grid_thinned_out(K, K_grid, y, lam):
    """You use some rows of the grid. What may the fit do at the others?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K_grid[::2] @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def penalty_on_the_grid(K, K_grid, y, lam):
    """The grid is for the constraint. What does it do in your penalty?"""
    alpha = cp.Variable(len(y))
    on_grid = K_grid @ alpha
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.sum_squares(on_grid)
    cp.Problem(cp.Minimize(objective), [cp.diff(on_grid) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def ridge_on_the_grid_fit(K, K_grid, y, lam):
    """The constraint is right. Compare your penalty with that of the monotone fit."""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.sum_squares(alpha)
    cp.Problem(cp.Minimize(objective), [cp.diff(K_grid @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def grid_fit_without_penalty(K, K_grid, y, lam):
    """Call it with another lam. What should change?"""
    alpha = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha)), [cp.diff(K_grid @ alpha) >= 0]).solve()
    return alpha.value


@mistake_of("fit_monotone_on_grid")
def values_on_the_grid(K, K_grid, y, lam):
    """You return one number for each point of the grid. For what was a number asked?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K_grid @ alpha) >= 0]).solve()
    return K_grid @ alpha.value


@mistake_of("fit_monotone_on_grid")
def fitted_values_of_the_grid_fit(K, K_grid, y, lam):
    """Your answer will be multiplied by K and by K_grid. Has it been multiplied by one of them already?"""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [cp.diff(K_grid @ alpha) >= 0]).solve()
    return K @ alpha.value
