"""The command line: what it prints, what it writes, and its exit status."""

import csv
import json

import pytest
from click.testing import CliRunner

from autograder import policy
from autograder.batch import distinct_names
from autograder.cli import main
from tests.samples import notebook, only, reference_cell


@pytest.fixture
def quick(monkeypatch, newton_gd):
    """grading.yml with two questions, so that a run takes a second."""
    monkeypatch.setattr(
        "autograder.cli.load", lambda: {"newton_gd": only(newton_gd, "gradient", "sigmoid", "why_median")}
    )
    monkeypatch.setattr("autograder.cli.hold_to_checks", lambda assignment: None)


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grade", "no_such", "x.ipynb"), "grading.yml has no assignment no_such; it has newton_gd."),
        (("grade", "newton_gd", "no_such.ipynb"), "There is no such submission: no_such.ipynb."),
        (("grade", "newton_gd"), "Missing argument"),
        (("build", "no_such"), "grading.yml has no assignment no_such"),
        (("audit", "no_such"), "grading.yml has no assignment no_such"),
        (("audit", "newton_gd", "--question", "why_median"), "There is no coded question why_median"),
        (("grade", "newton_gd", "x", "--jobs", "0"), "--jobs"),
        (("grade", "newton_gd", "x", "--isolation", "magic"), "--isolation"),
    ],
)
def test_wrong_commands_end_with_status_2_and_a_sentence(quick, arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_a_wrong_grading_yml_ends_with_status_2(monkeypatch, tmp_path):
    (tmp_path / "grading.yml").write_text("assignments: {newton_gd: {points: 1}}")
    monkeypatch.setattr("autograder.cli.load", lambda: policy.load(tmp_path / "grading.yml"))
    result = run("build")
    assert result.exit_code == 2 and "assignments.newton_gd.title is missing" in result.stderr


def test_many_submissions_good_and_broken_are_all_graded(quick, tmp_path):
    good = notebook(tmp_path / "ada.ipynb", reference_cell("newton_gd"))
    (tmp_path / "again").mkdir()
    half = notebook(tmp_path / "again" / "ada.ipynb", reference_cell("newton_gd"), "del sigmoid")
    broken = tmp_path / "broken.ipynb"
    broken.write_text("nothing")
    killer = notebook(tmp_path / "killer.ipynb", *["import os; os._exit(1)"] * 5)
    out = tmp_path / "results"
    result = run("grade", "newton_gd", good, half, broken, killer, "--out", out, "--jobs", 2)
    assert result.exit_code == 0, result.output
    rows = list(csv.reader((out / "newton_gd" / "results.csv").open()))
    assert [row[0] for row in rows[1:]] == ["ada", "ada-2", "broken", "killer"]
    for name, score in (("ada", 1.5), ("ada-2", None), ("broken", 0), ("killer", 0)):
        folder = out / "newton_gd" / name
        assert {path.name for path in folder.iterdir()} == {"results.json", "page.html", "staff.html", "run.json"}
        written = json.loads((folder / "results.json").read_text())
        assert score is None or written["score"] == score
        assert len(written["tests"]) == 2
        assert json.loads((folder / "run.json").read_text())["isolation"] in ("bubblewrap", "user")


def test_the_same_submission_gives_the_same_bytes_side_by_side_or_not(quick, tmp_path):
    paths = [
        notebook(tmp_path / f"{name}.ipynb", reference_cell("newton_gd"), f"x = '{name}'") for name in ("a", "b", "c")
    ]
    for out, jobs in (("one", 1), ("two", 2)):
        assert run("grade", "newton_gd", *paths, "--out", tmp_path / out, "--jobs", jobs).exit_code == 0
    for name in ("a", "b", "c"):
        for file in ("results.json", "page.html", "staff.html"):
            first, second = (tmp_path / out / "newton_gd" / name / file for out in ("one", "two"))
            assert first.read_bytes() == second.read_bytes()


def test_an_unknown_outcome_ends_with_status_1(quick, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.Sandbox", None)
    result = run("grade", "newton_gd", notebook(tmp_path / "a.ipynb", "x = 1"), "--out", tmp_path / "results")
    assert result.exit_code == 1
    assert "Please tell the staff" in (tmp_path / "results/newton_gd/a/page.html").read_text()


def test_clashing_stems_get_numbers(tmp_path):
    paths = [tmp_path / name for name in ("a.ipynb", "b/a.zip", "c/a.py", "d/a-2")]
    assert list(distinct_names(paths).values()) == ["a", "a-2", "a-3", "a-2-2"]


def test_odd_file_names_stay_inside_the_results(tmp_path):
    paths = [tmp_path / name for name in ("results.csv.ipynb", "...ipynb", "..ipynb", "x" * 249 + ".ipynb", "é.ipynb")]
    names = list(distinct_names(paths).values())
    assert names == ["results.csv-2", "submission", "submission-2", "x" * 200, "é"]
