"""One audit, from the command's arguments to its output."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from autograder.audit.matrix import AssignmentAudit, audit_assignment, trials_of
from autograder.audit.page import audit_html
from autograder.audit.report import audit_json, print_audit
from autograder.policy import Assignment
from autograder.render import write_text
from autograder.sandbox import Isolation, Stage, choose, stage


def audit_many(
    chosen: Iterable[tuple[Assignment, tuple[str, ...]]],
    *,
    jobs: int,
    mutate: bool,
    power: bool,
    whole: bool,
    json_file: Path | None,
    html_file: Path | None,
    console: Console,
) -> bool:
    """Audit these questions of each assignment, print and write what was found; return whether anything falls short.

    whole: print the matrix of every question, not only of those that fall short.
    Raises BuildError where an answer can't be taken out of its bank.
    """
    audits = []
    with stage() as kit:
        isolation = choose("auto", kit)
        for assignment, questions in chosen:
            audit = _audited(assignment, questions, kit, isolation, jobs, console)
            if mutate:
                from autograder.audit import mutants

                report = mutants.mutate(assignment, questions, kit, isolation, jobs, console)
                audit = dataclasses.replace(audit, mutation=report)
            if power:
                from autograder.audit import power as measurement

                audit = dataclasses.replace(audit, power=measurement.measure(assignment, questions, jobs, console))
            print_audit(console, audit, whole)
            audits.append(audit)
    if json_file:
        write_text(json_file, audit_json(audits))
    if html_file:
        write_text(html_file, audit_html(audits))
        console.print(f"page: {html_file}", highlight=False)
    return any(audit.shortfalls for audit in audits)


def _audited(
    assignment: Assignment,
    questions: tuple[str, ...],
    kit: Stage,
    isolation: Isolation,
    jobs: int,
    console: Console,
) -> AssignmentAudit:
    """Grade all answers, with a progress bar."""
    trials = trials_of(assignment, questions)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"auditing {assignment.name} ({isolation.backend})", total=len(trials))
        return audit_assignment(assignment, questions, trials, kit, isolation, jobs, lambda: progress.advance(task))
