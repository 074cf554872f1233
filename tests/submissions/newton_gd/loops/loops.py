# %% [markdown]
# # HW Newton / GD
# I don't trust myself with broadcasting so I write loops where I can. Everything in terms of the margin y * x'theta.

# %%
import math
import warnings

import matplotlib.pyplot as plt
import numpy as np

# %%
def sigmoid(z):
    # two cases so that exp never gets a big positive number
    z = np.asarray(z, dtype=float)
    out = np.zeros(z.shape)
    it = np.nditer(z, flags=["multi_index"])
    for value in it:
        v = float(value)
        if v >= 0:
            out[it.multi_index] = 1 / (1 + math.exp(-v))
        else:
            e = math.exp(v)
            out[it.multi_index] = e / (1 + e)
    return out

# %%
def margins(theta, X, y):
    m = []
    for i in range(len(y)):
        m.append(y[i] * np.dot(X[i], theta))
    return m

def risk(theta, X, y):
    total = 0.0
    for m in margins(theta, X, y):
        # log(1 + exp(-m))
        if m > 0:
            total += math.log1p(math.exp(-m))
        else:
            total += -m + math.log1p(math.exp(m))
    return total / len(y)

# %%
def wrong_prob(theta, X, y):
    """1 - P(the right label), the only thing that I need below. (vectorised, otherwise GD takes all day)"""
    m = y * (X @ theta)
    e = np.exp(-np.abs(m))
    return np.where(m >= 0, e, 1.0) / (1 + e)

def gradient(theta, X, y):
    yq = y * wrong_prob(theta, X, y)
    g = np.zeros(X.shape[1])
    for j in range(X.shape[1]):
        g[j] = -np.dot(X[:, j], yq) / len(y)
    return g

# %%
def hessian(theta, X, y):
    q = wrong_prob(theta, X, y)
    w = q * (1 - q)   # same for both labels!
    d = X.shape[1]
    H = np.zeros((d, d))
    for j in range(d):
        for k in range(d):
            H[j, k] = np.mean(w * X[:, j] * X[:, k])
    return H

# %%
def is_separated(theta, X, y):
    for m in margins(theta, X, y):
        if m <= 0:
            return False
    return True

def newton(X, y, theta0, max_iter=25):
    theta = np.array(theta0, dtype=float)   # np.array copies
    for _ in range(max_iter):
        H = hessian(theta, X, y)
        if np.max(np.abs(H)) < 1e-100:
            break
        # lstsq = solve if H is invertible
        theta = theta - np.linalg.lstsq(H, gradient(theta, X, y), rcond=None)[0]
    if is_separated(theta, X, y):
        warnings.warn("These data are separable!! The result depends on max_iter and means nothing.")
    return theta

# %%
def gradient_descent(X, y, theta0, learning_rate=20.0, max_iter=1000):
    theta = np.array(theta0, dtype=float)
    for t in range(max_iter):
        gamma = learning_rate * 50.0 / (t + 50.0)
        theta = theta - gamma * gradient(theta, X, y)
    return theta

# %%
def theta_star(mu_neg, mu_pos, sigma):
    b1 = (mu_pos - mu_neg) / sigma**2
    b0 = -b1 * (mu_pos + mu_neg) / 2   # zero in the middle
    return np.array([b0, b1])

# %%
def generate_data(n, mu_neg, mu_pos, sigma, rng):
    X = np.ones((n, 2))
    y = np.zeros(n)
    for i in range(n):
        if rng.random() < 0.5:
            y[i] = 1
            X[i, 1] = rng.normal(mu_pos, sigma)
        else:
            y[i] = -1
            X[i, 1] = rng.normal(mu_neg, sigma)
    return X, y

# %%
def simulate_estimates(method, sample_sizes, M, rng):
    if method != "newton" and method != "gradient_descent":
        raise ValueError("I only know newton and gradient_descent")
    result = {}
    for n in sample_sizes:
        rows = np.zeros((M, 2))
        for m in range(M):
            X, y = generate_data(n, -2, 1, 1, rng)
            theta0 = rng.uniform(-0.1, 0.1, size=2)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if method == "newton":
                    rows[m] = newton(X, y, theta0)
                else:
                    rows[m] = gradient_descent(X, y, theta0)
        result[n] = rows
    return result

# %%
def plot_errors(estimates):
    star = theta_star(-2, 1, 1)
    ns = sorted(estimates)
    meds = []
    for n in ns:
        dists = []
        for row in estimates[n]:
            dists.append(math.sqrt((row[0] - star[0]) ** 2 + (row[1] - star[1]) ** 2))
        meds.append(np.median(dists))
    fig, ax = plt.subplots()
    ax.semilogy(ns, meds, "ks-")
    ax.set_xlabel("n")
    ax.set_ylabel("median error")
    return fig

# %%
def plot_scaled_scatter(estimates):
    star = theta_star(-2, 1, 1)
    ns = sorted(estimates)
    fig, axs = plt.subplots(1, len(ns), sharex=True, sharey=True, figsize=(4 * len(ns), 4))
    axs = np.atleast_1d(axs)
    for k in range(len(ns)):
        cloud = math.sqrt(ns[k]) * (np.asarray(estimates[ns[k]]) - star)
        axs[k].plot(cloud[:, 0], cloud[:, 1], ".")
        axs[k].plot(0, 0, "r+")
        axs[k].set_title("n=" + str(ns[k]))
    return fig

# %%
def optimization_errors(X, y, theta0, steps):
    best = risk(newton(X, y, np.zeros(X.shape[1]), 50), X, y)
    errs_n = []
    errs_g = []
    for t in steps:
        errs_n.append(risk(newton(X, y, theta0, t), X, y) - best)
        errs_g.append(risk(gradient_descent(X, y, theta0, max_iter=t), X, y) - best)
    return {"newton": np.array(errs_n), "gradient_descent": np.array(errs_g)}
