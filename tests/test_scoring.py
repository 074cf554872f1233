"""Scoring, from outcomes to every number that is printed: properties of any submission with any outcomes.

Each property goes through what grading itself uses: `share`, the properties of the results, and the renderers. What
the formats promise: results.json and the CSV give points to 5 decimals, pages to 3. Points that grading.yml gives
have at most 4, so in the data full marks stand exactly; k parts add up to their total within (k + 1) / 2 units of the
last decimal, and within one half more where a page gives the total in two parts, regular and extra.
"""

import csv
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, nullcontext
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from hypothesis import Verbosity, assume, given, settings
from hypothesis import strategies as st
from markupsafe import escape
from rich.console import Console

from autograder import batch, gradescope
from autograder.cli import main as command_line
from autograder.grading import Clock, run_checks
from autograder.policy import KIT, load
from autograder.render import csv_text, page_html, print_table, results_json, write_submission
from autograder.render.feedback import view_submission
from autograder.results import CheckResult, Graded, QuestionResult, RunFacts, SubmissionResult, share
from shared.kit.checking import CheckEnded, Kind, Outcome

KINDS = get_args(Kind)
FACTS = RunFacts(1.0, 0.5, {}, 100.0, "none", (), {})
DATA_UNIT, PAGE_UNIT = Fraction(1, 10**5), Fraction(1, 10**3)  # of the last decimal
CLOSE = Fraction(1, 10**9)  # the double that is nearest to a decimal isn't the decimal

any_result = settings(max_examples=100, verbosity=Verbosity.normal, print_blob=False)
few_results = settings(any_result, max_examples=25)


# ---- submissions ----------------------------------------------------------------------------------------------------

points_given = st.decimals(0, 100, places=4) | st.sampled_from(
    [Decimal(text) for text in ("0", "0.0001", "0.25", "1", "10")]
)
weights_given = st.lists(st.integers(1, 9) | st.sampled_from([1, 997]), min_size=1, max_size=6)
passed = st.builds(Outcome, st.just("passed"), notes=st.sampled_from([(), ("The first was graded.",)]))
failed = st.builds(Outcome, st.just("failed"), st.sampled_from(KINDS), message=st.sampled_from(["", "It is off."]))
unknown = st.builds(Outcome, st.just("unknown"), staff=st.sampled_from(["Traceback: ours", "Traceback: other"]))
outcomes = passed | passed | failed | unknown


@st.composite
def questions(draw: st.DrawFn, number: int, found: st.SearchStrategy[Outcome], visible: bool = False) -> QuestionResult:
    """A coded question with any points and weights, its outcomes out of `found`."""
    points = Fraction(draw(points_given))
    parts = share(points, draw(weights_given))
    checks = tuple(
        CheckResult(f"check_{number}_{position}", "It holds.", position == 0, part, draw(found))
        for position, part in enumerate(parts)
    )
    visibility = "visible" if visible else draw(st.sampled_from(["visible", "visible", "hidden", "after_published"]))
    name, title, extra = f"question_{number}", f"Question {number}", draw(st.booleans())
    return QuestionResult(name, str(number), title, points, visibility, checks, extra=extra)


@st.composite
def submissions(
    draw: st.DrawFn, found: st.SearchStrategy[Outcome] = outcomes, visible: bool = False
) -> SubmissionResult:
    """A graded submission of one to five coded questions and at most one that people grade."""
    asked = [draw(questions(number, found, visible)) for number in range(1, draw(st.integers(1, 5)) + 1)]
    if draw(st.booleans()):
        points = Fraction(draw(points_given))
        why = QuestionResult(
            "why", "9", "Why", points, "visible", written=True, answer="Because.", rubric=("(1) Says",)
        )
        asked.insert(draw(st.integers(0, len(asked))), why)
    feedback = draw(st.sampled_from(["none", "hint", "full"]))
    return SubmissionResult("newton_gd", "Newton's method", "alice", feedback, "visible", tuple(asked))


def with_outcomes(result: SubmissionResult, change: Callable[[Outcome], Outcome]) -> SubmissionResult:
    """The result with each outcome changed."""

    def changed(question: QuestionResult) -> QuestionResult:
        checks = (dataclasses.replace(check, outcome=change(check.outcome)) for check in question.checks)
        return dataclasses.replace(question, checks=tuple(checks))

    return dataclasses.replace(result, questions=tuple(map(changed, result.questions)))


def outcomes_of(result: SubmissionResult) -> list[Outcome]:
    return [check.outcome for question in result.questions for check in question.checks]


@contextmanager
def empty_folder() -> Iterator[None]:
    """In a fresh folder (pytest's tmp_path is one for all examples)."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        yield


# ---- what is printed ------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Printed:
    """The numbers that one format gives: (score, maximum) of each coded question by its name, and of the whole.

    The whole is what was earned and what can be, with extra points.
    """

    questions: dict[str, tuple[Fraction, Fraction]]
    total: tuple[Fraction, Fraction]


def in_json(result: SubmissionResult) -> Printed:
    """What Gradescope reads in results.json. The whole has no maximum there, nor have extra points: the result's is."""
    content = json.loads(json.dumps(results_json(result)), parse_float=Decimal)
    extra = {question.name: question.points for question in result.coded if question.extra}
    rows = {
        name: (Fraction(test["score"]), extra.get(name, Fraction(test["max_score"])))
        for test in content["tests"]
        for name in test["tags"][:1]
    }
    return Printed(rows, (Fraction(content["score"]), sum((most for _, most in rows.values()), Fraction(0))))


def csv_rows(named: Sequence[tuple[str, SubmissionResult]]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(named))))


def in_csv(result: SubmissionResult) -> Printed:
    """What the CSV says. It gives no maximum of a question, nor of the extra ones; results.json's stands in."""
    (row,) = csv_rows([("alice", result)])
    rows = {name: (Fraction(row[name]), most) for name, (_, most) in in_json(result).questions.items()}
    return Printed(rows, (Fraction(row["total"]), Fraction(row["automatic_points"]) + result.extra_points))


def in_page(result: SubmissionResult) -> Printed:
    """What staff read in the page's table of questions; its total is in two parts where there are extra points."""
    table = re.search(r'<table class="overview">.*?</table>', page_html(result, "staff"), re.DOTALL)
    assert table is not None
    numbers = r'([\d.]+)\??(?:</span>)? <span class="of">/ ([\d.]+)</span>'
    optional = "optional</span>"  # worth nothing
    row = rf'<td class="points">(?:<span class="soft">)?(?:{optional}|{numbers})\s*</td>'
    found = [(Fraction(score or 0), Fraction(most or 0)) for score, most in re.findall(row, table[0])]
    names = [question.name for question in result.coded]
    totals = found[len(names) :]
    assert len(totals) == 1 + bool(result.extra_points)
    whole = (sum(score for score, _ in totals), sum(most for _, most in totals))
    return Printed(dict(zip(names, found, strict=False)), (Fraction(whole[0]), Fraction(whole[1])))


FORMATS = {"results.json": (in_json, DATA_UNIT), "csv": (in_csv, DATA_UNIT), "page": (in_page, PAGE_UNIT)}


def numbers(printed: Printed) -> list[Fraction]:
    return [score for score, _ in printed.questions.values()] + [printed.total[0]]


# ---- shares ---------------------------------------------------------------------------------------------------------


@any_result
@given(points_given.map(Fraction), weights_given)
def test_shares_are_in_proportion_and_add_up_exactly(points: Fraction, weights: list[int]) -> None:
    parts = share(points, weights)
    assert sum(parts) == points and len(parts) == len(weights)
    assert all(part * sum(weights) == points * weight for part, weight in zip(parts, weights, strict=True))


@any_result
@given(weights_given, st.integers(-5, 0), st.data())
def test_a_weight_below_one_is_refused(weights: list[int], wrong: int, data: st.DataObject) -> None:
    weights.insert(data.draw(st.integers(0, len(weights))), wrong)
    with pytest.raises(ValueError, match="must be 1 or more"):
        share(Fraction(1), weights)


# ---- scores ---------------------------------------------------------------------------------------------------------


@any_result
@given(submissions())
def test_every_score_lies_between_zero_and_its_maximum(result: SubmissionResult) -> None:
    assert all(0 <= question.score <= question.points for question in result.coded)
    assert 0 <= result.score <= result.full_marks == result.automatic_points + result.extra_points
    for read, _ in FORMATS.values():
        printed = read(result)
        assert all(0 <= score <= most for score, most in (*printed.questions.values(), printed.total))
    for audience in ("student", "staff"):
        assert all(0 <= question.share <= 1 for question in view_submission(result, audience).questions)


@any_result
@given(submissions())
def test_what_is_printed_is_the_score_of_the_passed_checks(result: SubmissionResult) -> None:
    earned = {
        question.name: sum((check.points for check in question.checks if check.outcome.status == "passed"), Fraction(0))
        for question in result.coded
    }
    assert {question.name: question.score for question in result.coded} == earned
    assert result.score == sum(earned.values())
    for read, unit in FORMATS.values():
        printed = read(result)
        assert printed.questions.keys() == earned.keys()
        assert all(abs(printed.questions[name][0] - earned[name]) <= unit / 2 + CLOSE for name in earned)
        assert abs(printed.total[0] - result.score) <= unit + CLOSE


@any_result
@given(submissions())
def test_printed_parts_add_up_to_the_printed_total_but_for_rounding(result: SubmissionResult) -> None:
    for read, unit in FORMATS.values():
        *parts, total = numbers(read(result))
        assert abs(sum(parts) - total) <= unit * (len(parts) + 2) / 2 + CLOSE


@any_result
@given(submissions(), st.data())
def test_one_more_passed_check_never_lowers_a_number(result: SubmissionResult, data: st.DataObject) -> None:
    lost = [check.name for question in result.coded for check in question.checks if check.outcome.status != "passed"]
    assume(lost)
    name = data.draw(st.sampled_from(lost))

    def mended(check: CheckResult) -> CheckResult:
        return dataclasses.replace(check, outcome=Outcome("passed")) if check.name == name else check

    better = dataclasses.replace(
        result,
        questions=tuple(
            dataclasses.replace(question, checks=tuple(map(mended, question.checks))) for question in result.questions
        ),
    )
    assert better.score >= result.score
    for before, after in zip(result.coded, better.coded, strict=True):
        assert after.score >= before.score
        if any(check.name == name for check in before.checks) and before.points:
            assert after.score > before.score
    for read, _ in FORMATS.values():
        assert all(after >= before for before, after in zip(numbers(read(result)), numbers(read(better)), strict=True))


@any_result
@given(submissions(passed))
def test_all_passed_gives_exactly_the_points(result: SubmissionResult) -> None:
    for question, test in zip(result.coded, results_json(result)["tests"], strict=True):
        assert question.score == question.points == Fraction(str(test["score"]))
        assert Fraction(str(test["max_score"])) == (0 if question.extra else question.points)
        assert question.passed and test["status"] == "passed"
    assert result.score == result.full_marks and not result.unknown
    for read in (in_json, in_csv):
        assert read(result).total == (result.score, result.score)
    printed = in_page(result)
    assert all(score == most for score, most in (*printed.questions.values(), printed.total))


@any_result
@given(submissions(failed | unknown))
def test_no_failure_of_any_kind_gives_points(result: SubmissionResult) -> None:
    assert result.score == 0
    for read, _ in FORMATS.values():
        assert not any(numbers(read(result)))
    assert {test["status"] for test in results_json(result)["tests"]} == {"failed"}
    assert {view.state for view in view_submission(result, "staff").questions} <= {"zero", "unknown", "written"}


@any_result
@given(submissions(), failed)
def test_why_a_check_fails_makes_no_difference(result: SubmissionResult, other: Outcome) -> None:
    changed = with_outcomes(result, lambda outcome: other if outcome.status == "failed" else outcome)
    for read, _ in FORMATS.values():
        assert read(changed) == read(result)


@any_result
@given(submissions())
def test_only_a_question_with_every_check_passed_counts_as_passed(result: SubmissionResult) -> None:
    views = {view.name: view.state for view in view_submission(result, "staff").questions}
    for question, test in zip(result.coded, results_json(result)["tests"], strict=True):
        whole = all(check.outcome.status == "passed" for check in question.checks)
        assert (test["status"] == "passed") == (views[question.name] == "full") == whole


# ---- extra points ---------------------------------------------------------------------------------------------------


@any_result
@given(submissions(visible=True))
def test_extra_points_change_nothing_about_the_others(result: SubmissionResult) -> None:
    """Nor do they raise the maximum of the whole; they stand beside it."""
    others = tuple(question for question in result.questions if not question.extra)
    without = dataclasses.replace(result, questions=others)
    assert (result.score - result.extra_score, result.automatic_points) == (without.score, without.full_marks)
    assert without.marks == result.marks.partition(" and ")[0]
    content, plain = results_json(result), results_json(without)
    assert sum(test["max_score"] for test in content["tests"]) == sum(test["max_score"] for test in plain["tests"])
    extra = {question.number for question in result.coded if question.extra}
    assert [test for test in content["tests"] if test["number"] not in extra] == plain["tests"]
    assert all(("extra point" in test["name"]) == (test["number"] in extra) for test in content["tests"])
    (row,), (other,) = csv_rows([("alice", result)]), csv_rows([("alice", without)])
    assert row["automatic_points"] == other["automatic_points"] and other["extra"] == "0"
    assert abs(Fraction(row["total"]) - Fraction(row["extra"]) - Fraction(other["total"])) <= 2 * DATA_UNIT
    for audience in ("student", "staff"):
        view, alone = view_submission(result, audience), view_submission(without, audience)
        assert (view.score, view.points) == (alone.score, alone.points)
        assert bool(view.extra_points) == bool(result.extra_points) and not alone.extra_points


# ---- what only staff read -------------------------------------------------------------------------------------------


@any_result
@given(submissions(), st.lists(st.sampled_from(["<b>Odd</b> weights", "They are a neighbour's"]), unique=True))
def test_flags_are_for_staff_alone(result: SubmissionResult, flags: list[str]) -> None:
    flagged = with_outcomes(result, lambda outcome: dataclasses.replace(outcome, flags=tuple(flags)))
    assert results_json(flagged) == results_json(result)
    assert page_html(flagged, "student") == page_html(result, "student")
    page, (row,) = page_html(flagged, "staff"), csv_rows([("alice", flagged)])
    for text in flags:
        assert str(escape(text)) in page and "<b>Odd" not in page
        assert all(f"{question.name}: {text}" in row["flags"] for question in result.coded)
        assert text in gradescope.reports_for_staff(flagged)
    assert bool(row["flags"]) == bool(flags)
    for read, _ in FORMATS.values():
        assert read(flagged) == read(result)


# ---- unknown --------------------------------------------------------------------------------------------------------


@any_result
@given(submissions(visible=True))
def test_an_unknown_outcome_is_flagged_everywhere(result: SubmissionResult) -> None:
    lost = [q.name for q in result.coded if any(check.outcome.status == "unknown" for check in q.checks)]
    assert result.unknown == bool(lost)
    content = results_json(result)
    assert [test["tags"][0] for test in content["tests"] if "not graded" in test["tags"]] == lost
    assert [test["tags"][0] for test in content["tests"] if "Not graded" in test["output"]] == lost
    assert ("the grader could not tell" in content["output"]) == bool(lost)
    (row,) = csv_rows([("alice", result)])
    assert row["unknown"].split() == lost
    for audience in ("student", "staff"):
        page = page_html(result, audience)
        assert ("Not graded yet" in page) == bool(lost)
        assert [view.name for view in view_submission(result, audience).not_graded] == lost
    for count in (1, 2):
        console = Console(file=io.StringIO(), width=200)
        print_table(console, [("alice", result)] * count)
        told = console.file.getvalue()  # type: ignore[attr-defined]
        assert ("could not be graded" in told) == ("Traceback: o" in told) == bool(lost)


@any_result
@given(submissions())
def test_an_unknown_outcome_is_worth_what_a_failed_one_is(result: SubmissionResult) -> None:
    changed = with_outcomes(result, lambda outcome: Outcome("failed") if outcome.status == "unknown" else outcome)
    for read, _ in FORMATS.values():
        assert read(changed) == read(result)


@few_results
@given(st.lists(submissions(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_grading_ends_with_status_1_where_an_outcome_is_unknown(results: list[SubmissionResult], shuffler: Any) -> None:
    """And the order in which submissions are named changes no row of the CSV."""
    named = {f"s{number}": result for number, result in enumerate(results)}
    tables = []
    for _ in range(2):
        order = list(named)
        shuffler.shuffle(order)
        with pytest.MonkeyPatch.context() as patch, empty_folder():
            patch.setattr(batch, "stage", nullcontext)
            patch.setattr(batch, "choose", lambda isolation, kit: SimpleNamespace(backend="none"))
            patch.setattr(batch, "grade_one", lambda _, path, *more, **options: Graded(named[path.name], FACTS))
            for name in order:
                Path(name).touch()
            done = CliRunner().invoke(command_line, ["grade", "newton_gd", *order])
            assert done.exit_code == any(result.unknown for result in results), done.output
            table = csv.DictReader(io.StringIO(Path("results/newton_gd/results.csv").read_text()))
            tables.append(sorted(({k: v for k, v in row.items() if v} for row in table), key=lambda r: r["submission"]))
    assert tables[0] == tables[1]
    assert [row["submission"] for row in tables[0]] == sorted(named)


@few_results
@given(submissions())
def test_the_container_ends_with_status_1_where_an_outcome_is_unknown(result: SubmissionResult) -> None:
    with pytest.MonkeyPatch.context() as patch, empty_folder():
        patch.setattr(gradescope, "load", lambda: {"newton_gd": load()["newton_gd"]})
        patch.setattr(gradescope, "_grade", lambda *_: Graded(result, FACTS))
        assert gradescope.main(Path.cwd()) == result.unknown
        assert json.loads(Path("results/results.json").read_text()) == results_json(result)


# ---- order, time, repetition ----------------------------------------------------------------------------------------


@any_result
@given(submissions(), st.randoms(use_true_random=False))
def test_the_order_of_checks_makes_no_difference(result: SubmissionResult, shuffler: Any) -> None:
    def shuffled(question: QuestionResult) -> QuestionResult:
        checks = list(question.checks)
        shuffler.shuffle(checks)
        return dataclasses.replace(question, checks=tuple(checks))

    other = dataclasses.replace(result, questions=tuple(map(shuffled, result.questions)))
    assert other.score == result.score and other.unknown == result.unknown
    for read, _ in FORMATS.values():
        assert read(other) == read(result)
    assert csv_text([("alice", other)]) == csv_text([("alice", result)])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind])
def test_checks_that_cannot_run_give_no_points(kind: Kind) -> None:
    """What the sandbox ends, and what has no time left, fails with its kind; what it can't explain is unknown."""
    assignment = load()["newton_gd"]

    def ended(*_: object, **__: object) -> None:
        raise CheckEnded(kind, "ended")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ours")

    for check, seconds, expected in (
        (ended, 60, {("failed", kind)}),
        (ended, 0, {("failed", "timeout")}),
        (broken, 60, {("unknown", "")}),
    ):
        clock = Clock(time.monotonic() + seconds)
        found = run_checks(assignment, SimpleNamespace(check=check), clock, {}, {})  # type: ignore[arg-type]
        assert {(outcome.status, outcome.kind) for outcome in found.values()} == expected
        assert all(CheckResult("", "", True, Fraction(1), outcome).score == 0 for outcome in found.values())


def everything_written(result: SubmissionResult, folder: Path) -> dict[str, bytes]:
    write_submission(folder, Graded(result, FACTS))
    (folder / "results.csv").write_text(csv_text([("alice", result)]))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@few_results
@given(submissions())
def test_the_same_result_gives_the_same_bytes(result: SubmissionResult) -> None:
    with empty_folder():
        first, second = (everything_written(result, Path(name)) for name in ("first", "second"))
    assert first == second and len(first) == 5


def test_it_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    """Sets and hashes differ from process to process, unlike what is written."""
    program = (
        "from fractions import Fraction\n"
        "from pathlib import Path\n"
        "from autograder.results import *\n"
        "from tests.test_scoring import everything_written\n"
        "from shared.kit.checking import Outcome\n"
        "ours = Outcome('unknown', staff='ours')\n"
        "found = [*(Outcome('failed', kind) for kind in ('memory', 'died', 'timeout')), Outcome('passed'), ours]\n"
        "checks = tuple(CheckResult(f'c{n}', f'It is {n}.', n < 2, Fraction(1, 5), o) for n, o in enumerate(found))\n"
        "asked = tuple(QuestionResult(name, name, name, Fraction(1), 'visible', checks) for name in 'abcdefgh')\n"
        "result = SubmissionResult('newton_gd', 'N', 'alice', 'hint', 'visible', asked)\n"
        "everything_written(result, Path(sys.argv[1]))\n"
    )
    written = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(KIT)}
        command = [sys.executable, "-c", f"import sys\n{program}", str(tmp_path / seed)]
        subprocess.run(command, env=environment, cwd=KIT, check=True)
        written.append({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()})
    assert written[0] == written[1]
