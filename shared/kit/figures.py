"""Describe a matplotlib figure by what it draws, so that plots are graded by content and never by pixels."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from shared.kit.values import Figure

LONGEST_TEXT = 300
MOST_POINTS = 200_000
MOST_PIXELS = 20_000  # of an image, times its channels; a larger one is described without them
MOST_SEGMENTS = 10_000  # of an axes' line collections, which may have MOST_POINTS points together
MOST_NAMED = 1000  # lines, and a tenth as many entries of a legend, that are looked at to find which belong together
STYLES = {"solid": "-", "dashed": "--", "dashdot": "-.", "dotted": ":"}
NOTHING = ("None", "none", " ", "")  # a line style or a marker that draws nothing


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
    """A matplotlib figure as plain data: for each axes its texts, scales, limits, lines, scatters, bars and images.

    Lines are those of plot, step and ecdf, the segments of line collections, and the outlines of stairs. The `legend`
    of a line is the text beside its own handle. What nobody can see (invisible, transparent, without width) is left
    out. A label of the whole figure is that of each axes without one, and its legend is that of all.
    """
    return Figure(tuple(_describe_axes(axes) for axes in figure.axes if axes.get_visible()))


def _describe_axes(axes: Any) -> dict[str, Any]:
    figures = list(dict.fromkeys((axes.figure, axes.figure.figure)))  # a figure within the figure, and the whole
    entries = _legend_entries(axes, figures)
    return {
        "title": _text(axes.get_title() or axes.get_title("left") or axes.get_title("right")),
        "xlabel": _first_text(axes.get_xlabel(), *(figure.get_supxlabel() for figure in figures)),
        "ylabel": _first_text(axes.get_ylabel(), *(figure.get_supylabel() for figure in figures)),
        "xscale": axes.get_xscale(),
        "yscale": axes.get_yscale(),
        "xlim": [float(limit) for limit in axes.get_xlim()],
        "ylim": [float(limit) for limit in axes.get_ylim()],
        "legend": [text for legend in entries for text, _ in legend],
        "lines": _named(list(_drawn_lines(axes)), entries),
        "scatters": [
            {"offsets": _numbers(collection.get_offsets()), "label": _text(collection.get_label())}
            for collection in axes.collections
            if _has_points(collection, axes)
        ],
        "bars": [
            [float(patch.get_x()), float(patch.get_width()), float(patch.get_height())]
            for patch in axes.patches
            if hasattr(patch, "get_height") and _is_visible(patch) and _paints(patch)
        ],
        "images": [_image(image) for image in axes.images if _is_visible(image)],
    }


# ---- lines ----------------------------------------------------------------------------------------------------------


class _Look(NamedTuple):
    """How a line looks, or a handle in a legend: what a reader pairs them by."""

    colors: frozenset[tuple[float, ...]]
    style: str = ""
    marker: str = ""
    width: float = 0.0


def _drawn_lines(axes: Any) -> Iterator[tuple[dict[str, Any], _Look]]:
    """Each line that can be seen in an axes: its description, and how it looks."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import StepPatch

    for line in axes.lines:
        look = _look(line)
        if look.colors:
            yield _line(line, line.get_xdata(), line.get_ydata(), look, line.get_drawstyle()), look
    points = segments = 0
    for collection in axes.collections:
        if isinstance(collection, LineCollection) and _is_visible(collection):
            for segment, look in zip(collection.get_segments(), _looks_of_segments(collection), strict=False):
                points, segments = points + len(segment), segments + 1
                if points > MOST_POINTS or segments > MOST_SEGMENTS:
                    break
                if look.colors and np.ndim(segment) == 2:
                    yield _line(collection, segment[:, 0], segment[:, 1], look), look
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            style = STYLES.get(str(patch.get_linestyle()), "-")
            look = _Look(_edge_colors(patch), style, "None", patch.get_linewidth())
            if look.colors and _is_visible(patch):
                values, edges, _ = patch.get_data()
                along, up = np.repeat(edges, 2)[1:-1], np.repeat(values, 2)
                x, y = (along, up) if patch.orientation == "vertical" else (up, along)
                yield _line(patch, x, y, look), look


def _line(artist: Any, x: Any, y: Any, look: _Look, drawstyle: str = "default") -> dict[str, Any]:
    return {
        "x": _numbers(x),
        "y": _numbers(y),
        "label": _text(artist.get_label()),
        "style": _text(look.style),
        "marker": _text(look.marker),
        "drawstyle": _text(drawstyle),
    }


def _look(line: Any) -> _Look:
    """How a matplotlib line looks; without colors where nobody can see it."""
    alpha = line.get_alpha()
    style, marker, width = line.get_linestyle(), line.get_marker(), line.get_linewidth()
    stroke = _visible(line.get_color(), alpha) if style not in NOTHING and width else frozenset()
    dots: frozenset[tuple[float, ...]] = frozenset()
    if _text(marker) not in NOTHING and line.get_markersize():
        edge = _visible(line.get_markeredgecolor(), alpha) if line.get_markeredgewidth() else frozenset()
        dots = _visible(line.get_markerfacecolor(), alpha) | edge
    if not line.get_visible():
        stroke = dots = frozenset()
    return _Look(stroke | dots, style if stroke else "None", _text(marker) if dots else "None", float(width))


def _looks_of_segments(collection: Any) -> Iterator[_Look]:
    """How the segments of a line collection look, one after the other, over and over."""
    values = collection.get_array()
    rgba = collection.get_edgecolor() if values is None else collection.to_rgba(np.ravel(values))
    widths, dashes = np.atleast_1d(collection.get_linewidth()), collection.get_linestyle()
    number = 0
    while len(rgba) and len(widths) and len(dashes):
        width, (_, dash) = float(widths[number % len(widths)]), dashes[number % len(dashes)]
        colors = _visible(rgba[number % len(rgba)]) if width else frozenset()
        yield _Look(colors, "-" if dash is None else "--", "None", width)
        number += 1


# ---- images ---------------------------------------------------------------------------------------------------------


def _image(image: Any) -> dict[str, Any]:
    """The numbers that imshow was given, (h, w) or (h, w, channels), and the name of its colormap."""
    values = image.get_array()
    known = values is not None and np.size(values) <= MOST_PIXELS
    return {"values": _numbers(values) if known else np.zeros((0, 0)), "colormap": _text(image.get_cmap().name)}


# ---- legends --------------------------------------------------------------------------------------------------------


def _legend_entries(axes: Any, figures: list[Any]) -> list[list[tuple[str, _Look]]]:
    """For each legend that an axes has, or its figures for all of their axes: the texts, and how their handles look."""
    from matplotlib.legend import Legend

    of_axes = [child for child in axes.get_children() if isinstance(child, Legend)]
    legends = [*of_axes, *(legend for figure in figures for legend in figure.legends)]
    return [
        [
            (_text(text.get_text()), _look_of_handle(handle))
            for text, handle in zip(
                legend.get_texts(), (handle for handle in legend.legend_handles if handle is not None), strict=False
            )
        ]
        for legend in legends
        if legend.get_visible()
    ]


def _look_of_handle(handle: Any) -> _Look:
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    if isinstance(handle, Line2D):
        return _look(handle)
    if isinstance(handle, LineCollection):
        return next(_looks_of_segments(handle), _Look(frozenset()))
    if hasattr(handle, "get_edgecolor") and hasattr(handle, "get_facecolor"):
        return _Look(_edge_colors(handle) | _visible(handle.get_facecolor()))
    return _Look(frozenset())


def _named(lines: list[tuple[dict[str, Any], _Look]], legends: list[list[tuple[str, _Look]]]) -> list[dict[str, Any]]:
    """The lines' descriptions, each with the `legend` that a reader finds for it, or an empty text.

    A legend's handles are copies of what they stand for, so that entries and lines are paired by their looks: each
    entry with one line, the most alike first. Among lines that look alike their own labels decide, then the order.
    """
    texts: list[list[str]] = [[] for _ in lines]
    for legend in legends:
        pairs = [
            (_likeness(look, of_line, text == line["label"]), number, entry)
            for number, (line, of_line) in enumerate(lines[:MOST_NAMED])
            for entry, (text, look) in enumerate(legend[: MOST_NAMED // 10])
            if look.colors & of_line.colors or text == line["label"]
        ]
        numbers, entries = set(), set()
        for _, number, entry in sorted(pairs, key=lambda pair: pair[0], reverse=True):  # in order where alike
            if number not in numbers and entry not in entries:
                numbers.add(number)
                entries.add(entry)
                texts[number].append(legend[entry][0])
    return [{**line, "legend": _text("; ".join(found))} for (line, _), found in zip(lines, texts, strict=True)]


def _likeness(handle: _Look, line: _Look, same_label: bool) -> tuple[bool, ...]:
    return (
        bool(handle.colors & line.colors),
        handle.style == line.style,
        handle.marker == line.marker,
        bool(np.isclose(handle.width, line.width)),
        same_label,
    )


# ---- what can be seen -----------------------------------------------------------------------------------------------


def _visible(colors: Any, alpha: Any = None) -> frozenset[tuple[float, ...]]:
    """The colors among some that aren't wholly transparent, as (red, green, blue)."""
    from matplotlib.colors import to_rgba_array

    return frozenset(tuple(rgba[:3].round(3).tolist()) for rgba in to_rgba_array(colors, alpha) if rgba[3] > 0)


def _is_visible(artist: Any) -> bool:
    alpha = artist.get_alpha()
    return bool(artist.get_visible() and (alpha is None or np.any(alpha)))


def _edge_colors(artist: Any) -> frozenset[tuple[float, ...]]:
    """The colors of an artist's edges that can be seen."""
    return _visible(artist.get_edgecolor()) if np.any(artist.get_linewidth()) else frozenset()


def _paints(artist: Any) -> bool:
    """Whether an artist's faces or edges have a color that can be seen."""
    return bool(_visible(artist.get_facecolor()) | _edge_colors(artist))


def _has_points(collection: Any, axes: Any) -> bool:
    """Whether a collection draws marks that can be seen at its data, as scatter does; fills and lines have none."""
    sizes = collection.get_sizes() if hasattr(collection, "get_sizes") else [1]
    return (
        len(collection.get_offsets()) > 0
        and collection.get_offset_transform().contains_branch(axes.transData)
        and _is_visible(collection)
        and (len(sizes) == 0 or bool(np.any(sizes)))
        and (collection.get_array() is not None or _paints(collection))
    )


def _first_text(*values: Any) -> str:
    return _text(next((value for value in values if str(value).strip()), ""))


def _text(value: Any) -> str:
    return str(value)[:LONGEST_TEXT]


def _numbers(values: Any) -> np.ndarray:
    """Drawn coordinates as float64, at most MOST_POINTS rows."""
    return np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)[:MOST_POINTS]
