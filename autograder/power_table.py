"""What `audit --power` measured of the random checks: solutions/power/ASSIGNMENT.json, written there and read here.

It says how each mistake of a random question ends: in which check, with which message, and between which values its
statistics lie. So it also tells which mistake a wrong random answer behaves like.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "solutions" / "power"
PLACE = re.compile(r" \(entry \[[^\]]*\] is the furthest off\)")


@dataclass(frozen=True)
class Ending:
    """One way in which a mistake is caught. message: the failed check's, as `plain_message` leaves it.

    count: the runs that ended so. statistics: what that check had computed up to there, the smallest and the largest
    value over these runs.
    """

    check: str
    message: str
    count: int
    statistics: Mapping[str, tuple[float, float]]


def plain_message(message: str) -> str:
    """The first line of a failed check's message, without the place of an entry: the same for all data."""
    return PLACE.sub("", message).partition("\n")[0]


def regions_of(assignment: str, question: str, folder: Path = FOLDER) -> dict[str, tuple[Ending, ...]]:
    """How each mistake of a random question ends: {mistake: its endings}; empty where nothing was measured."""
    mistakes = read_table(assignment, folder).get(question, {}).get("mistakes", {})
    return {name: endings_in(entry) for name, entry in mistakes.items()}


def endings_in(entry: Mapping[str, Any]) -> tuple[Ending, ...]:
    """The endings of one mistake, from its entry in the table."""
    found = []
    for key, ending in entry["endings"].items():
        check, _, message = key.partition(": ")
        ranges = {name: (low, high) for name, (low, high) in ending["statistics"].items()}
        found.append(Ending(check, message, ending["count"], ranges))
    return tuple(found)


def read_table(assignment: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The whole table, {question: {"reference": entry, "mistakes": {name: entry}}}; empty where there is none."""
    path = folder / f"{assignment}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_table(assignment: str, table: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Replace the whole table at once, so that an interruption never leaves half of one."""
    path = folder / f"{assignment}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(new, path)
