# %% [markdown]
# # The lecture's own code, as a submission
#
# Python Codes 1, 2 and 2' as they stand on the slides. What the slides have in a loop or at top level is only cut out
# under the name that the assignment asks for; nothing is repaired. `sample_mixture` is the draft of Code 2',
# `standardized_means` the loop of Code 2 with its own sampler. There is no `cauchy_tail`, `lln_holds`, `clt_holds`,
# `mise_floor` or `stratified_limit_sd`: the lecture leaves these to its readers.

# %%
import numpy as np
import matplotlib.pyplot as plt
from scipy.stats import norm, t

np.random.seed(0) # For reproducibility

# %%
def running_means(x):
    M, n = x.shape
    return np.array([np.cumsum(x[i]) / np.arange(1, n+1) for i in range(M)])


def simulate_running_means(nu, n, M, rng):
    means = []
    for i in range(M):
        means.append(np.cumsum(t.rvs(df=nu, size=n)) / np.arange(1, n+1))
    return means

# %%
def plot_spaghetti(means):
    M, n = means.shape
    # Plotting spaghetti plot
    plt.figure(figsize=(10, 6))
    for i in range(M):
        plt.plot(range(1, n+1), means[i], alpha=0.5)
    plt.title('Spaghetti plot of sample means for M=50 trials')
    plt.xlabel('Sample size (n)')
    plt.ylabel('Sample mean ($\bar{X}$)')
    plt.grid(True)
    return plt.gcf()

# %%
def tail_probabilities(nu, sample_sizes, M, epsilon, rng):
    # Computing probabilities
    probabilities = []
    for n in sample_sizes:
        count_within_epsilon = 0
        for _ in range(M):
            sample_mean = t.rvs(df=nu, size=n).mean()
            if abs(sample_mean) > epsilon:
                count_within_epsilon += 1
        probabilities.append(count_within_epsilon / M)
    return probabilities

# %%
def plot_tail(sample_sizes, probabilities):
    # Plotting the probabilities
    plt.figure(figsize=(10, 6))
    plt.plot(sample_sizes, probabilities, marker='o')
    plt.title('Empirical Probability of $|\bar{X} - \mu| > \epsilon$ vs. Sample Size')
    plt.xlabel('Sample Size (n)')
    plt.ylabel('Probability ($|\bar{X} - \mu| > \epsilon$)')
    plt.grid(True)
    return plt.gcf()

# %%
def mixture_moments(pi, mu, sigma):
    (pi1, pi2), (mu1, mu2), (sigma1, sigma2) = pi, mu, sigma
    # Combined mean and variance
    mu = pi1 * mu1 + pi2 * mu2
    sigma = np.sqrt(pi1 * (sigma1**2) + pi2 * (sigma2**2)
                   + pi1 * ((mu - mu1)**2) + pi2 * ((mu - mu2)**2))
    return mu, sigma

# %%
# Code 2': the draft
def sample_mixture(n, pi, mu, sigma, rng):
    (pi1, pi2), (mu1, mu2), (sigma1, sigma2) = pi, mu, sigma
    n1 = int(n*pi1) # previous example: n1 = np.random.binomial(n, pi1)
    n2 = n - n1
    samples1 = np.random.normal(mu1, sigma1, n1)
    samples2 = np.random.normal(mu2, sigma2, n2)
    return np.concatenate((samples1, samples2))

# %%
# Code 2
def generate_gaussian_mixture(n, pi, mu, sigma):
    (pi1, pi2), (mu1, mu2), (sigma1, sigma2) = pi, mu, sigma
    n1 = np.random.binomial(n, pi1)
    n2 = n - n1
    samples1 = np.random.normal(mu1, sigma1, n1)
    samples2 = np.random.normal(mu2, sigma2, n2)
    return np.concatenate((samples1, samples2))


def standardized_means(n, M, pi, mu, sigma, rng):
    sample_means = []
    for _ in range(M):
        samples = generate_gaussian_mixture(n, pi, mu, sigma)
        sample_mean = np.mean(samples)
        sample_means.append(sample_mean)
    mu, sigma = mixture_moments(pi, mu, sigma)

    # Normalize sample means
    sample_means = np.array(sample_means)
    normalized_means = np.sqrt(n) * ((sample_means - mu) / sigma)
    return normalized_means

# %%
# Function to calculate empirical distribution function
def ecdf(data):
    n = len(data)
    x = np.sort(data)
    y = np.arange(1, n+1) / n
    return x, y


def ecdf_at(data, x_grid):
    x, y = ecdf(data)
    ecdf_values = np.interp(x_grid, x, y)
    return ecdf_values

# %%
def plot_ecdf(z_by_n):
    # Create figure for ECDF and CDF comparison
    fig, ax = plt.subplots(figsize=(12, 8))

    # Define line styles for different sample sizes
    line_styles = ['-', '--', '-.', ':']

    for i, n in enumerate(z_by_n):
        normalized_means = z_by_n[n]
        # Calculate and plot ECDF
        x, y = ecdf(normalized_means)
        ax.step(x, y, where='post', label=f'ECDF for n={n}', linestyle=line_styles[i])

    # Plotting CDF of standard normal distribution
    x_grid = np.linspace(-3, 3, 100)
    ax.plot(x_grid, norm.cdf(x_grid), 'k--', label='CDF N(0,1)', color='gray')
    ax.set_title('ECDF and CDF Comparison for Gaussian Mixture')
    ax.set_xlabel(r'$\sqrt{n}(\bar{X}-\mu)/\sigma$')
    ax.set_ylabel('Cumulative Probability')
    ax.legend()
    return fig

# %%
def mise(normalized_means, grid):
    x, y = ecdf(normalized_means)
    # Calculate MISE
    x_grid = np.linspace(min(x), max(x), 500)
    ecdf_values = np.interp(x_grid, x, y)
    cdf_values = norm.cdf(x_grid)
    mise = np.mean((ecdf_values - cdf_values)**2)
    return mise
