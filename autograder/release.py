"""Build an assignment, and release it only if its reference earns everything and its blank nothing."""

from pathlib import Path

from autograder.build import BuildError, Built, build
from autograder.grading import grade_one
from autograder.package import package
from autograder.policy import Assignment
from autograder.sandbox import choose, stage
from autograder.test_images import MissingImages
from autograder.verification import blank_shortfall, reference_shortfall


def release(assignment: Assignment, out: Path, isolation: str = "auto") -> Path:
    """Build `assignment` into out/NAME with autograder.zip; return that folder.

    Raises BuildError, and changes nothing, where the reference or the blank earns what it shouldn't.
    """

    def verify(built: Built) -> None:
        with stage() as kit:
            chosen = choose(isolation, kit)
            for path, shortfall in ((built.solved, reference_shortfall), (built.blank, blank_shortfall)):
                reason = shortfall(grade_one(assignment, path, kit, chosen).result)
                if reason:
                    raise BuildError(f"{assignment.name}: {reason}")

    def pack(built: Built) -> None:
        target = built.folder / "autograder.zip"
        try:
            package(assignment, target, tests=built.tests, solved=built.solved, blank=built.blank)
        except (ValueError, MissingImages) as error:
            raise BuildError(f"{assignment.name}: {error}") from error

    return build(assignment, out, verify=verify, package=pack)
