"""The banks of mistakes and variants: enough of them, with the right signatures and hints; and how a bank is read."""

import importlib
import importlib.util
import inspect
import re

import pytest

from autograder.policy import load
from solutions import newton_gd
from solutions.banks import BankError, answers_in, mistake_of, mistakes_of, names_read, variant_of, variants_of

LEAST_MISTAKES, LEAST_VARIANTS = 6, 3
LONGEST_HINT = 300
SHORTEST_LINE = 8  # of code that tells anything: «break» and «else:» don't

ASSIGNMENTS = load()
WITH_BANKS = [
    name
    for name in ASSIGNMENTS
    if importlib.util.find_spec(f"solutions.mistakes.{name}") or importlib.util.find_spec(f"solutions.variants.{name}")
]


def bodies_of(value):
    """The lines of a function's or class's body, without its docstring."""
    lines = [" ".join(line.split()) for line in inspect.getsource(value).splitlines()]
    documented = {" ".join(line.split()) for line in (value.__doc__ or "").splitlines()}
    return {line for line in lines if len(line) >= SHORTEST_LINE} - documented


def sentences_of(text):
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


# ---- the banks that there are ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("assignment", WITH_BANKS)
def test_every_coded_question_has_enough_mistakes_and_variants(assignment):
    too_few = {}
    for kind, bank, least in (
        ("mistakes", mistakes_of(assignment), LEAST_MISTAKES),
        ("variants", variants_of(assignment), LEAST_VARIANTS),
    ):
        for question in ASSIGNMENTS[assignment].coded:
            count = sum(answer.question == question for answer in bank)
            if count < least:
                too_few[kind, question] = count
    assert not too_few


@pytest.mark.parametrize("assignment", WITH_BANKS)
def test_answers_belong_to_coded_questions_and_replace_names_of_the_reference(assignment):
    reference = importlib.import_module(f"solutions.{assignment}")
    for answer in (*mistakes_of(assignment), *variants_of(assignment)):
        assert answer.question in ASSIGNMENTS[assignment].coded, answer.name
        assert hasattr(reference, answer.replaces), answer.name


@pytest.mark.parametrize("assignment", WITH_BANKS)
def test_answers_take_what_the_reference_takes(assignment):
    reference = importlib.import_module(f"solutions.{assignment}")
    for answer in (*mistakes_of(assignment), *variants_of(assignment)):
        right = getattr(reference, answer.replaces)
        asked = list(inspect.signature(right).parameters.values()) if callable(right) else []
        given = list(inspect.signature(answer.value).parameters.values())
        assert [item.name for item in given[: len(asked)]] == [item.name for item in asked], answer.name
        for item in given:
            can_be_left_out = item not in given[: len(asked)] or asked[given.index(item)].default is not item.empty
            assert (item.default is not item.empty) == can_be_left_out, f"{answer.name}: the default of {item.name}"


@pytest.mark.parametrize("assignment", WITH_BANKS)
def test_hints_are_short_and_give_nothing_away(assignment):
    reference = importlib.import_module(f"solutions.{assignment}")
    for answer in mistakes_of(assignment):
        assert len(answer.hint) <= LONGEST_HINT, answer.name
        assert 1 <= len(sentences_of(answer.hint)) <= 2, answer.name
        assert answer.hint[-1] in ".?!", answer.name
        right = getattr(reference, answer.replaces)
        code = bodies_of(answer.value) | (bodies_of(right) if callable(right) else {repr(right)})
        assert not [line for line in code if line in answer.hint], answer.name


@pytest.mark.parametrize("assignment", WITH_BANKS)
def test_a_hint_belongs_to_one_mistake_of_a_question(assignment):
    hints = [(answer.question, answer.hint) for answer in mistakes_of(assignment)]
    assert len(set(hints)) == len(hints)


# ---- how a bank is read ---------------------------------------------------------------------------------------------


def test_a_mistake_needs_a_hint_and_a_variant_does_not():
    def undocumented(theta):
        return theta

    with pytest.raises(TypeError, match="mistake undocumented needs a docstring"):
        mistake_of("gradient")(undocumented)
    assert variant_of("gradient")(undocumented).touchstone_answer.hint == ""


def test_a_docstring_in_several_lines_is_one_hint():
    @mistake_of("gradient")
    def wrapped(theta):
        """Look at
        the sum."""
        return theta

    answer = wrapped.touchstone_answer
    assert (answer.kind, answer.question, answer.name) == ("mistake", "gradient", "wrapped")
    assert (answer.replaces, answer.hint, answer.value) == ("gradient", "Look at the sum.", wrapped)


def test_an_answer_can_replace_another_name_than_its_questions():
    @variant_of("lln", replaces="lln_holds")
    def by_hand():
        return {3: True}

    assert by_hand.touchstone_answer.replaces == "lln_holds"


def _calls_it(theta):
    return gradient(theta)  # noqa: F821


def _calls_it_inside(theta):
    return sum(map(lambda part: gradient(part), theta))  # noqa: F821, C417


def _calls_it_of_the_module(theta):
    return newton_gd.gradient(theta)


class _CallsItInAMethod:
    def step(self, theta):
        return gradient(theta)  # noqa: F821


@pytest.mark.parametrize("answer", [_calls_it, _calls_it_inside, _calls_it_of_the_module, _CallsItInAMethod])
def test_an_answer_must_not_use_the_name_that_it_replaces(answer):
    with pytest.raises(TypeError, match=f"variant {answer.__name__} must not use gradient, which it replaces"):
        variant_of("gradient")(answer)
    assert variant_of("newton")(answer) is answer  # where it replaces another name it may


def test_an_answer_must_not_have_the_name_that_it_replaces():
    def gradient(theta):
        return theta

    with pytest.raises(TypeError, match="must not use gradient"):
        variant_of("gradient")(gradient)


def test_names_read_are_global_names_and_attributes():
    def answer(gradient):
        hessian = gradient.shape
        return hessian, len

    assert names_read(answer) == {"shape", "len"}


BANK = '''
from other_bank import imported
from solutions.banks import mistake_of, variant_of


def helper(z):
    return z


@mistake_of("risk")
def zebra(z):
    """Look twice."""
    return helper(z)


@mistake_of("gradient")
def aardvark(z):
    """Look again."""
    return z


@mistake_of("risk")
class Model:
    """Look at the method."""
'''
OTHER_BANK = '''
from solutions.banks import mistake_of


@mistake_of("risk")
def imported(z):
    """Not of that bank."""
    return z
'''


def test_a_bank_is_its_own_answers_in_the_order_of_its_text(tmp_path, monkeypatch):
    (tmp_path / "some_bank.py").write_text(BANK)
    (tmp_path / "other_bank.py").write_text(OTHER_BANK)
    monkeypatch.syspath_prepend(tmp_path)
    assert [answer.name for answer in answers_in("some_bank")] == ["zebra", "aardvark", "Model"]
    assert [answer.question for answer in answers_in("some_bank")] == ["risk", "gradient", "risk"]


def test_an_assignment_without_banks_has_no_answers():
    assert mistakes_of("no_such_assignment") == variants_of("no_such_assignment") == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("def broken(:\n", 1, "invalid syntax"),
        ("\nimport no_such_module\n", 2, "no_such_module"),
        ("from solutions.banks import mistake_of\n\n@mistake_of('q')\ndef silent(): return 1\n", 3, "docstring"),
    ],
)
def test_a_bank_that_cannot_be_imported_is_named_with_its_line(tmp_path, monkeypatch, text, line, reason):
    (tmp_path / "a_broken_bank.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BankError, match=rf"a_broken_bank\.py, line {line}: .*{reason}"):
        answers_in("a_broken_bank")


def test_an_attribute_of_something_else_may_have_the_name_that_is_replaced():
    def counts_in_training_mode(model):
        return model.train()

    assert variant_of("train")(counts_in_training_mode) is counts_in_training_mode
