"""What fits and searches share: the network is asked about one step after another, by iterating over them.

The library calls the progress hook back. A signal's exception (Ctrl-C) may be raised at the first instruction of a
callback, before any `try` of its body, and ctypes would print it and report success. So that callback is a generator
that waits inside its `try`: the C side calls generator.send.
"""
from __future__ import annotations

import ctypes as c
import math
import threading
from typing import Any, Callable, Generator, Iterator

import numpy as np

from . import _structs, _values, errors
from ._library import EVALUATE, check, keep
from .arrays import kept, unwritten_like
from .network import check_written
from .run import Step

STOP = 1


def served(progress: Callable[[Any], Any], report_of: Callable[[Any], Any]) -> Generator[int, Any, None]:
    """Shows reports until it is closed. What `progress` raises ends the fit."""
    def serve() -> Generator[int, Any, None]:
        status = 0
        while True:
            try:
                report = yield status
                status = int(bool(progress(report_of(report.contents))))
            except GeneratorExit:
                raise
            except BaseException as error:
                keep(error)
                status = STOP

    generator = serve()
    next(generator)
    return generator


def array_at(address: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """The library's memory, which the library uses again: for copying only."""
    held = (c.c_ubyte * (math.prod(shape) * dtype.itemsize)).from_address(address)
    return np.frombuffer(held, dtype).reshape(shape)


class Asking:
    """Iterate over it and write `out` of each Step, and out2 where it has one. Belongs to one thread at a time."""
    #: in sentences
    _what: str
    #: the library's functions and what they are called with
    _ask_next: Callable[..., int]
    _take_outputs: Callable[..., int]
    _handle: c.c_void_p

    def _begin(self, shape: tuple[int, ...], dtype: np.dtype[Any], reports: Generator[int, Any, None] | None) -> None:
        self._shape, self._dtype, self._reports = shape, dtype, reports
        self._busy = threading.Lock()
        self._step: Step | None = None
        self._request = _structs.Request(size=c.sizeof(_structs.Request))

    def _check(self, status: int) -> int:
        if self._reports is not None and self._reports.gi_frame is None:
            keep(KeyboardInterrupt())  # between two of the generator's instructions, where no `try` could be
        return check(status)

    def _alone(self) -> None:
        if not self._busy.acquire(blocking=False):
            raise errors.StateError(f"this {self._what} is in use by another thread", _values.E_STATE)

    def next(self) -> Step | None:
        """What to evaluate; the same again until it is submitted. None: all is done."""
        self._alone()
        try:
            request = self._request
            if self._check(self._ask_next(self._handle, c.addressof(request))) != EVALUATE:
                return None
            if self._step is None:
                x = kept(array_at(request.x, (request.count, *self._shape[1:]), self._dtype))
                self._step = Step(request, x, unwritten_like(x), unwritten_like(x) if request.out2 else None)
            return self._step
        finally:
            self._busy.release()

    def submit(self) -> None:
        """The outputs of the step are written. NonFiniteError: not all of them; the step stays open."""
        self._alone()
        try:
            if self._step is not None:
                check_written(self._step)
                for place, out in ((self._request.out, self._step.out), (self._request.out2, self._step.out2)):
                    if place:
                        np.copyto(array_at(place, out.shape, self._dtype), out)
            self._step = None
            self._check(self._take_outputs(self._handle))
        finally:
            self._busy.release()

    def __iter__(self) -> Iterator[Step]:
        while (step := self.next()) is not None:
            yield step
            self.submit()
