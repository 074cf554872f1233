"""Pack an assignment's grader for Gradescope: autograder.zip, the same bytes from the same sources.

setup.sh, run_autograder             what Gradescope runs; requirements.txt, constraints.txt: what setup.sh installs
files/                               the kit, with this assignment only, and the test images that it needs
self_test/{solved,blank}.*           what the image has to grade with full marks and with none
tests/, otter_config.json            what stock `otter run` reads, besides files/
"""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from autograder.policy import KIT, Assignment
from autograder.test_images import pack, test_images

DATA = Path("autograder/gradescope")  # setup.sh and what goes with it
GRADERS_PACKAGES = (
    *("click", "hypothesis", "ipython", "jinja2", "jupytext", "matplotlib", "msgpack"),
    *("nbformat", "numpy", "pydantic", "pyyaml", "rich", "scipy"),
)
PINS = (Path("requirements.txt"), DATA / "constraints.txt")
IMAGES = "files/autograder/images/"
KIT_FOLDERS = ("autograder", "shared", "solutions")
AUDIT_ONLY = (
    "autograder/audit",
    "solutions/variants",
    "solutions/equivalent_mutants",
    "solutions/files",
    "solutions/recipes",
)  # grading doesn't need them
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
OTTER_CONFIG = {"lang": "python", "print_summary": False, "show_hidden": False, "seed": 0}  # our worker's seed, too


def package(
    assignment: Assignment,
    out_zip: Path,
    *,
    tests: Mapping[str, str | bytes],
    solved: Path,
    blank: Path,
    kit: Path = KIT,
) -> Path:
    """Write autograder.zip for `assignment` and return its path.

    tests: Otter's test files by name (`gradient.py`). solved, blank: the submissions of the self-test. kit: the
    folder that holds grading.yml and the rest. Raises ValueError where a package that is needed has no pinned version,
    and MissingImages where its test images are not to be had.
    """
    data = kit / DATA
    files: dict[str, bytes] = {
        "setup.sh": (data / "setup.sh").read_bytes(),
        "run_autograder": (data / "run_autograder").read_bytes(),
        "constraints.txt": (data / "constraints.txt").read_bytes(),
        "requirements.txt": requirements(assignment, kit).encode(),
        "otter_config.json": (json.dumps(OTTER_CONFIG, indent=2) + "\n").encode(),
        f"self_test/solved{solved.suffix}": solved.read_bytes(),
        "self_test/blank.ipynb": blank.read_bytes(),
        "files/grading.yml": reduced_policy(assignment, kit / "grading.yml").encode(),
    }
    for name, content in tests.items():
        files[f"tests/{name}"] = content.encode() if isinstance(content, str) else content
    for path in kit_files(assignment, kit):
        files[f"files/{path}"] = (kit / path).read_bytes()
    for name in assignment.images:
        files[f"{IMAGES}{name}.npz"] = pack(*test_images(name))
    write_zip(out_zip, files, executable=("setup.sh", "run_autograder"))
    return out_zip


def write_zip(path: Path, files: Mapping[str, bytes], executable: Iterable[str] = ()) -> None:
    """Write a zip that depends on nothing but `files`: sorted names, one date, fixed modes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIXED_DATE)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])


def size_of_images(autograder_zip: Path) -> int:
    """How many bytes of an autograder.zip are test images."""
    with zipfile.ZipFile(autograder_zip) as archive:
        return sum(entry.compress_size for entry in archive.infolist() if entry.filename.startswith(IMAGES))


def kit_files(assignment: Assignment, kit: Path) -> Iterator[PurePosixPath]:
    """The kit's files that grading this assignment needs, as paths below the kit; no other assignment's."""
    others = set(_assignments(kit / "grading.yml")) - {assignment.name}
    for folder in KIT_FOLDERS:
        for path in sorted((kit / folder).rglob("*")):
            relative = PurePosixPath(path.relative_to(kit).as_posix())
            hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
            of_another = bool(others & {relative.stem, *relative.parts})
            audit = any(relative.is_relative_to(place) for place in AUDIT_ONLY)
            data = relative.parent == PurePosixPath(DATA) and relative.suffix != ".py"
            if path.is_file() and not (hidden or of_another or audit or data):
                yield relative


def reduced_policy(assignment: Assignment, path: Path) -> str:
    """grading.yml as it is, without the other assignments."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    raw["assignments"] = {assignment.name: raw["assignments"][assignment.name]}
    return yaml.safe_dump(raw, sort_keys=False, allow_unicode=True)


def requirements(assignment: Assignment, kit: Path = KIT) -> str:
    """The packages of the image, pinned: the grader's, and those that the assignment lists."""
    lines = [line for file in PINS for line in (kit / file).read_text().splitlines()]
    pins = dict(pin for line in lines if (pin := _pin(line)))
    wanted = {_normal(name) for name in (*GRADERS_PACKAGES, *assignment.packages)}
    if missing := sorted(wanted - set(pins)):
        raise ValueError(f"no version is pinned for {', '.join(missing)} in {' or '.join(map(str, PINS))}")
    return "".join(f"{name}=={pins[name]}\n" for name in sorted(wanted))


def _pin(line: str) -> tuple[str, str] | None:
    """(name, version) of a line `name==version`, or None for any other line."""
    match = re.fullmatch(r"([\w.-]+)==(\S+)", line.strip())
    return (_normal(match[1]), match[2]) if match else None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _assignments(path: Path) -> dict[str, Any]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return dict(raw["assignments"])
