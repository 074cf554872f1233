# %% [markdown]
# Straight from the formulas on the slides, no tricks.

# %%
import numpy as np
import matplotlib.pyplot as plt
import warnings
from numpy.linalg import solve, LinAlgError

# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# %%
def risk(theta, X, y):
    p = sigmoid(X @ theta)
    return np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p)))

# %%
def gradient(theta, X, y):
    p = sigmoid(X @ theta)
    return np.mean((p - (y == 1))[:, None] * X, axis=0)

# %%
def hessian(theta, X, y):
    p = sigmoid(X @ theta)
    w = p * (1 - p)
    return X.T @ (w[:, None] * X) / X.shape[0]

# %%
def newton(X, y, theta0, max_iter=25):
    theta = theta0 + 0.0
    for i in range(max_iter):
        theta_old = theta
        try:
            theta = theta_old - solve(hessian(theta_old, X, y), gradient(theta_old, X, y))
        except LinAlgError:
            print("Hessian is singular, stopping")
            break
        if np.max(np.abs(theta - theta_old)) < 1e-12:
            break
    if np.all(np.sign(X @ theta) == y):
        warnings.warn("perfect separation")
    return theta

# %%
def gradient_descent(X, y, theta0, learning_rate=20.0, max_iter=1000):
    theta = theta0 + 0.0
    for t in range(max_iter):
        theta = theta - learning_rate * (50 / (t + 50)) * gradient(theta, X, y)
    return theta

# %%
def theta_star(mu_neg, mu_pos, sigma):
    beta0 = (mu_neg**2 - mu_pos**2) / (2 * sigma**2)
    beta1 = (mu_pos - mu_neg) / sigma**2
    return np.array([beta0, beta1])

# %%
def generate_data(n, mu_neg, mu_pos, sigma, rng):
    y = np.where(rng.uniform(size=n) < 0.5, -1, 1)
    x = np.where(y == -1, rng.normal(mu_neg, sigma, n), rng.normal(mu_pos, sigma, n))
    X = np.hstack([np.ones((n, 1)), x.reshape(-1, 1)])
    return X, y

# %%
def simulate_estimates(method, sample_sizes, M, rng):
    assert method in ("newton", "gradient_descent")
    thetas = {}
    for n in sample_sizes:
        thetas[n] = np.empty((M, 2))
        for m in range(M):
            X, y = generate_data(n, -2, 1, 1, rng)
            start = rng.uniform(-0.1, 0.1, 2)
            thetas[n][m] = newton(X, y, start) if method == "newton" else gradient_descent(X, y, start)
    return thetas

# %%
def plot_errors(estimates):
    ns = list(estimates.keys())
    med = [np.median(np.linalg.norm(estimates[n] - theta_star(-2, 1, 1), axis=1)) for n in ns]
    plt.figure()
    plt.plot(ns, med)
    plt.title("error vs n")
    plt.show()

# %%
def plot_scaled_scatter(estimates):
    fig, axes = plt.subplots(1, len(estimates), figsize=(16, 4))
    for ax, n in zip(axes, sorted(estimates)):
        diff = np.sqrt(n) * (estimates[n] - theta_star(-2, 1, 1))
        ax.scatter(diff[:, 0], diff[:, 1], alpha=0.5)
        ax.set_title("n = " + str(n))
    plt.show()
    return fig

# %%
def optimization_errors(X, y, theta0, steps):
    best = risk(newton(X, y, theta0, 50), X, y)
    return {"newton": np.array([risk(newton(X, y, theta0, t), X, y) for t in steps]) - best,
            "gradient_descent": np.array([risk(gradient_descent(X, y, theta0, max_iter=t), X, y) for t in steps]) - best}
