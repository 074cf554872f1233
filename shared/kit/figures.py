"""Describe a matplotlib figure by what it draws, so that plots are graded by content and never by pixels."""

from typing import Any

import numpy as np

from shared.kit.values import Figure

LONGEST_TEXT = 300
MOST_POINTS = 200_000


def figure_of(value: Any) -> Any:
    """The matplotlib figure that `value` is or belongs to (an axes, an artist, an array of axes), else None."""
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure as MatplotlibFigure

    if isinstance(value, MatplotlibFigure):
        return value
    if isinstance(value, Artist):
        found = value.get_figure()
        return found if isinstance(found, MatplotlibFigure) else None
    return None


def describe(figure: Any) -> Figure:
    """A matplotlib figure as plain data: for each axes its texts, scales, limits, lines, scatters, bars and images."""
    return Figure(tuple(_describe_axes(axes) for axes in figure.axes))


def _describe_axes(axes: Any) -> dict[str, Any]:
    return {
        "title": _text(axes.get_title() or axes.get_title("left") or axes.get_title("right")),
        "xlabel": _text(axes.get_xlabel()),
        "ylabel": _text(axes.get_ylabel()),
        "xscale": axes.get_xscale(),
        "yscale": axes.get_yscale(),
        "xlim": [float(limit) for limit in axes.get_xlim()],
        "ylim": [float(limit) for limit in axes.get_ylim()],
        "legend": [
            _text(entry.get_text())
            for legend in (axes.get_legend(), *axes.figure.legends)  # the figure's stands for all of its axes
            if legend is not None
            for entry in legend.get_texts()
        ],
        "lines": [
            {
                "x": _numbers(line.get_xdata()),
                "y": _numbers(line.get_ydata()),
                "label": _text(line.get_label()),
                "style": _text(line.get_linestyle()),
                "marker": _text(line.get_marker()),
                "drawstyle": _text(line.get_drawstyle()),
            }
            for line in axes.lines
        ],
        "scatters": [
            {"offsets": _numbers(collection.get_offsets()), "label": _text(collection.get_label())}
            for collection in axes.collections
            if len(collection.get_offsets())
        ],
        "bars": [
            [float(patch.get_x()), float(patch.get_width()), float(patch.get_height())]
            for patch in axes.patches
            if hasattr(patch, "get_height")
        ],
        "images": [list(np.shape(image.get_array())) for image in axes.images],
    }


def _text(value: Any) -> str:
    return str(value)[:LONGEST_TEXT]


def _numbers(values: Any) -> np.ndarray:
    """Drawn coordinates as float64, at most MOST_POINTS rows."""
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)[:MOST_POINTS]
