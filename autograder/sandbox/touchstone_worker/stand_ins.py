"""Put call-backs of the grader in the place of a notebook's names, and find which names a function gets to."""

import dis
import functools
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

Names = dict[str, Any]

READS_A_GLOBAL = ("LOAD_GLOBAL", "LOAD_NAME")
STAND_IN = "_touchstone_stand_in_{}"
MOST_ITEMS = 1000  # of a list or dictionary that are looked into


def namespaces(notebook: Names) -> list[Names]:
    """The notebook's names, and those of each module that lies beside it and was imported."""
    beside = os.path.join(os.getcwd(), "")
    modules = [vars(module) for module in list(sys.modules.values()) if isinstance(module, ModuleType)]
    return [notebook, *(names for names in modules if str(names.get("__file__")).startswith(beside))]


def put_in_place(name: str, stand_in: Any, notebook: Names) -> None:
    """Let `name` be `stand_in`, also for whoever holds the function of that name by another way."""
    original = notebook.get(name)
    if callable(stand_in) and isinstance(original, FunctionType) and not original.__code__.co_freevars:
        become(original, stand_in)
    if callable(original):
        for names in namespaces(notebook):
            names.update({key: stand_in for key, value in names.items() if value is original})
    notebook[name] = stand_in


def become(function: FunctionType, stand_in: Any) -> None:
    """Make calls of `function` calls of `stand_in`: a default argument, a dictionary or an object may hold it."""
    function.__globals__[STAND_IN.format(id(function))] = stand_in
    source = f"lambda *arguments, **keywords: {STAND_IN.format(id(function))}(*arguments, **keywords)"
    function.__code__ = eval(source).__code__  # noqa: S307 (our own text)
    function.__defaults__ = function.__kwdefaults__ = None


def reached(roots: Iterable[str], ends: Collection[str], notebook: Names) -> list[str]:
    """Those of `ends` that the functions named `roots` use, themselves or by other functions of the student's.

    What stands in `ends` is not looked into, nor is anything that the student hasn't written.
    """
    own = {id(names) for names in namespaces(notebook)}
    ending = {id(notebook[name]): name for name in ends if callable(notebook.get(name))}
    waiting = [notebook[name] for name in roots if name in notebook and name not in ends]
    found: set[str] = set()
    seen: dict[int, Any] = {}  # holds what it has seen, so that no other object gets its id
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen[id(value)] = value
        if id(value) in ending:
            found.add(ending[id(value)])
            continue
        if isinstance(value, FunctionType) and id(value.__globals__) in own:
            used = set(_globals_of(value.__code__))
            found |= used & set(ends)  # by its name, too: it may not be defined
            waiting += [value.__globals__[name] for name in used if name in value.__globals__]
        waiting += _parts(value, own)
    return sorted(found)


def _globals_of(code: CodeType) -> Iterator[str]:
    """The global names that a function's code reads, with those of the functions and classes inside it."""
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in READS_A_GLOBAL)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals_of(constant)


def _parts(value: Any, own: set[int]) -> list[Any]:
    """What may run when `value` is used: a function's defaults and closure, a class's methods, what something holds."""
    if isinstance(value, FunctionType):
        cells = [cell for cell in value.__closure__ or () if cell != type(cell)()]  # an empty one has no contents
        defaults = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
        return [*defaults, *(cell.cell_contents for cell in cells), getattr(value, "__wrapped__", None)]
    if isinstance(value, dict | list | tuple | set | frozenset):
        items = value.values() if isinstance(value, dict) else value
        return list(islice(items, MOST_ITEMS))
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, MethodType | staticmethod | classmethod):
        return [value.__func__, getattr(value, "__self__", None)]
    if isinstance(value, property):
        return [value.fget]
    if isinstance(value, ModuleType):
        return list(vars(value).values()) if id(vars(value)) in own else []
    if isinstance(value, type):
        return [part for kind in value.__mro__[:-1] for part in vars(kind).values()] if _written(value, own) else []
    held = list(getattr(value, "__dict__", {}).values()) if _written(type(value), own) else []
    return [type(value), getattr(value, "__wrapped__", None), *held]


def _written(kind: type, own: set[int]) -> bool:
    """Whether a class is the student's."""
    return id(vars(sys.modules.get(kind.__module__, dis))) in own
