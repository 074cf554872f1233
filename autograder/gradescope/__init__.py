"""What runs inside Gradescope's container: grade its one submission, or prove that the image grades as it should.

`setup.sh` and `run_autograder` lie beside this file; `autograder.package` puts them at the zip's root.
"""

import dataclasses
import faulthandler
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from autograder.grading import SAFETY_SHARE, grade_one
from autograder.lazy import postpone_imports, postpone_reference
from autograder.policy import Assignment, PolicyError, load
from autograder.render import results_json, write_json
from autograder.render.text import one_line
from autograder.results import Graded, SubmissionResult
from autograder.sandbox import IsolationUnavailable, choose, stage
from autograder.verification import blank_shortfall, reference_shortfall
from shared.kit.checking import CheckEnded

GRADERS_MB = 300  # of the container's memory, for the grader itself
LEAST_WORKER_MB = 200
STOP_SHARE = 0.95  # of the platform's limit: here a check that still runs is stopped
ABORT_SHARE = 0.98  # and here, if even that did not help, the process ends


def main(root: Path) -> int:
    """Grade `root`/submission and write `root`/results/results.json, once, at the end.

    The facts of the run go to standard output, which only staff read. Returns 0; 1 if the grader could not tell an
    outcome, or could not grade at all: then it leaves no results.json.
    """
    age = process_age()
    path = root / "results" / "results.json"
    remove(path)
    try:
        postpone_imports()
        assignment = fitted(*load().values())
        postpone_reference(assignment.name)
        limit = assignment.limits.platform_seconds
        with stopped_after(limit * STOP_SHARE - age, limit * ABORT_SHARE - age):
            seconds = limit * (1 - SAFETY_SHARE) - age
            graded = _grade(assignment, the_file_in(root / "submission"), seconds)
    except (PolicyError, IsolationUnavailable, CheckEnded) as error:
        print(f"touchstone: not graded: {error}", file=sys.stderr)
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, results_json(graded.result))
    print(json.dumps(dataclasses.asdict(graded.facts), ensure_ascii=False))
    print(reports_for_staff(graded.result), end="")
    return 1 if graded.result.unknown else 0


def self_test(notebooks: str | Path) -> int:
    """Grade solved.* and blank.* of a folder, isolated as a submission will be.

    Returns 0 if the first earns full marks and the second none, else 1 and a sentence on standard error.
    """
    problem = ""
    try:
        assignment = fitted(*load().values())
        seconds = assignment.limits.platform_seconds * (1 - SAFETY_SHARE)
        for name, shortfall in (("solved", reference_shortfall), ("blank", blank_shortfall)):
            (path,) = Path(notebooks).glob(f"{name}.*")
            graded = _grade(assignment, path, seconds)
            result = graded.result
            print(f"touchstone: {name} {result.marks} points", end=" ")
            print(f"in {graded.facts.seconds:.1f} s ({graded.facts.isolation}: {', '.join(graded.facts.enforced)})")
            problem = problem or shortfall(result)
    except (PolicyError, IsolationUnavailable) as error:
        problem = str(error)
    if problem:
        print(f"touchstone: {problem}", file=sys.stderr)
    return 1 if problem else 0


def _grade(assignment: Assignment, path: Path, seconds: float) -> Graded:
    with stage() as kit:
        return grade_one(assignment, path, kit, choose("auto", kit), seconds=seconds)


def the_file_in(folder: Path) -> Path:
    """The one file in a submission's folder if there is only one (it may be a zip), else the folder."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return found[0] if len(found) == 1 and found[0].is_file() and not found[0].is_symlink() else folder


def reports_for_staff(result: SubmissionResult) -> str:
    """What only staff may read: a traceback for each check that could not tell, and every flag."""
    checks = [(question.name, check) for question in result.coded for check in question.checks]
    faults = (
        f"{name}, {check.name} could not be graded:\n{check.outcome.staff}\n"
        for name, check in checks
        if check.outcome.status == "unknown"
    )
    flags = (
        f"{name}, {check.name} flagged it: {one_line(text, 500)}\n"
        for name, check in checks
        for text in check.outcome.flags
    )
    return "".join((*faults, *flags))


def remove(path: Path) -> None:
    """Remove what lies at `path` from another run, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# ---- time -----------------------------------------------------------------------------------------------------------


def process_age() -> float:
    """Seconds since this process began: the platform's clock runs while Python starts and imports.

    At most a minute, should a container count its processes' times from somewhere else.
    """
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return min(max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - began), 60.0)


@contextmanager
def stopped_after(seconds: float, at_the_latest: float) -> Iterator[None]:
    """Keep the block to its time, though it gets stuck in a check's own work, which no other limit covers.

    After `seconds` the running check ends, and none is left time. `at_the_latest` the process ends, with a traceback.
    """

    def expire(*_: object) -> NoReturn:
        raise CheckEnded("timeout", "The time for your submission was used up.")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.1))
    faulthandler.dump_traceback_later(max(at_the_latest, 0.1), exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        faulthandler.cancel_dump_traceback_later()


# ---- memory ---------------------------------------------------------------------------------------------------------


def fitted(assignment: Assignment) -> Assignment:
    """The assignment with its worker's memory cut to what the container leaves beside the grader."""
    container = container_memory_mb()
    if container is None:
        return assignment
    most = max(LEAST_WORKER_MB, min(assignment.limits.memory_mb, container - GRADERS_MB))
    return assignment.model_copy(update={"limits": assignment.limits.model_copy(update={"memory_mb": most})})


def container_memory_mb(root: Path = Path("/")) -> int | None:
    """The least of the limits on this process's memory (cgroup v2 or v1, and the machine's own); None if unknown."""
    limits = [int(text) for path in _limit_files(root) if (text := _text(path)).isdigit()]
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            limits.append(int(line.split()[1]) * 1024)
    return min(limits) // 2**20 if limits else None


def _limit_files(root: Path) -> Iterator[Path]:
    """Where limits may stand: this process's groups and all above them, to the root that the container sees."""
    mounted = root / "sys/fs/cgroup"
    for line in ("0::/", "0:memory:/", *_text(root / "proc/self/cgroup").splitlines()):
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            top, file = mounted, "memory.max"
        elif "memory" in controllers.split(","):
            top, file = mounted / "memory", "memory.limit_in_bytes"
        else:
            continue
        parts = Path(group.lstrip("/")).parts
        for depth in range(len(parts) + 1):
            yield top.joinpath(*parts[:depth]) / file


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
