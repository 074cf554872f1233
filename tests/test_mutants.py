"""Mutants of the reference: what the rules make of a text, and what becomes of each mutant."""

import ast
import io

import pytest
from rich.console import Console

from autograder.audit import mutants
from autograder.audit.findings import Mutant
from autograder.audit.mutants import (
    EQUIVALENT_MUTANTS,
    Equivalent,
    Verdict,
    definitions_by_question,
    equivalents,
    judge,
    mutants_of,
    mutate,
)
from autograder.audit.mutations import RULES, mutations
from autograder.companions import companions
from autograder.policy import KIT, PolicyError, load
from autograder.stubs import read_solutions

SOLUTION = (KIT / "solutions" / "newton_gd.py").read_text()


def afters(statement: str, operator: str) -> list[str]:
    """What the rules of one kind make of a statement in a function's body."""
    lines = "".join(f"    {line}\n" for line in statement.splitlines())
    return [item.after for item in mutations(f"def f(a, b, x, n):\n{lines}") if item.operator == operator]


@pytest.mark.parametrize(
    ("operator", "statement", "expected"),
    [
        ("sign", "f(-a)", ["f(a)"]),
        ("sign", "return a * b", ["return -(a * b)"]),
        ("sign", "g(a - b, key=b)", ["g(-(a - b), key=b)"]),
        ("operator", "g(a + b * n)", ["g(a - b * n)", "g(a + b / n)"]),
        ("operator", "g(a / b**2)", ["g(a * b**2)", "g((b**2) / a)", "g(a / (b * 2))"]),
        ("operator", "x @= a @ b", ["x = a @ b", "x @= a * b", "x @= b @ a"]),
        ("operator", "x -= a", ["x += a", "x = a"]),
        ("comparison", "g(a < b)", ["g(a <= b)", "g(a > b)"]),
        ("comparison", "g(a == b, a not in b)", ["g(a != b, a not in b)", "g(a == b, a in b)"]),
        ("constant", "g(0, 7)", ["g(1, 7)", "g(0, 8)", "g(0, -7)"]),
        ("constant", "g(1)", ["g(0)", "g(2)", "g(-1)"]),
        ("constant", "g(1e-10)", ["g(2e-10)", "g(1e-09)", "g(-1e-10)"]),
        ("constant", "x[1] = True", ["x[0] = True", "x[2] = True", "x[-1] = True", "x[1] = False"]),
        ("constant", 'g(a in ("u", "v"))', ['g(a in ("u_", "v"))', 'g(a in ("u", "v_"))']),
        ("constant", 'x = {"u": a["v"]}', ['x = {"u_": a["v"]}', 'x = {"u": a["v_"]}']),
        ("dropped term", "g(a * b + n)", ["g(a * b)", "g(n)", "g(a + n)", "g(b + n)"]),
        ("dropped term", "g((a + b) * n)", ["g(a + b)", "g(n)", "g(a * n)", "g(b * n)"]),
        ("dropped term", "g(a and b)", ["g(a)", "g(b)"]),
        ("swapped arguments", "g(a, b, n, key=x)", ["g(b, a, n, key=x)", "g(a, n, b, key=x)"]),
        ("swapped arguments", "return a, b", ["return b, a"]),
        ("swapped arguments", "g([a, b])", ["g([b, a])"]),
        ("axis", "g(a.T, axis=0)", ["g(a, axis=0)", "g(a.T, axis=1)"]),
        ("axis", "g(a.swapaxes(1, 2))", ["g(a)"]),
        ("off by one", "for _ in range(n): g(a)", ["for _ in range(n - 1): g(a)", "for _ in range(n + 1): g(a)"]),
        ("off by one", "g(range(9))", ["g(range(8))", "g(range(10))"]),
        ("off by one", "g(range(2, n))", ["g(range(2, n - 1))", "g(range(2, n + 1))"]),
        ("removed copy", "x = np.array(a, dtype=float)", ["x = a"]),
        ("removed copy", "x = a.copy() + b.astype(int)", ["x = a + b.astype(int)", "x = a.copy() + b"]),
        ("removed guard", "if a < b: g(a)", ["if True: g(a)", "if False: g(a)"]),
        ("removed guard", "g(a or not b)", ["g(a and not b)", "g(a or b)"]),
        ("removed guard", "g(a if x else b)", ["g(a)", "g(b)"]),
        ("removed guard", "g(np.abs(a), max(a))", ["g(a, max(a))"]),
        ("removed guard", "g(max(a, b))", ["g(a)", "g(b)"]),
        ("removed guard", "g(np.where(n, a, b))", ["g(a)", "g(b)"]),
        ("removed step", "g(np.sqrt(a + b) * n)", ["g((a + b) * n)"]),
        ("near name", "g(np.median(a), min(b))", ["g(np.mean(a), min(b))", "g(np.median(a), max(b))"]),
        ("near name", "g(a.mean())", ["g(a.sum())", "g(a.median())"]),
        ("deleted statement", "warnings.warn(a)", ["pass"]),
        ("deleted statement", "raise ValueError(a)", ["pass"]),
        ("deleted statement", "for _ in a:\n    x = b\n    break", ["pass", "pass"]),
        ("dropped keyword", "g(a, axis=0, out=b)", ["g(a, out=b)", "g(a, axis=0)"]),
    ],
)  # fmt: skip
def test_each_kind_of_change(operator, statement, expected):
    assert afters(statement, operator) == expected


def test_a_round_that_is_counted_may_begin_late():
    assert "for t in range(1, n + 1): g(t)" in afters("for t in range(n): g(t)", "off by one")


def test_every_kind_is_shown_above():
    (shown,) = [mark for mark in test_each_kind_of_change.pytestmark if mark.name == "parametrize"]
    assert {case[0] for case in shown.args[1]} == set(RULES)


def test_words_are_left_alone():
    source = '''
def f(a: int) -> int:
    """Text 1 + 1."""
    if a:
        raise ValueError("text" + 1)
    warnings.warn("text" + 1, stacklevel=2)
    print(f"{a + 1}")
'''
    assert {item.after for item in mutations(source)} == {"if True:", "if False:", "pass"}


def test_a_change_may_span_lines():
    source = "def f(a):\n    g(\n        a,\n        axis=0,\n    )\n    return a\n"
    (deleted,) = [item for item in mutations(source) if item.operator == "deleted statement"]
    assert (deleted.line, deleted.before, deleted.after) == (1, "g(\na,\naxis=0,\n)", "pass")


def test_mutants_parse_differ_and_keep_their_place():
    found = 0
    for definition in read_solutions(SOLUTION).definitions.values():
        if definition.written:
            continue
        own = mutations(definition.source)
        programs = {ast.dump(ast.parse(item.source)) for item in own}
        assert len(programs) == len(own)
        assert ast.dump(ast.parse(definition.source)) not in programs
        lines = [line.strip() for line in definition.source.split("\n")]
        for item in own:
            assert lines[item.line : item.line + item.before.count("\n") + 1] == item.before.split("\n")
        found += len(own)
    assert found > 500


def test_helpers_belong_to_the_first_question_that_reads_them(newton_gd):
    owned = definitions_by_question(newton_gd, read_solutions(SOLUTION))
    names = {question: [item.name for item in definitions] for question, definitions in owned.items()}
    assert names["gradient"] == ["gradient"]  # its checks use risk, and it sigmoid, which are questions themselves
    assert names["simulate_estimates"] == ["LECTURE", "_newton_steps", "_gradient_descent_steps", "simulate_estimates"]
    assert names["plot_errors"] == ["plot_errors"]  # it reads LECTURE as well


def test_a_mutant_stands_in_its_cell_and_its_diff(newton_gd):
    for mutant, cells in mutants_of(newton_gd, "theta_star"):
        assert list(cells) == ["theta_star"]
        cell = cells["theta_star"]
        assert mutant.question == mutant.function == "theta_star"
        assert SOLUTION.split("\n")[mutant.line - 1].strip() == mutant.before.split("\n")[0]
        assert mutant.after in cell
        assert mutant.before not in cell
        assert f"-    {mutant.before}" in mutant.diff
        assert f"+    {mutant.after}" in mutant.diff


# ---- fates ----------------------------------------------------------------------------------------------------------

CAUGHT = Verdict("a_check")
WRONG = "slope = (mu_pos - mu_neg) / sigma"
RIGHT = "slope = (mu_pos - mu_neg) / sigma**2"


@pytest.fixture
def report(newton_gd, monkeypatch):
    """Makes the report on theta_star where all mutants but some are caught. accepted: the lines of those."""

    def made(*accepted: str, marked: tuple[Equivalent, ...] = (), verdict: Verdict = CAUGHT, **replaced):
        def verdicts(_assignment, work, *_):
            if not work:
                return []  # no other question reads theta_star
            others = work[1:]  # the first is the reference itself
            kept = [Verdict() if has_line(cell, accepted) else verdict for _, cell in others]
            return [replaced.get("of_reference", Verdict()), *kept]

        monkeypatch.setattr(mutants, "_judge_all", verdicts)
        monkeypatch.setattr(mutants, "equivalents", lambda _: marked)
        return mutate(newton_gd, ("theta_star",), None, None, 1, Console(file=io.StringIO()))

    return made


def has_line(cell, accepted) -> bool:
    lines = {line.strip() for line in cell.split("\n")}
    return bool(lines & set(accepted))


def marked(after: str = WRONG, function: str = "theta_star") -> Equivalent:
    return Equivalent(function, RIGHT, after, "sigma is always 1")


def one(report, after: str = WRONG) -> Mutant:
    (found,) = [mutant for mutant in report.mutants if mutant.after == after]
    return found


def test_all_caught_is_no_finding(report):
    found = report()
    assert {(mutant.fate, mutant.by) for mutant in found.mutants} == {("caught", "a_check")}
    assert found.findings == ()


def test_a_survivor_falls_short_and_shows_its_diff(report):
    found = report(WRONG)
    assert one(found).fate == "survived"
    (finding,) = found.findings
    assert (finding.kind, finding.question, finding.falls_short) == ("surviving mutant", "theta_star", True)
    assert f"-    {RIGHT}\n+    {WRONG}\n" in finding.text


def test_a_marked_survivor_is_equivalent(report):
    found = report(WRONG, marked=(marked(),))
    assert (one(found).fate, one(found).reason) == ("equivalent", "sigma is always 1")
    assert found.findings == ()


def test_a_marked_mutant_that_a_check_catches_falls_short(report):
    found = report(marked=(marked(),))
    assert one(found).fate == "caught"
    (finding,) = found.findings
    assert (finding.kind, finding.falls_short) == ("wrongly marked mutant", True)
    assert "a_check catches it" in finding.text


def test_an_entry_that_fits_no_mutant_falls_short(report):
    found = report(marked=(marked("slope = 7"), marked("slope = 8", function="newton")))
    (finding,) = found.findings  # newton's mutants weren't made in this run
    assert (finding.kind, finding.falls_short) == ("stale entry", True)
    assert "slope = 7" in finding.text


def test_unknown_outcomes_are_told_and_catch_nothing(report):
    found = report(verdict=Verdict(unsure=("a_check",)))
    assert {mutant.fate for mutant in found.mutants} == {"survived"}
    assert {finding.kind for finding in found.findings} == {"unknown outcome", "surviving mutant"}


def test_what_its_own_question_lets_through_is_tried_with_the_others_that_read_it(newton_gd, monkeypatch):
    tried = []

    def verdicts(_assignment, work, *_):
        tried.append({question for question, _ in work})
        return [CAUGHT if question == "plot_scaled_scatter" else Verdict() for question, _ in work]

    monkeypatch.setattr(mutants, "_judge_all", verdicts)
    found = mutate(newton_gd, ("simulate_estimates",), None, None, 1, Console(file=io.StringIO()))
    assert tried == [{"simulate_estimates"}, {"plot_errors", "plot_scaled_scatter"}]  # these read LECTURE, too
    caught = {mutant.function for mutant in found.mutants if mutant.fate == "caught"}
    assert caught == {"LECTURE"}
    assert {mutant.question for mutant in found.mutants} == {"simulate_estimates"}


def test_a_reference_that_is_refused_is_told(report):
    found = report(of_reference=Verdict("a_check"))
    assert [finding.kind for finding in found.findings] == ["reference refused"]


# ---- the reviewed list ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("assignment", load().values(), ids=lambda assignment: assignment.name)
def test_the_list_is_in_order(assignment):
    """Every entry fits a mutant, and none is given twice."""
    entries = equivalents(assignment.name)
    keys = [item.key for item in entries]
    assert len(set(keys)) == len(keys)
    made = {mutants.key_of(mutant) for name in assignment.coded for mutant, _ in mutants_of(assignment, name)}
    assert [item for item in entries if item.key not in made] == []


def test_every_list_is_of_a_known_assignment():
    assert {path.stem for path in EQUIVALENT_MUTANTS.iterdir()} <= set(load())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {function: f, before: x, after: y}", "0.reason: field required"),
        ("- {function: f, before: x, after: y, reason: ''}", "0.reason"),
        ("- {function: f, before: x, after: y, reason: z, why: z}", "0.why"),
        ("- [", "can't be read"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path, text, message):
    (tmp_path / "a.yml").write_text(text)
    with pytest.raises(PolicyError, match=message):
        equivalents("a", tmp_path)


# ---- in the sandbox -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_mutants_of_theta_star_in_the_sandbox(newton_gd, kit, isolation):
    report = mutate(newton_gd, ("theta_star",), kit, isolation, 2, Console(file=io.StringIO()))
    assert report.findings == ()
    assert one(report).fate == "caught"
    assert one(report, "return [intercept, slope]").fate == "equivalent"


def test_what_never_ends_or_breaks_its_cell_is_caught(newton_gd, kit, isolation, monkeypatch):
    monkeypatch.setattr(mutants, "MOST_SECONDS", 1.0)
    endless = "def theta_star(mu_neg, mu_pos, sigma):\n    while True:\n        pass\n"
    broken = "1 / 0\ndef theta_star(mu_neg, mu_pos, sigma):\n    return 0\n"
    for cell in (endless, broken):
        verdict = judge(newton_gd, "theta_star", cell, kit, isolation)
        assert verdict == Verdict("theta_star_is_even_in_the_middle")


def test_beside_a_mutant_lie_the_files_of_the_reference_and_no_others(kit, isolation, monkeypatch):
    seen = []

    class Looking(mutants.Sandbox):
        def __init__(self, kit, isolation, cells, folder, **options):
            seen.extend(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
            super().__init__(kit, isolation, cells, folder, **options)

    monkeypatch.setattr(mutants, "Sandbox", Looking)
    cell = "hyperparameters = 5"  # the first check refuses it
    assert judge(load()["networks"], "hyperparameters", cell, kit, isolation).caught_by
    assert set(seen) == set(companions("networks"))
