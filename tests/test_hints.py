"""Hints: which mistake a wrong answer behaves like, and what is said when that can't be told."""

import dataclasses

import numpy as np
import pytest

from autograder import hints
from autograder.audit.answers import reference_cell
from autograder.grading import grade_one
from autograder.policy import checks_of, load
from autograder.power_table import Ending
from autograder.render.feedback import view_question
from shared.kit.bridge import LocalNames
from shared.kit.calling import Observation, Raised
from shared.kit.checking import Outcome, StudentFunction, run_check
from shared.kit.statistics import Binomial, Statistic
from shared.kit.values import Figure, Opaque, seeded
from solutions import newton_gd as reference
from solutions.banks import mistakes_of
from tests.samples import notebook, only, question

NEWTON_GD = load()["newton_gd"]
REFERENCE = reference_cell("newton_gd")


def hint_of(name: str) -> str:
    (found,) = [mistake.hint for mistake in mistakes_of("newton_gd") if mistake.name == name]
    return found


@pytest.fixture
def failed_checks(tmp_path, kit, isolation):
    """The failed checks of one question, with this cell after the reference."""

    def grade(asked: str, cell: str):
        path = notebook(tmp_path / "submission.ipynb", REFERENCE, cell)
        result = question(grade_one(only(NEWTON_GD, asked), path, kit, isolation).result, asked)
        return result, [check for check in result.checks if check.outcome.status == "failed"]

    return grade


# the mistakes of the bank, in another style
LOOP_THAT_SUMS = """
def gradient(theta, X, y):
    total = [0.0] * len(theta)
    for row, label in zip(X, y):
        p = 1 / (1 + np.exp(-sum(a * b for a, b in zip(row, theta))))
        for j in range(len(theta)):
            total[j] += (p - (label + 1) / 2) * row[j]
    return total
"""
RELABELLED = """
def risk(theta, X, y):
    y -= 1
    y /= -2
    z = X @ theta
    return (np.logaddexp(0, z) - (1 - y) * z).mean()
"""


@pytest.mark.parametrize(
    ("asked", "cell", "mistake"),
    [
        ("gradient", LOOP_THAT_SUMS, "adds_up_the_slopes"),
        ("theta_star", "def theta_star(a, b, s): return [(a - b) * (a + b) / 2 / s, (b - a) / s]", "sigma_not_squared"),
    ],
)
def test_the_same_mistake_in_another_style_gets_its_hint(failed_checks, asked, cell, mistake):
    result, failed = failed_checks(asked, cell)
    assert failed
    assert {check.outcome.hint for check in failed} == {hint_of(mistake)}
    shown = view_question(result, "hint", "student")
    assert all(any(part.label == "Hint" and part.text for part in check.parts) for check in shown.telling)
    silent = view_question(result, "none", "student")
    assert not any(part.text == hint_of(mistake) for check in silent.checks for part in check.parts)


@pytest.mark.parametrize(
    ("asked", "cell"),
    [
        ("gradient", "def gradient(theta, X, y): return 0.37 * np.cos(theta)"),  # nobody's mistake
        ("gradient", LOOP_THAT_SUMS.replace("return total", "return [-value for value in total]")),  # two at once
        ("risk", RELABELLED),  # relabels the caller's y, but as no mistake of the bank does
        ("gradient", "def gradient(theta, X, y): raise KeyError(1)"),
        ("gradient", "gradient = 3"),
        ("gradient", "del gradient"),
    ],
)
def test_what_no_one_mistake_explains_gets_no_hint(failed_checks, asked, cell):
    _, failed = failed_checks(asked, cell)
    assert failed
    assert {check.outcome.hint for check in failed} == {""}
    assert {check.outcome.staff for check in failed} == {""}


def test_a_right_answer_asks_for_no_hint(tmp_path, kit, isolation, monkeypatch):
    monkeypatch.setattr(hints, "apart", explode)
    path = notebook(tmp_path / "submission.ipynb", REFERENCE)
    result = grade_one(only(NEWTON_GD, "theta_star"), path, kit, isolation).result
    assert result.score == result.automatic_points


def test_a_mistake_that_hangs_costs_its_own_hint_only(monkeypatch):
    (sums,) = [mistake for mistake in mistakes_of("newton_gd") if mistake.name == "adds_up_the_slopes"]

    def hangs(theta, X, y):
        while True:
            pass

    endless = dataclasses.replace(sums, name="hangs", hint="never", value=hangs)
    monkeypatch.setattr(hints, "mistakes_of", lambda _: (endless, sums))
    monkeypatch.setattr(hints, "SECONDS_PER_CALL", 0.2)
    assert _explained(sums.value) == sums


def test_two_mistakes_that_agree_on_every_call_give_no_hint(monkeypatch):
    (sums,) = [mistake for mistake in mistakes_of("newton_gd") if mistake.name == "adds_up_the_slopes"]
    monkeypatch.setattr(hints, "mistakes_of", lambda _: (sums, dataclasses.replace(sums, name="twin")))
    assert _explained(sums.value) is None


def test_what_the_reference_does_as_well_is_no_mistake(monkeypatch):
    """gradient is right and fails for the risk's sake: a mistake that shows nowhere here must not explain it."""
    (sums,) = [mistake for mistake in mistakes_of("newton_gd") if mistake.name == "adds_up_the_slopes"]
    harmless = dataclasses.replace(sums, name="harmless", value=lambda theta, X, y: reference.gradient(theta, X, y))
    monkeypatch.setattr(hints, "mistakes_of", lambda _: (harmless,))
    assert _explained(reference.gradient, risk=lambda theta, X, y: 0.0) is None


def test_a_call_with_a_function_of_the_students_explains_nothing():
    """It can't be made again here: the function is in the student's process."""
    their_own = StudentFunction("risk", explode)
    calls = [hints.Call("gradient", (their_own, 1.0), {}, Observation(3.0))]
    assert not hints._explains(lambda risk, x: 3.0, "gradient", reference, calls, strict=True)
    calls.append(hints.Call("gradient", (2.0, 1.0), {}, Observation(3.0)))
    assert hints._explains(lambda risk, x: 3.0, "gradient", reference, calls, strict=True)


def explode(*_, **__):
    raise AssertionError("nobody should have called this")


def test_no_time_no_hint():
    (check,) = [check for check in checks_of("newton_gd") if check.name == "theta_star_is_right"]
    call = hints.Call("theta_star", (0.0, 1.0, 1.0), {}, Observation(3.0))
    outcomes = {item.name: Outcome("passed") for item in checks_of("newton_gd")}
    outcomes[check.name] = Outcome("failed", "wrong value", "wrong")
    calls = dict.fromkeys(outcomes, ()) | {check.name: [call]}
    assert hints.hints_for(only(NEWTON_GD, "theta_star"), outcomes, calls, 0.0) == {}


def _explained(gradient, **others):
    calls, outcomes = [], []
    names = {**vars(reference), "gradient": gradient, **others}
    for check in checks_of("newton_gd"):
        if check.question == "gradient":
            resolve = hints.recording(LocalNames(names).resolve, calls)
            outcomes.append((check, run_check(check, resolve, seed=1)))
    assert any(outcome.status == "failed" for _, outcome in outcomes)
    return hints.mistake_behind("newton_gd", "gradient", outcomes, calls)


# ---- what counts as the same -----------------------------------------------------------------------------------------

ZERO = Observation(np.zeros(2))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Observation([0.0, 0.0]), True),
        (Observation(np.zeros((2, 1))), True),
        (Observation(np.array([0.0, 1e-12])), True),
        (Observation(np.array([0.0, 1e-6])), False),
        (Observation(np.zeros(3)), False),
        (Observation(np.array([0.0, np.nan])), False),
        (Observation("text"), False),
        (Observation(None), False),
        (Observation({1: 0.0}), False),
        (Observation(Figure(())), False),
        (Observation(Opaque(1, "Thing")), False),
        (Observation(raised=Raised("ValueError", "")), False),
        (Observation(np.zeros(2), warnings=(("RuntimeWarning", "overflow encountered in exp"),)), False),
        (Observation(np.zeros(2), changed={0: 1.0}), False),
        (None, False),
    ],
)
def test_observations_agree(other, same):
    assert hints._same(ZERO, other) is same


def test_infinities_agree_by_sign_and_nan_with_nan():
    values = np.array([np.inf, np.nan, 1.0])
    assert hints._same(Observation(values), Observation(values.copy()))
    assert not hints._same(Observation(values), Observation(values * [-1, 1, 1]))


def test_warnings_agree_by_their_kind():
    def warned(text, category="RuntimeWarning"):
        return Observation(1.0, warnings=((category, text),))

    overflow = warned("overflow encountered in exp")
    assert hints._same(overflow, warned("overflow encountered in multiply"))
    assert not hints._same(overflow, warned("divide by zero encountered in log"))
    assert hints._same(warned("mine", "UserWarning"), warned("yours", "UserWarning"))


@pytest.mark.parametrize(
    ("value", "message", "inside"),
    [(50.0, "Too many.", True), (61.0, "Too many.", False), (50.0, "Too few.", False)],
)
def test_a_random_answer_lies_in_a_region(value, message, inside):
    check = next(check for check in checks_of("newton_gd") if check.name == "generate_data_follows_the_model")
    ending = Ending(check.name, "Too many.", 3000, {"labels +1": (40.0, 60.0)})
    statistic = Statistic("labels +1", value, Binomial(100, 0.5), 1e-8)
    outcome = Outcome("failed", "wrong value", message, statistics=(statistic,))
    assert hints._lies_in(check, outcome, ending) is inside
    assert not hints._lies_in(check, dataclasses.replace(outcome, statistics=()), ending)


# ---- which mistake a random answer behaves like ----------------------------------------------------------------------


def _random_outcome(value, message="Too many."):
    checks = [check for check in checks_of("newton_gd") if check.question == "generate_data"]
    statistics = (Statistic("labels +1", value, Binomial(100, 0.5), 1e-8),) if value is not None else ()
    failed = Outcome("failed", "wrong value", message, statistics=statistics)
    return [(checks[0], Outcome("passed")), (checks[1], failed)]


@pytest.fixture
def table(monkeypatch):
    """A table of two mistakes whose regions overlap between 50 and 60, and which both end by their form at times."""
    two = [mistake for mistake in mistakes_of("newton_gd") if mistake.question == "generate_data"][:2]
    name = _random_outcome(1.0)[1][0].name
    regions = {
        mistake.name: (Ending(name, "Too many.", 9, {"labels +1": ends}), Ending(name, "No sample.", 1, {}))
        for mistake, ends in zip(two, ((40.0, 60.0), (50.0, 70.0)), strict=True)
    }
    monkeypatch.setattr(hints, "mistakes_of", lambda _: two)
    monkeypatch.setattr(hints, "regions_of", lambda *_: regions)
    return two


@pytest.mark.parametrize(("value", "which"), [(45.0, 0), (65.0, 1), (55.0, None), (99.0, None)])
def test_a_random_answer_is_explained_by_the_only_region_that_holds_it(table, value, which):
    found = hints.mistake_behind("newton_gd", "generate_data", _random_outcome(value), [])
    assert found == (None if which is None else table[which])


def test_a_failure_of_form_is_explained_only_by_the_very_same_numbers(table):
    failed = _random_outcome(None, "No sample.")
    assert hints.mistake_behind("newton_gd", "generate_data", failed, []) is None
    arguments = (7, -2.0, 1.0, 1.0, seeded(3))
    for mistake in table:
        answer = LocalNames({"generate_data": mistake.value}).resolve("generate_data")
        call = hints.Call("generate_data", arguments, {}, answer.observe(*arguments))
        assert hints.mistake_behind("newton_gd", "generate_data", failed, [call]) == mistake
    other = hints.Call("generate_data", arguments, {}, Observation([np.full((7, 2), np.nan), np.ones(7)]))
    assert hints.mistake_behind("newton_gd", "generate_data", failed, [other]) is None


def test_handles_agree_by_the_name_of_their_type():
    same = [hints._same(Observation(Opaque(1, "A")), Observation(Opaque(2, kind))) for kind in ("A", "B")]
    assert same == [True, False]


# ---- answers that aren't unique --------------------------------------------------------------------------------------


def test_coefficients_of_a_singular_kernel_are_compared_by_what_they_fit():
    K = np.ones((2, 2))
    view = hints.views_of("kernel_regression")["fit_huber"]

    def agrees(one, other):
        call = hints.Call("fit_huber", (K, np.array([3.0, 5.0]), 0.5), {}, Observation(one))
        return hints._seen_alike(view, call, Observation(other))

    assert agrees(np.array([1.0, 2.0]), [[3.0], [0.0001]])
    assert agrees((np.array([1.0, 2.0]), "and its objective"), np.array([0.0, 3.0]))
    assert not agrees(np.array([1.0, 2.0]), np.array([1.0, 2.1]))
    assert not agrees(None, np.array([1.0, 2.0]))
    assert not agrees(np.array([1.0, 2.0]), "three")
