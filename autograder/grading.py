"""Grade one submission: read it, run its cells in a sandbox, run each check against the names it defines.

This is the way of the data from a file to a `SubmissionResult`; each step stands in a module of its own.
"""

import dataclasses
import importlib
import inspect
import re
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.carrying import carry_forward
from autograder.hints import Call, hints_for, recording
from autograder.policy import Assignment, checks_of
from autograder.results import (
    CellProblem,
    CheckResult,
    Graded,
    QuestionResult,
    RunFacts,
    Standing,
    SubmissionResult,
    share,
)
from autograder.sandbox import CellReport, Isolation, Sandbox, Stage
from autograder.submission import Submission, Unreadable, read
from shared.kit.checking import Check, CheckEnded, Outcome, remembering, run_check

CELLS_SHARE = 0.5  # of the time a submission has, for its cells; the rest is for the checks
RESERVE_SECONDS = 2.0  # for each check that is still to come, while there is that much
SAFETY_SHARE = 0.1  # of the platform's limit, kept back for starting and writing
LEAST_SECONDS = 0.1  # no check is begun with less
ANSWERING_SHARE = 1.0  # of a check's limit: what our answers to its call-backs may take besides

NOT_RUN = Outcome("failed", "timeout", "The time for your submission was used up before this check could run.")


@dataclass(frozen=True)
class Clock:
    """Splits what is left of a submission's time, so that every check gets its turn."""

    deadline: float  # time.monotonic()

    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def allowance(self, most: float, checks_left: int) -> float:
        """Seconds for the next of `checks_left` checks: `most`, or what is left when the others keep their reserve."""
        left = self.left()
        reserve = min(RESERVE_SECONDS, left / checks_left)
        return min(most, left - (checks_left - 1) * reserve)


def grade_one(
    assignment: Assignment,
    path: Path,
    kit: Stage,
    isolation: Isolation,
    *,
    seconds: float | None = None,
) -> Graded:
    """Grade the submission at `path`. Never raises for anything a submission holds or does.

    seconds: the time there is for it (by default the platform's limit, less a reserve).
    """
    started = time.monotonic()
    limit = assignment.limits.platform_seconds * (1 - SAFETY_SHARE) if seconds is None else seconds
    clock = Clock(started + limit)
    reference = importlib.import_module(f"solutions.{assignment.name}")
    times: dict[str, float] = {}
    try:
        with read(path, assignment.name) as submission:
            result = _run(assignment, submission, kit, isolation, clock, reference, times)
    except Unreadable as error:
        result = _without_run(assignment, reference, path.stem, Outcome("failed", "refused"), problem=str(error))
    except Exception:  # a fault of ours: flagged, kept for staff, and the other submissions go on
        outcome = Outcome("unknown", staff=traceback.format_exc())
        result = _without_run(assignment, reference, path.stem, outcome)
    cell_seconds, peak_mb = times.pop("cells", 0.0), times.pop("peak_mb", 0.0)  # the rest of times is the checks'
    facts = RunFacts(
        seconds=round(time.monotonic() - started, 3),
        cell_seconds=cell_seconds,
        check_seconds=times,
        worker_peak_mb=round(peak_mb, 1),
        isolation=isolation.backend,
        enforced=isolation.enforced,
        versions={"python": sys.version.split()[0]},
    )
    return Graded(result, facts)


def _run(
    assignment: Assignment,
    submission: Submission,
    kit: Stage,
    isolation: Isolation,
    clock: Clock,
    reference: ModuleType,
    times: dict[str, float],
) -> SubmissionResult:
    """Run the cells, then every check, and gather the result."""
    with Sandbox(
        kit,
        isolation,
        submission.cells,
        submission.files,
        memory_mb=assignment.limits.memory_mb,
        cell_seconds=assignment.limits.cell_seconds,
        cells_seconds=clock.left() * CELLS_SHARE,
        deadline=clock.deadline,
        asked=assignment.coded,
    ) as sandbox:
        begun = time.monotonic()
        reports = sandbox.run_cells()
        times["cells"] = round(time.monotonic() - begun, 3)
        calls: dict[str, list[Call]] = {}
        with remembering():
            outcomes = run_checks(assignment, sandbox, clock, times, calls)
        if assignment.carry_errors_forward:  # only now: see autograder/carrying.py
            outcomes |= run_again(assignment, sandbox, clock, reference, outcomes, times)
        times["peak_mb"] = sandbox.peak_mb
    outcomes |= hints_for(assignment, outcomes, calls, clock.left())
    failed = [(report.index + 1, submission.cells[report.index]) for report in reports if not report.went_well]
    checks = {check.name: check for check in checks_of(assignment.name)}
    outcomes = {
        name: _explain(assignment, outcome, checks[name], reference, failed) for name, outcome in outcomes.items()
    }
    result = _gather(assignment, reference, submission.name, outcomes, submission.written)
    missing = all(outcome.kind == "missing name" for outcome in outcomes.values())
    notes = submission.notes
    if missing:
        asked = ", ".join(assignment.coded)
        notes += (
            f"Your notebook defines none of the names that this assignment asks for ({asked}). Is it another one's?",
        )
    return dataclasses.replace(
        result, notes=notes, cells=_cell_problems(submission.cells, reports), figures=submission.figures
    )


def run_checks(
    assignment: Assignment,
    sandbox: Sandbox,
    clock: Clock,
    times: dict[str, float],
    calls: dict[str, list[Call]],
) -> dict[str, Outcome]:
    """{check's name: outcome} for every check, each in a fork of the worker.

    times, calls: get each check's seconds, and the calls that it made of the student's functions.
    """
    outcomes: dict[str, Outcome] = {}
    checks = [check for check in checks_of(assignment.name) if check.question in assignment.coded]
    for position, check in enumerate(checks):
        begun = time.monotonic()
        allowance = clock.allowance(assignment.limits.check_seconds, len(checks) - position)
        calls[check.name] = []
        outcomes[check.name] = check_in(sandbox, assignment, check, allowance, calls=calls[check.name])
        times[check.name] = round(time.monotonic() - begun, 3)
    return outcomes


def run_again(
    assignment: Assignment,
    sandbox: Sandbox,
    clock: Clock,
    reference: ModuleType,
    outcomes: Mapping[str, Outcome],
    times: dict[str, float],
) -> dict[str, Outcome]:
    """{check's name: outcome} for the failed checks that pass once wrong answers of earlier questions are right."""

    def run(check: Check, stand_ins: Mapping[str, Any], runs_left: int) -> Outcome:
        if outcomes[check.name] == NOT_RUN:
            return NOT_RUN
        begun = time.monotonic()
        limit = assignment.limits.check_seconds
        allowance = clock.allowance(limit * (1 + ANSWERING_SHARE), runs_left)
        seconds = min(limit, allowance)
        outcome = check_in(sandbox, assignment, check, seconds, stand_ins, answering=allowance - seconds)
        times[check.name] = round(times[check.name] + time.monotonic() - begun, 3)
        return outcome

    checks = [check for check in checks_of(assignment.name) if check.name in outcomes]
    return carry_forward(assignment, checks, outcomes, reference, sandbox, run)


def check_in(
    sandbox: Sandbox,
    assignment: Assignment,
    check: Check,
    seconds: float,
    stand_ins: Mapping[str, Any] | None = None,
    answering: float = 0.0,
    calls: list[Call] | None = None,
) -> Outcome:
    """One check against the sandbox's names (see `Sandbox.check`).

    calls: gets those that the check makes of the student's functions.
    """
    if seconds < LEAST_SECONDS:
        return NOT_RUN
    thresholds = assignment.questions[check.question].thresholds
    try:
        with sandbox.check(seconds, stand_ins, answering) as resolve:
            recorded = resolve if calls is None else recording(resolve, calls)
            return run_check(check, recorded, assignment.seed, thresholds)
    except CheckEnded as error:  # no fork could be had
        return Outcome("failed", error.kind, error.message)
    except Exception:  # nor a worker, though one could be had before: our fault, and this check's alone
        return Outcome("unknown", staff=traceback.format_exc())


def _explain(
    assignment: Assignment, outcome: Outcome, check: Check, reference: ModuleType, failed: list[tuple[int, str]]
) -> Outcome:
    """Add what to define where a name is missing or takes other arguments, and the failed cell that was to define it.

    failed: number and source of each cell that didn't run to its end.
    """
    wrong_arguments = outcome.kind == "exception" and "TypeError" in outcome.message and "argument" in outcome.details
    if not (outcome.kind == "missing name" or wrong_arguments):
        return outcome
    if wrong_arguments:  # Python names the function, which may be one that the checked function calls
        words = re.findall(r"(\w+)\(\) (?:takes|missing|got)", outcome.details)
        missing = [name for name in assignment.coded if name in words]
    else:
        words = re.findall(r"\w+", outcome.message.partition(". ")[0])
        missing = [name for name in check.needs if name in words]
    message = outcome.message
    for number, source in failed:
        for name in missing:
            if re.search(rf"^\s*(def|class)\s+{name}\b|^{name}\s*=", source, re.MULTILINE):
                message += f" Cell {number}, which was to define it, failed."
    asked = " and ".join(contract(reference, name) for name in missing)
    return dataclasses.replace(outcome, message=f"{message}\nDefine {asked}." if asked else message)


def contract(reference: ModuleType, name: str) -> str:
    """A name as it is to be defined: `gradient(theta, X, y)`."""
    value = getattr(reference, name, None)
    if not callable(value):
        return name
    signature = inspect.signature(value)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return f"{name}{signature.replace(parameters=bare, return_annotation=inspect.Signature.empty)}"


def _gather(
    assignment: Assignment,
    reference: ModuleType,
    name: str,
    outcomes: dict[str, Outcome],
    written: dict[str, str],
    problem: str = "",
) -> SubmissionResult:
    """The result of a submission from the outcomes of its checks."""
    questions = []
    checks = checks_of(assignment.name)
    for number, (key, question) in enumerate(assignment.questions.items(), start=1):
        own = [check for check in checks if check.question == key]
        points = Fraction(question.points)
        shares = share(points, [check.weight for check in own])
        model: Any = getattr(reference, key, None) if question.written else None
        questions.append(
            QuestionResult(
                name=key,
                number=str(number),
                title=question.title,
                points=points,
                visibility=assignment.visibility_of(key),
                checks=tuple(
                    CheckResult(check.name, check.title, check.public, part, outcomes[check.name])
                    for check, part in zip(own, shares, strict=True)
                ),
                written=question.written,
                answer=written.get(key, ""),
                model_answer=model.answer if model else "",
                rubric=tuple(model.rubric) if model else (),
                extra=question.extra,
            )
        )
    return SubmissionResult(
        assignment=assignment.name,
        title=assignment.title,
        submission=name,
        feedback=assignment.feedback,
        visibility=assignment.visibility,
        questions=tuple(questions),
        problem=problem,
        standing=_standing(assignment, outcomes),
    )


def _standing(assignment: Assignment, outcomes: Mapping[str, Outcome]) -> Standing | None:
    """What a leaderboard shows; None where there is none, or where its question's checks have measured nothing."""
    board = assignment.leaderboard
    if board is None:
        return None
    own = (check.name for check in checks_of(assignment.name, board.question) if check.name in outcomes)
    values = [value for name in own if (value := outcomes[name].measured) is not None]
    return Standing(board.name, values[0]) if values else None


def _without_run(
    assignment: Assignment, reference: ModuleType, name: str, outcome: Outcome, problem: str = ""
) -> SubmissionResult:
    """The result where nothing could be run: every check has the same outcome."""
    outcomes = {check.name: outcome for check in checks_of(assignment.name)}
    return _gather(assignment, reference, name, outcomes, {}, problem)


def _cell_problems(cells: Iterable[str], reports: Iterable[CellReport]) -> tuple[CellProblem, ...]:
    return tuple(
        CellProblem(report.index + 1, _first_line(source), _reason(report))
        for source, report in zip(cells, reports, strict=True)
        if not report.went_well
    )


def _first_line(source: str) -> str:
    return next((line.strip() for line in source.splitlines() if line.strip()), "")[:100]


def _reason(report: CellReport) -> str:
    if report.timeout:
        return "ran too long and was stopped; what it had defined by then was kept"
    if report.died:
        return "ended the process, so the other cells were run again without it"
    if report.skipped or report.error is None:
        return "was not run: the time for the cells was used up, or the process ended too often"
    line = f" ({report.error.line})" if report.error.line else ""
    return f"raised {report.error.type_name}: {report.error.message}{line}"
