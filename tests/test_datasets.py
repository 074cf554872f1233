"""The data sets that students load: from folders, by download, and the small made ones."""

import hashlib
import os
import pickle
import socket
import subprocess
import sys
import urllib.error
from pathlib import Path

import numpy as np
import pytest

from autograder.policy import KIT

torch = pytest.importorskip("torch")

from shared import datasets  # noqa: E402
from shared.vision import torchvision  # noqa: E402

NAMES = ("MNIST", "CIFAR-10")
TRAIN, TEST = 15, 5  # images for each in the tests' folders; CIFAR-10's lie in five batches


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(datasets, "SIZES", dict.fromkeys(NAMES, (TRAIN, TEST)))


@pytest.fixture
def offline(monkeypatch):
    """No download succeeds; the list of those that were tried."""
    torchvision()
    tried = []

    def no_answer(url, *args, **kwargs):
        tried.append((url, socket.getdefaulttimeout()))
        raise urllib.error.URLError("no route to host")

    for module in ("mnist", "cifar"):
        monkeypatch.setattr(f"torchvision.datasets.{module}.download_and_extract_archive", no_answer)
    return tried


def idx(array):
    """An array of bytes in MNIST's format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def write_mnist(root, rng, classes=range(10)):
    """torchvision's folder of a tiny MNIST; returns its two pairs."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    parts = {}
    for part, n in (("train", TRAIN), ("t10k", TEST)):
        images, labels = (
            rng.integers(256, size=(n, 28, 28), dtype=np.uint8),
            rng.choice(classes, size=n).astype(np.uint8),
        )
        (raw / f"{part}-images-idx3-ubyte").write_bytes(idx(images))
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
        parts[part] = images[:, None], labels
    return parts["train"], parts["t10k"]


def write_cifar10(root, rng, classes=range(10), sums=True):
    """torchvision's folder of a tiny CIFAR-10, with the sums of its files; returns its two pairs."""
    folder = root / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    batches = []
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        n = TEST if name == "test_batch" else TRAIN // 5
        images, labels = rng.integers(256, size=(n, 3072), dtype=np.uint8), rng.choice(classes, size=n).tolist()
        (folder / name).write_bytes(pickle.dumps({"data": images, "labels": labels}))
        batches.append((images.reshape(-1, 3, 32, 32), labels))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": list(datasets.CLASSES["CIFAR-10"])}))
    if sums:
        lines = [f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(folder.iterdir())]
        (folder / "MD5SUMS").write_text("\n".join(lines) + "\n")
    train = np.concatenate([images for images, _ in batches[:5]]), [label for _, own in batches[:5] for label in own]
    return train, batches[5]


WRITERS = {"MNIST": write_mnist, "CIFAR-10": write_cifar10}


# ---- from a folder --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_images_come_from_the_folder(small, offline, tmp_path, rng, name, capsys):
    written = WRITERS[name](tmp_path, rng)
    data = datasets.load(name, tmp_path)
    assert not data.made and not offline
    assert capsys.readouterr().out == f"{name}: 15 images to train on and 5 to test.\n"
    train_set, test_set = data
    assert train_set is data.train and test_set is data.test
    for (images, labels), (pixels, numbers) in zip(data, written, strict=True):
        assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)
        assert images.shape == pixels.shape and images.is_contiguous()
        assert np.allclose(images.numpy(), pixels / 127.5 - 1, atol=1e-6)
        assert labels.tolist() == list(numbers)


def test_the_folder_is_the_one_named_or_data_here(small, offline, tmp_path, rng, monkeypatch):
    write_mnist(tmp_path / "data", rng)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOUCHSTONE_DATA", raising=False)
    beside = datasets.load("MNIST")
    write_mnist(tmp_path / "elsewhere", np.random.default_rng(1))
    monkeypatch.setenv("TOUCHSTONE_DATA", str(tmp_path / "elsewhere"))
    named = datasets.load("MNIST")
    assert not torch.equal(beside.train[0], named.train[0])
    assert torch.equal(beside.train[0], datasets.load("MNIST", "data").train[0])  # an argument comes first
    assert not offline


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", ["cut off", "emptied", "of another size", "of another class"])
def test_a_damaged_folder_gets_a_sentence_that_says_what_to_do(
    small, offline, tmp_path, rng, monkeypatch, name, damage
):
    if damage == "of another size":
        monkeypatch.setattr(datasets, "SIZES", dict.fromkeys(NAMES, (TRAIN, TEST + 1)))
    WRITERS[name](tmp_path, rng, classes=[3, 10] if damage == "of another class" else range(10))
    folder = tmp_path / datasets.FOLDERS[name]
    file = folder / {"MNIST": "t10k-images-idx3-ubyte", "CIFAR-10": "data_batch_3"}[name]
    if damage in ("cut off", "emptied"):
        file.write_bytes(file.read_bytes()[: 1000 if damage == "cut off" else 0])
    with pytest.raises(datasets.DamagedData, match="not whole, perhaps since a download was interrupted") as caught:
        datasets.load(name, tmp_path)
    assert f"delete {folder} and load {name} again" in str(caught.value)
    assert not offline  # these images aren't the archive's


def test_cifar10_without_sums_of_its_own_is_held_to_those_of_the_archive(small, offline, tmp_path, rng):
    write_cifar10(tmp_path, rng, sums=False)
    with pytest.raises(datasets.DamagedData):
        datasets.load("CIFAR-10", tmp_path)
    assert offline  # a fresh archive would have mended it


def test_sums_that_are_not_of_all_files_are_damage(small, offline, tmp_path, rng):
    write_cifar10(tmp_path, rng)
    (tmp_path / "cifar-10-batches-py" / "MD5SUMS").write_text("d41d8cd98f00b204e9800998ecf8427e  test_batch\n")
    with pytest.raises(datasets.DamagedData):
        datasets.load("CIFAR-10", tmp_path)


def test_an_unknown_name_is_refused():
    for wrong in (datasets.load, datasets.made, lambda name: datasets.real(name, Path("data"))):
        with pytest.raises(ValueError, match="no data set «CIFAR10» here: it is «MNIST» or «CIFAR-10»"):
            wrong("CIFAR10")


@pytest.mark.parametrize("name", NAMES)
def test_the_real_images_are_read(images_folder, name):
    data = datasets.real(name, images_folder)
    for (images, labels), size in zip(data, datasets.SIZES[name], strict=True):
        assert images.shape == (size, *datasets.SHAPES[name])
        assert (images.min(), images.max()) == (-1, 1)
        assert labels.bincount().tolist() == [size // 10] * 10 or name == "MNIST"
    if name == "MNIST":
        assert data.test[1][:5].tolist() == [7, 2, 1, 0, 4]


# ---- by download ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_where_the_download_fails_the_made_set_comes(offline, tmp_path, name, capsys):
    before = socket.getdefaulttimeout()
    data = datasets.load(name, tmp_path / "new")
    assert data.made and torch.equal(data.train[0], datasets.made(name).train[0])
    said = capsys.readouterr().out
    assert said == data.source + "\n"
    assert f"{name} is not in the folder" in said and "can't be downloaded" in said and "no route to host" in said
    assert said.count("\n") == 1 and "<" not in said
    assert {patience for _, patience in offline} == {datasets.PATIENCE}
    assert socket.getdefaulttimeout() == before


def test_an_interrupted_download_is_not_hidden(monkeypatch, tmp_path):
    torchvision()

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        datasets.load("MNIST", tmp_path)


def test_what_is_downloaded_is_read(small, monkeypatch, tmp_path, rng):
    torchvision()
    sent = []

    def download(url, download_root, filename, md5):
        assert md5  # torchvision holds what it gets to a sum
        if not sent:
            write_mnist(tmp_path / "sender", rng)
        sent.append(filename)
        name = filename.removesuffix(".gz")
        (Path(download_root) / name).write_bytes((tmp_path / "sender" / "MNIST" / "raw" / name).read_bytes())

    monkeypatch.setattr("torchvision.datasets.mnist.download_and_extract_archive", download)
    assert not datasets.load("MNIST", tmp_path / "new").made
    assert len(sent) == 4
    assert not datasets.load("MNIST", tmp_path / "new").made
    assert len(sent) == 4  # once


def test_the_command_downloads_both_to_a_folder(small, offline, tmp_path, rng, capsys):
    assert datasets.main([]) == 2 and datasets.main(["--help"]) == 2
    assert "python -m shared.datasets FOLDER" in capsys.readouterr().out
    write_mnist(tmp_path, rng)
    assert datasets.main([str(tmp_path)]) == 1
    assert "CIFAR-10 is not in the folder" in capsys.readouterr().out
    write_cifar10(tmp_path, rng)
    assert datasets.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith(f"Both are in the folder {tmp_path}.\n")


# ---- made -----------------------------------------------------------------------------------------------------------

GRADED = """
import sys
from shared import datasets
assert "torchvision" not in sys.modules
data = datasets.load("CIFAR-10", "no such folder")
assert data.made and "torchvision" not in sys.modules
"""


def test_while_graded_the_made_set_comes_and_nothing_else_is_touched(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(KIT), "TOUCHSTONE_GRADING": "1"}
    done = subprocess.run(
        [sys.executable, "-c", GRADED], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    expected = "CIFAR-10: a small made set, which stands in for the images while a notebook is graded.\n"
    assert done.stdout == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_made_sets_have_the_shapes_and_types_of_the_real_ones(name):
    data = datasets.made(name)
    assert data.made and data.classes == datasets.CLASSES[name] and len(set(data.classes)) == 10
    assert repr(data) == f"<{name}: a small made set.>"
    for (images, labels), size in zip(data, datasets.MADE_SIZES, strict=True):
        assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)
        assert images.shape == (size, *datasets.SHAPES[name]) and labels.shape == (size,)
        assert images.min() >= -1 and images.max() <= 1 and images.std() > 0.3
        assert labels.bincount().tolist() == pytest.approx([size / 10] * 10, rel=0.3)
        pixels = (images + 1) * 127.5
        assert torch.allclose(pixels, pixels.round(), atol=1e-4)  # they were bytes, as images are
    assert sum(images.nbytes for images, _ in data) < 70e6


@pytest.mark.parametrize("name", NAMES)
def test_made_sets_are_the_same_each_time_and_leave_random_numbers_alone(name):
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    first = datasets.made(name)
    assert torch.equal(torch.rand(2), expected)
    second = datasets.made(name)
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one[0], other[0]) and torch.equal(one[1], other[1])
    assert not torch.equal(first.train[0][:1000], first.test[0])


def test_better_networks_do_better_on_made_pictures():
    from solutions import networks

    data = datasets.made("CIFAR-10")

    def accuracy(network, epochs, lr):
        torch.manual_seed(0)
        model = network()
        return networks.train(model, *data, epochs, lr, 0.9)["test_accuracy"][-1]

    linear = accuracy(networks.LogisticNet, 3, 0.003)
    hidden = accuracy(lambda: networks.HiddenNet(100), 6, 0.01)
    assert 0.2 < linear < hidden - 0.04 < 0.6


def test_made_digits_can_be_learnt_and_are_not_trivial():
    from solutions import networks

    data = datasets.made("MNIST")
    torch.manual_seed(0)
    accuracies = networks.train(networks.DenseNet(), *data, 3, 0.03, 0.9)["test_accuracy"]
    assert 0.3 < accuracies[0] < 0.98 and accuracies[-1] > 0.8


def test_a_data_set_is_frozen():
    data = datasets.made("MNIST")
    with pytest.raises(AttributeError):
        data.train = None
