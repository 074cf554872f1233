"""The private checks of poisson_em: comparison with the reference, and with the best that can be reached."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from shared.checks.poisson_em import (
    ENOUGH,
    RISE,
    RepeatedSteps,
    are_mood_playlists,
    as_moods,
    as_responsibilities,
    is_a_playlist,
    largest_terms,
    mixture_value,
    nll_rise,
    read_claims,
    read_terms,
)
from shared.kit.checking import (
    StudentFunction,
    as_array,
    as_number,
    check,
    close,
    expect,
    finite,
    returned,
    show,
    trying,
    unchanged,
)
from shared.kit.values import seeded
from shared.listening import (
    CurvatureProblem,
    FitProblem,
    MixtureProblem,
    MStepProblem,
    PlaylistProblem,
    PoissonProblem,
    curvature_problems,
    fit_problems,
    m_step_problems,
    mixture_problems,
    playlist_problems,
    poisson_problems,
    random_fit_problem,
)
from solutions import poisson_em as reference


def expected(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the reference returns; its own warnings aren't for anyone to read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


# Of each question's points at least half is for one check that asks for the whole contract: values, edge cases,
# warnings, the caller's arguments. The others, public ones among them, are rungs on the way there.

# ==== part a: one taste ==============================================================================================

# ---- poisson_nll, poisson_gradient, poisson_hessian, curvature_terms ------------------------------------------------
# Right answers differ by rounding alone, and the tolerance is 1e-8 times max(1, largest entry). Log-rates are good to
# 1e-15 of the largest that could come up; at 700 that is 1e-12, and so exp is good to 1e-12 of itself. Counts of
# thousands times log-rates up to 6 add up to 1e6 over 30 songs, where rounding costs 1e-10 and another 1e-10 for a
# log y! of about the same size; log-rates of -10,000 times counts up to 12 are as large.

NEVER = PoissonProblem(
    np.array([-5500.0, 700.0]), np.array([[1.0, 0.5], [1.0, -2.0], [1.0, 1.5]]), np.array([3.0, 0, 1])
)
OVERFLOWING = PoissonProblem(
    np.array([300.0, 10.0]), np.array([[2.0, 1.0], [-2.0, 1.0], [2.3, 1.0]]), np.array([0.0, 4, 9])
)
OFTEN = PoissonProblem(
    np.array([0.5, -1.0, 2.0]),
    np.array([[1.0, -2.0, 1.5], [1.0, 0.5, 2.0], [1.0, 1.0, 0.0], [1.0, 2.0, -2.0]]),
    np.array([171.0, 2000, 3500, 400]),
)


@check("poisson_nll", weight=3)
@settings(max_examples=25)
@given(p=poisson_problems(far=True))
@example(p=NEVER)
@example(p=OVERFLOWING)
@example(p=OFTEN)
def nll_is_right(poisson_nll: StudentFunction, p: PoissonProblem) -> None:
    """Your negative log-likelihood is right wherever it is asked, also far out, for counts of any type, and changes no
    argument.
    """
    right = reference.poisson_nll(p.w, p.X, p.y) - reference.poisson_nll(np.zeros_like(p.w), p.X, p.y)
    close(nll_rise(poisson_nll, p.w, p.X, p.y, silent=True), right, RISE)
    with trying(w=p.w, X=p.X, y=p.y.astype(int)):
        close(nll_rise(poisson_nll, p.w, p.X, p.y.astype(int)), right, f"{RISE} for counts that are integers,")
    unchanged(poisson_nll.observe(p.w, p.X, p.y), "poisson_nll", ("w", "X", "y"))


@check("poisson_gradient", weight=2)
@settings(max_examples=25)
@given(p=poisson_problems(far=True))
@example(p=NEVER)
@example(p=OVERFLOWING)
@example(p=OFTEN)
def gradient_is_right(poisson_gradient: StudentFunction, p: PoissonProblem) -> None:
    """Your gradient is right wherever it is asked, also at log-rates of -10000 and 690, and changes no argument."""
    observation = poisson_gradient.observe(p.w, p.X, p.y)
    close(returned(observation, "poisson_gradient"), reference.poisson_gradient(p.w, p.X, p.y), "poisson_gradient")
    unchanged(observation, "poisson_gradient", ("w", "X", "y"))


def _large_problem(n: int = 200_000) -> PoissonProblem:
    """Of so many songs that n times n numbers would be 320 GB, which no machine that grades gives out."""
    X = np.stack([np.ones(n), np.linspace(-2, 2, n)], axis=1)
    return PoissonProblem(np.array([0.5, -1.0]), X, np.arange(n) % 4.0)


@check("poisson_hessian", weight=2)
@settings(max_examples=25)
@given(p=poisson_problems(far=True))
@example(p=NEVER)
@example(p=OVERFLOWING)
@example(p=OFTEN)
@example(p=_large_problem())
def hessian_is_right(poisson_hessian: StudentFunction, p: PoissonProblem) -> None:
    """Your Hessian is right for all data, also of many songs (no n times n numbers), and changes no argument."""
    observation = poisson_hessian.observe(p.w, p.X, p.y)
    close(returned(observation, "poisson_hessian"), reference.poisson_hessian(p.w, p.X, p.y), "poisson_hessian")
    unchanged(observation, "poisson_hessian", ("w", "X", "y"))


@check("curvature_terms", weight=3)
@settings(max_examples=25)
@given(p=curvature_problems(far=True))
@example(p=CurvatureProblem(np.array([1.0, -0.5]), NEVER.w, NEVER.X))
@example(p=CurvatureProblem(np.array([1.0, -0.5]), OVERFLOWING.w, OVERFLOWING.X))
@example(p=CurvatureProblem(np.array([1.0, -0.5, 2.0]), OFTEN.w, OFTEN.X))
def curvature_terms_are_right(curvature_terms: StudentFunction, p: CurvatureProblem) -> None:
    """Your terms are right song by song, also at log-rates of -10000 and 690, and no argument is changed."""
    observation = curvature_terms.observe(p.v, p.w, p.X)
    terms = read_terms(returned(observation, "curvature_terms"), p)
    right = reference.curvature_terms(p.v, p.w, p.X)
    # where x'v is almost 0, what is left of it is rounding: measured by the term as large as it could be
    largest = np.max(largest_terms(p))
    close(terms, right, "curvature_terms", tolerance=1e-8 * max(1.0, largest) / max(1.0, right.max()))
    unchanged(observation, "curvature_terms", ("v", "w", "X"))


# ---- is_convex ------------------------------------------------------------------------------------------------------


@check("is_convex", weight=3)
def is_convex_is_right(is_convex: Any) -> None:
    """Your is_convex is right about all four functions."""
    claims = read_claims(is_convex)
    # not which one: that would be the answer
    expect(claims == reference.is_convex, "Not all four are right: compare them with your certificates.")


# ---- fit_poisson ----------------------------------------------------------------------------------------------------


SCALES = (1.0, 4.0, 0.5, 0.2)
USUAL = tuple(
    random_fit_problem(level + intercept, 200, 3, level, intercept)
    for level in (1, 20, 500)
    for intercept in (False, True)
)
UNUSUAL = (
    FitProblem(np.array([[1.0]]), np.array([3000.0])),
    FitProblem(np.array([[0.05], [0.02]]), np.array([3.0, 1.0])),  # w is about 20; the slightest penalty shows
    random_fit_problem(28, 60, 4, 20, True, scales=SCALES),
    random_fit_problem(507, 60, 4, 500, False, scales=SCALES),
    random_fit_problem(5, 60, 3, 20, True, spread=4.0),  # log-rates from -1 to 7
    random_fit_problem(6, 60, 3, 500, False, spread=5.0),  # from -1 to 11
    random_fit_problem(9, 60, 3, 500, True, last=True),
    random_fit_problem(10, 60, 3, 500, False, last=True),
)


def also(problems: tuple[FitProblem, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try these problems, too: an `@example` for each."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        for p in problems:
            function = example(p=p)(function)
        return function

    return add


# How far a solver may stop from the minimum is said at ENOUGH. On the usual data, 200 songs and columns of unit scale,
# that is up to 0.01 in w. There L-BFGS and CLARABEL come to 2e-5 of it, the others to 4e-6; and 1e-3 is asked.
@check("fit_poisson", weight=4)
@settings(max_examples=25)
@given(p=fit_problems())
@also(USUAL + UNUSUAL)
def fit_is_right(fit_poisson: StudentFunction, p: FitProblem) -> None:
    """Your fit is the most likely w for mean counts of 1, 20 and 500, with an intercept or without, for columns of
    different scale, and changes no argument.
    """
    observation = fit_poisson.observe(p.X, p.y)
    w = as_array(returned(observation, "fit_poisson"), (p.X.shape[1],), "fit_poisson")
    finite(w, "fit_poisson", f"fit_poisson returned {show(w)}")
    right = reference.fit_poisson(p.X, p.y)
    details = f"fit_poisson returned {show(w)}\nexpected {show(right)}"
    off = np.sqrt((w - right) @ reference.poisson_hessian(right, p.X, p.y) @ (w - right))
    message = "Your fit is too far from the most likely weights."
    expect(off <= ENOUGH, message, f"{details}\nthat is {off:.3g} standard errors away")
    if p in USUAL:
        expect(np.abs(w - right).max() <= 1e-3, message, details)
    with trying(X=p.X, y=p.y.astype(int)):
        close(fit_poisson(p.X, p.y.astype(int)), w, "fit_poisson for counts that are integers", tolerance=1e-3)
    unchanged(observation, "fit_poisson", ("X", "y"))


# ---- playlist -------------------------------------------------------------------------------------------------------


# With so few songs as hypothesis makes, a half-sorted list (numpy's argpartition) happens to be in order.
MANY_SONGS = PlaylistProblem((np.arange(1000) * 619 % 1000.0)[:, np.newaxis], np.array([1.0]), 500)


@check("playlist", weight=2)
@settings(max_examples=40)
@given(p=playlist_problems())
@example(p=MANY_SONGS)
def playlist_is_right(playlist: StudentFunction, p: PlaylistProblem) -> None:
    """Your playlist is the best for any number of songs, at any rates, and changes no argument."""
    observation = playlist.observe(p.X, p.w, p.m)
    is_a_playlist(returned(observation, "playlist"), p.X, p.w, p.m)
    unchanged(observation, "playlist", ("X", "w", "m"))


# ==== part b: several moods ==========================================================================================

# ---- mixture_log_likelihood, e_step ---------------------------------------------------------------------------------
# Log-likelihoods are compared as differences between two choices of (W, pi), since terms without them may be missing:
# once with all weights 0, once with one mood alone. The second has nearly the same value where counts are 100,000, and
# the difference shows what little pi does there. The tolerance is 1e-6 times max(1, |difference|), and what rounding
# costs: log-rates up to 650 are good to a few 1e-13, and so are rates, relative to the largest of them.


# A mood that fits by far the best and has the probability 0: 1e-10 in its place shows. (1e-300, which is often put
# under a logarithm, would show only where a count is e**690 times as likely; that may pass.)
IMPOSSIBLE = MixtureProblem(
    np.array([[3.0], [-40.0]]), np.array([0.0, 1.0]), np.ones((4, 1)), np.array([20.0, 22.0, 25.0, 0.0])
)


@check("mixture_log_likelihood", weight=3)
@settings(max_examples=50)
@given(p=mixture_problems(far=True))
@example(p=IMPOSSIBLE)
def mixture_log_likelihood_is_right(mixture_log_likelihood: StudentFunction, p: MixtureProblem) -> None:
    """Your log-likelihood is right for any moods and songs, at log-rates from -10,000 to 700, and changes nothing."""
    observation = mixture_log_likelihood.observe(p.W, p.pi, p.X, p.y)
    value = as_number(returned(observation, "mixture_log_likelihood"), "mixture_log_likelihood")
    finite(np.array(value), "mixture_log_likelihood")
    unchanged(observation, "mixture_log_likelihood", ("W", "pi", "X", "y"))
    right = expected(reference.mixture_log_likelihood, p.W, p.pi, p.X, p.y)
    log_rates = p.X @ p.W.T
    rounding = 1e-11 * max(np.exp(log_rates).max(), np.abs(p.y[:, np.newaxis] * log_rates).max())
    for W in (np.zeros((1, p.X.shape[1])), p.W[-1:]):
        rise = value - mixture_value(mixture_log_likelihood, W, np.ones(1), p.X, p.y)
        right_rise = right - expected(reference.mixture_log_likelihood, W, np.ones(1), p.X, p.y)
        expect(
            abs(rise - right_rise) <= 1e-6 * max(1.0, abs(right_rise)) + rounding,
            "mixture_log_likelihood isn't right: two of its values don't differ by what they should.",
            f"at the W and pi given it is {value:.10g}, {rise:.10g} more than with the one mood W = {show(W)}\n"
            f"it should be {right_rise:.10g} more",
        )


# Where counts and rates are 100,000, the logs of the moods' likelihoods are about 1e6 before they are subtracted from
# each other, so good to 1e-9, and so are responsibilities. Where they are larger, the moods are far apart.
UNLIKELY = -30.0  # the logarithm of a probability


@check("e_step", weight=3)
@settings(max_examples=50)
@given(p=mixture_problems(far=True))
@example(p=IMPOSSIBLE)
def e_step_is_right(e_step: StudentFunction, p: MixtureProblem) -> None:
    """Your responsibilities are right for any moods and songs, also at log-rates from -10,000 to 700."""
    observation = e_step.observe(p.W, p.pi, p.X, p.y)
    R = as_responsibilities(returned(observation, "e_step"), len(p.y), len(p.pi))
    far_out = "e_step isn't right for counts that are very unlikely in all moods, or in all that are possible"
    log_rates = p.X @ p.W.T
    likeliest = np.max(p.y[:, np.newaxis] * log_rates - np.exp(log_rates) - gammaln(p.y + 1)[:, np.newaxis], axis=1)
    message = far_out if likeliest.min() < UNLIKELY or not p.pi.all() else ""
    close(R, expected(reference.e_step, p.W, p.pi, p.X, p.y), "e_step", tolerance=1e-6, message=message)
    unchanged(observation, "e_step", ("W", "pi", "X", "y"))


# ---- m_step ---------------------------------------------------------------------------------------------------------

NO_PART = 1e-6  # the sum of a mood's responsibilities below which its weights don't matter
NEAR = 0.05  # standard errors: the expected log-likelihood is within NEAR**2 / 2 = 1e-3 of its maximum; CLARABEL 0.017


def _score(R: np.ndarray, X: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    """How far w is from the most likely weights when song i counts R[i] times, in standard errors, about."""
    with np.errstate(over="ignore", invalid="ignore"):
        rates = R * np.exp(X @ w)
        slope, curvature = X.T @ (rates - R * y), (X.T * rates) @ X
    if not (np.isfinite(slope).all() and np.isfinite(curvature).all()):
        return np.inf
    return float(np.sqrt(max(0.0, slope @ np.linalg.lstsq(curvature, slope, rcond=None)[0])))


def _expected_log_likelihood(p: MStepProblem, W: np.ndarray) -> float:
    log_rates = p.X @ W.T
    with np.errstate(over="ignore"):
        return float(np.sum(p.R * (p.y[:, np.newaxis] * log_rates - np.exp(log_rates))))


# the best weights of both moods are about 20, and the slightest penalty shows
FLAT = MStepProblem(np.full((2, 2), 0.5), np.array([[0.05], [0.02]]), np.array([3.0, 1.0]), np.zeros((2, 1)))


@check("m_step", weight=4)
@settings(max_examples=50)
@given(p=m_step_problems(far=True))
@example(p=FLAT)
def m_step_is_right(m_step: StudentFunction, e_step: StudentFunction, p: MStepProblem) -> None:
    """Your m_step, repeated, climbs to the best W for any responsibilities; pi follows; moods may be empty."""
    used = p.R.sum(axis=0) > NO_PART
    live = MStepProblem(p.R[:, used], p.X, p.y, p.W[used])
    right = expected(reference.m_step, p.R, p.X, p.y, p.W)[0][used]
    height = _expected_log_likelihood(live, live.W)
    for W, pi in RepeatedSteps(m_step, e_step).repeated(p):
        close(pi, p.R.mean(axis=0), "m_step (pi)")
        last, before, height = W[used], height, _expected_log_likelihood(live, W[used])
        details = f"expected log-likelihood: {before:.8g} before, {height:.8g} after"
        rose = height >= before - 1e-8 * max(1.0, abs(before))
        expect(rose, "m_step made the expected log-likelihood smaller.", details)
    for mood, w in enumerate(last):
        score = _score(live.R[:, mood], p.X, p.y, w)
        message = f"Repeated with the same R, m_step doesn't reach the best weights of mood {mood}."
        details = f"it reached {show(w)}\nthe best are {show(right[mood])}, {score:.3g} standard errors away"
        expect(score <= NEAR, message, details)


# ---- em -------------------------------------------------------------------------------------------------------------
# em is judged by the likelihood that it reaches: at least that of EM from the moods that made the data, minus 1. The
# histories are chosen such that one random start gets there with a probability from 0.56 to 0.83 (measured with 600
# starts of six kinds each: responsibilities from a flat and from a spiky Dirichlet distribution, hard assignments,
# normal weights with standard deviation 1 and 0.1, the overall fit with noise; the standard error is 0.02):
#
#     history           Dirichlet(1)  hard  Dirichlet(0.1)  normal 1  normal 0.1  fit + noise   iterations
#     60 songs, k = 2       0.82      0.80       0.80         0.83       0.80        0.60         12 to 13
#     80 songs, k = 2       0.56      0.61       0.56         0.75       0.69        0.70         22 to 27
#     90 songs, k = 3       0.61      0.57       0.58         0.61       0.57        0.77         47 to 58
#
# So 25 starts all miss with a probability of at most 0.40**25 = 1.1e-10, 0.44**25 = 1.2e-9 and 0.43**25 = 7e-10: in one
# of the seven calls below 5e-9. With 0.08 less for each, four standard errors, it would be 4e-7. One start alone passes
# all seven with a probability from 0.05 to 0.15. The seven generators are the same for every course, so that the
# bank's single start never passes; two or three starts often would. The bounds hold for starts of the order of the
# weights themselves: with normal weights of standard deviation 3 one start finds the last history with 0.40 only, and
# 25 miss it with 3e-6. (There is no error_rate for `audit --power` to hold against 3,000 runs: what is
# known is how often single starts succeed, in the table above.)


FIRST_SEED = 300  # of the generators: with these one start of the reference's kind fails on several histories


@dataclass(frozen=True)
class History:
    """How the counts of a data set are made, and with how many generators em has to find its moods."""

    seed: int
    n: int
    k: int
    d: int
    spread: float  # of the weights
    intercept: float
    generators: int

    def make(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """X, y, and the moods W, pi that made y."""
        rng = np.random.default_rng(self.seed)
        X = np.column_stack([np.ones(self.n), rng.uniform(-1, 1, (self.n, self.d - 1)).round(2)])
        W = rng.normal(0, self.spread, (self.k, self.d)).round(2)
        W[:, 0] = self.intercept
        pi = rng.dirichlet(np.full(self.k, 6.0)).round(2)
        pi[-1] = 1 - pi[:-1].sum()
        moods = rng.choice(self.k, self.n, p=pi)
        return X, rng.poisson(np.exp(np.sum(X * W[moods], axis=1))).astype(float), W, pi


HISTORIES = (
    History(seed=55, n=60, k=2, d=2, spread=1.5, intercept=1.5, generators=3),
    History(seed=0, n=80, k=2, d=3, spread=1.5, intercept=1.0, generators=3),
    History(seed=21, n=90, k=3, d=2, spread=2.0, intercept=2.0, generators=1),
)


def _log_likelihood(W: np.ndarray, pi: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    return float(expected(reference.mixture_log_likelihood, W, pi, X, y))


def _one_more(W: np.ndarray, pi: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The moods after one more iteration of EM."""
    return expected(reference.m_step, expected(reference.e_step, W, pi, X, y), X, y, W)


@lru_cache(maxsize=8)
def em_from_the_truth(history: History) -> float:
    """The log-likelihood that EM reaches from the moods that made the counts."""
    X, y, W, pi = history.make()
    previous, current = -np.inf, _log_likelihood(W, pi, X, y)
    while current - previous >= 1e-6:
        W, pi = _one_more(W, pi, X, y)
        previous, current = current, _log_likelihood(W, pi, X, y)
    return current


def _found(em: StudentFunction, X: np.ndarray, y: np.ndarray, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The moods that em finds: a top of the likelihood, with the arguments left alone.

    em may stop where an iteration gains less than 1e-6. Where the student's M-step goes only part of the way, a whole
    one gains more, so 1e-4 is allowed.
    """
    observation = em.observe(X, y, k, seeded(seed))
    W, pi = as_moods(returned(observation, "em"), k, X.shape[1], "em")
    unchanged(observation, "em", ("X", "y", "k"))
    gain = _log_likelihood(*_one_more(W, pi, X, y), X, y) - _log_likelihood(W, pi, X, y)
    details = f"with {k} moods one more iteration raises the log-likelihood by {gain:.3g}"
    expect(gain < 1e-4, "em stopped before it was done.", details)
    return W, pi


@check("em", weight=4)
def em_is_right(em: StudentFunction) -> None:
    """Your em finds moods as likely as those that made the data, however many there are, whatever its generator."""
    distinct = set()
    for number, history in enumerate(HISTORIES):
        X, y, _, _ = history.make()
        aim = em_from_the_truth(history)
        for again in range(history.generators):
            W, pi = _found(em, X, y, history.k, FIRST_SEED + 10 * number + again)
            distinct.add(W.tobytes())
            reached = _log_likelihood(W, pi, X, y)
            details = f"log-likelihood {reached:.6g}; EM from the moods that made the data reaches {aim:.6g}"
            message = f"On {history.n} songs there are {history.k} moods that explain the counts much better."
            expect(reached >= aim - 1, message, details)
    # other starts end in other last digits, if not in another order
    own = len(distinct) == len(HISTORIES)
    expect(not own, "Other generators lead to the very same numbers: em doesn't draw its starts from rng.")

    X, y, _, _ = HISTORIES[0].make()
    one, other = (_found(em, X, y, HISTORIES[0].k, FIRST_SEED)[0] for _ in range(2))
    expect(
        np.array_equal(one, other), "Two equal generators lead to different moods: take every random number from rng."
    )

    W, pi = _found(em, X, y, 1, FIRST_SEED)
    alone = expected(reference.fit_poisson, X, y)[np.newaxis]
    missing = _log_likelihood(alone, np.ones(1), X, y) - _log_likelihood(W, pi, X, y)
    details = f"W = {show(W)}\nthe best: {show(alone)}"
    expect(missing < 1e-4, "With one mood, em doesn't find the most likely weights.", details)


# ---- mood_playlists -------------------------------------------------------------------------------------------------


@check("mood_playlists", weight=2)
@settings(max_examples=40)
@given(p=mixture_problems(), whole=st.booleans(), level=st.sampled_from((0.0, 1000.0, -1000.0)))
def mood_playlists_are_right(mood_playlists: StudentFunction, p: MixtureProblem, whole: bool, level: float) -> None:
    """Your playlists are the best for any moods, of one song and of all, at any rates, and no argument is changed."""
    m = len(p.y) if whole else 1
    X, W = np.column_stack([np.ones(len(p.y)), p.X]), np.column_stack([np.full(len(p.W), level), p.W])
    with trying(X=X, W=W, m=m):
        observation = mood_playlists.observe(X, W, m)
        are_mood_playlists(returned(observation, "mood_playlists"), X, W, m)
        unchanged(observation, "mood_playlists", ("X", "W", "m"))
