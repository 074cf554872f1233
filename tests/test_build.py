"""Building: what students get, what they don't, and that two builds are the same bytes."""

import ast
import importlib
import importlib.machinery
import runpy
import shutil
import sys
import types
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output, new_raw_cell
from otter.test_files import ExceptionTestFile

import autograder.checks
import shared.checks
from autograder.build import BuildError, Built, _otter_assign, build
from autograder.notebooks import PASSED, execute, tidy
from autograder.policy import KIT, Assignment, Question, load
from autograder.stubs import mark, read_solutions
from autograder.weave import CONFIG, METADATA, case_points, weave
from shared.kit.checking import Check, checks_in

Checks = tuple[Check, ...]
Monkey = pytest.MonkeyPatch

TEMPLATE = """\
# %% [markdown]
# # A tiny assignment

# %%
import math

# %% [markdown]
# Write `area`.

# %%
from solutions.tiny import area, Counter

# %%
area(1.0)

# %% [markdown]
# Choose a `rate`.

# %%
from solutions.tiny import rate

# %% [markdown]
# Why?

# %%
from solutions.tiny import why
"""

SOLUTIONS = '''\
import math

from solutions import Written

HALF = 0.5


def _squared(x):
    """A helper that students don't see."""
    return x * x  # the square of it


def area(radius):
    """The area of a disc.

    radius: a number.
    """
    # the formula of Archimedes
    return math.pi * _squared(radius) * HALF * 2


rate: float = 0.25


class Counter:
    """Counts."""

    def __init__(self, start: int = 0) -> None:
        self.secret_state = start

    def step(self) -> int:
        """Add one and return it."""
        self.secret_state += 1
        return self.secret_state
        # behind the last statement


why = Written(
    answer="Because $\\\\pi$ is irrational, and nothing else is the reason.",
    rubric=("(1) says irrational",),
)
'''

PUBLIC = '''\
from shared.kit.checking import check, close, expect


@check("area", public=True)
def of_the_unit_disc(area):
    """The unit disc's area is between 3 & 4, "roughly"."""
    expect(3 < area(1.0) < 4, "The unit disc has another area.")


@check("rate", public=True)
def is_positive(rate):
    """The rate is positive."""
    expect(rate > 0, "The rate should be positive.")

'''

PRIVATE = '''\
from shared.kit.checking import check, close


@check("area", weight=2)
def grows_with_the_square(area):
    """Doubling the radius gives four times the area."""
    close(area(2.0), 4 * 3.141592653589793, "area", tolerance=1e-9)
'''


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A kit with one tiny assignment, whose check modules can be imported."""
    kit = tmp_path_factory.mktemp("kit")
    shutil.copytree(KIT / "shared", kit / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    for file, text in {
        "assignments/tiny.py": TEMPLATE,
        "solutions/tiny.py": SOLUTIONS,
        "shared/checks/tiny.py": PUBLIC,
        "shared/checks/other.py": "raise ImportError",
        "shared/data/tiny/points.csv": "1,2",
        "shared/data/other/points.csv": "3,4",
        "autograder/checks/tiny.py": PRIVATE,
    }.items():
        (kit / file).parent.mkdir(parents=True, exist_ok=True)
        (kit / file).write_text(text)
    packages = {shared.checks: kit / "shared/checks", autograder.checks: kit / "autograder/checks"}
    for package, folder in packages.items():
        package.__path__.append(str(folder))
    importlib.invalidate_caches()
    yield kit
    for package, folder in packages.items():
        package.__path__.remove(str(folder))
        sys.modules.pop(f"{package.__name__}.tiny", None)


@pytest.fixture(scope="module")
def checks(root: Path) -> Checks:
    return checks_in("shared.checks.tiny") + checks_in("autograder.checks.tiny")


def policy(**points: str) -> Assignment:
    points = points or {"area": "0.5", "rate": "0.25", "why": "1"}
    questions = {name: Question(title=name, points=Decimal(p), written=name == "why") for name, p in points.items()}
    total = sum((question.points for question in questions.values()), Decimal(0))
    return Assignment(name="tiny", title="Tiny", points=total, questions=questions, seed=987654321)


@pytest.fixture(scope="module")
def built(root: Path, checks: Checks, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """The tiny assignment, built once, and what the hooks were given."""
    seen: list[Built] = []
    folder = build(policy(), tmp_path_factory.mktemp("dist"), root=root, checks=checks, verify=seen.append)
    return folder, seen[0]


def read(path: Path) -> NotebookNode:
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    return notebook


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def said(notebook: NotebookNode, grading: bool, solved: str = PASSED, blank: str = "❌") -> NotebookNode:
    """The notebook as if executed: what its check cells show."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [new_output("display_data", {"text/plain": blank if grading else solved})]
    return notebook


def test_what_students_get(built: tuple[Path, Built]) -> None:
    student = built[0] / "student"
    names = {path.relative_to(student).as_posix() for path in student.rglob("*") if path.is_file()}
    assert {"tiny.ipynb", "README.md", "requirements.txt", "tests/area.py", "tests/rate.py"} < names
    assert {"shared/__init__.py", "shared/kit/bridge.py", "shared/checks/__init__.py", "shared/checks/tiny.py"} < names
    assert "shared/checks/other.py" not in names
    assert "shared/vision.py" not in names, "a module that nothing of it imports stays behind"
    assert "shared/data/tiny/points.csv" in names
    assert "shared/data/other/points.csv" not in names
    with zipfile.ZipFile(built[0] / "student.zip") as archive:
        assert set(archive.namelist()) == names
        assert all(archive.read(name) == (student / name).read_bytes() for name in names)
    assert "numpy>=" in (student / "requirements.txt").read_text()
    assert "torch" not in (student / "requirements.txt").read_text()
    assert "# Tiny" in (student / "README.md").read_text()


def test_the_blank_holds_stubs(built: tuple[Path, Built]) -> None:
    blank = read(built[0] / "student/tiny.ipynb")
    sources = [cell.source for cell in blank.cells]
    assert sources[0].endswith("import otter\n\ngrader = otter.Notebook()")
    assert '"numpy", "otter"]' in sources[0]
    assert 'def area(radius):\n    """The area of a disc.\n\n    radius: a number.\n    """\n    ...\n' in sources[4]
    assert sources[4].endswith('    def step(self) -> int:\n        """Add one and return it."""\n        ...')
    assert "rate: float = ..." in sources
    assert 'grader.check("area")' in sources
    assert any("<!-- written: why -->" in source for source in sources)
    assert not any(
        word in "".join(sources) for word in ("_squared", "HALF", "0.25", "irrational", "canary", "SOLUTION")
    )


def test_notebooks_are_numbered_and_bare(built: tuple[Path, Built]) -> None:
    for file in ("student/tiny.ipynb", "solved.ipynb"):
        notebook = read(built[0] / file)
        assert [cell.id for cell in notebook.cells] == [f"c{number:03d}" for number in range(len(notebook.cells))]
        assert set(notebook.metadata) == {"kernelspec", "language_info", "otter"}
        assert {key for cell in notebook.cells for key in cell.metadata} <= {"tags", "editable", "deletable"}


def test_the_solved_notebook_is_the_worked_solution(built: tuple[Path, Built]) -> None:
    cells = read(built[0] / "solved.ipynb").cells
    text = "\n".join(cell.source for cell in cells)
    assert "return x * x  # the square of it" in text
    assert "    # the formula of Archimedes\n    return math.pi" in text
    assert "rate: float = 0.25" in text
    assert "Because $\\pi$ is irrational" in text
    assert not any(
        word in text for word in ("solutions", "SOLUTION", "PROMPT", "canary", "Type your answer", "rate: float = ...")
    )
    assert {output.data["text/plain"] for cell in cells for output in cell.get("outputs", [])} == {
        "3.141592653589793",
        "area results: All test cases passed!",
        "rate results: All test cases passed!",
    }


def test_test_files_know_their_checks(built: tuple[Path, Built], tmp_path: Path) -> None:
    everything, public = built[1].tests["area.py"], (built[0] / "student/tests/area.py").read_text()
    assert "run('autograder.checks.tiny', 'grows_with_the_square', env, seed=987654321)" in everything
    assert "run('shared.checks.tiny', 'of_the_unit_disc', env, seed=987654321)" in everything
    assert "run('shared.checks.tiny', 'of_the_unit_disc', env)" in public
    assert "autograder" not in public
    assert "987654321" not in public
    (tmp_path / "area.py").write_text(everything)
    cases = ExceptionTestFile.from_file(str(tmp_path / "area.py")).test_cases
    assert [(case.name, case.points, case.hidden) for case in cases] == [
        ('The unit disc\'s area is between 3 & 4, "roughly".', pytest.approx(0.5 / 3), False),
        ("Doubling the radius gives four times the area.", pytest.approx(1 / 3), True),
    ]
    assert "between 3 &amp; 4" in public  # a notebook shows it as HTML


def test_two_builds_are_the_same_bytes(built: tuple[Path, Built], root: Path, checks: Checks, tmp_path: Path) -> None:
    again = build(policy(), tmp_path, root=root, checks=checks)
    assert contents(again) == contents(built[0])
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_a_refused_build_changes_nothing(root: Path, checks: Checks, tmp_path: Path, monkeypatch: Monkey) -> None:
    monkeypatch.setattr("autograder.build.execute", lambda notebook, folder, grading=False: said(notebook, grading))
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/old").touch()

    def refuse(built: Built) -> None:
        raise BuildError("the reference earns too little")

    with pytest.raises(BuildError, match="too little"):
        build(policy(), tmp_path, root=root, checks=checks, verify=refuse)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["tiny", "tiny/old"]


@pytest.mark.parametrize(
    ("solved", "blank", "message"),
    [
        ("area results: ❌ wrong value", "area results: ❌", "mend area or its public checks.*wrong value"),
        (PASSED, PASSED, "give area a public check that the blank fails"),
    ],
)
def test_public_checks_tell_reference_from_blank(
    root: Path, checks: Checks, tmp_path: Path, monkeypatch: Monkey, solved: str, blank: str, message: str
) -> None:
    def execute(notebook: NotebookNode, folder: Path, grading: bool = False) -> NotebookNode:
        return said(notebook, grading, solved, blank)

    monkeypatch.setattr("autograder.build.execute", execute)
    with pytest.raises(BuildError, match=message):
        build(policy(), tmp_path, root=root, checks=checks)


@pytest.mark.parametrize(
    ("where", "old", "new", "message"),
    [
        ("template", "import rate", "import rates", "define rates at the top level of solutions/tiny.py"),
        ("template", "import area, Counter", "import area, HALF, Nothing", "define Nothing"),
        ("template", "import area, Counter", "import Counter, area", "add Counter to grading.yml"),
        ("template", "from solutions.tiny import rate", "rate = 1", "ask for rate in assignments/tiny.py"),
        ("template", "import rate", "import rate, Counter", "ask for Counter once"),
        ("template", "import rate", "import rate as r", "as one statement, `from solutions.tiny import QUESTION`"),
        ("template", "import rate", "import rate\nprint(rate)", "as one statement"),
        ("template", "area(1.0)", "import solutions", "as one statement"),
        ("template", "from solutions.tiny import rate", "from solutions.other import rate", "as one statement"),
        ("template", "import math", "import cmath", "put `import math` into a cell of the template above _squared"),
        ("template", "# Why?", "# # BEGIN SOLUTION", "cell 8 of the template holds a marker"),
        ("template", "# %% [markdown]\n# Why?\n", "", "put the markdown cell that asks why right above"),
        ("template", "import rate", "import rate, why", "in a cell of its own|once"),
        ("solutions", "HALF = 0.5", "half = 1\nHALF = half", "call it _half: HALF needs it"),
        ("solutions", "HALF = 0.5", "HALF = 0.5\nHALF = 1", "define HALF once"),
        ("solutions", "HALF = 0.5", "HALF = 0.5  # SOLUTION", "reword line 5 of the solution module"),
        ("solutions", "why = Written(", "why = str(", "make why written in both"),
        ("solutions", "    return x * x", "    return x x", "mend line 10 of the solution module"),
        ("solutions", '"(1) says', 'f"(1) {HALF}', "write the answer and the rubric of why as plain strings"),
    ],
)
def test_weave_refuses(checks: Checks, where: str, old: str, new: str, message: str) -> None:
    texts = {"template": TEMPLATE, "solutions": SOLUTIONS.replace("return x * x", "return math.sqrt(x * x) ** 2")}
    if old.strip() == "return x * x":
        texts["solutions"] = SOLUTIONS
    assert old in texts[where]
    texts[where] = texts[where].replace(old, new, 1)
    with pytest.raises(BuildError, match=message):
        weave(policy(), texts["template"], read_solutions(texts["solutions"]), checks, "import otter")


@pytest.mark.parametrize(
    ("points", "extra", "right"),
    [
        ("0.25 points", False, True),
        ("0.25 points, optional", False, True),
        ("0.25 extra points", True, True),
        ("0.25 extra points", False, False),
        ("0.25 points", True, False),
        ("0.25 points extra", True, False),
        ("0.5 extra points", True, False),
    ],
)
def test_headings_are_those_of_the_table(checks: Checks, points: str, extra: bool, right: bool) -> None:
    table = policy()
    rate = table.questions["rate"].model_copy(update={"extra": extra})
    table = table.model_copy(update={"questions": {**table.questions, "rate": rate}})
    template = TEMPLATE.replace("# Choose a `rate`.", f"# ## Question 2 · rate ({points})")
    refused = pytest.raises(BuildError, match=rf"· rate \(0\.25{' extra' if extra else ''} points\)»")
    with nullcontext() if right else refused:
        master = weave(table, template, read_solutions(SOLUTIONS), checks, "import otter")
        assert sum("points: 0.25" in cell.source for cell in master.cells) == 1  # otter's own points are the same


def test_a_question_needs_a_public_check(checks: Checks) -> None:
    private = tuple(check for check in checks if not check.public)
    with pytest.raises(BuildError, match="write a public check for area"):
        weave(policy(), TEMPLATE, read_solutions(SOLUTIONS), private, "import otter")


def test_a_constant_of_the_template_is_no_helper(checks: Checks) -> None:
    template = TEMPLATE.replace("import math\n", "import math\nHALF = 0.5\n", 1)
    master = weave(policy(), template, read_solutions(SOLUTIONS), checks, "import otter")
    assert sum("HALF = 0.5" in cell.source for cell in master.cells) == 1


def test_points_are_shared_by_weight() -> None:
    own = [Check("q", name, name, name == "a", weight, 0.0, print) for name, weight in (("a", 1), ("b", 2), ("c", 4))]
    points = case_points(policy(q="0.7"), "q", own)
    assert points == {"a": 0.1, "b": 0.2, "c": 0.4}
    with pytest.raises(BuildError, match="different names"):
        case_points(policy(q="0.7"), "q", [own[0], own[0]])


# Definitions, each with what the student gets of it.
TRICKY = r'''
def f(x): return x
-----
def f(x):
    ...
=====
def f(x): 'Doc.'; return x
-----
def f(x):
    'Doc.'
    ...
=====
def f(x):
    """Doc."""; return x
-----
def f(x):
    """Doc."""
    ...
=====
def f(
    x,
):
    # a comment

    # and another
    y = x
    return y
-----
def f(
    x,
):
    ...
=====
@cache
@wraps(g)
def f(x):
    """Doc."""
    return x
-----
@cache
@wraps(g)
def f(x):
    """Doc."""
    ...
=====
def f(x):
    r"""Raw \theta and "quotes" and # a sign."""
    return x
-----
def f(x):
    r"""Raw \theta and "quotes" and # a sign."""
    ...
=====
def f():
    """Doc."""
    @cache
    def g():
        """Inner."""
        return 1
    return g
-----
def f():
    """Doc."""
    ...
=====
def f():
    @cache
    def g():
        return 1
    return g
-----
def f():
    ...
=====
async def f(x: "é" = "é"): return x
-----
async def f(x: "é" = "é"):
    ...
=====
def f():
    """Only a docstring."""
-----
def f():
    """Only a docstring."""
=====
def f():
    if 1:
        return """
  text
"""
-----
def f():
    ...
=====
limits: dict[str, int] = {
    "a": 1,
}
-----
limits: dict[str, int] = ...
=====
limit = 1
-----
limit = ...
=====
class A(B):
    """Doc."""

    size = 3
    shape: int
    depth: int = 4

    def f(self): return 1

    # why g
    @property
    def g(self):
        # deep
        return 2
        # deeper

    def h(self):
        """Of h."""
        return 3
-----
class A(B):
    """Doc."""

    size = ...
    shape: int
    depth: int = ...

    def f(self):
        ...

    @property
    def g(self):
        ...

    def h(self):
        """Of h."""
        ...
=====
@dataclass
class A:
    n: int = 3

    class Inner:
        def f(self):
            return 1
-----
@dataclass
class A:
    n: int = 3

    class Inner:
        def f(self):
            ...
'''


def test_stubs_of_tricky_definitions(tmp_path: Path) -> None:
    pairs = [tuple(map(str.strip, case.split("-----"))) for case in TRICKY.split("=====")]
    cells = [new_raw_cell(CONFIG.format(name="tiny"))]
    for number, (source, _) in enumerate(pairs):
        cells += [new_raw_cell(f"# BEGIN QUESTION\nname: q{number}"), new_raw_cell("# BEGIN SOLUTION")]
        cells += [
            new_code_cell(mark(source, "canary")),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# END QUESTION"),
        ]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), tmp_path / "master.ipynb")
    _otter_assign(tmp_path / "master.ipynb", tmp_path)
    blank = tidy(nbformat.read(tmp_path / "student/master.ipynb", 4))
    solved = tidy(nbformat.read(tmp_path / "autograder/master.ipynb", 4), "canary")
    assert [cell.source for cell in blank.cells] == [stub for _, stub in pairs]
    for cell, (source, _) in zip(solved.cells, pairs, strict=True):
        assert ast.dump(ast.parse(cell.source)) == ast.dump(ast.parse(source))
    assert any("# deep" in cell.source for cell in solved.cells)


def test_executed_notebooks_repeat(tmp_path: Path) -> None:
    source = """import sys, warnings
print("out"); print("err", file=sys.stderr)
warnings.warn("beware")
print("Matplotlib is building the font cache; this may take a moment.", file=sys.stderr)
print(object())"""
    notebook = new_notebook(
        cells=[new_code_cell(source), new_code_cell("import os; (object, os.getcwd() + '/x', print)")]
    )
    executed = [execute(notebook, tmp_path) for _ in range(2)]
    assert executed[0] == executed[1]
    streams = {output.name: output.text for output in executed[0].cells[0].outputs}
    assert streams["stdout"] == "out\n<object object at 0x0>\n"
    assert streams["stderr"] == 'err\n<cell>:3: UserWarning: beware\n  warnings.warn("beware")\n'
    assert str(tmp_path) not in str(executed[0])


def test_a_failing_cell_and_a_progress_bar_are_refused(tmp_path: Path) -> None:
    cells = [new_code_cell("1"), new_code_cell("# Here\n1 / 0")]
    cells[1]["id"] = "c001"
    with pytest.raises(
        BuildError, match=r"make cell c001 of the notebook run \(«# Here»\): ZeroDivisionError: division"
    ):
        execute(new_notebook(cells=cells), tmp_path)
    bar = new_code_cell("import sys; print(' 40%|████      | 4/10 [00:01<00:02, 3.2it/s]', file=sys.stderr)")
    with pytest.raises(BuildError, match="turn off the progress bar"):
        execute(new_notebook(cells=[bar]), tmp_path)


@pytest.mark.slow
def test_newton_gd_builds_twice_the_same(tmp_path: Path) -> None:
    assignment = load()["newton_gd"]
    first, second = (build(assignment, tmp_path / place) for place in ("first", "second"))
    assert contents(first) == contents(second)


def test_the_call_of_the_base_class_stays_in_the_stub() -> None:
    marked = mark(
        "class Net(Module):\n    def __init__(self):\n        super().__init__()\n        self.secret = 1", "word"
    )
    public, _, hidden = marked.partition("# BEGIN SOLUTION")
    assert public.splitlines()[-2].strip() == "super().__init__()"
    assert "secret" not in public and "secret" in hidden


def test_in_colab_the_blank_notebook_stays_in_its_zip(tmp_path, monkeypatch):
    """Else it would lie where the student's own is looked for, and be handed in."""
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("student.zip", "w") as archive:
        for name in ("toy.ipynb", "shared/__init__.py", "tests/q1.py"):
            archive.writestr(name, "")
    files = types.SimpleNamespace(upload=lambda: {"student.zip": b""})
    colab, otter = types.ModuleType("google.colab"), types.ModuleType("otter")
    colab.files, otter.Notebook = files, object
    for name, module in (("google", types.ModuleType("google")), ("google.colab", colab), ("otter", otter)):
        monkeypatch.setitem(sys.modules, name, module)
    otter.__spec__ = importlib.machinery.ModuleSpec("otter", None)  # which find_spec asks for
    runpy.run_path(str(KIT / "autograder" / "student" / "first_cell.py"))
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"student.zip", "shared/__init__.py", "tests/q1.py"}
