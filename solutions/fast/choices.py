"""The least leave-one-out error of each kernel regression on the data that ships, over a fine grid of choices."""

import numpy as np

from shared import staircase
from solutions.fast import kernel_regression as fast

# Each axis of the first grid: its ends, as powers of ten, and its points a decade. lam is lam2 where there is lam1.
AXES: dict[str, dict[str, tuple[int, int, int]]] = {
    "least_squares": {"gamma": (0, 3, 80), "lam": (-5, 1, 80)},
    "huber": {"gamma": (0, 3, 12), "lam": (-5, 1, 12)},
    "total_variation": {"gamma": (0, 3, 4), "lam1": (-2, 2, 2), "lam": (-5, 1, 1)},
    "monotone": {"gamma": (0, 3, 6), "lam": (-5, 1, 6)},
}
FINER = 4  # times as fine, each time
ROUNDS = 2


def least_error(fit: str) -> tuple[float, tuple[float, ...]]:
    """The least mean leave-one-out error over the fine grid, and the choice (gamma, *lams) that has it.

    The grid is searched as a whole, and then around its least: from each neighbour to the next, FINER times as fine.
    """
    axes = AXES[fit].values()
    steps = [1 / points for _, _, points in axes]
    error, best = _search(fit, [np.linspace(low, high, (high - low) * points + 1) for low, high, points in axes])
    for _ in range(ROUNDS):
        ends = [
            (max(low, at - step), min(high, at + step))
            for at, step, (low, high, _) in zip(best, steps, axes, strict=True)
        ]
        steps = [step / FINER for step in steps]
        error, best = _search(
            fit,
            [
                np.linspace(low, high, round((high - low) / step) + 1)
                for (low, high), step in zip(ends, steps, strict=True)
            ],
        )
    return error, tuple(10**at for at in best)


def _search(fit: str, exponents: list[np.ndarray]) -> tuple[float, tuple[float, ...]]:
    x, y, _ = staircase.load()
    errors = fast.surface(fit, x, y, *((10**axis).tolist() for axis in exponents)).mean(axis=-1)
    where = np.unravel_index(errors.argmin(), errors.shape)
    return float(errors[where]), tuple(float(axis[i]) for axis, i in zip(exponents, where, strict=True))
