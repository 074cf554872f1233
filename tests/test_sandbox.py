"""The sandbox: cells run on past errors, each check in a fork, and no death costs more than its own check."""

import time
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import IsolationUnavailable, Sandbox, choose
from autograder.sandbox.host import MOST_RESTARTS
from shared.kit.checking import CheckEnded, MissingName, StudentRaised
from shared.kit.values import Opaque, seeded

CELLS = [
    "import numpy as np\ndef double(x):\n    return 2 * x",
    "1 / 0",
    "def broken(:",
    "import os, sys, time\ncounter = [0]",
    """
def leave(x): os._exit(3)
def leave_politely(x): sys.exit()
def hang(x):
    while True: pass
def sleep(x): time.sleep(60)
def fill(x):
    kept = []
    while True: kept.append(bytes(10**6))
def recurse(x): return recurse(x)
def crash(x):
    import ctypes
    ctypes.string_at(0)
def shout(x):
    for _ in range(200): print('x' * 10**6)
    return 2 * x
def count(x):
    counter[0] += 1
    return counter[0]
def draw(rng): return rng.normal()
def apply(function, x): return function(x) + 1
def change(x):
    x[0] = 9
    return x
def warn(x):
    import warnings
    warnings.warn('careful')
    return x
class Model:
    def __init__(self, slope): self.slope = slope
    def predict(self, x): return self.slope * x
answer = {'a': [1, 2.5], 'b': np.arange(3)}
not_yet = ...
""",
    "%matplotlib inline\n!ls /\n%pip install nothing\nprint('printed')",
    "name = input('who? ')",
    "import otter\ngrader = otter.Notebook('x.ipynb')\ngrader.check('double')\nafter = 1",
    """
import matplotlib.pyplot as plt
def plot(x):
    figure, axes = plt.subplots()
    axes.plot(x, x**2, label='square')
    axes.set_xlabel('x')
    figure.legend(title='of the figure')
    return figure
""",
]


@pytest.fixture(scope="module")
def box(kit, isolation):
    with Sandbox(kit, isolation, CELLS, memory_mb=400) as sandbox:
        sandbox.reports = sandbox.run_cells()
        yield sandbox


@pytest.fixture
def resolve(box):
    with box.check(5) as resolve:
        yield resolve


def test_cells_after_an_error_go_on(box):
    errors = {report.index: report.error.type_name for report in box.reports if report.error}
    assert errors == {1: "ZeroDivisionError", 2: "SyntaxError", 6: "EOFError"}
    assert "printed" in box.reports[5].prints and "shell commands don't run" in box.reports[5].prints


def test_values_and_functions_resolve(resolve):
    np.testing.assert_array_equal(resolve("double")(np.arange(3.0)), [0, 2, 4])
    answer = resolve("answer")
    assert answer["a"] == [1, 2.5] and answer["b"].tolist() == [0, 1, 2]
    assert resolve("after") == 1


def test_missing_names_suggest_near_ones(resolve):
    with pytest.raises(MissingName, match=r"doesn't define dubble. It does define double\."):
        resolve("dubble")
    with pytest.raises(MissingName, match="doesn't define not_yet"):
        resolve("not_yet")
    with pytest.raises(MissingName, match=r"doesn't define opn\.$"):  # IPython's own names aren't the student's
        resolve("opn")


def test_random_generators_are_fresh_at_each_call(resolve):
    draw = resolve("draw")
    assert draw(seeded(4)) == draw(seeded(4)) == np.random.default_rng(4).normal()


def test_functions_of_the_grader_can_be_passed(resolve):
    seen = []
    assert resolve("apply")(lambda x: seen.append(x) or 10 * x, 4.0) == 41.0
    assert seen == [4.0]


def test_functions_of_the_notebook_can_be_passed(resolve):
    assert resolve("apply")(resolve("double"), 4.0) == 9.0
    assert resolve("apply").observe(function=resolve("double"), x=4.0).value == 9.0


def test_a_failing_call_back_tells_no_message(resolve):
    def secret(x):
        raise ValueError("the answer is 42")

    with pytest.raises(StudentRaised) as caught:
        resolve("apply")(secret, 1)
    assert "42" not in str(caught.value)


def test_changes_warnings_and_prints_are_observed(resolve):
    observation = resolve("change").observe(np.zeros(2))
    assert observation.changed[0].tolist() == [9, 0]
    assert resolve("warn").observe(1).warnings == (("UserWarning", "careful"),)
    assert len(resolve("shout").observe(1).prints) == 2000


def test_classes_are_built_and_asked_through_handles(resolve):
    model = resolve("Model")(3.0)
    assert isinstance(model, Opaque) and model.type_name == "Model"
    assert model.attribute("predict")(np.array([1.0, 2.0])).tolist() == [3, 6]
    assert model.attribute("slope") == 3.0


def test_figures_are_described(resolve):
    figure = resolve("plot")(np.arange(4.0))
    (axes,) = figure.axes
    assert axes["xlabel"] == "x" and axes["lines"][0]["label"] == "square"
    assert axes["legend"] == ["square"]  # the figure's is that of each of its axes
    assert axes["lines"][0]["y"].tolist() == [0, 1, 4, 9]


def test_each_check_starts_from_the_same_state(box):
    for _ in range(2):
        with box.check(5) as resolve:
            assert resolve("count")(0) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [("leave", "died"), ("hang", "timeout"), ("sleep", "timeout"), ("fill", "memory"), ("crash", "died")],
)
def test_an_ending_costs_its_check_only(box, name, kind):
    begun = time.monotonic()
    with pytest.raises(CheckEnded) as caught, box.check(1.5) as resolve:
        resolve(name)(1.0)
    assert caught.value.kind == kind
    assert time.monotonic() - begun < 5
    with box.check(5) as resolve:
        assert resolve("double")(1.0) == 2.0


@pytest.mark.parametrize(("name", "error"), [("leave_politely", "SystemExit"), ("recurse", "RecursionError")])
def test_exceptions_are_only_exceptions(resolve, name, error):
    with pytest.raises(StudentRaised) as caught:
        resolve(name)(1.0)
    assert caught.value.raised.type_name == error
    assert resolve("double")(1.0) == 2.0  # even in the same fork


def test_an_ended_check_stays_ended(box):
    with pytest.raises(CheckEnded), box.check(1) as resolve:
        hang = resolve("hang")
        try:
            hang(1)
        except CheckEnded:
            hang(1)  # a check that swallows the end can't go on


def run_cells(kit, isolation, cells, **limits):
    with Sandbox(kit, isolation, cells, **limits) as sandbox:
        reports = sandbox.run_cells()
        names = {}
        for name in ("before", "after"):
            try:
                with sandbox.check(5) as resolve:
                    names[name] = resolve(name)
            except CheckEnded as error:
                names[name] = error.kind
        return reports, names


@pytest.mark.parametrize(
    ("guilty", "seconds"),
    [
        ("import os; os._exit(0)", 5),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 5),
        ("while True: pass", 1),
        ("import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass", 1),
        (
            "import signal; signal.setitimer(signal.ITIMER_REAL, 0)\nimport re; re.match('(a+)+b', 'a' * 40)",
            1,
        ),
    ],
)
def test_a_cell_that_never_returns_or_ends_the_process_costs_itself(kit, isolation, guilty, seconds):
    reports, names = run_cells(kit, isolation, ["before = 1", guilty, "after = 2"], cell_seconds=seconds)
    assert [report.went_well for report in reports] == [True, False, True]
    assert names == {"before": 1, "after": 2}


def test_a_process_that_ends_again_and_again_is_given_up(kit, isolation):
    deadly = "import os; os._exit(0)"
    reports, names = run_cells(kit, isolation, ["before = 1", *[deadly] * (MOST_RESTARTS + 2), "after = 2"])
    assert reports[0].went_well and reports[-1].skipped
    assert names == {"before": "died", "after": "died"}


def test_a_check_that_kills_the_warm_process_does_not_stop_the_next(kit, isolation):
    cells = ["import os, signal\ndef kill(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n    return x", "after = 2"]
    with Sandbox(kit, isolation, cells) as sandbox:
        sandbox.run_cells()
        try:
            with sandbox.check(5) as resolve:
                resolve("kill")(1)
        except CheckEnded as error:
            assert error.kind == "died"
        with sandbox.check(5) as resolve:
            assert resolve("after") == 2


def test_the_worker_sees_neither_solutions_nor_checks_nor_the_environment(kit, isolation, monkeypatch):
    monkeypatch.setenv("CANARY", "do-not-leak")
    root = Path(__file__).resolve().parent.parent
    cell = f"""
import os, sys
found = []
for path in {[str(root / name) for name in ("solutions", "autograder", "grading.yml", "tests")]!r}:
    try: found.append(os.listdir(path) if os.path.isdir(path) else open(path).read())
    except OSError: pass
for module in ("solutions.newton_gd", "autograder.grading", "solutions"):
    try: __import__(module); found.append(module)
    except ImportError: pass
environment = dict(os.environ)
user = os.getuid()
try:
    import socket; socket.socket(socket.AF_INET); network = True
except OSError: network = False
"""
    with Sandbox(kit, isolation, [cell]) as sandbox:
        assert all(report.went_well for report in sandbox.run_cells())
        with sandbox.check(5) as resolve:
            assert resolve("found") == []
            assert "do-not-leak" not in str(resolve("environment"))
            assert resolve("user") != 0
            assert resolve("network") is False


def test_files_of_the_submission_are_there_but_shadow_nothing(kit, isolation, tmp_path):
    (tmp_path / "helper.py").write_text("value = 5")
    (tmp_path / "numpy.py").write_text("raise RuntimeError('shadowed')")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "__init__.py").write_text("raise RuntimeError('shadowed')")
    (tmp_path / "data.txt").write_text("7")
    cells = ["import helper, numpy, shared\nvalue = helper.value + int(open('data.txt').read())"]
    with Sandbox(kit, isolation, cells, tmp_path) as sandbox:
        assert sandbox.run_cells()[0].went_well
        with sandbox.check(5) as resolve:
            assert resolve("value") == 12


def test_torch_works_in_a_fork_whatever_the_notebook_did_before(kit, isolation):
    pytest.importorskip("torch")
    cells = [
        "import torch\ntorch.set_num_threads(4)\n(torch.rand(600, 600) @ torch.rand(600, 600)).sum()",
        "def product(n):\n    a = torch.ones(n, n, dtype=torch.float64)\n    return (a @ a).sum()",
    ]
    with Sandbox(kit, isolation, cells, memory_mb=1500) as sandbox:
        assert all(report.went_well for report in sandbox.run_cells())
        with sandbox.check(10) as resolve:
            assert resolve("product")(600) == 600.0**3


def test_text_that_is_no_unicode_crosses(kit, isolation):
    cells = [
        "x = '\ud83d'\nprint(x)",
        "def f(a):\n    print('\\ud83d')\n    raise ValueError('\\ud83d')",
        "print('\\ud83d')",
    ]
    with Sandbox(kit, isolation, cells) as sandbox:
        assert all(report.went_well for report in sandbox.run_cells())
        with sandbox.check(5) as resolve:
            assert resolve("x") == "?"
            assert resolve("f").observe(1).raised.type_name == "ValueError"


def test_a_forked_process_answers_nothing(kit, isolation):
    fork = "import os\nchild = os.fork()"
    cells = [fork, "def f(x):\n    os.fork()\n    return x", "after = 2"]
    with Sandbox(kit, isolation, cells) as sandbox:
        assert all(report.went_well for report in sandbox.run_cells())
        for _ in range(3):
            with sandbox.check(5) as resolve:
                assert [resolve("f")(number) for number in range(5)] == list(range(5))
                assert resolve("after") == 2


def test_exit_in_a_cell_ends_that_cell(kit, isolation):
    with Sandbox(kit, isolation, ["x = 1\nexit()\nx = 2", "after = x"]) as sandbox:
        first, second = sandbox.run_cells()
        assert first.error.type_name == "SystemExit" and second.went_well


@pytest.mark.parametrize("value", ["{range(2): 1}", "{(1, range(2)): 3}", "{10**400: 1}"])
def test_unusual_keys_cross(kit, isolation, value):
    with Sandbox(kit, isolation, [f"x = {value}"]) as sandbox:
        sandbox.run_cells()
        with sandbox.check(5) as resolve:
            assert isinstance(resolve("x"), dict)


def test_names_of_types_carry_nothing(kit, isolation):
    cells = [
        "def f(x):\n    raise type('E%d' % (4 * x), (Exception,), {})('m')",
        "def g(x):\n    return type('T' + repr(x), (), {})()",
        "import linecache\ndef h(x):\n    linecache.cache['<cell>'] = (9, None, ['raise V  # %r' % x], '<cell>')\n"
        "    exec(compile('raise ValueError', '<cell>', 'exec'))",
    ]
    with Sandbox(kit, isolation, cells) as sandbox:
        sandbox.run_cells()
        with sandbox.check(5) as resolve:
            assert resolve("f").observe(0.25).raised.type_name == "an exception"
            assert resolve("g")(0.25).type_name == "object"
            assert "0.25" not in resolve("h").observe(0.25).raised.line


def test_an_exception_of_the_students_keeps_its_name(kit, isolation):
    cells = ["class UnobjectiveError(Exception): pass\ndef f(x):\n    raise UnobjectiveError('m')"]
    with Sandbox(kit, isolation, cells) as sandbox:
        sandbox.run_cells()
        with sandbox.check(5) as resolve:
            raised = resolve("f").observe(1).raised
            assert (raised.type_name, raised.line) == ("UnobjectiveError", "f: raise UnobjectiveError('m')")


def test_a_value_whose_encoding_fails_is_refused_by_name(kit, isolation):
    cells = ["import numpy as np\nx = np.zeros(3, dtype='datetime64[s]')\ny = 2"]
    with Sandbox(kit, isolation, cells) as sandbox:
        sandbox.run_cells()
        with sandbox.check(5) as resolve:
            with pytest.raises(CheckEnded, match="x is an array that isn't numeric"):
                resolve("x")
            assert resolve("y") == 2


def test_numpys_settings_are_the_same_for_all(kit, isolation):
    cells = ["import numpy as np\nnp.seterr(all='ignore')\ndef f(x):\n    return np.exp(x)"]
    with Sandbox(kit, isolation, cells) as sandbox:
        sandbox.run_cells()
        with sandbox.check(5) as resolve:
            assert "overflow" in resolve("f").observe(np.array([1e4])).warnings[0][1]


def test_an_isolation_that_does_not_work_is_said_with_the_ways_out(kit, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(IsolationUnavailable, match=r"bubblewrap.*WSL.*--isolation none"):
        choose("auto", kit)


def test_progress_bars_of_notebooks_are_plain_ones(kit, isolation):
    cell = (
        "from tqdm.notebook import tqdm\nimport tqdm.notebook as bars\ntotal = sum(tqdm([1, 2])) + sum(bars.trange(3))"
    )
    with Sandbox(kit, isolation, [cell]) as sandbox:
        assert sandbox.run_cells()[0].went_well
        with sandbox.check(10) as resolve:
            assert resolve("total") == 6
