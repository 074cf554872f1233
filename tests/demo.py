"""`make demo`, once the assignments are built: grade each one's reference, blank and samples.

Stock otter is asked about two of each, for it takes its time; tests/test_parity.py asks it about all.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from autograder.policy import KIT, load
from tests.parity import compare_all

SAMPLES = KIT / "tests" / "submissions"


def samples(assignment: str) -> list[Path]:
    """The reference, the blank, and every sample submission of an assignment."""
    folder = KIT / "dist" / "demo" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    built = KIT / "dist" / assignment
    solved = next(path for path in (built / "solved.zip", built / "solved.ipynb") if path.exists())
    own = {"reference": solved, "blank": built / "student" / f"{assignment}.ipynb"}
    copies = [Path(shutil.copyfile(source, folder / f"{name}{source.suffix}")) for name, source in own.items()]
    paths = [*copies, *sample_submissions(assignment)]
    return [path.relative_to(KIT) for path in paths]


def sample_submissions(assignment: str) -> Iterator[Path]:
    """tests/submissions/ASSIGNMENT/NAME/NAME.*, each beside its expected.yml."""
    for expected in sorted((SAMPLES / assignment).glob("*/expected.yml")):
        yield next(path for path in expected.parent.iterdir() if path.stem == expected.parent.name)


def main() -> None:
    status = 0
    compared = []
    for assignment in load().values():
        if not (KIT / "dist" / assignment.name).exists():
            continue  # build has said why
        paths = samples(assignment.name)
        command = [sys.executable, "-m", "autograder", "grade", assignment.name, "--jobs", "2", *map(str, paths)]
        status |= subprocess.run(command, cwd=KIT, check=False).returncode
        reference, _, *others = paths
        compared += [(assignment, path) for path in (reference, *others[:1])]
    compared.reverse()  # the last assignment's take longest, so they go first
    sys.exit(status | compare_all(compared, Console()))


if __name__ == "__main__":
    main()
