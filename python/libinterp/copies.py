"""Copies of what never changes: in this process itself, in other ones made again from what it was made of."""
from __future__ import annotations

import functools
import inspect
import pickle
import sys
from typing import Any

import numpy as np


def _own(value: Any) -> Any:
    """Arrays are copied: whoever gave them may write there later."""
    return np.array(value) if hasattr(value, "__array__") or isinstance(value, list) else value


def _comparable(value: Any) -> Any:
    if isinstance(value, functools.partial):
        return value.func, value.args, tuple(sorted(value.keywords.items()))
    return (value.shape, value.dtype.str, value.tobytes()) if isinstance(value, np.ndarray) else value


def _pickled_by_value() -> bool:
    """Whether a pickler that takes any function (cloudpickle, dill) may be at work."""
    return any(name.rpartition(".")[2] in ("cloudpickle", "dill") for name in list(sys.modules))


def check_pickles(whose: str, name: str, value: Any) -> None:
    """TypeError where a function of the user's cannot go to another process."""
    if not callable(value) or _pickled_by_value():
        return
    try:
        pickle.dumps(value)
    except Exception as error:
        raise TypeError(f"{whose}: {name} is {value!r}, which cannot be pickled; a function of a module can, or an "
                        "object of a module's class with __call__") from error


def _again(kind: type, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return kind(*positional, **named)


class Unchanging:
    """Said wholly by what its constructor was given. Equal to another of the same description."""

    def __new__(cls, *positional: Any, **named: Any) -> Any:
        self = super().__new__(cls)
        self._given = tuple(map(_own, positional)), {name: _own(value) for name, value in named.items()}
        return self

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        for name, value in self._said().items():
            check_pickles(type(self).__name__, name, value)
        return _again, (type(self), *self._given)

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def _said(self) -> dict[str, Any]:
        """The parameters by their names, defaults included."""
        bound = inspect.signature(type(self)).bind(*self._given[0], **self._given[1])
        bound.apply_defaults()
        flat = dict(bound.arguments)
        for name, parameter in inspect.signature(type(self)).parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD:
                flat.update(flat.pop(name))
        return flat

    def _key(self) -> tuple[Any, ...]:
        return tuple((name, _comparable(value)) for name, value in sorted(self._said().items()))

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self._key() == other._key())

    def __hash__(self) -> int:
        return hash((type(self), tuple(name for name, _ in self._key())))
