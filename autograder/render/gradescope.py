"""results.json by Gradescope's specification, and run.json beside it; nothing of the first depends on the run."""

import dataclasses
import json
import os
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from autograder.render.feedback import CheckView, QuestionView, view_cells, view_question
from autograder.render.text import harmless, one_line
from autograder.results import QuestionResult, RunFacts, SubmissionResult, as_float, as_text

LONGEST_OUTPUT = 20_000  # characters; Gradescope cuts at 100,000, and not between tags
MOST_CELLS = 30
LEADERBOARD_DIGITS = 4
SOME_NOT_GRADED = (
    "In at least one check the grader could not tell. That is no fault of yours. "
    "Please tell the staff; they can grade it again."
)


def results_json(result: SubmissionResult) -> dict[str, Any]:
    """What Gradescope reads: a score, one entry for each coded question, and a word on the whole.

    The score counts extra points; the maximum of the whole is what staff set on Gradescope (without them). A
    leaderboard's entry is there only where there is something to show.
    """
    content = {
        "score": as_float(result.score),
        "output": _overall_output(result),
        "output_format": "html",
        "visibility": result.visibility,
        "tests": [_entry(result, question) for question in result.coded],
    }
    if result.standing:
        value = round(result.standing.value, LEADERBOARD_DIGITS)
        content["leaderboard"] = [{"name": result.standing.name, "value": value, "order": "desc"}]
    return content


def run_json(facts: RunFacts) -> dict[str, Any]:
    """What differs from run to run: times, memory, isolation, versions."""
    return dataclasses.asdict(facts)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON in one step (see `write_text`): the same content gives the same bytes."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file in one step: a reader finds the whole of it or what was there before."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _entry(result: SubmissionResult, question: QuestionResult) -> dict[str, Any]:
    view = view_question(question, result.feedback, "student")
    extra = "1 extra point" if view.points == "1" else f"{view.points} extra points"
    return {
        "name": f"{view.title} ({extra})" if question.extra else view.title,
        "number": question.number,
        "score": as_float(question.score),
        "max_score": 0.0 if question.extra else as_float(question.points),  # so the maxima add up to the points
        "status": "passed" if question.passed else "failed",
        "output": _question_output(view, harmless(result.problem)),
        "output_format": "html",
        "visibility": question.visibility,
        "tags": [question.name, *(["not graded"] if question.unknown else [])],
    }


def _question_output(question: QuestionView, problem: str) -> str:
    if problem:
        return str(Markup("<p>Nothing could be graded. {}</p>").format(problem))
    head = Markup("<p>{}.</p>").format(question.tally)
    blocks = ((_check(check), _check_in_short(check)) for check in (*question.telling, *question.passed))
    return str(Markup("\n").join([head, *_fitted(blocks)]))


def _check(check: CheckView) -> Markup:
    """All that there is to say about a check."""
    pieces = [_check_in_short(check)]
    for part in check.parts:
        if part.code:
            pieces.append(Markup("<p>{}:</p>\n<pre>{}</pre>").format(part.label, part.text))
        elif part.label:
            pieces.append(Markup("<p><em>{}:</em> {}</p>").format(part.label, _lines(part.text)))
        else:
            pieces.append(Markup("<p>{}</p>").format(_lines(part.text)))
    pieces.extend(Markup("<p><em>Note:</em> {}</p>").format(_lines(note)) for note in check.notes)
    return Markup("\n").join(pieces)


def _check_in_short(check: CheckView) -> Markup:
    points = f" ({check.score} of {check.points})" if check.points != "0" else ""
    return Markup("<p><strong>{}</strong> · {}{}</p>").format(check.verdict, check.title, points)


def _fitted(blocks: Iterable[tuple[Markup, Markup]]) -> list[Markup]:
    """Blocks given in full and in short: the later ones in short, then not at all, once the output is long."""
    fitted: list[Markup] = []
    length = left_out = 0
    for full, short in blocks:
        block = next((block for block in (full, short) if length + len(block) < LONGEST_OUTPUT), None)
        if block is None:
            left_out += 1
        else:
            fitted.append(block)
            length += len(block) + 1
    if left_out:
        fitted.append(Markup("<p>{} more left out: the text is too long.</p>").format(left_out))
    return fitted


def _overall_output(result: SubmissionResult) -> str:
    """A word on the whole. It tells no score: a hidden question's would follow from it."""
    blocks: list[Markup] = []
    if result.problem:
        blocks.append(Markup("<p><strong>{}</strong></p>").format(_lines(harmless(result.problem))))
    if result.unknown:
        blocks.append(Markup("<p>{}</p>").format(SOME_NOT_GRADED))
    written = [question for question in result.written if question.visibility == "visible"]
    if written:
        names = " and ".join(f"{question.number} · {one_line(question.title)}" for question in written)
        points = as_text(sum((question.points for question in written), Fraction(0)))
        blocks.append(Markup("<p>Graded by hand, {} points: {}.</p>").format(points, names))
    blocks.extend(Markup("<p>Note: {}</p>").format(_lines(harmless(note))) for note in result.notes)
    cells = view_cells(result)
    if cells:
        blocks.append(Markup("<p>Cells that did not run to their end (the others were still run):</p>"))
    for cell in cells[:MOST_CELLS]:
        block = Markup("<p>Cell {} <code>{}</code> {}</p>")
        blocks.append(block.format(cell.number, cell.first_line, _lines(cell.reason)))
    if len(cells) > MOST_CELLS:
        blocks.append(Markup("<p>And {} more cells.</p>").format(len(cells) - MOST_CELLS))
    return str(Markup("\n").join(_fitted((block, block) for block in blocks)))


def _lines(text: str) -> Markup:
    """Text escaped, its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
