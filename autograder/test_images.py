"""The real test images, on the grader's side: from the grader's own files, or from the instructor's data folder.

`build` packs them beside this module, in autograder/images/ of autograder.zip. Elsewhere they come from the folder that
the environment variable TOUCHSTONE_DATA names, as torchvision keeps it. This module never imports torch.
"""

import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

Images = tuple[np.ndarray, np.ndarray]

SHAPES = {"MNIST": (1, 28, 28), "CIFAR-10": (3, 32, 32)}
COUNT = 10_000
BAKED = Path(__file__).resolve().parent / "images"
DATA_FOLDER = "TOUCHSTONE_DATA"  # the environment variable


class MissingImages(LookupError):
    """The test images aren't here, or aren't what they should be; the message says what to do."""


def test_images(name: str) -> Images:
    """The test images of «MNIST» or «CIFAR-10» and their labels. Raises MissingImages.

    Images: uint8 (10000, channels, height, width). Labels: int64 (10000,), from 0 to 9.
    """
    baked = BAKED / f"{name}.npz"
    if baked.exists():
        try:
            return _checked(name, unpack(baked.read_bytes()))
        except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile) as error:
            raise MissingImages(f"{baked.name} of the grader is damaged: build autograder.zip again.") from error
    folder = os.environ.get(DATA_FOLDER)
    if not folder:
        raise MissingImages(f"The test images of {name} are needed, and no folder is named. {_advice('FOLDER')}")
    read = _read_mnist if name == "MNIST" else _read_cifar10
    try:
        return _checked(name, read(Path(folder)))
    except FileNotFoundError as error:
        raise MissingImages(f"The test images of {name} are not in {folder}. {_advice(folder)}") from error
    except (OSError, ValueError, LookupError, EOFError, TypeError, AttributeError, pickle.UnpicklingError) as error:
        reason = " ".join(str(error).split())
        raise MissingImages(
            f"The test images of {name} in {folder} are damaged ({reason}): delete that folder. {_advice(folder)}"
        ) from error


def pack(images: np.ndarray, labels: np.ndarray) -> bytes:
    """Images and labels as the bytes of a .npz file, the same for the same images.

    Of each pixel, what it differs by from its neighbours' forecast is kept: mostly small numbers, which take less room.
    """
    forecast_errors = images.copy()
    forecast_errors[:, 1:] -= images[:, :1]  # red, then green and blue without it
    forecast_errors[:, :, 1:] -= forecast_errors[:, :, :-1].copy()
    forecast_errors[:, :, :, 1:] -= forecast_errors[:, :, :, :-1].copy()
    file = io.BytesIO()
    np.savez_compressed(file, forecast_errors=forecast_errors, labels=labels.astype(np.uint8))
    return file.getvalue()


def unpack(content: bytes) -> Images:
    """What `pack` packed."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        images, labels = arrays["forecast_errors"], arrays["labels"].astype(np.int64)
    for axis in (3, 2):
        np.cumsum(images, axis=axis, dtype=np.uint8, out=images)  # modulo 256, as the differences are
    images[:, 1:] += images[:, :1]
    return images, labels


def _checked(name: str, data: Images) -> Images:
    """The images and labels, if they have the shapes, types and labels that they should. Raises ValueError."""
    images, labels = data
    if images.dtype != np.uint8 or images.shape != (COUNT, *SHAPES[name]):
        raise ValueError(f"the images are {images.dtype} of shape {images.shape}")
    if labels.dtype != np.int64 or labels.shape != (COUNT,):
        raise ValueError(f"the labels are {labels.dtype} of shape {labels.shape}")
    if labels.min() < 0 or labels.max() > 9:
        raise ValueError(f"the labels go from {labels.min()} to {labels.max()}")
    return data


def _advice(folder: str) -> str:
    return (
        f"`python -m shared.datasets {folder}` downloads MNIST and CIFAR-10 to a folder; give that to `build` by "
        f"--data, or name it in the environment variable {DATA_FOLDER}."
    )


def _read_mnist(folder: Path) -> Images:
    raw = folder / "MNIST" / "raw"
    images = _read_idx(raw / "t10k-images-idx3-ubyte", dimensions=3)
    labels = _read_idx(raw / "t10k-labels-idx1-ubyte", dimensions=1)
    return images[:, None], labels.astype(np.int64)


def _read_idx(path: Path, dimensions: int) -> np.ndarray:
    """An array of bytes in MNIST's format: 0, 0, 8, the number of dimensions, each as four bytes, and the array."""
    content = path.read_bytes()
    if content[:4] != bytes([0, 0, 8, dimensions]):
        raise ValueError(f"{path.name} doesn't begin as it should")
    start = 4 + 4 * dimensions
    shape = np.frombuffer(content[4:start], ">u4")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def _read_cifar10(folder: Path) -> Images:
    with open(folder / "cifar-10-batches-py" / "test_batch", "rb") as file:
        batch = _ArraysOnly(file, encoding="latin1").load()  # Python 2 wrote the original
    return np.ascontiguousarray(batch["data"]).reshape(-1, *SHAPES["CIFAR-10"]), np.array(batch["labels"], np.int64)


class _ArraysOnly(pickle.Unpickler):
    """Reads plain values and numpy arrays, and refuses everything else that a pickle could call."""

    def find_class(self, module: str, name: str) -> Any:
        home = module.replace("numpy.core", "numpy._core")  # as it was called before numpy 2
        if (home, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"it wants {module}.{name}")
        return ALLOWED[home, name]


def _latin1(text: str, encoding: str) -> bytes:
    """How Python 3 writes bytes into a pickle that Python 2 can read."""
    return text.encode("latin1")


ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy._core.multiarray", "_reconstruct"): np.empty(0).__reduce_ex__(4)[0],  # how an array says it is made
    ("numpy._core.numeric", "_frombuffer"): np.empty(0).__reduce_ex__(5)[0],
    ("_codecs", "encode"): _latin1,
}
