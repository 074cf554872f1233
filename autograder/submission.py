"""Find and read a submission: a notebook, a .py file, a zip or a folder, whatever else lies beside it."""

import base64
import binascii
import re
import shutil
import stat
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat

LARGEST_FILE = 50 * 2**20  # bytes
LARGEST_TOTAL = 200 * 2**20
MOST_FILES = 1000
MOST_FIGURES = 40
LARGEST_FIGURE = 2 * 2**20
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
CLUTTER = ("__MACOSX", "__pycache__", ".ipynb_checkpoints", ".git", ".venv")
WRITTEN_ANCHOR = re.compile(r"<!-- written: (\w+) -->")
NEXT_QUESTION = re.compile(r"<!-- (?:BEGIN|END) QUESTION -->|^## (?:Question|Part) \d", re.MULTILINE)
PLACEHOLDER = "_Type your answer here, replacing this text._"


class Unreadable(ValueError):
    """The submission can't be graded as it is; the message tells the student what to do."""


@dataclass(frozen=True)
class Submission:
    """A student's work, read but not run.

    cells: the source of each code cell. written: the text of each written answer, by question. figures: the PNG
    pictures stored in the notebook. files: the notebook's folder, with what was submitted beside it.
    """

    name: str
    cells: tuple[str, ...]
    written: dict[str, str]
    figures: tuple[bytes, ...]
    files: Path
    notes: tuple[str, ...] = ()


@contextmanager
def read(path: Path, assignment: str) -> Iterator[Submission]:
    """Read the submission at `path`; its files live as long as the block.

    Raises Unreadable with a sentence for the student.
    """
    with tempfile.TemporaryDirectory(prefix="touchstone-submission-") as folder:
        files = Path(folder)
        if path.is_dir():
            _copy_folder(path, files)
        elif path.suffix.lower() == ".zip":
            _unpack(path, files)
        else:
            _fits(path.stat().st_size, path.name)
            shutil.copyfile(path, files / path.name)
        notebook, notes = _find(files, assignment)
        yield _parse(notebook, path.stem if path.is_file() else path.name, notes)


def _copy_folder(source: Path, target: Path) -> None:
    """Copy the regular files of a folder; links and clutter stay behind."""
    total = count = 0
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if path.is_symlink() or not path.is_file() or _is_clutter(relative.parts):
            continue
        if any((source / parent).is_symlink() for parent in relative.parents):
            continue
        count, total = count + 1, total + path.stat().st_size
        _fits(path.stat().st_size, str(relative), total, count)
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / relative)


def _unpack(source: Path, target: Path) -> None:
    """Unpack the regular files of a zip that stay inside `target`, however the names are written."""
    try:
        with zipfile.ZipFile(source) as archive:
            total = count = 0
            for member in archive.infolist():
                name = PurePosixPath(member.filename.replace("\\", "/"))
                is_link = stat.S_ISLNK(member.external_attr >> 16)
                if member.is_dir() or is_link or _is_clutter(name.parts):
                    continue
                if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
                    raise Unreadable(
                        f"Your zip holds a file that would land outside its folder ({name.name}); zip it again."
                    )
                with archive.open(member) as stream:
                    content = stream.read(LARGEST_FILE + 1)  # the size that a zip declares may be a lie
                count, total = count + 1, total + len(content)
                _fits(len(content), str(name), total, count)
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(content)
    except Unreadable:
        raise
    except Exception as error:  # a damaged archive raises whatever its compression raises
        raise Unreadable(
            "Your zip file can't be unpacked; make a new one (without a password) and submit that."
        ) from error


def _is_clutter(parts: tuple[str, ...]) -> bool:
    return not parts or any(part in CLUTTER or part.startswith("._") for part in parts)


def _fits(size: int, name: str, total: int = 0, count: int = 0) -> None:
    if size > LARGEST_FILE:
        raise Unreadable(f"{name} is larger than {LARGEST_FILE // 2**20} MB; submit without it.")
    if total > LARGEST_TOTAL or count > MOST_FILES:
        raise Unreadable(
            f"Your submission holds more than {MOST_FILES} files or {LARGEST_TOTAL // 2**20} MB; "
            "submit the notebook and what it needs."
        )


def _find(files: Path, assignment: str) -> tuple[Path, tuple[str, ...]]:
    """The one notebook in `files`, or where there is none the one .py file."""
    for suffix in (".ipynb", ".py"):
        found = [path for path in sorted(files.rglob("*")) if path.suffix.lower() == suffix and path.is_file()]
        if suffix == ".py":  # the kit's own files may have been zipped along
            found = [path for path in found if not {"shared", "tests"} & set(path.relative_to(files).parts[:-1])]
        if len(found) == 1:
            return found[0], ()
        named = [path for path in found if path.stem == assignment]
        if len(named) == 1:
            return named[0], (f"Of {len(found)} {suffix} files, {named[0].name} was graded.",)
        if found:
            names = ", ".join(str(path.relative_to(files)) for path in found[:5])
            raise Unreadable(
                f"Your submission holds {len(found)} {suffix} files ({names}); submit one, named {assignment}{suffix}."
            )
    raise Unreadable(f"There is no notebook in your submission; submit {assignment}.ipynb.")


def _parse(path: Path, name: str, notes: tuple[str, ...]) -> Submission:
    content = path.read_bytes()
    if not content.strip():
        raise Unreadable(f"{path.name} is empty; save your notebook and submit it again.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name} is no text file; save it from Jupyter and submit it again.") from error
    if path.suffix.lower() == ".py":
        cells, outputs = _python_cells(text), list[Any]()
    else:
        cells, outputs = _notebook_cells(path.name, text)
    sources = tuple(source for kind, source in cells if kind == "code")
    return Submission(name, sources, _written(cells), _figures(outputs), path.parent, notes)


def _python_cells(text: str) -> list[tuple[str, str]]:
    import jupytext  # only for the rare .py submission

    notebook = jupytext.reads(text, fmt="py:percent")
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def _notebook_cells(file: str, text: str) -> tuple[list[tuple[str, str]], list[Any]]:
    """(type, source) of each cell, and all outputs; older formats are upgraded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about ids that older notebooks lack
            notebook = nbformat.reads(text, as_version=4)
        cells = [(str(cell["cell_type"]), _joined(cell.get("source", ""))) for cell in notebook["cells"]]
        outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    except nbformat.reader.NotJSONError as error:
        raise Unreadable(f"{file} is no notebook (it isn't JSON); save it from Jupyter and submit it again.") from error
    except (Exception, RecursionError) as error:  # nbformat meets a malformed notebook with any exception
        raise Unreadable(f"{file} can't be read as a notebook; save it from Jupyter and submit it again.") from error
    return cells, outputs


def _joined(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _written(cells: list[tuple[str, str]]) -> dict[str, str]:
    """Written answers: the markdown between a question's anchor and the next cell of code or question."""
    answers: dict[str, list[str]] = {}
    current: str | None = None
    for kind, source in cells:
        anchor = WRITTEN_ANCHOR.search(source) if kind == "markdown" else None
        if anchor:
            current = anchor.group(1)
            answers[current] = []
        elif kind != "markdown" or NEXT_QUESTION.search(source):
            current = None
        elif current is not None:
            answers[current].append(source.replace(PLACEHOLDER, "").strip())
    return {name: "\n\n".join(part for part in parts if part) for name, parts in answers.items()}


def _figures(outputs: list[Any]) -> tuple[bytes, ...]:
    """The PNG pictures among a notebook's outputs, checked to be PNG and bounded."""
    found: list[bytes] = []
    for output in outputs:
        data = output.get("data", {}) if isinstance(output, dict) else {}
        encoded = data.get("image/png") if isinstance(data, dict) else None
        if not isinstance(encoded, str) or len(encoded) > 2 * LARGEST_FIGURE or len(found) == MOST_FIGURES:
            continue
        try:
            picture = base64.b64decode(encoded)
        except (binascii.Error, ValueError):
            continue
        if picture.startswith(PNG_SIGNATURE) and len(picture) <= LARGEST_FIGURE:
            found.append(picture)
    return tuple(found)
