"""What whom may see: the one place that turns a result into the parts shown to a student or to staff.

Staff see everything. What a student reads of a check depends on the feedback level of grading.yml:

    none    passed or not, and points
    hint    title, which property broke, hint and notes; of public checks also the smallest input and what came back
    full    the same of private checks
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from autograder.render.text import harmless, one_line
from autograder.results import CheckResult, QuestionResult, SubmissionResult, as_text
from shared.kit.checking import Kind, Outcome

Audience = Literal["student", "staff"]
State = Literal["full", "partial", "zero", "unknown", "written"]

NOT_GRADED = "Not graded: the grader could not tell. Please tell the staff; they can grade it again."

# How a failure is called, what it means where the check has no message, and what to try where it has no hint.
KINDS: dict[Kind, tuple[str, str, str]] = {
    "": ("Failed", "The check failed.", ""),
    "wrong value": ("Wrong value", "A property of the answer does not hold.", ""),
    "missing name": ("Missing name", "Your notebook doesn't define what this check needs.", ""),
    "exception": ("Exception", "Your code raised an exception.", ""),
    "timeout": (
        "Out of time",
        "The check took too long and was stopped.",
        "Look for a loop that never ends, or for one that a single array operation could replace.",
    ),
    "memory": (
        "Out of memory",
        "The check needed more memory than there is.",
        "Look for an array that is much larger than the data, such as an n by n matrix.",
    ),
    "died": (
        "Process ended",
        "Your code ended the process that ran it.",
        "Look for exit, quit or os._exit in your code, and return a value in their place.",
    ),
    "refused": (
        "Not gradable",
        "What came back can't be read as an answer.",
        "Return plain numbers, lists or NumPy arrays of ordinary size.",
    ),
}


@dataclass(frozen=True)
class Part:
    """One labelled piece of what a check has to say. code: something to read, or paste, as Python."""

    label: str
    text: str
    code: bool = False


@dataclass(frozen=True)
class CheckView:
    """A check as its reader may see it; every text is harmless."""

    title: str
    status: Literal["passed", "failed", "unknown"]
    verdict: str
    score: str
    points: str
    public: bool
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()  # none for students
    withheld: bool = False


@dataclass(frozen=True)
class QuestionView:
    """A question as its reader may see it. share: of its points earned, from 0 to 1."""

    name: str
    number: str
    title: str
    state: State
    score: str
    points: str
    share: float
    visibility: str
    checks: tuple[CheckView, ...]
    answer: str
    model_answer: str
    rubric: tuple[str, ...]
    extra: bool

    @property
    def passed(self) -> tuple[CheckView, ...]:
        """Checks that passed and have nothing more to say."""
        return tuple(check for check in self.checks if check.status == "passed" and not (check.notes or check.flags))

    @property
    def telling(self) -> tuple[CheckView, ...]:
        """Checks that have something to say: those that did not pass, and passed ones with notes or flags."""
        return tuple(check for check in self.checks if check.status != "passed" or check.notes or check.flags)

    @property
    def flags(self) -> tuple[str, ...]:
        """What staff should know of the question, each once."""
        return tuple(dict.fromkeys(text for check in self.checks for text in check.flags))

    @property
    def tally(self) -> str:
        """«2 of 3 checks passed», «2 of 4 checks passed, 1 not graded»."""
        passed = sum(check.status == "passed" for check in self.checks)
        if passed == len(self.checks):
            return f"{passed} {'check' if passed == 1 else 'checks'} passed"
        unknown = sum(check.status == "unknown" for check in self.checks)
        return f"{passed} of {len(self.checks)} checks passed" + (f", {unknown} not graded" if unknown else "")


def view_question(question: QuestionResult, feedback: str, audience: Audience) -> QuestionView:
    """The parts of a question that `audience` may see at this feedback level."""
    staff = audience == "staff"
    return QuestionView(
        name=question.name,
        number=question.number,
        title=one_line(question.title),
        state=_state(question),
        score=as_text(question.score),
        points=as_text(question.points),
        share=float(question.score / question.points) if question.points else 0.0,
        visibility=question.visibility,
        checks=tuple(
            view_check(check, feedback, audience, position) for position, check in enumerate(question.checks, start=1)
        ),
        answer=_unwrapped(harmless(question.answer, 50_000)) if question.written else "",
        model_answer=_unwrapped(harmless(question.model_answer, 50_000)) if staff else "",
        rubric=tuple(harmless(line) for line in question.rubric) if staff else (),
        extra=question.extra,
    )


def _unwrapped(text: str) -> str:
    """Markdown with the lines of each paragraph joined: the page wraps them to its own width."""
    return re.sub(r"(?<!\n)\n(?![\n\s\-*+>#|`]|\d+[.)])", " ", text)


def view_check(check: CheckResult, feedback: str, audience: Audience, position: int = 1) -> CheckView:
    """The parts of a check that `audience` may see. position: among its question's checks, its name at «none»."""
    outcome = check.outcome
    staff = audience == "staff"
    silent = feedback == "none" and not staff
    closed = feedback == "hint" and not staff and not check.public
    parts: list[Part] = []
    verdict = "Passed"
    if outcome.status == "unknown":
        verdict = "Not graded"
        parts.append(Part("", NOT_GRADED))
    elif outcome.status == "failed":
        verdict, meaning, general_hint = KINDS[outcome.kind] if not silent else ("Failed", "", "")
        if not silent:
            message, line = _split_line(outcome)
            parts.append(Part("", harmless(message or meaning)))
            parts.append(Part("In the line", harmless(line, 300), code=True))
            if not closed:
                parts.append(Part("Smallest input", harmless(outcome.smallest_input, 4000), code=True))
                parts.append(Part("What came back", harmless(outcome.details, 4000), code=True))
            parts.append(Part("Hint", harmless(outcome.hint or general_hint)))
    if staff:
        parts.append(Part("For staff", harmless(outcome.staff, 20_000), code=True))
    return CheckView(
        title=f"Check {position}" if silent else one_line(check.title, 300),
        status=outcome.status,
        verdict=verdict,
        score="–" if outcome.status == "unknown" else as_text(check.score),
        points=as_text(check.points),
        public=check.public and not silent,
        parts=tuple(part for part in parts if part.text),
        notes=() if silent else tuple(harmless(note, 500) for note in outcome.notes[:10]),
        flags=tuple(harmless(text, 500) for text in outcome.flags[:10]) if staff else (),
        withheld=closed and outcome.status == "failed" and bool(outcome.smallest_input or outcome.details),
    )


def _split_line(outcome: Outcome) -> tuple[str, str]:
    """The message, and the line of code that an exception's message ends with («\\nin <line>»)."""
    if outcome.kind != "exception" or "\nin " not in outcome.message:
        return outcome.message, ""
    before, _, after = outcome.message.rpartition("\nin ")
    line, newline, rest = after.partition("\n")
    return before + newline + rest, line


def _state(question: QuestionResult) -> State:
    if question.written:
        return "written"
    if question.unknown:
        return "unknown"
    if question.passed:
        return "full"
    return "partial" if question.score else "zero"


@dataclass(frozen=True)
class CellView:
    """A cell that didn't run to its end."""

    number: int
    first_line: str
    reason: str


@dataclass(frozen=True)
class SubmissionView:
    """A graded submission as its reader may see it.

    score and points, which are without what is extra, are empty where a question is hidden: a total would tell;
    extra_score and extra_points also where nothing is extra. faulty: the grader failed before any check ran; fault is
    why, for staff.
    """

    audience: Audience
    assignment: str
    title: str
    submission: str
    feedback: str
    score: str
    points: str
    extra_score: str
    extra_points: str
    by_hand: str
    questions: tuple[QuestionView, ...]
    problem: str
    faulty: bool
    fault: str
    notes: tuple[str, ...]
    cells: tuple[CellView, ...]

    @property
    def not_graded(self) -> tuple[QuestionView, ...]:
        return tuple(question for question in self.questions if question.state == "unknown")

    @property
    def flagged(self) -> tuple[QuestionView, ...]:
        return tuple(question for question in self.questions if question.flags)


def view_submission(result: SubmissionResult, audience: Audience) -> SubmissionView:
    """What a page for `audience` shows. A student's page leaves hidden questions out, and with them the total."""
    staff = audience == "staff"
    shown = [question for question in result.questions if staff or question.visibility != "hidden"]
    total_shown = len(shown) == len(result.questions) and (staff or result.visibility != "hidden")
    outcomes = [check.outcome for question in result.coded for check in question.checks]
    faulty = bool(outcomes) and all(outcome.status == "unknown" and outcome == outcomes[0] for outcome in outcomes)
    written = sum((question.points for question in shown if question.written), Fraction(0))
    return SubmissionView(
        audience=audience,
        assignment=result.assignment,
        title=one_line(result.title),
        submission=one_line(result.submission),
        feedback=result.feedback,
        score=as_text(result.score - result.extra_score) if total_shown else "",
        points=as_text(result.automatic_points) if total_shown else "",
        extra_score=as_text(result.extra_score) if total_shown and result.extra_points else "",
        extra_points=as_text(result.extra_points) if total_shown and result.extra_points else "",
        by_hand=as_text(written) if written else "",
        questions=tuple(view_question(question, result.feedback, audience) for question in shown),
        problem=harmless(result.problem),
        faulty=faulty,
        fault=harmless(outcomes[0].staff, 20_000) if faulty and staff else "",
        notes=tuple(harmless(note) for note in result.notes),
        cells=view_cells(result),
    )


def view_cells(result: SubmissionResult) -> tuple[CellView, ...]:
    """The cells that didn't run to their end; they are the student's own, so there is nothing to hide."""
    return tuple(
        CellView(cell.number, one_line(cell.first_line, 100), harmless(cell.reason, 600)) for cell in result.cells
    )
