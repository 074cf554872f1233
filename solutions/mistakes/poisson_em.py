"""Wrong answers to the questions of poisson_em, each with one wrong step; the docstring is the hint for its author."""

import numpy as np
from scipy import optimize, stats
from scipy.special import expit, gammaln, log_softmax, logsumexp, softmax

from solutions.banks import mistake_of
from solutions.poisson_em import (
    _log_joint,
    _maximise,
    e_step,
    m_step,
    mixture_log_likelihood,
    poisson_gradient,
    poisson_hessian,
    poisson_nll,
)

# ---- poisson_nll ----------------------------------------------------------------------------------------------------


@mistake_of("poisson_nll")
def mean_of_the_losses(w, X, y):
    """Write every song down twice. What should happen to a sum over the songs, and what happens to yours?"""
    log_rates = X @ w
    return np.mean(np.exp(log_rates) - y * log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def log_likelihood_itself(w, X, y):
    """Is a large value of yours good news or bad news for w? Look at which of the two the question asks for."""
    log_rates = X @ w
    return np.sum(y * log_rates - np.exp(log_rates) - gammaln(y + 1))


@mistake_of("poisson_nll")
def rate_without_exponential(w, X, y):
    """A mean count can't be negative. How does the model turn the product of w and a song into a mean?"""
    rates = X @ w
    return np.sum(rates - y * np.log(rates) + gammaln(y + 1))


@mistake_of("poisson_nll")
def exponential_in_neither_term(w, X, y):
    """Two terms of yours depend on w. Which of them holds the mean count itself, and which one its logarithm?"""
    log_rates = X @ w
    return np.sum(log_rates - y * log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def count_times_the_rate(w, X, y):
    """Take the logarithm of the Poisson probability once more: what is left of the power with the exponent y?"""
    rates = np.exp(X @ w)
    return np.sum(rates - y * rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def both_terms_added(w, X, y):
    """A song that is played a lot should pull its rate up. Which of your terms does that, and with which sign?"""
    log_rates = X @ w
    return np.sum(np.exp(log_rates) + y * log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def counts_left_out(w, X, y):
    """Change the counts and compare. Does the part of yours that depends on w notice?"""
    log_rates = X @ w
    return np.sum(np.exp(log_rates) - log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def factorial_overflows(w, X, y):
    """Right for small counts. What does your factorial give for a song that was played 200 times?"""
    from scipy.special import factorial

    log_rates = X @ w
    return np.sum(np.exp(log_rates) - y * log_rates + np.log(factorial(y)))


@mistake_of("poisson_nll")
def logarithm_of_the_exponential(w, X, y):
    """Which number is your rate where the log-rate is -1000, and what does its logarithm become?"""
    rates = np.exp(X @ w)
    return np.sum(rates - y * np.log(rates) + gammaln(y + 1))


@mistake_of("poisson_nll")
def log_probability_of_an_underflown_rate(w, X, y):
    """The library's function is right about the rate that it gets. What has become of that rate when the log-rate
    is -1000?"""
    return -np.sum(stats.poisson.logpmf(y, np.exp(X @ w)))


@mistake_of("poisson_nll")
def logarithm_of_the_product(w, X, y):
    """Right for a few songs. How small does a product of many probabilities get, before its logarithm is taken?"""
    probabilities = stats.poisson.pmf(y, np.exp(X @ w))
    return -np.log(np.prod(probabilities))


@mistake_of("poisson_nll")
def tiny_number_in_the_logarithm(w, X, y):
    """The small number keeps the logarithm finite. But what does it do to a song whose log-rate is -100?"""
    rates = np.exp(X @ w)
    return np.sum(rates - y * np.log(rates + 1e-10) + gammaln(y + 1))


@mistake_of("poisson_nll")
def cuts_off_log_rates(w, X, y):
    """Beyond the bounds that you set for the log-rates nothing changes any more. Is the likelihood flat there?"""
    log_rates = np.clip(X @ w, -30, 30)
    return np.sum(np.exp(log_rates) - y * log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def songs_without_plays_dropped(w, X, y):
    """A song that was never played says something about w, too. Does it count in your sum?"""
    heard = y > 0
    log_rates = X[heard] @ w
    return np.sum(np.exp(log_rates) - y[heard] * log_rates + gammaln(y[heard] + 1))


@mistake_of("poisson_nll")
def truncated_at_one(w, X, y):
    """You condition on every song being played at least once. Is that the model that is asked for here?"""
    log_rates = X @ w
    rates = np.exp(log_rates)
    return np.sum(rates - y * log_rates + gammaln(y + 1) + np.log(-np.expm1(-rates)))


@mistake_of("poisson_nll")
def squares_of_the_residuals(w, X, y):
    """You measure how far the rates are from the counts. That is a loss, but the logarithm of which probability?"""
    return np.sum((y - np.exp(X @ w)) ** 2)


@mistake_of("poisson_nll")
def column_of_counts_against_row(w, X, y):
    """Right for a single song. Print the shape of what you add up: how many numbers is it for n songs?"""
    log_rates = X @ w
    counts = np.reshape(y, (-1, 1))
    return np.sum(np.exp(log_rates) - counts * log_rates + gammaln(counts + 1))


@mistake_of("poisson_nll")
def one_value_for_each_song(w, X, y):
    """These are the songs one by one, and each of them is right. How many numbers are asked for?"""
    log_rates = X @ w
    return np.exp(log_rates) - y * log_rates + gammaln(y + 1)


@mistake_of("poisson_nll")
def scales_the_songs_in_place(w, X, y):
    """The value is right. Call it twice with the same X: what has the first call done to it?"""
    X *= w
    log_rates = X.sum(axis=1)
    return np.sum(np.exp(log_rates) - y * log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def intercept_by_itself(w, X, y):
    """Every column of X has its weight. Which column does your first weight belong to, and is it always ones?"""
    log_rates = w[0] + X[:, 1:] @ w[1:]
    return np.sum(np.exp(log_rates) - y * log_rates + gammaln(y + 1))


@mistake_of("poisson_nll")
def penalty_left_in(w, X, y):
    """At w = 0 you are right, farther out a bit too large. Is there a term in yours that no song contributes?"""
    log_rates = X @ w
    return np.sum(np.exp(log_rates) - y * log_rates + gammaln(y + 1)) + 0.5 * np.sum(np.square(w))


@mistake_of("poisson_nll")
def single_precision_rates(w, X, y):
    """About seven digits are right and the rest isn't. What dtype do your log-rates have?"""
    log_rates = (X @ w).astype(np.float32)
    return float(np.sum(np.exp(log_rates) - y.astype(np.float32) * log_rates, dtype=np.float64))


# ---- poisson_gradient -----------------------------------------------------------------------------------------------


@mistake_of("poisson_gradient")
def mean_of_the_slopes(w, X, y):
    """The loss is a sum over the songs. What is your gradient, when every song is written down twice?"""
    return X.T @ (np.exp(X @ w) - y) / len(y)


@mistake_of("poisson_gradient")
def count_minus_rate(w, X, y):
    """Go a small step along your vector: does the loss rise or fall? Compare that with what a gradient does."""
    return X.T @ (y - np.exp(X @ w))


@mistake_of("poisson_gradient")
def residual_of_the_log_rate(w, X, y):
    """Which two numbers do you compare for each song: is each of them a number of plays?"""
    return X.T @ (X @ w - y)


@mistake_of("poisson_gradient")
def residual_of_logarithms(w, X, y):
    """You compare on the scale of logarithms. Differentiate the loss once more: on which scale are its residuals?"""
    return X.T @ (X @ w - np.log(y + 1))


@mistake_of("poisson_gradient")
def songs_not_transposed(w, X, y):
    """Write the shapes of the two factors of your product next to each other: do they fit, and what comes out?"""
    return X @ (np.exp(X @ w) - y)


@mistake_of("poisson_gradient")
def rates_alone(w, X, y):
    """Change the counts: the slope should change, too. Which of the two terms of the loss is missing from yours?"""
    return X.T @ np.exp(X @ w)


@mistake_of("poisson_gradient")
def slopes_of_played_songs_only(w, X, y):
    """A song that was never played pulls at w, too. Which songs are in your sum?"""
    heard = y > 0
    return X[heard].T @ (np.exp(X[heard] @ w) - y[heard])


@mistake_of("poisson_gradient")
def slope_of_the_truncated_model(w, X, y):
    """You compare a count with its mean among songs that were played at least once. Is that the model here?"""
    rates = np.exp(X @ w)
    return X.T @ (rates / -np.expm1(-rates) - y)


@mistake_of("poisson_gradient")
def one_sided_difference(w, X, y):
    """A difference quotient comes close, but not to 8 digits. How large is its error, and can it be made smaller?"""
    h = 1e-6
    slopes = np.zeros(len(w))
    for j in range(len(w)):
        moved = np.array(w, dtype=float)
        moved[j] += h
        slopes[j] = (poisson_nll(moved, X, y) - poisson_nll(w, X, y)) / h
    return slopes


@mistake_of("poisson_gradient")
def residuals_in_single_precision(w, X, y):
    """About seven digits are right and the rest isn't. What dtype do your residuals have?"""
    residuals = (np.exp(X @ w) - y).astype(np.float32)
    return X.T @ residuals


@mistake_of("poisson_gradient")
def subtracts_from_the_counts(w, X, y):
    """Your values are right. Call it twice with the same y: what are the counts the second time?"""
    y -= np.exp(X @ w)
    return -X.T @ y


@mistake_of("poisson_gradient")
def slope_of_the_squares(w, X, y):
    """There is one factor too many in your sum. Which loss has the slope that you have written down?"""
    rates = np.exp(X @ w)
    return X.T @ (rates * (rates - y))


@mistake_of("poisson_gradient")
def residual_over_the_rate(w, X, y):
    """You divide by the rate. Where does the logarithm of the probability have a quotient, once it is simplified?"""
    rates = np.exp(X @ w)
    return X.T @ (1 - y / rates)


@mistake_of("poisson_gradient")
def rate_of_the_sigmoid(w, X, y):
    """Your mean never exceeds 1. Which model is that, and how often can a song be played?"""
    return X.T @ (1 / (1 + np.exp(-X @ w)) - y)


@mistake_of("poisson_gradient")
def songs_left_out_of_the_product(w, X, y):
    """By the chain rule each residual comes with a factor. Where is it in yours, and what tells the entries apart?"""
    return np.full(len(w), np.sum(np.exp(X @ w) - y))


@mistake_of("poisson_gradient")
def sum_over_everything(w, X, y):
    """There should be one slope for each entry of w. Which axis is your sum taken over?"""
    residuals = np.exp(X @ w) - y
    return np.sum(residuals[:, np.newaxis] * X)


@mistake_of("poisson_gradient")
def slope_for_each_song(w, X, y):
    """These are the songs' own gradients, one in each row. What is still to be done to get that of the loss?"""
    residuals = np.exp(X @ w) - y
    return residuals[:, np.newaxis] * X


@mistake_of("poisson_gradient")
def column_against_row(w, X, y):
    """Print the shape of your residuals: there should be n of them. How many do you have, and what made them so
    many?"""
    residuals = np.exp(X @ w) - np.reshape(y, (-1, 1))
    return (X.T @ residuals).sum(axis=1)


@mistake_of("poisson_gradient")
def first_column_taken_for_ones(w, X, y):
    """What do you take the first column of X for? Try one whose entries aren't all the same."""
    residuals = np.exp(w[0] + X[:, 1:] @ w[1:]) - y
    return np.concatenate([[residuals.sum()], X[:, 1:].T @ residuals])


@mistake_of("poisson_gradient")
def pulled_towards_zero(w, X, y):
    """At w = 0 you are right. Farther out there is something in each entry that no song contributes: what is it?"""
    return X.T @ (np.exp(X @ w) - y) + w


# ---- poisson_hessian ------------------------------------------------------------------------------------------------


@mistake_of("poisson_hessian")
def n_by_n_matrix(w, X, y):
    """The values are right. How many numbers does your largest array hold when there are 200,000 songs?"""
    return X.T @ np.diag(np.exp(X @ w)) @ X


@mistake_of("poisson_hessian")
def counts_as_weights(w, X, y):
    """Differentiate your gradient once more: is there a count left? Change y and see what your matrix does."""
    return (X.T * y) @ X


@mistake_of("poisson_hessian")
def residuals_as_weights(w, X, y):
    """One part of the residual doesn't depend on w. What becomes of it in the second derivative?"""
    return (X.T * (np.exp(X @ w) - y)) @ X


@mistake_of("poisson_hessian")
def products_of_the_slopes(w, X, y):
    """You multiply slopes with each other. That comes close on average in the true model, but is it a derivative of
    the gradient?"""
    rows = (np.exp(X @ w) - y)[:, np.newaxis] * X
    return rows.T @ rows


@mistake_of("poisson_hessian")
def mean_of_the_curvatures(w, X, y):
    """The loss is a sum over the songs. Is your Hessian one, too?"""
    return (X.T * np.exp(X @ w)) @ X / len(y)


@mistake_of("poisson_hessian")
def curved_downwards(w, X, y):
    """Which function's second derivatives are these: of the loss, or of the log-likelihood? Look at the diagonal."""
    return -(X.T * np.exp(X @ w)) @ X


@mistake_of("poisson_hessian")
def rates_left_out(w, X, y):
    """That is the curvature of least squares, the same everywhere. Where does w come into yours?"""
    return X.T @ X


@mistake_of("poisson_hessian")
def log_rates_as_weights(w, X, y):
    """Some of your weights are negative, so your matrix may be curved downwards. What should a song's weight be the
    exponential of?"""
    return (X.T * (X @ w)) @ X


@mistake_of("poisson_hessian")
def rates_applied_twice(w, X, y):
    """Count how often the rate of a song enters your product."""
    weighted = X * np.exp(X @ w)[:, np.newaxis]
    return weighted.T @ weighted


@mistake_of("poisson_hessian")
def sigmoid_variances_as_weights(w, X, y):
    """Your weights are the variances of a yes or no. What is the variance of a Poisson count?"""
    p = 1 / (1 + np.exp(-(X @ w)))
    return (X.T * (p * (1 - p))) @ X


@mistake_of("poisson_hessian")
def diagonal_alone(w, X, y):
    """Each entry of the diagonal is right. What about the derivative by one entry of w, then by another one?"""
    return np.diag(np.exp(X @ w) @ X**2)


@mistake_of("poisson_hessian")
def upper_triangle_only(w, X, y):
    """Does the order of two differentiations matter? Compare the entries on both sides of your diagonal."""
    return np.triu((X.T * np.exp(X @ w)) @ X)


@mistake_of("poisson_hessian")
def scales_the_rows_in_place(w, X, y):
    """Your values are right. Print X after the call: is it still the X that you were given?"""
    X *= np.exp(X @ w / 2)[:, np.newaxis]
    return X.T @ X


@mistake_of("poisson_hessian")
def difference_of_gradients(w, X, y):
    """A difference of gradients comes close, but not to 8 digits. How large is its error, and which step makes it
    smaller?"""
    h = 1e-6
    columns = [(poisson_gradient(w + h * move, X, y) - poisson_gradient(w, X, y)) / h for move in np.eye(len(w))]
    return np.array(columns)


@mistake_of("poisson_hessian")
def songs_by_songs(w, X, y):
    """What shape has your matrix? There should be a row for each entry of w, not for each song."""
    rates = np.exp(X @ w)
    return np.sqrt(rates[:, np.newaxis] * rates) * (X @ X.T)


@mistake_of("poisson_hessian")
def one_rate_for_all(w, X, y):
    """Right for a single song and at w = 0. Does each song come with its own weight in your sum?"""
    return np.mean(np.exp(X @ w)) * (X.T @ X)


@mistake_of("poisson_hessian")
def curvatures_of_played_songs_only(w, X, y):
    """A song that was never played bends the loss as any other song does. Which songs are in your sum?"""
    heard = y > 0
    return (X[heard].T * np.exp(X[heard] @ w)) @ X[heard]


@mistake_of("poisson_hessian")
def rates_in_single_precision(w, X, y):
    """About seven digits are right and the rest isn't. What dtype do your rates have?"""
    return (X.T * np.exp(X @ w).astype(np.float32).astype(float)) @ X


@mistake_of("poisson_hessian")
def identity_added(w, X, y):
    """The entries off the diagonal are right. What have you added to those on it, and did the data ask for it?"""
    return (X.T * np.exp(X @ w)) @ X + 1e-3 * np.eye(X.shape[1])


# ---- curvature_terms ------------------------------------------------------------------------------------------------


@mistake_of("curvature_terms")
def absolute_value_in_place_of_the_square(v, w, X):
    """Your terms aren't negative. Double v: by which factor does v'Hv grow, and by which one do your terms?"""
    return np.exp(X @ w) * np.abs(X @ v)


@mistake_of("curvature_terms")
def products_with_a_sign(v, w, X):
    """Look at a song that points away from v: which sign has its term? Count how often v occurs in v'Hv."""
    return np.exp(X @ w) * (X @ v)


@mistake_of("curvature_terms")
def squares_without_rates(v, w, X):
    """Your terms don't depend on w. Does the Hessian?"""
    return (X @ v) ** 2


@mistake_of("curvature_terms")
def rates_squared_as_well(v, w, X):
    """Right for songs whose rate is 1. What is squared in your terms, and what should be?"""
    return (np.exp(X @ w) * (X @ v)) ** 2


@mistake_of("curvature_terms")
def rates_without_v(v, w, X):
    """Your terms are the same in every direction v. Is the curvature?"""
    return np.exp(X @ w)


@mistake_of("curvature_terms")
def spread_evenly(v, w, X):
    """The sum is right, but every song gets the same share. Change one song: should the terms of the others move?"""
    total = np.sum(np.exp(X @ w) * (X @ v) ** 2)
    return np.full(len(X), total / len(X))


@mistake_of("curvature_terms")
def shared_out_by_rates(v, w, X):
    """The sum is right, and you share it out by the rates. Does a song at a right angle to v contribute anything?"""
    rates = np.exp(X @ w)
    total = np.sum(rates * (X @ v) ** 2)
    return total * rates / rates.sum()


@mistake_of("curvature_terms")
def all_in_the_first_song(v, w, X):
    """The sum is right. Does each song have a term that is made from this song alone?"""
    terms = np.zeros(len(X))
    terms[0] = np.sum(np.exp(X @ w) * (X @ v) ** 2)
    return terms


@mistake_of("curvature_terms")
def terms_added_up(v, w, X):
    """That is v'Hv itself. How can a reader see from this one number why it can't be negative?"""
    return np.sum(np.exp(X @ w) * (X @ v) ** 2)


@mistake_of("curvature_terms")
def mean_in_place_of_the_sum(v, w, X):
    """Your terms add up to less than v'Hv. By which factor, and which sum does the Hessian belong to?"""
    return np.exp(X @ w) * (X @ v) ** 2 / len(X)


@mistake_of("curvature_terms")
def term_for_each_weight(v, w, X):
    """You split v'Hv by the entries of v. By what should it be split, and can one of your terms be negative?"""
    return v * ((X.T * np.exp(X @ w)) @ X @ v)


@mistake_of("curvature_terms")
def term_for_each_eigenvector(v, w, X):
    """Nonnegative and with the right sum, but you had to know already that no eigenvalue is negative. How many terms
    are asked for, and what is each made from?"""
    values, vectors = np.linalg.eigh((X.T * np.exp(X @ w)) @ X)
    return values * (vectors.T @ v) ** 2


@mistake_of("curvature_terms")
def squares_of_the_products(v, w, X):
    """Right for a single column. In which order do you add up the columns and take the square?"""
    return np.exp(X @ w) * ((X * v) ** 2).sum(axis=1)


@mistake_of("curvature_terms")
def square_of_the_sum(v, w, X):
    """Right for songs that point along v. Is a song's length times that of v the same as their product?"""
    return np.exp(X @ w) * np.sum(X**2, axis=1) * (v @ v)


@mistake_of("curvature_terms")
def direction_and_point_swapped(v, w, X):
    """One of your two vectors says where you are, and one in which direction you look. Which is which?"""
    return np.exp(X @ v) * (X @ w) ** 2


@mistake_of("curvature_terms")
def rates_at_v(v, w, X):
    """At which point are your rates taken? Read again what v and w stand for."""
    return np.exp(X @ v) * (X @ v) ** 2


@mistake_of("curvature_terms")
def roots_of_the_terms(v, w, X):
    """Your numbers are right before the last step. Which power of them adds up to v'Hv?"""
    return np.sqrt(np.exp(X @ w)) * np.abs(X @ v)


@mistake_of("curvature_terms")
def half_of_each(v, w, X):
    """You have written down a term of Taylor's series. Which factor of it isn't part of v'Hv?"""
    return 0.5 * np.exp(X @ w) * (X @ v) ** 2


@mistake_of("curvature_terms")
def pairs_of_songs(v, w, X):
    """You have a number for each pair of songs. Which pairs does v'Hv hold, when the Hessian is a sum over songs?"""
    moves = np.sqrt(np.exp(X @ w)) * (X @ v)
    return np.outer(moves, moves)


@mistake_of("curvature_terms")
def negative_products_cut_off(v, w, X):
    """Some of your terms are 0 though their songs contribute. What do you do with a negative product before you
    square it?"""
    return np.exp(X @ w) * np.maximum(X @ v, 0) ** 2


@mistake_of("curvature_terms")
def terms_in_ascending_order(v, w, X):
    """All numbers are right. Does the i-th of them belong to the i-th song?"""
    return np.sort(np.exp(X @ w) * (X @ v) ** 2)


@mistake_of("curvature_terms")
def songs_weighted_in_place(v, w, X):
    """Your terms are right. Print X after the call: what has become of the songs?"""
    X *= np.exp(X @ w / 2)[:, np.newaxis]
    return (X @ v) ** 2


# ---- witness_likelihood ---------------------------------------------------------------------------------------------


@mistake_of("witness_likelihood")
def chord_of_the_likelihood_above():
    """Work out both sides of Jensen's inequality at your numbers. Which side is larger, and which one would have to be
    for a function that isn't convex?"""
    return 0.5, 1.5, 0.5


@mistake_of("witness_likelihood")
def witness_of_the_likelihood_itself():
    """Your numbers break the inequality for the likelihood. What does the minus sign in front of it do to them?"""
    return 0.0, 3.0, 0.5


@mistake_of("witness_likelihood")
def likelihood_at_one_point_twice():
    """Draw the chord between your two points. How long is it?"""
    return 1.0, 1.0, 0.5


@mistake_of("witness_likelihood")
def likelihood_beyond_the_chord():
    """For which values of t does t a + (1 - t) b lie between a and b?"""
    return 1.0, -4.0, 1.5


@mistake_of("witness_likelihood")
def likelihood_at_the_chords_end():
    """Put your t into t a + (1 - t) b: which point comes out, and can the chord miss the function there?"""
    return 1.0, -4.0, 0.0


@mistake_of("witness_likelihood")
def likelihood_at_the_other_end():
    """With your t one of the two points has no share. Does that say anything about the points between them?"""
    return 1.0, -4.0, 1.0


@mistake_of("witness_likelihood")
def likelihood_where_it_is_flat():
    """Compute the gap with your numbers. How large is it, compared with the rounding of a sum of numbers near 1?"""
    return -800.0, -900.0, 0.5


@mistake_of("witness_likelihood")
def weight_of_the_likelihood_in_percent():
    """Read again what t stands for. Is yours a share between 0 and 1?"""
    return 1.0, -4.0, 50.0


@mistake_of("witness_likelihood")
def likelihood_without_t():
    """Two points make a chord. What else does a reader need to know, to find the place where you look?"""
    return 1.0, -4.0


@mistake_of("witness_likelihood")
def point_between_in_place_of_t():
    """Your third number is a point between the two others. What should it be the share of?"""
    return 1.0, -4.0, -1.5


# ---- witness_squared_error ------------------------------------------------------------------------------------------


@mistake_of("witness_squared_error")
def chord_of_the_error_above():
    """Between your points the squared error lies below the chord. Look for points where it bends the other way."""
    return 0.0, 2.0, 0.5


@mistake_of("witness_squared_error")
def chord_across_the_minimum():
    """Your points lie on both sides of the minimum, close to it. Which way does a smooth function bend near its
    minimum?"""
    return 0.5, 1.1, 0.5


@mistake_of("witness_squared_error")
def error_at_one_point_twice():
    """Draw the chord between your two points. How far are they from each other?"""
    return -5.0, -5.0, 0.5


@mistake_of("witness_squared_error")
def error_beyond_the_chord():
    """Jensen's inequality speaks of the points between a and b. Where does your t put you?"""
    return 1.0, -5.0, 1.5


@mistake_of("witness_squared_error")
def error_before_the_chord():
    """Is a negative share of a allowed in Jensen's inequality? See on which side of b your t puts you."""
    return 1.0, -5.0, -0.5


@mistake_of("witness_squared_error")
def error_at_the_chords_end():
    """Put your t into t a + (1 - t) b. Is there a gap at all at the point that comes out?"""
    return 1.0, -5.0, 0.0


@mistake_of("witness_squared_error")
def error_at_the_other_end():
    """Put your t into t a + (1 - t) b. Which of your two points do you look at, and what is the chord there?"""
    return 1.0, -5.0, 1.0


@mistake_of("witness_squared_error")
def weight_of_the_error_in_percent():
    """Read again what t stands for. Is yours a share between 0 and 1?"""
    return 1.0, -5.0, 50.0


@mistake_of("witness_squared_error")
def error_without_t():
    """You have named two points. Which number says where between them you look?"""
    return 1.0, -5.0


@mistake_of("witness_squared_error")
def weights_for_two_columns():
    """How many columns has the X of this small history? A weight is one number here."""
    return np.array([1.0, 0.0]), np.array([-5.0, 0.0]), 0.5


# ---- fit_poisson ----------------------------------------------------------------------------------------------------


@mistake_of("fit_poisson")
def newton_without_damping(X, y):
    """Right for small counts. Print w after each of your steps for a mean count of 100: how far off is the first one,
    and how fast does it come back?"""
    w = np.zeros(X.shape[1])
    for _ in range(25):
        w = w - np.linalg.solve(poisson_hessian(w, X, y), poisson_gradient(w, X, y))
    return w


@mistake_of("fit_poisson")
def hundred_steps_without_damping(X, y):
    """More steps help for a while. Which number does exp meet after your first step when the mean count is 800, and
    does the loss fall in that step?"""
    w = np.zeros(X.shape[1])
    for _ in range(100):
        w = w - np.linalg.solve(poisson_hessian(w, X, y), poisson_gradient(w, X, y))
    return w


@mistake_of("fit_poisson")
def log_of_the_mean_in_the_first_weight(X, y):
    """A good start, where a column of ones comes first. What does your start do to data without one?"""
    w = np.zeros(X.shape[1])
    w[0] = np.log(np.mean(y))
    for _ in range(50):
        w = w - np.linalg.solve(poisson_hessian(w, X, y), poisson_gradient(w, X, y))
    return w


@mistake_of("fit_poisson")
def newton_with_halved_steps(X, y):
    """Half a step is shorter, but is it short enough after the first one, and long enough near the end? Look at the
    loss after each step."""
    w = np.zeros(X.shape[1])
    for _ in range(25):
        w = w - 0.5 * np.linalg.solve(poisson_hessian(w, X, y), poisson_gradient(w, X, y))
    return w


@mistake_of("fit_poisson")
def ten_steps_of_descent(X, y):
    """How large is the gradient where you stop? Your loop ends by its count, not because it has arrived."""
    w = np.zeros(X.shape[1])
    for _ in range(10):
        w = w - 0.1 * poisson_gradient(w, X, y) / len(y)
    return w


@mistake_of("fit_poisson")
def many_steps_at_one_rate(X, y):
    """The curvature grows with the counts. Is the rate of your descent still small enough for counts of 500?"""
    w = np.zeros(X.shape[1])
    for _ in range(2000):
        w = w - 0.1 * poisson_gradient(w, X, y) / len(y)
    return w


@mistake_of("fit_poisson")
def stops_when_the_loss_hardly_falls(X, y):
    """Near its minimum the loss is flat. How far from the best w can you still be when your rule stops the loop?"""
    w, height = np.zeros(X.shape[1]), poisson_nll(np.zeros(X.shape[1]), X, y)
    rate = 1.0
    while rate > 1e-12:
        with np.errstate(over="ignore"):
            new = w - rate * poisson_gradient(w, X, y) / len(y)
            new_height = poisson_nll(new, X, y)
        if not new_height < height:
            rate /= 2
        elif height - new_height < 1e-4 * abs(height):
            return new
        else:
            w, height = new, new_height
    return w


@mistake_of("fit_poisson")
def line_through_the_logarithms(X, y):
    """The logarithm of a mean isn't the mean of the logarithms. Is the score 0 at your w?"""
    return np.linalg.lstsq(X, np.log(y + 1), rcond=None)[0]


@mistake_of("fit_poisson")
def line_through_positive_logarithms(X, y):
    """To take logarithms you leave some songs out. What do just these songs say about w?"""
    heard = y > 0
    return np.linalg.lstsq(X[heard], np.log(y[heard]), rcond=None)[0]


@mistake_of("fit_poisson")
def line_through_the_counts(X, y):
    """Is the mean count a linear function of the features in this model?"""
    return np.linalg.lstsq(X, y, rcond=None)[0]


@mistake_of("fit_poisson")
def smallest_squared_error(X, y):
    """Your curve is as close to the counts as it can be. Should an error of 5 weigh the same for a rate of 1 as for
    a rate of 500?"""
    start = np.linalg.lstsq(X, np.log(y + 1), rcond=None)[0]
    found = optimize.least_squares(lambda w: np.exp(np.minimum(X @ w, 300)) - y, start)
    return found.x


@mistake_of("fit_poisson")
def fitted_with_a_penalty(X, y):
    """Your weights are a little too small. Which term of what you minimise has nothing to do with the songs?"""

    def loss(w):
        log_rates = np.minimum(X @ w, 300)
        return np.sum(np.exp(log_rates) - y * log_rates) + 0.5 * np.sum(w**2)

    def slope(w):
        return X.T @ (np.exp(np.minimum(X @ w, 300)) - y) + w

    return optimize.minimize(loss, np.zeros(X.shape[1]), jac=slope, method="BFGS").x


@mistake_of("fit_poisson")
def mean_count_only(X, y):
    """Your rate is the same for all songs. What have the features to do with your answer?"""
    w = np.zeros(X.shape[1])
    w[0] = np.log(np.mean(y))
    return w


@mistake_of("fit_poisson")
def fitted_with_an_intercept_of_its_own(X, y):
    """How many columns has the matrix that you fit, and how many has X? What became of the weight of the other
    one?"""
    songs = np.column_stack([np.ones(len(y)), X])
    w = np.zeros(songs.shape[1])
    w[0] = np.log(np.mean(y))
    for _ in range(50):
        rates = np.exp(songs @ w)
        step = np.linalg.lstsq((songs.T * rates) @ songs, songs.T @ (rates - y), rcond=None)[0]
        w = w - step / max(1.0, np.abs(songs @ step).max())
    return w[1:]


@mistake_of("fit_poisson")
def fitted_to_played_songs(X, y):
    """You fit the songs that were played. Which of the counts that y may hold do you leave out, and what does that do
    to the rates?"""
    heard = y > 0
    songs, counts = X[heard], y[heard]
    w = np.linalg.lstsq(songs, np.log(counts), rcond=None)[0]
    for _ in range(50):
        rates = np.exp(songs @ w)
        step = np.linalg.lstsq((songs.T * rates) @ songs, songs.T @ (rates - counts), rcond=None)[0]
        w = w - step / max(1.0, np.abs(songs @ step).max())
    return w


@mistake_of("fit_poisson")
def fit_of_the_truncated_model(X, y):
    """You maximise the likelihood of songs that were all played at least once. Read what y may hold here."""

    def loss(w):
        log_rates = np.minimum(X @ w, 300)
        rates = np.exp(log_rates)
        return np.mean(rates - y * log_rates + np.log(-np.expm1(-rates)))

    start = np.linalg.lstsq(X, np.log(y + 1), rcond=None)[0]
    return optimize.minimize(loss, start, method="BFGS").x


@mistake_of("fit_poisson")
def plays_as_shares(X, y):
    """The counts that you fit aren't those that you were given. What does dividing them all by one number do to the
    rates?"""
    shares = y / np.max(y)
    w = np.linalg.lstsq(X, np.log(shares + 0.1), rcond=None)[0]
    for _ in range(100):
        rates = np.exp(X @ w)
        step = np.linalg.lstsq((X.T * rates) @ X, X.T @ (rates - shares), rcond=None)[0]
        w = w - step / max(1.0, np.abs(X @ step).max())
    return w


@mistake_of("fit_poisson")
def weights_of_scaled_columns(X, y):
    """Your weights belong to columns that you have scaled. Which weights give the same rates with X as it came?"""
    scales = np.sqrt(np.mean(X**2, axis=0))
    songs = X / scales
    w = np.linalg.lstsq(songs, np.log(y + 1), rcond=None)[0]
    for _ in range(100):
        rates = np.exp(songs @ w)
        step = np.linalg.lstsq((songs.T * rates) @ songs, songs.T @ (rates - y), rcond=None)[0]
        w = w - step / max(1.0, np.abs(songs @ step).max())
    return w


@mistake_of("fit_poisson")
def songs_centred_in_place(X, y):
    """Your weights are right. Print X after the call: whose songs did you scale?"""
    scales = np.sqrt(np.mean(X**2, axis=0))
    X /= scales
    w = np.linalg.lstsq(X, np.log(y + 1), rcond=None)[0]
    for _ in range(100):
        rates = np.exp(X @ w)
        step = np.linalg.lstsq((X.T * rates) @ X, X.T @ (rates - y), rcond=None)[0]
        w = w - step / max(1.0, np.abs(X @ step).max())
    return w / scales


@mistake_of("fit_poisson")
def rates_cut_off_at_twenty(X, y):
    """You cut the log-rates off to keep exp from overflowing. Can a song's rate still be as large as its count?"""
    w = np.zeros(X.shape[1])
    for _ in range(100):
        rates = np.exp(np.clip(X @ w, -3, 3))
        w = w - np.linalg.solve((X.T * rates) @ X, X.T @ (rates - y))
    return w


@mistake_of("fit_poisson")
def optimiser_that_gave_up(X, y):
    """The optimiser has told you that it didn't succeed for counts of 500. Which part of its report says so, and why
    might its first step have failed?"""
    start = np.zeros(X.shape[1])
    found = optimize.minimize(
        poisson_nll, start, args=(X, y), jac=poisson_gradient, hess=poisson_hessian, method="Newton-CG"
    )
    return found.x


@mistake_of("fit_poisson")
def simplex_cut_short(X, y):
    """A search without gradients needs many steps when there are several columns. Did yours end because it had
    arrived, or because it had used up its steps?"""
    return optimize.minimize(poisson_nll, np.zeros(X.shape[1]), args=(X, y), method="Nelder-Mead").x


@mistake_of("fit_poisson")
def report_of_the_optimiser(X, y):
    """You hand back everything that the optimiser reports. Which part of it is w?"""

    def loss(w):
        log_rates = np.minimum(X @ w, 300)
        return np.mean(np.exp(log_rates) - y * log_rates)

    return optimize.minimize(loss, np.zeros(X.shape[1]), method="BFGS")


@mistake_of("fit_poisson")
def smallest_loss_in_place_of_w(X, y):
    """You return the height of the minimum. The question asks where it lies."""
    w = np.linalg.lstsq(X, np.log(y + 1), rcond=None)[0]
    for _ in range(100):
        step = np.linalg.lstsq(poisson_hessian(w, X, y), poisson_gradient(w, X, y), rcond=None)[0]
        w = w - step / max(1.0, np.abs(X @ step).max())
    return poisson_nll(w, X, y)


# ---- playlist -------------------------------------------------------------------------------------------------------


@mistake_of("playlist")
def worst_first(X, w, m):
    """In which direction does argsort sort? Look at the rates of the songs that you would play."""
    return np.argsort(X @ w)[:m]


@mistake_of("playlist")
def best_last(X, w, m):
    """These are the right songs. Which of them is played first?"""
    return np.argsort(X @ w, kind="stable")[len(X) - m :]


@mistake_of("playlist")
def one_song_too_many(X, w, m):
    """Count the songs on your list."""
    return np.argsort(-(X @ w), kind="stable")[: m + 1]


@mistake_of("playlist")
def one_song_too_few(X, w, m):
    """Try m = 1. Where does your slice end?"""
    return np.argsort(-(X @ w), kind="stable")[: m - 1]


@mistake_of("playlist")
def best_song_skipped(X, w, m):
    """Which song comes first when Python counts, and with which one does your slice begin?"""
    return np.argsort(-(X @ w), kind="stable")[1 : m + 1]


@mistake_of("playlist")
def all_songs_sorted(X, w, m):
    """The order is right. How many songs were asked for?"""
    return np.argsort(-(X @ w), kind="stable")


@mistake_of("playlist")
def log_rates_in_place_of_indices(X, w, m):
    """Your numbers say how much each song is liked. From which of them does a player learn which song to play?"""
    return np.sort(X @ w)[::-1][:m]


@mistake_of("playlist")
def songs_in_place_of_indices(X, w, m):
    """You hand back the features of the songs. What is asked for are their places in X."""
    return X[np.argsort(-(X @ w), kind="stable")[:m]]


@mistake_of("playlist")
def exponentials_that_tie(X, w, m):
    """Right as long as exp can tell the songs apart. What does it make of the log-rates 800 and 900?"""
    with np.errstate(over="ignore"):
        return np.argsort(-np.exp(X @ w), kind="stable")[:m]


@mistake_of("playlist")
def listed_by_index(X, w, m):
    """These are the right songs. In which order do they stand on your list?"""
    return np.sort(np.argsort(-(X @ w), kind="stable")[:m])


@mistake_of("playlist")
def shuffled_for_variety(X, w, m):
    """These are the right songs, but the order is left to chance. Which order was asked for?"""
    best = np.argsort(-(X @ w), kind="stable")[:m]
    return np.random.default_rng(0).permutation(best)


@mistake_of("playlist")
def best_part_unsorted(X, w, m):
    """argpartition finds the m best songs. What does its description say about their order?"""
    return np.argpartition(-(X @ w), m - 1)[:m]


@mistake_of("playlist")
def counted_from_one(X, w, m):
    """Print X[i] for the first i on your list: is that the best song, and is there one for every i?"""
    return np.argsort(-(X @ w), kind="stable")[:m] + 1


@mistake_of("playlist")
def ranks_in_place_of_songs(X, w, m):
    """You have the rank of each song. The list should hold the song of each rank."""
    return np.argsort(np.argsort(-(X @ w), kind="stable"), kind="stable")[:m]


@mistake_of("playlist")
def strongest_opinions_first(X, w, m):
    """A song with a very low log-rate is on top of your list, too. What does your absolute value do to it?"""
    return np.argsort(-np.abs(X @ w), kind="stable")[:m]


@mistake_of("playlist")
def songs_of_unit_length(X, w, m):
    """You compare the directions of the songs only. Does the model ignore how long a song's vector is?"""
    return np.argsort(-(X @ w) / np.linalg.norm(X, axis=1), kind="stable")[:m]


@mistake_of("playlist")
def weights_forgotten(X, w, m):
    """Two listeners with different w get the same list from you. Where does w come in?"""
    return np.argsort(-X.sum(axis=1), kind="stable")[:m]


@mistake_of("playlist")
def best_feature_only(X, w, m):
    """You look at the feature that matters most, and at no other. What decides between songs that are alike in it?"""
    j = np.argmax(np.abs(w))
    return np.argsort(-X[:, j] * w[j], kind="stable")[:m]


@mistake_of("playlist")
def rounded_before_sorting(X, w, m):
    """You compare whole numbers. Which of two songs comes first when their log-rates differ by 0.1?"""
    return np.argsort(-np.round(X @ w), kind="stable")[:m]


@mistake_of("playlist")
def found_by_value(X, w, m):
    """You look for each of the best values among all values. What happens when two songs are alike?"""
    scores = list(X @ w)
    return [scores.index(score) for score in sorted(scores, reverse=True)[:m]]


@mistake_of("playlist")
def catalogue_sorted_in_place(X, w, m):
    """Your list is right. Print X after the call: are the songs still where the indices say?"""
    order = np.argsort(-(X @ w), kind="stable")
    X[:] = X[order]
    return order[:m]


# ---- witness_mixture ------------------------------------------------------------------------------------------------


@mistake_of("witness_mixture")
def moods_at_one_point_twice():
    """Draw the chord between your two points. How long is it?"""
    return np.array([[1.8], [-2.0]]), np.array([[1.8], [-2.0]]), 0.5


@mistake_of("witness_mixture")
def chord_between_equal_moods():
    """Your two moods are always the same one. What does the mixture become then, and is that function convex?"""
    return np.array([[1.0], [1.0]]), np.array([[-1.0], [-1.0]]), 0.5


@mistake_of("witness_mixture")
def one_mood_moved():
    """Between your points only one mood moves, and the chord lies above. What may the two moods do, without changing
    the likelihood at all?"""
    return np.array([[1.8], [-2.0]]), np.array([[1.8], [0.0]]), 0.5


@mistake_of("witness_mixture")
def chord_from_the_middle():
    """At one of your points both moods are alike. Compare the function there with the function at your other point:
    which of the two is a valley?"""
    return np.array([[0.0], [0.0]]), np.array([[1.8], [-2.0]]), 0.5


@mistake_of("witness_mixture")
def mixture_beyond_the_chord():
    """For which values of t does t a + (1 - t) b lie between a and b?"""
    return np.array([[1.8], [-2.0]]), np.array([[-2.0], [1.8]]), 1.5


@mistake_of("witness_mixture")
def mixture_at_the_chords_end():
    """Put your t into t a + (1 - t) b: which point comes out, and can the chord miss the function there?"""
    return np.array([[1.8], [-2.0]]), np.array([[-2.0], [1.8]]), 0.0


@mistake_of("witness_mixture")
def mixture_at_the_other_end():
    """With your t one of the two points has no share. Where on the chord do you look?"""
    return np.array([[1.8], [-2.0]]), np.array([[-2.0], [1.8]]), 1.0


@mistake_of("witness_mixture")
def weight_of_the_mixture_in_percent():
    """Read again what t stands for. Is yours a share between 0 and 1?"""
    return np.array([[1.8], [-2.0]]), np.array([[-2.0], [1.8]]), 50.0


@mistake_of("witness_mixture")
def one_weight_for_each_mood():
    """Your a and your b are single numbers. How many moods are there, and how many weights do they have together?"""
    return 1.8, -2.0, 0.5


@mistake_of("witness_mixture")
def points_without_t():
    """Two points make a chord. What else does a reader need to know, to find the place where you look?"""
    return np.array([[1.8], [-2.0]]), np.array([[-2.0], [1.8]])


# ---- is_convex ------------------------------------------------------------------------------------------------------


@mistake_of("is_convex")
def likelihood_by_its_logarithm():
    """The logarithm of a function may bend otherwise than the function. You have a witness against one of yours."""
    return {"minus_likelihood": True, "poisson_nll": True, "squared_error": False, "mixture_nll": False}


@mistake_of("is_convex")
def squares_are_always_convex():
    """A square is convex as a function of the residual. Is the residual a straight line as a function of w?"""
    return {"minus_likelihood": False, "poisson_nll": True, "squared_error": True, "mixture_nll": False}


@mistake_of("is_convex")
def sum_of_convex_parts():
    """Is minus the logarithm of a sum of convex pieces convex? Look at what you found when you swapped the moods."""
    return {"minus_likelihood": False, "poisson_nll": True, "squared_error": False, "mixture_nll": True}


@mistake_of("is_convex")
def every_loss_is_convex():
    """A loss is to be minimised, but that doesn't make it convex. What are your three witnesses for?"""
    return {"minus_likelihood": True, "poisson_nll": True, "squared_error": True, "mixture_nll": True}


@mistake_of("is_convex")
def no_loss_is_convex():
    """For one of the four you have written down terms that are never negative. What do they show?"""
    return {"minus_likelihood": False, "poisson_nll": False, "squared_error": False, "mixture_nll": False}


@mistake_of("is_convex")
def convexity_upside_down():
    """Is a witness an argument for convexity or against it? See which of the four you have witnesses for."""
    return {"minus_likelihood": True, "poisson_nll": False, "squared_error": True, "mixture_nll": True}


@mistake_of("is_convex")
def logarithms_are_convex():
    """Two of the four are negative log-likelihoods. Is the log of a sum of exponentials as simple as that of one?"""
    return {"minus_likelihood": True, "poisson_nll": True, "squared_error": False, "mixture_nll": True}


@mistake_of("is_convex")
def single_listeners_are_convex():
    """You doubt the mixture, and rightly. Two others of the four have witnesses of their own: compute their gaps."""
    return {"minus_likelihood": True, "poisson_nll": True, "squared_error": True, "mixture_nll": False}


@mistake_of("is_convex")
def all_but_the_likelihood():
    """You have seen that the likelihood itself bends both ways. Two more of the four have a bend like that."""
    return {"minus_likelihood": False, "poisson_nll": True, "squared_error": True, "mixture_nll": True}


@mistake_of("is_convex")
def least_squares_only():
    """Linear least squares is convex; is the rate linear in w here? And what do your curvature terms tell you?"""
    return {"minus_likelihood": False, "poisson_nll": False, "squared_error": True, "mixture_nll": False}


@mistake_of("is_convex")
def mixture_left_out():
    """How many functions were asked about, and how many keys has your dictionary?"""
    return {"minus_likelihood": False, "poisson_nll": True, "squared_error": False}


@mistake_of("is_convex")
def convexity_in_words():
    """A text that says «True» is not a truth value. What does Python make of `if "False":`?"""
    return {"minus_likelihood": "False", "poisson_nll": "True", "squared_error": "False", "mixture_nll": "False"}


@mistake_of("is_convex")
def convexity_left_open():
    """Decide for each of the four. Where you are in doubt, look for a witness."""
    return {"minus_likelihood": False, "poisson_nll": True, "squared_error": False, "mixture_nll": None}


@mistake_of("is_convex")
def convexity_as_a_list():
    """Your answers stand in a row. How does a reader know which of them belongs to which function?"""
    return [False, True, False, False]


# ---- mixture_log_likelihood -----------------------------------------------------------------------------------------


@mistake_of("mixture_log_likelihood")
def product_of_small_numbers(W, pi, X, y):
    """Try a count that its rate makes very unlikely. What does your probability round to, and what is its logarithm?"""
    rates = np.exp(X @ W.T)
    probabilities = stats.poisson.pmf(y[:, np.newaxis], rates) @ pi
    return np.sum(np.log(probabilities))


@mistake_of("mixture_log_likelihood")
def rates_that_round_to_zero(W, pi, X, y):
    """A count of 3 at a log-rate of -1000 is very unlikely, not impossible. On which scale do you hand on the rates?"""
    log_p = stats.poisson.logpmf(y[:, np.newaxis], np.exp(X @ W.T))
    return np.sum(logsumexp(log_p, b=pi, axis=1))


@mistake_of("mixture_log_likelihood")
def moods_equally_likely(W, pi, X, y):
    """Change pi and look at your result. Where do the probabilities of the moods come in?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]
    return np.sum(logsumexp(log_p, axis=1) - np.log(len(pi)))


@mistake_of("mixture_log_likelihood")
def logarithm_inside_the_sum(W, pi, X, y):
    """A song's probability is a sum over moods. Do you add up first and take the logarithm then, or the other way?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]
    return np.sum(log_p @ pi)


@mistake_of("mixture_log_likelihood")
def one_mood_for_all_songs(W, pi, X, y):
    """In your formula all songs share one mood that is drawn once. Which sum comes first, over songs or over moods?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]
    return logsumexp(log_p.sum(axis=0), b=pi)


@mistake_of("mixture_log_likelihood")
def rates_mixed(W, pi, X, y):
    """You average something over the moods, but not the probabilities. Is a mixture of two Poissons a Poisson again?"""
    log_rates = logsumexp(X @ W.T, b=pi, axis=1)
    return np.sum(y * log_rates - np.exp(log_rates) - gammaln(y + 1))


@mistake_of("mixture_log_likelihood")
def weights_mixed(W, pi, X, y):
    """Your formula has one weight vector, an average mood that nobody is ever in. What should be averaged instead?"""
    log_rates = X @ (pi @ W)
    return np.sum(y * log_rates - np.exp(log_rates) - gammaln(y + 1))


@mistake_of("mixture_log_likelihood")
def likeliest_mood_only(W, pi, X, y):
    """For each song you keep one mood. What about the chance that it was played in another one?"""
    return np.sum(np.max(_log_joint(W, pi, X, y), axis=1))


@mistake_of("mixture_log_likelihood")
def likelihood_without_minus_rate(W, pi, X, y):
    """Make all rates larger and larger: should the likelihood rise forever? Look at the factors of a Poisson
    probability."""
    log_p = y[:, np.newaxis] * (X @ W.T) - gammaln(y + 1)[:, np.newaxis]
    return np.sum(logsumexp(log_p, b=pi, axis=1))


@mistake_of("mixture_log_likelihood")
def averaged_over_songs(W, pi, X, y):
    """Write every song down twice: what should happen to the log-likelihood? What happens to yours?"""
    return np.mean(logsumexp(_log_joint(W, pi, X, y), axis=1))


@mistake_of("mixture_log_likelihood")
def to_be_minimised(W, pi, X, y):
    """Is a better fit meant to give a larger number, or a smaller one? Check the name of the function."""
    return -np.sum(logsumexp(_log_joint(W, pi, X, y), axis=1))


@mistake_of("mixture_log_likelihood")
def probability_added_to_logarithms(W, pi, X, y):
    """Your sum has a term for the count and a term for the mood. Are both on the same scale?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]
    return np.sum(logsumexp(pi + log_p, axis=1))


@mistake_of("mixture_log_likelihood")
def maximum_not_added_again(W, pi, X, y):
    """Subtracting the largest is a good step against underflow. What has to happen to it after the logarithm?"""
    log_joint = _log_joint(W, pi, X, y)
    largest = log_joint.max(axis=1, keepdims=True)
    return np.sum(np.log(np.sum(np.exp(log_joint - largest), axis=1)))


@mistake_of("mixture_log_likelihood")
def one_maximum_for_all_songs(W, pi, X, y):
    """Subtracting a maximum is a good step. Is yours close to the numbers of every song, also of the unlikeliest?"""
    log_joint = _log_joint(W, pi, X, y)
    largest = log_joint.max()
    return np.sum(largest + np.log(np.sum(np.exp(log_joint - largest), axis=1)))


@mistake_of("mixture_log_likelihood")
def small_number_under_the_logarithm(W, pi, X, y):
    """The small number keeps the logarithm finite. Does a song at e^-800 still differ from one at e^-900?"""
    probabilities = np.exp(_log_joint(W, pi, X, y)).sum(axis=1)
    return np.sum(np.log(probabilities + 1e-300))


@mistake_of("mixture_log_likelihood")
def impossible_mood_let_in(W, pi, X, y):
    """The small number beside pi avoids a warning. How much does a mood with probability 0 count in your sum?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]
    return np.sum(logsumexp(np.log(pi + 1e-10) + log_p, axis=1))


@mistake_of("mixture_log_likelihood")
def factorial_of_one_less(W, pi, X, y):
    """Try a song that was never played. Which number's factorial does the gamma function give?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y)[:, np.newaxis]
    return np.sum(logsumexp(log_p, b=pi, axis=1))


@mistake_of("mixture_log_likelihood")
def rates_without_exponential(W, pi, X, y):
    """Can a rate be negative? Yours can: look at how the weights and the features make one."""
    rates = X @ W.T
    log_p = y[:, np.newaxis] * np.log(rates) - rates - gammaln(y + 1)[:, np.newaxis]
    return np.sum(logsumexp(log_p, b=pi, axis=1))


@mistake_of("mixture_log_likelihood")
def log_rates_cut_off(W, pi, X, y):
    """Cutting off avoids large numbers. What does your likelihood say of two weights that are both beyond the cut?"""
    log_rates = np.clip(X @ W.T, -30, 30)
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]
    return np.sum(logsumexp(log_p, b=pi, axis=1))


# ---- e_step ---------------------------------------------------------------------------------------------------------


@mistake_of("e_step")
def prior_left_out(W, pi, X, y):
    """Give two moods the same weights: their responsibilities should still differ. What is missing from Bayes' rule?"""
    log_rates = X @ W.T
    return softmax(y[:, np.newaxis] * log_rates - np.exp(log_rates), axis=1)


@mistake_of("e_step")
def prior_without_its_logarithm(W, pi, X, y):
    """You add a number for the mood to a number for the count. Are both logarithms?"""
    log_rates = X @ W.T
    return softmax(pi + y[:, np.newaxis] * log_rates - np.exp(log_rates), axis=1)


@mistake_of("e_step")
def zero_over_zero(W, pi, X, y):
    """Bayes' rule as it stands in the book. What do numerator and denominator round to for a very unlikely count?"""
    joint = pi * stats.poisson.pmf(y[:, np.newaxis], np.exp(X @ W.T))
    return joint / joint.sum(axis=1, keepdims=True)


@mistake_of("e_step")
def impossible_in_every_mood(W, pi, X, y):
    """The softmax is safe. Try a log-rate of -1000 and a count of 3: where does the rate itself get too small?"""
    with np.errstate(divide="ignore"):
        log_joint = np.log(pi) + stats.poisson.logpmf(y[:, np.newaxis], np.exp(X @ W.T))
    return softmax(log_joint, axis=1)


@mistake_of("e_step")
def largest_one_taken_out_before_the_prior(W, pi, X, y):
    """You take the largest logarithm out, but pi isn't in it yet. What is left if the likeliest mood is impossible?"""
    log_rates = X @ W.T
    logs = y[:, np.newaxis] * log_rates - np.exp(log_rates)
    joint = pi * np.exp(logs - logs.max(axis=1, keepdims=True))
    return joint / joint.sum(axis=1, keepdims=True)


@mistake_of("e_step")
def normalised_over_songs(W, pi, X, y):
    """Add up one song's responsibilities. Over which axis should they be shares?"""
    return softmax(_log_joint(W, pi, X, y), axis=0)


@mistake_of("e_step")
def normalised_over_everything(W, pi, X, y):
    """All your numbers together add up to 1. What should add up to 1?"""
    return softmax(_log_joint(W, pi, X, y))


@mistake_of("e_step")
def each_song_to_one_mood(W, pi, X, y):
    """Your responsibilities are all 0 or 1. How sure can one count make you?"""
    likeliest = np.argmax(_log_joint(W, pi, X, y), axis=1)
    return np.eye(len(pi))[likeliest]


@mistake_of("e_step")
def rate_forgotten_in_the_density(W, pi, X, y):
    """A song that was never played speaks for the moods with a low rate. Which factor of the Poisson says so?"""
    with np.errstate(divide="ignore"):
        return softmax(np.log(pi) + y[:, np.newaxis] * (X @ W.T), axis=1)


@mistake_of("e_step")
def not_normalised(W, pi, X, y):
    """You return the probability of a mood and a count together. What is asked for is given the count."""
    return np.exp(_log_joint(W, pi, X, y))


@mistake_of("e_step")
def logarithms_of_responsibilities(W, pi, X, y):
    """Can a probability be negative? You are one step away from the answer."""
    return log_softmax(_log_joint(W, pi, X, y), axis=1)


@mistake_of("e_step")
def shares_of_the_logarithms(W, pi, X, y):
    """You divide by a sum, as one should. Are the numbers that you divide probabilities?"""
    log_joint = _log_joint(W, pi, X, y)
    return log_joint / log_joint.sum(axis=1, keepdims=True)


@mistake_of("e_step")
def small_number_in_the_denominator(W, pi, X, y):
    """The small number avoids 0/0. What do the responsibilities of a very unlikely count add up to?"""
    joint = np.exp(_log_joint(W, pi, X, y))
    return joint / (joint.sum(axis=1, keepdims=True) + 1e-12)


@mistake_of("e_step")
def largest_of_all_subtracted(W, pi, X, y):
    """Subtracting a maximum is a good step. Is the one that you take near the numbers of every single song?"""
    log_joint = _log_joint(W, pi, X, y)
    joint = np.exp(log_joint - log_joint.max())
    return joint / joint.sum(axis=1, keepdims=True)


@mistake_of("e_step")
def normalised_before_the_prior(W, pi, X, y):
    """All the factors are there. In which order do you multiply and normalise?"""
    log_rates = X @ W.T
    return pi * softmax(y[:, np.newaxis] * log_rates - np.exp(log_rates), axis=1)


@mistake_of("e_step")
def prior_counted_twice(W, pi, X, y):
    """The moods with a small probability get too little. How often does pi come into your product?"""
    with np.errstate(divide="ignore"):
        return softmax(_log_joint(W, pi, X, y) + np.log(pi), axis=1)


@mistake_of("e_step")
def distance_to_the_rate(W, pi, X, y):
    """You compare a count with a rate by their squared difference. Which distribution has that in its exponent?"""
    with np.errstate(divide="ignore", over="ignore"):
        return softmax(np.log(pi) - (y[:, np.newaxis] - np.exp(X @ W.T)) ** 2 / 2, axis=1)


@mistake_of("e_step")
def gamma_of_the_count(W, pi, X, y):
    """The factorial doesn't matter here, unless it is infinite. What is yours for a song that was never played?"""
    log_rates = X @ W.T
    log_p = y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y)[:, np.newaxis]
    with np.errstate(divide="ignore", invalid="ignore"):
        return softmax(np.log(pi) + log_p, axis=1)


@mistake_of("e_step")
def two_moods_always(W, pi, X, y):
    """It works for two moods. What happens when there are three, or one?"""
    log_joint = _log_joint(W, pi, X, y)
    first = expit(log_joint[:, 0] - log_joint[:, 1])
    return np.column_stack([first, 1 - first])


@mistake_of("e_step")
def extreme_log_rates_cut_off(W, pi, X, y):
    """Cutting off keeps the numbers small. How do you tell two moods apart that are both beyond the cut?"""
    log_rates = np.clip(X @ W.T, -20, 20)
    with np.errstate(divide="ignore"):
        return softmax(np.log(pi) + y[:, np.newaxis] * log_rates - np.exp(log_rates), axis=1)


@mistake_of("e_step")
def chance_for_the_impossible(W, pi, X, y):
    """The small number beside pi keeps its logarithm finite. What do you give to a mood of probability 0 that fits
    best?"""
    log_rates = X @ W.T
    return softmax(np.log(pi + 1e-10) + y[:, np.newaxis] * log_rates - np.exp(log_rates), axis=1)


# ---- m_step ---------------------------------------------------------------------------------------------------------


@mistake_of("m_step")
def weights_ignored_in_the_fit(R, X, y, W):
    """All your moods get the same weights. How much should each song count in the fit of each mood?"""
    return _maximise(np.ones_like(R), X, y, W), R.mean(axis=0)


@mistake_of("m_step")
def songs_of_the_likeliest_mood(R, X, y, W):
    """In the fit of a mood your songs count wholly or not at all. What do the responsibilities ask for?"""
    assigned = np.eye(R.shape[1])[R.argmax(axis=1)]
    return _maximise(assigned, X, y, W), R.mean(axis=0)


@mistake_of("m_step")
def responsibilities_squared(R, X, y, W):
    """Right when all responsibilities are 0 or 1. How often is a song's responsibility multiplied in?"""
    return _maximise(R**2, X, y, W), R.mean(axis=0)


@mistake_of("m_step")
def counts_weighted(R, X, y, W):
    """The responsibility should weigh a whole term of the log-likelihood. Which part of it does yours weigh?"""
    fits = [_maximise(np.ones((len(y), 1)), X, R[:, j] * y, W[[j]])[0] for j in range(len(W))]
    return np.array(fits), R.mean(axis=0)


@mistake_of("m_step")
def features_weighted(R, X, y, W):
    """A song that counts half is still the same song. What does multiplying its features do to its rate?"""
    fits = [_maximise(np.ones((len(y), 1)), R[:, [j]] * X, y, W[[j]])[0] for j in range(len(W))]
    return np.array(fits), R.mean(axis=0)


@mistake_of("m_step")
def responsibilities_added_up(R, X, y, W):
    """The weights are right. What should the probabilities of the moods add up to?"""
    return _maximise(R, X, y, W), R.sum(axis=0)


@mistake_of("m_step")
def mean_over_the_moods(R, X, y, W):
    """The weights are right. There should be one probability for each mood: which axis do you average over?"""
    return _maximise(R, X, y, W), R.mean(axis=1)


@mistake_of("m_step")
def probabilities_stay_equal(R, X, y, W):
    """The weights are right. Do the probabilities of your moods ever change?"""
    k = R.shape[1]
    return _maximise(R, X, y, W), np.full(k, 1 / k)


@mistake_of("m_step")
def share_of_songs_won(R, X, y, W):
    """The weights are right. Where does a song with responsibilities 0.6 and 0.4 go in your probabilities?"""
    won = np.bincount(R.argmax(axis=1), minlength=R.shape[1])
    return _maximise(R, X, y, W), won / len(y)


@mistake_of("m_step")
def share_of_plays(R, X, y, W):
    """The weights are right. Is pi the share of songs or of plays, and should a song played often count more in it?"""
    return _maximise(R, X, y, W), y @ R / y.sum()


@mistake_of("m_step")
def probabilities_first(R, X, y, W):
    """Both results look right. In which order are they asked for?"""
    return R.mean(axis=0), _maximise(R, X, y, W)


@mistake_of("m_step")
def weights_so_far_overwritten(R, X, y, W):
    """The results are right. Print the W that you were given before and after the call."""
    W[:] = _maximise(R, X, y, W)
    return W, R.mean(axis=0)


@mistake_of("m_step")
def weights_in_columns(R, X, y, W):
    """Print the shape of the weights that went in, and of those that come out."""
    return _maximise(R, X, y, W).T, R.mean(axis=0)


@mistake_of("m_step")
def newton_unchecked(R, X, y, W):
    """Start from weights that are far off, with high counts. Does each of your steps go up?"""
    W = W.copy()
    for _ in range(25):
        for j in range(len(W)):
            rates = np.exp(X @ W[j])
            uphill = X.T @ (R[:, j] * (y - rates))
            W[j] += np.linalg.pinv((X.T * (R[:, j] * rates)) @ X) @ uphill
    return W, R.mean(axis=0)


@mistake_of("m_step")
def shares_of_an_empty_mood(R, X, y, W):
    """Give a mood no responsibility for any song. Which number do you divide by then?"""
    shares = R / R.sum(axis=0)
    fits = [_climbed(shares[:, j], X, y, W[j]) for j in range(len(W))]
    return np.array(fits), R.mean(axis=0)


@mistake_of("m_step")
def empty_mood_cannot_be_solved(R, X, y, W):
    """Give a mood no responsibility for any song. What does its matrix of second derivatives look like then?"""
    fits = [_climbed(R[:, j], X, y, W[j]) for j in range(len(W))]
    return np.array(fits), R.mean(axis=0)


@mistake_of("m_step")
def one_step_from_zero(R, X, y, W):
    """Call it again and again: it never gets closer. Where does your step begin?"""
    W = np.zeros_like(W)
    rates = np.exp(X @ W.T)
    for j in range(len(W)):
        uphill = X.T @ (R[:, j] * (y - rates[:, j]))
        W[j] = np.linalg.pinv((X.T * (R[:, j] * rates[:, j])) @ X) @ uphill
    return W, R.mean(axis=0)


@mistake_of("m_step")
def one_short_gradient_step(R, X, y, W):
    """You go in the right direction. After a hundred calls, how far is it still to the maximum?"""
    rates = np.exp(X @ W.T)
    uphill = (R * (y[:, np.newaxis] - rates)).T @ X
    return W + 1e-5 * uphill, R.mean(axis=0)


@mistake_of("m_step")
def fixed_learning_rate(R, X, y, W):
    """Your learning rate is the same for all data. What happens to it where the counts are a hundred times larger?"""
    W = W.copy()
    for _ in range(200):
        rates = np.exp(X @ W.T)
        W += 0.5 * (R * (y[:, np.newaxis] - rates)).T @ X / len(y)
    return W, R.mean(axis=0)


@mistake_of("m_step")
def least_squares_of_logarithms(R, X, y, W):
    """You fit the logarithms of the counts by a straight line. Is that the maximum of a Poisson likelihood?"""
    root = np.sqrt(R)
    fits = [np.linalg.lstsq(root[:, [j]] * X, root[:, j] * np.log(y + 1), rcond=None)[0] for j in range(len(W))]
    return np.array(fits), R.mean(axis=0)


@mistake_of("m_step")
def penalised_weights(R, X, y, W):
    """Your weights are a bit too small. Is there a term in what you maximise that isn't in the log-likelihood?"""

    def loss(flat):
        log_rates = X @ flat.reshape(W.shape).T
        return np.sum(R * (np.exp(log_rates) - y[:, np.newaxis] * log_rates)) + 0.5 * flat @ flat

    def slope(flat):
        rates = np.exp(X @ flat.reshape(W.shape).T)
        return ((R * (rates - y[:, np.newaxis])).T @ X).ravel() + flat

    with np.errstate(over="ignore"):
        found = optimize.minimize(loss, W.ravel(), jac=slope, method="BFGS")
    return found.x.reshape(W.shape), R.mean(axis=0)


@mistake_of("m_step")
def last_mood_in_every_row(R, X, y, W):
    """Your rows are all the same. When does the loop put its result into the row of its mood?"""
    for j in range(len(W)):
        w = _maximise(R[:, [j]], X, y, W[[j]])[0]
    return np.array([w] * len(W)), R.mean(axis=0)


@mistake_of("m_step")
def last_mood_left_out(R, X, y, W):
    """All rows but one are right, and that one is as it was. Over which moods does your loop go?"""
    new = W.copy()
    for j in range(len(W) - 1):
        new[j] = _maximise(R[:, [j]], X, y, W[[j]])[0]
    return new, R.mean(axis=0)


def _climbed(weights, X, y, w):
    """The weights of one mood by damped Newton steps."""

    def height(w):
        with np.errstate(over="ignore"):
            return np.sum(weights * (np.exp(X @ w) - y * (X @ w)))

    for _ in range(100):
        rates = np.exp(X @ w)
        step = np.linalg.solve((X.T * (weights * rates)) @ X, X.T @ (weights * (rates - y)))
        while height(w - step) > height(w):
            step = step / 2
        w = w - step
        if np.abs(step).max() < 1e-9:
            break
    return w


# ---- em -------------------------------------------------------------------------------------------------------------
# Each of these uses the right E-step and M-step, and as many starts as the question asks for unless that is its slip.


def _random_responsibilities(y, k, rng):
    return rng.dirichlet(np.ones(k), size=len(y))


def _from_here(R, X, y):
    """EM from these responsibilities until the log-likelihood rises by less than 1e-6: it, W and pi."""
    W, pi = m_step(R, X, y, np.zeros((R.shape[1], X.shape[1])))
    previous, current = -np.inf, mixture_log_likelihood(W, pi, X, y)
    while current - previous >= 1e-6:
        W, pi = m_step(e_step(W, pi, X, y), X, y, W)
        previous, current = current, mixture_log_likelihood(W, pi, X, y)
    return current, W, pi


def _best_of(runs):
    return max(runs, key=lambda run: run[0])[1:]


@mistake_of("em")
def responsibilities_all_alike(X, y, k, rng):
    """Your moods all end with the same weights. Is there anything in your starts that tells one from another?"""
    return _best_of([_from_here(np.full((len(y), k), 1 / k), X, y) for _ in range(25)])


@mistake_of("em")
def moods_start_at_the_same_weights(X, y, k, rng):
    """Your starts differ in the probabilities only. Can two moods with the same weights ever become different?"""
    runs = []
    for _ in range(25):
        pi = rng.dirichlet(np.ones(k))
        runs.append(_from_here(np.tile(pi, (len(y), 1)), X, y))
    return runs[-1][1:]


@mistake_of("em")
def one_start_only(X, y, k, rng):
    """EM finds a hill, and not always the highest. How many places do you start from?"""
    return _from_here(_random_responsibilities(y, k, rng), X, y)[1:]


@mistake_of("em")
def last_start_kept(X, y, k, rng):
    """You make enough starts. Which of them do you return?"""
    for _ in range(25):
        _, W, pi = _from_here(_random_responsibilities(y, k, rng), X, y)
    return W, pi


@mistake_of("em")
def worst_start_kept(X, y, k, rng):
    """You compare your starts by their log-likelihood. Is a good one small or large?"""
    runs = [_from_here(_random_responsibilities(y, k, rng), X, y) for _ in range(25)]
    return min(runs, key=lambda run: run[0])[1:]


@mistake_of("em")
def five_iterations(X, y, k, rng):
    """After your last iteration, go on for a hundred more: does the log-likelihood still rise?"""
    best, found = -np.inf, None
    for _ in range(25):
        W, pi = m_step(_random_responsibilities(y, k, rng), X, y, np.zeros((k, X.shape[1])))
        for _ in range(5):
            W, pi = m_step(e_step(W, pi, X, y), X, y, W)
        current = mixture_log_likelihood(W, pi, X, y)
        if current > best:
            best, found = current, (W, pi)
    return found


@mistake_of("em")
def stops_when_pi_hardly_moves(X, y, k, rng):
    """You stop when the probabilities of the moods hardly change. Are the weights done by then?"""
    runs = []
    for _ in range(25):
        W, pi = m_step(_random_responsibilities(y, k, rng), X, y, np.zeros((k, X.shape[1])))
        moved = 1.0
        while moved > 0.01:
            W, new = m_step(e_step(W, pi, X, y), X, y, W)
            moved, pi = np.abs(new - pi).max(), new
        runs.append((mixture_log_likelihood(W, pi, X, y), W, pi))
    return _best_of(runs)


@mistake_of("em")
def always_two_moods(X, y, k, rng):
    """Ask for three moods, and for one. How many do you get?"""
    return _best_of([_from_here(_random_responsibilities(y, 2, rng), X, y) for _ in range(25)])


@mistake_of("em")
def each_song_in_one_mood(X, y, k, rng):
    """Your E-step puts every song into its likeliest mood. What happens to the songs that could belong to two?"""
    runs = []
    for _ in range(25):
        R, before = np.eye(k)[rng.integers(k, size=len(y))], None
        W = np.zeros((k, X.shape[1]))
        while before is None or not np.array_equal(R, before):
            W, pi = m_step(R, X, y, W)
            R, before = np.eye(k)[e_step(W, pi, X, y).argmax(axis=1)], R
        runs.append((mixture_log_likelihood(W, pi, X, y), W, pi))
    return _best_of(runs)


@mistake_of("em")
def e_step_with_the_first_pi(X, y, k, rng):
    """Your E-step gets the new weights. Which probabilities of the moods does it get?"""
    runs = []
    for _ in range(25):
        start = np.full(k, 1 / k)
        W, pi = m_step(_random_responsibilities(y, k, rng), X, y, np.zeros((k, X.shape[1])))
        for _ in range(50):
            W, pi = m_step(e_step(W, start, X, y), X, y, W)
        runs.append((mixture_log_likelihood(W, pi, X, y), W, pi))
    return _best_of(runs)


@mistake_of("em")
def pi_never_learned(X, y, k, rng):
    """Your moods come out equally likely, whatever the data. What do you do with the second result of the M-step?"""
    runs = []
    for _ in range(25):
        pi = np.full(k, 1 / k)
        W, _ = m_step(_random_responsibilities(y, k, rng), X, y, np.zeros((k, X.shape[1])))
        for _ in range(50):
            W, _ = m_step(e_step(W, pi, X, y), X, y, W)
        runs.append((mixture_log_likelihood(W, pi, X, y), W, pi))
    return _best_of(runs)


@mistake_of("em")
def weights_never_refitted(X, y, k, rng):
    """Your E-step gets the new probabilities. Which weights does it get?"""
    runs = []
    for _ in range(25):
        first, pi = m_step(_random_responsibilities(y, k, rng), X, y, np.zeros((k, X.shape[1])))
        for _ in range(50):
            W, pi = m_step(e_step(first, pi, X, y), X, y, first)
        runs.append((mixture_log_likelihood(W, pi, X, y), W, pi))
    return _best_of(runs)


@mistake_of("em")
def random_parts_fitted_apart(X, y, k, rng):
    """You fit a weight vector to each of k random parts. Which step asks the songs whether they are in the right
    part?"""
    runs = []
    for _ in range(25):
        R = np.eye(k)[rng.integers(k, size=len(y))]
        W, pi = m_step(R, X, y, np.zeros((k, X.shape[1])))
        runs.append((mixture_log_likelihood(W, pi, X, y), W, pi))
    return _best_of(runs)


@mistake_of("em")
def pi_before_W(X, y, k, rng):
    """Both results look right. In which order are they asked for?"""
    W, pi = _best_of([_from_here(_random_responsibilities(y, k, rng), X, y) for _ in range(25)])
    return pi, W


@mistake_of("em")
def best_of_each_apart(X, y, k, rng):
    """The weights and the probabilities that you return don't fit each other. Do both come from the same start?"""
    best, found = -np.inf, None
    for _ in range(25):
        current, W, pi = _from_here(_random_responsibilities(y, k, rng), X, y)
        if current > best:
            best, found = current, W
    return found, pi


@mistake_of("em")
def own_seed(X, y, k, rng):
    """Call it with two generators of different seeds: not a digit differs. Which of your lines decides the starts?"""
    own = np.random.default_rng(0)
    return _best_of([_from_here(_random_responsibilities(y, k, own), X, y) for _ in range(25)])


@mistake_of("em")
def starts_from_the_global_generator(X, y, k, rng):
    """Call it twice with generators of the same seed: the results aren't the same to the last digit. Where do your
    random numbers come from?"""
    return _best_of([_from_here(np.random.dirichlet(np.ones(k), size=len(y)), X, y) for _ in range(25)])


# ---- mood_playlists -------------------------------------------------------------------------------------------------


@mistake_of("mood_playlists")
def playlist_of_the_average_mood(X, W, m):
    """Your playlists are all the same. Whose taste is the mean of the rows of W?"""
    return [np.argsort(-(X @ W.mean(axis=0)), kind="stable")[:m] for _ in W]


@mistake_of("mood_playlists")
def first_mood_for_all(X, W, m):
    """Your playlists are all the same. Which row of W does each round of your loop look at?"""
    return [np.argsort(-(X @ W[0]), kind="stable")[:m] for _ in W]


@mistake_of("mood_playlists")
def worst_songs(X, W, m):
    """Look at the expected counts along a playlist: do you take the songs from the right end?"""
    return [np.argsort(X @ w, kind="stable")[:m] for w in W]


@mistake_of("mood_playlists")
def best_song_last(X, W, m):
    """The right songs are there. Read the expected counts from left to right: where does the best song stand?"""
    return [np.argsort(X @ w, kind="stable")[len(X) - m :] for w in W]


@mistake_of("mood_playlists")
def ranks_in_columns(X, W, m):
    """Count your playlists and the songs in each. How many moods are there, and how many songs were asked for?"""
    return np.argsort(-(X @ W.T), axis=0, kind="stable")[:m]


@mistake_of("mood_playlists")
def no_song_twice(X, W, m):
    """The first playlist is right. May a song be among the best of two moods?"""
    playlists, taken = [], set()
    for w in W:
        order = [int(i) for i in np.argsort(-(X @ w), kind="stable") if i not in taken]
        playlists.append(order[:m])
        taken.update(order[:m])
    return playlists


@mistake_of("mood_playlists")
def songs_of_their_favourite_mood(X, W, m):
    """Some of your playlists are too short. Must a song belong to one mood only to be liked in it?"""
    log_rates = X @ W.T
    favourite = log_rates.argmax(axis=1)
    playlists = []
    for j in range(len(W)):
        own = np.flatnonzero(favourite == j)
        playlists.append(own[np.argsort(-log_rates[own, j], kind="stable")][:m])
    return playlists


@mistake_of("mood_playlists")
def share_among_the_moods(X, W, m):
    """You prefer songs that other moods dislike. Should a mood's playlist depend on the other moods?"""
    shares = log_softmax(X @ W.T, axis=1)
    return [np.argsort(-shares[:, j], kind="stable")[:m] for j in range(len(W))]


@mistake_of("mood_playlists")
def all_the_songs(X, W, m):
    """The order is right. How many songs should a playlist have?"""
    return [np.argsort(-(X @ w), kind="stable") for w in W]


@mistake_of("mood_playlists")
def log_rates_of_the_best(X, W, m):
    """You say how much the best songs are liked. Which songs are they?"""
    return [np.sort(X @ w)[::-1][:m] for w in W]


@mistake_of("mood_playlists")
def place_of_each_song(X, W, m):
    """Your numbers say at which place a song stands. A playlist says which song stands at a place."""
    return [np.argsort(np.argsort(-(X @ w), kind="stable"), kind="stable")[:m] for w in W]


@mistake_of("mood_playlists")
def songs_counted_from_one(X, W, m):
    """Your songs are all neighbours of the right ones. With which number does Python begin?"""
    return [np.argsort(-(X @ w), kind="stable")[:m] + 1 for w in W]


@mistake_of("mood_playlists")
def songs_above_a_threshold(X, W, m):
    """The right songs are there, in the order of the database. Which of them should be played first?"""
    playlists = []
    for w in W:
        log_rates = X @ w
        playlists.append(np.flatnonzero(log_rates >= np.sort(log_rates)[-m]))
    return playlists


@mistake_of("mood_playlists")
def rates_beyond_what_exp_takes(X, W, m):
    """Try log-rates of 800 and 900. Which of the two expected counts is larger, as numpy sees them?"""
    return [np.argsort(-np.exp(X @ w), kind="stable")[:m] for w in W]


@mistake_of("mood_playlists")
def one_list_filled_for_all(X, W, m):
    """Your playlists are all the last mood's. How many lists do you make, and where?"""
    one, playlists = np.zeros(m, dtype=int), []
    for w in W:
        one[:] = np.argsort(-(X @ w), kind="stable")[:m]
        playlists.append(one)
    return playlists
