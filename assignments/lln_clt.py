# %% [markdown]
# # Averages: where they go, and how they get there
#
# Average enough independent numbers and the result settles down: that is the **law of large numbers**. Look at what
# is left of the noise through a magnifying glass of strength $\sqrt n$ and you see a normal distribution, whatever
# you averaged: that is the **central limit theorem**. Nearly all of statistics stands on these two.
#
# Both have conditions, and a simulation is a good place to find out what happens when they fail. It is also a good
# place to fool yourself: a plot ends at some $n$, a probability is estimated from some number $M$ of repetitions, and
# one careless line makes a simulation of something else. In this notebook you repeat the lecture's experiments,
# answer the questions that it leaves open (each of them has a sharp answer), and repair a program that runs without
# complaint and is wrong.
#
# **How it works.** You fill in the functions; under each question you can run its checks as often as you like. There
# are 10 points: 8 for code, 2 for two short texts. Some conventions hold throughout:
#
# * $n$ is the size of a sample, $M$ the number of samples. Arrays of samples have the shape `(M, n)`: one sample in
#   each row.
# * Random functions draw from the generator `rng` that they are given (`rng.standard_t`, `rng.normal`, ...), so that
#   your results can be repeated. Never call `np.random.seed`, and never make a generator of your own inside a
#   function with a seed of your own: its results would be the same at every call.
# * A function never changes its arguments.
# * `ndtr(z)` is $\Phi(z)$, the distribution function of the standard normal distribution, for numbers and arrays. It
#   does the same as the lecture's `norm.cdf(z)`.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.special import ndtr

import shared
from shared import plotting

plotting.use_style()

# %% [markdown]
# Experiments that take more than a moment stand under `if shared.running_slow():`. That is true for you and false
# while your notebook is being graded, so the grader doesn't wait for your figures. Leave those lines as they are.
#
# ## Part 1 · The law of large numbers
#
# Let $X_1, X_2, \ldots$ be independent, all with the same distribution, and let its first moment be finite, with mean
# $\mu$. The (weak) law of large numbers says that $\bar X_n = (X_1 + \ldots + X_n)/n$ tends to $\mu$ in probability:
#
# $$P(|\bar X_n - \mu| > \epsilon) \to 0 \quad\text{for every } \epsilon > 0.$$
#
# To see how much the condition matters we want distributions that look alike and differ in their tails. Student's
# $t$ distribution with $\nu$ degrees of freedom has the density $p(x) \propto (1 + x^2/\nu)^{-(\nu+1)/2}$: a bell, and
# far out it falls only like $|x|^{-(\nu + 1)}$. So
#
# * for $\nu = 3$ the mean is 0 and the variance is finite (it is 3),
# * for $\nu = 2$ the mean is 0 and the variance is infinite,
# * for $\nu = 1$, the *Cauchy distribution*, there is no mean: the integral of $|x|\,p(x)$ is infinite.
#
# The picture to draw is a trajectory: take one sample, and follow the mean of its first $n$ numbers as $n$ grows.
#
# ## Question 1 · Running means (0.5 points)
#
# Define `running_means(x)`. Each row of `x`, shape `(M, n)`, is a sample; the result has the same shape, and in each
# row, column by column, the mean of the first 1, 2, ..., $n$ numbers of that sample.
#
# The last column must be the ordinary mean of the whole row, the first one the first number itself. (A division by
# $0, 1, \ldots, n-1$ is the classical accident.)
#
# *The checks look at:* values and shapes, also for $M = 1$ and $n = 1$; that `x` stays as it was.

# %%
from solutions.lln_clt import running_means

# %% [markdown]
# ## Question 2 · Many trajectories (0.75 points)
#
# Define `simulate_running_means(nu, n, M, rng)`: the running means of $M$ independent samples of size $n$ from the
# $t$ distribution with `nu` degrees of freedom, shape `(M, n)`.
#
# A row is *one* sample that grows. If you drew a fresh sample for every $n$, each point of the row would be right on
# its own, and the row would be no trajectory.
#
# *The checks look at:* the shape; the distribution of the numbers behind your means (they can be recovered from
# them), for several `nu`; that they are independent within a row and between rows; that another `rng` gives another
# result and an equal one the same.

# %%
from solutions.lln_clt import simulate_running_means

# %% [markdown]
# ## Question 3 · The spaghetti plot (0.25 points)
#
# Define `plot_spaghetti(means)`, for an array as `simulate_running_means` returns it: the $M$ trajectories, a line
# each, against the sample sizes $1, 2, \ldots, n$. Label both axes and return the figure; start with
# `fig, ax = plt.subplots()`.
#
# One trap waits in the labels of the lecture's Code 1. In an ordinary string Python reads `"\b"` as a backspace, so
# that `"$\bar{X}$"` has lost its bar before matplotlib sees it. Write `r"$\bar{X}$"`.
#
# *The checks look at:* what your figure draws (the lines), whether the limits of its axes show that, and the labels;
# not at its style. Up to six more curves are fine (an average, a limit), and any number of lines between two points.

# %%
from solutions.lln_clt import plot_spaghetti

# %% [markdown]
# Here are 50 trajectories for each of the three distributions, all on the same scale.

# %%
if shared.running_slow():
    for nu in (3, 2, 1):
        fig = plot_spaghetti(simulate_running_means(nu, 1000, 50, np.random.default_rng(0)))
        fig.set_size_inches(9, 2.9)
        fig.axes[0].set(title=rf"50 running means, $\nu = {nu}$", xlim=(0, 1000), ylim=(-3, 3))
    plt.show()

# %% [markdown]
# With $\nu = 3$ the spaghetti tie themselves into a bundle. With $\nu = 2$ they do too, but from time to time one of
# them is thrown off by a single large number and takes long to come back. With $\nu = 1$ that never stops. Each jump
# is one observation that outweighs hundreds of others, and however far you go, the next one is on its way.
#
# A bundle of lines is hard to measure. The law speaks about a probability, so let us estimate that probability. As
# in the lecture we take $\epsilon = 0.1$ and measure the distance from 0, also for $\nu = 1$, where 0 is merely the
# center of symmetry.
#
# ## Question 4 · The tail probabilities (1 point)
#
# Define `tail_probabilities(nu, sample_sizes, M, eps, rng)`. For each $n$ in `sample_sizes`, in the given order, it
# estimates $P(|\bar X_n| > \epsilon)$: the share of $M$ independent samples of size $n$ whose mean is farther than
# `eps` from 0, strictly. The result has the shape `(len(sample_sizes),)`.
#
# The slide and its code differ here. The slide draws $M$ samples of size 1000 once and uses their first $n$ numbers
# for each $n$; the code draws new samples for every $n$. Either is right, and you may do as you like. The first needs
# a tenth of the random numbers. The second gives points that are independent of each other, so that the wiggles of
# the curve show honestly how uncertain it is. (Don't be misled by the code's `count_within_epsilon`: it counts the
# means *outside*.)
#
# The lecture's code spends most of its time in scipy's `t.rvs`, not on the numbers: `rng.standard_t` takes less than
# half as long, and an array of shape `(M, n)` at a time reads better than a loop over the samples.
#
# *The checks look at:* the estimates at small $n$ and several `nu`, `eps` and orders, where the exact probabilities
# are known; that each estimate is a share of $M$; that another `rng` gives another result and an equal one the same.

# %%
from solutions.lln_clt import tail_probabilities

# %% [markdown]
# ## Question 5 · The tail against n (0.25 points)
#
# Define `plot_tail(sample_sizes, probabilities)`: the probabilities against the sample sizes, one line, with both
# axes labelled. Return the figure.
#
# *The checks look at:* the line, whether the limits of the axes show it, and their labels. Up to six more curves are
# fine (a bound, the edges of a band), and any number of lines between two points.

# %%
from solutions.lln_clt import plot_tail

# %%
if shared.running_slow():
    sample_sizes = np.arange(50, 1001, 50)
    tails = {nu: tail_probabilities(nu, sample_sizes, 1000, 0.1, np.random.default_rng(nu)) for nu in (3, 2, 1)}
    fig = plot_tail(sample_sizes, tails[3])
    ax = fig.axes[0]
    ax.lines[0].set_label(r"$\nu = 3$")
    for nu, color in ((2, "C1"), (1, "C2")):
        ax.plot(sample_sizes, tails[nu], "o-", markersize=4, color=color, label=rf"$\nu = {nu}$")
    ax.set(title=r"How often is the mean farther than 0.1 from 0?  ($M = 1000$)", ylim=(0, 1.02))
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.62))
    plt.show()

# %% [markdown]
# Each point is a share of $M = 1000$, so its standard error is at most $\sqrt{1/4000} \approx 0.016$: the small
# wiggles mean nothing. The curve for $\nu = 3$ arrives near 0. The one for $\nu = 2$ is still at 0.3 when the plot
# ends. And the one for $\nu = 1$ is flat.
#
# ## Part 2 · Does the mean converge?
#
# About the flat curve the lecture asks: should we conclude that $\bar X_n$ doesn't converge to 0, or to any other
# point? Or is the sample merely too small?
#
# It is a good question, because the theorem doesn't help. Its condition is sufficient, not necessary: there are
# distributions without a mean whose averages do converge in probability. Where the condition fails, the theorem is
# silent. So we need either a better argument or more data. We have the argument.
#
# The characteristic function of the Cauchy distribution, with the density $1/(\pi(1 + x^2))$, is
# $\varphi(s) = E\,e^{isX} = e^{-|s|}$. The mean of $n$ independent ones therefore has
#
# $$E\,e^{is\bar X_n} = \varphi(s/n)^n = \bigl(e^{-|s|/n}\bigr)^n = e^{-|s|}.$$
#
# Read this twice: *the mean of $n$ Cauchy variables has exactly the distribution of a single one*, for every $n$.
# The mean of a million observations tells you no more about the center than the first of them. (Their median would
# tell you a lot.)
#
# ## Question 6 · The mean of Cauchy variables (0.5 points)
#
# Define `cauchy_tail(eps)`, which returns the exact $P(|\bar X_n| > \epsilon)$ for $\nu = 1$ as a float, for every
# number `eps` from 0 up. It is one integral of the density above.
#
# *The checks look at:* values, from $\epsilon = 0$ to large ones; that they fall as $\epsilon$ grows.

# %%
from solutions.lln_clt import cauchy_tail

# %% [markdown]
# Now the same experiment over four powers of ten ($M = 500$), with the exact value as a dashed line, and with two
# more distributions: $\nu = 1.5$ and $\nu = 1.1$. Both have a finite mean. (It takes a few seconds.)

# %%
if shared.running_slow():
    wide_sizes = np.array([1, 3, 10, 30, 100, 300, 1000, 3000, 10_000])
    fig, ax = plt.subplots(figsize=(8, 4.6), layout="constrained")
    for nu, color in ((2, "C1"), (1.5, "C4"), (1.1, "C3"), (1, "C2")):
        curve = tail_probabilities(nu, wide_sizes, 500, 0.1, np.random.default_rng(7))
        ax.semilogx(wide_sizes, curve, "o-", markersize=4, color=color, label=rf"$\nu = {nu}$")
    ax.axhline(cauchy_tail(0.1), color="black", linestyle="--", linewidth=1.2, label="exact, Cauchy")
    ax.set(xlabel="sample size $n$", ylabel=r"$P(|\bar X_n| > 0.1)$", ylim=(0, 1.02))
    ax.legend(loc="lower left")
    plt.show()
    print(f"Exact value for the Cauchy distribution: {cauchy_tail(0.1):.4f}")
    print(f"Estimates for n = 50, ..., 1000 in the plot before: {tails[1].min():.3f} to {tails[1].max():.3f}")

# %% [markdown]
# ## Question 7 · Where the law holds (0.25 points)
#
# Define `lln_holds`, a dictionary with the keys 3, 2 and 1, the degrees of freedom: `True` where $\bar X_n$ converges
# in probability to a constant, `False` where it doesn't.
#
# *The checks look at:* the keys, and that the values are `True` or `False`; whether each is right you will see when
# your work has been graded.

# %%
from solutions.lln_clt import lln_holds

# %% [markdown]
# (Where the law holds, it doesn't say *when*: look again at how slowly some of the curves fall.)
#
# ## Question 8 · Does the mean converge? (1 point, read by a person)
#
# Answer the lecture's question, in four to eight sentences. Look at the flat curve for $\nu = 1$ alone: what does it
# allow you to conclude about $n \to \infty$, and what not? (The curve for $\nu = 1.1$ has something to say about
# that.) Then bring in your `cauchy_tail`: does $\bar X_n$ converge to 0 in probability? To any other point? Compare
# the exact value with the estimates.

# %%
from solutions.lln_clt import does_the_mean_converge

# %% [markdown]
# ## Part 3 · The central limit theorem
#
# If the mean $\mu$ and the standard deviation $\sigma$ are finite (and $\sigma > 0$), then
#
# $$\sqrt n\,(\bar X_n - \mu)/\sigma \;\to\; N(0, 1) \quad\text{in distribution,}$$
#
# that is, $P(\sqrt n\,(\bar X_n - \mu)/\sigma \le z) \to \Phi(z)$ for every $z$. The error of a mean shrinks like
# $1/\sqrt n$, neither faster nor more slowly, and $\sqrt n$ is the magnification that keeps it the same size.
#
# We can watch that with the three $t$ distributions. Below is the width of the distribution of $\sqrt n\,\bar X_n$:
# half the distance between its quartiles. (A standard deviation would be at the mercy of the largest few numbers.)

# %%
if shared.running_slow():
    rng = np.random.default_rng(8)
    wide_sizes = np.array([1, 3, 10, 30, 100, 300, 1000, 3000])
    fig, ax = plt.subplots(figsize=(8, 4.2), layout="constrained")
    for nu, color in ((1, "C2"), (2, "C1"), (3, "C0")):
        widths = []
        for n in wide_sizes:
            scaled = np.sqrt(n) * rng.standard_t(nu, size=(1000, n)).mean(axis=1)
            widths.append(np.subtract(*np.quantile(scaled, [0.75, 0.25])) / 2)
        ax.loglog(wide_sizes, widths, "o-", markersize=4, color=color, label=rf"$\nu = {nu}$")
    limit = 0.6745 * np.sqrt(3)
    ax.axhline(limit, color="black", linestyle="--", linewidth=1.2, label=r"$N(0, 3)$")
    ax.set(xlabel="sample size $n$", ylabel=r"half the distance of the quartiles of $\sqrt{n}\,\bar X_n$")
    ax.legend()
    plt.show()

# %% [markdown]
# ## Question 9 · Where the theorem holds (0.25 points)
#
# Define `clt_holds`, a dictionary with the keys 3, 2 and 1: `True` where the theorem as it stands above applies to
# the $t$ distribution with that many degrees of freedom, with the factor $\sqrt n$ and a finite $\sigma$.
#
# *The checks look at:* the same as for `lln_holds`.

# %%
from solutions.lln_clt import clt_holds

# %% [markdown]
# The middle curve deserves a second look. For $\nu = 2$ it creeps upwards and never stops, since the limit with the
# factor $\sqrt n$ would need an infinite width. But it creeps so slowly that one is tempted to call it flat, and the
# trajectories of Part 1 looked quite tame. There is in fact a normal limit with a different factor: here
# $\sqrt{n/\log n}\;\bar X_n \to N(0, 1)$. The tails of $t_2$ are just heavy enough to cost a logarithm. (So "the
# variance is infinite" doesn't imply "no normal limit": it implies none with $\sqrt n$.) For $\nu = 1$ the width grows
# like $\sqrt n$ itself, as it must when $\bar X_n$ doesn't shrink at all.
#
# ## Part 4 · A mixture, and a program that is wrong
#
# For the central limit theorem itself the lecture takes a distribution as far from normal as one likes: a *mixture*
# of normals,
#
# $$p(x) = \sum_{j=1}^k \pi_j\, p(x; \mu_j, \sigma_j^2), \qquad \pi_j \ge 0, \quad \sum_j \pi_j = 1.$$
#
# Read it as a recipe in two steps: choose a component, the $j$-th with probability $\pi_j$; then draw from
# $N(\mu_j, \sigma_j^2)$. For two components the lecture has
#
# $$\mu = \pi_1\mu_1 + \pi_2\mu_2, \qquad \sigma^2 = \underbrace{\pi_1\sigma_1^2 + \pi_2\sigma_2^2}_{\text{within}}
# \;+\; \underbrace{\pi_1(\mu_1 - \mu)^2 + \pi_2(\mu_2 - \mu)^2}_{\text{between}}.$$
#
# The variance has two sources: the draws scatter *within* their component, and the components lie apart. Keep this
# in mind.
#
# ## Question 10 · The mixture's moments (0.5 points)
#
# Define `mixture_moments(pi, mu, sigma)`, which returns the mean and the standard deviation of the mixture, two
# floats. The three arrays have the shape `(k,)`, for any number $k$ of components; `sigma` holds standard deviations.
#
# *The checks look at:* values, for several $k$ (also 1) and unequal probabilities.

# %%
from solutions.lln_clt import mixture_moments

# %% [markdown]
# The lecture's mixture has two components of equal probability, $N(0, 1)$ and $N(3, 1.5^2)$. And here is the sampler
# that the lecture got as a draft from a language model (its Code 2', rewritten for a generator `rng`). It runs. Look
# what it gives.

# %%
PI = np.array([0.5, 0.5])
MU = np.array([0.0, 3.0])
SIGMA = np.array([1.0, 1.5])


def lecture_sampler(n, pi, mu, sigma, rng):
    """n draws from a mixture of two normals, the lecture's way: is that right?"""
    n1 = int(n * pi[0])
    n2 = n - n1
    samples1 = rng.normal(mu[0], sigma[0], n1)
    samples2 = rng.normal(mu[1], sigma[1], n2)
    return np.concatenate((samples1, samples2))


if shared.running_slow():
    rng = np.random.default_rng(6)
    mean, sd = mixture_moments(PI, MU, SIGMA)
    by_lecture = {}
    print("The standardized means of the lecture's sampler (they should have mean 0 and standard deviation 1):")
    for n in (25, 50, 100, 200):
        means = np.array([lecture_sampler(n, PI, MU, SIGMA, rng).mean() for _ in range(1000)])
        by_lecture[n] = np.sqrt(n) * (means - mean) / sd
        print(f"  n = {n:3d}   mean {by_lecture[n].mean():5.2f}   standard deviation {by_lecture[n].std():.2f}")

    fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.8), layout="constrained")
    left.plot(lecture_sampler(200, PI, MU, SIGMA, rng), "o", markersize=3.5, alpha=0.8)
    left.set(title="One sample of size 200, in the order drawn", xlabel="$i$", ylabel="$x_i$")
    grid = np.linspace(-4, 4, 201)
    bins = np.linspace(-4, 4, 41)
    right.hist(by_lecture[200], bins=bins, density=True, color="C1", alpha=0.6, label="1000 standardized means")
    right.plot(grid, np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi), "--", color="black", label="density of $N(0, 1)$")
    right.set(title="Standardized means, $n = 200$", xlabel="$z$", ylim=(0, 0.78))
    right.legend(loc="upper left")
    plt.show()

# %% [markdown]
# Two things are strange. On the right the bell is too narrow by a third, at every $n$: the means agree with each
# other better than means of independent draws can. (At $n = 25$ they are not even centered.) And on the left you can
# see from the *position* of a number which component it comes from.
#
# ## Question 11 · Sampling the mixture (0.75 points)
#
# Find the bug and repair it. Define `sample_mixture(n, pi, mu, sigma, rng)`, which returns $n$ **independent** draws
# from the mixture, shape `(n,)`, for any number of components.
#
# Test your idea against the recipe above: in a sample from a mixture, what is random that isn't random here? And take
# "independent" at its word. Every entry, wherever it stands in the array, has the distribution of the mixture, and
# none tells anything about another: the first half of the array must be as good a sample as the whole.
#
# *The checks look at:* the shape; the distribution of single entries, at the beginning as at the end; how many of the
# entries come from each component, and how this number varies from call to call; independence; $k$ other than 2 and
# unequal probabilities; that another `rng` gives another result and an equal one the same.

# %%
from solutions.lln_clt import sample_mixture

# %% [markdown]
# Did you see both? Repairing the numbers alone isn't enough. The lecture's final version draws `n1` from a binomial
# distribution, and that is right; but it still concatenates, so that its samples come out sorted by component. For
# the mean of the *whole* sample this doesn't matter, which is why nobody notices. Ask for anything else, and it does.
# Your own running means from Part 1 show it.

# %%
if shared.running_slow():

    def sorted_sampler(n, rng):
        n1 = rng.binomial(n, PI[0])
        return np.concatenate((rng.normal(MU[0], SIGMA[0], n1), rng.normal(MU[1], SIGMA[1], n - n1)))

    rng = np.random.default_rng(2)
    panels = {
        "Right numbers, sorted by component": [sorted_sampler(400, rng) for _ in range(30)],
        "Your sampler": [sample_mixture(400, PI, MU, SIGMA, rng) for _ in range(30)],
    }
    fig, axes = plt.subplots(1, 2, figsize=(10.5, 3.6), sharey=True, layout="constrained")
    for ax, (title, samples) in zip(axes, panels.items(), strict=True):
        ax.plot(np.arange(1, 401), running_means(np.array(samples)).T, linewidth=0.8, alpha=0.6)
        ax.axhline(mixture_moments(PI, MU, SIGMA)[0], color="black", linestyle="--", linewidth=1.2)
        ax.set(title=title, xlabel="sample size $n$")
    axes[0].set_ylabel("running mean")
    plt.show()

# %% [markdown]
# ## Question 12 · Standardized means (1 point)
#
# Define `standardized_means(n, M, pi, mu, sigma, rng)`: for each of $M$ independent samples of size $n$ from the
# mixture the number $\sqrt n\,(\bar x - \mu)/\sigma$, shape `(M,)`. Here $\mu$ and $\sigma$ are those of the mixture,
# the same for all samples. (With the standard deviation of each sample in place of $\sigma$ it would be another
# statistic, with heavier tails. From $n = 25$ on you could hardly see the difference, so the checks use small $n$.)
#
# A tip: since the entries of your `sample_mixture` are independent wherever they stand, $M$ samples of size $n$ are
# one of size $Mn$, cut up by `reshape(M, n)`. With the sorted sampler that would go badly wrong.
#
# *The checks look at:* the shape; the distribution at small $n$ and for unequal probabilities; that the $M$ numbers
# are independent; that another `rng` gives another result and an equal one the same.

# %%
from solutions.lln_clt import standardized_means

# %% [markdown]
# ## Part 5 · How close to normal?
#
# The theorem says that distribution functions converge, so we compare those. The natural estimate of
# $F(z) = P(Z \le z)$ from the data $z_1, \ldots, z_M$ is the share of them up to $z$, the **empirical distribution
# function** (ECDF),
#
# $$\hat F_M(z) = \frac1M \sum_{m=1}^M I(z_m \le z).$$
#
# It is a *step function*: it jumps at the data, stays where it is between them, is 0 to the left of all and 1 from
# the largest on. At a jump it has already jumped, since the definition says $\le$.
#
# ## Question 13 · The empirical distribution function (0.25 points)
#
# Define `ecdf(data)`, which returns two arrays of the length of `data`: the data in increasing order, and the value
# of the ECDF at each of them.
#
# Mind equal values (draws from a discrete distribution have many). They all stand in the first array, and the ECDF
# has one value there. The lecture's $1/n, 2/n, \ldots, 1$ is right only if no two are equal.
#
# *The checks look at:* values, also with ties and with a single number; that `data` stays in its order.

# %%
from solutions.lln_clt import ecdf

# %% [markdown]
# ## Question 14 · The same function anywhere (0.5 points)
#
# To compare an ECDF with $\Phi$ we need it on a common grid. Define `ecdf_at(data, grid)`: the ECDF of `data` at each
# point of `grid`, shape `(len(grid),)`.
#
# The lecture uses `np.interp` for this, which joins the tops of the steps by ramps. That is another function: it is
# never below the ECDF, up to $1/M$ above it, and to the left of all data, where the ECDF is 0, it returns $1/M$ all
# the way to $-\infty$. Look up `np.searchsorted` instead, and decide which `side` you need.
#
# *The checks look at:* values between, at and beyond the data, with ties; grids and data in any order; that both
# stay as they were.

# %%
from solutions.lln_clt import ecdf_at

# %%
if shared.running_slow():
    data = np.random.default_rng(4).normal(size=5)
    fine = np.linspace(-3, 3, 1201)
    fig, ax = plt.subplots(figsize=(8, 3.8), layout="constrained")
    ax.plot(fine, ecdf_at(data, fine), label="ECDF of 5 numbers")
    ax.plot(fine, np.interp(fine, *ecdf(data)), color="C1", linewidth=1.4, label="np.interp")
    ax.plot(fine, ndtr(fine), "--", color="black", linewidth=1.2, label=r"$\Phi$, which they were drawn from")
    ax.plot(data, np.zeros(5), "|", color="C0", markersize=14, markeredgewidth=2)
    ax.set(xlabel="$z$")
    ax.legend()
    plt.show()

# %% [markdown]
# ## Question 15 · The steps and the curve (0.25 points)
#
# Define `plot_ecdf(z_by_n)`, for a dictionary that has for each $n$ an array of standardized means. It draws the ECDF
# of each as steps (`ax.step` with `where="post"`, or `ax.ecdf`), and $\Phi$ for comparison, on $-4 \le z \le 4$. The
# legend names each $n$ beside its own line, and both axes have labels. Return the figure.
#
# *The checks look at:* the steps, the curve, whether the limits of the axes show them, their labels and the legend.

# %%
from solutions.lln_clt import plot_ecdf

# %%
if shared.running_slow():
    rng = np.random.default_rng(3)
    by_n = {n: standardized_means(n, 1000, PI, MU, SIGMA, rng) for n in (25, 50, 100, 200)}
    for title, z_by_n in (("Independent draws", by_n), ("The lecture's Code 2'", by_lecture)):
        fig = plot_ecdf(z_by_n)
        fig.axes[0].set_title(title)
    plt.show()

# %% [markdown]
# On top the four ECDFs hug the normal curve. Below they agree beautifully with each other, and on the wrong curve.
#
# Where two curves nearly coincide, draw their difference. The gray band is $\pm 1.36/\sqrt M$: if the data were
# exactly normal, the whole ECDF would stay inside with probability 95 %.

# %%
if shared.running_slow():
    fine = np.linspace(-4, 4, 801)
    fig, axes = plt.subplots(1, 2, figsize=(10.5, 3.9), layout="constrained")
    for ax, title, z_by_n in zip(axes, ("Independent draws", "Code 2'"), (by_n, by_lecture), strict=True):
        ax.axhspan(-1.36 / np.sqrt(1000), 1.36 / np.sqrt(1000), color="black", alpha=0.1, linewidth=0)
        for n, z in z_by_n.items():
            ax.plot(fine, ecdf_at(z, fine) - ndtr(fine), linewidth=1.1, label=f"n = {n}")
        ax.set(title=title, xlabel="$z$")
        ax.legend()
    axes[0].set(ylabel=r"$\hat F_M(z) - \Phi(z)$", ylim=(-0.06, 0.06))
    plt.show()

# %% [markdown]
# Mind the two scales. On the left, look for an order among the four lines: at $n = 200$ we should be closer to
# normal than at $n = 25$. Are we? To answer that, we need a number for each line.
#
# ## Question 16 · The integrated squared error (0.5 points)
#
# Define `mise(z, grid)`, a float: the integral of $\bigl(\hat F_M(z) - \Phi(z)\bigr)^2$ over the grid, by the
# trapezoidal rule, where $\hat F_M$ is the ECDF of the data `z`. The grid increases, but its steps need not be equal.
# (`np.trapezoid` does it; before NumPy 2 it was called `np.trapz`.)
#
# In the lecture's code this is `np.mean((ecdf_values - cdf_values)**2)` on a grid from the smallest to the largest of
# the data. But an integral is not a mean over a grid: the mean is smaller by a factor, the length of the grid. And
# here this length is different for every sample, so that not even two of the lecture's four numbers can be compared.
# (Strictly speaking, the M in MISE stands for the *mean* over many samples. For one sample it is the integrated
# squared error. We keep the lecture's name.)
#
# *The checks look at:* values, on even and uneven grids.

# %%
from solutions.lln_clt import mise

# %% [markdown]
# How much do these shortcuts matter? Below, $z$ is drawn from exactly $N(0, 1)$, and everything is averaged over many
# samples. From left to right: what the lecture's code computes (a mean of ramps); the same with steps; their ratio;
# the length of the lecture's grid; and the integral.

# %%
GRID = np.linspace(-4, 4, 801)

if shared.running_slow():
    rng = np.random.default_rng(5)
    print("   M   mean, ramps   mean, steps   ratio   length of the grid   mise")
    for M, repetitions in ((2, 4000), (5, 4000), (20, 2000), (1000, 500)):
        rows = []
        for _ in range(repetitions):
            z = rng.standard_normal(M)
            own_grid = np.linspace(z.min(), z.max(), 500)
            ramps = np.mean((np.interp(own_grid, *ecdf(z)) - ndtr(own_grid)) ** 2)
            steps = np.mean((ecdf_at(z, own_grid) - ndtr(own_grid)) ** 2)
            rows.append((ramps, steps, np.ptp(z), mise(z, GRID)))
        ramps, steps, length, integral = np.mean(rows, axis=0)
        print(f"{M:4d} {ramps:13.2e} {steps:13.2e} {ramps / steps:7.2f} {length:20.2f} {integral:6.1e}")

# %% [markdown]
# With $M = 1000$ the ramps are harmless; with $M = 5$ they overstate the error by about 15 %, and with $M = 2$ by some
# 80 %. The mean in place of the integral costs a factor of more than six at $M = 1000$.
#
# ## Part 6 · Why does the MISE not fall?
#
# For $n = 25, 50, 100, 200$ the lecture prints $2.9 \cdot 10^{-5}$, $4.2 \cdot 10^{-5}$, $2.7 \cdot 10^{-5}$ and
# $12.7 \cdot 10^{-5}$, the largest last, and asks why they don't decrease. Let us repeat that: four numbers in each
# line, and a new line for a new seed.

# %%
if shared.running_slow():
    decreasing = 0
    print("      n =     25     50    100    200     (MISE times 10 000)")
    for seed in range(100):
        rng = np.random.default_rng([9, seed])
        row = [mise(standardized_means(n, 1000, PI, MU, SIGMA, rng), GRID) for n in (25, 50, 100, 200)]
        decreasing += row[0] > row[1] > row[2] > row[3]
        if seed < 6:
            print(f"  seed {seed}   " + " ".join(f"{10_000 * value:6.1f}" for value in row))
    print(f"Of 100 seeds, {decreasing} gave four decreasing numbers. Of all orders of four numbers, 1 in 24 is that.")

# %% [markdown]
# The central limit theorem seems to be invisible here. What we see is something else: $M$ data scatter around any
# distribution, the right one as well.
#
# ## Question 17 · The floor (0.25 points)
#
# Suppose the limit had been reached: $z_1, \ldots, z_M$ are independent and exactly $N(0, 1)$. Define
# `mise_floor(M, grid)`, the *expected value* of `mise(z, grid)` then, a float. It is not to be simulated.
#
# A hint: at a fixed point $z$ the number of the data up to $z$ is binomial. So you know the mean of
# $\hat F_M(z)$, and its variance. What is the expectation of $\bigl(\hat F_M(z) - \Phi(z)\bigr)^2$? Integrate that by
# the trapezoidal rule.
#
# *The checks look at:* values, for several $M$ and grids.

# %%
from solutions.lln_clt import mise_floor

# %% [markdown]
# On the whole line this integral is $1/(M\sqrt\pi)$. Now the experiment that answers the question: the same for
# smaller $n$ too, and for three different $M$, each point a mean over many repetitions. The bars hold the middle 90 %
# of the single values for $M = 1000$. The thin lines are exact. They take from the binomial distribution how many of
# the $n$ draws come from the first component; given this number, $\bar X_n$ is normal. (It takes about ten seconds if
# your `standardized_means` draws all $Mn$ numbers as one array, a minute if it loops over the $M$ samples.)

# %%
if shared.running_slow():
    from scipy.stats import binom

    def exact_distribution(n):
        """P(Z <= z) on the grid, where Z is the standardized mean of n draws from the lecture's mixture."""
        mean, sd = mixture_moments(PI, MU, SIGMA)
        first = np.arange(n + 1)[:, np.newaxis]
        sums = n * mean + np.sqrt(n) * sd * GRID
        given = ndtr((sums - (n - first) * MU[1]) / np.sqrt(first * SIGMA[0] ** 2 + (n - first) * SIGMA[1] ** 2))
        return np.sum(binom.pmf(first, n, PI[0]) * given, axis=0)

    def integral(heights):
        return np.sum((heights[1:] + heights[:-1]) / 2 * np.diff(GRID))

    many_n = [1, 2, 4, 8, 16, 25, 50, 100, 200]
    exact = {n: exact_distribution(n) for n in many_n}
    rng = np.random.default_rng(6)
    fig, ax = plt.subplots(figsize=(8.5, 5), layout="constrained")
    for (M, repetitions), color in zip({100: 300, 1000: 100, 10_000: 30}.items(), ("C2", "C0", "C3"), strict=True):
        values = np.array(
            [[mise(standardized_means(n, M, PI, MU, SIGMA, rng), GRID) for _ in range(repetitions)] for n in many_n]
        )
        average = values.mean(axis=1)
        ax.plot(many_n, average, "o", color=color, label=f"M = {M}")
        if M == 1000:
            low, high = np.quantile(values, [0.05, 0.95], axis=1)
            ax.errorbar(many_n, average, [average - low, high - average], fmt="none", color=color, alpha=0.5)
        expected = [integral((exact[n] - ndtr(GRID)) ** 2 + exact[n] * (1 - exact[n]) / M) for n in many_n]
        ax.plot(many_n, expected, color=color, linewidth=0.9)
        ax.axhline(mise_floor(M, GRID), color=color, linestyle="--", linewidth=1.2)
    ax.set(xscale="log", yscale="log", xlabel="sample size $n$", ylabel="MISE", xticks=many_n)
    ax.set_xticklabels(many_n)
    ax.minorticks_off()
    ax.set_title("The average MISE, what is expected (lines), and your floors (dashed)")
    ax.legend(loc="upper right", bbox_to_anchor=(1, 0.8))
    plt.show()
    print("  n   the integral of (P(Z <= z) - Phi(z))^2")
    for n in many_n:
        print(f"{n:3d}   {integral((exact[n] - ndtr(GRID)) ** 2):.1e}")
    print("floor for M = 1000:", f"{mise_floor(1000, GRID):.1e}")

# %% [markdown]
# ## Question 18 · Why does the MISE stop falling? (1 point, read by a person)
#
# In four to eight sentences, with numbers from the output above: of which two parts does the expected MISE consist,
# and on what does each depend? How large are both at $n = 25$ and at $n = 200$, for $M = 1000$? Why are the lecture's
# four numbers in no particular order? And if you wanted to *see* the convergence from $n = 25$ to $n = 200$ in a
# MISE: what would you change, and by how much?

# %%
from solutions.lln_clt import why_mise_stops

# %% [markdown]
# ## Part 7 · What happened in Code 2'?
#
# One of the lecture's questions is left. You have repaired the sampler; but what did its standardized means converge
# to? Not to $N(0, 1)$, as we have seen. Yet for Code 2' something like a central limit theorem holds as well.
#
# Suppose the numbers of draws from the components are *fixed*: $n\pi_j$ from the $j$-th, rounded to whole numbers. In
# survey sampling this is called *stratified* sampling, and it is done on purpose. The mean of such a sample is still
# an average of independent numbers, and its expectation is still $\mu$ (up to the rounding). But of the two sources
# of variance in Part 4 only one is left. Which?
#
# ## Question 19 · The limit of fixed counts (0.25 points)
#
# Define `stratified_limit_sd(pi, mu, sigma)`, a float: the standard deviation of the limit of
# $\sqrt n\,(\bar X_n - \mu)/\sigma$, where $\mu$ and $\sigma$ are those of the mixture, when the counts are fixed at
# $n\pi_j$.
#
# *The checks look at:* values, for several $k$ and unequal probabilities.

# %%
from solutions.lln_clt import stratified_limit_sd

# %%
if shared.running_slow():
    limit_sd = stratified_limit_sd(PI, MU, SIGMA)
    fig = plot_ecdf({n: by_lecture[n] for n in (25, 200)})
    fig.set_size_inches(8, 4.4)
    ax = fig.axes[0]
    ax.plot(GRID, ndtr(GRID / limit_sd), ":", color="C3", linewidth=2.5, label=f"$N(0, {limit_sd:.3f}^2)$")
    ax.set_title("Code 2' converges, to another normal distribution")
    ax.legend()
    plt.show()
    print(f"Standard deviation: {limit_sd:.3f} in the limit, measured", end=" ")
    print(", ".join(f"{z.std():.3f} at n = {n}" for n, z in by_lecture.items()))
    print(f"MISE: {integral((ndtr(GRID / limit_sd) - ndtr(GRID)) ** 2):.4f} in the limit for M = oo, measured", end=" ")
    print(", ".join(f"{mise(z, GRID):.4f} at n = {n}" for n, z in by_lecture.items()))

# %% [markdown]
# So this is what happened. With fixed counts the between-component part of the variance is gone, and the limit has a
# standard deviation of 0.648 in place of 1. The MISE has a new part that neither a larger $n$ nor a larger $M$ lowers:
# 0.021, 37 times the floor for $M = 1000$. At $n = 25$ there is one more: `int(12.5)` is 12, so that the
# second component gets 13 draws, and the standardized mean is off by 0.15.
#
# If all you want is the mean $\mu$, the stratified sample is *better*: the same precision for less than half of the
# draws, since $0.648^2 \approx 0.42$. It is only no sample of independent draws from the mixture, and the error bars
# that you would compute from it as if it were are too wide.
#
# That is all. What to take home: a theorem whose condition fails says nothing, and then a plot can't decide either; a
# calculation can. A simulation has two sample sizes, $n$ and $M$, and you should know which of them you are looking
# at. And a program that runs, with a plausible name and a plausible picture, may still draw from another
# distribution: standardize, and compare with what you know.
#
# To hand in: save, choose *Restart and run all* once, and submit this notebook alone.
