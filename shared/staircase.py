"""The data of the kernel regressions: 50 noisy points along a staircase, one of them an outlier."""

from pathlib import Path

import numpy as np

FILE = Path(__file__).parent / "data" / "kernel_regression" / "staircase.csv"


def load() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The points as three arrays (50,): x from 0 to 1, the observations y, and the true function f at x."""
    x, y, f = np.loadtxt(FILE, delimiter=",", skiprows=1, unpack=True)
    return x, y, f
