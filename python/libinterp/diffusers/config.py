"""A scheduler's configuration: a mapping that can be written as JSON."""
from __future__ import annotations

from typing import Any

import numpy as np

from .. import _values, errors

FILE = "scheduler_config.json"


class Config(dict):
    """A mapping whose values are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def refused(key: str, value: Any, why: str) -> errors.InvalidError:
    """The error that names a key, its value and what to do."""
    return errors.InvalidError(f"{key}: {value!r} {why}", _values.E_UNSUPPORTED)


def plain(value: Any) -> Any:
    """Arrays, tensors and numbers of numpy as Python's own."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def chosen(key: str, value: Any, among: tuple[str, ...]) -> None:
    if value not in among:
        raise refused(key, value, f"is unknown; there are {', '.join(among)}")


def positive(key: str, value: Any) -> None:
    if value is not None and not (np.isfinite(value) and value > 0):
        raise refused(key, value, "should be a number above 0")
