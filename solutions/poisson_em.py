"""Listening counts: Poisson regression, convexity by certificate, and EM for moods. The reference answers."""

import numpy as np
from scipy.special import gammaln, logsumexp, softmax

from solutions import Written


def poisson_nll(w, X, y):
    """The negative log-likelihood of w, added up over the n songs: a float.

    w: (d,); X: (n, d), a song in each row; y: (n,), how often each was played, 0 or more.
    Terms that don't depend on w may be left out. Finite, and without a warning, for log-rates from -10,000 to 700.
    """
    log_rates = X @ w  # (n,)
    return float(np.sum(np.exp(log_rates) - y * log_rates + gammaln(y + 1)))


def poisson_gradient(w, X, y):
    """The gradient of the negative log-likelihood at w: (d,).

    w: (d,); X: (n, d); y: (n,).
    """
    return X.T @ (np.exp(X @ w) - y)


def poisson_hessian(w, X, y):
    """The matrix of second derivatives of the negative log-likelihood at w: (d, d).

    w: (d,); X: (n, d); y: (n,).
    Needs memory for a few copies of X, never for n times n numbers.
    """
    return (X.T * np.exp(X @ w)) @ X


def curvature_terms(v, w, X):
    """What each song contributes to v' H v, where H is the Hessian of the negative log-likelihood at w: (n,).

    v, w: (d,); X: (n, d).
    Entry i is made from song i alone, no entry is negative, and together they add up to v' H v.
    """
    return np.exp(X @ w) * (X @ v) ** 2


witness_likelihood: tuple = (1.0, -4.0, 0.5)

witness_squared_error: tuple = (1.0, -5.0, 0.5)


def _maximise(R, X, y, W):
    """The W that maximises sum_i R[i, j] log p(y_i | x_i, W[j]) for each mood j, by damped Newton steps from W: (k, d).

    R: (n, k), weights from 0 up; X: (n, d); y: (n,); W: (k, d). A row whose weights are all 0 stays as it was.
    """

    def heights(W):  # (k,): what is minimised, a convex function of each row of W
        log_rates = X @ W.T
        with np.errstate(over="ignore", invalid="ignore"):
            return np.sum(R * (np.exp(log_rates) - y[:, np.newaxis] * log_rates), axis=0)

    height = heights(W)
    for _ in range(100):
        rates = R * np.exp(X @ W.T)  # (n, k)
        slopes = (rates - R * y[:, np.newaxis]).T @ X  # (k, d)
        curvatures = np.array([(X.T * of_mood) @ X for of_mood in rates.T])  # (k, d, d)
        steps = (np.linalg.pinv(curvatures, hermitian=True) @ slopes[:, :, np.newaxis])[:, :, 0]
        for _ in range(60):
            new_height = heights(W - steps)
            too_long = ~(new_height <= height)  # also where it has overflowed
            if not too_long.any():
                break
            steps = np.where(too_long[:, np.newaxis], steps / 2, steps)
        W, height = W - steps, new_height
        if np.abs(steps).max() < 1e-5:  # then the next one would be about 1e-10: each error is the last one's square
            break
    return W


def fit_poisson(X, y):
    """The w with the smallest negative log-likelihood: (d,).

    X: (n, d), with independent columns; y: (n,), 0 or more, such that there is a smallest one.
    As right for mean counts of 500 as for mean counts of 1.
    """
    return _maximise(np.ones((len(y), 1)), X, y, np.zeros((1, X.shape[1])))[0]


def playlist(X, w, m):
    """The m songs with the highest expected counts, best first: (m,) indices of rows of X.

    X: (n, d); w: (d,); m: at most n. Log-rates may lie beyond what exp can take.
    """
    return np.argsort(-(X @ w), kind="stable")[:m]


def _log_joint(W, pi, X, y):
    """log P(mood j, y_i | x_i) for each song i and mood j: (n, k)."""
    log_rates = X @ W.T
    with np.errstate(divide="ignore"):  # log 0 = -inf is what we want
        log_pi = np.log(pi)
    return log_pi + y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(y + 1)[:, np.newaxis]


def mixture_log_likelihood(W, pi, X, y):
    """The log-likelihood of the mixture of k moods, added up over the n songs: a float.

    W: (k, d), the weights of a mood in each row; pi: (k,), their probabilities, some perhaps 0; X: (n, d); y: (n,).
    Terms that don't depend on W and pi may be left out. Finite for log-rates from -10,000 to 700.
    """
    return float(np.sum(logsumexp(_log_joint(W, pi, X, y), axis=1)))


witness_mixture: tuple = (np.array([[1.8], [-2.0]]), np.array([[-2.0], [1.8]]), 0.5)

is_convex: dict[str, bool] = {
    "minus_likelihood": False,
    "poisson_nll": True,
    "squared_error": False,
    "mixture_nll": False,
}


def e_step(W, pi, X, y):
    """The responsibilities: the probability of each mood for each song, given its count. R: (n, k), rows sum to 1.

    W: (k, d); pi: (k,), some perhaps 0; X: (n, d); y: (n,). Right for log-rates from -10,000 to 700.
    """
    return softmax(_log_joint(W, pi, X, y), axis=1)


def m_step(R, X, y, W):
    """The weights and the probabilities of the moods that the responsibilities R call for: W (k, d) and pi (k,).

    R: (n, k), as e_step returns it; X: (n, d); y: (n,); W: (k, d), the weights so far, left as they were.
    W maximises the expected log-likelihood given R, or comes nearer: repeated at most 100 times with the same R, and
    never lowering it, m_step must reach the maximum. A mood without any responsibility gets the probability 0, and
    any finite weights.
    """
    return _maximise(R, X, y, W), np.mean(R, axis=0)


def em(X, y, k, rng):
    """The most likely weights and probabilities of k moods that many starts find: W (k, d) and pi (k,).

    X: (n, d); y: (n,); k: 1 or more. At least 25 random starts; each goes on until an iteration raises the
    log-likelihood by less than 1e-6. All randomness comes from rng, a numpy Generator.
    """
    climbs = []
    for _ in range(25):
        R = rng.dirichlet(np.ones(k), size=len(y))
        W, pi = m_step(R, X, y, np.zeros((k, X.shape[1])))
        previous, current = -np.inf, mixture_log_likelihood(W, pi, X, y)
        while current - previous >= 1e-6:
            W, pi = m_step(e_step(W, pi, X, y), X, y, W)
            previous, current = current, mixture_log_likelihood(W, pi, X, y)
        climbs.append((current, W, pi))
    _, W, pi = max(climbs, key=lambda climb: climb[0])
    return W, pi


def mood_playlists(X, W, m):
    """A playlist for each mood: k arrays of m indices of rows of X, best first.

    X: (n, d); W: (k, d); m: at most n. Log-rates may lie beyond what exp can take.
    """
    return [playlist(X, w, m) for w in W]


truncation = Written(
    answer=r"""The intercept comes out far too high (0.50, not 0) and the slope too low (0.42, not 0.7). A record is
in the list only because its count isn't 0, and given that, its mean isn't $\lambda$ but
$E[Y \mid Y \ge 1] = \lambda/(1 - e^{-\lambda})$. That is above $\lambda$, and never below 1. For a popular song,
$\lambda = 5$, the difference is less than 1 %. A song with $\lambda = 0.2$ is rarely in the list, and if it is, with
a count of at least 1, five times its rate. So the unpopular songs are pulled up, the popular ones stay, and the curve
becomes flatter and higher.

More records don't help. The plain fit converges, to the wrong weights: the error is a bias, and only the noise
shrinks. What has to change is the model. The records are draws from $P(Y = y \mid Y \ge 1)$, which is
$p(y \mid x, w)$ divided by $P(Y \ge 1) = 1 - e^{-\lambda}$. The product of these is the likelihood of what was really
observed, and its maximum is near the truth.

In the homework, songs that were offered and skipped should enter with the count 0. Then the plain likelihood is right.
If we can't tell them from songs that she has never been offered, we use the truncated likelihood.""",
    rubric=(
        "(0.05) The direction, intercept too high and slope too low, because songs of low rate are inflated most",
        "(0.05) Recorded counts have the mean λ / (1 - exp(-λ)); it is a bias, so more records of this kind don't help",
        "(0.05) Conditioning on Y ≥ 1 gives the division; or the skipped songs go in with the count 0",
    ),
)

e_step_derivation = Written(
    answer=r"""First draw a mood, then a count: the joint probability of both is
$$P(z_i = j, y_i \mid x_i) = \pi_j\, p(y_i \mid x_i, w_j)
= \pi_j\, \frac{e^{y_i w_j^\top x_i}}{y_i!}\, e^{-e^{w_j^\top x_i}}.$$
Bayes' rule divides it by the probability of the count, which is the sum over all moods that could have produced it:
$$r_{ij} = P(z_i = j \mid y_i, x_i)
= \frac{\pi_j \exp(y_i w_j^\top x_i - e^{w_j^\top x_i})}{\sum_l \pi_l \exp(y_i w_l^\top x_i - e^{w_l^\top x_i})}.$$
The factor $1/y_i!$ is the same for all moods and cancels. All this is done with the current $W$ and $\pi$.

In words: $\pi_j$ is how probable the mood was before we looked at the count, $r_{ij}$ how probable it is afterwards. It
is also the expected value of the indicator $I(z_i = j)$ given the data, and in this role the M-step uses it. The moods
of different observations are independent given the counts, so the observations can be treated one by one.""",
    rubric=(
        "(0.05) The joint probability of mood and count: π_j times the Poisson probability with the rate of mood j",
        "(0.05) Bayes' rule, with the sum over all moods in the denominator; 1/y! cancels",
        "(0.05) In words: the probability of the mood given the count, from the current parameters",
    ),
)

m_step_derivation = Written(
    answer=r"""If we knew the moods, the log-likelihood would be
$\sum_i \sum_j I(z_i = j)\,\bigl(\log \pi_j + \log p(y_i \mid x_i, w_j)\bigr)$. We don't, and replace each indicator
by its expected value $r_{ij}$:
$$Q(W, \pi) = \sum_j \Bigl(\sum_i r_{ij}\Bigr) \log \pi_j
+ \sum_j \sum_i r_{ij} \bigl(y_i w_j^\top x_i - e^{w_j^\top x_i}\bigr) + \text{const}.$$
This falls apart into $k + 1$ problems: one for $\pi$, and one for each $w_j$.

For $\pi$ there is a closed form. With a multiplier $\mu$ for $\sum_j \pi_j = 1$ the condition is
$\sum_i r_{ij} / \pi_j = \mu$ for each $j$, and summing over $j$ gives $\mu = n$. So
$\pi_j = \frac1n \sum_i r_{ij}$, the share of the observations that belong to mood $j$.

For $w_j$ it is the Poisson regression of Part a, in which observation $i$ counts $r_{ij}$ times. The gradient is
$\sum_i r_{ij} (y_i - e^{w_j^\top x_i})\, x_i$, and it has to vanish. There is no closed form; but the terms of the
Hessian of Part a are only multiplied by $r_{ij} \ge 0$, so each problem is still convex, and Newton's method with step
halving solves it, starting from the last $w_j$.

The playlists: start from random responsibilities, repeat E-step and M-step until the likelihood (which never falls)
hardly rises any more, do this from many starts and keep the highest. The playlist of mood $j$ is then made of the songs
with the largest $w_j^\top x_i$.""",
    rubric=(
        "(0.05) The expected complete log-likelihood, with r_ij as weights; it splits into π and the single w_j",
        "(0.05) π_j is the mean of r_ij over i, with a reason (multiplier, or weighted shares)",
        "(0.05) Each w_j: a weighted Poisson regression, with its objective or score equation",
        "(0.05) It is convex, without a closed form, solved iteratively; repeat both steps; a playlist from each w_j",
    ),
)
