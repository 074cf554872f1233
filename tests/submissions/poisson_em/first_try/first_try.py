# %% [markdown]
# # Listening counts (Monday night version)
# I went through everything once. The plots look like the ones in the text, for small counts anyway.

# %%
import numpy as np
from scipy.special import gammaln, logsumexp

# %%
def poisson_nll(w, X, y):
    eta = X @ w
    return (np.exp(eta) - y * eta + gammaln(y + 1)).sum()

# %%
def poisson_gradient(w, X, y):
    return (np.exp(X @ w) - y) @ X

# %%
def poisson_hessian(w, X, y):
    return X.T @ (np.exp(X @ w)[:, None] * X)

# %%
def curvature_terms(v, w, X):
    # v'x lambda x'v
    return np.exp(X @ w) * (X @ v) ** 2

# %%
# -L is flat far on the left, then it goes down to its minimum near 0.9
witness_likelihood = (-6, 0, 0.5)

# %%
witness_squared_error = (-6, 0, 0.5)

# %%
def fit_poisson(X, y, tol=1e-10, max_iter=100):
    """Newton's method from 0. The problem is convex, so it finds the minimum."""
    w = np.zeros(X.shape[1])
    for _ in range(max_iter):
        step = np.linalg.solve(poisson_hessian(w, X, y), poisson_gradient(w, X, y))
        w = w - step
        if np.linalg.norm(step) < tol:
            break
    return w

# %%
def playlist(X, w, m):
    expected_plays = np.exp(X @ w)
    return np.argsort(expected_plays)[-m:]

# %% [markdown]
# ## Question 9 · What no count of zero does (0.15 points, read by a person)
#
# <!-- written: truncation -->

# %% [markdown]
# Without zeros all counts are at least 1, so the rates come out too large and the intercept is too high. The slope is
# too low since only the songs with small rates are affected. With more data it should get better.

# %%
def log_poisson(W, X, y):
    """log p(y_i | x_i, w_j), (n, k)"""
    eta = X @ W.T
    return y[:, None] * eta - np.exp(eta) - gammaln(y + 1)[:, None]

def mixture_log_likelihood(W, pi, X, y):
    return logsumexp(log_poisson(W, X, y), axis=1, b=pi).sum()

# %%
witness_mixture = (np.array([[2.0], [-2.0]]), np.array([[-2.0], [2.0]]), 0.5)

# %%
is_convex = {
    "minus_likelihood": False,
    "poisson_nll": True,
    "squared_error": False,
    "mixture_nll": False,
}

# %% [markdown]
# ## Question 13 · The E-step, derived (0.15 points, read by a person)
#
# <!-- written: e_step_derivation -->

# %% [markdown]
# Bayes: $r_{ij} = \pi_j p(y_i | x_i, w_j) / \sum_l \pi_l p(y_i | x_i, w_l)$, the posterior probability of mood $j$.

# %%
def e_step(W, pi, X, y):
    joint = pi * np.exp(log_poisson(W, X, y))
    R = joint / joint.sum(axis=1, keepdims=True)
    return np.nan_to_num(R, nan=1 / len(pi))  # 0/0: no mood fits, so we can't tell

# %% [markdown]
# ## Question 15 · The M-step, derived (0.2 points, read by a person)
#
# <!-- written: m_step_derivation -->

# %% [markdown]
# _Type your answer here, replacing this text._

# %%
def m_step(R, X, y, W):
    """One Newton step for each mood (generalised EM)."""
    W_new = W.copy()
    for j in range(len(W)):
        grad = (R[:, j] * (np.exp(X @ W[j]) - y)) @ X
        W_new[j] = W[j] - np.linalg.solve(poisson_hessian(W[j], X, y), grad)
    return W_new, R.mean(axis=0)

# %%
def em(X, y, k, rng):
    W = rng.normal(scale=0.5, size=(k, X.shape[1]))
    pi = np.ones(k) / k
    old = -np.inf
    for it in range(500):
        R = e_step(W, pi, X, y)
        W, pi = m_step(R, X, y, W)
        ll = mixture_log_likelihood(W, pi, X, y)
        if abs(ll - old) < 1e-6:
            break
        old = ll
    return W, pi

# %%
def mood_playlists(X, W, m):
    return [playlist(X, W[j], m) for j in range(len(W))]
