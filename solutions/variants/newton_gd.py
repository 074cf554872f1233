"""Right answers to the questions of newton_gd in other styles than the reference's."""

import math
import statistics
import warnings

import matplotlib.pyplot as plt
import numpy as np
from scipy import optimize, stats

from solutions.banks import variant_of
from solutions.newton_gd import (
    LECTURE,
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


@variant_of("sigmoid")
def half_of_the_tangent(z):
    """By the hyperbolic tangent."""
    return (1 + np.tanh(np.asarray(z) / 2)) / 2


@variant_of("sigmoid")
def exponential_of_the_logarithm(z):
    """By logaddexp."""
    return np.exp(-np.logaddexp(0, -z))


@variant_of("sigmoid")
def each_side_by_its_mask(z):
    """A result to fill in; one number comes back as an array of one."""
    z = np.atleast_1d(np.array(z, dtype=float))
    values = np.empty_like(z)
    up = z >= 0
    values[up] = 1 / (1 + np.exp(-z[up]))
    values[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return values


@variant_of("sigmoid")
def clipped_far_out(z):
    """The textbook formula, cut off where the sigmoid is 0 or 1 to all digits."""
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@variant_of("sigmoid")
def overflow_silenced(z):
    """The textbook formula; its overflow gives the right limit, without the warning."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


@variant_of("sigmoid")
def number_by_number(z):
    """A function of one number, vectorized; the result is a list."""

    def one(value):
        if value >= 0:
            return 1 / (1 + np.exp(-value))
        return np.exp(value) / (1 + np.exp(value))

    return np.vectorize(one, otypes=[float])(z).tolist()


@variant_of("sigmoid")
def by_scipy(z):
    """scipy's own."""
    from scipy.special import expit

    return expit(z)


@variant_of("sigmoid")
def by_torch(z):
    """PyTorch in float64."""
    import torch

    return torch.special.expit(torch.as_tensor(z, dtype=torch.float64)).numpy()


# ---- risk -----------------------------------------------------------------------------------------------------------


@variant_of("risk")
def both_indicators(theta, X, y):
    """The formula of the lecture, each logarithm by logaddexp."""
    z = X @ theta
    log_p, log_q = -np.logaddexp(0, -z), -np.logaddexp(0, z)
    return -np.mean((y == 1) * log_p + (y == -1) * log_q)


@variant_of("risk")
def soft_maximum(theta, X, y):
    """The larger of 0 and minus the margin, and what is missing."""
    margins = y * (X @ theta)
    losses = np.maximum(0, -margins) + np.log1p(np.exp(-np.abs(margins)))
    return losses.sum() / X.shape[0]


@variant_of("risk")
def row_by_row(theta, X, y):
    """A loop over the samples; the result is a list of one number."""
    total = 0.0
    for row, label in zip(X, y, strict=True):
        margin = label * (row @ theta)
        if margin > 0:
            total += np.log1p(np.exp(-margin))
        else:
            total += np.log1p(np.exp(margin)) - margin
    return [total / len(y)]


@variant_of("risk")
def minus_the_log_likelihood(theta, X, y):
    """Minus the log-likelihood of labels 0 and 1, over n; the losses are returned, too."""
    z = X @ theta
    target = (y + 1) / 2
    log_likelihoods = target * z - np.logaddexp(0, z)
    return -log_likelihoods.mean(), -log_likelihoods


@variant_of("risk")
def by_log_expit(theta, X, y):
    """scipy's logarithm of the sigmoid, averaged as a product with 1/n."""
    from scipy.special import log_expit

    n = len(y)
    return -(log_expit(y * X.dot(theta)) @ np.full(n, 1 / n))


@variant_of("risk")
def loss_of_torch(theta, X, y):
    """PyTorch's loss of labels 0 and 1, in float64."""
    import torch

    z = torch.from_numpy(X) @ torch.from_numpy(theta)
    target = torch.from_numpy((y > 0).astype(float))
    return torch.nn.functional.binary_cross_entropy_with_logits(z, target).item()


# ---- gradient -------------------------------------------------------------------------------------------------------


@variant_of("gradient")
def margin_form(theta, X, y):
    """In terms of the margins."""
    return -(y * sigmoid(-y * (X @ theta))) @ X / len(y)


@variant_of("gradient")
def entry_by_entry(theta, X, y):
    """Two loops; the result is a list."""
    slopes = [0.0] * len(theta)
    for row, label in zip(X, y, strict=True):
        residual = float(sigmoid(row @ theta)) - (1.0 if label > 0 else 0.0)
        for j, value in enumerate(row):
            slopes[j] += residual * float(value) / len(y)
    return slopes


@variant_of("gradient")
def all_in_columns(theta, X, y):
    """With columns throughout; the result is (d, 1)."""
    residuals = sigmoid(X @ theta.reshape(-1, 1)) - (y.reshape(-1, 1) > 0)
    return X.T @ residuals / X.shape[0]


@variant_of("gradient")
def mean_of_the_rows(theta, X, y):
    """One row for each sample, and their mean; the residuals are returned, too."""
    residuals = sigmoid(X @ theta) - (y == 1)
    return (residuals[:, np.newaxis] * X).mean(axis=0), residuals


@variant_of("gradient")
def tangent_against_the_label(theta, X, y):
    """Twice the residual is a hyperbolic tangent minus the label."""
    return X.T @ (np.tanh(X @ theta / 2) - y) / (2 * len(y))


@variant_of("gradient")
def own_sigmoid_that_overflows(theta, X, y):
    """Right, though numpy warns of an overflow far out: only sigmoid and risk must not."""
    p = 1 / (1 + np.exp(-(X @ theta)))
    return np.einsum("i,ij->j", p - (y + 1) / 2, X) / len(y)


@variant_of("gradient")
def differentiated_by_torch(theta, X, y):
    """PyTorch's automatic differentiation in float64; the result is a tensor."""
    import torch

    point = torch.tensor(theta, requires_grad=True)
    margins = torch.from_numpy(y) * (torch.from_numpy(X) @ point)
    loss = -torch.nn.functional.logsigmoid(margins).mean()
    loss.backward()
    return point.grad


# ---- hessian --------------------------------------------------------------------------------------------------------


@variant_of("hessian")
def sum_of_outer_products(theta, X, y):
    """A loop over the samples."""
    p = sigmoid(X @ theta)
    total = np.zeros((len(theta), len(theta)))
    for row, weight in zip(X, p * (1 - p), strict=True):
        total += weight * np.outer(row, row)
    return total / len(y)


@variant_of("hessian")
def by_einsum(theta, X, y):
    """In terms of the margins, by einsum."""
    margins = y * (X @ theta)
    return np.einsum("i,ij,ik->jk", sigmoid(margins) * sigmoid(-margins), X, X) / len(y)


@variant_of("hessian")
def roots_of_the_weights(theta, X, y):
    """The square of a scaled X; the result is a list of lists."""
    p = sigmoid(X @ theta)
    scaled = X * np.sqrt(p * (1 - p) / len(y))[:, None]
    return (scaled.T @ scaled).tolist()


@variant_of("hessian")
def pairs_of_columns(theta, X, y):
    """Two loops over the columns, half of the matrix mirrored."""
    p = sigmoid(X @ theta)
    weights = p - p**2
    d = X.shape[1]
    curvature = np.empty((d, d))
    for j in range(d):
        for k in range(j + 1):
            curvature[j, k] = curvature[k, j] = np.mean(weights * X[:, j] * X[:, k])
    return curvature


@variant_of("hessian")
def mean_of_matrices(theta, X, y):
    """A matrix for each sample, and their mean; the probabilities are returned, too."""
    p = sigmoid(X @ theta)
    return np.mean((p * (1 - p))[:, None, None] * X[:, :, None] * X[:, None, :], axis=0), p


@variant_of("hessian")
def sparse_diagonal(theta, X, y):
    """A diagonal matrix that stores its diagonal only."""
    from scipy.sparse import diags_array

    p = sigmoid(X @ theta)
    return X.T @ (diags_array(p * (1 - p)) @ X) / len(y)


@variant_of("hessian")
def differentiated_twice_by_torch(theta, X, y):
    """PyTorch's automatic differentiation, twice, in float64."""
    import torch

    features, labels = torch.from_numpy(X), torch.from_numpy(y)

    def loss(point):
        return -torch.nn.functional.logsigmoid(labels * (features @ point)).mean()

    return torch.func.jacrev(torch.func.grad(loss))(torch.from_numpy(theta)).numpy()


# ---- newton ---------------------------------------------------------------------------------------------------------


@variant_of("newton")
def solve_else_least_squares(X, y, theta0, max_iter=25):
    """np.linalg.solve, and lstsq where that fails."""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        H, g = hessian(theta, X, y), gradient(theta, X, y)
        try:
            step = np.linalg.solve(H, g)
        except np.linalg.LinAlgError:
            step = np.linalg.lstsq(H, g, rcond=None)[0]
        theta = theta - step
    if (y * (X @ theta)).min() > 0:
        warnings.warn("separable data", stacklevel=2)
    return theta


@variant_of("newton")
def inverse_else_pseudo_inverse(X, y, theta0, max_iter=25):
    """np.linalg.inv, and pinv where that fails; the path is returned, too."""
    theta = theta0.astype(float)
    path = [theta]
    for _ in range(max_iter):
        H = hessian(theta, X, y)
        try:
            inverse = np.linalg.inv(H)
        except np.linalg.LinAlgError:
            inverse = np.linalg.pinv(H)
        theta = theta - inverse @ gradient(theta, X, y)
        path.append(theta)
    if np.all(np.sign(X @ theta) == y):
        warnings.warn("The two classes can be separated, so there is no minimum.", RuntimeWarning, stacklevel=2)
    return theta, path


@variant_of("newton")
def always_the_pseudo_inverse(X, y, theta0, max_iter=25):
    """np.linalg.pinv at each step; the result is (d, 1)."""
    theta = np.array(theta0, dtype=float).reshape(-1, 1)
    for _ in range(max_iter):
        flat = theta.ravel()
        theta = theta - np.linalg.pinv(hessian(flat, X, y), hermitian=True) @ gradient(flat, X, y).reshape(-1, 1)
    if not np.any(y.reshape(-1, 1) * (X @ theta) <= 0):
        warnings.warn("the data are separable", stacklevel=2)
    return theta


@variant_of("newton")
def stops_when_it_stands_still(X, y, theta0, max_iter=25):
    """Stops once a step is shorter than 1e-10; the result is a list."""
    theta = np.array(theta0, dtype=float)
    for _ in range(max_iter):
        new = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
        moved = np.linalg.norm(new - theta)
        theta = new
        if moved < 1e-10:
            break
    if np.all(y * (X @ theta) > 0):
        warnings.warn("the data are separable", UserWarning, stacklevel=2)
    return theta.tolist()


@variant_of("newton")
def reweighted_least_squares(X, y, theta0, max_iter=25):
    """IRLS: each step is a weighted least-squares fit of the working residuals."""
    theta = np.asarray(theta0, dtype=float)
    for _ in range(max_iter):
        z = X @ theta
        p, q = sigmoid(z), sigmoid(-z)
        weights = np.maximum(p * q, 1e-300)
        residuals = np.where(y > 0, q, -p)
        root = np.sqrt(weights)
        theta = theta + np.linalg.lstsq(X * root[:, None], residuals / root, rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("perfect separation: the fit runs away", stacklevel=2)
    return theta


@variant_of("newton")
def maximises_the_log_likelihood(X, y, theta0, max_iter=25):
    """Fisher scoring: score and information are sums, and a step goes up."""
    beta = 1.0 * theta0
    success = (y + 1) / 2
    for _ in range(max_iter):
        p = (1 + np.tanh(0.5 * (X @ beta))) / 2
        score = X.T @ (success - p)
        information = X.T @ (X * (p * (1 - p))[:, None])
        beta = beta + np.linalg.lstsq(information, score, rcond=None)[0]
    if np.array_equal(X @ beta > 0, y > 0) and np.all(X @ beta != 0):
        warnings.warn("complete separation", stacklevel=2)
    return beta


# ---- gradient_descent -----------------------------------------------------------------------------------------------


@variant_of("gradient_descent")
def while_loop(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """A loop that counts for itself, on a copy that it changes."""
    theta = theta0.astype(float)
    t = 0
    while t < max_iter:
        theta -= learning_rate / (1 + t / 50) * gradient(theta, X, y)
        t += 1
    return theta


@variant_of("gradient_descent")
def rates_worked_out_before(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """All the rates in an array; the result is a list."""
    theta = np.array(theta0, dtype=float)
    for rate in learning_rate * 50 / (np.arange(max_iter) + 50):
        theta = theta - rate * gradient(theta, X, y)
    return theta.tolist()


@variant_of("gradient_descent")
def path_with_its_risks(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """The path and the slopes' lengths are returned, too."""
    path, lengths = [np.array(theta0, dtype=float)], []
    for t in range(max_iter):
        slope = gradient(path[-1], X, y)
        lengths.append(np.linalg.norm(slope))
        path.append(path[-1] - learning_rate * 50 / (t + 50) * slope)
    return path[-1], lengths, "done"


@variant_of("gradient_descent")
def climbs_the_log_likelihood(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Ascent on the mean log-likelihood, in terms of the margins; columns throughout."""
    beta = theta0.reshape(-1, 1).astype(float)
    labels = y.reshape(-1, 1)
    for t in range(max_iter):
        pull = labels * (1 - np.tanh(labels * (X @ beta) / 2)) / 2
        beta = beta + learning_rate * (50 / (t + 50)) * (X.T @ pull) / len(y)
    return beta


@variant_of("gradient_descent")
def new_entries_in_a_new_list(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """Entry by entry, into a new list."""
    theta = [float(value) for value in theta0]
    for t in range(max_iter):
        slope = gradient(np.array(theta), X, y)
        theta = [value - learning_rate * 50 / (t + 50) * slope[j] for j, value in enumerate(theta)]
    return theta


@variant_of("gradient_descent")
def optimizer_of_torch(X, y, theta0, learning_rate=20.0, max_iter=1000):
    """PyTorch's SGD with a schedule, in float64."""
    import torch

    features, labels = torch.from_numpy(X), torch.from_numpy(y)
    theta = torch.tensor(theta0, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 50 / (t + 50))
    for _ in range(max_iter):
        optimizer.zero_grad()
        (-torch.nn.functional.logsigmoid(labels * (features @ theta)).mean()).backward()
        optimizer.step()
        schedule.step()
    return theta.detach().numpy()


# ---- theta_star -----------------------------------------------------------------------------------------------------


@variant_of("theta_star")
def slope_times_distance_from_the_middle(mu_neg, mu_pos, sigma):
    slope = (mu_pos - mu_neg) / sigma**2
    middle = (mu_neg + mu_pos) / 2
    return -slope * middle, slope


@variant_of("theta_star")
def log_odds_at_two_points(mu_neg, mu_pos, sigma):
    def log_odds(x):
        return ((x - mu_neg) ** 2 - (x - mu_pos) ** 2) / (2 * sigma**2)

    return [log_odds(0.0), log_odds(1.0) - log_odds(0.0)]


@variant_of("theta_star")
def line_through_log_densities(mu_neg, mu_pos, sigma):
    x = np.array([-1.0, 1.0])
    log_odds = stats.norm.logpdf(x, mu_pos, sigma) - stats.norm.logpdf(x, mu_neg, sigma)
    return np.linalg.solve(np.column_stack([np.ones(2), x]), log_odds)


@variant_of("theta_star")
def discriminant_analysis_as_a_column(mu_neg, mu_pos, sigma):
    precision = np.linalg.inv(np.array([[sigma**2]], dtype=float))
    neg, pos = np.array([[mu_neg]]), np.array([[mu_pos]])
    slope = precision @ (pos - neg)
    intercept = (neg.T @ precision @ neg - pos.T @ precision @ pos) / 2
    return np.vstack([intercept, slope])


@variant_of("theta_star")
def with_the_boundary_as_well(mu_neg, mu_pos, sigma):
    theta = np.array([(mu_neg - mu_pos) * (mu_neg + mu_pos) / 2, mu_pos - mu_neg]) / sigma**2
    return theta, (mu_neg + mu_pos) / 2


# ---- generate_data --------------------------------------------------------------------------------------------------


@variant_of("generate_data")
def one_row_after_the_other(n, mu_neg, mu_pos, sigma, rng):
    X, y = [], []
    for _ in range(n):
        label = 1 if rng.random() < 0.5 else -1
        X.append([1, rng.normal(mu_pos if label == 1 else mu_neg, sigma)])
        y.append(label)
    return X, y


@variant_of("generate_data")
def means_looked_up_by_class(n, mu_neg, mu_pos, sigma, rng):
    k = rng.integers(0, 2, size=n)
    x = np.array([mu_neg, mu_pos])[k] + sigma * rng.standard_normal(n)
    return np.c_[np.ones(n), x], 2 * k - 1


@variant_of("generate_data")
def columns_from_coins(n, mu_neg, mu_pos, sigma, rng):
    y = 2.0 * rng.binomial(1, 0.5, size=(n, 1)) - 1
    x = (mu_neg + mu_pos) / 2 + y * (mu_pos - mu_neg) / 2 + sigma * rng.normal(size=(n, 1))
    return np.hstack([np.ones((n, 1)), x]), y


@variant_of("generate_data")
def shuffled_classes_of_random_size(n, mu_neg, mu_pos, sigma, rng):
    n_pos = rng.binomial(n, 0.5)
    x = np.concatenate([rng.normal(mu_neg, sigma, n - n_pos), rng.normal(mu_pos, sigma, n_pos)])
    y = np.repeat([-1.0, 1.0], [n - n_pos, n_pos])
    order = rng.permutation(n)
    return np.column_stack([np.ones(n), x])[order], y[order]


@variant_of("generate_data")
def both_classes_then_a_choice(n, mu_neg, mu_pos, sigma, rng):
    x_neg, x_pos = rng.normal(mu_neg, sigma, n), rng.normal(mu_pos, sigma, n)
    positive = rng.random(n) >= 0.5
    X = np.ones((n, 2))
    X[:, 1] = np.where(positive, x_pos, x_neg)
    return X, np.where(positive, 1, -1), positive


@variant_of("generate_data")
def frozen_distributions(n, mu_neg, mu_pos, sigma, rng):
    means = {-1: mu_neg, 1: mu_pos}
    y = 2 * stats.bernoulli(0.5).rvs(size=n, random_state=rng) - 1
    x = stats.norm([means[label] for label in y], sigma).rvs(random_state=rng)
    return [np.vstack([np.ones(n), x]).T, y]


@variant_of("generate_data")
def labels_given_x(n, mu_neg, mu_pos, sigma, rng):
    """x from the mixture first, then each label with its conditional probability: the same joint distribution."""
    x = rng.choice([mu_neg, mu_pos], size=n) + sigma * rng.standard_normal(n)
    X = np.column_stack([np.ones(n), x])
    y = np.where(rng.random(n) < sigmoid(X @ theta_star(mu_neg, mu_pos, sigma)), 1.0, -1.0)
    return X, y


# ---- simulate_estimates ---------------------------------------------------------------------------------------------


@variant_of("simulate_estimates")
def one_replicate_after_the_other(method, sample_sizes, M, rng):
    if method == "newton":
        steps = 25
    elif method == "gradient_descent":
        steps = 1000
    else:
        raise ValueError("unknown method: " + str(method))
    estimates = {}
    for n in sample_sizes:
        thetas = []
        for _ in range(M):
            X, y = generate_data(n, -2.0, 1.0, 1.0, rng)
            theta = rng.uniform(-0.1, 0.1, size=2)
            positive = (1 + y) / 2
            for t in range(steps):
                p = 1 / (1 + np.exp(-(X @ theta)))
                slope = X.T @ (p - positive) / n
                if method == "newton":
                    theta = theta - np.linalg.pinv((X.T * (p * (1 - p))) @ X / n) @ slope
                else:
                    theta = theta - 20.0 * 50 / (t + 50) * slope
            thetas.append(theta)
        estimates[n] = np.array(thetas)
    return estimates


@variant_of("simulate_estimates")
def two_by_two_written_out(method, sample_sizes, M, rng):
    """All replicates at once, x and the labels without the column of ones; the 2 by 2 systems by Cramer's rule."""
    if method not in {"newton", "gradient_descent"}:
        raise ValueError(method)
    estimates = {}
    for n in sample_sizes:
        a, b = rng.uniform(-0.1, 0.1, size=(2, M))
        positive = rng.random((M, n)) < 0.5
        x = np.where(positive, 1.0, -2.0) + rng.standard_normal((M, n))
        for t in range(25 if method == "newton" else 1000):
            p = 0.5 + 0.5 * np.tanh((a[:, None] + b[:, None] * x) / 2)
            residuals = p - positive
            g, h = residuals.mean(axis=1), (residuals * x).mean(axis=1)
            if method == "newton":
                w = p * (1 - p)
                u, v, s = w.mean(axis=1), (w * x).mean(axis=1), (w * x * x).mean(axis=1)
                det = u * s - v * v
                moves = det > 1e-30
                scale = np.where(moves, 1 / np.where(moves, det, 1.0), 0.0)
                a, b = a - scale * (s * g - v * h), b - scale * (u * h - v * g)
            else:
                a, b = a - 1000 / (t + 50) * g, b - 1000 / (t + 50) * h
        estimates[n] = np.stack([a, b], axis=1)
    return estimates


@variant_of("simulate_estimates")
def one_generator_for_each_replicate(method, sample_sizes, M, rng):
    fits = {"newton": newton, "gradient_descent": gradient_descent}
    if method not in fits:
        raise ValueError(f"{method} is not one of {sorted(fits)}")

    def replicate(n, own):
        X, y = generate_data(n, **LECTURE, rng=own)
        theta0 = own.uniform(-0.1, 0.1, 2)
        if method == "newton":
            return newton(X, y, theta0).tolist()
        theta, target, XT = theta0, y == 1, np.ascontiguousarray(X.T)
        for t in range(1000):
            theta = theta - 20.0 * 50 / (t + 50) / n * (XT @ (0.5 + 0.5 * np.tanh(X @ theta / 2) - target))
        return theta.tolist()

    return {n: [replicate(n, own) for own in rng.spawn(M)] for n in sample_sizes}


@variant_of("simulate_estimates")
def einsum_over_replicates(method, sample_sizes, M, rng):
    """All initial points first, then all samples; also returns the sizes."""
    if method != "newton" and method != "gradient_descent":
        raise ValueError("method should be newton or gradient_descent")
    thetas = {n: 0.2 * rng.random((M, 2)) - 0.1 for n in sample_sizes}
    for n in sample_sizes:
        samples = [generate_data(n, **LECTURE, rng=rng) for _ in range(M)]
        X, y = np.array([X for X, _ in samples]), np.array([y for _, y in samples])
        theta = thetas[n]
        for t in range(25 if method == "newton" else 1000):
            q = sigmoid(-y * np.einsum("mij,mj->mi", X, theta))
            uphill = np.einsum("mi,mij->mj", y * q, X) / n
            if method == "newton":
                curvature = np.einsum("mi,mij,mik->mjk", q * (1 - q), X, X) / n
                theta = theta + np.einsum("mjk,mk->mj", np.linalg.pinv(curvature), uphill)
            else:
                theta = theta + 20.0 / (1 + t / 50) * uphill
        thetas[n] = theta
    return thetas, list(sample_sizes)


# ---- plot_errors ----------------------------------------------------------------------------------------------------


@variant_of("plot_errors")
def both_axes_logarithmic(estimates):
    sizes = np.array(sorted(estimates))
    errors = np.array([np.median(np.hypot(*(estimates[n] - theta_star(**LECTURE)).T)) for n in sizes])
    fig, ax = plt.subplots()
    ax.loglog(sizes, errors, "o-")
    ax.loglog(sizes, errors[0] * (sizes / sizes[0]) ** -0.5, "k:")
    ax.set_xlabel("sample size")
    ax.set_ylabel("median error")
    return fig


@variant_of("plot_errors")
def a_point_for_each_size(estimates):
    fig, ax = plt.subplots()
    for n, found in estimates.items():
        distances = [math.dist(theta, (1.5, 3.0)) for theta in found]
        ax.scatter(n, statistics.median(distances), color="black")
    ax.set(xlabel="n", ylabel="median distance from the true parameter", xscale="log")
    return fig


@variant_of("plot_errors")
def error_bars_to_the_quartiles(estimates):
    star = theta_star(-2, 1, 1)
    sizes = sorted(estimates)
    distances = [np.sqrt(np.sum((estimates[n] - star) ** 2, axis=1)) for n in sizes]
    low, median, high = np.array([np.quantile(d, [0.25, 0.5, 0.75]) for d in distances]).T
    fig = plt.figure()
    ax = fig.add_subplot()
    ax.errorbar(sizes, median, yerr=[median - low, high - median], capsize=3, fmt="s--")
    ax.set_xlabel("$n$")
    ax.set_ylabel(r"$\|\hat\theta_n - \theta^*\|$, median and quartiles")
    return fig, ax


@variant_of("plot_errors")
def pyplot_in_the_order_given(estimates):
    """No axes in hand, the sizes as the dictionary has them, and the figure last."""
    medians = {}
    for n in estimates:
        difference = np.asarray(estimates[n]) - np.array([1.5, 3.0])
        medians[n] = np.percentile(np.linalg.norm(difference, axis=1), 50)
    plt.figure()
    plt.plot(list(medians.keys()), list(medians.values()), "x")
    plt.axhline(0, color="gray")
    plt.xlabel("n")
    plt.ylabel("error")
    plt.title("Error of the estimates")
    return medians, plt.gcf()


@variant_of("plot_errors")
def mean_drawn_as_well(estimates):
    sizes = sorted(estimates)
    distances = [np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1) for n in sizes]
    _, ax = plt.subplots()
    ax.semilogy(sizes, [d.mean() for d in distances], "--", label="mean")
    ax.semilogy(sizes, [np.sort(d)[[(len(d) - 1) // 2, len(d) // 2]].mean() for d in distances], label="median")
    ax.set(xlabel="n", ylabel="error")
    ax.legend()
    return ax


# ---- plot_scaled_scatter --------------------------------------------------------------------------------------------


@variant_of("plot_scaled_scatter")
def markers_without_a_line(estimates):
    sizes = sorted(estimates)
    fig, axes = plt.subplots(1, len(sizes), sharex=True, sharey=True)
    for ax, n in zip(np.atleast_1d(axes), sizes, strict=True):
        b0, b1 = np.sqrt(n) * (estimates[n] - theta_star(**LECTURE)).T
        ax.plot(b0, b1, ".", alpha=0.5)
        ax.set_title(rf"$n = {n}$")
    return fig


@variant_of("plot_scaled_scatter")
def fixed_limits_and_the_origin(estimates):
    fig = plt.figure(figsize=(12, 4))
    for k, (n, found) in enumerate(sorted(estimates.items()), start=1):
        cloud = (np.array(found) - [1.5, 3.0]) * n**0.5
        ax = fig.add_subplot(1, len(estimates), k)
        ax.scatter(*cloud.T, s=4)
        ax.scatter(0, 0, marker="+", color="red")
        ax.axhline(0, lw=0.5)
        ax.axvline(0, lw=0.5)
        ax.set_xlim(-20, 20)
        ax.set_ylim(-20, 20)
        ax.set_title(f"Sample size {n}: {len(cloud)} replicates")
    fig.suptitle("Scaled errors")
    return fig


@variant_of("plot_scaled_scatter")
def a_grid_with_an_empty_panel(estimates):
    columns = 2
    rows = math.ceil(len(estimates) / columns)
    fig, axes = plt.subplots(rows, columns, sharex="all", sharey="all", squeeze=False)
    for ax, n in zip(axes.ravel(), sorted(estimates), strict=False):
        cloud = math.sqrt(n) * (estimates[n] - theta_star(**LECTURE))
        ax.scatter(cloud[:, 0], cloud[:, 1], c="tab:blue", edgecolors="none")
        ax.set_title(f"n={n}")
        ax.set(xlabel="intercept", ylabel="slope")
    return fig, axes


@variant_of("plot_scaled_scatter")
def point_by_point_downwards(estimates):
    fig, axes = plt.subplots(len(estimates), 1, sharex=True, sharey=True, squeeze=False)
    for ax, n in zip(axes[:, 0], sorted(estimates), strict=True):
        for beta0, beta1 in estimates[n]:
            ax.scatter(n**0.5 * (beta0 - 1.5), n**0.5 * (beta1 - 3.0), color="C0")
        ax.set_title(f"n = {n}", loc="left")
    return fig


@variant_of("plot_scaled_scatter")
def limits_set_afterwards(estimates):
    """Returns the array of axes: the figure is theirs."""
    star = theta_star(-2.0, 1.0, 1.0)
    _, axes = plt.subplots(1, len(estimates), squeeze=False)
    largest = 0.0
    for ax, n in zip(axes[0], sorted(estimates), strict=True):
        cloud = [[np.sqrt(n) * (theta[j] - star[j]) for theta in estimates[n]] for j in range(2)]
        largest = max(largest, np.abs(cloud).max())
        ax.plot(*cloud, marker="o", linestyle="")
        ax.set_title(f"{n} samples")
    for ax in axes[0]:
        ax.axis([-largest, largest, -largest, largest])
    return axes


# ---- optimization_errors --------------------------------------------------------------------------------------------


@variant_of("optimization_errors")
def both_paths_once(X, y, theta0, steps):
    """Every step is taken once, and the errors asked for are picked from the two paths."""
    lowest = risk(newton(X, y, theta0, max_iter=60), X, y)
    paths = {"newton": [theta0], "gradient_descent": [theta0]}
    for t in range(max(steps)):
        theta = paths["newton"][-1]
        paths["newton"].append(theta - np.linalg.solve(hessian(theta, X, y), gradient(theta, X, y)))
        theta = paths["gradient_descent"][-1]
        paths["gradient_descent"].append(theta - 20.0 * 50 / (t + 50) * gradient(theta, X, y))
    return {name: np.array([risk(path[t], X, y) for t in steps]) - lowest for name, path in paths.items()}


@variant_of("optimization_errors")
def lowest_by_scipy(X, y, theta0, steps):
    """Another optimiser for the minimum; lists, and never below 0."""
    start = np.zeros(X.shape[1])
    lowest = optimize.minimize(risk, start, args=(X, y), jac=gradient, method="BFGS", options={"gtol": 1e-9}).fun
    errors = {"newton": [], "gradient_descent": []}
    for t in steps:
        errors["newton"].append(max(risk(newton(X, y, theta0, t), X, y) - lowest, 0.0))
        errors["gradient_descent"].append(max(risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - lowest, 0.0))
    return errors


@variant_of("optimization_errors")
def columns_by_a_helper(X, y, theta0, steps):
    def error(fit, t):
        return risk(fit(X, y, theta0.copy(), max_iter=t), X, y) - lowest

    minimiser = newton(X, y, theta0, max_iter=50)
    lowest = risk(minimiser, X, y)
    found = {
        "gradient_descent": np.array([[error(gradient_descent, t)] for t in steps]),
        "newton": np.array([[error(newton, t)] for t in steps]),
    }
    return found, minimiser


@variant_of("optimization_errors")
def from_count_to_count(X, y, theta0, steps):
    """Counts in ascending order, each path going on from the last; the result in the order asked."""
    lowest = risk(newton(X, y, np.zeros_like(theta0), max_iter=40), X, y)
    result = {"newton": np.empty(len(steps)), "gradient_descent": np.empty(len(steps))}
    order = np.argsort(steps)
    theta, done = theta0, 0
    for k in order:
        theta, done = newton(X, y, theta, max_iter=steps[k] - done), steps[k]
        result["newton"][k] = risk(theta, X, y) - lowest
    theta, t = theta0, 0
    for k in order:
        while t < steps[k]:
            theta = theta - 1000.0 / (t + 50) * gradient(theta, X, y)
            t += 1
        result["gradient_descent"][k] = risk(theta, X, y) - lowest
    return result
