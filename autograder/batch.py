"""Grade many submissions and write their results: progress, pages, a table and a CSV."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from autograder.grading import grade_one
from autograder.policy import Assignment
from autograder.render import print_table, write_csv, write_submission
from autograder.results import Graded
from autograder.sandbox import choose, stage
from autograder.side_by_side import side_by_side

CSV_NAME = "results.csv"
LONGEST_NAME = 200  # bytes of a folder's name


def grade_many(
    assignment: Assignment,
    submissions: Iterable[Path],
    out: Path,
    jobs: int,
    isolation: str,
    console: Console,
) -> bool:
    """Grade submissions, write results/<assignment>/..., print the table; return whether any outcome is unknown."""
    paths = list(submissions)
    folder = out / assignment.name
    names = distinct_names(paths)
    graded: dict[Path, Graded] = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with stage() as kit, Progress(*columns, console=console, transient=True) as progress:
        chosen = choose(isolation, kit)
        task = progress.add_task(f"grading {assignment.name} ({chosen.backend})", total=len(paths))
        for number, one in side_by_side(grade_one, [(assignment, path, kit, chosen) for path in paths], jobs):
            path = paths[number]
            graded[path] = one
            write_submission(folder / names[path], one)
            progress.advance(task)
    results = [(names[path], graded[path].result) for path in paths]
    write_csv(folder / CSV_NAME, results)
    print_table(console, results)
    for path in paths:
        if path.is_dir() and graded[path].result.problem:
            console.print(
                f"{path} was read as one submission; for one each, name what is in it: {path}/*", style="yellow"
            )
    console.print(f"pages: {folder}/*/page.html", highlight=False)
    return any(result.unknown for _, result in results)


def distinct_names(paths: list[Path]) -> dict[Path, str]:
    """A folder name for each submission: its stem, with -2, -3 ... where stems clash."""
    names: dict[Path, str] = {}
    taken = {CSV_NAME}
    for path in paths:
        stem = path.stem if path.suffix in (".ipynb", ".py", ".zip") else path.resolve().name
        stem = stem.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore").strip(". ") or "submission"
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        names[path] = name
    return names
