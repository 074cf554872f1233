"""Build an assignment, and release it only if its reference earns everything and its blank nothing."""

from pathlib import Path

from autograder.build import BuildError, Built, build
from autograder.grading import grade_one
from autograder.package import package
from autograder.policy import Assignment
from autograder.results import Graded, as_text
from autograder.sandbox import choose, stage


def release(assignment: Assignment, out: Path, isolation: str = "auto") -> Path:
    """Build `assignment` into out/NAME with autograder.zip; return that folder.

    Raises BuildError, and changes nothing, where the reference or the blank earns what it shouldn't.
    """

    def verify(built: Built) -> None:
        with stage() as kit:
            chosen = choose(isolation, kit)
            verify_reference(grade_one(assignment, built.solved, kit, chosen))
            verify_blank(grade_one(assignment, built.blank, kit, chosen))

    def pack(built: Built) -> None:
        target = built.folder / "autograder.zip"
        package(assignment, target, tests=built.tests, solved=built.solved, blank=built.blank)

    return build(assignment, out, verify=verify, package=pack)


def verify_reference(graded: Graded) -> None:
    """Raise BuildError unless the reference earns all automatic points."""
    result = graded.result
    if result.score == result.automatic_points:
        return
    failed = [check for question in result.coded for check in question.checks if check.outcome.status != "passed"]
    reasons = "; ".join(f"{check.name}: {check.outcome.message or check.outcome.staff}" for check in failed)
    raise BuildError(
        f"{result.assignment}: the reference earns {as_text(result.score)} of {as_text(result.automatic_points)} "
        f"points; {reasons or result.problem}"
    )


def verify_blank(graded: Graded) -> None:
    """Raise BuildError if the blank earns anything, passes a question's public checks or can't be graded."""
    result = graded.result
    if result.unknown or result.problem:
        raise BuildError(f"{result.assignment}: the blank can't be graded: {result.problem or 'a check itself failed'}")
    passed = [c.name for question in result.coded for c in question.checks if c.outcome.status == "passed"]
    if passed:
        raise BuildError(f"{result.assignment}: the blank passes {', '.join(passed)}, and must pass nothing")
