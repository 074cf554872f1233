"""The whole way from a file to a result, with everything that students hand in by accident."""

import dataclasses
import time

import pytest

from autograder.grading import Clock, grade_one
from autograder.policy import Leaderboard
from autograder.render import results_json
from shared.kit.checking import Outcome, check, expect, flag, measured
from tests.samples import notebook, only, question, reference_cell

REFERENCE = reference_cell("newton_gd")


@pytest.fixture
def grade(newton_gd, kit, isolation, tmp_path):
    """Grade a notebook of these cells, for these questions only."""

    def run(*cells, questions=("gradient",), **limits):
        assignment = only(newton_gd, *questions)
        changed = assignment.limits.model_copy(update=limits)
        path = notebook(tmp_path / "student.ipynb", *cells)
        return grade_one(assignment.model_copy(update={"limits": changed}), path, kit, isolation).result

    return run


def outcomes(result, name="gradient"):
    return [check.outcome for check in question(result, name).checks]


def test_the_reference_earns_everything_and_repeats(newton_gd, kit, isolation, tmp_path):
    path = notebook(tmp_path / "student.ipynb", REFERENCE)
    first = grade_one(newton_gd, path, kit, isolation).result
    assert first.score == first.automatic_points == newton_gd.automatic_points
    assert first == grade_one(newton_gd, path, kit, isolation).result


def test_an_empty_notebook_earns_nothing_and_hears_what_is_asked(grade):
    result = grade("x = 1")
    assert result.score == 0 and not result.unknown
    assert "defines none of the names that this assignment asks for (gradient)" in result.notes[0]
    assert all("Define gradient(theta, X, y)" in outcome.message for outcome in outcomes(result))


def test_another_assignments_notebook_is_told_so(newton_gd, kit, isolation, tmp_path):
    path = notebook(
        tmp_path / "student.ipynb", "def running_means(x):\n    return x", "def ecdf(data):\n    return data"
    )
    result = grade_one(newton_gd, path, kit, isolation).result
    assert result.score == 0 and "Is it another one's?" in result.notes[0]


def test_a_broken_cell_costs_only_itself(grade):
    result = grade("def broken(:", REFERENCE, "import no_such_package", "1/0")
    assert result.score == result.automatic_points
    assert [(cell.number, cell.reason.split(":")[0]) for cell in result.cells] == [
        (1, "raised SyntaxError"),
        (3, "raised ModuleNotFoundError"),
        (4, "raised ZeroDivisionError"),
    ]


@pytest.mark.parametrize(
    ("override", "kind", "words"),
    [
        ("del gradient", "missing name", "Define gradient(theta, X, y)."),
        ("Gradient = gradient\ndel gradient", "missing name", "It does define Gradient"),
        ("def gradient(theta): return theta", "exception", "Define gradient(theta, X, y)."),
        ("def gradient(theta, X, y, extra): return theta", "exception", "Define gradient(theta, X, y)."),
        ("gradient = 3", "missing name", "should be a function"),
        ("def gradient(theta, X, y): return None", "wrong value", "None (is a return statement missing?)"),
        ("def gradient(theta, X, y): return theta * np.nan", "wrong value", "returned NaN"),
        ("def gradient(theta, X, y): return theta + np.inf", "wrong value", "returned infinity"),
        ("def gradient(theta, X, y): return (g for g in theta)", "wrong value", "a generator"),
        ("def gradient(theta, X, y): return np.zeros(10**9, dtype='i1')", None, ""),
        ("def gradient(theta, X, y): return np.ones(10**9)", "memory", "too much memory"),
        ("def gradient(theta, X, y): return object()", "wrong value", "an object"),
        ("def gradient(theta, X, y): return 'zero'", "wrong value", "a str"),
        ("def gradient(theta, X, y): return np.zeros((2, 5, 3))", "wrong value", "shape"),
        ("def gradient(theta, X, y):\n    while True: pass", "timeout", "more than 1 seconds"),
        ("def gradient(theta, X, y):\n    import sys; sys.exit(0)", "exception", "SystemExit"),
        ("def gradient(theta, X, y):\n    import os; os._exit(0)", "died", "ended the process"),
        ("def gradient(theta, X, y): return gradient(theta, X, y)", "exception", "RecursionError"),
        ("def gradient(theta, X, y):\n    kept = []\n    while True: kept.append(np.ones(10**6))", "memory", "memory"),
        ("def gradient(theta, X, y):\n    import ctypes; ctypes.string_at(0)", "died", "SIGSEGV"),
    ],
)
def test_what_functions_do_by_accident(grade, override, kind, words):
    result = grade(REFERENCE, override, check_seconds=1 if kind == "timeout" else 10)
    assert result.score == 0 and not result.unknown
    for outcome in outcomes(result):
        assert outcome.status == "failed"
        assert kind is None or outcome.kind == kind, outcome
        assert words in outcome.message


@pytest.mark.parametrize(
    "style",
    [
        "def gradient(theta, X, y): return list(_gradient(theta, X, y))",
        "def gradient(theta, X, y): return _gradient(theta, X, y)[:, None]",
        "def gradient(theta, X, y): return np.array(_gradient(theta, X, y), dtype=object)",
        "def gradient(b, design, labels): return _gradient(b, design, labels), 'and more'",
        "def gradient(theta, X, y):\n    print('x' * 200_000_000)\n    return _gradient(theta, X, y)",
        "class gradient:\n    def __new__(cls, theta, X, y): return _gradient(theta, X, y)",
        "import torch\ndef gradient(theta, X, y): return torch.tensor(_gradient(theta, X, y))",
    ],
)
def test_right_answers_in_any_style_earn_everything(grade, style):
    result = grade(REFERENCE, "_gradient = gradient", style, memory_mb=1500)
    assert result.score == result.automatic_points, outcomes(result)


def test_the_cell_that_was_to_define_a_missing_name_is_pointed_to(grade):
    result = grade("def gradient(theta, X, y):\n    return (", "def gradientDescent(): pass")
    for outcome in outcomes(result):
        first, last = outcome.message.splitlines()
        assert "Cell 1, which was to define it, failed." in first
        assert "gradient_descent" not in last
    assert "the cell, line 2" in result.cells[0].reason


def test_a_cell_that_runs_for_ever_keeps_what_it_had_defined(grade):
    result = grade(REFERENCE + "\nwhile True: pass", cell_seconds=3)
    assert result.score == result.automatic_points
    assert "ran too long" in result.cells[0].reason


def test_a_cell_that_ends_the_process_is_left_out(grade):
    result = grade(REFERENCE, "import os; os._exit(1)", "x = 1")
    assert result.score == result.automatic_points
    assert [cell.number for cell in result.cells] == [2] and "ended the process" in result.cells[0].reason


@pytest.mark.parametrize("content", [b"", b"not json", b'{"nbformat": 4}', b"\xff\xfe\x00"])
def test_what_is_no_notebook_is_graded_with_a_sentence(newton_gd, kit, isolation, tmp_path, content):
    path = tmp_path / "student.ipynb"
    path.write_bytes(content)
    result = grade_one(newton_gd, path, kit, isolation).result
    assert result.score == 0 and not result.unknown and result.problem.endswith(".")
    assert {outcome.kind for outcome in outcomes(result)} == {"refused"}


def test_a_fault_of_the_grader_is_unknown_and_never_raised(newton_gd, kit, isolation, tmp_path, monkeypatch):
    path = notebook(tmp_path / "student.ipynb", REFERENCE)
    monkeypatch.setattr("autograder.grading.Sandbox", None)
    result = grade_one(newton_gd, path, kit, isolation).result
    assert result.unknown and result.score == 0
    assert all(outcome.status == "unknown" and outcome.staff for outcome in outcomes(result))


def test_a_worker_that_cannot_be_had_again_costs_its_checks_only(grade, monkeypatch):
    from autograder.sandbox import IsolationUnavailable, Sandbox

    whole = Sandbox.check

    def sometimes(self, seconds, stand_ins=None, answering=0.0):
        sometimes.calls += 1
        if sometimes.calls == 2:
            raise IsolationUnavailable("no process is left")
        return whole(self, seconds, stand_ins, answering)

    sometimes.calls = 0
    monkeypatch.setattr(Sandbox, "check", sometimes)
    statuses = [outcome.status for outcome in outcomes(grade(REFERENCE))]
    assert statuses.count("unknown") == 1 and statuses.count("passed") == len(statuses) - 1


def test_time_is_split_so_that_every_check_gets_its_turn(grade):
    begun = time.monotonic()
    hanging = "def gradient(theta, X, y):\n    while True: pass"
    result = grade(REFERENCE, hanging, questions=("gradient", "sigmoid"), check_seconds=60, platform_seconds=30)
    assert time.monotonic() - begun < 30
    assert question(result, "gradient").score == 0
    assert {outcome.kind for outcome in outcomes(result)} == {"timeout"}
    assert question(result, "sigmoid").score == question(result, "sigmoid").points


def test_a_clock_never_gives_more_than_is_left():
    clock = Clock(time.monotonic() + 12)
    assert clock.allowance(20, 1) <= 12
    assert clock.allowance(20, 12) == pytest.approx(1, abs=0.1)
    assert clock.allowance(20, 3) == pytest.approx(8, abs=0.1)
    assert clock.allowance(1, 3) == 1
    assert Clock(time.monotonic() - 1).allowance(20, 3) == 0


def test_results_hold_plain_frozen_data(grade):
    result = grade(REFERENCE)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.problem = "x"
    assert all(isinstance(outcome, Outcome) for outcome in outcomes(result))


@check("sigmoid", public=True)
def is_measured(sigmoid):
    """Your sigmoid is measured."""
    flag("Its value at 0 was looked at.")
    measured(sigmoid(0.0) + 0.00004)
    expect(sigmoid(0.0) == 0.5, "sigmoid is off.")


@pytest.mark.parametrize(
    ("answer", "value"),
    [("0.5", 0.5), ("0.75", 0.75), ("[][1]", None), ("float('nan')", None)],
)
def test_a_leaderboard_shows_what_the_grader_has_measured(
    newton_gd, kit, isolation, tmp_path, monkeypatch, answer, value
):
    """Also of an answer that is wrong; nothing where the check didn't get there."""
    monkeypatch.setattr("autograder.policy._modules_of_checks", lambda name: [__name__])
    board = Leaderboard(question="sigmoid", name="At 0")
    path = notebook(tmp_path / "student.ipynb", f"def sigmoid(x):\n    return {answer}")
    assignment = only(newton_gd, "sigmoid").model_copy(update={"leaderboard": board})
    content = results_json(grade_one(assignment, path, kit, isolation).result)
    shown = [{"name": "At 0", "value": value, "order": "desc"}]
    assert content.get("leaderboard") == (None if value is None else shown)
    assert "looked at" not in str(content)
    plain = results_json(grade_one(only(newton_gd, "sigmoid"), path, kit, isolation).result)
    assert plain == {key: item for key, item in content.items() if key != "leaderboard"}


def test_a_board_of_a_question_that_is_not_graded_is_left_out(newton_gd, kit, isolation, tmp_path):
    board = Leaderboard(question="gradient", name="Best")
    path = notebook(tmp_path / "student.ipynb", REFERENCE)
    assignment = newton_gd.model_copy(update={"leaderboard": board})
    assert grade_one(only(assignment, "sigmoid"), path, kit, isolation).result.standing is None
