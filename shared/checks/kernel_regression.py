"""The checks of kernel_regression that you can run: properties that every right answer has, without the answer.

`grader.check("rbf_kernel")` runs those of one question. When you hand in, more checks compare with the course's
answers.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from shared import staircase
from shared.duality import lower_bound, objective
from shared.kit.calling import Observation
from shared.kit.checking import (
    StudentFunction,
    as_array,
    as_figure,
    as_number,
    check,
    close,
    describe,
    drawn_points,
    expect,
    fail,
    finite,
    returned,
    run_seed,
    show,
    trying,
    unchanged,
)
from shared.kit.statistics import ChiSquare, StandardNormal, likely
from shared.kit.values import Opaque, seeded
from shared.old_syntax import translation
from shared.regression import (
    SINGULAR,
    FitProblem,
    GridProblem,
    PointsProblem,
    fit_problems,
    grid_problems,
    points_problems,
)

# ==== data, kernel, leave-one-out and plots ==========================================================================

EXACT = 1e-12
ROUNDING = 1e-8  # times max(1, largest): right kernels in other styles differ by 1e-9 at most, at gamma = 1e6

# ---- make_data ------------------------------------------------------------------------------------------------------

OUTLIER = 24  # the index of the 25th point
HEIGHTS = (0.0, 10.0, 20.0, 30.0, 40.0)
NOISE_LEVEL = 1e-8  # of each statistic: the probability that luck fails a right answer by it


def read_data(value: Any, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and f (n,) as make_data should return them; fail where x or f is no staircase, or y lacks its outlier."""
    if not isinstance(value, tuple | list | np.ndarray) or len(value) < 3:
        fail(f"make_data should return x, y and f; it returned {describe(value)}.")
    x, y, f = (as_array(item, (n,), f"make_data ({name})") for item, name in zip(value, "xyf", strict=False))
    for array, name in ((x, "x"), (y, "y"), (f, "f")):
        finite(array, f"make_data ({name})")
    details = f"x = {show(x)}"
    ends = abs(x[0]) <= EXACT and abs(x[-1] - 1) <= EXACT
    expect(ends, "x should go from 0 to 1: its first entry is 0, its last one 1.", details)
    even = np.abs(np.diff(x) - 1 / (n - 1)).max() <= EXACT
    expect(even, "The steps from each x to the next should be equal.", details)
    details = f"f = {show(f)}"
    message = "f should be the staircase without noise, at the outlier too: its heights are 0, 10, 20, 30 and 40."
    expect(np.isin(f, HEIGHTS).all() and f[0] == 0 and f[-1] == 40, message, details)
    expect((np.diff(f) >= 0).all(), "f should never fall.", details)
    expect(y[OUTLIER] == 0, "y should be exactly 0 at the 25th point.", f"y = {show(y)}")
    zeros = np.flatnonzero(y == 0)
    message = "y should be exactly 0 at the 25th point alone."
    expect(len(zeros) == 1, message, f"the indices where y is 0: {zeros.tolist()[:10]}")
    return x, y, f


def noise_of(y: np.ndarray, f: np.ndarray) -> np.ndarray:
    """The noise of all points but the outlier: (n - 1,)."""
    return np.delete(y - f, OUTLIER)


def data_come_from_their_generator(make_data: StudentFunction) -> None:
    """Fail unless y depends on the generator given, on nothing else that is random, and x and f don't."""
    x, y, f = read_data(make_data(seeded(run_seed())), 50)
    message = "Two generators with the same seed gave different data: take every random number from rng."
    expect(np.array_equal(y, read_data(make_data(seeded(run_seed())), 50)[1]), message)
    other_x, other_y, other_f = read_data(make_data(seeded(run_seed(1))), 50)
    same = np.isin(noise_of(other_y, other_f), noise_of(y, f)).any()
    expect(not same, "Two generators with different seeds gave the same noise.")
    expect(np.array_equal(x, other_x) and np.array_equal(f, other_f), "x and f should be the same for all generators.")


# No point of n = 50 lies on an edge of a step, and 10 lie on each step.
@check("make_data", public=True, error_rate=2 * NOISE_LEVEL)
def data_have_their_form(make_data: StudentFunction) -> None:
    """Your data have even steps of x, a staircase f, the outlier, and standard normal noise from rng."""
    data_come_from_their_generator(make_data)
    _, y, f = read_data(make_data(seeded(run_seed())), 50)
    counts = [int((f == height).sum()) for height in HEIGHTS]
    expect(counts == [10] * 5, "Of 50 points, each of the five heights of f should hold 10.", f"they hold {counts}")
    noise = noise_of(y, f)
    message = "The noise isn't standard normal: its {} is further off than luck can explain."
    details = f"y - f without the outlier: mean {noise.mean():.4g}, standard deviation {noise.std():.4g}"
    mean = noise.sum() / np.sqrt(len(noise))
    likely("mean", mean, StandardNormal(), NOISE_LEVEL, message.format("mean"), details)
    squares = (noise[1:] ** 2).sum()  # of 48: the number has to be even
    likely("squares", squares, ChiSquare(48), NOISE_LEVEL, message.format("variance"), details)


# ---- rbf_kernel -----------------------------------------------------------------------------------------------------


def read_kernel(rbf_kernel: StudentFunction, x: np.ndarray, z: np.ndarray, gamma: float) -> np.ndarray:
    """The kernel (n, m) between x and z; fail where it has another shape, or the arguments have been changed."""
    observation = rbf_kernel.observe(x, z, gamma)
    K = as_array(returned(observation, "rbf_kernel"), (len(x), len(z)), "rbf_kernel")
    finite(K, "rbf_kernel")
    unchanged(observation, "rbf_kernel", ("x", "z", "gamma"))
    return K


LOG2 = float(np.log(2))


@check("rbf_kernel", public=True)
@settings(max_examples=20)
@given(p=points_problems())
def kernel_known_values(rbf_kernel: StudentFunction, p: PointsProblem) -> None:
    """Your kernel is 1 between equal points, 1/2 where gamma times their squared distance is log 2, for any gamma."""
    for x, z, gamma, right in (
        (0.0, 1.0, LOG2, 1 / 2),
        (-1.0, 1.0, LOG2 / 4, 1 / 2),
        (0.25, -0.25, 4 * LOG2, 1 / 2),
        (3.0, -3.0, LOG2 / 18, 1 / 4),
        (0.5, 0.5 + np.sqrt(1e-6 * LOG2), 1e6, 1 / 2),
        (0.0, np.sqrt(1e6 * LOG2), 1e-6, 1 / 2),
    ):
        with trying(x=np.array([x]), z=np.array([z]), gamma=gamma):
            close(
                read_kernel(rbf_kernel, np.array([x]), np.array([z]), gamma),
                [[right]],
                "rbf_kernel",
                tolerance=ROUNDING,
            )
    K = read_kernel(rbf_kernel, p.x, p.x, p.gamma)
    message = "The kernel between a point and itself should be 1"
    close(K.diagonal(), np.ones(len(p.x)), "rbf_kernel(x, x)'s diagonal", tolerance=ROUNDING, message=message)


@check("rbf_kernel", public=True)
@settings(max_examples=20)
@given(p=points_problems())
def kernel_goes_pair_by_pair(rbf_kernel: StudentFunction, p: PointsProblem) -> None:
    """Your kernel has a row for each x and a column for each z, each entry made from its own two points alone."""
    K = read_kernel(rbf_kernel, p.x, p.z, p.gamma)
    message = "With x and z swapped, rows and columns should be swapped and nothing else"
    swapped = read_kernel(rbf_kernel, p.z, p.x, p.gamma)
    close(swapped, K.T, "rbf_kernel(z, x)", tolerance=ROUNDING, message=message)
    for i, j in ((0, 0), (-1, -1), (0, -1)):
        x, z = p.x[[i]], p.z[[j]]
        alone = read_kernel(rbf_kernel, x, z, p.gamma)
        message = "An entry isn't what the kernel of its two points alone is"
        close(K[[i]][:, [j]], alone, "rbf_kernel", tolerance=ROUNDING, message=message)
    message = "With gamma doubled, each entry should be squared"
    close(read_kernel(rbf_kernel, p.x, p.z, 2 * p.gamma), K**2, "rbf_kernel", tolerance=ROUNDING, message=message)


# ---- difference_matrix ----------------------------------------------------------------------------------------------


def read_differences(difference_matrix: StudentFunction, n: int) -> np.ndarray:
    """D (n - 1, n) for n points."""
    D = as_array(difference_matrix(n), (n - 1, n), "difference_matrix")
    finite(D, "difference_matrix")
    return D


@check("difference_matrix", public=True)
@settings(max_examples=20)
@given(z=st.lists(st.integers(-9, 9), min_size=2, max_size=7))
def differences_are_steps(difference_matrix: StudentFunction, z: list[int]) -> None:
    """Your D has a row for each step from one point to the next, and D z holds these steps, up being positive."""
    heights = np.array(z, dtype=float)
    D = read_differences(difference_matrix, len(z))
    message = "D z should be z_2 - z_1, z_3 - z_2, and so on"
    close(D @ heights, heights[1:] - heights[:-1], "D z", message=message)


@check("difference_matrix", public=True)
def differences_are_short(difference_matrix: StudentFunction) -> None:
    """Your D holds -1, 0 and 1 alone: in each row one -1 and, right of it, one 1."""
    for n in (2, 3, 10):
        with trying(n=n):
            D = read_differences(difference_matrix, n)
            details = f"D = {show(D)}"
            expect(np.isin(D, (-1.0, 0.0, 1.0)).all(), "The entries of D should be -1, 0 or 1.", details)
            rows, columns = np.nonzero(D == 1)
            message = "Each row of D should have one -1, one 1 in the column after it, and 0 elsewhere."
            expect(np.array_equal(rows, np.arange(n - 1)) and (D == -1).sum() == n - 1, message, details)
            expect((columns > 0).all() and (D[rows, columns - 1] == -1).all(), message, details)


# ---- predict --------------------------------------------------------------------------------------------------------


def read_predictions(
    predict: StudentFunction, alpha: np.ndarray, x_train: np.ndarray, x: np.ndarray, gamma: float
) -> np.ndarray:
    """The predictions (m,) at x; fail where they have another shape, or the arguments have been changed."""
    observation = predict.observe(alpha, x_train, x, gamma)
    values = as_array(returned(observation, "predict"), (len(x),), "predict")
    finite(values, "predict")
    unchanged(observation, "predict", ("alpha", "x_train", "x", "gamma"))
    return values


@check("predict", public=True)
@settings(max_examples=20)
@given(p=points_problems())
def predictions_are_bumps(predict: StudentFunction, rbf_kernel: StudentFunction, p: PointsProblem) -> None:
    """Your prediction from one point is its coefficient times your kernel; that from several points is their sum."""
    alone = []
    for j in range(len(p.x)):
        alpha, x_train = p.alpha[[j]], p.x[[j]]
        with trying(alpha=alpha, x_train=x_train, x=p.z, gamma=p.gamma):
            alone.append(read_predictions(predict, alpha, x_train, p.z, p.gamma))
            bump = alpha[0] * read_kernel(rbf_kernel, p.z, x_train, p.gamma)[:, 0]
            message = "From one point, the prediction should be its coefficient times your kernel"
            close(alone[-1], bump, "predict", tolerance=ROUNDING, message=message)
    together = read_predictions(predict, p.alpha, p.x, p.z, p.gamma)
    message = "The prediction from several points should be the sum of those from each of them"
    close(together, np.sum(alone, axis=0), "predict", tolerance=ROUNDING, message=message)


@check("predict", public=True)
@settings(max_examples=20)
@given(p=points_problems())
def predictions_go_point_by_point(predict: StudentFunction, p: PointsProblem) -> None:
    """Your prediction at a point doesn't depend on where else you predict, nor on the order of the training points."""
    together = read_predictions(predict, p.alpha, p.x, p.z, p.gamma)
    for i in range(len(p.z)):
        with trying(alpha=p.alpha, x_train=p.x, x=p.z[[i]], gamma=p.gamma):
            alone = read_predictions(predict, p.alpha, p.x, p.z[[i]], p.gamma)
            message = "At one point alone, the prediction should be what it is there among several"
            close(alone, together[[i]], "predict", tolerance=ROUNDING, message=message)
    backwards = read_predictions(predict, p.alpha[::-1].copy(), p.x[::-1].copy(), p.z, p.gamma)
    message = "With x_train and alpha both in reverse order, the predictions should stay as they are"
    close(backwards, together, "predict", tolerance=ROUNDING, message=message)


# ---- leave_one_out --------------------------------------------------------------------------------------------------


class WatchedFit:
    """A fit of the check's own, to be passed to leave_one_out; it sees to what it is called with.

    alpha: the fit, a function of K, y and lams. n: how many points there are before one is left out.
    """

    def __init__(self, alpha: Callable[..., np.ndarray], n: int, lams: tuple[float, ...]) -> None:
        self._alpha, self._n, self._lams = alpha, n, lams
        self.calls: list[tuple[Any, Any, tuple[Any, ...]]] = []

    def __call__(self, K: Any, y: Any, *lams: Any) -> np.ndarray:
        self.calls.append((K, y, lams))
        kernel, rest = np.asarray(K, dtype=float), np.asarray(y, dtype=float)
        if self._has_shapes(K, y) and self._has_lams(lams):
            return self._alpha(kernel, rest, *lams)
        # the call is wrong, which right_so_far tells; numbers that depend on how let hints tell mistakes apart
        given = np.concatenate([np.zeros(0), *(np.ravel(lam) for lam in lams)]).astype(float)
        return rest + np.resize(kernel, rest.shape) + given @ np.arange(1, len(given) + 1)

    def right_so_far(self) -> None:
        """Fail where a call was without n - 1 points, or without the lams."""
        rest = self._n - 1
        for K, y, lams in self.calls:
            message = f"Of {self._n} points fit should see {rest}: K of shape {(rest, rest)} and y of shape {(rest,)}."
            expect(self._has_shapes(K, y), message, f"K of shape {np.shape(K)}, y of shape {np.shape(y)}")
            message = (
                f"After K and y, fit should be called with the {len(self._lams)} lams that leave_one_out was given."
            )
            expect(self._has_lams(lams), message, f"given {show(self._lams)}\npassed on {show(lams)}")

    def _has_shapes(self, K: Any, y: Any) -> bool:
        return np.shape(K) == (self._n - 1, self._n - 1) and np.shape(y) == (self._n - 1,)

    def _has_lams(self, lams: tuple[Any, ...]) -> bool:
        return all(isinstance(lam, int | float) for lam in lams) and lams == self._lams


def left_out(
    leave_one_out: StudentFunction,
    alpha: Callable[..., np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    gamma: float,
    *lams: float,
) -> np.ndarray:
    """The n errors of a fit that is ours (see WatchedFit); fail where it isn't called as it should be."""
    fit = WatchedFit(alpha, len(y), lams)
    observation = leave_one_out.observe(fit, x, y, gamma, *lams)
    fit.right_so_far()
    errors = as_array(returned(observation, "leave_one_out"), y.shape, "leave_one_out")
    expect(fit.calls, "leave_one_out doesn't call the fit that it is given.")
    finite(errors, "leave_one_out")
    details = f"leave_one_out returned {show(errors)}"
    expect((errors >= 0).all(), "An error is negative: each should be a square.", details)
    unchanged(observation, "leave_one_out", ("fit", "x", "y", "gamma", "lam1", "lam2"))
    return errors


def enough_points() -> st.SearchStrategy[PointsProblem]:
    """Points of which one can be left out."""
    return points_problems().filter(lambda p: len(p.x) > 1)


def same_for_all(K: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A fit whose function, for a very small gamma, is the mean of y everywhere."""
    return y / len(y)


def weighed_down(K: np.ndarray, y: np.ndarray, lam1: float, lam2: float) -> np.ndarray:
    """A fit in which a point counts less where it has neighbours; the order of the points doesn't matter."""
    return y / (lam1 + lam2 * K.sum(axis=1))


@check("leave_one_out", public=True)
@settings(max_examples=20)
@given(p=enough_points())
def left_out_known_errors(leave_one_out: StudentFunction, p: PointsProblem) -> None:
    """Your errors are right where a very small gamma makes points predict their mean, a large one 0."""
    others = (p.y.sum() - p.y) / (len(p.y) - 1)
    with trying(fit="a function that returns y / len(y)", x=p.x, y=p.y, gamma=1e-12):
        errors = left_out(leave_one_out, same_for_all, p.x, p.y, 1e-12)
        message = "Where the others predict their mean, each error should be the squared distance from that"
        close(errors, (p.y - others) ** 2, "leave_one_out", tolerance=1e-6, message=message)
    with trying(fit="a function that returns y / len(y)", x=p.x, y=p.y, gamma=1e6):
        errors = left_out(leave_one_out, same_for_all, p.x, p.y, 1e6)
        message = "Where the others predict 0, each error should be the square of y"
        close(errors, p.y**2, "leave_one_out", tolerance=1e-6, message=message)
    # a pair at the distance where the kernel is 1/2, and a third point far away
    x, y = np.array([0.0, 50.0, 2.0]), np.array([3.0, 5.0, -2.0])
    with trying(fit="a function that returns y", x=x, y=y, gamma=LOG2 / 4):
        errors = left_out(leave_one_out, lambda K, y: y, x, y, LOG2 / 4)
        close(errors, [(3 + 1) ** 2, 5**2, (-2 - 1.5) ** 2], "leave_one_out", tolerance=1e-6)


@check("leave_one_out", public=True)
@settings(max_examples=15)
@given(p=enough_points(), lam1=st.sampled_from((0.5, 2.0)), lam2=st.sampled_from((3.0, 0.25)))
def left_out_points_dont_count(leave_one_out: StudentFunction, p: PointsProblem, lam1: float, lam2: float) -> None:
    """Your prediction at a point doesn't depend on its own y, nor on the order of the points; lams are passed on."""
    n = len(p.y)

    def errors_of(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return left_out(leave_one_out, weighed_down, x, y, p.gamma, lam1, lam2)

    shown = {"fit": "a function that returns y / (lam1 + lam2 * K.sum(axis=1))", "gamma": p.gamma}
    with trying(**shown, x=p.x, y=p.y, lams=(lam1, lam2)):
        errors = errors_of(p.x, p.y)
        # (y + 1 - p)^2 - 2 (y - p)^2 + (y - 1 - p)^2 = 2, whatever p is
        for i in range(n):
            step = np.eye(n)[i]
            bend = errors_of(p.x, p.y + step)[i] - 2 * errors[i] + errors_of(p.x, p.y - step)[i]
            message = f"With y[{i}] moved, error {i} should change as if its prediction stayed where it is"
            close(bend, 2.0, "the bend of the error", message=message)
        backwards = errors_of(p.x[::-1].copy(), p.y[::-1].copy())
        message = "With the points in reverse order, the errors should come in reverse order"
        close(backwards, errors[::-1], "leave_one_out", message=message)


# ---- the four plots -------------------------------------------------------------------------------------------------


def same_place(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each of points (k, 2) whether it is one of others (m, 2)."""
    if not len(others):
        return np.zeros(len(points), dtype=bool)
    return np.abs(points[:, np.newaxis] - others).max(axis=2).min(axis=1) <= 1e-6


def on_the_staircase(points: np.ndarray) -> np.ndarray:
    """For each of points (k, 2) whether it lies on the true f, which may step anywhere between two data points.

    A graph with corners has two heights where it steps, and that may be at a data point. One without has f's own there.
    """
    x, _, f = staircase.load()
    before = np.searchsorted(x, points[:, 0] - 1e-9) - 1  # the last data point left of it
    after = np.searchsorted(x, points[:, 0] + 1e-9)  # the first one right of it
    own = np.where(after - before == 2, before + 1, -1)  # the one that it lies on
    heights = f[np.clip([before, own, after], 0, len(x) - 1)]  # (3, k)
    corners = len(points) == 2 or len(np.unique(points[:, 0])) < len(points)
    if not corners:
        heights[[0, 2]] = np.where(own >= 0, heights[1], heights[[0, 2]])
    heights[1] = np.where(own >= 0, heights[1], heights[0])
    return np.abs(points[:, 1] - heights).min(axis=0) <= 1e-6


def markers_of(axes: Mapping[str, Any]) -> np.ndarray:
    """All points (k, 2) that one axes marks, by a scatter or by a line with markers."""
    marked = [line for line in axes["lines"] if line["marker"] not in ("None", "none", "", " ")]
    found = drawn_points({"lines": marked, "scatters": axes["scatters"]})
    return np.concatenate([np.zeros((0, 2)), *found])


def goes_across(points: np.ndarray) -> bool:
    """Whether points (k, 2) reach from the first x of the data to the last."""
    return len(points) > 0 and bool(points[:, 0].min() <= 0.01 and points[:, 0].max() >= 0.99)


LEAST_OF_CURVE = 50  # points: one for each of the data
FINE_GRID = 100  # points
MOST_CURVES = 6  # the fit, and others to compare it with


def in_sight(axes: Mapping[str, Any], points: np.ndarray) -> float:
    """How many of points (k, 2) lie within the limits of an axes, as a share of all."""
    low, high = np.sort([axes["xlim"], axes["ylim"]]).T
    return float(((points >= low) & (points <= high)).all(axis=1).mean())


def graphs_in(axes: Mapping[str, Any]) -> list[np.ndarray]:
    """The graphs (k, 2) that one axes draws: marks in any order, and lines that go one way, left or right."""
    stroked = [line for line in axes["lines"] if line["style"] not in ("None", "")]
    lines = [points[np.isfinite(points).all(axis=1)] for points in drawn_points({"lines": stroked})]
    steps = [np.diff(points[:, 0]) for points in lines]
    one_way = [points for points, step in zip(lines, steps, strict=True) if (step >= 0).all() or (step <= 0).all()]
    marks = [points[np.isfinite(points).all(axis=1)] for points in drawn_points(axes, joined=False)]
    return [points for points in (*one_way, *marks) if len(points)]


def three_graphs(value: Any, name: str) -> tuple[Mapping[str, Any], list[np.ndarray]]:
    """The axes of a figure that shows data, true f and fit, and its curves (k, 2) that may be the fit; fail if none."""
    x, y, _ = staircase.load()
    data = np.stack([x, y], axis=1)
    figure = as_figure(value, name)
    shown = [axes for axes in figure.axes if same_place(data, markers_of(axes)).all()]
    if not shown:
        marked = [len(markers_of(axes)) for axes in figure.axes]
        message = "The figure doesn't mark all 50 data points (x, y) of staircase.load()."
        fail(message, f"points marked: {', '.join(map(str, marked)) or 'no axes'}")
    axes = max(shown, key=lambda axes: len(graphs_in(axes)))  # the data may have a panel of their own, too
    graphs = graphs_in(axes)
    true = [points for points in graphs if on_the_staircase(points).all()]
    heights = np.concatenate([np.zeros((0, 2)), *true])
    message = "The figure doesn't show the true f from x = 0 to x = 1."
    expect(goes_across(heights) and np.isin(HEIGHTS, heights[:, 1].round(6)).all(), message, f"graphs: {len(graphs)}")
    others = [points for points in graphs if not (on_the_staircase(points).all() or same_place(points, data).all())]
    curves = [points for points in others if len(points) >= LEAST_OF_CURVE and goes_across(points)]
    message = (
        f"The figure has no third graph, that of the fit, from x = 0 to x = 1 through {LEAST_OF_CURVE} points at least."
    )
    expect(curves, message, f"points of the others: {', '.join(str(len(points)) for points in others) or 'none'}")
    message = f"Beside the data and the true f the figure may have up to {MOST_CURVES} curves."
    expect(len(curves) <= MOST_CURVES, message, f"it has {len(curves)}")
    expect(in_sight(axes, data) >= 0.9, "The limits of the axes leave data points out.")
    return axes, curves


def has_its_form(value: Any, name: str) -> None:
    """Fail unless the figure shows data, true f and a fit that is drawn on a fine grid, all of it named."""
    axes, curves = three_graphs(value, name)
    most = max(len(np.unique(points[:, 0])) for points in curves)
    message = f"Draw the fit on a fine grid of x, {FINE_GRID} points at least: between the data it isn't straight."
    expect(most >= FINE_GRID, message, f"it goes through {most} points")
    expect(str(axes["xlabel"]).strip() and str(axes["ylabel"]).strip(), "Label both axes of the figure.")
    named = [text for text in axes["legend"] if str(text).strip()]
    message = "Give the figure a legend that names the data, the true f and the fit."
    expect(len(named) >= 3, message, f"the legend: {show(axes['legend'])}")


@check("plot_least_squares", public=True)
def plot_least_squares_has_its_form(plot_least_squares: StudentFunction) -> None:
    """Your figure shows the data, the true f and a fit on a fine grid, with names on both axes and a legend."""
    has_its_form(plot_least_squares(), "plot_least_squares")


@check("plot_huber", public=True)
def plot_huber_has_its_form(plot_huber: StudentFunction) -> None:
    """Your figure shows the data, the true f and a fit on a fine grid, with names on both axes and a legend."""
    has_its_form(plot_huber(), "plot_huber")


@check("plot_total_variation", public=True)
def plot_total_variation_has_its_form(plot_total_variation: StudentFunction) -> None:
    """Your figure shows the data, the true f and a fit on a fine grid, with names on both axes and a legend."""
    has_its_form(plot_total_variation(), "plot_total_variation")


@check("plot_monotone", public=True)
def plot_monotone_has_its_form(plot_monotone: StudentFunction) -> None:
    """Your figure shows the data, the true f and a fit on a fine grid, with names on both axes and a legend."""
    has_its_form(plot_monotone(), "plot_monotone")


# ==== fits and choices ===============================================================================================

# ---- fit_least_squares, fit_huber, fit_total_variation, fit_monotone ------------------------------------------------
# How good an alpha is can be told without the best one: by its duality gap, the distance between its objective and a
# number that no objective can be below (shared/duality.py). It is measured in units of the objective at alpha = 0. Over
# 200 inputs of these checks, cvxpy's solvers at default settings came to 1e-8 or closer (CLARABEL, OSQP) and to 5.3e-5
# (SCS, total variation); the steps of their monotone fits are -1.6e-4 or more.

ALLOWED_GAP = 5e-4
ALLOWED_FALL = 1e-3
PENALTIES = {
    "least_squares": ("lam",),
    "huber": ("lam",),
    "total_variation": ("lam1", "lam2"),
    "monotone": ("lam",),
}


def read_alpha(observation: Observation, n: int, name: str) -> np.ndarray:
    """The alpha (n,) that a fit returned. An exception that is known comes with what to write instead."""
    raised = observation.raised
    if raised is not None and (sentence := translation(raised)):
        line = f"\nin {raised.line}" if raised.line else ""
        fail(f"{name} raised {raised.type_name}. {sentence}{line}", raised.message)
    value = returned(observation, name)
    if value is None:
        message = "If it has its return statement, the solver gave up: try solver=cp.CLARABEL, or a factor of K."
        fail(f"{name} returned None. {message}")
    if isinstance(value, Opaque) and "Variable" in value.type_name:
        fail(f"{name} returned a cvxpy variable. The numbers are its .value, once the problem is solved.")
    alpha = as_array(value, (n,), name)
    finite(alpha, name)
    return alpha


def never_falls(values: np.ndarray, what: str) -> None:
    """Fail where a step of the values is below -ALLOWED_FALL."""
    step = np.diff(values).min()
    expect(step >= -ALLOWED_FALL, f"{what} falls.", f"{what} is {show(values)}\nits lowest step is {step:.3g}")


def has_small_gap(cost: float, bound: float, unit: float) -> None:
    """Fail where an objective is further above a lower bound than a solver leaves it. unit: the objective at 0."""
    details = f"its objective is {cost:.8g}; that of alpha = 0 is {unit:.8g}"
    expect(cost <= (1 + ALLOWED_GAP) * unit, "Your alpha isn't the best: alpha = 0 has a lower objective.", details)
    message = "Your alpha isn't the best: its duality gap is too large, so another one has a lower objective."
    expect(cost - bound <= ALLOWED_GAP * unit, message, f"{details}\nno objective is below {bound:.8g}, if not more")


def has_the_least_objective(function: StudentFunction, p: FitProblem) -> None:
    """The fit of p has a small duality gap, and the call changes neither K nor y."""
    fit, n = function.name.removeprefix("fit_"), len(p.y)
    penalties = p.penalties(fit)
    with trying(K=p.K, y=p.y, **dict(zip(PENALTIES[fit], penalties, strict=True))):
        observation = function.observe(p.K, p.y, *penalties)
        alpha = read_alpha(observation, n, function.name)
        if fit == "monotone":
            never_falls(p.K @ alpha, "K alpha")
        cost, unit = (objective(fit, at, p.K, p.y, *penalties) for at in (alpha, np.zeros(n)))
        bound = lower_bound(fit, alpha, p.K, p.y, *penalties) if cost <= 2 * unit else -np.inf
        has_small_gap(cost, bound, unit)
        unchanged(observation, function.name, ("K", "y"))


@check("fit_least_squares", public=True)
@settings(max_examples=25)
@given(p=fit_problems())
@example(p=SINGULAR)
def least_squares_is_the_least(fit_least_squares: StudentFunction, p: FitProblem) -> None:
    """No alpha has a lower objective than your least-squares fit: its duality gap is small. K and y aren't changed."""
    has_the_least_objective(fit_least_squares, p)


@check("fit_huber", public=True)
@settings(max_examples=25)
@given(p=fit_problems())
@example(p=SINGULAR)
def huber_is_the_least(fit_huber: StudentFunction, p: FitProblem) -> None:
    """No alpha has a lower objective than your Huber fit: its duality gap is small. K and y aren't changed."""
    has_the_least_objective(fit_huber, p)


@check("fit_total_variation", public=True)
@settings(max_examples=25)
@given(p=fit_problems())
@example(p=SINGULAR)
def total_variation_is_the_least(fit_total_variation: StudentFunction, p: FitProblem) -> None:
    """No alpha has a lower objective than your total-variation fit: its gap is small. K and y aren't changed."""
    has_the_least_objective(fit_total_variation, p)


@check("fit_monotone", public=True)
@settings(max_examples=25)
@given(p=fit_problems())
@example(p=SINGULAR)
def monotone_is_the_least(fit_monotone: StudentFunction, p: FitProblem) -> None:
    """Your monotone fit never falls, and no such alpha has a lower objective. K and y aren't changed."""
    has_the_least_objective(fit_monotone, p)


# ---- chosen_least_squares, chosen_huber, chosen_total_variation, chosen_monotone ------------------------------------


def read_choice(choice: Any, name: str) -> tuple[float, ...]:
    """gamma and the penalties of a choice, in the order of the fit's arguments; fail where one can't be read."""
    keys = ("gamma", *PENALTIES[name.removeprefix("chosen_")])
    if isinstance(choice, tuple) and choice:
        choice = choice[0]  # the error of the choice beside it
    if not isinstance(choice, dict):
        kind = "a function" if isinstance(choice, StudentFunction) else describe(choice)
        fail(f"{name} should be a dictionary with the keys {', '.join(keys)}; it is {kind}.")
    values = []
    for key in keys:
        expect(key in choice, f"{name} has no entry for {key!r}.", f"its keys are {show(list(choice))}")
        expect(not isinstance(choice[key], bool), f"{name}[{key!r}] should be a number; it is {choice[key]}.")
        value = as_number(choice[key], f"{name}[{key!r}]")
        in_range = 1e-12 <= value <= 1e12  # false for NaN, too
        expect(in_range, f"{name}[{key!r}] should lie between 1e-12 and 1e12; it is {show(value)}.")
        values.append(value)
    return tuple(values)


@check("chosen_least_squares", public=True)
def chosen_least_squares_has_its_form(chosen_least_squares: Any) -> None:
    """Your choice for least squares holds gamma and lam, positive numbers. (How good it is, you see later.)"""
    read_choice(chosen_least_squares, "chosen_least_squares")


@check("chosen_huber", public=True)
def chosen_huber_has_its_form(chosen_huber: Any) -> None:
    """Your choice for the Huber loss holds gamma and lam, positive numbers. (How good it is, you see later.)"""
    read_choice(chosen_huber, "chosen_huber")


@check("chosen_total_variation", public=True)
def chosen_total_variation_has_its_form(chosen_total_variation: Any) -> None:
    """Your choice for total variation holds gamma, lam1 and lam2, positive numbers. (How good it is, you see later.)"""
    read_choice(chosen_total_variation, "chosen_total_variation")


@check("chosen_monotone", public=True)
def chosen_monotone_has_its_form(chosen_monotone: Any) -> None:
    """Your choice for the monotone fit holds gamma and lam, positive numbers. (How good it is, you see later.)"""
    read_choice(chosen_monotone, "chosen_monotone")


# ---- fit_monotone_on_grid -------------------------------------------------------------------------------------------


def lower_bound_on_grid(alpha: np.ndarray, p: GridProblem) -> float:
    """A number that the objective can't go below where K_grid alpha never falls: as in shared/duality.py.

    With root' root = K and theta = root alpha, the steps on the grid are steps theta, and at the minimum
    2 lam theta = root u + steps' v, where v, one multiplier for each step, is nowhere negative.
    """
    d, U = np.linalg.eigh(p.K)
    kept = d > 1e-12 * d.max()
    root = np.sqrt(d[kept])[:, np.newaxis] * U.T[kept]
    steps = np.diff(p.K_grid @ (U[:, kept] / np.sqrt(d[kept])), axis=0)
    u = 2 * (p.y - p.K @ alpha)
    v, _ = nnls(steps.T, 2 * p.lam * (root @ alpha) - root @ u)
    pull = root @ u + steps.T @ v
    return float(u @ p.y - u @ u / 4 - pull @ pull / (4 * p.lam))


@check("fit_monotone_on_grid", public=True)
@settings(max_examples=25)
@given(p=grid_problems())
def monotone_on_grid_is_the_least(fit_monotone_on_grid: StudentFunction, p: GridProblem) -> None:
    """K_grid alpha never falls, and no such alpha has a lower objective. K, K_grid and y aren't changed."""
    observation = fit_monotone_on_grid.observe(p.K, p.K_grid, p.y, p.lam)
    alpha = read_alpha(observation, len(p.y), "fit_monotone_on_grid")
    never_falls(p.K_grid @ alpha, "K_grid alpha")
    cost, unit = (objective("monotone", at, p.K, p.y, p.lam) for at in (alpha, np.zeros(len(p.y))))
    has_small_gap(cost, lower_bound_on_grid(alpha, p) if cost <= 2 * unit else -np.inf, unit)
    unchanged(observation, "fit_monotone_on_grid", ("K", "K_grid", "y"))
