"""The folder that a worker may read: the kit's `shared/` and the worker half, and nothing else of the kit."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KIT = Path(__file__).resolve().parent.parent.parent
WORKER = Path(__file__).resolve().parent / "touchstone_worker"
FONT_LISTS = "fontlist-*.json"


@dataclass(frozen=True)
class Stage:
    """root: a folder of this run's own. kit: on the worker's path. fonts: matplotlib's font lists, ready-made."""

    root: Path
    kit: Path
    fonts: tuple[Path, ...]


@contextmanager
def stage(shared: Path = KIT / "shared") -> Iterator[Stage]:
    """Copy what a worker needs into a temporary folder, readable by all and writable by none but us."""
    with tempfile.TemporaryDirectory(prefix="touchstone-") as name:
        root = Path(name)
        kit = root / "kit"
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(shared, kit / "shared", ignore=ignore)
        shutil.copytree(WORKER, kit / "touchstone_worker", ignore=ignore)
        (kit / "touchstone_worker" / "otter.py").rename(kit / "otter.py")
        for folder, _, files in os.walk(root):
            os.chmod(folder, 0o755)  # noqa: S103 (meant to be read)
            for file in files:
                os.chmod(os.path.join(folder, file), 0o644)
        os.chmod(root, 0o711)  # noqa: S103 (others pass through to what they know by name)
        yield Stage(root, kit, _font_lists())


def _font_lists() -> tuple[Path, ...]:
    """Font lists that matplotlib made for this user before; without them each worker makes its own (0.3 s)."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "matplotlib"
    return tuple(Path(os.environ.get("MPLCONFIGDIR", default)).glob(FONT_LISTS))
