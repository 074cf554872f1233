"""Right answers to the questions of kernel_regression in other styles than the reference's."""

import math

import cvxpy as cp
import matplotlib.pyplot as plt
import numpy as np
from scipy import optimize, sparse

from shared import staircase
from solutions.banks import variant_of
from solutions.kernel_regression import (
    chosen_huber,
    chosen_least_squares,
    chosen_monotone,
    chosen_total_variation,
    fit_huber,
    fit_least_squares,
    fit_monotone,
    fit_total_variation,
    predict,
    rbf_kernel,
)

# ---- make_data ------------------------------------------------------------------------------------------------------


@variant_of("make_data")
def on_linspace(rng, n=50):
    """linspace for the points, multiples of 0.2 for the thresholds; the results are lists."""
    x = np.linspace(0, 1, n)
    f = 10.0 * sum((x >= 0.2 * k).astype(int) for k in range(1, 5))
    y = f + rng.normal(size=n)
    y[24] = 0
    return x.tolist(), y.tolist(), f.tolist()


@variant_of("make_data")
def term_by_term(rng, n=50):
    """The sum of the formula as a loop, and the indicator of the outlier as a factor; numbers counted from 1."""
    i = np.arange(1, n + 1)
    x = (i - 1) / (n - 1)
    f = np.zeros(n)
    for k in range(1, 5):
        f += 10 * (x >= k / 5)
    return x, (i != 25) * (f + rng.standard_normal(n)), f


@variant_of("make_data")
def a_draw_for_each_point(rng, n=50):
    """A loop over the points, with whole numbers for f."""
    x, y, f = [], [], []
    for i in range(n):
        x.append(i / (n - 1))
        f.append(sum(10 for k in (1, 2, 3, 4) if 5 * i >= k * (n - 1)))
        y.append(0.0 if i == 24 else f[-1] + rng.normal())
    return np.array(x), np.array(y), np.array(f)


@variant_of("make_data")
def steps_counted_by_floor(rng, n=50):
    """floor(5 x), but no step at x = 1; where for the outlier. The noise is returned, too."""
    x = np.arange(n) / (n - 1)
    f = 10.0 * np.minimum(np.floor(5 * x), 4)
    noise = rng.normal(0, 1, n)
    return x, np.where(np.arange(n) == 24, 0.0, f + noise), f, noise


@variant_of("make_data")
def thresholds_searched(rng, n=50):
    """searchsorted for the steps; everything as columns, the noise drawn as one."""
    x = np.linspace(0.0, 1.0, num=n).reshape(-1, 1)
    f = 10.0 * np.searchsorted([1 / 5, 2 / 5, 3 / 5, 4 / 5], x, side="right")
    y = f + rng.standard_normal((n, 1))
    y[24] = 0
    return x, y, f


@variant_of("make_data")
def noise_around_the_staircase(rng, n=50):
    """Normal numbers whose means are the staircase, which is a function of its own."""

    def staircase_at(point):
        return sum(10.0 * (point >= k / 5) for k in range(1, 5))

    x = np.array([i / (n - 1) for i in range(n)])
    f = np.vectorize(staircase_at, otypes=[float])(x)
    y = rng.normal(loc=f, scale=1.0)
    y[25 - 1] = 0.0
    return [x, y, f]


# ---- rbf_kernel -----------------------------------------------------------------------------------------------------


@variant_of("rbf_kernel")
def entry_by_entry(x, z, gamma):
    """Two loops."""
    K = np.zeros((len(x), len(z)))
    for i in range(len(x)):
        for j in range(len(z)):
            K[i, j] = np.exp(-gamma * (x[i] - z[j]) ** 2)
    return K


@variant_of("rbf_kernel")
def lists_of_exponentials(x, z, gamma):
    """A list of lists, with the standard library's exponential."""
    return [[math.exp(-gamma * (a - b) ** 2) for b in z] for a in x]


@variant_of("rbf_kernel")
def distances_of_scipy(x, z, gamma):
    """scipy's squared distances between points as columns."""
    from scipy.spatial.distance import cdist

    return np.exp(-gamma * cdist(np.reshape(x, (-1, 1)), np.reshape(z, (-1, 1)), "sqeuclidean"))


@variant_of("rbf_kernel")
def outer_difference(x, z, gamma):
    """subtract.outer, and the root of gamma inside the square."""
    return np.exp(-np.square(np.sqrt(gamma) * np.subtract.outer(x, z)))


@variant_of("rbf_kernel")
def transposed_difference(x, z, gamma):
    """The transpose of the kernel with the roles exchanged, by norms along a last axis."""
    distance = np.linalg.norm(z[:, None, None] - x[None, :, None], axis=-1)
    return np.exp(-gamma * distance**2).T


@variant_of("rbf_kernel")
def meshes(x, z, gamma):
    """meshgrid; the exponent is returned, too."""
    second, first = np.meshgrid(z, x)
    exponent = -gamma * (first - second) ** 2
    return np.exp(exponent), exponent


@variant_of("rbf_kernel")
def squares_expanded(x, z, gamma):
    """x^2 - 2 x z + z^2: a few digits less where gamma is large."""
    squares = x[:, None] ** 2 - 2 * np.outer(x, z) + z[None, :] ** 2
    return np.exp(-gamma * np.maximum(squares, 0))


@variant_of("rbf_kernel")
def tensor_of_torch(x, z, gamma):
    """A tensor, in float64."""
    import torch

    first, second = torch.from_numpy(np.array(x)), torch.from_numpy(np.array(z))
    return torch.exp(-gamma * (first[:, None] - second[None, :]) ** 2)


# ---- difference_matrix ----------------------------------------------------------------------------------------------


@variant_of("difference_matrix")
def row_by_row(n):
    """A loop over the rows."""
    D = np.zeros((n - 1, n))
    for i in range(n - 1):
        D[i, i] = -1
        D[i, i + 1] = 1
    return D


@variant_of("difference_matrix")
def two_diagonals(n):
    """The difference of two shifted identities, as whole numbers."""
    return np.eye(n - 1, n, k=1, dtype=int) - np.eye(n - 1, n, dtype=int)


@variant_of("difference_matrix")
def rows_of_the_identity(n):
    identity = np.identity(n)
    return identity[1:] - identity[:-1]


@variant_of("difference_matrix")
def sparse_diagonals(n):
    """A sparse matrix, made dense at the end."""
    from scipy.sparse import diags_array

    return diags_array([-np.ones(n - 1), np.ones(n - 1)], offsets=[0, 1], shape=(n - 1, n)).toarray()


@variant_of("difference_matrix")
def lists_from_the_definition(n):
    """The three cases of the definition, in a list of lists."""
    return [[-1 if i == j else 1 if i == j - 1 else 0 for j in range(n)] for i in range(n - 1)]


@variant_of("difference_matrix")
def by_fancy_indices(n):
    """Small whole numbers, set in two steps."""
    D = np.zeros((n - 1, n), dtype=np.int8)
    rows = np.arange(n - 1)
    D[rows, rows], D[rows, rows + 1] = -1, 1
    return D


@variant_of("difference_matrix")
def transposed_at_the_end(n):
    """The transpose, entry by entry, turned round."""
    D = np.zeros((n, n - 1))
    for i in range(n):
        for j in range(n - 1):
            if i == j:
                D[i, j] = -1
            if i == j + 1:
                D[i, j] = 1
    return D.T


# ---- fit_least_squares ----------------------------------------------------------------------------------------------


@variant_of("fit_least_squares")
def form_wrapped(K, y, lam):
    """cvxpy's quad_form, with the promise that K is positive semidefinite; the least value is returned, too."""
    alpha = cp.Variable(len(y))
    problem = cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))))
    least = problem.solve()
    return alpha.value, least


@variant_of("fit_least_squares")
def form_assumed_by_clarabel(K, y, lam):
    """The same promise by an argument of quad_form, and another solver."""
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y - K @ alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, K, assume_PSD=True))).solve(solver=cp.CLARABEL)
    return alpha.value


@variant_of("fit_least_squares")
def stars_by_scs(K, y, lam):
    """A star for the matrix product, as in old code (cvxpy warns), and a solver of first order."""
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(y - K * alpha)
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve(solver=cp.SCS)
    return alpha.value


@variant_of("fit_least_squares")
def cholesky_factor(K, y, lam):
    """alpha' K alpha as the squared length of L' alpha, with a tiny diagonal so that L exists; the result is a list."""
    n = len(y)
    L = np.linalg.cholesky(K + 1e-10 * np.eye(n))
    alpha = cp.Variable(n)
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + lam * cp.sum_squares(L.T @ alpha))).solve()
    return alpha.value.tolist()


@variant_of("fit_least_squares")
def values_as_unknowns(K, y, lam):
    """The fitted values as unknowns of their own, tied to the coefficients by a constraint."""
    alpha, values = cp.Variable(len(y)), cp.Variable(len(y))
    objective = cp.sum_squares(values - y) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [values == K @ alpha]).solve()
    return alpha.value


@variant_of("fit_least_squares")
def columns_of_variables(K, y, lam):
    """Columns throughout; the result is (n, 1)."""
    alpha = cp.Variable((len(y), 1))
    residuals = y.reshape(-1, 1) - K @ alpha
    cp.Problem(cp.Minimize(cp.sum_squares(residuals) + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve()
    return alpha.value


@variant_of("fit_least_squares")
def one_linear_system(K, y, lam):
    """The closed form, without cvxpy."""
    return np.linalg.solve(K + lam * np.eye(len(y)), y)


@variant_of("fit_least_squares")
def one_eigenvector_at_a_time(K, y, lam):
    """The closed form in the eigenvectors of K."""
    d, U = np.linalg.eigh(K)
    return U @ (U.T @ y / (np.maximum(d, 0) + lam))


@variant_of("fit_least_squares")
def rows_for_the_penalty(K, y, lam):
    """Ordinary least squares with n more rows, which are the penalty."""
    d, U = np.linalg.eigh(K)
    root = U * np.sqrt(np.maximum(d, 0)) @ U.T
    rows = np.vstack([K, np.sqrt(lam) * root])
    return np.linalg.lstsq(rows, np.concatenate([y, np.zeros(len(y))]), rcond=None)[0]


@variant_of("fit_least_squares")
def conjugate_gradients(K, y, lam):
    """The linear system by conjugate gradients, to the end."""
    n = len(y)
    return sparse.linalg.cg(K + lam * np.eye(n), y, rtol=1e-10, maxiter=100 * n)[0]


# ---- predict --------------------------------------------------------------------------------------------------------


@variant_of("predict")
def sum_over_the_points(alpha, x_train, x, gamma):
    """Two loops without a kernel matrix; the result is a list."""
    return [sum(a * math.exp(-gamma * (t - point) ** 2) for a, t in zip(alpha, x_train, strict=True)) for point in x]


@variant_of("predict")
def column_of_values(alpha, x_train, x, gamma):
    """With columns throughout; the result is (m, 1)."""
    return rbf_kernel(x, x_train, gamma) @ np.reshape(alpha, (-1, 1))


@variant_of("predict")
def row_times_matrix(alpha, x_train, x, gamma):
    """The coefficients from the left; the matrix is returned, too."""
    K = rbf_kernel(x_train, x, gamma)
    return alpha @ K, K


@variant_of("predict")
def bumps_added(alpha, x_train, x, gamma):
    """A bump for each training point."""
    values = np.zeros(len(x))
    for j in range(len(x_train)):
        values += alpha[j] * rbf_kernel(x, x_train[j : j + 1], gamma)[:, 0]
    return values


@variant_of("predict")
def point_after_point(alpha, x_train, x, gamma):
    """One new point at a time."""
    return np.array([np.dot(rbf_kernel(np.array([point]), x_train, gamma).ravel(), alpha) for point in x])


@variant_of("predict")
def sum_along_the_rows(alpha, x_train, x, gamma):
    """The products, and their sum along an axis."""
    return (np.exp(-gamma * np.subtract.outer(x, x_train) ** 2) * alpha).sum(axis=1)


# ---- leave_one_out --------------------------------------------------------------------------------------------------


@variant_of("leave_one_out")
def sliced_from_the_full_matrix(fit, x, y, gamma, *lams):
    """One kernel matrix for all; the point's row and column are deleted from it."""
    K = rbf_kernel(x, x, gamma)
    errors = []
    for i in range(len(x)):
        smaller = np.delete(np.delete(K, i, axis=0), i, axis=1)
        alpha = fit(smaller, np.delete(y, i), *lams)
        errors.append((y[i] - np.delete(K[i], i) @ alpha) ** 2)
    return errors


@variant_of("leave_one_out")
def open_mesh_of_the_rest(fit, x, y, gamma, *lams):
    """The full matrix, indexed with ix_; the result is a column."""
    K = rbf_kernel(x, x, gamma)
    errors = np.zeros((len(y), 1))
    for i in range(len(y)):
        rest = [j for j in range(len(y)) if j != i]
        alpha = np.ravel(fit(K[np.ix_(rest, rest)], y[rest], *lams))
        errors[i] = np.square(y[i] - np.dot(K[i, rest], alpha))
    return errors


@variant_of("leave_one_out")
def pieces_joined(fit, x, y, gamma, *lams):
    """Both sides of the point, joined; predictions first, errors at the end. The predictions are returned, too."""
    predictions = np.empty(len(y))
    for i, point in enumerate(x):
        points = np.concatenate([x[:i], x[i + 1 :]])
        observed = np.concatenate([y[:i], y[i + 1 :]])
        alpha = fit(rbf_kernel(points, points, gamma), observed, *lams)
        predictions[i] = np.squeeze(predict(alpha, points, np.array([point]), gamma))
    return (predictions - y) ** 2, predictions


@variant_of("leave_one_out")
def error_of_one_point(fit, x, y, gamma, *lams):
    """A function for one point, and a list of what it gives."""

    def error_at(i):
        points = np.delete(x, i)
        alpha = fit(rbf_kernel(points, points, gamma), np.delete(y, i), *lams)
        return float((y[i] - predict(alpha, points, x[[i]], gamma)).item() ** 2)

    return [error_at(i) for i in range(len(y))]


@variant_of("leave_one_out")
def a_fit_for_all_points_at_once(fit, x, y, gamma, *lams):
    """First all the coefficients, from the last point to the first; then one product for all predictions."""
    n = len(y)
    K = rbf_kernel(x, x, gamma)
    coefficients = np.zeros((n, n))
    for i in reversed(range(n)):
        rest = np.setdiff1d(np.arange(n), i)
        coefficients[i, rest] = fit(K[rest][:, rest], y[rest], *lams)
    return (y - np.einsum("ij,ij->i", K, coefficients)) ** 2


@variant_of("leave_one_out")
def lists_of_the_others(fit, x, y, gamma, *lams):
    """Python lists of the other points, turned into arrays for the fit."""
    squares = []
    for i in range(len(y)):
        others = [(a, b) for j, (a, b) in enumerate(zip(x, y, strict=True)) if j != i]
        points = np.array([a for a, _ in others])
        observed = np.array([b for _, b in others])
        alpha = fit(rbf_kernel(points, points, gamma), observed, *lams)
        residual = y[i] - predict(alpha, points, np.array([x[i]]), gamma)
        squares.append(residual @ residual)
    return np.array(squares)


# ---- chosen_least_squares -------------------------------------------------------------------------------------------


@variant_of("chosen_least_squares")
def least_squares_on_seven_by_seven():
    """The best of two logarithmic grids of 7 values each, as numpy numbers."""
    return {"gamma": np.logspace(0, 3, 7)[3], "lam": np.logspace(-4, 0, 7)[2]}


@variant_of("chosen_least_squares")
def least_squares_on_ten_by_ten():
    """The best of 10 by 10, with the penalty first and the error beside them."""
    return {"lam": 0.021544346900318822, "gamma": 46.41588833612777, "error": 15.58}


@variant_of("chosen_least_squares")
def least_squares_on_half_decades():
    """Half decades, as far out as 10,000."""
    return {"gamma": 10**1.5, "lam": 1e-3}


@variant_of("chosen_least_squares")
def least_squares_on_round_numbers():
    """Round numbers, one of them an integer."""
    return {"gamma": 50, "lam": 0.01}


@variant_of("chosen_least_squares")
def least_squares_on_a_narrow_grid():
    """The best of 8 by 8 around a first guess, as numbers of a smaller type."""
    return {"gamma": np.float32(26.827), "lam": np.float32(0.001)}


# ---- plot_least_squares ---------------------------------------------------------------------------------------------


@variant_of("plot_least_squares")
def state_of_pyplot():
    """No axes in hand, the true f as steps, and the current figure returned."""
    x, y, f = staircase.load()
    gamma, lam = chosen_least_squares["gamma"], chosen_least_squares["lam"]
    alpha = fit_least_squares(rbf_kernel(x, x, gamma), y, lam)
    grid = np.linspace(0, 1, 200)
    plt.figure()
    plt.scatter(x, y, s=9, c="black")
    plt.step(x, f, where="post")
    plt.plot(grid, predict(alpha, x, grid, gamma))
    plt.legend(["Original data", "True", "Estimate"])
    plt.title(f"Least squares, lambda {lam:.2g}, gamma {gamma:.2g}")
    plt.xlabel("x")
    plt.ylabel("y")
    return plt.gcf()


@variant_of("plot_least_squares")
def figure_and_axes():
    """The data above all else, the true f on the fine grid as well; the figure and its axes returned."""
    x, y, _ = staircase.load()
    gamma, lam = chosen_least_squares.values()
    grid = np.linspace(x.min(), x.max(), 2000)
    truth = 10 * sum((grid >= k / 5).astype(float) for k in range(1, 5))
    alpha = fit_least_squares(rbf_kernel(x, x, gamma), y, lam)
    fig = plt.figure(figsize=(8, 5))
    ax = fig.add_subplot()
    ax.plot(grid, predict(alpha, x, grid, gamma), "-", color="C3", label=r"$\hat f$")
    ax.plot(grid, truth, ":", color="C0", label="$f$")
    ax.plot(x, y, ".", color="C7", label=r"$(x_i, y_i)$", zorder=3)
    ax.set_xlabel("$x$")
    ax.set_ylabel("$y$")
    ax.legend(loc="upper left")
    return fig, ax


@variant_of("plot_least_squares")
def point_by_point_on_a_coarse_grid():
    """A grid of a hundred steps, the true f as steps around the points; the axes returned."""
    x, y, f = staircase.load()
    gamma, lam = chosen_least_squares.values()
    alpha = fit_least_squares(rbf_kernel(x, x, gamma), y, lam)
    grid = np.arange(0, 1.001, 0.01)
    curve = [float(alpha @ np.exp(-gamma * (x - point) ** 2)) for point in grid]
    _, ax = plt.subplots()
    ax.set(title="Least squares", xlabel="x", ylabel="y")
    ax.plot(x, f, color="green", drawstyle="steps-mid", label="true function")
    ax.plot(grid, curve, "b-", label="fit")
    ax.plot(x, y, "kx", label="data")
    ax.legend()
    return ax


@variant_of("plot_least_squares")
def fitted_values_marked():
    """The fitted values at the data as marks on the curve, and a line to each observation."""
    x, y, f = staircase.load()
    gamma, lam = chosen_least_squares.values()
    K = rbf_kernel(x, x, gamma)
    alpha = fit_least_squares(K, y, lam)
    grid = np.linspace(0, 1, 1001)
    fig, ax = plt.subplots(layout="constrained")
    ax.vlines(x, y, K @ alpha, color="lightgray")
    ax.plot(x, K @ alpha, "+", label="fitted values")
    ax.plot(grid, predict(alpha, x, grid, gamma), label="fit")
    ax.plot(x, f, "--", label="true f")
    ax.scatter(x, y, label="data")
    ax.set_xlabel("x")
    ax.set_ylabel("y, f(x)")
    ax.legend()
    return fig


@variant_of("plot_least_squares")
def grid_with_the_data_in_it():
    """A grid that holds the data, too; a wider view than the data."""
    x, y, f = staircase.load()
    gamma, lam = chosen_least_squares.values()
    grid = np.unique(np.concatenate([x, np.linspace(0, 1, 300)]))
    fig, ax = plt.subplots()
    ax.errorbar(x, y, yerr=1.0, fmt="o", alpha=0.5, label="data")
    ax.stairs(f[:-1], x, label="true f", baseline=None)
    ax.plot(grid, predict(fit_least_squares(rbf_kernel(x, x, gamma), y, lam), x, grid, gamma), label="fit")
    ax.set(xlim=(-0.1, 1.1), ylim=(-10, 50), xlabel="x", ylabel="y")
    ax.legend()
    return fig


# ---- fit_huber ------------------------------------------------------------------------------------------------------


@variant_of("fit_huber")
def huber_of_the_library(K, y, lam):
    """cvxpy's huber with its threshold written out; the least value is returned, too."""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(K @ alpha - y, M=1))
    problem = cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K))))
    problem.solve()
    return alpha.value, problem.value


@variant_of("fit_huber")
def huber_by_clarabel(K, y, lam):
    """The promise by an argument, another solver, and the sum by Python; the result is a list."""
    alpha = cp.Variable(len(y))
    loss = sum(cp.huber(y[i] - K[i] @ alpha) for i in range(len(y)))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, K, assume_PSD=True))).solve(solver=cp.CLARABEL)
    return list(alpha.value)


@variant_of("fit_huber")
def huber_by_scs(K, y, lam):
    """A star for the matrix product, and a solver of first order."""
    alpha = cp.Variable(len(y))
    loss = cp.sum(cp.huber(y - K * alpha))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(alpha, cp.psd_wrap(K)))).solve(solver=cp.SCS)
    return alpha.value


@variant_of("fit_huber")
def outliers_as_unknowns(K, y, lam):
    """Each residual is split into a part that is squared and an outlier that costs twice its size."""
    d, U = np.linalg.eigh(K)
    factor = U * np.sqrt(np.maximum(d, 0))
    alpha, outliers = cp.Variable(len(y)), cp.Variable(len(y))
    loss = cp.sum_squares(y - K @ alpha - outliers) + 2 * cp.norm1(outliers)
    cp.Problem(cp.Minimize(loss + lam * cp.sum_squares(factor.T @ alpha))).solve()
    return alpha.value


@variant_of("fit_huber")
def huber_downhill(K, y, lam):
    """L-BFGS on the objective and its gradient, without cvxpy."""
    d, U = np.linalg.eigh(K)
    factor = U * np.sqrt(np.maximum(d, 0))

    def objective(beta):
        z = y - factor @ beta
        loss = np.where(np.abs(z) <= 1, z**2, 2 * np.abs(z) - 1)
        return loss.sum() + lam * beta @ beta, -2 * factor.T @ np.clip(z, -1, 1) + 2 * lam * beta

    tight = {"maxiter": 100_000, "maxfun": 100_000, "ftol": 1e-15, "gtol": 1e-8}
    beta = optimize.minimize(objective, np.zeros(len(y)), jac=True, method="L-BFGS-B", options=tight).x
    kept = d > 1e-12 * max(d[-1], 1e-12)
    return U[:, kept] @ (beta[kept] / np.sqrt(d[kept]))


@variant_of("fit_huber")
def weights_until_they_stay(K, y, lam):
    """Weighted least squares again and again, until nothing changes; the result is (n, 1)."""
    n = len(y)
    values = np.zeros(n)
    for _ in range(20_000):
        weights = 1 / np.maximum(1, np.abs(y - values))
        alpha = np.linalg.solve(weights[:, None] * K + lam * np.eye(n), weights * y)
        before, values = values, K @ alpha
        if np.max(np.abs(values - before)) < 1e-9:
            break
    return alpha.reshape(n, 1)


@variant_of("fit_huber")
def huber_from_its_dual(K, y, lam):
    """The dual problem: how much each point pulls, at most 2 either way."""
    n = len(y)
    pull = cp.Variable(n)
    objective = cp.quad_form(pull, cp.psd_wrap(K / lam + np.eye(n))) / 4 - y @ pull
    cp.Problem(cp.Minimize(objective), [cp.abs(pull) <= 2]).solve(solver=cp.CLARABEL)
    return pull.value / (2 * lam)


# ---- chosen_huber ---------------------------------------------------------------------------------------------------


@variant_of("chosen_huber")
def huber_on_seven_by_seven():
    """The best of two logarithmic grids of 7 values each, as numpy numbers."""
    return {"gamma": np.logspace(0, 3, 7)[3], "lam": np.logspace(-4, 0, 7)[0]}


@variant_of("chosen_huber")
def huber_on_ten_by_ten():
    """The best of 10 by 10, at the edge of the grid."""
    return {"gamma": 21.544346900318832, "lam": 1e-5}


@variant_of("chosen_huber")
def huber_on_round_numbers():
    """Round numbers, one of them an integer, and the error beside them."""
    return {"gamma": 50, "lam": 0.001, "error": 13.94}


@variant_of("chosen_huber")
def huber_on_a_narrow_grid():
    """The best of 8 by 8 around a first guess, the penalty first."""
    return {"lam": 0.001, "gamma": 43.94}


@variant_of("chosen_huber")
def random_search_for_huber():
    """Random draws between narrow limits, lucky ones."""
    return {"gamma": 53.73, "lam": 0.01}


# ---- plot_huber -----------------------------------------------------------------------------------------------------


@variant_of("plot_huber")
def outlier_in_another_color():
    """Two scatters: the outlier apart from the others."""
    x, y, f = staircase.load()
    gamma, lam = chosen_huber.values()
    alpha = fit_huber(rbf_kernel(x, x, gamma), y, lam)
    grid = np.linspace(0, 1, 400)
    others = np.arange(len(x)) != 24
    fig, ax = plt.subplots()
    ax.scatter(x[others], y[others], color="gray", label="data")
    ax.scatter(x[24], y[24], color="red", label="outlier")
    ax.plot(x, f, "g--", label="true f")
    ax.plot(grid, predict(alpha, x, grid, gamma), "b", label="Huber")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@variant_of("plot_huber")
def beside_least_squares():
    """The least-squares fit as a faint line for comparison."""
    x, y, f = staircase.load()
    grid = np.linspace(0, 1, 501)
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, "--", label="true f")
    for fit, chosen, style in ((fit_least_squares, chosen_least_squares, ":"), (fit_huber, chosen_huber, "-")):
        alpha = fit(rbf_kernel(x, x, chosen["gamma"]), y, chosen["lam"])
        ax.plot(grid, predict(alpha, x, grid, chosen["gamma"]), style, label=fit.__name__)
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@variant_of("plot_huber")
def all_in_one_call():
    """One call of plot for three pairs."""
    x, y, f = staircase.load()
    gamma, lam = chosen_huber["gamma"], chosen_huber["lam"]
    grid = np.linspace(0, 1, 250)
    curve = predict(fit_huber(rbf_kernel(x, x, gamma), y, lam), x, grid, gamma)
    plt.figure()
    plt.plot(x, y, ".", x, f, "-", grid, curve, "-")
    plt.legend(("Original data", "True", "Estimate"))
    plt.xlabel("x")
    plt.ylabel("y")
    plt.title(f"Huber, gamma {gamma}, lambda {lam}")
    return plt.gca()


@variant_of("plot_huber")
def figure_last():
    """The coefficients first, then the figure."""
    x, y, f = staircase.load()
    gamma, lam = chosen_huber.values()
    alpha = fit_huber(rbf_kernel(x, x, gamma), y, lam)
    grid = np.linspace(0, 1, 501)[:, None]
    fig, ax = plt.subplots()
    ax.plot(grid, rbf_kernel(grid[:, 0], x, gamma) @ alpha, label="fit")
    ax.step(x, f, where="mid", label="truth")
    ax.plot(x, y, linestyle="", marker="s", markersize=3, label="data")
    ax.set(xlabel="x", ylabel="y")
    fig.legend()
    return alpha, fig


# ---- fit_total_variation --------------------------------------------------------------------------------------------


@variant_of("fit_total_variation")
def matrix_of_differences(K, y, lam1, lam2):
    """D written out and multiplied; the least value is returned, too."""
    n = len(y)
    D = np.eye(n, k=1)[: n - 1] - np.eye(n)[: n - 1]
    alpha = cp.Variable(n)
    penalty = lam1 * cp.norm(D @ (K @ alpha), 1) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    least = cp.Problem(cp.Minimize(cp.sum_squares(K @ alpha - y) + penalty)).solve()
    return alpha.value, least


@variant_of("fit_total_variation")
def variation_of_the_library(K, y, lam1, lam2):
    """cvxpy's own total variation, and another solver; the result is a list."""
    alpha = cp.Variable(len(y))
    penalty = lam1 * cp.tv(K @ alpha) + lam2 * cp.quad_form(alpha, K, assume_PSD=True)
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ alpha) + penalty)).solve(solver=cp.CLARABEL)
    return list(alpha.value)


@variant_of("fit_total_variation")
def stars_and_slices_by_scs(K, y, lam1, lam2):
    """Slices for the steps, a star for the product, and a solver of first order."""
    alpha = cp.Variable(len(y))
    values = K * alpha
    penalty = lam1 * cp.sum(cp.abs(values[1:] - values[:-1])) + lam2 * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(cp.sum_squares(y - values) + penalty)).solve(solver=cp.SCS)
    return alpha.value


@variant_of("fit_total_variation")
def heights_of_the_jumps_as_unknowns(K, y, lam1, lam2):
    """A linear program's way to write absolute values, and a Cholesky factor."""
    n = len(y)
    L = np.linalg.cholesky(K + 1e-10 * np.eye(n))
    alpha, heights = cp.Variable(n), cp.Variable(n - 1)
    steps = cp.diff(K @ alpha)
    objective = cp.sum_squares(y - K @ alpha) + lam1 * cp.sum(heights) + lam2 * cp.sum_squares(L.T @ alpha)
    cp.Problem(cp.Minimize(objective), [-heights <= steps, steps <= heights]).solve()
    return alpha.value


@variant_of("fit_total_variation")
def variation_from_its_dual(K, y, lam1, lam2):
    """The dual problem, a least-squares problem with bounds, without cvxpy."""
    n = len(y)
    d, U = np.linalg.eigh(K)
    d = np.maximum(d, 0)
    root = np.sqrt(d / (d + lam2))[:, None] * U.T
    D = np.diff(np.eye(n), axis=0)
    v = optimize.lsq_linear(root @ D.T / 2, root @ y, (-lam1, lam1), method="bvls", max_iter=1000).x
    return U @ (U.T @ (y - D.T @ v / 2) / (d + lam2))


@variant_of("fit_total_variation")
def variation_in_alternation(K, y, lam1, lam2):
    """ADMM by hand, until the two halves agree; the result is (n, 1)."""
    n = len(y)
    d, U = np.linalg.eigh(K)
    d = np.maximum(d, 0)
    factor = U * np.sqrt(d)
    rows = np.diff(factor, axis=0)
    rho = 2.0 * lam1 / max(1.0, float(np.std(y)))
    system = np.linalg.inv(2 * factor.T @ factor + 2 * lam2 * np.eye(n) + rho * rows.T @ rows)
    jumps, forces = np.zeros(n - 1), np.zeros(n - 1)
    for _ in range(20_000):
        beta = system @ (2 * factor.T @ y + rho * rows.T @ (jumps - forces))
        steps, before = rows @ beta, jumps
        jumps = np.sign(steps + forces) * np.maximum(np.abs(steps + forces) - lam1 / rho, 0)
        forces = forces + steps - jumps
        if max(np.max(np.abs(steps - jumps)), np.max(np.abs(jumps - before))) < 1e-9:
            break
    kept = d > 1e-12 * max(d[-1], 1e-12)
    return (U[:, kept] @ (beta[kept] / np.sqrt(d[kept]))).reshape(n, 1)


# ---- chosen_total_variation -----------------------------------------------------------------------------------------


@variant_of("chosen_total_variation")
def variation_on_seven_by_five():
    """The best of logarithmic grids of 7, 5 and 7 values, as numpy numbers."""
    lam1, lam2 = np.logspace(-2, 2, 5)[3], np.logspace(-4, 0, 7)[1]
    return {"gamma": np.logspace(0, 3, 7)[4], "lam1": lam1, "lam2": lam2}


@variant_of("chosen_total_variation")
def variation_on_ten_by_six():
    """The best of 10, 6 and 10 values, and the error beside them."""
    return {"gamma": 215.44346900318823, "lam1": 15.848931924611142, "lam2": 0.001, "error": 14.37}


@variant_of("chosen_total_variation")
def variation_in_whole_numbers():
    """Integers where the numbers are whole."""
    return {"gamma": 200, "lam1": 10, "lam2": 0.001}


@variant_of("chosen_total_variation")
def variation_on_whole_decades():
    """Few values of gamma, one for each decade; the penalties first."""
    return {"lam1": 15.85, "lam2": 0.001, "gamma": 100.0}


@variant_of("chosen_total_variation")
def variation_on_a_narrow_grid():
    """The best of 8, 6 and 8 around a first guess."""
    return {"gamma": 117.88, "lam1": 15.85, "lam2": 0.00268}


# ---- plot_total_variation -------------------------------------------------------------------------------------------


@variant_of("plot_total_variation")
def penalties_by_name():
    """The choice passed by keywords; pyplot's state."""
    x, y, f = staircase.load()
    lams = {name: value for name, value in chosen_total_variation.items() if name != "gamma"}
    alpha = fit_total_variation(rbf_kernel(x, x, chosen_total_variation["gamma"]), y, **lams)
    grid = np.linspace(0, 1, 333)
    fig = plt.figure()
    plt.plot(x, f, "k--", lw=1, label="f")
    plt.plot(grid, predict(alpha, x, grid, chosen_total_variation["gamma"]), label="total variation")
    plt.scatter(x, y, marker="x", label="data")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.legend()
    plt.show()
    return fig


@variant_of("plot_total_variation")
def plain_lists():
    """Lists everywhere."""
    x, y, f = staircase.load()
    gamma, lam1, lam2 = (chosen_total_variation[name] for name in ("gamma", "lam1", "lam2"))
    alpha = fit_total_variation(rbf_kernel(x, x, gamma), y, lam1, lam2)
    grid = [i / 500 for i in range(501)]
    values = list(predict(alpha, x, np.array(grid), gamma))
    _, ax = plt.subplots()
    ax.plot(grid, values, color="tab:red")
    ax.plot(list(x), list(f), color="tab:green", drawstyle="steps-post")
    ax.plot(list(x), list(y), "bo")
    ax.legend(["fitted f", "true f", "data"])
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    return ax


@variant_of("plot_total_variation")
def curve_of_dots():
    """Small dots for the curve, large ones for the data; names and legend on the whole figure."""
    x, y, f = staircase.load()
    gamma, lam1, lam2 = chosen_total_variation.values()
    K = rbf_kernel(x, x, gamma)
    grid = np.linspace(0, 1, 1000)
    values = rbf_kernel(grid, x, gamma) @ fit_total_variation(K, y, lam1, lam2)
    fig, ax = plt.subplots()
    ax.scatter(grid, values, s=1, label="total variation")
    ax.plot(x, f, "-", linewidth=0.8, label="true")
    ax.scatter(x, y, s=16, label="noisy data")
    fig.supxlabel("x")
    fig.supylabel("y and f(x)")
    fig.legend()
    return fig


@variant_of("plot_total_variation")
def decreasing_grid():
    """The curve drawn from right to left."""
    x, y, f = staircase.load()
    gamma, *lams = chosen_total_variation.values()
    alpha = fit_total_variation(rbf_kernel(x, x, gamma), y, *lams)
    grid = np.linspace(1, 0, 800)
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", label="data")
    ax.plot(x, f, label="true f")
    ax.plot(grid, predict(alpha, x, grid, gamma), label="fit")
    ax.set(xlabel="x", ylabel="y", title="Total variation")
    ax.legend()
    return fig, ax, alpha


# ---- fit_monotone ---------------------------------------------------------------------------------------------------


@variant_of("fit_monotone")
def matrix_of_steps(K, y, lam):
    """D written out and multiplied; the least value is returned, too."""
    n = len(y)
    D = np.eye(n, k=1)[: n - 1] - np.eye(n)[: n - 1]
    alpha = cp.Variable(n)
    objective = cp.sum_squares(K @ alpha - y) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    least = cp.Problem(cp.Minimize(objective), [D @ K @ alpha >= 0]).solve()
    return alpha.value, least


@variant_of("fit_monotone")
def pair_by_pair_by_clarabel(K, y, lam):
    """One inequality for each pair of neighbours, and another solver; the result is a list."""
    alpha = cp.Variable(len(y))
    rising = [(K[i + 1] - K[i]) @ alpha >= 0 for i in range(len(y) - 1)]
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, K, assume_PSD=True)
    cp.Problem(cp.Minimize(objective), rising).solve(solver=cp.CLARABEL)
    return list(alpha.value)


@variant_of("fit_monotone")
def slices_by_scs(K, y, lam):
    """Slices for the steps, a star for the product, and a solver of first order."""
    alpha = cp.Variable(len(y))
    values = K * alpha
    objective = cp.sum_squares(y - values) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [values[:-1] <= values[1:]]).solve(solver=cp.SCS)
    return alpha.value


@variant_of("fit_monotone")
def rising_values_as_unknowns(K, y, lam):
    """The fitted values are unknowns that rise; a Cholesky factor."""
    n = len(y)
    L = np.linalg.cholesky(K + 1e-10 * np.eye(n))
    alpha, values = cp.Variable(n), cp.Variable(n)
    objective = cp.sum_squares(y - values) + lam * cp.sum_squares(L.T @ alpha)
    cp.Problem(cp.Minimize(objective), [values == K @ alpha, cp.diff(values) >= 0]).solve()
    return alpha.value


@variant_of("fit_monotone")
def standard_form_of_a_program(K, y, lam):
    """A quadratic program in its standard form, with matrices and a column; the result is (n, 1)."""
    n = len(y)
    P, q = 2 * (K @ K + lam * K), -2 * K @ y
    G = -np.diff(K, axis=0)
    alpha = cp.Variable((n, 1))
    objective = cp.quad_form(alpha, cp.psd_wrap((P + P.T) / 2)) / 2 + q.reshape(1, n) @ alpha
    cp.Problem(cp.Minimize(objective), [G @ alpha <= np.zeros((n - 1, 1))]).solve()
    return alpha.value


@variant_of("fit_monotone")
def forces_between_neighbours(K, y, lam):
    """The dual problem: forces that push neighbours apart, none negative. Without cvxpy."""
    n = len(y)
    d, U = np.linalg.eigh(K)
    d = np.maximum(d, 0)
    root = np.sqrt(d / (d + lam))[:, None] * U.T
    D = np.diff(np.eye(n), axis=0)
    v = optimize.nnls(root @ D.T / 2, -root @ y, maxiter=10_000)[0]
    return U @ (U.T @ (y + D.T @ v / 2) / (d + lam))


# ---- chosen_monotone ------------------------------------------------------------------------------------------------


@variant_of("chosen_monotone")
def monotone_on_seven_by_seven():
    """The best of two logarithmic grids of 7 values each, as numpy numbers."""
    return {"gamma": np.logspace(0, 3, 7)[4], "lam": np.logspace(-4, 0, 7)[1]}


@variant_of("chosen_monotone")
def monotone_on_ten_by_ten():
    """The best of 10 by 10, with the error beside it."""
    return {"gamma": 215.44346900318823, "lam": 1e-3, "error": 14.09}


@variant_of("chosen_monotone")
def monotone_on_whole_decades():
    """Few values, one for each decade; an integer, and the penalty first."""
    return {"lam": 0.001, "gamma": 100}


@variant_of("chosen_monotone")
def monotone_on_a_narrow_grid():
    """The best of 8 by 8 up to the edge of a grid that is too narrow."""
    return {"gamma": 316.2277660168379, "lam": 0.019306977288832496}


@variant_of("chosen_monotone")
def random_search_for_monotone():
    """Random draws for gamma between 150 and 250, and for lam below 0.1."""
    return {"gamma": np.float64(163.2), "lam": np.float64(0.043)}


# ---- plot_monotone --------------------------------------------------------------------------------------------------


@variant_of("plot_monotone")
def falls_marked():
    """Where the curve falls, a second line lies upon it."""
    x, y, f = staircase.load()
    gamma, lam = chosen_monotone.values()
    grid = np.linspace(0, 1, 501)
    curve = predict(fit_monotone(rbf_kernel(x, x, gamma), y, lam), x, grid, gamma)
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", color="gray", label="data")
    ax.plot(x, f, "--", color="green", label="true f")
    ax.plot(grid, curve, color="blue", label="fitted f")
    ax.plot(grid, np.where(np.gradient(curve) < 0, curve, np.nan), color="red", lw=3, label="falls")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


@variant_of("plot_monotone")
def two_panels():
    """The fit on the left, and its steps at the data on the right."""
    x, y, f = staircase.load()
    gamma, lam = chosen_monotone.values()
    K = rbf_kernel(x, x, gamma)
    alpha = fit_monotone(K, y, lam)
    grid = np.linspace(0, 1, 601)
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
    left.scatter(x, y, label="data")
    left.plot(x, f, label="true f")
    left.plot(grid, predict(alpha, x, grid, gamma), label="fitted f")
    left.legend()
    right.plot(x[1:], np.diff(K @ alpha), ".")
    for ax, name in ((left, "y"), (right, "step")):
        ax.set(xlabel="x", ylabel=name)
    return fig


@variant_of("plot_monotone")
def kernel_written_out():
    """The kernel by broadcasting, both times; the data as circles without a fill."""
    x, y, f = staircase.load()
    gamma, lam = float(chosen_monotone["gamma"]), float(chosen_monotone["lam"])
    alpha = np.asarray(fit_monotone(np.exp(-gamma * (x[:, None] - x[None, :]) ** 2), y, lam)).ravel()
    grid = np.linspace(0, 1, 10 * len(x))
    plt.figure()
    plt.plot(x, y, "o", mfc="none", label="data")
    plt.plot(x, f, label="truth")
    plt.plot(grid, np.exp(-gamma * (grid[:, None] - x[None, :]) ** 2) @ alpha, label="monotone fit")
    plt.gca().set(xlabel="x", ylabel="y", title="Monotone")
    plt.grid(True)
    plt.legend()
    return plt.gcf(), plt.gca()


@variant_of("plot_monotone")
def truth_in_pieces():
    """The true f as a horizontal line for each step."""
    x, y, f = staircase.load()
    gamma, lam = chosen_monotone.values()
    grid = np.linspace(0, 1, 501)
    fig, ax = plt.subplots()
    for height in np.unique(f):
        ax.plot(x[f == height], f[f == height], color="green", label="true f" if height == 0 else None)
    ax.plot(grid, predict(fit_monotone(rbf_kernel(x, x, gamma), y, lam), x, grid, gamma), label="fit")
    ax.scatter(x, y, color="gray", label="data")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    return fig


# ---- fit_monotone_on_grid -------------------------------------------------------------------------------------------


@variant_of("fit_monotone_on_grid")
def steps_of_the_grid(K, K_grid, y, lam):
    """The differences of the rows first; the least value is returned, too."""
    alpha = cp.Variable(len(y))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, K, assume_PSD=True)
    problem = cp.Problem(cp.Minimize(objective), [np.diff(K_grid, axis=0) @ alpha >= 0])
    problem.solve(solver=cp.CLARABEL)
    return alpha.value, problem.value


@variant_of("fit_monotone_on_grid")
def grid_slices_by_scs(K, K_grid, y, lam):
    """Slices for the steps, a star for the product, and a solver of first order; the result is a list."""
    alpha = cp.Variable(len(y))
    on_grid = K_grid * alpha
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [on_grid[1:] >= on_grid[:-1]]).solve(solver=cp.SCS)
    return list(alpha.value)


@variant_of("fit_monotone_on_grid")
def grid_with_a_cholesky_factor(K, K_grid, y, lam):
    """A Cholesky factor and the matrix D of the grid; the result is (n, 1)."""
    n, m = len(y), len(K_grid)
    L = np.linalg.cholesky(K + 1e-10 * np.eye(n))
    D = np.eye(m, k=1)[: m - 1] - np.eye(m)[: m - 1]
    alpha = cp.Variable((n, 1))
    objective = cp.sum_squares(y.reshape(n, 1) - K @ alpha) + lam * cp.sum_squares(L.T @ alpha)
    cp.Problem(cp.Minimize(objective), [D @ K_grid @ alpha >= 0]).solve()
    return alpha.value


@variant_of("fit_monotone_on_grid")
def grid_values_as_unknowns(K, K_grid, y, lam):
    """Unknowns that rise for the heights on the grid."""
    alpha, heights = cp.Variable(len(y)), cp.Variable(len(K_grid))
    objective = cp.sum_squares(y - K @ alpha) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(objective), [heights == K_grid @ alpha, cp.diff(heights) >= 0]).solve()
    return alpha.value
