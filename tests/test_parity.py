"""Honest submissions get the same scores from this grader and from stock `otter run` on the same zip."""

import pytest

from autograder.policy import load
from autograder.release import release
from tests.demo import sample_submissions
from tests.parity import compare

ASSIGNMENTS = load()


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    for assignment in ASSIGNMENTS.values():
        release(assignment, folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_reference_and_the_blank(name, dist, kit, isolation):
    assignment = ASSIGNMENTS[name]
    reference = compare(assignment, dist / name / "solved.ipynb", kit, isolation, dist)
    assert reference.differences == []
    assert sum(reference.theirs.values()) == pytest.approx(float(assignment.automatic_points))
    blank = compare(assignment, dist / name / "student" / f"{name}.ipynb", kit, isolation, dist)
    assert blank.differences == [] and sum(blank.theirs.values()) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name in ASSIGNMENTS for path in sample_submissions(name)],
    ids=lambda value: getattr(value, "stem", value),
)
def test_honest_submissions(name, path, dist, kit, isolation):
    assert compare(ASSIGNMENTS[name], path, kit, isolation, dist).differences == []
