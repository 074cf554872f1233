"""The Gradescope zip, and its container laid out for real: root, a second user, /autograder and /opt/touchstone.

The container is bubblewrap as root without a user namespace: another mount namespace and nothing more, so the grader
inside has to get by with the second user, as on the platform.
"""

import contextlib
import functools
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement

from autograder import gradescope
from autograder.package import GRADERS_PACKAGES, PINS, package
from autograder.policy import KIT, Assignment, load
from autograder.sandbox.isolation import FIRST_UID, SLOTS
from shared.kit.checking import CheckEnded

GRADING_YML = """
defaults:
  limits: {cell_seconds: 2, check_seconds: 1, memory_mb: 600, platform_seconds: 30}
assignments:
  tiny:
    title: A tiny assignment
    points: 4
    questions:
      double: {title: Twice, points: 1}
      opened: {title: What could be opened, points: 2}
      why: {title: Why, points: 1, written: true}
  another:
    title: Another assignment
    points: 1
    questions:
      nothing: {title: Nothing, points: 1, written: true}
"""
SOLUTIONS = """
from solutions import Written

opened = ["own.txt"]
why = Written(answer="Because.", rubric=("(1) Says why.",))


def double(x):
    return 2 * x
"""
PUBLIC_CHECKS = '''
from shared.kit.checking import check, close, expect


@check("double", public=True)
def doubles_three(double):
    """Three becomes six."""
    close(double(3.0), 6.0, "double")


@check("opened", public=True)
def is_a_list(opened):
    """It is a list."""
    expect(isinstance(opened, list), "opened is no list")
'''
PRIVATE_CHECKS = '''
from shared.kit.checking import check, close, expect
from solutions.tiny import double as reference


@check("double")
def doubles_any(double):
    """Any number is doubled."""
    close(double(-7.5), reference(-7.5), "double")


@check("opened")
def only_its_own(opened):
    """Nothing but its own file could be opened."""
    expect(opened == ["own.txt"], f"these went well: {opened}")
'''
BANK = """
from solutions.banks import mistake_of


@mistake_of("double")
def adds_one(x):
    '''Twice is more than one more: multiply.'''
    return x + 1
"""
BANKS = {  # file below the kit: whether grading needs it
    "solutions/mistakes/__init__.py": True,
    "solutions/mistakes/tiny.py": True,
    "solutions/mistakes/another.py": False,
    "solutions/power/tiny.json": True,
    "solutions/power/another.json": False,
    "solutions/variants/__init__.py": False,
    "solutions/variants/tiny.py": False,
    "solutions/equivalent_mutants/tiny.yml": False,
    "autograder/audit/matrix.py": False,
}
OTTER_TEST = """
from otter.test_files import test_case
OK_FORMAT = False
name = "double"
points = None


@test_case(points=1, hidden=False)
def test_doubles_any(env):
    from shared.kit.bridge import run
    run("autograder.checks.tiny", "doubles_any", env, 0)
"""
GOOD = "def double(x):\n    return 2 * x\n\nopened = ['own.txt']"
BLANK = "def double(x):\n    ...\n\nopened = None"
# Tries what it should not be able to do, notes what went well, leaves a process behind, and answers all the same.
CURIOUS = """
import os, signal, socket, subprocess, sys, time
parent = os.getppid()
opened = []

def attempt(name, action):
    try:
        action()
    except (OSError, ImportError):
        return
    opened.append(name)

for path in (
    "own.txt",
    "/autograder/source/files/solutions/tiny.py",
    "/autograder/source/files/solutions/mistakes/tiny.py",
    "/autograder/source/files/solutions/power/tiny.json",
    "/autograder/source/files/autograder/checks/tiny.py",
    "/autograder/source/files/grading.yml",
    "/autograder/source/self_test/solved.ipynb",
    "/autograder/submission_metadata.json",
    "/proc/1/environ",
    "/proc/1/mem",
    f"/proc/{parent}/environ",
    f"/proc/{parent}/mem",
    "/etc/shadow",
):
    attempt(path, lambda: open(path, "rb").read(1))
for path in (
    "/autograder/results/results.json",
    "/autograder/submission/more.txt",
    "/autograder/run_autograder",
    "/opt/touchstone/matplotlib/x.json",
    sys.modules["shared"].__file__,
):
    attempt("write " + path, lambda: open(path, "a").close())
attempt("list sources", lambda: os.listdir("/autograder/source"))
attempt("kill the grader", lambda: os.kill(parent, signal.SIGTERM))
attempt("internet", lambda: socket.socket(socket.AF_INET))
attempt("become root", lambda: os.setuid(0))
attempt("spare itself when memory runs out", lambda: open("/proc/self/oom_score_adj", "w").write("-900"))
attempt("import the solutions", lambda: __import__("solutions.tiny"))
attempt("import the mistakes", lambda: __import__("solutions.mistakes.tiny"))
attempt("import the grader", lambda: __import__("autograder.grading"))

subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)

def double(x):
    return 2 * x
"""
HANGING = """
while True:
    pass
# %%
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

opened = ["own.txt"]
"""


def notebook(text: str) -> str:
    """A notebook with a code cell for each part of `text`."""
    cells = [nbformat.v4.new_code_cell(part, id=f"c{n}") for n, part in enumerate(text.split("\n# %%\n"))]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells))


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This kit with a tiny assignment instead of its own."""
    folder = tmp_path_factory.mktemp("kit")
    ignore = shutil.ignore_patterns("__pycache__", *(f"{name}*" for name in load()))
    for name in ("autograder", "shared"):
        shutil.copytree(KIT / name, folder / name, ignore=ignore)
    (folder / "solutions").mkdir()
    for file in ("__init__.py", "banks.py"):
        shutil.copyfile(KIT / "solutions" / file, folder / "solutions" / file)
    for file in BANKS:
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(
            {".py": "" if "__init__" in file else BANK, ".json": "{}", ".yml": "[]"}[Path(file).suffix]
        )
    shutil.copyfile(KIT / "requirements.txt", folder / "requirements.txt")
    (folder / "grading.yml").write_text(GRADING_YML)
    (folder / "solutions/tiny.py").write_text(SOLUTIONS)
    (folder / "solutions/another.py").write_text("secret = 1\n")
    (folder / "shared/checks/tiny.py").write_text(PUBLIC_CHECKS)
    (folder / "autograder/checks/tiny.py").write_text(PRIVATE_CHECKS)
    return folder


def pack(kit: Path, out: Path, *, solved: str = GOOD, blank: str = BLANK) -> Path:
    """autograder.zip of the tiny assignment."""
    for name, text in (("solved", solved), ("blank", blank)):
        (out / f"{name}.ipynb").write_text(notebook(text))
    return package(
        load(kit / "grading.yml")["tiny"],
        out / "autograder.zip",
        tests={"double.py": OTTER_TEST},
        solved=out / "solved.ipynb",
        blank=out / "blank.ipynb",
        kit=kit,
    )


# ---- the zip --------------------------------------------------------------------------------------------------------


def test_the_zip_is_the_same_at_every_build(kit: Path, tmp_path: Path) -> None:
    first = pack(kit, tmp_path).read_bytes()
    (kit / "shared" / "__pycache__").mkdir(exist_ok=True)
    (kit / "shared" / "__pycache__" / "left_behind.pyc").write_bytes(b"x")
    os.utime(kit / "grading.yml", (0, 0))
    assert pack(kit, tmp_path).read_bytes() == first


def test_the_zip_holds_this_assignment_alone(kit: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(kit, tmp_path)) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {"setup.sh", "run_autograder", "otter_config.json", "tests/double.py", "requirements.txt"} <= set(names)
        assert {"files/solutions/tiny.py", "files/autograder/checks/tiny.py", "files/shared/kit/bridge.py"} <= set(
            names
        )
        assert not [name for name in names if "another" in name]
        assert {file for file in BANKS if f"files/{file}" in names} == {file for file in BANKS if BANKS[file]}
        assert not [name for name in names if "audit/" in name or "variants" in name]
        assert "another" not in archive.read("files/grading.yml").decode()
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert modes["setup.sh"] == modes["run_autograder"] == 0o100755
        assert {mode for name, mode in modes.items() if "." in name.split("/")[-1] and name != "setup.sh"} == {0o100644}
        requirements = archive.read("requirements.txt").decode()
    assert re.search(r"^numpy==\S+$", requirements, re.M)
    assert "torch" not in requirements
    assert "otter" not in requirements


def test_packages_of_the_assignment_are_installed_pinned(kit: Path, tmp_path: Path) -> None:
    original = (kit / "grading.yml").read_text()
    try:
        (kit / "grading.yml").write_text(
            original.replace("    points: 4", "    packages: [torch, cvxpy]\n    points: 4")
        )
        with zipfile.ZipFile(pack(kit, tmp_path)) as archive:
            lines = archive.read("requirements.txt").decode().splitlines()
        assert [line.split("==")[0] for line in lines if "torch" in line or "cvxpy" in line] == ["cvxpy", "torch"]
        (kit / "grading.yml").write_text(original.replace("    points: 4", "    packages: [unheard_of]\n    points: 4"))
        with pytest.raises(ValueError, match="unheard-of"):
            pack(kit, tmp_path)
    finally:
        (kit / "grading.yml").write_text(original)


def test_everything_that_the_image_gets_is_pinned() -> None:
    pinned = {
        re.sub(r"[-_.]+", "-", line.split("==")[0]).lower()
        for file in PINS
        for line in (KIT / file).read_text().splitlines()
        if "==" in line
    }
    seen: set[str] = set()
    waiting = list(GRADERS_PACKAGES)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name not in seen:
            seen.add(name)
            needed = map(Requirement, importlib.metadata.requires(name) or ())
            waiting += [item.name for item in needed if item.marker is None or item.marker.evaluate({"extra": ""})]
    assert seen <= pinned


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_scripts_are_bash(script: str) -> None:
    subprocess.run(["bash", "-n", KIT / "autograder/gradescope" / script], check=True)


# ---- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"proc/meminfo": "MemTotal:       2097152 kB\n"}, 2048),
        ({"sys/fs/cgroup/memory.max": "805306368\n", "proc/meminfo": "MemTotal: 2097152 kB\n"}, 768),
        ({"sys/fs/cgroup/memory.max": "max\n", "proc/meminfo": "MemTotal: 2097152 kB\n"}, 2048),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": "805306368\n"}, 768),
        (
            {"proc/self/cgroup": "0::/jobs/a\n", "sys/fs/cgroup/jobs/memory.max": "1048576000"},
            1000,
        ),
        (
            {"proc/self/cgroup": "4:cpu,memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "1048576000"},
            1000,
        ),
    ],
)
def test_container_memory(tmp_path: Path, files: dict[str, str], expected: int | None) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert gradescope.container_memory_mb(tmp_path) == expected


@pytest.mark.parametrize(("container", "expected"), [(None, 600), (768, 468), (4000, 600), (400, 200)])
def test_the_worker_leaves_the_grader_its_memory(
    kit: Path, monkeypatch: pytest.MonkeyPatch, container: int | None, expected: int
) -> None:
    monkeypatch.setattr(gradescope, "container_memory_mb", lambda: container)
    assignment: Assignment = load(kit / "grading.yml")["tiny"]
    assert gradescope.fitted(assignment).limits.memory_mb == expected


def test_a_stuck_check_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(CheckEnded, match="used up"), gradescope.stopped_after(0.2, 20):
        time.sleep(10)
    assert time.monotonic() - begun < 2
    time.sleep(0.3)  # and nothing is left ticking


def test_a_stuck_process_ends() -> None:
    program = (
        "import time; from autograder.gradescope import stopped_after\n"
        "with stopped_after(0.1, 0.5):\n"
        "    while True:\n"
        "        try: time.sleep(10)\n"
        "        except BaseException: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=KIT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "Timeout" in done.stderr


# ---- the container --------------------------------------------------------------------------------------------------


@functools.cache
def no_container() -> str:
    """Why no container can be laid out here; empty if it can."""
    if os.geteuid() != 0:
        return "only root can start a process as another user"
    if sys.prefix == sys.base_prefix:
        return "the packages have to lie in a virtual environment, which is shown in the container"
    if shutil.which("bwrap") is None:
        return "bubblewrap isn't installed"
    probe = subprocess.run(
        ["bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"], capture_output=True
    )
    return f"bubblewrap doesn't work as root: {probe.stderr.decode()[:200]}" if probe.returncode else ""


@dataclass(frozen=True)
class Container:
    """A container's file system: `autograder` and `opt` are kept between commands, the rest is fresh each time."""

    autograder: Path
    opt: Path

    def command(self) -> list[str]:
        """bwrap with the container's mounts: a system, an interpreter where it lies here, and the two folders."""
        command = ["bwrap", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session", "--cap-add", "ALL"]
        for folder in ("/usr", "/bin", "/lib", "/lib64", "/sbin", "/etc"):
            if os.path.islink(folder):
                command += ["--symlink", os.readlink(folder), folder]
            elif os.path.isdir(folder):
                command += ["--ro-bind", folder, folder]
        if os.path.exists("/usr/bin/bwrap"):
            command += ["--ro-bind", "/dev/null", "/usr/bin/bwrap"]  # the platform has none
        command += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp", "--tmpfs", "/run"]
        base = Path(sys.base_prefix)
        if not base.is_relative_to("/usr"):
            for parent in reversed(base.parents[:-1]):  # made by --dir they are open to all
                command += ["--dir", str(parent)]
            command += ["--ro-bind", str(base), str(base)]
        command += ["--dir", "/opt", "--bind", str(self.opt), "/opt/touchstone"]
        command += ["--ro-bind", sys.prefix, "/opt/touchstone/venv", "--bind", str(self.autograder), "/autograder"]
        command += ["--clearenv", "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", "--setenv", "SECRET", "42"]
        return [*command, "--chdir", "/"]

    def run(self, script: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a bash script in the container, as root."""
        return subprocess.run(
            [*self.command(), "bash", "-c", script], capture_output=True, text=True, timeout=timeout, check=False
        )

    def set_up(self) -> subprocess.CompletedProcess[str]:
        """What the platform does to make an image, without what needs the internet."""
        return self.run(
            "export TOUCHSTONE_PYTHON=/opt/touchstone/venv/bin/python\n"
            "bash /autograder/source/setup.sh || exit\n"
            "install -m 0755 /autograder/source/run_autograder /autograder/run_autograder"
        )

    def grade(self, files: dict[str, str]) -> "Run":
        """What the platform does for a submission; afterwards, the processes that the student's user still has."""
        for name in ("submission", "results"):
            shutil.rmtree(self.autograder / name, ignore_errors=True)
            (self.autograder / name).mkdir()
        (self.autograder / "results/results.json").write_text("stale")
        (self.autograder / "submission_metadata.json").write_text("{}")
        for name, text in files.items():
            (self.autograder / "submission" / name).write_text(text)
        begun = time.monotonic()
        done = self.run(
            "/autograder/run_autograder; status=$?\n"
            "for process in /proc/[0-9]*; do\n"
            "    read -r _ uid _ < <(grep '^Uid:' $process/status 2>/dev/null)\n"
            f"    (( uid >= {FIRST_UID} && uid < {FIRST_UID + SLOTS} )) && echo LEFT BEHIND: $(<$process/cmdline) >&2\n"
            "done\n"
            "exit $status"
        )
        seconds = time.monotonic() - begun
        results = json.loads((self.autograder / "results/results.json").read_text())
        return Run(done.returncode, done.stdout, done.stderr, results, seconds)


@dataclass(frozen=True)
class Run:
    """What a run left."""

    status: int
    stdout: str
    stderr: str
    results: dict
    seconds: float

    @property
    def scores(self) -> dict[str, float]:
        return {test["number"]: test["score"] for test in self.results["tests"] if "score" in test}


@contextlib.contextmanager
def laid_out(archive: Path, folder: Path) -> Iterator[Container]:
    """A container with the zip unpacked in it, not set up yet."""
    container = Container(folder / "autograder", folder / "opt")
    (container.opt / "venv").mkdir(parents=True)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(container.autograder / "source")
    yield container


@pytest.fixture(scope="module")
def container(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """The container of the tiny assignment, set up."""
    if no_container():
        pytest.skip(no_container())
    folder = tmp_path_factory.mktemp("container")
    with laid_out(pack(kit, folder), folder) as made:
        set_up_well(made)
        yield made


def set_up_well(container: Container) -> str:
    """Set a container up, see that its self-test is right, and return what was said."""
    done = container.set_up()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "solved 3 of 3 points" in done.stdout
    assert "blank 0 of 3 points" in done.stdout
    for word in ("user", "uid", "seccomp", "no_new_privs"):
        assert word in done.stdout
    assert list((container.opt / "matplotlib").glob("fontlist-*.json"))
    return done.stdout


def test_a_good_submission(container: Container) -> None:
    run = container.grade({"homework 1 (final).ipynb": notebook(GOOD), "own.txt": "mine"})
    assert run.status == 0, run.stdout + run.stderr
    assert run.stderr == ""
    assert run.scores == {"1": 1, "2": 2}
    for test in run.results["tests"]:
        assert {"name", "number", "output", "output_format", "visibility"} <= set(test)
        assert test["output_format"] in ("text", "html", "md", "ansi")
    assert "points" not in run.stdout  # facts only
    facts = json.loads(run.stdout)
    assert facts["isolation"] == "user"
    assert {"uid", "seccomp", "no_new_privs", "rlimits"} <= set(facts["enforced"])


def test_a_curious_submission_reads_and_leaves_nothing(container: Container) -> None:
    run = container.grade({"tiny.ipynb": notebook(CURIOUS), "own.txt": "mine"})
    assert run.scores == {"1": 1, "2": 2}, run.results
    assert (run.status, run.stderr) == (0, "")


def test_so_too_without_landlock(kit: Path, tmp_path: Path) -> None:
    if no_container():
        pytest.skip(no_container())
    with laid_out(pack(kit, tmp_path), tmp_path) as container:
        jail = container.autograder / "source/files/autograder/sandbox/touchstone_worker/jail.py"
        text = jail.read_text()
        assert text.count("if abi < 1:") == 1
        jail.write_text(text.replace("if abi < 1:", "if True:"))  # what a kernel without it does
        assert "landlock" not in set_up_well(container)
        run = container.grade({"tiny.ipynb": notebook(CURIOUS), "own.txt": "mine"})
    assert run.scores == {"1": 1, "2": 2}, run.results
    assert (run.status, run.stderr) == (0, "")


def test_a_hanging_submission_is_graded_in_time(container: Container) -> None:
    run = container.grade({"tiny.ipynb": notebook(HANGING)})
    assert run.scores == {"1": 0, "2": 2}
    assert (run.status, run.stderr) == (0, "")
    assert run.seconds < 15


def test_no_notebook_is_graded_too(container: Container) -> None:
    run = container.grade({"essay.txt": "Dear professor"})
    assert run.scores == {"1": 0, "2": 0}
    assert "notebook" in json.dumps(run.results)
    assert run.status == 0


def test_when_the_grader_fails_the_student_is_not_blamed(container: Container) -> None:
    policy = container.autograder / "source/files/grading.yml"
    text = policy.read_text()
    try:
        policy.write_text(text.replace("points: 4", "points: 5"))
        run = container.grade({"tiny.ipynb": notebook(GOOD)})
    finally:
        policy.write_text(text)
    assert run.status == 1
    assert "points is 5" in run.stderr
    assert run.results["score"] == 0
    assert "not the fault of your submission" in run.results["output"]


@pytest.mark.parametrize(
    ("solved", "blank", "sentence"),
    [
        (GOOD.replace("2 * x", "3 * x"), BLANK, "the reference earns "),
        (GOOD, GOOD, "the blank passes doubles_three"),
    ],
)
def test_set_up_refuses_a_wrong_pair(kit: Path, tmp_path: Path, solved: str, blank: str, sentence: str) -> None:
    if no_container():
        pytest.skip(no_container())
    with laid_out(pack(kit, tmp_path, solved=solved, blank=blank), tmp_path) as container:
        done = container.set_up()
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "self-test did not pass" in done.stderr


@pytest.mark.slow
def test_a_worker_that_dies_late_is_graded_in_time(container: Container) -> None:
    naps = "\n# %%\n".join(["import os, signal, time; time.sleep(1.9)"] * 6)  # run again after each death
    murder = "\n# %%\nopened = ['own.txt']\ndef double(x):\n    os.kill(os.getppid(), signal.SIGKILL)\n    os._exit(1)"
    run = container.grade({"tiny.ipynb": notebook(naps + murder)})
    assert run.scores == {"1": 0, "2": 1}  # the last check had no time left
    assert (run.status, run.stderr) == (0, "")
    assert run.seconds < 30


@pytest.mark.slow
def test_newton_gd_as_it_is_handed_out(tmp_path: Path) -> None:
    from autograder.release import release

    if no_container():
        pytest.skip(no_container())
    assignment = load()["newton_gd"]
    folder = release(assignment, tmp_path / "dist")
    with laid_out(folder / "autograder.zip", tmp_path) as container:
        done = container.set_up()
        assert done.returncode == 0, done.stdout + done.stderr
        run = container.grade({"newton_gd.ipynb": (folder / "solved.ipynb").read_text()})
    assert run.status == 0, run.stderr
    assert run.results["score"] == float(assignment.automatic_points)
    assert len(run.scores) == len(assignment.coded)
