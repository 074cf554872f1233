"""Honest submissions get the same scores from this grader and from stock `otter run` on the same zip."""

import pytest

from autograder.policy import load
from autograder.release import release
from tests.demo import sample_submissions
from tests.parity import compare

ASSIGNMENTS = load()


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """dist(name): the folder in which an assignment has been built, at the first call."""
    folder = tmp_path_factory.mktemp("dist")

    def built(name):
        if not (folder / name).exists():
            release(ASSIGNMENTS[name], folder)
        return folder

    return built


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_reference_and_the_blank(name, dist, kit, isolation):
    assignment, folder = ASSIGNMENTS[name], dist(name)
    built = folder / name
    solved = next(path for path in (built / "solved.zip", built / "solved.ipynb") if path.exists())
    reference = compare(assignment, solved, kit, isolation, folder)
    assert reference.differences == []
    assert sum(reference.theirs.values()) == pytest.approx(float(assignment.full_marks))
    blank = compare(assignment, folder / name / "student" / f"{name}.ipynb", kit, isolation, folder)
    assert blank.differences == [] and sum(blank.theirs.values()) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name in ASSIGNMENTS for path in sample_submissions(name)],
    ids=lambda value: getattr(value, "stem", value),
)
def test_honest_submissions(name, path, dist, kit, isolation):
    assert compare(ASSIGNMENTS[name], path, kit, isolation, dist(name)).differences == []
