"""What a check is, and how one is run.

A check is a function. Its docstring is the title that the student reads; its parameters are names from the student's
notebook, besides those that hypothesis's `@given` fills; it raises `Wrong` (through `close`, `expect`, ...) when a
property breaks:

    @check("gradient", public=True)
    @given(p=logistic_problems())
    def matches_slope(gradient, risk, p):
        '''Your gradient is the slope of your risk.'''
        close(gradient(p.theta, p.X, p.y), differences(risk, p), "gradient")

`run_check` runs one check and returns an `Outcome`: passed, failed (the student's work is wrong, and how), or
unknown (the grader could not tell). Failures are data; pages and result files are made from them elsewhere.
"""

import dataclasses
import functools
import hashlib
import importlib
import inspect
import math
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal, NoReturn

import hypothesis
import numpy as np
from hypothesis.errors import FlakyFailure
from hypothesis.internal.conjecture import providers

from shared.kit.calling import Observation, Raised
from shared.kit.values import Figure, Opaque, ValueRefused

MOST_SHOWN = 10  # entries of a dictionary

Kind = Literal["", "wrong value", "missing name", "exception", "timeout", "memory", "died", "refused"]

GENERATED = (hypothesis.Phase.generate, hypothesis.Phase.shrink)
BY_HAND = (hypothesis.Phase.explicit,)

# Loaded when a check module is imported, so that `@settings(max_examples=...)` on a check builds on it. Derandomized:
# the same inputs at every run; `run_check` sets the seed. No deadline: the sandbox has its own. No explain phase: it
# traces every line, and we show our own account of the failure.
hypothesis.settings.register_profile(
    "touchstone",
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
    report_multiple_bugs=False,
    verbosity=hypothesis.Verbosity.quiet,
    phases=[*GENERATED, *BY_HAND],
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("touchstone")

# hypothesis mixes in constants that it finds in the source of the modules loaded just then; the inputs of a check
# have to be the same whatever else is loaded.
providers._get_local_constants = lambda: providers._local_constants


class Wrong(AssertionError):
    """The student's work breaks a property.

    message: what broke, without hidden inputs or reference values. details: those, for whoever may see them.
    at: the input by argument, where it isn't the one that hypothesis generated.
    """

    def __init__(self, message: str, details: str = "", at: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.at = at


class StudentRaised(Exception):
    """The student's function raised an exception."""

    def __init__(self, name: str, raised: Raised) -> None:
        super().__init__(f"{name} raised {raised.type_name}: {raised.message}")
        self.name = name
        self.raised = raised


class CheckEnded(BaseException):
    """The check can't go on: time-out, memory, death or refusal. A BaseException, so hypothesis doesn't shrink it."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@contextmanager
def ending_where_refused(what: str) -> Iterator[None]:
    """End the check where a value of the student's can't cross. what: begins the sentence, «newton returned»."""
    try:
        yield
    except ValueRefused as error:
        raise CheckEnded("refused", f"{what} {error}.") from error


class MissingName(CheckEnded):
    """The notebook doesn't define a name that the check needs."""

    def __init__(self, message: str) -> None:
        super().__init__("missing name", message)


@dataclass(frozen=True)
class StudentFunction:
    """A function of the student's, wherever it runs. Calling it gives its value as fresh plain data."""

    name: str
    observe_call: Callable[[tuple[Any, ...], dict[str, Any]], Observation]
    observe_there: Callable[[str, tuple[Any, ...], dict[str, Any]], Observation] | None = field(
        default=None, compare=False, repr=False
    )

    def observe(self, *arguments: Any, **keywords: Any) -> Observation:
        """Call it and return everything seen: value or exception, warnings, changed arguments, prints."""
        _last_call.set(self.name)
        with ending_where_refused(f"{self.name} returned"):
            return self.observe_call(arguments, keywords)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it and return its value. Raises StudentRaised if it raised, CheckEnded if it ran out of memory."""
        return returned(self.observe(*arguments, **keywords), self.name)


@dataclass(frozen=True)
class Check:
    """A check as declared: which question it belongs to, its weight among that question's checks, its function."""

    question: str
    name: str
    title: str
    public: bool
    weight: int
    error_rate: float
    function: Callable[..., None]

    @property
    def needs(self) -> tuple[str, ...]:
        """The names it takes from the student's notebook, in order."""
        return tuple(name for name in inspect.signature(self.function).parameters if name != "thresholds")

    @property
    def takes_thresholds(self) -> bool:
        """Whether it takes the question's `thresholds` from grading.yml."""
        return "thresholds" in inspect.signature(self.function).parameters


@dataclass(frozen=True)
class Outcome:
    """What a check found, as data."""

    status: Literal["passed", "failed", "unknown"]
    kind: Kind = ""
    message: str = ""  # which property broke; free of hidden inputs and reference values
    smallest_input: str = ""
    details: str = ""  # what came back and what was expected
    hint: str = ""
    notes: tuple[str, ...] = ()  # what was taken when an answer was read leniently
    staff: str = ""  # for staff only: the grader's own traceback
    statistics: tuple[Any, ...] = ()  # what a check of a random function computed (shared.kit.statistics.Statistic)
    flags: tuple[str, ...] = ()  # for staff only: what is odd about this submission
    measured: float | None = None  # what a leaderboard may show


def check(
    question: str, *, public: bool = False, weight: int = 1, error_rate: float = 0.0
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a function as a check of `question`.

    public: its code ships to students; it may use no reference. weight: its share of the question's points among
    the question's checks. error_rate: the probability that a correct answer fails, for checks of random functions.
    Raises TypeError for a check without a docstring.
    """

    def declare(function: Callable[..., None]) -> Callable[..., None]:
        if not function.__doc__:
            raise TypeError(f"check {function.__name__} needs a docstring: the title that the student reads")
        title = " ".join(function.__doc__.split("\n\n")[0].split())
        declared = Check(question, function.__name__, title, public, weight, error_rate, function)
        function.touchstone_check = declared  # type: ignore[attr-defined]
        return function

    return declare


@dataclass(frozen=True)
class View:
    """What can be compared of an answer that isn't unique; see `seen_as`."""

    question: str
    tolerance: float
    function: Callable[[tuple[Any, ...], Any], Any]


def seen_as(
    question: str, *, tolerance: float
) -> Callable[[Callable[[tuple[Any, ...], Any], Any]], Callable[[tuple[Any, ...], Any], Any]]:
    """Declare how hints compare answers to `question` that aren't unique, such as coefficients of a singular system.

    The function takes a call's arguments and what it returned, and gives what two right answers share. tolerance:
    times max(1, the largest entry), how far the answers of two sound solvers may be apart.
    """

    def declare(function: Callable[[tuple[Any, ...], Any], Any]) -> Callable[[tuple[Any, ...], Any], Any]:
        views = (*getattr(function, "touchstone_views", ()), View(question, tolerance, function))
        function.touchstone_views = views  # type: ignore[attr-defined]
        return function

    return declare


def views_in(module: ModuleType | str) -> dict[str, View]:
    """{question: View} of those that a module declares."""
    if isinstance(module, str):
        module = importlib.import_module(module)
    declared = (view for value in vars(module).values() for view in getattr(value, "touchstone_views", ()))
    return {view.question: view for view in declared if view.function.__module__ == module.__name__}


def checks_in(module: ModuleType | str) -> tuple[Check, ...]:
    """The checks that a module declares, in the order of its text."""
    if isinstance(module, str):
        module = importlib.import_module(module)
    found = (getattr(value, "touchstone_check", None) for value in vars(module).values())
    return tuple(item for item in found if isinstance(item, Check) and item.function.__module__ == module.__name__)


# ---- inside a check: properties -------------------------------------------------------------------------------------

_notes: ContextVar[list[str]] = ContextVar("notes")
_statistics: ContextVar[list[Any]] = ContextVar("statistics")
_flags: ContextVar[list[str]] = ContextVar("flags")
_measured: ContextVar[list[float]] = ContextVar("measured")
_last_call: ContextVar[str] = ContextVar("last_call")
_run_seed: ContextVar[int] = ContextVar("run_seed", default=0)
_memory: ContextVar[dict[str, Any] | None] = ContextVar("memory", default=None)
_tried: ContextVar[Mapping[str, Any] | None] = ContextVar("tried", default=None)


def note(text: str) -> None:
    """Tell the student something about a passing answer, once a check."""
    notes = _notes.get([])
    if text not in notes:
        notes.append(text)


def flag(text: str) -> None:
    """Tell staff, and nobody else, something about this submission, once a check; the outcome stays as it is."""
    flags = _flags.get([])
    if text not in flags:
        flags.append(text)


def measured(value: float) -> None:
    """Keep a number that this check has measured itself, for a leaderboard; the last one counts.

    It is kept though the check fails later on. One that isn't finite is left out.
    """
    if math.isfinite(value):
        _measured.get([]).append(float(value))


def record(statistic: Any) -> None:
    """Keep a statistic of this run of the check for its outcome (see shared.kit.statistics)."""
    _statistics.get([]).append(statistic)


def fail(message: str, details: str = "") -> NoReturn:
    """Fail the check. message: the property that broke; details: inputs, results and expectations."""
    raise Wrong(message, details)


def expect(condition: Any, message: str, details: str = "") -> None:
    """Fail the check with `message` unless `condition` holds."""
    if not condition:
        raise Wrong(message, details)


@contextmanager
def trying(**inputs: Any) -> Iterator[None]:
    """In this block the inputs are these, by name: a failure shows them in place of what hypothesis has made."""
    _tried.set(inputs)
    yield
    _tried.set(None)  # not after a failure: then they are what to show


def run_seed(number: int = 0) -> int:
    """A seed for random draws in this run of this check: `seeded(run_seed())` for the student's, others for ours."""
    return int(np.random.SeedSequence([_run_seed.get(), number]).generate_state(1, np.uint64)[0])


def run_there(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Run a function of the kit's own (of a module of `shared`) in the student's process; return its value.

    It is for what takes the student's objects apart or needs them for long: gradients of a network, say. The first
    function or object of the student's among the arguments is the one that messages name. Raises as a call of it does.
    """
    place = f"{function.__module__}:{function.__name__}"
    for item in (*arguments, *keywords.values()):
        if isinstance(item, Opaque) and item.ask is not None:
            return item.ask("kit", item, place, arguments, keywords)
        if isinstance(item, StudentFunction) and item.observe_there is not None:
            _last_call.set(item.name)
            with ending_where_refused(f"{item.name} returned"):
                return returned(item.observe_there(place, arguments, keywords), item.name)
    raise TypeError(f"{place} got nothing of the student's")


def remembered(name: str, compute: Callable[[], Any]) -> Any:
    """What `compute` gives, computed once for all checks that ask under this name while a submission is graded."""
    memory = _memory.get()
    if memory is None:
        return compute()
    if name not in memory:
        memory[name] = compute()
    return memory[name]


@contextmanager
def remembering() -> Iterator[None]:
    """The time of one submission: see `remembered`. Nothing is kept beyond it."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def returned(observation: Observation, name: str) -> Any:
    """The value of an observed call. Raises StudentRaised if it raised, CheckEnded if it ran out of memory."""
    if observation.raised is not None:
        if observation.raised.type_name.strip("_").endswith("MemoryError"):
            raise CheckEnded("memory", f"{name} needs too much memory.")
        raise StudentRaised(name, observation.raised)
    return observation.value


def as_array(value: Any, shape: tuple[int, ...], name: str) -> np.ndarray:
    """Read an answer as a float64 array of `shape`, as leniently as is fair.

    Lists are arrays; (n, 1) and (1, n) are read as (n,), and the reverse; one number in any shape is a number; of
    several returned values the first is taken, and the student is told. Raises Wrong for anything else.
    """
    array = _numeric(value)
    if array is not None and array.dtype.kind == "c" and not array.imag.any():
        array = array.real  # complex in name only, as roots and eigenvalues come
    if array is not None and array.shape != shape and _squeezed(array.shape) == _squeezed(shape):
        array = array.reshape(shape)
    several = isinstance(value, tuple) or (isinstance(value, list) and array is None)  # a ragged list
    if (array is None or array.shape != shape) and several and len(value) > 1:
        first = _numeric(value[0])
        if first is not None and _squeezed(first.shape) == _squeezed(shape):
            note(f"{name} returned {len(value)} values; the first was graded.")
            array = first.reshape(shape)
    if array is None or array.shape != shape:
        raise Wrong(f"{name} should return {_describe_shape(shape)}; it returned {describe(value)}.")
    if array.dtype.kind == "c":
        raise Wrong(f"{name} should return real numbers; it returned complex ones.")
    return array.astype(np.float64)


def as_number(value: Any, name: str) -> float:
    """Read an answer as one number (see `as_array`)."""
    return float(as_array(value, (), name))


def as_dict(value: Any, keys: Iterable[Any], name: str) -> dict[Any, Any]:
    """Read an answer as a dictionary that has at least `keys`. Raises Wrong for anything else."""
    if isinstance(value, tuple) and value and isinstance(value[0], dict):
        note(f"{name} returned {len(value)} values; the first was graded.")
        value = value[0]
    if not isinstance(value, dict):
        raise Wrong(f"{name} should return a dictionary; it returned {describe(value)}.")
    for key in keys:
        if key not in value:
            raise Wrong(
                f"{name} should return a dictionary with the key {key!r}.",
                f"its keys are {show(list(value)[:MOST_SHOWN])}",
            )
    return value


def as_object(value: Any, name: str) -> Opaque:
    """Read an answer as an object that stays with the student: call it, or ask it for `.attribute(name)`."""
    if not isinstance(value, Opaque):
        raise Wrong(f"{name} should return an object; it returned {describe(value)}.")
    return value


def as_figure(value: Any, name: str) -> Figure:
    """Read an answer as a matplotlib figure: of several returned values the first that is one."""
    found = value
    while isinstance(found, tuple | list) and found:
        found = next((item for item in found if isinstance(item, Figure)), found[0])
    if isinstance(found, Figure):
        return found
    raise Wrong(f"{name} should return its figure (end with `return fig`); it returned {describe(value)}.")


def drawn_points(axes: Mapping[str, Any], *, joined: bool = True) -> list[np.ndarray]:
    """What one axes of a figure draws as points: an array (k, 2) for each line and each scatter.

    joined: also lines that join their points; without them only scatters and lines of bare markers count.
    """
    drawn = [_numeric(scatter.get("offsets")) for scatter in axes.get("scatters", [])]
    for line in axes.get("lines", []):
        x, y = _numeric(line.get("x")), _numeric(line.get("y"))
        if x is not None and y is not None and x.shape == y.shape and (joined or line.get("style") in ("None", "")):
            drawn.append(np.stack([x.ravel(), y.ravel()], axis=1))
    return [points for points in drawn if points is not None and points.ndim == 2 and points.shape[1] == 2]


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _numeric(value: Any) -> np.ndarray | None:
    """`value` as an array of numbers, or None where it isn't one (ragged, text, None, a generator)."""
    if value is None or isinstance(value, str | bytes | dict | Opaque):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biufc" else None


def close(
    actual: Any,
    expected: Any,
    name: str,
    *,
    tolerance: float = 1e-8,
    message: str = "",
    at: Mapping[str, Any] | None = None,
) -> None:
    """Fail unless `actual` equals `expected` to `tolerance` times max(1, the largest |expected|).

    actual: what the student returned, read by `as_array`. expected: a number or an array. message: what to say of a
    difference (by default, that it is not the value asked for). at: see `Wrong`.
    """
    try:
        _compare(actual, np.asarray(expected, dtype=np.float64), name, tolerance, message)
    except Wrong as error:
        error.at = at
        raise


def _compare(actual: Any, reference: np.ndarray, name: str, tolerance: float, message: str) -> None:
    array = as_array(actual, reference.shape, name)
    details = f"{name} returned {show(array)}\nexpected      {show(reference)}"
    finite(array, name, details)
    if reference.size == 0:
        return
    difference = np.abs(array - reference)
    if difference.max() > tolerance * max(1.0, np.abs(reference).max()):
        place = ""
        if reference.ndim:
            worst = np.unravel_index(difference.argmax(), reference.shape)
            place = f" (entry {list(map(int, worst))} is the furthest off)"
        what = message or f"{name} is not the value asked for"
        raise Wrong(f"{what}{place}.", f"{details}\nlargest difference {difference.max():.3g}")


def finite(array: np.ndarray, name: str, details: str = "") -> None:
    """Fail where an array holds NaN or infinity."""
    if not np.isfinite(array).all():
        bad = "NaN" if np.isnan(array).any() else "infinity"
        raise Wrong(f"{name} returned {bad}.", details or f"{name} returned {show(array)}")


def unchanged(observation: Observation, name: str, arguments: tuple[str, ...]) -> None:
    """Fail where the call changed its caller's arguments. arguments: their names, in order."""
    if observation.raised is not None:
        raise StudentRaised(name, observation.raised)
    if observation.changed:
        labels = [arguments[at] if at < len(arguments) else f"argument {at + 1}" for at in sorted(observation.changed)]
        raise Wrong(f"{name} changed the caller's {' and '.join(labels)}; work on a copy.")


def quiet(observation: Observation, name: str) -> None:
    """Fail where the call made numpy warn (of overflow, a division by zero, an invalid value)."""
    for category, text in observation.warnings:
        if category == "RuntimeWarning":
            raise Wrong(f"{name} caused a numerical warning, such as an overflow.", f"numpy warned: {text}")


# ---- how values are shown -------------------------------------------------------------------------------------------


def show(value: Any) -> str:
    """A value as short Python that a student can paste: arrays as lists with up to 6 significant digits."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return "\n".join(f"{name} = {_pasteable(item)}" for name, item in fields if not callable(item))
    if isinstance(value, np.ndarray):
        if value.size > 60:
            return f"array of shape {value.shape}, from {np.min(value):.6g} to {np.max(value):.6g}"
        return f"{_digits(value.tolist())}"
    if isinstance(value, dict):
        shown = [f"{show(key)}: {show(item)}" for key, item in list(value.items())[:MOST_SHOWN]]
        return "{" + ", ".join(shown) + ("}" if len(shown) == len(value) else ", …}")
    return _digits(value)


def _pasteable(value: Any) -> str:
    shown = show(value)
    if not isinstance(value, np.ndarray) or not shown.startswith("["):
        return shown
    looks_whole = value.dtype.kind == "f" and not re.search("[.en]", shown)
    return f"np.array({shown}, dtype=float)" if looks_whole else f"np.array({shown})"


def _digits(value: Any) -> str:
    if isinstance(value, list | tuple):
        inside = ", ".join(_digits(item) for item in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, float):
        short = f"{value:.6g}"
        # a rounded input would no longer show the failure: keep every digit where six don't suffice
        return short if float(short) == value or abs(value) == np.inf else repr(float(value))
    if isinstance(value, int) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    return repr(value)[:300]


def describe(value: Any) -> str:
    """What kind of value came back, for a message: «None», «a list of 3», «an array of shape (3, 1)»."""
    if value is None:
        return "None (is a return statement missing?)"
    if isinstance(value, Opaque):
        return _with_article(value.type_name)
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple):
        array = _numeric(value)
        kind = type(value).__name__
        return f"a {kind} of {len(value)}" if array is None else f"a {kind} of shape {array.shape}"
    if isinstance(value, bool | int | float | complex):
        return "a number"
    return _with_article(type(value).__name__)


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def _describe_shape(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "one number"


# ---- running --------------------------------------------------------------------------------------------------------


def run_check(
    declared: Check,
    resolve: Callable[[str], Any],
    seed: int,
    thresholds: Mapping[str, float] | None = None,
) -> Outcome:
    """Run one check and say what it found.

    resolve: gives a StudentFunction or a plain value for a name of the notebook; raises MissingName.
    seed: with the check's name it fixes the inputs that hypothesis generates.
    """
    notes: list[str] = []
    statistics: list[Any] = []
    flags: list[str] = []
    values: list[float] = []
    _notes.set(notes)
    _statistics.set(statistics)
    _flags.set(flags)
    _measured.set(values)
    _last_call.set("")
    _tried.set(None)
    digest = hashlib.sha256(f"{seed} {declared.question} {declared.name}".encode()).digest()
    _run_seed.set(int.from_bytes(digest[:8], "big"))
    outcome = _judge(declared, resolve, dict(thresholds or {}))
    return dataclasses.replace(
        outcome,
        notes=tuple(notes),
        statistics=tuple(statistics),
        flags=tuple(flags),
        measured=values[-1] if values else None,
    )


# how the errors end that a check raises where it was given something else in place of a student's function
NO_FUNCTION = (
    "object is not callable",
    "has no attribute 'observe'",
    "has no attribute 'name'",
    "got nothing of the student's",
)


def _judge(declared: Check, resolve: Callable[[str], Any], thresholds: dict[str, float]) -> Outcome:
    failed = functools.partial(Outcome, "failed")
    inputs: dict[str, Any] = {}
    names: dict[str, Any] = {}
    try:
        names.update({name: resolve(name) for name in declared.needs})
        if declared.takes_thresholds:
            names["thresholds"] = thresholds
        # generated inputs first: they are shrunk, so a slip that they show is shown by the smallest of them
        for phases in (GENERATED, BY_HAND):
            with _recording(declared, phases, inputs) as function:
                function(**names)
    except Wrong as error:
        shown = _show_inputs(_tried_or(inputs) if error.at is None else error.at)
        return failed("wrong value", error.message, shown, error.details)
    except StudentRaised as error:
        # the exception's own message stays with the details: a student could write a hidden input into it
        line = f"\nin {error.raised.line}" if error.raised.line else ""
        message = f"{error.name} raised {error.raised.type_name}.{line}"
        return failed("exception", message, _show_inputs(_tried_or(inputs)), error.raised.message)
    except CheckEnded as error:
        return failed(error.kind, error.message, _show_inputs(_tried_or(inputs)))
    except FlakyFailure:
        name = _last_call.get() or "your function"
        return failed("wrong value", f"{name} gave two different answers to the same input.", _show_inputs(inputs))
    except Exception as error:
        if str(error).endswith(NO_FUNCTION):
            for name in declared.needs:
                wanted = declared.function.__annotations__.get(name, StudentFunction)
                if wanted is StudentFunction and not isinstance(names.get(name), StudentFunction):
                    message = f"{name} should be a function; your notebook defines {describe(names[name])}."
                    return failed("missing name", message)
        return Outcome("unknown", staff=traceback.format_exc())
    return Outcome("passed")


@contextmanager
def _recording(
    declared: Check, phases: tuple[hypothesis.Phase, ...], inputs: dict[str, Any]
) -> Iterator[Callable[..., None]]:
    """The check's function, seeded, leaving in `inputs` what hypothesis gave it last: on a failure, the smallest."""
    function: Any = declared.function
    handle = getattr(function, "hypothesis", None)
    if phases is BY_HAND and not getattr(function, "hypothesis_explicit_examples", ()):
        yield lambda **names: None  # no @example to try
        return
    if handle is None:  # no generated inputs to record
        yield function
        return
    inner = handle.inner_test
    generated = set(inspect.signature(inner).parameters) - set(inspect.signature(function).parameters)

    @functools.wraps(inner)
    def recorded(*arguments: Any, **keywords: Any) -> None:
        _tried.set(None)
        inputs.clear()
        inputs.update({name: value for name, value in keywords.items() if name in generated})
        inner(*arguments, **keywords)

    settings = getattr(function, "_hypothesis_internal_use_settings", None)
    handle.inner_test = recorded
    try:
        hypothesis.seed(_run_seed.get())(function)
        function._hypothesis_internal_use_settings = hypothesis.settings(settings, phases=phases)
        yield function
    finally:
        handle.inner_test = inner
        function._hypothesis_internal_use_settings = settings


def _tried_or(generated: Mapping[str, Any]) -> Mapping[str, Any]:
    tried = _tried.get()
    return generated if tried is None else tried


def _show_inputs(inputs: Mapping[str, Any]) -> str:
    parts = []
    for name, value in inputs.items():
        parts.append(show(value) if dataclasses.is_dataclass(value) else f"{name} = {_pasteable(value)}")
    return "\n".join(parts)
