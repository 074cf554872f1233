"""How a loss, an evaluation, a training and a picture of predictions behave: tried on small networks of our own.

The checks run these functions in the student's process (see `run_there`). Each returns plain numbers and arrays of what
was seen; what is right is decided on the grader's side, which never loads PyTorch. So it is imported inside of the
functions only, and the networks are in a module of their own, shared.toys.
"""

import contextlib
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = 10
MOST_MARKED = 128  # numbers of images


@contextlib.contextmanager
def luck(number: int) -> Iterator[None]:
    """In this block all random generators are as this number has them; afterwards they are as they were before."""
    import torch

    kept, kept_numpy = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        random.seed(number)
        np.random.seed(number)
        torch.manual_seed(number)
        try:
            yield
        finally:
            random.setstate(kept)
            np.random.set_state(kept_numpy)


# ---- the loss -------------------------------------------------------------------------------------------------------


def loss_and_gradient(cross_entropy: Callable[..., Any], logits: Any, labels: Any) -> dict[str, Any]:
    """One loss of tensors: its `value`, its `gradient` by the logits (None without a graph), and what it `changed`."""
    import torch

    leaf = logits.clone().requires_grad_()
    given, answers = leaf * 1.0, labels.clone()  # not the leaf itself, so that a change in place is no error
    loss = cross_entropy(given, answers)
    seen: dict[str, Any] = {"value": loss, "tensor": isinstance(loss, torch.Tensor), "gradient": None}
    unchanged = {"logits": torch.equal(given, logits), "labels": torch.equal(answers, labels)}
    seen["changed"] = [name for name, same in unchanged.items() if not same]
    if seen["tensor"] and loss.requires_grad and loss.numel() == 1:
        loss.sum().backward()
        seen["gradient"] = leaf.grad
    return seen


# ---- the accuracy ---------------------------------------------------------------------------------------------------


def coded(codes: Any, channels: int = 1) -> Any:
    """Images (n, channels, 4, 4), as float32, with noise and these classes (n,) for shared.toys.Reader."""
    noise = np.random.default_rng(0).uniform(-1, 1, (len(codes), channels, 4, 4))
    noise[:, 0, 0, 0] = np.asarray(codes) / CLASSES
    return noise.astype(np.float32)


def evaluation(evaluate: Callable[..., Any], codes: Any, labels: Any, training: bool) -> dict[str, Any]:
    """One evaluation of a network that reads its classes (n,) off the images, which was in this mode before.

    The `value`; the `calls` of the network; its mode `training` afterwards; whether its `state` and the `data` are
    what they were.
    """
    import torch

    from shared.toys import Reader

    with luck(0):
        model = Reader().train(training)
        images, answers = torch.from_numpy(coded(codes)), torch.from_numpy(np.asarray(labels))
        given = images.clone(), answers.clone()
        before = {name: values.clone() for name, values in model.state_dict().items()}
        value = evaluate(model, given)
        after = model.cpu().state_dict()
        return {
            "value": value,
            "calls": model.calls,
            "training": [part.training for part in model.modules()],
            "state": [name for name in before if not torch.equal(before[name], after[name])],
            "gradients": any(weights.grad is not None for weights in model.parameters()),
            "frozen": not all(weights.requires_grad for weights in model.parameters()),
            "data": torch.equal(given[0], images) and torch.equal(given[1], answers),
        }


# ---- the training ---------------------------------------------------------------------------------------------------


def marked(first: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images (n, 3, 4, 4) with the numbers first, first + 1, ..., their labels (n,), and their means (n, 3).

    A channel has the same value everywhere, which for the first one tells the image's number. A linear network learns
    some of the labels and not all of them.
    """
    number = np.arange(first, first + n)
    rng = np.random.default_rng(20)
    means = rng.uniform(-1, 1, (MOST_MARKED, 3))[number]
    means[:, 0] = (37 * number % MOST_MARKED + 0.5) / (MOST_MARKED / 2) - 1  # neighbours are far apart
    wanted = 3 * means @ rng.normal(size=(3, CLASSES)) + rng.normal(size=(MOST_MARKED, CLASSES))[number]
    means = means.astype(np.float32)
    return np.tile(means[:, :, None, None], (1, 1, 4, 4)), wanted.argmax(axis=1), means


FIRST_TEST_IMAGE, TEST_IMAGES = 91, 37


def _sets(n: int) -> tuple[Any, Any]:
    """A train_set of n images, and a test_set of others."""
    import torch

    train_set, test_set = marked(0, n)[:2], marked(FIRST_TEST_IMAGE, TEST_IMAGES)[:2]
    return tuple(map(torch.from_numpy, train_set)), tuple(map(torch.from_numpy, test_set))


def training(
    train: Callable[..., Any], kind: str, n: int, in_training: bool = True, fortune: int = 0, **settings: Any
) -> dict[str, Any]:
    """One training of a network of shared.toys on n images: the `history`, the `diary`, and the `state` at its end.

    Also the `weights` alone at the end, and the names of those tensors among them that are `unmoved`.
    in_training: the mode before. fortune: what the random generators are set to before. settings: of `train`.
    """
    with luck(fortune):
        return _trained(train, _toy(kind).train(in_training), n, **settings)


def _toy(kind: str, **settings: Any) -> Any:
    from shared import toys

    return {"linear": toys.Watched, "stateful": toys.Stateful}[kind](**settings)


def _trained(train: Callable[..., Any], model: Any, n: int, **settings: Any) -> dict[str, Any]:
    import torch

    start = [weights.detach().clone() for weights in model.parameters()]
    history = train(model, *_sets(n), **settings)
    model.cpu()  # wherever it has been taken
    ends = zip(model.named_parameters(), start, strict=True)
    return {
        "history": history,
        "diary": model.diary,
        "weights": model.weights(),
        "state": model.state(),
        "unmoved": [name for (name, weights), first in ends if torch.equal(weights, first)],
    }


def interrupted_training(
    train: Callable[..., Any], kind: str, n: int, after: int, **settings: Any
) -> dict[str, dict[str, Any]]:
    """Trainings with the same settings in an empty folder.

    `undisturbed`: without a checkpoint. `again`: once more so. `resumed`: with one, for a network with other weights,
    when an earlier call had met Ctrl-C after some steps. `finished`: with the checkpoint of that, for a third network.
    Each with its history, diary and state; and the names of `files` that lay in the folder after the first two.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        seen = {}
        for number, name in enumerate(("undisturbed", "again")):
            with luck(number):
                seen[name] = _trained(train, _toy(kind), n, **settings)
        files = sorted(path.name for path in Path().iterdir())
        settings["checkpoint"] = Path("kept.pt")
        with luck(2), contextlib.suppress(KeyboardInterrupt):
            _trained(train, _toy(kind, interrupt_after=after), n, **settings)
        for number, name in enumerate(("resumed", "finished"), start=3):
            with luck(number):
                seen[name] = _trained(train, _toy(kind, number=number), n, **settings)
    return {**seen, "files": {"left": files}}


def learning(train: Callable[..., Any], **settings: Any) -> dict[str, Any]:
    """One training of a linear network on easy images: the `history`, and their logits `before` and `after` it.

    Also their `labels`, whether the weights `moved`, and whether the `data` are what they were.
    """
    import torch
    from torch import nn

    with luck(0):
        rng = np.random.default_rng(5)
        patterns = rng.uniform(-1, 1, (CLASSES, 1, 6, 6))
        labels = np.tile(np.arange(CLASSES), 8)
        images = torch.from_numpy((0.7 * patterns[labels] + 0.3 * rng.uniform(-1, 1, (80, 1, 6, 6))).astype(np.float32))
        linear = nn.Linear(36, CLASSES, dtype=torch.float32)
        model = nn.Sequential(nn.Flatten(), linear)
        before, start = model(images), linear.weight.detach().clone()
        train_set = images.clone(), torch.from_numpy(labels.copy())
        test_set = images[:20].clone(), torch.from_numpy(labels[:20].copy())
        history = train(model, train_set, test_set, **settings)
        model.cpu()
        return {
            "history": history,
            "labels": labels,
            "before": before,
            "after": model(images),
            "moved": not torch.equal(linear.weight, start),
            "data": torch.equal(train_set[0], images) and np.array_equal(train_set[1].numpy(), labels),
        }


def accuracy_on_test_images(evaluate: Callable[..., Any], weights: Any) -> dict[str, Any]:
    """The student's `value` of the accuracy on `training`'s test images, of the linear network with these weights."""
    import torch

    model = _toy("linear")
    torch.nn.utils.vector_to_parameters(torch.from_numpy(weights), model.parameters())
    return {"value": evaluate(model, _sets(1)[1])}


# ---- the pictures ---------------------------------------------------------------------------------------------------


def predictions(
    plot_predictions: Callable[..., Any], codes: Any, classes: Any, channels: int, training: bool
) -> dict[str, Any]:
    """The `figure` of a network's predictions, which it reads off the images (n, channels, 4, 4).

    training: its mode before. Also its `calls`, and its mode `training` afterwards.
    """
    import torch

    from shared.toys import Reader

    with luck(0):
        model = Reader().train(training)
        figure = plot_predictions(model, torch.from_numpy(coded(codes, channels)), classes)
        return {"figure": figure, "calls": model.calls, "training": [part.training for part in model.modules()]}
