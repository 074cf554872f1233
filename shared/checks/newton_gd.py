"""The checks of newton_gd that you can run: properties that every right answer has, without the answer.

`grader.check("gradient")` runs those of one question. When you hand in, more checks compare with the course's answers.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kit.calling import Observation
from shared.kit.checking import (
    StudentFunction,
    as_array,
    as_dict,
    as_figure,
    as_number,
    check,
    close,
    describe,
    drawn_points,
    expect,
    fail,
    finite,
    quiet,
    returned,
    run_seed,
    show,
    unchanged,
)
from shared.kit.slopes import differences
from shared.kit.statistics import StandardNormal, likely
from shared.kit.values import Figure, seeded
from shared.problems import LogisticProblem, TwoClasses, log_odds, logistic_problems, overlapping_problems, two_classes

METHODS = ("newton", "gradient_descent")
LECTURE_THETA_STAR = np.array([1.5, 3.0])  # for the means -2 and 1 and standard deviation 1
SAMPLE = LogisticProblem(
    theta=np.array([0.5, -1.0]),
    X=np.array([[1.0, -2.0], [1.0, 0.5], [1.0, 1.0], [1.0, 0.0], [1.0, 2.0]]),
    y=np.array([-1.0, -1.0, 1.0, 1.0, 1.0]),
)


# ---- sigmoid --------------------------------------------------------------------------------------------------------


@check("sigmoid", public=True)
@settings(max_examples=25)
@given(z=log_odds())
def sigmoid_known_values(sigmoid: StudentFunction, z: np.ndarray) -> None:
    """Your sigmoid is 1/2 at 0, 3/5 at log 1.5 and 3/4 at log 3, and sigmoid(-z) = 1 - sigmoid(z)."""
    zeros = np.zeros((2, 3))
    for fact, right in ((0.0, 0.5), (np.log(1.5), 0.6), (np.log(3), 0.75), (zeros, zeros + 0.5)):
        close(sigmoid(fact), right, "sigmoid", at={"z": fact})
    values = as_array(sigmoid(z), z.shape, "sigmoid")
    finite(values, "sigmoid")
    close(sigmoid(-z), 1 - values, "sigmoid(-z)")


@check("sigmoid", public=True)
def sigmoid_far_out(sigmoid: StudentFunction) -> None:
    """Your sigmoid rises from 0 to 1 without overflow or a warning, even at -10000 and 10000."""
    z = np.array([-1e4, -1e3, -710.5, -30.0, -1.0, 0.0, 1.0, 30.0, 710.5, 1e3, 1e4])
    observation = sigmoid.observe(z)
    values = as_array(returned(observation, "sigmoid"), z.shape, "sigmoid")
    finite(values, "sigmoid")
    details = f"z       = {show(z)}\nsigmoid = {show(values)}"
    expect((np.diff(values) >= 0).all(), "Your sigmoid falls somewhere.", details)
    expect(values[0] < 1e-12 and values[-1] > 1 - 1e-12, "Your sigmoid doesn't go from 0 to 1.", details)
    expect(values.min() >= 0 and values.max() <= 1, "Your sigmoid leaves the interval from 0 to 1.", details)
    quiet(observation, "sigmoid")


@check("sigmoid", public=True)
def sigmoid_keeps_z(sigmoid: StudentFunction) -> None:
    """Your sigmoid doesn't change the array that it is given."""
    z = np.array([-2.0, 0.5, 1e3])
    observation = sigmoid.observe(z)
    as_array(returned(observation, "sigmoid"), z.shape, "sigmoid")
    unchanged(observation, "sigmoid", ("z",))


# ---- risk, gradient, hessian ----------------------------------------------------------------------------------------


@check("risk", public=True)
@settings(max_examples=25)
@given(p=logistic_problems())
def risk_known_values(risk: StudentFunction, p: LogisticProblem) -> None:
    """Your risk is log 2 at theta = 0, log 4/3 or log 4 where the model says 3/4, and the mean over the samples."""
    zero = np.zeros_like(p.theta)
    close(risk(zero, p.X, p.y), np.log(2), "risk at theta = 0", at={"theta": zero, "X": p.X, "y": p.y})
    theta, x = np.array([np.log(3)]), np.array([[1.0]])
    for y, right in ((np.array([1.0]), np.log(4 / 3)), (np.array([-1.0]), np.log(4))):
        at = {"theta": theta, "X": x, "y": y}
        close(risk(theta, x, y), right, "risk of one sample with P(y = 1) = 3/4", at=at)
    alone = [as_number(risk(p.theta, p.X[i : i + 1], p.y[i : i + 1]), "risk") for i in range(min(len(p.y), 4))]
    finite(np.array(alone), "risk")
    close(risk(p.theta, p.X[:4], p.y[:4]), np.mean(alone), "risk of several samples (the mean of their risks)")


@check("risk", public=True)
def risk_far_out(risk: StudentFunction) -> None:
    """Your risk is right without overflow or a warning, even where the log-odds are -10000 and 10000."""
    x = np.array([[1.0], [-1.0]])
    for size in (30.0, 1e3, 1e4):
        for label, right in ((1.0, 0.0), (-1.0, size)):  # far out the risk is 0 or the size of the log-odds
            theta, y = np.array([size]), np.array([label, -label])
            observation = risk.observe(theta, x, y)
            close(returned(observation, "risk"), right, f"risk at log-odds of {size:.0f}")
            quiet(observation, "risk")


# The error of central differences stays below 1e-6 on columns of unit scale, which is what the checks allow: with
# |x| <= 2 the third derivative of the risk is below 0.1 * 2**3 and the fourth (for the Hessian) below 0.13 * 2**4, so
# cutting off the series costs at most step**2 / 6 * 2.1 = 4e-11; rounding, of values up to 10, costs about
# 1e-15 * 10 / step = 1e-9.
@check("gradient", public=True)
@settings(max_examples=25)
@given(p=logistic_problems())
def gradient_is_the_slope(gradient: StudentFunction, risk: StudentFunction, p: LogisticProblem) -> None:
    """Your gradient is the slope of your risk."""
    value = as_array(gradient(p.theta, p.X, p.y), p.theta.shape, "gradient")
    slope = differences(lambda theta: np.array(as_number(risk(theta, p.X, p.y), "risk")), p.theta)
    finite(slope, "The slope of your risk")
    close(value, np.round(slope, 9), "gradient", tolerance=1e-6, message="Your gradient isn't the slope of your risk")


@check("hessian", public=True)
@settings(max_examples=25)
@given(p=logistic_problems())
def hessian_is_the_slope(hessian: StudentFunction, gradient: StudentFunction, p: LogisticProblem) -> None:
    """Your Hessian is the matrix of the slopes of your gradient."""
    d = len(p.theta)
    value = as_array(hessian(p.theta, p.X, p.y), (d, d), "hessian")
    slopes = differences(lambda theta: as_array(gradient(theta, p.X, p.y), (d,), "gradient"), p.theta)
    finite(slopes, "The slope of your gradient")
    message = "Your Hessian isn't the matrix of slopes of your gradient"
    close(value, np.round(slopes, 9), "hessian", tolerance=1e-6, message=message)


@check("risk", public=True)
def risk_keeps_its_arguments(risk: StudentFunction) -> None:
    """Your risk doesn't change theta, X or y."""
    observation = risk.observe(SAMPLE.theta, SAMPLE.X, SAMPLE.y)
    finite(np.array(as_number(returned(observation, "risk"), "risk")), "risk")
    unchanged(observation, "risk", ("theta", "X", "y"))


@check("gradient", public=True)
def gradient_keeps_its_arguments(gradient: StudentFunction) -> None:
    """Your gradient doesn't change theta, X or y."""
    observation = gradient.observe(SAMPLE.theta, SAMPLE.X, SAMPLE.y)
    finite(as_array(returned(observation, "gradient"), (2,), "gradient"), "gradient")
    unchanged(observation, "gradient", ("theta", "X", "y"))


@check("hessian", public=True)
def hessian_keeps_its_arguments(hessian: StudentFunction) -> None:
    """Your Hessian doesn't change theta, X or y."""
    observation = hessian.observe(SAMPLE.theta, SAMPLE.X, SAMPLE.y)
    finite(as_array(returned(observation, "hessian"), (2, 2), "hessian"), "hessian")
    unchanged(observation, "hessian", ("theta", "X", "y"))


# ---- newton ---------------------------------------------------------------------------------------------------------

SEPARABLE = (
    LogisticProblem(
        np.zeros(2), np.array([[1.0, -2.0], [1.0, -1.0], [1.0, 1.0], [1.0, 2.0]]), np.array([-1.0, -1, 1, 1])
    ),
    LogisticProblem(np.array([0.1, 0.0]), np.array([[1.0, -1.0], [1.0, 0.5], [1.0, 1.0]]), np.array([1.0, 1, 1])),
)
NOT_THE_STUDENTS = (  # warnings that come by themselves
    re.compile(r"(overflow|underflow|divide by zero|invalid value) encountered"),
    re.compile(r"DeprecationWarning|FutureWarning|LinAlgWarning|ResourceWarning"),
)


def own_warnings(observation: Observation) -> list[str]:
    """The warnings that a call gave on purpose: not those of numpy's arithmetic, nor those about old names."""
    arithmetic, category = NOT_THE_STUDENTS
    return [text for kind, text in observation.warnings if not arithmetic.match(text) and not category.search(kind)]


@check("newton", public=True)
@settings(max_examples=25)
@given(p=overlapping_problems())
def newton_ends_where_the_gradient_vanishes(
    newton: StudentFunction, gradient: StudentFunction, p: LogisticProblem
) -> None:
    """Your gradient is 0 where your Newton's method ends."""
    theta = as_array(newton(p.X, p.y, p.theta), p.theta.shape, "newton")
    finite(theta, "newton")
    slope = as_array(gradient(theta, p.X, p.y), p.theta.shape, "gradient")
    finite(slope, "gradient")
    details = f"newton ended at {show(theta)}\nyour gradient there is {show(slope)}"
    expect(
        np.abs(slope).max() < 1e-8,
        "Your gradient isn't 0 (to 1e-8) where newton ended: did it stop too early?",
        details,
    )


@check("newton", public=True)
def newton_warns_of_separable_classes(newton: StudentFunction) -> None:
    """Your Newton's method gives finite numbers and its own warning where the classes are separable, and only there."""
    for p in SEPARABLE:
        observation = newton.observe(p.X, p.y, p.theta)
        theta = as_array(returned(observation, "newton"), p.theta.shape, "newton")
        where = f"theta0 = {show(p.theta)}\nX = {show(p.X)}\ny = {show(p.y)}"
        finite(theta, "newton", f"{where}\nnewton returned {show(theta)}")
        expect(own_warnings(observation), "newton gave no warning (by warnings.warn) for separable classes.", where)
    observation = newton.observe(SAMPLE.X, SAMPLE.y, SAMPLE.theta)
    as_array(returned(observation, "newton"), SAMPLE.theta.shape, "newton")
    where = f"theta0 = {show(SAMPLE.theta)}\nX = {show(SAMPLE.X)}\ny = {show(SAMPLE.y)}"
    expect(not own_warnings(observation), "newton gave a warning for classes that overlap.", where)


@check("newton", public=True)
def newton_keeps_its_arguments(newton: StudentFunction) -> None:
    """Your Newton's method doesn't change X, y or theta0."""
    observation = newton.observe(SAMPLE.X, SAMPLE.y, SAMPLE.theta)
    finite(as_array(returned(observation, "newton"), SAMPLE.theta.shape, "newton"), "newton")
    unchanged(observation, "newton", ("X", "y", "theta0"))


# ---- gradient_descent -----------------------------------------------------------------------------------------------


@check("gradient_descent", public=True)
@settings(max_examples=25)
@given(p=logistic_problems(), learning_rate=st.sampled_from((1.0, 0.5, 20.0)))
def gradient_descent_takes_its_first_steps(
    gradient_descent: StudentFunction, gradient: StudentFunction, p: LogisticProblem, learning_rate: float
) -> None:
    """Your gradient descent goes learning_rate times your gradient, then 50/51 of learning_rate times it, downhill."""

    def slope(theta: np.ndarray) -> np.ndarray:
        value = as_array(gradient(theta, p.X, p.y), theta.shape, "gradient")
        finite(value, "gradient")
        return value

    first = as_array(gradient_descent(p.X, p.y, p.theta, learning_rate, 1), p.theta.shape, "gradient_descent")
    after_one = p.theta - learning_rate * slope(p.theta)
    close(first, after_one, "gradient_descent after 1 step")
    after_two = after_one - learning_rate * 50 / 51 * slope(after_one)
    close(gradient_descent(p.X, p.y, p.theta, learning_rate, 2), after_two, "gradient_descent after 2 steps")


@check("gradient_descent", public=True)
def gradient_descent_keeps_its_arguments(gradient_descent: StudentFunction) -> None:
    """Your gradient descent doesn't change X, y or theta0."""
    observation = gradient_descent.observe(SAMPLE.X, SAMPLE.y, SAMPLE.theta, 1.0, 3)
    finite(
        as_array(returned(observation, "gradient_descent"), SAMPLE.theta.shape, "gradient_descent"), "gradient_descent"
    )
    unchanged(observation, "gradient_descent", ("X", "y", "theta0"))


# ---- theta_star, generate_data --------------------------------------------------------------------------------------


@check("theta_star", public=True)
@settings(max_examples=25)
@given(c=two_classes())
def theta_star_is_even_in_the_middle(theta_star: StudentFunction, c: TwoClasses) -> None:
    """Your theta_star is (1.5, 3) in the lecture, gives log-odds 0 midway between the means, in any unit of x."""
    lecture = {"mu_neg": -2.0, "mu_pos": 1.0, "sigma": 1.0}
    close(theta_star(*lecture.values()), LECTURE_THETA_STAR, "theta_star", at=lecture)
    theta = as_array(theta_star(c.mu_neg, c.mu_pos, c.sigma), (2,), "theta_star")
    finite(theta, "theta_star")
    middle = theta[0] + theta[1] * (c.mu_neg + c.mu_pos) / 2
    expect(abs(middle) < 1e-8, "Midway between the means, your log-odds aren't 0.", f"theta_star = {show(theta)}")
    doubled = theta_star(2 * c.mu_neg, 2 * c.mu_pos, 2 * c.sigma)  # x in half the unit: half the slope
    message = "With all three numbers doubled (x in half the unit), the intercept should stay and the slope halve"
    close(doubled, theta * (1, 0.5), "theta_star", message=message)


def read_sample(value: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """X (n, 2) and y (n,) as generate_data should return them; fail where they aren't a sample."""
    if not isinstance(value, tuple | list) or len(value) < 2:
        fail(f"generate_data should return X and y; it returned {describe(value)}.")
    X, y = as_array(value[0], (n, 2), "generate_data (X)"), as_array(value[1], (n,), "generate_data (y)")
    finite(X, "generate_data (X)")
    expect((X[:, 0] == 1).all(), "The first column of X should be ones.")
    expect(np.isin(y, (-1.0, 1.0)).all(), "The labels should be -1 and +1.", f"the labels seen: {show(np.unique(y))}")
    return X, y


MEAN_LEVEL = 2e-9  # for each class: 6 standard errors


def comes_from_its_generator(generate_data: StudentFunction) -> None:
    """Fail where small samples lack their form, or where data don't come from the generator given."""
    for n in (1, 7):
        read_sample(generate_data(n, -2.0, 1.0, 1.0, seeded(run_seed())), n)
    n = 50
    X, y = read_sample(generate_data(n, 3.0, -1.0, 0.5, seeded(run_seed())), n)
    again, labels = read_sample(generate_data(n, 3.0, -1.0, 0.5, seeded(run_seed())), n)
    same = np.array_equal(X, again) and np.array_equal(y, labels)
    expect(same, "Two generators with the same seed gave different data: take every random number from rng.")
    other, labels = read_sample(generate_data(n, 3.0, -1.0, 0.5, seeded(run_seed(1))), n)
    message = "Two generators with different seeds gave the same data."
    expect(not np.array_equal(X, other) and not np.array_equal(y, labels), message)


# Given the labels, sqrt(k) (mean - mu) / sigma of the k samples in a class is standard normal. A class is empty with
# probability 2^-999; two sets of 50 labels are equal with probability 2^-50.
@check("generate_data", public=True, error_rate=2 * MEAN_LEVEL)
def generate_data_is_a_sample(generate_data: StudentFunction) -> None:
    """Your data have a column of ones, labels -1 and +1, the right means, and come from the generator given."""
    comes_from_its_generator(generate_data)
    n, means, sigma = 1000, {-1.0: 3.0, 1.0: -1.0}, 0.5
    X, y = read_sample(generate_data(n, means[-1.0], means[1.0], sigma, seeded(run_seed())), n)
    for label, mean in means.items():
        x = X[y == label, 1]
        expect(len(x) > 0, f"None of {n} labels is {label:+.0f}.")
        off = np.sqrt(len(x)) * (x.mean() - mean) / sigma
        details = f"mean of x where y = {label:+.0f}: {x.mean():.4g}, the model's: {mean:.4g}"
        message = "The mean of x in a class is further from the model's than luck can explain."
        likely(f"mean in class {label:+.0f}", off, StandardNormal(), MEAN_LEVEL, message, details)


# ---- simulate_estimates ---------------------------------------------------------------------------------------------


def read_estimates(value: Any, sizes: tuple[int, ...], M: int) -> dict[int, np.ndarray]:
    """{n: (M, 2)} as simulate_estimates should return it; fail where it isn't."""
    name = "simulate_estimates"
    estimates = as_dict(value, sizes, name)
    expect(len(estimates) == len(sizes), f"{name} should have one entry for each sample size.")
    arrays = {n: as_array(estimates[n], (M, 2), f"{name} (each entry)") for n in sizes}
    for array in arrays.values():
        finite(array, name)
    return arrays


def estimates_have_their_form(simulate_estimates: StudentFunction) -> None:
    """Fail where estimates aren't {n: (M, 2)}, don't come from the generator, or any name of a method will do."""
    sizes, M = (40, 20), 3
    by_method = {}
    for method in METHODS:
        observation = simulate_estimates.observe(method, list(sizes), M, seeded(run_seed()))
        value = returned(observation, "simulate_estimates")
        by_method[method] = read_estimates(value, sizes, M)
        unchanged(observation, "simulate_estimates", ("method", "sample_sizes", "M"))
    found = by_method["newton"]
    rows = np.concatenate(list(found.values()))
    expect(len(np.unique(rows, axis=0)) == len(rows), "Two replicates gave the same estimate: give each its own data.")
    again = read_estimates(simulate_estimates("newton", list(sizes), M, seeded(run_seed())), sizes, M)
    same = all(np.array_equal(found[n], again[n]) for n in sizes)
    expect(same, "Two generators with the same seed gave different estimates: take every random number from rng.")
    other = read_estimates(simulate_estimates("newton", list(sizes), M, seeded(run_seed(1))), sizes, M)
    differ = not any(np.array_equal(found[n], other[n]) for n in sizes)
    expect(differ, "Two generators with different seeds gave the same estimates.")
    differ = not all(np.array_equal(found[n], by_method["gradient_descent"][n]) for n in sizes)
    expect(differ, "Both methods gave the very same estimates: does yours look at the method?")
    for method in ("bisection", "gradient"):
        observation = simulate_estimates.observe(method, [40], 2, seeded(run_seed()))
        expect(observation.raised is not None, f"simulate_estimates({method!r}, ...) raised no ValueError.")
        kind = observation.raised.type_name if observation.raised else ""
        expect(kind == "ValueError", f"simulate_estimates({method!r}, ...) raised {kind}, not ValueError.")


@check("simulate_estimates", public=True)
def simulate_estimates_has_its_form(simulate_estimates: StudentFunction) -> None:
    """Your estimates are a dictionary {n: (M, 2)} and come from the generator given, by either method and no other."""
    estimates_have_their_form(simulate_estimates)


# ---- optimization_errors --------------------------------------------------------------------------------------------


def entry(method: str) -> str:
    """What messages call the errors of one method."""
    return f"optimization_errors ({method})"


def read_errors(value: Any, steps: list[int]) -> dict[str, np.ndarray]:
    """The two arrays of optimization_errors; fail where one is missing, not finite or negative."""
    found = as_dict(value, METHODS, "optimization_errors")
    arrays = {method: as_array(found[method], (len(steps),), entry(method)) for method in METHODS}
    for method, errors in arrays.items():
        finite(errors, entry(method))
        # rounding is about 1e-16, and an honest minimiser may be off by a little more
        details = f"steps {show(steps)}: {show(errors)}"
        expect(errors.min() > -1e-10, f"An error of {method!r} is negative: the minimum isn't the least risk.", details)
    return arrays


# Columns so small that gradient descent is stable at its default rate of 20: the largest curvature is at most
# |x|^2 / 4 <= 4 / 4^2 / 4 = 1/16, and 20/16 < 2. Otherwise rounding would grow from step to step.
TAME = 1 / 4


@check("optimization_errors", public=True)
@settings(max_examples=8)
@given(p=overlapping_problems(scale=TAME), steps=st.sampled_from(([1], [0, 1, 3], [4, 0])))
def optimization_errors_are_above_the_minimum(
    optimization_errors: StudentFunction,
    newton: StudentFunction,
    gradient_descent: StudentFunction,
    risk: StudentFunction,
    p: LogisticProblem,
    steps: list[int],
) -> None:
    """Your errors are the risk that your methods reach after t steps, less the least risk."""
    found = read_errors(optimization_errors(p.X, p.y, p.theta, steps), steps)

    def height(theta: Any, name: str) -> float:
        return as_number(risk(as_array(theta, p.theta.shape, name), p.X, p.y), "risk")

    least = height(newton(p.X, p.y, np.zeros_like(p.theta), 30), "newton")
    by_newton = [height(newton(p.X, p.y, p.theta, t), "newton") - least for t in steps]
    by_descent = [height(gradient_descent(p.X, p.y, p.theta, 20.0, t), "gradient_descent") - least for t in steps]
    finite(np.array([by_newton, by_descent]), "The risk that your methods reach")
    close(found["newton"], by_newton, entry("newton"))
    close(found["gradient_descent"], by_descent, entry("gradient_descent"))


@check("optimization_errors", public=True)
def optimization_errors_keeps_its_arguments(optimization_errors: StudentFunction) -> None:
    """Your optimization_errors doesn't change X, y, theta0 or steps."""
    steps = [2, 0, 1]
    observation = optimization_errors.observe(SAMPLE.X, SAMPLE.y, SAMPLE.theta, steps)
    read_errors(returned(observation, "optimization_errors"), steps)
    unchanged(observation, "optimization_errors", ("X", "y", "theta0", "steps"))


# ---- the two plots --------------------------------------------------------------------------------------------------


def around(center: np.ndarray, radii: tuple[float, ...]) -> np.ndarray:
    """Points (k, 2) at the given distances from center, in directions 1 radian apart."""
    angles = np.arange(len(radii))
    return center + np.array(radii)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def holds_all(drawn: np.ndarray, expected: np.ndarray) -> bool:
    """Whether each point of expected (k, 2) is among the points drawn, to 1e-6 of the largest coordinate."""
    if not len(drawn):
        return False
    distances = np.abs(drawn[None, :, :] - expected[:, None, :]).max(axis=2)
    return bool((distances.min(axis=1) <= 1e-6 * max(1.0, np.abs(expected).max())).all())


def share_in_sight(axes: Mapping[str, Any], points: np.ndarray) -> float:
    """How many of points (k, 2) lie within the limits of an axes, as a share of all."""
    low, high = np.sort([as_array(axes.get(side), (2,), "The limits of an axis") for side in ("xlim", "ylim")]).T
    return float(((points >= low) & (points <= high)).all(axis=1).mean())


def graph_holds(figure: Figure, expected: np.ndarray, message: str) -> None:
    """Fail unless one axes shows a line or scatter of just the points expected (k, 2), and names both of its axes."""
    for axes in figure.axes:
        drawn = drawn_points(axes)
        single = [points for points in drawn if len(points) == 1]  # a scatter for each point is a graph as well
        for points in [*drawn, *([np.concatenate(single)] if single else [])]:
            if len(points) == len(expected) and holds_all(points, expected):
                named = str(axes.get("xlabel", "")).strip() and str(axes.get("ylabel", "")).strip()
                expect(named, "Label both axes of the figure.")
                expect(share_in_sight(axes, expected) == 1, "Some of the points lie beyond the limits of the axes.")
                return
    lines = [show(points) for axes in figure.axes for points in drawn_points(axes)]
    fail(message, f"drawn: {'; '.join(lines) or 'no line and no points'}\nexpected points (n, error): {show(expected)}")


# extra points that a panel may have beside its cloud: the origin, a mean
MOST_EXTRAS = 3
LEAST_IN_SIGHT = 0.25  # of a cloud: estimates far out may be cut off


def panels_hold(figure: Figure, clouds: dict[int, np.ndarray]) -> None:
    """Fail unless each cloud {n: (M, 2)} has a panel, in order of n, named by n, and all have the same limits."""
    panels = []
    for axes in figure.axes:
        drawn = [points for points in drawn_points(axes, joined=False) if len(points)]
        if drawn:
            panels.append((axes, np.concatenate(drawn)))
    expect(
        len(panels) == len(clouds), f"There should be one panel of points for each n: {len(clouds)}, not {len(panels)}."
    )
    for (axes, points), n in zip(panels, sorted(clouds), strict=True):
        named = re.search(rf"(?<!\d){n}(?!\d)", str(axes.get("title", "")))
        expect(named, "Each panel's title should name its n, and the panels come in order of n.")
        details = f"n = {n}\ndrawn: {show(points)}\nexpected: {show(clouds[n])}"
        message = "A panel doesn't show sqrt(n) (estimate - theta_star), the intercept across and the slope up."
        expect(len(points) <= len(clouds[n]) + MOST_EXTRAS and holds_all(points, clouds[n]), message, details)
        message = "The limits of a panel leave most of its points out."
        expect(share_in_sight(axes, clouds[n]) >= LEAST_IN_SIGHT, message, details)
    for side in ("xlim", "ylim"):
        limits = np.array([as_array(axes.get(side), (2,), "A panel's limits") for axes, _ in panels])
        expect(
            np.ptp(limits, axis=0).max() <= 1e-6 * np.abs(limits).max(),
            f"The panels differ in their {side}: give all the same limits.",
        )


@check("plot_errors", public=True)
def plot_errors_shows_the_median(plot_errors: StudentFunction) -> None:
    """Your figure shows the median distance from theta_star against n, with names on both axes."""
    radii = {30: (0.1, 0.2, 1.0, 1.5, 40.0), 90: (0.2, 0.3, 0.5, 9.0, 9.5), 400: (0.05, 0.1, 0.25, 0.3, 4.0)}
    estimates = {n: around(LECTURE_THETA_STAR, distances) for n, distances in radii.items()}
    figure = as_figure(plot_errors(estimates), "plot_errors")
    expected = np.array([[30.0, 1.0], [90.0, 0.5], [400.0, 0.25]])  # the third of each five distances
    graph_holds(figure, expected, "No line or points of the figure go through (n, median distance).")


@check("plot_scaled_scatter", public=True)
def plot_scaled_scatter_has_its_panels(plot_scaled_scatter: StudentFunction) -> None:
    """Your figure has a panel for each n with sqrt(n) times the errors, its title naming n, and the same limits."""
    clouds = {
        n: around(np.zeros(2), radii)
        for n, radii in {25: (1.0, 2, 3, 4), 64: (2.0, 1, 4, 5), 400: (1.0, 3, 2, 6)}.items()
    }
    estimates = {n: LECTURE_THETA_STAR + cloud / np.sqrt(n) for n, cloud in clouds.items()}
    panels_hold(as_figure(plot_scaled_scatter(estimates), "plot_scaled_scatter"), clouds)
