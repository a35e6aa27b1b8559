"""Tensors: on the CPU over the library's own memory; on any device by running a plan's rows with torch operations."""
from __future__ import annotations

import contextlib
import math
from typing import Any, Callable, Iterator

import numpy as np
import torch

from . import _values, errors
from ._library import whole
from .arrays import array_of, check_shape, store
from .drawing import NoiseRequest
from .network import CHANGES, Network, changed, unwritten
from .noise import normals
from .rows import NORMAL, Numbers, Row, Term
from .run import Step, seed_of, seeds_of, shape_of
from .running import progress_bar, run_through, started

_NUMPY = {torch.float32: np.float32, torch.float64: np.float64}
_HALF = (torch.float16, torch.bfloat16)
#: Bits of the NaN that an output holds until it is written, by the bytes of an element.
_UNWRITTEN = {2: (torch.int16, 0x7fc9), 4: (torch.int32, 0x7fc92016), 8: (torch.int64, 0x7ff8000000092016)}


def _sums_in(dtype: torch.dtype) -> torch.dtype:
    """Sums of half types are held in float32 and rounded once."""
    return dtype if dtype in _NUMPY else torch.float32


class Normals:
    """The normals xi_m of a batch, from the library: sample i draws from (seed, first + i) or (seeds[i], 0)."""

    def __init__(self, seed: int, seeds: Any, first: int, shape: tuple[int, ...], device: torch.device,
                 dtype: torch.dtype):
        each = seeds_of(seeds, shape[0])
        first = whole("first", first)
        self._keys = [(seed_of(seed), (first + i) % 2**64) for i in range(shape[0])] if each is None else \
            [(int(s), 0) for s in each]
        self._shape, self._device, self._dtype = shape, device, dtype

    def sum(self, terms: list[Term]) -> torch.Tensor:
        """The terms' sum. It is made on the host, in float64, so that one array goes to the device."""
        total = np.zeros(self._shape)
        for row, (seed, sample) in zip(total, self._keys):
            for term in terms:
                xi = normals(seed, sample, term.index, row.shape or 1, dtype=np.float64)
                row += term.coef * xi.reshape(row.shape)
        return torch.from_numpy(total).to(dtype=self._dtype).to(self._device)


class TorchNormals:
    """The same from torch's generator: drawn in the order in which rows first ask for them, and kept while a later row
    will ask again."""

    def __init__(self, plan: Numbers, generator: Any, shape: tuple[int, ...], device: torch.device, dtype: torch.dtype):
        self._last: dict[int, int] = {}
        for i, terms in enumerate([plan.start_terms, *(row.terms for row in plan.rows)]):
            self._last.update({term.index: i for term in terms if term.column == NORMAL})
        self._kept: dict[int, torch.Tensor] = {}
        self._generator, self._shape, self._device, self._dtype = generator, shape, device, dtype
        self._asked = 0

    def _draw(self, m: int) -> torch.Tensor:
        where = self._generator.device if self._generator is not None else self._device
        return torch.randn(self._shape, generator=self._generator, device=where, dtype=self._dtype).to(self._device)

    def sum(self, terms: list[Term]) -> torch.Tensor:
        total = 0
        for term in terms:
            if term.index not in self._kept:
                self._kept[term.index] = self._draw(term.index)
            total = total + term.coef * self._kept[term.index]
        self._kept = {m: xi for m, xi in self._kept.items() if self._last.get(m, -1) > self._asked}
        self._asked += 1
        return total


class CallersNormals(TorchNormals):
    """The same from a callable, see NoiseRequest."""

    def __init__(self, plan: Numbers, noise: Callable[[NoiseRequest], Any], first: int, shape: tuple[int, ...],
                 device: torch.device, dtype: torch.dtype):
        super().__init__(plan, None, shape, device, dtype)
        self._noise, self._first, self._steps, self._draws = noise, whole("first", first), plan.steps_count, 0

    def sum(self, terms: list[Term]) -> torch.Tensor:
        return super().sum(sorted(terms, key=lambda term: term.index))

    def _draw(self, m: int) -> torch.Tensor:
        self._draws += m != 0
        request = NoiseRequest(self._shape, np.dtype(_NUMPY[self._dtype]), self._first, max(self._asked - 1, 0),
                               (m - 1) % self._steps if m else 0, self._draws if m else 0, m)
        drawn = array_of(self._noise(request), "noise: what it returned")
        check_shape(drawn.shape, self._shape, "noise: what it returned")
        return torch.from_numpy(np.array(drawn)).to(device=self._device, dtype=self._dtype)


def next_state(row: Row, slots: dict[int, torch.Tensor], noise: Callable[[list[Term]], torch.Tensor]) -> torch.Tensor:
    """Y_{i+1} of the columns in `slots`."""
    total = None
    for term in (term for term in row.terms if term.column != NORMAL):
        part = term.coef * slots[term.slot]
        total = part if total is None else total + part
    drawn = [term for term in row.terms if term.column == NORMAL]
    if drawn:
        total = noise(drawn) if total is None else total + noise(drawn)
    return torch.zeros_like(slots[row.x_slot]) if total is None else total


def run_row(row: Row, slots: dict[int, torch.Tensor], noise: Callable[[list[Term]], torch.Tensor]) -> torch.Tensor:
    """Runs a row whose state and output are in their slots. Nothing is changed in place."""
    state = next_state(row, slots, noise)
    if row.keep:
        slots[row.out_slot] = row.keep_state * slots[row.x_slot] + row.keep_output * slots[row.out_slot]
    slots[row.next_slot] = state
    return state


def version_of(x: torch.Tensor) -> int | None:
    """How often a tensor was changed in place; None where torch does not count (in inference mode)."""
    try:
        return x._version
    except RuntimeError:
        return None


@contextlib.contextmanager
def watched(x: torch.Tensor, whose: str) -> Iterator[torch.Tensor]:
    """Around a call that is given a tensor to read: it may not be changed. Where that cannot be noticed the call gets
    another one, so that nothing comes of it."""
    before = version_of(x)
    yield x.clone() if before is None else x
    if version_of(x) != before:
        raise changed(whose)


def tensor_over(array: np.ndarray) -> torch.Tensor:
    """A tensor over an array's memory. torch warns of arrays that cannot be written; `watched` does instead."""
    writeable = array.flags.writeable
    if not writeable:
        array.flags.writeable = True
    tensor = torch.from_numpy(array)
    array.flags.writeable = writeable
    return tensor


def _tensor_of(result: Any, like: torch.Tensor, what: str) -> torch.Tensor:
    """What was returned, as a tensor of its own, of the type, shape and device of another. Gradients pass."""
    if not isinstance(result, torch.Tensor):
        result = torch.from_numpy(array_of(result, what).astype(np.float64))
    if result.is_complex() or result.dtype is torch.bool:
        raise TypeError(f"{what} is of type {result.dtype}, which cannot be cast to a real number")
    check_shape(result.shape, like.shape, what)
    # A network may return the same memory each time: the solver's past outputs are its own.
    return result.to(device=like.device, dtype=like.dtype, copy=True)


def _nobody_wrote(like: torch.Tensor) -> torch.Tensor:
    kind, bits = _UNWRITTEN[like.element_size()]
    return torch.full(like.shape, bits, dtype=kind, device=like.device).view(like.dtype)


def _check_written(name: str, out: torch.Tensor | None, step: Any) -> None:
    if out is None:
        return
    kind, bits = _UNWRITTEN[out.element_size()]
    left = (out.detach().view(kind) == bits).flatten(1).any(1) if out.dim() > 1 else out.detach().view(kind) == bits
    if bool(left.any()):
        raise unwritten(name, step, int(left.to(torch.int8).argmax()))


class _TorchStep(Step):
    """A Step whose arrays are tensors."""
    __slots__ = ()

    def __init__(self, row: Row, i: int, rows: int, first: int, guidance: float, x: torch.Tensor):
        self.x, self.row, self.rows, self.first, self.guidance = x, i, rows, first, guidance
        self.time, self.u, self.data_state, self.data_output = row.time, row.u, row.data_state, row.data_output
        self.step, self.steps, self.ends_step = row.step, row.steps, row.ends_step
        self.out = self.out2 = self._index = self._data = None


class _TorchNetwork(Network):
    """Takes tensors as they come: gradients pass. Sums are made of outputs of the type `like` has."""

    def evaluate(self, step: Any, like: torch.Tensor) -> None:
        if self.writes:
            step.out = _nobody_wrote(step.x)
        if step.guidance != 1:
            step.out2 = _nobody_wrote(step.x)
        shown = step.x
        with watched(shown, CHANGES["network"]) as x:
            step.x = x
            result = self.asked(step)
        step.x = shown
        outputs = self.outputs(step, result)
        for name, output, what in outputs:
            setattr(step, name, _tensor_of(output, like, what))
        if not outputs:
            _check_written("out", step.out, step)
            _check_written("out2", step.out2, step)
            step.out, step.out2 = (None if out is None else out.to(like.dtype) for out in (step.out, step.out2))


class _Finite:
    """Looks for NaN and infinity in outputs: on the host at once; on a device, which would have to wait for it, when
    the run is over."""

    def __init__(self, wanted: bool, device: torch.device):
        capturing = device.type == "cuda" and torch.cuda.is_current_stream_capturing()
        self._wanted, self._at_once = wanted and not capturing, device.type == "cpu"
        self._found: list[tuple[str, int, torch.Tensor]] = []

    def note(self, step: Any) -> None:
        if not self._wanted:
            return
        for name, out in (("out", step.out), ("out2", step.out2)):
            # A sum that is finite is one of finite numbers; torch's isfinite takes ten times as long.
            if out is not None and not (self._at_once and math.isfinite(float(out.detach().sum()))):
                self._found.append((name, step.row, (0 * out.detach()).reshape(len(out), -1).sum(1)))
        if self._at_once:
            self.check()

    def check(self) -> None:
        found, self._found = self._found, []
        if found and bool(torch.isnan(torch.stack([sums for _, _, sums in found])).any()):
            name, row, sums = next(one for one in found if bool(torch.isnan(one[2]).any()))
            raise errors.NonFiniteError(f"{name}: the network returned a value that is not finite in row {row}, sample "
                                        f"{int(torch.isnan(sums).to(torch.int8).argmax())}.", _values.E_NONFINITE)


def _guided(step: Any) -> torch.Tensor:
    return step.out if step.out2 is None else step.out2 + step.guidance * (step.out - step.out2)


def _with_data_hook(step: Any, x: torch.Tensor, out: torch.Tensor,
                    on_data: Callable[[Any, Any], Any] | None) -> torch.Tensor:
    if on_data is None or step.data_output == 0:
        return out
    data = step.data_state * x + step.data_output * out
    result = on_data(data, step)
    if result is not None:
        data = _tensor_of(result, data, "on_data: what it returned")
    return (data - step.data_state * x) / step.data_output


class RowsRun:
    """The loop over a plan's rows, in torch operations on any device."""

    def __init__(self, plan: Numbers, x: torch.Tensor, draws: Any, first: int, guidance: float,
                 interval: tuple[float, float]):
        self.plan, self._draws, self._first = plan, draws, first
        self._guidance, self._interval, self._type = guidance, interval, x.dtype
        self._slots = {0: x.to(_sums_in(x.dtype))}

    def _scale(self, row: Row) -> float:
        low, high = self._interval
        return self._guidance if self._guidance not in (0, 1) and low <= row.u <= high else 1.0

    def step(self, i: int, network: _TorchNetwork, on_data: Any, on_row: Any, finite: _Finite) -> torch.Tensor:
        """Runs row i; the state after it."""
        row = self.plan.rows[i]
        x = self._slots[row.x_slot]
        step = _TorchStep(row, i, len(self.plan), self._first, self._scale(row), x.to(self._type, copy=True))
        network.evaluate(step, x)
        finite.note(step)
        self._slots[row.out_slot] = _with_data_hook(step, x, _guided(step), on_data)
        state = run_row(row, self._slots, self._draws.sum).to(self._type)
        if on_row is not None:
            with watched(state.clone(), CHANGES["on_row"]) as seen:
                on_row(seen, step)
        return state


def _start(plan: Numbers, shape: tuple[int, ...], start: Any, data: Any, draws: Any, device: torch.device,
           dtype: torch.dtype) -> torch.Tensor:
    if start is not None:
        return torch.as_tensor(start).to(device=device, dtype=dtype)
    plan.check_start(data is not None)
    terms = list(plan.start_terms) or [Term(NORMAL, 0, -1, plan.start_scale)]
    if data is None:
        return draws.sum(terms).to(dtype)
    held = torch.as_tensor(data).to(device=device, dtype=_sums_in(dtype))
    noise = draws.sum([Term(NORMAL, 0, -1, plan.start_scale)]) if plan.start_scale else 0
    return (plan.start_data * held + noise).to(dtype)


def _given(options: dict[str, Any]) -> Any:
    """The tensor or array that says shape, type and device where they are not named."""
    return next((options[name] for name in ("out", "start", "data") if options.get(name) is not None), None)


def _place(options: dict[str, Any], device: Any, dtype: Any) -> tuple[torch.device, torch.dtype]:
    given = _given(options)
    if device is None and isinstance(given, torch.Tensor):
        device = given.device
    if dtype is None:
        kept = isinstance(given, torch.Tensor) and given.dtype in (*_NUMPY, *_HALF)
        dtype = given.dtype if kept else torch.float32
    elif not isinstance(dtype, torch.dtype):
        dtype = {np.dtype(n): t for t, n in _NUMPY.items()}.get(np.dtype(dtype), dtype)
    if dtype not in (*_NUMPY, *_HALF):
        raise TypeError(f"dtype: {dtype}, but tensors are float32, float64, float16 or bfloat16")
    device = torch.device(device or "cpu")
    _check_out(options.get("out"), device, dtype)
    return device, dtype


def _check_out(out: Any, device: torch.device, dtype: torch.dtype) -> None:
    if isinstance(out, torch.Tensor) and (out.dtype != dtype or out.device.type != device.type):
        raise ValueError(f"out: type {dtype} on {device} is wanted, it has {out.dtype} on {out.device}")


def _by_rows(plan: Numbers, network: Callable[..., Any], shape: Any, on_data: Any, on_row: Any, progress: bool, noise: Any,
             device: torch.device, dtype: torch.dtype, generator: Any, *, seed: int = 0, seeds: Any = None,
             first: int = 0, start: Any = None, data: Any = None, out: Any = None, guidance: float = 1.0,
             guidance_interval: tuple[float, float] = (0.0, 1.0), check_finite: bool = True) -> torch.Tensor:
    given = next((x for x in (out, start, data) if x is not None), None)
    shape = shape_of(given.shape if shape is None else shape)
    sums = _sums_in(dtype)
    draws: Any
    if not isinstance(noise, str):
        if seed or seeds is not None:
            raise errors.InvalidError("seed, seeds: set, but the callable noise draws the normals; leave them out")
        draws = CallersNormals(plan, noise, first, shape, device, sums)
    elif noise == "torch":
        draws = TorchNormals(plan, generator, shape, device, sums)
    else:
        draws = Normals(seed, seeds, first, shape, device, sums)
    x = _start(plan, shape, start, data, draws, device, dtype)
    if x.shape != shape:
        raise ValueError(f"start, data: shape {shape} is wanted, not {tuple(x.shape)}")
    run, caller = RowsRun(plan, x, draws, first, guidance, guidance_interval), _TorchNetwork(network)
    finite = _Finite(check_finite, device)
    with progress_bar(progress, len(plan)) as count:
        for i in range(len(plan)):
            x = run.step(i, caller, on_data, on_row, finite)
            count()
        finite.check()
    if out is not None:
        with torch.no_grad():
            out.copy_(x)
        return out
    return x


def _shared(value: Any) -> Any:
    """The array over a tensor's memory; of types that the library does not run, and of other devices, a copy."""
    if not isinstance(value, torch.Tensor):
        return value
    shared = value.device.type == "cpu" and value.dtype in _NUMPY
    return value.detach().numpy() if shared else array_of(value, "start, data")


class _OverMemory(Network):
    """Hands tensors over the step's arrays to the network, without copies."""

    def __call__(self, step: Step) -> None:
        shown = step.over(tensor_over)
        if isinstance(shown.time, torch.Tensor):  # a time for each sample
            shown.time, shown.u = shown.time.to(shown.x.dtype), shown.u.to(shown.x.dtype)
        with torch.no_grad(), watched(shown.x, CHANGES["network"]) as x:
            shown.x = x
            result = self.asked(shown)
        self.keep(step, shown, result)


class OnDevice(Network):
    """A network of tensors on a device for steps of arrays."""

    def __init__(self, network: Callable[..., Any], device: Any):
        super().__init__(network)
        self._device = device

    def __call__(self, step: Step) -> None:
        shown = step.over(lambda array: torch.from_numpy(array.copy()).to(self._device))
        with torch.no_grad(), watched(shown.x, CHANGES["network"]) as x:
            shown.x = x
            result = self.asked(shown)
        for name, output, what in self.outputs(step, result):
            store(getattr(step, name), output, what)
        if result is None:
            for name in ("out", "out2"):
                if getattr(step, name) is not None:
                    store(getattr(step, name), getattr(shown, name), name)


def _hook_on_tensors(hook: Callable[[Any, Any], Any] | None, changes: str = "") -> Callable[[Any, Any], Any] | None:
    """A hook of tensors for a run of arrays; `changes` names one that only looks."""
    if hook is None:
        return None

    def call(array: np.ndarray, step: Step) -> Any:
        seen = step.over(tensor_over)
        if not changes:
            return hook(tensor_over(array), seen)
        with watched(tensor_over(array), changes) as x:
            return hook(x, seen)

    return call


def sample(plan: Numbers, network: Callable[..., Any], shape: Any, *, on_data: Any, on_row: Any, progress: bool,
           noise: Any, engine: str | None, device: Any, generator: Any, dtype: Any = None, kernel: str = "auto",
           **options: Any) -> torch.Tensor:
    """`libinterp.sample` for tensors; see there."""
    named = noise if isinstance(noise, str) else "a callable"
    if (named not in ("interp", "torch") and not callable(noise)) or engine not in (None, "c", "torch"):
        raise errors.InvalidError('noise should be "interp", "torch" or a callable, engine None, "c" or "torch"')
    if generator is not None and named != "torch":
        raise errors.InvalidError('generator: only noise="torch" draws from it')
    device, dtype = _place(options, device, dtype)
    if not isinstance(plan, Numbers):
        if device.type != "cpu" or dtype not in _NUMPY or engine == "torch" or named == "torch":
            raise errors.InvalidError("covariance plans and adaptive runs take float32 and float64 on the CPU, and are run "
                                      "by the library", _values.E_UNSUPPORTED)
    shareable = device.type == "cpu" and dtype in _NUMPY and named != "torch"
    if engine == "c" and not shareable:
        raise errors.InvalidError('engine="c" runs float32 and float64 on the CPU, without noise="torch"')
    if engine == "torch" or not shareable:
        return _by_rows(plan, network, shape, on_data, on_row, progress, noise, device, dtype, generator, **options)
    arrays = {name: _shared(value) for name, value in options.items()}
    arrays.update(dtype=_NUMPY[dtype], kernel=kernel, noise=None if isinstance(noise, str) else noise)
    run, on_row = started(plan, shape, _hook_on_tensors(on_row, CHANGES["on_row"]), arrays)
    run_through(run, _OverMemory(network), _hook_on_tensors(on_data), on_row, progress)
    x = options["out"] if options.get("out") is not None else torch.from_numpy(run.x)
    return x if run.result is run.x else (x, torch.from_numpy(run.result[1]))
