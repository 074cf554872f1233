"""Tests of random functions: statistics, their exact distributions, and how often luck costs a right answer.

A check of a random function computes statistics whose distribution under a right answer is known, and fails where
one is further out than luck explains (`likely`). Its p-value is the exact probability, for a right answer, of a
result at least as extreme (or above it, where the text says «at most»), so `level` is the false-reject probability,
and a check's error rate the sum of the levels of its statistics.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from shared.kit.checking import expect, record

# ---- distributions of a statistic under a right answer ---------------------------------------------------------------


class Null(Protocol):
    """The distribution of a statistic when the answer is right."""

    def p_value(self, value: float) -> float:
        """The probability of a result at least as extreme as `value`."""


@dataclass(frozen=True)
class Binomial:
    """The number of successes in n independent trials of probability p: both ends are extreme, or the upper one."""

    n: int
    p: float
    upper: bool = False

    def p_value(self, value: float) -> float:
        above = binomial_tail(round(value), self.n, self.p)
        if self.upper:
            return above
        return min(1.0, 2 * min(above, binomial_tail(self.n - round(value), self.n, 1 - self.p)))


@dataclass(frozen=True)
class StandardNormal:
    """Both ends are extreme."""

    def p_value(self, value: float) -> float:
        return standard_normal(value)


@dataclass(frozen=True)
class ChiSquare:
    """With an even number of degrees of freedom; both ends are extreme."""

    degrees: int

    def p_value(self, value: float) -> float:
        return chi_square(value, self.degrees)


@dataclass(frozen=True)
class UniformDistance:
    """Kolmogorov's distance (see `uniform_distance`) of n independent uniform numbers from the uniform distribution."""

    n: int

    def p_value(self, value: float) -> float:
        bound = 2 * math.exp(-2 * self.n * value**2)
        return bound if bound < 1 or math.isnan(bound) else 1.0


@dataclass(frozen=True)
class TwoSampleDistance:
    """The two-sample distance (see `two_sample_distance`) of m and n numbers that are all independent and alike.

    ties: whether equal numbers are likely; they only make the distance smaller.
    """

    m: int
    n: int
    ties: bool = False

    def p_value(self, value: float) -> float:
        return two_sample_tail(value, self.m, self.n)


@dataclass(frozen=True)
class Statistic:
    """A number that a check looked at. level: the probability at which it fails a right answer."""

    name: str
    value: float
    null: Null
    level: float


def likely(name: str, value: float, null: Null, level: float, message: str, details: str = "") -> None:
    """Fail the check with `message` where the statistic is further out than luck explains: its p-value below level."""
    record(Statistic(name, float(value), null, level))
    p_value = null.p_value(value)
    expect(p_value >= level, message, f"{details}\nprobability of a result as extreme: {p_value:.2g}".strip())


# ---- tail probabilities ----------------------------------------------------------------------------------------------


def binomial_tail(count: int, n: int, p: float) -> float:
    """P(K >= count) for K binomial(n, p)."""
    if count <= 0:
        return 1.0
    k = np.arange(1, n + 1)
    ratios = np.log((n - k + 1) / k) + math.log(p) - math.log1p(-p)  # of P(K = k) to P(K = k - 1)
    logs = n * math.log1p(-p) + np.cumsum(ratios)
    return float(min(1.0, np.exp(logs[count - 1 :]).sum()))


def standard_normal(z: float) -> float:
    """Two-sided p-value of z when it is standard normal."""
    return math.erfc(abs(z) / math.sqrt(2))


def chi_square(value: float, degrees: int) -> float:
    """Two-sided p-value of a chi-square variable with an even number of degrees of freedom.

    P(chi-square > value) = P(K < degrees / 2) for K Poisson(value / 2).
    """
    if degrees % 2:
        raise ValueError("the number of degrees of freedom must be even")
    mean, half = value / 2, degrees // 2
    if not 0 < mean < math.inf:
        return 0.0
    # where the mean is below half, terms further out than this are nothing; where it isn't, those below half suffice
    terms = half if mean > half else int(half + 40 * math.sqrt(half) + 100)
    k = np.arange(terms)
    weights = np.exp(k * math.log(mean) - mean - np.concatenate([[0.0], np.cumsum(np.log(k[1:]))]))
    above = float(weights[:half].sum())
    below = 1 - above if mean > half else float(weights[half:].sum())
    return min(1.0, 2 * min(above, below))


def uniform_distance(u: np.ndarray) -> float:
    """Kolmogorov's distance between the entries of u and the uniform distribution on [0, 1].

    Its p-value is at most 2 exp(-2 n distance**2): the inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's
    constant.
    """
    u, n = np.sort(u), len(u)
    return float(max((np.arange(1, n + 1) / n - u).max(), (u - np.arange(n) / n).max()))


def two_sample_distance(a: np.ndarray, b: np.ndarray) -> float:
    """The Kolmogorov-Smirnov distance between two samples. It depends on the ranks alone."""
    values = np.unique(np.concatenate([a, b]))
    below_a = np.searchsorted(np.sort(a), values, side="right")
    below_b = np.searchsorted(np.sort(b), values, side="right")
    return float(np.abs(below_a * len(b) - below_b * len(a)).max() / (len(a) * len(b)))


def two_sample_tail(distance: float, m: int, n: int) -> float:
    """P(two-sample distance >= distance) for m and n numbers that are all independent and alike, and no two equal.

    For values that are alike every order of the m + n is equally likely, so it counts lattice paths from (0, 0) to
    (m, n): those that come as far from the diagonal, over all. Rounding is below 1e-10.
    """
    furthest = round(distance * m * n)  # a whole number
    j = np.arange(n + 1)
    paths = (j * m < furthest).astype(float)  # paths to (0, j) that never came as far
    scale = 0.0
    for i in range(1, m + 1):
        inside = np.abs(i * n - j * m) < furthest
        paths = np.cumsum(paths * inside) * inside
        largest = paths.max()
        if largest == 0:
            return 1.0
        paths /= largest
        scale += math.log(largest)
    never = paths[n] * math.exp(scale - math.log(math.comb(m + n, m))) if paths[n] > 0 else 0.0
    return float(min(1.0, max(0.0, 1.0 - never)))
