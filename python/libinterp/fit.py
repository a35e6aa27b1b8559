"""Fits: from a plan, a network and some dozens of seeds, a plan of as many evaluations that is nearer to the converged
samples."""
from __future__ import annotations

import ctypes as c
import math
import types
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Sequence

import numpy as np

from . import _structs, given, names
from ._library import ENV, described, freed_with, keep, lib, pointer, put, written
from .model import Model
from .network import Network
from .rows import Numbers
from .run import seed_of, seeds_of, shape_of, type_of
from .stepwise import STOP, Asking, array_at, served

if TYPE_CHECKING:
    from .plan import Plan

# itp_fit_progress_fn, whose user pointer is a generator
_send_report = c.CFUNCTYPE(c.c_int, c.py_object, c.POINTER(_structs.FitReport))(types.GeneratorType.send)


class FitReport(NamedTuple):
    """How a fit went. Errors are root mean squares to the converged end point."""
    before: float
    before_held_out: float
    after: float
    after_held_out: float
    ridge: float
    reference_error: float
    evaluations: int
    reference_evaluations: int
    iterations: int
    parameters: int
    reference_rows: int
    #: which plan the best one comes from: 0: the one that came in, i: starts[i - 1]
    start: int
    #: 1: from its greedy version
    greedy: int
    #: how many took part in the race, greedy versions included
    starts: int
    race_evaluations: int
    #: on seeds that chose nothing: what to expect elsewhere
    before_test: float
    after_test: float
    #: where on the path the reference asks the network for the last time, if it must not be asked later; else 0
    u_last: float


def _report(found: Any) -> FitReport:
    return FitReport(*(getattr(found, name) for name in FitReport._fields))


def _feature_callback(features: Callable[..., Any], width: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    def call(user: int | None, x: int, count: int, first: int, out: int) -> int:
        try:
            found = np.asarray(features(array_at(x, (count, *shape[1:]), dtype).copy()))
            np.copyto(array_at(out, (count, width), dtype), found.reshape(count, width), casting="same_kind")
            return 0
        except BaseException as error:
            keep(error)
            return STOP

    return _structs.FEATURE_FN(call)


def _of_samples(array: np.ndarray | None, shape: tuple[int, ...], dtype: np.dtype[Any], name: str) -> int | None:
    if array is None:
        return None
    if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous or not array.flags.writeable:
        raise ValueError(f"{name}: a contiguous array of shape {shape} and type {dtype} is wanted")
    return array.ctypes.data


def _expert(shape: tuple[int, ...], dtype: np.dtype[Any], starts: Sequence[Numbers], gain: float | None, greedy: bool,
            race: int | None, ends: np.ndarray | None, ends_out: np.ndarray | None, reference: Numbers | None,
            reference_solver: str | None, **values: Any) -> Any:
    expert = _structs.FitExpert(size=c.sizeof(_structs.FitExpert))
    if gain is not None:
        put(expert, "gain", gain)
        expert.no_gain = expert.gain == 0
    if race is not None:
        put(expert, "race", race)
        expert.no_race = expert.race == 0
    expert.no_greedy = not greedy
    expert.reference = reference._handle if reference else None
    by = names.solver(reference_solver) if reference_solver else None
    expert.reference_solver, expert.solver = c.addressof(by) if by else None, by  # which must live as long
    expert.ends = _of_samples(ends, shape, dtype, "ends")
    expert.ends_out = _of_samples(ends_out, shape, dtype, "ends_out")
    for name, value in values.items():
        put(expert, name, value)
    return expert


class Fit(Asking):
    """A fit of `plan` under way, one evaluation of the network at a time: iterate over it, write `out` of each Step
    (and out2 where it has one); then plan() is the fitted plan. Made by Plan.fit_steps; Plan.fit is a loop on it. So
    the network may be anywhere, and any number of fits may be under way at once:

        fit = plan.fit_steps((256, 784), name="my network")
        for step in fit:
            step.out[...] = network(step.x, step.time)
        better = fit.plan()

    shape: [count, ...], count being the seeds in all (64 or more is sensible), of which held_out (0: a quarter) only
    choose. test: so many more choose nothing: the best plan is judged on them in the end (0: a quarter of count, or none
    where seeds, ends or ends_out are given, which have count + test entries). dtype: float32 or float64. batch: so many samples at a time at most (0: 64).
    guidance: a scale, or (lowest, highest): then the plan is for all scales between, one of which each seed has.
    starts: more plans to start from, of the same model, as many rows and the same end, or of fewer rows: they grow;
    greedy: greedy versions of all take part.
    gain: how much large coefficients count against a plan (None: .2; 0: not at all). race: steps of each start in a
    round (None: 2; 0: the start of least error goes on). finalists: how many starts go the whole way after the race.
    ends [count, ...]: the end points to come near to, instead of those of a reference; ends_out: gets them.
    features(x [n, ...]) -> [n, feature_count]: fit these instead of the samples. progress(report) after each
    iteration: a true answer ends the fit with the best plan so far. model: of a plan that was loaded. The rest is
    itp_fit_desc's and itp_fit_expert's (<interp/fit.h>).

    InvalidError: the plan has noise, or does not start from it; ToleranceError: no two refinements of the reference
    agree; NonFiniteError. Belongs to one thread at a time.
    """

    _what, _ask_next, _take_outputs = "fit", staticmethod(lib.itp_fit_next), staticmethod(lib.itp_fit_submit)

    def __init__(self, plan: Numbers, shape: Any, *, held_out: int = 0, test: int = 0, batch: int = 0, seed: int = 0,
                 seeds: Any = None, first: int = 0, dtype: Any = np.float32, outputs: int = 0, fixed_nodes: bool = False,
                 iterations: int = 0, ridge: float = 0.0, tolerance: float = 0.0, reference: Numbers | None = None,
                 reference_rows: int = 0, reference_solver: str | None = None, u_last: float = 0.0,
                 guidance: "float | tuple[float, float]" = 1.0,
                 guidance_interval: tuple[float, float] = (0.0, 1.0), gain: float | None = None,
                 starts: Sequence[Numbers] = (), greedy: bool = True, race: int | None = None, finalists: int = 0,
                 ends: np.ndarray | None = None, ends_out: np.ndarray | None = None,
                 features: Callable[[np.ndarray], Any] | None = None, feature_count: int = 0, name: str = "",
                 progress: Callable[[FitReport], Any] | None = None, model: Model | None = None):
        scales = guidance if isinstance(guidance, tuple) else (guidance, 0.0)
        self._model = self._checked(plan, features, progress, model, reference, starts, name)
        shape, dtype = shape_of(shape), np.dtype(dtype)
        self._kind: Any = type(plan)  # of the plan that comes out
        self._begin(shape, dtype, served(progress, _report) if progress else None)
        feature = _feature_callback(features, feature_count, shape, dtype) if features else None
        all_shape = (shape[0] + test, *shape[1:])
        seeds, label = seeds_of(seeds, all_shape[0]), c.create_string_buffer(name.encode())
        handles = (c.c_void_p * len(starts))(*(start._handle.value for start in starts))
        expert = _expert(all_shape, dtype, starts, gain, greedy, race, ends, ends_out, reference, reference_solver,
                         outputs=outputs, fixed_nodes=fixed_nodes, ridge=ridge, finalists=finalists, u_last=u_last)
        desc = described(
            _structs.FitDesc, env=ENV, model=self._model._address, dim=math.prod(shape[1:]),
            count=shape[0], held_out=held_out, test=test, batch=batch, seed=seed_of(seed), first=first, type=type_of(dtype),
            seeds=seeds.ctypes.data if seeds is not None else None, iterations=iterations, tolerance=tolerance,
            reference_rows=reference_rows, guidance=scales[0], guidance_most=scales[1], guidance_low=guidance_interval[0],
            guidance_high=guidance_interval[1], feature=pointer(feature), features=feature_count,
            progress=pointer(_send_report) if progress else None, progress_user=id(self._reports) if progress else None,
            starts=c.addressof(handles) if starts else None, start_count=len(starts), name=c.addressof(label),
            expert=c.addressof(expert))
        self._handle = c.c_void_p()
        self._check(lib.itp_fit_new(plan._handle, c.addressof(desc), c.byref(self._handle)))
        freed_with(self, lib.itp_fit_free, self._handle, plan, self._model, list(starts), reference, feature, ends_out,
                   self._reports)

    @staticmethod
    def _checked(plan: Any, features: Any, progress: Any, model: Any, reference: Any, starts: Any, name: Any) -> Model:
        given.instance("plan", plan, Numbers, "a Plan")
        for called, hook in (("features", features), ("progress", progress)):
            if hook is not None:
                given.function(called, hook)
        if model is not None:
            given.instance("model", model, Model, "a Model")
        if reference is not None:
            given.instance("reference", reference, Numbers, "a Plan")
        for start in starts:
            given.instance("starts", start, Numbers, "a Plan")
        given.instance("name", name, str, "a string")
        model = model or plan.model
        if model is None:
            raise ValueError("fit: the plan was loaded, so its model= is wanted")
        return model

    @property
    def report(self) -> FitReport:
        """How far it is."""
        return _report(written(_structs.FitReport, lib.itp_fit_get_report, self._handle))

    def plan(self) -> Plan:
        """The best plan so far, with the report as its `report`. StateError: none has been judged yet."""
        out = c.c_void_p()
        self._check(lib.itp_fit_plan(self._handle, c.byref(out)))
        better = self._kind._of(out, self._model)
        better.report = self.report
        return better

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a fit is not copied or pickled")


def _caller(network: Callable[..., Any], device: Any) -> Network:
    if device is None:
        return Network(network)
    from .torch_rows import OnDevice  # here, since torch may not be there
    return OnDevice(network, device)


def fit(plan: Numbers, network: Callable[..., Any], shape: Any, *, device: Any = None, **options: Any) -> Plan:
    """A plan of as many evaluations as `plan`, nearer to the converged samples of `network`; see its `report`.

    network: as in `sample`; it sees copies, [<= batch, ...]. device: it is given tensors there. The options are Fit's.
    What the network raises comes out as itself.
    """
    given.instance("plan", plan, Numbers, "a Plan")
    given.function("network", network)
    caller, under_way = _caller(network, device), Fit(plan, shape, **options)
    for step in under_way:
        caller(step)
    return under_way.plan()
