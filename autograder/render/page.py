"""The page of a graded submission: the student's and the staff's, from one template, in one file without scripts."""

import base64
import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.render.feedback import Audience, QuestionView, view_submission
from autograder.results import SubmissionResult

HERE = Path(__file__).parent
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST_SIDE = 8000  # pixels; a picture of a few bytes can unpack to gigabytes
MOST_BYTES = 12 * 2**20  # of all figures of a page
STRIP_WIDTH = 1000
STRIP_GAP = 5


@dataclass(frozen=True)
class Figure:
    """A figure of the notebook: its data as base64, its size in pixels."""

    data: str
    width: int
    height: int


@dataclass(frozen=True)
class Segment:
    """A question's part of the strip that shows the whole assignment: as wide as its points."""

    label: str
    state: str
    x: float
    width: float
    filled: float


def page_html(result: SubmissionResult, audience: Audience) -> str:
    """The page of a result, for `audience`: see feedback.py for what it may hold."""
    figures, left_out = _figures(result.figures)
    view = view_submission(result, audience)
    css = (HERE / "page.css").read_text(encoding="utf-8")
    return _environment.get_template("page.html.jinja").render(
        view=view,
        staff=audience == "staff",
        strip=_strip(view.questions),
        figures=figures,
        figures_left_out=left_out,
        css=Markup(css),  # noqa: S704 (our own file)
        css_hash=csp_hash(css),
    )


def csp_hash(text: str) -> str:
    """The source expression that lets a content security policy accept exactly this inline text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def environment(folder: Path) -> Environment:
    """jinja for the templates of a folder: everything is escaped, and a name that isn't given is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


_environment = environment(HERE)


def _figures(pictures: tuple[bytes, ...]) -> tuple[tuple[Figure, ...], int]:
    """The pictures that a page can carry, and how many it can't."""
    figures = []
    room = MOST_BYTES
    for picture in pictures:
        if not picture.startswith(PNG_SIGNATURE) or len(picture) < 24 or len(picture) > room:
            continue
        width, height = struct.unpack(">II", picture[16:24])
        if 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE:
            figures.append(Figure(base64.b64encode(picture).decode(), width, height))
            room -= len(picture)
    return tuple(figures), len(pictures) - len(figures)


def _strip(questions: tuple[QuestionView, ...]) -> tuple[Segment, ...]:
    """One segment for each question, side by side, as wide as its points and filled as far as these are earned."""
    total = sum(float(question.points) for question in questions)
    if not total:
        return ()
    room = STRIP_WIDTH - STRIP_GAP * (len(questions) - 1)
    segments = []
    x = 0.0
    for question in questions:
        width = room * float(question.points) / total
        label = f"{question.number} · {question.title}"
        segments.append(Segment(label, question.state, round(x, 2), round(width, 2), round(width * question.share, 2)))
        x += width + STRIP_GAP
    return tuple(segments)
