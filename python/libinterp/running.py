"""The loop on Run: each evaluation of the network, and the hooks between them."""
from __future__ import annotations

import contextlib
from typing import Any, Callable, ContextManager

import numpy as np

from ._library import check, lib
from .arrays import array_of, check_shape, kept
from .network import CHANGES, refused
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
