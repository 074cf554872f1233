"""The kernel regressions: the exact answers, the duality gaps, the bars for a choice, the data, the translations."""

import warnings
from functools import cache

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import policy
from autograder.checks.kernel_regression import BEST, times_the_least
from shared import staircase
from shared.duality import FITS, lower_bound, objective
from shared.kit.calling import Raised
from shared.old_syntax import TRANSLATIONS, translation
from shared.regression import FitProblem, GridProblem, fit_problems, grid_problems
from solutions import kernel_regression as reference
from solutions.fast import choices
from solutions.fast import kernel_regression as fast

X, Y, F = staircase.load()

SETTINGS: dict[str, list[tuple[float, ...]]] = {  # gamma and the penalties
    "least_squares": [(3, 0.3), (31.6, 0.0025), (400, 0.5)],
    "huber": [(3, 0.3), (25, 0.003), (400, 0.5)],
    "total_variation": [(10, 0.3, 3), (75, 10, 0.003), (300, 0.05, 2)],
    "monotone": [(3, 0.3), (200, 0.01), (400, 0.5)],
}
ALL_SETTINGS = [(fit, setting) for fit, several in SETTINGS.items() for setting in several]

# ---- solutions.fast against cvxpy -----------------------------------------------------------------------------------


def test_the_data_that_ship_are_made_by_make_data() -> None:
    made = reference.make_data(np.random.default_rng(2644))
    for column, right in zip((X, Y, F), made, strict=True):
        np.testing.assert_allclose(column, right, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("fit", "setting"), ALL_SETTINGS, ids=str)
def test_the_fast_fits_are_those_of_cvxpy_and_exact(fit: str, setting: tuple[float, ...]) -> None:
    gamma, *lams = setting
    K = fast.kernel_matrix(X, gamma)
    alpha = fast.coefficients(fit, K, Y, *lams)
    by_cvxpy = getattr(reference, f"fit_{fit}")(K, Y, *lams)  # OSQP is off by up to 4e-3 itself
    np.testing.assert_allclose(fast.fitted_values(fit, K, Y, *lams), K @ by_cvxpy, rtol=0, atol=0.01)
    gap = objective(fit, alpha, K, Y, *lams) - lower_bound(fit, alpha, K, Y, *lams)
    assert abs(gap) <= 1e-7 * objective(fit, alpha, K, Y, *lams)
    if fit == "monotone":
        assert np.diff(K @ alpha).min() >= -1e-8


@pytest.mark.parametrize("fit", ("least squares", "huber", "total variation", "monotone"))
def test_cvxpy_translates_a_problem_once_for_all_data(fit: str) -> None:
    assert reference._problem(fit, 7).is_dcp(dpp=True)


@pytest.mark.parametrize("fit", FITS)
def test_the_fast_leave_one_out_errors_are_those_of_cvxpy(fit: str) -> None:
    gamma, *lams = SETTINGS[fit][1]
    by_cvxpy = reference.leave_one_out(getattr(reference, f"fit_{fit}"), X, Y, gamma, *lams)
    errors = fast.leave_one_out(fit, X, Y, gamma, *lams)
    np.testing.assert_allclose(np.sqrt(errors), np.sqrt(by_cvxpy), rtol=0, atol=0.02)
    # and those of the exact fit to the others, point by point
    for i in range(0, 50, 7):
        rest = np.arange(50) != i
        alpha = fast.coefficients(fit, fast.kernel_matrix(X[rest], gamma), Y[rest], *lams)
        prediction = np.exp(-gamma * (X[rest] - X[i]) ** 2) @ alpha
        assert errors[i] == pytest.approx((Y[i] - prediction) ** 2, abs=1e-5)


@settings(max_examples=50)
@given(p=grid_problems())
def test_the_fast_monotone_fit_on_a_grid_is_that_of_cvxpy(p: GridProblem) -> None:
    alpha = fast.monotone_on_grid(p.K, p.K_grid, p.y, p.lam)
    assert np.diff(p.K_grid @ alpha).min() >= -1e-6
    by_cvxpy = reference.fit_monotone_on_grid(p.K, p.K_grid, p.y, p.lam)
    np.testing.assert_allclose(p.K @ alpha, p.K @ by_cvxpy, rtol=0, atol=0.005)


# ---- shared/duality.py ----------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(p=fit_problems(), numbers=st.lists(st.floats(-3, 3), min_size=12, max_size=12), fit=st.sampled_from(FITS))
def test_no_objective_is_below_a_lower_bound(p: FitProblem, numbers: list[float], fit: str) -> None:
    alpha, other = np.reshape(numbers, (2, 6))[:, : len(p.y)]
    if fit == "monotone":  # the bound holds for what never falls
        heights = np.sort(p.K @ other)
        other = np.linalg.pinv(p.K) @ heights
        if np.diff(p.K @ other).min() < 0:
            other = np.zeros_like(other)
    penalties = p.penalties(fit)
    bound = lower_bound(fit, alpha, p.K, p.y, *penalties)
    for candidate in (other, fast.coefficients(fit, p.K, p.y, *penalties)):
        height = objective(fit, candidate, p.K, p.y, *penalties)
        assert bound <= height + 1e-7 * max(1.0, height, abs(bound))


@settings(max_examples=100)
@given(p=fit_problems(), fit=st.sampled_from(FITS))
def test_the_lower_bound_meets_the_objective_at_the_optimum(p: FitProblem, fit: str) -> None:
    penalties = p.penalties(fit)
    alpha = fast.coefficients(fit, p.K, p.y, *penalties)
    at_zero = objective(fit, np.zeros_like(alpha), p.K, p.y, *penalties)
    gap = objective(fit, alpha, p.K, p.y, *penalties) - lower_bound(fit, alpha, p.K, p.y, *penalties)
    assert abs(gap) <= 1e-6 * max(1.0, at_zero)  # where K is singular, the dual of the steps may be, too


# ---- the bars for a choice ------------------------------------------------------------------------------------------

QUESTIONS = policy.load()["kernel_regression"].questions
# what a student would search: powers of ten from the first to the second, for each of gamma, lam or lam1, lam2
GAMMAS = ((0, 2), (0, 3), (0.5, 2.5), (1, 2.5), (1, 3))
HONEST: dict[str, list[tuple[tuple[float, float], ...]]] = {
    "least_squares": [(gammas, lams) for gammas in GAMMAS for lams in ((-5, 1), (-4, 0), (-3, -1), (-3, 1))],
    "huber": [(gammas, lams) for gammas in GAMMAS for lams in ((-5, -1), (-5, 0))],
    "total_variation": [((0, 3), (-2, 2), (-5, 1)), ((1, 3), (0, 2), (-5, 0)), ((1, 2.5), (-1, 2), (-5, -1))],
    "monotone": [(gammas, lams) for gammas in GAMMAS[1:] for lams in ((-5, 0), (-4, 1), (-4, -1))],
}
COUNTS = {"least_squares": (6, 7, 8, 10, 12), "huber": (5, 8), "total_variation": (5, 7), "monotone": (5, 8)}
HONEST_GRIDS = [(fit, axes, count) for fit in FITS for axes in HONEST[fit] for count in COUNTS[fit]]


@cache
def leasts(fit: str, axes: tuple[tuple[float, float], ...], count: int) -> float:
    """The least mean leave-one-out error on a grid with `count` values for each axis, over the least there is."""
    values = [np.logspace(*ends, count).tolist() for ends in axes]
    return float(fast.surface(fit, X, Y, *values).mean(axis=-1).min() / BEST[fit])


@pytest.mark.slow
@pytest.mark.parametrize("fit", FITS)
def test_the_least_error_is_that_of_the_fine_grid(fit: str) -> None:
    error, choice = choices.least_error(fit)
    assert BEST[fit] == pytest.approx(error, rel=1e-6)
    assert times_the_least(fit, choice) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("fit", "axes", "count"), HONEST_GRIDS, ids=str)
def test_a_sensible_grid_passes_the_full_bar(fit: str, axes: tuple, count: int) -> None:
    assert leasts(fit, axes, count) <= QUESTIONS[f"chosen_{fit}"].thresholds["full"]


@pytest.mark.parametrize("fit", FITS)
def test_gamma_1_passes_no_bar_at_any_penalty(fit: str) -> None:
    penalties = [np.logspace(-7, 2, 55).tolist()]
    if fit == "total_variation":
        penalties = [np.logspace(-3, 3, 19).tolist(), np.logspace(-6, 2, 17).tolist()]
    least = fast.surface(fit, X, Y, [1.0], *penalties).mean(axis=-1).min() / BEST[fit]
    assert least > 1.03 * max(QUESTIONS[f"chosen_{fit}"].thresholds.values())


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_a_choice_far_out_is_told_from_a_good_one(fit: str, size: float) -> None:
    penalties = (size, size) if fit == "total_variation" else (size,)
    for gamma in (1e-12, 30.0, 1e12):
        assert times_the_least(fit, (gamma, *penalties)) > 1.3


# ---- old syntax -----------------------------------------------------------------------------------------------------

K = np.exp(-30 * (X[:, np.newaxis] - X) ** 2)
FLAT = np.exp(-((X[:, np.newaxis] - X) ** 2))
a = cp.Variable(50)


def minimised(expression: cp.Expression) -> float:
    return cp.Problem(cp.Minimize(expression)).solve()


OLD = {  # code → what its translation has to mention
    "np.sum(K @ a)": "cp.sum",
    "np.abs(Y - K @ a)": "cp.abs",
    "np.diff(K @ a)": "cp.diff",
    "np.max(a)": "cp.maximum",
    "np.linalg.norm(a)": "cp.norm",
    "minimised(cp.sum_squares(Y - np.dot(K, a)))": "@",
    "cp.sum_entries(a)": "cp.sum.",
    "cp.max_entries(a)": "cp.max.",
    "cp.mul_elemwise(Y, a)": "cp.multiply",
    "cp.Semidef(3)": "PSD=True",
    "cp.Bool(3)": "boolean=True",
    "cp.Variable(50, 1)": "Variable((n, 1))",
    "cp.Variable(rows=50, cols=1)": "Variable((n, 1))",
    "cp.Parameter(sign='positive')": "nonneg=True",
    "np.array([1], dtype=np.float)": "float",
    "minimised(cp.quad_form(a, K))": "psd_wrap",
    "minimised(cp.quad_form(a, FLAT))": "psd_wrap",
    "minimised(cp.sum_squares(Y - K @ a) + 0.1 * cp.quad_form(a, FLAT))": "psd_wrap",
    "minimised(a.T @ (K @ a))": "psd_wrap",
    "minimised(cp.sum(cp.multiply(a, K @ a)))": "psd_wrap",
    "minimised(cp.Parameter(value=1.0) * cp.quad_form(a, cp.psd_wrap(K)))": "nonneg",
    "minimised((Y - K @ a) ** 2)": "cp.sum",
    "np.linalg.cholesky(K)": "eigh",
    "0 <= a <= 1": "constraint",
    "cp.diff(a) > 0": ">=",
    "cp.Problem(cp.Minimize(cp.sum_squares(a))).solve(solver='ECOS')": "cp.OSQP",
    "minimised(cp.Parameter(nonneg=True) * cp.sum_squares(a))": ".value",
    "sum_entries(a)": "cp.sum",
    "cp.Problem(cp.Minimize(cp.sum_squares(a)), a >= 0)": "list",
}


@pytest.mark.parametrize("code", OLD)
def test_old_syntax_is_translated(code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(Exception) as caught:
            eval(code)
    raised = Raised(caught.type.__name__, str(caught.value)[:500])
    assert OLD[code] in translation(raised)


def test_other_exceptions_have_no_translation() -> None:
    for raised in (
        Raised("ValueError", "Incompatible dimensions (49, 49) (50,)"),
        Raised("TypeError", "f() got an unexpected keyword argument 'lam'"),
        Raised("AttributeError", "'NoneType' object has no attribute 'shape'"),
        Raised("DCPError", "Problem does not follow DCP rules. Specifically:\nThe objective is not DCP."),
    ):
        assert translation(raised) == ""


def test_each_translation_is_a_sentence() -> None:
    for known in TRANSLATIONS:
        assert known.sentence.endswith("."), known
