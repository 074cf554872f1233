"""Exact tail probabilities for checks of random functions, so that each states how often luck costs a right answer.

A check rejects when a p-value falls below its level. A p-value from here is the exact probability, for a right
answer, of a result at least as extreme as the one seen (or above it, where the text says «at most»), so the level is
the false-reject probability.
"""

import math

import numpy as np


def binomial_tail(count: int, n: int, p: float) -> float:
    """P(K >= count) for K binomial(n, p)."""
    if count <= 0:
        return 1.0
    logs = [
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
        for k in range(count, n + 1)
    ]
    return min(1.0, math.fsum(math.exp(value) for value in logs))


def fair_coin(heads: int, n: int) -> float:
    """Two-sided p-value of `heads` in n throws of a fair coin."""
    return min(1.0, 2 * binomial_tail(max(heads, n - heads), n, 0.5))


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
    if mean <= 0:
        return 0.0
    k = np.arange(int(half + mean + 40 * math.sqrt(half + mean) + 100))
    logs = k * math.log(mean) - mean - np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
    weights = np.exp(logs)
    return float(min(1.0, 2 * min(weights[:half].sum(), weights[half:].sum())))


def uniform_distance(u: np.ndarray) -> float:
    """At most the p-value of Kolmogorov's distance when the entries of u are independent and uniform on [0, 1].

    The inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant: P(distance > d) <= 2 exp(-2 n d**2).
    """
    u, n = np.sort(u), len(u)
    distance = max((np.arange(1, n + 1) / n - u).max(), (u - np.arange(n) / n).max())
    return float(min(1.0, 2 * math.exp(-2 * n * distance**2)))


def same_distribution(a: np.ndarray, b: np.ndarray) -> float:
    """The p-value of the two-sample Kolmogorov-Smirnov distance when all entries are independent and alike.

    Exact where no two values are equal; ties only make it too large. It depends on the ranks alone. For values that
    are alike every order of the m + n is equally likely, so it counts lattice paths from (0, 0) to (m, n): those that
    come as far from the diagonal as the data's, over all. Rounding is below 1e-10.
    """
    m, n = len(a), len(b)
    values = np.unique(np.concatenate([a, b]))
    below_a = np.searchsorted(np.sort(a), values, side="right")
    below_b = np.searchsorted(np.sort(b), values, side="right")
    furthest = int(np.abs(below_a * n - below_b * m).max())  # m n times the distance, a whole number
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
