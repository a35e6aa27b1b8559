"""Fits: from a plan, a network and some dozens of seeds, a plan of as many evaluations that is nearer to the converged
samples.

itp_plan_fit calls the network back. A signal's exception (Ctrl-C) may be raised at the first instruction of a callback,
before any `try` of its body, and ctypes would print it and report success. So the callbacks are generators that wait
inside their `try`: the C side calls generator.send.
"""
from __future__ import annotations

import ctypes as c
import math
import types
from typing import Any, Callable, Generator, NamedTuple, Sequence

import numpy as np

from . import _structs, given, names
from ._library import LOG, check, described, keep, lib, pointer
from .arrays import kept, unwritten_like
from .model import Model
from .network import Network, check_written
from .plan import Plan
from .run import Step, seed_of, seeds_of, shape_of, type_of

_STOP = 1
_send = _structs.NETWORK_FN(types.GeneratorType.send)
_send_report = _structs.PROGRESS_FN(types.GeneratorType.send)
_FEATURE_FN = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_size_t, c.c_uint64, c.c_void_p)


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


def _report(found: Any) -> FitReport:
    return FitReport(*(getattr(found, name) for name in FitReport._fields))


def _served(answer: Callable[[Any], int]) -> Generator[int, Any, None]:
    """Answers requests until it is closed. What `answer` raises ends the fit."""
    def serve() -> Generator[int, Any, None]:
        status = 0
        while True:
            try:
                request = yield status
                status = answer(request.contents)
            except GeneratorExit:
                raise
            except BaseException as error:
                keep(error)
                status = _STOP

    generator = serve()
    next(generator)
    return generator


def _array(address: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """The library's memory, which lives no longer than the callback: for copying only."""
    held = (c.c_ubyte * (math.prod(shape) * dtype.itemsize)).from_address(address)
    return np.frombuffer(held, dtype).reshape(shape)


def _network_answer(network: Network, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Callable[[Any], int]:
    def answer(request: Any) -> int:
        of = (request.count, *shape[1:])
        places = [place for place in (request.out, request.out2) if place]
        x = kept(_array(request.x, of, dtype))
        outs = [unwritten_like(x) for _ in places]
        step = Step(request, x, outs[0], outs[1] if len(outs) > 1 else None)
        network(step)
        check_written(step)
        for place, out in zip(places, outs):
            np.copyto(_array(place, of, dtype), out)
        return 0

    return answer


def _feature_callback(features: Callable[..., Any], width: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    def call(user: int | None, x: int, count: int, first: int, out: int) -> int:
        try:
            found = np.asarray(features(_array(x, (count, *shape[1:]), dtype).copy()))
            np.copyto(_array(out, (count, width), dtype), found.reshape(count, width), casting="same_kind")
            return 0
        except BaseException as error:
            keep(error)
            return _STOP

    return _FEATURE_FN(call)


def _caller(network: Callable[..., Any], device: Any) -> Network:
    if device is None:
        return Network(network)
    from .torch_rows import OnDevice
    return OnDevice(network, device)


def _progress_answer(progress: Callable[[FitReport], Any] | None) -> Callable[[Any], int]:
    def answer(found: Any) -> int:
        return int(bool(progress(_report(found)))) if progress else 0

    return answer


def _starts(desc: Any, starts: Sequence[Plan], greedy: bool, race: int, finalists: int) -> None:
    handles = (c.c_void_p * len(starts))(*(start._handle.value for start in starts))
    desc.held = handles, list(starts)  # for as long as desc
    desc.starts, desc.start_count = c.addressof(handles) if starts else None, len(starts)
    desc.greedy, desc.race, desc.finalists = 0 if greedy else -1, race, finalists


def _of_samples(array: np.ndarray | None, shape: tuple[int, ...], dtype: np.dtype[Any], name: str) -> int | None:
    if array is None:
        return None
    if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous or not array.flags.writeable:
        raise ValueError(f"{name}: a contiguous array of shape {shape} and type {dtype} is wanted")
    return array.ctypes.data


def fit(plan: Plan, network: Callable[..., Any], shape: Any, *, held_out: int = 0, batch: int = 0,
        seed: int = 0, seeds: Any = None, first: int = 0, dtype: Any = np.float32, outputs: int = 0,
        fixed_nodes: bool = False, iterations: int = 0, ridge: float = 0.0, tolerance: float = 0.0,
        reference: Plan | None = None, reference_rows: int = 0, reference_solver: str | None = None,
        guidance: float = 1.0, guidance_interval: tuple[float, float] = (0.0, 1.0), gain: float = 0.0,
        starts: Sequence[Plan] = (), greedy: bool = True, race: int = 0, finalists: int = 0,
        ends: np.ndarray | None = None, ends_out: np.ndarray | None = None,
        features: Callable[[np.ndarray], Any] | None = None, feature_count: int = 0, name: str = "",
        progress: Callable[[FitReport], Any] | None = None, model: Model | None = None, device: Any = None) -> Plan:
    """A plan of as many evaluations as `plan`, nearer to the converged samples of `network`; see its `report`.

    network: as in `sample`; it sees copies, [<= batch, ...]. shape: [count, ...], count being
    the seeds in all (64 or more is sensible), of which held_out (0: a quarter) only choose. dtype: float32 or float64.
    starts: more plans to start from, of the same model, as many rows and the same end, or of fewer rows: they grow;
    greedy: greedy versions of all take part.
    finalists: how many starts go the whole way after the race (0: 1).
    ends [count, ...]: the end points to come near to, instead of those of a reference; ends_out: gets them.
    features(x [n, ...]) -> [n, feature_count]: fit these instead of the samples. progress(report) after each
    iteration: a true answer ends the fit with the best plan so far. device: the network is given tensors there.
    model: of a plan that was loaded. The rest is itp_fit_desc's (<interp/fit.h>).

    InvalidError: the plan has noise, or does not start from it; ToleranceError: no two refinements of the reference
    agree; NonFiniteError. What the network raises comes out as itself.
    """
    given.instance("plan", plan, Plan, "a Plan")
    given.function("network", network)
    shape, dtype = shape_of(shape), np.dtype(dtype)
    for called, hook in (("features", features), ("progress", progress)):
        if hook is not None:
            given.function(called, hook)
    if model is not None:
        given.instance("model", model, Model, "a Model")
    if reference is not None:
        given.instance("reference", reference, Plan, "a Plan")
    for start in starts:
        given.instance("starts", start, Plan, "a Plan")
    given.instance("name", name, str, "a string")
    model = model or plan.model
    if model is None:
        raise ValueError("fit: the plan was loaded, so its model= is wanted")
    seeds = seeds_of(seeds, shape[0])
    report = _structs.FitReport(size=c.sizeof(_structs.FitReport))
    answers = _served(_network_answer(_caller(network, device), shape, dtype))
    reports = _served(_progress_answer(progress))
    feature = _feature_callback(features, feature_count, shape, dtype) if features else None
    label = c.create_string_buffer(name.encode())
    desc = described(
        _structs.FitDesc, lib.itp_fit_desc_init, log=LOG, model=model._address, dim=math.prod(shape[1:]),
        count=shape[0], held_out=held_out, batch=batch, seed=seed_of(seed), first=first, type=type_of(dtype),
        outputs=outputs, seeds=seeds.ctypes.data if seeds is not None else None, fixed_nodes=fixed_nodes,
        iterations=iterations, ridge=ridge, tolerance=tolerance, reference=reference._handle if reference else None,
        reference_rows=reference_rows, guidance=guidance, guidance_low=guidance_interval[0],
        reference_solver=names.number_of("solver", reference_solver) if reference_solver else 0,
        guidance_high=guidance_interval[1], gain=gain, feature=pointer(feature), features=feature_count,
        progress=pointer(_send_report), progress_user=id(reports), name=c.addressof(label), report=c.addressof(report))
    _starts(desc, starts, greedy, race, finalists)
    desc.ends, desc.ends_out = (_of_samples(ends, shape, dtype, name) for ends, name in
                                ((ends, "ends"), (ends_out, "ends_out")))
    out = c.c_void_p()
    status = lib.itp_plan_fit(plan._handle, c.addressof(desc), pointer(_send), answers, c.byref(out))
    if answers.gi_frame is None or reports.gi_frame is None:
        keep(KeyboardInterrupt())  # between two of a generator's instructions, where no `try` could be
    try:
        check(status)
    except BaseException:
        lib.itp_plan_free(out)
        raise
    better = Plan._of(out, model)
    better.report = _report(report)
    return better
