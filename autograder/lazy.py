"""Import a module only when something of it is used."""

import importlib
import sys
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """Stands for a module, and passes every question for an attribute on to it."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)  # the import system looks for these; they are no use of the module
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), attribute)


SELDOM_USED = ("matplotlib.pyplot", "cvxpy")


def postpone_imports() -> None:
    """Postpone what the solutions import and the grader doesn't use: it never draws, and solves by other means."""
    for name in SELDOM_USED:
        postpone(name)


def postpone_reference(assignment: str) -> None:
    """Postpone the reference's module: where no check uses it, it is needed after the worker has ended, if at all.

    That of networks loads torch, 200 MB that the worker can use meanwhile.
    """
    postpone(f"solutions.{assignment}")


def postpone(name: str) -> None:
    """Make `import name` cost nothing until something of the module is used: pyplot takes half a second, cvxpy one.

    (importlib's own LazyLoader loads at the import statement already, which looks for the module's `__spec__`.)
    """
    if name in sys.modules:
        return
    package, _, last = name.rpartition(".")
    sys.modules[name] = _Postponed(name)
    if package:
        setattr(importlib.import_module(package), last, sys.modules[name])
