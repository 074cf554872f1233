"""From a frozen result to what people and platforms read: results.json, pages, CSV, a table.

feedback.py decides what whom may see, text.py makes every text harmless; the other modules only lay out.
"""

from pathlib import Path

from autograder.render.gradescope import results_json, run_json, write_json, write_text
from autograder.render.page import page_html
from autograder.render.table import csv_text, print_table, write_csv
from autograder.results import Graded

__all__ = [
    "csv_text",
    "page_html",
    "print_table",
    "results_json",
    "run_json",
    "write_csv",
    "write_json",
    "write_submission",
    "write_text",
]


def write_submission(folder: Path, graded: Graded) -> None:
    """Write results.json, run.json, the student's page.html and the staff's staff.html into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "results.json", results_json(graded.result))
    write_json(folder / "run.json", run_json(graded.facts))
    write_text(folder / "page.html", page_html(graded.result, "student"))
    write_text(folder / "staff.html", page_html(graded.result, "staff"))
