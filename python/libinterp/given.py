"""What was given: values of the wrong type are refused under the name of their argument."""
from __future__ import annotations

import operator
from typing import Any, Callable

import numpy as np

from . import errors


def wrong(name: str, wanted: str, value: Any) -> TypeError:
    return TypeError(f"{name}: {wanted} is wanted, not {value!r} of type {type(value).__name__}")


def number(name: str, value: Any) -> float:
    """A real number, of whatever library."""
    if not isinstance(value, (str, bytes, bytearray)) and not (isinstance(value, np.ndarray) and value.ndim):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    raise wrong(name, "a number", value)


def whole(name: str, value: Any) -> int:
    """An integer that fits into 32 bits."""
    try:
        found = operator.index(value)
    except TypeError:
        raise wrong(name, "an integer", value) from None
    if not -2**31 <= found < 2**31:
        raise errors.InvalidError(f"{name}: {found}, it must fit into 32 bits", -5)
    return found


def flag(name: str, value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_)) and not (isinstance(value, int) and value in (0, 1)):
        raise wrong(name, "True or False", value)
    return bool(value)


def function(name: str, value: Any) -> Callable[..., Any]:
    if not callable(value):
        raise wrong(name, "a function", value)
    return value


def instance(name: str, value: Any, kind: type, wanted: str) -> Any:
    if not isinstance(value, kind):
        raise wrong(name, wanted, value)
    return value


def reals(name: str, values: Any) -> np.ndarray:
    """Numbers as a flat array of float64."""
    try:
        found = np.asarray(values)
        if found.dtype.kind in "OUScmM":
            raise TypeError
        return np.ascontiguousarray(found, np.float64).ravel()
    except (TypeError, ValueError):
        raise wrong(name, "a sequence of numbers", values) from None
