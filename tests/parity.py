"""Hold this grader and stock `otter run` to the same scores, question by question, on honest submissions."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import v4
from rich.console import Console
from rich.table import Table

from autograder.grading import grade_one
from autograder.package import write_zip
from autograder.policy import KIT, Assignment
from autograder.results import as_float
from autograder.sandbox import Isolation, Stage, choose, stage
from autograder.side_by_side import side_by_side
from autograder.submission import read

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
SECONDS = 180
JOBS = 2


@dataclass(frozen=True)
class Pair:
    """The scores of one submission by question: ours, and stock otter's."""

    name: str
    ours: dict[str, float]
    theirs: dict[str, float]

    @property
    def differences(self) -> list[str]:
        """The questions that the two score differently."""
        return [name for name, score in self.ours.items() if abs(score - self.theirs.get(name, -1)) > 1e-6]


def compare(assignment: Assignment, path: Path, kit: Stage, isolation: Isolation, dist: Path = KIT / "dist") -> Pair:
    """Grade the same notebook here and with stock otter, on the zip that `build` has made in `dist`.

    With errors not carried forward: stock otter has no such thing.
    """
    assignment = assignment.model_copy(update={"carry_errors_forward": False})
    with tempfile.TemporaryDirectory() as folder:
        submission = for_otter(assignment, path, Path(folder))
        result = grade_one(assignment, submission, kit, isolation).result
        ours = {question.name: as_float(question.score) for question in result.coded}
        return Pair(path.stem, ours, otter_scores(dist / assignment.name / "autograder.zip", submission))


def for_otter(assignment: Assignment, path: Path, folder: Path) -> Path:
    """A submission of any form as one that otter takes: a notebook, or a zip of it and of what lies beside it."""
    with read(path, assignment.name) as submission:
        cells = [v4.new_code_cell(source, id=f"cell-{index}") for index, source in enumerate(submission.cells)]
        files = [
            item for item in submission.files.rglob("*") if item.is_file() and item.suffix not in (".ipynb", ".py")
        ]
        beside = {item.relative_to(submission.files).as_posix(): item.read_bytes() for item in files}
    notebook = folder / f"{assignment.name}.ipynb"
    nbformat.write(v4.new_notebook(cells=cells, metadata=KERNEL), notebook)
    if not beside:
        return notebook
    write_zip(notebook.with_suffix(".zip"), {notebook.name: notebook.read_bytes(), **beside})
    return notebook.with_suffix(".zip")


def otter_scores(autograder: Path, submission: Path) -> dict[str, float]:
    """The scores that `otter run` gives, by question. Raises RuntimeError where it gives none."""
    out = submission.parent
    command = [Path(sys.executable).with_name("otter"), "run", "-a", autograder, "--no-logo", "-o", out, submission]
    environment = {**os.environ, "TOUCHSTONE_GRADING": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        list(map(str, command)), cwd=out, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    results = out / "results.json"
    if done.returncode or not results.exists():
        raise RuntimeError(f"otter run gave no result: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    tests = json.loads(results.read_text())["tests"]
    return {test["name"]: test["score"] for test in tests if "score" in test}


def compare_all(submissions: list[tuple[Assignment, Path]], console: Console) -> int:
    """Compare on many submissions, side by side, and print a table; return 1 if a score differs, else 0."""
    table = Table(
        "submission",
        "ours",
        "stock otter",
        "questions that differ",
        title="The same as stock otter run? (errors not carried forward)",
    )
    differs = False
    with stage() as kit, console.status("running stock otter"):
        isolation = choose("auto", kit)
        calls = [(assignment, path, kit, isolation) for assignment, path in submissions]
        pairs = dict(side_by_side(compare, calls, JOBS))
    for number, (assignment, _) in enumerate(submissions):
        pair = pairs[number]
        sums = [f"{sum(scores.values()):.2f}" for scores in (pair.ours, pair.theirs)]
        table.add_row(f"{assignment.name}: {pair.name}", *sums, ", ".join(pair.differences) or "none")
        differs |= bool(pair.differences)
    console.print(table)
    return int(differs)
