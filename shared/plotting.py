"""Small helpers for figures, so that every notebook of the course draws in one style."""

import matplotlib.pyplot as plt
import numpy as np

COLORS = {
    "newton": "#1f5fa6",
    "gradient_descent": "#d4622b",
    "minus": "#7a4fa3",
    "plus": "#2b8c6b",
    "guide": "#777777",
}


def use_style():
    """Set the course's style for all figures that follow."""
    plt.rcParams.update(
        {
            "figure.figsize": (6.4, 4.0),
            "figure.dpi": 100,
            "axes.prop_cycle": plt.cycler(color=list(COLORS.values())),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "grid.color": "#e4e4e4",
            "legend.frameon": False,
            "lines.linewidth": 1.8,
        }
    )


def draw_ellipse(ax, covariance, probability=0.95, **style):
    """Draw the ellipse around 0 that holds this probability of the normal law with this (2, 2) covariance."""
    angles = np.linspace(0, 2 * np.pi, 200)
    circle = np.sqrt(-2 * np.log(1 - probability)) * np.stack([np.cos(angles), np.sin(angles)])
    return ax.plot(*(np.linalg.cholesky(covariance) @ circle), **style)
