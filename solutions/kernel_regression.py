"""Four kernel regressions on a staircase, and leave-one-out cross-validation. The reference answers."""

from functools import cache

import cvxpy as cp
import matplotlib.pyplot as plt
import numpy as np

from shared import staircase
from solutions import Written


def make_data(rng, n=50):
    """The staircase at n points, with noise and an outlier: x, y and f, each (n,).

    rng: a numpy Generator, the source of all noise, standard normal; n: 25 or more.
    x: from 0 to 1 in equal steps. f: the staircase itself. y: f plus noise, but 0 at the 25th point.
    """
    x = np.arange(n) / (n - 1)
    f = 10.0 * np.sum(x[:, np.newaxis] >= np.array([1, 2, 3, 4]) / 5, axis=1)
    y = f + rng.standard_normal(n)
    y[24] = 0.0
    return x, y, f


def rbf_kernel(x, z, gamma):
    """The kernel exp(-gamma (x_i - z_j)^2) between all points of x and all of z: (n, m).

    x: (n,); z: (m,), of any lengths, 1 included; gamma: above 0, perhaps 1e-6 or 1e6.
    """
    return np.exp(-gamma * (x[:, np.newaxis] - z) ** 2)


def difference_matrix(n):
    """The matrix D with (D z)_i = z_{i+1} - z_i: (n - 1, n) of -1, 0 and 1. n: 2 or more."""
    return np.diff(np.eye(n), axis=0)


@cache
def _problem(fit, n):
    """The problem of a fit for n points. The data are parameters, so that cvxpy translates it once for all data.

    y: (n,); L: (n, n), a factor of the kernel matrix, K = L L'; lam and, for total variation, lam1: above 0.
    """
    values, beta = cp.Variable(n), cp.Variable(n, name="beta")  # K alpha = L beta, alpha' K alpha = beta' beta
    y, L = cp.Parameter(n, name="y"), cp.Parameter((n, n), name="L")
    lam, lam1 = cp.Parameter(nonneg=True, name="lam"), cp.Parameter(nonneg=True, name="lam1")
    constraints = [values == L @ beta]
    penalty = lam * cp.sum_squares(beta)
    residuals = y - values
    loss = cp.sum(cp.huber(residuals)) if fit == "huber" else cp.sum_squares(residuals)
    if fit == "total variation":
        penalty += lam1 * cp.norm1(cp.diff(values))
    if fit == "monotone":
        constraints.append(cp.diff(values) >= 0)
    return cp.Problem(cp.Minimize(loss + penalty), constraints)


def _factor(K):
    """L and M, both (n, n): K = L L', and alpha = M beta are coefficients whose fitted values K alpha are L beta."""
    eigenvalues, U = np.linalg.eigh(K)
    real = eigenvalues > 1e-12 * eigenvalues.max()  # the others are rounding, some of them negative
    roots = np.sqrt(np.where(real, eigenvalues, 1.0))
    return U * np.where(real, roots, 0.0), U * np.where(real, 1 / roots, 0.0)


def _solve(fit, K, y, **penalties):
    """The minimiser alpha (n,) of a fit's problem."""
    problem = _problem(fit, len(y))
    L, M = _factor(K)
    for name, value in {"y": y, "L": L, **penalties}.items():
        problem.param_dict[name].value = value
    problem.solve(solver=cp.CLARABEL)
    return M @ problem.var_dict["beta"].value


def fit_least_squares(K, y, lam):
    """The alpha with the least |y - K alpha|^2 + lam alpha' K alpha: (n,).

    K: (n, n), a kernel matrix, perhaps numerically singular; y: (n,); lam: above 0.
    Judged by the fitted values K alpha: alpha itself is not unique.
    """
    return _solve("least squares", K, y, lam=lam)


def predict(alpha, x_train, x, gamma):
    """The fitted function at the points x: (m,), the sum over j of alpha_j k(x_train_j, x).

    alpha, x_train: (n,), the coefficients and the points that they were fitted on; x: (m,); gamma: the kernel's.
    """
    return rbf_kernel(x, x_train, gamma) @ alpha


def leave_one_out(fit, x, y, gamma, *lams):
    """The squared error at each point of the fit to all other points: (n,).

    fit: any function (K, y, *lams) → alpha, called with what it would get if point i had never been observed;
    x, y: (n,); gamma: the kernel's; lams: what fit takes after K and y.
    """
    errors = np.empty(len(y))
    for i in range(len(y)):
        rest = np.arange(len(y)) != i
        alpha = fit(rbf_kernel(x[rest], x[rest], gamma), y[rest], *lams)
        errors[i] = (y[i] - predict(alpha, x[rest], x[i : i + 1], gamma)[0]) ** 2
    return errors


chosen_least_squares: dict[str, float] = {"gamma": 31.6, "lam": 0.003}


def _plot(fit, chosen, title):
    """The data, the true function and the fit at the chosen hyper-parameters."""
    x, y, f = staircase.load()
    gamma, *lams = chosen.values()
    alpha = fit(rbf_kernel(x, x, gamma), y, *lams)
    grid = np.linspace(0, 1, 501)
    fig, ax = plt.subplots()
    ax.plot(x, y, "o", color="#777777", markersize=4, label="data")
    ax.plot(x, f, "--", color="#2b8c6b", label="true f")
    ax.plot(grid, predict(alpha, x, grid, gamma), color="#1f5fa6", label="fitted f")
    ax.set(xlabel="x", ylabel="y", title=title)
    ax.legend()
    return fig


def plot_least_squares():
    """A figure of the data, the true f and, on a fine grid, the least-squares fit at your choice; all of it named."""
    return _plot(fit_least_squares, chosen_least_squares, "Least squares")


def fit_huber(K, y, lam):
    """The alpha with the least sum_i huber(y_i - (K alpha)_i) + lam alpha' K alpha: (n,).

    K: (n, n), a kernel matrix, perhaps numerically singular; y: (n,); lam: above 0. huber(z) is z^2 for |z| <= 1 and
    2 |z| - 1 beyond. Judged by the fitted values K alpha.
    """
    return _solve("huber", K, y, lam=lam)


chosen_huber: dict[str, float] = {"gamma": 31.6, "lam": 0.0001}


def plot_huber():
    """The same figure for the Huber fit."""
    return _plot(fit_huber, chosen_huber, "Huber loss")


def fit_total_variation(K, y, lam1, lam2):
    """The alpha with the least |y - K alpha|^2 + lam1 |D K alpha|_1 + lam2 alpha' K alpha: (n,).

    K: (n, n), a kernel matrix, perhaps numerically singular; y: (n,), in the order of their points, n at least 2;
    lam1, lam2: above 0; D: the difference matrix of n points. Judged by the fitted values K alpha.
    """
    return _solve("total variation", K, y, lam1=lam1, lam=lam2)


chosen_total_variation: dict[str, float] = {"gamma": 79.2, "lam1": 9.59, "lam2": 0.0001}


def plot_total_variation():
    """The same figure for the total-variation fit."""
    return _plot(fit_total_variation, chosen_total_variation, "Total variation")


def fit_monotone(K, y, lam):
    """The alpha with the least |y - K alpha|^2 + lam alpha' K alpha among those where K alpha never falls: (n,).

    K: (n, n), a kernel matrix, perhaps numerically singular; y: (n,), in the order of their points, n at least 2;
    lam: above 0. Judged by the fitted values K alpha, which may fall by 0.001 at most.
    """
    return _solve("monotone", K, y, lam=lam)


chosen_monotone: dict[str, float] = {"gamma": 200.0, "lam": 0.001}


def plot_monotone():
    """The same figure for the monotone fit."""
    return _plot(fit_monotone, chosen_monotone, "Monotone")


def fit_monotone_on_grid(K, K_grid, y, lam):
    """The alpha of the monotone fit when it is K_grid alpha, not K alpha, that must never fall: (n,).

    K: (n, n), the kernel matrix of the points; K_grid: (m, n), the kernel between m increasing points of a grid and
    them; y: (n,); lam: above 0. Judged by K alpha; K_grid alpha may fall by 0.001 at most.
    """
    L, M = _factor(K)
    beta = cp.Variable(len(y))
    objective = cp.sum_squares(y - L @ beta) + lam * cp.sum_squares(beta)
    problem = cp.Problem(cp.Minimize(objective), [cp.diff(K_grid @ M @ beta) >= 0])
    problem.solve(solver=cp.CLARABEL)
    return M @ beta.value


between_the_points = Written(
    answer=r"""The constraint compares $\hat f(x_{i+1})$ with $\hat f(x_i)$, and nothing else. What $\hat f$ does
between two neighbours is up to the kernel: $\hat f$ is a sum of $n$ bumps, and where a narrow one ends before the next
begins, the curve sags and comes up again in time. The effect grows with $\gamma$ (narrow bumps), with the distance of
the points, and with a small $\lambda$.

We can ask for more: that $K_{\text{grid}}\,\alpha$ doesn't fall, where the rows of $K_{\text{grid}}$ belong to a fine
grid on $[0, 1]$. These are linear inequalities like before, only more of them, so it is still a quadratic program. It
is a promise about the grid only, but $\hat f$ is smooth: its slope between two grid points that are $h$ apart can't
fall below $-h \max|\hat f''|$, so a finer grid leaves less room. (Or constrain the derivative on the grid, which is
linear in $\alpha$, too.) Exact monotonicity everywhere takes another family of functions: for example coefficients of
increasing basis functions, all nonnegative.""",
    rubric=(
        "(0.1) Only values at training points are compared; between them the kernel's bumps sag, more so for large γ",
        "(0.1) More inequalities of the same kind, on a grid or on the derivative: linear in α, still a QP",
        "(0.05) Still no promise off the grid, and what makes it good enough or exact",
    ),
)
