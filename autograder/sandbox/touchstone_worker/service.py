"""Serve the grader: run cells, fork for each check, answer a check's requests in the fork.

The warm process keeps what the cells defined. Each check gets a fork of it over a socket of its own, so a check that
hangs, exits, fills memory or changes a global costs nothing else.
"""

import contextlib
import difflib
import importlib
import os
import resource
import signal
import socket
import sys
import threading
import time
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from shared.kit.calling import as_tensor, encoded, function_of_the_kit, perform
from shared.kit.values import Kept, decode, encode

from . import frames
from .cells import run_cell, seed_everything, start_shell
from .stand_ins import put_in_place, reached


def serve(control: socket.socket) -> None:
    """Answer requests on `control` until the grader closes it."""
    owner = os.getpid()
    shell = start_shell()
    child: int | None = None
    while True:
        try:
            request = frames.receive(control)
        except frames.Closed:
            os._exit(0)
        operation = request.get("op")
        if operation == "cell":
            report = run_cell(shell, request["source"], request["seconds"])
            if os.getpid() != owner:
                os._exit(0)  # a process that the cell forked, come back to here
            load_what_training_needs()
            frames.send(control, report)
        elif operation == "fork":
            _, (descriptor,), _, _ = socket.recv_fds(control, 1, 1)
            sys.stdout.flush()
            child = os.fork()
            if child == 0:
                control.close()
                serve_check(socket.socket(fileno=descriptor), shell, request["cpu_seconds"])
            os.close(descriptor)
            frames.send(control, {"forked": True})
        elif operation == "reap":
            status = _end(child, request["seconds"]) if child is not None else 0
            child = None
            usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
            frames.send(control, {"status": status, "peak_kb": max(usage.ru_maxrss for usage in usages)})


def load_what_training_needs() -> None:
    """Load once, in the warm process, what torch loads at its first optimizer: each check would pay 1.5 s anew."""
    if "torch.optim" in sys.modules and "torch._dynamo" not in sys.modules:
        with contextlib.suppress(Exception):  # a notebook may have broken torch; that is its checks' matter
            importlib.import_module("torch._dynamo")


def _end(child: int, seconds: float) -> int:
    """Kill a check's process and its group; return how it had ended by itself within `seconds` (0: it had not)."""
    deadline = time.monotonic() + seconds
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and time.monotonic() < deadline:
        time.sleep(0.002)
        ended, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):  # the group may be empty, or never came to be
        os.killpg(child, signal.SIGKILL)
    if ended:
        return os.waitstatus_to_exitcode(status)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 0


def serve_check(connection: socket.socket, shell: InteractiveShell, cpu_seconds: int) -> None:
    """In the fork: answer one check's requests until it closes the connection, then end."""
    owner = os.getpid()
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "set_num_threads"):
        torch.set_num_threads(1)  # a fork of a process whose torch has used threads hangs otherwise
    seed_everything()
    try:
        hidden = shell.user_ns_hidden  # what IPython put there itself
        mine = {name: value for name, value in shell.user_ns.items() if hidden.get(name, ...) is not value}
        answerer = Answerer(connection, mine, shell.user_ns)
        while True:
            reply = answerer.answer(frames.receive(connection))
            if os.getpid() != owner:
                os._exit(0)  # a process that a function forked
            frames.send(connection, reply)
    except frames.Closed:
        os._exit(0)
    finally:
        os._exit(1)


class Answerer:
    """Answers requests about the notebook's names; keeps the objects behind the handles it gives out.

    names: what the cells have defined. namespace: the globals of the notebook's functions, with IPython's own names.
    """

    def __init__(self, connection: socket.socket, names: dict[str, Any], namespace: dict[str, Any]) -> None:
        self.connection = connection
        self.names = names
        self.namespace = namespace
        self.kept = Kept()
        self.turn = threading.Lock()  # a function of the student's may ask from several threads

    def revive(self, data: bytes) -> Any:
        return decode(
            data,
            function=lambda number: CallBack(self, number),
            opaque=lambda handle, _: self.kept[handle],
            generator=np.random.default_rng,
            named=self.names.__getitem__,
            tensor=as_tensor,
        )

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["op"] == "name":
            return self.look_up(request["name"])
        if request["op"] == "reach":
            return {"reached": [self.reach(*asked) for asked in request["asked"]]}
        if request["op"] == "stand_ins":
            for name, data in request["values"].items():
                value = self.revive(data)
                self.names[name] = StandIn(value) if isinstance(value, CallBack) else value
                put_in_place(name, self.names[name], self.namespace)
            return {}
        target = request["target"]
        found = self.target(target)
        if request["op"] == "attribute":
            owner = encode(found, self.kept.keep)
            return perform(getattr, [owner, encode(request["name"])], {}, self.revive, self.kept.keep)
        return perform(found, request["arguments"], request["keywords"], self.revive, self.kept.keep)

    def target(self, target: str | int) -> Any:
        """What a request is about: a name of the notebook, «shared.module:function» of the kit, or a handle."""
        if isinstance(target, int):
            return self.kept[target]
        return function_of_the_kit(target) if ":" in target else self.names.get(target)

    def look_up(self, name: str) -> dict[str, Any]:
        """What kind of thing a name of the notebook is."""
        value = self.names.get(name, ...)
        if value is ...:
            mine = [known for known, item in self.names.items() if callable(item) and not known.startswith("_")]
            return {"missing": True, "similar": difflib.get_close_matches(name, mine, n=3, cutoff=0.6)}
        if callable(value):
            return {"function": True}
        return encoded(value, self.kept.keep)

    def reach(self, roots: list[str], ends: list[str]) -> dict[str, list[str]]:
        """Which of `roots` the notebook defines, and which of `ends` they get to."""
        return {
            "defined": [name for name in roots if name in self.names],
            "names": reached(roots, ends, self.namespace),
        }


class CallBack:
    """A function of the grader's: calling it asks the grader."""

    __name__ = "function"  # what progress bars and messages may ask a function for

    def __init__(self, answerer: Answerer, number: int) -> None:
        self._answerer = answerer
        self._number = number

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        answerer = self._answerer
        request = {
            "callback": self._number,
            "arguments": [encode(value, answerer.kept.keep) for value in arguments],
            "keywords": {name: encode(value, answerer.kept.keep) for name, value in keywords.items()},
        }
        with answerer.turn:
            frames.send(answerer.connection, request)
            reply = frames.receive(answerer.connection)
        if "error" in reply:
            raise ValueError(reply["error"])
        return answerer.revive(reply["value"])


class StandIn:
    """A call-back in the place of a function of the notebook's, which may take random generators.

    A generator crosses as its state. What the grader returns is the value, and the state of each generator afterwards.
    """

    def __init__(self, call_back: CallBack) -> None:
        self._call_back = call_back

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        passed = (*arguments, *keywords.values())
        generators = [value.bit_generator for value in passed if isinstance(value, np.random.Generator)]
        value, states = self._call_back(
            *map(_lent, arguments), **{name: _lent(item) for name, item in keywords.items()}
        )
        for generator, state in zip(generators, states, strict=True):
            generator.state = state
        return value


def _lent(value: Any) -> Any:
    return value.bit_generator.state if isinstance(value, np.random.Generator) else value
