"""Measure the checks of random functions: how often luck costs a right answer, and how often a mistake gets past them.

A question is random if one of its checks declares an error rate. For each, two things are measured:

  - *Null fits.* 3,000 runs of the reference. Each statistic is compared with the distribution that its check declares
    by a Kolmogorov-Smirnov test. A count of rejections couldn't do this: at rates like 1e-8 there are none to count.
  - *Power.* 3,000 runs of each mistake through the question's checks, in their order, up to the first that fails. No
    miss in 3,000 runs shows a power of 0.999 with 95% confidence, since 0.999**3000 < 0.05.

Run k of every answer has the same seed, so the measurement repeats, and what a check draws from the reference for a
seed (and keeps) serves all answers. What is measured stands in solutions/power/ASSIGNMENT.json, with a fingerprint of
what it depends on, and is written every few seconds: only what changed is measured again, and an interrupted
measurement goes on where it stopped.
"""

import importlib
import math
import random
import signal
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from scipy import stats

from autograder.audit.findings import Finding, NullFit, Power, PowerReport
from autograder.audit.fingerprint import fingerprint
from autograder.policy import Assignment, checks_of
from autograder.power_table import FOLDER, endings_in, plain_message, read_table, write_table
from shared.kit.bridge import LocalNames
from shared.kit.checking import Check, Outcome, run_check
from shared.kit.statistics import (
    Binomial,
    ChiSquare,
    Null,
    StandardNormal,
    TwoSampleDistance,
    UniformDistance,
    two_sample_tail,
)
from solutions.banks import mistakes_of

RUNS = 3000
FIRST_SEED = 700_000_000  # run k has the seed FIRST_SEED + k
CHUNK = 5  # runs of each answer that a process does at a time
SAVE_SECONDS = 10  # between two writings of the table
FIT_LEVEL = 1e-4  # for all fits together: a right table falls short once in 10,000 measurements
DIGITS = 6  # of what the table keeps

Entry = dict[str, Any]  # of the table; see new_entry


# ---- what is tried --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """One answer to a random question, and the question's checks in their order. mistake: empty for the reference.

    names: those of a notebook with this answer. fingerprint: of everything that a run depends on.
    """

    question: str
    mistake: str
    checks: tuple[Check, ...]
    names: Mapping[str, Any]
    thresholds: Mapping[str, float]
    fingerprint: str


def random_questions(assignment: Assignment) -> tuple[str, ...]:
    """The questions that have a check with an error rate, in the order of the checks."""
    return tuple(dict.fromkeys(check.question for check in checks_of(assignment.name) if check.error_rate > 0))


def trials_of(assignment: Assignment, question: str) -> tuple[Trial, ...]:
    """The trials of a random question: its reference, then its mistakes in the order of the bank."""
    names = vars(importlib.import_module(f"solutions.{assignment.name}"))
    checks = checks_of(assignment.name, question)
    thresholds = dict(assignment.questions[question].thresholds)
    settings = (RUNS, FIRST_SEED, sorted(thresholds.items()))

    def trial(mistake: str, replaced: str, value: Callable[..., Any]) -> Trial:
        depends = fingerprint([*(check.function for check in checks), value], also=f"{replaced} {settings}")
        return Trial(question, mistake, checks, {**names, replaced: value}, thresholds, depends)

    bank = [answer for answer in mistakes_of(assignment.name) if answer.question == question]
    mistakes = [trial(answer.name, answer.replaces, answer.value) for answer in bank]
    return (trial("", question, names[question]), *mistakes)


# ---- one run --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Position:
    """Where a statistic lies in its null distribution: the chance of a larger value, uniform for a right answer.

    one_sided: the chance may be too large, but not too small (see `one_sided`). level: the statistic's.
    """

    check: str
    statistic: str
    chance: float
    one_sided: bool
    level: float


@dataclass(frozen=True)
class Failure:
    """A failed check: its message as `plain_message` leaves it, and the values of its statistics by name."""

    check: str
    message: str
    statistics: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """What one run found. positions: of the reference's statistics."""

    failures: tuple[Failure, ...]
    positions: tuple[Position, ...] = ()


def run_trial(trial: Trial, seed: int) -> Run:
    """One run: of the reference through all checks, of a mistake up to the first check that fails."""
    failures, positions = [], []
    for check in trial.checks:
        random.seed(seed)  # as the sandbox does before each check
        np.random.seed(seed % 2**32)
        outcome = run_check(check, LocalNames(trial.names).resolve, seed, trial.thresholds)
        failed = outcome.status == "failed" or (outcome.status == "unknown" and not trial.mistake)
        if failed:
            failures.append(_failure(check, outcome))
        if trial.mistake and failed:
            break
        if not trial.mistake:
            positions += [_position(check, statistic, seed) for statistic in outcome.statistics]
    return Run(tuple(failures), tuple(positions))


def _failure(check: Check, outcome: Outcome) -> Failure:
    message = plain_message(outcome.message) or outcome.staff.strip().rpartition("\n")[2]
    return Failure(check.name, message, {statistic.name: statistic.value for statistic in outcome.statistics})


def _position(check: Check, statistic: Any, seed: int) -> Position:
    rng = np.random.default_rng([seed, zlib.crc32(f"{check.name} {statistic.name}".encode())])
    above, at = beyond(statistic.null, statistic.value)
    # where a value has a probability of its own, it is spread over it: so the chance is uniform, not just nearly so
    return Position(check.name, statistic.name, above + rng.random() * at, one_sided(statistic.null), statistic.level)


def beyond(null: Null, value: float) -> tuple[float, float]:
    """P(statistic > value) and P(statistic = value) under a null distribution. Raises TypeError for an unknown one."""
    match null:
        case Binomial(n, p):
            return float(stats.binom.sf(round(value), n, p)), float(stats.binom.pmf(round(value), n, p))
        case StandardNormal():
            return float(stats.norm.sf(value)), 0.0
        case ChiSquare(degrees):
            return float(stats.chi2.sf(value, degrees)), 0.0
        case UniformDistance(n):  # exactly, where the check has a bound
            return float(stats.kstwo.sf(value, n)), 0.0
        case TwoSampleDistance(m, n):  # its values are whole multiples of 1 / lcm(m, n)
            multiple = math.lcm(m, n)
            at_least, above = (_two_sample_tail((round(value * multiple) + k) / multiple, m, n) for k in (0, 1))
            return above, at_least - above
    raise TypeError(f"no reference distribution for {type(null).__name__}")


_two_sample_tail = lru_cache(maxsize=10_000)(two_sample_tail)


def one_sided(null: Null) -> bool:
    """Whether a right answer may do better than its null distribution says: a bound, or only large values count."""
    return (isinstance(null, Binomial) and null.upper) or (isinstance(null, TwoSampleDistance) and null.ties)


def fit(chances: Iterable[float], one_sided: bool) -> float:
    """The p-value of the Kolmogorov-Smirnov test that chances are uniform; one-sided, that they aren't too small."""
    return float(
        stats.kstest(np.array(list(chances)), "uniform", alternative="greater" if one_sided else "two-sided").pvalue
    )


# ---- entries of the table -------------------------------------------------------------------------------------------


def new_entry(trial: Trial) -> Entry:
    """An entry before its first run.

    Of the reference: how often it failed, and how; the levels of each check's statistics, added up; the fits. While
    runs are still to come, it holds the chances themselves. Of a mistake: how often it was missed, and its endings.
    """
    entry: Entry = {"fingerprint": trial.fingerprint, "runs": 0}
    if trial.mistake:
        return entry | {"misses": 0, "endings": {}}
    return entry | {"failures": {}, "levels": {}, "fits": {}, "chances": {}}


def add_reference_run(entry: Entry, run: Run) -> None:
    """Add a run of the reference to its entry."""
    entry["runs"] += 1
    for failure in run.failures:
        key = f"{failure.check}: {failure.message}"
        entry["failures"][key] = entry["failures"].get(key, 0) + 1
    levels: dict[str, float] = {}
    for position in run.positions:
        levels[position.check] = levels.get(position.check, 0.0) + position.level
        of_check = entry["chances"].setdefault(position.check, {})
        kept = of_check.setdefault(position.statistic, {"one_sided": position.one_sided, "values": []})
        kept["values"].append(round(position.chance, DIGITS))
    for check, total in levels.items():
        entry["levels"][check] = max(total, entry["levels"].get(check, 0.0))


def finish_reference(entry: Entry) -> None:
    """Replace the chances of a reference's entry by their fits."""
    for check, statistics in entry.pop("chances").items():
        entry["fits"][check] = {
            name: {
                "runs": len(kept["values"]),
                "p_value": _rounded(fit(kept["values"], kept["one_sided"])),
                "one_sided": kept["one_sided"],
            }
            for name, kept in statistics.items()
        }


def add_mistake_run(entry: Entry, run: Run) -> None:
    """Add a run of a mistake to its entry."""
    entry["runs"] += 1
    if not run.failures:
        entry["misses"] += 1
        return
    failure = run.failures[0]
    ending = entry["endings"].setdefault(f"{failure.check}: {failure.message}", {"count": 0, "statistics": {}})
    ending["count"] += 1
    for name, value in failure.statistics.items():
        low, high = ending["statistics"].get(name, (math.inf, -math.inf))
        ending["statistics"][name] = [min(low, _rounded(value)), max(high, _rounded(value))]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


# ---- measuring ------------------------------------------------------------------------------------------------------


def measure(
    assignment: Assignment,
    questions: Iterable[str],
    jobs: int,
    console: Console,
    *,
    runs: int = RUNS,
    folder: Path = FOLDER,
) -> PowerReport:
    """Bring the table of an assignment up to date for those of `questions` that are random, and report on it.

    jobs: processes side by side. runs: a multiple of CHUNK. KeyboardInterrupt passes through; the table then holds
    what was measured so far.
    """
    old, wanted = read_table(assignment.name, folder), set(questions)
    random_ones = random_questions(assignment)
    trials = {question: trials_of(assignment, question) for question in random_ones if question in wanted}
    table = {question: old[question] for question in random_ones if question in old and question not in trials}
    table |= {question: bring_forward(old.get(question, {}), of_question) for question, of_question in trials.items()}
    save = partial(write_table, assignment.name, table, folder)
    try:
        with _progress(console) as progress:
            for question in trials:
                measure_trials(trials[question], table[question], runs, jobs, progress, save)
    finally:
        save()
    return report(trials, table)


def bring_forward(entries: Mapping[str, Any], trials: Iterable[Trial]) -> dict[str, Any]:
    """The entries of a question for these trials: what is still true of the old ones, and new ones for the rest."""
    new: dict[str, Any] = {"reference": {}, "mistakes": {}}
    for trial in trials:
        old = entry_of(entries, trial)
        current = old if old.get("fingerprint") == trial.fingerprint else new_entry(trial)
        if trial.mistake:
            new["mistakes"][trial.mistake] = current
        else:
            new["reference"] = current
    return new


def entry_of(entries: Mapping[str, Any], trial: Trial) -> Entry:
    """The entry of a trial among those of its question; empty where there is none."""
    entry = entries.get("mistakes", {}).get(trial.mistake) if trial.mistake else entries.get("reference")
    return entry or {}


def measure_trials(
    trials: tuple[Trial, ...],
    entries: Mapping[str, Any],
    runs: int,
    jobs: int,
    progress: Progress,
    save: Callable[[], None] = lambda: None,
) -> None:
    """Run the trials of one question up to `runs` runs each, adding to their entries, with a `save` now and then."""
    tasks = []
    for start in range(0, runs, CHUNK):
        waiting = tuple(n for n, trial in enumerate(trials) if entry_of(entries, trial)["runs"] <= start)
        tasks.append((waiting, range(start, start + CHUNK)))
    tasks = [task for task in tasks if task[0]]
    bar = progress.add_task(trials[0].question, total=sum(len(waiting) for waiting, _ in tasks) * CHUNK)
    saved = time.monotonic()
    for found in _run_all(trials, tasks, jobs):
        for number, run in found:
            entry = entry_of(entries, trials[number])
            (add_mistake_run if trials[number].mistake else add_reference_run)(entry, run)
            if not trials[number].mistake and entry["runs"] == runs:
                finish_reference(entry)
        if time.monotonic() - saved > SAVE_SECONDS:
            save()
            saved = time.monotonic()
        progress.advance(bar, len(found))


Task = tuple[tuple[int, ...], range]  # the trials' numbers, and the runs'
_trials: tuple[Trial, ...] = ()  # in a worker: functions can't be sent, but a fork has them


def _run_all(trials: tuple[Trial, ...], tasks: list[Task], jobs: int) -> Iterator[list[tuple[int, Run]]]:
    """The runs of each task, in the order of the tasks."""
    if jobs == 1 or len(tasks) < 2:
        _start_worker(trials)
        yield from map(_run_task, tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), get_context("fork"), _start_forked_worker, (trials,))
    try:
        yield from pool.map(_run_task, tasks)
    finally:
        pool.shutdown(cancel_futures=True)


def _start_worker(trials: tuple[Trial, ...]) -> None:
    global _trials
    _trials = trials


def _start_forked_worker(trials: tuple[Trial, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a traceback
    _start_worker(trials)


def _run_task(task: Task) -> list[tuple[int, Run]]:
    """Each seed serves all trials before the next, so that what a check keeps for a seed is still there."""
    numbers, runs = task
    return [(number, run_trial(_trials[number], FIRST_SEED + k)) for k in runs for number in numbers]


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("measuring {task.description}"), BarColumn(), TaskProgressColumn())
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, *times, console=console, speed_estimate_period=600) as progress:
        yield progress


# ---- the report -----------------------------------------------------------------------------------------------------


def report(trials: Mapping[str, tuple[Trial, ...]], table: Mapping[str, Any]) -> PowerReport:
    """What a complete table says about these trials."""
    fits = tuple(f for question in trials for f in null_fits(question, table[question]["reference"]))
    powers = tuple(p for question in trials for p in powers_in(question, table[question]["mistakes"]))
    findings = [finding for question in trials for finding in _of_reference(trials[question][0], table[question])]
    findings += [finding for null_fit in fits for finding in _of_fit(null_fit, FIT_LEVEL / len(fits))]
    findings += [finding for power in powers for finding in _of_power(power)]
    return PowerReport(fits, powers, tuple(findings))


def null_fits(question: str, entry: Entry) -> tuple[NullFit, ...]:
    """The fits of a complete reference's entry."""
    return tuple(
        NullFit(question, check, name, found["runs"], found["p_value"], found["one_sided"])
        for check, statistics in entry["fits"].items()
        for name, found in statistics.items()
    )


def powers_in(question: str, mistakes: Mapping[str, Entry]) -> tuple[Power, ...]:
    """The power against each mistake, from the entries of a question's mistakes."""
    powers = []
    for name, entry in mistakes.items():
        by: Counter[str] = Counter()
        for ending in endings_in(entry):
            by[ending.check] += ending.count
        powers.append(Power(question, name, entry["runs"], entry["misses"], dict(by)))
    return tuple(powers)


def _of_reference(trial: Trial, entries: Mapping[str, Any]) -> Iterator[Finding]:
    entry = entries["reference"]
    for failure, count in entry["failures"].items():
        text = f"{count} of {entry['runs']:,} runs of the reference failed; {failure}"
        yield Finding(trial.question, "right answer refused", text)
    for check in trial.checks:
        levels = entry["levels"].get(check.name, 0.0)
        if levels > check.error_rate * (1 + 1e-9):
            text = f"{check.name} declares an error rate of {check.error_rate:.2g}; its levels add up to {levels:.2g}"
            yield Finding(trial.question, "error rate too small", text)
        elif check.error_rate > 0 and not levels:
            text = f"{check.name} declares an error rate of {check.error_rate:.2g}, but no statistic with its level"
            yield Finding(trial.question, "error rate without a statistic", text)


def _of_fit(null_fit: NullFit, level: float) -> Iterator[Finding]:
    if not null_fit.p_value >= level:
        text = (
            f"{null_fit.check}: «{null_fit.statistic}» doesn't follow the distribution that it declares (over "
            f"{null_fit.runs:,} runs of the reference the Kolmogorov-Smirnov test gives p = {null_fit.p_value:.2g}; "
            f"below {level:.2g} it falls short)"
        )
        yield Finding(null_fit.question, "wrong null distribution", text)


def _of_power(power: Power) -> Iterator[Finding]:
    if power.misses:
        text = f"{power.mistake} got past all checks in {power.misses:,} of {power.runs:,} runs"
        yield Finding(power.question, "power too small", text)
