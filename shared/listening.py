"""Inputs for the checks of Poisson regression and of mixtures: data sets, and hypothesis's strategies for them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from shared.kit.inputs import halves, numbers

MOST_COLUMNS = 3
MOST_MOODS = 3


@dataclass(frozen=True, eq=False)
class PoissonProblem:
    """Weights w (d,), songs X (n, d) and their counts y (n,), whole numbers from 0 up."""

    w: np.ndarray
    X: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class CurvatureProblem:
    """A direction v and weights w (d,), and songs X (n, d)."""

    v: np.ndarray
    w: np.ndarray
    X: np.ndarray


@dataclass(frozen=True, eq=False)
class FitProblem:
    """Songs X (n, d) and their counts y (n,), for which one w (d,) is the most likely."""

    X: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class PlaylistProblem:
    """Songs X (n, d), weights w (d,), and the length m of the playlist."""

    X: np.ndarray
    w: np.ndarray
    m: int


@dataclass(frozen=True, eq=False)
class MixtureProblem:
    """Weights of the moods W (k, d), their probabilities pi (k,), songs X (n, d) and counts y (n,)."""

    W: np.ndarray
    pi: np.ndarray
    X: np.ndarray
    y: np.ndarray


_counts = st.integers(0, 6)
_few = st.integers(0, 3)
# drawn in more pieces than any small problem has numbers: hypothesis takes fewer draws for simpler
_seeds = st.lists(st.integers(0, 255), min_size=40, max_size=40)


@st.composite
def _small_problems(draw: st.DrawFn) -> PoissonProblem:
    n, d = draw(st.integers(1, 4)), draw(st.integers(1, MOST_COLUMNS))
    return PoissonProblem(halves(draw, 1, d), halves(draw, 2, n, d), numbers(draw, _counts, n))


def _random_problem(seed: list[int], n: int, d: int) -> PoissonProblem:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-2, 2, (n, d)).round(2)
    return PoissonProblem(rng.uniform(-1, 1, d).round(2), X, rng.poisson(3.0, n).astype(float))


_larger_problems = st.builds(_random_problem, _seeds, st.sampled_from((7, 30)), st.sampled_from((1, 3)))


@st.composite
def poisson_problems(draw: st.DrawFn, *, far: bool = False) -> PoissonProblem:
    """Any data set: 1 to 30 songs, 1 to 3 columns, entries up to 2, weights up to 1, counts from 0.

    far: also weights so large that log-rates come near -10,000 and 700, and counts of thousands.
    """
    p = draw(st.one_of(_small_problems(), _larger_problems))
    if not far:
        return p
    return draw(st.sampled_from((_as_it_is, _nearly_never, _nearly_overflowing, _often)))(p)


def _as_it_is(p: PoissonProblem) -> PoissonProblem:
    return p


def _nearly_never(p: PoissonProblem) -> PoissonProblem:
    """All log-rates from -10,000 to -1,000, where exp gives 0 exactly: a column of ones pulls them down."""
    X = np.column_stack([np.ones(len(p.y)), p.X])
    return PoissonProblem(np.concatenate([[-5500.0], 700 * p.w]), X, p.y)


def _nearly_overflowing(p: PoissonProblem) -> PoissonProblem:
    """The largest log-rate is 600 or the least is -600."""
    largest = np.abs(p.X @ p.w).max()
    return PoissonProblem(p.w * (600 / largest if largest else 1.0), p.X, p.y)


def _often(p: PoissonProblem) -> PoissonProblem:
    """Counts whose factorials are beyond any float."""
    return PoissonProblem(p.w, p.X, p.y * 1000 + 171)


@st.composite
def curvature_problems(draw: st.DrawFn, *, far: bool = False) -> CurvatureProblem:
    """The songs and weights of any data set, and a direction with entries up to 2. far: as in `poisson_problems`."""
    p = draw(poisson_problems(far=far))
    return CurvatureProblem(halves(draw, 2, len(p.w)), p.w, p.X)


# Some songs with a count above 0 span the space. Then the negative log-likelihood rises without end in each direction
# v: if x'v > 0 for any song, its rate does; if not, x'v < 0 for a song of the spanning ones, and -y x'v does. So there
# is one minimum.
LEVELS = (1, 20, 500)


@st.composite
def _small_fit_problems(draw: st.DrawFn) -> FitProblem:
    """Counts of a few; or of tens and of hundreds, which differ by no more than a half, and an intercept.

    So the model isn't far from the counts where they are large. If it were, even Newton's method from a good start
    could run away.
    """
    d, more, level = draw(st.integers(1, MOST_COLUMNS)), draw(st.integers(0, 3)), draw(st.sampled_from(LEVELS))
    spanning = np.eye(d)
    spanning[np.tril_indices(d, -1)] = halves(draw, 1, d * (d - 1) // 2)
    X = np.concatenate([spanning, halves(draw, 1, more, d)])
    counts = numbers(draw, _few, d + more)
    if level == 1:
        counts[:d] += 1
        return FitProblem(X, counts)
    X[:, 0] = 1.0  # the first d songs still span
    return FitProblem(X, level * (1 + counts / 5))


def random_fit_problem(
    seed: int | list[int],
    n: int,
    d: int,
    level: float,
    intercept: bool,
    last: bool = False,
    spread: float = 1.0,
    scales: tuple[float, ...] = (1.0,) * 4,
) -> FitProblem:
    """Counts from the model: n songs, d columns, the first a column of ones or not, rates about level.

    last: the first column comes last. spread: how far the other columns move log-rates up or down. scales: what the
    columns are multiplied by.
    """
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (n, d)).round(2)
    X[:d] = np.eye(d)
    X[:, 0] = 1.0 if intercept else rng.uniform(0.5, 1, n).round(2)
    slopes = spread * rng.uniform(0.5, 1, d - 1) * rng.choice([-1.0, 1.0], d - 1)
    y = rng.poisson(np.exp(X @ np.concatenate([[np.log(level)], slopes]))).astype(float)
    y[:d] = np.maximum(y[:d], 1)
    X = X * np.array(scales[:d])
    return FitProblem(X[:, ::-1].copy() if last else X, y)


_larger_fit_problems = st.builds(
    random_fit_problem,
    _seeds,
    st.sampled_from((7, 40)),
    st.integers(1, MOST_COLUMNS),
    st.sampled_from(LEVELS),
    st.booleans(),
    st.booleans(),
)


def fit_problems() -> st.SearchStrategy[FitProblem]:
    """Data sets with one most likely w: 1 to 40 songs, mean counts about 1, 20 or 500, with an intercept or without."""
    return st.one_of(_small_fit_problems(), _larger_fit_problems)


@st.composite
def playlist_problems(draw: st.DrawFn) -> PlaylistProblem:
    """Songs, some of them alike, weights of both signs, log-rates within and beyond what exp can take; 1 <= m <= n."""
    n, d = draw(st.integers(1, 6)), draw(st.integers(1, MOST_COLUMNS))
    X, w = halves(draw, 2, n, d), halves(draw, 1, d)
    if draw(st.booleans()):
        X[:, 0], w[0] = 1.0, draw(st.sampled_from((0.0, 1000.0, -1000.0)))
    return PlaylistProblem(X, w, draw(st.integers(1, n)))


# ---- several moods --------------------------------------------------------------------------------------------------

_parts = st.integers(1, 4)


def _shares(parts: np.ndarray) -> np.ndarray:
    return parts / parts.sum()


@st.composite
def _small_mixtures(draw: st.DrawFn) -> MixtureProblem:
    n, d, k = draw(st.sampled_from((1, 4, 5))), draw(st.integers(1, MOST_COLUMNS)), draw(st.integers(1, MOST_MOODS))
    pi = _shares(numbers(draw, _parts, k))
    return MixtureProblem(halves(draw, 1, k, d), pi, halves(draw, 2, n, d), numbers(draw, _counts, n))


def _random_mixture(seed: list[int], n: int, d: int, k: int) -> MixtureProblem:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-2, 2, (n, d)).round(2)
    pi = _shares(rng.integers(1, 10, k))
    return MixtureProblem(rng.uniform(-1, 1, (k, d)).round(2), pi, X, rng.poisson(3.0, n).astype(float))


_larger_mixtures = st.builds(
    _random_mixture, _seeds, st.sampled_from((7, 30)), st.integers(1, MOST_COLUMNS), st.integers(2, MOST_MOODS)
)


@st.composite
def mixture_problems(draw: st.DrawFn, *, far: bool = False) -> MixtureProblem:
    """Mixtures of 1 to 3 moods, each with a probability above 0, and 1 or 4 to 30 songs: like `poisson_problems`.

    The number of songs is never that of the moods, unless both are 1. far: also log-rates near -10,000 and 700, rates
    and counts of 100,000, and moods with the probability 0.
    """
    p = draw(st.one_of(_small_mixtures(), _larger_mixtures))
    if not far:
        return p
    return draw(st.sampled_from((_mixed, _hardly_ever, _without_the_first, _enormous, _close_by)))(p)


def _mixed(p: MixtureProblem) -> MixtureProblem:
    return p


def _hardly_ever(p: MixtureProblem) -> MixtureProblem:
    """All log-rates from -10,000 to -1,000, where exp gives 0 exactly."""
    X = np.column_stack([np.ones(len(p.y)), p.X])
    return MixtureProblem(np.column_stack([np.full(len(p.W), -5500.0), 700 * p.W]), p.pi, X, p.y)


def _without_the_first(p: MixtureProblem) -> MixtureProblem:
    """The first of several moods has the probability 0, and explains the counts far better than the others do."""
    if len(p.pi) == 1:
        return p
    pi = np.concatenate([[0.0], _shares(p.pi[1:])])
    X = np.column_stack([np.ones(len(p.y)), p.X])
    return MixtureProblem(np.column_stack([np.where(pi == 0, 0.0, -40.0), p.W]), pi, X, p.y)


def _enormous(p: MixtureProblem) -> MixtureProblem:
    """Log-rates up to 650, 500 and 350 in the three moods, for the same songs.

    The moods are apart on purpose: were the rates of two of them equal but for rounding, rounding would decide.
    """
    log_rates = p.X @ p.W[0]
    largest = np.abs(log_rates).max()
    sizes = np.array([650.0, 500.0, 350.0])[: len(p.W), np.newaxis]
    return MixtureProblem(sizes * p.W[0] / (largest if largest else 1.0), p.pi, p.X, p.y)


def _close_by(p: MixtureProblem) -> MixtureProblem:
    """Rates of about 100,000 in all moods, a few standard deviations (316) apart, and counts near them."""
    X = np.column_stack([np.ones(len(p.y)), p.X])
    W = np.column_stack([np.full(len(p.W), np.log(100_000)), 0.002 * p.W])
    return MixtureProblem(W, p.pi, X, 100_000 + 200 * (p.y - 3))


@dataclass(frozen=True, eq=False)
class MStepProblem:
    """Responsibilities R (n, k), songs X (n, d), counts y (n,), and weights W (k, d) to start from."""

    R: np.ndarray
    X: np.ndarray
    y: np.ndarray
    W: np.ndarray


@st.composite
def m_step_problems(draw: st.DrawFn, *, far: bool = False) -> MStepProblem:
    """A fit for each of 1 to 3 moods; every mood has a part in every song, so there is one best W, whatever R is.

    R times k + 1 are whole numbers: each song is listed once for each mood, and once more for one of them.
    far: R may also be anything from 1e-4 up, and there may be one more mood, with no part in any song or next to none.
    """
    p, k = draw(fit_problems()), draw(st.integers(1, MOST_MOODS))
    n, d = p.X.shape
    favoured = draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n))
    parts = 1 + np.eye(k)[favoured]
    if far and draw(st.booleans()):
        parts = _random_parts(draw(_seeds), n, k)
    if far:
        extra = draw(st.sampled_from(((), (0.0,), (1e-30,), (1e-12,))))
        parts = np.column_stack([parts, np.full((n, len(extra)), extra)])
    W = halves(draw, 1, parts.shape[1], d)
    return MStepProblem(parts / parts.sum(axis=1, keepdims=True), p.X, p.y, W)


def _random_parts(seed: list[int], n: int, k: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 60, (n, k)) ** 2.0
