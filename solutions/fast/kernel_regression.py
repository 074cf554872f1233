"""Fitted values and leave-one-out errors of the four kernel regressions, without cvxpy: exact, and much faster.

Each regression is solved through its Lagrange dual (see shared/duality.py), with one multiplier u_i for each point:

* Least squares has a closed form. One eigendecomposition of K serves all penalties and all points that are left out:
  the leave-one-out residual is alpha_i / ((K + lam I)^-1)_ii (Rifkin and Lippert, Notes on regularized least squares,
  2007, section 3).
* Huber: minimise u' (K / lam + I) u / 4 - y' u with |u_i| <= 2; alpha = u / (2 lam). A point is left out by u_i = 0.
* Total variation and monotone: with v one multiplier for each step, f = S (y - D' v / 2), where S = K (K + lam I)^-1,
  and v minimises v' D S D' v / 4 - v' D S y, between -lam1 and lam1 or below 0. The matrix (K + lam I)^-1 without a
  point follows from that with it by one outer product.

The boxes are left to DAQP, an active-set solver for small dense problems; each problem starts from the active set of
the last one, which is nearly right.
"""

from collections.abc import Sequence
from functools import cache

import daqp
import numpy as np

FREE, AT_UPPER, AT_LOWER, FIXED = 0, 1, 3, 5  # DAQP's flags for a variable with bounds
NEGLIGIBLE = 1e-13  # an eigenvalue of K below this part of the largest is rounding
RIDGE = 1e-11  # what makes a singular dual strictly convex; multipliers of up to 100 pull by 1e-9 then


def kernel_between(x: np.ndarray, z: np.ndarray, gamma: float) -> np.ndarray:
    """The kernel (n, m) between the points x (n,) and z (m,)."""
    return np.exp(-gamma * (x[:, np.newaxis] - z) ** 2)


def kernel_matrix(x: np.ndarray, gamma: float) -> np.ndarray:
    """K (n, n) of the points x (n,)."""
    return kernel_between(x, x, gamma)


def coefficients(fit: str, K: np.ndarray, y: np.ndarray, *lams: float) -> np.ndarray:
    """The alpha (n,) of the regression `fit` (a name of `shared.duality.FITS`); lams as fit_<fit> takes them."""
    n, lam, y = len(y), lams[-1], np.asarray(y, dtype=float)
    inverse = np.linalg.inv(K + lam * np.eye(n))
    if fit == "least_squares":
        return inverse @ y
    if fit == "huber":
        u, _ = _in_box((K / lam + np.eye(n)) / 2, -y, np.full(n, -2.0), np.full(n, 2.0), _all_free(n))
        return u / (2 * lam)
    S = np.eye(n) - lam * inverse
    lower, upper = _step_bounds(fit, n, *lams[:-1])
    v, _ = _in_box(_of_steps(S), -np.diff(S @ y), lower, upper, _all_free(n - 1))
    return inverse @ (y + _pulls(v))


def fitted_values(fit: str, K: np.ndarray, y: np.ndarray, *lams: float) -> np.ndarray:
    """K alpha (n,) of the regression `fit`."""
    return K @ coefficients(fit, K, y, *lams)


def predictions(
    fit: str, x_train: np.ndarray, y: np.ndarray, gamma: float, lams: Sequence[float], x: np.ndarray
) -> np.ndarray:
    """What the regression `fit` of (x_train, y) predicts at the points x (m,)."""
    return kernel_between(x, x_train, gamma) @ coefficients(fit, kernel_matrix(x_train, gamma), y, *lams)


def monotone_on_grid(K: np.ndarray, K_grid: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """The alpha (n,) of the monotone fit when it is K_grid alpha (m,) that never falls.

    Here the multipliers are many, one for each step on the grid, and the coordinates few: with K = L L' and K alpha =
    L b, the b with the least |y - L b|^2 + lam b' b is sought, which is strictly convex. DAQP works on the dual itself.
    """
    d, U = np.linalg.eigh(K)
    kept = d > NEGLIGIBLE * d.max()
    d, U = d[kept], U[:, kept] / np.sqrt(d[kept])  # alpha = U b
    steps = np.diff(K_grid @ U, axis=0)
    m = len(steps)
    b, _, status, _ = daqp.solve(
        np.diag(d + lam), -(U.T @ (K @ y)), steps, np.full(m, 1e30), np.zeros(m), np.zeros(m, dtype=np.int32)
    )
    if status <= 0:
        raise ArithmeticError(f"DAQP ended with status {status}")
    return U @ b


def leave_one_out(fit: str, x: np.ndarray, y: np.ndarray, gamma: float, *lams: float) -> np.ndarray:
    """The n squared leave-one-out errors of the regression `fit` at one choice."""
    return surface(fit, x, y, [gamma], *([lam] for lam in lams)).reshape(len(y))


def surface(fit: str, x: np.ndarray, y: np.ndarray, gammas: Sequence[float], *lams: Sequence[float]) -> np.ndarray:
    """Squared leave-one-out errors on a grid: an axis for gamma, one for each penalty, the last for the n points."""
    on_grid = {"least_squares": _least_squares, "huber": _huber}.get(fit)
    matrices = [kernel_matrix(x, gamma) for gamma in gammas]
    if on_grid:
        return np.array([on_grid(K, y, lams[0]) for K in matrices])
    bounds = [_step_bounds(fit, len(y) - 1, lam1) for lam1 in (lams[0] if len(lams) == 2 else [0.0])]
    errors = np.array([[_with_steps(K, y, bounds, lam) for lam in lams[-1]] for K in matrices])  # (G, L, bounds, n)
    return errors.swapaxes(1, 2) if len(lams) == 2 else errors[:, :, 0]


def _least_squares(K: np.ndarray, y: np.ndarray, lams: Sequence[float]) -> np.ndarray:
    d, U = np.linalg.eigh(K)
    inverse = 1 / (np.maximum(d, 0) + np.asarray(lams)[:, np.newaxis])  # (L, n)
    alphas = (inverse * (U.T @ y)) @ U.T
    return (alphas / (inverse @ (U.T**2))) ** 2


def _huber(K: np.ndarray, y: np.ndarray, lams: Sequence[float]) -> np.ndarray:
    n = len(y)
    u = np.empty((len(lams), n, n))  # u[l, i]: of penalty l without point i
    active = _all_free(n)
    for l, lam in enumerate(lams):
        H, lower, upper = (K / lam + np.eye(n)) / 2, np.full(n, -2.0), np.full(n, 2.0)
        _, active = _in_box(H, -y, lower, upper, active)
        for i in range(n):
            without = active.copy()
            without[i] = FIXED
            lower[i] = upper[i] = 0.0
            u[l, i], _ = _in_box(H, -y, lower, upper, without)
            lower[i], upper[i] = -2.0, 2.0
    predictions = np.einsum("lij,ij->li", u, K) / (2 * np.asarray(lams)[:, np.newaxis])
    return (y - predictions) ** 2


def _with_steps(
    K: np.ndarray, y: np.ndarray, bounds: Sequence[tuple[np.ndarray, np.ndarray]], lam: float
) -> np.ndarray:
    """Errors (len(bounds), n) of total variation or monotone at one gamma and ridge penalty, for several boxes."""
    n = len(y)
    rest = _others(n)
    A = np.linalg.inv(K + lam * np.eye(n))
    column = A[rest, np.arange(n)[:, np.newaxis]]
    without = A[rest[:, :, np.newaxis], rest[:, np.newaxis, :]]  # (n, n - 1, n - 1), the inverses without point i
    without -= column[:, :, np.newaxis] * (column / A.diagonal()[:, np.newaxis])[:, np.newaxis, :]
    S = np.eye(n - 1) - lam * without
    H, q = _of_steps(S), -np.diff(np.einsum("ijk,ik->ij", S, y[rest]))
    v = np.empty((len(bounds), n, n - 2))
    active = [_all_free(n - 2)] * len(bounds)
    for i in range(n):
        for b, (lower, upper) in enumerate(bounds):
            start = active[b] if i else active[b - 1]
            v[b, i], active[b] = _in_box(H[i], q[i], lower, upper, start)
    alphas = np.einsum("ijk,bik->bij", without, y[rest] + _pulls(v))
    return (y - np.einsum("bij,ij->bi", alphas, np.take_along_axis(K, rest, axis=1))) ** 2


@cache
def _others(n: int) -> np.ndarray:
    """Row i: all indices but i; (n, n - 1)."""
    return np.array([np.delete(np.arange(n), i) for i in range(n)])


def _step_bounds(fit: str, n: int, lam1: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """What the multipliers of the n - 1 steps lie between."""
    if fit == "total_variation":
        return np.full(n - 1, -float(lam1)), np.full(n - 1, float(lam1))
    return np.full(n - 1, -1e30), np.zeros(n - 1)  # 1e30: DAQP's infinity


def _of_steps(S: np.ndarray) -> np.ndarray:
    """D S D' / 2, for the last two axes of S (..., n, n), made strictly convex."""
    H = np.diff(np.diff(S, axis=-1), axis=-2) / 2
    return H + RIDGE * np.eye(H.shape[-1])


def _pulls(v: np.ndarray) -> np.ndarray:
    """-D' v / 2, along the last axis: (..., n - 1) → (..., n)."""
    return np.diff(v, prepend=0.0, append=0.0) / 2


def _all_free(n: int) -> np.ndarray:
    return np.zeros(n, dtype=np.int32)


def _in_box(
    H: np.ndarray, q: np.ndarray, lower: np.ndarray, upper: np.ndarray, active: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The v between lower and upper that minimises v' H v / 2 + q' v, and which bounds it touches.

    active: the bounds to start from. Where H is nearly singular, DAQP can run in circles: then it starts from no
    bounds, and if that doesn't help either, with a little more convexity.
    """
    no_rows = np.zeros((0, len(q)))
    none = np.where(active == FIXED, FIXED, FREE).astype(np.int32)
    for start, more in ((active, 0.0), (none, 0.0), (none, 1e-9), (none, 1e-7)):
        v, _, status, info = daqp.solve(
            H + more * np.eye(len(q)) if more else H, q, no_rows, upper, lower, start.copy()
        )
        if status > 0:
            multipliers = info["lam"]
            touched = np.where(multipliers > 0, AT_UPPER, np.where(multipliers < 0, AT_LOWER, FREE))
            return v, touched.astype(np.int32)
    raise ArithmeticError(f"DAQP ended with status {status}")
