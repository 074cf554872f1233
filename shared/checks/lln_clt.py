"""The checks of lln_clt that you can run: properties that every right answer has, without the answer.

`grader.check("running_means")` runs those of one question. When you hand in, more checks compare with the course's
answers, and test your random numbers more closely.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kit.checking import (
    StudentFunction,
    as_array,
    as_dict,
    as_figure,
    as_number,
    check,
    close,
    describe,
    expect,
    fail,
    finite,
    returned,
    run_seed,
    show,
    trying,
    unchanged,
)
from shared.kit.inputs import halves, numbers
from shared.kit.statistics import (
    Binomial,
    ChiSquare,
    StandardNormal,
    UniformDistance,
    likely,
    uniform_distance,
)
from shared.kit.values import Figure, Seeded, seeded

EXACT = 1e-12  # times max(1, largest): right answers in other styles differ by a few times 1e-15 times that
LEVEL = 1e-8  # of each statistic: the probability that luck fails a right answer by it
FAR = 40.0  # standard deviations; no honest draw comes as far
DEGREES = (3, 2, 1)

# ---- inputs ---------------------------------------------------------------------------------------------------------
# Halves, few and small: equal numbers are common, and a failing input is soon worked out by hand.


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of normal distributions: probabilities, means and standard deviations of its components, (k,) each."""

    pi: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.pi, self.mu, self.sigma


LECTURE = Mixture(np.array([0.5, 0.5]), np.array([0.0, 3.0]), np.array([1.0, 1.5]))
UNEVEN_PAIR = Mixture(np.array([0.2, 0.8]), np.array([0.0, 5.0]), np.array([3.0, 2.0]))  # mean 4, variance 5 + 4
EVEN_PAIR = Mixture(np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([1.0, 1.0]))


@st.composite
def sample_rows(draw: st.DrawFn) -> np.ndarray:
    """1 to 3 samples of 1 to 6 halves, a sample in each row."""
    return halves(draw, 4, draw(st.integers(1, 3)), draw(st.integers(1, 6)))


@st.composite
def samples(draw: st.DrawFn) -> np.ndarray:
    """1 to 8 halves from -4 to 4, in any order, equal ones among them."""
    return halves(draw, 4, draw(st.integers(1, 8)))


@st.composite
def any_grids(draw: st.DrawFn) -> np.ndarray:
    """1 to 8 quarters from -5 to 5 in any order; some of them are halves, as the data are."""
    quarters = draw(st.lists(st.integers(-20, 20), min_size=1, max_size=8))
    return np.array(quarters, dtype=float) / 4


@st.composite
def increasing_grids(draw: st.DrawFn) -> np.ndarray:
    """2 to 8 increasing quarters from -5 to 5, the steps between them unequal."""
    quarters = draw(st.lists(st.integers(-20, 20), min_size=2, max_size=8, unique=True))
    return np.array(sorted(quarters), dtype=float) / 4


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    """1 to 3 components with unequal probabilities, means up to 4, standard deviations from 0.5 to 3."""
    k = draw(st.integers(1, 3))
    weights = numbers(draw, st.integers(1, 6), k)
    sigma = draw(st.lists(st.sampled_from((1.0, 2.0, 0.5, 1.5, 3.0)), min_size=k, max_size=k))
    return Mixture(weights / weights.sum(), halves(draw, 4, k), np.array(sigma))


# ---- what several checks share --------------------------------------------------------------------------------------


def normal_probability(z: np.ndarray) -> np.ndarray:
    """P(Z <= z) for a standard normal Z, entry by entry."""
    return np.array([math.erfc(-value / math.sqrt(2)) / 2 for value in np.ravel(z)])


def follows_its_generator(draw: Callable[[Seeded], np.ndarray], name: str) -> None:
    """Fail unless equal generators give equal results, and others give others.

    The results must be continuous random numbers: then no two right ones are equal.
    """
    first = draw(seeded(run_seed()))
    message = f"{name} gave different results for two generators with the same seed: take every random number from rng."
    expect(np.array_equal(first, draw(seeded(run_seed()))), message)
    message = f"{name} gave the same result for two generators with different seeds."
    expect(not np.array_equal(first, draw(seeded(run_seed(1)))), message)


# ---- running_means --------------------------------------------------------------------------------------------------


@check("running_means", public=True)
@settings(max_examples=25)
@given(x=sample_rows(), shift=st.sampled_from((1.0, -2.5)))
def running_means_begin_and_end_right(running_means: StudentFunction, x: np.ndarray, shift: float) -> None:
    """Your running means begin with the first number, end with the mean of all, and move with the numbers."""
    observation = running_means.observe(x)
    means = as_array(returned(observation, "running_means"), x.shape, "running_means")
    finite(means, "running_means")
    message = "The first column should be that of x"
    close(means[:, 0], x[:, 0], "running_means (first column)", tolerance=EXACT, message=message)
    message = "The last column should be the mean of each row"
    close(means[:, -1], x.mean(axis=1), "running_means (last column)", tolerance=EXACT, message=message)
    message = f"With {shift:g} added to all numbers, each mean should change by as much"
    close(running_means(x + shift), means + shift, "running_means", tolerance=EXACT, message=message)
    unchanged(observation, "running_means", ("x",))


# ---- simulate_running_means -----------------------------------------------------------------------------------------


def read_means(value: Any, M: int, n: int) -> np.ndarray:
    """Running means (M, n) as simulate_running_means should return them; fail where they aren't."""
    name = "simulate_running_means"
    means = as_array(value, (M, n), name)
    finite(means, name)
    return means


def draws_behind(means: np.ndarray) -> np.ndarray:
    """The numbers whose running means these are: n times the mean of n, less n - 1 times that of n - 1."""
    return np.diff(means * np.arange(1, means.shape[1] + 1), axis=1, prepend=0.0)


def simulation_has_its_form(simulate_running_means: StudentFunction) -> None:
    """Fail where the shape is wrong, two rows are the same sample, or the numbers don't come from the generator."""
    for nu, n, M in ((3, 1, 1), (2, 4, 1), (1, 1, 3), (2, 5, 3), (3, 2, 6)):
        with trying(nu=nu, n=n, M=M):
            means = read_means(simulate_running_means(nu, n, M, seeded(run_seed())), M, n)
            expect(len(np.unique(means[:, 0])) == M, "Two rows begin with the same number: give each its own sample.")
    follows_its_generator(
        lambda rng: read_means(simulate_running_means(3, 4, 5, rng), 5, 4),
        "simulate_running_means",
    )


# The middle half of t with 1 degree of freedom is from -1 to 1, with 2 from -sqrt(2/3) to sqrt(2/3). Signs and being
# in the middle half are throws of fair coins.
QUARTILES = {2: math.sqrt(2 / 3), 1: 1.0}


@check("simulate_running_means", public=True, error_rate=8 * LEVEL)
def simulated_means_have_their_form(simulate_running_means: StudentFunction) -> None:
    """Your running means have their shape, come from rng, and from numbers with the right median and quartiles."""
    simulation_has_its_form(simulate_running_means)
    n, M = 4, 4000
    for nu, quartile in QUARTILES.items():
        x = draws_behind(read_means(simulate_running_means(nu, n, M, seeded(run_seed(nu))), M, n))
        changes = int(((x[1:, 0] > 0) != (x[:-1, 0] > 0)).sum())
        message = "About half of the rows should begin with another sign than the row before: give each its own sample."
        details = f"nu = {nu}: {changes} of {M - 1}"
        likely(f"changes of sign, nu = {nu}", changes, Binomial(M - 1, 0.5), LEVEL, message, details)
        positive = int((x > 0).sum())
        message = "Of the numbers behind your running means, about half should be positive."
        likely(f"positive, nu = {nu}", positive, Binomial(M * n, 0.5), LEVEL, message, f"{positive} of {M * n}")
        middle = np.abs(x) < quartile
        for which, inside in (("first", middle[:, 0]), ("later", middle[:, 1:])):
            count = int(inside.sum())
            message = f"Of the {which} numbers behind your means, about half should lie between the quartiles of t."
            details = f"nu = {nu}: {count} of {inside.size} lie between {-quartile:.4g} and {quartile:.4g}"
            likely(f"{which} ones in the middle, nu = {nu}", count, Binomial(inside.size, 0.5), LEVEL, message, details)


# ---- tail_probabilities, cauchy_tail --------------------------------------------------------------------------------


def read_counts(value: Any, sizes: tuple[int, ...], M: int) -> list[int]:
    """How many of M means were far out, for each sample size; fail where the estimates aren't shares of M."""
    shares = as_array(value, (len(sizes),), "tail_probabilities")
    finite(shares, "tail_probabilities")
    counts = np.round(shares * M)
    expect((counts >= 0).all() and (counts <= M).all(), "Each estimate should be from 0 to 1.", show(shares))
    message = "Each estimate should be a share of M: a whole number from 0 to M, divided by M."
    expect(np.abs(shares * M - counts).max() < 1e-6, message, f"M = {M}: {show(shares)}")
    return [int(count) for count in counts]


# How often other seeds repeat a count is binomial, given the count. With 2000 samples of size 1 and nu = 1 no count has
# a probability above 0.0179, so five seeds all repeat the first one's with a probability of at most 0.0179**5 =
# 1.84e-9.
SAME_COUNT = 2e-9
OTHERS = 5
LIKELIEST_COUNT = 0.0179


def tails_have_their_form(tail_probabilities: StudentFunction) -> None:
    """Fail where estimates aren't shares of M, sure cases aren't sure, or they don't come from the generator."""
    for sizes, M in (((2,), 1), ((5, 1, 3), 7), ((1, 2), 2)):
        with trying(nu=2, sample_sizes=np.array(sizes), M=M, eps=1.0):
            observation = tail_probabilities.observe(2, np.array(sizes), M, 1.0, seeded(run_seed()))
            read_counts(returned(observation, "tail_probabilities"), sizes, M)
            unchanged(observation, "tail_probabilities", ("nu", "sample_sizes", "M", "eps"))
    sizes = (4, 1, 2)
    for M, eps, right in ((50, 1e12, 0), (50, 0.0, 1), (1, 0.0, 1)):
        with trying(nu=2, sample_sizes=np.array(sizes), M=M, eps=eps):
            counts = read_counts(tail_probabilities(2, np.array(sizes), M, eps, seeded(run_seed())), sizes, M)
            message = f"For eps = {eps:g} and M = {M} every estimate should be {right}"
            expect(counts != [(1 - right) * M] * len(sizes), f"{message}, and each of yours is {1 - right}.")
            expect(counts == [right * M] * len(sizes), f"{message}.", f"of {M}: {counts}")

    def counts_of(sizes: tuple[int, ...], M: int, k: int) -> list[int]:
        return read_counts(tail_probabilities(1, np.array(sizes), M, 1.0, seeded(run_seed(k))), sizes, M)

    same = counts_of((1, 2, 3), 500, 0) == counts_of((1, 2, 3), 500, 0)  # of other numbers 1.6 times in 100,000
    expect(same, "tail_probabilities gave different results for two generators with the same seed: use rng alone.")
    first, *others = (counts_of((1,), 2000, k) for k in range(OTHERS + 1))
    repeated = others.count(first)
    message = f"tail_probabilities gave the same result for {OTHERS + 1} generators with different seeds."
    null = Binomial(OTHERS, LIKELIEST_COUNT, upper=True)
    likely("seeds with the same count", repeated, null, SAME_COUNT, message)


@check("tail_probabilities", public=True, error_rate=SAME_COUNT)
def tails_are_shares(tail_probabilities: StudentFunction) -> None:
    """Your estimates are shares of M, all 1 for eps = 0, all 0 for an enormous eps, and come from rng."""
    tails_have_their_form(tail_probabilities)


def tails_are_likely(
    tail_probabilities: StudentFunction, nu: float, M: int, eps: float, right: Mapping[int, float], seed: int
) -> None:
    """Fail unless the estimates are plausible. right: the exact probability for each sample size.

    Each count is binomial, whether the sample sizes share their numbers or not.
    """
    sizes = tuple(right)
    with trying(nu=nu, sample_sizes=np.array(sizes), M=M, eps=eps):
        counts = read_counts(tail_probabilities(nu, np.array(sizes), M, eps, seeded(run_seed(seed))), sizes, M)
    for n, count in zip(sizes, counts, strict=True):
        details = f"nu = {nu:g}, n = {n}, eps = {eps:g}, M = {M}: {count / M:.4g}, exactly {right[n]:.4g}"
        message = "An estimate is further from the exact probability than luck can explain."
        likely(f"nu = {nu:g}, n = {n}, eps = {eps:g}", count, Binomial(M, right[n]), LEVEL, message, details)


# P(|X| > eps) = 1 - eps / sqrt(2 + eps**2) for t with 2 degrees of freedom. With 1, X and every mean of such X is
# beyond 1 with probability 1/2.
@check("tail_probabilities", public=True, error_rate=4 * LEVEL)
def tails_of_single_numbers(tail_probabilities: StudentFunction) -> None:
    """Your estimates are plausible for samples of size 1, and for nu = 1 and eps = 1, where all are near 1/2."""
    tails_are_likely(tail_probabilities, 2, 4000, 0.5, {1: 1 - 0.5 / math.sqrt(2.25)}, 1)
    tails_are_likely(tail_probabilities, 1, 2000, 1.0, {8: 0.5, 1: 0.5, 3: 0.5}, 2)


CAUCHY = 1e-9  # of the value's size: scipy's own tail of t, as good an answer, is off by 2.8e-11 at eps = 1e-6


@check("cauchy_tail", public=True)
@settings(max_examples=25)
@given(eps=st.integers(1, 400).map(lambda k: k / 8), step=st.sampled_from((0.125, 1.0, 10.0)))
def cauchy_tail_known_values(cauchy_tail: StudentFunction, eps: float, step: float) -> None:
    """Your cauchy_tail is 1/2 at 1, 1/3 at sqrt(3) and 1 at 0, falls, and those of eps and 1/eps add up to 1."""
    for fact, right in ((1.0, 1 / 2), (math.sqrt(3), 1 / 3), (0.0, 1.0)):
        with trying(eps=fact):
            close(cauchy_tail(fact), right, "cauchy_tail", tolerance=CAUCHY)
    value = as_number(cauchy_tail(eps), "cauchy_tail")
    finite(np.array(value), "cauchy_tail")
    close(as_number(cauchy_tail(1 / eps), "cauchy_tail"), 1 - value, "cauchy_tail(1/eps)", tolerance=CAUCHY)
    further = as_number(cauchy_tail(eps + step), "cauchy_tail")
    expect(0 < further < value, "Your cauchy_tail should fall as eps grows, and stay above 0.", f"step: {step:g}")


# ---- lln_holds, clt_holds -------------------------------------------------------------------------------------------


def read_truths(value: Any, name: str) -> dict[int, bool]:
    """{3: bool, 2: bool, 1: bool}; fail where it isn't."""
    found = as_dict(value, DEGREES, name)
    for nu in DEGREES:
        is_truth = isinstance(found[nu], bool | int | float) and found[nu] in (0, 1)
        expect(is_truth, f"{name}[{nu}] should be True or False; it is {describe(found[nu])}.")
    return {nu: bool(found[nu]) for nu in DEGREES}


@check("lln_holds", public=True)
def lln_holds_has_its_form(lln_holds: dict[int, bool]) -> None:
    """Your lln_holds says True or False for the degrees of freedom 3, 2 and 1."""
    read_truths(lln_holds, "lln_holds")


@check("clt_holds", public=True)
def clt_holds_has_its_form(clt_holds: dict[int, bool]) -> None:
    """Your clt_holds says True or False for the degrees of freedom 3, 2 and 1."""
    read_truths(clt_holds, "clt_holds")


# ---- mixture_moments, stratified_limit_sd ---------------------------------------------------------------------------


@check("mixture_moments", public=True)
@settings(max_examples=25)
@given(m=mixtures(), unit=st.sampled_from((2.0, 0.5)))
def mixture_moments_known_values(mixture_moments: StudentFunction, m: Mixture, unit: float) -> None:
    """Your moments are those of a single component, 4 and 3 in an example, and change with the unit of the numbers."""
    single = [Mixture(np.ones(1), m.mu[j : j + 1], m.sigma[j : j + 1]) for j in range(len(m.pi))]
    facts = [(one, [one.mu[0], one.sigma[0]], "mixture_moments of one component") for one in single]
    for fact, right, name in (*facts, (UNEVEN_PAIR, [4.0, 3.0], "mixture_moments")):
        with trying(pi=fact.pi, mu=fact.mu, sigma=fact.sigma):
            close(mixture_moments(*fact.parts), right, name, tolerance=EXACT)
    mean, sd = as_array(mixture_moments(*m.parts), (2,), "mixture_moments")
    finite(np.array([mean, sd]), "mixture_moments")
    message = (
        f"With all numbers times {unit:g} and moved by 3, so should be the mean; the standard deviation only times it"
    )
    moved = mixture_moments(m.pi, unit * m.mu + 3, unit * m.sigma)
    close(moved, [unit * mean + 3, unit * sd], "mixture_moments", tolerance=EXACT, message=message)


@check("stratified_limit_sd", public=True)
@settings(max_examples=25)
@given(m=mixtures(), unit=st.sampled_from((2.0, 0.5)))
def stratified_limit_sd_known_values(stratified_limit_sd: StudentFunction, m: Mixture, unit: float) -> None:
    """Your limit is 1 where all means are equal, sqrt(1/2) and sqrt(5)/3 in two examples, and the same in any unit."""
    level = Mixture(m.pi, np.full_like(m.mu, 2.0), m.sigma)
    for fact, right in ((level, 1.0), (EVEN_PAIR, math.sqrt(1 / 2)), (UNEVEN_PAIR, math.sqrt(5) / 3)):
        with trying(pi=fact.pi, mu=fact.mu, sigma=fact.sigma):
            close(stratified_limit_sd(*fact.parts), right, "stratified_limit_sd", tolerance=EXACT)
    limit = as_number(stratified_limit_sd(*m.parts), "stratified_limit_sd")
    message = f"With all numbers times {unit:g} and moved by 3, the limit should stay the same"
    moved = stratified_limit_sd(m.pi, unit * m.mu + 3, unit * m.sigma)
    finite(np.array(limit), "stratified_limit_sd")
    close(moved, limit, "stratified_limit_sd", tolerance=EXACT, message=message)


# ---- sample_mixture -------------------------------------------------------------------------------------------------


def read_sample(value: Any, n: int) -> np.ndarray:
    """A sample (n,) as sample_mixture should return it; fail where it isn't."""
    x = as_array(value, (n,), "sample_mixture")
    finite(x, "sample_mixture")
    return x


def components_of(x: np.ndarray, m: Mixture) -> np.ndarray:
    """The component whose mean is nearest, for each number: which it came from, where components lie far apart."""
    return np.abs(x[:, None] - m.mu).argmin(axis=1)


SINGLE = Mixture(np.ones(1), np.array([2.0]), np.array([3.0]))
# The middle between two means is 20 standard deviations or more from both: the nearest mean is the right one. It is
# nearer than 10 standard deviations, but for a probability of 1e-23.
APART = Mixture(np.array([0.25, 0.5, 0.25]), np.array([20.0, -30.0, 60.0]), np.array([1.0, 0.5, 1.0]))


def mixture_sample_has_its_form(sample_mixture: StudentFunction) -> None:
    """Fail where the shape is wrong, two numbers are equal, or they don't come from the generator."""
    for n, m in ((1, SINGLE), (1, LECTURE), (2, APART), (7, APART), (30, LECTURE)):
        with trying(n=n, pi=m.pi, mu=m.mu, sigma=m.sigma):
            observation = sample_mixture.observe(n, *m.parts, seeded(run_seed()))
            x = read_sample(returned(observation, "sample_mixture"), n)
            expect(len(np.unique(x)) == n, "Two of the numbers are equal: draw each by itself.")
            unchanged(observation, "sample_mixture", ("n", "pi", "mu", "sigma"))
    follows_its_generator(lambda rng: read_sample(sample_mixture(60, *LECTURE.parts, rng), 60), "sample_mixture")


@check("sample_mixture", public=True, error_rate=2 * LEVEL)
def sample_of_one_component(sample_mixture: StudentFunction) -> None:
    """Your samples have their shape, come from rng, and are normal for a single component."""
    mixture_sample_has_its_form(sample_mixture)
    n = 1000
    x = read_sample(sample_mixture(n, *SINGLE.parts, seeded(run_seed())), n)
    z = np.clip((x - SINGLE.mu[0]) / SINGLE.sigma[0], -FAR, FAR)
    message = "With a single component, the mean of a sample isn't that of its normal distribution."
    likely("mean", z.sum() / math.sqrt(n), StandardNormal(), LEVEL, message, f"mean {x.mean():.4g} of {n} from N(2, 9)")
    message = "With a single component, the standard deviation of a sample isn't that of its normal distribution."
    details = f"standard deviation {x.std():.4g} of {n} from N(2, 9)"
    likely("sum of squares", (z**2).sum(), ChiSquare(n), LEVEL, message, details)


@check("sample_mixture", public=True, error_rate=6 * LEVEL)
def sample_has_all_components_everywhere(sample_mixture: StudentFunction) -> None:
    """Your sample has as many numbers from each component as it should, and so has its first half."""
    n = 2000
    x = read_sample(sample_mixture(n, *APART.parts, seeded(run_seed())), n)
    component = components_of(x, APART)
    far = np.abs(x - APART.mu[component]) > 10 * APART.sigma[component]
    message = "Some numbers are far from the means of all components: each should be drawn from one of them."
    expect(not far.any(), message, f"the means: {show(APART.mu)}; a number: {x[far.argmax()]:.4g}")
    expect(len(np.unique(component)) > 1, "All numbers of a sample come from one component.", f"there are {n}")
    for which, inside in (("the sample", component), ("the first half of the sample", component[: n // 2])):
        for j, p in enumerate(APART.pi):
            count = int((inside == j).sum())
            details = f"{count} of {len(inside)} are near {APART.mu[j]:g}, where pi is {p:g}"
            message = f"In {which}, a component has too many numbers or too few."
            likely(f"component {j} in {which}", count, Binomial(len(inside), p), LEVEL, message, details)


# ---- standardized_means ---------------------------------------------------------------------------------------------


def read_standardized(value: Any, M: int) -> np.ndarray:
    """Standardized means (M,) as standardized_means should return them; fail where they aren't."""
    z = as_array(value, (M,), "standardized_means")
    finite(z, "standardized_means")
    return z


def standardized_means_have_their_form(standardized_means: StudentFunction) -> None:
    """Fail where the shape is wrong, numbers are equal, they are standardized once more, or don't come from rng."""
    for n, M, m in (
        (1, 3, LECTURE),
        (1, 1, LECTURE),
        (5, 1, LECTURE),
        (2, 2, SINGLE),
        (3, 7, APART),
        (2, 1000, LECTURE),
    ):
        with trying(n=n, M=M, pi=m.pi, mu=m.mu, sigma=m.sigma):
            observation = standardized_means.observe(n, M, *m.parts, seeded(run_seed()))
            z = read_standardized(returned(observation, "standardized_means"), M)
            expect(len(np.unique(z)) == M, "Two of the standardized means are equal: give each its own sample.")
            message = "The standardized means add up to 0: standardize by the mixture's mean, not by the mean of all."
            expect(abs(z.sum()) > 1e-12, message, f"M = {M}: {show(z)}")
            message = "The standardized means have the standard deviation 1: divide by the mixture's, not by their own."
            expect(M == 1 or abs(z.std() - 1) > 1e-12, message, f"M = {M}: {show(z)}")
            unchanged(observation, "standardized_means", ("n", "M", "pi", "mu", "sigma"))
    follows_its_generator(
        lambda rng: read_standardized(standardized_means(3, 40, *LECTURE.parts, rng), 40), "standardized_means"
    )


# For a single component they are standard normal, whatever n is. (That a right answer's sum is within 1e-12 of 0, or
# its standard deviation as near to 1, has a probability below 2e-11 in all.)
@check("standardized_means", public=True, error_rate=3 * LEVEL + 2e-11)
def standardized_means_of_one_component(standardized_means: StudentFunction) -> None:
    """Your standardized means have their shape, come from rng, and are standard normal for a single component."""
    standardized_means_have_their_form(standardized_means)
    n, M = 5, 1000
    z = read_standardized(standardized_means(n, M, *SINGLE.parts, seeded(run_seed())), M)
    z = np.clip(z, -FAR, FAR)
    details = f"n = {n}, M = {M}: mean {z.mean():.4g}, standard deviation {z.std():.4g}"
    message = "With a single component, the mean of the standardized means should be near 0."
    likely("mean", z.sum() / math.sqrt(M), StandardNormal(), LEVEL, message, details)
    message = "With a single component, the standard deviation of the standardized means should be near 1."
    likely("sum of squares", (z**2).sum(), ChiSquare(M), LEVEL, message, details)
    message = "With a single component, the standardized means should be normal."
    distance = uniform_distance(normal_probability(z))
    likely("distance from normal", distance, UniformDistance(M), LEVEL, message, details)


# ---- ecdf, ecdf_at --------------------------------------------------------------------------------------------------


def read_ecdf(value: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """x (n,) and F (n,) as ecdf should return them; fail where they aren't."""
    if not isinstance(value, tuple | list | np.ndarray) or len(value) < 2:
        fail(f"ecdf should return two arrays, x and F; it returned {describe(value)}.")
    x, shares = as_array(value[0], (n,), "ecdf (x)"), as_array(value[1], (n,), "ecdf (F)")
    finite(x, "ecdf (x)")
    finite(shares, "ecdf (F)")
    return x, shares


@check("ecdf", public=True)
@settings(max_examples=25)
@given(data=samples())
def ecdf_counts_the_data(ecdf: StudentFunction, data: np.ndarray) -> None:
    """Your ecdf gives the data in increasing order, and for each the share of the data that is at most as large."""
    few = np.array([1.0, 3.0, 1.0, 2.0])
    with trying(data=few):
        x, shares = read_ecdf(ecdf(few), 4)
        close(x, [1, 1, 2, 3], "ecdf (x)", tolerance=EXACT)
        close(shares, [0.5, 0.5, 0.75, 1], "ecdf (F)", tolerance=EXACT)
    observation = ecdf.observe(data)
    x, shares = read_ecdf(returned(observation, "ecdf"), len(data))
    details = f"x = {show(x)}\nF = {show(shares)}"
    expect((np.diff(x) >= 0).all(), "The first array should be in increasing order.", details)
    expect(sorted(x) == sorted(data), "The first array should hold the data, each as often as they do.", details)
    counts = [int((data <= value).sum()) for value in x]
    message = "F should be the share of the data that is at most x"
    close(shares, np.array(counts) / len(data), "ecdf (F)", tolerance=EXACT, message=message)
    unchanged(observation, "ecdf", ("data",))


@check("ecdf_at", public=True)
@settings(max_examples=25)
@given(data=samples())
def ecdf_at_is_a_step_function(ecdf_at: StudentFunction, data: np.ndarray) -> None:
    """Your ecdf_at is 0 left of the data, jumps at each of them and not before, and is 1 from the largest on."""
    few, places = np.array([1.0, 3.0, 1.0, 2.0]), np.array([1.5, 2.0, 3.5])
    with trying(data=few, grid=places):
        close(ecdf_at(few, places), [0.5, 0.75, 1], "ecdf_at", tolerance=EXACT)
    levels, counts = np.unique(data, return_counts=True)
    steps = np.cumsum(counts) / len(data)
    for grid, right, message in (
        (data.min() - np.array([100.0, 0.25]), np.zeros(2), "Left of all data the function should be 0"),
        (data.max() + np.array([0.0, 0.25, 100.0]), np.ones(3), "From the largest of the data on it should be 1"),
        (levels, steps, "At one of the data the function should count it, and all that are equal"),
        (levels + 0.25, steps, "Between two of the data the function should stay as it was at the left one"),
        (levels + 0.49, steps, "Just before one of the data the function should still be as it was"),
    ):
        with trying(data=data, grid=grid):
            close(ecdf_at(data, grid), right, "ecdf_at", tolerance=EXACT, message=message)


@check("ecdf_at", public=True)
@settings(max_examples=25)
@given(data=samples(), grid=any_grids())
def ecdf_at_agrees_with_ecdf(
    ecdf_at: StudentFunction, ecdf: StudentFunction, data: np.ndarray, grid: np.ndarray
) -> None:
    """Your ecdf_at agrees with your ecdf at the data, takes each point of a grid by itself, and changes nothing."""
    x, shares = read_ecdf(ecdf(data), len(data))
    message = "At the data, ecdf_at and ecdf should agree"
    with trying(data=data, grid=x):
        close(ecdf_at(data, x), shares, "ecdf_at", tolerance=EXACT, message=message)
    observation = ecdf_at.observe(data, grid)
    values = as_array(returned(observation, "ecdf_at"), grid.shape, "ecdf_at")
    finite(values, "ecdf_at")
    message = "With the grid reversed, the values should be reversed and no other"
    close(ecdf_at(data, grid[::-1].copy()), values[::-1], "ecdf_at", tolerance=EXACT, message=message)
    unchanged(observation, "ecdf_at", ("data", "grid"))


# ---- mise, mise_floor -----------------------------------------------------------------------------------------------

TAIL = {z: float(normal_probability(np.array(-z))[0]) for z in (1.0, 2.0)}  # P(Z > z)


def adds_up(integral: Callable[[np.ndarray], Any], grid: np.ndarray, name: str) -> None:
    """Fail unless the integral over a grid is that over its first two points and that over the rest, put together."""
    whole = as_number(integral(grid), name)
    finite(np.array(whole), name)
    if len(grid) > 2:
        parts = [as_number(integral(part), name) for part in (grid[:2], grid[1:])]
        message = (
            f"The integral over {show(grid)} should be that over the first two points and that over the rest added up"
        )
        close(whole, sum(parts), name, tolerance=EXACT, message=message)


@check("mise", public=True)
@settings(max_examples=25)
@given(z=samples(), grid=increasing_grids())
def mise_known_values(mise: StudentFunction, z: np.ndarray, grid: np.ndarray) -> None:
    """Your mise is right on four small grids, and over two grids that meet it is the sum of both."""
    first, second = TAIL[1.0] ** 2, TAIL[2.0] ** 2  # squared distances at -1 and at 2, with all data between them
    for data, points, right in (
        ([0.0], [-1.0, 1.0, 2.0], 2 * first + (first + second) / 2),
        ([-1.0], [-1.0, 0.0, 2.0], ((1 - TAIL[1.0]) ** 2 + 0.25) / 2 + (0.25 + second)),  # 1 from -1 on
        ([0.0], [-1.0, 1.0], 2 * first),
        ([-1.0, 1.0], [0.0, 2.0], second),  # at 0 both functions are 1/2
    ):
        with trying(z=np.array(data), grid=np.array(points)):
            close(mise(np.array(data), np.array(points)), right, "mise", tolerance=EXACT)
    adds_up(lambda part: mise(z, part), grid, "mise")


@check("mise_floor", public=True)
@settings(max_examples=25)
@given(M=st.integers(1, 1000), grid=increasing_grids())
def mise_floor_known_values(mise_floor: StudentFunction, M: int, grid: np.ndarray) -> None:
    """Your floor is 1/(M sqrt(pi)) on a wide, fine grid, half as high for twice as many data, and an integral."""
    wide = np.linspace(-8.0, 8.0, 321)
    right = 1 / (M * math.sqrt(math.pi))
    with trying(M=M, grid=wide):
        close(mise_floor(M, wide), right, "mise_floor", tolerance=1e-6)
    floor = as_number(mise_floor(M, grid), "mise_floor")
    finite(np.array(floor), "mise_floor")
    message = "With twice as many data, the floor should be half as high"
    close(mise_floor(2 * M, grid), floor / 2, "mise_floor", tolerance=EXACT, message=message)
    adds_up(lambda part: mise_floor(M, part), grid, "mise_floor")


# ---- the three plots ------------------------------------------------------------------------------------------------

MOST_EXTRAS = 6  # curves that a figure may have beside those asked for: an average, a limit, the edges of a band


def lines_of(axes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of one axes that join their points, with the points that are finite as `points` (k, 2)."""
    lines = []
    for line in axes["lines"]:
        x, y = line["x"], line["y"]
        if (
            x.ndim == 1
            and x.shape == y.shape
            and x.dtype.kind == y.dtype.kind == "f"
            and line["style"] not in ("None", "")
        ):
            points = np.stack([x, y], axis=1)
            lines.append({**line, "points": points[np.isfinite(points).all(axis=1)]})
    return lines


def same_points(points: np.ndarray, right: np.ndarray) -> bool:
    """Whether two arrays of points (k, 2) agree to 1e-6 of the largest coordinate."""
    return points.shape == right.shape and bool(np.abs(points - right).max() <= 1e-6 * max(1.0, np.abs(right).max()))


def names_both(axes: Mapping[str, Any]) -> None:
    """Fail where one of an axes' two labels is empty."""
    expect(str(axes["xlabel"]).strip() and str(axes["ylabel"]).strip(), "Label both axes of the figure.")


def shows(axes: Mapping[str, Any], points: np.ndarray) -> None:
    """Fail where most of the points (k, 2) lie beyond the limits of an axes."""
    inside = np.ones(len(points), dtype=bool)
    for limits, values in zip((axes["xlim"], axes["ylim"]), points.T, strict=True):
        inside &= (min(limits) <= values) & (values <= max(limits))
    message = "Most of what the figure should show lies beyond the limits of its axes."
    expect(inside.mean() >= 0.5, message, f"from {show(axes['xlim'])} and from {show(axes['ylim'])}")


def drawn(figure: Figure) -> str:
    """The points of a figure's lines, of the first dozen, in words for a message."""
    lines = [show(line["points"]) for axes in figure.axes for line in lines_of(axes)]
    more = f"; and {len(lines) - 12} lines more" if len(lines) > 12 else ""
    return f"drawn: {'; '.join(lines[:12]) or 'no line'}{more}"


def seen(figure: Figure) -> str:
    """What each panel of a figure draws, as far as the checks understand it, in words for a message."""
    panels = []
    for axes in figure.axes:
        lines = [f"{len(line['points'])} points, drawn as {line['drawstyle']}" for line in lines_of(axes)]
        found = [f"lines: {len(lines)} ({'; '.join(lines[:MOST_EXTRAS])})" if lines else "no line"]
        found += [f"{kind}: {len(axes[kind])}" for kind in ("scatters", "bars") if axes[kind]]
        panels.append(", ".join(found))
    return "seen: " + (" · ".join(panels) or "no panel")


def has_few_extras(axes: Mapping[str, Any], asked: int) -> None:
    """Fail where an axes has many more curves than were asked for; lines between two points are no curves."""
    curves = sum(len(line["points"]) > 2 for line in lines_of(axes))
    message = f"Beside what is asked for, the figure may have up to {MOST_EXTRAS} curves; it has {curves} in all."
    expect(curves <= asked + MOST_EXTRAS, message, f"curves asked for: {asked}")


def draws_trajectories(figure: Figure, means: np.ndarray) -> None:
    """Fail unless one axes has a line for each row of means, against 1, 2, ..., n, and names for both of its axes."""
    sizes = np.arange(1.0, means.shape[1] + 1)
    for axes in figure.axes:
        lines = lines_of(axes)
        missing = [
            row
            for row in means
            if not any(same_points(line["points"], np.stack([sizes, row], axis=1)) for line in lines)
        ]
        if not missing:
            has_few_extras(axes, len(means))
            shows(axes, np.stack([np.tile(sizes, len(means)), means.ravel()], axis=1))
            names_both(axes)
            return
    message = "Not every row of means is a line of the figure, through (1, first mean), (2, second mean), and so on."
    fail(message, f"{drawn(figure)}\nmeans: {show(means)}")


def draws_line(figure: Figure, x: np.ndarray, y: np.ndarray) -> None:
    """Fail unless one axes has a line through the points (x, y), x increasing, and names for both of its axes."""
    right = np.stack([x, y], axis=1).astype(float)
    for axes in figure.axes:
        if any(same_points(line["points"], right) for line in lines_of(axes)):
            has_few_extras(axes, 1)
            shows(axes, right)
            names_both(axes)
            return
    message = "No line of the figure goes through (sample size, probability)."
    fail(message, f"{drawn(figure)}\nexpected points: {show(right)}")


def height(line: Mapping[str, Any], at: np.ndarray) -> np.ndarray:
    """The height of a line, drawn as steps or ramps, at places between its ends; NaN where x doesn't increase."""
    x, y = line["points"].T
    if len(x) < 2 or (np.diff(x) < 0).any():
        return np.full(at.shape, np.nan)
    match line["drawstyle"]:
        case "steps-post":
            return y[np.searchsorted(x, at, side="right") - 1]
        case "steps" | "steps-pre":
            return y[np.searchsorted(x, at, side="left")]
        case "steps-mid":
            return y[np.searchsorted((x[1:] + x[:-1]) / 2, at)]
    return np.interp(at, x, y)


def is_ecdf(line: Mapping[str, Any], data: np.ndarray) -> bool:
    """Whether a line shows the empirical distribution function: from the least of the data to the largest at least.

    It is looked at near both ends of each step, and beyond the data where it is drawn there.
    """
    if not len(line["points"]):
        return False
    left, right = line["points"][[0, -1], 0]
    steps = np.unique(data)
    if left > steps[0] + 1e-6 or right < steps[-1] - 1e-6:
        return False
    gaps = np.diff(steps)
    at = np.concatenate(
        [steps[:-1] + gaps / 4, steps[:-1] + gaps * 3 / 4, [(left + steps[0]) / 2, (right + steps[-1]) / 2]]
    )
    at = at[(at > left + 0.1) & (at < right - 0.1) | (at > steps[0]) & (at < steps[-1])]
    shares = np.array([(data <= place).mean() for place in at])
    return bool((np.abs(height(line, at) - shares) <= 1e-6).all())  # false where a height is NaN


LEAST_OF_CURVE = 15  # points of the normal curve: with fewer its corners show


def draws_normal_curve(lines: list[dict[str, Any]]) -> None:
    """Fail unless a line shows the normal distribution function, from -3 to 3 at least and not in a few strokes."""
    message = "No line of the figure is the normal distribution function, from -4 to 4."
    for line in lines:
        x, y = line["points"].T
        if len(x) < 2 or np.abs(y - normal_probability(x)).max() > 1e-6:
            continue
        if x.min() > -3 + 1e-6 or x.max() < 3 - 1e-6:
            message = f"The normal curve runs from {x.min():.4g} to {x.max():.4g}: draw it from -4 to 4."
        elif len(x) < LEAST_OF_CURVE:
            message = f"The normal curve has corners: it is drawn through {len(x)} points. Take 100, say."
        else:
            return
    fail(message)


HOW_TO_DRAW_STEPS = 'Draw each by ax.step with where="post", ax.ecdf, ax.stairs, or ax.plot with all corners.'


def names(text: str, n: int) -> bool:
    """Whether a text has n as a number of its own."""
    return re.search(rf"(?<!\d){n}(?!\d)", text) is not None


def draws_ecdfs(figure: Figure, z_by_n: Mapping[int, np.ndarray]) -> None:
    """Fail unless one axes shows each ECDF as steps, the normal curve, a legend that names each n, and labels."""
    axes = next((axes for axes in figure.axes if len(lines_of(axes)) > len(z_by_n)), None)
    if axes is None:
        steps = "one step function" if len(z_by_n) == 1 else f"{len(z_by_n)} step functions"
        message = f"The figure should have {steps} and the normal curve in one panel. {HOW_TO_DRAW_STEPS}"
        fail(message, seen(figure))
    lines = lines_of(axes)
    for n, z in z_by_n.items():
        found = [line for line in lines if is_ecdf(line, z)]
        message = "The empirical distribution function of an n isn't drawn, or not as steps that jump at the data."
        expect(found, f"{message} {HOW_TO_DRAW_STEPS}", f"n = {n}: {show(z)}\n{seen(figure)}")
        shows(axes, np.stack([z, np.full_like(z, 0.5)], axis=1))
        beside = "; ".join(filter(None, (line["legend"] for line in found)))
        details = f"the legend: {show(axes['legend'])}\nbeside the line of n = {n}: {beside or 'nothing'}"
        expect(names(beside, n), "The legend should name each n, beside its own line.", details)
    draws_normal_curve(lines)
    names_both(axes)


@check("plot_spaghetti", public=True)
def plot_spaghetti_draws_each_row(plot_spaghetti: StudentFunction) -> None:
    """Your figure has a line for each row of means, against 1, 2, ..., n, and names on both axes."""
    means = np.array([[1.0, 0.5, 0.75, -0.25], [-2.0, -1.0, -0.5, 0.0], [0.25, 0.0, 1.5, 1.0]])
    draws_trajectories(as_figure(plot_spaghetti(means), "plot_spaghetti"), means)


@check("plot_tail", public=True)
def plot_tail_draws_a_line(plot_tail: StudentFunction) -> None:
    """Your figure has a line through the probabilities against the sample sizes, and names on both axes."""
    sizes, probabilities = np.array([5, 20, 40, 100]), np.array([0.75, 0.5, 0.375, 0.125])
    draws_line(as_figure(plot_tail(sizes, probabilities), "plot_tail"), sizes, probabilities)


@check("plot_ecdf", public=True)
def plot_ecdf_draws_steps(plot_ecdf: StudentFunction) -> None:
    """Your figure shows each ECDF as steps that jump at the data, the normal curve, a legend, names on both axes."""
    z_by_n = {25: np.array([0.5, -1.5, 2.0, -0.25, 1.25]), 100: np.array([-2.0, 0.0, 1.0, -1.0])}
    draws_ecdfs(as_figure(plot_ecdf(z_by_n), "plot_ecdf"), z_by_n)
