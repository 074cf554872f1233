"""What the description of a figure holds: what a reader sees, named as the legend names it, and nothing else."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from shared.checks import lln_clt
from shared.kit.checking import Wrong
from shared.kit.figures import MOST_POINTS, MOST_SEGMENTS
from shared.kit.values import decode, encode


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def described(figure):
    """The description as it arrives at the grader's side."""
    return decode(encode(figure)).axes


def beside(ax):
    """The text that the legend has beside each line, in the order of drawing."""
    (axes,) = described(ax.figure)
    return [line["legend"] for line in axes["lines"]]


def drawn(ax):
    (axes,) = described(ax.figure)
    return [(line["style"], line["marker"]) for line in axes["lines"]]


def test_names_in_a_list_go_to_the_lines_in_their_order(ax):
    ax.axhline(0, color="gray")
    ax.plot([1, 2])
    ax.plot([2, 3])
    ax.legend(["a", "b"])
    assert beside(ax) == ["a", "b", ""]


def test_handles_are_named_in_any_order(ax):
    first, second = ax.plot([[1, 2], [2, 3]])
    ax.legend([second, first], ["second", "first"])
    assert beside(ax) == ["first", "second"]


def test_a_figures_legend_names_the_lines_of_all_axes(ax):
    ax.plot([1, 2], label="of the axes")
    ax.figure.legend(["of the figure"])
    assert beside(ax) == ["of the figure"]


def test_handles_made_by_hand_are_found_by_color(ax):
    ax.plot([1, 2], lw=0.5)
    ax.plot([2, 3], lw=0.5)
    dot = Line2D([], [], color="w", marker="o", markerfacecolor="C1")
    ax.legend([dot, Patch(color="C0")], ["second", "first"])
    assert beside(ax) == ["first", "second"]


def test_lines_of_one_color_are_told_apart_by_style_then_label_then_order(ax):
    ax.plot([1, 2], "k--")
    ax.plot([1, 3], "k")
    assert ax.legend(["dashed", "solid"]) and beside(ax) == ["dashed", "solid"]
    ax.legend(ax.lines[::-1], ["solid", "dashed"])
    assert beside(ax) == ["dashed", "solid"]
    ax.lines[0].set_linestyle("-")
    assert ax.legend(["first", "second"]) and beside(ax) == ["first", "second"]
    ax.lines[0].set_label("one")
    ax.lines[1].set_label("two")
    ax.legend(ax.lines[::-1], ["two", "one"])
    assert beside(ax) == ["one", "two"]


def test_two_legends_name_a_line_twice_and_an_invisible_one_never(ax):
    (line,) = ax.plot([1, 2], label="kept")
    ax.add_artist(ax.legend())
    ax.legend([line], ["more"])
    assert beside(ax) == ["kept; more"]
    for child in ax.get_children():
        if hasattr(child, "legend_handles"):
            child.set_visible(False)
    assert beside(ax) == [""] and described(ax.figure)[0]["legend"] == []


@pytest.mark.parametrize(
    "unseen", [{"linewidth": 0}, {"visible": False}, {"alpha": 0}, {"color": "none"}, {"linestyle": "none"}]
)
def test_lines_that_nobody_sees_are_left_out(ax, unseen):
    ax.plot([1, 2], **unseen)
    assert drawn(ax) == []
    ax.add_collection(LineCollection([[(0, 0), (1, 1)]], **{**unseen, "linestyle": "-"}))
    assert bool(drawn(ax)) == ("linestyle" in unseen)


def test_points_without_a_line_and_a_line_without_points_count(ax):
    ax.plot([1, 2], "o-", linewidth=0)
    ax.plot([1, 2], "o-", markersize=0)
    ax.plot([1, 2], "o-", markerfacecolor="none", markeredgecolor="none")
    ax.plot([1, 2], "o", color="none", markeredgecolor="red")
    assert drawn(ax) == [("None", "o"), ("-", "None"), ("-", "None"), ("None", "o")]


@pytest.mark.parametrize("unseen", [{"visible": False}, {"alpha": 0}, {"facecolor": "none", "edgecolor": "none"}])
def test_scatters_and_bars_that_nobody_sees_are_left_out(ax, unseen):
    ax.scatter([1, 2], [1, 2], **unseen)
    ax.scatter([1, 2], [1, 2], s=0)
    ax.bar([1, 2], [1, 2], **unseen)
    (axes,) = described(ax.figure)
    assert axes["scatters"] == axes["bars"] == []
    ax.scatter([1, 2], [1, 2], facecolor="none", edgecolor="k")
    ax.scatter([1, 2], [1, 2], c=[0.0, 1.0])
    ax.bar([1, 2], [1, 2], facecolor="none", edgecolor="k")
    (axes,) = described(ax.figure)
    assert (len(axes["scatters"]), len(axes["bars"])) == (2, 2)


def test_fills_and_collected_lines_are_no_scatters(ax):
    ax.fill_between([0, 1], [0, 1], [1, 2])
    ax.hlines([1], 0, 1)
    assert described(ax.figure)[0]["scatters"] == []


def test_an_invisible_panel_is_left_out(ax):
    ax.set_visible(False)
    assert described(ax.figure) == ()


def test_labels_of_the_whole_figure_count_where_an_axes_has_none():
    figure, (left, _) = plt.subplots(1, 2)
    left.set_xlabel("its own")
    figure.supxlabel("x of all")
    figure.supylabel("y of all")
    assert [(axes["xlabel"], axes["ylabel"]) for axes in described(figure)] == [
        ("its own", "y of all"),
        ("x of all", "y of all"),
    ]
    plt.close(figure)


def test_labels_of_a_figure_within_the_figure_come_first():
    figure = plt.figure()
    inner = figure.subfigures(1, 2)[0]
    inner.subplots().plot([1, 2], label="inside")
    inner.supxlabel("inner")
    figure.supxlabel("outer")
    figure.supylabel("outer")
    figure.legend()
    (axes,) = described(figure)
    assert (axes["xlabel"], axes["ylabel"], axes["lines"][0]["legend"]) == ("inner", "outer", "inside")
    plt.close(figure)


def test_segments_of_a_collection_are_lines_with_their_own_looks(ax):
    segments = [[(0, 0), (1, 1)], [(0, 1), (1, 0), (2, 2)], [(0, 3), (1, 3)]]
    collection = LineCollection(segments, colors=["r", "b", "none"], linestyles=["-", "--", "-"], label="all")
    ax.add_collection(collection)
    ax.legend()
    lines = described(ax.figure)[0]["lines"]
    assert [(line["label"], line["style"], line["legend"]) for line in lines] == [
        ("all", "-", "all"),
        ("all", "--", ""),
    ]
    assert lines[1]["x"].tolist() == [0, 1, 2] and lines[1]["y"].tolist() == [1, 0, 2]


def test_collections_are_described_within_limits(ax):
    ax.add_collection(LineCollection([[(0, 0), (1, 1)]] * (MOST_SEGMENTS + 5)))
    assert len(drawn(ax)) == MOST_SEGMENTS
    ax.collections[0].remove()
    half = np.zeros((MOST_POINTS // 2, 2))
    ax.add_collection(LineCollection([half, half, half]))
    assert len(drawn(ax)) == 2


def test_stairs_are_their_outline(ax):
    ax.stairs([1, 2], [0, 1, 3], label="up")
    ax.stairs([1, 2], [0, 1, 3], orientation="horizontal")
    ax.stairs([1, 2], [0, 1, 3], fill=True)
    ax.legend()
    up, across = described(ax.figure)[0]["lines"]
    assert (up["x"].tolist(), up["y"].tolist()) == ([0, 1, 1, 3], [1, 1, 2, 2])
    assert (across["x"].tolist(), across["y"].tolist()) == ([1, 1, 2, 2], [0, 1, 1, 3])
    assert (up["label"], up["legend"], up["drawstyle"]) == ("up", "up", "default")


# ---- how the checks of lln_clt use it -------------------------------------------------------------------------------

MEANS = np.arange(12.0).reshape(3, 4)


def judged(judge, ax, *rest):
    """The message of a check's judgement of a figure, with its details; empty where it passes."""
    ax.set(xlabel="x", ylabel="y")
    try:
        judge(decode(encode(ax.figure)), *rest)
    except Wrong as wrong:
        return f"{wrong} {wrong.details}"
    return ""


def test_a_few_more_curves_are_fine_and_any_number_of_straight_strokes(ax):
    ax.plot(np.arange(1, 5), MEANS.T)
    ax.vlines(np.arange(1, 5), 0, np.arange(1, 5))
    for k in range(20):
        ax.axhline(k)
    for k in range(lln_clt.MOST_EXTRAS):
        ax.plot([1, 2, 3], [k, k, k])
    assert judged(lln_clt.draws_trajectories, ax, MEANS) == ""
    ax.plot([1, 2, 3], [9, 9, 9])
    assert "up to 6 curves; it has 10 in all" in judged(lln_clt.draws_trajectories, ax, MEANS)


def test_a_tail_is_one_line_with_few_others(ax):
    x, y = np.array([1, 4, 9]), np.array([0.5, 0.25, 0.125])
    for factor in np.arange(1, lln_clt.MOST_EXTRAS + 2):
        ax.plot(x, factor * y)
    assert judged(lln_clt.draws_line, ax, x, y) == ""
    ax.plot(x, 9 * y)
    assert "curves" in judged(lln_clt.draws_line, ax, x, y)


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (np.linspace(-4, 4, 15), ""),
        (np.linspace(-4, 4, 14), "drawn through 14 points"),
        (np.linspace(-2, 4, 50), "runs from -2 to 4"),
        (np.linspace(-4, 2.5, 50), "runs from -4 to 2.5"),
    ],
)
def test_a_coarse_or_short_normal_curve_is_called_that(ax, grid, message):
    z = np.array([-1.0, 0.5, 1.5])
    ax.ecdf(z, label="n = 7")
    ax.plot(grid, lln_clt.normal_probability(grid), label="normal")
    ax.legend()
    said = judged(lln_clt.draws_ecdfs, ax, {7: z})
    assert message in said and bool(message) == bool(said)


def test_what_was_seen_instead_of_steps_is_said(ax):
    z = np.array([-1.0, 0.5, 1.5])
    ax.hist(z, histtype="step", cumulative=True, density=True)
    ax.plot([0, 1], [0, 1])
    said = judged(lln_clt.draws_ecdfs, ax, {7: z})
    assert 'ax.step with where="post", ax.ecdf' in said and "lines: 1 (2 points, drawn as default)" in said
