# %% [markdown]
# # Newton & gradient descent
# Formulas from my undergrad GLM notes (Bernoulli log likelihood y log p + (1-y) log(1-p)).

# %%
import numpy as np
import matplotlib.pyplot as plt
from scipy.special import expit, xlogy

LECTURE = {"mu_neg": -2.0, "mu_pos": 1.0, "sigma": 1.0}

# %%
sigmoid = lambda z: expit(z)

# %%
def risk(theta, X, y):
    p = expit(X @ theta)
    # -(y log p + (1-y) log (1-p)), cf. notes p. 12
    return -np.mean(xlogy(y, p) + xlogy(1 - y, 1 - p))

# %%
def gradient(theta, X, y):
    p = expit(X @ theta)
    return X.T @ (p - y) / len(y)

# %%
def hessian(theta, X, y):
    p = expit(X @ theta)
    w = p * (1 - p)
    return (X * w[:, np.newaxis]).T @ X / len(y)

# %%
def newton(X, y, theta0, max_iter=25):
    theta = theta0.copy()
    for _ in range(max_iter):
        step, *_rest = np.linalg.lstsq(hessian(theta, X, y), gradient(theta, X, y), rcond=None)
        theta = theta - step
        if np.linalg.norm(theta) > 1000:  # it explodes on some data sets?! stop there
            break
    return theta

# %%
def gradient_descent(X, y, theta0, learning_rate=20.0, max_iter=1000):
    theta = theta0.copy()
    for t in range(max_iter):
        theta = theta - learning_rate * 50 / (t + 50) * gradient(theta, X, y)
    return theta

# %%
def theta_star(mu_neg, mu_pos, sigma):
    return np.array([(mu_neg**2 - mu_pos**2) / (2 * sigma**2), (mu_pos - mu_neg) / sigma**2])

# %%
def generate_data(n, mu_neg, mu_pos, sigma, rng):
    # labels 0/1 like in the notes, so that risk works
    y = rng.integers(0, 2, size=n)
    x = rng.normal(np.where(y == 1, mu_pos, mu_neg), sigma)
    return np.c_[np.ones(n), x], y

# %%
def simulate_estimates(method, sample_sizes, M, rng):
    methods = {"newton": newton, "gradient_descent": gradient_descent}
    if method not in methods:
        raise ValueError(method)
    out = {}
    for n in sample_sizes:
        est = []
        for _ in range(M):
            X, y = generate_data(n, rng=rng, **LECTURE)
            est.append(methods[method](X, y, rng.uniform(-0.1, 0.1, 2)))
        out[n] = np.array(est)
    return out

# %%
def plot_errors(estimates):
    ns = np.array(sorted(estimates))
    med = [np.median(np.linalg.norm(estimates[n] - theta_star(**LECTURE), axis=1)) for n in ns]
    fig, ax = plt.subplots()
    ax.loglog(ns, med, "o-")
    ax.loglog(ns, med[0] * np.sqrt(ns[0] / ns), "k:")
    ax.set(xlabel="n", ylabel="median distance")
    return fig

# %%
def plot_scaled_scatter(estimates):
    ns = sorted(estimates)
    clouds = [np.sqrt(n) * (estimates[n] - theta_star(**LECTURE)) for n in ns]
    lim = np.quantile(np.abs(np.vstack(clouds)), 0.98)
    fig, axes = plt.subplots(1, len(ns), squeeze=False)
    for ax, n, c in zip(axes.flat, ns, clouds):
        ax.scatter(*c.T, s=5)
        ax.set(title=f"$n = {n}$", xlim=(-lim, lim), ylim=(-lim, lim))
    return fig

# %% [markdown]
# Question 13: no time left, sorry
