# %% [markdown]
# sorry, handed in 2 min before the deadline

# %%
import numpy as np
import matplotlib.pyplot as plt
import warnings

# %%
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))

# %%
def risk(theta, X, y):
    return np.logaddexp(0, -y * (X @ theta)).mean()

# %%
def gradient(theta, X, y):
    return X.T @ (sigmoid(X @ theta) - (y + 1) / 2) / len(y)

# %%
def hessian(theta, X, y):
    p = sigmoid(X @ theta)
    return (X.T * (p * (1 - p)) @ X / len(y)

# %%
def newton(X, y, theta0, max_iter=25):
    theta = theta0.copy()
    for _ in range(max_iter):
        theta = theta - np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)[0]
    if (y * (X @ theta) > 0).all():
        warnings.warn("separable!")
    return theta

# %%
def gradientDescent(X, y, theta0, learning_rate=20.0, max_iter=1000):
    theta = theta0.copy()
    for t in range(max_iter):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta

# %%
def theta_star(mu_neg, mu_pos, sigma):
    return np.array([(mu_neg**2 - mu_pos**2), 2 * (mu_pos - mu_neg)]) / (2 * sigma**2)

theta_star(mu_neg, mu_pos, sigma)

# %%
def generate_data(n, mu_neg, mu_pos, sigma, rng):
    y = rng.choice([-1, 1], n)
    x = rng.normal(loc=np.where(y == 1, mu_pos, mu_neg), scale=sigma, size=n)
    return np.c_[np.ones(n), x], y

# %%
def simulate_estimates(method, sample_sizes, M, rng):
    if method not in ["newton", "gradient_descent"]:
        raise ValueError("no such method")
    res = {}
    for n in sample_sizes:
        res[n] = []
        for i in range(M):
            X, y = generate_data(n, -2, 1, 1, rng)
            t0 = rng.uniform(-0.1, 0.1, 2)
            if method == "newton":
                res[n].append(newton(X, y, t0))
            else:
                res[n].append(gradientDescent(X, y, t0))
    return res

# %%
estimates = simulate_estimates("newton", [100, 200, 400, 800], 500, np.random.default_rng(0))

# %%
def plot_errors(estimates):
    fig, ax = plt.subplots()
    star = theta_star(-2, 1, 1)
    ns = sorted(estimates)
    ax.plot(ns, [np.median([np.linalg.norm(th - star) for th in estimates[n]]) for n in ns], "-o")
    ax.set_xlabel("n"); ax.set_ylabel("median error")
    return ax

plot_errors(estimates)

# %%
def plot_scaled_scatter(estimates):
    fig, ax = plt.subplots(1, len(estimates), sharex="all", sharey="all")
    for a, n in zip(ax, sorted(estimates)):
        d = np.sqrt(n) * (np.array(estimates[n]) - theta_star(-2, 1, 1))
        a.plot(d[:, 0], d[:, 1], "x")
        a.set_title(n)
    return ax

# %%
def optimization_errors(X, y, theta0, steps):
    opt = risk(newton(X, y, theta0, 100), X, y)
    return {"newton": [risk(newton(X, y, theta0, s), X, y) - opt for s in steps],
            "gradient_descent": [risk(gradientDescent(X, y, theta0, 20.0, s), X, y) - opt for s in steps]}
