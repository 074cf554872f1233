"""The hidden solutions: one module for each assignment, and what its written questions are made of."""

from typing import NamedTuple


class Written(NamedTuple):
    """A question that a person grades: the model answer (Markdown), and the rubric, one line for each part of the points."""

    answer: str
    rubric: tuple[str, ...]

    def _repr_markdown_(self) -> str:
        return "\n".join([self.answer, "", "**Rubric**", "", *(f"- {line}" for line in self.rubric)])
