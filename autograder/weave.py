"""From a template and its hidden solutions to an Otter Assign master notebook.

A template is a notebook as text whose answer cells are imports, `from solutions.<assignment> import <question>`. Each
is replaced by the source of what it imports, with Otter's markers around whatever a student may not see: bodies of
functions and methods, values of constants, the private helpers that an answer calls, model answers. Everything here
is text to text; nothing of the solutions is imported or run.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.policy import Assignment
from shared.kit.checking import Check

# What Otter Assign reads as its own; a template or a solution that happens to hold one would be stripped wrongly.
OTTER = re.compile(r"#\s*(BEGIN|END) (QUESTION|PROMPT|SOLUTION|TESTS?)|# SOLUTION|# IGNORE|# HIDDEN|```otter", re.IGNORECASE)
SOLUTIONS_IMPORT = re.compile(r"^\s*(from|import)\s+solutions\b", re.MULTILINE)
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
CONFIG = """# ASSIGNMENT CONFIG
name: {name}
init_cell: false
export_cell: false
generate: false
run_tests: false
solutions_pdf: false
template_pdf: false
suppress_no_tests_warning: true
tests:
    files: true
    ok_format: false"""

type Definer = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
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
        """Whether it is the solution's own: students never see that it exists, unless a template asks for it."""
        return self.name.startswith("_") or self.name.isupper()

    @property
    def written(self) -> dict[str, object] | None:
        """What a written question is made of, `answer` and `rubric`; None for code."""
        value = getattr(self.node, "value", None)
        if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Written"):
            return None
        named = dict(zip(("answer", "rubric"), value.args, strict=False)) | {k.arg: k.value for k in value.keywords if k.arg}
        try:
            return {key: ast.literal_eval(argument) for key, argument in named.items()}
        except ValueError as error:
            raise BuildError(f"write {self.name}'s answer and rubric as plain strings, so that build can read them") from error


@dataclass(frozen=True)
class Solutions:
    """A solution module, read but not run: its definitions in order, and the imports that they may need."""

    definitions: Mapping[str, Definition]
    imports: Mapping[str, str]

    def helpers(self, definition: Definition) -> list[Definition]:
        """The private definitions that it needs, directly or through each other, in the module's order."""
        needed: set[str] = set()
        waiting = [definition]
        while waiting:
            for name in waiting.pop().reads - needed:
                if name != definition.name and name in self.definitions and self.definitions[name].private:
                    needed.add(name)
                    waiting.append(self.definitions[name])
        return [item for name, item in self.definitions.items() if name in needed]


def canary(assignment: str) -> str:
    """What is planted in every hidden part of the master; found among the student's files, it shows a leak."""
    return f"touchstone-canary-{assignment}"


def read_solutions(text: str) -> Solutions:
    """Read a solution module. Raises BuildError where a name is defined twice."""
    lines = text.splitlines()
    definitions: dict[str, Definition] = {}
    imports: dict[str, str] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                imports[alias.asname or alias.name.split(".")[0]] = ast.unparse(node)
        for name in _defined(node):
            if name in definitions:
                raise BuildError(f"define {name} once: the solution module defines it twice")
            reads = frozenset(item.id for item in ast.walk(node) if isinstance(item, ast.Name))
            source = "\n".join(lines[first_line(node) - 1 : node.end_lineno])
            definitions[name] = Definition(name, node, source, reads)  # type: ignore[arg-type]
    return Solutions(definitions, imports)


def _defined(node: ast.stmt) -> Iterator[str]:
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


# ---- the markers ----------------------------------------------------------------------------------------------------


def mark(source: str, secret: str) -> str:
    """The source of one definition with Otter's markers around what the student doesn't get; `secret` is planted there."""
    if OTTER.search(source):
        raise BuildError(f"«{source.splitlines()[0]}» holds a comment that Otter Assign reads as its own; word it differently")
    lines = source.splitlines()
    node = ast.parse(source).body[0]
    for first, last, replacement in sorted(_edits([node], lines, len(lines), False, secret), reverse=True):
        lines[first:last] = replacement
    return "\n".join(lines)


def _edits(
    members: Sequence[ast.stmt], lines: Sequence[str], end: int, keeps_values: bool, secret: str
) -> Iterator[tuple[int, int, list[str]]]:
    """What to replace, as (first line, line after the last, new lines), counted from 0.

    members: statements beside each other, of a class or the one definition; end: the line after the last one's.
    keeps_values: whether annotated values are public, as the defaults of a dataclass's fields are.
    """
    ends = [*(first_line(member) - 1 for member in members[1:]), end]
    for member, stop in zip(members, ends, strict=True):
        start = first_line(member) - 1
        while not lines[stop - 1].strip():
            stop -= 1
        indent = " " * member.col_offset
        if isinstance(member, FUNCTIONS):
            yield from _function_edit(member, lines, stop, secret)
        elif isinstance(member, ast.ClassDef):
            inner = member.body[has_docstring(member) :]
            if inner:
                yield from _edits(inner, lines, stop, bool(member.decorator_list), secret)
        elif isinstance(member, ast.AnnAssign) and (keeps_values or member.value is None):
            pass
        else:
            hidden = _hide(lines[start:stop], indent, secret, prompt=False)
            yield start, stop, [*_prompt(member, indent), *hidden]


def _function_edit(
    node: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str], stop: int, secret: str
) -> Iterator[tuple[int, int, list[str]]]:
    """Signature and docstring stay, the rest of the body is hidden, comments and all."""
    body, documented = node.body, has_docstring(node)
    indent = " " * (node.col_offset + 4)
    before = [lines[item.lineno - 1].encode()[: item.col_offset].decode() for item in body]
    if any(text.strip() for text in before):  # def f(x): return x
        start = body[0].lineno - 1
        source = "\n".join(lines)
        own_lines = [indent + (ast.get_source_segment(source, item) or "") for item in body]
        kept = [before[0].rstrip(), *own_lines[:documented]] if before[0].strip() else own_lines[:documented]
        hidden = own_lines[documented:]
    elif documented:
        start, kept = body[0].end_lineno or 0, []
        hidden, indent = list(lines[start:stop]), before[0]
    else:
        start, kept = first_line(body[0]) - 1, []
        while lines[start - 1].strip()[:1] in ("", "#"):  # comments between the signature and the first statement
            start -= 1
        hidden, indent = list(lines[start:stop]), before[0]
    if len(body) > documented:
        yield start, stop, [*kept, *_hide(hidden, indent, secret)]


def has_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def _hide(lines: Iterable[str], indent: str, secret: str, prompt: bool = True) -> list[str]:
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


# ---- the master notebook --------------------------------------------------------------------------------------------


def weave(
    assignment: Assignment, template: str, solutions: Solutions, checks: Sequence[Check], first_cell: str
) -> NotebookNode:
    """The Otter Assign master of an assignment. first_cell: the source of its set-up cell. Raises BuildError."""
    secret = canary(assignment.name)
    cells = jupytext.reads(template, "py:percent").cells
    asked = [_asked(cell, assignment.name, number) for number, cell in enumerate(cells)]
    _check_questions(assignment, solutions, [name for names in asked for name in names], [n[0] for n in asked if n])
    woven = [new_raw_cell(CONFIG.format(name=assignment.name)), new_code_cell(first_cell)]
    imported: set[str] = set()
    given: set[str] = set()  # helpers that an earlier solution-only cell holds
    everything = {name for names in asked for name in names}
    for number, (cell, names) in enumerate(zip(cells, asked, strict=True)):
        if not names:
            imported |= _imported(cell)
            if not (number + 1 < len(cells) and asked[number + 1] and cell.cell_type == "markdown"):
                woven.append(cell)
            continue
        definitions = [solutions.definitions[name] for name in names]
        helpers = {h.name: h for d in definitions for h in solutions.helpers(d) if h.name not in everything | given}
        given |= helpers.keys()
        for definition in [*helpers.values(), *definitions]:
            _check_names(definition, solutions, everything | given, imported)
        prompt = cells[number - 1] if number and cells[number - 1].cell_type == "markdown" else None
        if definitions[0].written:
            woven += _written_block(definitions[0], assignment, prompt, secret)
        else:
            woven += [new_raw_cell(f"# BEGIN QUESTION\nname: {names[0]}"), *([prompt] if prompt else [])]
            woven.append(new_raw_cell("# BEGIN SOLUTION"))
            if helpers:
                hidden = "\n\n\n".join(item.source for item in helpers.values())
                woven.append(new_code_cell("\n".join(_hide([hidden], "", secret, prompt=False))))
            woven.append(new_code_cell("\n\n\n".join(mark(item.source, secret) for item in definitions)))
            woven += [new_raw_cell("# END SOLUTION"), new_raw_cell("# BEGIN TESTS")]
            woven += _test_cells(assignment, names[0], checks)
            woven += [new_raw_cell("# END TESTS"), new_raw_cell("# END QUESTION")]
    for number, cell in enumerate(woven):
        cell["id"] = f"m{number:03d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
    return new_notebook(cells=woven, metadata=METADATA)


def _asked(cell: NotebookNode, assignment: str, number: int) -> tuple[str, ...]:
    """The names that an answer cell imports; none for every other cell."""
    if OTTER.search(cell.source):
        raise BuildError(f"cell {number + 1} of the template holds a marker of Otter Assign's; take it out")
    if cell.cell_type != "code" or not SOLUTIONS_IMPORT.search(cell.source):
        return ()
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        body = []
    match body:
        case [ast.ImportFrom(module=module, names=names)] if module == f"solutions.{assignment}":
            if not any(alias.asname or alias.name == "*" for alias in names):
                return tuple(alias.name for alias in names)
    raise BuildError(
        f"write cell {number + 1} of the template as one statement, `from solutions.{assignment} import <question>`"
    )


def _check_questions(assignment: Assignment, solutions: Solutions, names: list[str], firsts: list[str]) -> None:
    where = f"solutions/{assignment.name}.py"
    for name in names:
        if names.count(name) > 1:
            raise BuildError(f"ask for {name} once: the template of {assignment.name} imports it twice")
        if name not in solutions.definitions:
            raise BuildError(f"define {name} at the top level of {where}: the template asks for it")
    for name in firsts:
        if name not in assignment.questions:
            raise BuildError(f"add {name} to the questions of {assignment.name} in grading.yml: the template asks for it")
        if (solutions.definitions[name].written is None) is assignment.questions[name].written:
            raise BuildError(f"make {name} written in both grading.yml and {where}, or in neither")
    for name in assignment.questions:
        if name not in firsts:
            raise BuildError(f"ask for {name} in assignments/{assignment.name}.py: it is a question of grading.yml")


def _check_names(definition: Definition, solutions: Solutions, defined: set[str], imported: set[str]) -> None:
    for name in sorted(definition.reads):
        if name in solutions.definitions and name not in defined:
            raise BuildError(f"let the template ask for {name} too, or call it _{name}: {definition.name} needs it")
        if name in solutions.imports and name not in imported | {"Written"}:
            statement = solutions.imports[name]
            raise BuildError(f"put `{statement}` into a cell of the template above {definition.name}, which needs it")


def _imported(cell: NotebookNode) -> set[str]:
    """The names that a code cell's imports bind."""
    try:
        nodes = list(ast.walk(ast.parse(cell.source))) if cell.cell_type == "code" else []
    except SyntaxError:  # a cell with magics
        return set()
    imports = (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    return {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}


def _written_block(
    definition: Definition, assignment: Assignment, prompt: NotebookNode | None, secret: str
) -> list[NotebookNode]:
    if prompt is None:
        raise BuildError(f"put the markdown cell that asks {definition.name} right above its answer cell")
    prompt.source += f"\n\n<!-- written: {definition.name} -->"
    answer = inspect.cleandoc(str((definition.written or {}).get("answer", "")))
    points = float(assignment.questions[definition.name].points)
    return [
        new_raw_cell(f"# BEGIN QUESTION\nname: {definition.name}\nmanual: true\npoints: {points}"),
        prompt,
        new_raw_cell("# BEGIN SOLUTION"),
        new_markdown_cell(f"{answer}\n<!-- {secret} -->"),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# END QUESTION"),
    ]


# ---- tests ----------------------------------------------------------------------------------------------------------


def case_points(assignment: Assignment, question: str, checks: Sequence[Check]) -> dict[str, float]:
    """What each check of a question is worth, by the check's name."""
    own = [item for item in checks if item.question == question]
    total = sum(item.weight for item in own)
    worth = Fraction(assignment.questions[question].points)
    points = {item.name: float(worth * item.weight / total) for item in own}
    if len(points) < len(own):
        raise BuildError(f"give the checks of {question} different names: its public and private ones share one")
    return points


def _test_cells(assignment: Assignment, question: str, checks: Sequence[Check]) -> Iterator[NotebookNode]:
    points = case_points(assignment, question, checks)
    for item in (item for item in checks if item.question == question):
        yield new_code_cell(
            f'"""# BEGIN TEST CONFIG\npoints: {points[item.name]!r}\nhidden: {str(not item.public).lower()}\n'
            f'"""# END TEST CONFIG\ndef test_{item.name}(env):\n    from shared.kit.bridge import run\n'
            f"    run({item.function.__module__!r}, {item.name!r}, env)"
        )


def finish_test_file(source: str, titles: Mapping[str, str], seed: int | None = None) -> str:
    """Otter Assign's test file with each case named by its check's title, and seeded where a seed is given."""
    tree = ast.parse(source)
    for case in tree.body:
        if isinstance(case, ast.FunctionDef):
            decorator, call = case.decorator_list[0], case.body[-1]
            assert isinstance(decorator, ast.Call) and isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
            title = titles[case.name.removeprefix("test_")]
            decorator.keywords.insert(0, ast.keyword("name", ast.Constant(title)))
            if seed is not None:
                call.value.keywords.append(ast.keyword("seed", ast.Constant(seed)))
    return ast.unparse(tree) + "\n"
