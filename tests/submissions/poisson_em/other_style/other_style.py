# %% [markdown]
# # Playlists
# My tables of responsibilities have a row for each mood and a column for each song, everywhere: I think of a mood
# as something that spreads its weight over the songs. I leave log(y!) out, it never matters. scipy does the fit, and
# the M-step is one careful step (Levenberg and Marquardt's).

# %%
import math

import numpy as np
from scipy.optimize import minimize

# %%
def rate(log_rate):
    try:
        return math.exp(log_rate)
    except OverflowError:
        return math.inf


def log_rates_of(w, X):
    return [math.fsum(a * b for a, b in zip(row, w)) for row in np.asarray(X).tolist()]


def poisson_nll(w, X, y):
    terms = [rate(s) - float(count) * s for s, count in zip(log_rates_of(w, X), y)]
    return math.fsum(terms) if max(terms) < math.inf else math.inf

# %%
def poisson_gradient(w, X, y):
    slope = [0.0] * len(w)
    for row, s, count in zip(X, log_rates_of(w, X), y):
        for j in range(len(w)):
            slope[j] += (rate(s) - count) * row[j]
    return slope

# %%
def poisson_hessian(w, X, y):
    # by pairs of columns; y isn't needed
    rates = np.exp(X.dot(w))
    d = X.shape[1]
    rows = []
    for a in range(d):
        weighted = rates * X[:, a]
        rows.append([weighted.dot(X[:, b]) for b in range(d)])
    return rows

# %%
def curvature_terms(v, w, X):
    terms = []
    for row in X:
        along = sum(row[j] * v[j] for j in range(len(v)))
        at = sum(row[j] * w[j] for j in range(len(w)))
        terms.append(math.exp(at) * along * along)
    return terms

# %% [markdown]
# The likelihood is flat on both sides of its hill. I took a at the top and b far out on the right.

# %%
witness_likelihood = [[0.9], [6], 1 / 10]

# %%
witness_squared_error = [-8, -1, 0.25]

# %%
def fit_poisson(X, y):
    # at w = 0 all rates are 1. The losses are divided by n so that the tolerance means the same for all sizes
    n, d = X.shape
    total = float(np.sum(y)) + n
    found = minimize(
        lambda w: poisson_nll(w, X, y) / total,
        np.zeros(d),
        jac=lambda w: np.array(poisson_gradient(w, X, y)) / total,
        hess=lambda w: np.array(poisson_hessian(w, X, y)) / total,
        method="trust-ncg",
        options={"gtol": 1e-9, "maxiter": 1000},
    )
    return found.x.tolist()

# %%
def playlist(X, w, m):
    log_rates = log_rates_of(w, X)
    best_first = sorted(range(len(log_rates)), key=log_rates.__getitem__, reverse=True)
    return best_first[:m]

# %% [markdown]
# ## Question 9 · What no count of zero does
#
# <!-- written: truncation -->

# %% [markdown]
# The intercept is too high and the slope too flat. A recorded count has the mean $\lambda/(1-e^{-\lambda})$, which is
# at least 1, while a song with $\lambda = 0.1$ should have a mean of 0.1. Songs with a large rate are hardly touched.
# Collecting more records of this kind gives the same wrong answer with smaller error bars. Dividing by
# $1-e^{-\lambda}$ turns $p$ into the distribution of what is really recorded. In the homework I would write down
# a 0 for each song that was offered.

# %%
def mood_scores(W, pi, X, y):
    """A row for each mood: log pi + y * log-rate - rate."""
    rows = []
    for w, share in zip(W, pi):
        s = X.dot(w)
        start = math.log(share) if share > 0 else -math.inf
        rows.append(start + y * s - np.exp(s))
    return rows


def mixture_log_likelihood(W, pi, X, y):
    scores = mood_scores(W, pi, X, y)
    together = scores[0]
    for row in scores[1:]:
        together = np.logaddexp(together, row)
    return math.fsum(together)

# %%
witness_mixture = ([2, -3], [-3, 2], 0.5)

# %%
is_convex = dict(mixture_nll=False, squared_error=False, minus_likelihood=False, poisson_nll=True)

# %% [markdown]
# ## Question 13 · The E-step, derived
#
# <!-- written: e_step_derivation -->

# %% [markdown]
# Joint probability $\pi_j e^{-\lambda_{ij}} \lambda_{ij}^{y_i} / y_i!$ with $\lambda_{ij} = e^{w_j^\top x_i}$. Bayes:
# divide by its sum over the moods; $y_i!$ cancels. So $r_{ij}$ is the probability that song $i$ was played in mood
# $j$, once we have seen how often.

# %%
def e_step(W, pi, X, y):
    """(k, n): a row for each mood."""
    R = []
    for column in np.transpose(mood_scores(W, pi, X, y)):
        top = max(column)
        parts = [math.exp(score - top) for score in column]
        R.append([part / sum(parts) for part in parts])
    return [list(row) for row in zip(*R)]

# %% [markdown]
# ## Question 15 · The M-step, derived
#
# <!-- written: m_step_derivation -->

# %% [markdown]
# Given $r$, we maximise $\sum_{ij} r_{ij} (\log \pi_j + y_i w_j^\top x_i - e^{w_j^\top x_i})$. The first part gives
# $\pi_j = \frac1n\sum_i r_{ij}$ (Lagrange). The rest splits into $k$ weighted Poisson regressions, which are concave as
# in Part a, because the weights aren't negative. No closed form, so I take one step that surely rises. Then E-step
# again, and so on; a playlist for each $w_j$.

# %%
def rise(w, weights, X, y):
    """One step up for one mood: Newton's, made shorter by a ridge until it really goes up."""
    if sum(weights) < 1e-10:
        return w  # nobody is in this mood

    def height(w):
        s = X.dot(w)
        return -math.inf if max(s) > 700 else weights.dot(y * s - np.exp(s))

    rates = weights * np.exp(X.dot(w))
    slope = X.T.dot(weights * y - rates)
    bend = (X.T * rates).dot(X)
    here, ridge = height(w), 1e-10 * np.trace(bend)
    for _ in range(40):
        try:
            new = w + np.linalg.solve(bend + ridge * np.eye(len(w)), slope)
        except np.linalg.LinAlgError:
            new = w
        if height(new) > here:
            return new
        ridge = 5 * ridge
    return w  # at the top, up to rounding


def m_step(R, X, y, W):
    """R: (k, n)."""
    R = np.array(R)
    new = [list(rise(w, weights, X, y)) for w, weights in zip(W, R)]
    return [new, [sum(weights) / len(y) for weights in R]]

# %%
def em(X, y, k, rng):
    """The most common mood comes first."""
    results = []
    for start in range(30):
        R = rng.exponential(size=(k, len(y)))
        R = R / R.sum(axis=0)
        W = rng.normal(0, 0.1, size=(k, X.shape[1]))
        history = []
        while len(history) < 2 or history[-1] - history[-2] >= 1e-6:
            W, pi = m_step(R, X, y, np.array(W))
            history.append(mixture_log_likelihood(W, pi, X, y))
            R = e_step(W, pi, X, y)
        results.append((history[-1], W, pi))
    height, W, pi = max(results, key=lambda result: result[0])
    order = sorted(range(k), key=lambda j: -pi[j])
    return [W[j] for j in order], [pi[j] for j in order]

# %%
def mood_playlists(X, W, m):
    return [playlist(X, w, m) for w in W]
