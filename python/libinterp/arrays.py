"""Arrays that go to callers' functions and come back: what is given to be read, to be written, and what is taken."""
from __future__ import annotations

from typing import Any

import numpy as np

#: Bits of the NaN that an output holds until it is written, as in lib/sampler/outputs.c.
UNWRITTEN = {np.dtype(np.float32): np.uint32(0x7fc92016), np.dtype(np.float64): np.uint64(0x7ff8000000092016)}


def kept(array: np.ndarray) -> np.ndarray:
    """What a network or a hook is given to read: a copy that stays as it is, and that cannot be written."""
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def unwrite(out: np.ndarray) -> np.ndarray:
    """Makes it an output that nobody wrote yet."""
    out.view(f"u{out.itemsize}")[...] = UNWRITTEN[out.dtype]
    return out


def unwritten_like(x: np.ndarray) -> np.ndarray:
    """An output that nobody wrote yet."""
    return unwrite(np.empty_like(x))


def is_tensor(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch" or hasattr(value, "detach")


def array_of(result: Any, what: str) -> np.ndarray:
    """What a network or a hook returned, as an array of real numbers. Types that numpy does not have are widened."""
    array = result
    if is_tensor(result):
        array = result.detach().cpu()
        array = (array.float() if array.element_size() < 4 and array.is_floating_point() else array).numpy()
    try:
        array = np.asarray(array)
    except ValueError as error:  # lists of lists that are no array
        raise TypeError(f"{what} is no array: {error}") from None
    if np.ma.is_masked(result):
        raise TypeError(f"{what} is masked: there are no numbers under the mask")
    if array.dtype.kind == "V" and "float" in array.dtype.name:  # ml_dtypes
        array = array.astype(np.float32)
    if array.dtype.kind not in "fiu":
        kind = type(result).__name__ if array.dtype.kind == "O" else array.dtype
        raise TypeError(f"{what} is of type {kind}, which cannot be cast to a real number")
    return array


def check_shape(found: Any, wanted: Any, what: str) -> None:
    if tuple(found) != tuple(wanted):
        raise ValueError(f"{what} has shape {tuple(found)}, {tuple(wanted)} is wanted")


def store(out: np.ndarray, result: Any, what: str) -> None:
    """Brings what was returned to where it belongs, in any real type."""
    if result is not out:
        array = array_of(result, what)
        check_shape(array.shape, out.shape, what)
        if array.dtype == out.dtype:
            np.copyto(out, array)
            return
        with np.errstate(over="ignore"):  # what a type cannot hold is found as infinity
            np.copyto(out, array, casting="same_kind")
