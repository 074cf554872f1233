"""grading.yml as frozen, validated data: the one table of policy."""

import importlib.util
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from shared.kit.checking import Check, View, checks_in, views_in

KIT = Path(__file__).resolve().parent.parent
GRADING_YML = KIT / "grading.yml"

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
Feedback = Literal["none", "hint", "full"]
Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=4)]
LARGEST_ERROR_RATE = 1e-6  # the probability that luck costs a correct submission anything


class PolicyError(ValueError):
    """grading.yml (or what it names) is wrong; the message is one sentence that names the key."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Frozen):
    """What a submission may use. Seconds are wall time; memory is one worker's."""

    cell_seconds: Annotated[float, Field(gt=0, le=2400)] = 60
    check_seconds: Annotated[float, Field(gt=0, le=2400)] = 20
    memory_mb: Annotated[int, Field(ge=200, le=65536)] = 700
    platform_seconds: Annotated[float, Field(ge=30, le=2400)] = 600


class Question(_Frozen):
    """One question: its title, its points, whether people grade it, and whether its points come on top of the rest."""

    title: str
    points: Points
    written: bool = False
    extra: bool = False
    visibility: Visibility | None = None
    thresholds: Mapping[str, FiniteFloat] = {}


class Leaderboard(_Frozen):
    """What Gradescope's leaderboard shows: the number that a check of `question` has measured, under `name`."""

    question: str
    name: Annotated[str, Field(min_length=1, max_length=60)]


class Assignment(_Frozen):
    """One assignment with every default filled in."""

    name: str
    title: str
    points: Points
    questions: Mapping[str, Question]
    visibility: Visibility = "visible"
    feedback: Feedback = "hint"
    carry_errors_forward: bool = True
    seed: int = 0
    limits: Limits = Limits()
    packages: tuple[str, ...] = ()
    images: tuple[Literal["MNIST", "CIFAR-10"], ...] = ()
    leaderboard: Leaderboard | None = None

    def visibility_of(self, question: str) -> Visibility:
        return self.questions[question].visibility or self.visibility

    @property
    def coded(self) -> tuple[str, ...]:
        """The questions that checks grade, in order."""
        return tuple(name for name, question in self.questions.items() if not question.written)

    @property
    def written(self) -> tuple[str, ...]:
        """The questions that people grade, in order."""
        return tuple(name for name, question in self.questions.items() if question.written)

    @property
    def automatic_points(self) -> Decimal:
        """What the checks can give, without the extra points."""
        return _sum_of(self.questions[name] for name in self.coded)

    @property
    def full_marks(self) -> Decimal:
        """All that the checks can give, with the extra points."""
        return sum((self.questions[name].points for name in self.coded), Decimal(0))

    @property
    def extra_points(self) -> Decimal:
        """What the checks can give on top of `automatic_points`."""
        return self.full_marks - self.automatic_points

    def only(self, *questions: str) -> "Assignment":
        """This assignment with these questions alone."""
        kept = {name: self.questions[name] for name in questions}
        return self.model_copy(update={"questions": kept, "points": _sum_of(kept.values())})


def _sum_of(questions: Iterable[Question]) -> Decimal:
    """The points of questions, without the extra ones."""
    return sum((question.points for question in questions if not question.extra), Decimal(0))


class _Defaults(_Frozen):
    """The keys that `defaults` may set and an assignment may override."""

    visibility: Visibility = "visible"
    feedback: Feedback = "hint"
    carry_errors_forward: bool = True
    seed: int = 0
    limits: Limits = Limits()


class _Table(_Frozen):
    defaults: _Defaults = _Defaults()
    assignments: Mapping[str, Any]


class _UniqueKeys(yaml.SafeLoader):
    """YAML that refuses a key given twice, where the plain loader lets the last one win."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node)
            if key in seen:
                raise PolicyError(f"key «{key}» is given twice (line {key_node.start_mark.line + 1})")
            seen.add(key)
        return super().construct_mapping(node, deep)


def load(path: Path = GRADING_YML) -> dict[str, Assignment]:
    """Read grading.yml: {assignment's name: Assignment}. Raises PolicyError with one sentence that names the key."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _UniqueKeys)  # noqa: S506 (a SafeLoader)
        if not isinstance(raw, dict):
            raise PolicyError("the table is empty; it needs the key assignments")
        table = _Table.model_validate(raw)
        assignments = {name: _assignment(name, body, table.defaults) for name, body in table.assignments.items()}
    except FileNotFoundError as error:
        raise PolicyError(f"{path.name} isn't there: {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path.name} can't be read: {error}") from error
    except (yaml.YAMLError, TypeError) as error:  # a TypeError: a key that is a list or a mapping
        raise PolicyError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise PolicyError(f"{path.name}: {_sentence(error)}") from error
    except PolicyError as error:
        raise PolicyError(f"{path.name}: {error}") from error
    for assignment in assignments.values():
        _points_add_up(assignment, path.name)
        _leaderboard_holds(assignment, path.name)
    return assignments


def _assignment(name: str, body: Any, defaults: _Defaults) -> Assignment:
    if not str(name).isidentifier():
        raise PolicyError(f"assignments.{name} must be a Python name, that of its template and its modules")
    if not isinstance(body, dict):
        raise PolicyError(f"assignments.{name} must be a mapping")
    inherited = {key: getattr(defaults, key) for key in ("visibility", "feedback", "carry_errors_forward", "seed")}
    limits = body.get("limits", {})
    if not isinstance(limits, dict):
        raise PolicyError(f"assignments.{name}.limits must be a mapping")
    if "name" in body:
        raise PolicyError(f"assignments.{name}.name is no key of this table")
    try:
        return Assignment.model_validate(
            {**inherited, **body, "name": name, "limits": {**defaults.limits.model_dump(), **limits}}
        )
    except ValidationError as error:
        raise PolicyError(_sentence(error, f"assignments.{name}.")) from error


def _sentence(error: ValidationError, prefix: str = "") -> str:
    """The first of pydantic's errors, as a sentence that names the key."""
    first = error.errors()[0]
    key = prefix + ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{key} is no key of this table"
    if first["type"] == "missing":
        return f"{key} is missing"
    return f"{key} is {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _points_add_up(assignment: Assignment, file: str) -> None:
    total = _sum_of(assignment.questions.values())
    if total != assignment.points:
        without = " without the extra ones" if any(question.extra for question in assignment.questions.values()) else ""
        raise PolicyError(
            f"{file}: assignments.{assignment.name}.points is {assignment.points}, "
            f"but the points of its questions add up to {total}{without}"
        )


def _leaderboard_holds(assignment: Assignment, file: str) -> None:
    if assignment.leaderboard is None:
        return
    name = assignment.leaderboard.question
    key = f"{file}: assignments.{assignment.name}.leaderboard.question is {name!r}"
    if name not in assignment.coded:
        raise PolicyError(f"{key}, which is no question that checks grade")
    if assignment.visibility_of(name) != "visible":
        raise PolicyError(f"{key}, whose result students may not see, but everyone sees a leaderboard")


def hold_to_checks(assignment: Assignment, file: str = GRADING_YML.name) -> None:
    """Hold every coded question to having checks, a public one among them, and the error rates to the largest allowed.

    Apart from `load`, since it imports the assignment's checks and all that these need. Raises PolicyError.
    """
    declared = checks_of(assignment.name)
    questions = f"assignments.{assignment.name}.questions"
    for name in assignment.coded:
        own = [item for item in declared if item.question == name]
        if not own:
            raise PolicyError(f"{file}: {questions}.{name} has no checks")
        if not any(item.public for item in own):
            raise PolicyError(f"{file}: {questions}.{name} has no public check")
        if assignment.questions[name].thresholds and not any(item.takes_thresholds for item in own):
            raise PolicyError(f"{file}: {questions}.{name}.thresholds is used by none of the question's checks")
    for name in assignment.written:
        if assignment.questions[name].thresholds:
            raise PolicyError(f"{file}: {questions}.{name}.thresholds is of no use in a written question")
    for item in declared:
        if item.question not in assignment.coded:
            lacks = "is written" if item.question in assignment.written else "is missing"
            raise PolicyError(f"{file}: {questions}.{item.question} {lacks}, but check {item.name} belongs to it")
    luck = sum(item.error_rate for item in declared)
    if luck > LARGEST_ERROR_RATE:
        raise PolicyError(
            f"{file}: the checks of assignments.{assignment.name} reject a correct submission with "
            f"probability {luck:.2g}, over {LARGEST_ERROR_RATE:g}"
        )


def checks_of(assignment: str, question: str | None = None) -> tuple[Check, ...]:
    """The checks of an assignment, or of one question of it: public ones first, each in the order of its file."""
    declared = (item for name in _modules_of_checks(assignment) for item in checks_in(name))
    return tuple(item for item in declared if question in (None, item.question))


def views_of(assignment: str) -> dict[str, View]:
    """{question: what hints compare of its answers} for questions whose answers aren't unique."""
    return {name: view for module in _modules_of_checks(assignment) for name, view in views_in(module).items()}


def _modules_of_checks(assignment: str) -> list[str]:
    modules = (f"shared.checks.{assignment}", f"autograder.checks.{assignment}")
    return [name for name in modules if importlib.util.find_spec(name)]
