"""Convex or not? Jensen's inequality, and three functions of a small listening history to try it on."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

X = np.array([[1.0], [1.0], [0.5]])  # three songs, described by one number each
y = np.array([6.0, 0.0, 1.0])  # how often they were played


def jensen_gap(function: Callable[[Any], float], a: Any, b: Any, t: float) -> float:
    """function(t a + (1 - t) b) - t function(a) - (1 - t) function(b).

    A convex function has no positive gap, for any a, b and 0 < t < 1; so one positive gap shows that a function isn't
    convex.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return float(function(t * a + (1 - t) * b) - t * function(a) - (1 - t) * function(b))


def minus_likelihood(w: Any) -> float:
    """The likelihood of the weight w, a number, with a minus sign, since the best w is to be its minimum."""
    log_rates = X[:, 0] * np.asarray(w, dtype=float).item()
    return float(-np.prod(np.exp(y * log_rates - np.exp(log_rates)) / [math.factorial(int(count)) for count in y]))


def squared_error(w: Any) -> float:
    """The sum of squares of what the rates of the weight w, a number, leave of the counts."""
    return float(np.sum((y - np.exp(X[:, 0] * np.asarray(w, dtype=float).item())) ** 2))


def mixture_nll(W: Any) -> float:
    """The negative log-likelihood of two equally likely moods with the weights W, two numbers, (2, 1) or (2,)."""
    log_rates = X * np.asarray(W, dtype=float).reshape(1, 2)  # (n, 2)
    logs = y[:, np.newaxis] * log_rates - np.exp(log_rates) + np.log(0.5)
    constant = sum(math.lgamma(count + 1) for count in y)
    return float(constant - np.sum(np.logaddexp(logs[:, 0], logs[:, 1])))
