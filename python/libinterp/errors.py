"""What the library's error statuses are in Python: every one is an Error and the builtin that fits."""
from __future__ import annotations

from . import _values


class Error(Exception):
    """An error of the library. `status` is its number (ITP_E_* of <interp/base.h>), the message the library's sentence,
    which names the field."""

    def __init__(self, message: str, status: int = 0):
        super().__init__(message)
        self.status = status


class InvalidError(Error, ValueError):
    """An argument that cannot be: a number outside its range, an unknown name, a combination that does not exist, a
    schedule or a grid that is none, too few evaluations, a coefficient without a finite limit."""


class StateError(Error, RuntimeError):
    """A call out of order, such as a submit without a request, or a saved state of another plan."""


class NonFiniteError(Error, FloatingPointError):
    """The network returned NaN or infinity."""


class ToleranceError(Error, ArithmeticError):
    """An error estimate that could not be brought below its tolerance."""


class OutOfMemoryError(Error, MemoryError):
    """No memory was left."""


class LibraryError(Error, RuntimeError):
    """The library and this package do not fit together, or the library has a defect."""


class LibraryNotFoundError(Error, ImportError):
    """No library was found."""


class Warning(UserWarning):  # noqa: A001 (it is libinterp.Warning)
    """The library did what it was asked, but hardly what was meant."""


_BY_STATUS: dict[int, type[Error]] = {
    _values.E_SIZE: LibraryError, _values.E_NEWER: LibraryError, _values.E_OLDER: LibraryError,
    _values.E_MEMORY: OutOfMemoryError, _values.E_STEP: ToleranceError, _values.E_TOLERANCE: ToleranceError,
    _values.E_STATE: StateError, _values.E_NONFINITE: NonFiniteError, _values.E_INTERNAL: LibraryError,
}


def of_status(status: int, message: str) -> Error:
    return _BY_STATUS.get(status, InvalidError)(message, status)
