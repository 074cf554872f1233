"""grading.yml: a wrong table gives one sentence that names the key."""

import pytest
import yaml

from autograder.policy import GRADING_YML, PolicyError, checks_of, hold_to_checks, load

GOOD = """
defaults: {feedback: hint, seed: 7, limits: {check_seconds: 5}}
assignments:
  newton_gd:
    title: Newton
    points: 2
    feedback: full
    limits: {cell_seconds: 3}
    questions:
      sigmoid: {title: The sigmoid, points: 1.5, visibility: hidden}
      why: {title: Why, points: 0.5, written: true}
"""


def written(tmp_path, text):
    path = tmp_path / "grading.yml"
    path.write_text(text)
    return path


def test_defaults_hold_unless_overridden(tmp_path):
    assignment = load(written(tmp_path, GOOD))["newton_gd"]
    assert (assignment.feedback, assignment.seed) == ("full", 7)
    assert (assignment.limits.check_seconds, assignment.limits.cell_seconds, assignment.limits.memory_mb) == (5, 3, 700)
    assert assignment.visibility_of("sigmoid") == "hidden" and assignment.visibility_of("why") == "visible"
    assert assignment.coded == ("sigmoid",) and assignment.written == ("why",)
    assert assignment.automatic_points == 1.5


def test_extra_points_come_on_top(tmp_path):
    text = GOOD + "      more: {title: More, points: 3, extra: true}\n"
    assignment = load(written(tmp_path, text))["newton_gd"]
    assert assignment.points == 2
    assert (assignment.automatic_points, assignment.extra_points, assignment.full_marks) == (1.5, 3, 4.5)
    assert assignment.only("more").points == 0 and assignment.only("sigmoid", "more").points == 1.5
    with pytest.raises(PolicyError, match=r"points is 5, but .* add up to 2\.0 without the extra ones"):
        load(written(tmp_path, text.replace("points: 2", "points: 5")))


@pytest.mark.parametrize(
    ("board", "words"),
    [
        ("{question: gradient, name: Best}", "is 'gradient', which is no question that checks grade"),
        ("{question: why, name: Best}", "is 'why', which is no question that checks grade"),
        ("{question: sigmoid, name: Best}", "is 'sigmoid', whose result students may not see"),
        ("{question: sigmoid}", "leaderboard.name is missing"),
        ("{question: sigmoid, name: ''}", "leaderboard.name is ''"),
        ("{question: sigmoid, name: Best, order: asc}", "leaderboard.order is no key of this table"),
    ],
)
def test_a_leaderboard_needs_a_visible_question_with_checks(tmp_path, board, words):
    text = GOOD.replace("title: Newton", f"title: Newton\n    leaderboard: {board}")
    with pytest.raises(PolicyError) as caught:
        load(written(tmp_path, text))
    assert words in str(caught.value)
    board = load(written(tmp_path, text.replace(board, "{question: sigmoid, name: Best}").replace("hidden", "visible")))
    assert board["newton_gd"].leaderboard.name == "Best"


def test_policy_is_frozen(tmp_path):
    assignment = load(written(tmp_path, GOOD))["newton_gd"]
    with pytest.raises(ValueError, match="frozen"):
        assignment.seed = 3


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("seed: 7", "sead: 7", "defaults.sead is no key of this table"),
        ("feedback: full", "feedback: some", "assignments.newton_gd.feedback is 'some'"),
        ("cell_seconds: 3", "cell_seconds: 0", "assignments.newton_gd.limits.cell_seconds is 0"),
        ("cell_seconds: 3", "cell_secs: 3", "assignments.newton_gd.limits.cell_secs is no key of this table"),
        ("cell_seconds: 3", "memory_mb: 10", "assignments.newton_gd.limits.memory_mb is 10"),
        ("check_seconds: 5", "platform_seconds: 9000", "defaults.limits.platform_seconds is 9000"),
        (
            "points: 1.5",
            "points: 1.6",
            "assignments.newton_gd.points is 2, but the points of its questions add up to 2.1",
        ),
        ("points: 1.5", "points: -1", "assignments.newton_gd.questions.sigmoid.points is -1"),
        ("points: 1.5", "points: many", "assignments.newton_gd.questions.sigmoid.points is 'many'"),
        ("title: The sigmoid, ", "", "assignments.newton_gd.questions.sigmoid.title is missing"),
        ("visibility: hidden", "visibility: never", "assignments.newton_gd.questions.sigmoid.visibility is 'never'"),
        ("title: Newton", "title: Newton\n    title: Newton", "key «title» is given twice (line 6)"),
        ("limits: {cell_seconds: 3}", "limits: 3", "assignments.newton_gd.limits must be a mapping"),
        ("questions:", "question:", "assignments.newton_gd.question"),
        ("title: Newton", "title: [", "no YAML"),
    ],
)
def test_a_wrong_table_names_the_key(tmp_path, old, new, words):
    assert GOOD.count(old) == 1
    with pytest.raises(PolicyError) as caught:
        load(written(tmp_path, GOOD.replace(old, new)))
    assert words in str(caught.value)
    assert str(caught.value).startswith("grading.yml")
    assert "\n" not in str(caught.value)


def test_a_missing_table_is_said(tmp_path):
    with pytest.raises(PolicyError, match="isn't there"):
        load(tmp_path / "grading.yml")


def test_thresholds_that_no_check_takes_are_named(tmp_path):
    text = GOOD.replace("points: 1.5, visibility: hidden", "points: 1.5, thresholds: {least: 1}")
    with pytest.raises(PolicyError, match=r"questions\.sigmoid\.thresholds is used by none"):
        hold_to_checks(load(written(tmp_path, text))["newton_gd"])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"? [a]\n: 1", b"assignments: {../x: {}}"])
def test_what_is_no_table_gets_a_sentence(tmp_path, content):
    path = tmp_path / "grading.yml"
    path.write_bytes(content)
    with pytest.raises(PolicyError):
        load(path)
    with pytest.raises(PolicyError):
        load(tmp_path)


def test_a_question_without_checks_is_named(tmp_path):
    text = GOOD.replace("why: {title: Why, points: 0.5, written: true}", "why: {title: Why, points: 0.5}")
    with pytest.raises(PolicyError, match=r"questions\.why has no checks"):
        hold_to_checks(load(written(tmp_path, text))["newton_gd"])


def test_checks_of_unlisted_questions_are_named(tmp_path):
    with pytest.raises(PolicyError, match=r"is missing, but check \w+ belongs to it"):
        hold_to_checks(load(written(tmp_path, GOOD))["newton_gd"])


@pytest.mark.parametrize("name", list(yaml.safe_load(GRADING_YML.read_text())["assignments"]))
def test_the_kits_own_assignments_hold(name):
    assignment = load()[name]
    hold_to_checks(assignment)
    names = [check.name for check in checks_of(name)]
    assert len(names) == len(set(names))
