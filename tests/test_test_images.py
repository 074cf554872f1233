"""The grader's test images: packed with the grader, read from a folder, kept from students and their code."""

import io
import os
import pickle
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autograder import package as packaging
from autograder import policy, test_images
from autograder.cli import main
from autograder.policy import KIT, PolicyError, load
from autograder.test_images import MissingImages
from tests import real_data

NAMES = ("MNIST", "CIFAR-10")
COUNT = 40


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(test_images, "COUNT", COUNT)


@pytest.fixture
def folder(small, tmp_path, monkeypatch):
    """A data folder of few images, named in the environment; and the images: {name: (images, labels)}."""
    rng = np.random.default_rng(0)
    images = {
        name: (rng.integers(256, size=(COUNT, *shape), dtype=np.uint8), rng.integers(10, size=COUNT))
        for name, shape in test_images.SHAPES.items()
    }
    raw = tmp_path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    pixels, labels = images["MNIST"]
    (raw / "t10k-images-idx3-ubyte").write_bytes(idx(pixels[:, 0]))
    (raw / "t10k-labels-idx1-ubyte").write_bytes(idx(labels.astype(np.uint8)))
    (tmp_path / "data" / "cifar-10-batches-py").mkdir()
    write_batch(tmp_path / "data", *images["CIFAR-10"])
    monkeypatch.setenv("TOUCHSTONE_DATA", str(tmp_path / "data"))
    return tmp_path / "data", images


def idx(array):
    """An array of bytes in MNIST's format."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def write_batch(root, images, labels, protocol=4):
    body = {"data": images.reshape(len(images), -1), "labels": list(map(int, labels)), "filenames": ["x.png"]}
    (root / "cifar-10-batches-py" / "test_batch").write_bytes(pickle.dumps(body, protocol=protocol))


def python_2_batch(images, labels):
    """test_batch as Python 2 and its numpy wrote it: the form of the file that everyone downloads."""

    def text(content):
        return b"U" + bytes([len(content)]) + content

    def number(value):
        return b"M" + value.to_bytes(2, "little")

    pixels = images.tobytes()
    maker = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text(b"b") + b"\x87R"
    kind = b"cnumpy\ndtype\n" + text(b"u1") + b"K\x00K\x01\x87R(K\x03" + text(b"|") + b"NNN" + b"J\xff\xff\xff\xff" * 2
    kind += b"K\x00tb"
    state = b"(K\x01" + number(len(images)) + number(images[0].size) + b"\x86" + kind + b"\x89"
    state += b"T" + len(pixels).to_bytes(4, "little") + pixels + b"tb"
    answers = b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    return b"\x80\x02}(" + text(b"data") + maker + state + text(b"labels") + answers + b"u."


def same(one, other):
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(one, other, strict=True))


# ---- packing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_is_packed_comes_back_and_is_the_same_bytes_each_time(name):
    rng = np.random.default_rng(1)
    images = rng.integers(256, size=(7, *test_images.SHAPES[name]), dtype=np.uint8)
    images[0], images[1] = 0, 255
    labels = rng.integers(10, size=7)
    before = images.copy()
    content = test_images.pack(images, labels)
    assert same(test_images.unpack(content), (images, labels))
    assert np.array_equal(images, before)
    assert test_images.pack(images, labels) == content


def test_packing_takes_less_room_for_smooth_images():
    steps = np.random.default_rng(2).integers(-2, 3, size=(20, 3, 32, 32))
    images = (128 + steps.cumsum(axis=2).cumsum(axis=3) // 4).astype(np.uint8)
    plain = io.BytesIO()
    np.savez_compressed(plain, images=images)
    assert len(test_images.pack(images, np.zeros(20, int))) < 0.75 * len(plain.getvalue())


# ---- finding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_images_come_from_the_data_folder(folder, name):
    _, written = folder
    assert same(test_images.test_images(name), written[name])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_batches_of_any_pickle_protocol_are_read(folder, protocol):
    root, written = folder
    write_batch(root, *written["CIFAR-10"], protocol)
    assert same(test_images.test_images("CIFAR-10"), written["CIFAR-10"])


def test_the_batch_that_python_2_wrote_is_read(folder):
    root, (images, labels) = folder[0], folder[1]["CIFAR-10"]
    (root / "cifar-10-batches-py" / "test_batch").write_bytes(python_2_batch(images, labels))
    assert same(test_images.test_images("CIFAR-10"), (images, labels))


@pytest.mark.parametrize("name", NAMES)
def test_packed_images_come_before_the_folder(folder, tmp_path, monkeypatch, name):
    _, written = folder
    images, labels = written[name]
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / f"{name}.npz").write_bytes(test_images.pack(255 - images, labels))
    monkeypatch.setattr(test_images, "BAKED", tmp_path / "images")
    assert same(test_images.test_images(name), (255 - images, labels))
    monkeypatch.delenv("TOUCHSTONE_DATA")
    assert same(test_images.test_images(name), (255 - images, labels))


@pytest.mark.parametrize("content", [b"", b"nothing", "cut off", "another"])
def test_damaged_packed_images_are_missing_images(folder, tmp_path, monkeypatch, content):
    images, labels = folder[1]["MNIST"]
    whole = test_images.pack(images, labels)
    content = {"cut off": whole[:-100], "another": test_images.pack(images[1:], labels[1:])}.get(content, content)
    (tmp_path / "MNIST.npz").write_bytes(content)
    monkeypatch.setattr(test_images, "BAKED", tmp_path)
    with pytest.raises(MissingImages, match=r"MNIST.npz of the grader is damaged: build autograder.zip again"):
        test_images.test_images("MNIST")


@pytest.mark.parametrize("name", NAMES)
def test_where_there_are_none_a_sentence_says_what_to_do(tmp_path, monkeypatch, name):
    monkeypatch.delenv("TOUCHSTONE_DATA", raising=False)
    with pytest.raises(MissingImages) as caught:
        test_images.test_images(name)
    message = str(caught.value)
    assert name in message and "`python -m shared.datasets FOLDER`" in message and "--data" in message
    assert isinstance(caught.value, LookupError)
    monkeypatch.setenv("TOUCHSTONE_DATA", str(tmp_path))
    with pytest.raises(MissingImages) as caught:
        test_images.test_images(name)
    assert f"are not in {tmp_path}. `python -m shared.datasets {tmp_path}` downloads" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "file", "change"),
    [
        ("MNIST", "t10k-images-idx3-ubyte", lambda content: content[:-1]),
        ("MNIST", "t10k-images-idx3-ubyte", lambda content: content[:6]),
        ("MNIST", "t10k-images-idx3-ubyte", lambda content: b"\x1f\x8b" + content[2:]),
        ("MNIST", "t10k-images-idx3-ubyte", lambda content: b""),
        ("MNIST", "t10k-labels-idx1-ubyte", lambda content: content[:-1] + b"\x0a"),
        ("MNIST", "t10k-labels-idx1-ubyte", lambda content: idx(np.zeros(COUNT - 1, np.uint8))),
        ("CIFAR-10", "test_batch", lambda content: content[:-50]),
        ("CIFAR-10", "test_batch", lambda content: b""),
        ("CIFAR-10", "test_batch", lambda content: b"not a pickle"),
        ("CIFAR-10", "test_batch", lambda content: pickle.dumps({"labels": [1] * COUNT})),
        ("CIFAR-10", "test_batch", lambda content: pickle.dumps([1, 2])),
        (
            "CIFAR-10",
            "test_batch",
            lambda content: pickle.dumps({"data": np.zeros((COUNT, 3072)), "labels": [0] * COUNT}),
        ),
    ],
)
def test_damaged_files_get_a_sentence(folder, name, file, change):
    root, _ = folder
    path = next(root.rglob(file))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(MissingImages, match=f"The test images of {name} in .* are damaged .*: delete that folder"):
        test_images.test_images(name)


class Caller:
    def __reduce__(self):
        return os.mkdir, (str(Path(os.environ["TOUCHSTONE_DATA"]) / "called"),)


def test_a_pickle_can_call_nothing(folder):
    root, _ = folder
    (root / "cifar-10-batches-py" / "test_batch").write_bytes(pickle.dumps({"data": Caller()}))
    with pytest.raises(MissingImages, match=r"it wants \w+\.mkdir"):
        test_images.test_images("CIFAR-10")
    assert not (root / "called").exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_real_images(images_folder, name):
    images, labels = test_images.test_images(name)
    assert images.shape == (10_000, *test_images.SHAPES[name]) and images.dtype == np.uint8
    assert labels.dtype == np.int64 and set(labels) == set(range(10))
    if name == "MNIST":
        assert labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_the_grader_does_not_import_torch():
    program = "import sys, autograder.test_images; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=KIT, check=True)


# ---- who gets them --------------------------------------------------------------------------------------------------


def packed(assignment, tmp_path, name):
    notebook = tmp_path / "solved.ipynb"
    notebook.write_text("{}")
    target = tmp_path / name
    packaging.package(assignment, target, tests={}, solved=notebook, blank=notebook)
    return target


def test_the_graders_zip_holds_the_images_of_those_that_need_them(folder, tmp_path, newton_gd):
    _, written = folder
    both = newton_gd.model_copy(update={"images": NAMES})
    first, second = (packed(both, tmp_path, name) for name in ("a.zip", "b.zip"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npz")]
        assert names == ["files/autograder/images/CIFAR-10.npz", "files/autograder/images/MNIST.npz"]
        for name in NAMES:
            assert same(test_images.unpack(archive.read(f"files/autograder/images/{name}.npz")), written[name])
        sizes = [archive.getinfo(name).compress_size for name in names]
    assert packaging.size_of_images(first) == sum(sizes) > COUNT * 3000
    without = packed(newton_gd, tmp_path, "c.zip")
    assert packaging.size_of_images(without) == 0
    assert not [name for name in zipfile.ZipFile(without).namelist() if "images/" in name]


def test_the_zips_own_code_finds_its_images(folder, tmp_path, newton_gd):
    archive = packed(newton_gd.model_copy(update={"images": ("MNIST",)}), tmp_path, "a.zip")
    zipfile.ZipFile(archive).extractall(tmp_path / "grader")
    program = f"from autograder import test_images as t; t.COUNT = {COUNT}; print(*t.test_images('MNIST')[1])"
    environment = {key: text for key, text in os.environ.items() if key != "TOUCHSTONE_DATA"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "grader" / "files",
        env={**environment, "PYTHONPATH": "."},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(label) for label in folder[1]["MNIST"][1]]


def test_student_code_gets_no_images(kit):
    from autograder.sandbox import isolation

    assert not [path for path in kit.root.rglob("*") if "images" in path.parts or path.suffix == ".npz"]
    assert "autograder/images" in isolation.SECRETS


# ---- building -------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(monkeypatch, newton_gd, tmp_path):
    """Two assignments, of which one needs images, and a `release` that writes only their zips."""
    needy = newton_gd.model_copy(update={"name": "needy", "images": NAMES})
    monkeypatch.setattr("autograder.cli.load", lambda: {"newton_gd": newton_gd, "needy": needy})
    monkeypatch.setattr("autograder.cli.hold_to_checks", lambda assignment: None)

    def release(assignment, out):
        (out / assignment.name).mkdir(parents=True)
        (out / assignment.name / "notes.txt").write_text(os.environ.get("TOUCHSTONE_DATA", ""))
        packed(newton_gd.model_copy(update={"images": assignment.images}), out / assignment.name, "autograder.zip")
        return out / assignment.name

    monkeypatch.setattr("autograder.release.release", release)
    return needy


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def words(text):
    return " ".join(text.split())


def test_build_takes_the_images_from_the_folder_it_is_given(folder, two, tmp_path, monkeypatch):
    root, _ = folder
    moved = root.rename(tmp_path / "moved")
    monkeypatch.setenv("TOUCHSTONE_DATA", str(root))
    result = run("build", "--data", moved, "--out", tmp_path / "dist")
    assert result.exit_code == 0, result.output
    assert "autograder.zip holds the test images of MNIST and CIFAR-10, 0.2 MB" in words(result.output)
    assert result.output.count("holds the test images") == 1  # newton_gd has none
    assert (tmp_path / "dist" / "needy" / "notes.txt").read_text() == str(moved)
    assert packaging.size_of_images(tmp_path / "dist" / "needy" / "autograder.zip") > 0


def test_build_takes_them_from_the_environment(folder, two, tmp_path):
    result = run("build", "needy", "--out", tmp_path / "dist")
    assert result.exit_code == 0 and "holds the test images" in result.output


@pytest.mark.parametrize("named_folder", [True, False])
def test_without_images_what_was_asked_for_is_refused(two, tmp_path, monkeypatch, named_folder):
    monkeypatch.delenv("TOUCHSTONE_DATA", raising=False)
    option = ("--data", tmp_path / "nothing") if named_folder else ()
    result = run("build", "newton_gd", "needy", "--out", tmp_path / "dist", *option)
    assert result.exit_code == 2
    assert "needy: The test images of MNIST are" in words(result.stderr)
    assert "python -m shared.datasets" in words(result.stderr) and "--data" in words(result.stderr)
    assert not (tmp_path / "dist").exists()


def test_without_images_the_others_are_built(two, tmp_path, monkeypatch):
    monkeypatch.delenv("TOUCHSTONE_DATA", raising=False)
    result = run("build", "--out", tmp_path / "dist")
    assert result.exit_code == 0, result.output
    assert "needy is left out: The test images of MNIST are needed" in words(result.output)
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["newton_gd"]


def test_grading_yml_says_which_images_an_assignment_needs(tmp_path):
    assert load()["networks"].images == NAMES
    assert load()["newton_gd"].images == ()
    text = "assignments: {a: {title: A, points: 1, images: [MNIST, CIFAR], questions: {q: {title: Q, points: 1}}}}"
    (tmp_path / "grading.yml").write_text(text)
    with pytest.raises(
        PolicyError, match=r"assignments\.a\.images\.1 is 'CIFAR': input should be 'MNIST' or 'CIFAR-10'"
    ):
        policy.load(tmp_path / "grading.yml")


# ---- the real images for these tests --------------------------------------------------------------------------------

UNPACK = """
import sys, time
from pathlib import Path
folder = Path(sys.argv[1])
folder.mkdir()
with open(Path(__file__).with_name("log"), "a") as log:
    print("unpacking", file=log)
time.sleep(0.2)
sys.exit("no room") if (folder.parent.parent / "full").exists() else (folder / "image").touch()
"""


def test_the_archive_is_unpacked_once_and_whole_or_not_at_all(tmp_path):
    script, folder = tmp_path / "unpack", tmp_path / "dist" / "data"
    assert not real_data.unpacked(script, folder)
    assert not folder.parent.exists()
    script.write_text(UNPACK)
    folder.parent.mkdir()
    (folder.parent / "full").touch()
    with pytest.raises(subprocess.CalledProcessError):
        real_data.unpacked(script, folder)
    assert not folder.exists() and not list(folder.parent.glob(".data-*"))
    (folder.parent / "full").unlink()
    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(lambda _: real_data.unpacked(script, folder), range(3)))
    assert [path.name for path in folder.iterdir()] == ["image"]
    assert (tmp_path / "log").read_text().count("unpacking") == 2


def test_a_named_folder_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(real_data, "UNPACK", tmp_path / "none")
    monkeypatch.setattr(real_data, "UNPACKED", tmp_path / "data")
    monkeypatch.setenv("TOUCHSTONE_DATA", "mine")
    assert real_data.name_folder() == Path("mine")
    monkeypatch.delenv("TOUCHSTONE_DATA")
    assert real_data.name_folder() is None
    (tmp_path / "data").mkdir()
    assert real_data.name_folder() == tmp_path / "data" == Path(os.environ["TOUCHSTONE_DATA"])
