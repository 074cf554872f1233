"""shared/keeping.py: checkpoints, networks that are trained once, and the zip that is submitted."""

import json
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from shared import keeping

HISTORY = {"train_accuracy": [0.5, 0.75], "test_accuracy": [0.5, 0.625]}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOUCHSTONE_GRADING", raising=False)


def small_model(seed: int = 0) -> nn.Module:
    """A network with parameters and with a buffer of whole numbers."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))


def sgd(model: nn.Module) -> torch.optim.SGD:
    return torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def step(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    model(torch.arange(8.0).reshape(2, 4)).square().sum().backward()
    optimizer.step()


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def trained(history: object = HISTORY):
    """A training that only shifts the weights and counts its calls."""

    def train_it(model: nn.Module, checkpoint: Path) -> object:
        calls.append(checkpoint)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(1)
        return history

    calls: list[Path] = []
    return train_it, calls


# ---- checkpoints ----------------------------------------------------------------------------------------------------


def test_a_training_goes_on_from_its_checkpoint() -> None:
    model = small_model()
    optimizer = sgd(model)
    step(model, optimizer)
    keeping.save_checkpoint("deep/state.pt", model, optimizer, HISTORY)
    other = small_model(seed=1)
    resumed = sgd(other)
    assert keeping.load_checkpoint("deep/state.pt", other, resumed) == HISTORY
    assert same(model, other)
    step(model, optimizer)
    step(other, resumed)  # the momentum has been kept, too
    assert same(model, other)


def test_numbers_of_numpys_can_be_kept() -> None:
    model = small_model()
    optimizer = sgd(model)
    optimizer.param_groups[0]["lr"] = np.cos(0.5)
    history = {"train_accuracy": [np.float64(0.5)], "test_accuracy": [np.mean([True, False])]}
    keeping.save_checkpoint("state.pt", model, optimizer, history)
    resumed = sgd(small_model(seed=1))
    assert keeping.load_checkpoint("state.pt", small_model(), resumed) == history
    assert resumed.param_groups[0]["lr"] == pytest.approx(np.cos(0.5))


def test_without_a_checkpoint_nothing_happens() -> None:
    model, untouched = small_model(), small_model()
    assert keeping.load_checkpoint(None, model, sgd(model)) is None
    assert keeping.load_checkpoint("state.pt", model, sgd(model)) is None
    keeping.save_checkpoint(None, model, sgd(model), HISTORY)
    assert same(model, untouched)
    assert not list(Path().iterdir())


def test_a_checkpoint_of_another_network_is_named() -> None:
    model = small_model()
    keeping.save_checkpoint("state.pt", model, sgd(model), HISTORY)
    other = nn.Linear(3, 7)
    with pytest.raises(RuntimeError, match=r"state\.pt was kept by a training of another network"):
        keeping.load_checkpoint("state.pt", other, sgd(other))


def test_an_interrupt_while_writing_leaves_the_old_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    model, path = small_model(), Path("state.pt")
    keeping.save_checkpoint(path, model, sgd(model), HISTORY)
    before = path.read_bytes()

    def interrupted(state: object, target: Path) -> None:
        target.write_bytes(b"half a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeping.save_checkpoint(path, model, sgd(model), HISTORY)
    assert path.read_bytes() == before


# ---- trained once ---------------------------------------------------------------------------------------------------


def test_a_network_is_trained_once(capsys: pytest.CaptureFixture[str]) -> None:
    train_it, calls = trained()
    model, history = keeping.kept("DenseNet", small_model(), train_it)
    assert history == HISTORY
    assert len(calls) == 1
    assert capsys.readouterr().out == ""
    again, history = keeping.kept("DenseNet", small_model(seed=1), train_it)
    assert history == HISTORY
    assert len(calls) == 1
    assert same(model, again)
    assert "trained earlier" in capsys.readouterr().out
    assert torch.load("weights/DenseNet.pt", weights_only=True)["0.weight"].dtype == torch.float32


def test_forgetting_removes_all_that_was_kept() -> None:
    train_it, calls = trained()
    for _ in range(2):
        keeping.kept("DenseNet", small_model(), train_it)
        keeping.forget("DenseNet")
        keeping.forget("DenseNet")  # nothing there is fine
    assert len(calls) == 2
    assert not [path for path in Path().rglob("*") if path.is_file()]


def test_an_interrupted_training_goes_on_and_its_checkpoint_is_removed_in_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(model: nn.Module, checkpoint: Path) -> dict[str, list[float]]:
        keeping.save_checkpoint(checkpoint, model, sgd(model), HISTORY)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeping.kept("DenseNet", small_model(), interrupted)
    assert not Path("weights").exists()

    def resumed(model: nn.Module, checkpoint: Path) -> object:
        return keeping.load_checkpoint(checkpoint, model, sgd(model))

    model, history = keeping.kept("DenseNet", small_model(seed=1), resumed)
    assert "goes on" in capsys.readouterr().out
    assert same(model, small_model())
    assert history == HISTORY
    assert not list(Path("checkpoints").iterdir())


def test_nothing_is_trained_while_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTONE_GRADING", "1")
    train_it, calls = trained()
    model, history = keeping.kept("DenseNet", small_model(), train_it)
    assert not calls
    assert history == {"train_accuracy": [], "test_accuracy": []}
    assert same(model, small_model())
    assert not list(Path().iterdir())


def test_numbers_of_torch_and_numpy_are_kept_as_plain_numbers() -> None:
    train_it, _ = trained({"train_accuracy": [np.float32(0.5)], "test_accuracy": torch.tensor([0.25])})
    keeping.kept("DenseNet", small_model(), train_it)
    kept = json.loads(Path("history/DenseNet.json").read_text())
    assert kept == {"train_accuracy": [0.5], "test_accuracy": [0.25]}


def test_a_training_without_a_history_is_not_kept() -> None:
    train_it, _ = trained(None)
    with pytest.raises(TypeError, match="should return its history"):
        keeping.kept("DenseNet", small_model(), train_it)
    assert not Path("weights").exists()


def test_weights_of_another_network_say_what_to_do() -> None:
    train_it, _ = trained()
    keeping.kept("HiddenNet", small_model(), train_it)
    with pytest.raises(RuntimeError, match=r'forget\("HiddenNet"\)'):
        keeping.kept("HiddenNet", nn.Linear(5, 5), train_it)


def test_large_weights_are_kept_with_half_the_digits() -> None:
    torch.manual_seed(0)
    large = nn.Sequential(nn.Linear(2800, 2000), nn.BatchNorm1d(2000))
    keeping.save_weights("weights/HiddenNet.pt", large)
    assert Path("weights/HiddenNet.pt").stat().st_size < keeping.LARGEST
    state = torch.load("weights/HiddenNet.pt", weights_only=True)
    assert state["0.weight"].dtype == torch.float16
    assert state["1.num_batches_tracked"].dtype == torch.int64
    read, _ = keeping.kept("HiddenNet", nn.Sequential(nn.Linear(2800, 2000), nn.BatchNorm1d(2000)), trained()[0])
    assert read[0].weight.dtype == torch.float32  # type: ignore[union-attr]


# ---- what is submitted ----------------------------------------------------------------------------------------------


def test_the_zip_holds_what_is_graded(capsys: pytest.CaptureFixture[str]) -> None:
    Path("networks.ipynb").write_text("{}")
    train_it, _ = trained()
    for name in ("DenseNet", "HiddenNet", "validation"):
        keeping.kept(name, small_model(), train_it)
    choices = {"HiddenNet": {"M": np.int64(300), "lr": np.float64(0.5)}}
    assert keeping.export(choices) == Path("networks.zip")
    assert json.loads(Path("hyperparameters.json").read_text()) == {"HiddenNet": {"M": 300, "lr": 0.5}}
    with zipfile.ZipFile("networks.zip") as archive:
        members = archive.namelist()
    kept = [f"{folder}/{name}" for name in ("DenseNet", "HiddenNet") for folder in ("weights", "history")]
    assert [name.rpartition(".")[0] for name in members] == ["networks", "hyperparameters", *kept]
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["weights/ConvNet.pt", "MISSING"] in lines
    assert ["history/TunedNet.json", "not", "there", "(optional)"] in lines
    assert not any("MISSING" in line for line in lines if "weights/DenseNet.pt" in line)


def test_modules_beside_the_notebook_belong_to_it() -> None:
    Path("networks.ipynb").write_text("{}")
    Path("blocks.py").write_text("WIDTH = 3\n")
    with zipfile.ZipFile(keeping.export({})) as archive:
        assert "blocks.py" in archive.namelist()


class Colab:
    """What Colab answers: the notebook as it is, or an error where its undocumented way is gone."""

    def __init__(self, **reply: Any) -> None:
        self.reply = reply

    def blocking_request(self, what: str, timeout_sec: float) -> Any:
        assert what == "get_ipynb"
        return self.reply


@pytest.mark.parametrize("reply", [{"ipynb": {"cells": [1]}}, {}])
def test_colab_is_asked_for_the_notebook(reply: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setitem(sys.modules, "google.colab._message", Colab(**reply))
    keeping.export({})
    printed = capsys.readouterr().out
    if reply:
        assert json.loads(Path("networks.ipynb").read_text()) == reply["ipynb"]
        assert "isn't in this folder" not in printed
    else:
        assert "Colab doesn't hand out the notebook (KeyError)" in printed
        assert "upload it here" in printed


def test_export_says_what_the_grader_will_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    Path("weights").mkdir()
    Path("weights/ConvNet.pt").write_bytes(bytes(keeping.LARGEST + 1))
    keeping.export({})
    printed = capsys.readouterr().out
    assert "TOO LARGE" in printed
    assert "networks.ipynb isn't in this folder" in printed
    with pytest.raises(TypeError, match="names and numbers only"):
        keeping.export({"HiddenNet": {"M": ...}})  # type: ignore[dict-item]
