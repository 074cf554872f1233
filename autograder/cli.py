"""The command line: `python -m autograder build | grade | audit | gradescope`.

Exit status: 0 done; 1 done but something fell short (a reference below full marks, an unknown outcome, a hole that the
audit found); 2 a wrong command, grading.yml or missing path. A submission that earns 0, or holds no notebook, is graded
and is not an error.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy loads: workers and the grader share the cores

import click
from rich.console import Console
from rich.markup import escape

from autograder.lazy import postpone_imports, postpone_reference
from autograder.policy import Assignment, PolicyError, hold_to_checks, load
from autograder.test_images import DATA_FOLDER, MissingImages, test_images

console = Console()


def stop(message: str) -> NoReturn:
    """End with status 2 and one sentence on standard error."""
    Console(stderr=True).print(message, style="bold red", markup=False, highlight=False)
    sys.exit(2)


def assignments(names: tuple[str, ...]) -> list[Assignment]:
    """The named assignments of grading.yml (all, if none is named), each held to having its checks."""
    try:
        table = load()
        for name in names:
            if name not in table:
                stop(f"grading.yml has no assignment {name}; it has {', '.join(table)}.")
        chosen = [table[name] for name in names or table]
        for assignment in chosen:
            hold_to_checks(assignment)
        return chosen
    except PolicyError as error:
        stop(str(error))


def with_images(chosen: list[Assignment], named: bool) -> list[Assignment]:
    """Those whose test images are to be had. Where the others were asked for by name, that ends the command."""
    possible = []
    for assignment in chosen:
        try:
            for name in assignment.images:
                test_images(name)
        except MissingImages as error:
            if named:
                stop(f"{assignment.name}: {error}")
            console.print(f"[bold]{assignment.name}[/]  is left out: {escape(str(error))}", highlight=False)
        else:
            possible.append(assignment)
    return possible


@click.group()
def main() -> None:
    """Build assignments, grade submissions, and audit the checks that grade them.

    Exit status: 0 done; 1 done but something fell short (a reference below full marks, an unknown outcome, a hole that
    the audit found); 2 a wrong command, grading.yml or missing path. A submission that earns 0, or holds no notebook,
    is graded and is no error.
    """


@main.command()
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT ...]")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True, help="The folder to build in."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many assignments to build at a time.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar=DATA_FOLDER,
    show_envvar=True,
    help="The folder of MNIST and CIFAR-10, for the assignments that need their test images.",
)
def build(names: tuple[str, ...], out: Path, jobs: int, data: Path | None) -> None:
    """Build what students and Gradescope get.

    Makes the student folder, student.zip, solved.ipynb and autograder.zip of each ASSIGNMENT (default: all).
    """
    from autograder.build import BuildError
    from autograder.package import size_of_images
    from autograder.release import release
    from autograder.sandbox import IsolationUnavailable
    from autograder.side_by_side import side_by_side

    if data is not None:
        os.environ[DATA_FOLDER] = str(data.absolute())  # notebooks and forks of this process look there
    chosen = with_images(assignments(names), named=bool(names))
    chosen.sort(key=lambda assignment: not assignment.images)  # what takes longest goes first
    try:
        with console.status(f"building {', '.join(assignment.name for assignment in chosen)}"):
            for number, folder in side_by_side(release, [(assignment, out) for assignment in chosen], jobs):
                made = ", ".join(["student/", *sorted(path.name for path in folder.iterdir() if path.is_file())])
                console.print(f"[bold]{chosen[number].name}[/]  {folder}: {made}", highlight=False)
                if chosen[number].images:
                    size = size_of_images(folder / "autograder.zip") / 1e6
                    images = " and ".join(chosen[number].images)
                    console.print(f"  autograder.zip holds the test images of {images}, {size:.1f} MB", highlight=False)
    except IsolationUnavailable as error:
        stop(str(error))
    except BuildError as error:
        Console(stderr=True).print(str(error), style="bold red", markup=False, highlight=False)
        sys.exit(1)


@main.command()
@click.argument("assignment")
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SUBMISSION ...")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, help="The folder to write in."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Submissions graded side by side.",
)
@click.option(
    "--isolation",
    type=click.Choice(["auto", "user", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="How student code is kept from everything else; «none» only for code that you trust.",
)
def grade(assignment: str, submissions: tuple[Path, ...], out: Path, jobs: int, isolation: str) -> None:
    """Grade SUBMISSIONs (.ipynb, .py, .zip or a folder) of ASSIGNMENT."""
    from autograder.batch import grade_many
    from autograder.sandbox import IsolationUnavailable

    postpone_imports()
    (chosen,) = with_images(assignments((assignment,)), named=True)
    postpone_reference(chosen.name)
    missing = [str(path) for path in submissions if not path.exists()]
    if missing:
        stop(f"There is no such submission: {', '.join(missing)}.")
    try:
        fell_short = grade_many(chosen, submissions, out, jobs, isolation, console)
    except IsolationUnavailable as error:
        stop(str(error))
    sys.exit(1 if fell_short else 0)


@main.command()
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT ...]")
@click.option(
    "--question", "asked", multiple=True, help="Only this question (may be given again): quick while writing."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default="the number of cores",
    help="Answers graded side by side.",
)
@click.option("--mutate", is_flag=True, help="Also try small changes of the reference.")
@click.option("--power", is_flag=True, help="Also measure the random checks over many runs.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write everything that was found to a file.")
@click.option("--html", "html_file", type=click.Path(path_type=Path), help="Write a page to look at.")
def audit(
    names: tuple[str, ...],
    asked: tuple[str, ...],
    jobs: int,
    mutate: bool,
    power: bool,
    json_file: Path | None,
    html_file: Path | None,
) -> None:
    """Try the checks of each ASSIGNMENT (default: all) with answers that are known to be right or wrong.

    The reference and every variant must be accepted, every mistake caught, the blank earn nothing.
    """
    postpone_imports()
    chosen = assignments(names) if names else with_images(assignments(names), named=False)
    for name in asked:
        if not any(name in assignment.coded for assignment in chosen):
            known = "; ".join(f"{assignment.name} has {', '.join(assignment.coded)}" for assignment in chosen)
            stop(f"There is no coded question {name}: {known}.")
    for path in (json_file, html_file):
        if path and not path.absolute().parent.is_dir():
            stop(f"There is no folder to write {path} in.")
    from autograder.audit.run import audit_many
    from autograder.sandbox import IsolationUnavailable
    from autograder.stubs import BuildError
    from solutions.banks import BankError

    questions = [tuple(name for name in assignment.coded if not asked or name in asked) for assignment in chosen]
    try:
        falls_short = audit_many(
            [(assignment, own) for assignment, own in zip(chosen, questions, strict=True) if own],
            jobs=jobs,
            mutate=mutate,
            power=power,
            whole=bool(asked),
            json_file=json_file,
            html_file=html_file,
            console=console,
        )
    except (IsolationUnavailable, PolicyError) as error:
        stop(str(error))
    except (BuildError, BankError) as error:
        Console(stderr=True).print(str(error), style="bold red", markup=False, highlight=False)
        sys.exit(1)
    sys.exit(1 if falls_short else 0)


@main.command()
@click.option("--root", type=click.Path(path_type=Path), default=Path("/autograder"), show_default=True)
def gradescope(root: Path) -> None:
    """Grade ROOT/submission and write ROOT/results/results.json (what run_autograder calls)."""
    from autograder.gradescope import main as run

    sys.exit(run(root))
