"""The distributions of shared/kit/statistics.py, with scipy as an independent oracle, and what `likely` makes of them.

The kit can't use scipy itself: its checks also run on students' machines.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shared.kit.checking import Outcome, check, run_check
from shared.kit.statistics import (
    Binomial,
    ChiSquare,
    Null,
    StandardNormal,
    TwoSampleDistance,
    UniformDistance,
    binomial_tail,
    likely,
    two_sample_distance,
    two_sample_tail,
    uniform_distance,
)

PROBABILITIES = st.floats(0.001, 0.999)


@given(n=st.integers(1, 5000), p=PROBABILITIES, share=st.floats(0, 1))
def test_the_binomial_tail_agrees_with_scipy(n: int, p: float, share: float) -> None:
    count = round(share * n)
    assert binomial_tail(count, n, p) == pytest.approx(stats.binom.sf(count - 1, n, p), rel=1e-8, abs=1e-290)


@given(n=st.integers(1, 300), p=PROBABILITIES, share=st.floats(0, 1))
def test_a_binomial_count_is_judged_at_both_ends_or_at_the_upper_one(n: int, p: float, share: float) -> None:
    count = round(share * n)
    above, below = stats.binom.sf(count - 1, n, p), stats.binom.cdf(count, n, p)
    assert Binomial(n, p).p_value(count) == pytest.approx(min(1, 2 * min(above, below)), rel=1e-8, abs=1e-290)
    assert Binomial(n, p, upper=True).p_value(count) == pytest.approx(above, rel=1e-8, abs=1e-290)


@given(z=st.floats(-30, 30))
def test_the_standard_normal_agrees_with_scipy(z: float) -> None:
    assert StandardNormal().p_value(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-10)


@given(half=st.integers(1, 4000), quantile=st.floats(1e-12, 1 - 1e-12))
def test_chi_square_agrees_with_scipy(half: int, quantile: float) -> None:
    value = stats.chi2.isf(quantile, 2 * half)
    right = 2 * min(stats.chi2.sf(value, 2 * half), stats.chi2.cdf(value, 2 * half))
    assert ChiSquare(2 * half).p_value(value) == pytest.approx(min(1, right), rel=1e-6)


def test_chi_square_far_out_and_at_nothing() -> None:
    assert ChiSquare(10).p_value(0) == 0
    assert ChiSquare(10).p_value(300) == pytest.approx(2 * stats.chi2.sf(300, 10), rel=1e-8)
    assert ChiSquare(4000).p_value(1e6) < 1e-300
    with pytest.raises(ValueError, match="even"):
        ChiSquare(3).p_value(1)


@given(n=st.integers(1, 5000), quantile=st.floats(1e-12, 1))
def test_the_bound_of_the_uniform_distance_is_one_and_is_close_in_the_tail(n: int, quantile: float) -> None:
    value = stats.kstwo.isf(quantile, n)
    p_value, right = UniformDistance(n).p_value(value), stats.kstwo.sf(value, n)
    assert p_value >= right * (1 - 1e-8)
    if n >= 1000 and 1e-8 <= right <= 1e-3:
        assert p_value <= 1.5 * right


@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_the_uniform_distance_is_kolmogorovs(values: list[float]) -> None:
    assert uniform_distance(np.array(values)) == pytest.approx(stats.kstest(values, "uniform").statistic)


SAMPLES = st.lists(st.sampled_from(np.linspace(-2, 2, 9).tolist()) | st.floats(-3, 3), min_size=1, max_size=30)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the p-value, which is of no interest here
@given(a=SAMPLES, b=SAMPLES)
def test_the_two_sample_distance_is_scipys_ties_and_all(a: list[float], b: list[float]) -> None:
    assert two_sample_distance(np.array(a), np.array(b)) == pytest.approx(
        stats.ks_2samp(a, b, method="asymp").statistic
    )


@given(m=st.integers(1, 60), n=st.integers(1, 60), data=st.data())
def test_the_two_sample_tail_is_scipys_exact_one(m: int, n: int, data: st.DataObject) -> None:
    multiple = math.lcm(m, n)
    distance = data.draw(st.integers(0, multiple)) / multiple
    a, b = samples_apart(m, n, distance)
    found = stats.ks_2samp(a, b, method="exact")
    assert two_sample_tail(found.statistic, m, n) == pytest.approx(found.pvalue, rel=1e-8, abs=1e-10)


def samples_apart(m: int, n: int, distance: float) -> tuple[np.ndarray, np.ndarray]:
    """Two samples without ties, about `distance` apart: the first round(distance m) of a lie below all the rest."""
    below = round(distance * m)
    ranks = np.random.default_rng([m, n, below]).permutation(m + n - below) + below
    return np.concatenate([np.arange(below), ranks[: m - below]]), ranks[m - below :]


@pytest.mark.parametrize(("m", "n"), [(150, 300), (150, 500), (97, 89)])
def test_the_two_sample_tail_at_the_sizes_of_checks(m: int, n: int) -> None:
    for share in (0.02, 0.1, 0.2, 0.3, 0.5):
        found = stats.ks_2samp(*samples_apart(m, n, share), method="exact")
        p_value = TwoSampleDistance(m, n).p_value(found.statistic)
        assert p_value == pytest.approx(found.pvalue, rel=1e-6, abs=1e-10)


def test_every_order_of_two_small_samples_counted_by_hand() -> None:
    # of the 3 orders of a, b, b only b, a, b brings the two no further apart than 1/2
    assert two_sample_tail(0.5, 1, 2) == pytest.approx(1)
    assert two_sample_tail(1.0, 1, 2) == pytest.approx(2 / 3)
    assert two_sample_tail(0.0, 1, 2) == 1


@pytest.mark.parametrize("null", [StandardNormal(), ChiSquare(100), UniformDistance(100)])
def test_what_is_no_number_is_never_likely(null: Null) -> None:
    assert not null.p_value(math.nan) >= 1e-9


def test_chi_square_of_a_huge_value_needs_no_memory() -> None:
    assert ChiSquare(4000).p_value(1e300) == ChiSquare(4000).p_value(math.inf) == 0


# ---- likely ---------------------------------------------------------------------------------------------------------


@check("count", error_rate=2e-6)
def two_counts(counts: tuple[int, int]) -> None:
    """Two counts are plausible."""
    for name, count in zip(("first", "second"), counts, strict=True):
        likely(f"{name} count", count, Binomial(100, 0.5), 1e-6, f"The {name} count is off.", f"{count} of 100")


def run_counts(*counts: int) -> Outcome:
    return run_check(two_counts.touchstone_check, {"counts": counts}.__getitem__, seed=0)


def test_a_likely_statistic_passes_and_is_recorded_in_the_outcome() -> None:
    outcome = run_counts(50, 45)
    assert outcome.status == "passed"
    assert [(s.name, s.value, s.null, s.level) for s in outcome.statistics] == [
        ("first count", 50.0, Binomial(100, 0.5), 1e-6),
        ("second count", 45.0, Binomial(100, 0.5), 1e-6),
    ]


def test_an_unlikely_statistic_fails_with_its_message_and_is_the_last_recorded() -> None:
    outcome = run_counts(50, 95)
    assert (outcome.status, outcome.kind, outcome.message) == ("failed", "wrong value", "The second count is off.")
    assert "95 of 100" in outcome.details
    assert f"{2 * stats.binom.sf(94, 100, 0.5):.2g}" in outcome.details
    assert [s.name for s in outcome.statistics] == ["first count", "second count"]
    assert [s.name for s in run_counts(0, 50).statistics] == ["first count"]


def test_the_level_is_where_a_statistic_starts_to_fail() -> None:
    passing = [k for k in range(101) if run_counts(k, 50).status == "passed"]
    right = [k for k in range(101) if 2 * min(stats.binom.sf(k - 1, 100, 0.5), stats.binom.cdf(k, 100, 0.5)) >= 1e-6]
    assert passing == right


def test_a_run_leaves_nothing_in_the_next_ones_statistics() -> None:
    assert len(run_counts(50, 50).statistics) == len(run_counts(50, 50).statistics) == 2
