"""Renderers: what whom may see, that no student's string does harm, and that the same result gives the same bytes."""

import csv
import dataclasses
import io
import json
import re
import struct
import zlib
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from autograder.gradescope import reports_for_staff
from autograder.render import (
    csv_text,
    page_html,
    print_table,
    results_json,
    run_json,
    write_csv,
    write_json,
    write_submission,
)
from autograder.render.feedback import KINDS, NOT_GRADED, view_check, view_submission
from autograder.render.gradescope import LONGEST_OUTPUT
from autograder.render.text import harmless, one_line
from autograder.results import (
    CellProblem,
    CheckResult,
    Graded,
    QuestionResult,
    RunFacts,
    Standing,
    SubmissionResult,
)
from autograder.verification import reference_shortfall
from shared.kit.checking import Outcome

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31mred\x1b[0m \x1b]0;title\x07"
    "a\x00b \u202egnp.exe \ud800 \x9b1m {{ 7*7 }} ]]> & \" ' [bold]markup[/] \u2028end"
)
SECRET_INPUT = "hidden_input = 41.25"
SECRET_DETAILS = "expected 17.75"
PASSED = Outcome("passed")


def png(width: int = 4, height: int = 3, color: bytes = b"\x30\x60\xa0") -> bytes:
    """A small picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + color * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def check(outcome: Outcome, *, public: bool = False, points: Fraction = Fraction(1, 3), title: str = "") -> CheckResult:
    return CheckResult("a_check", title or "Your gradient is the slope of your risk.", public, points, outcome)


def question(
    *outcomes: Outcome, name: str = "gradient", number: str = "1", visibility: str = "visible"
) -> QuestionResult:
    share = Fraction(1, len(outcomes))
    checks = tuple(check(outcome, public=index == 0, points=share) for index, outcome in enumerate(outcomes))
    return QuestionResult(name, number, "The gradient", Fraction(1), visibility, checks)


def written(number: str = "9") -> QuestionResult:
    return QuestionResult(
        name="why_median",
        number=number,
        title="Why the median",
        points=Fraction(2),
        visibility="visible",
        written=True,
        answer=f"Because **outliers**.\nSecond line. {HOSTILE}",
        model_answer="MODEL-ANSWER",
        rubric=("RUBRIC-LINE",),
    )


def submission(*questions: QuestionResult, **changes: object) -> SubmissionResult:
    fields: dict[str, object] = {
        "assignment": "newton_gd",
        "title": "Newton's method",
        "submission": "alice",
        "feedback": "hint",
        "visibility": "visible",
        "questions": questions,
    }
    return SubmissionResult(**{**fields, **changes})  # type: ignore[arg-type]


WRONG = Outcome(
    "failed",
    "wrong value",
    "gradient is off.",
    SECRET_INPUT,
    SECRET_DETAILS,
    hint="A sign is wrong.",
    notes=("A note.",),
)
UNKNOWN = Outcome("unknown", staff="Traceback: OUR-FAULT")
EVERYTHING = submission(
    question(WRONG, WRONG, PASSED),
    question(PASSED, PASSED, name="hessian", number="2"),
    question(UNKNOWN, PASSED, name="newton", number="3"),
    written(),
    notes=(HOSTILE,),
    cells=(CellProblem(3, HOSTILE, f"raised ValueError: {HOSTILE}"),),
    figures=(png(), b"<svg onload=alert(1)>", png()),
    submission=f"alice {HOSTILE}",
)


class Elements(HTMLParser):
    """The elements and the text of a page, and whether every element is closed."""

    VOID = frozenset({"meta", "img", "br", "rect", "circle", "path"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# ---- text -----------------------------------------------------------------------------------------------------------


def test_harmless_text_keeps_what_is_seen_and_names_what_is_not():
    assert (
        harmless("\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x9b4mline \x1bMup") == "red link line up"
    )
    assert harmless("a\x00b\x08c\x7fd\te") == "abcd\te"
    assert harmless("one\r\ntwo\rthree\u2028four") == "one\ntwo\nthree\nfour"
    assert harmless("x\u202egnp\u2066\ufeff\ud800") == "x«U+202E»gnp«U+2066»«U+FEFF»«U+D800»"
    assert (
        harmless("naïve Ωμέγα שלום 数学 π²≤∑ \U0001f469\u200d\U0001f4bb")
        == "naïve Ωμέγα שלום 数学 π²≤∑ \U0001f469\u200d\U0001f4bb"
    )
    assert one_line(" a\n b\tc ") == "a b c"


@pytest.mark.parametrize(
    "text", ["x" * 10**6, "\x9d" * 10**6, "\x1b]" * 10**6, "\x1b[" + "0" * 10**6, "\ud800" * 10**6]
)
def test_harmless_text_is_short_and_quick(text):
    shown = harmless(text, 1000)
    assert len(shown) < 1100
    assert shown.endswith("characters in all)")
    shown.encode()


# ---- what whom may see ----------------------------------------------------------------------------------------------


def shown(outcome: Outcome, *, public: bool, feedback: str, audience: str) -> str:
    view = view_check(check(outcome, public=public), feedback, audience)  # type: ignore[arg-type]
    return " | ".join([view.title, view.verdict, *(part.text for part in view.parts), *view.notes])


@pytest.mark.parametrize(
    ("feedback", "public", "inputs", "message"),
    [
        ("none", True, False, False),
        ("none", False, False, False),
        ("hint", True, True, True),
        ("hint", False, False, True),
        ("full", True, True, True),
        ("full", False, True, True),
    ],
)
def test_what_a_student_sees_follows_the_feedback_level(feedback, public, inputs, message):
    text = shown(WRONG, public=public, feedback=feedback, audience="student")
    assert (SECRET_INPUT in text) == (SECRET_DETAILS in text) == inputs
    assert ("gradient is off." in text) == ("A sign is wrong." in text) == ("A note." in text) == message
    assert ("slope of your risk" in text) == message
    staff = shown(WRONG, public=public, feedback=feedback, audience="staff")
    assert all(part in staff for part in (SECRET_INPUT, SECRET_DETAILS, "gradient is off.", "A sign is wrong."))


@pytest.mark.parametrize("feedback", ["none", "hint", "full"])
def test_only_staff_read_why_a_check_could_not_tell(feedback):
    student = shown(UNKNOWN, public=True, feedback=feedback, audience="student")
    assert NOT_GRADED in student
    assert "OUR-FAULT" not in student
    assert "OUR-FAULT" in shown(UNKNOWN, public=True, feedback=feedback, audience="staff")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind])
def test_every_kind_of_failure_is_named_and_explained(kind):
    view = view_check(check(Outcome("failed", kind)), "hint", "student")
    assert view.verdict == KINDS[kind][0]
    assert view.parts[0].text


def test_an_exceptions_line_stands_apart_as_code():
    outcome = Outcome("failed", "exception", "risk raised TypeError: no\nin return 1 / x\nDefine risk(theta, X, y).")
    parts = view_check(check(outcome), "hint", "student").parts
    assert [(part.text, part.code) for part in parts] == [
        ("risk raised TypeError: no\nDefine risk(theta, X, y).", False),
        ("return 1 / x", True),
    ]


def test_students_never_see_rubrics_hidden_inputs_or_tracebacks():
    for page in (page_html(EVERYTHING, "student"), json.dumps(results_json(EVERYTHING))):
        assert not any(secret in page for secret in ("MODEL-ANSWER", "RUBRIC-LINE", "OUR-FAULT"))
    assert all(s in page_html(EVERYTHING, "staff") for s in ("MODEL-ANSWER", "RUBRIC-LINE", "OUR-FAULT"))
    private = submission(question(PASSED, WRONG))
    for page in (page_html(private, "student"), json.dumps(results_json(private))):
        assert SECRET_INPUT not in page
        assert SECRET_DETAILS not in page
    assert SECRET_INPUT in page_html(private, "staff")


def test_a_students_page_leaves_out_hidden_questions_and_the_total():
    hidden = submission(question(WRONG, PASSED), question(PASSED, name="newton", number="2", visibility="hidden"))
    view = view_submission(hidden, "student")
    assert [item.name for item in view.questions] == ["gradient"]
    assert view.score == view.points == ""
    assert "no total" in page_html(hidden, "student")
    assert view_submission(hidden, "staff").score == "1.5"
    assert "1.5" not in results_json(hidden)["output"]


# ---- results.json ---------------------------------------------------------------------------------------------------


def test_results_json_follows_the_specification():
    content = results_json(EVERYTHING)
    assert list(content) == ["score", "output", "output_format", "visibility", "tests"]
    assert content["score"] == pytest.approx(1 / 3 + 1 + 1 / 2, abs=1e-5)
    assert [test["number"] for test in content["tests"]] == ["1", "2", "3"]
    first, second, third = content["tests"]
    assert first["name"] == "The gradient"
    assert (first["score"], first["max_score"], first["status"]) == (0.33333, 1.0, "failed")
    assert (second["status"], second["visibility"], second["output_format"]) == ("passed", "visible", "html")
    assert third["tags"] == ["newton", "not graded"]
    assert NOT_GRADED in third["output"]
    assert "9 · Why the median" in content["output"]
    assert "by hand, 2 points" in content["output"]
    assert "Cell 3" in content["output"]


def test_results_json_says_why_nothing_could_be_graded():
    refused = Outcome("failed", "refused")
    content = results_json(submission(question(refused, refused), problem="There is no notebook <here>."))
    assert content["score"] == 0
    assert "There is no notebook &lt;here&gt;." in content["output"]
    assert "There is no notebook &lt;here&gt;." in content["tests"][0]["output"]
    assert "no notebook &lt;here&gt;" in page_html(
        submission(question(refused), problem="no notebook <here>"), "student"
    )


def test_a_fault_of_the_grader_is_told_once_and_to_staff_alone():
    result = submission(question(UNKNOWN, UNKNOWN), question(UNKNOWN, name="newton", number="2"), written())
    assert page_html(result, "staff").count("OUR-FAULT") == 1
    page = page_html(result, "student")
    assert "OUR-FAULT" not in page
    assert "no fault of yours" in page
    content = results_json(result)
    assert "no fault of yours" in content["output"]
    assert all(NOT_GRADED in test["output"] for test in content["tests"])


def test_long_outputs_are_cut_between_elements():
    long = Outcome("failed", "exception", "<&>" * 10**5, "x = 1\n" * 10**5, "<" * 10**6, notes=("&" * 10**5,) * 50)
    content = results_json(submission(question(*[long] * 60), notes=("<" * 10**5,) * 50, feedback="full"))
    for output in (content["output"], content["tests"][0]["output"]):
        assert 5_000 < len(output) < LONGEST_OUTPUT + 200
        assert Elements(output).open == []
    assert "more left out" in content["output"]
    assert content["tests"][0]["output"].count("<strong>") == 60  # the later ones in short


def test_outputs_hold_no_element_of_the_students():
    hostile = Outcome("failed", "exception", HOSTILE, HOSTILE, HOSTILE, hint=HOSTILE, notes=(HOSTILE,))
    content = results_json(submission(question(hostile, hostile), notes=(HOSTILE,), problem="", cells=EVERYTHING.cells))
    text = json.dumps(content, ensure_ascii=False)
    text.encode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]|\\u00[01]|\\u001b", text)
    for output in (content["output"], content["tests"][0]["output"]):
        parsed = Elements(output)
        assert parsed.open == []
        assert {tag for tag, _ in parsed.tags} <= {"p", "strong", "em", "pre", "code", "br"}
        assert not any(attributes for _, attributes in parsed.tags)
        assert "<script>alert(1)</script>" in parsed.text
        assert "«U+202E»gnp.exe" in parsed.text


def test_files_are_written_whole_and_the_same_each_time(tmp_path: Path):
    path = tmp_path / "results.json"
    path.write_text("before")
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(path, {"score": float("nan")})
    assert path.read_text() == "before"
    write_json(path, results_json(EVERYTHING))
    first = path.read_bytes()
    write_json(path, results_json(EVERYTHING))
    assert path.read_bytes() == first
    assert first.endswith(b"}\n")
    assert [item.name for item in tmp_path.iterdir()] == ["results.json"]


def test_a_submissions_folder_holds_its_four_files(tmp_path: Path):
    facts = RunFacts(1.5, 0.5, {"a_check": 0.1}, 120.0, "user", ("no network",), {"python": "3.11"})
    write_submission(tmp_path / "alice", Graded(EVERYTHING, facts))
    names = sorted(item.name for item in (tmp_path / "alice").iterdir())
    assert names == ["page.html", "results.json", "run.json", "staff.html"]
    assert json.loads((tmp_path / "alice/run.json").read_text()) == json.loads(json.dumps(run_json(facts)))


# ---- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["student", "staff"])
def test_pages_are_self_contained_and_run_nothing(audience):
    page = page_html(EVERYTHING, audience)
    page.encode()
    parsed = Elements(page)
    assert parsed.open == []
    assert "script" not in {tag for tag, _ in parsed.tags}
    for tag, attributes in parsed.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert (attributes.get("src") or "data:image/png;base64,").startswith("data:image/png;base64,")
    assert "<script>alert(1)</script>" in parsed.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", page)
    assert "default-src 'none'" in page
    assert page == page_html(EVERYTHING, audience)


def test_a_page_has_a_link_target_for_every_link():
    parsed = Elements(page_html(EVERYTHING, "staff"))
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(attributes["href"] or "")[1:] for _, attributes in parsed.tags if "href" in attributes} <= set(ids)


def test_a_page_shows_pictures_only():
    parsed = Elements(page_html(EVERYTHING, "student"))
    assert sum(tag == "img" for tag, _ in parsed.tags) == 2
    assert "1 more is in the notebook" in parsed.text
    bomb = submission(question(PASSED), figures=(png()[:16] + struct.pack(">II", 10**6, 10**6) + png()[24:],))
    assert "<img" not in page_html(bomb, "student")


def test_a_page_shows_written_answers_as_text():
    page = page_html(EVERYTHING, "staff")
    assert "Because **outliers**. Second line." in page  # one paragraph, wrapped by the page
    assert "No answer was found" in page_html(
        submission(QuestionResult("why", "1", "Why", Fraction(1), "visible", written=True)), "student"
    )


@pytest.mark.parametrize("feedback", ["none", "hint", "full"])
def test_pages_can_be_made_of_every_kind_of_result(feedback):
    kinds = [Outcome("failed", kind, f"message {kind}", "x = 1", "y", "z") for kind in KINDS]
    result = submission(question(*kinds, UNKNOWN, PASSED), written(), feedback=feedback)
    for audience in ("student", "staff"):
        assert Elements(page_html(result, audience)).open == []  # type: ignore[arg-type]
    assert Elements(page_html(submission(), "student")).open == []


def test_an_optional_question_is_called_so():
    free = check(PASSED, points=Fraction(0)), check(WRONG, points=Fraction(0))
    optional = QuestionResult("on_a_grid", "2", "On a grid", Fraction(0), "visible", free)
    result = submission(question(PASSED), optional)
    page = page_html(result, "student")
    assert "optional" in page and "/ 0<" not in page
    _, told = results_json(result)["tests"]
    assert told["max_score"] == 0 and "of 0)" not in told["output"]


def graded_extra(outcome: Outcome) -> QuestionResult:
    checks = tuple(check(found, points=Fraction(3, 2)) for found in (PASSED, outcome))
    return QuestionResult("TunedNet", "2", "To 87 %", Fraction(3), "visible", checks, extra=True)


def test_extra_points_stand_beside_the_total():
    result = submission(question(PASSED), graded_extra(WRONG), written())
    assert result.marks == "1 of 1 and 1.5 of 3 extra"
    page = page_html(result, "student")
    assert "<strong>1</strong> <span>of 1 automatic points, and 1.5 of 3 extra</span>" in page
    assert '>To 87 %</a> <span class="tag">extra</span>' in page and Elements(page).open == []
    content = results_json(result)
    assert content["score"] == 2.5
    assert [(test["name"], test["score"], test["max_score"]) for test in content["tests"]] == [
        ("The gradient", 1, 1),
        ("To 87 % (3 extra points)", 1.5, 0),
    ]
    (row,) = csv.DictReader(io.StringIO(csv_text([("alice", result)])))
    assert (row["total"], row["extra"], row["automatic_points"]) == ("2.5", "1.5", "1")
    for count, told in ((1, ["1.5 / 3 extra", "1 / 1", "extra points", "1.5 / 3"]), (2, ["+3", "1+3", "2.5"])):
        console = Console(file=io.StringIO(), width=100)
        print_table(console, [("alice", result)] * count)
        assert all(text in console.file.getvalue() for text in told)  # type: ignore[attr-defined]
    blank = submission(question(WRONG), dataclasses.replace(graded_extra(WRONG), checks=(check(WRONG),)))
    assert (blank.score, blank.marks) == (0, "0 of 1 and 0 of 3 extra")
    assert "the reference earns 1 of 1 and 1.5 of 3 extra points (a_check: gradient is off.)" in reference_shortfall(
        result
    )
    assert reference_shortfall(submission(question(PASSED), graded_extra(PASSED))) == ""
    assert "0 of 1" in reference_shortfall(submission(question(WRONG)))
    assert submission(question(WRONG)).marks == "0 of 1"


def test_a_leaderboard_shows_what_was_measured():
    assert "leaderboard" not in results_json(EVERYTHING)
    content = results_json(submission(question(PASSED), standing=Standing("Test accuracy", 0.87314)))
    assert content["leaderboard"] == [{"name": "Test accuracy", "value": 0.8731, "order": "desc"}]


def test_flags_come_first_on_the_staffs_page():
    flagged = Outcome("passed", flags=(f"Odd weights {HOSTILE}", "Again"))
    result = submission(question(flagged, flagged, PASSED), question(WRONG, name="newton", number="2"))
    page = Elements(page_html(result, "staff"))
    assert page.open == [] and "script" not in {tag for tag, _ in page.tags}
    assert page.text.count("1 · The gradient: Odd weights <script>") == 1  # of both checks, told once
    assert page.text.count("Flag for staff") == 4
    console = Console(file=io.StringIO(), width=100)
    print_table(console, [("alice", result), ("bob", EVERYTHING)])
    assert "! flagged for staff: alice; the staff page says why" in console.file.getvalue()  # type: ignore[attr-defined]
    (row, _) = csv.DictReader(io.StringIO(csv_text([("alice", result), ("bob", EVERYTHING)])))
    assert row["flags"].startswith("gradient: Odd weights <script>") and row["flags"].endswith("; gradient: Again")


def test_why_nothing_could_be_told_is_read_by_staff_and_costs_the_student_no_word():
    missing = Outcome("unknown", staff="Traceback:\n  line\nMissingImages: The real test images are not here.\n")
    result = submission(question(PASSED, missing))
    console = Console(file=io.StringIO(), width=100)
    print_table(console, [("alice", result), ("bob", result)])
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert told.count("MissingImages: The real test images are not here.") == 1
    assert "The real test images are not here." in page_html(result, "staff")
    assert "The real test images are not here." in reports_for_staff(result)
    output = results_json(result)["tests"][0]["output"]
    assert "1 of 2 checks passed, 1 not graded." in output
    assert "<strong>Not graded</strong> · Your gradient is the slope of your risk. (– of 0.5)" in output
    assert "MissingImages" not in output + page_html(result, "student")


# ---- tables ---------------------------------------------------------------------------------------------------------


def test_csv_has_a_row_for_each_submission(tmp_path: Path):
    problem = submission(question(Outcome("failed", "refused")), problem="No notebook,\n\x1b[1mreally.")
    write_csv(tmp_path / "results.csv", [("alice", EVERYTHING), ("=cmd()", problem)])
    rows = list(csv.DictReader(io.StringIO((tmp_path / "results.csv").read_text())))
    assert rows[0]["submission"] == "alice"
    assert (rows[0]["gradient"], rows[0]["newton"], rows[0]["why_median"]) == ("0.33333", "0.5", "")
    assert (rows[0]["total"], rows[0]["automatic_points"], rows[0]["unknown"]) == ("1.83333", "3", "newton")
    assert (rows[1]["submission"], rows[1]["problem"]) == ("'=cmd()", "No notebook, really.")
    assert csv_text([]).startswith("submission,total")


@pytest.mark.parametrize("count", [1, 2, 60])
def test_the_table_prints_whatever_a_name_holds(count):
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="standard")
    print_table(console, [(f"alice {HOSTILE}", EVERYTHING)] * count)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    text.encode()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "\x1b" not in plain
    assert "\u202e" not in plain
    assert "1.83" in plain
