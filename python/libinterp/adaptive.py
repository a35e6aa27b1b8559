"""Adaptive runs: the flow by embedded Runge-Kutta pairs, with steps of its own for every sample."""
from __future__ import annotations

import ctypes as c
import math
from typing import Any, Callable, NamedTuple, Sequence

import numpy as np

from . import _structs, errors, given, names
from ._library import ENV, check, described, keep, lib, pointer, written
from .arrays import kept, unwrite
from .copies import Unchanging
from .model import Model
from .network import Network, check_written
from .run import Run, Step
from .running import run_through, show
from .sampling import Runs
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


class Adaptive(Unchanging, Runs):
    """The flow (k = 0) to a tolerance: for references, inversions and integrals, not for few steps.

    model, schedule: as of Plan. solver: "tsit5", "dopri5", "bosh3", "heun", or a Tableau with
    `embedded`. reversed: backward, from data to
    noise: then sample with data=, or start= where it is a state on the way. Other parameters are fields of
    itp_adaptive_desc (<interp/adaptive.h>) by their names: rtol, atol (1e-5), max_evaluations (of a sample, 100000),
    first_step, min_step, max_step (in t of the sampling schedule), controller (three numbers), safety, shrink, grow,
    u_start, u_end. Never changes; threads may share one.
    """
    _sampler = lib.itp_sampler_new_adaptive

    def __init__(self, model: Model | None = None, schedule: Schedule | str | None = None, solver: str | names.Tableau = "tsit5",
                 controller: Sequence[float] | None = None, reversed: bool = False, **fields: float):
        unknown = set(fields) - set(_NUMBERS)
        if unknown:
            raise TypeError(f"Adaptive: unknown parameter {sorted(unknown)[0]!r}")
        self.model = Model() if model is None else given.instance("model", model, Model, "a Model")
        self.schedule = as_schedule(schedule)
        self._solver = names.solver(solver)
        self._desc = described(
            _structs.AdaptiveDesc, env=ENV, model=self.model._address,
            schedule=self.schedule._handle if self.schedule else None, solver=c.addressof(self._solver),
            reversed=given.flag("reversed", reversed),
            **{name: (given.whole if name == "max_evaluations" else given.number)(name, value)
               for name, value in fields.items() if value is not None})
        if controller is not None:
            numbers = given.reals("controller", controller)
            if len(numbers) != 3:
                raise ValueError(f"controller: three numbers are wanted, not {len(numbers)}")
            self._desc.controller = (c.c_double * 3)(*numbers)
        self._handle = c.addressof(self._desc)

    evaluations = None  #: as many as it takes

    def steps(self, shape: Any = None, **options: Any) -> "AdaptiveRun":
        """The stepwise form, as of `libinterp.Plan`: a `libinterp.AdaptiveRun`."""
        return AdaptiveRun(self, shape, **options)

    def sample(self, network: Callable[..., Any], shape: Any = None, *, times: Any = None, **options: Any) -> Any:
        """The samples, and, with `times` of the sampling schedule from the start to the end, also the states there:
        (x, states [len(times), count, ...], in the network's coordinates).

        network(x, t, ...): x [some, ...], t [some], a time for each: samples that are finished are not asked about. It
        returns its output, or takes `out`; what else it may name has a number for each sample too (`libinterp.Step`); a
        network of tensors gets t and u in the type of x. All options of `libinterp.sample`, for tensors float32 and float64 on the
        CPU. on_row is called when samples completed a step, with these alone.

        ToleranceError: the error asks for a step below the smallest one. `statistics` of what is raised has those of all
        samples.
        """
        return super().sample(network, shape, times=times, **options)

    def statistics(self, network: Callable[..., Any], shape: Any = None, **options: Any) -> list[Statistics]:
        """The same run, with the options of `steps`, for how many steps and evaluations each sample took."""
        run = self.steps(shape, **options)
        try:
            run_through(run, Network(network))
        except errors.Error as error:
            if not hasattr(error, "statistics"):
                raise
        return run.statistics()


class _Seen:
    """on_row, called by the library when samples completed a step."""

    def __init__(self, on_row: Callable[[Any, Any], Any], x: np.ndarray):
        self._on_row, self._shape, self._dtype = on_row, x.shape[1:], x.dtype
        self.callback = _structs.ROW_FN(self._call)

    def _array(self, address: int, count: int) -> np.ndarray:
        size = count * math.prod(self._shape) * self._dtype.itemsize
        return kept(np.frombuffer((c.c_ubyte * size).from_address(address), self._dtype).reshape(count, *self._shape))

    def _call(self, user: int | None, asked: Any, state: int, data: int | None) -> int:
        try:
            request = asked.contents
            step = Step(request, None, None, None, self._array(data, request.count) if data else None)
            show(self._on_row, self._array(state, request.count), step)
        except BaseException as error:  # noqa: BLE001 (it comes out of the submit)
            keep(error)
            return -1
        return 0


class AdaptiveRun(Run):
    """A run of an Adaptive: `libinterp.Run`, with its options, and requests of the samples that are under way alone.

    times: of the sampling schedule, from the start to the end, where `states` [len(times), count, ...] gets the states.
    on_row(state, step): called by submit when samples completed a step, with these alone: their states, and the times
    and data predictions (step.data()) of the evaluations that completed it.
    What is raised when samples failed has the `statistics` of all.
    """

    def __init__(self, method: Adaptive, shape: Any = None, *, times: Any = None,
                 on_row: Callable[[Any, Any], Any] | None = None, **options: Any):
        self._times = None if times is None else given.reals("times", times).copy()
        self._on_row, self._checks, self.states = on_row, False, None
        super().__init__(method, shape, **options)

    def _finite(self, wanted: bool | None) -> bool:
        self._checks = not wanted  # here, for what was not written: other NaN ask for a smaller step
        return bool(wanted)

    def _used(self, batch: Any) -> Any:
        if self._times is not None:
            self.states = np.full((self._times.size, *self.x.shape), np.nan, self.x.dtype)
        seen = None if self._on_row is None else _Seen(self._on_row, self.x)
        if seen is not None:
            batch.on_row, batch.row_data = pointer(seen.callback), 1
        return self._times, self.states, seen

    def _begin(self, begin: Any) -> None:
        if self.states is not None:
            check(lib.itp_adaptive_outputs(self._sampler, len(self._times), self._times.ctypes.data,
                                           self.states.ctypes.data))
        super()._begin(begin)

    def next(self) -> Step | None:
        before = self._step
        try:
            step = super().next()
        except errors.StateError:
            raise
        except errors.Error as error:
            error.statistics = self.statistics()
            raise
        if self._checks and step is not None and step is not before:
            for out in (step.out, step.out2):
                if out is not None:
                    unwrite(out)
        return step

    def submit(self) -> None:
        """As of Run."""
        if self._checks and self._step is not None:
            check_written(self._step)
        super().submit()

    def restore(self, saved: bytes) -> None:
        """As of Run; states at `times` that the run passed before are not in what was saved."""
        super().restore(saved)
        try:
            self.statistics()
        except errors.Error:
            raise errors.StateError(f"the state that was restored has other samples than the run: {len(self.x)}",
                                    -20) from None

    def statistics(self) -> list[Statistics]:
        """How each sample is doing."""
        found = (written(_structs.AdaptiveStatistics, lib.itp_adaptive_get_statistics, self._sampler, i)
                 for i in range(len(self.x)))
        return [Statistics(*(getattr(one, name) for name in Statistics._fields)) for one in found]

    def __len__(self) -> int:
        raise TypeError("an adaptive run makes as many evaluations as it takes")

    @property
    def result(self) -> Any:
        return self.x if self.states is None else (self.x, self.states)
