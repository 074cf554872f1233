"""Mutants of the reference: does any check notice a small change of it?

Each mutant is graded like a submission, in a sandbox of its own, by its question's checks in order until one fails.
One that all of them accept shows a hole in the checks, or code of the reference that does nothing; or it keeps what
the docstring promises, and then solutions/equivalent_mutants/ASSIGNMENT.yml says why.
"""

import dataclasses
import difflib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from annotated_types import MinLen
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.audit.answers import reference_cells
from autograder.audit.findings import Finding, Mutant, MutationReport
from autograder.audit.mutations import Mutation, mutations
from autograder.companions import put_beside
from autograder.grading import check_in
from autograder.policy import KIT, Assignment, PolicyError, checks_of
from autograder.sandbox import Isolation, Sandbox, Stage
from autograder.side_by_side import side_by_side
from autograder.stubs import Definition, Solutions, first_line, read_solutions

EQUIVALENT_MUTANTS = KIT / "solutions" / "equivalent_mutants"
MOST_SECONDS = 20.0  # for a check of a mutant, which may go on for ever; the longest check takes about 6


@validated(frozen=True, config=ConfigDict(extra="forbid"))
class Entry:
    """An entry of the reviewed list, as it is written there: one line of a function and what it may become, and why."""

    function: str
    before: str
    after: str | tuple[str, ...]
    reason: Annotated[str, MinLen(1)]


@dataclass(frozen=True)
class Equivalent:
    """A change of the reference that keeps its contract. before, after: the lines changed, as Mutation has them."""

    function: str
    before: str
    after: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.function, self.before, self.after


@dataclass(frozen=True)
class Verdict:
    """What the checks of a question said of some cells. caught_by: the first that failed. unsure: those unknown."""

    caught_by: str = ""
    unsure: tuple[str, ...] = ()


def mutate(
    assignment: Assignment,
    questions: tuple[str, ...],
    kit: Stage,
    isolation: Isolation,
    jobs: int,
    console: Console,
) -> MutationReport:
    """Run every mutant of what the questions ask for through their checks, `jobs` at a time.

    What these let through is also tried with every other question that reads the function. Raises PolicyError where
    the list of equivalent mutants can't be read.
    """
    marked = {item.key: item for item in equivalents(assignment.name)}
    made = [pair for question in questions for pair in mutants_of(assignment, question)]
    mutants = [mutant for mutant, _ in made]
    work = [(question, _reference_cell(assignment, question)) for question in questions]
    work += [(mutant.question, cells[mutant.question]) for mutant, cells in made]
    verdicts = _judge_all(assignment, work, kit, isolation, jobs, console)
    of_references, of_mutants = verdicts[: len(questions)], verdicts[len(questions) :]
    left = [number for number, verdict in enumerate(of_mutants) if not verdict.caught_by]
    again = [(number, name) for number in left for name in made[number][1] if name != mutants[number].question]
    work = [(name, made[number][1][name]) for number, name in again]
    for (number, _), verdict in zip(again, _judge_all(assignment, work, kit, isolation, jobs, console), strict=True):
        if verdict.caught_by:
            of_mutants[number] = verdict
    findings = [
        Finding(question, "reference refused", f"{verdict.caught_by} refuses the reference, so mutants say nothing.")
        for question, verdict in zip(questions, of_references, strict=True)
        if verdict.caught_by
    ]
    judged = []
    for mutant, verdict in zip(mutants, of_mutants, strict=True):
        entry = marked.get(key_of(mutant))
        judged.append(fate_of(mutant, verdict, entry))
        findings += _findings(judged[-1], verdict, entry)
    seen, tried = {key_of(mutant) for mutant in mutants}, {mutant.function for mutant in mutants}
    elsewhere = read_solutions(_reference(assignment)).definitions.keys() - tried  # they may belong to other questions
    whole = set(questions) >= set(assignment.coded)
    findings += [
        stale(assignment.name, entry)
        for key, entry in marked.items()
        if key not in seen and (whole or entry.function not in elsewhere)
    ]
    return MutationReport(tuple(judged), tuple(findings))


# ---- making mutants -------------------------------------------------------------------------------------------------


def mutants_of(assignment: Assignment, question: str) -> Iterator[tuple[Mutant, dict[str, str]]]:
    """The mutants that belong to a question, all «survived» as yet, each with cells that hold it.

    The cells: {question: what its checks need}, for each question that reads the function.
    """
    text = _reference(assignment)
    solutions = read_solutions(text)
    readers = readers_of(assignment, solutions)
    cells = {name: _reference_cell(assignment, name) for name in assignment.coded}
    for definition in definitions_by_question(assignment, solutions)[question]:
        start = first_line(definition.node)
        for mutation in mutations(definition.source):
            mutant = Mutant(
                question=question,
                function=definition.name,
                operator=mutation.operator,
                line=start + mutation.line,
                before=mutation.before,
                after=mutation.after,
                diff=_diff(assignment.name, text, _replaced(text, definition, mutation)),
                fate="survived",
            )
            yield mutant, {name: _replaced(cells[name], definition, mutation) for name in readers[definition.name]}


def _reference_cell(assignment: Assignment, question: str) -> str:
    (cell,) = reference_cells(assignment.name, checks_of(assignment.name, question))
    return cell


def _reference(assignment: Assignment) -> str:
    return (KIT / "solutions" / f"{assignment.name}.py").read_text(encoding="utf-8")


def definitions_by_question(assignment: Assignment, solutions: Solutions) -> dict[str, list[Definition]]:
    """For each question what its checks need and all that this reads, each definition only once.

    What is asked for belongs to its own question, a helper to the first question that reads it.
    """
    readers = readers_of(assignment, solutions)
    return {
        question: [solutions.definitions[name] for name, reading in readers.items() if reading[0] == question]
        for question in assignment.coded
    }


def readers_of(assignment: Assignment, solutions: Solutions) -> dict[str, list[str]]:
    """For each definition the questions whose checks need it or read it on the way; an answer belongs to its own."""
    questions = set(assignment.questions)
    readers: dict[str, list[str]] = {}
    for question in assignment.coded:
        asked = {question, *(name for check in checks_of(assignment.name, question) for name in check.needs)}
        for item in solutions.needed(asked, solutions.definitions.keys() - (questions - {question})):
            readers.setdefault(item.name, []).append(question)
    return readers


def _replaced(text: str, definition: Definition, mutation: Mutation) -> str:
    """The text with the mutated definition in place of the original."""
    old, new = f"\n{definition.source}\n", f"\n{mutation.source}\n"
    padded = f"\n{text}\n"
    assert padded.count(old) == 1, definition.name
    return padded.replace(old, new)[1:-1]


def _diff(assignment: str, before: str, after: str) -> str:
    """What changed in the solution module, as a unified diff."""
    name = f"solutions/{assignment}.py"
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, "the mutant", lineterm="", n=2)
    return "\n".join(lines)


# ---- running them ---------------------------------------------------------------------------------------------------


def judge(assignment: Assignment, question: str, cell: str, kit: Stage, isolation: Isolation) -> Verdict:
    """Run a cell in a sandbox, then the question's checks until one fails. A time-out is a failure."""
    limits = assignment.limits
    unsure: list[str] = []
    with tempfile.TemporaryDirectory(prefix="touchstone-mutant-") as folder:
        put_beside(Path(folder) / f"{assignment.name}.ipynb", assignment.name)
        with Sandbox(
            kit,
            isolation,
            (cell,),
            Path(folder),
            memory_mb=limits.memory_mb,
            cell_seconds=min(limits.cell_seconds, MOST_SECONDS),
            asked=assignment.coded,
        ) as sandbox:
            sandbox.run_cells()
            for check in checks_of(assignment.name, question):
                outcome = check_in(sandbox, assignment, check, min(limits.check_seconds, MOST_SECONDS))
                if outcome.status == "failed":
                    return Verdict(check.name, tuple(unsure))
                if outcome.status == "unknown":
                    unsure.append(check.name)
    return Verdict(unsure=tuple(unsure))


def _judge_all(
    assignment: Assignment,
    work: Sequence[tuple[str, str]],
    kit: Stage,
    isolation: Isolation,
    jobs: int,
    console: Console,
) -> list[Verdict]:
    """The verdict on each (question, cell), in order; `jobs` of them run side by side."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    calls = [(assignment, question, cell, kit, isolation) for question, cell in work]
    verdicts: dict[int, Verdict] = {}
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task(f"mutants of {assignment.name}", total=len(calls))
        for number, verdict in side_by_side(judge, calls, jobs):
            verdicts[number] = verdict
            progress.advance(task)
    return [verdicts[number] for number in range(len(calls))]


# ---- what became of them --------------------------------------------------------------------------------------------


def equivalents(assignment: str, folder: Path = EQUIVALENT_MUTANTS) -> tuple[Equivalent, ...]:
    """The reviewed list of an assignment's equivalent mutants, if it has one. Raises PolicyError with a sentence."""
    path = folder / f"{assignment}.yml"
    if not path.exists():
        return ()
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = TypeAdapter(tuple[Entry, ...]).validate_python(raw or ())
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(f"{path.name} can't be read: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PolicyError(f"{path.name}: {place}: {first['msg'][0].lower()}{first['msg'][1:]}") from error
    return tuple(
        Equivalent(entry.function, entry.before, after, entry.reason)
        for entry in entries
        for after in ((entry.after,) if isinstance(entry.after, str) else entry.after)
    )


def key_of(mutant: Mutant) -> tuple[str, str, str]:
    return mutant.function, mutant.before, mutant.after


def fate_of(mutant: Mutant, verdict: Verdict, entry: Equivalent | None) -> Mutant:
    """The mutant with its fate. A check's word counts more than an entry of the list."""
    if verdict.caught_by:
        return dataclasses.replace(mutant, fate="caught", by=verdict.caught_by)
    if entry is not None:
        return dataclasses.replace(mutant, fate="equivalent", reason=entry.reason)
    return mutant


def _findings(mutant: Mutant, verdict: Verdict, entry: Equivalent | None) -> Iterator[Finding]:
    where = f"{mutant.function}, line {mutant.line} ({mutant.operator})"
    if verdict.unsure:
        text = f"{where}: {', '.join(verdict.unsure)} could not tell.\n{mutant.diff}"
        yield Finding(mutant.question, "unknown outcome", text)
    if mutant.fate == "survived":
        yield Finding(mutant.question, "surviving mutant", f"{where}: no check catches it.\n{mutant.diff}")
    if mutant.fate == "caught" and entry is not None:
        text = f"{where} is marked equivalent, but {mutant.by} catches it.\n{mutant.diff}"
        yield Finding(mutant.question, "wrongly marked mutant", text)


def stale(assignment: str, entry: Equivalent) -> Finding:
    """The finding about an entry of the list that fits no mutant any more."""
    text = f"{assignment}.yml: no mutant of {entry.function} turns «{entry.before}» into «{entry.after}»."
    return Finding(entry.function, "stale entry", text)
