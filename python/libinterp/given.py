"""What was given: values of the wrong type are refused under the name of their argument."""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from . import _library


def wrong(name: str, wanted: str, value: Any) -> TypeError:
    return TypeError(f"{name}: {wanted} is wanted, not {value!r} of type {type(value).__name__}")


#: A real number, and an integer of 32 bits
number = _library.real


def whole(name: str, value: Any) -> int:
    return _library.whole(name, value, -2**31, 2**31 - 1)


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


def required(name: str, value: Any, wanted: str) -> Any:
    if value is None:
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
