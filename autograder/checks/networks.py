"""The private checks of networks: formulas with the student's own tensors, accuracies on the test images."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from scipy.special import logsumexp, softmax

from autograder.test_images import test_images
from shared import probing, rehearsal
from shared.checks.networks import (
    HISTORY,
    HYPERPARAMETERS,
    IMAGE,
    MNIST,
    OPTIMIZER,
    arguments_of,
    called,
    depends_on_seed,
    draws_history,
    draws_predictions,
    goes_on,
    has_form,
    in_eval_mode,
    is_of_the_family,
    off_by_rounding,
    read_epochs,
    read_evaluation,
    read_history,
    read_hyperparameters,
    read_logits,
    read_loss,
    same_rows,
    steps_of,
    uses_all_images,
    with_its_weights,
)
from shared.kit.checking import (
    CheckEnded,
    StudentFunction,
    StudentRaised,
    Wrong,
    as_array,
    as_number,
    check,
    expect,
    fail,
    flag,
    measured,
    note,
    remembered,
    returned,
    run_seed,
    run_there,
    seen_as,
    show,
    trying,
    unchanged,
)
from shared.kit.values import Opaque, Tensor
from solutions import textbook
from solutions.textbook import Formula, Reading, formula_of, output, read, readings

# Of each question's points on training, at least half is for one check that asks for the whole contract; the others,
# public ones among them, are rungs on the way there.

# ==== loss, evaluation, training =====================================================================================

# ---- cross_entropy --------------------------------------------------------------------------------------------------


@check("cross_entropy", weight=3)
def loss_is_right(cross_entropy: StudentFunction) -> None:
    """Your loss and its gradient are right for any batch, any number of classes and logits of any size, and the call
    changes no argument.
    """
    rng = np.random.default_rng(0)
    for B, K in ((1, 2), (1, 10), (2, 3), (3, 4), (5, 10), (16, 10), (7, 100), (3, 1000)):
        for size in (0.01, 1.0, 20.0, 1e4):
            logits = (size * rng.uniform(-1, 1, (B, K))).astype(np.float32).astype(float)
            labels = rng.integers(0, K, B)
            with trying(logits=logits, labels=labels):
                value, gradient = read_loss(cross_entropy, logits, labels)
                own = logits[np.arange(B), labels]
                right = float(np.mean(logsumexp(logits, axis=1) - own))
                allowed = off_by_rounding(logits)
                details = f"cross_entropy returned {value:.7g}\nexpected {right:.7g}"
                expect(
                    abs(value - right) <= allowed, "The loss isn't the mean of -log softmax(logits)[label].", details
                )
                # probabilities are off by the rounding of their logarithms, as the loss is
                slope = (softmax(logits, axis=1) - np.eye(K)[labels]) / B
                off = np.abs(gradient - slope).max()
                details = f"the gradient is {show(gradient)}\nexpected {show(slope)}"
                expect(off <= allowed, "The gradient of the loss isn't (softmax(logits) - one-hot) / B.", details)


# ---- evaluate -------------------------------------------------------------------------------------------------------


@check("evaluate", weight=2)
def evaluation_is_right(evaluate: StudentFunction) -> None:
    """Your accuracy is exact for any number of images, also where the errors are in a last, short batch; no mode, no
    weight, no buffer, no image is changed by it.
    """
    # 1009 and 10007 are prime: batches of any size up to theirs leave a rest
    for n, errors in ((1, 0), (1, 1), (2, 1), (7, 3), (100, 1), (1009, 9), (1009, 1000), (10007, 7), (10007, 4000)):
        for training in (True, False):
            with trying(n=n, wrong=f"the last {errors}", mode="training" if training else "eval"):
                seen = read_evaluation(evaluate, np.arange(n) >= n - errors, training)
                in_eval_mode(seen)
                modes = seen["training"]
                message = "evaluate should leave the network in the mode that it came in: {}."
                expect(not training or all(modes), message.format("here training mode"))
                expect(training or not any(modes), message.format("here eval mode"))
                message = f"evaluate changed the network's {', '.join(seen['state'])}."
                expect(not seen["state"], message)
                expect(not seen["gradients"], "evaluate should not compute gradients.")
                expect(not seen["frozen"], "After evaluate some parameters don't require gradients any more.")
                expect(seen["data"], "evaluate changed the images or labels that it was given.")


# ---- train ----------------------------------------------------------------------------------------------------------
# The networks of shared.toys write down the weights before each step and the gradient that came back, so that each step
# can be held against the formula, whatever the schedule of lr and the student's own loss are.

# The steps of right answers, in twelve styles, were at most 1e-7 away from their directions, which is rounding. Those
# of wrong rules were off by 0.36 of their length or more, in the setting that shows them best.
STEP_ROUNDING = 3e-6
STEP_OFF = 0.02  # of a step's length, besides


@check("train", weight=4)
def training_is_right(train: StudentFunction, cross_entropy: StudentFunction, evaluate: StudentFunction) -> None:
    """Your training takes right steps on all images in training mode, whatever mode the network comes in; its history
    is true; it depends on the seed alone, and goes on after an interrupt as if there had been none.
    """
    takes_right_steps(train)
    uses_all_images(train, (44, 8))
    learns_by_its_loss(train, cross_entropy)
    is_in_its_modes(train, evaluate)
    depends_on_seed(train)
    tells_the_truth(train, evaluate)
    goes_on(train, "stateful", 12, seed=5)


def takes_right_steps(train: StudentFunction) -> None:
    """Fail unless the steps follow the gradient of their own batch, with momentum, and lr is the largest step size."""
    for lr, momentum, batch_size in ((0.4, 0.0, 8), (0.04, 0.6, 8), (0.02, 0.9, 5)):
        settings = {"epochs": 3, "lr": lr, "momentum": momentum, "batch_size": batch_size, "seed": 2}
        with trying(**settings):
            seen = run_there(rehearsal.training, train, "linear", 40, **settings)
            epochs = read_epochs(seen, 40, 3, batch_size)
            rates = sizes_of_steps(seen, epochs, momentum)
            message = "Your steps go uphill: each should go against the gradient."
            expect(rates.min() >= -STEP_OFF * rates.max(), message)
            message = "lr should be the largest step size; a step is longer than lr times the gradient."
            expect(rates.max() <= (1 + STEP_OFF) * lr, message, f"lr {lr}, largest step size {rates.max():.4g}")
            message = "lr should be the largest step size; no step is even half as long as lr times the gradient."
            enough = momentum > 0 or rates.max() >= lr / 2  # a running mean of gradients is shorter than their sum
            expect(enough, message, f"lr {lr}, largest step size {rates.max():.4g}")


def sizes_of_steps(seen: Mapping[str, Any], epochs: list[list[dict[str, Any]]], momentum: float) -> np.ndarray:
    """The step size of each step; fail where one follows no rule of gradient descent with this momentum."""
    steps = [entry for epoch in epochs for entry in epoch]
    weights = np.array([*(entry["weights"] for entry in steps), seen["weights"]], dtype=float)
    moves = np.diff(weights, axis=0)
    slopes = np.array([slope_of(entry) for entry in steps])
    starts = {0} if momentum == 0 else set(np.cumsum([0, *map(len, epochs)]).tolist())
    rates = rates_of(moves, slopes, momentum, starts)
    if rates is not None:
        return rates
    message = (
        "The weights at the end aren't those that the last step has led to. train should leave the network as the last "
        "epoch made it: an earlier epoch's weights would be a choice on the test set."
    )
    expect(rates_of(moves[:-1], slopes[:-1], momentum, starts) is None, message)
    if along(moves, gathered(slopes, 1.0, {0})) is not None or along(moves, gathered(slopes, 1.0, starts)) is not None:
        fail("Gradients of earlier batches are still in your steps: set them to zero before each backward pass.")
    if momentum > 0 and along(moves, slopes) is not None:
        fail("Your steps have no momentum: they are multiples of the gradient of their own batch.")
    rule = f"gradient descent with momentum {momentum}" if momentum else "gradient descent on their own batch"
    return fail(f"Your steps aren't those of {rule}.")


def rates_of(moves: np.ndarray, slopes: np.ndarray, momentum: float, starts: set[int]) -> np.ndarray | None:
    """The step sizes by the first rule of gradient descent that all moves follow; None where they follow none."""
    if momentum == 0:
        return along(moves, slopes)
    found = []
    for anew in ({0}, starts):  # an optimizer that is made anew in each epoch forgets, which does little harm
        sums = gathered(slopes, momentum, anew)
        found += [along(moves, sums), along(moves, slopes + momentum * sums)]  # plain, Nesterov's
        found.append(along(moves - momentum * before(moves, anew), slopes))  # with lr inside of the sum
    return next((rates for rates in found if rates is not None), None)


def slope_of(entry: Mapping[str, Any]) -> np.ndarray:
    """The gradient of the loss by the weights of the linear network, from that by the logits: (40,)."""
    features = rehearsal.marked(0, rehearsal.MOST_MARKED)[2][entry["images"]].astype(float)
    return np.concatenate([(entry["gradient"].T @ features).ravel(), entry["gradient"].sum(axis=0)])


def gathered(slopes: np.ndarray, momentum: float, anew: set[int]) -> np.ndarray:
    """For each step the sum of the slopes so far, each earlier one times momentum once more; it starts anew at some."""
    sums = slopes.copy()
    for step in range(1, len(slopes)):
        if step not in anew:
            sums[step] += momentum * sums[step - 1]
    return sums


def before(moves: np.ndarray, anew: set[int]) -> np.ndarray:
    """For each step the move before it; zero where it starts anew."""
    earlier = np.roll(moves, 1, axis=0)
    earlier[sorted(anew & set(range(len(moves))))] = 0.0
    return earlier


def along(moves: np.ndarray, directions: np.ndarray) -> np.ndarray | None:
    """How far each move (k, 40) goes against its direction; None where one goes elsewhere."""
    rates = -(moves * directions).sum(axis=1) / (directions**2).sum(axis=1).clip(1e-30)
    off = np.linalg.norm(moves + rates[:, np.newaxis] * directions, axis=1)
    allowed = STEP_OFF * np.linalg.norm(moves, axis=1) + STEP_ROUNDING
    return rates if (off <= allowed).all() else None


def learns_by_its_loss(train: StudentFunction, cross_entropy: StudentFunction) -> None:
    """Fail unless the gradients that come to the logits are those of the cross-entropy with each image's own label.

    Those of the student's own cross_entropy are fine, too: what is wrong there costs nothing here.
    """
    _, labels, means = rehearsal.marked(0, 40)
    settings = {"epochs": 2, "lr": 0.1, "momentum": 0.5, "batch_size": 8, "seed": 1}
    with trying(**settings):
        steps = steps_of(run_there(rehearsal.training, train, "linear", 40, **settings))
        for entry in steps:
            batch = labels[entry["images"]]
            logits = means[entry["images"]].astype(float) @ entry["weights"][:30].reshape(10, 3).T
            logits += entry["weights"][30:]
            right = (softmax(logits, axis=1) - np.eye(10)[batch]) / len(batch)
            if np.abs(entry["gradient"] - right).max() > 1e-4:
                try:
                    _, right = read_loss(cross_entropy, logits, batch)
                except (Wrong, StudentRaised):
                    right = np.full(logits.shape, np.inf)
                message = (
                    "The gradient that comes to the network isn't that of your cross_entropy, of the logits and the "
                    "labels of the same images."
                )
                details = f"the gradient is {show(entry['gradient'][0])}\nexpected {show(right[0])}"
                expect(
                    np.abs(entry["gradient"] - right).max() <= 1e-4 * max(1.0, np.abs(right).max()), message, details
                )


def is_in_its_modes(train: StudentFunction, evaluate: StudentFunction) -> None:
    """Fail where a step is taken in eval mode, in a later epoch or by a network that came so, or trains only a part.

    The test images are to be met in eval mode; where the student's own evaluate is wrong there, nothing is judged.
    """
    settings = {"epochs": 3, "lr": 0.1, "momentum": 0.5, "batch_size": 8, "seed": 1}
    for in_training in (True, False):
        with trying(mode_before="training" if in_training else "eval", **settings):
            seen = run_there(rehearsal.training, train, "stateful", 40, in_training=in_training, **settings)
            epochs = read_epochs(seen, 40, 3, 8)
            wrong = [1 + k for k, epoch in enumerate(epochs) if not all(entry["training"] for entry in epoch)]
            message = "Each step should be taken in training mode: dropout and batch norm work otherwise in eval mode."
            expect(not wrong, message, f"steps in eval mode in the epochs {show(wrong)}")
            message = "The optimizer should have all parameters of the network; some stayed as they were."
            unmoved = [name for name in seen["unmoved"] if name != "out.bias"]  # a wrong loss may have no slope there
            expect(not unmoved, message, show(unmoved))
            tested = [entry["training"] for entry in seen["diary"] if (entry["images"] >= 40).any()]
            if any(tested) and is_in_eval_mode(evaluate):
                fail("The test accuracy should be measured in eval mode, as your evaluate does.")


def is_in_eval_mode(evaluate: StudentFunction) -> bool:
    """Whether the student's evaluate asks networks in eval mode."""
    try:
        seen = run_there(rehearsal.evaluation, evaluate, np.arange(4), np.arange(4), True)
    except StudentRaised:
        return False
    return not any(call["training"] for call in seen["calls"])


def tells_the_truth(train: StudentFunction, evaluate: StudentFunction) -> None:
    """Fail where the history isn't what the network did: counted while it learned or afterwards, and on the test set.

    Where the student's own evaluate is wrong here, that costs its own question and nothing here.
    """
    n, epochs = 40, 4
    settings = {"epochs": epochs, "lr": 0.5, "momentum": 0.5, "batch_size": 8, "seed": 6}
    with trying(**settings):
        seen = run_there(rehearsal.training, train, "linear", n, **settings)
        history = read_history(seen["history"], epochs)
        found = read_epochs(seen, n, epochs, 8)
        ends = [*(epoch[0]["weights"] for epoch in found[1:]), seen["weights"]]
        test = range(rehearsal.FIRST_TEST_IMAGE, rehearsal.FIRST_TEST_IMAGE + rehearsal.TEST_IMAGES)
        try:
            own = as_number(run_there(rehearsal.accuracy_on_test_images, evaluate, ends[-1])["value"], "evaluate")
            if not is_share(own, [rightly(ends[-1], test)]):
                return
        except (Wrong, StudentRaised):
            return
        shares = {key: as_array(list(history[key]), (epochs,), f"The history's {key!r}") for key in HISTORY}
        for key, values in shares.items():
            message = f"The history's {key!r} should hold shares from 0 to 1."
            expect(((values >= 0) & (values <= 1)).all(), message, show(values))
        right = [rightly(weights, test) for weights in ends]
        message = "The history's 'test_accuracy' isn't the accuracy on the test set after each epoch."
        details = f"it is {show(shares['test_accuracy'])}\nexpected {show(np.array([low for low, _ in right]))}"
        every = all(is_share(value, [bounds]) for value, bounds in zip(shares["test_accuracy"], right, strict=True))
        expect(every, message, details)
        counted = [joined([rightly(entry["weights"], entry["images"]) for entry in epoch]) for epoch in found]
        measured_after = [rightly(weights, range(n)) for weights in ends]
        message = (
            "The history's 'train_accuracy' is neither what was counted while training, over all images of an epoch, "
            "nor the accuracy on the training set after each epoch."
        )
        details = f"it is {show(shares['train_accuracy'])}"
        fits = (
            all(is_share(value, [bounds]) for value, bounds in zip(shares["train_accuracy"], one, strict=True))
            for one in (counted, measured_after)
        )
        expect(any(fits), message, details)


def rightly(weights: np.ndarray, images: Any) -> tuple[float, float]:
    """The least and the largest share of images that the linear network may classify rightly, as rounding goes."""
    _, labels, means = rehearsal.marked(0, rehearsal.MOST_MARKED)
    numbers = np.array(images)
    logits = means[numbers].astype(float) @ weights[:30].reshape(10, 3).T + weights[30:]
    own = logits[np.arange(len(numbers)), labels[numbers]]
    others = np.where(np.eye(10, dtype=bool)[labels[numbers]], -np.inf, logits).max(axis=1)
    return float((own > others + 1e-5).mean()), float((own > others - 1e-5).mean())


def joined(batches: list[tuple[float, float]]) -> tuple[float, float]:
    """The shares of batches of one size together."""
    low, high = np.mean(batches, axis=0)
    return float(low), float(high)


def is_share(value: float, bounds: list[tuple[float, float]]) -> bool:
    """Whether a number is one of some shares, up to rounding in float32."""
    return any(low - 1e-5 <= value <= high + 1e-5 for low, high in bounds)


# ---- plot_history ---------------------------------------------------------------------------------------------------


@check("plot_history")
def plot_history_is_right(plot_history: StudentFunction) -> None:
    """Your figure shows both accuracies for any number of epochs, one and a hundred, too."""
    rng = np.random.default_rng(0)
    for E in (3, 12, 100, 1):
        history = {key: np.sort(rng.uniform(0.2, 0.9, E)).round(3).tolist() for key in HISTORY}
        with trying(history=history):
            observation = plot_history.observe(history)
            draws_history(returned(observation, "plot_history"), history)
            unchanged(observation, "plot_history", ("history",))


# ==== networks =======================================================================================================

# ---- the formulas ---------------------------------------------------------------------------------------------------
# A network's weights are drawn anew, so that each of them counts; then the formula has to give the network's logits,
# in float64, on images from -1 to 1 and on ones 40 times as large, where what is not piecewise linear shows.

TRIED: dict[str, tuple[tuple[int, ...], ...]] = {
    "HiddenNet": ((5,), (33,)),
    # M, p, N: N divides 33 - p in the first alone; the lecture's int(M (33 - p)^2 / N^2) is right in the first two
    "ConvNet": ((5, 5, 14), (1, 5, 9), (4, 5, 9), (3, 2, 7), (2, 8, 24)),
}
FAR = 40
PIXELS = (-20.0, -10.0, 10.0, 20.0)  # a single ReLU is open on one side at least
MOST_EXPLAINED = 4  # ways to read the tensors, of at most 72


@seen_as("DenseNet", tolerance=1e-4)
@seen_as("SimpleCNN", tolerance=1e-4)
@seen_as("LogisticNet", tolerance=1e-4)
@seen_as("HiddenNet", tolerance=1e-4)
@seen_as("ConvNet", tolerance=1e-4)
@seen_as("TunedNet", tolerance=1e-4)
def numbers_of(arguments: tuple[Any, ...], answer: Any) -> np.ndarray | None:
    """What a hint compares of two networks: logits, shapes and gradients, whatever the layers are called."""
    found: list[np.ndarray] = []
    waiting = [answer]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list | tuple):
            waiting += item
        elif isinstance(item, np.ndarray | int | float):
            array = np.asarray(item, dtype=float)
            found += [np.array(array.shape, dtype=float), array.ravel()]
    return np.concatenate(found) if found else np.zeros(1)


def tried_images(image: tuple[int, ...], seed: int) -> np.ndarray:
    """Images (6, c, h, w), float32: zeros, a faint one, two from -1 to 1, and those two FAR times as large.

    On the first two a bias decides whether a maximum is below zero: elsewhere a missing ReLU wouldn't show behind it.
    """
    drawn = np.random.default_rng(seed).uniform(-1, 1, (3, *image))
    near = drawn[1:]
    return np.concatenate([np.zeros((1, *image)), drawn[:1] / 50, near, FAR * near]).astype(np.float32)


def is_right(Net: StudentFunction) -> None:
    """The network has its form and is its formula, tried once for all checks that ask; fail where it isn't."""
    raise_it(remembered(f"{Net.name} is right", partial(outcome_of, follows_formula, Net)))


def outcome_of(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function returns, or how it failed: the same for each check that asks, without trying again."""
    try:
        return function(*arguments)
    except (Wrong, StudentRaised, CheckEnded) as error:
        return error


def raise_it(outcome: Any) -> Any:
    """What `outcome_of` has kept: returned or raised again."""
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def follows_formula(Net: StudentFunction) -> None:
    """The network has its form, and is its formula with the student's own tensors, for all hyperparameters tried."""
    has_form(Net)
    formulas = {arguments: formula_of(Net.name, arguments) for arguments in TRIED.get(Net.name, ((),))}
    shapes = {case: run_there(probing.parameters, Net, case, formula.image) for case, formula in formulas.items()}
    has_right_size(Net.name, formulas, shapes)
    seed = run_seed() % 2**31
    for arguments, formula in formulas.items():
        images = tried_images(formula.image, seed)
        if len(formula.layers) == 1:
            is_affine(Net, arguments, images, seed)
        found = run_there(probing.with_drawn_weights, Net, arguments, Tensor(images), seed)
        name = called(Net.name, arguments)
        logits = read_logits(found["logits"], len(images), name)
        slopes = cache(partial(run_there, probing.slopes_of_drawn_weights, Net, arguments, formula.image, seed))
        is_formula(name, formula, found["tensors"], images, logits, slopes)


def has_right_size(
    name: str, formulas: Mapping[tuple[int, ...], Formula], shapes: Mapping[tuple[int, ...], Sequence[tuple[int, ...]]]
) -> None:
    """Fail unless the network trains as many numbers as its formula has."""
    counts = {arguments: sum(int(np.prod(shape)) for shape in found) for arguments, found in shapes.items()}
    if len(counts) > 1:
        expect(len(set(counts.values())) > 1, f"{name} has the same size whatever numbers it is built with: use them.")
    for arguments, formula in formulas.items():
        count, right = counts[arguments], formula.parameters
        details = f"{count} numbers are trained, {right} are in {formula.written}"
        biases = {sum(layer.outputs for layer in formula.layers), *(layer.outputs for layer in formula.layers)}
        what = f"{called(name, arguments)} doesn't train as many numbers as its formula has"
        expect(right - count not in biases, f"{what}: does each layer have its bias?", details)
        expect(count >= right, f"{what}: it has too few. Go through its layers and their sizes.", details)
        message = f"{what}: it has too many. Go through its layers, their sizes, padding, and what the formula hasn't."
        expect(count == right, message, details)


def is_affine(Net: StudentFunction, arguments: tuple[int, ...], images: np.ndarray, seed: int) -> None:
    """Fail unless f(a x + (1 - a) z) = a f(x) + (1 - a) f(z)."""
    x, z = images[2:4].astype(np.float64)
    for a in (0.5, -3.0, float(FAR)):
        three = np.stack([x, z, a * x + (1 - a) * z]).astype(np.float32)
        found = run_there(probing.with_drawn_weights, Net, arguments, Tensor(three), seed)
        at_x, at_z, between = read_logits(found["logits"], 3, Net.name)
        message = f"{Net.name} isn't affine: f(a x + (1 - a) z) should be a f(x) + (1 - a) f(z)."
        details = f"a = {a}\nthe left side  {show(between)}\nthe right side {show(a * at_x + (1 - a) * at_z)}"
        expect(same_rows(between[np.newaxis], (a * at_x + (1 - a) * at_z)[np.newaxis]), message, details)


def is_formula(
    name: str,
    formula: Formula,
    tensors: Sequence[np.ndarray],
    images: np.ndarray,
    logits: np.ndarray,
    slopes: Callable[[float], Any],
) -> tuple[Reading, np.ndarray]:
    """How the tensors are read as the formula's W and b, and what the formula sees of the images; fail if no way fits.

    slopes: gives those of probing.slopes for a pixel, for a network that scales its images itself.
    """
    tensors = [np.asarray(tensor) for tensor in tensors]
    every = list(readings(formula, [tensor.shape for tensor in tensors]))
    written = f"its formula, {formula.written}"
    if not every:
        shapes = ", ".join(str(tensor.shape) for tensor in tensors)
        fail(f"The parameters of {name} don't have the shapes of those in {written}.", f"their shapes: {shapes}")
    for reading in every:
        if same_rows(logits, output(formula, read(reading, tensors), images)):
            return reading, np.array([1.0, 0.0])
    for reading in every:
        scaling = scaling_of(reading, slopes)
        if scaling is not None:
            seen = images * scaling[0] + scaling[1]
            if same_rows(logits, output(formula, read(reading, tensors), seen)):
                return reading, scaling
    explain(name, formula, every, tensors, images, logits)
    right = output(formula, read(every[0], tensors), images)
    number = next(number for number in range(len(images)) if not same_rows(logits[[number]], right[[number]]))
    raise Wrong(
        f"{name} isn't {written}: with its tensors in the formula, other logits come out.",
        f"of one of the images {name} gives {show(logits[number])}\nthe formula gives {show(right[number])}",
    )


def scaling_of(reading: Reading, slopes: Callable[[float], Sequence[np.ndarray]]) -> np.ndarray | None:
    """[factor, offset], each an array that fits an image: what the first layer sees is image * factor + offset.

    None where its slopes don't tell.
    """
    seen = {}
    for pixel in PIXELS:
        W, b = reading[0].read([np.asarray(slope) for slope in slopes(pixel)])
        unit = np.abs(b).argmax()
        if np.abs(b[unit]) > 0:  # one that isn't behind a ReLU that is 0 here
            ratio = W[unit] / b[unit]
            seen[pixel] = ratio.mean(axis=(1, 2), keepdims=True) if reading[0].layer.pool else ratio
    if len(seen) < 2:
        return None
    (p, at_p), (q, at_q), *_ = seen.items()
    factor = (at_q - at_p) / (q - p)
    return np.stack([factor, at_p - p * factor])


def explain(
    name: str,
    formula: Formula,
    every: Sequence[Reading],
    tensors: Sequence[np.ndarray],
    images: np.ndarray,
    logits: np.ndarray,
) -> None:
    """Fail with what stands in the network in place of the formula's own, where that is a usual thing."""
    usual = [read(reading, tensors) for reading in every[:MOST_EXPLAINED]]

    def is_it(**others: Any) -> bool:
        return any(same_rows(logits, output(formula, pairs, images, **others)) for pairs in usual)

    for what, function in textbook.WRONG_LAST.items():
        message = f"{name} should return logits, as its last layer gives them, without {what} after it."
        expect(not is_it(last=function), message)
    places = len(formula.layers) - 1
    for missing in itertools.product((False, True), repeat=places):
        if any(missing):
            hidden = [textbook.unchanged if gone else textbook.relu for gone in missing]
            where = " and ".join(str(number) for number, gone in enumerate(missing, start=1) if gone)
            expect(not is_it(hidden=hidden), f"In {name} a ReLU is missing after layer {where}.")
    for what, function in textbook.WRONG_HIDDEN.items() if places else ():
        message = f"Between the layers of {name} there should be ReLUs, not {what}."
        expect(not is_it(hidden=[function] * places), message)
    if any(layer.pool for layer in formula.layers):
        message = f"{name} should pool by the maximum of each window; it seems to take the mean."
        expect(not is_it(pooling=np.mean), message)


@check("DenseNet", weight=6)
def dense_net_is_its_formula(DenseNet: StudentFunction) -> None:
    """Your DenseNet is W2 relu(W1 vec(x) + b1) + b2 with 512 hidden units: with your own tensors in it, this formula
    gives your logits.
    """
    is_right(DenseNet)


@check("SimpleCNN", weight=6)
def simple_cnn_is_its_formula(SimpleCNN: StudentFunction) -> None:
    """Your SimpleCNN has its two convolutions and two dense layers, with max-pooling and ReLU where they belong: with
    your own tensors in them, they give your logits.
    """
    is_right(SimpleCNN)


@check("LogisticNet", weight=6)
def logistic_net_is_its_formula(LogisticNet: StudentFunction) -> None:
    """Your LogisticNet is W vec(x) + b: with your own tensors in it, this formula gives your logits."""
    is_right(LogisticNet)


@check("HiddenNet", weight=6)
def hidden_net_is_its_formula(HiddenNet: StudentFunction) -> None:
    """Your HiddenNet(M) is W2 relu(W1 vec(x) + b1) + b2 for any M: with your own tensors in it, this formula gives
    your logits.
    """
    is_right(HiddenNet)


@check("ConvNet", weight=6)
def conv_net_is_its_formula(ConvNet: StudentFunction) -> None:
    """Your ConvNet(M, p, N) is W2 vec(MaxPool(relu(Conv2d(x, W1) + b1))) + b2 for any M, p and N: with your own tensors
    in it, this formula gives your logits.
    """
    is_right(ConvNet)


# ---- the accuracies -------------------------------------------------------------------------------------------------
# The first FEW test images, in an order drawn for this course, decide where their accuracy is further than NEAR from
# each bar; else all are used, and nothing is left to luck. An accuracy below a bar that looks higher by more than NEAR,
# or the reverse, has a probability of at most 3e-7 (hypergeometric: FEW of 10,000 without replacement, at worst half of
# them right), for each of the three bars.

FEW, PIECE, NEAR = 2_000, 2_000, 0.05
COMPARED = 200  # test images on which a network's logits are compared with its formula's
ROUNDING_TRAINED = 1e-3  # of the largest logit of a row
IMPOSSIBLE = 0.45  # for an affine function of CIFAR-10's images: the best known are near 42 %
HISTORY_OFF = 0.01  # how far the last test accuracy of an honest history may be from the measured one


@dataclass(frozen=True)
class Measured:
    """What a network's weights do on test images. problem: why that doesn't count. flags, notes: see `flag`, `note`."""

    accuracy: float
    images: int
    problem: str = ""
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def reaches(Net: StudentFunction, bar: str, thresholds: Mapping[str, float], hyperparameters: Any = None) -> None:
    """Fail where the accuracy of the network's weights is below a bar; tell staff, once, what is odd about them."""
    compute = partial(outcome_of, accuracy_of, Net, thresholds, hyperparameters)
    found = raise_it(remembered(f"accuracy of {Net.name}", compute))
    if bar == "half":
        for text in found.flags:
            flag(text)
        for text in found.notes:
            note(text)
    expect(not found.problem, found.problem)
    if Net.name == "TunedNet":
        measured(found.accuracy)
    message = f"On the test images your {Net.name} is right for {found.accuracy:.2%}; this check asks for {{:.1%}}."
    details = f"{found.images} images were tried"
    expect(found.accuracy >= thresholds[bar], message.format(thresholds[bar]), details)


def accuracy_of(Net: StudentFunction, thresholds: Mapping[str, float], hyperparameters: Any) -> Measured:
    """Load the weights and try them on test images; fail where the network isn't what it should be."""
    name = Net.name
    try:
        (is_of_the_family if name == "TunedNet" else is_right)(Net)
    except Wrong as error:
        raise Wrong(f"Weights count in the right network alone. {error.message}", error.details, error.at) from None
    arguments = arguments_of(name, hyperparameters)
    net = with_its_weights(Net, arguments)
    formula = None if name == "TunedNet" else TrainedFormula.of(net, name, formula_of(name, arguments))
    images, labels = test_images("MNIST" if IMAGE[name] == MNIST else "CIFAR-10")
    order = np.random.default_rng(run_seed()).permutation(len(labels))
    images, labels = images[order], labels[order]
    logits = logits_of(net, images[:FEW], name)
    accuracy = share_right(logits, labels)
    if any(abs(accuracy - bar) <= NEAR for bar in thresholds.values()):
        logits = np.concatenate([logits, logits_of(net, images[FEW:], name)])
        accuracy = share_right(logits, labels)
    problem, flags = "", []
    some, theirs = images[:COMPARED], logits[:COMPARED]
    if formula is not None and not formula.gives(theirs, some):
        problem = (
            f"On the test images your {name} gives other logits than its weights do in its formula, though it agrees "
            "with the formula on other images."
        )
        flags.append(f"{name}: its logits on test images don't come from its weights; it may know these images.")
    if formula is None and knows_images(net, name, some, theirs):
        flags.append(f"{name}: on test images with a little noise it answers differently; it may know these images.")
    if name == "LogisticNet" and accuracy > IMPOSSIBLE:
        flags.append(f"{name}: {accuracy:.1%} on the test images, which an affine function can't reach.")
    claimed = claimed_accuracy(net, name)
    notes = []
    if claimed is None:
        notes.append(f"history/{name}.json isn't there, or doesn't hold the dictionary that train returned.")
    elif abs(claimed - accuracy) > HISTORY_OFF + (0 if len(logits) == len(labels) else NEAR):
        flags.append(f"{name}: its history ends at {claimed:.1%} on the test images; its weights reach {accuracy:.1%}.")
    return Measured(accuracy, len(logits), problem, tuple(flags), tuple(notes))


def logits_of(net: Opaque, images: np.ndarray, name: str) -> np.ndarray:
    """The network's logits (n, 10) for images of type uint8, asked for piece by piece."""
    found = []
    for start in range(0, len(images), PIECE):
        piece = images[start : start + PIECE]
        found.append(read_rows(run_there(probing.logits, net, Tensor(piece)), len(piece), name))
    return np.concatenate(found)


def read_rows(value: Any, count: int, name: str) -> np.ndarray:
    """Logits (count, 10), in which NaN and infinity may stand."""
    shape_is_right = isinstance(value, np.ndarray) and value.shape == (count, 10) and value.dtype.kind == "f"
    expect(shape_is_right, f"For {count} images {name} should return a tensor of shape ({count}, 10), of floats.")
    return np.asarray(value, dtype=np.float64)


def share_right(logits: np.ndarray, labels: np.ndarray) -> float:
    """The share of rows whose largest logit is the label's. A row with NaN or infinity is wrong."""
    right = logits.argmax(axis=1) == labels[: len(logits)]
    return float((right & np.isfinite(logits).all(axis=1)).mean())


@dataclass(frozen=True)
class TrainedFormula:
    """A formula with a trained network's own tensors in it; scaling is what the network does to its images first."""

    formula: Formula
    pairs: textbook.Pairs
    scaling: np.ndarray

    @classmethod
    def of(cls, net: Opaque, name: str, formula: Formula) -> "TrainedFormula":
        """That of a network which agrees with its formula on drawn images; fail where it doesn't."""
        tensors = [np.asarray(tensor) for tensor in run_there(probing.tensors, net)]
        images = tried_images(formula.image, run_seed() % 2**31)
        logits = read_logits(run_there(probing.logits, net, Tensor(images)), len(images), name)
        slopes = cache(partial(run_there, probing.slopes, net, formula.image))
        reading, scaling = is_formula(f"{name} with its weights", formula, tensors, images, logits, slopes)
        return cls(formula, read(reading, tensors), scaling)

    def gives(self, logits: np.ndarray, images: np.ndarray) -> bool:
        """Whether these logits are those of the formula for images of type uint8."""
        scaled = images / np.float32(127.5) - 1
        right = output(self.formula, self.pairs, scaled * self.scaling[0] + self.scaling[1])
        return same_rows(logits, right, ROUNDING_TRAINED)


def knows_images(net: Opaque, name: str, images: np.ndarray, logits: np.ndarray) -> bool:
    """Whether a network changes its mind on many images when each pixel is one step off."""
    rng = np.random.default_rng(run_seed(1))
    steps = rng.choice([-1, 1], images.shape)
    noisy = np.clip(images.astype(np.int64) + steps, 0, 255).astype(np.uint8)
    same = logits_of(net, noisy, name).argmax(axis=1) == logits.argmax(axis=1)
    return bool(same.mean() < 0.9)


def claimed_accuracy(net: Opaque, name: str) -> float | None:
    """The last test accuracy of the network's history; None where there is none."""
    history = run_there(probing.history_of, net, f"history/{name}.json")
    values = history.get("test_accuracy") if isinstance(history, dict) else None
    if not isinstance(values, list) or not values or not isinstance(values[-1], int | float):
        return None
    if not 0 <= values[-1] <= 100:  # no accuracy; NaN, too
        return None
    last = float(values[-1])
    return last / 100 if last > 1 else last


@check("DenseNet", weight=6)
def dense_net_reaches_half(DenseNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained DenseNet is right for 94 % of the test images."""
    reaches(DenseNet, "half", thresholds)


@check("DenseNet", weight=3)
def dense_net_reaches_most(DenseNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained DenseNet is right for 96 % of the test images."""
    reaches(DenseNet, "most", thresholds)


@check("DenseNet", weight=3)
def dense_net_reaches_full(DenseNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained DenseNet is right for 97.3 % of the test images."""
    reaches(DenseNet, "full", thresholds)


@check("SimpleCNN", weight=6)
def simple_cnn_reaches_half(SimpleCNN: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained SimpleCNN is right for 96.5 % of the test images."""
    reaches(SimpleCNN, "half", thresholds)


@check("SimpleCNN", weight=3)
def simple_cnn_reaches_most(SimpleCNN: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained SimpleCNN is right for 98 % of the test images."""
    reaches(SimpleCNN, "most", thresholds)


@check("SimpleCNN", weight=3)
def simple_cnn_reaches_full(SimpleCNN: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained SimpleCNN is right for 98.5 % of the test images."""
    reaches(SimpleCNN, "full", thresholds)


@check("LogisticNet", weight=6)
def logistic_net_reaches_half(LogisticNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained LogisticNet is right for 33 % of the test images."""
    reaches(LogisticNet, "half", thresholds)


@check("LogisticNet", weight=3)
def logistic_net_reaches_most(LogisticNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained LogisticNet is right for 37 % of the test images."""
    reaches(LogisticNet, "most", thresholds)


@check("LogisticNet", weight=3)
def logistic_net_reaches_full(LogisticNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained LogisticNet is right for 39 % of the test images."""
    reaches(LogisticNet, "full", thresholds)


@check("HiddenNet", weight=6)
def hidden_net_reaches_half(HiddenNet: StudentFunction, hyperparameters: Any, thresholds: Mapping[str, float]) -> None:
    """Your trained HiddenNet is right for 45 % of the test images."""
    reaches(HiddenNet, "half", thresholds, hyperparameters)


@check("HiddenNet", weight=3)
def hidden_net_reaches_most(HiddenNet: StudentFunction, hyperparameters: Any, thresholds: Mapping[str, float]) -> None:
    """Your trained HiddenNet is right for 50 % of the test images."""
    reaches(HiddenNet, "most", thresholds, hyperparameters)


@check("HiddenNet", weight=3)
def hidden_net_reaches_full(HiddenNet: StudentFunction, hyperparameters: Any, thresholds: Mapping[str, float]) -> None:
    """Your trained HiddenNet is right for 53 % of the test images."""
    reaches(HiddenNet, "full", thresholds, hyperparameters)


@check("ConvNet", weight=6)
def conv_net_reaches_half(ConvNet: StudentFunction, hyperparameters: Any, thresholds: Mapping[str, float]) -> None:
    """Your trained ConvNet is right for 50 % of the test images."""
    reaches(ConvNet, "half", thresholds, hyperparameters)


@check("ConvNet", weight=3)
def conv_net_reaches_most(ConvNet: StudentFunction, hyperparameters: Any, thresholds: Mapping[str, float]) -> None:
    """Your trained ConvNet is right for 56 % of the test images."""
    reaches(ConvNet, "most", thresholds, hyperparameters)


@check("ConvNet", weight=3)
def conv_net_reaches_full(ConvNet: StudentFunction, hyperparameters: Any, thresholds: Mapping[str, float]) -> None:
    """Your trained ConvNet is right for 60 % of the test images."""
    reaches(ConvNet, "full", thresholds, hyperparameters)


@check("TunedNet", weight=8)
def tuned_net_reaches_half(TunedNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained TunedNet is right for 79 % of the test images."""
    reaches(TunedNet, "half", thresholds)


@check("TunedNet", weight=10)
def tuned_net_reaches_most(TunedNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained TunedNet is right for 83 % of the test images."""
    reaches(TunedNet, "most", thresholds)


@check("TunedNet", weight=10)
def tuned_net_reaches_full(TunedNet: StudentFunction, thresholds: Mapping[str, float]) -> None:
    """Your trained TunedNet is right for 87 % of the test images."""
    reaches(TunedNet, "full", thresholds)


# ==== predictions and hyper-parameters ===============================================================================


@check("plot_predictions")
def plot_predictions_is_right(plot_predictions: StudentFunction) -> None:
    """Your figure shows the first six images, of one channel or of three, each with the class that the network predicts
    in eval mode.
    """
    draws_predictions(plot_predictions, [0, 7, 2, 2, 9, 4, 1], channels=1, training=True)
    draws_predictions(plot_predictions, [8, 1, 6, 0, 3, 5, 7, 7, 2], channels=3, training=True)
    draws_predictions(plot_predictions, [9, 8, 0, 5, 1, 4], channels=3)


@check("hyperparameters", weight=2)
def hyperparameters_are_right(hyperparameters: Any) -> None:
    """Your hyperparameters are numbers that a training can have, and M, p and N ones that the networks can have."""
    reported = read_hyperparameters(hyperparameters)
    for name, numbers in reported.items():
        shown = f"hyperparameters[{name!r}] = {show(numbers)}"
        epochs, lr, momentum = (numbers[key] for key in OPTIMIZER)
        whole = epochs == int(epochs) and 1 <= epochs <= 10_000
        expect(whole, f"The epochs of {name} should be a whole number of 1 or more.", shown)
        expect(0 < lr <= 10, f"The lr of {name} should be positive, and not larger than 10.", shown)
        expect(0 <= momentum < 1, f"The momentum of {name} should be 0 or more, and less than 1.", shown)
    for name in HYPERPARAMETERS:
        arguments_of(name, hyperparameters)
