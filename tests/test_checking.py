"""Running a check: three outcomes, the smallest input, lenient reading, the same result every time."""

import sys
from dataclasses import dataclass

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from shared.kit.bridge import CheckFailed, LocalNames, run
from shared.kit.checking import (
    Wrong,
    as_array,
    as_number,
    check,
    checks_in,
    close,
    expect,
    flag,
    measured,
    run_check,
    show,
    unchanged,
)


@dataclass(frozen=True)
class Vector:
    x: np.ndarray


vectors = st.lists(st.integers(-8, 8), min_size=1, max_size=4).map(lambda entries: Vector(np.array(entries, float) / 2))


@check("double", public=True)
@given(p=vectors)
def doubles(double, p):
    """Your double doubles."""
    close(double(p.x), 2 * p.x, "double")


@check("double")
def leaves_its_argument(double):
    """Your double leaves its argument alone."""
    unchanged(double.observe(np.ones(3)), "double", ("x",))


@check("double")
@given(p=vectors)
def has_a_bug(double, p):
    """A check with a mistake of its own."""
    raise KeyError("ours")


@check("double")
def meets_the_threshold(double, thresholds):
    """Your double is large enough."""
    expect(double(1.0) >= thresholds["least"], "double is too small")


@check("double")
@given(p=vectors)
def looks_closely(double, p):
    """Your double is measured and looked at."""
    flag(f"double has been looked at: {double(1.0)}")
    measured(double(0.25))
    expect(double(1.0) == 2, "double of 1 is off")
    if len(p.x) > 1:
        raise KeyError("ours")


CHECKS = {declared.name: declared for declared in checks_in(sys.modules[__name__])}


def outcome_of(name, function, seed=0, **keywords):
    names = {"double": function} if function is not None else {}
    return run_check(CHECKS[name], LocalNames(names).resolve, seed, **keywords)


def test_a_check_knows_its_question_title_and_needs():
    declared = CHECKS["doubles"]
    assert (declared.question, declared.title, declared.public) == ("double", "Your double doubles.", True)
    assert declared.needs == ("double",)
    assert list(CHECKS) == ["doubles", "leaves_its_argument", "has_a_bug", "meets_the_threshold", "looks_closely"]


@pytest.mark.parametrize(
    "right",
    [
        lambda x: 2 * x,
        lambda x: [2 * entry for entry in x],
        lambda x: (2 * x)[:, None],
        lambda x: (2 * x)[None, :],
        lambda x: tuple(2 * x),
        lambda x: np.matrix(2 * x),
        lambda x: np.array(2 * x, dtype=object),
        lambda x: 2 * x + 0j,
    ],
)
def test_right_answers_in_any_style_pass(right):
    assert outcome_of("doubles", right).status == "passed"


def test_a_first_item_that_is_the_answer_is_taken_and_said():
    outcome = outcome_of("doubles", lambda x: (2 * x, "extra"))
    assert outcome.status == "passed"
    assert outcome.notes == ("double returned 2 values; the first was graded.",)


def test_flags_and_measures_stay_whatever_comes_of_the_check(monkeypatch):
    wrong = outcome_of("looks_closely", lambda x: 3 * x)
    assert (wrong.status, wrong.message) == ("failed", "double of 1 is off")
    assert (wrong.flags, wrong.measured) == (("double has been looked at: 3.0",), 0.75)  # once, though run many times
    ours = outcome_of("looks_closely", lambda x: 2 * x)
    assert (ours.status, ours.flags, ours.measured) == ("unknown", ("double has been looked at: 2.0",), 0.5)
    assert outcome_of("looks_closely", lambda x: x * np.nan).measured is None
    assert outcome_of("doubles", lambda x: 2 * x).flags == ()
    flag("outside of a check")
    measured(1.0)


def test_a_notebooks_own_tests_tell_no_flag(capsys):
    with pytest.raises(CheckFailed) as caught:
        run(__name__, "looks_closely", {"double": lambda x: 3 * x})
    assert "looked at" not in str(caught.value) + capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        (lambda x: 2 * np.abs(x), "wrong value", "not the value asked for"),
        (lambda x: None, "wrong value", "None (is a return statement missing?)"),
        (lambda x: x * np.nan, "wrong value", "returned NaN"),
        (lambda x: x + np.inf, "wrong value", "returned infinity"),
        (lambda x: 2j * x, "wrong value", "real numbers"),
        (lambda x: (entry for entry in x), "wrong value", "a generator"),
        (lambda x: "two", "wrong value", "it returned a str"),
        (lambda x: {"x": 2 * x}, "wrong value", "it returned a dict"),
        (lambda x: np.zeros((2, 5)), "wrong value", "shape (2, 5)"),
        (lambda x: x / 0 + [][1], "exception", "IndexError"),
        (lambda: 3, "exception", "TypeError"),
        (lambda x: sys.exit(), "exception", "SystemExit"),
        (lambda x: np.zeros(10**9), "refused", "more than 64 MB"),
        (None, "missing name", "double isn't defined"),
        ([1, 2], "missing name", "should be a function"),
        (..., "missing name", "double isn't defined"),
        (lambda x: np.random.rand(len(x)), "wrong value", ""),
    ],
)
def test_wrong_answers_fail_with_their_kind(wrong, kind, words):
    outcome = outcome_of("doubles", wrong)
    assert (outcome.status, outcome.kind) == ("failed", kind)
    assert words in outcome.message


def test_the_smallest_input_is_shown():
    outcome = outcome_of("doubles", lambda x: 2 * np.abs(x))
    assert outcome.smallest_input == "x = np.array([-0.5])"
    assert "double returned [1]" in outcome.details and "expected      [-1]" in outcome.details


def test_an_input_of_the_checks_own_is_shown_instead_of_a_generated_one():
    @given(p=vectors)
    def at_zero(double, p):
        """Your double is 0 at 0."""
        close(double(0.0), 0.0, "double", at={"x": 0.0})

    check("double")(at_zero)
    outcome = run_check(at_zero.touchstone_check, LocalNames({"double": lambda x: x + 1}).resolve, 0)
    assert outcome.smallest_input == "x = 0"


def test_whole_floats_are_pasted_as_floats():
    outcome = outcome_of("doubles", lambda x: 2 * x + 1)
    assert outcome.smallest_input == "x = np.array([0], dtype=float)"


def test_messages_hold_neither_inputs_nor_expected_values():
    message = outcome_of("doubles", lambda x: 2 * np.abs(x) + 0.123).message
    assert "0.123" not in message and "0.5" not in message


def test_two_answers_to_one_input_are_a_failure():
    calls = []

    def moody(x):
        calls.append(x)
        return 2 * x + (len(calls) == 5)

    outcome = outcome_of("doubles", moody)
    assert outcome.status == "failed" and "two different answers" in outcome.message


def test_a_mistake_in_a_check_is_unknown_never_the_students():
    outcome = outcome_of("has_a_bug", lambda x: 2 * x)
    assert outcome.status == "unknown" and outcome.message == "" and "KeyError" in outcome.staff


def test_changed_arguments_are_seen():
    def in_place(x):
        x *= 2
        return x

    assert "changed the caller's x" in outcome_of("leaves_its_argument", in_place).message
    assert outcome_of("doubles", in_place).status == "passed"  # each call gets its own copy


def test_a_checks_figures_do_not_stay_open():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    mine = plt.figure()
    outcome_of("doubles", lambda x: plt.figure() and 2 * x)
    assert plt.get_fignums() == [mine.number]
    plt.close(mine)


def test_thresholds_come_from_policy():
    assert outcome_of("meets_the_threshold", lambda x: 2 * x, thresholds={"least": 2}).status == "passed"
    assert outcome_of("meets_the_threshold", lambda x: 2 * x, thresholds={"least": 3}).status == "failed"


def inputs_seen(seed):
    seen = []
    outcome_of("doubles", lambda x: seen.append(x.tolist()) or 2 * x, seed)
    return seen


def test_inputs_repeat_with_the_seed_and_differ_between_seeds():
    assert inputs_seen(1) == inputs_seen(1)
    assert inputs_seen(1) != inputs_seen(2)


def test_a_check_needs_a_title():
    with pytest.raises(TypeError, match="needs a docstring"):
        check("double")(lambda double: None)


def test_the_bridge_tells_the_whole_story():
    with pytest.raises(CheckFailed) as caught:
        run(__name__, "doubles", {"double": lambda x: 2 * np.abs(x)})
    text = str(caught.value)
    assert text.startswith("double is not the value asked for")
    assert "x = np.array([-0.5])" in text and "double returned [1]" in text


def test_the_bridge_serves_classes_and_functions_of_the_checks():
    class Line:
        def __init__(self, slope):
            self.slope = slope

        def at(self, x):
            return self.slope * x

    names = LocalNames({"Line": Line, "apply": lambda function, x: function(x) + 1, "line": Line(5.0)})
    line = names.resolve("Line")(3.0)
    assert line.type_name == "Line" and line.attribute("slope") == 3.0
    assert line.attribute("at")(np.array([1.0, 2.0])).tolist() == [3, 6]
    assert names.resolve("line").attribute("at")(2.0) == 10.0
    assert names.resolve("apply")(lambda x: 10 * x, 4.0) == 41.0
    names = LocalNames({"apply": lambda function, x: function(x) + 1, "double": lambda x: 2 * x})
    assert names.resolve("apply")(names.resolve("double"), 4.0) == 9.0


def test_a_function_of_the_checks_is_to_the_student_what_it_is_in_the_sandbox():
    def divide(x, by):
        x[0] = 9.0  # a copy's
        return x / by if by else int("secret")

    def apply(function, x):
        return function(x, by=2.0), x, function(x, by=0)

    observation = LocalNames({"apply": apply}).resolve("apply").observe(divide, np.array([1.0]))
    assert observation.raised.type_name == "ValueError" and observation.raised.message == "ValueError"
    assert not observation.changed
    keep = LocalNames({"apply": lambda function, x: function(x=x, by=2.0)}).resolve("apply")
    assert keep(divide, np.array([4.0])).tolist() == [4.5]


def test_shown_values_stay_short():
    assert show(10**5000) == "an integer of 16610 bits"
    assert show(dict.fromkeys(range(1000), 0)).endswith("9: 0, …}")


@pytest.mark.parametrize(
    ("value", "shape"), [(3, ()), ([3], ()), ([[3.0]], ()), ([1, 2], (2,)), ([[1], [2]], (2,)), ([1, 2], (2, 1))]
)
def test_shapes_are_read_leniently(value, shape):
    assert as_array(value, shape, "f").shape == shape


@pytest.mark.parametrize(("value", "shape"), [([1, 2], ()), ([[1, 2], [3, 4]], (4,)), (True, (2,)), ("1", ())])
def test_other_shapes_are_refused(value, shape):
    with pytest.raises(Wrong):
        as_array(value, shape, "f")


def test_a_number_is_a_float():
    assert type(as_number(np.float32(2), "f")) is float


def test_close_is_relative_to_the_largest_entry():
    close([1e6, 1 + 1e-3], np.array([1e6, 1.0]), "f")
    with pytest.raises(Wrong):
        close([1.0, 1 + 1e-7], np.array([1.0, 1.0]), "f")


def test_shown_inputs_paste_back_exactly():
    values = np.array([0.1, 1 / 3, -2.0, 1e-9])
    assert eval(show(values)) == values.tolist()
