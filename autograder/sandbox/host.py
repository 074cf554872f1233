"""The grader's half of the sandbox: start a worker, run the cells, ask a fork of it during each check.

Whatever comes from the worker is untrusted: frames are bounded and checked, waits have a deadline, and a worker that
misbehaves is killed with everything it started. Nothing that it says decides anything but its own observations.
"""

import builtins
import dataclasses
import math
import re
import signal
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox.isolation import Isolation, Process, scratch_folder, start
from autograder.sandbox.stage import Stage
from autograder.sandbox.touchstone_worker import frames
from shared.kit.calling import Observation, Raised, read_observation, refusal
from shared.kit.checking import CheckEnded, MissingName, StudentFunction, ending_where_refused, returned
from shared.kit.values import Opaque, Seeded, Tensor, ValueRefused, decode, encode, encode_function, encode_name

GRACE_SECONDS = 2.0  # for what the worker does at once
AFTER_CELL_SECONDS = 20.0  # between the worker's own time limit on a cell and ours: it may load more of torch
FORK_SECONDS = 30.0  # a busy machine may take long; a worker that doesn't answer then is given up
MOST_RESTARTS = 2
COMMON_NAMES = frozenset(
    ("<module>", "<lambda>", "generator", "function", "builtin_function_or_method", "method", "module", "coroutine")
    + ("dict_keys", "dict_values", "dict_items", "Generator", "RandomState", "Figure", "Axes", "Tensor", "DataFrame")
    + ("Series", "LinAlgError", "AxisError", "UFuncTypeError", "_UFuncNoLoopError", "_ArrayMemoryError", "CellTimeout")
)


@dataclass(frozen=True)
class Reach:
    """What the worker says of some of the notebook's names; a hint, since the student's code may have changed it.

    defined: the names that the notebook has. names: those of the names asked about that the first get to.
    """

    defined: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True)
class CellReport:
    """What running one cell did. error: type, message and line of the exception that stopped it, if one did."""

    index: int
    error: Raised | None = None
    timeout: bool = False
    died: bool = False
    skipped: bool = False
    prints: str = ""

    @property
    def went_well(self) -> bool:
        return not (self.error or self.timeout or self.died or self.skipped)


class Sandbox:
    """One submission's worker, replaced when it dies. Use as a context manager; `run_cells` comes first."""

    def __init__(
        self,
        kit: Stage,
        isolation: Isolation,
        cells: Sequence[str],
        files: Path | None = None,
        *,
        memory_mb: int = 700,
        cell_seconds: float = 60.0,
        cells_seconds: float = 300.0,
        deadline: float = math.inf,
        asked: Collection[str] = (),
    ) -> None:
        self._kit = kit
        self._isolation = isolation
        self._cells = tuple(cells)
        self._memory_mb = memory_mb
        self._cell_seconds = cell_seconds
        self._cells_seconds = cells_seconds
        self._deadline = deadline  # time.monotonic(): cells that run again, run in what is left
        self._files = files
        self._asked = frozenset(asked)  # names that are never what another one was misspelt as
        self._guilty: dict[int, CellReport] = {}  # cells that took the process with them are not run again
        self._restarts = 0
        self.peak_mb = 0.0  # the largest resident size of a worker or a fork, as the worker tells it
        self._process: Process | None = None
        self._stack = ExitStack()

    def __enter__(self) -> "Sandbox":
        self._scratch = self._stack.enter_context(scratch_folder(self._kit, self._files))
        self._start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._end()
        self._stack.close()

    def run_cells(self) -> tuple[CellReport, ...]:
        """Run every cell in order. A cell that ends the process is left out when the others run again."""
        while True:
            deadline = min(time.monotonic() + self._cells_seconds, self._deadline)
            reports = []
            for index, source in enumerate(self._cells):
                report = self._guilty.get(index)
                if report is None:
                    report = self._run_cell(index, source, deadline)
                reports.append(report)
                if self._process is None:
                    break
            if self._process is not None:
                return tuple(reports)
            if self._restarts >= MOST_RESTARTS:
                missing = range(len(reports), len(self._cells))
                return (*reports, *(CellReport(index, skipped=True) for index in missing))
            self._restarts += 1
            self._start()

    def _run_cell(self, index: int, source: str, deadline: float) -> CellReport:
        seconds = min(self._cell_seconds, deadline - time.monotonic())
        if seconds <= 0:
            return CellReport(index, skipped=True)
        assert self._process is not None
        control = self._process.control
        try:
            frames.send(control, {"op": "cell", "source": source, "seconds": seconds}, seconds)
            reply = frames.receive(control, seconds + AFTER_CELL_SECONDS)
            error = reply["error"]
            return CellReport(
                index,
                error=Raised(*(str(part)[:500] for part in error)) if error else None,
                timeout=bool(reply["timeout"]),
                prints=str(reply["prints"])[:2000],
            )
        except (frames.TimedOut, frames.Closed, KeyError, TypeError) as failure:
            self._end()
            timed_out = isinstance(failure, frames.TimedOut)
            self._guilty[index] = CellReport(index, timeout=timed_out, died=not timed_out)
            return self._guilty[index]

    @contextmanager
    def check(
        self, seconds: float, stand_ins: Mapping[str, Any] | None = None, answering: float = 0.0
    ) -> Iterator[Callable[[str], Any]]:
        """A fork of the worker for one check; gives `resolve(name)`, a StudentFunction or plain data.

        stand_ins: what names of the notebook are in this fork alone: plain values, and functions, which answer
        call-backs of the student's code on this side. Such a function is given the state of a random generator where
        the student passes one, and returns its value and a list of the states afterwards.
        answering: how many seconds, spent on this side in answering call-backs, don't count.
        Raises CheckEnded when time (wall or CPU) is up or the fork dies; afterwards the fork is dead in any case.
        """
        with self._session(seconds) as session:
            if stand_ins:
                session.replace(stand_ins, answering)
            yield session.resolve

    def reach(self, asked: Sequence[tuple[Collection[str], Collection[str]]], seconds: float) -> list[Reach]:
        """For each pair (roots, ends): which roots are defined, and which of `ends` their code gets to.

        Raises CheckEnded as `check` does, and for an answer that can't be read.
        """
        with self._session(seconds) as session:
            return session.reach(asked)

    @contextmanager
    def _session(self, seconds: float) -> Iterator["_Session"]:
        session = _Session(self._connect(seconds), seconds, self._reap, self._asked, self._cells)
        try:
            yield session
        finally:
            session.close()
            if not session.reaped:
                self._reap()

    def _connect(self, seconds: float) -> socket.socket:
        """Ask the warm worker for a fork; start a new worker, twice at most, if it is dead."""
        while True:
            if self._process is None:
                if self._restarts >= MOST_RESTARTS:
                    raise CheckEnded("died", "The process that ran your notebook has ended too often.")
                self._restarts += 1
                self._start()
                self.run_cells()
                continue
            ours, theirs = socket.socketpair()
            try:
                control = self._process.control
                frames.send(control, {"op": "fork", "cpu_seconds": int(seconds) + 1}, GRACE_SECONDS)
                socket.send_fds(control, [b"\0"], [theirs.fileno()])
                frames.receive(control, FORK_SECONDS)
                return ours
            except (frames.Closed, frames.TimedOut, OSError):
                ours.close()
                self._end()
            finally:
                theirs.close()

    def _reap(self, seconds: float = 0.0) -> int:
        """Have the warm worker kill its fork; return how the fork had ended. A worker that can't is killed itself.

        seconds: how long a fork that is ending by itself may take to be dead.
        """
        if self._process is None:
            return 0
        try:
            frames.send(self._process.control, {"op": "reap", "seconds": seconds}, GRACE_SECONDS)
            reply = frames.receive(self._process.control, 5 * GRACE_SECONDS)
            status, peak = reply.get("status"), reply.get("peak_kb")
            self.peak_mb = max(self.peak_mb, peak / 1024 if isinstance(peak, int) else 0.0)
            return status if isinstance(status, int) else 0
        except (frames.Closed, frames.TimedOut):
            self._end()
            return 0

    def _start(self) -> None:
        self._process = start(self._isolation.backend, self._kit, self._scratch, self._memory_mb)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Session:
    """One check's conversation with its fork."""

    def __init__(
        self,
        connection: socket.socket,
        seconds: float,
        reap: Callable[..., int],
        asked: frozenset[str],
        cells: tuple[str, ...],
    ) -> None:
        self._connection = connection
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._reap = reap
        self._asked = asked
        self._cells = cells
        self._functions: list[Callable[..., Any]] = []  # those that stand in for names first, then a call's own
        self._standing = 0
        self._answering = 0.0
        self._ended: CheckEnded | None = None
        self.reaped = False

    def close(self) -> None:
        self._connection.close()

    def resolve(self, name: str) -> Any:
        """A name of the notebook: a StudentFunction, or plain data. Raises MissingName."""
        reply = self._ask({"op": "name", "name": name})
        if reply.get("missing"):
            similar = [item for item in reply.get("similar", []) if isinstance(item, str) and item.isidentifier()]
            similar = [item for item in similar if item not in self._asked and self._known(item)]
            hint = f" It does define {' and '.join(similar[:3])}." if similar else ""
            raise MissingName(f"Your notebook doesn't define {name}.{hint}")
        if reply.get("function"):
            return StudentFunction(name, lambda arguments, keywords: self._call(name, arguments, keywords), self._call)
        with ending_where_refused(f"{name} is"):
            if "value" not in reply:
                raise refusal(reply)
            return self._read(reply["value"])

    def replace(self, stand_ins: Mapping[str, Any], answering: float) -> None:
        """Let names of the notebook be functions of ours, or plain values. answering: see `Sandbox.check`."""
        self._ask({"op": "stand_ins", "values": {name: self._encoded(value) for name, value in stand_ins.items()}})
        self._standing = len(self._functions)
        self._answering = answering

    def reach(self, asked: Sequence[tuple[Collection[str], Collection[str]]]) -> list[Reach]:
        """See `Sandbox.reach`."""
        reply = self._ask({"op": "reach", "asked": [[list(roots), list(ends)] for roots, ends in asked]})
        try:
            return [
                Reach(frozenset(roots) & set(found["defined"]), frozenset(ends) & set(found["names"]))
                for (roots, ends), found in zip(asked, reply["reached"], strict=True)
            ]
        except (LookupError, TypeError, ValueError) as error:
            raise CheckEnded("died", "The process that ran your notebook answers what nobody asked.") from error

    def _call(self, target: str | int, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Observation:
        del self._functions[self._standing :]
        frame = {
            "op": "call",
            "target": target,
            "arguments": [self._encoded(value) for value in arguments],
            "keywords": {name: self._encoded(value) for name, value in keywords.items()},
        }
        return self._observed(self._ask(frame))

    def _observed(self, reply: dict[str, Any]) -> Observation:
        observation = read_observation(reply, self._read)
        raised = observation.raised
        if raised is None:
            return observation
        # a line or a name of no cell may have been made to carry an input out
        mine = any(raised.code in source for source in self._cells)
        raised = dataclasses.replace(
            raised,
            type_name=raised.type_name if self._known(raised.type_name) else "an exception",
            function=raised.function if mine and self._known(raised.function) else "",
            code=raised.code if mine else "",
        )
        return dataclasses.replace(observation, raised=raised)

    def _known(self, name: str) -> bool:
        """Whether a name is Python's, a common library's, or stands in a cell."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        return hasattr(builtins, name) or name in COMMON_NAMES or any(word.search(source) for source in self._cells)

    def _of_handle(self, operation: str, handle: Opaque, *rest: Any) -> Any:
        """Call an object behind a handle, read its attribute, or run a function of the kit's on it."""
        with ending_where_refused(f"{handle.type_name} returned"):
            if operation == "call":
                observation = self._call(handle.handle, *rest)
            elif operation == "kit":
                observation = self._call(*rest)
            else:
                observation = self._observed(self._ask({"op": "attribute", "target": handle.handle, "name": rest[0]}))
        return returned(observation, handle.type_name)

    def _read(self, data: Any) -> Any:
        if not isinstance(data, bytes):
            raise ValueRefused("a malformed value")
        return decode(
            data,
            opaque=lambda handle, name: Opaque(handle, name if self._known(name) else "object", self._of_handle),
            generator=lambda _: _refuse_generator(),
        )

    def _encoded(self, value: Any) -> bytes:
        if isinstance(value, StudentFunction):
            return encode_name(value.name)
        if callable(value) and not isinstance(value, Opaque | Seeded | Tensor):
            self._functions.append(value)
            return encode_function(len(self._functions) - 1)
        return encode(value, lambda item: item.handle if isinstance(item, Opaque) else _not_plain(item))

    def _ask(self, frame: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its reply, answering call-backs meanwhile."""
        if self._ended is not None:
            raise self._ended  # a check that swallowed the end must not go on
        try:
            frames.send(self._connection, frame, self._left())
            while True:
                reply = frames.receive(self._connection, self._left())
                if "callback" not in reply:
                    return reply
                begun = time.monotonic()
                answer = self._answer(reply)
                ours = min(time.monotonic() - begun, self._answering)
                self._answering -= ours
                self._deadline += ours
                frames.send(self._connection, answer, self._left())
        except frames.TimedOut:
            self._ended = CheckEnded("timeout", f"It ran for more than {self._seconds:g} seconds and was stopped.")
        except frames.Closed:
            self._ended = self._death()
        raise self._ended

    def _left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def _answer(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Call the grader's function that the worker asks for."""
        try:
            function = self._functions[reply["callback"]]
            arguments = [self._read(data) for data in reply["arguments"]]
            keywords = {str(name): self._read(data) for name, data in reply["keywords"].items()}
        except (LookupError, TypeError, AttributeError, ValueRefused):
            return {"error": "the call could not be read"}
        try:
            return {"value": encode(function(*arguments, **keywords))}
        except (ValueError, TypeError, IndexError, ArithmeticError) as error:
            return {"error": type(error).__name__}  # wrong arguments; the message could carry values of ours

    def _death(self) -> CheckEnded:
        """Say why the fork is gone."""
        self.reaped = True
        status = self._reap(0.5)
        if status == -signal.SIGXCPU:
            return CheckEnded("timeout", f"It used more than {self._seconds:g} seconds of CPU and was stopped.")
        by = f" by {signal.Signals(-status).name}" if -65 < status < 0 and -status in set(signal.Signals) else ""
        return CheckEnded(
            "died", f"Your code ended the process that ran it{by} (os._exit, a crash, or no memory left?)."
        )


def _refuse_generator() -> Any:
    raise ValueRefused("a generator's seed, which only the grader sends")


def _not_plain(item: Any) -> int:
    raise TypeError(f"a check passed a {type(item).__name__}, which can't cross to the student's side")
