"""Adaptive runs: the flow by embedded Runge-Kutta pairs, with steps of its own for every sample."""
from __future__ import annotations

import ctypes as c
import math
from typing import Any, Callable, NamedTuple, Sequence

import numpy as np

from . import _structs, errors, given, names
from ._library import EVALUATE, check, created, described, freed_with, lib, written
from .arrays import unwritten_like
from .copies import Unchanging
from .model import Model
from .network import Network, check_written
from .run import Run, batch_of, start_of
from .schedule import Schedule, as_schedule

#: fields of itp_adaptive_desc that are plain numbers
_NUMBERS = ("max_evaluations", "rtol", "atol", "first_step", "min_step", "max_step", "safety", "shrink", "grow",
            "u_start", "u_end")


class Statistics(NamedTuple):
    """How a sample's run went: its status (0: finished, below 0: the error that ended it), its accepted and rejected
    steps, its evaluations, and the time t of the sampling schedule and the position u that it reached."""
    status: int
    accepted: int
    rejected: int
    evaluations: int
    t: float
    u: float


class AdaptiveStep:
    """One evaluation of the samples that are still under way: x, out [count, ...]; time, u [count], one for each; index
    [count]: their numbers, counted from the batch's `first`."""
    __slots__ = ("x", "out", "out2", "time", "u", "index", "first")

    def __init__(self, request: Any, shape: tuple[int, ...], dtype: np.dtype[Any]):
        count = request.count
        self.x = _copied(request.x, (count, *shape[1:]), dtype)
        self.out, self.out2 = unwritten_like(self.x), None
        self.time, self.u = (_copied(at, (count,), np.dtype(np.float64))
                                for at in (request.times, request.positions))
        self.first = request.first
        self.index = _copied(request.index, (count,), np.dtype(np.uint64)).astype(np.int64) + request.first


def _memory(address: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    held = (c.c_ubyte * (math.prod(shape) * dtype.itemsize)).from_address(address)
    return np.frombuffer(held, dtype).reshape(shape)


def _copied(address: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """The run's own arrays live no longer than it does: what Python sees are copies."""
    return _memory(address, shape, dtype).copy()


class Adaptive(Unchanging):
    """The flow (k = 0) to a tolerance: for references, inversions and integrals, not for few steps.

    model, schedule: as of Plan. solver: "tsit5", "dopri5", "bosh3" or "heun". reversed: backward, from data to
    noise (then sample with start=). controller: three numbers. Other parameters are fields of itp_adaptive_desc
    (<interp/adaptive.h>) by their names: rtol, atol, max_evaluations, first_step, min_step, max_step, safety, shrink,
    grow, u_start, u_end. Never changes; threads may share one.
    """

    def __init__(self, model: Model | None = None, schedule: Schedule | str | None = None, solver: str = "tsit5",
                 controller: Sequence[float] | None = None, reversed: bool = False, **fields: float):
        unknown = set(fields) - set(_NUMBERS)
        if unknown:
            raise TypeError(f"Adaptive: unknown parameter {sorted(unknown)[0]!r}")
        self.model = Model() if model is None else given.instance("model", model, Model, "a Model")
        self.schedule = as_schedule(schedule)
        self._solver = names.solver(solver)
        self._desc = described(
            _structs.AdaptiveDesc, model=self.model._address,
            schedule=self.schedule._handle if self.schedule else None, solver=c.addressof(self._solver),
            reversed=given.flag("reversed", reversed),
            **{name: (given.whole if name == "max_evaluations" else given.number)(name, value)
               for name, value in fields.items() if value is not None})
        if controller is not None:
            numbers = given.reals("controller", controller)
            if len(numbers) != 3:
                raise ValueError(f"controller: three numbers are wanted, not {len(numbers)}")
            self._desc.controller = (c.c_double * 3)(*numbers)

    def sample(self, network: Callable[..., Any], shape: Any = None, *, seed: int = 0, seeds: Any = None,
               first: int = 0, dtype: Any = None, start: Any = None, out: np.ndarray | None = None,
               check_finite: bool = False, times: Any = None, kernel: str = "auto") -> Any:
        """The samples, and, with `times` of the sampling schedule from the start to the end, also the states there:
        (x, states [len(times), count, ...], in the network's coordinates).

        network(x, t, ...): x [some, ...], t [some], a time for each: samples that are finished are not asked about. It
        returns its output, or takes `out`; it may name u [some], index [some] and request. Options as in
        `libinterp.sample`. ToleranceError: the error asks for a step below the smallest one. `statistics` of what is
        raised has those of all samples.
        """
        run = _AdaptiveRun(self, shape, dtype, start, out, seed, seeds, first, check_finite, kernel)
        states = run.outputs(times)
        run.go(Network(network))
        return run.x if states is None else (run.x, states)

    def statistics(self, network: Callable[..., Any], shape: Any = None, **options: Any) -> list[Statistics]:
        """The same run, for how many steps and evaluations each sample took."""
        found: list[Statistics] = []
        run = _AdaptiveRun(self, shape, **{**_DEFAULTS, **options})
        try:
            run.go(Network(network))
        except errors.Error as error:
            if not hasattr(error, "statistics"):
                raise
        found.extend(run.statistics())
        return found


_DEFAULTS: dict[str, Any] = dict(dtype=None, start=None, out=None, seed=0, seeds=None, first=0, check_finite=False,
                                 kernel="auto")


class _AdaptiveRun:
    """One run, with everything that it points to."""

    def __init__(self, method: Adaptive, shape: Any, dtype: Any, start: Any, out: Any, seed: int, seeds: Any,
                 first: int, check_finite: bool, kernel: str):
        self.x = Run._target(shape, dtype, start, out)
        batch = batch_of(self.x, start, None, seed, seeds, first, check_finite, kernel)
        self._begin = start_of(batch, self.x)
        self._run = created(lib.itp_sampler_new_adaptive, c.addressof(method._desc), c.addressof(batch))
        self._kept: list[Any] = [method, self.x, batch]
        freed_with(self, lib.itp_sampler_free, self._run, self._kept)

    def outputs(self, times: Any) -> np.ndarray | None:
        if times is None:
            return None
        times = np.ascontiguousarray(times, np.float64).ravel()
        states = np.full((times.size, *self.x.shape), np.nan, self.x.dtype)
        self._kept += [times, states]
        check(lib.itp_adaptive_outputs(self._run, times.size, times.ctypes.data, states.ctypes.data))
        return states

    def go(self, network: Network) -> None:
        request = _structs.Request(size=c.sizeof(_structs.Request))
        check(lib.itp_sampler_begin(self._run, c.addressof(self._begin)))
        while self._next(request) == EVALUATE:
            step = AdaptiveStep(request, self.x.shape, self.x.dtype)
            network(step)
            check_written(step)
            np.copyto(_memory(request.out, step.x.shape, step.x.dtype), step.out)
            check(lib.itp_sampler_submit(self._run))

    def _next(self, request: Any) -> int:
        try:
            return check(lib.itp_sampler_next(self._run, c.addressof(request)))
        except errors.Error as error:
            error.statistics = self.statistics()
            raise

    def statistics(self) -> list[Statistics]:
        found = (written(_structs.AdaptiveStatistics, lib.itp_adaptive_get_statistics, self._run, i)
                 for i in range(len(self.x)))
        return [Statistics(*(getattr(one, name) for name in Statistics._fields)) for one in found]
