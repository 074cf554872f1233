"""From a template and its hidden solutions to an Otter Assign master notebook.

A template is a notebook as text whose answer cells are imports, `from solutions.<assignment> import <question>`.
Each is replaced by the source of what it imports, with Otter's markers around whatever a student may not see: bodies,
values, the private helpers that an answer calls, model answers. Everything here is text to text.
"""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.policy import Assignment
from autograder.stubs import OTTER, BuildError, Definition, Solutions, hide, mark
from shared.kit.checking import Check

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


def weave(
    assignment: Assignment, template: str, solutions: Solutions, checks: Sequence[Check], first_cell: str
) -> NotebookNode:
    """The Otter Assign master of an assignment, as a notebook. first_cell: the source of its set-up cell."""
    secret = canary(assignment.name)
    cells = jupytext.reads(template, "py:percent").cells
    asked = [_asked(cell, assignment.name, number) for number, cell in enumerate(cells)]
    _check_questions(
        assignment, solutions, [name for names in asked for name in names], [n[0] for n in asked if n]
    )
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
        helpers = {
            h.name: h for d in definitions for h in solutions.helpers(d) if h.name not in everything | given
        }
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
                woven.append(new_code_cell("\n".join(hide([hidden], "", secret, prompt=False))))
            woven.append(new_code_cell("\n\n\n".join(mark(item.source, secret) for item in definitions)))
            woven += [new_raw_cell("# END SOLUTION"), new_raw_cell("# BEGIN TESTS")]
            woven += _test_cells(assignment, names[0], checks)
            woven += [new_raw_cell("# END TESTS"), new_raw_cell("# END QUESTION")]
    for number, cell in enumerate(woven):
        cell["id"] = f"m{number:03d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key == "tags"}
    return new_notebook(cells=woven, metadata=METADATA)


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


def _check_questions(
    assignment: Assignment, solutions: Solutions, names: list[str], firsts: list[str]
) -> None:
    where = f"solutions/{assignment.name}.py"
    for name in names:
        if names.count(name) > 1:
            raise BuildError(f"ask for {name} once: the template of {assignment.name} imports it twice")
        if name not in solutions.definitions:
            raise BuildError(f"define {name} at the top level of {where}: the template asks for it")
    for name in firsts:
        if name not in assignment.questions:
            raise BuildError(
                f"add {name} to the questions of {assignment.name} in grading.yml: the template asks for it"
            )
        if (solutions.definitions[name].written is None) is assignment.questions[name].written:
            raise BuildError(f"make {name} written in both grading.yml and {where}, or in neither")
    for name in assignment.questions:
        if name not in firsts:
            raise BuildError(
                f"ask for {name} in assignments/{assignment.name}.py: it is a question of grading.yml"
            )


def _check_names(definition: Definition, solutions: Solutions, defined: set[str], imported: set[str]) -> None:
    for name in sorted(definition.reads):
        if name in solutions.definitions and name not in defined:
            raise BuildError(
                f"let the template ask for {name} too, or call it _{name}: {definition.name} needs it"
            )
        if name in solutions.imports and name not in imported | {"Written"}:
            statement = solutions.imports[name]
            raise BuildError(
                f"put `{statement}` into a cell of the template above {definition.name}, which needs it"
            )


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


# ---- tests --------------------------------------------------------------------------------------------------


def case_points(assignment: Assignment, question: str, checks: Sequence[Check]) -> dict[str, float]:
    """What each check of a question is worth, by the check's name."""
    own = [item for item in checks if item.question == question]
    total = sum(item.weight for item in own)
    worth = Fraction(assignment.questions[question].points)
    points = {item.name: float(worth * item.weight / total) for item in own}
    if len(points) < len(own):
        raise BuildError(
            f"give the checks of {question} different names: its public and private ones share one"
        )
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
    """Otter Assign's test file, each case named by its check's title, and seeded where a seed is given."""
    tree = ast.parse(source)
    for case in tree.body:
        if isinstance(case, ast.FunctionDef):
            decorator, call = case.decorator_list[0], case.body[-1]
            assert isinstance(decorator, ast.Call)  # as _test_cells and Otter Assign write it
            assert isinstance(call, ast.Expr)
            assert isinstance(call.value, ast.Call)
            title = titles[case.name.removeprefix("test_")]
            decorator.keywords.insert(0, ast.keyword("name", ast.Constant(title)))
            if seed is not None:
                call.value.keywords.append(ast.keyword("seed", ast.Constant(seed)))
    return ast.unparse(tree) + "\n"
