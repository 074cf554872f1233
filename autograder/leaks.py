"""The leak search: nothing of the solutions, private checks and banks may stand in what students receive."""

import ast
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.stubs import FUNCTIONS, Solutions, declares_an_answer, first_line, has_docstring

LONG = 40  # characters: a line of this length says something
CANARY = re.compile(r"touchstone-canary-[\w-]+")
SHORTEST_SEED = 10_000  # smaller numbers stand everywhere by accident, and are guessed anyway
SHORTEST_HINT = 20  # characters; «Look again.» may stand anywhere
SHORTEST_NAME = 8
HIDDEN_PLACES = frozenset({"solutions", "autograder", "mistakes", "variants", "equivalent_mutants"})
IDLE = re.compile(r"[\W_]*|(else|try|finally|break|continue|pass|return)\W*")


@dataclass(frozen=True)
class Secret:
    """Text that students may not find.

    origin: the file it comes from. strict: whether even the template and shared/ may not hold three of its lines, as
    for the body of a solution; private checks share idioms with the public ones. whole: whether it says something only
    as a whole, however its lines are broken; else each long line and each three lines of it do.
    """

    origin: str
    text: str
    strict: bool = False
    whole: bool = False


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


def bank_secrets(text: str, origin: str) -> list[Secret]:
    """What is secret of a bank: the module, and of each answer its hint, its body as a whole, and its name.

    A wrong answer shares lines with right ones, and with what students see anyway; so its body is sought even in the
    template and in shared/, but as a whole, and only where it has three lines that do something.
    """
    secrets = module_secrets(text, origin)
    lines = text.split("\n")
    for node in ast.parse(text).body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and any(map(declares_an_answer, node.decorator_list)):
            hint = " ".join((ast.get_docstring(node) or "").split())
            if len(hint) >= SHORTEST_HINT:
                secrets.append(Secret(origin, hint, strict=True, whole=True))
            statements = node.body[has_docstring(node) :]
            body = "\n".join(lines[first_line(statements[0]) - 1 : node.end_lineno]) if statements else ""
            code = _without_comments(body)
            if sum(not IDLE.fullmatch(line) for line in words(code)) >= 3:
                secrets += [Secret(origin, form, strict=True, whole=True) for form in (body, code)]
            if "_" in node.name and len(node.name) >= SHORTEST_NAME:  # `loops` may stand anywhere
                secrets.append(Secret(origin, node.name, whole=True))
    return secrets


def text_secrets(text: str, origin: str) -> list[Secret]:
    """All of a hidden file that is no Python."""
    return [Secret(origin, text)]


def words(text: str) -> tuple[str, ...]:
    """Lines to compare: no blank ones, one space for each run of spaces, no comment signs or quotes at the ends."""
    lines = (" ".join(line.split()).lstrip("# ").strip("\"' ") for line in text.splitlines())
    return tuple(line for line in lines if line)


def _code(line: str) -> str:
    """A line without the comment behind its code."""
    return re.sub(r"\s+# .*", "", line)


def _without_comments(text: str) -> str:
    """Text without the lines that are comments."""
    return "\n".join(line for line in text.split("\n") if not line.strip().startswith("#"))


def _flowing(lines: Iterable[str]) -> str:
    """Lines as one, without quotes and comment signs: where they are broken makes no difference."""
    return " ".join(re.sub(r"[#\"']", " ", " ".join(map(_code, lines))).split())


def _holds(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase of whole words."""
    return phrase in text and bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text))


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
    known_runs, known_text = _run(besides.split("\n")), _flowing(besides.split("\n"))
    lines: dict[str, str] = {}
    runs: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for secret in secrets:
        every = words(secret.text)
        if secret.whole:
            phrase = _flowing(every)
            if secret.strict or not _holds(known_text, phrase):
                phrases[phrase] = secret.origin
            continue
        code = words(_without_comments(secret.text))
        for line in (*every, *map(_code, every)):
            if len(line) >= LONG and line not in (known if secret.strict else besides):
                lines[line] = secret.origin
        for run in (*_runs(every), *_runs(code)):
            if secret.strict or run not in known_runs:
                runs[run] = secret.origin
    leaks = set()
    for name, text in files:
        shown = words(text)
        flat, flat_runs, flowing = "\n".join(shown), _run(shown), _flowing(shown)
        leaks |= {Leak(name, origin, line) for line, origin in lines.items() if line in flat}
        leaks |= {
            Leak(name, origin, " / ".join(run.split("\n")[1:-1])) for run, origin in runs.items() if run in flat_runs
        }
        leaks |= {Leak(name, origin, phrase) for phrase, origin in phrases.items() if _holds(flowing, phrase)}
        leaks |= {Leak(name, "a hidden part", word) for word in canaries if word in text}
        if abs(seed) >= SHORTEST_SEED and re.search(rf"(?<!\d){abs(seed)}(?!\d)", text):
            leaks.add(Leak(name, "grading.yml", "the seed"))
    return sorted(leaks, key=str)


def hidden_names(names: Iterable[str]) -> list[str]:
    """The names of files that lie where only hidden ones do, or are called as one is."""
    return [name for name in names if HIDDEN_PLACES & set(PurePosixPath(name).parts)]


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
