"""Right answers to the questions of poisson_em in other styles than the reference's."""

import heapq
import math

import numpy as np
from scipy import optimize, stats
from scipy.special import gammaln, logsumexp, softmax, xlogy

from solutions.banks import variant_of
from solutions.poisson_em import (
    e_step,
    fit_poisson,
    m_step,
    mixture_log_likelihood,
    playlist,
    poisson_gradient,
    poisson_hessian,
    poisson_nll,
)

# ---- poisson_nll ----------------------------------------------------------------------------------------------------


@variant_of("poisson_nll")
def song_by_song(w, X, y):
    """A loop over the songs, with log y! from the standard library."""
    total = 0.0
    for song, count in zip(X, y, strict=True):
        log_rate = song @ w
        total += np.exp(log_rate) - count * log_rate + math.lgamma(count + 1)
    return total


@variant_of("poisson_nll")
def without_the_constant(w, X, y):
    """Without log y!, as two sums; the result is a list of one number."""
    log_rates = X.dot(w)
    return [np.exp(log_rates).sum() - y @ log_rates]


@variant_of("poisson_nll")
def half_the_deviance(w, X, y):
    """What the log-likelihood lacks against a model with a rate for each song."""
    log_rates = X @ w
    return np.sum(xlogy(y, y) - y - y * log_rates + np.exp(log_rates))


@variant_of("poisson_nll")
def columns_all_the_way(w, X, y):
    """With columns throughout: the result is (1, 1), and a second value comes with it."""
    counts = y.reshape(-1, 1)
    log_rates = X @ w.reshape(-1, 1)
    rates = np.exp(log_rates)
    return np.ones((1, len(y))) @ rates - counts.T @ log_rates, rates


@variant_of("poisson_nll")
def library_where_it_is_safe(w, X, y):
    """scipy.stats.poisson, except where the rate would be 0."""
    log_rates = X @ w
    safe = log_rates > -700
    likely = stats.poisson.logpmf(y[safe], np.exp(log_rates[safe]))
    rare = y[~safe] * log_rates[~safe] - gammaln(y[~safe] + 1)
    return -(likely.sum() + rare.sum())


@variant_of("poisson_nll")
def loss_of_torch(w, X, y):
    """PyTorch's loss of a count and a log-rate, in float64."""
    import torch

    log_rates = torch.from_numpy(X) @ torch.from_numpy(w)
    loss = torch.nn.PoissonNLLLoss(log_input=True, full=False, reduction="sum")
    return loss(log_rates, torch.from_numpy(y).to(torch.float64))


# ---- poisson_gradient -----------------------------------------------------------------------------------------------


@variant_of("poisson_gradient")
def entry_by_entry(w, X, y):
    """Two loops; the result is a list."""
    slopes = [0.0] * len(w)
    for song, count in zip(X, y, strict=True):
        residual = math.exp(song @ w) - count
        for j, feature in enumerate(song):
            slopes[j] += residual * float(feature)
    return slopes


@variant_of("poisson_gradient")
def expected_minus_observed(w, X, y):
    """The features that the model expects, less those that were heard."""
    return X.T @ np.exp(X @ w) - X.T @ y


@variant_of("poisson_gradient")
def slopes_in_columns(w, X, y):
    """With columns throughout; the result is (d, 1)."""
    residuals = np.exp(X @ w.reshape(-1, 1)) - y.reshape(-1, 1)
    return X.T @ residuals


@variant_of("poisson_gradient")
def sum_of_the_rows(w, X, y):
    """One row for each song, and their sum; the residuals are returned, too."""
    residuals = y - np.exp(X @ w)
    return -(residuals[:, None] * X).sum(axis=0), residuals


@variant_of("poisson_gradient")
def residuals_by_einsum(w, X, y):
    """Both products by einsum."""
    rates = np.exp(np.einsum("ij,j->i", X, w))
    return np.einsum("i,ij->j", rates - y, X)


@variant_of("poisson_gradient")
def steps_off_the_real_line(w, X, y):
    """A difference without any cancellation: the imaginary part at a tiny imaginary step."""
    slopes = np.empty(len(w))
    for j in range(len(w)):
        moved = w.astype(complex)
        moved[j] += 1e-30j
        log_rates = X @ moved
        slopes[j] = np.sum(np.exp(log_rates) - y * log_rates).imag / 1e-30
    return slopes


@variant_of("poisson_gradient")
def differentiated_by_torch(w, X, y):
    """PyTorch's automatic differentiation in float64; the result is a tensor."""
    import torch

    point = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    log_rates = torch.from_numpy(X) @ point
    (log_rates.exp() - torch.from_numpy(y) * log_rates).sum().backward()
    return point.grad


# ---- poisson_hessian ------------------------------------------------------------------------------------------------


@variant_of("poisson_hessian")
def sum_of_outer_products(w, X, y):
    """A loop over the songs."""
    total = np.zeros((len(w), len(w)))
    for song in X:
        total += np.exp(song @ w) * np.outer(song, song)
    return total


@variant_of("poisson_hessian")
def curvature_by_einsum(w, X, y):
    return np.einsum("i,ij,ik->jk", np.exp(X @ w), X, X)


@variant_of("poisson_hessian")
def roots_of_the_rates(w, X, y):
    """The square of a scaled X; the result is a list of lists."""
    scaled = X * np.exp(X @ w / 2)[:, None]
    return (scaled.T @ scaled).tolist()


@variant_of("poisson_hessian")
def pairs_of_columns(w, X, y):
    """Two loops over the columns, half of the matrix mirrored."""
    rates = np.exp(X @ w)
    d = X.shape[1]
    curvature = np.empty((d, d))
    for j in range(d):
        for k in range(j + 1):
            curvature[j, k] = curvature[k, j] = np.sum(rates * X[:, j] * X[:, k])
    return curvature


@variant_of("poisson_hessian")
def matrix_for_each_song(w, X, y):
    """A matrix for each song, and their sum; the rates are returned, too."""
    rates = np.exp(X @ w)
    return (rates[:, None, None] * X[:, :, None] * X[:, None, :]).sum(axis=0), rates


@variant_of("poisson_hessian")
def sparse_diagonal(w, X, y):
    """A diagonal matrix that stores its diagonal only."""
    from scipy.sparse import diags_array

    return X.T @ (diags_array(np.exp(X @ w)) @ X)


@variant_of("poisson_hessian")
def differentiated_twice_by_torch(w, X, y):
    """PyTorch's automatic differentiation, twice, in float64."""
    import torch

    songs, counts = torch.from_numpy(X), torch.from_numpy(y)

    def loss(point):
        log_rates = songs @ point
        return (log_rates.exp() - counts * log_rates).sum()

    return torch.func.jacrev(torch.func.grad(loss))(torch.from_numpy(w)).numpy()


# ---- curvature_terms ------------------------------------------------------------------------------------------------


@variant_of("curvature_terms")
def term_by_term(v, w, X):
    """A loop over the songs; the result is a list."""
    terms = []
    for song in X:
        along = sum(float(a) * float(b) for a, b in zip(song, v, strict=True))
        terms.append(math.exp(song @ w) * along**2)
    return terms


@variant_of("curvature_terms")
def squares_of_scaled_songs(v, w, X):
    """The squares of the entries of a vector whose length is wanted."""
    scaled = X * np.exp(X @ w / 2)[:, np.newaxis]
    return np.square(scaled @ v)


@variant_of("curvature_terms")
def hessian_of_each_song(v, w, X):
    """v'Hv with the Hessian of each song alone, on both sides."""
    return np.einsum("j,i,ij,ik,k->i", v, np.exp(X @ w), X, X, v)


@variant_of("curvature_terms")
def terms_in_a_column(v, w, X):
    """With columns throughout; the result is (n, 1)."""
    return np.exp(X @ w.reshape(-1, 1)) * (X @ v.reshape(-1, 1)) ** 2


@variant_of("curvature_terms")
def terms_by_their_logarithms(v, w, X):
    """Sums of logarithms; a song at a right angle to v has the logarithm -inf."""
    with np.errstate(divide="ignore"):
        return np.exp(X @ w + 2 * np.log(np.abs(X @ v)))


@variant_of("curvature_terms")
def terms_with_their_sum(v, w, X):
    """The sum is returned, too."""
    terms = (X @ v) * np.exp(X @ w) * (X @ v)
    return terms, terms.sum()


# ---- witness_likelihood ---------------------------------------------------------------------------------------------


@variant_of("witness_likelihood")
def likelihood_on_the_left():
    return -3, 0, 0.5


@variant_of("witness_likelihood")
def likelihood_on_the_right():
    """A list of arrays, and an uneven t."""
    return [np.array([1.0]), np.array([3.0]), 0.4]


@variant_of("witness_likelihood")
def likelihood_found_by_chance():
    """What a search over random numbers comes up with."""
    return np.float64(-6.2831), np.float64(1.0472), np.float64(0.9)


@variant_of("witness_likelihood")
def likelihood_in_columns():
    return np.array([[0.9]]), np.array([[-4.0]]), 1 / 3


# ---- witness_squared_error ------------------------------------------------------------------------------------------


@variant_of("witness_squared_error")
def error_from_far_out():
    return -10, 1, 0.5


@variant_of("witness_squared_error")
def error_on_the_plateau():
    """Close to each other, where the rates are small; a list."""
    return [-2.0, 0.0, 0.5]


@variant_of("witness_squared_error")
def error_in_arrays():
    return np.array([1.0]), np.array([-5.0]), np.array(0.75)


@variant_of("witness_squared_error")
def error_in_lists():
    return [-8.0], [-2.0], 0.25


# ---- fit_poisson ----------------------------------------------------------------------------------------------------


@variant_of("fit_poisson")
def reweighted_with_halving(X, y):
    """IRLS from the usual start, each step halved until the deviance falls; the result is a list."""
    w = np.linalg.lstsq(X, np.log(y + 0.5), rcond=None)[0]
    for _ in range(200):
        rates = np.exp(X @ w)
        root = np.sqrt(rates)
        step = np.linalg.lstsq(X * root[:, None], (y - rates) / root, rcond=None)[0]
        length, before = 1.0, np.sum(rates - y * (X @ w))
        while length > 1e-9:
            log_rates = X @ (w + length * step)
            if log_rates.max() < 500 and np.sum(np.exp(log_rates) - y * log_rates) <= before:
                break
            length /= 2
        w = w + length * step
        if np.abs(step).max() < 1e-10:
            break
    return w.tolist()


@variant_of("fit_poisson")
def newton_with_short_steps(X, y):
    """Newton's method from 0 with no log-rate moving by more than 1 at once; the path is returned, too."""
    w = np.zeros(X.shape[1])
    path = [w]
    for _ in range(200):
        step = np.linalg.lstsq(poisson_hessian(w, X, y), poisson_gradient(w, X, y), rcond=None)[0]
        w = w - step / max(1.0, np.abs(X @ step).max())
        path.append(w)
    return w, path


@variant_of("fit_poisson")
def newton_with_backtracking(X, y):
    """Newton's method from 0, each step halved until the loss falls enough; the result is (d, 1)."""
    w = np.zeros((X.shape[1], 1))
    for _ in range(100):
        slope, curvature = poisson_gradient(w[:, 0], X, y), poisson_hessian(w[:, 0], X, y)
        step = np.linalg.solve(curvature, slope)
        length = 1.0
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(60):
                new = w[:, 0] - length * step
                fall = poisson_nll(w[:, 0], X, y) - poisson_nll(new, X, y)
                if fall >= 0.1 * length * slope @ step:
                    break
                length /= 2
            else:
                break
        w = new.reshape(-1, 1)
    return w


@variant_of("fit_poisson")
def damped_by_a_ridge(X, y):
    """Levenberg and Marquardt: a ridge in the step, larger after a failure and smaller after a success."""
    w, ridge = np.zeros(X.shape[1]), 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(500):
            curvature = poisson_hessian(w, X, y)
            damped = curvature + ridge * np.diag(np.diag(curvature))
            new = w - np.linalg.solve(damped, poisson_gradient(w, X, y))
            if poisson_nll(new, X, y) <= poisson_nll(w, X, y):
                w, ridge = new, ridge / 3
            else:
                ridge *= 3
            if ridge > 1e12:
                break
    return w


@variant_of("fit_poisson")
def undamped_from_a_good_start(X, y):
    """Newton's method needs no damping from where the log-rates are about right."""
    w = np.linalg.lstsq(X * np.sqrt(y + 0.5)[:, None], np.sqrt(y + 0.5) * np.log(y + 0.5), rcond=None)[0]
    for _ in range(50):
        w -= np.linalg.pinv(poisson_hessian(w, X, y)) @ poisson_gradient(w, X, y)
    return w


@variant_of("fit_poisson")
def quasi_newton(X, y):
    """BFGS on the mean loss."""

    def loss(w):
        return poisson_nll(w, X, y) / len(y)

    def slope(w):
        return poisson_gradient(w, X, y) / len(y)

    with np.errstate(over="ignore"):
        return optimize.minimize(loss, np.zeros(X.shape[1]), jac=slope, method="BFGS", options={"gtol": 1e-8}).x


@variant_of("fit_poisson")
def quasi_newton_with_little_memory(X, y):
    """L-BFGS-B on the loss itself, from the least-squares line through log(y + 1)."""
    start = np.linalg.lstsq(X, np.log(y + 1), rcond=None)[0]
    options = {"ftol": 1e-14, "gtol": 1e-7, "maxiter": 10_000}
    found = optimize.minimize(poisson_nll, start, args=(X, y), jac=poisson_gradient, method="L-BFGS-B", options=options)
    return found.x


@variant_of("fit_poisson")
def descent_with_backtracking(X, y):
    """Gradient descent, each rate halved until the loss falls enough, until there is no fall left to see."""
    w = np.zeros(X.shape[1])
    rate = 1.0
    with np.errstate(over="ignore"):
        while True:
            slope, height = poisson_gradient(w, X, y), poisson_nll(w, X, y)
            rate *= 4
            while rate > 1e-20 and not poisson_nll(w - rate * slope, X, y) <= height - rate / 2 * slope @ slope:
                rate /= 2
            new = w - rate * slope
            if height - poisson_nll(new, X, y) <= 1e-14 * abs(height):
                return w
            w = new


@variant_of("fit_poisson")
def trust_region(X, y):
    """scipy's Newton method with a trust region."""
    found = optimize.minimize(
        poisson_nll,
        np.zeros(X.shape[1]),
        args=(X, y),
        jac=poisson_gradient,
        hess=poisson_hessian,
        method="trust-ncg",
        options={"gtol": 1e-6, "maxiter": 1000},
    )
    return found.x


@variant_of("fit_poisson")
def convex_program(X, y):
    """cvxpy with its interior-point solver."""
    import cvxpy

    w = cvxpy.Variable(X.shape[1])
    log_rates = X @ w
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum(cvxpy.exp(log_rates)) - y @ log_rates))
    problem.solve(solver=cvxpy.CLARABEL)
    return w.value


@variant_of("fit_poisson")
def fitted_by_torch(X, y):
    """PyTorch's L-BFGS with a line search, in float64."""
    import torch

    songs, counts = torch.from_numpy(X), torch.from_numpy(y).to(torch.float64)
    w = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [w], max_iter=2000, tolerance_grad=1e-9, tolerance_change=1e-14, line_search_fn="strong_wolfe"
    )

    def closure():
        optimizer.zero_grad()
        log_rates = songs @ w
        loss = (log_rates.exp() - counts * log_rates).mean()
        loss.backward()
        return loss

    optimizer.step(closure)
    return w.detach().numpy()


# ---- playlist -------------------------------------------------------------------------------------------------------


@variant_of("playlist")
def sorted_by_a_key(X, w, m):
    """Python's own sort; the result is a list."""
    return sorted(range(len(X)), key=lambda i: X[i] @ w, reverse=True)[:m]


@variant_of("playlist")
def ascending_turned_over(X, w, m):
    """Songs that are alike come in the reverse order of their indices."""
    return np.argsort(X @ w, kind="stable")[::-1][:m]


@variant_of("playlist")
def best_taken_out_one_by_one(X, w, m):
    left = (X @ w).astype(float)
    chosen = []
    for _ in range(m):
        i = int(np.argmax(left))
        chosen.append(i)
        left[i] = -np.inf
    return chosen


@variant_of("playlist")
def best_part_then_sorted(X, w, m):
    """argpartition for the songs, argsort for their order; the log-rates are returned, too."""
    log_rates = X @ w
    best = np.argpartition(-log_rates, m - 1)[:m]
    order = best[np.argsort(-log_rates[best])]
    return order, log_rates[order]


@variant_of("playlist")
def by_a_heap(X, w, m):
    """The m largest pairs of a log-rate and an index; the result is an array of floats."""
    import heapq

    pairs = [(log_rate, i) for i, log_rate in enumerate(X @ w)]
    return np.array([i for _, i in heapq.nlargest(m, pairs)], dtype=float)


@variant_of("playlist")
def top_of_torch(X, w, m):
    """PyTorch's topk; the result is a tensor."""
    import torch

    return torch.topk(torch.from_numpy(X @ w), m).indices


# ---- witness_mixture ------------------------------------------------------------------------------------------------


@variant_of("witness_mixture")
def moods_swapped_flat():
    return np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5


@variant_of("witness_mixture")
def moods_swapped_in_lists():
    return [[1.0], [-1.0]], [[-1.0], [1.0]], 0.5


@variant_of("witness_mixture")
def moods_swapped_unevenly():
    """A list of lists of whole numbers, and another t."""
    return [[2, -3], [-3, 2], 0.3]


@variant_of("witness_mixture")
def moods_nearly_swapped():
    """Not each other's mirror image: a random search finds such points."""
    return np.array([[1.6], [-4.1]]), np.array([[-2.7], [1.9]]), np.float64(0.45)


# ---- is_convex ------------------------------------------------------------------------------------------------------


@variant_of("is_convex")
def convexity_all_but_one():
    verdicts = dict.fromkeys(("minus_likelihood", "squared_error", "mixture_nll"), False)
    verdicts["poisson_nll"] = True
    return verdicts


@variant_of("is_convex")
def convexity_in_numpy_booleans():
    names = ["minus_likelihood", "poisson_nll", "squared_error", "mixture_nll"]
    return dict(zip(names, np.array([0, 1, 0, 0]) > 0, strict=True))


@variant_of("is_convex")
def convexity_as_ones_and_zeros():
    return {"mixture_nll": 0, "squared_error": 0, "poisson_nll": 1, "minus_likelihood": 0}


@variant_of("is_convex")
def convexity_of_more_functions():
    return {
        "minus_likelihood": False,
        "poisson_nll": True,
        "squared_error": False,
        "mixture_nll": False,
        "linear_least_squares": True,
    }


# ---- mixture_log_likelihood -----------------------------------------------------------------------------------------


@variant_of("mixture_log_likelihood")
def songs_and_moods_in_loops(W, pi, X, y):
    """Two loops, the largest term of each song subtracted and added again; without log y!."""
    total = 0.0
    for song, count in zip(X, y, strict=True):
        terms = []
        for w, probability in zip(W, pi, strict=True):
            if probability > 0:
                log_rate = float(song @ w)
                terms.append(math.log(probability) + count * log_rate - math.exp(log_rate))
        largest = max(terms)
        total += largest + math.log(sum(math.exp(term - largest) for term in terms))
    return total


@variant_of("mixture_log_likelihood")
def probabilities_as_factors(W, pi, X, y):
    """pi as the factors of logsumexp; the songs' own terms are returned, too."""
    log_rates = X @ W.T
    log_p = y[:, None] * log_rates - np.exp(log_rates) - gammaln(y[:, None] + 1)
    songs = logsumexp(log_p, axis=1, b=pi)
    return songs.sum(), songs


@variant_of("mixture_log_likelihood")
def moods_added_one_by_one(W, pi, X, y):
    """logaddexp, mood by mood; the result is a list of one number."""
    total = np.full(len(y), -np.inf)
    with np.errstate(divide="ignore"):
        log_pi = np.log(pi)
    for j in range(len(pi)):
        log_rates = X @ W[j]
        total = np.logaddexp(total, log_pi[j] + y * log_rates - np.exp(log_rates))
    return [np.sum(total - gammaln(y + 1))]


@variant_of("mixture_log_likelihood")
def maximum_taken_out(W, pi, X, y):
    """Own log-sum-exp with the moods in rows; pi stays outside of the logarithm."""
    log_rates = W @ X.T
    log_p = y * log_rates - np.exp(log_rates)
    log_p[pi == 0] = -np.inf
    largest = log_p.max(axis=0)
    return np.sum(largest + np.log(pi @ np.exp(log_p - largest))) - np.sum(gammaln(y + 1))


@variant_of("mixture_log_likelihood")
def mixture_by_torch(W, pi, X, y):
    """PyTorch in float64; the result is a tensor."""
    import torch

    log_rates = torch.from_numpy(X) @ torch.from_numpy(W).T
    counts = torch.from_numpy(np.asarray(y, dtype=float))[:, None]
    log_p = counts * log_rates - log_rates.exp() - torch.lgamma(counts + 1)
    return torch.logsumexp(log_p + torch.log(torch.from_numpy(pi)), dim=1).sum()


# ---- e_step ---------------------------------------------------------------------------------------------------------


@variant_of("e_step")
def softmax_of_scipy(W, pi, X, y):
    """scipy's softmax; log y! is the same for all moods and left out."""
    log_rates = X @ W.T
    with np.errstate(divide="ignore"):
        return softmax(np.log(pi) + y[:, None] * log_rates - np.exp(log_rates), axis=1)


@variant_of("e_step")
def bayes_song_by_song(W, pi, X, y):
    """A loop over the songs, the largest exponent subtracted; the result is a list of lists."""
    R = []
    for song, count in zip(X, y, strict=True):
        log_rates = W @ song
        exponents = count * log_rates - np.exp(log_rates)
        largest = max(exponents[pi > 0])
        joint = [p * np.exp(e - largest) if p > 0 else 0.0 for p, e in zip(pi, exponents, strict=True)]
        R.append([float(value / sum(joint)) for value in joint])
    return R


@variant_of("e_step")
def moods_in_rows(W, pi, X, y):
    """R as (k, n)."""
    log_rates = W @ X.T
    log_p = y * log_rates - np.exp(log_rates)
    log_p[pi == 0] = -np.inf
    joint = pi[:, None] * np.exp(log_p - log_p.max(axis=0))
    return joint / joint.sum(axis=0)


@variant_of("e_step")
def ratios_of_probabilities(W, pi, X, y):
    """One over the sum of the ratios to the mood in question; a ratio that overflows gives 0, as it should."""
    log_rates = X @ W.T
    log_p = y[:, None] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, None]
    R = np.zeros_like(log_p)
    for j in np.flatnonzero(pi):
        with np.errstate(over="ignore"):
            R[:, j] = 1 / sum(pi[i] / pi[j] * np.exp(log_p[:, i] - log_p[:, j]) for i in np.flatnonzero(pi))
    return R


@variant_of("e_step")
def logarithms_until_the_end(W, pi, X, y):
    """Mood by mood with logaddexp; the likelihood is returned, too."""
    with np.errstate(divide="ignore"):
        log_joint = [np.log(p) + y * (X @ w) - np.exp(X @ w) - gammaln(y + 1) for w, p in zip(W, pi, strict=True)]
    songs = np.logaddexp.reduce(log_joint, axis=0)
    return np.array([np.exp(mood - songs) for mood in log_joint]).T, songs.sum()


@variant_of("e_step")
def posterior_by_torch(W, pi, X, y):
    """PyTorch's softmax in float64; the result is a tensor."""
    import torch

    log_rates = torch.from_numpy(X @ W.T)
    log_p = torch.from_numpy(y)[:, None] * log_rates - log_rates.exp()
    return torch.softmax(log_p + torch.log(torch.from_numpy(pi)), dim=1)


# ---- m_step ---------------------------------------------------------------------------------------------------------


@variant_of("m_step")
def mood_by_mood_with_bfgs(R, X, y, W):
    """scipy's BFGS for each mood, from the weights so far."""

    def loss(w, weights):
        log_rates = X @ w
        with np.errstate(over="ignore"):
            return np.sum(weights * (np.exp(log_rates) - y * log_rates))

    def slope(w, weights):
        with np.errstate(over="ignore"):
            return X.T @ (weights * (np.exp(X @ w) - y))

    fits = [optimize.minimize(loss, W[j], args=(R[:, j],), jac=slope, method="BFGS").x for j in range(len(W))]
    return np.array(fits), R.mean(axis=0)


@variant_of("m_step")
def convex_program_for_each_mood(R, X, y, W):
    """cvxpy with its interior-point solver; an empty mood keeps its weights."""
    import cvxpy

    new = W.copy()
    for j, weights in enumerate(R.T):
        if weights.sum() > 1e-9:
            w = cvxpy.Variable(X.shape[1])
            log_rates = X @ w
            loss = weights @ cvxpy.exp(log_rates) - (weights * y) @ log_rates
            cvxpy.Problem(cvxpy.Minimize(loss)).solve(solver=cvxpy.CLARABEL)
            new[j] = w.value
    return new, R.mean(axis=0)


@variant_of("m_step")
def one_damped_newton_step(R, X, y, W):
    """Generalised EM: one Newton step for each mood, halved until the expected log-likelihood rises."""

    def gain(w, weights):
        with np.errstate(over="ignore"):
            return np.sum(weights * (y * (X @ w) - np.exp(X @ w)))

    new = W.copy()
    for j, w in enumerate(W):
        weights, rates = R[:, j], np.exp(X @ w)
        step = np.linalg.pinv((X.T * (weights * rates)) @ X) @ (X.T @ (weights * (y - rates)))
        size = 1.0
        while gain(w + size * step, weights) < gain(w, weights) and size > 1e-10:
            size /= 2
        if size > 1e-10:
            new[j] = w + size * step
    return new, R.sum(axis=0) / len(y)


@variant_of("m_step")
def songs_in_a_loop(R, X, y, W):
    """Sums over the songs in plain loops, damped Newton steps, and results as lists."""
    k, d = len(W), X.shape[1]
    fits = []
    for j in range(k):
        w = [float(value) for value in W[j]]
        for _ in range(30):
            height, gradient, curvature = 0.0, np.zeros(d), 1e-12 * np.eye(d)
            for weight, song, count in zip(R[:, j], X, y, strict=True):
                log_rate = float(song @ w)
                rate = math.exp(log_rate)
                height += weight * (count * log_rate - rate)
                gradient += weight * (count - rate) * song
                curvature += weight * rate * np.outer(song, song)
            step = np.linalg.solve(curvature, gradient)
            if gradient @ step < 1e-10:
                break
            for _ in range(50):
                moved = X @ (w + step)
                if moved.max() < 700 and np.sum(R[:, j] * (y * moved - np.exp(moved))) >= height:
                    break
                step = step / 2
            w = [a + b for a, b in zip(w, step, strict=True)]
        fits.append(w)
    return fits, [sum(R[:, j]) / len(y) for j in range(k)]


@variant_of("m_step")
def all_moods_in_one_optimisation(R, X, y, W):
    """All weights as one long vector, scipy's L-BFGS-B from the weights so far."""

    def loss(flat):
        log_rates = X @ flat.reshape(W.shape).T
        with np.errstate(over="ignore"):
            rates = np.exp(log_rates)
            value = np.sum(R * rates) - np.sum(R * y[:, None] * log_rates)
            return value, ((R * (rates - y[:, None])).T @ X).ravel()

    found = optimize.minimize(loss, W.ravel(), jac=True, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-8})
    return found.x.reshape(W.shape), R.mean(axis=0)


@variant_of("m_step")
def reweighted_least_squares_by_mood(R, X, y, W):
    """IRLS: each step is a weighted least-squares fit, halved where it would lower the expected log-likelihood."""

    def expected(w, weights):
        with np.errstate(over="ignore"):
            return weights @ (y * (X @ w) - np.exp(X @ w))

    fits = []
    for weights, w in zip(R.T, W, strict=True):
        for _ in range(50):
            rates = np.exp(X @ w)
            root = np.sqrt(weights * rates)
            residuals = np.divide(np.sqrt(weights) * (y - rates), np.sqrt(rates), where=rates > 0, out=np.zeros(len(y)))
            step = np.linalg.lstsq(root[:, None] * X, residuals, rcond=None)[0]
            while expected(w + step, weights) < expected(w, weights) and np.abs(step).max() > 1e-9:
                step = step / 2
            w = w + step
            if np.abs(step).max() < 1e-9:
                break
        fits.append(w)
    return np.vstack(fits), np.average(R, axis=0)


@variant_of("m_step")
def starts_from_zero_and_arrives(R, X, y, W):
    """The weights so far aren't used: a trust-region method with the Hessian, from 0."""

    def fit(weights):
        if weights.sum() == 0:
            return np.zeros(X.shape[1])
        shares = weights / weights.sum()

        def loss(w):
            with np.errstate(over="ignore"):
                return shares @ (np.exp(X @ w) - y * (X @ w))

        def slope(w):
            with np.errstate(over="ignore"):
                return X.T @ (shares * (np.exp(X @ w) - y))

        def curvature(w):
            with np.errstate(over="ignore"):
                return (X.T * (shares * np.exp(X @ w))) @ X

        start = np.zeros(X.shape[1])
        return optimize.minimize(loss, start, jac=slope, hess=curvature, method="trust-exact").x

    return np.array([fit(weights) for weights in R.T]), R.mean(axis=0).tolist()


# ---- em -------------------------------------------------------------------------------------------------------------


@variant_of("em")
def hard_random_assignments(X, y, k, rng):
    """Each start puts every song into a mood by chance; a for loop with an upper limit, and R is returned, too."""
    best = None
    for _ in range(30):
        R = np.eye(k)[rng.integers(0, k, size=len(y))]
        W, pi = np.zeros((k, X.shape[1])), np.full(k, 1 / k)
        last = -np.inf
        for _ in range(1000):
            W, pi = m_step(R, X, y, W)
            R = e_step(W, pi, X, y)
            now = mixture_log_likelihood(W, pi, X, y)
            if now - last < 1e-6:
                break
            last = now
        if best is None or now > best[0]:
            best = (now, W, pi, R)
    return best[1], best[2], best[3]


@variant_of("em")
def normal_weights(X, y, k, rng):
    """Normal weights and equal probabilities at the start; the E-step comes first."""
    runs = []
    for _ in range(40):
        W, pi = rng.standard_normal((k, X.shape[1])), np.ones(k) / k
        path = [mixture_log_likelihood(W, pi, X, y)]
        while len(path) < 2 or path[-1] - path[-2] >= 1e-7:
            W, pi = m_step(e_step(W, pi, X, y), X, y, W)
            path.append(mixture_log_likelihood(W, pi, X, y))
        runs.append((path[-1], W, pi))
    runs.sort(key=lambda run: run[0])
    return runs[-1][1:]


@variant_of("em")
def around_the_overall_fit(X, y, k, rng):
    """Each start is the one fit to all songs, with noise; stops when the likelihood changes by a part in 10^9."""
    middle = fit_poisson(X, y)
    highest = -math.inf
    for _ in range(25):
        W = middle + rng.normal(0, 0.5, size=(k, len(middle)))
        pi = rng.dirichlet(np.full(k, 5.0))
        old, new = -math.inf, mixture_log_likelihood(W, pi, X, y)
        while not abs(new - old) < 1e-9 * abs(new):
            W, pi = m_step(e_step(W, pi, X, y), X, y, W)
            old, new = new, mixture_log_likelihood(W, pi, X, y)
        if new > highest:
            highest, weights, probabilities = new, W, pi
    return weights.tolist(), probabilities.tolist()


@variant_of("em")
def like_k_means(X, y, k, rng):
    """k songs are drawn, and each song starts in the mood of the one that is nearest in its features and log count."""
    features = np.column_stack([X, np.log1p(y)])
    spread = features.std(axis=0)
    features = features / np.where(spread > 0, spread, 1.0)
    found = {}
    for _ in range(50):
        centres = features[rng.choice(len(y), size=k, replace=False)]
        nearest = np.linalg.norm(features[:, None] - centres, axis=2).argmin(axis=1)
        R = 0.8 * (nearest[:, None] == np.arange(k)) + 0.2 / k
        W, pi = m_step(R, X, y, np.zeros((k, X.shape[1])))
        heights = [-np.inf, mixture_log_likelihood(W, pi, X, y)]
        while heights[-1] - heights[-2] > 1e-6:
            W, pi = m_step(e_step(W, pi, X, y), X, y, W)
            heights.append(mixture_log_likelihood(W, pi, X, y))
        found[heights[-1]] = W, pi
    return found[max(found)]


@variant_of("em")
def short_m_steps(X, y, k, rng):
    """Generalised EM with one damped Newton step for all moods at once, and the E-step written out."""

    def logs(W, pi):
        with np.errstate(over="ignore", divide="ignore"):
            return np.log(pi) + y[:, None] * (X @ W.T) - np.exp(X @ W.T)

    def run():
        R = rng.dirichlet(np.ones(k), len(y))
        W, pi = np.zeros((k, X.shape[1])), R.mean(axis=0)
        old = -np.inf
        for _ in range(5000):
            rates = np.exp(X @ W.T)
            steps = np.zeros_like(W)
            for j in range(k):
                H = (X.T * (R[:, j] * rates[:, j])) @ X
                steps[j] = np.linalg.lstsq(H, X.T @ (R[:, j] * (y - rates[:, j])), rcond=None)[0]
            before = np.sum(R * logs(W, np.ones(k)))
            while np.sum(R * logs(W + steps, np.ones(k))) < before and np.abs(steps).max() > 1e-12:
                steps = steps / 2
            W, pi = W + steps, R.mean(axis=0)
            joint = logs(W, pi)
            new = logsumexp(joint, axis=1)
            R = np.exp(joint - new[:, None])
            if new.sum() - old < 1e-7:
                break
            old = new.sum()
        return new.sum(), W, pi

    return max((run() for _ in range(25)), key=lambda result: result[0])[1:]


# ---- mood_playlists -------------------------------------------------------------------------------------------------


@variant_of("mood_playlists")
def matrix_of_ranks(X, W, m):
    """All moods at once; the result is an array (k, m)."""
    return np.argsort(-(W @ X.T), axis=1, kind="stable")[:, :m]


@variant_of("mood_playlists")
def sorted_lists(X, W, m):
    """Python's sort; the result is a list of lists."""
    lists = []
    for w in W:
        log_rates = [float(song @ w) for song in X]
        lists.append(sorted(range(len(X)), key=lambda i, rates=log_rates: rates[i], reverse=True)[:m])
    return lists


@variant_of("mood_playlists")
def from_a_heap(X, W, m):
    """The m largest by heapq; the result is a tuple of lists."""
    log_rates = X @ W.T
    return tuple(heapq.nlargest(m, range(len(X)), key=column.__getitem__) for column in log_rates.T)


@variant_of("mood_playlists")
def best_ones_taken_away(X, W, m):
    """The best song is taken m times; the result is an array (k, m) of whole numbers as floats."""
    playlists = np.empty((len(W), m))
    for j, w in enumerate(W):
        log_rates = X @ w
        for place in range(m):
            playlists[j, place] = best = int(np.argmax(log_rates))
            log_rates[best] = -np.inf
    return playlists


@variant_of("mood_playlists")
def by_the_playlist_of_one(X, W, m):
    """By playlist, mood by mood."""
    return [list(playlist(X, W[j], m)) for j in range(W.shape[0])]


@variant_of("mood_playlists")
def partition_then_sort(X, W, m):
    """The best m by partition, and those sorted."""
    playlists = []
    for log_rates in (X @ W.T).T:
        best = np.argpartition(log_rates, len(X) - m)[len(X) - m :] if m < len(X) else np.arange(len(X))
        playlists.append(best[np.argsort(log_rates[best])[::-1]])
    return playlists
