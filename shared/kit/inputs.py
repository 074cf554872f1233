"""What the strategies of all assignments draw their inputs from: arrays of numbers, for use inside `@st.composite`.

The generated numbers are halves where they can be, so that a failing input shrinks to one worked out by hand.
"""

import numpy as np
from hypothesis import strategies as st


def numbers(draw: st.DrawFn, elements: st.SearchStrategy[int], *shape: int) -> np.ndarray:
    """An array of floats of this shape, each entry drawn from `elements`."""
    size = int(np.prod(shape))
    return np.array(draw(st.lists(elements, min_size=size, max_size=size)), dtype=float).reshape(shape)


def halves(draw: st.DrawFn, largest: int, *shape: int) -> np.ndarray:
    """An array of this shape of whole numbers and halves from -largest to largest."""
    return numbers(draw, st.integers(-2 * largest, 2 * largest), *shape) / 2
