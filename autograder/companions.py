"""The files that a right submission holds besides its notebook, such as the weights of trained networks."""

from pathlib import Path

from autograder.package import write_zip
from autograder.policy import KIT


def companions(assignment: str, root: Path = KIT) -> dict[str, bytes]:
    """{path in the submission: content} of the reference's files; empty for an assignment that is a notebook alone."""
    folder = root / "solutions" / "files" / assignment
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def put_beside(notebook: Path, assignment: str, root: Path = KIT) -> Path:
    """Write the reference's files into the folder of a notebook. Returns the submission: the folder, or the notebook
    where there are no such files."""
    files = companions(assignment, root)
    for name, content in files.items():
        path = notebook.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return notebook.parent if files else notebook


def as_submission(notebook: Path, assignment: str, root: Path = KIT) -> Path:
    """The reference's submission: its notebook, or where it needs more a zip of both that lies beside it."""
    files = companions(assignment, root)
    if not files:
        return notebook
    target = notebook.with_suffix(".zip")
    write_zip(target, {f"{assignment}.ipynb": notebook.read_bytes(), **files})
    return target
