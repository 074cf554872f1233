"""The leak search: what it finds, and what it leaves alone."""

import ast
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.build import BuildError, refuse_leaks
from autograder.leaks import (
    bank_secrets,
    canaries_in,
    find_leaks,
    hidden_names,
    module_secrets,
    solution_secrets,
    texts_in,
)
from autograder.policy import KIT, Assignment
from autograder.stubs import read_solutions

SEED = 20314159
SOLUTIONS = '''\
LONG_TABLE = {"the first": 1.25, "the second": 3.75}


def climb(start, rate, steps=100, tolerance=1e-9, momentum=0.0):
    """The point that is reached: a docstring of more than forty characters.

    All of which is public.
    """
    here = start
    # touchstone-canary-of-climb
    for _ in range(steps):
        there = here + rate
        here = there
    return here


def pair(x):
    """Two lines."""
    left = x * 0.123456 + 1
    return left, left ** 0.654321


why = Written(
    answer="Because of\\n$\\\\theta$, which everybody could have known from the start.",
    rubric=("(1) it names the thing that everybody knows",),
)
'''
CHECKS = '''\
from shared.kit.checking import check, close, the_import_that_is_long_and_public


@check("climb")
def climbs(climb):
    """Climbing from 0 by 3 gives 300, a private title."""
    value = climb(0, 3)
    close(value, 300, "climb")
    note("done")
'''
PUBLIC = "# %% [markdown]\n# A heading\n\n# %%\nvalue = climb(0, 3)\nplot(value)\n"


def leaks(text: str, public: str = PUBLIC) -> list[str]:
    """What the search says of one file with this text."""
    secrets, shown = solution_secrets(read_solutions(SOLUTIONS), "solutions", {"climb", "pair", "why"})
    secrets += module_secrets(CHECKS, "checks")
    found = find_leaks([("file", text)], secrets, [public, *shown], SEED, canaries_in([SOLUTIONS]))
    return [str(leak) for leak in found]


@pytest.mark.parametrize(
    "text",
    [
        "    for _ in range(steps):\n        there = here + rate\n        here = there\n",
        "for _ in  range(steps):\n\n\n  there = here + rate  # so\n  here = there",
        "# there = here + rate\n# here = there\n# return here",
        "here = start\nfor _ in range(steps):\nthere = here + rate",  # the comment between them left out
        "x = 1\nleft = x * 0.123456 + 1\nreturn left, left ** 0.654321\n",  # a whole body of two lines
        'LONG_TABLE = {"the first": 1.25, "the second": 3.75}',
        'print(LONG_TABLE = {"the first": 1.25, "the second": 3.75}, 1)',
        "text: $\\theta$, which everybody could have known from the start.",
        "- (1) it names the thing that everybody knows",
        '"""Climbing from 0 by 3 gives 300, a private title."""',
        "Climbing from 0 by 3 gives 300, a private title.",
        'value = climb(0, 3)\nclose(value, 300, "climb")\nnote("done")',
        "# touchstone-canary-of-climb",
        f"seed = {SEED}",
        f"seed={SEED}.",
    ],
)
def test_finds(text: str) -> None:
    assert leaks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def climb(start, rate, steps=100, tolerance=1e-9, momentum=0.0):",
        '    """The point that is reached: a docstring of more than forty characters.\n',
        "from shared.kit.checking import check, close, the_import_that_is_long_and_public",
        "here = there\nreturn here\n",
        "there = here + rate\nother = 1\nhere = there\nreturn here",
        f"1{SEED} {SEED}0",
        PUBLIC,
    ],
)
def test_leaves_alone(text: str) -> None:
    assert leaks(text) == []


def test_what_the_template_shows_is_no_long_line_but_still_no_body() -> None:
    table = 'LONG_TABLE = {"the first": 1.25, "the second": 3.75}'
    assert leaks(table, PUBLIC + table) == []
    body = "there = here + rate\nhere = there\nreturn here\n"
    assert leaks(body, PUBLIC + body)
    private = 'value = climb(0, 3)\nclose(value, 300, "climb")\nnote("done")\n'
    assert leaks(private, PUBLIC + private) == []


def test_says_where_and_what() -> None:
    assert leaks("a = 1\nthere = here + rate\nhere = there\nreturn here\n") == [
        "file holds «there = here + rate / here = there / return here» of solutions"
    ]


def test_a_small_seed_is_not_searched() -> None:
    assert find_leaks([("file", "seed = 42")], [], [], 42, []) == []


BANKS = sorted(path for kind in ("mistakes", "variants") for path in KIT.glob(f"solutions/{kind}/[a-z]*.py"))
BANK = '''\
from solutions.banks import mistake_of


@mistake_of("climb")
def climbs_one_step_less(start, rate, steps=100, tolerance=1e-9, momentum=0.0):
    """Count the steps
    on your fingers.
    """
    here = start
    for _ in range(steps - 1):
        # almost
        here = here + rate  # up
    return here


@mistake_of("pair")
def loops(x):
    """No?"""
    y = 2 * x
    return y
'''
BODY = "here = start\nfor _ in range(steps - 1):\n    here = here + rate\nreturn here"


def bank_leaks(text: str, public: str = PUBLIC, shared: str = "") -> list[str]:
    found = find_leaks([("file", text)], bank_secrets(BANK, "bank"), [public], SEED, [], [shared])
    return [leak.text for leak in found]


@pytest.mark.parametrize(
    "text",
    [
        "Hint: Count the steps on your fingers.",
        "# Count\n# the steps on\n# your fingers.",
        "def climbs_one_step_less():",
        "from bank import climbs_one_step_less as right",
        BODY,
        BODY.replace("+ rate", "+ rate  # so"),
        BODY.replace("    here", "    # almost\n    here"),
    ],
)
def test_finds_what_a_bank_holds_though_shared_holds_it_too(text: str) -> None:
    assert bank_leaks(text)
    if "climbs" not in text:
        assert bank_leaks(text, PUBLIC + text, text)


@pytest.mark.parametrize(
    "text",
    [
        "for _ in range(steps - 1):\n    here = here + rate\nreturn here",  # of a body: shared/ holds these, too
        "here = start\nfor _ in range(steps - 1):\n    here = here + rate\nother = 1\nreturn here",
        "loops: No? y = 2 * x; return y",
        "climbs_one_step_lessened",
        "Count the steps.",
    ],
)
def test_leaves_alone_what_a_bank_shares_with_others(text: str) -> None:
    *but_the_last, last = BODY.split("\n")
    assert bank_leaks(text, shared="\n".join([*but_the_last, "x = 1", *but_the_last[1:], last])) == []


@pytest.mark.parametrize("bank", BANKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_answer_of_our_banks_would_be_found(bank: Path) -> None:
    """Among all that students legitimately see: the answers alone, and their hints."""
    text, template = bank.read_text(), KIT / "assignments" / bank.name
    answers = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    files = [(node.name, ast.unparse(node)) for node in answers]
    files += [(f"hint of {node.name}", hint) for node in answers if len(hint := ast.get_docstring(node) or "") > 20]
    shared = [path.read_text() for path in sorted((KIT / "shared").rglob("*.py"))]
    found = find_leaks(files, bank_secrets(text, bank.name), [template.read_text()], SEED, [], shared)
    assert {leak.file for leak in found} == {name for name, _ in files}


def test_files_called_as_hidden_ones_are_found() -> None:
    hidden = ["student/solutions/A.py", "student/shared/mistakes/A.py", "student.zip/equivalent_mutants/A.yml"]
    seen = ["student/A.ipynb", "student/shared/power.py", "student/tests/solutions_of_x.py"]
    assert hidden_names([*seen, *hidden]) == hidden


SECRET = "there = here + rate\nhere = there\nreturn here"


def plant_in_source(student: Path) -> None:
    edit(student, lambda notebook: notebook.cells.append(new_code_cell(SECRET)))


def plant_in_metadata(student: Path) -> None:
    edit(student, lambda notebook: notebook.metadata.update(tests={"climb": ["x", SECRET]}))


def plant_in_cell_metadata(student: Path) -> None:
    edit(student, lambda notebook: notebook.cells[0].metadata.update(answer=SECRET.split("\n")))


def plant_in_tests(student: Path) -> None:
    (student / "tests/climb.py").write_text(SECRET)


def plant_in_data(student: Path) -> None:
    (student / "shared/data.bin").write_bytes(b"\xff\xfe\n" + SECRET.encode() + b"\n")


def plant_in_zip(student: Path) -> None:
    with zipfile.ZipFile(student.parent / "student.zip", "a") as archive:
        archive.writestr("more.ipynb", json.dumps({"cells": [{"source": SECRET.splitlines(keepends=True)}]}))


def edit(student: Path, change: Callable[[NotebookNode], None]) -> None:
    notebook = nbformat.read(student / "A.ipynb", 4)
    change(notebook)
    nbformat.write(notebook, student / "A.ipynb")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A kit whose assignment A has been built without a leak into dist/."""
    for file, text in {
        "assignments/A.py": "# %%\nfrom solutions.A import climb\n\n# %%\nfrom solutions.A import pair\n",
        "solutions/A.py": SOLUTIONS,
        "autograder/checks/A.py": CHECKS,
        "dist/student/shared/__init__.py": "",
        "dist/student/tests/pair.py": "",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    nbformat.write(new_notebook(cells=[new_code_cell("here = 1")]), tmp_path / "dist/student/A.ipynb")
    with zipfile.ZipFile(tmp_path / "dist/student.zip", "w") as archive:
        archive.writestr("A.ipynb", "{}")
    return tmp_path


ASSIGNMENT = Assignment(name="A", title="A", points=Decimal(0), questions={}, seed=SEED)


def test_a_clean_build_is_let_through(root: Path) -> None:
    refuse_leaks(ASSIGNMENT, root / "dist", root)
    assert [name for name, _ in texts_in(root / "dist/student", root / "dist/student.zip")] == [
        "student/A.ipynb",
        "student/shared/__init__.py",
        "student/tests/pair.py",
        "student.zip/A.ipynb",
    ]


@pytest.mark.parametrize(
    "plant",
    [plant_in_source, plant_in_metadata, plant_in_cell_metadata, plant_in_tests, plant_in_data, plant_in_zip],
)
def test_a_planted_leak_is_refused(root: Path, plant: Callable[[Path], None]) -> None:
    plant(root / "dist/student")
    with pytest.raises(BuildError, match=r"keep from students what is hidden: student.* of solutions/A\.py"):
        refuse_leaks(ASSIGNMENT, root / "dist", root)


@pytest.mark.parametrize("file", ["solutions/mistakes/A.py", "solutions/variants/A.py", "solutions/fast/A.py"])
def test_other_hidden_modules_are_searched_for(root: Path, file: str) -> None:
    (root / file).parent.mkdir()
    (root / file).write_text('def climb():\n    """You forgot to add the rate in every step, or twice."""\n')
    (root / "dist/student/README.md").write_text("Hint: You forgot to add the rate in every step, or twice.")
    with pytest.raises(BuildError, match=f"README.md holds .* of {file}"):
        refuse_leaks(ASSIGNMENT, root / "dist", root)


@pytest.mark.parametrize("file", ["solutions/power/A.json", "solutions/equivalent_mutants/A.yml"])
def test_what_the_audit_keeps_is_searched_for(root: Path, file: str) -> None:
    (root / file).parent.mkdir(exist_ok=True)
    (root / file).write_text('{\n "question": "climb",\n "mistake": "forgets",\n "power": 0.75\n}\n')
    refuse_leaks(ASSIGNMENT, root / "dist", root)
    (root / "dist/student/README.md").write_text('"question": "climb",\n"mistake": "forgets",\n"power": 0.75')
    with pytest.raises(BuildError, match=f"README.md holds .* of {file}"):
        refuse_leaks(ASSIGNMENT, root / "dist", root)


def test_a_bank_among_the_students_files_is_refused_by_its_name(root: Path) -> None:
    (root / "dist/student/shared/mistakes").mkdir()
    (root / "dist/student/shared/mistakes/B.py").write_text("")
    with pytest.raises(BuildError, match=r"student/shared/mistakes/B\.py is called as a hidden file"):
        refuse_leaks(ASSIGNMENT, root / "dist", root)
