"""Submissions for tests, made from the reference solution."""

import re
from pathlib import Path

import nbformat
from nbformat import v4

from autograder.policy import KIT, Assignment
from autograder.results import QuestionResult, SubmissionResult

WRITTEN = "from typing import NamedTuple\nclass Written(NamedTuple):\n    answer: str\n    rubric: tuple = ()\n"


def reference_cell(assignment: str) -> str:
    """The whole solution module as one cell, standing on its own."""
    source = (KIT / "solutions" / f"{assignment}.py").read_text()
    return re.sub(r"^from solutions import Written$", WRITTEN, source, flags=re.MULTILINE)


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    made = v4.new_notebook(cells=[v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)])
    nbformat.write(made, path)
    return path


def only(assignment: Assignment, *questions: str) -> Assignment:
    """The assignment with these questions alone, for a quick run."""
    kept = {name: assignment.questions[name] for name in questions}
    return assignment.model_copy(update={"questions": kept, "points": sum(item.points for item in kept.values())})


def question(result: SubmissionResult, name: str) -> QuestionResult:
    """One question of a result."""
    (found,) = [item for item in result.questions if item.name == name]
    return found
