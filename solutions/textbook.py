"""The networks' formulas in numpy, and how a student's own tensors are put into them.

A network may store its tensors as it likes: transposed, in another order of the axes, with the bias as one more column.
`readings` lists the ways to read tensors of given shapes as the formula's W and b, layer by layer; `output` is the
formula. A right network agrees with it under one of these readings, on all images.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import erf, expit, log_softmax, softmax

Function = Callable[[np.ndarray], np.ndarray]
Shape = tuple[int, ...]
Pairs = list[tuple[np.ndarray, np.ndarray]]  # the W and b of each layer


@dataclass(frozen=True)
class Layer:
    """A layer W x + b: `outputs` numbers from inputs of shape `inputs`; a convolution (its filters) pools by `pool`."""

    inputs: Shape
    outputs: int
    pool: int = 0

    @property
    def width(self) -> int:
        """How many numbers go into each output."""
        return math.prod(self.inputs)


@dataclass(frozen=True)
class Formula:
    """A network: how it is written, the shape of its images, its layers from the first to the last."""

    written: str
    image: Shape
    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum((layer.width + 1) * layer.outputs for layer in self.layers)


def formula_of(name: str, arguments: tuple[int, ...] = ()) -> Formula:
    """The formula of a network by its name and its hyperparameters."""
    mnist, cifar = (1, 28, 28), (3, 32, 32)
    if name == "DenseNet":
        return Formula("W2 relu(W1 vec(x) + b1) + b2", mnist, (Layer(mnist, 512), Layer((512,), 10)))
    if name == "SimpleCNN":
        convolutions = (Layer((1, 5, 5), 10, pool=2), Layer((10, 5, 5), 20, pool=2))
        written = "two convolutions, each with max-pooling and ReLU, then W4 relu(W3 vec(...) + b3) + b4"
        return Formula(written, mnist, (*convolutions, Layer((20, 4, 4), 50), Layer((50,), 10)))
    if name == "LogisticNet":
        return Formula("W vec(x) + b", cifar, (Layer(cifar, 10),))
    if name == "HiddenNet":
        (M,) = arguments
        return Formula("W2 relu(W1 vec(x) + b1) + b2", cifar, (Layer(cifar, M), Layer((M,), 10)))
    if name == "ConvNet":
        M, p, N = arguments
        side = (33 - p) // N
        written = "W2 vec(MaxPool(relu(Conv2d(x, W1) + b1))) + b2"
        return Formula(written, cifar, (Layer((3, p, p), M, pool=N), Layer((M, side, side), 10)))
    raise LookupError(f"no formula is fixed for {name}")


# ---- the formula -----------------------------------------------------------------------------------------------------


def relu(z: np.ndarray) -> np.ndarray:
    """max{0, z}."""
    return np.maximum(z, 0)


def unchanged(z: np.ndarray) -> np.ndarray:
    """z itself."""
    return z


TOGETHER = 20  # images: a convolution with 100 filters makes 1.2 MB of each, and as much on the way


def output(
    formula: Formula,
    pairs: Pairs,
    images: np.ndarray,
    hidden: Sequence[Function] | None = None,
    last: Function = unchanged,
    pooling: Function = np.max,
) -> np.ndarray:
    """The logits (B, 10) of images (B, c, h, w).

    hidden, last, pooling: what stands after each layer but the last (ReLUs), after the last, and for the maximum of a
    window; others than the formula's own tell what a wrong network does.
    """
    if len(images) > TOGETHER:
        pieces = np.split(images, range(TOGETHER, len(images), TOGETHER))
        return np.concatenate([output(formula, pairs, piece, hidden, last, pooling) for piece in pieces])
    x = images.astype(np.float64)
    functions = hidden or [relu] * (len(formula.layers) - 1)
    for layer, (W, b), function in zip(formula.layers, pairs, (*functions, last), strict=True):
        if layer.pool:
            x = _pooled(function(_convolved(x, W, b)), layer.pool, pooling)
        else:
            x = function(x.reshape(len(x), -1) @ W.reshape(len(W), -1).T + b)
    return x


def _convolved(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """x (B, c, h, w) and W (filters, c, p, p) → (B, filters, h - p + 1, w - p + 1)."""
    windows = sliding_window_view(x, W.shape[2:], axis=(2, 3))  # (B, c, h', w', p, p)
    return np.moveaxis(np.tensordot(windows, W, axes=((1, 4, 5), (1, 2, 3))) + b, 3, 1)


def _pooled(x: np.ndarray, size: int, pooling: Function) -> np.ndarray:
    """What `pooling` makes of windows of `size`, side by side; rows and columns that fill none are left out."""
    rows, columns = x.shape[2] // size, x.shape[3] // size
    windows = x[:, :, : rows * size, : columns * size].reshape(*x.shape[:2], rows, size, columns, size)
    return pooling(windows, axis=(3, 5))  # type: ignore[call-arg]


# ---- the student's tensors as W and b --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a layer's W and b are found: numbers of the tensors; how W lies in its own.

    bias: the number of b's tensor; None where b is a column of W's. ones: which column, the first (0) or the last (-1).
    columns: W's tensor has its outputs along its last axis. order: the order of the axes of a layer's inputs in it.
    """

    layer: Layer
    weight: int
    bias: int | None
    ones: int
    columns: bool
    order: tuple[int, ...]

    def read(self, tensors: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """W (outputs, *inputs) and b (outputs,)."""
        tensor = tensors[self.weight].astype(np.float64)
        if self.columns:
            tensor = np.moveaxis(tensor, -1, 0)
        flat = tensor.reshape(self.layer.outputs, -1)
        if self.bias is None:
            b = flat[:, self.ones]
            flat = np.delete(flat, self.ones, axis=1)
        else:
            b = tensors[self.bias].ravel().astype(np.float64)
        stored = flat.reshape(-1, *(self.layer.inputs[axis] for axis in self.order))
        back = np.argsort(self.order)
        return stored.transpose(0, *(back + 1)), b


Reading = tuple[Place, ...]


def read(reading: Reading, tensors: Sequence[np.ndarray]) -> Pairs:
    """The W and b of each layer, in float64."""
    return [place.read(tensors) for place in reading]


def readings(formula: Formula, shapes: Sequence[Shape]) -> Iterator[Reading]:
    """The ways to read tensors of these shapes as the W and b of each layer, each tensor once; the usual ones first."""
    return _readings(formula.layers, dict(enumerate(shapes)))


def _readings(layers: tuple[Layer, ...], left: Mapping[int, Shape]) -> Iterator[Reading]:
    if not layers:
        if not left:
            yield ()
        return
    for place in _places(layers[0], left):
        used = (place.weight, place.bias)
        rest = {number: shape for number, shape in left.items() if number not in used}
        for others in _readings(layers[1:], rest):
            yield (place, *others)


def _places(layer: Layer, shapes: Mapping[int, Shape]) -> Iterator[Place]:
    n, k = layer.width, layer.outputs
    biases = [number for number, shape in shapes.items() if math.prod(shape) == k and k in shape]
    for number, shape in shapes.items():
        for columns in (False, True):
            if len(shape) < 2 or shape[-1 if columns else 0] != k:
                continue
            rest = shape[:-1] if columns else shape[1:]
            if math.prod(rest) == n:
                for order in _orders(layer.inputs, rest):
                    for bias in biases:
                        if bias != number:
                            yield Place(layer, number, bias, 0, columns, order)
            elif rest == (n + 1,):
                for order in _orders(layer.inputs, (n,)):
                    for ones in (-1, 0):
                        yield Place(layer, number, None, ones, columns, order)


def _orders(inputs: Shape, stored: Shape) -> Iterator[tuple[int, ...]]:
    """The orders of the axes of `inputs` in which they may be stored in a tensor whose own axes are `stored`."""
    seen = set()
    for order in itertools.permutations(range(len(inputs))):
        same = tuple(axis for axis in order if inputs[axis] > 1)  # an axis of length 1 has no place
        fits = [inputs[axis] for axis in same] == [length for length in stored if length > 1]
        if same not in seen and (fits or math.prod(stored) == max(stored)):
            seen.add(same)
            yield order


# ---- what wrong networks do ------------------------------------------------------------------------------------------


def _leaky(slope: float) -> Function:
    return lambda z: np.where(z > 0, z, slope * z)


WRONG_HIDDEN: dict[str, Function] = {
    "a sigmoid": expit,
    "a tanh": np.tanh,
    "a leaky ReLU": _leaky(0.01),
    "a leaky ReLU (0.1)": _leaky(0.1),
    "a leaky ReLU (0.2)": _leaky(0.2),
    "an ELU": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "a GELU": lambda z: z * (1 + erf(z / math.sqrt(2))) / 2,
    "a SiLU": lambda z: z * expit(z),
    "a softplus": lambda z: np.logaddexp(0, z),
    "a ReLU cut off at 6": lambda z: np.clip(z, 0, 6),
    "an absolute value": np.abs,
}
WRONG_LAST: dict[str, Function] = {
    "a softmax": lambda z: softmax(z, axis=1),
    "the logarithm of a softmax": lambda z: log_softmax(z, axis=1),
    "a ReLU": relu,
    "a sigmoid": expit,
    "a tanh": np.tanh,
}
