"""From an Otter test to a check: the student's own functions, called in this process through the grader's encoder.

Otter's test files are a few generated lines that call `run`. Values are copied and read exactly as in the sandboxed
grader, so a check can't pass here and fail there because of a shared array or a lenient comparison.
"""

import importlib
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from shared.kit.calling import Observation, as_tensor, function_of_the_kit, perform, read_observation
from shared.kit.checking import (
    Check,
    MissingName,
    Outcome,
    StudentFunction,
    checks_in,
    ending_where_refused,
    returned,
    run_check,
)
from shared.kit.values import Kept, Opaque, Seeded, Tensor, decode, encode, encode_function, encode_name


class CheckFailed(AssertionError):
    """A check that didn't pass; Otter prints its message."""


class LocalNames:
    """A notebook's names as checks see them, served by this process; what can't be copied stays behind a handle."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._kept = Kept()

    def resolve(self, name: str) -> Any:
        """A StudentFunction, or a plain value. Raises MissingName."""
        if name not in self._names or self._names[name] is ...:
            raise MissingName(f"{name} isn't defined yet.")
        value = self._names[name]
        if callable(value):
            return StudentFunction(
                name,
                lambda arguments, keywords: self._call(value, arguments, keywords),
                lambda place, arguments, keywords: self._call(function_of_the_kit(place), arguments, keywords),
            )
        with ending_where_refused(f"{name} is"):
            return self._read(encode(value, self._kept.keep))

    def _call(self, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Observation:
        graders: list[Callable[..., Any]] = []

        def encoded(value: Any) -> bytes:
            if isinstance(value, StudentFunction):
                return encode_name(value.name)
            if callable(value) and not isinstance(value, Opaque | Seeded | Tensor):
                graders.append(value)
                return encode_function(len(graders) - 1)
            return encode(value, lambda item: item.handle if isinstance(item, Opaque) else self._kept.keep(item))

        def revive(data: bytes) -> Any:
            return decode(
                data,
                generator=np.random.default_rng,
                opaque=lambda handle, _: self._kept[handle],
                function=lambda number: _call_back(graders[number]),
                named=self._names.__getitem__,
                tensor=as_tensor,
            )

        frame = perform(
            function,
            [encoded(value) for value in arguments],
            {key: encoded(value) for key, value in keywords.items()},
            revive,
            self._kept.keep,
        )
        return read_observation(frame, self._read)

    def _of_handle(self, operation: str, handle: Opaque, *rest: Any) -> Any:
        """Call an object behind a handle, read its attribute, or run a function of the kit's on it."""
        with ending_where_refused(f"{handle.type_name} returned"):
            if operation == "call":
                observation = self._call(self._kept[handle.handle], *rest)
            elif operation == "kit":
                observation = self._call(function_of_the_kit(rest[0]), *rest[1:])
            else:
                observation = self._call(getattr, (handle, rest[0]), {})
        return returned(observation, handle.type_name)

    def _read(self, data: bytes) -> Any:
        return decode(data, opaque=lambda handle, name: Opaque(handle, name, self._of_handle))


def _call_back(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the check's as the student's sees it: as in the sandbox, copies cross, and no exception's text."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        positional = [decode(encode(value)) for value in arguments]
        named = {name: decode(encode(value)) for name, value in keywords.items()}
        try:
            return decode(encode(function(*positional, **named)))
        except (ValueError, TypeError, IndexError, ArithmeticError) as error:
            raise ValueError(type(error).__name__) from None

    return call


def find_check(module: str, name: str) -> Check:
    """The check called `name` in `module`. Raises LookupError."""
    for declared in checks_in(importlib.import_module(module)):
        if declared.name == name:
            return declared
    raise LookupError(f"{module} has no check called {name}")


def run(
    module: str,
    name: str,
    names: Mapping[str, Any],
    seed: int | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> None:
    """Run one check on the notebook's `names`; raise CheckFailed with the whole story if it doesn't pass."""
    declared = find_check(module, name)
    np.random.seed(0)
    seed = zlib.crc32(module.encode()) if seed is None else seed
    outcome = run_check(declared, LocalNames(names).resolve, seed, thresholds)
    if outcome.status != "passed":
        raise CheckFailed(tell(outcome))
    for note in outcome.notes:
        print(note)


def tell(outcome: Outcome) -> str:
    """A failed outcome as text: what broke, the smallest input, what came back. Otter prints the title above it."""
    if outcome.status == "unknown":
        return f"This check itself failed; please report it:\n{outcome.staff}"
    parts = [outcome.message]
    if outcome.smallest_input:
        parts += ["Smallest input that shows it:", _indent(outcome.smallest_input)]
    if outcome.details:
        parts += ["What came back:", _indent(outcome.details)]
    return re.sub(r"<(?=[A-Za-z/!])", "< ", "\n".join(parts))  # Otter shows it as HTML, where «<b» begins a tag


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
