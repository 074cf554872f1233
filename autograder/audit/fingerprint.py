"""A fingerprint of a function: it changes when anything that the function computes may have changed, and only then.

It covers the source of the function and of every function, class and constant of the kit that it reaches, directly or
through others. Comments, docstrings, annotations and how a check or an answer is declared (its weight, its points)
don't count, so that editing those keeps what was measured with hours of work. Names are followed in the source: a
local variable that is called like a global counts as that global.
"""

import ast
import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PACKAGES = ("autograder", "shared", "solutions")
DECLARATIONS = {"check", "mistake_of", "variant_of"}


@dataclass(frozen=True)
class Module:
    """The source of a module by the names that it binds.

    definitions: name → the statements that bind it, reduced to what they compute. imports: name → dotted path.
    """

    definitions: dict[str, list[ast.stmt]]
    imports: dict[str, str]


def fingerprint(functions: Iterable[Callable[..., Any]], also: str = "", packages: Iterable[str] = PACKAGES) -> str:
    """The fingerprint of functions, in this order. also: other text that what they compute depends on."""
    roots = [f"{function.__module__}.{function.__name__}" for function in functions]
    parts = [also, *roots, *(f"{path} {text}" for path, text in sorted(reached(roots, packages).items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def reached(roots: Iterable[str], packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """All definitions that the roots reach inside the packages: {dotted path: its text}."""
    inside = tuple(packages)
    waiting, seen, found = list(roots), set[str](), dict[str, str]()
    while waiting:
        path = waiting.pop()
        if path in seen or path.partition(".")[0] not in inside:
            continue
        seen.add(path)
        name, rest = _longest_module(path)
        module = _module(name)
        if not rest:  # the module itself is handed on: it counts as a whole
            waiting += [f"{name}.{bound}" for bound in module.definitions]
        elif rest[0] in module.imports:
            waiting.append(".".join([module.imports[rest[0]], *rest[1:]]))
        elif rest[0] in module.definitions:
            statements = module.definitions[rest[0]]
            found[f"{name}.{rest[0]}"] = " ".join(map(_text, statements))
            for read in (read for statement in statements for read in _reads(statement)):
                first, _, further = read.partition(".")
                if first in module.definitions:
                    waiting.append(f"{name}.{first}")
                elif first in module.imports:
                    waiting.append(".".join(filter(None, [module.imports[first], further])))
            waiting += [path for statement in statements for path in _imported(statement, name).values()]
    return found


def _longest_module(path: str) -> tuple[str, list[str]]:
    """A dotted path, cut into the module that it leads into and the names inside."""
    parts = path.split(".")
    for length in range(len(parts), 1, -1):
        name = ".".join(parts[:length])
        try:
            if importlib.util.find_spec(name) is not None:
                return name, parts[length:]
        except ModuleNotFoundError:  # what would be its package is a plain module
            continue
    return parts[0], parts[1:]


def _module(name: str) -> Module:
    spec = importlib.util.find_spec(name)
    origin = spec.origin if spec else None
    return _parsed(name, Path(origin).read_text(encoding="utf-8") if origin else "")


@lru_cache(maxsize=100)
def _parsed(name: str, source: str) -> Module:
    definitions: dict[str, list[ast.stmt]] = {}
    imports: dict[str, str] = {}
    for statement in ast.parse(source).body:
        imports |= _imported(statement, name)
        reduced = _Reduced().visit(statement)
        for bound in _bound(reduced):
            definitions.setdefault(bound, []).append(reduced)
    return Module(definitions, imports)


def _imported(statement: ast.stmt, module: str) -> dict[str, str]:
    """The names that the import statements in a statement bind, and their dotted paths."""
    bound = {}
    spec = importlib.util.find_spec(module)
    package = (spec.parent if spec else None) or module
    for node in ast.walk(statement):
        if isinstance(node, ast.Import):
            for name in node.names:
                whole = name.name if name.asname else name.name.partition(".")[0]  # `import a.b` binds a
                bound[name.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            origin = importlib.util.resolve_name(start, package) if node.level else start
            bound |= {name.asname or name.name: f"{origin}.{name.name}" for name in node.names}
    return bound


class _Reduced(ast.NodeTransformer):
    """Takes away what isn't computed: docstrings, annotations, declarations."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_prose(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_prose(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        self.generic_visit(node)
        return node

    def _without_prose(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        node.decorator_list = [item for item in node.decorator_list if _called(item) not in DECLARATIONS]
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        return node


def _called(decorator: ast.expr) -> str:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return function.id if isinstance(function, ast.Name) else ""


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module's own level binds, other than by import."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    stored = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    defined = {node.name for node in ast.walk(statement) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return stored | defined


def _reads(node: ast.AST) -> Iterator[str]:
    """The names that a statement reads, with the attributes asked of them: «reference.newton»."""
    if isinstance(node, ast.Attribute):
        path, inner = [node.attr], node.value
        while isinstance(inner, ast.Attribute):
            path.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield ".".join([inner.id, *reversed(path)])
            return
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _reads(child)


def _text(node: Any) -> str:
    """A syntax tree as text; empty fields are left out, so it is the same under every version of Python."""
    if isinstance(node, ast.AST):
        fields = [
            f"{name}={_text(value)}" for name, value in ast.iter_fields(node) if value is not None and value != []
        ]
        return f"{type(node).__name__}({', '.join(fields)})"
    if isinstance(node, list):
        return f"[{', '.join(map(_text, node))}]"
    return repr(node)
