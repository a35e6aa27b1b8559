"""Schedules: how much noise (alpha) and how much data (beta) there is at a time t in [0, 1]."""
from __future__ import annotations

import ctypes as c
from typing import Any, Callable, NamedTuple, Sequence, Union

import numpy as np

from . import _structs, _values, errors, given, names
from ._library import ENV, check, created, described, freed_with, keep, lib, pointer, text_of, written
from .copies import Unchanging

Number = Union[float, np.ndarray]


class Point(NamedTuple):
    """Everything about a time t in [0, 1], or about an array of times: floats or arrays of the times' shape. alpha, beta:
    the weights of noise and data, with their derivatives by t; u = beta/(alpha + beta), the position on the path, 0 at
    the noise and 1 at the data; r = beta/alpha; W = alpha beta' - alpha' beta."""
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

    return _structs.SCHEDULE_INVERSE_FN(call)


def _mapped(fields: int, one: Callable[[float], Sequence[float]], t: Any) -> list[Number]:
    """`one` at every element of t: a list of `fields` floats or arrays."""
    times = np.asarray(t, float)
    found = np.array([one(float(time)) for time in times.ravel()]).reshape(-1, fields)
    if times.ndim == 0:
        return [float(value) for value in found[0]]
    return [np.ascontiguousarray(column).reshape(times.shape) for column in found.T]


#: what a text may say of a schedule
_PARAMETERS = set("clock k s beta_min beta_max sigma_max sigma_data alphas_cumprod alpha beta betas beta_start "
                  "beta_end count zero_snr snr_shift".split())


def _argument(name: str, value: Any) -> str:
    """A parameter as a text has it."""
    if name in ("clock", "betas"):
        return f'{name}="{given.instance(name, value, str, "a name")}"'
    if name in ("alphas_cumprod", "alpha", "beta"):
        return f"{name}={given.reals(name, value).tolist()}"
    if name in ("count", "zero_snr"):
        return f"{name}={given.whole(name, value)}"
    return f"{name}={given.number(name, value)!r}"


def _described(kind: str, parameters: dict[str, Any]) -> str:
    """The text of a schedule."""
    for name in sorted(set(parameters) - _PARAMETERS):
        raise TypeError(f"Schedule: unknown parameter {name!r}")
    arguments = ", ".join(_argument(name, value) for name, value in parameters.items())
    return kind if "(" in kind else f'"{kind}"({arguments})'


class Schedule(Unchanging):
    """A schedule I_t = alpha_t Z + beta_t X, Z noise, X data, t = 0 noise, t = 1 data.

    kind: a name of `libinterp.schedules()`. Parameters, where the kind has them: k, s, clock ("angle", "beta",
    "identity") of "lazy" and "point-mass"; beta_min, beta_max of "vp-sde"; sigma_max of "ve"; sigma_data of "edm";
    betas ("linear", "scaled-linear", "cosine", "sigmoid", "laplace", "exponential"), beta_start, beta_end, count of
    "ddpm"; for "table" alphas_cumprod [n] (DDPM's alpha bar) or alpha [n] and beta [n]; zero_snr, snr_shift of "ddpm" and
    of alphas_cumprod; for "user" values(t) -> (alpha, beta) or (alpha, beta, alpha', beta'), and inverse(r) -> t.

    Schedule("lazy(k=1)"), or "ddpm(scaled-linear, 0.00085, 0.012)", is the schedule of a text (<interp/text.h>).

    Never changes; any number of threads may share one. An exception raised in `values` or `inverse` comes out of the
    call that needed them. InvalidError (a ValueError): a parameter outside its range, beta/alpha does not increase.
    """

    def __init__(self, kind: str = "linear", *, clock: str = "default", alphas_cumprod: Any = None, alpha: Any = None,
                 beta: Any = None, values: Callable[[float], Values] | None = None,
                 inverse: Callable[[float], float] | None = None, **parameters: float):
        self.kind = given.instance("kind", kind, str, "a name")
        parameters = {"alphas_cumprod": alphas_cumprod, "alpha": alpha, "beta": beta, **parameters}
        parameters = {name: value for name, value in parameters.items() if value is not None}
        if clock != "default":
            parameters["clock"] = clock
        functions = {name: given.function(name, value)
                     for name, value in (("values", values), ("inverse", inverse)) if value is not None}
        if "(" in kind and (parameters or functions):
            raise TypeError("Schedule: a text describes all of it; other parameters are given in the text")
        if not functions or parameters:
            self._own(self._parsed(_described(kind, parameters)))
        if functions:
            desc = described(_structs.ScheduleDesc, env=ENV, kind=names.number_of("schedule", kind))
            callbacks = self._user(desc, values, inverse)
            self._own(created(lib.itp_schedule_new, c.addressof(desc)), callbacks)
        if "(" in kind:
            self.kind = text_of(lib.itp_schedule_print, self._handle)
        self._parameters = {name: value for name, value in parameters.items() if np.ndim(value) == 0}

    def _own(self, handle: c.c_void_p, callbacks: Any = None) -> None:
        self._handle = handle
        freed_with(self, lib.itp_schedule_free, handle, callbacks)

    @staticmethod
    def _parsed(text: str) -> c.c_void_p:
        why, handle = _structs.Error(size=c.sizeof(_structs.Error)), c.c_void_p()
        status = lib.itp_schedule_parse(text.encode(), c.addressof(why), c.addressof(handle))
        if status < 0:
            raise errors.of_status(status, why.text.decode())
        return handle

    @staticmethod
    def _user(desc: Any, values: Callable[[float], Values] | None,
              inverse: Callable[[float], float] | None) -> list[Any]:
        callbacks = []
        if values is not None:
            callbacks.append(_values_callback(values))
            desc.values = pointer(callbacks[-1])
            desc.user_parts = _values.USER_DERIVATIVES if len(tuple(values(0.5))) == 4 else 0
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
