"""Wrong answers to the questions of newton_gd, each with one wrong step; the docstring is the hint for its author."""

import warnings

import matplotlib.pyplot as plt
import numpy as np

from solutions.banks import mistake_of
from solutions.newton_gd import (
    LECTURE,
    _gradient_descent_steps,
    _newton_steps,
    generate_data,
    gradient,
    gradient_descent,
    hessian,
    newton,
    risk,
    sigmoid,
    theta_star,
)

# ---- sigmoid --------------------------------------------------------------------------------------------------------


@mistake_of("sigmoid")
def exponential_overflows(z):
    """The values are fine, but numpy has something to say about them. How large does your exponential get when z is
    far below 0?"""
    return 1 / (1 + np.exp(-z))


@mistake_of("sigmoid")
def infinity_over_infinity(z):
    """Try your sigmoid at 1000, numerator and denominator apart. What is the quotient of those two?"""
    return np.exp(z) / (1 + np.exp(z))


@mistake_of("sigmoid")
def evaluates_both_branches(z):
    """Two formulas are the right idea. Does np.where keep numpy from computing the one that an entry doesn't need?"""
    return np.where(np.asarray(z) >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@mistake_of("sigmoid")
def one_branch_for_all_entries(z):
    """How do you choose between your two formulas when an array holds numbers on both sides of 0?"""
    if np.max(z) >= 0:
        return 1 / (1 + np.exp(-z))
    odds = np.exp(z)
    return odds / (1 + odds)


@mistake_of("sigmoid")
def falls_instead_of_rising(z):
    """Is a larger z meant to make the label +1 more likely, or less? See what yours says at 5 and at -5."""
    return np.exp(-np.logaddexp(0, z))


@mistake_of("sigmoid")
def hyperbolic_tangent(z):
    """A probability can't be negative. Which interval do the values of your function fill?"""
    return np.tanh(z)


@mistake_of("sigmoid")
def tangent_too_steep(z):
    """The hyperbolic tangent is a good way to get there. Compare how fast the two functions rise at 0."""
    return (1 + np.tanh(z)) / 2


@mistake_of("sigmoid")
def writes_into_z(z):
    """Your values are right. Print an array with large entries before and after the call: is it still the same?"""
    z = np.asarray(z, dtype=float)
    np.clip(z, -700, 700, out=z)
    return 1 / (1 + np.exp(-z))


@mistake_of("sigmoid")
def single_precision(z):
    """About seven digits are right and the rest isn't. What dtype do your numbers have on the way?"""
    decay = np.exp(-np.abs(np.asarray(z, dtype=np.float32)))
    return np.where(np.asarray(z) >= 0, np.float32(1), decay) / (1 + decay)


@mistake_of("sigmoid")
def clipped_too_tightly(z):
    """Cutting z off avoids the overflow. Is the sigmoid really flat, to 8 digits, from there on?"""
    return 1 / (1 + np.exp(-np.clip(z, -15, 15)))


@mistake_of("sigmoid")
def flattens_the_array(z):
    """Each number is right. Compare the shape that goes in with the shape that comes out, for a matrix."""
    values = []
    for value in np.ravel(z):
        decay = np.exp(-abs(value))
        values.append(1 / (1 + decay) if value >= 0 else decay / (1 + decay))
    return np.array(values)


@mistake_of("sigmoid")
def denominator_in_one_branch(z):
    """One side of 0 is right, the other isn't: do your two formulas meet where they should?"""
    decay = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + decay), decay)


@mistake_of("sigmoid")
def nothing_at_zero(z):
    """Which of your cases does z = 0 belong to?"""
    z = np.array(z, dtype=float)
    values = np.zeros_like(z)
    values[z > 0] = 1 / (1 + np.exp(-z[z > 0]))
    values[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return values


@mistake_of("sigmoid")
def normal_distribution_function(z):
    """That curve is S-shaped and goes through 1/2, too, but it belongs to another model. Which distribution is it?"""
    from scipy.stats import norm

    return norm.cdf(z)


@mistake_of("sigmoid")
def written_for_one_number(z):
    """It works for one number. What does Python make of your condition when z has several entries?"""
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@mistake_of("sigmoid")
def keeps_the_type_of_z(z):
    """Try your sigmoid on whole numbers, written without a decimal point. What kind of array do you put the results
    into?"""
    z = np.asarray(z)
    values = np.empty_like(z)
    values[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    values[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return values


# ---- risk -----------------------------------------------------------------------------------------------------------


@mistake_of("risk")
def adds_up_the_losses(theta, X, y):
    """Write every sample down twice: should the empirical risk change? Does yours?"""
    return np.logaddexp(0, -y * (X @ theta)).sum()


@mistake_of("risk")
def divides_by_n_minus_one(theta, X, y):
    """Try a data set of a single sample. Which number do you divide by, and where does it come from?"""
    return np.logaddexp(0, -y * (X @ theta)).sum() / (len(y) - 1)


@mistake_of("risk")
def probability_of_a_probability(theta, X, y):
    """You have met the slip on the slide. How many times does the log-odds go through the sigmoid in your code?"""
    f = sigmoid(X @ theta)
    return -np.mean((y == 1) * np.log(sigmoid(f)) + (y == -1) * np.log(1 - sigmoid(f)))


@mistake_of("risk")
def labels_taken_for_zero_and_one(theta, X, y):
    """Put a sample of the negative class into your formula by hand. Which numbers stand for the classes here?"""
    z = X @ theta
    return np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


@mistake_of("risk")
def log_likelihood_itself(theta, X, y):
    """Can a loss be negative? Look at what is to be minimised, and what is to be maximised."""
    return -np.mean(np.logaddexp(0, -y * (X @ theta)))


@mistake_of("risk")
def rewards_the_wrong_side(theta, X, y):
    """Take one sample that is far on its right side: is its loss small or large in your code?"""
    return np.mean(np.logaddexp(0, y * (X @ theta)))


@mistake_of("risk")
def exponential_of_the_margin(theta, X, y):
    """Right for moderate margins. What does your exponential give for a sample that is 1000 on the wrong side?"""
    return np.mean(np.log(1 + np.exp(-y * (X @ theta))))


@mistake_of("risk")
def logarithms_of_rounded_probabilities(theta, X, y):
    """Far out a probability rounds to 0 or to 1. Simplify on paper, before a logarithm has to be taken of it."""
    p = sigmoid(X @ theta)
    return -np.mean((y == 1) * np.log(p) + (y == -1) * np.log(1 - p))


@mistake_of("risk")
def tiny_number_in_the_logarithm(theta, X, y):
    """The small number keeps the logarithm finite, but what does it do to samples that are far on the wrong side?"""
    return -np.mean(np.log(sigmoid(y * (X @ theta)) + 1e-12))


@mistake_of("risk")
def cuts_off_large_margins(theta, X, y):
    """No overflow any more, but also no difference between a sample that is far off and one that is farther off."""
    margins = np.clip(y * (X @ theta), -500, 500)
    return np.mean(np.log1p(np.exp(-margins)))


@mistake_of("risk")
def averages_class_by_class(theta, X, y):
    """Every sample should count the same. Does it in yours, when one class has many more of them than the other?"""
    losses = np.logaddexp(0, -y * (X @ theta))
    return np.mean([losses[y == label].mean() for label in np.unique(y)])


@mistake_of("risk")
def loss_of_the_mean_margin(theta, X, y):
    """It is right for a single sample. In which order do you take the mean and the loss?"""
    return np.logaddexp(0, -np.mean(y * (X @ theta)))


@mistake_of("risk")
def relabels_in_place(theta, X, y):
    """Look at what happens to the labels before the sum: are they still -1 and +1 for whoever called you?"""
    y += 1
    y /= 2
    z = X @ theta
    return np.mean(np.logaddexp(0, z) - y * z)


@mistake_of("risk")
def single_precision_margins(theta, X, y):
    """About seven digits are right and the rest isn't. What dtype do your margins have?"""
    margins = (y * (X @ theta)).astype(np.float32)
    return np.logaddexp(0, -margins).mean(dtype=np.float64)


@mistake_of("risk")
def squared_error(theta, X, y):
    """You measure how far the probability is from what happened. That is a loss, but is it the one asked for?"""
    return np.mean((sigmoid(X @ theta) - (y == 1)) ** 2)


@mistake_of("risk")
def penalty_left_in(theta, X, y):
    """At theta = 0 you are right, farther out a bit too large. Is there a term in your risk that ignores the data?"""
    return np.mean(np.logaddexp(0, -y * (X @ theta))) + 0.005 * np.sum(theta**2)


@mistake_of("risk")
def lecture_line_only(theta, X, y):
    """Right in the lecture's setting. What happens to a third column, or to a first one that isn't all ones?"""
    z = theta[0] + theta[1] * X[:, 1]
    return np.mean(np.logaddexp(0, -y * z))


# ---- gradient -------------------------------------------------------------------------------------------------------


@mistake_of("gradient")
def adds_up_the_slopes(theta, X, y):
    """The risk is a mean over the samples. Is your gradient one, too?"""
    return X.T @ (sigmoid(X @ theta) - (y == 1))


@mistake_of("gradient")
def points_downhill(theta, X, y):
    """Go a small step along your vector: does the risk rise or fall? Compare that with what a gradient does."""
    return X.T @ ((y == 1) - sigmoid(X @ theta)) / len(y)


@mistake_of("gradient")
def residual_from_the_raw_label(theta, X, y):
    """A residual compares a probability with what happened. Which number does what happened have for the negative
    class?"""
    return X.T @ (sigmoid(X @ theta) - y) / len(y)


@mistake_of("gradient")
def residual_of_the_other_class(theta, X, y):
    """Your probability is that of one class. Is it compared with the indicator of the same class?"""
    return X.T @ (sigmoid(X @ theta) - (y == -1)) / len(y)


@mistake_of("gradient")
def sign_of_the_margin(theta, X, y):
    """A sample on its right side should hardly pull any more. Look at the argument of the sigmoid in your margin
    form."""
    return -(y * sigmoid(y * (X @ theta))) @ X / len(y)


@mistake_of("gradient")
def one_sided_difference(theta, X, y):
    """A difference quotient comes close, but not to 8 digits. How large is its error, and can it be made smaller?"""
    h = 1e-6
    slopes = np.zeros(len(theta))
    for j in range(len(theta)):
        moved = theta.copy()
        moved[j] += h
        slopes[j] = (risk(moved, X, y) - risk(theta, X, y)) / h
    return slopes


@mistake_of("gradient")
def single_precision_residuals(theta, X, y):
    """About seven digits are right and the rest isn't. What dtype do your residuals have?"""
    residuals = (sigmoid(X @ theta) - (y == 1)).astype(np.float32)
    return X.T @ residuals / len(y)


@mistake_of("gradient")
def two_entries_always(theta, X, y):
    """These are the lecture's two equations. Where do the other columns of X come in, and is the first always ones?"""
    residuals = sigmoid(theta[0] + theta[1] * X[:, 1]) - (y == 1)
    return np.array([residuals.mean(), (residuals * X[:, 1]).mean()])


@mistake_of("gradient")
def labels_shifted_in_place(theta, X, y):
    """Your values are right. Call it twice with the same y: what are the labels the second time?"""
    y += 1
    y /= 2
    return X.T @ (sigmoid(X @ theta) - y) / len(y)


@mistake_of("gradient")
def quotient_of_exponentials(theta, X, y):
    """Right until the log-odds get large. Which step of yours can turn into infinity divided by infinity?"""
    odds = np.exp(X @ theta)
    return X.T @ (odds / (1 + odds) - (y == 1)) / len(y)


@mistake_of("gradient")
def one_class_not_averaged(theta, X, y):
    """You treat the two classes apart. Are both parts of your sum divided by the same number?"""
    p = sigmoid(X @ theta)
    positive, negative = y == 1, y == -1
    return X[positive].T @ (p[positive] - 1) / len(y) + X[negative].T @ p[negative]


@mistake_of("gradient")
def mean_of_the_class_means(theta, X, y):
    """Every sample should pull with the same weight. Does it in yours, when the classes are of unequal size?"""
    rows = (sigmoid(X @ theta) - (y == 1))[:, None] * X
    return np.mean([rows[y == label].mean(axis=0) for label in np.unique(y)], axis=0)


@mistake_of("gradient")
def slope_of_the_squared_error(theta, X, y):
    """There is one factor too many in your sum. Which loss has the slope that you have written down?"""
    p = sigmoid(X @ theta)
    return X.T @ ((p - (y == 1)) * p * (1 - p)) / len(y)


@mistake_of("gradient")
def slopes_shrunk_towards_zero(theta, X, y):
    """The first entry is right, the others are off by something that the data don't change. Where does that come
    from?"""
    slopes = X.T @ (sigmoid(X @ theta) - (y == 1)) / len(y)
    slopes[1:] += 0.01 * theta[1:]
    return slopes


@mistake_of("gradient")
def mean_over_everything(theta, X, y):
    """There should be one slope for each entry of theta. Which axis is your mean taken over?"""
    residuals = sigmoid(X @ theta) - (y == 1)
    return np.mean(residuals[:, None] * X)


@mistake_of("gradient")
def column_against_row(theta, X, y):
    """Print the shape of your residuals: there should be n of them. How many do you have, and what made them so
    many?"""
    residuals = sigmoid(X @ theta) - (y.reshape(-1, 1) == 1)
    return (X.T @ residuals).mean(axis=1) / len(y)


# ---- hessian --------------------------------------------------------------------------------------------------------


@mistake_of("hessian")
def n_by_n_matrix(theta, X, y):
    """The values are right. How many numbers does your largest array hold when there are 200,000 samples?"""
    p = sigmoid(X @ theta)
    return X.T @ np.diag(p * (1 - p)) @ X / len(y)


@mistake_of("hessian")
def weights_left_out(theta, X, y):
    """That is the curvature of least squares, the same everywhere. Where does theta come into yours?"""
    return X.T @ X / len(y)


@mistake_of("hessian")
def weights_of_theta_zero(theta, X, y):
    """Right at theta = 0, too large farther out. Do the weights of your samples depend on where you are?"""
    return X.T @ X / (4 * len(y))


@mistake_of("hessian")
def probability_as_weight(theta, X, y):
    """A sample about which the model is sure should hardly count, whichever class it is sure of. Does it in yours?"""
    return (X.T * sigmoid(X @ theta)) @ X / len(y)


@mistake_of("hessian")
def adds_up_the_curvatures(theta, X, y):
    """The risk is a mean over the samples. Is your Hessian one, too?"""
    p = sigmoid(X @ theta)
    return (X.T * (p * (1 - p))) @ X


@mistake_of("hessian")
def curved_the_wrong_way(theta, X, y):
    """The risk is convex. What does that say about the numbers on the diagonal of your matrix?"""
    p = sigmoid(X @ theta)
    return (X.T * (p * (p - 1))) @ X / len(y)


@mistake_of("hessian")
def diagonal_alone(theta, X, y):
    """Each entry of the diagonal is right. What about the derivative by one entry of theta, then by another one?"""
    p = sigmoid(X @ theta)
    return np.diag((p * (1 - p)) @ X**2 / len(y))


@mistake_of("hessian")
def upper_triangle_only(theta, X, y):
    """Does the order of two differentiations matter? Compare the entries on both sides of your diagonal."""
    p = sigmoid(X @ theta)
    d = len(theta)
    curvature = np.zeros((d, d))
    for j in range(d):
        for k in range(j, d):
            curvature[j, k] = np.mean(p * (1 - p) * X[:, j] * X[:, k])
    return curvature


@mistake_of("hessian")
def diagonal_not_averaged(theta, X, y):
    """With a single sample you are right. With more, are the diagonal and the rest divided by the same number?"""
    p = sigmoid(X @ theta)
    weights = p * (1 - p)
    d = len(theta)
    curvature = np.zeros((d, d))
    for j in range(d):
        curvature[j, j] = np.sum(weights * X[:, j] ** 2)
        for k in range(j):
            curvature[j, k] = curvature[k, j] = np.mean(weights * X[:, j] * X[:, k])
    return curvature


@mistake_of("hessian")
def weights_applied_twice(theta, X, y):
    """Count how often the weight of a sample enters your product."""
    p = sigmoid(X @ theta)
    weighted = X * (p * (1 - p))[:, None]
    return weighted.T @ weighted / len(y)


@mistake_of("hessian")
def labels_in_the_weights(theta, X, y):
    """Turn all the labels over: the curvature should stay as it is. Does yours?"""
    p = sigmoid(X @ theta)
    return (X.T * (y * p * (1 - p))) @ X / len(y)


@mistake_of("hessian")
def squared_residuals_as_weights(theta, X, y):
    """You multiply slopes with each other. That comes close on average in the true model, but is it a derivative of
    the gradient?"""
    residuals = sigmoid(X @ theta) - (y == 1)
    return (X.T * residuals**2) @ X / len(y)


@mistake_of("hessian")
def one_weight_for_all(theta, X, y):
    """Right for a single sample and at theta = 0. In which order do you take the mean and the weight?"""
    p = sigmoid(X @ theta).mean()
    return p * (1 - p) * X.T @ X / len(y)


@mistake_of("hessian")
def two_by_two_always(theta, X, y):
    """These are the lecture's four entries. Where do the other columns of X come in, and is the first always ones?"""
    p = sigmoid(X @ theta)
    w, x = p * (1 - p), X[:, -1]
    return np.array([[w.mean(), (w * x).mean()], [(w * x).mean(), (w * x**2).mean()]])


@mistake_of("hessian")
def scales_the_rows_in_place(theta, X, y):
    """Your values are right. Print X after the call: is it still the X that you were given?"""
    p = sigmoid(X @ theta)
    X *= np.sqrt(p * (1 - p))[:, None]
    return X.T @ X / len(y)


@mistake_of("hessian")
def difference_of_gradients(theta, X, y):
    """A difference quotient comes close, but not to 8 digits. How large is its error, and can it be made smaller?"""
    h = 1e-6
    columns = [(gradient(theta + h * move, X, y) - gradient(theta, X, y)) / h for move in np.eye(len(theta))]
    return np.array(columns)


@mistake_of("hessian")
def exponential_over_its_square(theta, X, y):
    """Right until the log-odds get large. Look at your weights there, numerator and denominator apart."""
    odds = np.exp(X @ theta)
    return (X.T * (odds / (1 + odds) ** 2)) @ X / len(y)


# ---- newton ---------------------------------------------------------------------------------------------------------


@mistake_of("newton")
def writes_into_theta0(X, y, theta0, max_iter=25):
    """Where you end is right. Print theta0 after the call: is it still where you started from?"""
    theta = theta0
    for _ in range(max_iter):
        theta -= np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def never_warns(X, y, theta0, max_iter=25):
    """On separable data your result is made by max_iter, not by the data. Who tells the caller?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    return theta


@mistake_of("newton")
def always_warns(X, y, theta0, max_iter=25):
    """A warning that always comes says nothing. When exactly is yours given?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    warnings.warn("the classes may be separable", stacklevel=2)
    return theta


@mistake_of("newton")
def raises_where_separable(X, y, theta0, max_iter=25):
    """You have noticed that the classes are separable. Does your caller still get the point that was reached?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        raise ValueError("the classes are separable")
    return theta


@mistake_of("newton")
def one_class_goes_unnoticed(X, y, theta0, max_iter=25):
    """Your warning compares one class with the other. What if all samples have the same label: is there a minimiser
    then?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    positive, negative = X[y == 1] @ theta, X[y == -1] @ theta
    if len(positive) and len(negative) and positive.min() > negative.max():
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def boundary_counts_as_separated(X, y, theta0, max_iter=25):
    """Think of two samples with the same x and different labels. Where does Newton's method end, and what are the
    margins there?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) >= 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def margins_before_the_last_step(X, y, theta0, max_iter=25):
    """You look whether the classes are separated. By which theta: the one that you return, or an earlier one?"""
    theta = np.array(theta0, dtype=float)
    separated = False
    for _ in range(max_iter):
        separated = np.all(y * (X @ theta) > 0)
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if separated:
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def warns_of_singular_hessians_only(X, y, theta0, max_iter=25):
    """Is a singular Hessian the same thing as separable classes? Look at what the Hessian is like after 25 steps on
    separable data."""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        curvature, slope = hessian(theta, X, y), gradient(theta, X, y)
        try:
            theta = theta - np.linalg.solve(curvature, slope)
        except np.linalg.LinAlgError:
            warnings.warn("the classes are separable: the Hessian is singular", stacklevel=2)
            theta = theta - np.linalg.lstsq(curvature, slope, rcond=None)[0]
    return theta


@mistake_of("newton")
def fails_where_singular(X, y, theta0, max_iter=25):
    """What does the function that solves your linear system do when two columns of X are the same?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - np.linalg.solve(hessian(theta, X, y), gradient(theta, X, y))
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def gives_up_where_singular(X, y, theta0, max_iter=25):
    """Where the Hessian is singular you stop without an error. Has the risk reached its minimum there, or could a step
    still lower it?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        try:
            step = np.linalg.solve(hessian(theta, X, y), gradient(theta, X, y))
        except np.linalg.LinAlgError:
            break
        theta = theta - step
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def two_steps_instead_of_one(X, y, theta0, max_iter=25):
    """Where you end is right. Count the steps that you take when max_iter is 1."""
    theta = np.array(theta0, dtype=float)
    t = 0
    while t <= max_iter:
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
        t += 1
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def intercept_before_the_slopes(X, y, theta0, max_iter=25):
    """All entries of theta move at once in a Newton step. At which theta are your gradient and your Hessian when the
    slopes move?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta[0] -= np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0][0]
        theta[1:] -= np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0][1:]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def curvature_of_the_start(X, y, theta0, max_iter=25):
    """Your first step is right, the later ones aren't. What has changed by then, and what hasn't in your code?"""
    theta = np.array(theta0, dtype=float)
    curvature = hessian(theta, X, y)
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(curvature, gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def divides_by_the_diagonal(X, y, theta0, max_iter=25):
    """With one column you are right. What happens to the entries of the Hessian that aren't on its diagonal?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        diagonal = np.diag(hessian(theta, X, y))
        theta = theta - gradient(theta, X, y) / np.maximum(diagonal, 1e-12)
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def stops_on_a_small_gradient(X, y, theta0, max_iter=25):
    """You stop a little too early. Which quantity has to be small before you may, and how small?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        slope = gradient(theta, X, y)
        if np.linalg.norm(slope) < 1e-5:
            break
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), slope, rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def stops_when_the_risk_stands_still(X, y, theta0, max_iter=25):
    """Near its minimum the risk is flat. How far from the minimiser can theta still be when your rule stops it?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        before = risk(theta, X, y)
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
        if abs(before - risk(theta, X, y)) < 1e-6:
            break
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def compares_theta_with_itself(X, y, theta0, max_iter=25):
    """You stop after the first step. When you compare the new theta with the previous one, are they two arrays, or two
    names for the same?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        previous = theta
        theta -= np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
        if np.abs(theta - previous).max() < 1e-10:
            break
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def starts_at_zero(X, y, theta0, max_iter=25):
    """Where you end is right, but not the way there. Start with max_iter=1 from two different points."""
    theta = np.zeros(X.shape[1])
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def ridge_against_singularity(X, y, theta0, max_iter=25):
    """Something is added to the Hessian, so it is never singular. What does that do to your steps where it wasn't
    singular anyway?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        curvature = hessian(theta, X, y) + 1e-5 * np.eye(len(theta))
        theta = theta - np.linalg.solve(curvature, gradient(theta, X, y))
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def sum_in_one_mean_in_the_other(X, y, theta0, max_iter=25):
    """With a single sample you would be right. Do the gradient and the Hessian of your step belong to the same
    function?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        p = sigmoid(X @ theta)
        curvature = (X.T * (p * (1 - p))) @ X
        theta = theta - np.linalg.lstsq(curvature, gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


@mistake_of("newton")
def single_precision_theta(X, y, theta0, max_iter=25):
    """About seven digits are right and the rest isn't. What dtype does your theta have?"""
    theta = np.array(theta0, dtype=np.float32)
    for _ in range(max_iter):
        theta -= np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the classes are separable", stacklevel=2)
    return theta


# ---- gradient_descent -----------------------------------------------------------------------------------------------


@mistake_of("gradient_descent")
def walks_on_theta0(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Where you end is right. Print theta0 after the call: is it still where you started from?"""
    theta = theta0
    for t in range(max_iter):
        theta -= learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def constant_rate(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Your first step is right, the later ones are a little too long. Where does t come in?"""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        theta = theta - learning_rate * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def schedule_from_one(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Your steps are a little too short, the first one already. What is t at the first step?"""
    theta = np.array(theta0, dtype=float)
    for t in range(1, max_iter + 1):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def rate_shrinks_again_and_again(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Two steps are right, the third isn't. Is your rate worked out anew at each step, or from the one before?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        learning_rate *= 50 / (t + 50)
        theta = theta - learning_rate * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def whole_number_division(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """After the first step theta doesn't move any more. Print your rate for t = 0, 1 and 2."""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        theta = theta - learning_rate * (50 // (t + 50)) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def rate_of_the_slide(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Your steps are those of the slide. Which of your arguments don't you use?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        theta = theta - 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def one_step_short(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Count your steps when max_iter is 1."""
    theta = np.array(theta0, dtype=float)
    t = 0
    while t + 1 < max_iter:
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
        t += 1
    return theta


@mistake_of("gradient_descent")
def walks_uphill(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Print the risk before and after a short step. Which way do you walk?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        theta = theta + learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def intercept_before_the_rest(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """All entries of theta move at once in a step. Which intercept does the gradient see when your slopes move?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        rate = learning_rate * 50 / (t + 50)
        theta[0] -= rate * gradient(theta, X, y)[0]
        theta[1:] -= rate * gradient(theta, X, y)[1:]
    return theta


@mistake_of("gradient_descent")
def one_entry_after_another(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """With one column you are right. Which theta does the gradient see when your second and third entries move?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        for j in range(len(theta)):
            theta[j] -= learning_rate * 50 / (t + 50) * gradient(theta, X, y)[j]
    return theta


@mistake_of("gradient_descent")
def stops_at_short_steps(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """You stop when little seems to happen. Does the question allow that here?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        step = learning_rate * 50 / (t + 50) * gradient(theta, X, y)
        if np.linalg.norm(step) < 1e-6:
            break
        theta = theta - step
    return theta


@mistake_of("gradient_descent")
def keeps_the_lowest_point(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """When a step overshoots, the risk rises. Which point is asked for: the one that the last step reached, or
    another?"""
    theta = np.array(theta0, dtype=float)
    best = theta
    for t in range(max_iter):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
        if risk(theta, X, y) < risk(best, X, y):
            best = theta
    return best


@mistake_of("gradient_descent")
def hundred_steps_by_default(X, y, theta0, learning_rate=20.0, max_iter=100):
    """Your steps are right. How many of them do you take when nothing is said?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def rate_of_the_slide_by_default(X, y, theta0, learning_rate=1.0, max_iter=1000):
    """Your steps are right when they are told their rate. Which one do they have when nothing is said?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def walk_starts_at_zero(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Take one step from two different points. Do you start where you are told to?"""
    theta = np.zeros(X.shape[1])
    for t in range(max_iter):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


@mistake_of("gradient_descent")
def slope_of_the_sum(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """With a single sample you are right; with more of them your steps are too long. Is the slope that of the mean?"""
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        slope = X.T @ (sigmoid(X @ theta) - (y == 1))
        theta = theta - learning_rate * 50 / (t + 50) * slope
    return theta


@mistake_of("gradient_descent")
def single_precision_walk(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """About seven digits are right and the rest isn't. What dtype does your theta have?"""
    theta = np.array(theta0, dtype=np.float32)
    for t in range(max_iter):
        theta -= learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta


# ---- theta_star -----------------------------------------------------------------------------------------------------


@mistake_of("theta_star")
def sigma_not_squared(mu_neg, mu_pos, sigma):
    """Write out the exponents of the two densities again: in which power does sigma stand there?"""
    return np.array([(mu_neg**2 - mu_pos**2) / (2 * sigma), (mu_pos - mu_neg) / sigma])


@mistake_of("theta_star")
def sigma_left_out(mu_neg, mu_pos, sigma):
    """Your result is the same for every sigma. Overlapping classes should give a flatter line than separate ones."""
    return np.array([(mu_neg**2 - mu_pos**2) / 2, mu_pos - mu_neg])


@mistake_of("theta_star")
def slope_over_sigma(mu_neg, mu_pos, sigma):
    """The intercept is right. Look at how the slope depends on sigma: try it with a sigma other than 1."""
    return np.array([(mu_neg**2 - mu_pos**2) / (2 * sigma**2), (mu_pos - mu_neg) / sigma])


@mistake_of("theta_star")
def two_squared_as_well(mu_neg, mu_pos, sigma):
    """Look at the brackets in the intercept: what exactly does your square apply to?"""
    intercept = (mu_neg**2 - mu_pos**2) / (2 * sigma) ** 2
    slope = (mu_pos - mu_neg) / sigma**2
    return np.array([intercept, slope])


@mistake_of("theta_star")
def odds_of_the_other_class(mu_neg, mu_pos, sigma):
    """Which class's density stands on top of the ratio? The log-odds should grow towards the mean of class +1."""
    intercept = (mu_pos**2 - mu_neg**2) / (2 * sigma**2)
    slope = (mu_neg - mu_pos) / sigma**2
    return np.array([intercept, slope])


@mistake_of("theta_star")
def slope_before_intercept(mu_neg, mu_pos, sigma):
    """Both numbers are right. In which order do the columns of X ask for them?"""
    slope = (mu_pos - mu_neg) / sigma**2
    intercept = (mu_neg**2 - mu_pos**2) / (2 * sigma**2)
    return np.array([slope, intercept])


@mistake_of("theta_star")
def half_forgotten(mu_neg, mu_pos, sigma):
    """The slope is right. Check the intercept: a constant factor of the exponent got lost on the way."""
    return np.array([mu_neg**2 - mu_pos**2, mu_pos - mu_neg]) / sigma**2


@mistake_of("theta_star")
def squares_added(mu_neg, mu_pos, sigma):
    """The slope is right. Check the signs in the intercept: which density do you divide by?"""
    intercept = -(mu_neg**2 + mu_pos**2) / (2 * sigma**2)
    slope = (mu_pos - mu_neg) / sigma**2
    return np.array([intercept, slope])


@mistake_of("theta_star")
def difference_squared(mu_neg, mu_pos, sigma):
    """The slope is right. In the intercept, look at what comes first: taking the square or taking the difference."""
    intercept = (mu_neg - mu_pos) ** 2 / (2 * sigma**2)
    slope = (mu_pos - mu_neg) / sigma**2
    return np.array([intercept, slope])


@mistake_of("theta_star")
def intercept_with_other_sign(mu_neg, mu_pos, sigma):
    """The slope is right. Expand the two squares once more and watch the sign of what doesn't depend on x."""
    d = (mu_pos - mu_neg) / sigma**2
    return np.array([d * (mu_neg + mu_pos) / 2, d])


@mistake_of("theta_star")
def boundary_as_intercept(mu_neg, mu_pos, sigma):
    """Your first number is where the two classes are equally likely. What are the log-odds there, and what at x = 0?"""
    boundary = (mu_neg + mu_pos) / 2
    slope = (mu_pos - mu_neg) / sigma**2
    return np.array([boundary, slope])


@mistake_of("theta_star")
def slope_always_positive(mu_neg, mu_pos, sigma):
    """What if class +1 lies to the left of class -1? Try it with the two means exchanged."""
    distance = np.abs(mu_pos - mu_neg)
    return np.array([(mu_neg**2 - mu_pos**2) / (2 * sigma**2), distance / sigma**2])


@mistake_of("theta_star")
def values_of_the_lecture(mu_neg, mu_pos, sigma):
    """This is right for the lecture's numbers. It should follow its arguments for any others, too."""
    return np.array([1.5, 3.0])


@mistake_of("theta_star")
def whole_numbers(mu_neg, mu_pos, sigma):
    """Look at the kind of division that you use: should the result be rounded?"""
    return np.array([(mu_neg**2 - mu_pos**2) // (2 * sigma**2), (mu_pos - mu_neg) // sigma**2])


# ---- generate_data --------------------------------------------------------------------------------------------------


@mistake_of("generate_data")
def sorted_by_class(n, mu_neg, mu_pos, sigma, rng):
    """The number of samples in each class is right. In which order do the rows come?"""
    n_pos = rng.binomial(n, 0.5)
    x = np.concatenate([rng.normal(mu_neg, sigma, n - n_pos), rng.normal(mu_pos, sigma, n_pos)])
    y = np.concatenate([-np.ones(n - n_pos), np.ones(n_pos)])
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def half_of_each_class(n, mu_neg, mu_pos, sigma, rng):
    """How many labels are +1 should itself be random. In yours it is always the same number."""
    y = np.ones(n)
    y[: n // 2] = -1
    rng.shuffle(y)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def labels_zero_and_one(n, mu_neg, mu_pos, sigma, rng):
    """Look at the two values that your labels take. Which two does this notebook work with?"""
    y = rng.integers(0, 2, size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def upper_end_left_out(n, mu_neg, mu_pos, sigma, rng):
    """Print a few labels: does every class occur? Look up whether the generator includes the upper end of a range."""
    y = 2.0 * rng.integers(0, 1, size=n) - 1
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def one_class_more_likely(n, mu_neg, mu_pos, sigma, rng):
    """Count the labels of a large sample: how often should each class come, and how often does it in yours?"""
    y = np.where(rng.random(n) < 2 / 3, 1.0, -1.0)
    x = np.where(y == 1, mu_pos, mu_neg) + sigma * rng.standard_normal(n)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def redrawn_until_both_classes(n, mu_neg, mu_pos, sigma, rng):
    """You never let a sample have labels of one class only. Does the model rule that out?"""
    y = rng.choice([-1.0, 1.0], size=n)
    while n > 1 and np.all(y == y[0]):
        y = rng.choice([-1.0, 1.0], size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def means_exchanged(n, mu_neg, mu_pos, sigma, rng):
    """Plot x against y for a large sample: which class lies around which mean?"""
    y = rng.choice([-1.0, 1.0], size=n)
    means = np.where(y == 1, mu_neg, mu_pos)
    x = means + sigma * rng.standard_normal(n)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def means_of_the_lecture(n, mu_neg, mu_pos, sigma, rng):
    """The means of your classes don't follow the arguments: try other means than the lecture's."""
    y = rng.choice([-1.0, 1.0], size=n)
    x = rng.normal(np.where(y == 1, 1.0, -2.0), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def variance_for_standard_deviation(n, mu_neg, mu_pos, sigma, rng):
    """Which measure of spread does numpy's normal take as its second argument? Try a sigma other than 1."""
    y = rng.choice([-1.0, 1.0], size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma**2)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def sigma_ignored(n, mu_neg, mu_pos, sigma, rng):
    """The spread of x is the same for every sigma. Where does sigma come in?"""
    y = rng.choice([-1.0, 1.0], size=n)
    x = np.where(y == 1, mu_pos, mu_neg) + rng.standard_normal(n)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def uniform_noise(n, mu_neg, mu_pos, sigma, rng):
    """Draw a histogram of x within one class. Is that the shape of a normal distribution?"""
    y = rng.choice([-1.0, 1.0], size=n)
    x = np.where(y == 1, mu_pos, mu_neg) + rng.uniform(-sigma, sigma, size=n)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def one_x_for_each_class(n, mu_neg, mu_pos, sigma, rng):
    """How many different values does x take? Look at how many normal numbers you draw."""
    y = rng.choice([-1.0, 1.0], size=n)
    x = np.where(y == 1, rng.normal(mu_pos, sigma), rng.normal(mu_neg, sigma))
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def numbers_from_np_random(n, mu_neg, mu_pos, sigma, rng):
    """Two generators with the same seed should give the same data. Where do your random numbers come from?"""
    y = np.random.choice([-1.0, 1.0], size=n)
    x = np.random.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def seed_fixed_inside(n, mu_neg, mu_pos, sigma, rng):
    """Call it twice and compare the samples. Which generator do you draw from, and who should choose its seed?"""
    rng = np.random.default_rng(0)
    y = rng.choice([-1.0, 1.0], size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([np.ones(n), x]), y


@mistake_of("generate_data")
def ones_in_the_last_column(n, mu_neg, mu_pos, sigma, rng):
    """The numbers are right. Which column of X belongs to the intercept?"""
    y = rng.choice([-1.0, 1.0], size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.column_stack([x, np.ones(n)]), y


@mistake_of("generate_data")
def samples_in_columns(n, mu_neg, mu_pos, sigma, rng):
    """Print X.shape: does a sample stand in a row of X or in a column?"""
    y = rng.choice([-1.0, 1.0], size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.array([np.ones(n), x]), y


# ---- simulate_estimates ---------------------------------------------------------------------------------------------
# A simulation is repeated thousands of times to see how often its mistake is caught, so these take all M replicates
# at once, as the reference does.


def _samples(n, M, rng):
    """M samples of size n in the lecture's setting: X (M, n, 2), y (M, n, 1)."""
    X, y = generate_data(M * n, **LECTURE, rng=rng)
    return X.reshape(M, n, 2), y.reshape(M, n, 1)


def _starts(M, rng):
    """M initial points: (M, 2, 1)."""
    return rng.uniform(-0.1, 0.1, size=(M, 2, 1))


def _steps_of(method):
    """The function that takes all the steps of a method, for M samples at once. Raises ValueError for another one."""
    if method == "newton":
        return _newton_steps
    if method == "gradient_descent":
        return _gradient_descent_steps
    raise ValueError(f"unknown method {method!r}")


def _descend(X, y, theta, rates):
    """A gradient step for each rate, for M samples at once: X (M, n, 2), y (M, n, 1), theta (M, 2, 1) → (M, 2, 1)."""
    XT = X.swapaxes(1, 2)
    for rate in rates:
        theta = theta - rate * (XT @ (np.tanh(X @ theta / 2) - y)) / (2 * y.shape[1])
    return theta


@mistake_of("simulate_estimates")
def anything_else_is_descent(method, sample_sizes, M, rng):
    """What does your function do with a method that it doesn't know, or with a typing error in its name?"""
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        steps = _newton_steps if method == "newton" else _gradient_descent_steps
        estimates[n] = steps(X, y, _starts(M, rng))[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def unknown_method_is_a_key_error(method, sample_sizes, M, rng):
    """An unknown method does raise an exception. Is it of the kind that the question asks for?"""
    steps = {"newton": _newton_steps, "gradient_descent": _gradient_descent_steps}[method]
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        estimates[n] = steps(X, y, _starts(M, rng))[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def sorts_the_list_given(method, sample_sizes, M, rng):
    """Print sample_sizes before and after the call. Does the list still belong to your caller?"""
    steps = _steps_of(method)
    sample_sizes.sort()
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        estimates[n] = steps(X, y, _starts(M, rng))[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def generator_seeded_inside(method, sample_sizes, M, rng):
    """Call it with two different generators and compare. Which of your lines decides what is drawn?"""
    steps = _steps_of(method)
    rng = np.random.default_rng(42)
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        estimates[n] = steps(X, y, _starts(M, rng))[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def starts_from_np_random(method, sample_sizes, M, rng):
    """The same generator should give the same estimates to the last digit. Where does each random number come from?"""
    steps = _steps_of(method)
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta0 = np.random.uniform(-0.1, 0.1, size=(M, 2, 1))
        estimates[n] = steps(X, y, theta0)[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def one_sample_for_all_replicates(method, sample_sizes, M, rng):
    """Your replicates hardly differ. What has to be drawn anew for each of them, and where do you draw it?"""
    steps = _steps_of(method)
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, 1, rng)
        X, y = np.repeat(X, M, axis=0), np.repeat(y, M, axis=0)
        estimates[n] = steps(X, y, _starts(M, rng))[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def one_array_for_all_sizes(method, sample_sizes, M, rng):
    """Compare the entries of your dictionary with each other. Where is the array made that you fill?"""
    steps = _steps_of(method)
    estimates, theta = {}, np.zeros((M, 2))
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta[:] = steps(X, y, _starts(M, rng))[:, :, 0]
        estimates[n] = theta
    return estimates


@mistake_of("simulate_estimates")
def first_size_for_all(method, sample_sizes, M, rng):
    """Do your estimates get closer to the true parameter as n grows? Look at which size your samples have."""
    steps = _steps_of(method)
    n = sample_sizes[0]
    estimates = {}
    for size in sample_sizes:
        X, y = _samples(n, M, rng)
        estimates[size] = steps(X, y, _starts(M, rng))[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def replicates_in_columns(method, sample_sizes, M, rng):
    """Print the shape of one entry: does a replicate stand in a row or in a column?"""
    steps = _steps_of(method)
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta = steps(X, y, _starts(M, rng))
        estimates[n] = np.array([theta[:, 0, 0], theta[:, 1, 0]])
    return estimates


@mistake_of("simulate_estimates")
def two_newton_steps(method, sample_sizes, M, rng):
    """Gradient descent is fine. Newton's method hasn't arrived yet: how many steps do you give it?"""
    steps = _steps_of(method)
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta = _starts(M, rng)
        if method == "newton":
            XT = X.swapaxes(1, 2)
            for _ in range(2):
                p = sigmoid(X @ theta)
                theta = theta - np.linalg.pinv(XT @ (p * (1 - p) * X)) @ (XT @ (p - (y == 1)))
        else:
            theta = steps(X, y, theta)
        estimates[n] = theta[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def hundred_gradient_steps(method, sample_sizes, M, rng):
    """Newton's method is fine. Gradient descent stops further from the minimum than it should: count its steps."""
    if method not in ("newton", "gradient_descent"):
        raise ValueError("method must be newton or gradient_descent")
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta0 = _starts(M, rng)
        if method == "newton":
            theta = _newton_steps(X, y, theta0)
        else:
            rates = 20.0 * 50 / (np.arange(100) + 50)
            theta = _descend(X, y, theta0, rates)
        estimates[n] = theta[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def rate_of_one_in_descent(method, sample_sizes, M, rng):
    """Newton's method is fine. Gradient descent hardly leaves its initial point: how long is its first step?"""
    if method not in ("newton", "gradient_descent"):
        raise ValueError("method must be newton or gradient_descent")
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta0 = _starts(M, rng)
        if method == "newton":
            theta = _newton_steps(X, y, theta0)
        else:
            rates = 50 / (np.arange(1000) + 50)
            theta = _descend(X, y, theta0, rates)
        estimates[n] = theta[:, :, 0]
    return estimates


@mistake_of("simulate_estimates")
def starts_where_the_last_size_ended(method, sample_sizes, M, rng):
    """Every estimate should be made afresh. From which point do you start for the second sample size?"""
    steps = _steps_of(method)
    theta = _starts(M, rng)
    estimates = {}
    for n in sample_sizes:
        X, y = _samples(n, M, rng)
        theta = steps(X, y, theta)
        estimates[n] = theta[:, :, 0]
    return estimates


# ---- plot_errors ----------------------------------------------------------------------------------------------------


@mistake_of("plot_errors")
def mean_for_median(estimates):
    """A few replicates that run far away pull your curve up. Which average was asked for?"""
    sizes = sorted(estimates)
    errors = [np.mean(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def squared_distances(estimates):
    """Take one estimate and compute its distance from the true parameter by hand. Is a step missing in yours?"""
    sizes = sorted(estimates)
    errors = [np.median(((estimates[n] - theta_star(**LECTURE)) ** 2).sum(axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def distance_of_the_median(estimates):
    """You take two steps, a median and a distance. In which order should they come?"""
    sizes = sorted(estimates)
    errors = [np.linalg.norm(np.median(estimates[n], axis=0) - theta_star(**LECTURE)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def norms_of_the_columns(estimates):
    """For each n there should be one distance for each replicate. How many does your norm return?"""
    sizes = sorted(estimates)
    errors = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=0)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def distances_from_the_origin(estimates):
    """With more data the error should fall towards 0; yours doesn't. Which point do you measure it from?"""
    sizes = sorted(estimates)
    errors = [np.median(np.linalg.norm(estimates[n], axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def absolute_values_added(estimates):
    """You add up the errors of intercept and slope. Is that the distance between two points of the plane?"""
    sizes = sorted(estimates)
    errors = [np.median(np.abs(estimates[n] - theta_star(**LECTURE)).sum(axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def slope_only(estimates):
    """Your error looks at the slope. What about the other parameter?"""
    sizes = sorted(estimates)
    true_slope = theta_star(**LECTURE)[1]
    errors = [np.median(np.abs(estimates[n][:, 1] - true_slope)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def errors_scaled_by_root_n(estimates):
    """Your curve should fall, and it stays about level. What do you do with the errors before you draw them?"""
    sizes = sorted(estimates)
    errors = [np.median(np.sqrt(n) * np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def against_their_number(estimates):
    """The heights are right. Look at the numbers along the axis below them: are these the sample sizes?"""
    errors = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sorted(estimates)]
    fig, ax = plt.subplots()
    ax.plot(errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def sizes_up_the_side(estimates):
    """The numbers are right. Which of the two belongs on the horizontal axis?"""
    sizes = sorted(estimates)
    errors = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(errors, sizes, "o-")
    ax.set(xlabel="error", ylabel="n")
    return fig


@mistake_of("plot_errors")
def logarithms_drawn(estimates):
    """You draw logarithms of the numbers. Draw the numbers themselves; an axis can have a logarithmic scale."""
    sizes = sorted(estimates)
    errors = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(np.log10(sizes), np.log10(errors), "o-")
    ax.set(xlabel="log n", ylabel="log error")
    return fig


@mistake_of("plot_errors")
def only_the_sizes_sorted(estimates):
    """Try a dictionary whose sizes don't come in order: does each error still stand above its own n?"""
    errors = [np.median(np.linalg.norm(found - theta_star(**LECTURE), axis=1)) for found in estimates.values()]
    fig, ax = plt.subplots()
    ax.plot(sorted(estimates), errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def axes_without_names(estimates):
    """The curve is right. What would somebody need who sees this figure for the first time?"""
    sizes = sorted(estimates)
    errors = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set_title("Median error against n")
    return fig


@mistake_of("plot_errors")
def shifts_the_estimates_given(estimates):
    """The figure is right. Look at the estimates after the call, or draw the figure twice: what has changed?"""
    sizes, errors = sorted(estimates), []
    for n in sizes:
        difference = estimates[n]
        difference -= theta_star(**LECTURE)
        errors.append(np.median(np.linalg.norm(difference, axis=1)))
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def empties_the_dictionary(estimates):
    """The figure is right. Print the dictionary after the call: is everything still there?"""
    sizes, errors = [], []
    while estimates:
        n, found = estimates.popitem()
        sizes.append(n)
        errors.append(np.median(np.linalg.norm(found - theta_star(**LECTURE), axis=1)))
    fig, ax = plt.subplots()
    ax.plot(sizes, errors, "o-")
    ax.set(xlabel="n", ylabel="error")
    return fig


@mistake_of("plot_errors")
def shown_but_not_returned(estimates):
    """Your figure is drawn. What does the function give back to its caller?"""
    sizes = sorted(estimates)
    errors = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in sizes]
    plt.plot(sizes, errors, "o-")
    plt.xlabel("n")
    plt.ylabel("error")


# ---- plot_scaled_scatter --------------------------------------------------------------------------------------------


def _one_panel_each(clouds, titles):
    """A row of scatters with common limits: clouds and titles in the order of the panels."""
    fig, axes = plt.subplots(1, len(clouds), sharex=True, sharey=True, squeeze=False)
    for ax, cloud, title in zip(axes[0], clouds, titles, strict=True):
        ax.scatter(cloud[:, 0], cloud[:, 1], s=10)
        ax.set_title(title)
    return fig


@mistake_of("plot_scaled_scatter")
def root_n_forgotten(estimates):
    """Your clouds shrink as n grows. What should keep them at one size?"""
    sizes = sorted(estimates)
    clouds = [estimates[n] - theta_star(**LECTURE) for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def scaled_by_n(estimates):
    """Your clouds grow with n. Look at the factor in front of the error."""
    sizes = sorted(estimates)
    clouds = [n * (estimates[n] - theta_star(**LECTURE)) for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def true_parameter_not_subtracted(estimates):
    """Your clouds move away as n grows. What should stand in the bracket before you scale it?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(n) * estimates[n] for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def only_the_estimate_scaled(estimates):
    """Look at the brackets: is the whole error scaled, or a part of it?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(n) * estimates[n] - theta_star(**LECTURE) for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def centred_on_their_mean(estimates):
    """Every one of your clouds has its mean exactly at 0, so a bias can't show. Which point should be subtracted?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(n) * (estimates[n] - estimates[n].mean(axis=0)) for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def first_size_scales_all(estimates):
    """The first panel is right. Which n stands in the factor of the others?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(sizes[0]) * (estimates[n] - theta_star(**LECTURE)) for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def absolute_errors(estimates):
    """All your points lie in one corner. An error has a direction, too: where does it get lost?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(n) * np.abs(estimates[n] - theta_star(**LECTURE)) for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def slope_across(estimates):
    """The points are right but for one thing: which of the two parameters goes on which axis?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(n) * (estimates[n] - theta_star(**LECTURE))[:, ::-1] for n in sizes]
    return _one_panel_each(clouds, [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def two_replicates_only(estimates):
    """Count the points in a panel. Which axis of the array runs over the replicates, and which do you pick from?"""
    sizes = sorted(estimates)
    fig, axes = plt.subplots(1, len(sizes), sharex=True, sharey=True, squeeze=False)
    for ax, n in zip(axes[0], sizes, strict=True):
        cloud = np.sqrt(n) * (estimates[n] - theta_star(**LECTURE))
        ax.scatter(cloud[0], cloud[1])
        ax.set_title(f"n = {n}")
    return fig


@mistake_of("plot_scaled_scatter")
def panels_in_the_order_given(estimates):
    """Try a dictionary whose sizes don't come in order: in which order do your panels come?"""
    clouds = [np.sqrt(n) * (found - theta_star(**LECTURE)) for n, found in estimates.items()]
    return _one_panel_each(clouds, [f"n = {n}" for n in estimates])


@mistake_of("plot_scaled_scatter")
def only_the_titles_sorted(estimates):
    """Try a dictionary whose sizes don't come in order: does each title still stand above its own cloud?"""
    clouds = [np.sqrt(n) * (found - theta_star(**LECTURE)) for n, found in estimates.items()]
    return _one_panel_each(clouds, [f"n = {n}" for n in sorted(estimates)])


@mistake_of("plot_scaled_scatter")
def limits_of_their_own(estimates):
    """The points are right. To compare the clouds by eye, what must the panels have in common?"""
    sizes = sorted(estimates)
    fig, axes = plt.subplots(1, len(sizes), squeeze=False)
    for ax, n in zip(axes[0], sizes, strict=True):
        cloud = np.sqrt(n) * (estimates[n] - theta_star(**LECTURE))
        ax.scatter(cloud[:, 0], cloud[:, 1])
        ax.set_title(f"n = {n}")
    return fig


@mistake_of("plot_scaled_scatter")
def one_direction_shared(estimates):
    """In one direction your panels have the same limits. What about the other?"""
    sizes = sorted(estimates)
    fig, axes = plt.subplots(1, len(sizes), sharey=True, squeeze=False)
    for ax, n in zip(axes[0], sizes, strict=True):
        cloud = np.sqrt(n) * (estimates[n] - theta_star(**LECTURE))
        ax.scatter(cloud[:, 0], cloud[:, 1])
        ax.set_title(f"n = {n}")
    return fig


@mistake_of("plot_scaled_scatter")
def panels_without_titles(estimates):
    """The points are right. How does a reader know which panel belongs to which sample size?"""
    sizes = sorted(estimates)
    clouds = [np.sqrt(n) * (estimates[n] - theta_star(**LECTURE)) for n in sizes]
    return _one_panel_each(clouds, ["scaled errors" for _ in sizes])


@mistake_of("plot_scaled_scatter")
def all_in_one_panel(estimates):
    """The points are right, but the clouds lie on top of each other. How many panels were asked for?"""
    fig, ax = plt.subplots()
    for n in sorted(estimates):
        cloud = np.sqrt(n) * (estimates[n] - theta_star(**LECTURE))
        ax.scatter(cloud[:, 0], cloud[:, 1], label=f"n = {n}")
    ax.legend()
    return fig


@mistake_of("plot_scaled_scatter")
def scales_the_estimates_given(estimates):
    """The figure is right. Look at the estimates after the call, or draw the figure twice: what has changed?"""
    sizes = sorted(estimates)
    for n in sizes:
        estimates[n] -= theta_star(**LECTURE)
        estimates[n] *= np.sqrt(n)
    return _one_panel_each([estimates[n] for n in sizes], [f"n = {n}" for n in sizes])


@mistake_of("plot_scaled_scatter")
def one_size_is_too_few(estimates):
    """Try a dictionary with a single sample size. What does plt.subplots return then?"""
    fig, axes = plt.subplots(1, len(estimates), sharex=True, sharey=True)
    for ax, n in zip(axes, sorted(estimates), strict=True):
        cloud = np.sqrt(n) * (estimates[n] - theta_star(**LECTURE))
        ax.scatter(cloud[:, 0], cloud[:, 1])
        ax.set_title(f"n = {n}")
    return fig


# ---- optimization_errors --------------------------------------------------------------------------------------------


@mistake_of("optimization_errors")
def risk_itself(X, y, theta0, steps):
    """Your numbers don't fall towards 0. What should they be measured from?"""
    return {
        "newton": np.array([risk(newton(X, y, theta0, max_iter=t), X, y) for t in steps]),
        "gradient_descent": np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) for t in steps]),
    }


@mistake_of("optimization_errors")
def above_the_lowest_seen(X, y, theta0, steps):
    """Your smallest error is exactly 0, even after a single step. Is the least risk that you saw the minimum?"""
    by_newton = np.array([risk(newton(X, y, theta0, max_iter=t), X, y) for t in steps])
    by_descent = np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) for t in steps])
    lowest = min(by_newton.min(), by_descent.min())
    return {"newton": by_newton - lowest, "gradient_descent": by_descent - lowest}


@mistake_of("optimization_errors")
def above_the_true_parameter(X, y, theta0, steps):
    """The risk at the true parameter isn't the least empirical risk. Which point has the least on these data?"""
    lowest = risk(theta_star(**LECTURE), X, y)
    return {
        "newton": np.array([risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
        "gradient_descent": np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
    }


@mistake_of("optimization_errors")
def above_what_descent_reaches(X, y, theta0, steps):
    """Is the risk that you subtract really the least? Ask yourself whether its method has arrived by then."""
    lowest = risk(gradient_descent(X, y, theta0), X, y)
    return {
        "newton": np.array([risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
        "gradient_descent": np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
    }


@mistake_of("optimization_errors")
def distance_to_the_minimiser(X, y, theta0, steps):
    """You measure how far theta is from the minimiser. The question asks how far above the minimum the risk is."""
    best = newton(X, y, np.zeros(X.shape[1]), max_iter=100)
    return {
        "newton": np.array([np.linalg.norm(newton(X, y, theta0, max_iter=t) - best) for t in steps]),
        "gradient_descent": np.array([np.linalg.norm(gradient_descent(X, y, theta0, 20.0, t) - best) for t in steps]),
    }


@mistake_of("optimization_errors")
def one_step_too_many(X, y, theta0, steps):
    """What should the error be after no step at all? Compare it with what you return for t = 0."""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    errors = {"newton": [], "gradient_descent": []}
    for t in steps:
        errors["newton"].append(risk(newton(X, y, theta0, max_iter=t + 1), X, y) - lowest)
        errors["gradient_descent"].append(risk(gradient_descent(X, y, theta0, max_iter=t + 1), X, y) - lowest)
    return {method: np.array(values) for method, values in errors.items()}


@mistake_of("optimization_errors")
def starting_point_not_recorded(X, y, theta0, steps):
    """All is right but the error after no step. Which entry of your list do you read for t = 0?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    last = max(max(steps), 1)
    by_newton = [risk(newton(X, y, theta0, max_iter=t), X, y) for t in range(1, last + 1)]
    by_descent = [risk(gradient_descent(X, y, theta0, max_iter=t), X, y) for t in range(1, last + 1)]
    return {
        "newton": np.array([by_newton[t - 1] for t in steps]) - lowest,
        "gradient_descent": np.array([by_descent[t - 1] for t in steps]) - lowest,
    }


@mistake_of("optimization_errors")
def every_step_up_to_the_last(X, y, theta0, steps):
    """How many errors do you return, and how many numbers of steps were asked for?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    times = range(max(steps) + 1)
    return {
        "newton": np.array([risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in times]),
        "gradient_descent": np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest for t in times]),
    }


@mistake_of("optimization_errors")
def errors_in_order_of_steps(X, y, theta0, steps):
    """Ask for the steps in another order than ascending: does each error stand where its t stands?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    by_newton, by_descent = [], []
    for t in sorted(steps):
        by_newton.append(risk(newton(X, y, theta0, max_iter=t), X, y) - lowest)
        by_descent.append(risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest)
    return {"newton": np.array(by_newton), "gradient_descent": np.array(by_descent)}


@mistake_of("optimization_errors")
def goes_on_from_the_last(X, y, theta0, steps):
    """From which point do you take the t steps? Look at where your theta stands when the loop comes round again."""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    errors = {}
    for name, fit in (("newton", newton), ("gradient_descent", gradient_descent)):
        theta, values = theta0, []
        for t in steps:
            theta = fit(X, y, theta, max_iter=t)
            values.append(risk(theta, X, y) - lowest)
        errors[name] = np.array(values)
    return errors


@mistake_of("optimization_errors")
def best_so_far(X, y, theta0, steps):
    """Your errors never rise from one entry to the next, in whatever order the steps come. Should they stay so?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    by_newton = [risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]
    by_descent = [risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]
    return {"newton": np.minimum.accumulate(by_newton), "gradient_descent": np.minimum.accumulate(by_descent)}


@mistake_of("optimization_errors")
def both_methods_start_at_zero(X, y, theta0, steps):
    """Your errors don't depend on theta0. Where should both methods begin?"""
    start = np.zeros(X.shape[1])
    lowest = risk(newton(X, y, start, max_iter=100), X, y)
    return {
        "newton": np.array([risk(newton(X, y, start, max_iter=t), X, y) - lowest for t in steps]),
        "gradient_descent": np.array([risk(gradient_descent(X, y, start, max_iter=t), X, y) - lowest for t in steps]),
    }


@mistake_of("optimization_errors")
def moves_theta0_itself(X, y, theta0, steps):
    """The errors are right. Print theta0 after the call: on whose array do your steps work?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    by_newton = [risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]
    theta, by_descent = theta0, [risk(theta0, X, y) - lowest]
    for t in range(max(steps)):
        theta -= 20.0 * 50 / (t + 50) * gradient(theta, X, y)
        by_descent.append(risk(theta, X, y) - lowest)
    return {"newton": np.array(by_newton), "gradient_descent": np.array([by_descent[t] for t in steps])}


@mistake_of("optimization_errors")
def empties_the_steps(X, y, theta0, steps):
    """The errors are right. Print steps after the call: whose list is it that your loop uses up?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    by_newton, by_descent = [], []
    while steps:
        t = steps.pop(0)
        by_newton.append(risk(newton(X, y, theta0, max_iter=t), X, y) - lowest)
        by_descent.append(risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest)
    return {"newton": np.array(by_newton), "gradient_descent": np.array(by_descent)}


@mistake_of("optimization_errors")
def rate_of_one(X, y, theta0, steps):
    """Newton's errors are right. At which learning rate does your gradient descent run?"""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    return {
        "newton": np.array([risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
        "gradient_descent": np.array([risk(gradient_descent(X, y, theta0, 1.0, t), X, y) - lowest for t in steps]),
    }


@mistake_of("optimization_errors")
def errors_under_the_other_name(X, y, theta0, steps):
    """Which of the two methods should be faster? Compare that with the names in your dictionary."""
    lowest = risk(newton(X, y, np.zeros(X.shape[1]), max_iter=100), X, y)
    return {
        "newton": np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
        "gradient_descent": np.array([risk(newton(X, y, theta0, max_iter=t), X, y) - lowest for t in steps]),
    }
