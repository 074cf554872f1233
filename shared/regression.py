"""Inputs for the checks of the kernel regressions: points, kernel matrices and penalties, and strategies for them.

The kernel matrices here are Gram matrices of small vectors. The fits must work for any of these; and so that a failing
input can be worked out by hand, the vectors are halves.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from shared.kit.inputs import numbers


@dataclass(frozen=True, eq=False)
class FitProblem:
    """What a fit is called with: a kernel matrix K (n, n), observations y (n,) and penalties, lam1 for steps of f."""

    K: np.ndarray
    y: np.ndarray
    lam: float
    lam1: float

    def penalties(self, fit: str) -> tuple[float, ...]:
        """The penalties of one of `shared.duality.FITS`, in the order of its arguments."""
        return (self.lam1, self.lam) if fit == "total_variation" else (self.lam,)


@dataclass(frozen=True, eq=False)
class GridProblem:
    """A kernel matrix K (n, n), K_grid (m, n) between a grid's points and these, observations y (n,), a penalty."""

    K: np.ndarray
    K_grid: np.ndarray
    y: np.ndarray
    lam: float


@dataclass(frozen=True, eq=False)
class PointsProblem:
    """Points x (n,) and others z (m,), coefficients alpha (n,) and observations y (n,), the kernel's gamma."""

    x: np.ndarray
    z: np.ndarray
    alpha: np.ndarray
    y: np.ndarray
    gamma: float


_quarters = st.integers(-16, 16)
_nonzero_halves = st.integers(-4, 4).filter(bool)
_PENALTIES = (0.5, 2.0, 0.05, 8.0)  # none is 1, where lam, its square and its root are alike
_GAMMAS = (2.0, 0.3, 30.0)


@st.composite
def fit_problems(draw: st.DrawFn) -> FitProblem:
    """Two to six points in any order of heights; K of rank 1 to n, often singular, its entries up to 13.

    No vector is 0 and no two heights are the same, so that none of the terms of a fit is idle; neither is K ever the
    identity, with which alpha' K alpha would be |alpha|^2, and a smooth and a rough y are about as likely.
    """
    n = draw(st.integers(2, 6))
    vectors = numbers(draw, _nonzero_halves, n, draw(st.integers(1, 3))) / 2
    K = vectors @ vectors.T + draw(st.sampled_from((0.0, 1.0))) * np.eye(n)
    heights = st.lists(_quarters.filter(bool), min_size=n, max_size=n, unique=True)
    y = np.array(draw(heights), dtype=float) / 4 * draw(st.sampled_from((1.0, 5.0)))
    lam, lam1 = draw(st.permutations(_PENALTIES))[:2]
    return FitProblem(K, y, lam, lam1)


def _cubic_problem(n: int) -> FitProblem:
    powers = (np.arange(n) / n)[:, np.newaxis] ** np.arange(4)
    return FitProblem(powers @ powers.T, np.arange(n) * 7 % 11 - 5.0, 0.5, 2.0)


SINGULAR = _cubic_problem(20)  # of rank 4, so that 16 eigenvalues are rounding, and some of them negative


@st.composite
def grid_problems(draw: st.DrawFn) -> GridProblem:
    """Two to five points, and a grid of steps of 1/4 from the first to the last: K is the cubic kernel, of rank 4."""
    n = draw(st.integers(2, 5))
    x = np.sort(draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n, unique=True))) / 2
    grid = np.arange(x[0], x[-1] + 0.1, 0.25)
    y = np.array(draw(st.lists(_quarters.filter(bool), min_size=n, max_size=n, unique=True)), dtype=float) / 4
    powers, grid_powers = (points[:, np.newaxis] ** np.arange(4) for points in (x, grid))
    return GridProblem(powers @ powers.T, grid_powers @ powers.T, y, draw(st.sampled_from((0.05, 0.5, 0.005))))


@st.composite
def points_problems(draw: st.DrawFn) -> PointsProblem:
    """One to five points, in any order, and one to five others; all within 4 of 0."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    x = np.array(draw(st.lists(_quarters, min_size=n, max_size=n, unique=True)), dtype=float) / 4
    z, alpha, y = (numbers(draw, _quarters, size) / 4 for size in (m, n, n))
    return PointsProblem(x, z, alpha, y, draw(st.sampled_from(_GAMMAS)))
