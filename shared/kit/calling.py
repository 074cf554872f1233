"""Call a student's function with plain values and observe everything that comes of it."""

import importlib
import io
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import astuple, dataclass, field
from typing import Any

import numpy as np

from shared.kit.values import REASONS, ValueRefused, decode, encode, plain_name

MOST_PRINTED = 2_000  # characters
LONGEST_MESSAGE = 500
LONGEST_LINE = 200
MOST_WARNINGS = 20
ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")
NOTHING = encode(None)
CELL_FRAME = re.compile(r"^<(ipython|cell)|[\\/]ipykernel_\d+[\\/]|[\\/]ipython-input-")  # the sandbox, Jupyter, Colab
CELL_FILE = re.compile(r"<ipython-input-[^>]*>")


@dataclass(frozen=True)
class Raised:
    """An exception in the student's code: the name of its type, its message, and the function and line it came from."""

    type_name: str
    message: str
    function: str = ""
    code: str = ""

    @property
    def line(self) -> str:
        """The line with its function, «newton: theta -= step»; empty where it isn't the student's own."""
        return f"{self.function}: {self.code}" if self.code else ""


@dataclass(frozen=True)
class Observation:
    """What one call did: a value or an exception, its warnings, the arguments that it changed, what it printed."""

    value: Any = None
    raised: Raised | None = None
    warnings: tuple[tuple[str, str], ...] = ()  # (category, message)
    changed: dict[int, Any] = field(default_factory=dict)  # position of an argument → its value after the call
    prints: str = ""


class BoundedWriter(io.TextIOBase):
    """A stream that keeps the first MOST_PRINTED characters and drops the rest, however much is printed."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.room = MOST_PRINTED

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.room > 0:
            self.kept.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def text(self) -> str:
        return "".join(self.kept)


@contextmanager
def captured_prints() -> Iterator[BoundedWriter]:
    """Collect what is printed inside the block, bounded."""
    writer = BoundedWriter()
    with redirect_stdout(writer), redirect_stderr(writer):
        yield writer


@contextmanager
def new_figures_closed() -> Iterator[None]:
    """Close the pyplot figures that the block opens: a notebook would show a check's figures as the student's own."""
    before = _open_figures()
    try:
        yield
    finally:
        for number in _open_figures() - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _open_figures() -> set[int]:
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if hasattr(pyplot, "get_fignums") else set()


def describe_exception(error: BaseException) -> Raised:
    """Type, message and line of an exception; addresses are removed, and a `__str__` that fails is survived."""
    try:
        message = str(error)
    except Exception as failure:
        message = f"(its message can't be read: {type(failure).__name__})"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if CELL_FRAME.search(frame.filename)]
    message = CELL_FILE.sub("the cell", ADDRESS.sub("0x…", str(message)))
    for folder in (sys.prefix, sys.base_prefix):
        message = message.replace(folder, "…")  # where Python is installed is no matter of the student's
    code = frames[-1].line or "" if frames else ""
    # of a generator expression or a lambda, the function that it stands in
    function = next((frame.name for frame in reversed(frames) if not frame.name.startswith("<")), "")
    name = plain_name(type(error), "an exception")
    return Raised(name, message[:LONGEST_MESSAGE], function[:LONGEST_LINE], code[:LONGEST_LINE])


def function_of_the_kit(place: str) -> Callable[..., Any]:
    """The function that «shared.module:name» stands for. Raises LookupError for what isn't the kit's own."""
    module, _, name = place.partition(":")
    found = getattr(importlib.import_module(module), name, None) if module.startswith("shared.") else None
    if not callable(found) or getattr(found, "__module__", "") != module:
        raise LookupError(f"{place} is no function of the kit's")
    return found


def as_tensor(array: np.ndarray) -> Any:
    """The array as a torch tensor of its own."""
    torch = importlib.import_module("torch")  # no import statement: only those who get tensors need the package
    return torch.from_numpy(array)


def perform(
    function: Callable[..., Any],
    arguments: list[bytes],
    keywords: dict[str, bytes],
    revive: Callable[[bytes], Any],
    keep: Callable[[Any], int] | None = None,
) -> dict[str, Any]:
    """Call `function` on encoded arguments; return the observation as a frame for `read_observation`.

    revive: decodes one argument (a fresh random generator, a call-back, a kept object).
    """
    positional = [revive(data) for data in arguments]
    named = {name: revive(data) for name, data in keywords.items()}
    frame: dict[str, Any] = {}
    with (
        warnings.catch_warnings(record=True) as recorded,
        # numpy's own settings, whatever a cell has set: the same function is to be graded alike
        np.errstate(over="warn", divide="warn", invalid="warn", under="ignore"),
        captured_prints() as printed,
        new_figures_closed(),
    ):
        warnings.simplefilter("always")
        try:
            value = function(*positional, **named)
        except BaseException as error:  # whatever a student's function raises is an observation
            frame["raised"] = list(astuple(describe_exception(error)))
        else:
            frame |= encoded(value, keep)
    frame["warnings"] = [
        [warning.category.__name__[:80], ADDRESS.sub("0x…", str(warning.message))[:LONGEST_MESSAGE]]
        for warning in recorded[:MOST_WARNINGS]
    ]
    frame["changed"] = _changed(arguments, positional, keep)
    frame["prints"] = ADDRESS.sub("0x…", printed.text())
    return frame


def encoded(value: Any, keep: Callable[[Any], int] | None) -> dict[str, Any]:
    """The part of a frame that holds a value, or says why it can't cross; encoding may run code of the student's."""
    try:
        return {"value": encode(value, keep)}
    except ValueRefused as error:
        return {"refused": str(error)}
    except Exception as error:
        return {"raised": list(astuple(describe_exception(error)))}


def _changed(before: list[bytes], after: list[Any], keep: Callable[[Any], int] | None) -> list[list[Any]]:
    """[position, encoded value] of each argument that no longer encodes to the bytes that it came from."""
    pairs = []
    for position, (data, value) in enumerate(zip(before, after, strict=True)):
        if callable(value) or isinstance(value, np.random.Generator):
            continue  # a generator is there to be used; a call-back has no value
        now = encoded(value, keep).get("value", NOTHING)
        if now != data:
            pairs.append([position, now])
    return pairs


class MalformedObservation(ValueRefused):
    """A frame that no honest worker sends."""


def read_observation(frame: Any, read: Callable[[bytes], Any] = decode) -> Observation:
    """Check and rebuild the frame of `perform`. Raises ValueRefused for a value too large or a malformed frame."""
    if not isinstance(frame, dict):
        raise MalformedObservation("an observation that is no mapping")
    if "refused" in frame:
        raise refusal(frame)
    try:
        raised = Raised(*(_string(part) for part in frame["raised"])) if "raised" in frame else None
        return Observation(
            value=read(frame["value"]) if raised is None else None,
            raised=raised,
            warnings=tuple((_string(kind), _string(text)) for kind, text in frame["warnings"][:MOST_WARNINGS]),
            changed={int(position): read(data) for position, data in frame["changed"]},
            prints=_string(frame["prints"], MOST_PRINTED),
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ValueRefused):
            raise
        raise MalformedObservation("a malformed observation") from error


def refusal(frame: dict[str, Any]) -> ValueRefused:
    """Why a frame holds no value, in a sentence of ours: no text of the worker's."""
    reason = frame.get("refused")
    return ValueRefused(reason if reason in REASONS else "a value that can't be read")


def _string(value: Any, longest: int = LONGEST_MESSAGE) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value[:longest]
