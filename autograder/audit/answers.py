"""An answer of a bank as the cells of a submission.

The first cell holds what the answer and the question's checks read of the reference; the second the answer, with the
imports and helpers of its bank that it reads. Comments, docstrings and the banks' decorators stay out: a student's
process never holds a hint.
"""

import ast
import functools
import importlib
import importlib.util
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import v4

from autograder.stubs import (
    FUNCTIONS,
    BuildError,
    Definition,
    Solutions,
    declares_an_answer,
    has_docstring,
    read_definitions,
)
from shared.kit.checking import Check
from solutions.banks import Answer

WRITTEN = "from typing import NamedTuple\nclass Written(NamedTuple):\n    answer: str\n    rubric: tuple = ()\n"
WRITTEN_IMPORT = re.compile(r"^from solutions import Written$", re.MULTILINE)


def reference_cell(assignment: str) -> str:
    """The whole solution module as one cell, standing on its own."""
    return WRITTEN_IMPORT.sub(WRITTEN, _text(f"solutions.{assignment}"))


def part_of_reference(assignment: str, names: Iterable[str]) -> str:
    """The definitions of these names, with all that they read, as one cell.

    It leaves out what nobody asks for: importing matplotlib alone takes half of the time that a small answer needs.
    """
    solutions = _module(f"solutions.{assignment}")
    return _with_imports(solutions, [item.source for item in solutions.needed(names)])


def blank_cells(assignment: str) -> tuple[str, ...]:
    """A notebook in which nothing is done: every name that students define, as the stub that they get."""
    solutions = _module(f"solutions.{assignment}")
    public = [item for item in solutions.definitions.values() if not (item.private or item.written)]
    return (_with_imports(solutions, [stub(item) for item in public]),)


def reference_cells(assignment: str, checks: Iterable[Check]) -> tuple[str, ...]:
    """A notebook of right answers, with all that the checks of a question need."""
    return (part_of_reference(assignment, _needs(checks)),)


def answer_cells(assignment: str, answer: Answer, checks: Iterable[Check]) -> tuple[str, ...]:
    """A notebook of right answers, with what the checks of a question need, and this answer in place of one.

    Raises BuildError where the answer can't be taken out of its bank.
    """
    bank = _module(answer.value.__module__)
    solutions = _module(f"solutions.{assignment}")
    own = bank.needed([answer.name])
    for item in own:
        if item.name in solutions.definitions:
            raise BuildError(f"rename {item.name} in {answer.value.__module__}: the reference has that name")
    written = [_undeclared(item) for item in own]
    reads = _names_in(written) - bank.definitions.keys()
    statements = {name: text for name, text in bank.imports.items() if name in reads}
    asked = _from_solutions(statements, answer)
    imports = dict.fromkeys(text for name, text in statements.items() if name not in asked)
    aliases = [f"{name} = {original}" for name, original in asked.items() if name != original]
    value = getattr(importlib.import_module(f"solutions.{assignment}"), answer.replaces, None)
    replaced = f"{answer.replaces} = {answer.name if callable(value) else f'{answer.name}()'}"
    second = "\n\n\n".join(["\n".join([*imports, *aliases]), *written, replaced]).strip()
    return part_of_reference(assignment, [*_needs(checks), *asked.values()]), second


def write_notebook(path: Path, cells: Iterable[str]) -> Path:
    """Write a notebook of code cells."""
    made = v4.new_notebook(cells=[v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)])
    nbformat.write(made, path)
    return path


def stub(definition: Definition) -> str:
    """A definition with nothing done: bodies and values are `...`, as build hands them out."""
    (node,) = ast.parse(definition.source).body
    _empty(node)
    return ast.unparse(node)


def _empty(node: ast.stmt) -> None:
    """Take out bodies and values, in place. A dataclass keeps its fields, whose defaults are public."""
    if isinstance(node, FUNCTIONS):
        node.body = [*node.body[: has_docstring(node)], ast.Expr(ast.Constant(...))]
    elif isinstance(node, ast.ClassDef):
        for member in node.body[has_docstring(node) :]:
            if not (node.decorator_list and isinstance(member, ast.AnnAssign)):
                _empty(member)
    elif isinstance(node, ast.Assign) or (isinstance(node, ast.AnnAssign) and node.value):
        node.value = ast.Constant(...)


def _undeclared(definition: Definition) -> str:
    """The source of a bank's definition, without its declaration as an answer, its docstring and its comments."""
    (node,) = ast.parse(definition.source).body
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        node.decorator_list = [item for item in node.decorator_list if not declares_an_answer(item)]
        node.body = node.body[has_docstring(node) :] or [ast.Pass()]
    return ast.unparse(node)


def _from_solutions(statements: dict[str, str], answer: Answer) -> dict[str, str]:
    """What a bank takes from the hidden modules, which a student's process lacks: {its name there: the original}."""
    asked: dict[str, str] = {}
    for name, text in statements.items():
        (node,) = ast.parse(text).body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "solutions":
            (asked[name],) = [item.name for item in node.names if (item.asname or item.name) == name]
        elif isinstance(node, ast.Import) and any(item.name.split(".")[0] == "solutions" for item in node.names):
            module = answer.value.__module__
            raise BuildError(f"import names in {module}, by `from`: {answer.name} reads the module {name}")
    return asked


def _needs(checks: Iterable[Check]) -> set[str]:
    return {name for check in checks for name in check.needs}


def _with_imports(solutions: Solutions, sources: Sequence[str]) -> str:
    """Definitions below the imports that they read."""
    reads = _names_in(sources)
    imports = dict.fromkeys(text for name, text in solutions.imports.items() if name in reads)
    return "\n\n\n".join(["\n".join(imports), *sources]).strip()


def _names_in(sources: Iterable[str]) -> set[str]:
    """Every name that stands in Python texts by itself (not as an attribute or a keyword)."""
    return {item.id for text in sources for item in ast.walk(ast.parse(text)) if isinstance(item, ast.Name)}


def _module(name: str) -> Solutions:
    return _definitions(_text(name), name)


@functools.lru_cache(maxsize=32)
def _definitions(text: str, name: str) -> Solutions:
    return read_definitions(text, name)


def _text(module: str) -> str:
    """The text of a module. Raises BuildError if there is none."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise BuildError(f"write {module.replace('.', '/')}.py: it isn't there")
    return Path(spec.origin).read_text(encoding="utf-8")
