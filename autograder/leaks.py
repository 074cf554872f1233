"""The leak search: nothing of the solutions, private checks and mistakes may stand in what students receive."""

import ast
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.stubs import FUNCTIONS, Solutions, first_line, has_docstring

LONG = 40  # characters: a line of this length says something
CANARY = re.compile(r"touchstone-canary-[\w-]+")
SHORTEST_SEED = 10_000  # smaller numbers stand everywhere by accident, and are guessed anyway
IDLE = re.compile(r"[\W_]*|(else|try|finally|break|continue|pass|return)\W*")


@dataclass(frozen=True)
class Secret:
    """Text that students may not find.

    origin: the file it comes from. strict: whether even the template and shared/ may not hold three of its lines, as
    for the body of a solution; private checks share idioms with the public ones.
    """

    origin: str
    text: str
    strict: bool = False


@dataclass(frozen=True)
class Leak:
    """Something secret that a student could find."""

    file: str
    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.file} holds «{self.text}» of {self.origin}"


# ---- what is secret -------------------------------------------------------------------------------------------------


def solution_secrets(solutions: Solutions, origin: str, asked: Iterable[str]) -> tuple[list[Secret], list[str]]:
    """(what is secret, what is public) of a solution module.

    asked: the names that the template asks for. Their bodies and values are secret, their signatures and docstrings
    public; helpers, constants and model answers are secret altogether.
    """
    secrets, public = [], []
    for name, definition in solutions.definitions.items():
        lines = definition.source.split("\n")
        if definition.written is not None:
            texts = [definition.written.answer, *definition.written.rubric]
        elif name in asked:
            hidden = list(_bodies(ast.parse(definition.source).body[0]))
            texts = ["\n".join(lines[start:stop]) for start, stop in hidden]
            inside = {number for start, stop in hidden for number in range(start, stop)}
            public.append("\n".join(line for number, line in enumerate(lines) if number not in inside))
        else:
            texts = [definition.source]
        secrets += [Secret(origin, text, strict=True) for text in texts]
    return secrets, public


def _bodies(node: ast.stmt) -> Iterator[tuple[int, int]]:
    """What a stub lacks, bodies and values, as (first line, line after the last), counted from 0."""
    if isinstance(node, ast.ClassDef):
        for member in node.body[has_docstring(node) :]:
            yield from _bodies(member)
    elif isinstance(node, FUNCTIONS):
        rest = node.body[has_docstring(node) :]
        if rest:
            after = (node.body[0].end_lineno or 0) if has_docstring(node) else first_line(rest[0]) - 1
            yield after, rest[-1].end_lineno or 0
    elif not (isinstance(node, ast.AnnAssign) and node.value is None):
        yield node.lineno - 1, node.end_lineno or 0


def module_secrets(text: str, origin: str) -> list[Secret]:
    """All of a hidden module (private checks, mistakes, variants) besides its imports, statement by statement."""
    lines = text.split("\n")
    body = [node for node in ast.parse(text).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    return [Secret(origin, "\n".join(lines[first_line(node) - 1 : node.end_lineno])) for node in body]


def words(text: str) -> tuple[str, ...]:
    """Lines to compare: no blank ones, one space for each run of spaces, no comment signs or quotes at the ends."""
    lines = (" ".join(line.split()).lstrip("# ").strip("\"' ") for line in text.splitlines())
    return tuple(line for line in lines if line)


def _code(line: str) -> str:
    """A line without the comment behind its code."""
    return re.sub(r"\s+# .*", "", line)


# ---- the search -----------------------------------------------------------------------------------------------------


def find_leaks(
    files: Iterable[tuple[str, str]],
    secrets: Iterable[Secret],
    public: Iterable[str],
    seed: int,
    canaries: Iterable[str],
    shared: Iterable[str] = (),
) -> list[Leak]:
    """Everything secret that the students' files hold.

    files: (name, text) as `texts_in` gives them. public: texts that students may see anyway (the template, signatures).
    shared: the texts of shared/, whose lines a hidden check may have too, but no solution. A long line is no secret
    where `public` holds it; three consecutive lines of a solution always are.
    """
    known = "\n".join(line for text in public for line in words(text))
    besides = known + "\n" + "\n".join(line for text in shared for line in words(text))
    known_runs = _run(besides.split("\n"))
    lines: dict[str, str] = {}
    runs: dict[str, str] = {}
    for secret in secrets:
        every = words(secret.text)
        code = words("\n".join(line for line in secret.text.split("\n") if not line.strip().startswith("#")))
        for line in (*every, *map(_code, every)):
            if len(line) >= LONG and line not in (known if secret.strict else besides):
                lines[line] = secret.origin
        for run in (*_runs(every), *_runs(code)):
            if secret.strict or run not in known_runs:
                runs[run] = secret.origin
    leaks = set()
    for name, text in files:
        shown = words(text)
        flat, flat_runs = "\n".join(shown), _run(shown)
        leaks |= {Leak(name, origin, line) for line, origin in lines.items() if line in flat}
        leaks |= {
            Leak(name, origin, " / ".join(run.split("\n")[1:-1])) for run, origin in runs.items() if run in flat_runs
        }
        leaks |= {Leak(name, "a hidden part", word) for word in canaries if word in text}
        if abs(seed) >= SHORTEST_SEED and re.search(rf"(?<!\d){abs(seed)}(?!\d)", text):
            leaks.add(Leak(name, "grading.yml", "the seed"))
    return sorted(leaks, key=str)


def _runs(lines: Sequence[str]) -> Iterator[str]:
    """Three consecutive lines each (a body of two is one run), unless fewer than two of them do something."""
    code = [_code(line) for line in lines]
    length = 3 if len(code) != 2 or sum(map(len, code)) < LONG else 2
    for start in range(len(code) - length + 1):
        run = code[start : start + length]
        if sum(not IDLE.fullmatch(line) for line in run) >= 2:
            yield _run(run)


def _run(lines: Iterable[str]) -> str:
    return "\n" + "\n".join(_code(line) for line in lines) + "\n"


def texts_in(*places: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of every file in folders and zips; of notebooks, every string wherever it stands."""
    for place in places:
        if zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as archive:
                yield from ((f"{place.name}/{item}", _text(item, archive.read(item))) for item in archive.namelist())
        else:
            for path in sorted(path for path in place.rglob("*") if path.is_file()):
                yield (
                    f"{place.name}/{path.relative_to(place).as_posix()}",
                    _text(path.name, path.read_bytes()),
                )


def _text(name: str, data: bytes) -> str:
    text = data.decode("utf-8", errors="replace")
    return "\n".join(_strings(json.loads(text))) if name.endswith(".ipynb") else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    else:
        yield str(value)


def canaries_in(texts: Iterable[str]) -> set[str]:
    """The canaries that stand in hidden files."""
    return {word for text in texts for word in CANARY.findall(text)}
