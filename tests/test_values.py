"""What crosses between the student's process and the grader: plain values, exactly; anything else, never."""

import collections
import contextlib
import enum
import math

import hypothesis.strategies as st
import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from shared.kit.values import LARGEST_FRAME, Figure, Opaque, Seeded, ValueRefused, decode, encode, encode_name

numbers = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary()
keys = st.text() | st.integers(-5, 5) | st.booleans() | st.tuples(st.integers(-5, 5), st.text(max_size=2))
plain = st.recursive(
    numbers,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | hnp.arrays(
            st.sampled_from(["?", "i1", "<u2", ">i4", "<f4", "<f8", ">f8", "<c16"]), hnp.array_shapes(min_side=0)
        )
    ),
    max_leaves=12,
)


def same(a: object, b: object) -> bool:
    """Equal in type and value, NaN equal to itself, arrays up to byte order."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.dtype.newbyteorder("=") == b.dtype.newbyteorder("=") and str(a) == str(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b or (a != a and b != b)


@given(plain)
def test_plain_values_cross_unchanged(value):
    assert same(
        decode(encode(value)), value if not isinstance(value, str) else value.encode("utf8", "replace").decode()
    )


@given(plain)
def test_encoding_is_canonical(value):
    """The worker finds changed arguments by comparing bytes, so a value that crossed must encode to the same bytes."""
    data = encode(value)
    assert encode(decode(data)) == data


@given(
    st.binary(max_size=200) | plain.map(encode).flatmap(lambda data: st.integers(0, len(data)).map(lambda n: data[:n]))
)
def test_any_bytes_decode_to_plain_data_or_are_refused(data):
    try:
        value = decode(data)
    except ValueRefused:
        return
    encode(value)  # whatever came out is plain


@given(plain.map(encode), st.integers(0, 10**6), st.integers(0, 255))
def test_a_flipped_byte_is_read_as_plain_data_or_refused(data, place, byte):
    data = bytearray(data)
    data[place % len(data)] = byte
    with contextlib.suppress(ValueRefused):
        decode(bytes(data))


class Liar(float):
    """A float that claims to equal everything."""

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Sneaky(np.ndarray):
    """An array that claims to equal everything."""

    def __eq__(self, other):
        return np.True_


class Colour(enum.IntEnum):
    RED = 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(2.5), 2.5),
        (np.float32(2.5), 2.5),
        (np.longdouble(2.5), 2.5),
        (np.int8(3), 3),
        (np.bool_(True), True),
        (Colour.RED, 3),
        (range(3), (0, 1, 2)),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.namedtuple("P", "x y")(1, 2), (1, 2)),
        (np.array([1, None, "x"], dtype=object), [1, None, "x"]),
    ],
)
def test_near_relatives_become_the_plain_type(value, expected):
    assert same(decode(encode(value)), expected)


def test_subclasses_lose_their_tricks():
    assert type(decode(encode(Liar(1.0)))) is float
    assert decode(encode(Liar(1.0))) != 2.0
    back = decode(encode(np.zeros(3).view(Sneaky)))
    assert type(back) is np.ndarray and not (back == 1).any()


def test_masked_entries_become_nan():
    back = decode(encode(np.ma.masked_array([1.0, 2.0], mask=[False, True])))
    assert type(back) is np.ndarray and back[0] == 1 and math.isnan(back[1])


def test_torch_tensors_become_arrays():
    torch = pytest.importorskip("torch")
    back = decode(encode(torch.ones(2, 3, dtype=torch.float64, requires_grad=True)))
    assert same(back, np.ones((2, 3)))


def test_other_objects_become_handles():
    kept = []
    generator = (number for number in [])
    back = decode(encode([generator], lambda item: kept.append(item) or 7))
    assert back == [Opaque(7, "generator")] and kept == [generator]


def test_too_much_is_refused_before_it_is_copied():
    with pytest.raises(ValueRefused):
        encode(np.broadcast_to(0.0, (10**9,)))
    with pytest.raises(ValueRefused):
        encode(b"x" * (LARGEST_FRAME + 1))
    deep: list = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ValueRefused):
        encode(deep)


@pytest.mark.parametrize(
    "array",
    [
        ["<f8", [3], b"\0" * 16],  # size belies shape
        ["<f8", [2**62, 2**62], b""],  # a product that overflows
        ["<f8", [-1], b""],
        ["<O8", [1], b"\0" * 8],  # pointers
        ["<f8,<f8", [1], b"\0" * 16],
        ["<f8", [1], "text"],
        ["<f8", "shape", b""],
    ],
)
def test_forged_arrays_are_refused(array):
    with pytest.raises(ValueRefused):
        decode(msgpack.packb(msgpack.ExtType(4, msgpack.packb(array))))


@pytest.mark.parametrize("axes", [{"scatters": 3}, {"lines": 5}, {}, 7, {"title": "x"}])
def test_forged_figures_are_refused(axes):
    with pytest.raises(ValueRefused):
        decode(msgpack.packb(msgpack.ExtType(9, encode([axes]))))
    assert isinstance(decode(encode(Figure(({"scatters": 3},)))), Opaque)


def test_a_seed_becomes_a_fresh_generator():
    data = encode(Seeded(5))
    assert decode(data) == Seeded(5)
    assert decode(data, generator=np.random.default_rng).random() == np.random.default_rng(5).random()


def test_only_the_worker_is_told_a_name():
    """A worker that sent one would have the grader look something up for it."""
    with pytest.raises(ValueRefused):
        decode(encode_name("grade"))
    assert decode(encode_name("grade"), named=str.upper) == "GRADE"
