"""Right answers to the questions of newton_gd in other styles than the reference's."""

import warnings

import numpy as np

from solutions.banks import variant_of
from solutions.newton_gd import gradient, hessian, sigmoid

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
