"""Run a notebook's cells in an IPython shell, one by one: an error is recorded and the next cell goes on."""

import builtins
import importlib
import importlib.util
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any, NoReturn

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from shared.kit.calling import captured_prints, describe_exception

SEED = 0


class CellTimeout(BaseException):
    """A cell ran past its limit. A BaseException, so that `except Exception` in the cell doesn't keep it running."""


def start_shell() -> InteractiveShell:
    """A shell without history, colours or prompts, in which shell commands, installs and `input` don't work."""
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "NoColor"
    settings.InteractiveShell.ast_node_interactivity = "none"  # showing a last value is of no use here
    settings.InteractiveShell.cache_size = 0
    shell: Any = InteractiveShell.instance(config=settings)  # Any: methods are replaced below
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    shell.system = shell.system_raw = shell.system_piped = shell.getoutput = _no_commands
    for magic in ("pip", "conda", "mamba", "matplotlib", "pylab", "system", "sx"):
        shell.register_magic_function(lambda line: None, "line", magic)
    for magic in ("bash", "sh", "script"):
        shell.register_magic_function(_no_commands, "cell", magic)
    shell.ask_exit = sys.exit  # exit() and quit() in a cell end that cell
    builtins.input = _no_input
    _plain_progress_bars()
    return shell


def _plain_progress_bars() -> None:
    """Let tqdm.notebook be plain tqdm: its bars are widgets, which may not be installed where nobody sees them."""
    if importlib.util.find_spec("tqdm") is not None:
        tqdm: Any = importlib.import_module("tqdm")
        tqdm.notebook = sys.modules["tqdm.notebook"] = tqdm.std


def _no_commands(*_: Any, **__: Any) -> None:
    print("(shell commands don't run while grading)")


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError("input() has nobody to answer it while grading; set the value in the cell")


def seed_everything() -> None:
    """Seed random, numpy and, where it is loaded, torch."""
    random.seed(SEED)
    np.random.seed(SEED)
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "manual_seed"):
        torch.manual_seed(SEED)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise CellTimeout in this thread after `seconds`, and again each second while the code swallows it."""

    def expire(*_: Any) -> NoReturn:
        raise CellTimeout(f"the cell ran for more than {seconds:g} seconds")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def run_cell(shell: InteractiveShell, source: str, seconds: float) -> dict[str, Any]:
    """Run one cell; return {"error": the fields of Raised, or None, "timeout": bool, "prints": text}."""
    seed_everything()
    error: BaseException | None = None
    with captured_prints() as printed:
        try:
            with time_limit(seconds):
                result = shell.run_cell(source, store_history=False)
                error = result.error_before_exec or result.error_in_exec
        except BaseException as escaped:  # a time-out between two of IPython's own handlers
            error = escaped
        _close_figures()
    raised = describe_exception(error) if error is not None else None
    return {
        "error": list(astuple(raised)) if raised else None,
        "timeout": isinstance(error, CellTimeout),
        "prints": printed.text(),
    }


def _close_figures() -> None:
    """Jupyter closes the figures of a cell when it has shown them; do the same, they take memory."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and hasattr(pyplot, "close"):
        pyplot.close("all")
