"""From an Otter test to a check: the student's own functions, called in this process through the grader's encoder.

Otter's test files are a few generated lines that call `run`. Values are copied and read exactly as in the sandboxed
grader, so a check can't pass here and fail there because of a shared array or a lenient comparison.
"""

import importlib
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from shared.kit.calling import Observation, perform, read_observation
from shared.kit.checking import Check, MissingName, Outcome, StudentFunction, checks_in, run_check
from shared.kit.values import Opaque, decode, encode


class CheckFailed(AssertionError):
    """A check that didn't pass; Otter prints its message."""


def local_name(names: Mapping[str, Any], name: str) -> Any:
    """A name of the student's as checks see it: a StudentFunction, or a plain value. Raises MissingName."""
    if name not in names or names[name] is ...:
        raise MissingName(f"{name} isn't defined yet.")
    value = names[name]
    return local_function(name, value) if callable(value) else decode(encode(value))


def local_function(name: str, function: Any) -> StudentFunction:
    """Wrap a function of this process: its arguments and results are copied through the encoder."""

    def observe(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Observation:
        kept: list[Any] = []

        def keep(value: Any) -> int:
            kept.append(value)
            return len(kept) - 1

        def revive(data: bytes) -> Any:
            return decode(data, generator=np.random.default_rng, opaque=lambda handle, _: kept[handle])

        frame = perform(
            function,
            [encode(value) for value in arguments],
            {key: encode(value) for key, value in keywords.items()},
            revive,
            keep,
        )
        return read_observation(frame, lambda data: decode(data, opaque=Opaque))

    return StudentFunction(name, observe)


def find_check(module: str, name: str) -> Check:
    """The check called `name` in `module`. Raises LookupError."""
    for declared in checks_in(importlib.import_module(module)):
        if declared.name == name:
            return declared
    raise LookupError(f"{module} has no check called {name}")


def run(module: str, name: str, names: Mapping[str, Any], seed: int | None = None) -> None:
    """Run one check on the notebook's `names`; raise CheckFailed with the whole story if it doesn't pass."""
    declared = find_check(module, name)
    np.random.seed(0)
    outcome = run_check(
        declared,
        lambda wanted: local_name(names, wanted),
        zlib.crc32(module.encode()) if seed is None else seed,
    )
    if outcome.status != "passed":
        raise CheckFailed(tell(declared, outcome))
    for note in outcome.notes:
        print(note)


def tell(declared: Check, outcome: Outcome) -> str:
    """A failed outcome as text: the property asked for, what broke, the smallest input, what came back."""
    if outcome.status == "unknown":
        return f"{declared.title}\nThis check itself failed; please report it:\n{outcome.staff}"
    parts = [declared.title, outcome.message]
    if outcome.smallest_input:
        parts += ["Smallest input that shows it:", _indent(outcome.smallest_input)]
    if outcome.details:
        parts += ["What came back:", _indent(outcome.details)]
    return "\n".join(parts)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
