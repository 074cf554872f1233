"""Run a function of ours in a child process: with a limit on its time and its memory, and nothing of it but its result.

The course's own functions meet inputs that a student chose: 10**12 steps, gigabytes. Run apart, they cost a killed
child, and the grader goes on.

    apart(reference.newton, X, y, theta0, seconds=5.0)        # the value, or NoResult

    with Helper(answer) as helper:                            # one child for many calls
        helper.call("gradient", theta, X, y, seconds=5.0)     # answer("gradient", theta, X, y), over there
"""

import contextlib
import functools
import gc
import os
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, NoReturn

from autograder.sandbox.touchstone_worker.jail import go_first_when_memory_is_out, libc

PR_SET_PDEATHSIG = 1
MEMORY_MB = 500

Reason = Literal["timeout", "memory", "exception", "died"]


class NoResult(Exception):
    """A function run apart gave no result.

    reason: why. type_name: of the exception that it raised; the exception's text stays behind, since it may tell what
    the function knows.
    """

    def __init__(self, reason: Reason, type_name: str = "") -> None:
        super().__init__(f"{reason} {type_name}".strip())
        self.reason = reason
        self.type_name = type_name


def apart(function: Callable[..., Any], *arguments: Any, seconds: float, memory_mb: int = MEMORY_MB) -> Any:
    """function(*arguments), computed in a child process that is dead afterwards.

    The function may be any callable, a closure too; its result has to be picklable. seconds: of wall time. memory_mb:
    beyond what this process has now. Raises NoResult for everything that isn't a result.
    """
    with Helper(functools.partial(function, *arguments), memory_mb) as helper:
        return helper.call(seconds=seconds)


class Helper:
    """A child process that answers calls of one function; a context manager.

    The child starts at the first call, as a fork of this process, so it knows what this process knows then. One that
    was killed is replaced at the next call. Not for use from several threads.
    """

    def __init__(self, function: Callable[..., Any], memory_mb: int = MEMORY_MB) -> None:
        self._function = function
        self._memory_mb = memory_mb
        self._child: tuple[int, Connection] | None = None

    def __enter__(self) -> "Helper":
        return self

    def __exit__(self, *_: Any) -> None:
        self._end()

    def call(self, *arguments: Any, seconds: float) -> Any:
        """function(*arguments) in the child; what is passed and what comes back is pickled. Raises NoResult."""
        deadline = time.monotonic() + seconds
        if self._child is None:
            try:
                self._child = _start(self._function, self._memory_mb)
            except OSError as error:  # no process is to be had
                raise NoResult("died") from error
        _, connection = self._child
        answered = False
        try:
            connection.send(arguments)
            if not connection.poll(max(0.0, deadline - time.monotonic())):
                raise NoResult("timeout")
            # pickle is safe here: what it rebuilds comes from our own code, which was given nothing but data
            reason, value = connection.recv()
            answered = True
        except (EOFError, ConnectionError) as error:
            raise NoResult("died") from error
        finally:
            if not answered:  # also after Ctrl-C: an answer that comes late would be taken for the next one
                self._end()
        if reason:
            raise NoResult(reason, value)
        return value

    def _end(self) -> None:
        if self._child is not None:
            pid, connection = self._child
            self._child = None
            connection.close()
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _start(function: Callable[..., Any], memory_mb: int) -> tuple[int, Connection]:
    """Fork a child that answers calls of `function`; its process id, and our end of its connection.

    Not multiprocessing.Process: that one flushes this process's streams, closes in on signals of its own and runs the
    exit handlers, none of which may happen beside a progress bar or in a worker of a pool.
    """
    ours, theirs = Pipe()
    parent = os.getpid()
    with warnings.catch_warnings():
        # Python warns of a fork beside threads. The child takes no lock that the progress bar's thread could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            _settle(parent, theirs, memory_mb)
            _answer(function, theirs)
        finally:
            os._exit(1)
    theirs.close()
    return pid, ours


def _settle(parent: int, connection: Connection, memory_mb: int) -> None:
    """In the child: die with the parent, hold nothing of its, say nothing, and need no more than is allowed."""
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what the parent left is never collected here: no finalizer of its runs
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    # the sockets of the sandbox above all: a value that asks the student's process must find none here
    os.closerange(3, connection.fileno())
    os.closerange(connection.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    sys.stdin = open(os.devnull)  # noqa: SIM115 (open for as long as the process lives)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    go_first_when_memory_is_out()
    torch: Any = sys.modules.get("torch")
    if hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)  # a fork of a process whose torch has used threads hangs otherwise
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + memory_mb * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(function: Callable[..., Any], connection: Connection) -> NoReturn:
    """In the child: answer each call with («», value) or (reason, name of the exception's type), until cut off."""
    warnings.simplefilter("ignore")
    while True:
        try:
            arguments = connection.recv()
        except EOFError:
            os._exit(0)
        answer: tuple[Reason | Literal[""], Any]
        try:
            connection.send(("", function(*arguments)))
            continue
        except (ConnectionError, KeyboardInterrupt):
            os._exit(0)
        except MemoryError:
            answer = ("memory", "")
        except BaseException as error:  # whatever it was, the parent goes on
            answer = ("exception", type(error).__name__)
        connection.send(answer)
