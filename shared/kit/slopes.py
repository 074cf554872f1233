"""Slopes without a formula: what a check holds a student's gradient or Hessian against."""

from collections.abc import Callable

import numpy as np


def differences(function: Callable[[np.ndarray], np.ndarray], point: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Central differences of function at point (d,): entry j is its slope along coordinate j.

    So they are (d,) for a function whose values are numbers (arrays of shape ()), (d, m) for one whose values are (m,).
    How large their error is depends on the function; each check that uses them says.
    """
    steps = step * np.eye(len(point))
    return np.array([(function(point + move) - function(point - move)) / (2 * step) for move in steps])
