"""What a network is: the schedule of its input, what it returns, and how it wants the time named."""
from __future__ import annotations

import ctypes as c
from typing import Any, Callable

from . import _structs, _values, errors, given, names
from ._library import check, described, keep, lib, pointer
from .copies import Unchanging
from .schedule import Point, Schedule, as_schedule

_FIELDS = [name for name, _ in _structs.SchedulePoint._fields_[1:]]


def _point(at: Any) -> Point:
    return Point(*(getattr(at.contents, name) for name in _FIELDS))


def _affine_callback(affine: Callable[[Point], tuple[float, float]]) -> Any:
    def call(user: int | None, at: Any, a: Any, b: Any) -> int:
        try:
            a[0], b[0] = map(float, affine(_point(at)))
            return 0
        except BaseException as error:
            keep(error)
            return -1

    return _structs.AFFINE_FN(call)


def _time_callback(time: Callable[[Point], float]) -> Any:
    def call(user: int | None, at: Any, out: Any) -> int:
        try:
            out[0] = float(time(_point(at)))
            return 0
        except BaseException as error:
            keep(error)
            return -1

    return _structs.TIME_FN(call)


class Model(Unchanging):
    """schedule: of the network's INPUT, a Schedule or a name. prediction: what it returns, a name of
    `libinterp.predictions()`, or a function of a `Point` that returns (a, b) with data = a x + b F. time: what it is
    given as its time, a name of `libinterp.times()`, or a function of a `Point`. sigma_data: the data's deviation in "edm"
    (0.5). Never changes; threads may share one. InvalidError (a ValueError): unknown names, a setting that nothing reads.
    What the functions raise comes out of the call that needed them.

    Examples: a flow network (SD3, FLUX): Model("linear", "negative-velocity", "1000(1-t)"). A DDPM network:
    Model(Schedule("table", alphas_cumprod=a), "noise", "index").
    """

    def __init__(self, schedule: Schedule | str = "linear",
                 prediction: str | Callable[[Point], tuple[float, float]] = "velocity",
                 time: str | Callable[[Point], float] = "t", sigma_data: float | None = None):
        if sigma_data is not None and prediction != "edm":
            raise errors.InvalidError(f"sigma_data: {sigma_data!r}, but prediction {prediction!r} does not read it (edm "
                                      "does)", _values.E_UNSUPPORTED)
        sigma_data = None if sigma_data is None else given.number("sigma_data", sigma_data)
        if schedule is None:
            raise given.wrong("schedule", "a Schedule or a name", schedule)
        self.schedule, self.prediction, self.time = as_schedule(schedule), prediction, time
        self._affine = _affine_callback(prediction) if callable(prediction) else None
        self._time = _time_callback(time) if callable(time) else None
        self._desc = described(
            _structs.Model, schedule=self.schedule._handle, **({} if sigma_data is None else {"sigma_data": sigma_data}),
            prediction=names.number_of("prediction", "affine" if callable(prediction) else prediction),
            time=names.number_of("time", "user" if callable(time) else time),
            affine=pointer(self._affine), time_fn=pointer(self._time))

    def __repr__(self) -> str:
        return f"Model({self.schedule!r}, {self.prediction!r}, {self.time!r})"

    @property
    def _address(self) -> int:
        return c.addressof(self._desc)

    def time_at(self, t: float) -> float:
        """The number that the network is given at the time t of its schedule."""
        out = c.c_double()
        check(lib.itp_model_time(self._address, t, c.byref(out)))
        return out.value

    def scalars(self, t: float, to: str) -> tuple[float, float]:
        """(a, b) of G = a x + b F, where F is what the network returns at t and G the prediction `to`. InvalidError
        where one of them has no finite limit."""
        a, b = c.c_double(), c.c_double()
        check(lib.itp_prediction_scalars(self._address, t, names.number_of("prediction", to), c.byref(a), c.byref(b)))
        return a.value, b.value
