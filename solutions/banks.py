"""Banks of answers that try the checks: mistakes (wrong, each with its hint) and variants (right, in another style).

A bank is a module, solutions/mistakes/ASSIGNMENT.py or solutions/variants/ASSIGNMENT.py; each answer in it is one
function or class, written out as a student would write it, with the reference's signature:

    @mistake_of("gradient")
    def sums_instead_of_averaging(theta, X, y):
        '''The risk is a mean over the samples. Is its slope one, too?'''
        return X.T @ (sigmoid(X @ theta) - (y == 1))

Other names of the assignment are imported from its solution module; for the notebook that the audit makes of an
answer they are there already. An answer must not use the name that it replaces: there, that is the answer itself.
"""

import dis
import importlib
import importlib.util
import inspect
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any, Literal, TypeVar

Kind = Literal["mistake", "variant"]
Defined = TypeVar("Defined", bound=Callable[..., Any])


class BankError(Exception):
    """A bank that can't be imported: the message names the file and the line."""


@dataclass(frozen=True)
class Answer:
    """One answer of a bank. name: its own. replaces: the name that it has in a student's notebook.

    hint: of a mistake, what its author should read, pointing at the step and never at the answer. value: the function
    or class; where what is asked for is a constant, a function without parameters that returns it.
    """

    kind: Kind
    question: str
    name: str
    replaces: str
    hint: str
    value: Callable[..., Any]


def mistake_of(question: str, *, replaces: str = "") -> Callable[[Defined], Defined]:
    """Declare a function or class as a wrong answer to `question`; its docstring is its hint.

    replaces: the name that it takes, where that isn't the question's. Raises TypeError for one without a docstring.
    """
    return _declare("mistake", question, replaces)


def variant_of(question: str, *, replaces: str = "") -> Callable[[Defined], Defined]:
    """Declare a function or class as a right answer to `question` in another style than the reference's."""
    return _declare("variant", question, replaces)


def _declare(kind: Kind, question: str, replaces: str) -> Callable[[Defined], Defined]:
    def declare(value: Defined) -> Defined:
        hint = " ".join((value.__doc__ or "").split())
        name = value.__name__
        if kind == "mistake" and not hint:
            raise TypeError(f"mistake {name} needs a docstring: the hint that a student should read")
        replaced = replaces or question
        if replaced == name or _uses(value, replaced):
            raise TypeError(f"{kind} {name} must not use {replaced}, which it replaces: write it out")
        value.touchstone_answer = Answer(kind, question, name, replaced, hint, value)  # type: ignore[attr-defined]
        return value

    return declare


def _uses(value: Any, name: str) -> bool:
    """Whether an answer reads a global name, or an attribute of that name where it reads a module of the solutions.

    Other attributes are no matter: `model.train()` is not the student's `train`.
    """
    read = names_read(value, attributes=False)
    module = inspect.getmodule(value)
    solutions = any(getattr(vars(module).get(item), "__name__", "").startswith("solutions.") for item in read)
    return name in read or (solutions and name in names_read(value))


def names_read(value: Any, attributes: bool = True) -> set[str]:
    """The global names, and if asked for the attributes, that a function or the methods of a class read."""
    if inspect.isclass(value):
        methods = [item for item in vars(value).values() if inspect.isfunction(item)]
        return set().union(*(names_read(method, attributes) for method in methods))
    waiting, names = [inspect.unwrap(value).__code__], set[str]()
    while waiting:
        code = waiting.pop()
        names.update(code.co_names if attributes else _globals_in(code))
        waiting += [item for item in code.co_consts if isinstance(item, CodeType)]
    return names


def _globals_in(code: CodeType) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}


def answers_in(module: str) -> tuple[Answer, ...]:
    """The answers that a bank declares, in the order of its text; none if there is no such module.

    Raises BankError for one that can't be imported.
    """
    spec = importlib.util.find_spec(module)
    if spec is None:
        return ()
    try:
        loaded = importlib.import_module(module)
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == spec.origin]
        line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else None
        raise BankError(f"mend {spec.origin}, line {line}: {error}") from error
    found = (getattr(value, "touchstone_answer", None) for value in vars(loaded).values())
    return tuple(item for item in found if isinstance(item, Answer) and item.value.__module__ == module)


def mistakes_of(assignment: str) -> tuple[Answer, ...]:
    """The mistakes of an assignment."""
    return answers_in(f"solutions.mistakes.{assignment}")


def variants_of(assignment: str) -> tuple[Answer, ...]:
    """The variants of an assignment."""
    return answers_in(f"solutions.variants.{assignment}")
