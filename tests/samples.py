"""Submissions for tests, made from the reference solution."""

from pathlib import Path

from autograder.audit.answers import reference_cell, write_notebook
from autograder.policy import Assignment
from autograder.results import QuestionResult, SubmissionResult

__all__ = ["notebook", "only", "question", "reference_cell"]


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    return write_notebook(path, cells)


def only(assignment: Assignment, *questions: str) -> Assignment:
    """The assignment with these questions alone, for a quick run."""
    return assignment.only(*questions)


def question(result: SubmissionResult, name: str) -> QuestionResult:
    """One question of a result."""
    (found,) = [item for item in result.questions if item.name == name]
    return found
