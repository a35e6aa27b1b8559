"""Schedules: how much noise (alpha) and how much data (beta) there is at a time t in [0, 1]."""
from __future__ import annotations

import ctypes as c
from typing import Any, Callable, NamedTuple, Sequence, Union

import numpy as np

from . import _structs, errors, given, names
from ._library import ENV, check, created, described, freed_with, keep, lib, pointer, text_of, written
from .copies import Unchanging

Number = Union[float, np.ndarray]


class Point(NamedTuple):
    """Everything about a time, or about an array of times: floats or arrays of the times' shape."""
    t: Number
    alpha: Number
    beta: Number
    dalpha: Number
    dbeta: Number
    u: Number
    r: Number
    #: log r (`lambda` in C)
    log_r: Number
    W: Number
    #: alpha W/beta, the optimal diffusion; the SDE of diffusion eps has noise sqrt(2 eps) dW
    eps_star: Number


class Conversion(NamedTuple):
    """X~_t = c X_tau and eps~ = eps * eps(tau), with derivatives by t."""
    tau: Number
    c: Number
    dtau: Number
    dc: Number
    eps: Number


Values = Union[tuple[float, float], tuple[float, float, float, float]]


def _values_callback(values: Callable[[float], Values]) -> Any:
    def call(user: int | None, t: float, out: Any) -> int:
        try:
            found = [float(value) for value in values(t)]
            if len(found) not in (2, 4):
                raise ValueError("values(t) should return (alpha, beta) or (alpha, beta, alpha', beta')")
            for name, value in zip(("alpha", "beta", "dalpha", "dbeta"), found):
                setattr(out.contents, name, value)
            return 0
        except BaseException as error:
            keep(error)
            return -1

    return _structs.SCHEDULE_FN(call)


def _inverse_callback(inverse: Callable[[float], float]) -> Any:
    def call(user: int | None, r: float, t: Any) -> int:
        try:
            t[0] = float(inverse(r))
            return 0
        except BaseException as error:
            keep(error)
            return -1

    return _structs.INVERSE_FN(call)


def _mapped(fields: int, one: Callable[[float], Sequence[float]], t: Any) -> list[Number]:
    """`one` at every element of t: a list of `fields` floats or arrays."""
    times = np.asarray(t, float)
    found = np.array([one(float(time)) for time in times.ravel()]).reshape(-1, fields)
    if times.ndim == 0:
        return [float(value) for value in found[0]]
    return [np.ascontiguousarray(column).reshape(times.shape) for column in found.T]


#: which kinds read a parameter
_READ_BY = {"k": ("lazy", "point-mass"), "s": ("lazy", "point-mass"), "clock": ("lazy", "point-mass"),
            "beta_min": ("vp-sde",), "beta_max": ("vp-sde",), "sigma_max": ("ve",), "sigma_data": ("edm",),
            "alphas_cumprod": ("table",), "alpha": ("table",), "beta": ("table",), "values": ("user",),
            "inverse": ("user",)}
_NUMBERS = ("k", "s", "beta_min", "beta_max", "sigma_max", "sigma_data")


def _known(parameters: dict[str, Any]) -> list[tuple[str, Any]]:
    for name in sorted(set(parameters) - set(_NUMBERS)):
        raise TypeError(f"Schedule: unknown parameter {name!r}")
    return list(parameters.items())


def _read(kind: str, parameters: list[str]) -> None:
    """The library finds what is not a default and not read; here, what was given is."""
    for name in parameters:
        if kind not in _READ_BY[name]:
            raise errors.InvalidError(f"{name}: given, but schedule {kind!r} does not read it "
                                      f"({' and '.join(_READ_BY[name])} do)", -4)


class Schedule(Unchanging):
    """A schedule I_t = alpha_t Z + beta_t X, Z noise, X data, t = 0 noise, t = 1 data.

    kind: a name of `libinterp.schedules()`. Parameters, where the kind has them: k, s, clock ("angle", "beta",
    "identity") of "lazy" and "point-mass"; beta_min, beta_max of "vp-sde"; sigma_max of "ve"; sigma_data of "edm";
    for "table" alphas_cumprod [n] (DDPM's alpha bar) or alpha [n] and beta [n]; for "user" values(t) -> (alpha, beta)
    or (alpha, beta, alpha', beta'), and inverse(r) -> t.

    Schedule("lazy(k=1)"), or "ddpm(scaled-linear, 0.00085, 0.012)", is the schedule of a text (<interp/text.h>).

    Never changes; any number of threads may share one. An exception raised in `values` or `inverse` comes out of the
    call that needed them. InvalidError (a ValueError): a parameter outside its range, beta/alpha does not increase.
    """

    def __init__(self, kind: str = "linear", *, clock: str = "default", alphas_cumprod: Any = None, alpha: Any = None,
                 beta: Any = None, values: Callable[[float], Values] | None = None,
                 inverse: Callable[[float], float] | None = None, **parameters: float):
        self.kind = kind
        if "(" in given.instance("kind", kind, str, "a name"):
            self._of_text(kind, [clock != "default", alphas_cumprod, alpha, beta, values, inverse, *parameters.values()])
            return
        number = names.number_of("schedule", kind)
        parameters = {name: given.number(name, value) for name, value in _known(parameters) if value is not None}
        tables = {name: given.reals(name, table)
                  for name, table in (("alphas_cumprod", alphas_cumprod), ("alpha", alpha), ("beta", beta))
                  if table is not None}
        functions = {name: given.function(name, value)
                     for name, value in (("values", values), ("inverse", inverse)) if value is not None}
        _read(kind, [*parameters, *tables, *functions] + ["clock"] * (clock != "default"))
        lengths = {table.size for table in tables.values()}
        if len(lengths) > 1:
            raise ValueError("Schedule: alpha and beta should have one length")
        desc = described(_structs.ScheduleDesc, env=ENV,
                         kind=number, clock=names.number_of("clock", clock),
                         **parameters,
                         **{name: table.ctypes.data for name, table in tables.items()},
                         count=lengths.pop() if lengths else 0)
        callbacks = self._user(desc, values, inverse)
        self._parameters = {**parameters, **({} if clock == "default" else {"clock": clock})}
        self._handle = created(lib.itp_schedule_new, c.addressof(desc))
        freed_with(self, lib.itp_schedule_free, self._handle, callbacks)

    def _of_text(self, text: str, others: list[Any]) -> None:
        if any(other is not None and other is not False for other in others):
            raise TypeError("Schedule: a text describes all of it; other parameters are given in the text")
        why = _structs.Error(size=c.sizeof(_structs.Error))
        handle = c.c_void_p()
        status = lib.itp_schedule_parse(text.encode(), c.addressof(why), c.addressof(handle))
        if status < 0:
            raise errors.of_status(status, why.text.decode())
        self._handle, self._parameters = handle, {}
        self.kind = text_of(lib.itp_schedule_print, handle)
        freed_with(self, lib.itp_schedule_free, handle)

    @staticmethod
    def _user(desc: Any, values: Callable[[float], Values] | None,
              inverse: Callable[[float], float] | None) -> list[Any]:
        callbacks = []
        if values is not None:
            callbacks.append(_values_callback(values))
            desc.values = pointer(callbacks[-1])
            desc.user_parts = len(tuple(values(0.5))) == 4  # ITP_USER_DERIVATIVES is 1
        if inverse is not None:
            callbacks.append(_inverse_callback(inverse))
            desc.inverse = pointer(callbacks[-1])
        return callbacks

    def __repr__(self) -> str:
        return f"Schedule({', '.join([repr(self.kind)] + [f'{k}={v!r}' for k, v in self._parameters.items()])})"

    def eval(self, t: Any) -> Point:
        """Everything about the time t, a number or an array of numbers in [0, 1]. Infinite where it is infinite."""
        def one(time: float) -> list[float]:
            found = written(_structs.SchedulePoint, lib.itp_schedule_eval, self._handle, time)
            return [getattr(found, name) for name, _ in _structs.SchedulePoint._fields_[1:]]

        return Point(*_mapped(len(Point._fields), one, t))

    def _scalar(self, function: Callable[..., int], x: Any) -> Number:
        def one(value: float) -> list[float]:
            out = c.c_double()
            check(function(self._handle, value, c.byref(out)))
            return [out.value]

        return _mapped(1, one, x)[0]

    def time_of_r(self, r: Any) -> Number:
        """The time at which beta/alpha = r, r in [0, inf]."""
        return self._scalar(lib.itp_schedule_time_of_r, r)

    def time_of_u(self, u: Any) -> Number:
        """The time at which beta/(alpha + beta) = u, u in [0, 1]."""
        return self._scalar(lib.itp_schedule_time_of_u, u)

    def variance(self, t0: float, t1: float) -> float:
        """The variance that the optimal SDE adds from t0 to t1."""
        out = c.c_double()
        check(lib.itp_schedule_variance(self._handle, t0, t1, c.byref(out)))
        return out.value

    def convert(self, to: "Schedule", t: Any) -> Conversion:
        """How a process under this schedule becomes one under `to`, at the time t (or times) of `to`."""
        def one(time: float) -> list[float]:
            found = written(_structs.Conversion, lib.itp_schedule_convert, self._handle, to._handle, time)
            return [getattr(found, name) for name, _ in _structs.Conversion._fields_[1:]]

        return Conversion(*_mapped(len(Conversion._fields), one, t))


def as_schedule(of: "Schedule | str | None", name: str = "schedule") -> "Schedule | None":
    """A schedule, or the one of a name with every default."""
    if of is None or isinstance(of, Schedule):
        return of
    return Schedule(given.instance(name, of, str, "a Schedule or a name"))
