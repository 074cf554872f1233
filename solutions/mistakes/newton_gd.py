"""Wrong answers to the questions of newton_gd, each with one wrong step; the docstring is the hint for its author."""

import warnings

import numpy as np

from solutions.banks import mistake_of
from solutions.newton_gd import gradient, hessian, risk, sigmoid

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
