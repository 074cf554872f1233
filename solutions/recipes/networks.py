"""How the weights of the reference were trained: `make weights`, or `python -m solutions.recipes.networks NET ...`.

Each network is trained by the reference's own `train` with the hyperparameters that the reference reports. TunedNet
needs more than these: shifted and mirrored images, and a teacher. The teacher is a deeper network, trained first on
the same images; TunedNet learns from the labels and from its logits, which also say which other classes an image
resembles. So a network of two convolutions learns more than from labels alone. Its first cycle of steps that grow and
shrink is followed by short ones. Stored is the mean of the weights at their ends.

Everything can be interrupted: checkpoints lie in the scratch folder, and the same command goes on from there.
"""

import json
import platform
import time
from contextlib import contextmanager
from pathlib import Path

import click
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from shared import datasets
from solutions import networks

FILES = Path(__file__).parents[1] / "files" / "networks"
RECORD = Path(__file__).with_suffix(".json")  # of each network: accuracy, seconds, seed, hardware
IMAGES = {"DenseNet": "MNIST", "SimpleCNN": "MNIST"}  # of the others: CIFAR-10
SIZES = ("M", "p", "N")  # arguments of the network; the other hyperparameters are those of train
REACH = 3  # pixels by which an image is shifted at most
VIEWS = 12  # of shifted images, which take turns
TEACHER_CYCLES = ((12, 0.2), (18, 0.1))  # epochs, and the largest step size
TUNED_CYCLES = ((48, 0.1), (12, 0.03), (12, 0.05), (12, 0.05))


class Teacher(nn.Module):
    """Seven convolutions for CIFAR-10 with batch norm: (B, 3, 32, 32) → (B, 10)."""

    def __init__(self):
        super().__init__()

        def block(inputs, outputs):
            return [
                nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
                nn.MaxPool2d(2),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
                nn.Conv2d(outputs, outputs, kernel_size=3, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]

        self.layers = nn.Sequential(
            nn.Conv2d(3, 24, kernel_size=2),
            nn.ReLU(),
            *block(24, 64),
            *block(64, 128),
            *block(128, 256),
            nn.MaxPool2d(3),
            nn.Flatten(),
            nn.Linear(256, 10),
        )

    def forward(self, x):
        return self.layers(x)


class Shifts:
    """Images shifted by up to `reach` pixels each way and mirrored by chance, as `train` draws them.

    images: (n, 3, 32, 32); labels: (n,). A call with indices and an epoch gives images (B, 3, 32, 32) and labels (B,).
    """

    def __init__(self, images, labels, reach=REACH):
        padded = nn.functional.pad(images, [reach] * 4, mode="reflect")
        self.windows = padded.unfold(2, 32, 1).unfold(3, 32, 1)  # (n, 3, positions, positions, 32, 32), without a copy
        self.labels = labels
        self.positions = 2 * reach + 1

    def view(self, indices, number):
        """The images at the indices, shifted as in the view of that number: the same at every call."""
        generator = torch.Generator().manual_seed(number)
        down, right = torch.randint(self.positions, (2, len(self.labels)), generator=generator)
        return self.windows[indices, :, down[indices], right[indices]]  # (B, 3, 32, 32)

    def __call__(self, indices, epoch):
        return mirrored(self.view(indices, epoch)), self.labels[indices]


def mirrored(images):
    """Each image, or with probability one half its mirror image."""
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(3), images)


class Lessons:
    """Shifted and mirrored images; as targets (B, 11) the teacher's logits and the label.

    The teacher looks once at each of a few views, which take turns: its answers are kept in `folder`.
    """

    def __init__(self, shifts, teacher, folder, views=VIEWS):
        self.shifts, self.folder, self.views = shifts, folder, views
        self.teacher = teacher.eval()
        self.answers = {}

    def answers_to(self, number):
        """The teacher's logits for all images of a view: (n, 10)."""
        path = self.folder / f"lesson-{number}.pt"
        if not path.exists():
            batches = torch.arange(len(self.shifts.labels)).split(500)
            with torch.no_grad():
                logits = torch.cat([self.teacher(self.shifts.view(batch, number)) for batch in batches])
            torch.save(logits, path)
        return torch.load(path, weights_only=True)

    def __call__(self, indices, epoch):
        number = epoch % self.views
        if number not in self.answers:
            self.answers[number] = self.answers_to(number)
        targets = torch.cat([self.answers[number][indices], self.shifts.labels[indices, None]], dim=1)
        return mirrored(self.shifts.view(indices, number)), targets


def imitation(logits, targets, temperature=3.0):
    """The mean of two losses: the cross-entropy of the labels, and T^2 times that of softmax(logits / T) against the
    teacher's softmax(answers / T).

    logits: (B, 10); targets: (B, 11), the teacher's answers and the label. Source: Hinton, Vinyals, Dean: Distilling
    the knowledge in a neural network (2015).
    """
    answers, labels = targets[:, :-1], targets[:, -1].long()
    wanted = (answers / temperature).softmax(dim=1)  # (B, 10)
    imitated = -(wanted * (logits / temperature).log_softmax(dim=1)).sum(dim=1).mean()
    return (networks.cross_entropy(logits, labels) + temperature**2 * imitated) / 2


def trained_teacher(train_set, test_set, scratch):
    """The teacher, trained or taken from its checkpoint."""
    torch.manual_seed(1)
    teacher = Teacher().to(memory_format=torch.channels_last)
    options = {"momentum": 0.9, "weight_decay": 5e-4, "draw": Shifts(*train_set)}
    for cycle, (epochs, lr) in enumerate(TEACHER_CYCLES, start=1):
        checkpoint = scratch / f"Teacher-{cycle}.checkpoint"
        history = networks.train(teacher, train_set, test_set, epochs, lr, seed=cycle, checkpoint=checkpoint, **options)
        click.echo(f"teacher, cycle {cycle}: {', '.join(f'{share:.2%}' for share in history['test_accuracy'])}")
    return teacher


def options_of(name, train_set, test_set, scratch):
    """What `train` gets beyond the hyperparameters."""
    if name != "TunedNet":
        return {}
    teacher = trained_teacher(train_set, test_set, scratch)
    return {"weight_decay": 5e-4, "draw": Lessons(Shifts(*train_set), teacher, scratch), "loss": imitation}


def restore_statistics(model, shifts):
    """Put in batch norm's means and variances of a network with new weights: those of one view of all images.

    Without dropout, as the network is used.
    """
    model.eval()
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the mean over all batches, each with the same weight
            layer.train()
    torch.manual_seed(0)
    with torch.no_grad():
        for indices in torch.randperm(len(shifts.labels)).split(500):
            model(shifts(indices, 0)[0])


def make(name, root, scratch):
    """Train one network and write its weights, its history and its line of the record."""
    train_set, test_set = datasets.load(IMAGES.get(name, "CIFAR-10"), root)
    chosen = networks.hyperparameters[name]
    history: dict[str, list[float]] = {}
    with timed(scratch / f"{name}.seconds") as seconds:
        options = options_of(name, train_set, test_set, scratch)
        torch.manual_seed(0)
        sizes = {key: value for key, value in chosen.items() if key in SIZES}
        model = getattr(networks, name)(**sizes).to(memory_format=torch.channels_last)
        mean = AveragedModel(model)
        cycles = TUNED_CYCLES if name == "TunedNet" else ((chosen["epochs"], chosen["lr"]),)
        for cycle, (epochs, lr) in enumerate(cycles):
            more = {"momentum": chosen["momentum"], "seed": cycle, "checkpoint": scratch / f"{name}-{cycle}.checkpoint"}
            found = networks.train(model, train_set, test_set, epochs, lr, **more, **options)
            history = {key: history.get(key, []) + values for key, values in found.items()}
            if cycle > 0:
                mean.update_parameters(model)
        if len(cycles) > 1:
            model = mean.module
            restore_statistics(model, options["draw"].shifts)

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
