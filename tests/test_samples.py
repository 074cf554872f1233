"""The sample submissions, graded whole: every question's score and failing checks are those written down beforehand.

tests/submissions/<assignment>/<name>/ holds one submission, <name>.py, .ipynb, .zip or a folder, and expected.yml:

    about: what kind of work it is
    questions:
      gradient:                  # every coded question
        score: 0.25              # or a fraction, 5/6
        fails: {check: the reason, in a sentence}
    figures: 1                   # pictures stored in the notebook (0 where it isn't said)
    written: [why_median]        # written questions that have an answer (none)
    cells: {5: the reason}       # code cells that don't run to their end, by number from 1 (none)
"""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from autograder.grading import grade_one
from autograder.policy import KIT, load

SUBMISSIONS = KIT / "tests" / "submissions"
FOLDERS = sorted(folder for folder in SUBMISSIONS.glob("*/*") if folder.is_dir())

pytestmark = pytest.mark.slow


def submission_in(folder: Path) -> Path:
    (path,) = [path for path in folder.iterdir() if path.name != "expected.yml"]
    assert path.stem == folder.name
    return path


def expected_of(folder: Path) -> dict:
    expected = yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8"))
    unknown = set(expected) - {"about", "questions", "figures", "written", "cells"}
    assert not unknown, f"{folder.name}: expected.yml has keys that nothing reads: {unknown}"
    return expected


def test_there_are_samples_of_every_kind():
    paths = [submission_in(folder) for folder in FOLDERS]
    assert len(paths) >= 8
    assert {path.suffix for path in paths} == {".py", ".ipynb", ".zip", ""}  # a folder has none


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_verdict_is_as_expected(folder, kit, isolation):
    expected = expected_of(folder)
    assignment = load()[folder.parent.name]
    assert set(expected["questions"]) == set(assignment.coded), "one expectation for each coded question"
    reasons = [reason for item in expected["questions"].values() for reason in item["fails"].values()]
    assert all(isinstance(reason, str) and reason.strip() for reason in reasons)

    # no sample is about time-outs: a busy machine should not make one of them so
    patient = assignment.limits.model_copy(update={"check_seconds": 100.0})
    assignment = assignment.model_copy(update={"limits": patient})
    result = grade_one(assignment, submission_in(folder), kit, isolation).result

    assert not result.problem
    assert not result.unknown
    verdict = {
        question.name: (
            question.score,
            sorted(check.name for check in question.checks if check.outcome.status != "passed"),
        )
        for question in result.coded
    }
    assert verdict == {
        name: (Fraction(str(item["score"])), sorted(item["fails"])) for name, item in expected["questions"].items()
    }
    assert len(result.figures) == expected.get("figures", 0)
    assert [question.name for question in result.written if question.answer] == expected.get("written", [])
    assert {cell.number for cell in result.cells} == set(expected.get("cells", {}))
