"""The hidden solutions: one module for each assignment, and what a written question is made of."""

from typing import NamedTuple


class Written(NamedTuple):
    """A question that a person grades: a model answer in Markdown, and a rubric line for each part."""

    answer: str
    rubric: tuple[str, ...]

    def _repr_markdown_(self) -> str:
        return "\n".join([self.answer, "", "**Rubric**", "", *(f"- {line}" for line in self.rubric)])
