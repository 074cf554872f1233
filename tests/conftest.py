"""What several tests share: one stage and one isolation for the session, and the real images where they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.policy import Assignment, load
from autograder.sandbox import Isolation, Stage, choose, stage
from tests import real_data


def pytest_configure() -> None:
    real_data.name_folder()


@pytest.fixture(scope="session")
def images_folder() -> Path:
    """The folder of the real MNIST and CIFAR-10. A test that asks for it is skipped where there is none."""
    folder = real_data.name_folder()
    if folder is None:
        pytest.skip(real_data.NONE_HERE)
    return folder


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
    """The tests of a file stay in one process, so that what they share is made once.

    test_parity.py takes a third of all the time. It comes first, and each assignment's part of it goes by itself, so
    that no core has to finish it alone.
    """
    items.sort(key=lambda item: item.path.name != "test_parity.py")
    for item in items:
        part = item.callspec.params["name"] if item.path.name == "test_parity.py" else ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.name} {part}"))
