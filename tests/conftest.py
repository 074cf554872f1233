"""What several tests share: one stage and one isolation for the session."""

from collections.abc import Iterator

import pytest

from autograder.policy import Assignment, load
from autograder.sandbox import Isolation, Stage, choose, stage


@pytest.fixture(scope="session")
def kit() -> Iterator[Stage]:
    with stage() as kit:
        yield kit


@pytest.fixture(scope="session")
def isolation(kit: Stage) -> Isolation:
    return choose("auto", kit)


@pytest.fixture(scope="session")
def newton_gd() -> Assignment:
    return load()["newton_gd"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file comes first, so that no core has to finish it alone (each file stays on one: see Makefile)."""
    items.sort(key=lambda item: item.path.name != "test_parity.py")
