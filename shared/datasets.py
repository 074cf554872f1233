"""MNIST and CIFAR-10 as tensors: from a folder, from the internet, or small made sets where there is neither.

    data = datasets.load("CIFAR-10")
    train_set, test_set = data  # two pairs (images, labels)
    data.classes                # ("airplane", "automobile", ...)

Images are float32 numbers from -1 to 1, (n, 1, 28, 28) for MNIST and (n, 3, 32, 32) for CIFAR-10; labels are int64
numbers from 0 to 9, (n,).

`python -m shared.datasets FOLDER` downloads both to a folder; they take 250 MB there, and 170 MB more of archives.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from shared import made_images, running_slow
from shared.vision import torchvision

ImageSet = tuple[torch.Tensor, torch.Tensor]  # images and labels

CLASSES: dict[str, tuple[str, ...]] = {
    "MNIST": tuple("0123456789"),
    "CIFAR-10": ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
}
SIZES = {"MNIST": (60_000, 10_000), "CIFAR-10": (50_000, 10_000)}  # images to train on, and to test
SHAPES = {"MNIST": (1, 28, 28), "CIFAR-10": (3, 32, 32)}
MADE_SIZES = (4000, 1000)
FOLDERS = {"MNIST": "MNIST/raw", "CIFAR-10": "cifar-10-batches-py"}  # where torchvision keeps them, and in which files
FILES = {
    "MNIST": tuple(f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")),
    "CIFAR-10": (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta"),
}
OWN_SUMS = "MD5SUMS"  # in CIFAR-10's folder: the sums of images that aren't from the usual archive
PATIENCE = 20.0  # seconds without an answer from the internet


class DownloadFailed(RuntimeError):
    """The images aren't in the folder, and can't be downloaded to it."""


class DamagedData(RuntimeError):
    """The folder's images can't be used; the message says what to do."""


@dataclass(frozen=True, repr=False)
class Data:
    """Images to train on and images to test: `train_set, test_set = data` takes it apart."""

    name: str
    train: ImageSet
    test: ImageSet
    source: str  # a sentence on what these images are
    made: bool  # whether they are a small made set, and not the real images

    @property
    def classes(self) -> tuple[str, ...]:
        """What the labels 0 to 9 stand for."""
        return CLASSES[self.name]

    def __iter__(self) -> Iterator[ImageSet]:
        return iter((self.train, self.test))

    def __repr__(self) -> str:
        return f"<{self.source}>"


def load(name: str, root: str | os.PathLike[str] | None = None) -> Data:
    """«MNIST» or «CIFAR-10», and a printed sentence on what these images are.

    root: the folder where torchvision keeps its data; what it lacks is downloaded to it. If not given, it is the one
    that the environment variable TOUCHSTONE_DATA names, or else `data` beside the notebook.
    Where the images can't be had, and whenever a notebook is graded, a small made set stands in for them.
    Raises DamagedData where the folder holds files that are not whole.
    """
    _known(name)
    if not running_slow():
        data = made(name, f"{name}: a small made set, which stands in for the images while a notebook is graded.")
    else:
        try:
            data = real(name, Path(root or os.environ.get("TOUCHSTONE_DATA") or "data").expanduser())
        except DownloadFailed as error:
            data = made(
                name,
                f"{error} A small made set stands in for it: try your code on that, and load again later. "
                "Before you train on the real images, forget what was trained on these: keeping.forget(NAME).",
            )
    print(data.source)
    return data


def real(name: str, root: Path) -> Data:
    """The real images, from a folder or, where it lacks them, the internet. Raises DownloadFailed or DamagedData."""
    _known(name)
    sets = torchvision().datasets
    try:
        with _patience():
            parts = [_pixels(name, _opened(sets, name, root, train)) for train in (True, False)]
    except Exception as error:  # files that are cut off fail in many ways, and so do downloads
        folder = root / FOLDERS[name]
        if all((folder / file).exists() for file in FILES[name]) or (folder / OWN_SUMS).exists():
            raise DamagedData(
                f"The files of {name} in {root} are not whole, perhaps since a download was interrupted: "
                f"delete {folder} and load {name} again."
            ) from error
        reason = (str(error).splitlines() or [type(error).__name__])[-1].strip("<> ")
        raise DownloadFailed(f"{name} is not in the folder {root} and can't be downloaded ({reason}).") from error
    train = _as_numbers(*parts.pop(0))  # the pixels are let go before the next are scaled
    test = _as_numbers(*parts.pop(0))
    source = f"{name}: {len(train[1]):,} images to train on and {len(test[1]):,} to test."
    return Data(name, train, test, source, made=False)


def made(name: str, source: str | None = None) -> Data:
    """A small made set in the shapes of «MNIST» or «CIFAR-10», the same each time.

    Its digits are printed ones. Its ten kinds of coloured images have CIFAR-10's names, and show nothing of the sort.
    """
    _known(name)
    draw = made_images.digits if name == "MNIST" else made_images.pictures
    train, test = (_as_numbers(*draw(n, seed=n)) for n in MADE_SIZES)
    return Data(name, train, test, source or f"{name}: a small made set.", made=True)


def scaled(images: Any) -> torch.Tensor:
    """Pixels 0 to 255 as numbers from -1 to 1, as every network here expects them: (n, channels, height, width)."""
    return torch.from_numpy(np.ascontiguousarray(images)).float().div_(127.5).sub_(1)


def _known(name: str) -> None:
    if name not in SIZES:
        raise ValueError(f"There is no data set «{name}» here: it is «MNIST» or «CIFAR-10».")


def _as_numbers(images: Any, labels: torch.Tensor) -> ImageSet:
    return scaled(images), labels


def _opened(sets: Any, name: str, root: Path, train: bool) -> Any:
    """torchvision's data set, downloaded if need be."""
    if name == "MNIST":
        return sets.MNIST(str(root), train=train, download=True)
    own = root / FOLDERS[name] / OWN_SUMS
    kind = _with_sums(sets.CIFAR10, own) if own.exists() else sets.CIFAR10
    return kind(str(root), train=train, download=True)


def _with_sums(cifar10: Any, file: Path) -> Any:
    """torchvision's CIFAR10 that expects the sums in a file, of lines «sum  name», and downloads nothing."""
    sums = {name: md5 for md5, name in (line.split() for line in file.read_text().splitlines())}
    changes = {
        "train_list": [[name, sums[name]] for name, _ in cifar10.train_list],
        "test_list": [[name, sums[name]] for name, _ in cifar10.test_list],
        "meta": {**cifar10.meta, "md5": sums[cifar10.meta["filename"]]},
        "download": lambda self: None,
    }
    return type("OwnImages", (cifar10,), changes)


def _pixels(name: str, dataset: Any) -> tuple[np.ndarray, torch.Tensor]:
    """Images and labels of a torchvision data set: uint8 (n, c, h, w), int64 (n,). Raises ValueError if not whole."""
    images = np.asarray(dataset.data)  # uint8, (n, 28, 28) or (n, 32, 32, 3)
    images = images[:, None] if name == "MNIST" else images.transpose(0, 3, 1, 2)
    labels = torch.as_tensor(dataset.targets)
    size = SIZES[name][0 if dataset.train else 1]
    if images.shape != (size, *SHAPES[name]) or labels.shape != (size,) or not 0 <= labels.min() <= labels.max() <= 9:
        raise ValueError(f"{images.shape} images, {labels.shape} labels")
    return images, labels


@contextmanager
def _patience() -> Iterator[None]:
    """Downloads give up after a while without an answer, where they would wait for minutes or for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def main(arguments: list[str]) -> int:
    """Download both data sets to a folder, and see that they are whole. Returns the exit status."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("Name the folder to download MNIST and CIFAR-10 to: python -m shared.datasets FOLDER")
        return 2
    root = Path(arguments[0])
    for name in SIZES:
        try:
            print(real(name, root).source)
        except (DownloadFailed, DamagedData) as error:
            print(error)
            return 1
    print(f"Both are in the folder {root}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
