"""Leave-one-out cross-validation over a grid of hyper-parameters, with a progress bar, and the surface as a picture."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm
from tqdm import tqdm

LEVELS = (1, 1.02, 1.05, 1.1, 1.15, 1.25, 1.5, 2, 4)


def surface(leave_one_out, fit, x, y, gammas, *lams):
    """The mean leave-one-out error at each point of a grid: an axis for gamma, then one for each penalty.

    leave_one_out, fit: yours; x, y: (n,); gammas and each of lams: the values to try, one-dimensional.
    Where your fit raises an exception, the error is nan, and the first of them is shown.
    """
    shape = tuple(len(axis) for axis in (gammas, *lams))
    errors, failures = np.full(shape, np.nan), []
    choices = list(zip(np.ndindex(shape), itertools.product(gammas, *lams), strict=True))
    for where, choice in tqdm(choices, desc=getattr(fit, "__name__", "fit")):
        try:
            errors[where] = np.mean(leave_one_out(fit, x, y, *choice))
        except Exception as failure:
            failures.append((choice, failure))
    if len(failures) == errors.size:
        raise failures[0][1]
    if failures:
        choice, error = failures[0]
        shown = ", ".join(f"{value:.3g}" for value in choice)
        print(f"{len(failures)} of {errors.size} choices failed, the first at {shown}: {type(error).__name__}: {error}")
    return errors


def best(errors, gammas, *lams):
    """The choice with the least error, rounded to three digits: {"gamma": ..., "lam": ...}, or with "lam1" and "lam2".

    Says so if it lies at the edge of the grid.
    """
    where = np.unravel_index(np.nanargmin(errors), errors.shape)
    names = ("gamma", *(("lam",) if len(lams) == 1 else ("lam1", "lam2")))
    choice = {}
    for name, axis, index in zip(names, (gammas, *lams), where, strict=True):
        choice[name] = float(f"{axis[index]:.3g}")
        if index in (0, len(axis) - 1):
            print(f"{name} = {choice[name]} lies at the edge of your grid: there may be something better beyond.")
    return choice


def plot_surface(errors, gammas, lams, *, ax=None, labels=("gamma", "lam")):
    """Draw a surface (len(gammas), len(lams)) of errors relative to its least, on logarithmic axes, the best marked."""
    ax = ax or plt.figure(figsize=(6.4, 4.4), layout="constrained").add_subplot()
    norm = BoundaryNorm(LEVELS, 256, extend="max")  # each step of a level is a step of color
    relative = errors / np.nanmin(errors)
    drawn = ax.contourf(lams, gammas, relative, levels=LEVELS, norm=norm, cmap="viridis_r", extend="max")
    ax.figure.colorbar(drawn, ax=ax, label="leave-one-out error / its least", format="%.2f", spacing="uniform")
    columns, rows = np.meshgrid(lams, gammas)
    ax.plot(columns.ravel(), rows.ravel(), ".", color="black", markersize=1.5, clip_on=False)
    row, column = np.unravel_index(np.nanargmin(errors), errors.shape)
    ax.plot(lams[column], gammas[row], "*", color="#d4622b", markeredgecolor="white", markersize=15, clip_on=False)
    ax.set(xscale="log", yscale="log", xlabel=labels[1], ylabel=labels[0])
    ax.grid(False)
    return ax
