"""Start a worker so that it can't touch anything else: bubblewrap, another user, or (asked for) nothing.

What works is found by probing: a worker is started the same way, made to enter its jail, and has to say that it is in.
"""

import contextlib
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from autograder.sandbox.stage import KIT, Stage
from autograder.sandbox.touchstone_worker import frames

Backend = Literal["bubblewrap", "user", "none"]
FIRST_UID, SLOTS = 60706, 478  # ids that no distribution, directory or service manager gives out
MOST_PROCESSES = 64
START_SECONDS = 30.0
SECRETS = ("solutions", "autograder/checks", "autograder/images", "grading.yml")


class IsolationUnavailable(RuntimeError):
    """No way to run student code safely here; the message says what to do."""


@dataclass(frozen=True)
class Isolation:
    """A backend that was shown to work, and what it enforces."""

    backend: Backend
    enforced: tuple[str, ...]


@dataclass
class Process:
    """A running worker: its process, our end of its control socket, and the user it runs as (None: ours)."""

    popen: subprocess.Popen[bytes]
    control: socket.socket
    uid: int | None
    lock: IO[bytes] | None
    enforced: tuple[str, ...] = ()

    def end(self) -> None:
        """Kill the worker and everything that it has started, and wait until all of it is dead."""
        self.control.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it may have gone by itself
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.kill()
        self.popen.wait()
        if self.uid is not None:
            end_all_of(self.uid)
        if self.lock is not None:
            self.lock.close()


def choose(wanted: str, kit: Stage) -> Isolation:
    """The backend to use: `wanted`, or for «auto» the first that works of bubblewrap and user.

    Raises IsolationUnavailable with a sentence that names the ways out.
    """
    backends: tuple[Backend, ...] = ("bubblewrap", "user") if wanted == "auto" else (wanted,)  # type: ignore[assignment]
    reasons = []
    for backend in backends:
        try:
            return Isolation(backend, probe(backend, kit))
        except IsolationUnavailable as error:
            reasons.append(f"{backend}: {error}")
    raise IsolationUnavailable(
        f"Student code can't be isolated here ({'; '.join(reasons)}). Install bubblewrap on Linux, use WSL on Windows "
        "or a Linux container elsewhere, or pass --isolation none to grade code that you trust."
    )


def probe(backend: Backend, kit: Stage) -> tuple[str, ...]:
    """Start a worker under `backend` and end it; return what it enforces. Raises IsolationUnavailable."""
    with scratch_folder(kit, None) as scratch:
        process = start(backend, kit, scratch, memory_mb=700)
        process.end()
        return process.enforced


@contextmanager
def scratch_folder(kit: Stage, files: Path | None) -> Iterator[Path]:
    """A folder for one submission's run: a copy of its files, and matplotlib's font list."""
    folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=kit.root))
    try:
        if files is not None:
            shutil.copytree(files, folder, dirs_exist_ok=True)
        cache = folder / ".matplotlib"
        cache.mkdir(exist_ok=True)
        for font_list in kit.fonts:
            shutil.copyfile(font_list, cache / font_list.name)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a student's process may have left what can't be removed


def start(backend: Backend, kit: Stage, scratch: Path, memory_mb: int) -> Process:
    """Start a worker and see it into its jail. Raises IsolationUnavailable if that fails."""
    lock: IO[bytes] | None = None
    uid: int | None = None
    visible = scratch
    kit_path = kit.kit
    if backend == "bubblewrap":
        visible, kit_path = Path("/scratch"), Path("/kit")
        prefix = _bubblewrap(kit, scratch)
    else:
        prefix = []
    if backend == "user":
        if os.geteuid() != 0:
            raise IsolationUnavailable("only root can start a process as another user")
        uid, lock = _free_uid()
        for path in (scratch, *scratch.rglob("*")):
            os.chown(path, uid, uid, follow_symlinks=False)
        os.chmod(scratch, 0o700)
    ours, theirs = socket.socketpair()
    # errors: what a worker that can't start says; once in jail it writes there no more
    with tempfile.TemporaryFile() as errors:
        try:
            popen = subprocess.Popen(
                [*prefix, sys.executable, "-B", "-s", "-P", "-m", "touchstone_worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=_environment(kit_path, visible),
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                cwd="/",
            )
        except OSError as error:
            ours.close()
            if lock is not None:
                lock.close()
            raise IsolationUnavailable(f"{[*prefix, sys.executable][0]} can't be started: {error}") from error
        finally:
            theirs.close()
        process = Process(popen, ours, uid, lock)
        try:
            frames.send(ours, _orders(backend, kit, visible, uid, memory_mb), START_SECONDS)
            reply = frames.receive(ours, START_SECONDS)
        except (frames.Closed, frames.TimedOut) as error:
            process.end()
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines()
            reason = f": {said[-1][:300]}" if said else ""
            raise IsolationUnavailable(f"the worker ended before it was ready{reason}") from error
    if "failed" in reply:
        process.end()
        raise IsolationUnavailable(str(reply["failed"])[:300])
    namespaces = ("namespaces",) if backend == "bubblewrap" else ()
    process.enforced = namespaces + tuple(str(item) for item in reply.get("enforced", ()))
    return process


def _environment(kit: Path, scratch: Path) -> dict[str, str]:
    """The worker's whole environment: nothing of the grader's own leaks into it."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(kit),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "IPYTHONDIR": str(scratch / ".ipython"),
        "MPLCONFIGDIR": str(scratch / ".matplotlib"),
        "MPLBACKEND": "Agg",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TOUCHSTONE_GRADING": "1",
        # large arrays are given back at once: in the C library's heap, which learns to keep them, they leave holes that
        # the next one doesn't fit into, and memory that nobody uses counts towards the limit
        "MALLOC_MMAP_THRESHOLD_": str(2 * 2**20),
    }


def _orders(backend: Backend, kit: Stage, scratch: Path, uid: int | None, memory_mb: int) -> dict[str, Any]:
    """What the worker is told to enforce on itself."""
    system = ["/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", "/sys/devices/system/cpu", "/dev/urandom"]
    readable = [*system, sys.prefix, sys.base_prefix, str(kit.kit)]
    return {
        "uid": uid,
        "memory_mb": memory_mb,
        "processes": MOST_PROCESSES,
        "scratch": str(scratch),
        "readable": readable if backend == "user" else [],
        "writable": [str(scratch), "/dev/null", "/dev/zero"] if backend == "user" else [],
        "secrets": [str(KIT / name) for name in SECRETS] if backend != "none" else [],
    }


def _bubblewrap(kit: Stage, scratch: Path) -> list[str]:
    """The command that shows a worker a read-only system, its kit and its scratch folder, in namespaces of its own."""
    program = shutil.which("bwrap")
    if program is None:
        raise IsolationUnavailable("bwrap isn't installed")
    command = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--uid", "65534", "--gid", "65534", "--hostname", "touchstone"]
    for folder in ("/usr", "/bin", "/lib", "/lib64", "/sbin"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            command += ["--ro-bind", folder, folder]
    for path in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/ssl", "/etc/alternatives"):
        command += ["--ro-bind-try", path, path]
    # before the interpreter's folders: they may lie under /tmp, and what is mounted later hides what was there
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(64 * 2**20), "--tmpfs", "/tmp"]  # noqa: S108
    for prefix in sorted({sys.base_prefix, sys.prefix}):
        if not prefix.startswith("/usr"):
            command += ["--ro-bind", prefix, prefix]
    command += ["--ro-bind", str(kit.kit), "/kit", "--bind", str(scratch), "/scratch", "--chdir", "/"]
    return [*command, "--"]


def _free_uid() -> tuple[int, IO[bytes]]:
    """A user id that no other worker has, and the open file whose lock says so.

    Taken at random: the kernel counts a user's processes over all containers of a machine, so neighbours should differ.
    """
    folder = Path("/run/touchstone") if os.access("/run", os.W_OK) else Path(tempfile.gettempdir()) / "touchstone-uids"
    folder.mkdir(mode=0o700, exist_ok=True)
    for uid in random.sample(range(FIRST_UID, FIRST_UID + SLOTS), SLOTS):
        lock = open(folder / str(uid), "wb")  # noqa: SIM115 (open for as long as the uid is in use)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        end_all_of(uid)  # what a killed grader may have left behind
        return uid, lock
    raise IsolationUnavailable(f"all {SLOTS} user ids from {FIRST_UID} on are in use")


def end_all_of(uid: int) -> None:
    """Kill every process of `uid`, and return when none is left. Needs root."""
    deadline = time.monotonic() + 10
    while processes_of(uid):
        killer = os.fork()
        if killer == 0:
            try:
                os.setresuid(uid, uid, uid)
                os.kill(-1, signal.SIGKILL)  # everything this uid may signal, at once: no race with new forks
            finally:
                os._exit(0)
        os.waitpid(killer, 0)
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes of uid {uid} can't be killed")
        time.sleep(0.01)


def processes_of(uid: int) -> list[int]:
    """The living processes of `uid`."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            status = Path(entry.path, "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if str(uid) in fields["Uid"].split() and not fields["State"].startswith("Z"):
            found.append(int(entry.name))
    return found
