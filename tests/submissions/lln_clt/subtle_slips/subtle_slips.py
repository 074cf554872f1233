# %% [markdown]
# # Averages
# Everything runs and the pictures look as they do in the lecture.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm

# %%
def running_means(x):
    """One pass through the columns."""
    total = np.zeros(len(x))
    columns = []
    for i, column in enumerate(np.asarray(x).T, start=1):
        total = total + column
        columns.append(total / i)
    return np.column_stack(columns)

# %%
def student_t(nu, shape, rng):
    """A normal number over the root of an independent mean of squares."""
    scale = np.sqrt(rng.chisquare(nu, size=(shape[0], 1)) / nu)
    return rng.standard_normal(shape) / scale


def simulate_running_means(nu, n, M, rng):
    return running_means(student_t(nu, (M, n), rng))

# %%
def plot_spaghetti(means):
    fig, ax = plt.subplots()
    ax.plot(means.T, lw=0.5)
    ax.set(xlabel="n", ylabel="running mean")
    return fig

# %%
def tail_probabilities(nu, sample_sizes, M, eps, rng):
    """The small sizes first, they take no time."""
    tails = []
    for n in sorted(sample_sizes):
        means = rng.standard_t(nu, size=(M, n)).mean(axis=1)
        tails.append(np.mean(~((-eps <= means) & (means <= eps))))
    return np.array(tails)

# %%
def plot_tail(sample_sizes, probabilities):
    fig, ax = plt.subplots()
    ax.semilogx(sample_sizes, probabilities, "s:", label="estimated")
    ax.legend()
    ax.set(xlabel="n", ylabel="P(|mean| > eps)")
    return fig, ax

# %%
def cauchy_tail(eps):
    return 2 / math.pi * math.atan(1 / eps)

# %%
lln_holds = {nu: nu > 1 for nu in (1, 2, 3)}
clt_holds = {nu: lln_holds[nu] for nu in (1, 2, 3)}

# %% [markdown]
# For nu = 1 the estimates don't fall, so the mean doesn't converge.

# %%
def mixture_moments(pi, mu, sigma):
    pi, mu, sigma = map(np.asarray, (pi, mu, sigma))
    first, second = (pi * mu).sum(), (pi * (mu**2 + sigma**2)).sum()
    return first, math.sqrt(second - first**2)

# %%
def sample_mixture(n, pi, mu, sigma, rng):
    """The lecture's draft for any number of components, and now in random order."""
    ends = np.round(n * np.cumsum(pi)).astype(int)
    counts = np.diff(ends, prepend=0)
    component = rng.permutation(np.repeat(np.arange(len(pi)), counts))
    return rng.normal(mu[component], sigma[component])

# %%
def standardized_means(n, M, pi, mu, sigma, rng):
    m, s = mixture_moments(pi, mu, sigma)
    x = sample_mixture(n * M, pi, mu, sigma, rng).reshape(n, M)
    return (x.sum(axis=0) - n * m) / (math.sqrt(n) * s)

# %%
def ecdf(data):
    x, counts = np.unique(data, return_counts=True)
    return x, np.cumsum(counts) / len(data)


def ecdf_at(data, grid):
    x, shares = ecdf(data)
    return shares[np.searchsorted(x, grid, side="right") - 1]

# %%
def plot_ecdf(z_by_n):
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        z = np.sort(z)
        ax.step(z, np.arange(1, len(z) + 1) / len(z), label=rf"$n = {n}$")
    grid = np.linspace(-4, 4, 200)
    ax.plot(grid, norm.cdf(grid), "k--")
    ax.set(xlabel="z", ylabel="F(z)")
    fig.legend()
    return fig

# %%
def mise(z, grid):
    height = (ecdf_at(z, grid) - norm.cdf(grid)) ** 2
    return np.trapezoid(height, dx=grid[1] - grid[0])


def mise_floor(M, grid):
    p = norm.cdf(grid)
    return np.trapezoid(p * (1 - p), grid) / (M - 1)

# %% [markdown]
# The MISE stops falling because 1000 samples are too few for larger n.

# %%
def stratified_limit_sd(pi, mu, sigma):
    """Only the scatter within the components is left."""
    return pi @ sigma / mixture_moments(pi, mu, sigma)[1]
