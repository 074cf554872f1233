"""Error carried forward: a wrong answer costs its own question's points, and helps nobody to the right one."""

import importlib
import time

import numpy as np
import pytest

import autograder.carrying
from autograder.carrying import answering, carry_forward, note, stand_in, to_run_again
from autograder.grading import NOT_RUN, Clock, grade_one, run_again, run_checks
from autograder.policy import checks_of
from autograder.render import write_submission
from autograder.sandbox import Sandbox
from shared.kit.checking import Outcome
from solutions import newton_gd as reference
from tests.samples import notebook, question, reference_cell

REFERENCE = reference_cell("newton_gd")
WRONG_GRADIENTS = {
    "sum": "right = gradient\ndef gradient(theta, X, y):\n    return right(theta, X, y) * len(y)",
    "sign": "right = gradient\ndef gradient(theta, X, y):\n    return -right(theta, X, y)",
    "missing": "del gradient",
    "stub": "def gradient(theta, X, y):\n    ...",
    "no function": "gradient = 3",
}
BUILT_ON_IT = ("hessian", "newton", "gradient_descent", "optimization_errors")
CARRIED = "Graded with the right gradient in place of yours: this part is right."


@pytest.fixture
def grade(newton_gd, kit, isolation, tmp_path):
    """Grade a notebook of these cells, for these questions only."""

    def run(*cells, questions=("gradient", "newton"), **changes):
        assignment = newton_gd.only(*questions).model_copy(update=changes)
        return grade_one(assignment, notebook(tmp_path / "student.ipynb", *cells), kit, isolation)

    return run


@pytest.fixture
def graded_box(newton_gd, kit, isolation):
    """A sandbox in which all checks of some questions have been run, and run again; and the outcomes of both runs."""
    boxes = []

    def run(*cells, questions):
        assignment = newton_gd.only(*questions)
        box = Sandbox(kit, isolation, cells).__enter__()
        boxes.append(box)
        box.run_cells()
        clock, times = Clock(time.monotonic() + 120), {}
        first = run_checks(assignment, box, clock, times, {})
        return box, first, run_again(assignment, box, clock, reference, first, times)

    yield run
    for box in boxes:
        box.__exit__(None, None, None)


def lost(graded):
    return {found.name: found.points - found.score for found in graded.result.coded if found.score != found.points}


def outcomes(graded, name):
    return {check.name: check.outcome for check in question(graded.result, name).checks}


# ---- what is carried ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["sum", "sign"])
def test_a_wrong_gradient_costs_the_gradients_points_only(grade, newton_gd, wrong):
    graded = grade(REFERENCE, WRONG_GRADIENTS[wrong], questions=newton_gd.coded)
    assert list(lost(graded)) == ["gradient"]
    off = grade(REFERENCE, WRONG_GRADIENTS[wrong], questions=newton_gd.coded, carry_errors_forward=False)
    assert set(lost(off)) == {"gradient", *BUILT_ON_IT}  # the reference simulates without its gradient
    assert outcomes(graded, "gradient") == outcomes(off, "gradient")


@pytest.mark.parametrize("wrong", ["missing", "stub", "no function"])
def test_an_unfinished_gradient_costs_nothing_more_either(grade, wrong):
    graded = grade(REFERENCE, WRONG_GRADIENTS[wrong])
    assert list(lost(graded)) == ["gradient"] and question(graded.result, "gradient").score == 0


def test_the_note_names_what_was_really_called():
    assert note(["gradient"]) == CARRIED
    assert note(["a", "b"]).startswith("Graded with the right a and b in place of yours")
    assert note(["a", "b", "c"]).startswith("Graded with the right a, b and c in place of yours")


def test_a_check_says_what_stood_in_for_what(grade):
    unused = "def risk(theta, X, y):\n    return 0.0"  # newton uses the risk, but only where it has overshot
    graded = grade(REFERENCE, unused, WRONG_GRADIENTS["sign"], questions=("risk", "gradient", "hessian", "newton"))
    assert set(lost(graded)) == {"risk", "gradient"}
    assert outcomes(graded, "hessian")["hessian_is_the_slope"].notes == (CARRIED,)
    assert outcomes(graded, "hessian")["hessian_is_right"].notes == ()  # passed by itself
    ends = outcomes(graded, "newton")["newton_ends_where_the_gradient_vanishes"]
    assert ends.status == "passed" and ends.notes[0].endswith("this part is right.")


def test_names_are_replaced_wherever_the_student_uses_them(grade):
    newton = """
import functools
class Steps:
    def __init__(self, X, y): self.X, self.y = X, y
    @property
    def slope(self): return lambda theta: slope_of(theta, self.X, self.y)
slope_of = gradient
_newton = newton
@functools.wraps(_newton)
def newton(X, y, theta0, max_iter=25):
    theta, steps = np.array(theta0, dtype=float), Steps(X, y)
    for _ in range(max_iter):
        step = np.linalg.lstsq(hessian(theta, X, y), steps.slope(theta), rcond=None)[0]
        theta = theta - step
        if np.abs(step).max() < 1e-10: break
    if np.all(y * (X @ theta) > 0): warnings.warn("separable")
    return theta
"""
    graded = grade(REFERENCE, WRONG_GRADIENTS["sum"], newton)
    carried = outcomes(graded, "newton")["newton_takes_the_right_steps"]
    assert carried == Outcome("passed", notes=(CARRIED,))


SLOW_NEWTON = """
right = gradient
def gradient(theta, X, y):
    return right(theta, X, y) * SCALE
its_own = newton
def newton(X, y, theta0, max_iter=25):
    import time
    time.sleep(0.04)
    gradient(theta0, X, y)
    return its_own(X, y, theta0, max_iter)
"""


def test_a_wrong_gradient_does_not_buy_a_slow_newton_more_time(grade, newton_gd):
    """Only the grader's own answering counts as extra time, so what is too slow with a right gradient stays it."""
    limits = newton_gd.limits.model_copy(update={"check_seconds": 1.0})
    scores = {}
    for scale in ("1", "2"):
        graded = grade(REFERENCE, SLOW_NEWTON.replace("SCALE", scale), limits=limits)
        scores[scale] = question(graded.result, "newton").score
    assert scores["2"] <= scores["1"] < question(graded.result, "newton").points


def test_a_newton_that_is_wrong_in_itself_still_loses_its_points(grade):
    newton = "_newton = newton\ndef newton(X, y, theta0, max_iter=25):\n    return _newton(X, y, theta0, 25)"
    graded = grade(REFERENCE, WRONG_GRADIENTS["sum"], newton)
    alone = grade(REFERENCE, newton)
    steps = "newton_takes_the_right_steps"
    assert outcomes(graded, "newton")[steps].status == "failed" and not outcomes(graded, "newton")[steps].notes
    assert question(graded.result, "newton").score == question(alone.result, "newton").score < 1
    # what the student reads of a check that failed twice is the first run's
    off = grade(REFERENCE, WRONG_GRADIENTS["sum"], newton, carry_errors_forward=False)
    assert outcomes(graded, "newton")[steps] == outcomes(off, "newton")[steps]


@pytest.mark.slow
def test_random_numbers_of_a_stand_in_come_from_the_students_generator(grade):
    swapped = """
_generate = generate_data
def generate_data(n, mu_neg, mu_pos, sigma, rng):
    return _generate(n, mu_pos, mu_neg, sigma, rng)
"""
    graded = grade(REFERENCE, swapped, questions=("generate_data", "simulate_estimates"))
    assert list(lost(graded)) == ["generate_data"]


def test_grading_yml_turns_it_off(grade):
    off = grade(REFERENCE, WRONG_GRADIENTS["sum"], carry_errors_forward=False)
    assert set(lost(off)) == {"gradient", "newton"}


def test_the_pages_say_so_and_are_the_same_twice(grade, tmp_path):
    files = ("results.json", "page.html", "staff.html")
    first, second = (grade(REFERENCE, WRONG_GRADIENTS["sum"], questions=("gradient", "hessian")) for _ in range(2))
    for folder, graded in (("first", first), ("second", second)):
        write_submission(tmp_path / folder, graded)
    for name in files:
        text = (tmp_path / "first" / name).read_bytes()
        assert text == (tmp_path / "second" / name).read_bytes()
        assert text.count(CARRIED.encode()) == 1


# ---- what a call-back can't be used for ------------------------------------------------------------------------------

SIGMOID_BY_THE_GRADIENT = """
def sigmoid(z):
    flat = np.atleast_1d(np.asarray(z, dtype=float))
    one = lambda value: gradient(np.array([value]), np.array([[1.0]]), np.array([-1.0]))[0]
    return np.vectorize(one)(flat).reshape(np.shape(z))
"""


def test_no_earlier_question_is_answered_by_a_later_ones_call_back(grade):
    graded = grade(
        REFERENCE,
        "def gradient(theta, X, y): return 0 * theta",
        SIGMOID_BY_THE_GRADIENT,
        questions=("sigmoid", "gradient", "hessian"),
    )
    assert {outcomes(graded, "sigmoid")[name].status for name in ("sigmoid_known_values", "sigmoid_is_right")} == {
        "failed"
    }
    assert question(graded.result, "sigmoid").score < question(graded.result, "sigmoid").points / 2
    assert outcomes(graded, "hessian")["hessian_is_the_slope"].status == "passed"  # it was carried: gradient answered
    # were it run with the call-back, this sigmoid would be right
    z = np.array([-2.0, 0.5])
    by_gradient = [reference.gradient(np.array([value]), np.array([[1.0]]), np.array([-1.0]))[0] for value in z]
    assert np.allclose(by_gradient, reference.sigmoid(z))


FILES = """
import json
from pathlib import Path

def key(*arguments):
    return json.dumps([np.asarray(value).tolist() for value in arguments])

def lines(name):
    return Path(name).read_text().splitlines() if Path(name).exists() else []

def gradient(theta, X, y):
    if os.path.exists("answers"):
        known = dict(json.loads(line) for line in lines("answers"))
        if key(theta, X, y) in known:
            return np.array(known[key(theta, X, y)])
    with open("asked", "a") as file:
        print(key(theta, X, y), file=file)
    return 0 * theta

def harvest():
    for line in lines("asked")[:50]:
        answer = gradient(*map(np.array, json.loads(line)))
        with open("answers", "a") as file:
            print(json.dumps([line, list(answer)]), file=file)

right_newton = newton
def newton(X, y, theta0, max_iter=25):
    if lines("asked") and not lines("answers"):
        harvest()
    return right_newton(X, y, theta0, max_iter)

def harvested():
    return [json.loads(line)[1] for line in lines("answers")]

def asked():
    return [json.loads(line) for line in lines("asked")][:50]
"""


def test_answers_left_in_a_file_come_too_late(graded_box):
    # newton's first run finds a gradient that knows nothing, so what it harvests then would be wrong: drop it
    reset = "import os\n_harvest = True"
    guarded = FILES.replace(
        'if lines("asked") and not', 'if not hasattr(gradient, "__code__") and lines("asked") and not'
    )
    box, first, carried = graded_box(REFERENCE, reset, guarded, questions=("gradient", "newton"))
    own = [check.name for check in checks_of("newton_gd") if check.question == "gradient"]
    with box.check(5) as resolve:
        answers, questions = resolve("harvested")(), resolve("asked")()
    # the file is there, and holds what the gradient's own checks ask, rightly answered ...
    assert len(answers) > 10
    rights = [reference.gradient(*map(np.array, item)) for item in questions]
    assert all(np.allclose(answer, right) for answer, right in zip(answers, rights, strict=False))
    # ... and serves none of them
    assert not set(own) & set(carried) and {first[name].status for name in own if "keeps" not in name} == {"failed"}
    assert any(name.startswith("newton") for name in carried)


def test_a_question_is_never_run_again_once_its_name_has_stood_in(graded_box, newton_gd):
    blank = "def wrong(*_, **__): return 0.0\n" + "\n".join(
        f"{name} = wrong" for name in ("sigmoid", "risk", "gradient")
    )
    questions = ("sigmoid", "risk", "gradient", "hessian", "newton")
    box, first, _ = graded_box(REFERENCE, blank, questions=questions)
    runs = []

    def run(check, stand_ins, runs_left):
        runs.append((check.question, set(stand_ins), runs_left))
        return Outcome("failed")

    assignment = newton_gd.only(*questions)
    checks = [check for check in checks_of("newton_gd") if check.question in questions]
    assert carry_forward(assignment, checks, first, reference, box, run) == {}
    assert [left for *_, left in runs] == list(range(len(runs), 0, -1)) and len(runs) > 5
    for place, (_, names, _) in enumerate(runs):
        assert names and not names & {asked for asked, *_ in runs[place:]}


def test_nothing_of_the_second_run_is_shown(grade):
    # newton puts what it was answered into all that a check might repeat
    newton = """
def newton(X, y, theta0, max_iter=25):
    answer = gradient(np.array([0.25]), np.array([[1.0]]), np.array([-1.0]))
    warnings.warn(f"told {answer}")
    raise ValueError(f"told {answer}")
"""
    cells = REFERENCE, "def gradient(theta, X, y): return 0 * theta", newton
    graded, off = grade(*cells), grade(*cells, carry_errors_forward=False)
    assert graded.result == off.result


# ---- what a call-back answers, and when it doesn't -------------------------------------------------------------------


def test_an_endless_computation_is_an_error_to_the_student_and_the_grader_goes_on(grade, monkeypatch):
    monkeypatch.setattr(autograder.carrying, "CALL_SECONDS", 0.3)
    endless = """
_errors, tried = optimization_errors, []
def optimization_errors(X, y, theta0, steps):
    if not tried:
        tried.append(1)
        try:
            gradient_descent(X, y, theta0, 1.0, 10**12)
        except ValueError:
            pass
    return _errors(X, y, theta0, steps)
"""
    wrong = "def gradient_descent(X, y, theta0, learning_rate=20.0, max_iter=1000): return theta0 + np.nan"
    graded = grade(REFERENCE, wrong, endless, questions=("gradient_descent", "optimization_errors"))
    assert list(lost(graded)) == ["gradient_descent"]


@pytest.mark.parametrize(
    "call",
    [
        "hessian(np.zeros(20_000), np.zeros((1, 20_000)), np.ones(1))",  # 3.2 GB
        "hessian(object(), np.eye(2), np.ones(2))",
        "hessian([[object()]], np.eye(2), np.ones(2))",
        "hessian('theta', {}, y=3)",
        "hessian(no=1)",
        "hessian(np.random.default_rng(), np.eye(2), np.ones(2))",
        "hessian(np.random.Generator(np.random.MT19937()), np.eye(2), np.ones(2))",
        "hessian({'bit_generator': 'PCG64', 'state': 'none'}, np.eye(2), np.ones(2))",
    ],
)
def test_odd_calls_are_answered_by_an_error_that_tells_nothing(kit, isolation, call):
    told = []
    cell = f"""
import numpy as np
def probe():
    try:
        {call}
    except BaseException as error:
        return repr(error)
"""
    with answering(reference, memory_mb=200) as helper, Sandbox(kit, isolation, [cell]) as box:
        box.run_cells()
        hessian = stand_in(reference, "hessian", helper, set())
        with box.check(20, {"hessian": hessian}) as resolve:
            told.append(resolve("probe")())
            assert np.allclose(resolve("hessian")(np.zeros(1), np.eye(1), np.ones(1)), 0.25)  # it goes on
    assert told == ["ValueError('ValueError')"]


def test_a_generator_goes_on_where_the_reference_left_it(kit, isolation):
    cell = """
import numpy as np
def draw(seed):
    rng = np.random.default_rng(seed)
    X, y = generate_data(3, -1.0, 2.0, 0.5, rng=rng)
    return X, y, rng.random()
"""
    rng = np.random.default_rng(4)
    (X, y), after = reference.generate_data(3, -1.0, 2.0, 0.5, rng), rng.random()
    with answering(reference) as helper, Sandbox(kit, isolation, [cell]) as box:
        box.run_cells()
        generate_data = stand_in(reference, "generate_data", helper, set())
        with box.check(20, {"generate_data": generate_data}) as resolve:
            found = resolve("draw")(4)
    assert np.array_equal(found[0], X) and np.array_equal(found[1], y) and found[2] == after


# ---- which names a function gets to ----------------------------------------------------------------------------------

CELLS = """
import functools, helper
import numpy as np
from helper import borrowed
def target(): return 0
def other(): return 1
alias = target
def direct(): return target()
def by_helper(): return inside()
def inside(): return [target() for _ in range(2)]
def by_alias(): return alias()
def by_attribute(): return np.target
def by_default_function(): return (lambda: target())()
def by_module(): return helper.calls_target()
def by_import(): return borrowed()
class Way:
    def go(self): return target()
def by_class(): return Way().go()
way = Way()
def by_object(): return way.go()
partial = functools.partial(lambda f: f(), target)
def by_partial(): return partial()
def closure():
    found = target
    def closed(): return found()
    return closed
by_closure = closure()
def by_default(found=target): return found()
table = {"way": target}
def by_dictionary(): return table["way"]()
class Holder:
    def __init__(self, found): self.found = found
holder = Holder(target)
def by_attribute_of_an_object(): return holder.found()
def by_other(): return other()
def by_missing(): return missing()
def recursive(): return recursive()
"""
HELPER = "def target(): return 2\ndef calls_target(): return target()\nborrowed = target\n"


@pytest.fixture(scope="module")
def ways(kit, isolation, tmp_path_factory):
    files = tmp_path_factory.mktemp("files")
    (files / "helper.py").write_text(HELPER)
    with Sandbox(kit, isolation, [CELLS], files) as box:
        assert all(report.went_well for report in box.run_cells())
        yield box


WAYS = (
    *("direct", "by_helper", "by_alias", "by_default_function", "by_class", "by_object", "by_partial", "by_closure"),
    *("by_default", "by_dictionary", "by_attribute_of_an_object"),
)


@pytest.mark.parametrize("root", [*WAYS, "by_module"])
def test_a_name_is_found_by_whatever_way_it_is_reached(ways, root):
    (reach,) = ways.reach([((root,), ("target", "other", "unknown"))], 5)
    assert reach.names == {"target"} and reach.defined == {root}


def test_a_name_that_is_not_defined_is_found_too(ways):
    both = ways.reach([(("by_missing", "missing"), ("missing",)), (("missing",), ("target",))], 5)
    assert [(reach.names, reach.defined) for reach in both] == [({"missing"}, {"by_missing"}), (set(), set())]


@pytest.mark.parametrize("root", ["by_attribute", "by_other", "recursive", "target"])
def test_what_does_not_use_a_name_does_not_reach_it(ways, root):
    (reach,) = ways.reach([((root,), ("target",))], 5)
    assert reach.names == set()


def test_replaced_names_are_not_looked_into(ways):
    (reach,) = ways.reach([(("by_helper",), ("inside", "target"))], 5)
    assert reach.names == {"inside"}


def test_a_stand_in_is_used_by_whatever_way_and_in_its_fork_only(ways):
    stand_ins = {"target": lambda: (7, []), "borrowed": lambda: (8, []), "missing": lambda: (9, []), "other": 3.5}
    with ways.check(5, stand_ins) as resolve:
        found = {root: resolve(root)() for root in (*WAYS, "target")}
        assert found == dict.fromkeys(found, 7) | {"by_helper": [7, 7]}
        assert (
            resolve("by_module")() == resolve("by_import")() == 8
        )  # the module's own target goes by another name here
        assert resolve("by_missing")() == 9 and resolve("other") == 3.5
        assert resolve("direct")() == 7  # after other calls still
    with ways.check(5) as resolve:
        assert resolve("direct")() == 0 and resolve("by_import")() == 2


def test_a_notebook_that_ends_every_process_is_not_run_again(newton_gd, kit, isolation):
    cell = "import os, dis\ndef newton(*_): pass\ndis.get_instructions = lambda *_: os._exit(1)"
    checks = checks_of("newton_gd")
    failed = {check.name: Outcome("failed") for check in checks}
    with Sandbox(kit, isolation, [cell]) as box:
        box.run_cells()
        assert to_run_again(newton_gd, checks, failed, reference, box) == []


def test_a_check_that_had_no_time_is_not_run_again(newton_gd, kit, isolation):
    with Sandbox(kit, isolation, [REFERENCE]) as box:
        box.run_cells()
        assignment = newton_gd.only("gradient", "newton")
        first = {check.name: NOT_RUN for check in checks_of("newton_gd") if check.question in assignment.coded}
        assert run_again(assignment, box, Clock(time.monotonic() + 60), reference, first, {}) == {}


def test_classes_do_not_stand_in_and_constants_do():
    solutions = importlib.import_module("types").ModuleType("solutions")
    solutions.holds, solutions.Net, solutions.nothing = {1: True}, type("Net", (), {}), None
    can = autograder.carrying._can_stand_in
    assert can(solutions.holds) and can(reference.newton) and not can(solutions.Net) and not can(solutions.nothing)
    used = set()
    assert stand_in(solutions, "holds", None, used) == {1: True} and used == {"holds"}
