"""The audit: what an answer becomes as a notebook, what counts as falling short, and how it is told."""

import base64
import dataclasses
import hashlib
import importlib
import io
import json
import re
import sys
from fractions import Fraction

import pytest
from click.testing import CliRunner
from rich.console import Console

import autograder.checks
import shared.checks
import solutions
import solutions.mistakes
import solutions.variants
from autograder.audit import matrix
from autograder.audit.answers import answer_cells, blank_cells, reference_cells
from autograder.audit.findings import Finding, Mutant, MutationReport, NullFit, Power, PowerReport
from autograder.audit.matrix import AssignmentAudit, AuditedAnswer, QuestionAudit, audit_assignment, judge, trials_of
from autograder.audit.page import audit_html
from autograder.audit.report import audit_json, print_audit, summary
from autograder.cli import main
from autograder.policy import Assignment, checks_of
from autograder.stubs import BuildError
from shared.kit.checking import Check, Outcome
from shared.kit.statistics import StandardNormal, Statistic
from solutions.banks import Answer, mistakes_of, variants_of

# ---- a small assignment in a folder of its own -----------------------------------------------------------------------

TOY = {
    "solutions/toy.py": '''
import math

from solutions import Written

_TWO = 2


def double(x):
    """Twice x."""
    return _TWO * x


def quadruple(x):
    """Four times x."""
    return double(double(x))


def circle(r):
    """The area of a circle."""
    return math.pi * r**2


limits: dict[str, bool] = {"a": True, "b": False}

why = Written("because", ("(1) because",))
''',
    "shared/checks/toy.py": '''
from shared.kit.checking import check, close, expect


@check("double", public=True)
def double_of_one(double):
    """Twice 1 is 2."""
    close(double(1), 2, "double")


@check("limits", public=True)
def limits_say_a(limits):
    """The limit of a exists."""
    expect(isinstance(limits, dict) and limits["a"], "Not so.")
''',
    "autograder/checks/toy.py": '''
from shared.kit.checking import check, close, expect


@check("double", weight=3)
def double_is_right(double):
    """Twice any number."""
    for x in (-1.5, 0.0, 1.0, 7.0):
        close(double(x), 2 * x, "double")


@check("limits")
def limits_are_right(limits):
    """Both limits."""
    expect(isinstance(limits, dict) and not limits["b"], "Not so.")
''',
    "solutions/mistakes/toy.py": '''
import math

from solutions.banks import mistake_of
from solutions.toy import circle, quadruple as four_times

OFFSET = 2  # a bank's own constant
SECRET = "nobody reads this"


@mistake_of("double")
def squares(x):
    """At 2 the two are the same. Try 3."""
    return math.pow(x, 2)  # a comment of ours


@mistake_of("double")
def adds_two(x):
    """At 2 the two are the same: is your sum a product?"""
    return _moved(x)


@mistake_of("double")
def right_for_one(x):
    """Try another number than 1."""
    return 2


@mistake_of("double")
def by_circles(x):
    """What have circles to do with it?"""
    return circle(x) + four_times(x)


def _moved(x):
    """Ours, too."""
    return x + OFFSET


@mistake_of("limits")
def no_limit():
    """Think of b."""
    return {"a": True, "b": True}
''',
    "solutions/variants/toy.py": """
from solutions.banks import variant_of


@variant_of("double")
def summed(x):
    return x + x


@variant_of("limits")
def spelled_out():
    return dict(a=True, b=False)
""",
}
PACKAGES = (solutions, solutions.mistakes, solutions.variants, shared.checks, autograder.checks)


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """An assignment of two coded questions and a written one, whose modules lie in a temporary folder."""
    for path, text in TOY.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    for package in PACKAGES:
        folder = str(tmp_path / package.__name__.replace(".", "/"))
        monkeypatch.setattr(package, "__path__", [*package.__path__, folder])
        monkeypatch.delattr(package, "toy", raising=False)
        monkeypatch.delitem(sys.modules, f"{package.__name__}.toy", raising=False)
    importlib.invalidate_caches()
    points = {"double": 2, "limits": 1, "why": 1}
    questions = {
        name: {"title": name.title(), "points": number, "written": name == "why"} for name, number in points.items()
    }
    yield Assignment.model_validate({"name": "toy", "title": "A toy", "points": 4, "questions": questions})
    for package in PACKAGES:
        sys.modules.pop(f"{package.__name__}.toy", None)


def answer_named(name):
    return next(item for item in (*mistakes_of("toy"), *variants_of("toy")) if item.name == name)


def cells_of(name):
    answer = answer_named(name)
    return answer_cells("toy", answer, [check for check in checks_of("toy") if check.question == answer.question])


def run_cells(cells):
    names: dict = {}
    for cell in cells:
        exec(cell, names)
    return names


# ---- an answer as a notebook -----------------------------------------------------------------------------------------


def test_an_answer_takes_the_place_of_the_reference(toy):
    names = run_cells(cells_of("squares"))
    assert names["double"](3) == 9


def test_an_answer_brings_its_helpers_and_constants_and_nothing_else_of_its_bank(toy):
    cells = cells_of("adds_two")
    assert run_cells(cells)["double"](3) == 5
    for foreign in ("SECRET", "squares", "mistake_of", "solutions", "math"):
        assert foreign not in "\n".join(cells)


def test_an_answer_may_use_other_names_of_the_reference_under_names_of_its_own(toy):
    cells = cells_of("by_circles")
    names = run_cells(cells)
    assert "four_times = quadruple" in cells[1] and "import math" in cells[0]
    assert callable(names["four_times"]) and names["circle"](1) == pytest.approx(3.14159, abs=1e-4)


def test_a_constant_is_what_the_answer_returns(toy):
    assert run_cells(cells_of("no_limit"))["limits"] == {"a": True, "b": True}


def test_the_first_cell_holds_what_is_read_and_no_more(toy):
    first = cells_of("squares")[0]
    assert "_TWO" in first and "circle" not in first and "import math" not in first


def test_no_hint_and_no_comment_reaches_the_notebook(toy):
    text = "\n".join(cells_of("squares") + cells_of("adds_two"))
    assert "Try 3" not in text and "comment of ours" not in text and "Ours, too" not in text


@pytest.mark.parametrize("name", ["newton_gd", "lln_clt"])
def test_no_hint_of_the_real_banks_reaches_a_notebook(name):
    for answer in (*mistakes_of(name), *variants_of(name)):
        checks = [check for check in checks_of(name) if check.question == answer.question]
        text = "\n".join(answer_cells(name, answer, checks))
        compile(text, answer.name, "exec")
        words = re.sub(r"\W+", " ", text)
        assert not answer.hint or re.sub(r"\W+", " ", answer.hint) not in words
        assert not re.search(r"\b(mistake_of|variant_of|solutions)\b", text)


def test_a_helper_with_the_name_of_a_reference_is_refused(toy, tmp_path):
    bank = tmp_path / "solutions/mistakes/toy.py"
    bank.write_text(bank.read_text() + "\n\ndef circle(x):\n    return x\n")
    with pytest.raises(BuildError, match=r"rename circle in solutions\.mistakes\.toy"):
        cells_of("by_circles")


def test_the_blank_has_every_name_and_does_nothing(toy):
    names = run_cells(blank_cells("toy"))
    assert names["double"](3) is None and names["limits"] is ... and "why" not in names and "_TWO" not in names


def test_the_reference_alone_stands_on_its_own(toy):
    assert run_cells(reference_cells("toy", checks_of("toy")))["double"](3) == 6


# ---- what falls short ------------------------------------------------------------------------------------------------

PASSED = Outcome("passed")


def failed(message="wrong", hint="", **more):
    return Outcome("failed", "wrong value", message, hint=hint, **more)


def check_named(name, weight=1, error_rate=0.0):
    return Check("q", name, name.title(), True, weight, error_rate, lambda: None)


CHECKS = (check_named("some"), check_named("whole"))


def answer(kind, name, some, whole, hint="", problem=""):
    outcomes = {"some": some, "whole": whole}
    kept = Fraction(sum(outcome.status == "passed" for outcome in outcomes.values()), 2)
    return AuditedAnswer(kind, name, hint, outcomes, kept, problem)


def sound():
    """Answers about which there is nothing to say."""
    return [
        answer("reference", "reference", PASSED, PASSED),
        answer("blank", "blank", failed(), failed()),
        *(answer("variant", f"v{i}", PASSED, PASSED) for i in range(3)),
        *(answer("mistake", f"m{i}", PASSED, failed(f"w{i}", f"h{i}"), f"h{i}") for i in range(5)),
        answer("mistake", "m5", failed("w5", "h5"), PASSED, "h5"),
    ]


def judged(*more, checks=CHECKS, without=()):
    answers = [item for item in sound() if item.name not in without]
    return [(item.kind, item.text, item.falls_short) for item in judge("q", checks, [*answers, *more])]


def test_there_is_nothing_to_say_of_sound_answers():
    assert judged() == []


@pytest.mark.parametrize(
    ("more", "without", "kind", "words"),
    [
        (
            answer("reference", "reference", PASSED, failed("not 2")),
            ["reference"],
            "reference below full marks",
            "whole refuses reference: not 2",
        ),
        (
            answer("blank", "blank", PASSED, failed()),
            ["blank"],
            "check that the blank passes",
            "some accepts the blank",
        ),
        (answer("mistake", "x", PASSED, PASSED, "h"), [], "uncaught mistake", "no check catches mistake x"),
        (
            answer("variant", "x", failed("no, 3"), PASSED),
            [],
            "refused variant",
            "some refuses variant x: no, 3",
        ),
        (
            answer("mistake", "x", PASSED, failed(hint="h0"), "h"),
            [],
            "mistake explained by another's hint",
            "mistake x is explained by the hint of m0: «h0»",
        ),
        (
            answer("variant", "x", Outcome("unknown", staff="Trace\nValueError: 7"), PASSED),
            [],
            "unknown outcome",
            "some can't tell whether variant x is right: ValueError: 7",
        ),
        (
            answer("mistake", "x", failed(hint="h"), failed(), "h", problem="cell 2 raised NameError"),
            [],
            "notebook not run whole",
            "the notebook of mistake x: cell 2 raised NameError",
        ),
        (
            answer("mistake", "x", failed("f raised NameError.\nin cell 2", hint="h"), PASSED, "h"),
            [],
            "notebook not run whole",
            "mistake x reads a name that its notebook lacks",
        ),
        (answer("variant", "x", PASSED, PASSED), ["m0"], "too few mistakes", "5 of at least 6 mistakes"),
        (answer("mistake", "x", PASSED, failed(hint="h"), "h"), ["v0"], "too few variants", "2 of at least 3 variants"),
    ],
)
def test_each_thing_that_falls_short_is_found_and_named(more, without, kind, words):
    ((found, text, falls_short),) = judged(more, without=without)
    assert (found, falls_short) == (kind, True)
    assert words in text


def test_a_mistake_that_keeps_more_than_half_falls_short():
    greedy = dataclasses.replace(answer("mistake", "x", PASSED, failed(hint="h"), "h"), kept=Fraction(2, 3))
    ((kind, text, falls_short),) = judged(greedy)
    assert kind == "mistake that keeps too much" and falls_short
    assert text == "mistake x keeps 2/3 of the points; it is caught by whole alone"


@pytest.mark.parametrize(
    ("declared", "levels", "falls_short"),
    [(2e-8, (1e-8, 1e-8), False), (1e-8, (1e-8, 1e-8), True), (0.0, (1e-9,), True), (1e-8, (), True), (0.0, (), False)],
)
def test_the_levels_of_the_statistics_must_not_exceed_the_error_rate(declared, levels, falls_short):
    statistics = tuple(Statistic("z", 0.3, StandardNormal(), level) for level in levels)
    reference = answer("reference", "reference", Outcome("passed", statistics=statistics), PASSED)
    found = judged(reference, checks=(check_named("some", 1, declared), CHECKS[1]), without=["reference"])
    assert [kind for kind, _, _ in found] == ["error rate"] * falls_short


def test_redundant_checks_are_told_but_do_not_fall_short():
    weak = answer("mistake", "m5", failed("w5", "h5"), failed(), "h5")
    assert judged(weak, without=["m5"]) == [
        ("redundant check", "some catches nothing that whole doesn't", False),
    ]
    idle = answer("mistake", "m5", PASSED, failed("w5", "h5"), "h5")
    assert judged(idle, without=["m5"]) == [("redundant check", "some catches no mistake", False)]


def test_mistakes_that_look_the_same_and_mistakes_without_a_hint_are_told():
    twins = [answer("mistake", name, PASSED, failed("the same"), "h") for name in ("x", "y")]
    found = judged(*twins)
    assert ("mistakes that look the same", "x and y have the same outcome on every check", False) in found
    assert ("mistake without its hint", "2 of 8 mistakes show no hint: x, y", False) in found
    assert not any(falls_short for _, _, falls_short in found)


# ---- the grade path --------------------------------------------------------------------------------------------------


@pytest.fixture
def audited(toy, kit, isolation):
    def run(jobs=2):
        return audit_assignment(toy, toy.coded, trials_of(toy, toy.coded), kit, isolation, jobs)

    return run


def test_every_answer_goes_through_the_grade_path(audited):
    audit = audited()
    double, limits = audit.questions
    assert [item.name for item in double.answers] == [
        *("reference", "blank", "summed", "squares", "adds_two", "right_for_one", "by_circles"),
    ]
    kept = {item.name: item.kept for question in audit.questions for item in question.answers}
    assert kept["reference"] == kept["summed"] == kept["spelled_out"] == 1 and kept["blank"] == 0
    assert kept["squares"] == kept["adds_two"] == kept["by_circles"] == 0
    assert kept["right_for_one"] == Fraction(1, 4) and kept["no_limit"] == Fraction(1, 2)
    assert (double.caught, double.accepted, limits.caught, limits.accepted) == (4, 1, 1, 1)
    assert {item.kind for item in audit.shortfalls} == {"too few mistakes", "too few variants"}


def test_an_answer_without_a_question_falls_short(toy):
    stray = Answer("mistake", "dubble", "x", "dubble", "h", print)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix, "mistakes_of", lambda name: (stray,))
        (finding,) = matrix._unplaced(toy)
    assert finding.falls_short and finding.text == "mistake x belongs to dubble, which is no coded question"


# ---- how it is told --------------------------------------------------------------------------------------------------

MUTANTS = MutationReport(
    (
        Mutant("q", "f", "sign", 3, "+", "-", "--- a\n+++ b\n@@ -1 +1 @@\n-x + <b>1\n+x - <b>1", "survived"),
        Mutant("q", "f", "sign", 4, "+", "-", "-y\n+z", "equivalent", reason="y & z are the same"),
        Mutant("q", "f", "sign", 5, "+", "-", "-u\n+v", "caught", by="whole"),
    ),
    (Finding("q", "survivor", "a mutant survived\n-x\n+y"),),
)
POWER = PowerReport(
    (NullFit("q", "some", "mean", 3000, 0.4, False),),
    (Power("q", "m0", 3000, 1, {"some": 2999, "whole": 0}),),
)


def audit_of(*answers, mutation=None, power=None):
    findings = tuple(judge("q", CHECKS, answers))
    question = QuestionAudit("q", "1", "A question", CHECKS, tuple(answers), findings)
    return AssignmentAudit("toy", "A toy", (question,), (), mutation, power)


def printed(audit, whole=False):
    console = Console(width=120, record=True, file=io.StringIO())
    print_audit(console, audit, whole)
    return console.export_text()


def test_the_summary_counts_what_was_tried():
    assert (
        summary(audit_of(*sound())) == "toy: 1 question, 2 checks, 6 mistakes caught, 3 variants accepted, "
        "nothing falls short"
    )
    lost = audit_of(*sound(), answer("mistake", "x", PASSED, PASSED), mutation=MUTANTS)
    assert summary(lost) == (
        "toy: 1 question, 2 checks, 6 of 7 mistakes caught, 3 variants accepted, "
        "1 of 3 mutants caught (1 equivalent), 2 fall short"
    )


def test_the_console_tells_first_what_falls_short_and_last_the_summary():
    twins = [answer("mistake", name, PASSED, failed("the same"), "h") for name in ("x", "y")]
    text = printed(audit_of(*sound(), *twins, answer("mistake", "lost", PASSED, PASSED), mutation=MUTANTS, power=POWER))
    order = ("Falls short", "no check catches mistake lost", "For a person to judge", "reference", "toy: 1 question")
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "-x + <b>1" in text and "3,000 runs of 1 random mistake, 1 of them not caught" in text
    *lines, last = text.strip().splitlines()
    assert last.endswith("2 fall short") and max(map(len, lines)) <= 120


def test_the_matrix_is_printed_where_it_is_asked_for_or_something_falls_short():
    assert "m0" not in printed(audit_of(*sound()))
    assert "m0" in printed(audit_of(*sound()), whole=True)


def test_the_json_holds_everything_and_has_the_same_bytes_twice():
    audit = audit_of(*sound(), mutation=MUTANTS, power=POWER)
    text = audit_json([audit])
    assert text == audit_json([audit])
    content = json.loads(text)["assignments"]["toy"]
    assert content["questions"]["q"]["answers"][0]["outcomes"]["whole"]["status"] == "passed"
    assert content["falls_short"] and content["findings"][0]["text"].startswith("a mutant survived")
    assert content["mutation"]["mutants"][0]["fate"] == "survived" and content["power"]["powers"][0]["misses"] == 1


def test_the_page_is_one_harmless_file():
    nasty = answer("mistake", "x", PASSED, failed("<script>alert(1)</script>", details="<b>"), "<i>hint</i> \u202e")
    page = audit_html([audit_of(*sound(), nasty, mutation=MUTANTS, power=POWER)])
    assert not re.search(r"<script|<i>hint|\u202e|x \+ <b>1|src=|style=", page)
    assert "&lt;i&gt;hint&lt;/i&gt;" in page and "y &amp; z are the same" in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    assert page == audit_html([audit_of(*sound(), nasty, mutation=MUTANTS, power=POWER)])


def test_the_page_lets_its_own_style_through():
    page = audit_html([audit_of(*sound())])
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.replace("&#39;", "'")
    assert "Nothing falls short" in page


# ---- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def command(toy, monkeypatch):
    monkeypatch.setattr("autograder.cli.load", lambda: {"toy": toy})

    def run(*arguments):
        return CliRunner().invoke(main, ["audit", *map(str, arguments)], catch_exceptions=False)

    return run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no_such",), "grading.yml has no assignment no_such; it has toy."),
        (("toy", "--question", "dubble"), "There is no coded question dubble: toy has double, limits."),
        (("toy", "--question", "why"), "There is no coded question why"),
        (("toy", "--html", "no/such/folder/x.html"), "There is no folder to write no/such/folder/x.html in."),
        (("toy", "--jobs", "0"), "--jobs"),
    ],
)
def test_wrong_commands_end_with_status_2_and_a_sentence(command, arguments, words):
    result = command(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def test_the_exit_status_tells_whether_anything_falls_short(command, monkeypatch, tmp_path):
    result = command("--question", "limits", "--jobs", 1)
    assert result.exit_code == 1 and "1 of at least 6 mistakes are written" in result.output
    monkeypatch.setattr(matrix, "FEWEST_MISTAKES", 1)
    monkeypatch.setattr(matrix, "FEWEST_VARIANTS", 1)
    for jobs in (1, 2):
        files = [tmp_path / f"{jobs}.{kind}" for kind in ("json", "html")]
        result = command("toy", "--question", "limits", "--jobs", jobs, "--json", files[0], "--html", files[1])
        assert result.exit_code == 0, result.output
        assert "toy: 1 question, 2 checks, 1 mistake caught, 1 variant accepted, nothing falls short" in result.output
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_mutants_and_power_are_asked_for_and_their_findings_count(command, monkeypatch, toy):
    monkeypatch.setattr(matrix, "FEWEST_MISTAKES", 1)
    monkeypatch.setattr(matrix, "FEWEST_VARIANTS", 1)
    asked = []

    def mutate(assignment, questions, kit, isolation, jobs, console):
        asked.append(("mutate", assignment.name, questions, jobs))
        return MutationReport((), (Finding("limits", "survivor", "a mutant survived"),))

    def measure(assignment, questions, jobs, console):
        asked.append(("power", assignment.name, questions, jobs))
        return PowerReport()

    monkeypatch.setattr("autograder.audit.mutants.mutate", mutate)
    monkeypatch.setattr("autograder.audit.power.measure", measure)
    result = command("toy", "--question", "limits", "--jobs", 1, "--mutate", "--power")
    assert asked == [("mutate", "toy", ("limits",), 1), ("power", "toy", ("limits",), 1)]
    assert result.exit_code == 1 and "a mutant survived" in result.output
