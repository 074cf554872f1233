"""What grading a submission gives, as frozen data; scoring; nothing here knows how it will be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from shared.kit.checking import Outcome


@dataclass(frozen=True)
class CheckResult:
    """One check's outcome, and its share of the question's points."""

    name: str
    title: str
    public: bool
    points: Fraction
    outcome: Outcome

    @property
    def score(self) -> Fraction:
        """All of the points for passed, none for failed or unknown."""
        return self.points if self.outcome.status == "passed" else Fraction(0)


@dataclass(frozen=True)
class QuestionResult:
    """One question: its checks if it is coded; the student's answer and the rubric if it is written."""

    name: str
    number: str
    title: str
    points: Fraction
    visibility: str
    checks: tuple[CheckResult, ...] = ()
    written: bool = False
    answer: str = ""
    model_answer: str = ""
    rubric: tuple[str, ...] = ()
    extra: bool = False  # its points come on top of the assignment's

    @property
    def score(self) -> Fraction:
        return sum((check.score for check in self.checks), Fraction(0))

    @property
    def passed(self) -> bool:
        """Whether every check passed. (All of the points don't tell: a question may be worth none.)"""
        return bool(self.checks) and all(check.outcome.status == "passed" for check in self.checks)

    @property
    def unknown(self) -> bool:
        """Whether a check could not tell: the grader's own fault."""
        return any(check.outcome.status == "unknown" for check in self.checks)


@dataclass(frozen=True)
class Standing:
    """What a leaderboard shows of a submission: a number that the grader has measured itself."""

    name: str
    value: float


@dataclass(frozen=True)
class CellProblem:
    """A cell that didn't run to its end: its number from 1 among the code cells, and why."""

    number: int
    first_line: str
    reason: str


@dataclass(frozen=True)
class SubmissionResult:
    """A graded submission. problem: why nothing of it could be graded, as a sentence for the student."""

    assignment: str
    title: str
    submission: str
    feedback: str
    visibility: str
    questions: tuple[QuestionResult, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()
    cells: tuple[CellProblem, ...] = ()
    figures: tuple[bytes, ...] = ()
    standing: Standing | None = None

    @property
    def coded(self) -> tuple[QuestionResult, ...]:
        return tuple(question for question in self.questions if not question.written)

    @property
    def written(self) -> tuple[QuestionResult, ...]:
        return tuple(question for question in self.questions if question.written)

    @property
    def score(self) -> Fraction:
        """All that was earned, with extra points."""
        return sum((question.score for question in self.coded), Fraction(0))

    @property
    def extra_score(self) -> Fraction:
        """What of the score is extra."""
        return sum((question.score for question in self.coded if question.extra), Fraction(0))

    @property
    def full_marks(self) -> Fraction:
        """All that the checks can give, with the extra points; written questions are graded by people."""
        return sum((question.points for question in self.coded), Fraction(0))

    @property
    def extra_points(self) -> Fraction:
        """What the checks can give on top of `automatic_points`."""
        return sum((question.points for question in self.coded if question.extra), Fraction(0))

    @property
    def automatic_points(self) -> Fraction:
        """What the checks can give, without the extra points."""
        return self.full_marks - self.extra_points

    @property
    def marks(self) -> str:
        """The score for people: «13 of 14», «14 of 14 and 2 of 3 extra»."""
        regular = f"{as_text(self.score - self.extra_score)} of {as_text(self.automatic_points)}"
        if not self.extra_points:
            return regular
        return f"{regular} and {as_text(self.extra_score)} of {as_text(self.extra_points)} extra"

    @property
    def unknown(self) -> bool:
        return any(question.unknown for question in self.coded)


@dataclass(frozen=True)
class RunFacts:
    """What differs from run to run, kept apart from the result."""

    seconds: float
    cell_seconds: float
    check_seconds: dict[str, float]
    worker_peak_mb: float
    isolation: str
    enforced: tuple[str, ...]
    versions: dict[str, str]


@dataclass(frozen=True)
class Graded:
    """A result and the facts of its run."""

    result: SubmissionResult
    facts: RunFacts


def share(points: Fraction, weights: Sequence[int]) -> tuple[Fraction, ...]:
    """Split `points` in proportion to `weights`; the parts add up exactly.

    Raises ValueError for a weight below 1: passing its check would give nothing, or even cost points.
    """
    if any(weight < 1 for weight in weights):
        raise ValueError(f"the weights of a question's checks must be 1 or more, not {list(weights)}")
    total = sum(weights)
    return tuple(points * Fraction(weight, total) for weight in weights)


def as_float(points: Fraction) -> float:
    """Points for output, rounded to five decimals as stock otter rounds them: a third prints the same everywhere."""
    return round(float(points), 5)


def as_text(points: Fraction) -> str:
    """Points for people: at most three decimals, without trailing zeros."""
    return f"{float(points):.3f}".rstrip("0").rstrip(".")
