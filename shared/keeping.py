"""What a training leaves behind: checkpoints on the way, weights and history at its end, and the zip that is submitted.

    checkpoints/DenseNet.pt                    after each epoch; removed when the training is done
    weights/DenseNet.pt, history/DenseNet.json
    hyperparameters.json, networks.zip         written by `export`

All of it lies beside the notebook. A file is written under another name first and then renamed: an interrupt leaves
the old one as it was.
"""

import importlib
import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

import shared

NETWORKS = ("DenseNet", "SimpleCNN", "LogisticNet", "HiddenNet", "ConvNet", "TunedNet")
OPTIONAL = ("TunedNet",)
LARGEST = 20 * 10**6  # bytes: what the grader takes of one file of weights

History = dict[str, list[float]]


# ---- checkpoints ----------------------------------------------------------------------------------------------------


def save_checkpoint(
    checkpoint: str | Path | None, model: nn.Module, optimizer: torch.optim.Optimizer, history: History
) -> None:
    """Keep the state of a training in the file `checkpoint`, in place of what it held. None: keep nothing."""
    if checkpoint is not None:
        # the step size or an accuracy may be a number of numpy's
        plain = {"optimizer": _without_numpy(optimizer.state_dict()), "history": _without_numpy(history)}
        _write(Path(checkpoint), lambda path: torch.save({"model": model.state_dict(), **plain}, path))


def load_checkpoint(
    checkpoint: str | Path | None, model: nn.Module, optimizer: torch.optim.Optimizer
) -> History | None:
    """Put model and optimizer into the state that the file `checkpoint` holds, and return the history so far.

    Where there is no such file (or checkpoint is None), nothing happens, and None is returned. Raises RuntimeError for
    a file that doesn't fit.
    """
    if checkpoint is None or not Path(checkpoint).exists():
        return None
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    try:
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
    except (RuntimeError, ValueError) as error:
        raise RuntimeError(
            f"{Path(checkpoint).as_posix()} was kept by a training of another network or with another optimizer. "
            "Remove that file to begin anew."
        ) from error
    history: History = state["history"]
    return history


def _without_numpy(state: Any) -> Any:
    """The same with Python's own numbers in place of numpy's, which torch.load refuses with weights_only=True."""
    if isinstance(state, dict):
        return {key: _without_numpy(value) for key, value in state.items()}
    if isinstance(state, list | tuple):
        return type(state)(_without_numpy(value) for value in state)
    return state.tolist() if isinstance(state, np.generic | np.ndarray) else state


# ---- trained once ---------------------------------------------------------------------------------------------------


def kept(
    name: str, model: nn.Module, train_it: Callable[[nn.Module, Path], Mapping[str, Any]]
) -> tuple[nn.Module, History]:
    """The model, trained, and its history: (model, history). Trained only if no earlier training was kept.

    train_it: trains the model in place and returns its history. It is called as train_it(model, checkpoint), where
    checkpoint is a path for save_checkpoint and load_checkpoint.
    While a notebook is graded nothing is trained: without kept files the model stays as it is, the history empty.
    """
    weights, history, checkpoint = _files(name)
    if weights.exists() and history.exists():
        _load_weights(name, weights, model)
        print(f'{name}: trained earlier. (To train it anew: keeping.forget("{name}").)')
        return model, json.loads(history.read_text(encoding="utf-8"))
    if not shared.running_slow():
        return model, {"train_accuracy": [], "test_accuracy": []}
    if checkpoint.exists():
        print(f'{name}: goes on from its last epoch. (To begin anew: keeping.forget("{name}").)')
    made = train_it(model, checkpoint)
    if not isinstance(made, Mapping):
        raise TypeError(f"the training of {name} should return its history, a dictionary; it returned {made!r}")
    plain = {key: [float(accuracy) for accuracy in accuracies] for key, accuracies in made.items()}
    save_weights(weights, model)
    _write(history, lambda path: path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8"))
    checkpoint.unlink(missing_ok=True)
    return model, plain


def forget(name: str) -> None:
    """Remove the weights, the history and the checkpoint of a network, so that `kept` trains it anew."""
    for path in _files(name):
        path.unlink(missing_ok=True)


def save_weights(path: str | Path, model: nn.Module) -> None:
    """Write the model's state dict to a file, with half the digits where that is needed to stay below 20 MB."""
    state = {key: tensor.detach().cpu().contiguous() for key, tensor in model.state_dict().items()}
    if sum(tensor.numel() * tensor.element_size() for tensor in state.values()) > 0.95 * LARGEST:
        state = {key: tensor.half() if tensor.is_floating_point() else tensor for key, tensor in state.items()}
    _write(Path(path), lambda part: torch.save(state, part))


def _load_weights(name: str, path: Path, model: nn.Module) -> None:
    try:
        model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except RuntimeError as error:
        raise RuntimeError(
            f"{path.as_posix()} doesn't fit this {name}. If you have changed the network since it was trained, "
            f'train it anew: run keeping.forget("{name}") and then this cell.'
        ) from error


def _files(name: str) -> tuple[Path, Path, Path]:
    """Where a network's weights, history and checkpoint lie."""
    return Path("weights") / f"{name}.pt", Path("history") / f"{name}.json", Path("checkpoints") / f"{name}.pt"


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside `path`, then give it that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    write(unfinished)
    unfinished.replace(path)


# ---- what is submitted ----------------------------------------------------------------------------------------------


def export(hyperparameters: Mapping[str, Mapping[str, float]], notebook: str = "networks.ipynb") -> Path:
    """Write hyperparameters.json and networks.zip, and print what the zip holds and what is missing. Returns its path.

    The zip holds the notebook as it was last saved (in Colab: as it is), the hyper-parameters, each network's weights
    and history, and Python modules that lie beside the notebook.
    """
    _write_from_colab(Path(notebook))
    text = json.dumps(hyperparameters, indent=1, default=_plain) + "\n"
    _write(Path("hyperparameters.json"), lambda path: path.write_text(text, encoding="utf-8"))
    wanted = [Path(notebook), Path("hyperparameters.json")]
    wanted += [path for name in NETWORKS for path in _files(name)[:2]]
    wanted += sorted(Path().glob("*.py"))
    there = [path for path in wanted if path.exists()]
    target = Path("networks.zip")
    _write(target, lambda path: _zip(path, there))
    print(f"{target} holds")
    for path in there:
        size = path.stat().st_size
        large = "   TOO LARGE: the grader refuses more than 20 MB" if size > LARGEST else ""
        print(f"  {path.as_posix():26}{-(-size // 1000):8,} kB{large}")
    for path in wanted:
        if path not in there:
            print(f"  {path.as_posix():26}{'not there (optional)' if path.stem in OPTIONAL else 'MISSING'}")
    if Path(notebook).exists():
        print("The notebook is in it as it was last saved. If you have changed it since, save it and run this again.")
    else:
        print(
            f"{notebook} isn't in this folder, and the zip is worth nothing without it. In Colab: download it (File, "
            f"Download), upload it here (the panel Files) as {notebook}, and run this cell again. Elsewhere: if yours "
            'has another name, give that, keeping.export(hyperparameters, "my name.ipynb").'
        )
    return target


def _write_from_colab(notebook: Path) -> None:
    """In Colab, which keeps the notebook elsewhere: ask for it and write it into this folder. Otherwise nothing."""
    if "google.colab" not in sys.modules:
        return
    try:
        colab = importlib.import_module("google.colab._message")  # there alone: no requirement of this module
        cells = colab.blocking_request("get_ipynb", timeout_sec=60)["ipynb"]
    except Exception as error:  # none of it is documented; `export` says what to do without
        print(f"Colab doesn't hand out the notebook ({type(error).__name__}).")
        return
    _write(notebook, lambda path: path.write_text(json.dumps(cells), encoding="utf-8"))


def _zip(path: Path, members: list[Path]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, member.as_posix())


def _plain(value: Any) -> Any:
    """A number of numpy's or torch's as Python's own, for JSON."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"hyperparameters should hold names and numbers only; there is {value!r} in it")
