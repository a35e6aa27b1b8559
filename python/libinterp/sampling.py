"""Everything in one call: the loop on Run."""
from __future__ import annotations

import contextlib
from typing import Any, Callable, ContextManager

import numpy as np

from . import errors
from ._library import check, lib
from .arrays import array_of, check_shape, kept
from .network import CHANGES, Network, refused
from .run import TYPES, Run, Step


def _silent(n: int = 1) -> None:
    return None


def progress_bar(wanted: bool, rows: int | None) -> ContextManager[Callable[[], Any]]:
    """A context with a function that counts a row: tqdm's where it is wanted and there."""
    if wanted:
        with contextlib.suppress(ImportError):
            from tqdm.auto import tqdm

            @contextlib.contextmanager
            def bar() -> Any:
                with tqdm(total=rows, unit="eval") as shown:
                    yield shown.update
            return bar()
    return contextlib.nullcontext(_silent)


def _is_torch(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch"


def _guide(step: Step) -> None:
    """Combines both outputs in `out`, with the library's own kernel; submit then finds two that are equal."""
    if step.out2 is None:
        return
    scales = np.atleast_1d(step.guidance)
    for out, out2, scale in zip(np.split(step.out, len(scales)), np.split(step.out2, len(scales)), scales):
        if scale != 1:  # otherwise a sample of an adaptive run that needs no second output
            check(lib.itp_guide(TYPES[out.dtype], out.ctypes.data, out2.ctypes.data, scale, out.ctypes.data, out.size))
    np.copyto(step.out2, step.out)


def change_data(step: Step, state: np.ndarray, on_data: Callable[[Any, Any], Any]) -> None:
    """Hands the data prediction to a hook, and makes `out` the output that would have said what it left. Of an adaptive
    run: of the samples from whose data prediction there is a way back."""
    back = np.asarray(step.data_output) != 0
    if back.all():
        _change_all(step, state, on_data)
    elif back.any():
        part = step.part(back)
        _change_all(part, state[back], on_data)
        step.out[back] = part.out
        if step.out2 is not None:
            step.out2[back] = part.out2


def _change_all(step: Step, state: np.ndarray, on_data: Callable[[Any, Any], Any]) -> None:
    _guide(step)
    of_output = step.spread(step.data_output, np.float64)
    shift = step.spread(step.data_state, np.float64) * state.astype(np.float64)
    data = (shift + of_output * step.out.astype(np.float64)).astype(state.dtype)
    result = on_data(data, step)
    data = data if result is None else array_of(result, "on_data: what it returned")
    check_shape(data.shape, step.out.shape, "on_data: what it returned")
    np.copyto(step.out, (data - shift) / of_output, casting="same_kind")
    if step.out2 is not None:
        np.copyto(step.out2, step.out)


def show(on_row: Callable[[Any, Any], Any], state: np.ndarray, step: Step) -> None:
    try:
        on_row(state, step)
    except ValueError as error:
        found = refused(CHANGES["on_row"], error)
        if found is error:
            raise
        raise found from error


def run_through(run: Run, evaluate: Callable[[Step], None], on_data: Callable[[Any, Any], Any] | None = None,
                on_row: Callable[[Any, Any], Any] | None = None, progress: bool = False) -> None:
    """The loop. Whatever `evaluate` or a hook raises ends it and comes out as itself, KeyboardInterrupt too: no C frame
    lies between (but for on_row of an AdaptiveRun). What on_row is given are copies."""
    with progress_bar(progress, run.plan.evaluations) as count:
        step = run.next()
        while step is not None:
            evaluate(step)
            if on_data is not None:
                change_data(step, run.state, on_data)
            seen = step.over(kept) if on_row is not None else None  # the row writes over the outputs
            run.submit()
            count()
            after = run.next()
            if on_row is not None:
                show(on_row, kept(run.x) if after is None else after.x, seen)
            step = after


def started(plan: Any, shape: Any, on_row: Any, options: dict[str, Any]) -> tuple[Run, Any]:
    """A run of any kind of plan, and the on_row that is left to be called by `run_through`: samples of an adaptive run
    complete their steps when they do, which the library says."""
    if plan.evaluations is None:
        return plan.steps(shape, on_row=on_row, **options), None
    return plan.steps(shape, **options), on_row


def sample(plan: Any, network: Callable[..., Any], shape: Any = None, *,
           on_data: Callable[[Any, Any], Any] | None = None, on_row: Callable[[Any, Any], Any] | None = None,
           progress: bool = False, noise: Any = "interp", engine: str | None = None, device: Any = None,
           generator: Any = None, **options: Any) -> Any:
    """Runs `plan`, a Plan, a CovariancePlan or an Adaptive, with `network` and returns the samples, [count, ...].

    network(x, t, ...): x [count, ...], t a float (of an Adaptive an array, a number for each sample), what the network is
    given as its time. It returns its output, an array of x's shape (float16 and bfloat16 tensors are widened), or writes
    all of `out` and returns None. After x and t it may name any of: out, request (a `libinterp.Step`), u, row, rows,
    first, index (number of each sample, [count]: for class labels), and, for guidance, out2 and guidance; with guidance
    it returns (conditional, unconditional). An exception raised in it stops the run and comes out as itself,
    KeyboardInterrupt too.

    shape: [count, ...]. dtype, seed, seeds, first, start, data, out, guidance, guidance_interval, check_finite, kernel:
    see `libinterp.Run`. out and out= are the library's own arrays, without copies.
    on_data(data, step) sees each data prediction before the solver does, and may change it or return another.
    on_row(state, step) sees the state after each row. progress: a bar, where tqdm is there.
    The network's x and what on_row sees are copies, which may be kept and stay what they are. They are not to be
    changed: InvalidError says so where it is tried (arrays cannot be written, of tensors it is noticed).

    Tensors: with a torch dtype, a device, or tensors in start, data or out, the network is given tensors and a tensor
    is returned. Float32 and float64 on the CPU share the library's memory; other types and devices, and engine="torch",
    run the plan's rows with torch operations (and gradients pass). noise="torch" draws all normals from torch's
    `generator` instead of the library's (seed, sample, index); see docs/python.md.

    noise: normals of the caller's, of arrays and tensors: a TorchNoise(seed), or noise(request) -> array of
    request.shape (NoiseRequest), asked once for the start and once or twice for each step; see docs/noise.md.
    """
    tensors = [options.get(name) for name in ("start", "data", "out", "dtype")]
    by_torch = engine == "torch" or (isinstance(noise, str) and noise == "torch")
    asked = by_torch or device is not None or generator is not None
    if asked or any(map(_is_torch, tensors)):
        from . import torch_rows
        return torch_rows.sample(plan, network, shape, on_data=on_data, on_row=on_row, progress=progress, noise=noise,
                                 engine=engine, device=device, generator=generator, **options)
    if (isinstance(noise, str) and noise != "interp") or engine not in (None, "c"):
        raise errors.InvalidError('noise should be "interp", "torch" or a callable, engine None, "c" or "torch"')
    options["noise"] = None if isinstance(noise, str) else noise
    run, on_row = started(plan, shape, on_row, options)
    run_through(run, Network(network), on_data, on_row, progress)
    return run.result
