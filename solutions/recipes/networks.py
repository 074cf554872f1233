"""How the weights of the reference were trained: `make weights`, or `python -m solutions.recipes.networks NET ...`.

Each network is trained by the reference's own `train` with the hyperparameters that the reference reports.

Everything can be interrupted: checkpoints lie in the scratch folder, and the same command goes on from there.
"""

import json
import platform
import time
from contextlib import contextmanager
from pathlib import Path

import click
import torch

from shared import datasets
from solutions import networks

FILES = Path(__file__).parents[1] / "files" / "networks"
RECORD = Path(__file__).with_suffix(".json")  # of each network: accuracy, seconds, seed, hardware
IMAGES = {"DenseNet": "MNIST", "SimpleCNN": "MNIST"}  # of the others: CIFAR-10
SIZES = ("M", "p", "N")  # arguments of the network; the other hyperparameters are those of train


def make(name, root, scratch):
    """Train one network and write its weights, its history and its line of the record."""
    train_set, test_set = datasets.load(IMAGES.get(name, "CIFAR-10"), root)
    chosen = networks.hyperparameters[name]
    with timed(scratch / f"{name}.seconds") as seconds:
        torch.manual_seed(0)
        sizes = {key: value for key, value in chosen.items() if key in SIZES}
        model = getattr(networks, name)(**sizes).to(memory_format=torch.channels_last)
        training = {key: value for key, value in chosen.items() if key not in SIZES}
        checkpoint = scratch / f"{name}.checkpoint"
        history = networks.train(model, train_set, test_set, **training, checkpoint=checkpoint)

    state = {key: value.half() if value.is_floating_point() else value for key, value in model.state_dict().items()}
    model.load_state_dict(state)
    accuracy = networks.evaluate(model, test_set)  # of the weights as they are stored, in half precision
    for folder in ("weights", "history"):
        (FILES / folder).mkdir(parents=True, exist_ok=True)
    torch.save({key: value.contiguous() for key, value in state.items()}, FILES / "weights" / f"{name}.pt")
    (FILES / "history" / f"{name}.json").write_text(json.dumps(history, indent=1) + "\n")
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    hardware = f"{torch.get_num_threads()} threads of {processor()}, torch {torch.__version__}"
    record[name] = {"accuracy": accuracy, "core_seconds": round(seconds()), "seed": 0, "hardware": hardware}
    RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=1) + "\n")
    click.echo(f"{name}: {accuracy:.2%} in {seconds():.0f} seconds of one core")


@contextmanager
def timed(path):
    """Gives a function that says how many seconds of one core were used in this block, in all runs that came to it.

    The sum is kept in the file `path` when the block ends, also by an interrupt.
    """
    before = float(path.read_text()) if path.exists() else 0.0
    begun = time.process_time()
    try:
        yield lambda: before + time.process_time() - begun
    finally:
        path.write_text(f"{before + time.process_time() - begun}\n")


def processor():
    """The processor's name as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*networks.hyperparameters]))
@click.option("--data", "root", default=None, help="The folder of MNIST and CIFAR-10 [default: $TOUCHSTONE_DATA].")
@click.option("--scratch", default="dist/weights", show_default=True, help="Where checkpoints lie.")
def main(names, root, scratch):
    """Train the reference's networks NAMES (default: all) and store their weights."""
    folder = Path(scratch)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or networks.hyperparameters:
        make(name, root, folder)


if __name__ == "__main__":
    main()
