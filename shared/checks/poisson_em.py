"""The checks of poisson_em that you can run: properties that every right answer has, without the answer.

`grader.check("poisson_gradient")` runs those of one question. When you hand in, more checks compare with the course's
answers.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from hypothesis import given, settings

from shared.convexity import jensen_gap, minus_likelihood, mixture_nll, squared_error
from shared.kit.checking import (
    StudentFunction,
    StudentRaised,
    Wrong,
    as_array,
    as_number,
    check,
    close,
    describe,
    expect,
    fail,
    finite,
    quiet,
    returned,
    run_seed,
    show,
    trying,
    unchanged,
)
from shared.kit.slopes import differences
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
)

# ==== part a: one taste ==============================================================================================

SAMPLE = PoissonProblem(
    w=np.array([0.5, -1.0]),
    X=np.array([[1.0, -2.0], [1.0, 0.5], [0.5, 1.0], [1.0, 0.0]]),
    y=np.array([9.0, 0.0, 1.0, 2.0]),
)


# ---- poisson_nll ----------------------------------------------------------------------------------------------------
# Terms without w may be left out, so only differences between two w are looked at.


def nll_rise(
    poisson_nll: StudentFunction, w: np.ndarray, X: np.ndarray, y: np.ndarray, *, silent: bool = False
) -> float:
    """How much higher the negative log-likelihood is at w than at 0. silent: no call may make numpy warn."""
    heights = []
    for weights in (w, np.zeros_like(w)):
        observation = poisson_nll.observe(weights, X, y)
        heights.append(as_number(returned(observation, "poisson_nll"), "poisson_nll"))
        finite(np.array(heights[-1]), "poisson_nll")
        if silent:
            quiet(observation, "poisson_nll")
    return heights[0] - heights[1]


RISE = "poisson_nll at w, less poisson_nll at w = 0,"


@check("poisson_nll", public=True)
@settings(max_examples=25)
@given(p=poisson_problems())
def nll_known_values(poisson_nll: StudentFunction, p: PoissonProblem) -> None:
    """Your negative log-likelihood of one song rises from rate 1 to rate 3 as it should; songs add up."""
    x, w = np.array([[1.0]]), np.array([np.log(3)])
    for count, right in ((0.0, 2.0), (1.0, 2 - np.log(3)), (4.0, 2 - 4 * np.log(3))):
        with trying(w=w, X=x, y=np.array([count])):
            close(nll_rise(poisson_nll, w, x, np.array([count])), right, f"{RISE} for one song")
    alone = [nll_rise(poisson_nll, p.w, p.X[i : i + 1], p.y[i : i + 1]) for i in range(min(len(p.y), 4))]
    together = nll_rise(poisson_nll, p.w, p.X[:4], p.y[:4])
    close(together, np.sum(alone), f"{RISE} for several songs (the sum of theirs)")


FAR_OUT = (  # log-rate, count, and the rise from log-rate 0: exp(log-rate) - 1 - count * log-rate
    (-1e4, 0.0, -1.0),
    (-1e4, 3.0, 29_999.0),
    (-1e3, 171.0, 170_999.0),  # 171! is beyond any float
    (2.0, 2000.0, np.exp(2) - 4001.0),
    (100.0, 0.0, np.exp(100)),
    (700.0, 5.0, np.exp(700)),
)


@check("poisson_nll", public=True)
def nll_far_out(poisson_nll: StudentFunction) -> None:
    """Your negative log-likelihood is right, without a warning, at log-rates of -10000 and 700 and at large counts."""
    X = np.array([[1.0]])
    for log_rate, count, right in FAR_OUT:
        w, y = np.array([log_rate]), np.array([count])
        with trying(w=w, X=X, y=y):
            close(nll_rise(poisson_nll, w, X, y, silent=True), right, RISE)


@check("poisson_nll", public=True)
def nll_keeps_its_arguments(poisson_nll: StudentFunction) -> None:
    """Your negative log-likelihood doesn't change w, X or y."""
    observation = poisson_nll.observe(SAMPLE.w, SAMPLE.X, SAMPLE.y)
    finite(np.array(as_number(returned(observation, "poisson_nll"), "poisson_nll")), "poisson_nll")
    unchanged(observation, "poisson_nll", ("w", "X", "y"))


# ---- poisson_gradient, poisson_hessian ------------------------------------------------------------------------------
# The error of central differences is below 1e-6 of max(1, the largest entry), which is what the checks allow. A rate is
# at most e^6 = 400 here, and an entry of X at most 2. Where rates are large, cutting off the series costs about
# step**2 / 6 * 2**2 = 7e-11 of the largest slope, or twice that of the largest curvature; where they aren't, 30 songs
# with rates below 12 cost at most 30 * 12 * 2**4 * step**2 / 6 = 1e-7. Rounding, of values up to 1e4, costs about
# 1e-16 * 1e4 / step = 1e-7 where the largest slope is in the thousands, and 100 times less where it is about 1.


@check("poisson_gradient", public=True)
@settings(max_examples=25)
@given(p=poisson_problems())
def gradient_is_the_slope(poisson_gradient: StudentFunction, poisson_nll: StudentFunction, p: PoissonProblem) -> None:
    """Your gradient is the slope of your negative log-likelihood."""
    value = as_array(poisson_gradient(p.w, p.X, p.y), p.w.shape, "poisson_gradient")
    slope = differences(lambda w: np.array(as_number(poisson_nll(w, p.X, p.y), "poisson_nll")), p.w)
    finite(slope, "The slope of your poisson_nll")
    message = "Your gradient isn't the slope of your negative log-likelihood"
    close(value, np.round(slope, 8), "poisson_gradient", tolerance=1e-6, message=message)


@check("poisson_gradient", public=True)
def gradient_keeps_its_arguments(poisson_gradient: StudentFunction) -> None:
    """Your gradient doesn't change w, X or y."""
    observation = poisson_gradient.observe(SAMPLE.w, SAMPLE.X, SAMPLE.y)
    finite(as_array(returned(observation, "poisson_gradient"), (2,), "poisson_gradient"), "poisson_gradient")
    unchanged(observation, "poisson_gradient", ("w", "X", "y"))


@check("poisson_hessian", public=True)
@settings(max_examples=25)
@given(p=poisson_problems())
def hessian_is_the_slope(
    poisson_hessian: StudentFunction, poisson_gradient: StudentFunction, p: PoissonProblem
) -> None:
    """Your Hessian is the matrix of the slopes of your gradient."""
    d = len(p.w)
    value = as_array(poisson_hessian(p.w, p.X, p.y), (d, d), "poisson_hessian")
    slopes = differences(lambda w: as_array(poisson_gradient(w, p.X, p.y), (d,), "poisson_gradient"), p.w)
    finite(slopes, "The slope of your poisson_gradient")
    message = "Your Hessian isn't the matrix of slopes of your gradient"
    close(value, np.round(slopes, 8), "poisson_hessian", tolerance=1e-6, message=message)


@check("poisson_hessian", public=True)
def hessian_keeps_its_arguments(poisson_hessian: StudentFunction) -> None:
    """Your Hessian doesn't change w, X or y."""
    observation = poisson_hessian.observe(SAMPLE.w, SAMPLE.X, SAMPLE.y)
    finite(as_array(returned(observation, "poisson_hessian"), (2, 2), "poisson_hessian"), "poisson_hessian")
    unchanged(observation, "poisson_hessian", ("w", "X", "y"))


# ---- curvature_terms ------------------------------------------------------------------------------------------------


def largest_terms(p: CurvatureProblem) -> np.ndarray:
    """How large each term could be if nothing in x'v cancelled: (n,). Rounding is a small part of that."""
    return np.exp(p.X @ p.w) * (np.abs(p.X) @ np.abs(p.v)) ** 2


def read_terms(value: Any, p: CurvatureProblem) -> np.ndarray:
    """The n terms of curvature_terms; fail where one is negative, by more than rounding."""
    terms = as_array(value, (len(p.X),), "curvature_terms")
    finite(terms, "curvature_terms")
    details = f"curvature_terms returned {show(terms)}"
    least = -1e-12 * np.maximum(1.0, largest_terms(p))  # v' (x x') v, multiplied out, may be a little below 0
    expect((terms >= least).all(), "A term is negative: then they don't show that v' H v never is.", details)
    return terms


@check("curvature_terms", public=True)
@settings(max_examples=25)
@given(p=curvature_problems())
def curvature_terms_add_up(
    curvature_terms: StudentFunction, poisson_hessian: StudentFunction, p: CurvatureProblem
) -> None:
    """Your terms are never negative and add up to v' H v, where H is your Hessian."""
    n, d = p.X.shape
    terms = read_terms(curvature_terms(p.v, p.w, p.X), p)
    curvature = as_array(poisson_hessian(p.w, p.X, np.zeros(n)), (d, d), "poisson_hessian")
    finite(curvature, "poisson_hessian")
    bent = p.v @ curvature @ p.v
    details = f"curvature_terms returned {show(terms)}\ntheir sum is {show(terms.sum())}, v' H v is {show(bent)}"
    # entries of v and X are at most 2, so v' H v is a sum of at most 9 numbers that are no larger than
    # 4 * |H| each, however much of them cancels
    allowed = 1e-8 * max(1.0, np.abs(curvature).max())
    expect(abs(terms.sum() - bent) <= allowed, "Your terms don't add up to v' H v.", details)


@check("curvature_terms", public=True)
@settings(max_examples=25)
@given(p=curvature_problems())
def curvature_terms_go_song_by_song(curvature_terms: StudentFunction, p: CurvatureProblem) -> None:
    """Each of your terms is made from its own song alone: the other songs, and their order, don't matter."""
    n = len(p.X)
    terms = read_terms(curvature_terms(p.v, p.w, p.X), p)
    reversed_songs = CurvatureProblem(p.v, p.w, p.X[::-1].copy())
    backwards = read_terms(curvature_terms(p.v, p.w, reversed_songs.X), reversed_songs)
    message = "With the songs in reverse order, the terms aren't the same in reverse order"
    close(backwards, terms[::-1], "curvature_terms", message=message)
    for i in range(min(n, 4)):
        alone = curvature_terms(p.v, p.w, p.X[i : i + 1])
        message = f"Asked for song {i} alone, curvature_terms gives another term than among the other songs"
        close(alone, terms[i : i + 1], "curvature_terms", message=message)


@check("curvature_terms", public=True)
def curvature_terms_keeps_its_arguments(curvature_terms: StudentFunction) -> None:
    """Your curvature_terms doesn't change v, w or X."""
    p = CurvatureProblem(np.array([1.0, 2.0]), SAMPLE.w, SAMPLE.X)
    observation = curvature_terms.observe(p.v, p.w, p.X)
    read_terms(returned(observation, "curvature_terms"), p)
    unchanged(observation, "curvature_terms", ("v", "w", "X"))


# ---- witness_likelihood, witness_squared_error, witness_mixture, is_convex ------------------------------------------
# A witness proves itself, so these checks need no answer to compare with, and there are no others.


def breaks_jensen(witness: Any, name: str, function: Callable[[Any], float], shape: tuple[int, ...]) -> None:
    """Fail unless witness is (a, b, t), with a and b of the given shape, where function rises above its chord."""
    if not isinstance(witness, tuple | list | np.ndarray) or len(witness) != 3:
        fail(f"{name} should be (a, b, t), three values; it is {describe(witness)}.")
    numbers = []
    for label, value, wanted in zip("abt", witness, (shape, shape, ()), strict=True):
        try:
            numbers.append(as_array(value, wanted, name))
        except Wrong:
            what = f"of shape {wanted}" if wanted else "one number"
            fail(f"{label} in {name} should be {what}; it is {describe(value)}.")
        expect(np.isfinite(numbers[-1]).all(), f"{label} in {name} isn't finite.", f"{label} = {show(value)}")
    a, b, t = numbers[0], numbers[1], float(numbers[2])
    at = f"a = {show(a)}, b = {show(b)}, t = {show(t)}"
    expect(0 < t < 1, f"t in {name} should lie between 0 and 1: only there Jensen's inequality says anything.", at)
    with np.errstate(all="ignore"):  # what overflows is told below
        heights = np.array([function(a), function(b), function(t * a + (1 - t) * b)])
        gap = jensen_gap(function, a, b, t)
    f = function.__name__
    details = f"{at}\n{f}(a) = {heights[0]:.10g}, {f}(b) = {heights[1]:.10g}, {f}(t a + (1 - t) b) = {heights[2]:.10g}"
    expect(np.isfinite(heights).all(), f"{f} overflows at your witness: look nearer to 0.", details)
    # the heights are good to 1e-12 or so of their size: log-rates up to 700 are good to 1e-13
    message = f"Your witness doesn't break Jensen's inequality: {f} isn't above its chord from a to b there."
    expect(gap > 1e-9 * np.abs(heights).max(), message, f"{details}\nabove the chord by {gap:.10g}")


@check("witness_likelihood", public=True)
def witness_likelihood_is_one(witness_likelihood: Any) -> None:
    """Your witness shows that minus the likelihood isn't convex: it breaks Jensen's inequality."""
    breaks_jensen(witness_likelihood, "witness_likelihood", minus_likelihood, ())


@check("witness_squared_error", public=True)
def witness_squared_error_is_one(witness_squared_error: Any) -> None:
    """Your witness shows that the squared error isn't convex: it breaks Jensen's inequality."""
    breaks_jensen(witness_squared_error, "witness_squared_error", squared_error, ())


@check("witness_mixture", public=True)
def witness_mixture_is_one(witness_mixture: Any) -> None:
    """Your witness shows that the mixture's negative log-likelihood isn't convex: it breaks Jensen's inequality."""
    breaks_jensen(witness_mixture, "witness_mixture", mixture_nll, (2, 1))


CLAIMS = ("minus_likelihood", "poisson_nll", "squared_error", "mixture_nll")


def read_claims(is_convex: Any) -> dict[str, bool]:
    """True or False for each of the four functions; fail where one is missing or neither."""
    if not isinstance(is_convex, dict):
        fail(f"is_convex should be a dictionary; it is {describe(is_convex)}.")
    for name in CLAIMS:
        expect(name in is_convex, f"is_convex has no entry for {name!r}.", f"its keys are {show(list(is_convex))}")
        claim = is_convex[name]
        if isinstance(claim, np.ndarray) and claim.size == 1:
            claim = claim.item()
        claimed = isinstance(claim, bool | int | float) and claim in (0, 1)
        expect(claimed, f"is_convex[{name!r}] should be True or False; it is {describe(claim)}.")
    return {name: bool(np.all(is_convex[name])) for name in CLAIMS}


@check("is_convex", public=True)
def is_convex_has_its_form(is_convex: Any) -> None:
    """Your is_convex says True or False of each of the four functions. (Whether it is right, you see later.)"""
    read_claims(is_convex)


# ---- fit_poisson ----------------------------------------------------------------------------------------------------


def standard_errors_left(slope: np.ndarray, curvature: np.ndarray) -> float:
    """How far a Newton step would still go, in standard errors: sqrt(g' H^-1 g), for any matrix H of finite numbers."""
    bends, directions = np.linalg.eigh((curvature + curvature.T) / 2)
    with np.errstate(over="ignore"):  # of a fit that is far off
        return float(np.sqrt(np.sum((directions.T @ slope) ** 2 / np.maximum(bends, 1e-9))))


# In standard errors, since that is what an error of the fit should be compared with. A sound solver stops where it
# finds it good enough. The least exact is L-BFGS as scipy has it, which stops when a step lowers the function by less
# than 2e-9 of its value, and that is large for large counts: on 6,000 of these problems it ended at most 0.04 away,
# 1 in 200 times beyond 0.01 and 1 in 3,000 beyond 0.03. Going on like that, 0.1 is beyond 1 in 10 million. On a hundred
# or so of them CLARABEL ended at most 0.011 away, Newton's method, IRLS, BFGS and the trust-region methods 6e-5.
ENOUGH = 0.1


@check("fit_poisson", public=True)
def fit_of_an_intercept(fit_poisson: StudentFunction) -> None:
    """Your fit with a column of ones alone gives the log of the mean count, whether that is 1, 20, 500 or 3000."""
    for counts in ((1.0,), (2.0, 0.0, 1.0), (20.0, 25.0, 15.0), (450.0, 550.0), (3000.0,)):
        X, y = np.ones((len(counts), 1)), np.array(counts)
        with trying(X=X, y=y):
            close(fit_poisson(X, y), np.log([y.mean()]), "fit_poisson", tolerance=1e-3)


@check("fit_poisson", public=True)
@settings(max_examples=25)
@given(p=fit_problems())
def fit_ends_where_the_gradient_vanishes(
    fit_poisson: StudentFunction, poisson_gradient: StudentFunction, poisson_hessian: StudentFunction, p: FitProblem
) -> None:
    """Your gradient is 0 where your fit ends, up to a small part of a standard error."""
    d = p.X.shape[1]
    w = as_array(fit_poisson(p.X, p.y), (d,), "fit_poisson")
    finite(w, "fit_poisson")
    slope = as_array(poisson_gradient(w, p.X, p.y), (d,), "poisson_gradient")
    curvature = as_array(poisson_hessian(w, p.X, p.y), (d, d), "poisson_hessian")
    details = f"fit_poisson returned {show(w)}\nyour gradient there is {show(slope)}"
    finite(slope, "poisson_gradient", details)
    finite(curvature, "poisson_hessian", details)
    left = standard_errors_left(slope, curvature)
    message = "Your gradient isn't 0 where fit_poisson ended: a Newton step from there would still go a long way."
    expect(left <= ENOUGH, message, f"{details}\na Newton step would go {left:.3g} standard errors")


@check("fit_poisson", public=True)
def fit_keeps_its_arguments(fit_poisson: StudentFunction) -> None:
    """Your fit doesn't change X or y."""
    observation = fit_poisson.observe(SAMPLE.X, SAMPLE.y)
    finite(as_array(returned(observation, "fit_poisson"), (2,), "fit_poisson"), "fit_poisson")
    unchanged(observation, "fit_poisson", ("X", "y"))


# ---- playlist -------------------------------------------------------------------------------------------------------


def read_playlist(value: Any, n: int, m: int, name: str = "playlist") -> np.ndarray:
    """m different indices from 0 to n - 1; fail where they aren't."""
    songs = as_array(value, (m,), name)
    finite(songs, name)
    details = f"{name} returned {show(songs)} of {n} songs"
    expect((songs == np.round(songs)).all(), f"{name} should return indices of rows of X: whole numbers.", details)
    expect(songs.min() >= 0 and songs.max() < n, f"{name} returned an index that no row of X has.", details)
    expect(len(np.unique(songs)) == m, f"{name} returned a song twice.", details)
    return songs.astype(int)


def is_a_playlist(value: Any, X: np.ndarray, w: np.ndarray, m: int, name: str = "playlist") -> None:
    """Fail unless value holds the m songs with the highest expected counts, best first; ties in any order."""
    songs = read_playlist(value, len(X), m, name)
    log_rates = X @ w
    found = log_rates[songs]
    slack = 1e-12 * max(1.0, np.abs(log_rates).max())  # equal log-rates may differ by rounding
    details = f"{name} returned {show(songs)}\nthe log-rates of all songs are {show(log_rates)}"
    expect(
        (np.diff(found) <= slack).all(), f"{name} isn't in order: the song with the highest rate comes first.", details
    )
    left_out = np.delete(log_rates, songs)
    better = left_out.size and left_out.max() > found.min() + slack
    expect(not better, f"{name} leaves out a song that has a higher rate than one of its own.", details)


@check("playlist", public=True)
@settings(max_examples=40)
@given(p=playlist_problems())
def playlist_is_the_best(playlist: StudentFunction, p: PlaylistProblem) -> None:
    """Your playlist holds the m songs with the highest rates, best first, however high or low the rates are."""
    is_a_playlist(playlist(p.X, p.w, p.m), p.X, p.w, p.m)


@check("playlist", public=True)
def playlist_keeps_its_arguments(playlist: StudentFunction) -> None:
    """Your playlist doesn't change X, w or m."""
    observation = playlist.observe(SAMPLE.X, SAMPLE.w, 2)
    read_playlist(returned(observation, "playlist"), len(SAMPLE.X), 2)
    unchanged(observation, "playlist", ("X", "w", "m"))


# ==== part b: several moods ==========================================================================================

# ---- mixture_log_likelihood -----------------------------------------------------------------------------------------


MIXTURE = MixtureProblem(
    W=np.array([[0.5, -1.0, 1.0], [0.0, 1.0, -0.5]]),
    pi=np.array([0.25, 0.75]),
    X=np.array([[1.0, -1.0, 0.0], [1.0, 0.5, 1.0], [1.0, 1.0, -0.5], [1.0, 0.0, 0.5], [1.0, -0.5, -1.0]]),
    y=np.array([4.0, 0.0, 7.0, 1.0, 2.0]),
)


def mixture_value(function: StudentFunction, W: np.ndarray, pi: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """The student's log-likelihood of a mixture, which has to be finite."""
    with trying(W=W, pi=pi, X=X, y=y):
        value = as_number(function(W, pi, X, y), "mixture_log_likelihood")
        finite(np.array(value), "mixture_log_likelihood")
    return value


# Terms that don't depend on W and pi may be missing, so values are always compared between two choices of (W, pi).
@check("mixture_log_likelihood", public=True)
@settings(max_examples=20)
@given(p=mixture_problems())
def one_mood_is_plain_poisson(
    mixture_log_likelihood: StudentFunction, poisson_nll: StudentFunction, p: MixtureProblem
) -> None:
    """With one mood, your mixture_log_likelihood rises by what your poisson_nll falls by."""
    w, zero, one = p.W[0], np.zeros_like(p.W[0]), np.ones(1)
    rise = mixture_value(mixture_log_likelihood, w[np.newaxis], one, p.X, p.y) - mixture_value(
        mixture_log_likelihood, zero[np.newaxis], one, p.X, p.y
    )
    fall = as_number(poisson_nll(zero, p.X, p.y), "poisson_nll") - as_number(poisson_nll(w, p.X, p.y), "poisson_nll")
    finite(np.array(fall), "poisson_nll")
    message = "From w = 0 to this w, mixture_log_likelihood of one mood doesn't rise by what poisson_nll falls"
    close(rise, fall, "the rise of mixture_log_likelihood", tolerance=1e-6, message=message)


@check("mixture_log_likelihood", public=True)
@settings(max_examples=20)
@given(p=mixture_problems())
def a_song_is_as_likely_as_its_moods_on_average(mixture_log_likelihood: StudentFunction, p: MixtureProblem) -> None:
    """A song's likelihood is that under each mood, averaged with pi; the logs of songs add up; moods have no order."""

    def value(W: np.ndarray, pi: np.ndarray, songs: slice = slice(None)) -> float:
        return mixture_value(mixture_log_likelihood, W, pi, p.X[songs], p.y[songs])

    first = slice(0, 1)
    alone = np.array([value(w[np.newaxis], np.ones(1), first) for w in p.W])
    together = np.exp(value(p.W, p.pi, first) - alone.max())
    message = "The likelihood of one song isn't the average of its likelihoods under the moods alone, weighted by pi"
    close(together, np.exp(alone - alone.max()) @ p.pi, "the likelihood (rescaled)", tolerance=1e-6, message=message)

    zero, one = np.zeros((1, p.X.shape[1])), np.ones(1)  # to compare with
    whole = value(p.W, p.pi) - value(zero, one)
    songs = [slice(i, i + 1) for i in range(len(p.y))][:5]
    some = value(p.W, p.pi, slice(0, 5)) - value(zero, one, slice(0, 5))
    added = sum(value(p.W, p.pi, song) - value(zero, one, song) for song in songs)
    close(some, added, "mixture_log_likelihood of several songs (the sum over them)", tolerance=1e-6)
    turned = value(p.W[::-1], p.pi[::-1]) - value(zero, one)
    close(turned, whole, "mixture_log_likelihood with the moods in another order", tolerance=1e-6)
    split = value(np.concatenate([p.W, p.W[-1:]]), np.concatenate([p.pi[:-1], p.pi[-1:] / 2, p.pi[-1:] / 2]))
    message = "Splitting a mood into two equal halves changes your mixture_log_likelihood"
    close(split - value(zero, one), whole, "mixture_log_likelihood", tolerance=1e-6, message=message)


# ---- e_step ---------------------------------------------------------------------------------------------------------


def as_responsibilities(value: Any, n: int, k: int) -> np.ndarray:
    """Read what e_step returned as (n, k), also from a notebook that has the moods in rows throughout."""
    try:
        R = as_array(value, (n, k), "e_step")
    except Wrong as error:
        try:
            R = as_array(value, (k, n), "e_step").T
        except Wrong:
            raise error from None
    finite(R, "e_step", f"e_step returned {show(R)}")
    return R


@check("e_step", public=True)
@settings(max_examples=20)
@given(p=mixture_problems())
def responsibilities_follow_bayes(
    e_step: StudentFunction, mixture_log_likelihood: StudentFunction, p: MixtureProblem
) -> None:
    """Your responsibilities are Bayes' rule, with likelihoods from your mixture_log_likelihood."""
    R = as_responsibilities(e_step(p.W, p.pi, p.X, p.y), len(p.y), len(p.pi))
    for i in range(min(len(p.y), 4)):
        song, count = p.X[i : i + 1], p.y[i : i + 1]
        alone = [mixture_value(mixture_log_likelihood, w[np.newaxis], np.ones(1), song, count) for w in p.W]
        together = mixture_value(mixture_log_likelihood, p.W, p.pi, song, count)
        posterior = p.pi * np.exp(np.array(alone) - together)
        close(R[i], posterior, f"e_step, row {i}", tolerance=1e-6, message="Bayes' rule gives other responsibilities")


@check("e_step", public=True)
@settings(max_examples=20)
@given(p=mixture_problems(far=True))
def responsibilities_are_probabilities(e_step: StudentFunction, p: MixtureProblem) -> None:
    """Each row of your responsibilities holds probabilities that sum to 1, also far out; no argument is changed."""
    observation = e_step.observe(p.W, p.pi, p.X, p.y)
    R = as_responsibilities(returned(observation, "e_step"), len(p.y), len(p.pi))
    details = f"e_step returned {show(R)}"
    expect((R >= 0).all() and (R <= 1 + 1e-6).all(), "Some responsibilities aren't between 0 and 1.", details)
    expect(np.abs(R.sum(axis=1) - 1).max() < 1e-6, "The responsibilities of a song don't sum to 1.", details)
    unchanged(observation, "e_step", ("W", "pi", "X", "y"))


# ---- m_step ---------------------------------------------------------------------------------------------------------

MOST_REPETITIONS = 100


class RepeatedSteps:
    """The student's m_step, given R the way round in which the student's own e_step returns it."""

    def __init__(self, m_step: StudentFunction, e_step: StudentFunction) -> None:
        self._m_step = m_step
        self._turned = _moods_in_rows(e_step)

    def __call__(self, p: MStepProblem, W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """W (k, d) and pi (k,) after one m_step from W, which has to leave its arguments alone."""
        R = np.ascontiguousarray(p.R.T) if self._turned else p.R
        with trying(R=R, X=p.X, y=p.y, W=W):
            observation = self._m_step.observe(R, p.X, p.y, W)
            moods = as_moods(returned(observation, "m_step"), p.R.shape[1], p.X.shape[1], "m_step")
            unchanged(observation, "m_step", ("R", "X", "y", "W"))
        return moods

    def repeated(self, p: MStepProblem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """(W, pi) after each of up to 100 m_steps with the same R, until W stays as it is."""
        W = p.W
        for _ in range(MOST_REPETITIONS):
            new, pi = self(p, W)
            yield new, pi
            if np.abs(new - W).max() <= 1e-12 * max(1.0, np.abs(W).max()):
                return
            W = new


def _moods_in_rows(e_step: StudentFunction) -> bool:
    """Whether the student's e_step returns R as (k, n). One that doesn't work has its own checks."""
    n, k = len(MIXTURE.y), len(MIXTURE.pi)
    with contextlib.suppress(Wrong, StudentRaised):
        value = e_step(MIXTURE.W, MIXTURE.pi, MIXTURE.X, MIXTURE.y)
        with contextlib.suppress(Wrong):
            as_array(value, (n, k), "e_step")
            return False
        as_array(value, (k, n), "e_step")
        return True
    return False


def as_moods(value: Any, k: int, d: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """W (k, d) and pi (k,) as m_step and em should return them, finite, pi a distribution."""
    if not isinstance(value, tuple | list) or len(value) < 2:
        fail(f"{name} should return W and pi; it returned {describe(value)}.")
    W, pi = as_array(value[0], (k, d), f"{name} (W)"), as_array(value[1], (k,), f"{name} (pi)")
    details = f"W = {show(W)}\npi = {show(pi)}"
    finite(W, f"{name} (W)", details)
    finite(pi, f"{name} (pi)", details)
    expect(pi.min() >= -1e-8, f"{name} gives a mood a negative probability.", details)
    expect(abs(pi.sum() - 1) < 1e-6, f"The probabilities that {name} gives to the moods don't sum to 1.", details)
    return W, pi


def _copies(p: MStepProblem, mood: int) -> tuple[np.ndarray, np.ndarray]:
    """The songs and counts of p, each as often as R[:, mood] times k + 1 says."""
    times = np.rint(p.R[:, mood] * (p.R.shape[1] + 1)).astype(int)
    return np.repeat(p.X, times, axis=0), np.repeat(p.y, times)


def agree(w: np.ndarray, fit: np.ndarray, message: str) -> None:
    """Fail unless the weights w are those that the student's fit_poisson finds; either may be 1e-3 off."""
    details = f"w = {show(w)}\nyour fit_poisson found {show(fit)}"
    expect(np.abs(w - fit).max() <= 2e-3 * max(1.0, np.abs(fit).max()), message, details)


@check("m_step", public=True)
@settings(max_examples=15)
@given(p=m_step_problems())
def responsibilities_count_like_copies(
    m_step: StudentFunction, e_step: StudentFunction, fit_poisson: StudentFunction, p: MStepProblem
) -> None:
    """A song with twice the responsibility counts like two copies: your m_step finds what your fit_poisson finds."""
    for W, _ in RepeatedSteps(m_step, e_step).repeated(p):
        last = W
    for mood, w in enumerate(last):
        fit = as_array(fit_poisson(*_copies(p, mood)), w.shape, "fit_poisson")
        finite(fit, "fit_poisson")
        message = f"With as many copies of each song as mood {mood} calls for, your fit_poisson finds other weights."
        agree(w, fit, message)


@check("m_step", public=True)
@settings(max_examples=15)
@given(p=m_step_problems())
def m_step_shares_out_the_songs(m_step: StudentFunction, e_step: StudentFunction, p: MStepProblem) -> None:
    """In pi each mood has its share of the songs."""
    _, pi = RepeatedSteps(m_step, e_step)(p, p.W)
    copies = [len(_copies(p, mood)[1]) for mood in range(len(p.W))]
    close(pi, np.array(copies) / sum(copies), "m_step (pi)")


@check("m_step", public=True)
@settings(max_examples=15)
@given(p=m_step_problems())
def m_step_never_goes_down(
    m_step: StudentFunction, e_step: StudentFunction, poisson_nll: StudentFunction, p: MStepProblem
) -> None:
    """Your m_step never makes a mood fit its songs worse, whatever W it starts from, also with counts of hundreds."""

    def misfit(W: np.ndarray) -> float:
        values = [as_number(poisson_nll(w, *_copies(p, mood)), "poisson_nll") for mood, w in enumerate(W)]
        return float(np.sum(values))

    before = misfit(p.W)
    for _, (W, _pi) in zip(range(3), RepeatedSteps(m_step, e_step).repeated(p), strict=False):
        after = misfit(W)
        details = f"poisson_nll, weighted by R: {before:.8g} before, {after:.8g} after"
        expect(after <= before + 1e-8 * max(1.0, abs(before)), "m_step made the moods fit their songs worse.", details)
        before = after


# ---- em -------------------------------------------------------------------------------------------------------------

TWO_TASTES = np.array([[2.0, 1.5], [0.5, -2.0]])  # whoever listened to FEW_SONGS had one or the other


def _few_songs() -> tuple[np.ndarray, np.ndarray]:
    """Forty songs, an intercept and one feature; the counts are the means of the two moods in turn, rounded."""
    x = np.linspace(-1, 1, 40)
    X = np.column_stack([np.ones(40), x])
    return X, np.rint(np.exp(np.sum(X * TWO_TASTES[np.arange(40) % 2], axis=1)))


@check("em", public=True)
def em_stops_at_a_top(
    em: StudentFunction, e_step: StudentFunction, m_step: StudentFunction, mixture_log_likelihood: StudentFunction
) -> None:
    """Where your em ends, one more iteration gains next to nothing, and two moods explain more than one."""
    X, y = _few_songs()
    with trying(X=X, y=y, k=2):
        observation = em.observe(X, y, 2, seeded(run_seed()))
        W, pi = as_moods(returned(observation, "em"), 2, 2, "em")
        unchanged(observation, "em", ("X", "y"))
    ended = mixture_value(mixture_log_likelihood, W, pi, X, y)
    next_W, next_pi = as_moods(m_step(e_step(W, pi, X, y), X, y, W), 2, 2, "m_step")
    gain = mixture_value(mixture_log_likelihood, next_W, next_pi, X, y) - ended
    details = f"the log-likelihood where em ended: {ended:.8g}; after one more iteration: {ended + gain:.8g}"
    expect(abs(gain) < 1e-4, "One more iteration changes the log-likelihood: em stopped too early.", details)
    with trying(X=X, y=y, k=1):
        w, one = as_moods(em(X, y, 1, seeded(run_seed())), 1, 2, "em")
    alone = mixture_value(mixture_log_likelihood, w, one, X, y)
    details = f"the log-likelihood with two moods: {ended:.8g}, with one: {alone:.8g}"
    expect(ended > alone + 1, "em finds no better fit with two moods than with one.", details)


@check("em", public=True)
def em_with_one_mood_is_the_fit(em: StudentFunction, fit_poisson: StudentFunction) -> None:
    """With one mood, your em finds the weights of your fit_poisson, and the probability 1."""
    X, y = _few_songs()
    with trying(X=X, y=y, k=1):
        W, pi = as_moods(em(X, y, 1, seeded(run_seed())), 1, 2, "em")
        close(pi, np.ones(1), "em (pi)")
    fit = as_array(fit_poisson(X, y), (2,), "fit_poisson")
    finite(fit, "fit_poisson")
    agree(W[0], fit, "With one mood, em and your fit_poisson disagree.")


@check("em", public=True)
def em_draws_from_its_generator(em: StudentFunction) -> None:
    """Two generators with the same seed give the same moods: every random number comes from rng."""
    X, y = _few_songs()
    with trying(X=X, y=y, k=2):
        W, pi = as_moods(em(X, y, 2, seeded(run_seed())), 2, 2, "em")
        again, pi_again = as_moods(em(X, y, 2, seeded(run_seed())), 2, 2, "em")
    same = np.array_equal(W, again) and np.array_equal(pi, pi_again)
    expect(same, "Two generators with the same seed gave different moods: take every random number from rng.")


# ---- mood_playlists -------------------------------------------------------------------------------------------------


def are_mood_playlists(value: Any, X: np.ndarray, W: np.ndarray, m: int) -> None:
    """Fail unless value holds a playlist of m songs for each mood, in the order of W."""
    playlists = as_array(value, (len(W), m), "mood_playlists")
    for mood, w in enumerate(W):
        is_a_playlist(playlists[mood], X, w, m, f"mood_playlists, mood {mood},")


@check("mood_playlists", public=True)
@settings(max_examples=25)
@given(p=mixture_problems())
def mood_playlists_are_the_best(mood_playlists: StudentFunction, p: MixtureProblem) -> None:
    """For each mood, your mood_playlists holds the songs with the highest rates, best first."""
    m = (len(p.y) + 1) // 2
    with trying(X=p.X, W=p.W, m=m):
        are_mood_playlists(mood_playlists(p.X, p.W, m), p.X, p.W, m)
