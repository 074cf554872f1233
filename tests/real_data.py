"""The real MNIST and CIFAR-10 for tests, demo, audit and benchmark, wherever they are to be had without a download.

`python -m tests.real_data COMMAND ...` runs a command with TOUCHSTONE_DATA set: as it is if it is set; else to
dist/data, where an archive of the images lies beside the checkout and can be unpacked; else not at all.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.policy import KIT
from autograder.test_images import DATA_FOLDER

UNPACK = KIT.parent / "shared" / "data" / "unpack"
UNPACKED = KIT / "dist" / "data"
NONE_HERE = f"the real images are not here: name their folder in {DATA_FOLDER} (python -m shared.datasets FOLDER)"


def name_folder() -> Path | None:
    """Set TOUCHSTONE_DATA for this process and those that it starts, and return that folder. None: there is none."""
    if not os.environ.get(DATA_FOLDER):
        if not unpacked(UNPACK, UNPACKED):
            return None
        os.environ[DATA_FOLDER] = str(UNPACKED)
    return Path(os.environ[DATA_FOLDER])


def unpacked(script: Path, folder: Path) -> bool:
    """Whether `folder` holds the images: since before, since another process did it, or now (10 seconds, 240 MB)."""
    if folder.exists():
        return True
    if not script.exists():
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / ".unpacking", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with tempfile.TemporaryDirectory(prefix=".data-", dir=folder.parent) as place:
                fresh = Path(place) / "data"
                subprocess.run([sys.executable, str(script), str(fresh)], check=True, stdout=subprocess.DEVNULL)
                fresh.rename(folder)  # at once, so that an interrupt leaves no half of it
    return True


if __name__ == "__main__":
    name_folder()
    os.execvp(sys.argv[1], sys.argv[1:])
