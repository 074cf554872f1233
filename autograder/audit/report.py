"""The audit as text on a console and as JSON."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.audit.findings import Finding, Mutant, MutationReport, PowerReport
from autograder.audit.matrix import LARGEST_SHARE, AssignmentAudit, AuditedAnswer, QuestionAudit
from autograder.render.text import harmless, one_line
from autograder.results import as_float
from shared.kit.checking import Check, Outcome

MARKS = {"passed": "✓", "failed": "✗", "unknown": "?"}
GROUPS = {"reference": "", "blank": "", "variant": "variants", "mistake": "mistakes"}
WIDEST_NAME = 42
WIDEST_CHECK = 12


# ---- the console ----------------------------------------------------------------------------------------------------


def print_audit(console: Console, audit: AssignmentAudit, whole: bool) -> None:
    """Print what falls short, what is for a person to judge, the questions, and one line in sum.

    whole: with the matrix of every question; without it, of those with an answer that fares as none of its kind should.
    """
    console.print()
    console.print(Text.assemble((audit.name, "bold"), ("  " + one_line(audit.title), "dim")))
    _print_findings(console, "Falls short", audit.shortfalls, "red")
    _print_findings(console, "For a person to judge", audit.remarks, "yellow")
    for question in audit.questions:
        if whole or not all(map(as_it_should, question.answers)):
            console.print()
            console.print(matrix_table(question))
    if len(audit.questions) > 1:
        console.print(overview_table(audit))
    if audit.mutation:
        _print_mutants(console, audit.mutation)
    if audit.power:
        _print_power(console, audit.power)
    console.print(Text(summary(audit), style="bold red" if audit.shortfalls else "bold green"), soft_wrap=True)


def summary(audit: AssignmentAudit) -> str:
    """One line, «newton_gd: 12 questions, 38 checks, 140 mistakes caught, 70 variants accepted, nothing falls
    short»."""
    questions = audit.questions
    mistakes = sum(len(item.mistakes) for item in questions)
    variants = sum(len(item.variants) for item in questions)
    parts = [
        counted(len(questions), "question"),
        counted(sum(len(item.checks) for item in questions), "check"),
        _out_of(sum(item.caught for item in questions), mistakes, "mistake", "caught"),
        _out_of(sum(item.accepted for item in questions), variants, "variant", "accepted"),
    ]
    if audit.mutation:
        parts.append(_mutation_summary(audit.mutation))
    if audit.power and audit.power.powers:
        runs, misses = _runs_and_misses(audit.power)
        parts.append(_out_of(runs - misses, runs, "random run", "caught"))
    short = len(audit.shortfalls)
    parts.append(f"{short} {'falls' if short == 1 else 'fall'} short" if short else "nothing falls short")
    return f"{audit.name}: {', '.join(parts)}"


def counted(number: int, noun: str) -> str:
    """«1 check», «2 checks», «3,000 runs»."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _out_of(number: int, total: int, noun: str, verb: str) -> str:
    return f"{counted(total, noun)} {verb}" if number == total else f"{number:,} of {counted(total, noun)} {verb}"


def _print_findings(console: Console, heading: str, findings: Sequence[Finding], style: str) -> None:
    """One line or more for each finding, the question named where it changes."""
    if not findings:
        return
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column()
    last = None
    for item in findings:
        grid.add_row(Text(item.question if item.question != last else ""), Text(headline(item)))
        last = item.question
    console.print()
    console.print(Text(f"{heading} ({len(findings)})", style=f"bold {style}"))
    console.print(Padding(grid, (0, 0, 0, 2)))


def headline(item: Finding) -> str:
    """The first line of a finding; what follows there, such as a diff, is shown in a place of its own."""
    return one_line(item.text.partition("\n")[0], 1000)


def overview_table(audit: AssignmentAudit) -> Table:
    """A row for each question."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("question", no_wrap=True, vertical="bottom")
    for heading in ("checks", "mistakes\ncaught", "the most\nthat one keeps", "hints\nshown", "variants\naccepted"):
        table.add_column(heading, justify="right", no_wrap=True, vertical="bottom")
    table.add_column("", no_wrap=True)
    short = {item.question for item in audit.shortfalls}
    for question in audit.questions:
        table.add_row(
            question.name,
            str(len(question.checks)),
            _fraction(question.caught, len(question.mistakes)),
            percent(max((item.kept for item in question.mistakes), default=0)),
            Text(f"{question.explained} of {len(question.mistakes)}", style="dim"),
            _fraction(question.accepted, len(question.variants)),
            Text("falls short", style="red") if question.name in short else Text("✓", style="green"),
        )
    return table


def _fraction(number: int, total: int) -> Text:
    return Text(f"{number} of {total}" if number < total else str(total), style="red" if number < total else "")


def percent(share: Fraction | float) -> str:
    """«38 %»."""
    return f"{100 * float(share):.0f}\N{NO-BREAK SPACE}%"


def matrix_table(question: QuestionAudit) -> Table:
    """A question's answers by its checks."""
    title = Text.assemble((question.name, "bold"), ("  " + one_line(question.title), "dim"))
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", no_wrap=True, max_width=WIDEST_NAME, vertical="bottom")
    total = sum(check.weight for check in question.checks)
    for check in question.checks:
        heading = f"{short_name(question.name, check)}\n{percent(check.weight / total)}"
        table.add_column(Text(heading), justify="center", max_width=WIDEST_CHECK, vertical="bottom")
    table.add_column("keeps", justify="right", no_wrap=True)
    table.add_column("hint", justify="center", no_wrap=True)
    group = ""
    for item in question.answers:
        if GROUPS[item.kind] != group:
            group = GROUPS[item.kind]
            table.add_section()
            table.add_row(Text(group, style="dim"))
        marks = [_mark(item, item.outcomes[check.name]) for check in question.checks]
        name = Text(f"  {item.name}" if group else item.name, style="" if as_it_should(item) else "bold red")
        table.add_row(name, *marks, percent(item.kept), _hint_mark(item))
    return table


def short_name(question: str, check: Check) -> str:
    """A check's name as words, without the question's."""
    return check.name.removeprefix(f"{question}_").replace("_", " ")


def as_it_should(item: AuditedAnswer) -> bool:
    """Whether an answer fared as one of its kind should: accepted if it is right, else caught, with half at most."""
    if item.problem or any(outcome.status == "unknown" for outcome in item.outcomes.values()):
        return False
    if item.kind in ("reference", "variant"):
        return item.kept == 1
    if item.kind == "blank":
        return item.kept == 0
    return bool(item.caught_by) and item.kept <= LARGEST_SHARE and set(item.hints) <= {item.hint}


def surprising(item: AuditedAnswer, outcome: Outcome) -> bool:
    """Whether an outcome alone tells that something falls short; a mistake may pass some checks."""
    if item.kind == "mistake":
        return outcome.status == "unknown"
    return outcome.status != ("failed" if item.kind == "blank" else "passed")


def _mark(item: AuditedAnswer, outcome: Outcome) -> Text:
    if surprising(item, outcome):
        return Text(MARKS[outcome.status], style="bold red")
    done = outcome.status == ("failed" if item.kind == "mistake" else "passed")
    return Text(MARKS[outcome.status], style="green" if done else "dim")


def _hint_mark(item: AuditedAnswer) -> Text:
    if item.kind != "mistake":
        return Text("")
    if any(hint != item.hint for hint in item.hints):
        return Text("another's", style="bold red")
    return Text("own", style="green") if item.explained else Text("–", style="dim")


def _print_mutants(console: Console, report: MutationReport) -> None:
    for mutant in report.mutants:
        if mutant.fate == "survived":
            console.print()
            console.print(Text(f"survivor in {mutant.function}, line {mutant.line}: {mutant.operator}", style="red"))
            console.print(Padding(_diff(mutant), (0, 0, 0, 2)))
    console.print(Text(_mutation_summary(report)))


def _diff(mutant: Mutant) -> Text:
    styles = {"+": "green", "-": "red", "@": "dim"}
    return Text("\n").join(Text(line, style=styles.get(line[:1], "")) for line in diff_lines(mutant.diff))


def diff_lines(diff: str) -> list[str]:
    """The lines of a diff without those that name the files."""
    return [line for line in harmless(diff, 4000).splitlines() if not line.startswith(("---", "+++"))]


def _mutation_summary(report: MutationReport) -> str:
    fates = [mutant.fate for mutant in report.mutants]
    text = f"{fates.count('caught'):,} of {counted(len(fates), 'mutant')} caught"
    return f"{text} ({fates.count('equivalent'):,} equivalent)" if "equivalent" in fates else text


def _print_power(console: Console, report: PowerReport) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("check", "statistic"):
        table.add_column(heading, no_wrap=True)
    for heading in ("runs", "p-value (KS)"):
        table.add_column(heading, justify="right", no_wrap=True)
    for fit in report.null_fits:
        bound = " (an upper bound)" if fit.one_sided else ""
        table.add_row(fit.check, fit.statistic + bound, f"{fit.runs:,}", f"{fit.p_value:.2g}")
    if report.null_fits:
        console.print(table)
    if report.powers:
        runs, misses = _runs_and_misses(report)
        mistakes = counted(len(report.powers), "random mistake")
        console.print(Text(f"{counted(runs, 'run')} of {mistakes}, {misses:,} of them not caught"))


def _runs_and_misses(report: PowerReport) -> tuple[int, int]:
    return sum(item.runs for item in report.powers), sum(item.misses for item in report.powers)


# ---- JSON -----------------------------------------------------------------------------------------------------------


def audit_json(audits: Iterable[AssignmentAudit]) -> str:
    """Everything that the audits found, as JSON; the same audits give the same bytes."""
    content = {"assignments": {audit.name: _assignment_json(audit) for audit in audits}}
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _assignment_json(audit: AssignmentAudit) -> dict[str, Any]:
    return {
        "title": audit.title,
        "summary": summary(audit),
        "falls_short": bool(audit.shortfalls),
        "findings": [dataclasses.asdict(item) for item in audit.findings],
        "questions": {question.name: _question_json(question) for question in audit.questions},
        "mutation": dataclasses.asdict(audit.mutation) if audit.mutation else None,
        "power": dataclasses.asdict(audit.power) if audit.power else None,
    }


def _question_json(question: QuestionAudit) -> dict[str, Any]:
    return {
        "title": question.title,
        "checks": {
            check.name: {
                "title": check.title,
                "public": check.public,
                "weight": check.weight,
                "error_rate": check.error_rate,
            }
            for check in question.checks
        },
        "answers": [_answer_json(item) for item in question.answers],
    }


def _answer_json(item: AuditedAnswer) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "name": item.name,
        "hint": item.hint,
        "hints_shown": list(item.hints),
        "kept": as_float(item.kept),
        "problem": item.problem,
        "outcomes": {name: _outcome_json(outcome) for name, outcome in item.outcomes.items()},
    }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    fields = {field.name: getattr(outcome, field.name) for field in dataclasses.fields(outcome)}
    fields["statistics"] = [
        {"name": item.name, "value": repr(item.value), "null": repr(item.null), "level": item.level}
        for item in outcome.statistics
    ]
    return fields
