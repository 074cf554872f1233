"""What each kernel regression minimises, and a lower bound that no coefficients can beat.

Each regression is a convex problem in alpha, with the fitted values f = K alpha:

    least_squares     |y - f|^2 + lam alpha' K alpha
    huber             sum_i huber(y_i - f_i) + lam alpha' K alpha
    total_variation   |y - f|^2 + lam1 sum_i |f_{i+1} - f_i| + lam2 alpha' K alpha
    monotone          |y - f|^2 + lam alpha' K alpha, where f_{i+1} >= f_i for all i

Its Lagrange dual has a multiplier u_i for each point and, in the last two, a multiplier v_i for each step of f. Any u
and v that are allowed give a number below the minimum (weak duality: Boyd and Vandenberghe, Convex Optimization,
section 5.2); at the best ones it is the minimum. So where a bound comes out close to the objective, alpha is proven
to be close to the best, whoever found it, and however.
"""

import numpy as np
from scipy.optimize import lsq_linear

FITS = ("least_squares", "huber", "total_variation", "monotone")


def huber(z: np.ndarray) -> np.ndarray:
    """The Huber loss of each entry: z^2 up to 1, beyond it 2 |z| - 1."""
    return np.where(np.abs(z) <= 1, z**2, 2 * np.abs(z) - 1)


def objective(fit: str, alpha: np.ndarray, K: np.ndarray, y: np.ndarray, *penalties: float) -> float:
    """What `fit` minimises, at alpha (n,); K: (n, n), y: (n,); the constraint of `monotone` is not looked at."""
    values = K @ alpha
    residuals = y - values
    loss = huber(residuals).sum() if fit == "huber" else residuals @ residuals
    steps = penalties[0] * np.abs(np.diff(values)).sum() if fit == "total_variation" else 0.0
    return float(loss + steps + penalties[-1] * (alpha @ values))


def lower_bound(fit: str, alpha: np.ndarray, K: np.ndarray, y: np.ndarray, *penalties: float) -> float:
    """A number that the objective of `fit` can't go below, made from alpha: the closer alpha, the higher it is.

    u is the slope of the loss at the residuals of alpha. At the minimum u = 2 lam alpha + D' v for some v that is
    allowed: the one that comes nearest is a bounded least-squares problem.
    """
    lam = penalties[-1]
    u = 2 * (y - K @ alpha)
    if fit == "huber":
        u = np.clip(u, -2, 2)
    pull = u  # on alpha: what the penalty 2 lam alpha has to balance
    if fit in ("total_variation", "monotone"):
        bounds = (-penalties[0], penalties[0]) if fit == "total_variation" else (-np.inf, 0.0)
        d, U = np.linalg.eigh(K)
        root = np.sqrt(np.maximum(d, 0))[:, np.newaxis] * U.T  # root' root = K: coefficients that give the same f agree
        v = lsq_linear(np.diff(root, axis=1), root @ (u - 2 * lam * alpha), bounds, method="bvls").x
        pull = u + np.diff(v, prepend=0.0, append=0.0)
    return float(u @ y - u @ u / 4 - pull @ K @ pull / (4 * lam))
