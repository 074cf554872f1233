"""From a template and its hidden solutions to an Otter Assign master notebook.

A template is a notebook as text whose answer cells are imports, `from solutions.<assignment> import <question>`.
Each is replaced by the source of what it imports, with Otter's markers around whatever a student may not see: bodies,
values, the private helpers that an answer calls, model answers. Everything here is text to text.
"""

import ast
import html
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.policy import Assignment
from autograder.stubs import OTTER, BuildError, Definition, Solutions, defined_names, hide, mark
from shared.kit.checking import Check
from solutions import Written

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


def canary(assignment: str) -> str:
    """What is planted in every hidden part of the master: among the student's files it shows a leak."""
    return f"touchstone-canary-{assignment}"


HEADING = re.compile(r"^## Question (\d+) · (.+?) \(([\d.]+)( extra)? points?", re.MULTILINE)


def weave(
    assignment: Assignment, template: str, solutions: Solutions, checks: Sequence[Check], first_cell: str
) -> NotebookNode:
    """The Otter Assign master of an assignment, as a notebook. first_cell: the source of its set-up cell."""
    secret = canary(assignment.name)
    cells = jupytext.reads(template, "py:percent").cells
    asked = [_asked(cell, assignment.name, number) for number, cell in enumerate(cells)]
    _check_questions(assignment, solutions, [names for names in asked if names])
    _check_headings(assignment, cells, asked)
    woven = [new_raw_cell(CONFIG.format(name=assignment.name)), new_code_cell(first_cell)]
    answers = {name for names in asked for name in names}
    defined: set[str] = set()  # so far: by the template's own cells, and helpers in solution-only cells
    prompt: NotebookNode | None = None  # a markdown cell that may turn out to ask a question
    for cell, names in zip(cells, asked, strict=True):
        if not names:
            woven += [prompt] if prompt else []
            prompt = cell if cell.cell_type == "markdown" else None
            woven += [] if prompt else [cell]
            defined |= _bound(cell)
            continue
        definitions = [solutions.definitions[name] for name in names]
        needed = {item.name: item for definition in definitions for item in solutions.helpers(definition)}
        helpers = [item for name, item in needed.items() if name not in answers | defined]
        defined |= {item.name for item in helpers}
        for definition in [*helpers, *definitions]:
            _check_names(definition, solutions, answers | defined, defined)
        if definitions[0].written:
            woven += _written_block(assignment, names[0], definitions[0].written, prompt, secret)
        else:
            tests = _test_cells(assignment, names[0], checks)
            woven += _coded_block(names[0], definitions, helpers, prompt, tests, secret)
        prompt = None
    woven += [prompt] if prompt else []
    for number, cell in enumerate(woven):
        cell["id"] = f"m{number:03d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
    return new_notebook(cells=woven, metadata=METADATA)


def _check_headings(assignment: Assignment, cells: Sequence[NotebookNode], asked: Sequence[tuple[str, ...]]) -> None:
    """Refuse a heading «## Question 3 · The gradient (1 point)» that belies grading.yml."""
    numbers = {name: number for number, name in enumerate(assignment.questions, start=1)}
    heading = None
    for cell, names in zip(cells, asked, strict=True):
        found = HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
        heading = found[-1] if found else heading
        if names and heading:
            question = assignment.questions[names[0]]
            points = f"{question.points.normalize():f}"
            extra = " extra" if question.extra else ""
            if heading != (str(numbers[names[0]]), question.title, points, extra):
                raise BuildError(
                    f"write the heading of {names[0]} as grading.yml has it: "
                    f"«## Question {numbers[names[0]]} · {question.title} ({points}{extra} points)»"
                )
            heading = None


def asked_names(template: str, assignment: str) -> set[str]:
    """The names that the answer cells of a template import."""
    cells = jupytext.reads(template, "py:percent").cells
    return {name for number, cell in enumerate(cells) for name in _asked(cell, assignment, number)}


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
        f"write cell {number + 1} of the template as one statement, `from solutions.{assignment} import QUESTION`"
    )


def _check_questions(assignment: Assignment, solutions: Solutions, asked: Sequence[tuple[str, ...]]) -> None:
    """asked: the names of each answer cell, the first of them a question."""
    where, seen = f"solutions/{assignment.name}.py", set()
    for position, name in ((position, name) for names in asked for position, name in enumerate(names)):
        if name in seen:
            raise BuildError(f"ask for {name} once: the template imports it twice")
        seen.add(name)
        if name not in solutions.definitions:
            raise BuildError(f"define {name} at the top level of {where}: the template asks for it")
        if position == 0 and name not in assignment.questions:
            raise BuildError(f"add {name} to grading.yml, or take it from the template, which asks for it")
        written = solutions.definitions[name].written is not None
        if position == 0 and written is not assignment.questions[name].written:
            raise BuildError(f"make {name} written in both grading.yml and {where}, or in neither")
    for names in asked:
        if len(names) > 1 and any(solutions.definitions[name].written for name in names):
            raise BuildError(f"ask for each of {', '.join(names)} in a cell of its own: one of them is written")
    for name in assignment.questions:
        if name not in (names[0] for names in asked):
            raise BuildError(f"ask for {name} in assignments/{assignment.name}.py: it is a question of grading.yml")


def _check_names(definition: Definition, solutions: Solutions, known: set[str], bound: set[str]) -> None:
    """known: the names that the solved notebook defines anywhere; bound: those above, imports among them."""
    for name in sorted(definition.reads):
        if name in solutions.definitions and name not in known:
            raise BuildError(f"let the template ask for {name} too, or call it _{name}: {definition.name} needs it")
        if name in solutions.imports and name not in bound | {"Written"}:
            statement = solutions.imports[name]
            raise BuildError(f"put `{statement}` into a cell of the template above {definition.name}, which needs it")


def _bound(cell: NotebookNode) -> set[str]:
    """The names that a code cell of the template imports or defines."""
    try:
        tree = ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:  # a cell with magics
        return set()
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    imported = {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}
    return imported | {name for node in tree.body for name in defined_names(node)}


def _coded_block(
    name: str,
    definitions: Sequence[Definition],
    helpers: Sequence[Definition],
    prompt: NotebookNode | None,
    tests: Iterable[NotebookNode],
    secret: str,
) -> Iterator[NotebookNode]:
    yield new_raw_cell(f"# BEGIN QUESTION\nname: {name}")
    if prompt:
        yield prompt
    yield new_raw_cell("# BEGIN SOLUTION")
    if helpers:
        hidden = "\n\n\n".join(item.source for item in helpers)
        yield new_code_cell("\n".join(hide([hidden], "", secret, prompt=False)))
    yield new_code_cell("\n\n\n".join(mark(item.source, secret) for item in definitions))
    yield from (new_raw_cell("# END SOLUTION"), new_raw_cell("# BEGIN TESTS"))
    yield from tests
    yield from (new_raw_cell("# END TESTS"), new_raw_cell("# END QUESTION"))


def _written_block(
    assignment: Assignment, name: str, written: Written, prompt: NotebookNode | None, secret: str
) -> list[NotebookNode]:
    if prompt is None:
        raise BuildError(f"put the markdown cell that asks {name} right above its answer cell")
    prompt.source += f"\n\n<!-- written: {name} -->"
    answer = inspect.cleandoc(written.answer)
    points = float(assignment.questions[name].points)
    return [
        new_raw_cell(f"# BEGIN QUESTION\nname: {name}\nmanual: true\npoints: {points}"),
        prompt,
        new_raw_cell("# BEGIN SOLUTION"),
        new_markdown_cell(f"{answer}\n<!-- {secret} -->"),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# END QUESTION"),
    ]


# ---- tests -----------------------------------------------------------------------------------------------------------


def case_points(assignment: Assignment, question: str, checks: Sequence[Check]) -> dict[str, float]:
    """What each check of a question is worth, by the check's name."""
    own = [item for item in checks if item.question == question]
    if not any(item.public for item in own):
        raise BuildError(f"write a public check for {question} in shared/checks/{assignment.name}.py")
    total = sum(item.weight for item in own)
    worth = Fraction(assignment.questions[question].points)
    points = {item.name: float(worth * item.weight / total) for item in own}
    if len(points) < len(own):
        raise BuildError(f"give the checks of {question} different names: its public and private ones share one")
    return points


def _test_cells(assignment: Assignment, question: str, checks: Sequence[Check]) -> Iterator[NotebookNode]:
    points = case_points(assignment, question, checks)
    thresholds = dict(assignment.questions[question].thresholds)
    given = f", thresholds={thresholds!r}" if thresholds else ""
    for item in (item for item in checks if item.question == question):
        yield new_code_cell(
            f'"""# BEGIN TEST CONFIG\npoints: {points[item.name]!r}\nhidden: {str(not item.public).lower()}\n'
            f'"""# END TEST CONFIG\ndef test_{item.name}(env):\n    from shared.kit.bridge import run\n'
            f"    run({item.function.__module__!r}, {item.name!r}, env{given})"
        )


def finish_test_file(source: str, titles: Mapping[str, str], seed: int | None = None) -> str:
    """Otter Assign's test file, each case named by its check's title, and seeded where a seed is given.

    Without a seed it is the students' copy, whose names a notebook shows as HTML.
    """
    tree = ast.parse(source)
    for case in tree.body:
        if isinstance(case, ast.FunctionDef):
            decorator, call = case.decorator_list[0], case.body[-1]
            assert isinstance(decorator, ast.Call)  # as _test_cells and Otter Assign write it
            assert isinstance(call, ast.Expr)
            assert isinstance(call.value, ast.Call)
            title = titles[case.name.removeprefix("test_")]
            shown = html.escape(title, quote=False).rstrip(".") if seed is None else title
            decorator.keywords.insert(0, ast.keyword("name", ast.Constant(shown)))
            if seed is not None:
                call.value.keywords.append(ast.keyword("seed", ast.Constant(seed)))
    return ast.unparse(tree) + "\n"
