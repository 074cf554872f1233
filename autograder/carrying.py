"""Error carried forward: a check that failed because of an earlier question's answer is run with the right one.

All checks have been run before anything here is. Then the questions are gone through in their order, and a check that
failed is run once more, where names of wrong questions that stand *before* its own are call-backs, which the grader
answers from the reference. If it passes now, its points are given; if not, its first outcome stands.

So a question's reference answers calls only after every check of that question has been run for good: what they tell
can't serve the question that they belong to. Not in the same check, where that name is the student's own; nor by a
file that student code leaves in the scratch folder, since whoever reads it is graded no more. And of the second run
nothing but «passed» is kept: a message or a note could be made to carry an answer out.
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from autograder.apart import MEMORY_MB, Helper, NoResult
from autograder.policy import Assignment
from autograder.sandbox import IsolationUnavailable, Sandbox
from shared.kit.checking import Check, CheckEnded, Outcome
from shared.kit.values import Opaque, decode, encode

Run = Callable[[Check, Mapping[str, Any], int], Outcome]

REACH_SECONDS = 5.0
CALL_SECONDS = 5.0  # for one answer of the reference; the check has its own limit besides


@dataclass(frozen=True)
class Again:
    """A failed check to run once more, and the names of earlier questions that are to be right then."""

    check: Check
    names: tuple[str, ...]


def carry_forward(
    assignment: Assignment,
    checks: Sequence[Check],
    outcomes: Mapping[str, Outcome],
    reference: ModuleType,
    sandbox: Sandbox,
    run: Run,
) -> dict[str, Outcome]:
    """{check's name: outcome} for those of `checks` that pass once the wrong answers they build on are right.

    outcomes: those of the ordinary run of all of `checks`. run: runs a check with stand-ins for names of the notebook;
    its last argument is how many such runs are still to come, this one among them.
    """
    carried: dict[str, Outcome] = {}
    again = to_run_again(assignment, checks, outcomes, reference, sandbox)
    with answering(reference) as helper:
        for position, item in enumerate(again):
            used: set[str] = set()
            stand_ins = {name: stand_in(reference, name, helper, used) for name in item.names}
            outcome = run(item.check, stand_ins, len(again) - position)
            if outcome.status == "passed" and used:
                first = outcomes[item.check.name]
                told = note([name for name in item.names if name in used])
                carried[item.check.name] = Outcome(
                    "passed", notes=(told, *first.notes), flags=first.flags, measured=first.measured
                )
    return carried


def to_run_again(
    assignment: Assignment,
    checks: Sequence[Check],
    outcomes: Mapping[str, Outcome],
    reference: ModuleType,
    sandbox: Sandbox,
) -> list[Again]:
    """The failed checks that an earlier question's wrong answer may have failed, in the order of their questions."""
    wrong = {check.question for check in checks if outcomes[check.name].status != "passed"}
    earlier: dict[str, list[str]] = {}
    standing: list[str] = []
    for question in assignment.coded:
        earlier[question] = list(standing)
        if question in wrong and _can_stand_in(getattr(reference, question, None)):
            standing.append(question)
    order = {question: place for place, question in enumerate(assignment.coded)}
    failed = [check for check in checks if outcomes[check.name].status == "failed" and earlier[check.question]]
    failed.sort(key=lambda check: order[check.question])
    if not failed:
        return []
    try:
        reaches = sandbox.reach([(check.needs, earlier[check.question]) for check in failed], REACH_SECONDS)
    except (CheckEnded, IsolationUnavailable):  # a notebook that ends every process, which has cost it its checks
        return []
    again = []
    for check, reach in zip(failed, reaches, strict=True):
        names = tuple(name for name in earlier[check.question] if name in check.needs or name in reach.names)
        own_is_missing = check.question in check.needs and check.question not in reach.defined
        if names and not own_is_missing:
            again.append(Again(check, names))
    return again


def _can_stand_in(value: Any) -> bool:
    """Whether a reference answer can take the student's place: a function, or a plain value; not a class."""
    return inspect.isfunction(value) or not (value is None or callable(value))


def answering(reference: ModuleType, memory_mb: int = MEMORY_MB) -> Helper:
    """The process that computes what the reference answers."""
    return Helper(functools.partial(_answer, reference), memory_mb)


def stand_in(reference: ModuleType, name: str, helper: Helper, used: set[str]) -> Any:
    """What stands in for a name: a function that has the reference answer in a process apart, or a plain value.

    used: gets the name once it is called; that a plain value is read can't be seen, so it gets that at once.
    """
    value = getattr(reference, name)
    if not callable(value):
        used.add(name)
        return value

    def answer(*arguments: Any, **keywords: Any) -> Any:
        used.add(name)
        if any(map(_stays_with_the_student, (*arguments, *keywords.values()))):
            raise ValueError("an argument that can't cross")
        try:
            return decode(helper.call(name, arguments, keywords, seconds=CALL_SECONDS))
        except NoResult as error:
            raise ValueError("the reference has no answer") from error

    return answer


def _stays_with_the_student(value: Any) -> bool:
    """Whether a value holds an object that is only a handle here: asking it anything would run student code."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    return isinstance(value, Opaque) or (isinstance(value, list | tuple) and any(map(_stays_with_the_student, value)))


def _answer(reference: ModuleType, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bytes:
    """In the helper: the reference's answer and the generators' states after it, as bytes that are nothing but data."""
    generators: list[np.random.PCG64] = []

    def revived(value: Any) -> Any:
        if not (isinstance(value, dict) and value.get("bit_generator") == "PCG64"):  # what default_rng makes
            return value
        generator: Any = np.random.PCG64()  # Any: it refuses a state of another form itself
        generator.state = value
        generators.append(generator)
        return np.random.Generator(generator)

    value = getattr(reference, name)(*map(revived, arguments), **{key: revived(item) for key, item in keywords.items()})
    return encode((value, [generator.state for generator in generators]), _refuse)


def _refuse(value: Any) -> NoReturn:
    raise TypeError(f"the reference answers with a {type(value).__name__}, which can't cross")


def note(names: Sequence[str]) -> str:
    """What the student reads of a check that was carried."""
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"Graded with the right {listed} in place of yours: this part is right."
