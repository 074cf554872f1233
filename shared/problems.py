"""Inputs for the checks of logistic regression: data sets, numbers, and hypothesis's strategies for them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from shared.kit.inputs import halves, numbers

MOST_COLUMNS = 4
# Columns of different scale. With theta stretched by STRETCH and entries up to 2, log-odds stay below 1e4.
SCALES = np.array([100.0, 1.0, 0.01, 1.0])
STRETCH = 40.0
FAR = ((1.0, np.ones(MOST_COLUMNS)), (STRETCH, SCALES), (1.0, SCALES), (STRETCH, SCALES))


@dataclass(frozen=True, eq=False)
class LogisticProblem:
    """A point theta (d,), features X (n, d) and labels y (n,) in {-1, +1}."""

    theta: np.ndarray
    X: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class TwoClasses:
    """x is normal with mean mu_neg in the class -1 and mu_pos in the class +1, and standard deviation sigma in both."""

    mu_neg: float
    mu_pos: float
    sigma: float


_binary = st.integers(0, 1)


def _labels(draw: st.DrawFn, n: int) -> np.ndarray:
    return 1 - 2 * numbers(draw, _binary, n)


@st.composite
def log_odds(draw: st.DrawFn, *, far: bool = False) -> np.ndarray:
    """Arrays of one or two dimensions, of halves up to 20. far: of numbers up to 1e4 as well."""
    shape = draw(st.sampled_from(((1,), (3,), (2, 2), (1, 3))))
    z = halves(draw, 20, *shape)
    return z * draw(st.sampled_from((1.0, 1.0, 40.0, 500.0))) if far else z


@st.composite
def _small_problems(draw: st.DrawFn) -> LogisticProblem:
    n, d = draw(st.integers(1, 4)), draw(st.integers(1, MOST_COLUMNS))
    return LogisticProblem(halves(draw, 1, d), halves(draw, 2, n, d), _labels(draw, n))


def _random_problem(seed: list[int], n: int, d: int) -> LogisticProblem:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-2, 2, (n, d)).round(2)
    return LogisticProblem(rng.uniform(-1, 1, d).round(2), X, np.where(rng.random(n) < 0.3, 1.0, -1.0))


# A seed is drawn in more pieces than any small problem has numbers: hypothesis takes fewer draws for simpler, and
# would otherwise show a random problem as the smallest input.
_seeds = st.lists(st.integers(0, 255), min_size=32, max_size=32)
_larger_problems = st.builds(_random_problem, _seeds, st.sampled_from((1, 7, 30)), st.sampled_from((1, 3, 4)))


@st.composite
def logistic_problems(draw: st.DrawFn, *, far: bool = False) -> LogisticProblem:
    """Any data set: 1 to 30 rows, 1 to 4 columns, entries up to 2, theta up to 1; classes unequal, or only one.

    far: also columns of different scale, and log-odds of thousands (always below 1e4).
    """
    p = draw(st.one_of(_small_problems(), _larger_problems))
    if not far:
        return p
    stretch, scales = draw(st.sampled_from(FAR))
    return LogisticProblem(p.theta * stretch, p.X * scales[: len(p.theta)], p.y)


def _with_both_labels(theta: np.ndarray, spanning: np.ndarray, X: np.ndarray, y: np.ndarray) -> LogisticProblem:
    """A problem whose rows are those of `spanning`, once with each label, and X with labels y."""
    ones = np.ones(len(spanning))
    return LogisticProblem(theta, np.concatenate([spanning, spanning, X]), np.concatenate([ones, -ones, y]))


@st.composite
def _small_overlapping_problems(draw: st.DrawFn) -> LogisticProblem:
    d, more = draw(st.integers(1, MOST_COLUMNS)), draw(st.integers(1, 3))
    spanning = np.eye(d)
    spanning[np.triu_indices(d, 1)] = halves(draw, 1, d * (d - 1) // 2) / 2
    return _with_both_labels(halves(draw, 1, d) / 2, spanning, halves(draw, 1, more, d), _labels(draw, more))


def _random_overlapping_problem(seed: list[int], d: int) -> LogisticProblem:
    """Very unequal classes and an intercept, so that Newton's method needs several steps and converges no faster."""
    rng = np.random.default_rng(seed)
    y = np.where(rng.random(30) < 0.1, 1.0, -1.0)
    X = rng.uniform(-1, 1, (30, d)).round(2)
    X[:, 0] = 1
    return _with_both_labels(rng.uniform(-0.5, 0.5, d).round(2), np.eye(d), X, y)


_larger_overlapping_problems = st.builds(_random_overlapping_problem, _seeds, st.integers(1, MOST_COLUMNS))


@st.composite
def overlapping_problems(draw: st.DrawFn, *, scale: float = 1.0) -> LogisticProblem:
    """Data sets that no plane separates, so that the risk has one minimiser: theta is a point to start from.

    Rows that span the space carry both labels; more rows, one label each, make the classes unequal. All numbers are
    so small (|x| at most 1, theta at most 1/2) that Newton's method never overshoots: it converged on each of a
    million such problems, most of them with the largest numbers allowed.
    """
    p = draw(st.one_of(_small_overlapping_problems(), _larger_overlapping_problems))
    return LogisticProblem(p.theta, scale * p.X, p.y)


def two_classes() -> st.SearchStrategy[TwoClasses]:
    """Means in any order and standard deviations, 1 and others."""
    sigmas = st.sampled_from((2.0, 0.5, 1.0, 3.0, 1.5))
    means = st.integers(-8, 8).map(lambda k: k / 2)
    return st.builds(TwoClasses, means, means, sigmas)
