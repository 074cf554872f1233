"""The page of an audit, in one file without scripts, in the look of a submission's page."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.audit.findings import Fate, MutationReport
from autograder.audit.matrix import AssignmentAudit, AuditedAnswer, QuestionAudit
from autograder.audit.report import MARKS, as_it_should, counted, diff_lines, headline, percent, surprising
from autograder.render.page import HERE as SUBMISSION_PAGE
from autograder.render.page import csp_hash, environment
from autograder.render.text import harmless
from shared.kit.checking import Check, Outcome

HERE = Path(__file__).parent
LONGEST = 1200  # characters of one text
GROUPS = (("Reference and blank", ("reference", "blank")), ("Variants", ("variant",)), ("Mistakes", ("mistake",)))


def audit_html(audits: Sequence[AssignmentAudit]) -> str:
    """The page of these audits; the same audits give the same bytes."""
    css = (SUBMISSION_PAGE / "page.css").read_text(encoding="utf-8") + (HERE / "audit.css").read_text(encoding="utf-8")
    return _environment.get_template("audit.html.jinja").render(
        audits=audits,
        title=audits[0].title if len(audits) == 1 else "All assignments",
        name=audits[0].name if len(audits) == 1 else "",
        shortfalls=sum(len(audit.shortfalls) for audit in audits),
        tiles=_tiles(audits),
        css=Markup(css),  # noqa: S704 (our own files)
        css_hash=csp_hash(css),
    )


def _tiles(audits: Sequence[AssignmentAudit]) -> list[tuple[str, str, str, bool]]:
    """The numbers at the top: number, what it is out of, what it counts, whether all is well with it."""
    questions = [question for audit in audits for question in audit.questions]
    caught, mistakes = sum(item.caught for item in questions), sum(len(item.mistakes) for item in questions)
    accepted, variants = sum(item.accepted for item in questions), sum(len(item.variants) for item in questions)
    tiles = [
        (str(len(questions)), "", "questions", True),
        (str(sum(len(item.checks) for item in questions)), "", "checks", True),
        (str(caught), str(mistakes), "mistakes caught", caught == mistakes),
        (str(accepted), str(variants), "variants accepted", accepted == variants),
    ]
    mutants = [mutant for audit in audits if audit.mutation for mutant in audit.mutation.mutants]
    if mutants:
        told = sum(mutant.fate != "equivalent" for mutant in mutants)
        dead = sum(mutant.fate == "caught" for mutant in mutants)
        tiles.append((f"{dead:,}", f"{told:,}", "mutants caught", dead == told))
    powers = [power for audit in audits if audit.power for power in audit.power.powers]
    if powers:
        runs, misses = sum(item.runs for item in powers), sum(item.misses for item in powers)
        tiles.append((f"{runs - misses:,}", f"{runs:,}", "random runs caught", misses == 0))
    return tiles


def _state(item: AuditedAnswer, outcome: Outcome) -> str:
    """The look of a cell of the matrix."""
    if outcome.status == "unknown":
        return "unsure"
    if surprising(item, outcome):
        return "wrong"
    if item.kind == "mistake":
        return "caught" if outcome.status == "failed" else "passes"
    return "right" if outcome.status == "passed" else "blank"


def _hint_state(item: AuditedAnswer) -> tuple[str, str]:
    """What a mistake's author reads of hints: the look of it and the words."""
    if any(hint != item.hint for hint in item.hints):
        return "wrong", "another mistake's hint is shown"
    return ("right", "hint shown") if item.explained else ("", "hint not shown")


def _groups(question: QuestionAudit) -> list[tuple[str, list[AuditedAnswer]]]:
    """The rows of the matrix under their headings."""
    groups = [(heading, [item for item in question.answers if item.kind in kinds]) for heading, kinds in GROUPS]
    return [(heading, items) for heading, items in groups if items]


def _catches(question: QuestionAudit, check: Check) -> tuple[int, int]:
    """How many mistakes a check catches, and how many of these it alone."""
    by = [item.caught_by for item in question.mistakes if check.name in item.caught_by]
    return len(by), sum(len(names) == 1 for names in by)


def _fates(report: MutationReport, question: str) -> Counter[Fate]:
    return Counter(mutant.fate for mutant in report.mutants if mutant.question == question)


def _harmless(text: Any) -> str:
    return harmless(str(text), LONGEST)


_environment = environment(HERE)
_environment.filters.update(harmless=_harmless, percent=percent)
_environment.globals.update(
    marks=MARKS,
    state=_state,
    hint_state=_hint_state,
    as_it_should=as_it_should,
    groups=_groups,
    catches=_catches,
    counted=counted,
    fates=_fates,
    diff_lines=diff_lines,
    headline=headline,
)
