"""Run every answer of an assignment through the grade path, and say what falls short.

`audit_assignment` runs; everything below `judge` is a plain function of what came back.
"""

import inspect
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from autograder.audit.answers import answer_cells, blank_cells, reference_cells, write_notebook
from autograder.audit.findings import Finding, MutationReport, PowerReport
from autograder.companions import put_beside
from autograder.grading import grade_one
from autograder.policy import Assignment, checks_of
from autograder.results import SubmissionResult
from autograder.sandbox import Isolation, Stage
from autograder.side_by_side import side_by_side
from shared.kit.checking import Check, Outcome
from shared.kit.values import seeded
from solutions.banks import mistakes_of, names_read, variants_of

FEWEST_MISTAKES = 6  # for a coded question
FEWEST_VARIANTS = 3
LARGEST_SHARE = Fraction(1, 2)  # of a question's points that a mistake may keep
ROUNDING = 1e-9

Kind = Literal["reference", "blank", "variant", "mistake"]


@dataclass(frozen=True)
class AuditedAnswer:
    """An answer and what the checks of its question found.

    hint: its own (of a mistake). outcomes: by check. kept: its share of the question's points, from 0 to 1.
    problem: why its notebook was not run whole, in which case the outcomes tell nothing about the answer.
    """

    kind: Kind
    name: str
    hint: str
    outcomes: Mapping[str, Outcome]
    kept: Fraction
    problem: str = ""

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints that its author would read, each once."""
        return tuple(dict.fromkeys(outcome.hint for outcome in self.outcomes.values() if outcome.hint))

    @property
    def explained(self) -> bool:
        """Whether its author would read its own hint."""
        return self.hint in self.hints

    @property
    def caught_by(self) -> tuple[str, ...]:
        """The checks that it fails."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome.status == "failed")


@dataclass(frozen=True)
class QuestionAudit:
    """A coded question: its checks, every answer to it (reference, blank, variants, mistakes), and the findings."""

    name: str
    number: str
    title: str
    checks: tuple[Check, ...]
    answers: tuple[AuditedAnswer, ...]
    findings: tuple[Finding, ...] = ()

    @cached_property
    def mistakes(self) -> tuple[AuditedAnswer, ...]:
        return self._of("mistake")

    @cached_property
    def variants(self) -> tuple[AuditedAnswer, ...]:
        return self._of("variant")

    @cached_property
    def caught(self) -> int:
        """How many of the mistakes a check catches."""
        return sum(bool(item.caught_by) for item in self.mistakes)

    @cached_property
    def accepted(self) -> int:
        """How many of the variants keep all of the points that can be reached."""
        return sum(item.kept == 1 for item in self.variants)

    @cached_property
    def explained(self) -> int:
        """How many of the mistakes show their own hint."""
        return sum(item.explained for item in self.mistakes)

    def _of(self, kind: Kind) -> tuple[AuditedAnswer, ...]:
        return tuple(item for item in self.answers if item.kind == kind)


@dataclass(frozen=True)
class AssignmentAudit:
    """The audit of an assignment; `mutation` and `power` where they were asked for."""

    name: str
    title: str
    questions: tuple[QuestionAudit, ...]
    unplaced: tuple[Finding, ...] = ()  # about answers that belong to no question
    mutation: MutationReport | None = None
    power: PowerReport | None = None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the questions."""
        found = [*self.unplaced, *(item for question in self.questions for item in question.findings)]
        for report in (self.mutation, self.power):
            found += report.findings if report else ()
        order = {question.name: number for number, question in enumerate(self.questions)}
        return tuple(sorted(found, key=lambda item: order.get(item.question, -1)))

    @property
    def shortfalls(self) -> tuple[Finding, ...]:
        return tuple(item for item in self.findings if item.falls_short)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What is for a person to judge."""
        return tuple(item for item in self.findings if not item.falls_short)


# ---- running --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """One notebook to grade."""

    question: str
    kind: Kind
    name: str
    hint: str
    cells: tuple[str, ...]


def trials_of(assignment: Assignment, questions: Sequence[str]) -> list[Trial]:
    """What is to be graded, in order. Raises BuildError where an answer can't be taken out of its bank."""
    name = assignment.name
    trials = []
    for question in questions:
        checks = checks_of(name, question)
        trials.append(Trial(question, "reference", "reference", "", reference_cells(name, checks)))
        trials.append(Trial(question, "blank", "blank", "", blank_cells(name)))
        for answer in (*variants_of(name), *mistakes_of(name)):
            if answer.question == question:
                cells = answer_cells(name, answer, checks)
                trials.append(Trial(question, answer.kind, answer.name, answer.hint, cells))
    return trials


def audit_assignment(
    assignment: Assignment,
    questions: Sequence[str],
    trials: Sequence[Trial],
    kit: Stage,
    isolation: Isolation,
    jobs: int,
    advance: Callable[[], None] = lambda: None,
) -> AssignmentAudit:
    """Grade every trial (see `trials_of`) as a submission, `jobs` side by side, and judge what came back.

    advance: called after each.
    """
    with tempfile.TemporaryDirectory(prefix="touchstone-audit-") as folder:
        calls = [(assignment, trial, Path(folder) / str(number), kit, isolation) for number, trial in enumerate(trials)]
        graded: dict[int, AuditedAnswer] = {}
        for number, audited in side_by_side(_grade, calls, jobs):
            graded[number] = audited
            advance()
    numbers = {name: str(number) for number, name in enumerate(assignment.questions, start=1)}
    audits = []
    for question in questions:
        answers = tuple(graded[number] for number, trial in enumerate(trials) if trial.question == question)
        checks = checks_of(assignment.name, question)
        findings = tuple(judge(question, checks, answers))
        title = assignment.questions[question].title
        audits.append(QuestionAudit(question, numbers[question], title, checks, answers, findings))
    return AssignmentAudit(assignment.name, assignment.title, tuple(audits), tuple(_unplaced(assignment)))


def _grade(assignment: Assignment, trial: Trial, folder: Path, kit: Stage, isolation: Isolation) -> AuditedAnswer:
    """Grade one trial as a submission of its question alone."""
    folder.mkdir()
    path = put_beside(write_notebook(folder / f"{assignment.name}.ipynb", trial.cells), assignment.name)
    result = grade_one(assignment.only(trial.question), path, kit, isolation).result
    (question,) = result.questions
    outcomes = {check.name: check.outcome for check in question.checks}
    weights = {check.name: check.weight for check in checks_of(assignment.name, trial.question)}
    kept = sum(weights[name] for name, outcome in outcomes.items() if outcome.status == "passed")
    share = Fraction(kept, sum(weights.values()))
    return AuditedAnswer(trial.kind, trial.name, trial.hint, outcomes, share, _problem(result))


def _problem(result: SubmissionResult) -> str:
    """Why a notebook was not run whole."""
    if result.problem:
        return result.problem
    return "; ".join(f"cell {cell.number} {cell.reason}" for cell in result.cells)


def _unplaced(assignment: Assignment) -> Iterator[Finding]:
    """Answers whose question isn't one that checks grade."""
    for answer in (*mistakes_of(assignment.name), *variants_of(assignment.name)):
        if answer.question not in assignment.coded:
            text = f"{answer.kind} {answer.name} belongs to {answer.question}, which is no coded question"
            yield Finding(answer.question, "answer without a question", text)


# ---- judging --------------------------------------------------------------------------------------------------------


def judge(question: str, checks: Sequence[Check], answers: Sequence[AuditedAnswer]) -> Iterator[Finding]:
    """The findings about a question: what falls short first, then what is for a person to judge."""
    by_kind: dict[Kind, list[AuditedAnswer]] = defaultdict(list)
    for item in answers:
        by_kind[item.kind].append(item)
    mistakes = by_kind["mistake"]
    for kind, text in (
        *_cannot_tell(answers),
        *_refused(by_kind["reference"], "reference below full marks"),
        *_blank(by_kind["blank"]),
        *_refused(by_kind["variant"], "refused variant"),
        *_uncaught(mistakes),
        *_misexplained(mistakes),
        *_error_rates(checks, by_kind["reference"]),
        *_too_few(mistakes, by_kind["variant"]),
    ):
        yield Finding(question, kind, text)
    for kind, text in (
        *_drawing_without_rate(checks),
        *_redundant(checks, mistakes),
        *_alike(mistakes),
        *_only_raising(mistakes),
        *_unexplained(mistakes),
    ):
        yield Finding(question, kind, text, falls_short=False)


Said = Iterator[tuple[str, str]]  # the kind and the text of a finding


def _label(item: AuditedAnswer) -> str:
    return item.kind if item.kind in ("reference", "blank") else f"{item.kind} {item.name}"


def _passes_all(item: AuditedAnswer) -> bool:
    return all(outcome.status == "passed" for outcome in item.outcomes.values())


def _cannot_tell(answers: Iterable[AuditedAnswer]) -> Said:
    """Answers whose outcomes tell nothing: the grader could not tell, or the notebook lacks what the answer reads."""
    for item in answers:
        if item.problem:
            yield "notebook not run whole", f"the notebook of {_label(item)}: {item.problem}"
            continue
        for name, outcome in item.outcomes.items():
            if outcome.status == "unknown":
                last = outcome.staff.strip().rpartition("\n")[2]
                yield "unknown outcome", f"{name} can't tell whether {_label(item)} is right: {last}"
            elif re.search(r"\braised (NameError|ImportError|ModuleNotFoundError)\.", outcome.message):
                text = f"{_label(item)} reads a name that its notebook lacks: {_one_line(outcome)}"
                yield "notebook not run whole", text


def _refused(answers: Iterable[AuditedAnswer], kind: str) -> Said:
    for item in answers:
        for name, outcome in item.outcomes.items():
            if outcome.status == "failed":
                yield kind, f"{name} refuses {_label(item)}: {_one_line(outcome)}"


def _blank(answers: Iterable[AuditedAnswer]) -> Said:
    for item in answers:
        for name, outcome in item.outcomes.items():
            if outcome.status == "passed":
                yield "check that the blank passes", f"{name} accepts the blank, in which nothing is done"


def _uncaught(mistakes: Iterable[AuditedAnswer]) -> Said:
    for item in mistakes:
        if _passes_all(item):
            yield "uncaught mistake", f"no check catches mistake {item.name}"
        elif item.kept > LARGEST_SHARE:
            text = (
                f"mistake {item.name} keeps {item.kept} of the points; it is caught by {listed(item.caught_by)} alone"
            )
            yield "mistake that keeps too much", text


def _misexplained(mistakes: Sequence[AuditedAnswer]) -> Said:
    owners: dict[str, list[str]] = defaultdict(list)
    for item in mistakes:
        owners[item.hint].append(item.name)
    for item in mistakes:
        for hint in item.hints:
            if hint != item.hint:
                whose = " or ".join(owners.get(hint, ["no mistake of this question"]))
                text = f"mistake {item.name} is explained by the hint of {whose}: «{hint}»"
                yield "mistake explained by another's hint", text


def _error_rates(checks: Iterable[Check], references: Iterable[AuditedAnswer]) -> Said:
    """Checks whose declared error rate isn't covered by the statistics that they compute on the reference."""
    for item in references:
        for check in checks:
            statistics = item.outcomes[check.name].statistics
            computed = sum(statistic.level for statistic in statistics)
            declared = f"{check.name} declares an error rate of {check.error_rate:g}"
            if computed > check.error_rate * (1 + ROUNDING):
                yield "error rate", f"{declared}, but the levels of its statistics add up to {computed:g}"
            elif check.error_rate and not statistics:
                yield "error rate", f"{declared}, but computes no statistic"


def _drawing_without_rate(checks: Iterable[Check]) -> Said:
    """Checks that hand out random generators, and state nothing of luck."""
    for check in checks:
        if not check.error_rate and _hands_out_generators(check):
            text = f"{check.name} hands out random generators without an error rate: luck must not decide it"
            yield "random check without an error rate", text


def _hands_out_generators(check: Check) -> bool:
    """Whether a check, or a function of the check modules that it calls, uses `seeded`."""
    handle = getattr(check.function, "hypothesis", None)
    waiting, seen = [handle.inner_test if handle else check.function], set[Any]()
    while waiting:
        function = waiting.pop()
        seen.add(function)
        names = names_read(function)
        if seeded.__name__ in names:
            return True
        read = (function.__globals__.get(name) for name in names)
        waiting += [
            item for item in read if inspect.isfunction(item) and ".checks." in item.__module__ and item not in seen
        ]
    return False


def _too_few(mistakes: Sequence[AuditedAnswer], variants: Sequence[AuditedAnswer]) -> Said:
    for items, word, fewest in ((mistakes, "mistakes", FEWEST_MISTAKES), (variants, "variants", FEWEST_VARIANTS)):
        if len(items) < fewest:
            yield f"too few {word}", f"{len(items)} of at least {fewest} {word} are written"


def _redundant(checks: Sequence[Check], mistakes: Sequence[AuditedAnswer]) -> Said:
    """Checks without which every mistake that is caught would still be."""
    caught = {item.name: set(item.caught_by) for item in mistakes}
    groups: dict[str, list[str]] = defaultdict(list)
    for check in checks:
        own = [by for by in caught.values() if check.name in by]
        if all(len(by) > 1 for by in own):
            others = [item.name for item in checks if item is not check and all(item.name in by for by in own)]
            than = f"{others[-1]} doesn't" if others else "the others together don't"
            groups[f"nothing that {than}" if own else "no mistake"].append(check.name)
    for what, names in groups.items():
        yield "redundant check", f"{listed(names)} {'catches' if len(names) == 1 else 'catch'} {what}"


def _alike(mistakes: Sequence[AuditedAnswer]) -> Said:
    """Mistakes whose authors would read the same, word for word."""
    groups: dict[object, list[str]] = defaultdict(list)
    for item in mistakes:
        if item.caught_by:
            groups[tuple((name, _seen(outcome)) for name, outcome in item.outcomes.items())].append(item.name)
    for names in groups.values():
        if len(names) > 1:
            yield "mistakes that look the same", f"{listed(names)} have the same outcome on every check"


def _seen(outcome: Outcome) -> tuple[str, ...]:
    return outcome.status, outcome.kind, outcome.message, outcome.smallest_input, outcome.details


def _only_raising(mistakes: Iterable[AuditedAnswer]) -> Said:
    """Mistakes of which every check that catches them has seen an exception: it may be a slip of the bank's author."""
    names = [
        item.name
        for item in mistakes
        if item.caught_by and all(item.outcomes[name].kind == "exception" for name in item.caught_by)
    ]
    if names:
        yield "mistake that raises", f"{listed(names)} raise an exception in every check that catches them: meant so?"


def _unexplained(mistakes: Sequence[AuditedAnswer]) -> Said:
    names = [item.name for item in mistakes if item.caught_by and not item.hints]
    if names:
        which = "" if len(names) == len(mistakes) else f": {', '.join(names)}"
        yield "mistake without its hint", f"{len(names)} of {len(mistakes)} mistakes show no hint{which}"


def listed(names: Sequence[str]) -> str:
    """«a», «a and b», «a, b and c»."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _one_line(outcome: Outcome) -> str:
    return " ".join((outcome.message or outcome.kind).split())
