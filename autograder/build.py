"""Build an assignment: everything that students and Gradescope get, from a template and its hidden modules.

    OUT/ASSIGNMENT/master.ipynb    the Otter Assign master
    OUT/ASSIGNMENT/student/        what students get: notebook, public tests, shared/, requirements.txt, README.md
    OUT/ASSIGNMENT/student.zip     that folder
    OUT/ASSIGNMENT/solved.ipynb    the worked solution, executed; also the reference submission
    OUT/ASSIGNMENT/solved.zip      that, where a submission holds more than its notebook

Two builds of the same files give the same bytes. A build that is refused changes nothing in OUT.
"""

import ast
import json
import re
import shutil
import string
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import leaks
from autograder.companions import as_submission, companions, put_beside
from autograder.notebooks import check_outputs, execute, tidy
from autograder.package import write_zip
from autograder.policy import KIT, Assignment, checks_of
from autograder.stubs import BuildError, parse, read_solutions
from autograder.weave import asked_names, canary, finish_test_file, weave
from shared.kit.checking import Check

__all__ = ["BuildError", "Built", "build"]

STUDENT = Path(__file__).parent / "student"
HIDDEN: Mapping[str, Callable[[str, str], list[leaks.Secret]]] = {  # besides the solutions: what of each is secret
    "solutions/mistakes/{name}.py": leaks.bank_secrets,
    "solutions/variants/{name}.py": leaks.bank_secrets,
    "solutions/fast/{name}.py": leaks.module_secrets,
    "solutions/recipes/{name}.py": leaks.module_secrets,
    "solutions/power/{name}.json": leaks.text_secrets,
    "solutions/equivalent_mutants/{name}.yml": leaks.text_secrets,
    "autograder/checks/{name}.py": leaks.module_secrets,
}


@dataclass(frozen=True)
class Built:
    """A finished build, before it moves to its place: what packaging and the last verification work on."""

    assignment: Assignment
    checks: tuple[Check, ...]
    folder: Path  # holds all of the following, and takes what packaging adds
    blank: Path  # student/ASSIGNMENT.ipynb
    solved: Path  # the reference's submission: solved.ipynb or solved.zip
    tests: Mapping[str, str]  # Otter's test files with public and private checks, seeded: {file name: text}


Hook = Callable[[Built], None]  # raises BuildError where it refuses


def build(
    assignment: Assignment,
    out: Path,
    *,
    root: Path = KIT,
    checks: Sequence[Check] | None = None,
    verify: Hook | None = None,
    package: Hook | None = None,
) -> Path:
    """Build one assignment into out/NAME and return that folder. Raises BuildError, and then changes nothing.

    root: the kit's folder. checks: the assignment's, all of them (found by its name if not given).
    verify: refuses where the reference falls short of full marks or the blank earns anything.
    package: adds autograder.zip to the folder.
    """
    name = assignment.name
    checks = tuple(checks_of(name) if checks is None else checks)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=out) as place:
        folder = Path(place) / name
        try:
            built = _make(assignment, folder, root, checks)
        except BuildError as error:
            raise BuildError(f"{name}: {error}") from error
        for hook in (verify, package):
            if hook:
                hook(built)
        shutil.rmtree(out / name, ignore_errors=True)
        folder.rename(out / name)
    return out / name


def _make(assignment: Assignment, folder: Path, root: Path, checks: tuple[Check, ...]) -> Built:
    name = assignment.name
    student = folder / "student"
    template = _read(root / "assignments" / f"{name}.py")
    _copy_shared(root / "shared", student / "shared", name, template)
    modules = _imported([template, *(_read(path) for path in _files(student) if path.suffix == ".py")]) | {"otter"}
    _write(student / "requirements.txt", _requirements(modules))
    readme = string.Template(_read(STUDENT / "README.md"))
    handed_in = _handed_in(name, root)
    _write(student / "README.md", readme.substitute(title=assignment.title, name=name, handed_in=handed_in))
    first_cell = _read(STUDENT / "first_cell.py").rstrip().replace("  # noqa: E402", "")
    first_cell = first_cell.replace('["otter"]', json.dumps(sorted(modules)))
    solutions = read_solutions(_read(root / "solutions" / f"{name}.py"))
    nbformat.write(weave(assignment, template, solutions, checks, first_cell), folder / "master.ipynb")

    with tempfile.TemporaryDirectory() as place:
        made = Path(place)
        _otter_assign(folder / "master.ipynb", made)
        blank = tidy(nbformat.read(made / "student" / "master.ipynb", 4))
        reference = tidy(nbformat.read(made / "autograder" / "master.ipynb", 4), canary(name))
        public = _tests(made / "student" / "tests", checks)
        tests = _tests(made / "autograder" / "tests", checks, assignment.seed)
    nbformat.write(blank, student / f"{name}.ipynb")
    for file, text in public.items():
        _write(student / "tests" / file, text)
    write_zip(folder / "student.zip", {p.relative_to(student).as_posix(): p.read_bytes() for p in _files(student)})
    refuse_leaks(assignment, folder, root)
    nbformat.write(_executed(reference, blank, student, name, root), folder / "solved.ipynb")
    solved = as_submission(folder / "solved.ipynb", name, root)
    return Built(assignment, checks, folder, student / f"{name}.ipynb", solved, tests)


def _handed_in(name: str, root: Path) -> str:
    """What students are told to hand in: the notebook, or the zip that its last cell writes."""
    return f"`{name}.zip`, which the notebook's last cell writes" if companions(name, root) else f"`{name}.ipynb`"


def _executed(reference: NotebookNode, blank: NotebookNode, student: Path, name: str, root: Path) -> NotebookNode:
    """The reference, executed in a copy of the student's folder; its public checks pass there, and the blank's fail."""
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(student, Path(place) / "student")
        attempted = execute(blank, folder, grading=True)
        put_beside(folder / f"{name}.ipynb", name, root)
        solved = execute(reference, folder)
    for question, shown in check_outputs(solved).items():
        if shown:
            raise BuildError(
                f"mend {question} or its public checks, which the reference fails: {' '.join(shown.split())}"
            )
    for question, shown in check_outputs(attempted).items():
        if not shown:
            raise BuildError(f"give {question} a public check that the blank fails")
    return solved


def _otter_assign(master: Path, out: Path) -> None:
    """Run Otter Assign, which makes out/student and out/autograder."""
    import otter.assign  # slow to import

    kept = tempfile.tempdir
    tempfile.tempdir = str(out)  # it leaves a folder with all tests, the private ones too, where temporary files go
    try:
        otter.assign.main(str(master.resolve()), str(out), no_run_tests=True, no_pdfs=True)
    finally:
        tempfile.tempdir = kept


def _tests(folder: Path, checks: Iterable[Check], seed: int | None = None) -> dict[str, str]:
    files = {}
    for path in sorted(folder.glob("*.py")):
        titles = {check.name: check.title for check in checks if check.question == path.stem}
        files[path.name] = finish_test_file(_read(path), titles, seed)
    return files


def _copy_shared(source: Path, target: Path, name: str, template: str) -> None:
    """What of shared/ an assignment needs: the kit, its checks and data, and the modules that these or it import."""
    always = [source / "__init__.py", source / "checks/__init__.py", source / f"checks/{name}.py"]
    waiting = [*source.glob("kit/**/*.py"), *(path for path in always if path.exists())]
    waiting += _shared_modules(source, template)
    copied: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in copied:
            copied.add(path)
            _write(target / path.relative_to(source), _read(path))
            waiting += _shared_modules(source, _read(path))
    if (source / "data" / name).is_dir():
        shutil.copytree(source / "data" / name, target / "data" / name)


def _shared_modules(source: Path, text: str) -> list[Path]:
    """The modules of shared/ that a Python text imports."""
    dotted: set[str] = set()
    for node in ast.walk(parse(text, "a template or a file of shared/")):
        if isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            dotted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    inside = [name.split(".")[1:] for name in dotted if name.startswith("shared.")]
    return [path for parts in inside if (path := source.joinpath(*parts).with_suffix(".py")).is_file()]


def refuse_leaks(assignment: Assignment, folder: Path, root: Path) -> None:
    """Raise BuildError if student/ or student.zip in `folder` holds anything of the hidden modules in `root`."""
    name, student = assignment.name, folder / "student"
    template = _read(root / "assignments" / f"{name}.py")
    solved = f"solutions/{name}.py"
    texts = [_read(root / solved)]
    secrets, shown = leaks.solution_secrets(read_solutions(texts[0]), solved, asked_names(template, name))
    for pattern, secrets_of in HIDDEN.items():
        origin = pattern.format(name=name)
        if (root / origin).exists():
            texts.append(_read(root / origin))
            secrets += secrets_of(texts[-1], origin)
    shared = [text for _, text in leaks.texts_in(student / "shared")]
    canaries = {canary(name)} | leaks.canaries_in(texts)
    files = list(leaks.texts_in(student, folder / "student.zip"))
    if misplaced := leaks.hidden_names(file for file, _ in files):
        raise BuildError(f"keep from students what is hidden: {misplaced[0]} is called as a hidden file")
    found = leaks.find_leaks(files, secrets, [template, *shown], assignment.seed, canaries, shared)
    if found:
        more = f" (and {len(found) - 1} more)" if found[1:] else ""
        raise BuildError(f"keep from students what is hidden: {found[0]}{more}")


# ---- small things ---------------------------------------------------------------------------------------------------


def _imported(sources: Iterable[str]) -> set[str]:
    """The modules from outside the kit and the standard library that Python texts import."""
    found: set[str] = set()
    for node in (node for source in sources for node in ast.walk(parse(source, "a template or a file of shared/"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"shared", "solutions"}


def _requirements(modules: Iterable[str]) -> str:
    """The lines of student/requirements.txt that bring the modules."""
    ranges = {}
    for line in _read(STUDENT / "requirements.txt").splitlines():
        if line and not line.startswith("#"):
            ranges[re.split(r"[<>=!~ ]", line)[0].lower()] = line
    lines = set()
    for module in modules:
        names = [name.lower() for name in packages_distributions().get(module, [module])]
        lines |= {ranges[name] for name in names if name in ranges}
        if not ranges.keys() & set(names):
            raise BuildError(f"give a range of versions for {module} in autograder/student/requirements.txt")
    return "\n".join(sorted(lines)) + "\n"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BuildError(f"write {path.parent.name}/{path.name}: it isn't there") from error
