"""What `audit --power` measures: fingerprints, null fits, power; and the committed numbers held to the present code."""

import importlib
import itertools
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress
from scipy import stats

from autograder.audit import power
from autograder.audit.fingerprint import fingerprint, reached
from autograder.audit.power import (
    CHUNK,
    FIT_LEVEL,
    RUNS,
    Trial,
    beyond,
    bring_forward,
    entry_of,
    fit,
    measure_trials,
    random_questions,
    report,
    run_trial,
    trials_of,
)
from autograder.policy import Assignment, load
from autograder.power_table import plain_message, read_table, regions_of, write_table
from shared.kit.checking import StudentFunction, as_number, check, expect, run_seed
from shared.kit.statistics import (
    Binomial,
    ChiSquare,
    Null,
    StandardNormal,
    TwoSampleDistance,
    UniformDistance,
    likely,
    two_sample_distance,
    uniform_distance,
)
from shared.kit.values import seeded
from solutions.banks import Answer

# ---- fingerprints ---------------------------------------------------------------------------------------------------

TOY = {
    "helpers": '''
        """Helpers."""
        import math

        SCALE = 2.0

        def scaled(x):
            """Times SCALE."""
            return SCALE * x  # twice

        def unrelated(x):
            return x
    ''',
    "answers": '''
        from toykit import helpers
        from toykit.helpers import scaled as bigger

        LEVEL = 1e-6

        class Result:
            def __init__(self, value: float) -> None:
                self.value = value

        def inner(x):
            return Result(bigger(x))

        def answer(x: float) -> float:
            """Some words."""
            def nested():
                return inner(x).value > LEVEL
            return nested()

        def by_attribute(x):
            return helpers.scaled(x)
    ''',
}


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Writes a small package, each replacement made in its text, and returns the fingerprint of one function."""
    folder = tmp_path / "toykit"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def write(replacements: dict[str, str]) -> None:
        texts = {name: "\n".join(line[8:] for line in text.splitlines()) for name, text in TOY.items()}
        for old, new in replacements.items():
            assert any(old in text for text in texts.values()), old
            texts = {name: text.replace(old, new) for name, text in texts.items()}
        for name, text in texts.items():
            (folder / f"{name}.py").write_text(text)

    write({})
    importlib.invalidate_caches()
    functions = vars(importlib.import_module("toykit.answers"))

    def fingerprint_of(name: str = "answer", replacements: dict[str, str] | None = None) -> str:
        write(replacements or {})
        return fingerprint([functions[name]], packages=["toykit"])

    yield fingerprint_of
    for name in [name for name in sys.modules if name.partition(".")[0] == "toykit"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "replacements",
    [
        {"  # twice": "  # two times"},
        {"Times SCALE.": "SCALE times x.", "Some words.": "Other words."},
        {"x: float) -> float": "x)", "value: float) -> None": "value)"},
        {"def unrelated(x):\n    return x": "def unrelated(x):\n    return -x"},
        {"import math": "import cmath"},
    ],
)
def test_a_fingerprint_stays_where_nothing_is_computed_otherwise(
    toy: Callable[..., str], replacements: dict[str, str]
) -> None:
    assert toy("answer", replacements) == toy("answer")


@pytest.mark.parametrize(
    "replacements",
    [
        {"LEVEL = 1e-6": "LEVEL = 1e-7"},  # a constant
        {"SCALE = 2.0": "SCALE = 3.0"},  # a constant that a helper reads, in another module
        {"return SCALE * x": "return x * SCALE"},  # a helper, by an alias
        {"self.value = value": "self.value = 2 * value"},  # a method
        {"value > LEVEL": "value >= LEVEL"},  # the function itself, inside another
    ],
)
def test_a_fingerprint_changes_with_whatever_is_reached(toy: Callable[..., str], replacements: dict[str, str]) -> None:
    assert toy("answer", replacements) != toy("answer")


def test_a_fingerprint_follows_the_attributes_of_a_module(toy: Callable[..., str]) -> None:
    assert toy("by_attribute", {"SCALE = 2.0": "SCALE = 3.0"}) != toy("by_attribute")
    assert toy("by_attribute", {"LEVEL = 1e-6": "LEVEL = 1e-7"}) == toy("by_attribute")


def test_a_checks_weight_is_not_part_of_its_fingerprint_but_its_levels_and_the_reference_are() -> None:
    paths = reached(["autograder.checks.newton_gd.generate_data_follows_the_model"])
    text = paths["autograder.checks.newton_gd.generate_data_follows_the_model"]
    assert "id='check'" not in text
    assert "autograder.checks.newton_gd.DATA_LEVEL" in paths
    assert "shared.kit.statistics.Binomial" in paths
    assert "shared.kit.statistics.two_sample_tail" not in paths
    assert "autograder.checks.newton_gd.gradient_is_right" not in paths


# ---- positions in null distributions ---------------------------------------------------------------------------------

NULLS: list[tuple[Null, Callable[[np.random.Generator], float]]] = [
    (Binomial(200, 0.3), lambda rng: rng.binomial(200, 0.3)),
    (Binomial(12, 0.9, upper=True), lambda rng: rng.binomial(12, 0.9)),
    (StandardNormal(), lambda rng: rng.standard_normal()),
    (ChiSquare(10), lambda rng: (rng.standard_normal(10) ** 2).sum()),
    (UniformDistance(40), lambda rng: uniform_distance(rng.random(40))),
    (TwoSampleDistance(20, 12), lambda rng: two_sample_distance(rng.random(20), rng.random(12))),
    (TwoSampleDistance(20, 30, ties=True), lambda rng: two_sample_distance(rng.random(20), rng.random(30))),
]


@pytest.mark.parametrize(("null", "draw"), NULLS, ids=lambda value: type(value).__name__)
def test_positions_are_uniform_where_the_null_distribution_is_right(
    null: Null, draw: Callable[[np.random.Generator], float]
) -> None:
    rng = np.random.default_rng(1)
    found = [beyond(null, draw(rng)) for _ in range(1000)]
    assert all(at >= -1e-12 for _, at in found)
    assert fit([above + rng.random() * at for above, at in found], one_sided=False) > 1e-3


def test_an_unknown_null_distribution_is_named() -> None:
    with pytest.raises(TypeError, match="int"):
        beyond(3, 0.5)  # type: ignore[arg-type]


def test_a_one_sided_fit_forgives_a_statistic_that_is_too_small_only() -> None:
    large = np.linspace(0.1, 1, 1000)  # chances of a larger value, never a small one: a milder test than it says
    assert fit(large, one_sided=True) > 0.9
    assert fit(large, one_sided=False) < 1e-6
    assert fit(1 - large, one_sided=True) < 1e-6


# ---- measuring a toy question ---------------------------------------------------------------------------------------

N = 1000


@check("toss", error_rate=1e-6)
def toss_is_fair(toss: StudentFunction) -> None:
    """Your coin is fair."""
    heads = as_number(toss(N, seeded(run_seed())), "toss")
    expect(heads <= N, "That is too many.")
    likely("heads", heads, Binomial(N, 0.5), 1e-6, "Your coin isn't fair.")


def fair(n: int, rng: np.random.Generator) -> int:
    return int((rng.random(n) < 0.5).sum())


def a_little_unfair(n: int, rng: np.random.Generator) -> int:
    return int((rng.random(n) < 0.52).sum())


def rather_unfair(n: int, rng: np.random.Generator) -> int:
    return int((rng.random(n) < 0.58).sum())


def unfair(n: int, rng: np.random.Generator) -> int:
    return int((rng.random(n) < 0.8).sum())


def raises(n: int, rng: np.random.Generator) -> int:
    raise KeyError(n)


def toy_trials(reference: Callable[..., Any], *mistakes: Callable[..., Any], error_rate: float = 1e-6) -> list[Trial]:
    declared = toss_is_fair.touchstone_check
    checks = (type(declared)(**{**vars(declared), "error_rate": error_rate}),)
    answers = [("", reference), *((mistake.__name__, mistake) for mistake in mistakes)]
    return [Trial("toss", name, checks, {"toss": value}, {}, f"of {name}") for name, value in answers]


def measured(trials: list[Trial], runs: int, entries: dict[str, Any] | None = None, jobs: int = 1) -> dict[str, Any]:
    entries = bring_forward(entries or {}, trials)
    with Progress(console=Console(quiet=True)) as progress:
        measure_trials(tuple(trials), entries, runs, jobs, progress)
    return entries


def toy_report(trials: list[Trial], runs: int) -> power.PowerReport:
    return report({"toss": tuple(trials)}, {"toss": measured(trials, runs)})


def test_a_right_reference_and_a_clear_mistake_fall_short_of_nothing() -> None:
    found = toy_report(toy_trials(fair, unfair, raises), 100)
    assert found.findings == ()
    (null_fit,) = found.null_fits
    assert (null_fit.check, null_fit.statistic, null_fit.runs) == ("toss_is_fair", "heads", 100)
    assert [(p.mistake, p.runs, p.misses, dict(p.by)) for p in found.powers] == [
        ("unfair", 100, 0, {"toss_is_fair": 100}),
        ("raises", 100, 0, {"toss_is_fair": 100}),
    ]


def test_a_null_distribution_that_is_off_by_a_little_is_found_though_no_run_fails() -> None:
    found = toy_report(toy_trials(a_little_unfair), 300)
    assert [finding.kind for finding in found.findings] == ["wrong null distribution"]
    assert "«heads»" in found.findings[0].text
    assert all(finding.falls_short for finding in found.findings)


def test_a_mistake_that_is_missed_now_and_then_is_found() -> None:
    found = toy_report(toy_trials(fair, rather_unfair), 200)
    (finding,) = found.findings
    (missed,) = found.powers
    assert finding.kind == "power too small"
    assert 0 < missed.misses < 200
    assert sum(missed.by.values()) + missed.misses == 200


def test_a_reference_that_fails_is_found_by_its_message() -> None:
    found = toy_report(toy_trials(unfair), 50)
    refused = [finding for finding in found.findings if finding.kind == "right answer refused"]
    assert [finding.text for finding in refused] == [
        "50 of 50 runs of the reference failed; toss_is_fair: Your coin isn't fair."
    ]


@pytest.mark.parametrize(("error_rate", "kinds"), [(1e-7, ["error rate too small"]), (1e-6, []), (0.5, [])])
def test_an_error_rate_is_held_to_the_levels_of_its_statistics(error_rate: float, kinds: list[str]) -> None:
    found = toy_report(toy_trials(fair, error_rate=error_rate), 50)
    assert [finding.kind for finding in found.findings] == kinds


def test_the_endings_of_a_mistake_are_recorded_with_the_range_of_its_statistics(tmp_path: Path) -> None:
    entries = measured(toy_trials(fair, unfair), 50)
    write_table("toy", {"toss": entries}, tmp_path)
    ((ending,),) = regions_of("toy", "toss", tmp_path).values()
    assert (ending.check, ending.message, ending.count) == ("toss_is_fair", "Your coin isn't fair.", 50)
    low, high = ending.statistics["heads"]
    assert 0.74 * N < low < 0.8 * N < high < 0.86 * N
    assert regions_of("toy", "other", tmp_path) == regions_of("none", "toss", tmp_path) == {}


def test_a_message_is_recorded_without_what_belongs_to_the_data() -> None:
    assert plain_message("gradient is off (entry [3, 1] is the furthest off).\nmore") == "gradient is off."


def test_measuring_again_does_nothing_and_a_changed_answer_alone_is_measured_again() -> None:
    trials = toy_trials(fair, unfair)
    entries = measured(trials, 20)
    changed = Trial(**{**vars(trials[1]), "names": {"toss": fair}, "fingerprint": "another"})
    never = Trial(**{**vars(trials[0]), "names": {}})  # running it would fail
    again = measured([never, changed], 20, json.loads(json.dumps(entries)))
    assert again["reference"] == entries["reference"]
    assert again["mistakes"]["unfair"]["misses"] == 20


def test_a_mistake_that_is_gone_is_dropped() -> None:
    entries = measured(toy_trials(fair, unfair, raises), 10)
    assert list(bring_forward(entries, toy_trials(fair, raises))["mistakes"]) == ["raises"]


def test_an_interrupted_measurement_goes_on_to_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    trials = toy_trials(fair, unfair)
    whole = measured(trials, 40)
    entries, calls = bring_forward({}, trials), itertools.count()

    def interrupted(trial: Trial, seed: int) -> power.Run:
        if next(calls) == 33:
            raise KeyboardInterrupt
        return run_trial(trial, seed)

    with monkeypatch.context() as patched, Progress(console=Console(quiet=True)) as progress:
        patched.setattr(power, "run_trial", interrupted)
        with pytest.raises(KeyboardInterrupt):
            measure_trials(tuple(trials), entries, 40, 1, progress)
    assert 0 < entries["reference"]["runs"] < 40
    assert measured(trials, 40, json.loads(json.dumps(entries))) == whole


def test_processes_side_by_side_give_the_same_numbers() -> None:
    trials = toy_trials(fair, rather_unfair)
    assert measured(trials, 8 * CHUNK, jobs=2) == measured(trials, 8 * CHUNK)
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_DFL  # only the processes gave it up


def test_a_table_is_written_for_the_questions_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment = load()["newton_gd"]
    monkeypatch.setattr(power, "RUNS", CHUNK)
    bank = [Answer("mistake", "generate_data", "nothing", "generate_data", "hint", lambda *_: None)]
    monkeypatch.setattr(power, "mistakes_of", lambda _: bank)
    console = Console(quiet=True)
    found = power.measure(assignment, ["generate_data", "gradient"], 1, console, runs=CHUNK, folder=tmp_path)
    assert {null_fit.question for null_fit in found.null_fits} == {"generate_data"}
    assert [(p.mistake, p.misses) for p in found.powers] == [("nothing", 0)]
    assert list(read_table("newton_gd", tmp_path)) == ["generate_data"]
    assert power.measure(assignment, ["generate_data"], 1, console, runs=CHUNK, folder=tmp_path) == found


# ---- the committed numbers ------------------------------------------------------------------------------------------

MEASURED = [assignment for assignment in load().values() if random_questions(assignment)]
QUESTIONS = [(assignment, question) for assignment in MEASURED for question in random_questions(assignment)]
each_question = pytest.mark.parametrize(
    ("assignment", "question"), QUESTIONS, ids=[f"{assignment.name}-{question}" for assignment, question in QUESTIONS]
)
FRESH = 5_000_000  # seeds that the measurement doesn't use
SLOW = ("simulate_estimates",)  # half a second a run


@each_question
def test_every_committed_number_is_of_the_present_code(assignment: Assignment, question: str) -> None:
    entries = read_table(assignment.name).get(question, {})
    for trial in trials_of(assignment, question):
        entry = entry_of(entries, trial)
        current = entry.get("fingerprint") == trial.fingerprint and entry.get("runs") == RUNS
        name = trial.mistake or "the reference"
        assert current, f"{question}, {name}: run python -m autograder audit {assignment.name} --power"


@each_question
def test_the_committed_numbers_fall_short_of_nothing(assignment: Assignment, question: str) -> None:
    trials = trials_of(assignment, question)
    entries = read_table(assignment.name)[question]
    assert entries["reference"]["runs"] == RUNS, f"run python -m autograder audit {assignment.name} --power"
    assert report({question: trials}, {question: entries}).findings == ()


@each_question
def test_fresh_runs_of_the_reference_pass_and_follow_their_null_distributions(
    assignment: Assignment, question: str
) -> None:
    trial, *_ = trials_of(assignment, question)
    runs = [run_trial(trial, FRESH + k) for k in range(100)]
    assert [failure for run in runs for failure in run.failures] == []
    values: dict[tuple[str, str, bool], list[float]] = {}
    for position in (position for run in runs for position in run.positions):
        values.setdefault((position.check, position.statistic, position.one_sided), []).append(position.chance)
    committed = read_table(assignment.name)[question]["reference"]["fits"]
    assert {(check, name) for check, name, _ in values} == {
        (c, name) for c, found in committed.items() for name in found
    }
    for (_, name, one_sided), chances in values.items():
        assert fit(chances, one_sided) > FIT_LEVEL / len(values), name


@each_question
def test_fresh_runs_of_each_mistake_end_as_recorded(assignment: Assignment, question: str) -> None:
    regions = regions_of(assignment.name, question)
    for trial in trials_of(assignment, question)[1:]:
        common = {(end.check, end.message) for end in regions[trial.mistake]}
        for k in range(1 if question in SLOW else 3):
            (failure,) = run_trial(trial, FRESH + k).failures
            assert (failure.check, failure.message) in common, trial.mistake


def test_no_miss_in_so_many_runs_shows_the_power_that_is_promised() -> None:
    upper = stats.binomtest(0, RUNS).proportion_ci(0.90, method="exact").high  # one-sided at 95%
    assert 1 - upper >= 0.999
