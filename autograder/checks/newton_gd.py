"""The private checks of newton_gd: comparison with the reference, and exact tests of what is random."""

import math
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from shared.checks.newton_gd import (
    LECTURE_THETA_STAR,
    SEPARABLE,
    TAME,
    comes_from_its_generator,
    entry,
    estimates_have_their_form,
    graph_holds,
    own_warnings,
    panels_hold,
    read_errors,
    read_estimates,
    read_sample,
)
from shared.kit.checking import (
    StudentFunction,
    as_array,
    as_figure,
    check,
    close,
    expect,
    finite,
    quiet,
    returned,
    run_seed,
    show,
    unchanged,
)
from shared.kit.statistics import (
    Binomial,
    ChiSquare,
    StandardNormal,
    TwoSampleDistance,
    UniformDistance,
    likely,
    two_sample_distance,
    uniform_distance,
)
from shared.kit.values import seeded
from shared.problems import LogisticProblem, TwoClasses, log_odds, logistic_problems, overlapping_problems, two_classes
from solutions import newton_gd as reference


def expected(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the reference returns; its own warnings (on samples that it meets by design) aren't for anyone to read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


# Of each question's points at least half is for one check that asks for the whole contract: values, edge cases,
# warnings, the caller's arguments. The others, public ones among them, are rungs on the way there.

# ---- sigmoid, risk, gradient, hessian, theta_star -------------------------------------------------------------------
# Right answers differ by rounding alone, and the tolerance is 1e-8 times max(1, largest entry). Only the first column
# is large (200, times 40), so no large terms cancel in the log-odds z: they are good to 1e-15 |z|, below 1e-11, and so
# is the risk. Probabilities are good to 1e-16, and where 40 > |z| to 1e-13 at worst. Times entries of X, up to 200 in
# the gradient and 200**2 in the Hessian, that is 1e-11 where weights vanish and 1e-13 of the largest entry where they
# don't. Over 3,000 generated problems right answers in other styles differ by 5e-12 at most.


@check("sigmoid", weight=3)
@settings(max_examples=25)
@given(z=log_odds(far=True))
@example(z=np.array([0.75, -0.5, 1e-3]))
def sigmoid_is_right(sigmoid: StudentFunction, z: np.ndarray) -> None:
    """Your sigmoid is right at every number, small or large, alone or in an array, which it leaves as it was."""
    observation = sigmoid.observe(z)
    close(returned(observation, "sigmoid"), expected(reference.sigmoid, z), "sigmoid")
    quiet(observation, "sigmoid")
    unchanged(observation, "sigmoid", ("z",))
    for other, name in ((float(z.flat[0]), "sigmoid of a number"), (z.astype(int), "sigmoid of whole numbers")):
        close(sigmoid(other), expected(reference.sigmoid, other), name, at={"z": other})


@check("risk", weight=3)
@settings(max_examples=25)
@given(p=logistic_problems(far=True))
def risk_is_right(risk: StudentFunction, p: LogisticProblem) -> None:
    """Your risk is right wherever it is asked, also at log-odds of thousands, and changes no argument."""
    observation = risk.observe(p.theta, p.X, p.y)
    close(returned(observation, "risk"), expected(reference.risk, p.theta, p.X, p.y), "risk")
    quiet(observation, "risk")
    unchanged(observation, "risk", ("theta", "X", "y"))


@check("gradient", weight=2)
@settings(max_examples=25)
@given(p=logistic_problems(far=True))
def gradient_is_right(gradient: StudentFunction, p: LogisticProblem) -> None:
    """Your gradient is right wherever it is asked, also at log-odds of thousands, and changes no argument."""
    observation = gradient.observe(p.theta, p.X, p.y)
    right = expected(reference.gradient, p.theta, p.X, p.y)
    close(returned(observation, "gradient"), right, "gradient")
    unchanged(observation, "gradient", ("theta", "X", "y"))


def _large_problem(n: int = 200_000) -> LogisticProblem:
    """Of so many rows that n times n numbers would be 320 GB, which no machine that grades gives out."""
    X = np.stack([np.ones(n), np.linspace(-2, 2, n)], axis=1)
    return LogisticProblem(np.array([0.5, -1.0]), X, np.where(np.arange(n) % 3 == 0, 1.0, -1.0))


@check("hessian", weight=2)
@settings(max_examples=25)
@given(p=logistic_problems(far=True))
@example(p=_large_problem())
def hessian_is_right(hessian: StudentFunction, p: LogisticProblem) -> None:
    """Your Hessian is right for all data, also of many rows (no n times n numbers), and changes no argument."""
    observation = hessian.observe(p.theta, p.X, p.y)
    close(returned(observation, "hessian"), expected(reference.hessian, p.theta, p.X, p.y), "hessian")
    unchanged(observation, "hessian", ("theta", "X", "y"))


@check("theta_star")
@settings(max_examples=25)
@given(c=two_classes())
def theta_star_is_right(theta_star: StudentFunction, c: TwoClasses) -> None:
    """Your theta_star is right for all means and standard deviations."""
    right = expected(reference.theta_star, c.mu_neg, c.mu_pos, c.sigma)
    close(theta_star(c.mu_neg, c.mu_pos, c.sigma), right, "theta_star")


# ---- newton ---------------------------------------------------------------------------------------------------------


def well_conditioned(p: LogisticProblem) -> bool:
    """Whether the Hessian's condition number stays below 1e4 over the first five Newton steps from p.theta."""
    theta = p.theta
    for _ in range(6):
        curvature = reference.hessian(theta, p.X, p.y)
        if not np.linalg.cond(curvature) < 1e4:
            return False
        theta = theta - np.linalg.solve(curvature, reference.gradient(theta, p.X, p.y))
    return True


# One step from 0, margins of 0.28 and 2.2; and a point where the Hessian is 0 to the last digit, so that the
# least-squares step is 0, too.
JUST_SEPARATED = LogisticProblem(
    np.zeros(2), np.array([[1.0, -2.0], [1.0, -0.25], [1.0, 0.25], [1.0, 2.0]]), np.array([-1.0, -1, 1, 1])
)
FLAT = LogisticProblem(np.array([1000.0]), np.array([[1.0], [2.0]]), np.array([1.0, 1.0]))


def _one_of(n: int) -> LogisticProblem:
    """An intercept alone, and one label of n that is +1: Newton's last step but one is short, and not nothing."""
    return LogisticProblem(np.zeros(1), np.ones((n, 1)), np.where(np.arange(n) == 0, 1.0, -1.0))


@st.composite
def newton_problems(draw: st.DrawFn, *, whole: bool = False) -> LogisticProblem:
    """Overlapping classes, also with columns of different scale. whole: also separable classes, and a column of zeros.

    A column of zeros makes the Hessian singular in exact zeros, whatever the rounding.
    """
    p = draw(st.one_of(overlapping_problems(), st.sampled_from(SEPARABLE)) if whole else overlapping_problems())
    scale = np.array(draw(st.sampled_from(((1, 1, 1, 1), (8, 1, 0.5, 2))))[: len(p.theta)])
    p = LogisticProblem(p.theta / scale, p.X * scale, p.y)
    if whole and draw(st.booleans()):
        p = LogisticProblem(np.append(p.theta, 0.5), np.column_stack([p.X, np.zeros(len(p.y))]), p.y)
    return p


# With condition numbers below 1e4 a step, however it is solved, is off by at most 1e4 * 1e-16 * a few = 1e-11 times
# its length; early steps could magnify that a few times each, later ones square it away, so 1e-8 leaves room. Over
# 20,000 problems like these solve, inv, pinv, lstsq and IRLS differ by 1e-13 at most.
@check("newton")
@settings(max_examples=25)
@given(p=newton_problems(), max_iter=st.sampled_from((1, 5, 25)))
def newton_takes_the_right_steps(newton: StudentFunction, p: LogisticProblem, max_iter: int) -> None:
    """Your Newton's method is where it should be after 1, 5 and 25 steps, also with columns of different scale."""
    assume(well_conditioned(p))
    right = expected(reference.newton, p.X, p.y, p.theta, max_iter)
    close(newton(p.X, p.y, p.theta, max_iter), right, f"newton after {_steps(max_iter)}")


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


@check("newton", weight=4)
@settings(max_examples=60)
@given(p=newton_problems(whole=True), max_iter=st.sampled_from((1, 5, 25, 100)))
@example(p=JUST_SEPARATED, max_iter=1)
@example(p=SEPARABLE[0], max_iter=25)
@example(p=FLAT, max_iter=5)
@example(p=_one_of(10), max_iter=25)
@example(p=_one_of(28), max_iter=25)
def newton_is_right(newton: StudentFunction, p: LogisticProblem, max_iter: int) -> None:
    """Your Newton's method keeps all its promises: the steps, singular Hessians, separable classes, its arguments."""
    right = expected(reference.newton, p.X, p.y, p.theta, max_iter)
    separable = bool((p.y * (p.X @ right) > 0).all())
    used = p.X.any(axis=0)
    assume(separable or well_conditioned(LogisticProblem(p.theta[used], p.X[:, used], p.y)))
    name = f"newton after {_steps(max_iter)}"
    observation = newton.observe(p.X, p.y, p.theta, max_iter)
    theta = as_array(returned(observation, "newton"), p.theta.shape, "newton")
    finite(theta, name, f"{name} returned {show(theta)}")
    if separable:  # after 100 steps the Hessian is 0 to the last digit
        expect(own_warnings(observation), "newton gave no warning (by warnings.warn) for separable classes.")
        if p is FLAT:
            close(theta, p.theta, "newton from where the Hessian is 0")
    elif not used.all():  # what is fitted is unique, the part of theta along zeros isn't; 1e-6 lets a tiny ridge pass
        close(p.X @ theta, p.X @ right, f"X @ theta for {name}, with a column of zeros,", tolerance=1e-6)
    else:
        close(theta, right, name)
    expect(separable or not own_warnings(observation), "newton gave a warning for classes that overlap.")
    if max_iter == 25:
        close(newton(p.X, p.y, p.theta), theta, "newton left to its default of 25 steps")
    unchanged(observation, "newton", ("X", "y", "theta0"))


# ---- gradient_descent -----------------------------------------------------------------------------------------------


# A step magnifies rounding at most |1 - rate * largest curvature| times, with |x|^2 <= 16 at most 4 * 16 / 4 - 1 = 15:
# five steps 15**5 * 1e-15 = 1e-9 at the very worst.
@check("gradient_descent")
@settings(max_examples=25)
@given(p=logistic_problems(), learning_rate=st.sampled_from((1.0, 0.5, 4.0)), max_iter=st.sampled_from((1, 5)))
def gradient_descent_takes_the_right_steps(
    gradient_descent: StudentFunction, p: LogisticProblem, learning_rate: float, max_iter: int
) -> None:
    """Your gradient descent is where it should be after 1 and 5 steps, whatever the learning rate."""
    right = expected(reference.gradient_descent, p.X, p.y, p.theta, learning_rate, max_iter)
    theta = gradient_descent(p.X, p.y, p.theta, learning_rate, max_iter)
    close(theta, right, f"gradient_descent after {_steps(max_iter)}")


def _slow_problem(seed: int, d: int) -> LogisticProblem:
    """Columns so small that descent at rate 20 never overshoots, and for d > 1 that 1000 steps don't end it.

    The largest curvature is at most |x|^2 / 4 <= (1 + 1/4 + 1/4 + 1/4) / 16 / 4 = 0.03, and 20 * 0.03 < 1, so every
    step shrinks the rounding of those before it. For d > 1 the last step is longer than 1e-5, so one step more shows;
    for d = 1 it is shorter than 1e-7, so stopping at a step that seems short shows.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.uniform(0.7, 1.0, (12, 1)) if d == 1 else rng.uniform(0.0, 1.0, (12, d))
    X = sizes * rng.permuted(np.resize([1.0, -1.0], (12, d)), axis=0) * np.array([1.0, 0.5, 0.5, 0.5])[:d] / 4
    return LogisticProblem(rng.uniform(-1, 1, d), X, np.where(np.arange(12) % 3 == 0, 1.0, -1.0))


# The other rate makes a step overshoot up to 2000 * 0.03 = 60 times, and so magnify rounding: three steps to 1e-10.
@check("gradient_descent", weight=3)
def gradient_descent_goes_on_to_the_end(gradient_descent: StudentFunction) -> None:
    """Your gradient descent, left to its defaults, is where 1000 steps at learning rate 20 lead; separable or not."""
    for p in SEPARABLE:
        observation = gradient_descent.observe(p.X, p.y, p.theta)
        theta = as_array(returned(observation, "gradient_descent"), p.theta.shape, "gradient_descent")
        finite(theta, "gradient_descent")
        unchanged(observation, "gradient_descent", ("X", "y", "theta0"))
    for d in (1, 3, 4):
        p = _slow_problem(run_seed(d), d)
        right = expected(reference.gradient_descent, p.X, p.y, p.theta, 20.0, 1000)
        close(gradient_descent(p.X, p.y, p.theta), right, "gradient_descent after 1000 steps")
        right = expected(reference.gradient_descent, p.X, p.y, p.theta, 2000.0, 3)
        close(gradient_descent(p.X, p.y, p.theta, 2000.0, 3), right, "gradient_descent after 3 steps")


# ---- generate_data --------------------------------------------------------------------------------------------------

DATA_LEVEL = 2e-8  # for each of the nine tests below, all exact or, for the last, an upper bound
MANY_PAIRS = 60


@check("generate_data", error_rate=9 * DATA_LEVEL)
def generate_data_follows_the_model(generate_data: StudentFunction) -> None:
    """Your data follow the model: independent labels, each class with probability 1/2, x normal as its class says."""
    comes_from_its_generator(generate_data)
    n, mu_neg, mu_pos, sigma = 4000, 2.0, -1.0, 0.5
    X, y = read_sample(generate_data(n, mu_neg, mu_pos, sigma, seeded(run_seed())), n)

    # the labels: counts are binomial(n, 1/2), and so are the changes between neighbours, binomial(n - 1, 1/2)
    positive, changes = int((y > 0).sum()), int((y[1:] != y[:-1]).sum())
    message = "The classes aren't equally likely."
    likely("labels +1", positive, Binomial(n, 0.5), DATA_LEVEL, message, f"{positive} of {n} labels are +1")
    message = "The labels aren't in random order: each must be drawn independently of the others."
    details = f"{changes} of {n - 1} neighbours differ"
    likely("changes of label", changes, Binomial(n - 1, 0.5), DATA_LEVEL, message, details)
    # x given the labels: each z is standard normal
    z = (X[:, 1] - np.where(y > 0, mu_pos, mu_neg)) / sigma
    message = "The mean of x in a class isn't the model's."
    for label in (-1.0, 1.0):
        inside = z[y == label]
        mean = inside.sum() / np.sqrt(len(inside)) if len(inside) else 0.0
        likely(f"mean in class {label:+.0f}", mean, StandardNormal(), DATA_LEVEL, message, f"class {label:+.0f}")
    details = f"standard deviation of x in a class: {sigma * np.sqrt(np.mean(z**2)):.4g}, the model's: {sigma}"
    message = "The standard deviation of x isn't the model's."
    likely("sum of squares", (z**2).sum(), ChiSquare(n), DATA_LEVEL, message, details)
    distance = uniform_distance(normal_probability(z))
    likely("distance from normal", distance, UniformDistance(n), DATA_LEVEL, "x isn't normal in its class.")
    # the signs of independent z are throws of a fair coin, and so is whether two of them agree
    message = "The rows aren't independent of each other: draw each x by itself."
    for apart in (1, n // 2):
        agree = int((np.sign(z[apart:]) == np.sign(z[:-apart])).sum())
        details = f"of rows {apart} apart, {agree} of {n - apart} lie on the same side"
        likely(f"agreement {apart} apart", agree, Binomial(n - apart, 0.5), DATA_LEVEL, message, details)
    # two labels differ half of the time; a right answer of two samples always has one of each class only by luck
    mixed = 0
    for k in range(MANY_PAIRS):
        _, labels = read_sample(generate_data(2, mu_neg, mu_pos, sigma, seeded(run_seed(1 + k))), 2)
        mixed += int(labels[0] != labels[1])
    message = "Small samples hold both classes too often: each label must be drawn by itself, whatever the others are."
    details = f"{mixed} of {MANY_PAIRS} samples of size 2 hold both classes"
    likely("pairs of both classes", mixed, Binomial(MANY_PAIRS, 0.5), DATA_LEVEL, message, details)


def normal_probability(z: np.ndarray) -> np.ndarray:
    """P(Z <= z) for a standard normal Z, entry by entry."""
    return np.array([math.erfc(-value / math.sqrt(2)) / 2 for value in z])


# ---- simulate_estimates ---------------------------------------------------------------------------------------------
# The rows of a right answer are independent and have the distribution of the reference's rows, so in a two-sample test
# by ranks every order is equally likely: the p-value is exact, whatever that distribution is. Two things are cut off
# before ranks are taken, so that rounding and the treatment of separable samples can't matter:
#   - FAR: on a separable sample (half of them at n = 20, 4 in 1000 at n = 100, 8e-12 at n = 400) Newton's method is
#     still running away after 25 steps; beyond FAR all values count as one. (Over 6000 samples at n = 20, inv, solve,
#     pinv and lstsq agree to 3 digits everywhere.)
#   - NEAR: distances between the two methods below 1e-8 count as one; converged methods differ by their last digits.
# Ties only make a test milder. The reference's draws come from the run's seed, so that a grade repeats.

ESTIMATES_LEVEL = 5e-8  # for each test
FAR, NEAR = 50.0, 1e-8
REPLICATES, REFERENCE_REPLICATES = 150, 300
COORDINATES = ("intercept", "slope")


@lru_cache(maxsize=16)
def reference_estimates(method: str, n: int, seed: int) -> np.ndarray:
    """Estimates (REFERENCE_REPLICATES, 2) by the reference; with the same seed both methods have the same data."""
    rng = np.random.default_rng(seed)
    return expected(reference.simulate_estimates, method, [n], REFERENCE_REPLICATES, rng)[n]


def alike(name: str, mine: np.ndarray, theirs: np.ndarray, message: str) -> None:
    """Fail where ranks tell the student's values from the reference's."""
    quartiles = (0.25, 0.5, 0.75)
    details = f"quartiles {show(np.quantile(mine, quartiles))}, expected about {show(np.quantile(theirs, quartiles))}"
    apart = two_sample_distance(np.clip(mine, -FAR, FAR), np.clip(theirs, -FAR, FAR))
    null = TwoSampleDistance(len(mine), len(theirs), ties=True)
    likely(name, apart, null, ESTIMATES_LEVEL, message, details)


def distance(estimates: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.clip(estimates, -FAR, FAR) - LECTURE_THETA_STAR, axis=1)


# At n = 400 hardly a sample is separable, at 20 half of them are: there Newton's method runs away and descent doesn't.
# Far apart they also show in the spread where n is ignored, and in this order where one size's estimates are the next
# one's start. At n = 2 half of the samples have one label: there 25 steps end at an intercept of 26 and a bit, whatever
# the rows are, so that a step more or less shows. At n = 1 descent's first step leads to about 10 times the row, and
# the intercept still tells where it began.
# Where the student's two methods see the same data for the same seed (as they do when the random numbers are drawn in
# the same order), the distances between the two show how far descent has come: the one thing in which 100 steps differ
# much from 1000. Where they see other data, few distances are small and that test is left out.
# What these tests can't tell apart: a constant learning rate of 20 from the schedule (both are close to the minimum
# after 1000 steps; gradient_descent's own checks see to it), and, not always, one initial point that is drawn once for
# all replicates from one for each.
@check("simulate_estimates", error_rate=11 * ESTIMATES_LEVEL)
def estimates_are_distributed_right(simulate_estimates: StudentFunction) -> None:
    """Your estimates are distributed as they should be: after 25 Newton steps, and 1000 of descent at rate 20."""
    estimates_have_their_form(simulate_estimates)
    sizes = (20, 400, 2)
    mine, theirs = _estimates(simulate_estimates, "newton", sizes), _reference_estimates("newton", sizes)
    for coordinate, name in enumerate(COORDINATES):
        message = f"The estimates of the {name} by newton aren't distributed as they should be."
        alike(f"{name}, newton, n = 400", mine[400][:, coordinate], theirs[400][:, coordinate], message)
    for n in (20, 400):
        message = "The distances of newton's estimates from theta_star aren't distributed as they should be."
        alike(f"distance, newton, n = {n}", distance(mine[n]), distance(theirs[n]), message)
    message = "On samples of size 2, which are separable, newton's estimates aren't as far out as 25 steps lead."
    lengths = [np.linalg.norm(np.clip(estimates[2], -FAR, FAR), axis=1) for estimates in (mine, theirs)]
    alike("length, newton, n = 2", *lengths, message)  # type: ignore[call-arg]  # there are two

    sizes = (100, 20, 1)
    mine = _estimates(simulate_estimates, "gradient_descent", sizes)
    theirs = _reference_estimates("gradient_descent", sizes)
    for n in (100, 20):
        for coordinate, name in enumerate(COORDINATES):
            message = f"The estimates of the {name} by gradient_descent aren't distributed as they should be."
            alike(f"{name}, gradient_descent, n = {n}", mine[n][:, coordinate], theirs[n][:, coordinate], message)
    message = (
        "On samples of size 1 the intercepts by gradient_descent aren't as they should be: look at where you start."
    )
    alike("size of the intercept, n = 1", np.abs(mine[1][:, 0]), np.abs(theirs[1][:, 0]), message)
    gaps = between(mine[100], _estimates(simulate_estimates, "newton", (100,))[100])
    if np.mean(gaps < 0.5) > 0.5:  # the same data: of independent estimates one in twenty is as close
        right = between(theirs[100], _reference_estimates("newton", (100,))[100])
        message = "Your two methods end further apart on the same data than 25 Newton steps and 1000 descent steps do."
        alike("between methods, n = 100", gaps, right, message)


def _estimates(simulate_estimates: StudentFunction, method: str, sizes: tuple[int, ...]) -> dict[int, np.ndarray]:
    value = simulate_estimates(method, list(sizes), REPLICATES, seeded(run_seed()))
    return read_estimates(value, sizes, REPLICATES)


def _reference_estimates(method: str, sizes: tuple[int, ...]) -> dict[int, np.ndarray]:
    return {n: reference_estimates(method, n, run_seed(n)) for n in sizes}


def between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The distance between two estimates of each sample, between NEAR and 1."""
    return np.clip(np.linalg.norm(np.clip(a, -FAR, FAR) - np.clip(b, -FAR, FAR), axis=1), NEAR, 1.0)


# ---- optimization_errors --------------------------------------------------------------------------------------------


@check("optimization_errors", weight=2)
@settings(max_examples=15)
@given(p=overlapping_problems(scale=TAME), steps=st.sampled_from(([3], [0, 1, 2], [5, 0, 40, 1, 5])))
def optimization_errors_are_right(optimization_errors: StudentFunction, p: LogisticProblem, steps: list[int]) -> None:
    """Your errors are right for both methods, in whatever order the steps are asked for."""
    assume(well_conditioned(p))
    observation = optimization_errors.observe(p.X, p.y, p.theta, steps)
    found = read_errors(returned(observation, "optimization_errors"), steps)
    right = expected(reference.optimization_errors, p.X, p.y, p.theta, steps)
    for method, errors in found.items():
        close(errors, right[method], entry(method))
    unchanged(observation, "optimization_errors", ("X", "y", "theta0", "steps"))


# ---- the two plots --------------------------------------------------------------------------------------------------


def _skewed_estimates(seed: int, spread: float = 3.0) -> dict[int, np.ndarray]:
    """Eleven estimates for each of three sample sizes, not in order: means and medians of the errors lie far apart."""
    rng = np.random.default_rng(seed)
    return {n: LECTURE_THETA_STAR + rng.standard_cauchy((11, 2)) * spread / np.sqrt(n) for n in (700, 60, 150)}


@check("plot_errors")
def plot_errors_is_right(plot_errors: StudentFunction) -> None:
    """Your figure shows the median errors for other estimates too, of any number of sizes, and changes none of them."""
    estimates = _skewed_estimates(run_seed(), spread=30.0)  # errors well above 1, too
    for some in (estimates, {60: estimates[60]}):
        observation = plot_errors.observe(some)
        figure = as_figure(returned(observation, "plot_errors"), "plot_errors")
        medians = [np.median(np.linalg.norm(found - LECTURE_THETA_STAR, axis=1)) for found in some.values()]
        points = np.stack([np.array(list(some), dtype=float), medians], axis=1)
        graph_holds(figure, points, "No line or points of the figure go through (n, median distance).")
        unchanged(observation, "plot_errors", ("estimates",))


@check("plot_scaled_scatter")
def plot_scaled_scatter_is_right(plot_scaled_scatter: StudentFunction) -> None:
    """Your panels come in order of n for other estimates too, of any number of sizes, which stay as they are."""
    estimates = _skewed_estimates(run_seed())
    for some in (estimates, {60: estimates[60]}):
        observation = plot_scaled_scatter.observe(some)
        figure = as_figure(returned(observation, "plot_scaled_scatter"), "plot_scaled_scatter")
        panels_hold(figure, {n: np.sqrt(n) * (found - LECTURE_THETA_STAR) for n, found in some.items()})
        unchanged(observation, "plot_scaled_scatter", ("estimates",))
