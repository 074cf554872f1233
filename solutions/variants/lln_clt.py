"""Right answers to the questions of lln_clt in other styles than the reference's."""

import bisect
import itertools
import math
import statistics

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from scipy import integrate, stats
from scipy.special import erf, ndtr

from solutions.banks import variant_of
from solutions.lln_clt import (
    _student_t,
    ecdf,
    ecdf_at,
    mixture_moments,
    running_means,
    sample_mixture,
)

# ---- running_means --------------------------------------------------------------------------------------------------


@variant_of("running_means")
def mean_of_each_beginning(x):
    means = np.zeros(x.shape)
    for n in range(1, x.shape[1] + 1):
        means[:, n - 1] = np.mean(x[:, :n], axis=1)
    return means


@variant_of("running_means")
def mean_moved_by_each_number(x):
    """The mean moves by an n-th of its distance from the n-th number."""
    means = np.array(x, dtype=float)
    for i in range(1, means.shape[1]):
        means[:, i] = means[:, i - 1] + (means[:, i] - means[:, i - 1]) / (i + 1)
    return means


@variant_of("running_means")
def product_with_a_triangle(x):
    n = x.shape[1]
    weights = np.triu(np.ones((n, n))) / np.arange(1, n + 1)
    return x @ weights


@variant_of("running_means")
def lists_of_plain_python(x):
    rows = []
    for row in x.tolist():
        rows.append([total / n for n, total in enumerate(itertools.accumulate(row), start=1)])
    return rows


@variant_of("running_means")
def transposed_there_and_back(x):
    """The sums down the columns of the transpose; the last means as a second value."""
    means = (np.cumsum(x.T, axis=0) / (1 + np.arange(x.shape[1]))[:, None]).T
    return means, means[:, -1]


@variant_of("running_means")
def accumulated_in_a_copy(x):
    total = x.astype(float).copy()
    np.add.accumulate(total, axis=-1, out=total)
    total /= np.linspace(1, x.shape[1], x.shape[1])
    return total


# ---- simulate_running_means -----------------------------------------------------------------------------------------


@variant_of("simulate_running_means")
def scipy_with_the_generator(nu, n, M, rng):
    return running_means(stats.t.rvs(df=nu, size=(M, n), random_state=rng))


@variant_of("simulate_running_means")
def a_row_at_a_time(nu, n, M, rng):
    """As the lecture draws them, in a list."""
    return [np.cumsum(rng.standard_t(nu, size=n)) / np.arange(1, n + 1) for _ in range(M)]


@variant_of("simulate_running_means")
def quotient_of_two(nu, n, M, rng):
    """By the definition of t: a normal variable over the root of an independent mean of squares."""
    z = rng.normal(size=(M, n))
    return running_means(z / np.sqrt(rng.chisquare(nu, size=(M, n)) / nu))


@variant_of("simulate_running_means")
def polar_method(nu, n, M, rng):
    return np.cumsum(_student_t(nu, (M, n), rng), axis=1) / np.arange(1, n + 1)


@variant_of("simulate_running_means")
def a_column_at_a_time(nu, n, M, rng):
    """All samples grow together, number by number."""
    total = np.zeros(M)
    means = np.empty((M, n))
    for i in range(n):
        total += rng.standard_t(nu, M)
        means[:, i] = total / (i + 1)
    return means


@variant_of("simulate_running_means")
def by_the_inverse_distribution_function(nu, n, M, rng):
    x = stats.t.ppf(rng.random((n, M)), nu)
    return running_means(x.T)


# ---- plot_spaghetti -------------------------------------------------------------------------------------------------


@variant_of("plot_spaghetti")
def lines_in_a_loop(means):
    fig, ax = plt.subplots(figsize=(10, 6))
    for trajectory in means:
        ax.plot(range(1, len(trajectory) + 1), trajectory, alpha=0.5)
    ax.set_title("Spaghetti plot of sample means")
    ax.set_xlabel("Sample size (n)")
    ax.set_ylabel(r"Sample mean ($\bar{X}$)")
    ax.grid(True)
    return fig


@variant_of("plot_spaghetti")
def by_pyplot_with_a_line_at_zero(means):
    plt.figure()
    n = np.shape(means)[1]
    plt.plot(np.linspace(1, n, n), np.asarray(means).T, "-", color="tab:blue", lw=0.5)
    plt.axhline(0, color="black")
    plt.xlabel("n")
    plt.ylabel("mean")
    return plt.gcf()


@variant_of("plot_spaghetti")
def logarithmic_sizes(means):
    fig, ax = plt.subplots()
    ax.semilogx(np.arange(means.shape[1]) + 1, means.T, marker=".")
    ax.set(xlabel="n (logarithmic)", ylabel="running mean", ylim=(-3, 3))
    return fig, ax


@variant_of("plot_spaghetti")
def average_drawn_on_top(means):
    """From the last row to the first, with the mean of all in bold; returns the axes."""
    _, ax = plt.subplots()
    sizes = list(range(1, means.shape[1] + 1))
    for row in means[::-1]:
        ax.plot(sizes, row.tolist(), c="gray", linewidth=0.3)
    ax.plot(sizes, means.mean(axis=0), c="black", linewidth=3, label="their average")
    ax.legend()
    ax.set_xlabel("$n$")
    ax.set_ylabel(r"$\overline{X}_n$")
    return ax


@variant_of("plot_spaghetti")
def final_means_beside(means):
    """The trajectories on the left, a histogram of the last means on the right."""
    fig, (left, right) = plt.subplots(1, 2, width_ratios=(3, 1), sharey=True)
    sizes = np.arange(1, means.shape[1] + 1)
    left.plot(np.tile(sizes[:, None], (1, len(means))), means.T)
    left.set(xlabel="n", ylabel="mean of the first n")
    right.hist(means[:, -1], orientation="horizontal")
    return fig


@variant_of("plot_spaghetti")
def collected_lines_with_limits(means):
    """The trajectories as one collection; a line at zero and the edges of a band; the names are the figure's."""
    fig, ax = plt.subplots()
    sizes = np.arange(1, means.shape[1] + 1)
    ax.add_collection(LineCollection([np.column_stack([sizes, row]) for row in means], colors="C0", linewidths=0.5))
    ax.axhline(0, color="k")
    for sign in (-2, 2):
        ax.plot(sizes, sign / np.sqrt(sizes), "k:")
    ax.autoscale()
    fig.supxlabel("n")
    fig.supylabel("mean of the first n")
    return fig


# ---- tail_probabilities ---------------------------------------------------------------------------------------------


@variant_of("tail_probabilities")
def fresh_arrays_for_each_size(nu, sample_sizes, M, eps, rng):
    probabilities = []
    for n in sample_sizes:
        means = rng.standard_t(df=nu, size=(M, n)).mean(axis=1)
        probabilities.append((abs(means) > eps).mean())
    return np.array(probabilities)


@variant_of("tail_probabilities")
def one_growing_sample(nu, sample_sizes, M, eps, rng):
    """As on the slide: M samples of the largest size, and their first n numbers for each n."""
    sums = np.cumsum(_student_t(nu, (M, np.max(sample_sizes)), rng), axis=1)[:, sample_sizes - 1]
    return (np.abs(sums) > eps * sample_sizes).mean(axis=0)


@variant_of("tail_probabilities")
def lecture_loops(nu, sample_sizes, M, eps, rng):
    """A sample at a time, and a list of shares."""
    probabilities = []
    for n in sample_sizes:
        outside = 0
        for _ in range(M):
            if abs(rng.standard_t(nu, size=n).mean()) > eps:
                outside += 1
        probabilities.append(outside / M)
    return probabilities


@variant_of("tail_probabilities")
def scipy_and_counting(nu, sample_sizes, M, eps, rng):
    result = np.zeros(len(sample_sizes))
    for i, n in enumerate(sample_sizes):
        x = stats.t(nu).rvs(size=(n, M), random_state=rng)
        result[i] = np.count_nonzero(np.abs(x.sum(axis=0)) > n * eps) / M
    return result


@variant_of("tail_probabilities")
def both_tails_added(nu, sample_sizes, M, eps, rng):
    """Largest size first, the shares then put in the order asked for; returns the sizes as well."""
    shares = {}
    for n in sorted({int(n) for n in sample_sizes}, reverse=True):
        means = _student_t(nu, (M, n), rng).mean(axis=1)
        shares[n] = np.mean(means > eps) + np.mean(means < -eps)
    return [shares[n] for n in sample_sizes], sample_sizes


@variant_of("tail_probabilities")
def not_within(nu, sample_sizes, M, eps, rng):
    """One minus the share inside, from a generator of its own for each size, spawned from rng; a column."""
    shares = []
    for n, child in zip(sample_sizes, rng.spawn(len(sample_sizes)), strict=True):
        own = np.random.default_rng(rng.integers(2**32)) if n > 30 else child
        means = np.average(own.standard_t(nu, (M, n)), axis=1)
        shares.append([1 - np.sum((means >= -eps) & (means <= eps)) / M])
    return shares


# ---- plot_tail ------------------------------------------------------------------------------------------------------


@variant_of("plot_tail")
def tail_of_the_lecture(sample_sizes, probabilities):
    fig = plt.figure(figsize=(10, 6))
    plt.plot(sample_sizes, probabilities, marker="o")
    plt.title(r"Empirical probability of $|\bar{X} - \mu| > \epsilon$")
    plt.xlabel("Sample Size (n)")
    plt.ylabel(r"Probability ($|\bar{X} - \mu| > \epsilon$)")
    plt.grid(True)
    return fig


@variant_of("plot_tail")
def tail_on_a_logarithmic_axis(sample_sizes, probabilities):
    fig, ax = plt.subplots()
    ax.loglog(list(sample_sizes), list(probabilities), "--", label="estimates")
    ax.axhline(0.05, color="gray")
    ax.legend()
    ax.set_xlabel("n")
    ax.set_ylabel("P")
    return fig, ax


@variant_of("plot_tail")
def tail_with_error_bars(sample_sizes, probabilities):
    p = np.asarray(probabilities)
    _, ax = plt.subplots()
    ax.errorbar(sample_sizes, p, yerr=np.sqrt(p * (1 - p) / 1000), fmt="o-", capsize=3)
    ax.set(xlabel="number of observations", ylabel="tail probability", ylim=(-0.05, 1.05))
    return ax


@variant_of("plot_tail")
def tail_with_dots_on_the_line(sample_sizes, probabilities):
    """Line and points drawn apart; the figure comes last."""
    plt.figure()
    (line,) = plt.plot(sample_sizes, probabilities, color="k")
    plt.scatter(sample_sizes, probabilities, color="r")
    plt.gca().set_xlabel("n")
    plt.gca().set_ylabel("share")
    return line, plt.gcf()


@variant_of("plot_tail")
def tail_in_the_second_panel(sample_sizes, probabilities):
    """Beside it the same on a logarithmic scale."""
    fig, axes = plt.subplots(1, 2)
    axes[0].set_yscale("log")
    for ax in axes:
        ax.plot(np.array(sample_sizes, dtype=float), np.array(probabilities), "o-")
        ax.set(xlabel="n", ylabel="tail probability")
    return fig


@variant_of("plot_tail")
def tail_in_a_band(sample_sizes, probabilities):
    """A band of two standard errors around the line, and its edges; the names are the figure's."""
    p = np.asarray(probabilities)
    error = 2 * np.sqrt(p * (1 - p) / 1000)
    fig, ax = plt.subplots()
    ax.fill_between(sample_sizes, p - error, p + error, alpha=0.3)
    ax.plot(sample_sizes, p)
    ax.plot(sample_sizes, p - error, "C0:", sample_sizes, p + error, "C0:")
    ax.vlines(sample_sizes, 0, p, color="lightgray")
    fig.supxlabel("n")
    fig.supylabel("tail probability")
    return fig


# ---- cauchy_tail ----------------------------------------------------------------------------------------------------


@variant_of("cauchy_tail")
def one_less_the_inside(eps):
    return 1 - 2 / np.pi * np.arctan(eps)


@variant_of("cauchy_tail")
def plain_math(eps):
    inside = (math.atan(eps) - math.atan(-eps)) / math.pi
    return 1.0 - inside


@variant_of("cauchy_tail")
def scipy_cauchy(eps):
    return 2 * stats.cauchy.sf(eps)


@variant_of("cauchy_tail")
def student_with_one_degree(eps):
    """Both tails, which are alike, of t with one degree of freedom; as an array of one."""
    return np.atleast_1d(stats.t(1).cdf(-eps) + stats.t(1).sf(eps))


@variant_of("cauchy_tail")
def angle_of_the_inverse(eps):
    """By arctan(1/eps), which keeps the digits of a small tail."""
    if eps == 0:
        return 1
    return 2 * math.atan(1 / eps) / math.pi


@variant_of("cauchy_tail")
def integrated_over_angles(eps):
    """The density, by numbers: with x = tan(a) the integral is that of 1/pi over a."""
    start = np.arctan(eps)
    return 2 * integrate.quad(lambda a: 1 / np.pi, start, np.pi / 2)[0]


# ---- lln_holds ------------------------------------------------------------------------------------------------------


@variant_of("lln_holds")
def law_by_its_condition():
    return {nu: nu > 1 for nu in (1, 2, 3)}


@variant_of("lln_holds")
def law_in_numpy_booleans():
    degrees = np.array([3, 2, 1])
    return dict(zip(degrees, degrees > 1, strict=True))


@variant_of("lln_holds")
def law_as_ones_and_zeros():
    return dict(zip([3, 2, 1], [1, 1, 0], strict=True))


@variant_of("lln_holds")
def law_for_more_degrees():
    return {3: True, 2: True, 1.5: True, 1.1: True, 1: False}


@variant_of("lln_holds")
def law_with_float_keys():
    holds = dict.fromkeys((3.0, 2.0, 1.0), True)
    holds[1.0] = False
    return holds


# ---- clt_holds ------------------------------------------------------------------------------------------------------


@variant_of("clt_holds")
def theorem_by_its_condition():
    return {nu: bool(np.isfinite(stats.t(nu).var())) for nu in (3, 2, 1)}


@variant_of("clt_holds")
def theorem_in_numpy_booleans():
    return {nu: np.bool_(nu > 2) for nu in range(1, 4)}


@variant_of("clt_holds")
def theorem_for_more_degrees():
    return {1: False, 1.5: False, 2: False, 3: True, 30: True}


@variant_of("clt_holds")
def theorem_as_ones_and_zeros():
    return {1: 0, 2: 0, 3: 1}


# ---- mixture_moments ------------------------------------------------------------------------------------------------


@variant_of("mixture_moments")
def moments_about_zero(pi, mu, sigma):
    mean = np.sum(pi * mu)
    second = np.sum(pi * (sigma**2 + mu**2))
    return mean, np.sqrt(second - mean**2)


@variant_of("mixture_moments")
def moments_in_a_loop(pi, mu, sigma):
    """Component by component, as a list."""
    mean = 0.0
    for p, m in zip(pi, mu, strict=True):
        mean += p * m
    within = between = 0.0
    for p, m, s in zip(pi, mu, sigma, strict=True):
        within += p * s**2
        between += p * (m - mean) ** 2
    return [mean, math.sqrt(within + between)]


@variant_of("mixture_moments")
def weighted_averages(pi, mu, sigma):
    mean = np.average(mu, weights=pi)
    return mean, np.hypot(
        np.sqrt(np.average(sigma**2, weights=pi)), np.sqrt(np.average(np.square(mu - mean), weights=pi))
    )


@variant_of("mixture_moments")
def between_by_pairs(pi, mu, sigma):
    """The variance between is half the mean squared distance of two means; as an array."""
    within = np.dot(pi, np.power(sigma, 2))
    between = pi @ (np.subtract.outer(mu, mu) ** 2) @ pi / 2
    return np.array([np.dot(pi, mu), np.sqrt(within + between)])


@variant_of("mixture_moments")
def moments_by_einsum(pi, mu, sigma):
    """As 1 x 1 arrays, by matrices."""
    weights = np.asarray(pi)[None, :]
    mean = weights @ np.asarray(mu)[:, None]
    centered = np.asarray(mu)[:, None] - mean
    variance = np.einsum("ij,jk,jk->ik", weights, centered, centered) + weights @ (np.asarray(sigma) ** 2)[:, None]
    return mean, variance**0.5


# ---- sample_mixture -------------------------------------------------------------------------------------------------


@variant_of("sample_mixture")
def shuffled_multinomial(n, pi, mu, sigma, rng):
    """How many come from each component is random, and the order, too."""
    counts = rng.multinomial(n, pi)
    parts = [rng.normal(m, s, count) for m, s, count in zip(mu, sigma, counts, strict=True)]
    return rng.permutation(np.concatenate(parts))


@variant_of("sample_mixture")
def by_cumulated_probabilities(n, pi, mu, sigma, rng):
    component = np.searchsorted(np.cumsum(pi)[:-1], rng.random(n), side="right")
    return mu[component] + sigma[component] * rng.standard_normal(n)


@variant_of("sample_mixture")
def one_number_at_a_time(n, pi, mu, sigma, rng):
    sample = []
    for _ in range(n):
        j = rng.choice(len(pi), p=pi)
        sample.append(rng.normal(mu[j], sigma[j]))
    return sample


@variant_of("sample_mixture")
def picked_from_all_components(n, pi, mu, sigma, rng):
    """Draws of all components, of which each row keeps one; as a column."""
    draws = mu + sigma * rng.standard_normal((n, len(mu)))
    component = rng.choice(np.arange(len(pi)), p=pi, size=(n, 1))
    return np.take_along_axis(draws, component, axis=1)


@variant_of("sample_mixture")
def filled_by_masks(n, pi, mu, sigma, rng):
    """Also returns the components."""
    component = rng.multinomial(1, pi, size=n).argmax(axis=1)
    x = np.empty(n)
    for j in range(len(pi)):
        own = component == j
        x[own] = rng.normal(loc=mu[j], scale=sigma[j], size=own.sum())
    return x, component


@variant_of("sample_mixture")
def selected_by_intervals(n, pi, mu, sigma, rng):
    """Which interval a uniform number falls into decides; the normal numbers by scipy."""
    u = rng.uniform(size=n)
    edges = np.concatenate([[0.0], np.cumsum(pi)])
    edges[-1] = 1.0
    inside = [(low <= u) & (u < high) for low, high in itertools.pairwise(edges)]
    z = stats.norm.rvs(size=n, random_state=rng)
    return np.select(inside, [m + s * z for m, s in zip(mu, sigma, strict=True)])


# ---- standardized_means ---------------------------------------------------------------------------------------------


@variant_of("standardized_means")
def one_long_sample_cut_up(n, M, pi, mu, sigma, rng):
    mean, sd = mixture_moments(pi, mu, sigma)
    x = sample_mixture(M * n, pi, mu, sigma, rng).reshape(M, n)
    return np.sqrt(n) * (x.mean(axis=1) - mean) / sd


@variant_of("standardized_means")
def sample_after_sample(n, M, pi, mu, sigma, rng):
    mean, sd = mixture_moments(pi, mu, sigma)
    return [math.sqrt(n) * (np.mean(sample_mixture(n, pi, mu, sigma, rng)) - mean) / sd for _ in range(M)]


@variant_of("standardized_means")
def a_sample_in_each_column(n, M, pi, mu, sigma, rng):
    """Standardizes each number, then adds up."""
    mean, sd = mixture_moments(pi, mu, sigma)
    z = (sample_mixture(n * M, pi, mu, sigma, rng).reshape((n, M)) - mean) / sd
    return z.sum(axis=0) / n**0.5


@variant_of("standardized_means")
def sums_given_the_counts(n, M, pi, mu, sigma, rng):
    """Only the M sums are drawn, given how many numbers each component has; as a column."""
    counts = rng.multinomial(n, pi, size=(M, 1))
    mean = counts @ mu / n
    spread = np.sqrt(counts @ sigma**2) / n
    m, s = mixture_moments(pi, mu, sigma)
    return (rng.normal(mean, spread) - m) / (s / np.sqrt(n))


@variant_of("standardized_means")
def sorted_within_each_sample(n, M, pi, mu, sigma, rng):
    """The lecture's final program for two components, for any number: the order within a sample doesn't matter here."""
    m = sum(p * a for p, a in zip(pi, mu, strict=True))
    variance = sum(p * (s**2 + (a - m) ** 2) for p, a, s in zip(pi, mu, sigma, strict=True))
    means = np.zeros(M)
    for i in range(M):
        n_j = rng.multinomial(n, pi)
        means[i] = np.mean(rng.normal(np.repeat(mu, n_j), np.repeat(sigma, n_j)))
    return np.sqrt(n / variance) * (means - m)


@variant_of("standardized_means")
def components_in_a_table(n, M, pi, mu, sigma, rng):
    component = rng.choice(len(pi), size=(M, n), p=pi)
    x = rng.normal(mu[component], sigma[component])
    mean = mu @ pi
    sd = np.sqrt(pi @ sigma**2 + pi @ (mu - mean) ** 2)
    return (x.sum(axis=1) - n * mean) / (np.sqrt(n) * sd), x


# ---- ecdf -----------------------------------------------------------------------------------------------------------


@variant_of("ecdf")
def shares_by_comparison(data):
    x = np.sort(data)
    return x, (x <= x[:, np.newaxis]).mean(axis=1)


@variant_of("ecdf")
def values_with_their_counts(data):
    levels, counts = np.unique(data, return_counts=True)
    return np.repeat(levels, counts), np.repeat(np.cumsum(counts) / len(data), counts)


@variant_of("ecdf")
def largest_ranks(data):
    """By scipy's ranks, as an array of two rows."""
    x = sorted(data)
    return np.array([x, stats.rankdata(x, method="max") / len(x)])


@variant_of("ecdf")
def lists_and_a_loop(data):
    x = sorted(data.tolist())
    shares = []
    for value in x:
        shares.append(sum(1 for other in x if other <= value) / len(x))
    return x, shares


@variant_of("ecdf")
def ranks_repaired_at_ties(data):
    """The lecture's shares; at equal numbers the last one counts. Also returns how many there are."""
    x = np.array(data, dtype=float)
    x.sort()
    shares = np.arange(1, len(x) + 1) / len(x)
    for i in range(len(x) - 2, -1, -1):
        if x[i] == x[i + 1]:
            shares[i] = shares[i + 1]
    return x, shares, len(x)


@variant_of("ecdf")
def bisected_at_each_of_them(data):
    x = np.sort(np.asarray(data))
    return x, [bisect.bisect_right(x, value) / len(x) for value in x]


# ---- ecdf_at --------------------------------------------------------------------------------------------------------


@variant_of("ecdf_at")
def table_of_comparisons(data, grid):
    return (data[np.newaxis, :] <= grid[:, np.newaxis]).mean(axis=1)


@variant_of("ecdf_at")
def point_by_point(data, grid):
    return [np.mean(data <= z) for z in grid]


@variant_of("ecdf_at")
def read_off_the_steps(data, grid):
    """The function ecdf, with a step of height 0 in front."""
    x, shares = ecdf(data)
    return np.append(0.0, shares)[np.searchsorted(x, grid, side="right")]


@variant_of("ecdf_at")
def digitized(data, grid):
    """As a row."""
    return np.digitize(grid, bins=np.sort(data))[None, :] / data.size


@variant_of("ecdf_at")
def sum_of_steps(data, grid):
    total = np.zeros(len(grid))
    for value in data:
        total += np.heaviside(grid - value, 1.0)
    return total / len(data)


@variant_of("ecdf_at")
def bisected_in_a_list(data, grid):
    x = sorted(data)
    return np.array([bisect.bisect(x, z) for z in grid]) / len(x)


# ---- plot_ecdf ------------------------------------------------------------------------------------------------------


@variant_of("plot_ecdf")
def axes_that_can_do_it(z_by_n):
    """By the method of the axes."""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.ecdf(z, label=f"$n = {n}$")
    z = np.linspace(-4, 4, 801)
    ax.plot(z, stats.norm.cdf(z), "k", label=r"$\Phi$")
    ax.set_xlim(-4, 4)
    ax.set_xlabel("$z$")
    ax.set_ylabel(r"$\hat F(z)$")
    ax.legend()
    return fig


@variant_of("plot_ecdf")
def steps_of_the_lecture(z_by_n):
    """As in Code 2, the curve from -3 to 3."""
    fig, ax = plt.subplots(figsize=(12, 8))
    for (n, z), style in zip(z_by_n.items(), itertools.cycle(["-", "--", "-.", ":"]), strict=False):
        x, y = ecdf(z)
        ax.step(x, y, where="post", label=f"ECDF for n={n}", linestyle=style)
    x_grid = np.linspace(-3, 3, 100)
    ax.plot(x_grid, ndtr(x_grid), "--", label="CDF N(0,1)", color="gray")
    ax.set_title("ECDF and CDF Comparison for Gaussian Mixture")
    ax.set_xlabel(r"$\sqrt{n}(\bar{X}-\mu)/\sigma$")
    ax.set_ylabel("Cumulative Probability")
    ax.legend()
    return fig, ax


@variant_of("plot_ecdf")
def corners_drawn_by_hand(z_by_n):
    """Each step as two pieces of one line, from 0 to 1; the legend has a title."""
    plt.figure()
    grid = np.linspace(-5, 5, 501)
    plt.plot(grid, (1 + erf(grid / np.sqrt(2))) / 2, color="black")
    for n in sorted(z_by_n):
        x = np.concatenate([[-5.0], np.sort(z_by_n[n]), [5.0]])
        heights = np.concatenate([np.arange(len(x) - 1), [len(x) - 2]]) / (len(x) - 2)
        plt.plot(np.repeat(x, 2)[1:], np.repeat(heights, 2)[:-1], label=str(n))
    plt.xlabel("standardized mean")
    plt.ylabel("share")
    plt.legend(title="n")
    return plt.gcf()


@variant_of("plot_ecdf")
def drawn_on_a_fine_grid(z_by_n):
    """The steps from a very fine grid, on which they look upright; the legend is the figure's."""
    fig, ax = plt.subplots()
    fine = np.linspace(-4, 4, 8001)
    handles = [ax.plot(fine, ecdf_at(z, fine), lw=1)[0] for z in z_by_n.values()]
    (normal,) = ax.plot(fine, ndtr(fine), "k:")
    fig.legend([*handles, normal], [*(f"n={n}" for n in z_by_n), "normal"])
    ax.set(xlabel="z", ylabel="F(z)")
    return fig


@variant_of("plot_ecdf")
def drawstyle_and_a_zero_line(z_by_n):
    """Steps by their draw style, with a line at 0 and one at 1; returns the axes."""
    _, ax = plt.subplots()
    ax.axhline(0, color="lightgray")
    ax.axhline(1, color="lightgray")
    for n, z in z_by_n.items():
        x, shares = ecdf(z)
        ax.plot(x, shares, drawstyle="steps-post", label=f"{n} draws")
    z = np.arange(-4, 4.01, 0.05)
    normal = [statistics.NormalDist().cdf(value) for value in z]
    ax.plot(z, normal, linestyle="dashed", label="limit")
    ax.legend(loc="upper left")
    ax.set(xlabel="z", ylabel="empirical distribution function")
    return ax


@variant_of("plot_ecdf")
def names_in_a_list(z_by_n):
    """The curve first, from 16 points; the names as a list in the order of the lines."""
    fig, ax = plt.subplots()
    grid = np.linspace(-4, 4, 16)
    ax.plot(grid, ndtr(grid), "k")
    for z in z_by_n.values():
        ax.step(*ecdf(z), where="post")
    ax.legend(["normal", *(f"n = {n}" for n in z_by_n)])
    fig.supxlabel("z")
    fig.supylabel("share")
    return fig


@variant_of("plot_ecdf")
def stairs_with_handles(z_by_n):
    """By stairs, from -5 to 5; the handles are given to the legend with their names, from the last to the first."""
    fig, ax = plt.subplots()
    handles, labels = [], []
    for n, z in z_by_n.items():
        heights = np.arange(len(z) + 1) / len(z)
        handles.append(ax.stairs(heights, [-5, *sorted(z), 5], color=f"C{len(handles)}"))
        labels.append(f"n = {n}")
    grid = np.linspace(-4, 4, 101)
    handles += ax.plot(grid, ndtr(grid), "k--")
    ax.legend(handles[::-1], [*labels, "normal"][::-1])
    ax.set(xlabel="z", ylabel="share", xlim=(-4, 4))
    return fig


@variant_of("plot_ecdf")
def black_lines_by_style(z_by_n):
    """For a printer without colors: each line has its own style."""
    fig, ax = plt.subplots()
    for (n, z), style in zip(z_by_n.items(), itertools.cycle(["-", "--", "-."]), strict=False):
        ax.step(*ecdf(z), style, where="post", color="k", label=f"n = {n}")
    grid = np.linspace(-4, 4, 401)
    ax.plot(grid, ndtr(grid), ":", color="k", label="normal")
    legend = ax.legend()
    for handle in legend.legend_handles:
        handle.set_linewidth(3)
    ax.set(xlabel="z", ylabel="share")
    return fig


# ---- mise -----------------------------------------------------------------------------------------------------------


@variant_of("mise")
def numpy_trapezoid(z, grid):
    return np.trapezoid((ecdf_at(z, grid) - ndtr(grid)) ** 2, grid)


@variant_of("mise")
def scipy_trapezoid(z, grid):
    """With a comparison in place of the ECDF."""
    shares = np.array([np.sum(z <= point) for point in grid]) / len(z)
    return integrate.trapezoid(np.square(shares - stats.norm.cdf(grid)), x=grid)


@variant_of("mise")
def step_by_step(z, grid):
    normal = [statistics.NormalDist().cdf(point) for point in grid]
    squares = [(share - p) ** 2 for share, p in zip(ecdf_at(z, grid), normal, strict=True)]
    total = 0.0
    for i in range(1, len(grid)):
        total += (grid[i] - grid[i - 1]) * (squares[i] + squares[i - 1]) / 2
    return total


@variant_of("mise")
def weights_of_the_points(z, grid):
    """Each point counts by half the distance between its neighbours; as an array of one."""
    steps = np.diff(grid)
    weights = (np.append(steps, 0) + np.append(0, steps)) / 2
    distances = ecdf_at(z, grid) - (1 + erf(grid / math.sqrt(2))) / 2
    return np.array([weights @ distances**2])


@variant_of("mise")
def last_of_the_cumulated(z, grid):
    """The integral up to each point, of which the last is the whole; and the squares as a second value."""
    squares = np.abs(ndtr(grid) - ecdf_at(z, grid)) ** 2
    return integrate.cumulative_trapezoid(squares, grid, initial=0)[-1], squares


# ---- mise_floor -----------------------------------------------------------------------------------------------------


@variant_of("mise_floor")
def variance_of_a_share(M, grid):
    p = ndtr(grid)
    return np.trapezoid(p * (1 - p) / M, grid)


@variant_of("mise_floor")
def mean_square_less_squared_mean(M, grid):
    p = stats.norm.cdf(grid)
    heights = (p - p**2) / M
    return sum((b - a) * (f + g) / 2 for a, b, f, g in zip(grid, grid[1:], heights, heights[1:], strict=False))


@variant_of("mise_floor")
def binomial_variance(M, grid):
    """The variance of the number of data up to each point, by scipy."""
    counts = stats.binom(M, ndtr(grid)).var()
    return integrate.trapezoid(counts / M**2, grid)


@variant_of("mise_floor")
def by_the_error_function(M, grid):
    """Phi (1 - Phi) is (1 - erf^2) / 4; as an array of one."""
    heights = (1 - erf(np.asarray(grid) / np.sqrt(2)) ** 2) / 4
    return np.trapezoid([heights / M], x=grid, axis=1)


@variant_of("mise_floor")
def both_tails_multiplied(M, grid):
    widths = np.diff(grid)
    heights = stats.norm.cdf(grid) * stats.norm.sf(grid)
    return (widths @ heights[:-1] + widths @ heights[1:]) / (2 * M)


# ---- stratified_limit_sd --------------------------------------------------------------------------------------------


@variant_of("stratified_limit_sd")
def share_of_the_within_part(pi, mu, sigma):
    mean = pi @ mu
    within = pi @ sigma**2
    between = pi @ (mu - mean) ** 2
    return np.sqrt(within / (within + between))


@variant_of("stratified_limit_sd")
def one_less_the_between_part(pi, mu, sigma):
    mean, sd = mixture_moments(pi, mu, sigma)
    return (1 - np.sum(pi * (mu - mean) ** 2) / sd**2) ** 0.5


@variant_of("stratified_limit_sd")
def from_its_components(pi, mu, sigma):
    """In plain Python."""
    total = sum(p * s * s for p, s in zip(pi, sigma, strict=True))
    m = sum(p * a for p, a in zip(pi, mu, strict=True))
    spread = sum(p * (s * s + a * a) for p, s, a in zip(pi, sigma, mu, strict=True)) - m * m
    return math.sqrt(total) / math.sqrt(spread)


@variant_of("stratified_limit_sd")
def two_mixtures_compared(pi, mu, sigma):
    """The mixture against the one whose components all have the mean 0; as an array."""
    _, within = mixture_moments(pi, np.zeros_like(mu), sigma)
    _, whole = mixture_moments(pi, mu, sigma)
    return np.array([[within / whole]])


@variant_of("stratified_limit_sd")
def length_of_a_vector(pi, mu, sigma):
    """And the standard deviation of the mixture as a second value."""
    sd = mixture_moments(pi, mu, sigma)[1]
    return np.linalg.norm(np.sqrt(pi) * sigma / sd), sd
