"""A solution module read as text: its definitions, and each as the student may see it.

Nothing of a solution is imported or run. `mark` puts Otter Assign's markers around what a student may not see:
bodies of functions and methods, values of constants. Signatures, docstrings and annotations stay.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from solutions import Written

# What Otter Assign reads as its own: a template or a solution that happens to hold one would be stripped wrongly.
OTTER = re.compile(
    r"(?i:#\s*(BEGIN|END) (QUESTION|PROMPT|SOLUTION|TESTS?))|# (SOLUTION|IGNORE|HIDDEN|ASSIGNMENT CONFIG)|```otter"
)
Definer = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class BuildError(Exception):
    """The assignment can't be handed out as it is; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Definition:
    """One top-level name of a solution module: its source, and every name that it reads."""

    name: str
    node: Definer
    source: str
    reads: frozenset[str]

    @property
    def private(self) -> bool:
        """Whether it is the solution's own: students don't see that it exists, unless a template asks for it."""
        return self.name.startswith("_") or self.name.isupper()

    @property
    def written(self) -> Written | None:
        """What a written question is made of; None for code."""
        match getattr(self.node, "value", None):
            case ast.Call(func=ast.Name(id="Written"), args=positional, keywords=keywords):
                try:
                    named = {item.arg or "": ast.literal_eval(item.value) for item in keywords}
                    return Written(*map(ast.literal_eval, positional), **named)
                except (TypeError, ValueError) as error:
                    raise BuildError(f"write the answer and the rubric of {self.name} as plain strings") from error
        return None


@dataclass(frozen=True)
class Solutions:
    """A solution module, read but not run: its definitions in order, and the imports that they may need."""

    definitions: Mapping[str, Definition]
    imports: Mapping[str, str]

    def helpers(self, definition: Definition) -> list[Definition]:
        """The private definitions that it needs, directly or through each other, in the module's order."""
        private = {name for name, item in self.definitions.items() if item.private}
        return self.needed(definition.reads, private - {definition.name})

    def needed(self, names: Iterable[str], among: Collection[str] | None = None) -> list[Definition]:
        """The definitions of names, and of all that these read in turn, in the module's order.

        among: the names that count (all, if not given).
        """
        allowed = self.definitions.keys() if among is None else self.definitions.keys() & among
        found: set[str] = set()
        waiting = allowed & set(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= (self.definitions[name].reads & allowed) - found
        return [item for name, item in self.definitions.items() if name in found]


def read_solutions(text: str) -> Solutions:
    """Read a solution module. Raises BuildError where build couldn't take it apart."""
    for number, line in enumerate(text.split("\n"), 1):
        if OTTER.search(line):
            raise BuildError(f"reword line {number} of the solution module: Otter Assign reads its comment as its own")
    return read_definitions(text, "the solution module")


def read_definitions(text: str, what: str) -> Solutions:
    """Read a module of definitions. what: its name in messages. Raises BuildError for a name that it defines twice."""
    lines = text.split("\n")
    definitions: dict[str, Definition] = {}
    imports: dict[str, str] = {}
    for node in parse(text, what).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                imports[alias.asname or alias.name.split(".")[0]] = ast.unparse(node)
        for name in defined_names(node):
            if name in definitions:
                raise BuildError(f"define {name} once: {what} defines it twice")
            reads = frozenset(item.id for item in ast.walk(node) if isinstance(item, ast.Name))
            source = "\n".join(lines[first_line(node) - 1 : node.end_lineno])
            definitions[name] = Definition(name, node, source, reads)  # type: ignore[arg-type]
    return Solutions(definitions, imports)


def parse(text: str, what: str) -> ast.Module:
    """Parse Python text. Raises BuildError where it can't be."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise BuildError(f"mend line {error.lineno} of {what}: {error.msg}") from error


def defined_names(node: ast.stmt) -> Iterator[str]:
    """The name that a top-level statement defines alone, if it does."""
    if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
        yield node.name
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        yield node.targets[0].id
    elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
        yield node.target.id


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included (counted from 1)."""
    return min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])


# ---- the markers -----------------------------------------------------------------------------------------------------


def mark(source: str, secret: str) -> str:
    """The source of one definition with Otter's markers around what the student doesn't get.

    secret: a word to plant there.
    """
    lines = source.split("\n")
    node = ast.parse(source).body[0]
    for first, last, replacement in sorted(_edits([node], lines, len(lines), False, secret), reverse=True):
        lines[first:last] = replacement
    return "\n".join(lines)


def _edits(
    members: Sequence[ast.stmt], lines: Sequence[str], end: int, keeps_values: bool, secret: str
) -> Iterator[tuple[int, int, list[str]]]:
    """What to replace, as (first line, line after the last, new lines), counted from 0.

    members: statements beside each other, of a class, or one definition; end: the line after the last one's.
    keeps_values: whether annotated values are public, as the defaults of a dataclass's fields are.
    """
    ends = [*(first_line(member) - 1 for member in members[1:]), end]
    for member, stop in zip(members, ends, strict=True):
        start = first_line(member) - 1
        while not lines[stop - 1].strip():
            stop -= 1
        indent = " " * member.col_offset
        if isinstance(member, FUNCTIONS):
            blank = [""] if stop < len(lines) and lines[stop].strip() else []  # it went with the next one's comment
            for first, last, replacement in _function_edit(member, lines, stop, secret):
                yield first, last, replacement + blank
        elif isinstance(member, ast.ClassDef):
            inner = member.body[has_docstring(member) :]
            if _before(member.body[0], lines).strip():
                raise BuildError(f"give the body of class {member.name} its own lines")
            if inner:
                yield from _edits(inner, lines, stop, bool(member.decorator_list), secret)
        elif isinstance(member, ast.AnnAssign) and (keeps_values or member.value is None):
            pass
        else:
            hidden = hide(lines[start:stop], indent, secret, prompt=False)
            yield start, stop, [*_prompt(member, indent), *hidden]


def _function_edit(
    node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str], stop: int, secret: str
) -> Iterator[tuple[int, int, list[str]]]:
    """Signature, docstring and the call of the base class's constructor stay, the rest is hidden, comments and all."""
    body, documented = node.body, has_docstring(node)
    public = documented + any(ast.unparse(item) == "super().__init__()" for item in body[documented : documented + 1])
    if len(body) == public:
        return
    indent, kept = _before(body[0], lines), []
    if any(_before(item, lines).strip() for item in body):  # def f(x): return x
        start = body[0].lineno - 1
        if indent.strip():
            kept, indent = [indent.rstrip()], " " * (node.col_offset + 4)
        source = "\n".join(lines)
        own_lines = [indent + (ast.get_source_segment(source, item) or "") for item in body]
        kept += own_lines[:documented]
        hidden = own_lines[documented:]
    else:
        start = (body[public - 1].end_lineno or 0) if public else first_line(body[0]) - 1
        while not public and lines[start - 1].strip()[:1] in ("", "#"):  # a comment above the first statement
            start -= 1
        hidden = list(lines[start:stop])
    yield start, stop, [*kept, *hide(hidden, indent, secret)]


def _before(node: ast.stmt, lines: Sequence[str]) -> str:
    """What stands before a statement in its first line."""
    return lines[node.lineno - 1].encode()[: node.col_offset].decode()


def has_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def declares_an_answer(decorator: ast.expr) -> bool:
    """Whether a decorator is a bank's `mistake_of` or `variant_of`."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(function).rpartition(".")[2] in ("mistake_of", "variant_of")


def hide(lines: Iterable[str], indent: str, secret: str, prompt: bool = True) -> list[str]:
    opening = f"{indent}# BEGIN SOLUTION" + ("" if prompt else " NO PROMPT")
    return [opening, f"{indent}# {secret}", *lines, f"{indent}# END SOLUTION"]


def _prompt(node: ast.stmt, indent: str) -> list[str]:
    """What the student gets in place of a constant: `name: type = ...`."""
    if isinstance(node, ast.AnnAssign):
        shown = f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)} = ..."
    elif isinstance(node, ast.Assign):
        shown = f"{ast.unparse(node.targets[0])} = ..."
    else:
        shown = "..."
    return [f'{indent}""" # BEGIN PROMPT', indent + shown, f'{indent}""" # END PROMPT']
