"""Plain values as bytes: the only things that cross between a student's process and the grader.

`encode` turns numbers, strings, lists, tuples, dictionaries, arrays, tensors and figures into msgpack, and anything
else into an opaque handle. `decode` rebuilds fresh plain values after checking every claim the bytes make, so an
object of the student's never reaches the grader: no pickle, no class, no `__eq__`.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgpack
import numpy as np

LARGEST_FRAME = 64 * 2**20  # bytes; a homework answer is kilobytes
DEEPEST_NESTING = 40
LONGEST_NAME = 40
NUMERIC_KINDS = "biufc"
WIDEST_ITEM = 16  # bytes of complex128; a long double is narrowed to float64 before it crosses

TUPLE, COMPLEX, INTEGER, ARRAY, MAPPING, SEEDED, FUNCTION, OPAQUE, FIGURE, NAMED, TENSOR = range(1, 12)


TOO_LARGE = f"a value of more than {LARGEST_FRAME // 2**20} MB"
TOO_DEEP = f"a value nested more than {DEEPEST_NESTING} deep"
NOT_NUMERIC = "an array that isn't numeric"
REASONS = (TOO_LARGE, TOO_DEEP, NOT_NUMERIC)


class ValueRefused(ValueError):
    """A value that is too large, too deep or malformed to cross."""


@dataclass(frozen=True)
class Seeded:
    """Stands for `numpy.random.default_rng(seed)`; every call that receives it builds a fresh generator."""

    seed: int


@dataclass(frozen=True)
class Tensor:
    """An array that a student's function gets as a torch tensor of the same dtype."""

    array: np.ndarray


@dataclass(frozen=True)
class Opaque:
    """Something that stays in the student's process: it can be called or asked for attributes, never compared."""

    handle: int
    type_name: str
    ask: Callable[..., Any] | None = field(default=None, compare=False, repr=False)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it there; raises what a StudentFunction raises."""
        return self._asked()("call", self, arguments, keywords)

    def attribute(self, name: str) -> Any:
        """Read one of its attributes there."""
        return self._asked()("attribute", self, name)

    def _asked(self) -> Callable[..., Any]:
        if self.ask is None:
            raise TypeError(f"a {self.type_name} that came from no sandbox can't be asked")
        return self.ask


@dataclass(frozen=True)
class Figure:
    """What a matplotlib figure draws, as plain data (see `shared.kit.figures`)."""

    axes: tuple[dict[str, Any], ...]


def seeded(seed: int) -> Seeded:
    """A random generator for a student's function: `numpy.random.default_rng(seed)`, fresh at each call."""
    return Seeded(seed)


def encode(value: Any, keep: Callable[[Any], int] | None = None) -> bytes:
    """Encode `value` as msgpack bytes.

    keep: takes an object that can't cross and returns the number of its handle; without it such objects get 0.
    Raises ValueRefused for values over LARGEST_FRAME or nested deeper than DEEPEST_NESTING.
    """
    budget = [LARGEST_FRAME]
    plain = _lower(value, keep or (lambda _: 0), budget, 0)
    data = msgpack.packb(plain)
    if len(data) > LARGEST_FRAME:
        raise ValueRefused(TOO_LARGE)
    return data


def _spend(budget: list[int], size: int) -> None:
    budget[0] -= size
    if budget[0] < 0:
        raise ValueRefused(TOO_LARGE)


def _lower(value: Any, keep: Callable[[Any], int], budget: list[int], depth: int) -> Any:
    """Rewrite `value` with the types that msgpack knows and our extension types."""
    if depth > DEEPEST_NESTING:
        raise ValueRefused(TOO_DEEP)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in NUMERIC_KINDS:
        value = value.item() if value.dtype.itemsize <= WIDEST_ITEM else complex(value)
        if isinstance(value, np.generic):  # a long double's item is itself
            value = float(value)
        if isinstance(value, bool):
            return value
    if isinstance(value, int):
        value = int(value)
        if -(2**63) <= value < 2**63:
            return value
        _spend(budget, value.bit_length() // 8)
        return msgpack.ExtType(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex):
        return msgpack.ExtType(COMPLEX, np.array([value], dtype="<c16").tobytes())
    if isinstance(value, str):
        _spend(budget, len(value))
        return str(value).encode("utf-8", "replace").decode("utf-8")  # lone surrogates can't cross
    if isinstance(value, bytes | bytearray):
        _spend(budget, len(value))
        return bytes(value)
    if isinstance(value, tuple):
        return _nested(TUPLE, _lower_all(value, keep, budget, depth))
    if isinstance(value, range):  # a tuple, so that it can be a key
        return _nested(TUPLE, _lower_all(value, keep, budget, depth))
    if isinstance(value, list):
        return _lower_all(value, keep, budget, depth)
    if isinstance(value, dict):
        pairs = [item for pair in value.items() for item in pair]
        return _nested(MAPPING, _lower_all(pairs, keep, budget, depth))
    if isinstance(value, Seeded):
        return msgpack.ExtType(SEEDED, msgpack.packb(value.seed))
    if isinstance(value, Tensor) or _is_tensor(value):
        contents = value.array if isinstance(value, Tensor) else _contents(value)
        return _nested(TENSOR, _lower_array(contents, keep, budget, depth))
    array = _as_array(value)
    if array is not None:
        return _lower_array(array, keep, budget, depth)
    figure = _as_figure(value)
    if figure is not None:
        return _nested(FIGURE, _lower_all(figure.axes, keep, budget, depth))
    return _nested(OPAQUE, [keep(value), plain_name(type(value))])


def plain_name(kind: type, otherwise: str = "object") -> str:
    """A type's name for messages, or `otherwise` for a name made to carry something else."""
    name = kind.__name__
    return str(name) if name.isidentifier() and name.isascii() and len(name) <= LONGEST_NAME else otherwise


class Kept:
    """Objects that can't cross, by the number of their handle; `keep` gives an object the same number each time."""

    def __init__(self) -> None:
        self._objects: list[Any] = []

    def keep(self, value: Any) -> int:
        for number, known in enumerate(self._objects):
            if known is value:
                return number
        self._objects.append(value)
        return len(self._objects) - 1

    def __getitem__(self, handle: int) -> Any:
        return self._objects[handle]


def _lower_all(values: Any, keep: Callable[[Any], int], budget: list[int], depth: int) -> list[Any]:
    _spend(budget, 2 * len(values))
    return [_lower(item, keep, budget, depth + 1) for item in values]


def _nested(code: int, plain: Any) -> msgpack.ExtType:
    return msgpack.ExtType(code, msgpack.packb(plain))


def _as_array(value: Any) -> np.ndarray | None:
    """`value` as a plain ndarray if it is an array or a column of a table, else None."""
    if isinstance(value, np.ma.MaskedArray):
        return np.ma.filled(value.astype(float), np.nan)  # what is masked has no value
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if type(value).__module__.partition(".")[0] in ("pandas", "scipy", "cvxpy"):
        for method in ("to_numpy", "toarray"):
            if hasattr(value, method):
                return np.asarray(getattr(value, method)())
    return None


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")  # never imported on its account
    return hasattr(torch, "Tensor") and isinstance(value, torch.Tensor)  # type: ignore[union-attr]


def _contents(tensor: Any) -> np.ndarray:
    """A tensor's numbers; of bfloat16, which numpy lacks, as float32."""
    tensor = tensor.detach().cpu().resolve_conj()
    return np.asarray((tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy())


def _lower_array(array: np.ndarray, keep: Callable[[Any], int], budget: list[int], depth: int) -> Any:
    if array.dtype.kind not in NUMERIC_KINDS:
        if array.dtype.kind not in "OSU":
            raise ValueRefused(NOT_NUMERIC)
        return _lower(array.tolist(), keep, budget, depth + 1)  # an object array goes item by item
    if array.dtype.itemsize > WIDEST_ITEM or array.dtype.char == "g":
        array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    _spend(budget, array.size * array.dtype.itemsize)  # before a broadcast view is copied out
    array = array.astype(array.dtype.newbyteorder("<"))
    return _nested(ARRAY, [array.dtype.str, list(array.shape), array.tobytes()])


def _as_figure(value: Any) -> Figure | None:
    if "matplotlib.figure" not in sys.modules:
        return None
    from shared.kit.figures import describe, figure_of

    figure = figure_of(value)
    return None if figure is None else describe(figure)


def decode(
    data: bytes,
    *,
    function: Callable[[int], Any] | None = None,
    opaque: Callable[[int, str], Any] = Opaque,
    generator: Callable[[int], Any] = Seeded,
    named: Callable[[str], Any] | None = None,
    tensor: Callable[[np.ndarray], Any] = np.asarray,
) -> Any:
    """Rebuild a value from `encode`'s bytes, checking every claim they make.

    function, opaque, generator, named, tensor: what a grader's function, a handle, a seed, a function of the
    notebook's and a tensor become on this side. Raises ValueRefused for anything malformed.
    """
    if len(data) > LARGEST_FRAME:
        raise ValueRefused("the frame is too large")
    return _Decoder(function, opaque, generator, named, tensor).unpack(data, 0)


@dataclass(frozen=True)
class _Decoder:
    function: Callable[[int], Any] | None
    opaque: Callable[[int, str], Any]
    generator: Callable[[int], Any]
    named: Callable[[str], Any] | None
    tensor: Callable[[np.ndarray], Any]

    def unpack(self, data: bytes, depth: int) -> Any:
        if depth > DEEPEST_NESTING:
            raise ValueRefused(TOO_DEEP)
        try:
            return msgpack.unpackb(
                data,
                ext_hook=lambda code, body: self.extension(code, body, depth + 1),
                strict_map_key=True,
            )
        except ValueRefused:
            raise
        except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException) as error:
            raise ValueRefused(f"malformed bytes ({type(error).__name__})") from error

    def extension(self, code: int, body: bytes, depth: int) -> Any:
        if code == COMPLEX and len(body) == WIDEST_ITEM:
            return complex(np.frombuffer(body, dtype="<c16")[0])
        if code == INTEGER:
            return int.from_bytes(body, "big", signed=True)
        plain = self.unpack(body, depth)
        if code == TUPLE and isinstance(plain, list):
            return tuple(plain)
        if code == MAPPING and isinstance(plain, list) and len(plain) % 2 == 0:
            return dict(zip(plain[::2], plain[1::2], strict=True))
        if code == ARRAY:
            return self.array(plain)
        if code == TENSOR and isinstance(plain, np.ndarray):
            return self.tensor(plain)
        if code == SEEDED and isinstance(plain, int):
            return self.generator(plain)
        if code == FUNCTION and isinstance(plain, int) and self.function is not None:
            return self.function(plain)
        if code == NAMED and isinstance(plain, str) and self.named is not None:
            return self.named(plain)
        if code == OPAQUE and _has_types(plain, int, str):
            return self.opaque(*plain)
        if code == FIGURE and isinstance(plain, list) and all(map(_describes_axes, plain)):
            return Figure(tuple(plain))
        raise ValueRefused(f"malformed extension {code}")

    def array(self, plain: Any) -> np.ndarray:
        if not _has_types(plain, str, list, bytes):
            raise ValueRefused("malformed array")
        name, shape, content = plain
        if name[:1] not in "<|" or name[1:2] not in NUMERIC_KINDS or not name[2:].isdecimal():
            raise ValueRefused("malformed array type")
        if not all(type(length) is int and 0 <= length < 2**40 for length in shape) or len(shape) > 32:
            raise ValueRefused("malformed array shape")
        try:
            dtype = np.dtype(name)
        except TypeError as error:
            raise ValueRefused("malformed array type") from error
        if dtype.itemsize > WIDEST_ITEM or math.prod(shape) * dtype.itemsize != len(content):
            raise ValueRefused("an array whose size belies its shape")
        return np.frombuffer(content, dtype=dtype).reshape(shape).copy()


def _has_types(plain: Any, *types: type) -> bool:
    return (
        isinstance(plain, list)
        and len(plain) == len(types)
        and all(type(item) is wanted for item, wanted in zip(plain, types, strict=True))
    )


AXES_FIELDS = {
    "title": str,
    "xlabel": str,
    "ylabel": str,
    "xscale": str,
    "yscale": str,
    "xlim": list,
    "ylim": list,
    "legend": list,
    "lines": list,
    "scatters": list,
    "bars": list,
    "images": list,
}


def _describes_axes(plain: Any) -> bool:
    """Whether a value has the form of `shared.kit.figures`'s description of one axes."""
    return (
        isinstance(plain, dict)
        and plain.keys() == AXES_FIELDS.keys()
        and all(type(plain[field]) is kind for field, kind in AXES_FIELDS.items())
        and all(_has_arrays(line, "x", "y") for line in plain["lines"])
        and all(_has_arrays(scatter, "offsets") for scatter in plain["scatters"])
        and all(_has_arrays(image, "values") for image in plain["images"])
        and all(type(limit) is float for limit in (*plain["xlim"], *plain["ylim"]))
    )


def _has_arrays(plain: Any, *names: str) -> bool:
    return isinstance(plain, dict) and all(
        isinstance(value, np.ndarray if name in names else str) for name, value in plain.items()
    )


def encode_function(number: int) -> bytes:
    """The bytes that stand for the grader's function `number`: the worker gets a stub that calls back."""
    return msgpack.packb(_nested(FUNCTION, number))


def encode_name(name: str) -> bytes:
    """The bytes that stand for the notebook's own function `name`: the worker passes that one on."""
    return msgpack.packb(_nested(NAMED, name))
