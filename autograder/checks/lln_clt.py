"""The private checks of lln_clt: comparison with the reference, and exact tests of what is random."""

import itertools
import math
from functools import lru_cache

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import kv, ndtr, ndtri, stdtr

from shared.checks.lln_clt import (
    CAUCHY,
    EXACT,
    FAR,
    LECTURE,
    LEVEL,
    SAME_COUNT,
    Mixture,
    any_grids,
    components_of,
    draws_behind,
    draws_ecdfs,
    draws_line,
    draws_trajectories,
    increasing_grids,
    mixture_sample_has_its_form,
    mixtures,
    read_counts,
    read_ecdf,
    read_means,
    read_sample,
    read_standardized,
    read_truths,
    sample_rows,
    samples,
    simulation_has_its_form,
    standardized_means_have_their_form,
    tails_are_likely,
    tails_have_their_form,
)
from shared.kit.checking import (
    StudentFunction,
    as_figure,
    check,
    close,
    expect,
    returned,
    run_seed,
    show,
    trying,
    unchanged,
)
from shared.kit.statistics import Binomial, ChiSquare, StandardNormal, UniformDistance, likely, uniform_distance
from shared.kit.values import seeded
from solutions import lln_clt as reference

# Of each question's points at least half is for one check that asks for the whole contract: values, edge cases, the
# distribution of what is random, the caller's arguments. The others, public ones among them, are rungs on the way.
#
# What is a function of its arguments is compared to EXACT: right answers in other styles differ by a few roundings.
# What is random is tested by statistics whose distribution is known exactly for a right answer. Each fails one with
# the probability LEVEL = 1e-8, or below it where the null is a bound (UniformDistance) or discrete (Binomial). There
# are 97 of them in the public and private checks together, so that luck costs a right submission anything with a
# probability of at most 9.8e-7. (That also counts what no statistic looks at: equal seeds, and 4,000 numbers of 53
# random bits of which two are equal.)


def fair_coins_agree(name: str, first: np.ndarray, second: np.ndarray, message: str) -> None:
    """Fail unless two arrays of throws of fair coins agree as often as independent ones do.

    They may be pieces of one sequence, one a step behind the other: whether neighbours agree is a fair coin as well,
    independent of the others.
    """
    agree, throws = int((first == second).sum()), first.size
    likely(name, agree, Binomial(throws, 0.5), LEVEL, message, f"{agree} of {throws} agree; half of them should")


# ---- running_means, cauchy_tail, moments ----------------------------------------------------------------------------


@check("running_means")
@settings(max_examples=40)
@given(x=sample_rows())
@example(x=np.linspace(-3, 5, 600).reshape(20, 30) ** 2)
def running_means_is_right(running_means: StudentFunction, x: np.ndarray) -> None:
    """Your running means are right at every place, also for a single sample or number, and leave x as it was."""
    observation = running_means.observe(x)
    close(returned(observation, "running_means"), reference.running_means(x), "running_means", tolerance=EXACT)
    unchanged(observation, "running_means", ("x",))


@check("cauchy_tail")
@settings(max_examples=25)
@given(eps=st.one_of(st.sampled_from((0.0, 0.1, 0.01, 30.0, 1e5)), st.integers(0, 6400).map(lambda k: k / 64)))
@example(eps=0.0)
@example(eps=1e5)
def cauchy_tail_is_right(cauchy_tail: StudentFunction, eps: float) -> None:
    """Your cauchy_tail is the exact probability, from eps = 0 to large ones."""
    right = reference.cauchy_tail(eps)
    close(cauchy_tail(eps), right, "cauchy_tail", tolerance=CAUCHY * right)


@check("lln_holds", weight=3)
def lln_holds_is_right(lln_holds: dict[int, bool]) -> None:
    """Your lln_holds is right for all three distributions."""
    truths = read_truths(lln_holds, "lln_holds")
    expect(truths == reference.lln_holds, "For at least one nu your lln_holds isn't right.", show(truths))


@check("clt_holds", weight=3)
def clt_holds_is_right(clt_holds: dict[int, bool]) -> None:
    """Your clt_holds is right for all three distributions."""
    truths = read_truths(clt_holds, "clt_holds")
    expect(truths == reference.clt_holds, "For at least one nu your clt_holds isn't right.", show(truths))


@check("mixture_moments")
@settings(max_examples=40)
@given(m=mixtures())
def mixture_moments_is_right(mixture_moments: StudentFunction, m: Mixture) -> None:
    """Your moments are right for any number of components and any probabilities, and leave the arrays as they were."""
    observation = mixture_moments.observe(*m.parts)
    right = reference.mixture_moments(*m.parts)
    close(returned(observation, "mixture_moments"), right, "mixture_moments", tolerance=EXACT)
    unchanged(observation, "mixture_moments", ("pi", "mu", "sigma"))


@check("stratified_limit_sd")
@settings(max_examples=40)
@given(m=mixtures())
def stratified_limit_sd_is_right(stratified_limit_sd: StudentFunction, m: Mixture) -> None:
    """Your limit is right for any number of components and any probabilities, and leaves the arrays as they were."""
    observation = stratified_limit_sd.observe(*m.parts)
    right = reference.stratified_limit_sd(*m.parts)
    close(returned(observation, "stratified_limit_sd"), right, "stratified_limit_sd", tolerance=EXACT)
    unchanged(observation, "stratified_limit_sd", ("pi", "mu", "sigma"))


# ---- simulate_running_means -----------------------------------------------------------------------------------------

LONG, MANY = 20, 4000
COINS_FROM = 500  # rows


# The numbers behind the means are recovered from them and put through the distribution function of t: uniform, all
# independent, when the answer is right. Recovering costs a few roundings of n times the mean, which is nothing here.
# Being positive and being beyond the quartiles are throws of two fair coins for each number. What rows or columns
# share shows best in them for nu = 1, the heaviest tails. Means of the first 2, ..., n + 1 numbers show for nu = 3 and
# 2, but for nu = 1 their distribution can't: a mean of two Cauchy variables is one, and so is each recovered number.
@check("simulate_running_means", error_rate=20 * LEVEL)
def simulated_means_are_right(simulate_running_means: StudentFunction) -> None:
    """Your running means come from independent numbers of the right t distribution, a growing sample in each row."""
    simulation_has_its_form(simulate_running_means)
    short, few = LONG // 2, MANY // 2
    for nu, n, M in ((3, LONG, MANY), (2, short, few), (1.5, LONG, MANY), (1, short, few)):
        with trying(nu=nu, n=n, M=M):
            means = read_means(simulate_running_means(nu, n, M, seeded(run_seed(round(2 * nu)))), M, n)
            expect(len(np.unique(means[:, 0])) == M, "Two rows begin with the same number: give each its own sample.")
        u = stdtr(nu, draws_behind(means))
        message = "The first column doesn't have the t distribution asked for."
        distance = uniform_distance(u[:, 0])
        likely(f"first column, nu = {nu}", distance, UniformDistance(M), LEVEL, message, f"nu = {nu}, M = {M}")
        message = "The numbers behind your running means don't have the t distribution asked for."
        likely(f"all, nu = {nu}", uniform_distance(u.ravel()), UniformDistance(u.size), LEVEL, message, f"nu = {nu}")
    few, far, half = COINS_FROM, M // 2, n // 2
    for name, coin in (("signs", u > 0.5), ("sizes", np.abs(u - 0.5) > 0.25)):  # those for nu = 1
        message = "The numbers within a row aren't independent."
        fair_coins_agree(f"{name}, next in the row", coin[:few, 1:], coin[:few, :-1], message)
        fair_coins_agree(f"{name}, half a row apart", coin[:, half:][:few], coin[:, :half][:few], message)
        message = "The rows aren't independent: give each its own sample."
        fair_coins_agree(f"{name}, next row", coin[1 : few + 1], coin[:few], message)
        fair_coins_agree(f"{name}, far row", coin[far : far + few], coin[:few], message)
        fair_coins_agree(f"{name}, row in the mirror", coin[::-1][:few], coin[:few], message)
        fair_coins_agree(f"{name}, next row shifted", coin[1 : few + 1, :-1], coin[:few, 1:], message)


# ---- tail_probabilities ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def exact_tail(nu: float, n: int, eps: float) -> float:
    """P(|mean| > eps) for the mean of n independent variables from t with nu degrees of freedom, good to 1e-12.

    By inversion of the characteristic function phi of t:

        P(|sum| <= a) = 2/pi integral from 0 to infinity of phi(s)**n sin(a s) / s ds,    a = n eps,

    with phi(s) = K(w) w**(nu/2) / (gamma(nu/2) 2**(nu/2 - 1)), w = sqrt(nu) s, K Bessel's function of order nu/2. It
    falls like exp(-w) and is smooth but for 0, where pieces that shrink geometrically meet its logarithm; each
    piece is integrated by Gauss's rule.
    """
    nodes, weights = np.polynomial.legendre.leggauss(30)
    edges = np.concatenate([[0.0], np.geomspace(1e-9, 50.0, 120)])
    half = np.diff(edges)[:, None] / 2
    s = edges[:-1, None] + half * (1 + nodes)
    w = math.sqrt(nu) * s
    phi = kv(nu / 2, w) * w ** (nu / 2) / (math.gamma(nu / 2) * 2 ** (nu / 2 - 1))
    return float(1 - 2 / math.pi * np.sum(half * weights * phi**n * np.sin(n * eps * s) / s))


PAIRS = 200


# Samples of n + 1 or n - 1 show for nu = 3 at n = 1, 2, 3; another nu, or none, for nu = 2, 1.5 and 1; numbers that
# lean to one side, at n = 200; samples that share numbers or mirror each other, where M is 2. What can't be told apart:
# for nu = 1 a mean of any number of variables from that of any other; «at least eps» from «more than eps», which differ
# with probability 0; new samples for each n from one sample that grows, since either is right.
@check("tail_probabilities", weight=2, error_rate=17 * LEVEL + SAME_COUNT)
def tails_are_right(tail_probabilities: StudentFunction) -> None:
    """Your estimates are plausible for samples of 1 to 200, several nu and eps, sizes in any order, and M = 2."""
    tails_have_their_form(tail_probabilities)
    for nu, M, eps, sizes in (
        (3, MANY, 1.0, (2, 1, 3)),
        (2, MANY, 1.0, (10, 1, 50, 2, 20, 3, 5)),
        (1.5, MANY, 1.0, (2, 3)),
        (1, MANY, 0.25, (4, 1)),
        (3, MANY // 2, 0.1, (200, 6)),
    ):
        right = {n: exact_tail(nu, n, eps) for n in sizes}
        tails_are_likely(tail_probabilities, nu, M, eps, right, round(2 * nu * M))
    # for nu = 1 and eps = 1 a mean is far out with probability 1/2: of two independent ones, often just one is
    apart, n = 0, 8
    with trying(nu=1, sample_sizes=np.array([n]), M=2, eps=1.0):
        for k in range(PAIRS):
            counts = read_counts(tail_probabilities(1, np.array([n]), 2, 1.0, seeded(run_seed(1 + k))), (n,), 2)
            apart += int(counts == [1])
    message = "Your M samples aren't independent of each other: draw each by itself."
    details = f"nu = 1, n = {n}, M = 2, eps = 1: in {apart} of {PAIRS} calls just one of the two means is beyond 1"
    likely("one of two", apart, Binomial(PAIRS, 0.5), LEVEL, message, details)


# ---- sample_mixture -------------------------------------------------------------------------------------------------

# The middle between two means is 15 standard deviations or more from both: the nearest mean is that of the component.
# The rare component of FEW shows counts that were drawn each by itself: those of the others then add up to more than
# the sample size now and then, and nothing can be left for the last.
UNEVEN = Mixture(np.array([0.2, 0.5, 0.3]), np.array([20.0, -40.0, 70.0]), np.array([0.5, 2.0, 1.5]))
FEW = Mixture(np.array([0.25, 0.65, 0.1]), np.array([30.0, -10.0, 70.0]), np.array([1.0, 0.5, 1.0]))
SMALL, CALLS = 20, 120


@check("sample_mixture", weight=2, error_rate=18 * LEVEL)
def mixture_sample_is_right(sample_mixture: StudentFunction) -> None:
    """Your numbers are independent, each from the mixture wherever it stands, and the components' counts vary."""
    mixture_sample_has_its_form(sample_mixture)
    m, n = UNEVEN, MANY
    x = read_sample(sample_mixture(n, *m.parts, seeded(run_seed())), n)
    component = components_of(x, m)
    # the components: counts are binomial; disjoint pairs differ with probability 1 - sum of pi**2
    for j, p in enumerate(m.pi):
        count = int((component == j).sum())
        message = "A component has too many numbers of the sample, or too few."
        likely(f"component {j}", count, Binomial(n, p), LEVEL, message, f"{count} of {n}, where pi is {p:g}")
    message = "The components don't come in random order: each number's must be drawn independently of the others'."
    for which, one, other in (
        ("neighbours", component[::2], component[1::2]),
        ("numbers half a sample apart", component[: n // 2], component[n // 2 :]),
    ):
        differ = int((one != other).sum())
        details = f"of {n // 2} pairs of {which} {differ} come from two components"
        likely(which, differ, Binomial(n // 2, 1 - float(m.pi @ m.pi)), LEVEL, message, details)
    # given the components, each z is standard normal
    z = np.clip((x - m.mu[component]) / m.sigma[component], -FAR, FAR)
    distance = uniform_distance(ndtr(z))
    likely("distance from normal", distance, UniformDistance(n), LEVEL, "A component isn't normal as it should be.")
    for j in range(len(m.pi)):
        inside = z[component == j]
        even = inside[: len(inside) // 2 * 2]
        details = f"component {j}: mean {inside.mean():.4g}, standard deviation {inside.std():.4g}, standardized"
        message = "The mean of a component isn't the one given."
        likely(f"mean, {j}", inside.sum() / math.sqrt(len(inside)), StandardNormal(), LEVEL, message, details)
        message = "The standard deviation of a component isn't the one given."
        likely(f"sum of squares, {j}", (even**2).sum(), ChiSquare(len(even)), LEVEL, message, details)
    message = "The numbers aren't independent of each other: draw each by itself."
    fair_coins_agree("next", z[1:] > 0, z[:-1] > 0, message)
    fair_coins_agree("half a sample apart", z[n // 2 :] > 0, z[: n // 2] > 0, message)
    # over many small samples: counts that vary, and the same probabilities at both ends
    m = FEW
    first, last, exact, small = 0, 0, 0, []
    for k in range(CALLS):
        x = read_sample(sample_mixture(SMALL, *m.parts, seeded(run_seed(1 + k))), SMALL)
        component = components_of(x, m)
        first, last = first + int(component[0] == 0), last + int(component[-1] == 0)
        exact += int((component == 0).sum() == SMALL // 4)
        small.append(np.clip((x - m.mu[component]) / m.sigma[component], -FAR, FAR))
    message = "In small samples, a component isn't normal as it should be."
    distance = uniform_distance(ndtr(np.concatenate(small)))
    likely("distance from normal, small samples", distance, UniformDistance(CALLS * SMALL), LEVEL, message)
    for place, count in (("first", first), ("last", last)):
        message = f"Over many samples, the {place} number comes from a component too often, or too rarely."
        details = f"in {count} of {CALLS} samples it comes from the first of three, where pi is {m.pi[0]:g}"
        likely(f"{place} number", count, Binomial(CALLS, m.pi[0]), LEVEL, message, details)
    p = math.comb(SMALL, SMALL // 4) * 0.25 ** (SMALL // 4) * 0.75 ** (SMALL - SMALL // 4)
    message = "Over many samples, a component has exactly n times pi numbers too often: how many it has is random, too."
    details = f"{exact} of {CALLS} samples of {SMALL} have exactly {SMALL // 4} from the first of three components"
    likely("exact counts", exact, Binomial(CALLS, p, upper=True), LEVEL, message, details)


# ---- standardized_means ---------------------------------------------------------------------------------------------


def standardized_distribution(z: np.ndarray, n: int, m: Mixture) -> np.ndarray:
    """P(Z <= z), entry by entry, for the standardized mean Z of n draws from a mixture.

    Given how many draws come from each component, their sum is normal; the counts are multinomial.
    """
    mean, sd = reference.mixture_moments(*m.parts)
    sums = n * mean + math.sqrt(n) * sd * z
    total = np.zeros(z.shape)
    for counts in itertools.product(range(n + 1), repeat=len(m.pi)):
        if sum(counts) == n:
            ways = math.factorial(n) / math.prod(math.factorial(count) for count in counts)
            spread = math.sqrt(np.dot(counts, m.sigma**2))
            total += ways * np.prod(m.pi ** np.array(counts)) * ndtr((sums - np.dot(counts, m.mu)) / spread)
    return total


# At n = 4 a normal distribution is still far off, and so is the sample's standard deviation. Where components lie far
# apart, the distribution shows the single counts, and so n + 1 draws.
STANDARDIZED = (
    (4, 8000, LECTURE),
    (4, 8000, Mixture(np.array([0.3, 0.7]), np.array([6.0, -2.0]), np.array([0.5, 1.0]))),
    (3, 2000, Mixture(np.array([0.5, 0.2, 0.3]), np.array([0.0, 8.0, -3.0]), np.array([2.0, 1.0, 0.5]))),
)


# u = P(Z <= z) is uniform, and its normal score standard normal, for all entries independently, when the answer is
# right. Clipping keeps scores finite; it changes one with probability 1e-15. A single mean at a time, in many calls,
# shows what is fixed in a call as a whole: the counts, or the standard deviation of all that it has drawn. What can't
# be told apart: a mean and a standard deviation that were themselves estimated from very many draws (100,000, say).
@check("standardized_means", weight=2, error_rate=19 * LEVEL + 2e-11)
def standardized_means_are_right(standardized_means: StudentFunction) -> None:
    """Your standardized means are independent, with the right distribution for small n and unequal probabilities."""
    standardized_means_have_their_form(standardized_means)
    for number, (n, M, m) in enumerate(STANDARDIZED):
        z = read_standardized(standardized_means(n, M, *m.parts, seeded(run_seed(number))), M)
        u = np.clip(standardized_distribution(z, n, m), 1e-16, 1 - 1e-16)
        score = ndtri(u)
        which = f"n = {n}, {len(m.pi)} components with pi = {show(m.pi)}"
        details = f"{which}: mean {z.mean():.4g}, standard deviation {z.std():.4g}"
        message = "The standardized means don't have the spread that they should have."
        likely(f"spread, {number}", (score**2).sum(), ChiSquare(M), LEVEL, message, details)
        message = "The standardized means aren't centered at 0 as they should be."
        likely(f"center, {number}", score.sum() / math.sqrt(M), StandardNormal(), LEVEL, message, details)
        message = "The standardized means don't have the distribution that they should have."
        likely(f"distance, {number}", uniform_distance(u), UniformDistance(M), LEVEL, message, details)
        far = int((np.abs(u - 0.5) > 0.495).sum())
        message = "Too many standardized means are far from 0, or too few."
        likely(f"far out, {number}", far, Binomial(M, 0.01), LEVEL, message, f"{details}; far out {far} of {M}")
        message = "The standardized means aren't independent of each other: give each its own sample."
        fair_coins_agree(f"next, {number}", u[1:] > 0.5, u[:-1] > 0.5, message)
        fair_coins_agree(f"half of M apart, {number}", u[M // 2 :] > 0.5, u[: M // 2] > 0.5, message)
    n = 8  # the counts nearest to n times pi, 2, 5 and 1 of FEW, have a probability of 0.12 then
    calls = [standardized_means(n, 1, *FEW.parts, seeded(run_seed(len(STANDARDIZED) + k))) for k in range(CALLS)]
    u = standardized_distribution(np.array([read_standardized(value, 1)[0] for value in calls]), n, FEW)
    message = "Over many calls with M = 1, the standardized means don't have the distribution that they should have."
    likely("single ones", uniform_distance(u), UniformDistance(CALLS), LEVEL, message, f"n = {n}, {CALLS} calls")


# ---- ecdf, ecdf_at, mise, mise_floor --------------------------------------------------------------------------------


def _many(seed: int) -> np.ndarray:
    """A thousand data, nearly normal, in whole eighths: on the grid of eighths they lie exactly."""
    return (8 * np.random.default_rng(seed).standard_normal(1000)).round() / 8


EIGHTHS = np.linspace(-4, 4, 65)


@check("ecdf")
@settings(max_examples=40)
@given(data=samples())
@example(data=_many(1))
def ecdf_is_right(ecdf: StudentFunction, data: np.ndarray) -> None:
    """Your ecdf is right with ties, for a single number and for many, and leaves the data in their order."""
    observation = ecdf.observe(data)
    x, shares = read_ecdf(returned(observation, "ecdf"), len(data))
    right_x, right_shares = reference.ecdf(data)
    close(x, right_x, "ecdf (x)", tolerance=EXACT)
    close(shares, right_shares, "ecdf (F)", tolerance=EXACT)
    unchanged(observation, "ecdf", ("data",))


@check("ecdf_at", weight=2)
@settings(max_examples=40)
@given(data=samples(), grid=any_grids())
@example(data=_many(2), grid=EIGHTHS)
def ecdf_at_is_right(ecdf_at: StudentFunction, data: np.ndarray, grid: np.ndarray) -> None:
    """Your ecdf_at is right at, between and beyond the data, with ties, in any order, and changes nothing."""
    observation = ecdf_at.observe(data, grid)
    close(returned(observation, "ecdf_at"), reference.ecdf_at(data, grid), "ecdf_at", tolerance=EXACT)
    unchanged(observation, "ecdf_at", ("data", "grid"))


@check("mise")
@settings(max_examples=40)
@given(z=samples(), grid=increasing_grids())
@example(z=_many(3), grid=EIGHTHS)
def mise_is_right(mise: StudentFunction, z: np.ndarray, grid: np.ndarray) -> None:
    """Your mise is right on even and uneven grids, with data on the grid and ties, and leaves both as they were."""
    observation = mise.observe(z, grid)
    close(returned(observation, "mise"), reference.mise(z, grid), "mise", tolerance=EXACT)
    unchanged(observation, "mise", ("z", "grid"))


@check("mise_floor")
@settings(max_examples=40)
@given(M=st.integers(1, 2000), grid=increasing_grids())
def mise_floor_is_right(mise_floor: StudentFunction, M: int, grid: np.ndarray) -> None:
    """Your floor is right for every number of data, on even and uneven grids, which it leaves as they were."""
    observation = mise_floor.observe(M, grid)
    close(returned(observation, "mise_floor"), reference.mise_floor(M, grid), "mise_floor", tolerance=EXACT)
    unchanged(observation, "mise_floor", ("M", "grid"))


# ---- the three plots ------------------------------------------------------------------------------------------------


@check("plot_spaghetti")
def plot_spaghetti_is_right(plot_spaghetti: StudentFunction) -> None:
    """Your figure is right for other means too, more or fewer of them, and plot_spaghetti leaves them as they are."""
    for M, n in ((12, 5), (1, 7), (4, 30)):
        means = np.random.default_rng(run_seed(n)).standard_normal((M, n)).round(3)
        observation = plot_spaghetti.observe(means)
        draws_trajectories(as_figure(returned(observation, "plot_spaghetti"), "plot_spaghetti"), means)
        unchanged(observation, "plot_spaghetti", ("means",))


@check("plot_tail")
def plot_tail_is_right(plot_tail: StudentFunction) -> None:
    """Your figure is right for other probabilities too, more or fewer, and plot_tail leaves them as they are."""
    rng = np.random.default_rng(run_seed())
    for length in (3, 20):
        sizes, probabilities = np.cumsum(rng.integers(1, 50, length)), rng.random(length).round(3)
        observation = plot_tail.observe(sizes, probabilities)
        draws_line(as_figure(returned(observation, "plot_tail"), "plot_tail"), sizes, probabilities)
        unchanged(observation, "plot_tail", ("sample_sizes", "probabilities"))


@check("plot_ecdf")
def plot_ecdf_is_right(plot_ecdf: StudentFunction) -> None:
    """Your figure is right for other data too, with ties and other sizes, and plot_ecdf leaves them as they are."""
    rng = np.random.default_rng(run_seed())
    places = np.arange(-7, 8) / 2
    for sizes in ((50, 8, 200), (4,)):
        # so that no two functions are alike, each has its own share of the places
        z_by_n = {n: rng.choice(places[k :: len(sizes)], 9) for k, n in enumerate(sizes)}
        observation = plot_ecdf.observe(z_by_n)
        draws_ecdfs(as_figure(returned(observation, "plot_ecdf"), "plot_ecdf"), z_by_n)
        unchanged(observation, "plot_ecdf", ("z_by_n",))
