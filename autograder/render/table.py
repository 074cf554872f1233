"""Points by question for people at a terminal, and as a CSV file."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.render.feedback import KINDS
from autograder.render.gradescope import write_text
from autograder.render.text import one_line
from autograder.results import QuestionResult, SubmissionResult, as_float, as_text

Named = tuple[str, SubmissionResult]
MOST_REASONS = 5  # why checks could not be graded
MOST_NAMES = 20  # of flagged submissions


def print_table(console: Console, results: Sequence[Named]) -> None:
    """Print points by question: for one submission a row for each question, for several a row for each submission."""
    if not results:
        return
    if len(results) == 1:
        console.print(_one(*results[0]))
    else:
        table = _many(results)
        wide = max(console.width, console.measure(table, options=console.options.update(width=1000)).maximum)
        console.print(table, width=wide, crop=False)  # points cut short tell nothing: rather let the lines be long
    for name, result in results:
        if result.problem:
            console.print(Text(f"{one_line(name)}: {one_line(result.problem, 500)}", style="yellow"))
    if any(result.unknown for _, result in results):
        console.print(Text("? a check could not be graded; the staff page says why", style="magenta"))
        for reason in list(dict.fromkeys(_reasons(result for _, result in results)))[:MOST_REASONS]:
            console.print(Text(f"  {reason}", style="magenta"))
    flagged = [name for name, result in results if _flags(result)]
    if flagged:
        names = ", ".join(one_line(name, 60) for name in flagged[:MOST_NAMES])
        more = f" and {len(flagged) - MOST_NAMES} more" if len(flagged) > MOST_NAMES else ""
        console.print(Text(f"! flagged for staff: {names}{more}; the staff page says why", style="yellow"))


def _reasons(results: Iterable[SubmissionResult]) -> Iterator[str]:
    """Why checks could not tell: the last line of each traceback, which names the exception."""
    for result in results:
        for check in (check for question in result.coded for check in question.checks):
            if check.outcome.status == "unknown" and check.outcome.staff.strip():
                yield one_line(check.outcome.staff.strip().rpartition("\n")[2], 500)


def _flags(result: SubmissionResult) -> str:
    """What staff should know, by question, on one line."""
    told = (
        f"{question.name}: {one_line(text, 500)}"
        for question in result.coded
        for check in question.checks
        for text in check.outcome.flags
    )
    return "; ".join(dict.fromkeys(told))


def write_csv(path: Path, results: Sequence[Named]) -> None:
    """Write one row for each submission: points by question (none for written ones), totals, what staff look at."""
    write_text(path, csv_text(results))


def csv_text(results: Sequence[Named]) -> str:
    """The CSV of `write_csv`.

    total: all that was earned; extra: what of it comes on top of automatic_points. unknown: the questions with a check
    that could not tell. flags: what checks tell staff.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names = list(dict.fromkeys(question.name for _, result in results for question in result.questions))
    writer.writerow(["submission", *names, "total", "extra", "automatic_points", "unknown", "flags", "problem"])
    for name, result in results:
        points = {question.name: _csv_points(question) for question in result.questions}
        unknown = " ".join(question.name for question in result.coded if question.unknown)
        totals = [_number(points) for points in (result.score, result.extra_score, result.automatic_points)]
        told = [unknown, _cell(_flags(result), 5000), _cell(result.problem)]
        writer.writerow([_cell(name), *(points.get(key, "") for key in names), *totals, *told])
    return stream.getvalue()


def _csv_points(question: QuestionResult) -> str:
    return "" if question.written else _number(question.score)


def _number(points: Fraction) -> str:
    """Points as data: to five decimals."""
    return f"{as_float(points):.10g}"


def _cell(text: str, limit: int = 500) -> str:
    """Text on one line that no spreadsheet takes for a formula."""
    safe = one_line(text, limit)
    return f"'{safe}" if safe.startswith(("=", "+", "-", "@")) else safe


def _one(name: str, result: SubmissionResult) -> Table:
    table = Table(box=box.SIMPLE, title=Text(f"{one_line(result.title)} · {one_line(name)}"), title_justify="left")
    table.add_column("", justify="right", style="dim")
    table.add_column("question")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("checks passed", justify="right", no_wrap=True)
    table.add_column("what failed")
    for question in result.questions:
        if question.written:
            row: list[str | Text] = [
                Text(f"– / {as_text(question.points)}", style="dim"),
                "",
                Text("graded by hand", style="dim"),
            ]
        else:
            most = as_text(question.points) + (" extra" if question.extra else "")
            points = Text.assemble(_points(question), (f" / {most}", "dim"))
            passed = sum(check.outcome.status == "passed" for check in question.checks)
            row = [points, f"{passed} of {len(question.checks)}", _failures(question)]
        table.add_row(question.number, Text(one_line(question.title)), *row)
    table.add_section()
    total = f"{as_text(result.score - result.extra_score)} / {as_text(result.automatic_points)}"
    table.add_row("", Text("automatic points", style="bold"), Text(total, style="bold"), "", "")
    if result.extra_points:
        extra = f"{as_text(result.extra_score)} / {as_text(result.extra_points)}"
        table.add_row("", Text("extra points", style="bold"), Text(extra, style="bold"), "", "")
    return table


def _failures(question: QuestionResult) -> str:
    """The kinds of failure, each once."""
    words = (
        "not graded" if check.outcome.status == "unknown" else KINDS[check.outcome.kind][0].lower()
        for check in question.checks
        if check.outcome.status != "passed"
    )
    return ", ".join(dict.fromkeys(words))


def _many(results: Sequence[Named]) -> Table:
    first = results[0][1]
    coded = first.coded
    legend = " · ".join(f"{question.number} {question.name}" for question in coded)
    table = Table(
        box=box.SIMPLE,
        title=Text(one_line(first.title)),
        title_justify="left",
        caption=Text(legend, style="dim"),
        caption_justify="left",
        padding=(0, 1, 0, 0),
    )
    table.add_column("submission", no_wrap=True, min_width=12)
    for question in coded:
        most = ("+" if question.extra else "") + as_text(question.points)
        table.add_column(Text(f"{question.number}\n{most}"), justify="right", no_wrap=True, min_width=5)
    most = as_text(first.automatic_points) + (f"+{as_text(first.extra_points)}" if first.extra_points else "")
    table.add_column(Text(f"total\n{most}"), justify="right", no_wrap=True, min_width=5)
    for name, result in results:
        own = {question.name: question for question in result.coded}
        cells = [_points(own[question.name]) if question.name in own else Text("") for question in coded]
        total = Text(as_text(result.score) + ("?" if result.unknown else ""), style="bold")
        table.add_row(Text(one_line(name, 60)), *cells, total)
    return table


def _points(question: QuestionResult) -> Text:
    """A question's points: green in full, yellow in part, dim for none, with a question mark where unknown."""
    points = as_text(question.score)
    if question.unknown:
        return Text(f"{points}?", style="magenta")
    if question.passed:
        return Text(points, style="green")
    return Text(points, style="yellow" if question.score else "red")
