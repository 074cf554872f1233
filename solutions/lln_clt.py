"""The law of large numbers and the central limit theorem, by simulation: the reference answer to every question."""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import ndtr

from solutions import Written


def running_means(x):
    """The means of the first 1, 2, ..., n numbers of each row: (M, n).

    x: (M, n), left as it was.
    """
    return np.cumsum(x, axis=1) / np.arange(1, np.shape(x)[1] + 1)


def simulate_running_means(nu, n, M, rng):
    """The running means of M independent samples of size n from Student's t with nu degrees of freedom: (M, n).

    All randomness comes from rng, a numpy Generator.
    """
    return running_means(rng.standard_t(nu, size=(M, n)))


def plot_spaghetti(means):
    """The M trajectories of the running mean, a line each, against the sample sizes 1, 2, ..., n: a Figure.

    means: (M, n), as simulate_running_means returns them. Both axes are labelled.
    """
    fig, ax = plt.subplots(layout="constrained")
    ax.plot(np.arange(1, np.shape(means)[1] + 1), np.transpose(means), linewidth=0.8, alpha=0.5)
    ax.set(xlabel="sample size $n$", ylabel=r"mean $\bar X_n$ of the first $n$")
    return fig


def _student_t(nu, shape, rng):
    """Independent draws from Student's t by Bailey's polar method; rng.standard_t is as right, and slower here."""
    radius = np.sqrt(nu * np.expm1(2 / nu * rng.standard_exponential(shape)))
    squared = np.tan(np.pi / 2 * rng.random(shape)) ** 2
    return radius * (1 - squared) / (1 + squared)  # times the cosine of a random angle, by the tangent of its half


def tail_probabilities(nu, sample_sizes, M, eps, rng):
    """Estimates of P(|mean| > eps), strictly, for each n in sample_sizes, in their order: (len(sample_sizes),).

    The mean is that of n independent draws from Student's t with nu degrees of freedom. Each estimate is the share
    of M independent samples of size n in which it happened. All randomness comes from rng, a numpy Generator.
    """
    means = (_student_t(nu, (M, n), rng).mean(axis=1) for n in sample_sizes)
    return np.array([np.mean(np.abs(mean) > eps) for mean in means])


def plot_tail(sample_sizes, probabilities):
    """The probabilities against the sample sizes, one line: a Figure.

    sample_sizes, probabilities: of the same length, as tail_probabilities takes and returns them. Both axes are
    labelled.
    """
    fig, ax = plt.subplots(layout="constrained")
    ax.plot(sample_sizes, probabilities, marker="o", markersize=4)
    ax.set(xlabel="sample size $n$", ylabel=r"$P(|\bar X_n| > \epsilon)$", ylim=(0, 1))
    return fig


def cauchy_tail(eps):
    """The exact P(|mean| > eps), a float, for the mean of n independent Cauchy variables, whatever n is.

    eps: a number, 0 or more.
    """
    return float(2 / np.pi * np.arctan2(1, eps))  # no difference from 1, which would lose the digits of a small tail


lln_holds: dict[int, bool] = {3: True, 2: True, 1: False}

clt_holds: dict[int, bool] = {3: True, 2: False, 1: False}


def mixture_moments(pi, mu, sigma):
    """The mean and the standard deviation of a mixture of k normal distributions: two floats.

    pi, mu, sigma: the probabilities, means and standard deviations of its components, (k,) each.
    """
    mean = pi @ mu
    return float(mean), float(np.sqrt(pi @ (sigma**2 + (mu - mean) ** 2)))


def sample_mixture(n, pi, mu, sigma, rng):
    """n independent draws from a mixture of k normal distributions: (n,).

    pi, mu, sigma: the probabilities, means and standard deviations of its components, (k,) each.
    Each entry, wherever it stands, has the distribution of the mixture, whatever the other entries are.
    All randomness comes from rng, a numpy Generator.
    """
    component = rng.choice(len(pi), size=n, p=pi)
    return rng.normal(mu[component], sigma[component])


def standardized_means(n, M, pi, mu, sigma, rng):
    """The standardized means of M independent samples of size n from a mixture of k normal distributions: (M,).

    pi, mu, sigma: the probabilities, means and standard deviations of its components, (k,) each.
    Mean and standard deviation are the mixture's own, not the sample's. All randomness comes from rng.
    """
    mean, sd = mixture_moments(pi, mu, sigma)
    # Once we know how many of the n draws each component has made, their sum is exactly normal: draw the counts, then
    # the sums. (The mean over the rows of sample_mixture(M * n, ...).reshape(M, n) is as right, and takes longer.)
    counts = rng.multinomial(n, pi, size=M)
    sums = rng.normal(counts @ mu, np.sqrt(counts @ sigma**2))
    return (sums - n * mean) / (np.sqrt(n) * sd)


def ecdf(data):
    """The data in increasing order, x, and the share of the data that is at most x, for each: (n,) and (n,).

    data: (n,), left as it was. Equal values stay apart in x, and the share is the same for all of them.
    """
    x = np.sort(data)
    return x, np.searchsorted(x, x, side="right") / len(x)


def ecdf_at(data, grid):
    """The empirical distribution function of the data at each point of the grid: (m,).

    data: (n,) and grid: (m,), both in any order, and left as they were. The function is a step, and right-continuous:
    at one of the data, that one is counted.
    """
    return np.searchsorted(np.sort(data), grid, side="right") / len(data)


def plot_ecdf(z_by_n):
    """The empirical distribution function for each n, as steps, and the normal one for comparison: a Figure.

    z_by_n: {n: (M,)}, standardized means. The legend names each n, both axes are labelled.
    """
    fig, ax = plt.subplots(layout="constrained")
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", linewidth=1.2, label=f"n = {n}")
    grid = np.linspace(-4, 4, 401)
    ax.plot(grid, ndtr(grid), "--", color="black", linewidth=1.2, label="$N(0, 1)$")
    ax.set(xlabel=r"$z$", ylabel=r"share of $\sqrt{n}\,(\bar X_n - \mu)/\sigma$ up to $z$", xlim=(-4, 4))
    ax.legend()
    return fig


def _trapezoid(heights, grid):
    """The integral over the grid of the function with these heights there, linear in between."""
    return float(np.sum(np.diff(grid) * (heights[1:] + heights[:-1]) / 2))


def mise(z, grid):
    """The integrated squared distance between the empirical distribution function of z and that of N(0, 1): a float.

    z: (M,); grid: (m,), increasing, not always in equal steps. The integral is the trapezoidal rule's on the grid.
    """
    return _trapezoid((ecdf_at(z, grid) - ndtr(grid)) ** 2, grid)


def mise_floor(M, grid):
    """What mise(z, grid) is on average when z holds M independent draws from exactly N(0, 1): a float.

    grid: (m,), increasing, not always in equal steps. The expectation is exact, the integral the trapezoidal rule's.
    """
    return _trapezoid(ndtr(grid) * ndtr(-grid), grid) / M


def stratified_limit_sd(pi, mu, sigma):
    """The standard deviation to which that of sqrt(n) (mean - m) / s tends, when the counts are fixed: a float.

    pi, mu, sigma: the probabilities, means and standard deviations of the components, (k,) each; m and s are the mean
    and the standard deviation of their mixture. Of the n draws, component j makes n * pi[j], rounded, every time.
    """
    return float(np.sqrt(pi @ sigma**2)) / mixture_moments(pi, mu, sigma)[1]


does_the_mean_converge = Written(
    answer=r"""The plot alone allows no conclusion about $n \to \infty$. It shows estimates for finitely many $n$,
each with a standard error of up to 0.016, and a curve that falls slowly looks flat on any finite stretch. The curve
for $\nu = 1.1$ is such a case: at $n = 10\,000$ it is still near 0.87, hardly below where it began, and yet it must
go to 0, because this distribution has a mean. Nor does the failed condition help: it is sufficient, not necessary.

The calculation decides. For $\nu = 1$ the mean of $n$ observations is again a Cauchy variable, for every $n$. So
$P(|\bar X_n| > 0.1)$ is not merely nearly constant: it is the same number for all $n$, $1 - (2/\pi)\arctan(0.1) =
0.9365$, and the 20 estimates scatter around it as shares of 1000 do. It doesn't tend to 0, so $\bar X_n$ doesn't
converge to 0 in probability. Nor to any other point $c$: $P(|\bar X_n - c| > \epsilon)$ is positive and doesn't
depend on $n$ either. Larger samples would change nothing. (It doesn't diverge to infinity either: its distribution
simply stays as it is.)""",
    rubric=(
        "(0.5) The plot can't decide: finitely many n and M, and a slow decrease (as for nu = 1.1) looks just as flat",
        "(0.5) The exact argument: the mean is Cauchy for every n, so the probability is 0.9365 for all n, as "
        "estimated; hence no convergence to 0 or to any other point, and larger samples don't help",
    ),
)

why_mise_stops = Written(
    answer=r"""The expected MISE has two parts. The first is the squared distance between the true distribution
function of the standardized mean and $\Phi$. It depends on $n$ alone, and this is where the central limit theorem
works: it falls roughly like $1/n$. The second is the sampling error of the ECDF, a variance. It depends on $M$,
hardly on $n$, and is $1/(M\sqrt\pi) = 5.6 \cdot 10^{-4}$ for $M = 1000$, the floor.

For this mixture the first part is $3.3 \cdot 10^{-5}$ at $n = 25$, 6 % of the floor, and $4.0 \cdot 10^{-6}$ at $n =
200$, less than 1 %. So from $n = 25$ on we look at sampling error only. A single value scatters around the floor,
between about $1.5 \cdot 10^{-4}$ and $15 \cdot 10^{-4}$ (the middle 90 %), far more than the first part changes.
Four such numbers come in any order; they decrease in about one of 24 repetitions.

To see the convergence, raise $M$, not $n$: the floor has to sink below the first part, for $n = 200$ to $M \approx
0.564 / (4.0 \cdot 10^{-6}) \approx 140\,000$, for $n = 25$ to some 17 000. (Averaging many MISEs and subtracting the
known floor does it, too. Or look at small $n$, where the first part dominates.)""",
    rubric=(
        "(0.5) The two parts: the distance from normal, which falls with n, and the sampling error of the ECDF, a "
        "floor of about 0.564/M whatever n is; with numbers at n = 25 and n = 200",
        "(0.5) So the lecture's four numbers differ by chance alone, and what helps is a larger M (more than a "
        "hundred times), or averaging many MISEs and subtracting the floor, not a larger n",
    ),
)
