"""The checks of networks that you can run: properties that every right answer has, without the answer.

`grader.check("ConvNet")` runs those of one question. When you hand in, more checks compare your networks with their
formulas and your weights with the test images.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import logsumexp

from shared import probing, rehearsal
from shared.kit.checking import (
    StudentFunction,
    as_array,
    as_dict,
    as_figure,
    as_number,
    as_object,
    check,
    describe,
    drawn_points,
    expect,
    fail,
    finite,
    note,
    run_there,
    show,
    trying,
)
from shared.kit.values import Opaque, Tensor

# ==== loss, evaluation, training =====================================================================================
# shared.rehearsal tries the functions on small networks of its own and says what it saw.

# ---- cross_entropy --------------------------------------------------------------------------------------------------

U = 2.0**-24  # how far float32 rounds, of each number


def off_by_rounding(logits: np.ndarray) -> float:
    """How far a loss of these logits (B, K) may be off in float32, whichever right way it is computed.

    The logarithm of the sum of exponentials may be as large as the logits, and is rounded so, as is its distance from
    one of them; a plain sum of B losses, each at most twice the largest logit, adds B more such errors. Of the K
    exponentials each is off by the rounding of its argument, and their plain sum by K more, of itself. Doubled, for
    safety. Right losses in ten styles were off by 0.08 of this at most.
    """
    B, K = logits.shape
    return float(2 * U * ((2 * B + 4) * np.abs(logits).max() + K + 10))


def read_loss(cross_entropy: StudentFunction, logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """The loss and its gradient (B, K); fail where it isn't one number with a gradient, or the arguments changed."""
    given = Tensor(logits.astype(np.float32)), Tensor(labels.astype(np.int64))
    seen = run_there(rehearsal.loss_and_gradient, cross_entropy, *given)
    value = as_number(seen["value"], "cross_entropy")
    expect(seen["tensor"], "cross_entropy should return a tensor; PyTorch gets no gradient from a plain number.")
    expect(np.isfinite(value), f"The loss is {'NaN' if np.isnan(value) else 'infinite'}.")
    message = "The loss has no gradient: it should be computed from the logits by PyTorch's operations alone."
    expect(isinstance(seen["gradient"], np.ndarray), message)
    gradient = as_array(seen["gradient"], logits.shape, "the gradient of cross_entropy")
    expect(np.isfinite(gradient).all(), "The gradient of the loss isn't finite.", f"gradient {show(gradient)}")
    changed = " and ".join(seen["changed"])
    expect(not changed, f"cross_entropy changed the caller's {changed}; work on a copy.")
    return value, gradient


def loss_is(cross_entropy: StudentFunction, logits: Any, labels: Any, right: float, message: str) -> None:
    """Fail where the loss isn't the right one."""
    logits, labels = np.array(logits, dtype=float), np.array(labels)
    with trying(logits=logits, labels=labels):
        value, _ = read_loss(cross_entropy, logits, labels)
        details = f"cross_entropy returned {value:.7g}\nexpected {right:.7g}"
        expect(abs(value - right) <= off_by_rounding(logits), f"{message}.", details)


@check("cross_entropy", public=True)
def loss_known_values(cross_entropy: StudentFunction) -> None:
    """Your loss is right where it is known, for any number of classes, the mean over the batch, and has a gradient."""
    for B, K in ((1, 2), (1, 10), (3, 10), (2, 7)):
        message = f"With equal logits, each of {K} classes has probability 1/{K}, so that the loss is log({K})"
        loss_is(cross_entropy, np.zeros((B, K)), np.arange(B), np.log(K), message)
    message = "The class has probability 3/4, so that the loss is -log(3/4)"
    loss_is(cross_entropy, [[0.0, np.log(3)]], [1], np.log(4 / 3), message)
    message = "The class has probability 1/4, so that the loss is -log(1/4)"
    loss_is(cross_entropy, [[0.0, np.log(3)]], [0], np.log(4), message)
    message = "A number added to all logits of an image shouldn't change the loss"
    loss_is(cross_entropy, [[5.0, 5 + np.log(3)]], [0], np.log(4), message)
    message = "The loss of a batch should be the mean of the losses of its images"
    both = (np.log(4) + np.log(4 / 3)) / 2
    loss_is(cross_entropy, [[0.0, np.log(3)], [0.0, np.log(3)]], [0, 1], both, message)
    loss_is(cross_entropy, [[0.0, np.log(3)]] * 6, [0, 1] * 3, both, message)


@check("cross_entropy", public=True)
def loss_of_large_logits(cross_entropy: StudentFunction) -> None:
    """Your loss and its gradient are finite and right for logits as large as 10000 and as small as -10000."""
    for low, high in ((-1e4, 1e4), (0.0, 1e4), (-1e4, 0.0), (0.0, 120.0)):
        message = "A class whose logit is far above the others has probability 1: the loss is 0"
        loss_is(cross_entropy, [[high, low, low]], [0], 0.0, message)
        message = "A class far below the largest logit has the distance from it as its loss"
        loss_is(cross_entropy, [[low, high, low]], [0], high - low, message)
    for level in (1e4, -1e4):
        message = "Equal logits give the loss log(3), however large they are"
        loss_is(cross_entropy, [[level] * 3], [1], np.log(3), message)


# ---- evaluate -------------------------------------------------------------------------------------------------------


def read_evaluation(evaluate: StudentFunction, wrong: np.ndarray, training: bool) -> dict[str, Any]:
    """One evaluation where the network errs on the images (n,) that `wrong` marks; fail unless the accuracy is right.

    training: the network's mode before.
    """
    n = len(wrong)
    labels = np.arange(n) * 7 % 10
    codes = np.where(wrong, (labels + 1 + np.arange(n) % 9) % 10, labels)
    seen = run_there(rehearsal.evaluation, evaluate, codes, labels, training)
    value, right = as_number(seen["value"], "evaluate"), 1 - float(np.mean(wrong))
    details = f"evaluate returned {value:.7g}\nexpected {right:.7g}: {n - wrong.sum()} of {n} images"
    percent = abs(value - 100 * right) <= 1e-3 and right > 0
    expect(not percent, "evaluate should return a share from 0 to 1, not percent.", details)
    # a share in float32 is off by 1e-7, one image of the largest set is 1e-4
    expect(abs(value - right) <= 1e-5, "The accuracy is the number of right images over the number of images.", details)
    return seen


def in_eval_mode(seen: Mapping[str, Any]) -> None:
    """Fail where the network was called in training mode, or PyTorch made a graph of what it did."""
    expect(seen["calls"], "evaluate should ask the network about the images.")
    message = "evaluate should put the network into eval mode: dropout and batch norm work otherwise while training."
    expect(not any(call["training"] for call in seen["calls"]), message)
    message = "evaluate should compute the logits under torch.no_grad(): a graph for gradients costs memory and time."
    expect(not any(call["graph"] for call in seen["calls"]), message)


@check("evaluate", public=True)
def evaluation_counts(evaluate: StudentFunction) -> None:
    """Your accuracy is the share of the images that the network classifies rightly, for any number of images."""
    for wrong in ([], [2], [0, 5, 6], range(7)):
        with trying(n=7, wrong=list(wrong)):
            read_evaluation(evaluate, np.isin(np.arange(7), list(wrong)), training=False)
    for n in (1, 64, 300):
        with trying(n=n, wrong="every third"):
            read_evaluation(evaluate, np.arange(n) % 3 == 2, training=False)


@check("evaluate", public=True)
def evaluation_in_eval_mode(evaluate: StudentFunction) -> None:
    """While you evaluate, the network is in eval mode and no graph is made; afterwards it is back in training mode."""
    seen = run_there(rehearsal.evaluation, evaluate, np.arange(30) % 10, np.arange(30) % 10, True)
    in_eval_mode(seen)
    message = "The network came in training mode; evaluate should leave it so, or train goes on in eval mode."
    expect(all(seen["training"]), message)


# ---- train ----------------------------------------------------------------------------------------------------------


def steps_of(seen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a network's diary (see shared.toys) from whose images it has learned: one for each step."""
    return [entry for entry in seen["diary"] if entry["gradient"] is not None]


HISTORY = ("train_accuracy", "test_accuracy")


def read_history(value: Any, epochs: int) -> dict[str, list[Any]]:
    """What train returned; fail where it isn't a dictionary with two lists of one entry for each epoch."""
    history = as_dict(value, HISTORY, "train")
    for key in HISTORY:
        entries = history[key]
        right = isinstance(entries, list | tuple | np.ndarray) and len(entries) == epochs
        message = f"After {epochs} epochs, the history's {key!r} should be a list of {epochs} numbers."
        expect(right, message, f"it is {show(entries)}" if isinstance(entries, list | tuple) else describe(entries))
    return history


def read_epochs(seen: Mapping[str, Any], n: int, epochs: int, batch_size: int) -> list[list[dict[str, Any]]]:
    """The steps of each epoch; fail unless each has all n images once, in batches of batch_size, the last one short."""
    steps = steps_of(seen)
    expect(steps, "train should learn from the images of train_set: no gradient came to the network.")
    numbers = [entry["images"] for entry in steps]
    message = "train should take its steps on images of train_set alone, as they are."
    expect(all(((batch >= 0) & (batch < n)).all() for batch in numbers), message)
    sizes = [len(batch) for batch in numbers]
    whole, rest = divmod(n, batch_size)
    wanted = [batch_size] * whole + [rest] * (rest > 0)
    message = f"In {epochs} epochs of {n} images with batch_size {batch_size}, the batches have other sizes."
    expect(sizes == wanted * epochs, message, f"{show(sizes)}\nan epoch should have {show(wanted)}")
    epochs_found = [steps[at : at + len(wanted)] for at in range(0, len(steps), len(wanted))]
    for epoch in epochs_found:
        order = order_of(epoch)
        message = "In an epoch each image should be used once."
        expect(len(np.unique(order)) == len(order), message, f"the images of an epoch, by their numbers: {show(order)}")
    return epochs_found


def order_of(epoch: list[dict[str, Any]]) -> np.ndarray:
    """The numbers of the images of an epoch's steps."""
    return np.concatenate([entry["images"] for entry in epoch])


@check("train", public=True)
def training_learns(train: StudentFunction, cross_entropy: StudentFunction) -> None:
    """On easy images your training lowers your loss, in place, and returns a history with an entry for each epoch."""
    settings = {"epochs": 6, "lr": 0.1, "momentum": 0.5, "batch_size": 10, "seed": 0}
    with trying(**settings):
        seen = run_there(rehearsal.learning, train, **settings)
        expect(seen["moved"], "train should change the weights of the network that it is given.")
        expect(seen["data"], "train changed the images or labels that it was given.")
        read_history(seen["history"], 6)
        losses = []
        for when in ("before", "after"):
            given = Tensor(seen[when]), Tensor(seen["labels"])
            value = run_there(rehearsal.loss_and_gradient, cross_entropy, *given)["value"]
            losses.append(as_number(value, "cross_entropy"))
        # right answers of all schedules brought it from 2.4 to 0.9 or less
        message = "Your loss of the training images, easy ones, should be lower after the training than before."
        expect(losses[1] < losses[0], message, f"before {losses[0]:.4g}, after {losses[1]:.4g}")


# The order of 40 images is that of another epoch, or of another seed, by luck with a probability of 1 in 40! only.
@check("train", public=True)
def training_goes_through_all(train: StudentFunction) -> None:
    """Each epoch of yours uses each training image once, in batches of batch_size, in an order of its own."""
    uses_all_images(train, (40, 8), (44, 8), (21, 1))


def uses_all_images(train: StudentFunction, *cases: tuple[int, int]) -> None:
    """Fail unless each epoch has all n images once, in an order of its own. cases: n and batch_size."""
    for n, batch_size in cases:
        settings = {"epochs": 3, "lr": 0.1, "momentum": 0.5, "batch_size": batch_size, "seed": 4}
        with trying(n=n, **settings):
            epochs = read_epochs(run_there(rehearsal.training, train, "linear", n, **settings), n, 3, batch_size)
            orders = {tuple(order_of(epoch)) for epoch in epochs}
            expect(len(orders) == 3, "Each epoch should go through the images in a new order, drawn at random.")


@check("train", public=True)
def training_repeats(train: StudentFunction) -> None:
    """The same seed gives the same weights, another seed another order of the images."""
    depends_on_seed(train)


def depends_on_seed(train: StudentFunction) -> None:
    """Fail unless trainings with the same seed end with the same weights, and one with another has another order."""
    settings = {"epochs": 2, "lr": 0.1, "momentum": 0.5, "batch_size": 8}
    with trying(**settings):
        once, again, other = (
            run_there(rehearsal.training, train, "linear", 40, fortune=fortune, seed=seed, **settings)
            for fortune, seed in ((1, 7), (2, 7), (1, 8))
        )
        message = "Two trainings with the same seed, of the same network, should give the same weights."
        expect(same_state(once, again), message)
        orders = [order_of(read_epochs(seen, 40, 2, 8)[0]) for seen in (once, other)]
        same = np.array_equal(orders[0], orders[1])
        expect(not same, "With another seed the images should come in another order.")


# Of right answers, in twelve styles, the weights were the same to the last bit; those of wrong ones were off by 0.1.
RESUMED = 1e-6


def goes_on(train: StudentFunction, kind: str, after: int, seed: int) -> None:
    """Fail unless a training that was interrupted after some steps goes on from its checkpoint to the same end."""
    n, epochs, batch_size = 40, 3, 8
    settings = {"epochs": epochs, "lr": 0.1, "momentum": 0.9, "batch_size": batch_size, "seed": seed}
    with trying(interrupted_after=f"{after} steps, in epoch {1 + after // 5}", **settings):
        runs = run_there(rehearsal.interrupted_training, train, kind, n, after, **settings)
        undisturbed, again, resumed, finished = (runs[name] for name in ("undisturbed", "again", "resumed", "finished"))
        steps = sum(map(len, read_epochs(undisturbed, n, epochs, batch_size)))
        message = "Without a checkpoint every call should train anew, and nothing be left in a file for the next one."
        expect(len(steps_of(again)) == steps, message, f"files: {show(runs['files']['left'])}")
        message = "Two trainings with the same seed should give the same weights, with dropout, too."
        expect(same_state(undisturbed, again), message)
        done = after // 5
        message = "A call that finds a checkpoint should go on after the last finished epoch."
        details = f"finished: {done} of {epochs} epochs; steps in the second call: {len(steps_of(resumed))}"
        expect(len(steps_of(resumed)) == (epochs - done) * 5, message, details)
        message = "An interrupted training that goes on should end with the same weights as an undisturbed one."
        details = "Kept must be the weights, the optimizer's momentum, and what the order of the images comes from."
        expect(same_state(undisturbed, resumed), message, details)
        histories = [read_history(run["history"], epochs) for run in (undisturbed, resumed, finished)]
        message = "The history of a training that goes on should hold the epochs before the interrupt, too."
        expect(same_history(histories[0], histories[1]), message, "\n".join(map(show, histories[:2])))
        message = "A call that finds the checkpoint of a finished training should train no more"
        expect(not steps_of(finished), f"{message}.")
        expect(same_state(undisturbed, finished), f"{message}, and put its weights into the network.")
        expect(same_history(histories[0], histories[2]), f"{message}, and return its history.", show(histories[2]))
        if runs["files"]["left"]:
            note(f"train wrote a file though it got no checkpoint: {runs['files']['left'][0]}")


def same_state(run: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two networks ended with the same parameters and buffers."""
    size = max(1.0, float(np.abs(run["state"]).max()))
    return bool(np.abs(run["state"] - other["state"]).max() <= RESUMED * size)


def same_history(history: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two histories have the same entries."""
    return all(np.array_equal(np.asarray(history[key]), np.asarray(other[key])) for key in HISTORY)


@check("train", public=True)
def training_goes_on(train: StudentFunction) -> None:
    """After an interrupt, your training goes on from its checkpoint, to the same weights and history."""
    goes_on(train, "linear", 7, seed=3)


# ---- plot_history ---------------------------------------------------------------------------------------------------

WORDS = {"train_accuracy": "training", "test_accuracy": "test"}
NAMES = {"train_accuracy": ("train",), "test_accuracy": ("test", "val")}  # what a curve's name holds
SCALES = (1, 100)  # shares, percent


def points_of(axes: Mapping[str, Any]) -> list[tuple[np.ndarray, str]]:
    """The points (k, 2) of each line and each scatter of one axes, with the name that the legend has beside it."""
    lines = [({"lines": [line]}, line["legend"]) for line in axes["lines"]]
    scatters = [({"scatters": [item]}, item["label"]) for item in axes["scatters"] if item["label"] in axes["legend"]]
    found = [(drawn_points(part), name) for part, name in (*lines, *scatters)]
    return [(points[0][np.isfinite(points[0]).all(axis=1)], name) for points, name in found if points]


def draws_history(value: Any, history: Mapping[str, list[float]]) -> None:
    """Fail unless a figure shows both accuracies against the epochs 1, 2, ..., E, named, in axes with names.

    They are shares or percent, both alike.
    """
    figure = as_figure(value, "plot_history")
    drawn = [(axes, points, name) for axes in figure.axes for points, name in points_of(axes)]
    found = {
        key: [[item for item in drawn if follows(item[1], accuracies, scale)] for scale in SCALES]
        for key, accuracies in history.items()
    }
    for key, by_scale in found.items():
        what = f"the {WORDS[key]} accuracy"
        message = f"No curve of the figure is {what} against the epochs 1, 2, ..., E."
        shown = "; ".join(show(points) for _, points, _ in drawn[:6])
        expect(any(by_scale), message, f"drawn: {shown or 'nothing'}\naccuracies: {show(list(history[key]))}")
    alike = [at for at in range(len(SCALES)) if all(by_scale[at] for by_scale in found.values())]
    expect(alike, "One accuracy is drawn as shares, the other in percent: draw both alike.")
    for key, by_scale in found.items():
        what = f"the {WORDS[key]} accuracy"
        candidates = [(axes, points, name_of(axes, name)) for axes, points, name in by_scale[alike[0]]]
        named = [item for item in candidates if any(word in item[2] for word in NAMES[key])]
        message = f"The legend should name the curve of {what}, beside its own line."
        expect(named, message, f"beside it: {candidates[0][2].strip() or 'nothing'}")
        axes, points, _ = named[0]
        low, high = np.sort([axes["xlim"], axes["ylim"]]).T
        inside = ((points >= low - 1e-9) & (points <= high + 1e-9)).all(axis=1)
        expect(inside.mean() > 0.5, f"Most of the curve of {what} lies beyond the limits of its axes.")
        expect(axes["xlabel"].strip() and axes["ylabel"].strip(), "Label both axes of the figure.")


def name_of(axes: Mapping[str, Any], name: str) -> str:
    """What a reader takes for a curve's name: that in the legend, or that of a panel which it has for itself."""
    alone = len(points_of(axes)) == 1
    return f"{name} {axes['title']} {axes['ylabel']}".lower() if alone else name.lower()


def follows(points: np.ndarray, accuracies: list[float], scale: int) -> bool:
    """Whether points (k, 2) are the accuracies (E,), times a scale, at 1, 2, ..., E."""
    if points.shape != (len(accuracies), 2) or np.abs(points[:, 0] - np.arange(1, len(points) + 1)).max() > 1e-6:
        return False
    return bool(np.abs(points[:, 1] - scale * np.array(accuracies)).max() <= 1e-5 * scale)


@check("plot_history", public=True)
def plot_history_draws_both(plot_history: StudentFunction) -> None:
    """Your figure shows training and test accuracy against the epochs 1, 2, ..., E, both named, and names on both
    axes.
    """
    history = {"train_accuracy": [0.31, 0.46, 0.52, 0.6], "test_accuracy": [0.35, 0.44, 0.47, 0.455]}
    with trying(history=history):
        draws_history(plot_history(history), history)


# ==== networks =======================================================================================================

MNIST, CIFAR = (1, 28, 28), (3, 32, 32)
IMAGE = {
    "DenseNet": MNIST,
    "SimpleCNN": MNIST,
    "LogisticNet": CIFAR,
    "HiddenNet": CIFAR,
    "ConvNet": CIFAR,
    "TunedNet": CIFAR,
}
HYPERPARAMETERS = {"HiddenNet": ("M",), "ConvNet": ("M", "p", "N")}  # what a network is built with
TRIED = {"HiddenNet": ((3,), (12,)), "ConvNet": ((4, 5, 14), (3, 6, 5))}  # M; M, p, N
BATCHES = (1, 2, 4, 7)
ROUNDING = 1e-4  # of the largest logit of a row; right networks were off by 6e-6 at most


def called(name: str, arguments: tuple[int, ...]) -> str:
    """How a network is built, «ConvNet(4, 5, 14)»; its name alone where it takes no arguments."""
    return f"{name}({', '.join(map(str, arguments))})" if arguments else name


def drawn_images(name: str, count: int, seed: int = 0) -> np.ndarray:
    """Images (count, c, h, w) of a network's shape with every pixel drawn by itself, float32 from -1 to 1."""
    return np.random.default_rng(seed).uniform(-1, 1, (count, *IMAGE[name])).astype(np.float32)


def patchworks(name: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images (count, c, h, w) of a network's shape, each of 4 x 4 coloured squares, and labels (count,) by chance."""
    rng = np.random.default_rng(0)
    channels, side, _ = IMAGE[name]
    squares = rng.choice([-1.0, 1.0], (count, channels, 4, 4))
    images = np.kron(squares, np.ones((side // 4, side // 4))).astype(np.float32)
    return images, np.arange(count) % 10


def read_logits(value: Any, batch: int, name: str) -> np.ndarray:
    """The logits (batch, 10) that a network has returned."""
    if not isinstance(value, np.ndarray) or value.shape != (batch, 10):
        what = describe(value).replace("an array", "a tensor")
        fail(f"For a batch of {batch} images {name} should return a tensor of shape ({batch}, 10); it returned {what}.")
    logits = as_array(value, (batch, 10), name)
    finite(logits, name)
    return logits


def looks_like_logits(logits: np.ndarray, name: str) -> None:
    """Fail where the outputs are probabilities, their logarithms, or have lost their negative part."""
    message = f"{name} should return logits, as its last layer gives them, without {{}} after it."
    details = f"the first row is {show(logits[0])}"
    varied = np.ptp(logits) > 0
    ones = np.abs(logits.sum(axis=1) - 1).max() <= 1e-4 and (logits >= 0).all()
    expect(not ones, message.format("a softmax"), details)
    normed = np.abs(logsumexp(logits, axis=1)).max() <= 1e-4
    expect(not normed, message.format("a logarithm of a softmax"), details)
    cut = varied and logits.min() == 0
    expect(not cut, message.format("a ReLU"), details)
    between = varied and logits.min() > 0 and logits.max() < 1
    expect(not between, message.format("a sigmoid"), details)


def has_form(Net: StudentFunction) -> None:
    """The network gives ten logits for each image, from this image alone, and can be trained in all its parameters."""
    for arguments in TRIED.get(Net.name, ((),)):
        name = called(Net.name, arguments)
        kind = run_there(probing.kind_of, Net, arguments)
        message = f"{Net.name} is a network that has been built already. It should be the class, which builds it."
        expect(kind != "built", message)
        expect(kind != "other", f"{name} should be a network of PyTorch's: a class that inherits from nn.Module.")
        expect(kind != "unready", "The first line of __init__ should be super().__init__().")
        images = drawn_images(Net.name, max(BATCHES))
        for batch in BATCHES:
            with trying(B=batch):
                value = run_there(probing.outputs, Net, arguments, Tensor(images[:batch]))
                read_logits(value, batch, name)
        goes_image_by_image(Net, arguments, images)
        shapes = run_there(probing.parameters, Net, arguments, IMAGE[Net.name])
        expect(shapes, f"{name} has no parameters: layers and nn.Parameters become its own as attributes in __init__.")
        slopes = run_there(probing.gradients, Net, arguments, Tensor(images))
        dead = [parameter for parameter, largest in slopes if not largest > 0]
        message = f"In {name} the gradient doesn't reach every parameter: with some, the loss never changes."
        expect(not dead, message, f"without a gradient: {', '.join(dead)}")


def goes_image_by_image(Net: StudentFunction, arguments: tuple[int, ...], images: np.ndarray) -> None:
    """Fail unless each row of the logits depends on its own image and on nothing else."""
    name, count = called(Net.name, arguments), len(images)
    both = (images, (40 * images).astype(np.float32))
    for batch in both:
        found = run_there(probing.rows, Net, arguments, Tensor(batch))
        expect(found["kept"], f"{name} changes the images that it is given; work on a copy.")
        together, again, alone = (read_logits(found[key], count, name) for key in ("together", "again", "alone"))
        message = f"{name} in eval mode gave two different answers to the same images."
        details = "Does something stay random, such as dropout that doesn't look at self.training?"
        expect(same_rows(together, again), message, details)
        message = f"{name} gives an image other logits when it is alone than among others: are images mixed up?"
        expect(same_rows(alone, together), message, f"alone  {show(alone[0])}\namong  {show(together[0])}")
        looks_like_logits(together, name)


def same_rows(actual: np.ndarray, expected: np.ndarray, tolerance: float = ROUNDING) -> bool:
    """Whether each row of logits is that expected, to `tolerance` times its largest entry."""
    sizes = np.maximum(np.abs(expected).max(axis=1), 1e-3)
    return bool((np.abs(actual - expected).max(axis=1) <= tolerance * sizes).all())


@check("DenseNet", public=True, weight=2)
def dense_net_has_its_form(DenseNet: StudentFunction) -> None:
    """Your DenseNet gives ten logits for each image, from this image alone, and the gradient reaches its parameters."""
    has_form(DenseNet)


@check("SimpleCNN", public=True, weight=2)
def simple_cnn_has_its_form(SimpleCNN: StudentFunction) -> None:
    """Your SimpleCNN gives ten logits for each image, from this image alone, and the gradient reaches its
    parameters.
    """
    has_form(SimpleCNN)


@check("LogisticNet", public=True, weight=2)
def logistic_net_has_its_form(LogisticNet: StudentFunction) -> None:
    """Your LogisticNet gives ten logits for each image, from this image alone, and the gradient reaches its
    parameters.
    """
    has_form(LogisticNet)


@check("HiddenNet", public=True, weight=2)
def hidden_net_has_its_form(HiddenNet: StudentFunction) -> None:
    """Your HiddenNet gives ten logits for each image, from this image alone, and the gradient reaches its parameters,
    for several M.
    """
    has_form(HiddenNet)


@check("ConvNet", public=True, weight=2)
def conv_net_has_its_form(ConvNet: StudentFunction) -> None:
    """Your ConvNet gives ten logits for each image, from this image alone, and the gradient reaches its parameters,
    for several M, p and N.
    """
    has_form(ConvNet)


@check("TunedNet", public=True)
def tuned_net_has_its_form(TunedNet: StudentFunction) -> None:
    """Your TunedNet has two convolutions and three dense layers, gives ten logits for each image, from this image
    alone, and the gradient reaches its parameters.
    """
    is_of_the_family(TunedNet)


def is_of_the_family(TunedNet: StudentFunction) -> None:
    """TunedNet has its form, and the layers of the tutorial's network."""
    has_form(TunedNet)
    axes = [len(shape) for shape in run_there(probing.kernels, TunedNet, (), CIFAR)]
    convolutions, dense = axes.count(4), axes.count(2)
    others = len(axes) - convolutions - dense
    message = (
        "TunedNet should have two convolutions and three dense layers, as the tutorial's network: among its tensors, "
        f"also those that it doesn't train, two of four axes and three of two. Yours has {convolutions} and {dense}"
        f"{f', and {others} of other kinds' if others else ''}. (Batch norm and dropout may come on top.)"
    )
    expect(sorted(axes) == [2, 2, 2, 4, 4], message)


# ---- a short training -----------------------------------------------------------------------------------------------

# Right networks, in five to eight styles and up to 15 initialisations, had all 32 images right in the end; with dropout
# in two places and first weights near 0, 28 of them at least.
STEPS = 60
FEW = 32
LEARNABLE = {"HiddenNet": (32,), "ConvNet": (16, 5, 14)}


def learns(Net: StudentFunction) -> None:
    """The network classifies a few images rightly after a few steps."""
    arguments = LEARNABLE.get(Net.name, ())
    images, labels = patchworks(Net.name, FEW)
    share = run_there(probing.overfit, Net, arguments, Tensor(images), Tensor(labels), STEPS)
    message = (
        f"{called(Net.name, arguments)} should learn {FEW} images by heart: {STEPS} steps of Adam on all of them at "
        "once. Many stay wrong. Is there a ReLU between the layers, and nothing behind the last one? Are "
        "your own first weights small, as nn.Linear's are (of size 1 / sqrt(n) for n inputs)?"
    )
    expect(share >= 0.75, message, f"{share:.0%} were right in the end")


@check("DenseNet", public=True, weight=2)
def dense_net_learns(DenseNet: StudentFunction) -> None:
    """Your DenseNet learns 32 images by heart in 60 steps."""
    learns(DenseNet)


@check("SimpleCNN", public=True, weight=2)
def simple_cnn_learns(SimpleCNN: StudentFunction) -> None:
    """Your SimpleCNN learns 32 images by heart in 60 steps."""
    learns(SimpleCNN)


@check("LogisticNet", public=True, weight=2)
def logistic_net_learns(LogisticNet: StudentFunction) -> None:
    """Your LogisticNet learns 32 images by heart in 60 steps."""
    learns(LogisticNet)


@check("HiddenNet", public=True, weight=2)
def hidden_net_learns(HiddenNet: StudentFunction) -> None:
    """Your HiddenNet learns 32 images by heart in 60 steps."""
    learns(HiddenNet)


@check("ConvNet", public=True, weight=2)
def conv_net_learns(ConvNet: StudentFunction) -> None:
    """Your ConvNet learns 32 images by heart in 60 steps."""
    learns(ConvNet)


# ---- the weights ----------------------------------------------------------------------------------------------------

MOST_PARAMETERS = probing.LARGEST_FILE // 2  # what fits into the largest file, in half precision


def arguments_of(name: str, hyperparameters: Any) -> tuple[int, ...]:
    """What a network is built with, from the hyperparameters of the notebook: (M, p, N) for ConvNet."""
    keys = HYPERPARAMETERS.get(name, ())
    if not keys:
        return ()
    values = hyperparameters.get(name) if isinstance(hyperparameters, dict) else None
    wanted = " and ".join(f"{key!r}" for key in keys)
    if not isinstance(values, dict) or not all(_is_size(values.get(key)) for key in keys):
        fail(f"hyperparameters[{name!r}] should be a dictionary with {wanted}, whole numbers of 1 or more.")
    found = tuple(int(values[key]) for key in keys)
    largest = {"M": MOST_PARAMETERS // 100, "p": 32, "N": 32}
    for key, value in zip(keys, found, strict=True):
        expect(value <= largest[key], f"hyperparameters[{name!r}][{key!r}] is too large: {value}.")
    if name == "ConvNet":
        _, p, N = found
        expect(p + N <= 33, f"hyperparameters[{name!r}]: pooling by N needs N of at most 33 - p.")
    return found


def _is_size(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and 1 <= value < np.inf and value == int(value)


def with_its_weights(Net: StudentFunction, arguments: tuple[int, ...]) -> Opaque:
    """The network with the weights from its file; fail where the file doesn't fit."""
    name, path = called(Net.name, arguments), f"weights/{Net.name}.pt"
    net = as_object(Net(*arguments), name)
    found = run_there(probing.load, net, path, IMAGE[Net.name])
    problem = found.get("problem") if isinstance(found, dict) else "unreadable"
    again = f"torch.save(model.state_dict(), {path!r}) writes it."
    if problem == "missing":
        fail(f"There is no {path} beside your notebook: train the network and keep its weights there. {again}")
    if problem == "large":
        smaller = f"keeping.save_weights({path!r}, model) writes it, with half precision where that is needed."
        fail(f"{path} is larger than 20 MB. It should hold the weights and nothing else. {smaller}")
    if problem == "unreadable":
        fail(
            f"{path} can't be read as weights alone. A state dict is asked for, not a whole model. {again}",
            show(found.get("because", "")) if isinstance(found, dict) else "",
        )
    if problem == "no state":
        fail(f"{path} should hold a state dict, a dictionary of tensors. {again}")
    if problem == "not plain":
        fail(f"{path} should hold plain tensors: a sparse or quantized one can't be put into a network. {again}")
    yours = f"{path} doesn't fit {name}, the class in your notebook"
    if problem == "names":
        details = f"missing in the file: {show(found.get('missing'))}\nonly in the file: {show(found.get('unknown'))}"
        fail(f"{yours}: its layers have other names. Train it again after a change of the class.", details)
    if problem == "shapes":
        where = f" Are hyperparameters[{Net.name!r}] those that you trained with?" if arguments else ""
        there, here = show(found.get("in_file")), show(found.get("in_network"))
        details = f"{found.get('name')}: {there} in the file, {here} in the network"
        fail(f"{yours}: a tensor has another shape.{where} Train it again after a change of the class.", details)
    return net


def brings_weights(Net: StudentFunction, hyperparameters: Mapping[str, Any]) -> None:
    """The network's file of weights is there and fits."""
    net = with_its_weights(Net, arguments_of(Net.name, hyperparameters))
    images = drawn_images(Net.name, 2)
    read_logits(run_there(probing.logits, net, Tensor(images)), 2, f"{Net.name} with its weights")


@check("DenseNet", public=True, weight=2)
def dense_net_brings_weights(DenseNet: StudentFunction) -> None:
    """weights/DenseNet.pt is there and fits your DenseNet."""
    brings_weights(DenseNet, {})


@check("SimpleCNN", public=True, weight=2)
def simple_cnn_brings_weights(SimpleCNN: StudentFunction) -> None:
    """weights/SimpleCNN.pt is there and fits your SimpleCNN."""
    brings_weights(SimpleCNN, {})


@check("LogisticNet", public=True, weight=2)
def logistic_net_brings_weights(LogisticNet: StudentFunction) -> None:
    """weights/LogisticNet.pt is there and fits your LogisticNet."""
    brings_weights(LogisticNet, {})


@check("HiddenNet", public=True, weight=2)
def hidden_net_brings_weights(HiddenNet: StudentFunction, hyperparameters: Any) -> None:
    """weights/HiddenNet.pt is there and fits your HiddenNet(M), with the M of your hyperparameters."""
    brings_weights(HiddenNet, hyperparameters)


@check("ConvNet", public=True, weight=2)
def conv_net_brings_weights(ConvNet: StudentFunction, hyperparameters: Any) -> None:
    """weights/ConvNet.pt is there and fits your ConvNet(M, p, N), with the numbers of your hyperparameters."""
    brings_weights(ConvNet, hyperparameters)


@check("TunedNet", public=True)
def tuned_net_brings_weights(TunedNet: StudentFunction) -> None:
    """weights/TunedNet.pt is there and fits your TunedNet."""
    brings_weights(TunedNet, {})


# ==== predictions and hyper-parameters ===============================================================================

# ---- plot_predictions -----------------------------------------------------------------------------------------------

ANIMALS = ("ant", "bear", "cow", "dove", "eel", "fox", "goat", "hen", "ibis", "jackal")  # no name is part of another
SHOWN = 6


def draws_predictions(
    plot_predictions: StudentFunction, codes: list[int], channels: int, training: bool = False
) -> None:
    """Fail unless the figure shows the first six images, each titled with the class that the network predicts."""
    with trying(predicted=[ANIMALS[code] for code in codes[:SHOWN]], channels=channels):
        seen = run_there(rehearsal.predictions, plot_predictions, codes, ANIMALS, channels, training)
        message = "plot_predictions should ask the network in eval mode, and leave it in the mode that it came in."
        asked = any(call["training"] for call in seen["calls"])
        expect(not asked and seen["training"] == [training] * len(seen["training"]), message)
        figure = as_figure(seen["figure"], "plot_predictions")
        panels = [axes for axes in figure.axes if axes["images"]]
        message = f"The figure should show six images, each in a panel of its own (imshow); it shows {len(panels)}."
        expect(len(panels) == SHOWN, message)
        for number, image in enumerate(rehearsal.coded(codes, channels)[:SHOWN]):
            found = [axes for axes in panels if any(is_image(drawn["values"], image) for drawn in axes["images"])]
            if not found:
                drawn = panels[number]["images"][0]["values"]
                fail(f"No panel shows image {number + 1} of the {len(codes)}. {what_is_off(drawn, image)}")
            title = f"{found[0]['title']} {found[0]['xlabel']}".strip()
            words = set(re.findall("[a-z]+", title.lower())) & set(ANIMALS)
            message = "The title of each image should name the class whose logit is the largest."
            details = f"above image {number + 1}: {title or 'nothing'}\npredicted is {ANIMALS[codes[number]]}"
            expect(words == {ANIMALS[codes[number]]}, message, details)


def is_image(values: np.ndarray, image: np.ndarray) -> bool:
    """Whether drawn values are an image (c, h, w), as gray levels or colours, up to their scale."""
    wanted = image[0] if len(image) == 1 else image.transpose(1, 2, 0)
    if values.ndim == 3 and wanted.ndim == 2:  # a gray image may be drawn in colours that are all gray
        wanted = wanted[:, :, np.newaxis].repeat(min(3, values.shape[2]), axis=2)
    if values.ndim == 3:
        values = values[:, :, :3]  # without how opaque it is
    if values.shape != wanted.shape:
        return False
    slope, offset = np.polyfit(wanted.ravel(), values.ravel(), 1)
    off = np.abs(values - slope * wanted - offset).max()
    # whole numbers from 0 to 255 are off by 1/255; another image by half of the range
    upright = slope > 0 or len(image) == 1
    return bool(upright and slope != 0 and off <= 0.02 * np.ptp(values))


def what_is_off(values: np.ndarray, image: np.ndarray) -> str:
    """What may be wrong with how an image has been drawn, in words for a message."""
    wanted = image.transpose(1, 2, 0)
    if len(image) == 3 and values.shape == wanted.shape and np.abs(values - wanted.clip(0, 1)).max() <= 1e-6:
        return "Colours go from 0 to 1: below, imshow cuts them off. Rescale the images, whose numbers go from -1 to 1."
    if len(image) == 3:
        return "imshow wants the axes (h, w, 3), which permute(1, 2, 0) gives; a reshape would mix the pixels up."
    return "Draw image[0], of shape (h, w)."


@check("plot_predictions", public=True)
def plot_predictions_shows_digits(plot_predictions: StudentFunction) -> None:
    """Your figure shows the first six images of one channel, each with its predicted class in the title."""
    draws_predictions(plot_predictions, [3, 1, 4, 1, 5, 9, 2, 6, 5], channels=1)


# ---- hyperparameters ------------------------------------------------------------------------------------------------

REPORTED = ("DenseNet", "SimpleCNN", "LogisticNet", "HiddenNet", "ConvNet")
OPTIMIZER = ("epochs", "lr", "momentum")


def read_hyperparameters(hyperparameters: Any) -> dict[str, dict[str, float]]:
    """{network: its numbers}; fail where a network or a number is missing, or is no plain number."""
    message = "hyperparameters should be a dictionary with an entry for each network."
    expect(isinstance(hyperparameters, dict), message, f"it is {describe(hyperparameters)}")
    lacking = [name for name in REPORTED if name not in hyperparameters]
    expect(not lacking, message, f"missing: {', '.join(lacking)}")
    reported = {name: hyperparameters[name] for name in (*REPORTED, "TunedNet") if name in hyperparameters}
    for name, numbers in reported.items():
        wanted = (*OPTIMIZER, *HYPERPARAMETERS.get(name, ()))
        listed = ", ".join(map(repr, wanted))
        expect(isinstance(numbers, dict), f"hyperparameters[{name!r}] should be a dictionary with {listed}.")
        missing = [key for key in wanted if key not in numbers]
        message = f"hyperparameters[{name!r}] should have {listed}."
        expect(not missing, message, f"missing: {', '.join(map(repr, missing))}")
        for key in wanted:
            plain = isinstance(numbers[key], int | float) and not isinstance(numbers[key], bool)
            message = f"hyperparameters[{name!r}][{key!r}] should be a plain number."
            expect(plain and abs(numbers[key]) < np.inf, message, f"it is {show(numbers[key])}")
    return reported


@check("hyperparameters", public=True)
def hyperparameters_are_there(hyperparameters: Any) -> None:
    """Your hyperparameters hold epochs, lr and momentum of each network, M of HiddenNet, M, p and N of ConvNet."""
    read_hyperparameters(hyperparameters)
