"""Notebooks as files that are the same at every build: tidied after Otter Assign, and executed without noise."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.stubs import BuildError

CELL_SECONDS = 1200
MARKERS = re.compile(
    r'^[ \t]*""" # BEGIN PROMPT\n(?:.*\n)*?[ \t]*""" # END PROMPT\n?|^[ \t]*# (?:BEGIN|END) SOLUTION(?: NO PROMPT)?\n?',
    re.MULTILINE,
)
UNANSWERED = "_Type your answer here, replacing this text._"
PASSED = "All test cases passed!"
PROGRESS_BAR = re.compile(r"\d%\|.*\||\d(it/s|s/it)\b")
NOISE = (
    (re.compile(r"\S*ipykernel_\d+[\\/]\d+\.py"), "<cell>"),
    (re.compile(r"(?<= at )0x[0-9a-fA-F]{6,}"), "0x0"),
    (re.compile(r"^.*Matplotlib is building the font cache.*\n?", re.MULTILINE), ""),
    (re.compile(re.escape(sys.prefix) + r"[\\/]"), ""),
)


def tidy(notebook: NotebookNode, secret: str = "") -> NotebookNode:
    """What Otter Assign wrote, without its markers, empty cells and random ids.

    secret: lines that hold it go too, and what Otter Assign leaves for a student to replace.
    """
    planted = re.compile(rf"^.*{re.escape(secret)}.*\n?", re.MULTILINE)
    for cell in notebook.cells:
        source = MARKERS.sub("", planted.sub("", cell.source) if secret else cell.source)
        cell.source = source.rstrip("\n")
        if secret and cell.source == UNANSWERED:
            cell.source = ""  # Otter Assign leaves it above the model answer
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"c{number:03d}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    kept = {key: notebook.metadata[key] for key in ("kernelspec", "otter") if key in notebook.metadata}
    notebook.metadata = {**kept, "language_info": {"name": "python"}}
    return notebook


def execute(notebook: NotebookNode, folder: Path, grading: bool = False) -> NotebookNode:
    """A copy of the notebook, executed in `folder` by this interpreter, with outputs that repeat.

    grading: skip the slow cells, and go on after an error; otherwise an error is a BuildError that names the cell.
    """
    executed: NotebookNode = nbformat.from_dict(notebook)
    current = [0]
    client = NotebookClient(
        executed,
        timeout=CELL_SECONDS,
        allow_errors=grading,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=lambda cell, cell_index: current.append(cell_index),
    )
    # no kernel directories: ipykernel's own specification, this interpreter, whatever is installed for the user
    client.km = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    try:
        client.execute(env=_environment(grading), stderr=subprocess.DEVNULL)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        cell = executed.cells[current[-1]]
        what = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else "does not end"
        raise BuildError(
            f"make cell {cell['id']} of the notebook run («{cell.source.splitlines()[0]}»): {' '.join(what.split())}"
        ) from error
    executed.metadata = nbformat.from_dict(notebook.metadata)
    for cell in executed.cells:
        if cell.cell_type == "code":
            _quieten(cell, folder)
    return executed


def _environment(grading: bool) -> Mapping[str, str]:
    """This process's environment without the kit on the path, and with what makes results repeat."""
    inherited = {key: text for key, text in os.environ.items() if key not in ("PYTHONPATH", "TOUCHSTONE_GRADING")}
    fixed = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "TQDM_DISABLE": "1"}
    return {**inherited, **fixed, **({"TOUCHSTONE_GRADING": "1"} if grading else {})}


def _quieten(cell: NotebookNode, folder: Path) -> None:
    """Take from a cell's outputs what differs from run to run."""
    cell.metadata.pop("execution", None)
    outputs = cell.outputs
    streams = sorted((output for output in outputs if output.output_type == "stream"), key=lambda item: item.name)
    places = iter(streams)  # the order of stderr and stdout is a race: stderr first
    cell.outputs = [next(places) if output.output_type == "stream" else output for output in outputs]
    for output in cell.outputs:
        data = output.get("data", output)
        if cell.source.startswith("grader.check"):
            data.pop("text/html", None)  # it holds an emoji, drawn by lot
        for key in ("text", "text/plain", "text/html"):
            if key in data:
                data[key] = _without_noise(data[key], folder)
        if PROGRESS_BAR.search(output.get("text", "")):
            raise BuildError(f"turn off the progress bar in cell {cell['id']} («{cell.source.splitlines()[0]}»)")
    cell.outputs = [output for output in cell.outputs if output.output_type != "stream" or output.text]


def _without_noise(text: str, folder: Path) -> str:
    for place in {str(folder), str(folder.resolve())}:
        text = text.replace(place + os.sep, "")
    for pattern, replacement in NOISE:
        text = pattern.sub(replacement, text)
    return text


def check_outputs(executed: NotebookNode) -> dict[str, str]:
    """{question: what its `grader.check` cell shows}; where everything passed, that is nothing."""
    shown = {}
    for cell in executed.cells:
        asked = re.match(r"grader\.check\(['\"](\w+)['\"]\)", cell.source)
        if asked:
            text = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            shown[asked[1]] = "" if PASSED in text else text or "no result"
    return shown
