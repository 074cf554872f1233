# %% [markdown]
# # Homework: three errors
# All checks in the notebook were green when I last ran them (before I cleaned up...).

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MU = (-2.0, 1.0)
SIGMA = 1.0
TRUTH = np.array([1.5, 3.0])  # from the slides

# %%
def sigmoid(z):
    """Clipped, so exp can never overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))

# %%
def risk(theta: Array, X: Array, y: Array) -> float:
    margin = y * (X @ theta)
    return float(np.mean(np.log1p(np.exp(-np.abs(margin))) + np.maximum(-margin, 0.0)))

# %%
def gradient(theta: Array, X: Array, y: Array) -> Array:
    return X.T @ (sigmoid(X @ theta) - (y + 1) / 2) / len(y)

# %%
def hessian(theta: Array, X: Array, y: Array) -> Array:
    s = sigmoid(X @ theta)
    root = X * np.sqrt(s * (1 - s))[:, None]
    return root.T @ root / len(y)

# %%
def newton(X: Array, y: Array, theta0: Array, max_iter: int = 25) -> Array:
    theta = theta0.astype(float)  # a copy
    for _ in range(max_iter):
        g = gradient(theta, X, y)
        if np.linalg.norm(g) < 1e-4:  # converged
            break
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), g, rcond=None)[0]
    if np.all(y * (X @ theta) > 0):
        warnings.warn("separable classes: there is no minimiser", RuntimeWarning)
    return theta

# %%
def gradient_descent(
    X: Array, y: Array, theta0: Array, learning_rate: float = 20.0, max_iter: int = 1000
) -> Array:
    theta = theta0.astype(float)
    for t in range(1, max_iter + 1):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta

# %%
def theta_star(mu_neg: float, mu_pos: float, sigma: float) -> Array:
    slope = (mu_pos - mu_neg) / sigma**2
    return np.array([slope, -slope * (mu_neg + mu_pos) / 2])

# %%
def generate_data(n, mu_neg, mu_pos, sigma, rng):
    """Half of the samples in each class (P = 1/2), shuffled."""
    y = np.ones(n)
    y[: n // 2] = -1.0
    rng.shuffle(y)
    x = rng.normal(loc=np.where(y > 0, mu_pos, mu_neg), scale=sigma)
    return np.column_stack((np.ones(n), x)), y

# %%
def simulate_estimates(method, sample_sizes, M, rng):
    if method not in {"newton", "gradient_descent"}:
        raise ValueError(f"unknown method: {method}")
    fit = newton if method == "newton" else gradient_descent
    estimates = {}
    for n in sample_sizes:
        theta0 = rng.uniform(-0.1, 0.1, size=2)
        found = []
        for _ in range(M):
            X, y = generate_data(n, *MU, SIGMA, rng)
            found.append(fit(X, y, theta0))
        estimates[n] = np.stack(found)
    return estimates

# %%
def plot_errors(estimates):
    sizes = sorted(estimates)
    medians = [np.median(np.linalg.norm(estimates[n] - TRUTH, axis=1)) for n in sizes]
    fig, ax = plt.subplots()
    ax.plot(sizes, medians, marker="o")
    ax.set_xlabel("n")
    return fig

# %%
def plot_scaled_scatter(estimates):
    sizes = sorted(estimates)
    fig, axes = plt.subplots(2, (len(sizes) + 1) // 2, sharex=True, sharey=True)
    for n, ax in zip(sizes, axes.flat):
        ax.scatter(*(np.sqrt(n) * (estimates[n] - TRUTH)).T, s=4)
        ax.set_title(f"sample size {n}")
    return fig

# %%
def optimization_errors(X, y, theta0, steps):
    """Risk above the lowest risk that was seen on the way."""
    errors = {}
    for name, fit in (("newton", newton), ("gradient_descent", gradient_descent)):
        risks = np.array([risk(fit(X, y, theta0, max_iter=t), X, y) for t in steps])
        errors[name] = risks - risks.min()
    return errors
