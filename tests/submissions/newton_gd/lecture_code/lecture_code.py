# %% [markdown]
# # The lecture's own code, as a submission
#
# Python Codes 3 and 4 as they stand on the slides. What the slides have inside one function or loop is only cut out
# under the name that the assignment asks for; nothing is repaired. There is no `risk` and no `optimization_errors`:
# the lecture has neither.

# %%
import numpy as np
import matplotlib.pyplot as plt
from scipy.stats import bernoulli, norm

# %%
def sigmoid(x):
    """Stable sigmoid function to prevent overflow."""
    return 1 / (1 + np.exp(-x))

# %%
def logistic_regression(x, y, theta_init, max_iter=25):
    """Performs logistic regression using the Newton-Raphson method."""
    n = len(y)
    theta = theta_init
    indicator = (y+1)/2 # Convert class labels from {1, -1} to {1, 0}

    for _ in range(max_iter):
        p = sigmoid(x @ theta) # Current estimate of probability
        gradient = x.T @ (p - indicator) / n
        W = np.diag(p * (1 - p))
        Hessian = x.T @ W @ x / n
        theta -= np.linalg.inv(Hessian) @ gradient
    return theta

newton = logistic_regression

# %%
def gradient(theta, x, y):
    n = len(y)
    indicator = (y+1)/2
    p = sigmoid(x @ theta)
    return x.T @ (p - indicator) / n


def hessian(theta, x, y):
    n = len(y)
    p = sigmoid(x @ theta)
    W = np.diag(p * (1 - p))
    return x.T @ W @ x / n

# %%
def gd_logistic_regression(x, y, theta_init, init_learning_rate=20.0, max_iter=1000):
    """Performs logistic regression using Gradient Descent."""
    n = len(y)
    theta = theta_init
    indicator = (y+1)/2 # Convert class labels from {1, -1} to {1, 0}

    for t in range(max_iter):
        learning_rate = init_learning_rate*(50/(t+50))
        p = sigmoid(x @ theta)
        gradient = x.T @ (p - indicator)/n
        theta -= learning_rate * gradient
    return theta

gradient_descent = gd_logistic_regression

# %%
def lecture_generate_data(n, mu_y, sigma_epsilon):
    """Generates binary classification data with logistic features."""
    y = 2 * bernoulli.rvs(0.5, size=n) - 1
    x = norm.rvs(loc=[mu_y[yy] for yy in y], scale=sigma_epsilon, size=n)
    return np.vstack([np.ones(n), x]).T, y # Add intercept


def generate_data(n, mu_neg, mu_pos, sigma, rng):
    return lecture_generate_data(n, {1: mu_pos, -1: mu_neg}, sigma)

# %%
def theta_star(mu_neg, mu_pos, sigma_epsilon):
    mu_y = {1: mu_pos, -1: mu_neg}
    return np.array([(mu_y[-1]**2 - mu_y[1]**2) / (2 * sigma_epsilon**2),
                     (mu_y[1] - mu_y[-1]) / sigma_epsilon])

# %%
def simulate_estimates(method, sample_sizes, M, rng):
    fit = {"newton": logistic_regression, "gradient_descent": gd_logistic_regression}[method]
    mu_y = {1: 1, -1: -2}
    sigma_epsilon = 1.0
    estimates = {}
    for n in sample_sizes:
        theta_estimates = []
        for _ in range(M):
            x, y = lecture_generate_data(n, mu_y, sigma_epsilon)
            theta_init = np.random.uniform(-0.1, 0.1, 2)
            theta_hat = fit(x, y, theta_init)
            theta_estimates.append(theta_hat)
        estimates[n] = np.array(theta_estimates)
    return estimates

# %%
def plot_errors(estimates):
    sample_sizes = list(estimates)
    norm_diffs = [np.mean([np.linalg.norm(theta_hat - theta_star(-2, 1, 1.0)) for theta_hat in estimates[n]])
                  for n in sample_sizes]
    # Plot for norm differences
    plt.figure(figsize=(8, 5))
    plt.plot(sample_sizes, norm_diffs, marker='o')
    plt.xlabel('Sample Size (n)')
    plt.ylabel(r'$\|\hat{\theta}_{n}^{(T)} - \theta^{*}\|$')
    plt.title('Convergence of Newton-Raphson Estimates')
    plt.grid(True)
    return plt.gcf()


def plot_scaled_scatter(estimates):
    sample_sizes = list(estimates)
    # Plot scaled differences as scatter plots
    fig, axes = plt.subplots(1, len(sample_sizes), figsize=(20, 5), sharex=True, sharey=True)
    for i, n in enumerate(sample_sizes):
        diffs = np.array([np.sqrt(n) * (theta_hat - theta_star(-2, 1, 1.0)) for theta_hat in estimates[n]])
        sigma_x = np.std(diffs[:, 0])
        sigma_y = np.std(diffs[:, 1])
        limit_x = 3 * sigma_x
        limit_y = 3 * sigma_y

        axes[i].scatter(diffs[:, 0], diffs[:, 1], alpha=0.6)
        axes[i].set_title(f'Sample size: {n}')
        axes[i].set_xlim([-limit_x, limit_x])
        axes[i].set_ylim([-limit_y, limit_y])

    plt.suptitle('2D Scatter Plot of Scaled Differences')
    plt.tight_layout()
    return fig
