"""Explain a failed question: the hint of the one mistake that the student's answer behaves like, on every call seen.

While the checks of a question run, the calls of its function are recorded with what came of them. If a check fails,
each mistake of the question's bank makes the same calls, here, and is compared: values, exceptions, warnings, changed
arguments. If exactly one agrees throughout (and the reference doesn't), its hint is the student's. Random answers
can't be compared value by value: there, what the checks computed of them has to lie in the region that `audit --power`
measured for one mistake and for no other. Where a check failed before it computed anything, only the very numbers that
the mistake gives for the same seed will do.
"""

import dataclasses
import importlib
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from autograder.apart import NoResult, apart
from autograder.policy import Assignment, checks_of, views_of
from autograder.power_table import Ending, plain_message, regions_of
from shared.kit.bridge import LocalNames
from shared.kit.calling import Observation, function_of_the_kit
from shared.kit.checking import Check, Outcome, StudentFunction, View
from shared.kit.values import Figure, Opaque, ValueRefused
from solutions.banks import Answer, mistakes_of

MOST_CALLS = 400  # of a check; hypothesis makes some hundred while it shrinks
SECONDS_PER_CALL = 2.0
SECONDS_PER_QUESTION = 15.0
ARITHMETIC = " encountered in "  # as in «overflow encountered in exp»
TOLERANCE = 1e-9  # times max(1, largest entry): answers that make the same mistake differ by rounding alone


@dataclass(frozen=True)
class Call:
    """A call of a student's function, or (`called` is false) a look at a value, and what came of it.

    place: the kit's function that was called with it in the student's process (see `run_there`); empty for its own.
    """

    name: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    observation: Observation
    called: bool = True
    place: str = ""


def recording(resolve: Callable[[str], Any], calls: list[Call]) -> Callable[[str], Any]:
    """`resolve` for one check, leaving in `calls` the calls of every function that it gives."""

    def resolved(name: str) -> Any:
        value = resolve(name)
        if not isinstance(value, StudentFunction):
            calls.append(Call(name, (), {}, Observation(value), called=False))
            return value

        def observe(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Observation:
            return kept("", arguments, keywords, value.observe_call(arguments, keywords))

        def observe_there(place: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Observation:
            assert value.observe_there is not None
            return kept(place, arguments, keywords, value.observe_there(place, arguments, keywords))

        def kept(
            place: str, arguments: tuple[Any, ...], keywords: dict[str, Any], observation: Observation
        ) -> Observation:
            if len(calls) < MOST_CALLS:
                calls.append(Call(name, arguments, keywords, observation, place=place))
            return observation

        return StudentFunction(name, observe, observe_there if value.observe_there else None)

    return resolved


def hints_for(
    assignment: Assignment, outcomes: Mapping[str, Outcome], calls: Mapping[str, Sequence[Call]], seconds: float
) -> dict[str, Outcome]:
    """{check's name: outcome with its hint} for the failed checks of questions that one mistake explains.

    calls: those that each check made. seconds: how long it may take altogether; without time there is no hint.
    """
    explained: dict[str, Outcome] = {}
    deadline = time.monotonic() + seconds
    for question in assignment.coded:
        own = [(check, outcomes[check.name]) for check in checks_of(assignment.name, question)]
        failed = {check.name: outcome for check, outcome in own if outcome.status == "failed"}
        made = [call for check, _ in own for call in calls[check.name]]
        left = min(SECONDS_PER_QUESTION, deadline - time.monotonic())
        if not failed or not made or left <= 0:
            continue
        try:
            hint, staff = apart(_hint, assignment.name, question, own, made, seconds=left), ""
        except NoResult as error:  # the outcome stands without a hint; staff can see why
            hint, staff = "", f"no hint was found: {error}"
        if hint or staff:
            explained |= {
                name: dataclasses.replace(outcome, hint=hint, staff=outcome.staff or staff)
                for name, outcome in failed.items()
            }
    return explained


def _hint(assignment: str, question: str, outcomes: Sequence[tuple[Check, Outcome]], calls: Sequence[Call]) -> str:
    mistake = mistake_behind(assignment, question, outcomes, calls)
    return mistake.hint if mistake else ""


def mistake_behind(
    assignment: str, question: str, outcomes: Sequence[tuple[Check, Outcome]], calls: Sequence[Call]
) -> Answer | None:
    """The one mistake of the question's bank that explains its outcomes and calls, or None.

    outcomes: of the question's checks in their order. calls: all that these checks made.
    """
    mistakes = [mistake for mistake in mistakes_of(assignment) if mistake.question == question]
    reference = importlib.import_module(f"solutions.{assignment}")
    if any(check.error_rate for check, _ in outcomes):
        check, outcome = next((check, outcome) for check, outcome in outcomes if outcome.status == "failed")
        regions = regions_of(assignment, question)
        found = [item for item in mistakes if any(_lies_in(check, outcome, e) for e in regions.get(item.name, ()))]
        if not outcome.statistics:  # failed by its form: too little to go by, unless the very numbers are the same
            found = [item for item in found if _explains(item.value, item.replaces, reference, calls, strict=True)]
        return found[0] if len(found) == 1 else None
    views = views_of(assignment)
    for strict in (True, False):

        def explains(value: Any, name: str, strict: bool = strict, words: bool = False) -> bool:
            return _explains(value, name, reference, calls, strict, views.get(name), words)

        found = [item for item in mistakes if explains(item.value, item.replaces)]
        if any(explains(getattr(reference, item.replaces), item.replaces) for item in found):
            return None  # what failed is not in these calls
        if len(found) > 1:  # the words of an exception tell two apart, where they are the same ones
            found = [item for item in found if explains(item.value, item.replaces, words=True)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


# ---- comparing calls -------------------------------------------------------------------------------------------------


def _explains(
    value: Any,
    name: str,
    reference: Any,
    calls: Sequence[Call],
    strict: bool,
    view: View | None = None,
    words: bool = False,
) -> bool:
    """Whether `value`, under this name, does on each of the calls what the student's answer did.

    strict: also in the warnings of numpy's arithmetic. The same mistake in another style may overflow on its own.
    view: what of the answers can be compared, where they aren't unique; then warnings don't count at all.
    words: also in the messages of exceptions.
    """
    failing_first = reversed(calls)
    own = [call for call in failing_first if call.name == name and not (_needs_the_notebook(call) or _is_long(call))]
    constant = not callable(getattr(reference, name, None))

    def agrees(call: Call) -> bool:
        again = _replayed(value, call, constant)
        if words and _message(call.observation) != _message(again):
            return False
        return _same(call.observation, again, strict) if view is None else _seen_alike(view, call, again)

    return bool(own) and all(map(agrees, own))


def _needs_the_notebook(call: Call) -> bool:
    """Whether the call was given another function of the student's, or an object, which isn't here."""
    given = (*call.arguments, *call.keywords.values())
    others = (isinstance(value, StudentFunction) and not (call.place and value.name == call.name) for value in given)
    return any(others) or any(isinstance(value, Opaque) for value in given)


def _is_long(call: Call) -> bool:
    """Whether the call ran a function of the kit's that says it takes too long to be made again for each mistake."""
    return bool(call.place) and getattr(function_of_the_kit(call.place), "takes_long", False)


def _replayed(value: Any, call: Call, constant: bool) -> Observation | None:
    """What `value` does on the same call, in this process; None where it takes too long or can't be told."""
    if not call.called:
        return Observation(value() if constant and callable(value) else value)
    function = LocalNames({call.name: value}).resolve(call.name)
    try:
        with _time_limit(SECONDS_PER_CALL):
            if call.place:
                return function.observe_there(call.place, call.arguments, dict(call.keywords))
            return function.observe_call(call.arguments, dict(call.keywords))
    except (_TooLong, ValueRefused):
        return None


class _TooLong(BaseException):
    """A call took too long."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def expire(*_: Any) -> NoReturn:
        raise _TooLong

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _same(a: Observation, b: Observation | None, strict: bool = True) -> bool:
    """Whether two observations agree: exception's type or value, kinds of warnings, changed arguments."""
    if b is None or _raised(a) != _raised(b) or _warned(a, strict) != _warned(b, strict):
        return False
    return _alike(a.changed, b.changed) and _alike(a.value, b.value)


def _seen_alike(view: View, call: Call, again: Observation | None) -> bool:
    """Whether two observations agree in what `view` shows of them."""
    if again is None or _raised(call.observation) != _raised(again):
        return False
    if call.observation.raised is not None:
        return True
    shown = [_numbers(view.function(call.arguments, value)) for value in (call.observation.value, again.value)]
    if shown[0] is None or shown[1] is None:
        return False
    return _alike(call.observation.changed, again.changed) and _close(shown[0], shown[1], view.tolerance)


def _message(observation: Observation | None) -> str:
    return observation.raised.message if observation and observation.raised else ""


def _raised(observation: Observation) -> str:
    return observation.raised.type_name if observation.raised else ""


def _warned(observation: Observation, strict: bool) -> set[str]:
    """The kinds of warnings: of numpy's arithmetic the first words («overflow»), of others the category."""
    arithmetic = {text.partition(ARITHMETIC)[0] for _, text in observation.warnings if ARITHMETIC in text}
    return {kind for kind, text in observation.warnings if ARITHMETIC not in text} | (arithmetic if strict else set())


def _alike(a: Any, b: Any) -> bool:
    """Whether two answers are the same to rounding, read as leniently as the checks read them."""
    if isinstance(a, Figure) and isinstance(b, Figure):
        return _alike(list(a.axes), list(b.axes))
    if isinstance(a, Opaque) or isinstance(b, Opaque):
        return isinstance(a, Opaque) and isinstance(b, Opaque) and a.type_name == b.type_name
    if isinstance(a, Mapping) or isinstance(b, Mapping):
        both = isinstance(a, Mapping) and isinstance(b, Mapping)
        return both and list(a) == list(b) and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, str | bytes | None) or isinstance(b, str | bytes | None):
        return type(a) is type(b) and a == b
    x, y = _numbers(a), _numbers(b)
    if x is not None and y is not None:
        return _close(x, y)
    several = isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b)
    return several and all(map(_alike, a, b))


def _numbers(value: Any) -> np.ndarray | None:
    """An array without its axes of length 1, or None for what holds no numbers alone."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return np.squeeze(array) if array.dtype.kind in "biufc" else None


def _close(x: np.ndarray, y: np.ndarray, tolerance: float = TOLERANCE) -> bool:
    if x.shape != y.shape:
        return False
    finite = np.isfinite(x)
    if not np.array_equal(finite, np.isfinite(y)) or not np.array_equal(x[~finite], y[~finite], equal_nan=True):
        return False
    size = max(1.0, float(np.abs(y[finite]).max(initial=0.0)))
    return bool(np.abs(x[finite].astype(complex) - y[finite]).max(initial=0.0) <= tolerance * size)


# ---- random answers --------------------------------------------------------------------------------------------------


def _lies_in(check: Check, outcome: Outcome, ending: Ending) -> bool:
    """Whether a failed check ended as a mistake does: the same message, each statistic between its extremes."""
    if (check.name, plain_message(outcome.message)) != (ending.check, ending.message):
        return False
    values = {statistic.name: statistic.value for statistic in outcome.statistics}
    ranges = ending.statistics
    return set(values) == set(ranges) and all(low <= values[name] <= high for name, (low, high) in ranges.items())
