"""Tensors: on the CPU over the library's own memory; on any device by running a plan's rows with torch operations."""
from __future__ import annotations

from typing import Any, Callable, Iterator

import numpy as np
import torch

from . import errors
from .network import Network
from .noise import normals
from .plan import NORMAL, Plan, Row, Term
from .run import Run, Step, seeds_of, shape_of
from .sampling import progress_bar, run_through

_NUMPY = {torch.float32: np.float32, torch.float64: np.float64}


def _sums_in(dtype: torch.dtype) -> torch.dtype:
    """Sums of half types are held in float32 and rounded once."""
    return dtype if dtype in _NUMPY else torch.float32


class Normals:
    """The normals xi_m of a batch, from the library: sample i draws from (seed, first + i) or (seeds[i], 0)."""

    def __init__(self, seed: int, seeds: Any, first: int, shape: tuple[int, ...], device: torch.device,
                 dtype: torch.dtype):
        each = seeds_of(seeds, shape[0])
        self._keys = [(seed, first + i) for i in range(shape[0])] if each is None else [(int(s), 0) for s in each]
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

    def __init__(self, plan: Plan, generator: Any, shape: tuple[int, ...], device: torch.device, dtype: torch.dtype):
        self._last: dict[int, int] = {}
        for i, terms in enumerate([plan.start_terms, *(row.terms for row in plan.rows)]):
            self._last.update({term.index: i for term in terms if term.column == NORMAL})
        self._kept: dict[int, torch.Tensor] = {}
        self._generator, self._shape, self._device, self._dtype = generator, shape, device, dtype
        self._asked = 0

    def _draw(self) -> torch.Tensor:
        where = self._generator.device if self._generator is not None else self._device
        return torch.randn(self._shape, generator=self._generator, device=where, dtype=self._dtype).to(self._device)

    def sum(self, terms: list[Term]) -> torch.Tensor:
        total = 0
        for term in terms:
            if term.index not in self._kept:
                self._kept[term.index] = self._draw()
            total = total + term.coef * self._kept[term.index]
        self._kept = {m: xi for m, xi in self._kept.items() if self._last.get(m, -1) > self._asked}
        self._asked += 1
        return total


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


class _TorchStep(Step):
    """A Step whose arrays are tensors; `out` is made when the network asks for it."""
    __slots__ = ("_outs",)

    def __init__(self, row: Row, i: int, rows: int, first: int, guidance: float, x: torch.Tensor):
        self.x, self.row, self.rows, self.first, self.guidance = x, i, rows, first, guidance
        self.time, self.u, self.data_state, self.data_output = row.time, row.u, row.data_state, row.data_output
        self._outs: dict[str, torch.Tensor] = {}

    def data(self) -> torch.Tensor | None:
        if self.data_state == 0 and self.data_output == 0:
            return None
        out = self.out if self.out2 is None else self.out2 + self.guidance * (self.out - self.out2)
        return self.data_state * self.x + self.data_output * out


class _TorchNetwork(Network):
    """Takes tensors as they come: an output that is returned is used itself, so that gradients pass."""

    def __call__(self, step: Any) -> None:
        step.out = torch.empty_like(step.x) if {"out", "request"} & set(self._names) else None
        step.out2 = torch.empty_like(step.x) if step.guidance != 1 else None
        asked = {name: step if name == "request" else getattr(step, name) for name in self._names}
        result = self._network(step.x, step.time, **asked)
        if result is None and step.out is None:
            raise TypeError("the network returned None: it should return its output, or take `out` and write that")
        if result is None:
            return
        if step.out2 is not None:
            if not isinstance(result, (tuple, list)) or len(result) != 2:
                raise TypeError("with guidance the network should return (conditional, unconditional)")
            step.out, step.out2 = result
        else:
            step.out = result[0] if isinstance(result, tuple) else result
        for out in (step.out, step.out2):
            if out is not None and out.shape != step.x.shape:
                raise ValueError(f"the network's output has shape {tuple(out.shape)}, {tuple(step.x.shape)} is wanted")


def _guided(step: Any) -> torch.Tensor:
    return step.out if step.out2 is None else step.out2 + step.guidance * (step.out - step.out2)


def _with_data_hook(step: Any, out: torch.Tensor, on_data: Callable[[Any, Any], Any] | None) -> torch.Tensor:
    if on_data is None or step.data_output == 0:
        return out
    data = step.data_state * step.x + step.data_output * out
    result = on_data(data, step)
    return ((data if result is None else result) - step.data_state * step.x) / step.data_output


class RowsRun:
    """The loop over a plan's rows, in torch operations on any device."""

    def __init__(self, plan: Plan, x: torch.Tensor, draws: Any, first: int, guidance: float,
                 interval: tuple[float, float]):
        self.plan, self._draws, self._first = plan, draws, first
        self._guidance, self._interval, self._type = guidance, interval, x.dtype
        self._slots = {0: x.to(_sums_in(x.dtype))}

    def _scale(self, row: Row) -> float:
        low, high = self._interval
        return self._guidance if self._guidance not in (0, 1) and low <= row.u <= high else 1.0

    def steps(self, network: Network, on_data: Any, on_row: Any) -> Iterator[torch.Tensor]:
        for i, row in enumerate(self.plan.rows):
            x = self._slots[row.x_slot]
            step = _TorchStep(row, i, len(self.plan), self._first, self._scale(row), x.to(self._type))
            network(step)
            out = _with_data_hook(step, _guided(step).to(x.dtype), on_data)
            self._slots[row.out_slot] = out.to(x.dtype)
            state = run_row(row, self._slots, self._draws.sum)
            if on_row is not None:
                on_row(state.to(self._type), step)
            yield state.to(self._type)


def _start(plan: Plan, shape: tuple[int, ...], start: Any, data: Any, draws: Any, device: torch.device,
           dtype: torch.dtype) -> torch.Tensor:
    if start is not None:
        return torch.as_tensor(start).to(device=device, dtype=dtype)
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
        dtype = given.dtype if isinstance(given, torch.Tensor) else torch.float32
    elif not isinstance(dtype, torch.dtype):
        dtype = {np.dtype(n): t for t, n in _NUMPY.items()}[np.dtype(dtype)]
    return torch.device(device or "cpu"), dtype


def _by_rows(plan: Plan, network: Callable[..., Any], shape: Any, on_data: Any, on_row: Any, progress: bool, noise: str,
             device: torch.device, dtype: torch.dtype, generator: Any, *, seed: int = 0, seeds: Any = None,
             first: int = 0, start: Any = None, data: Any = None, out: Any = None, guidance: float = 1.0,
             guidance_interval: tuple[float, float] = (0.0, 1.0), check_finite: bool = False) -> torch.Tensor:
    given = next((x for x in (out, start, data) if x is not None), None)
    shape = shape_of(given.shape if shape is None else shape)
    sums = _sums_in(dtype)
    draws = Normals(seed, seeds, first, shape, device, sums) if noise == "interp" else \
        TorchNormals(plan, generator, shape, device, sums)
    x = _start(plan, shape, start, data, draws, device, dtype)
    if x.shape != shape:
        raise ValueError(f"start, data: shape {shape} is wanted, not {tuple(x.shape)}")
    run = RowsRun(plan, x, draws, first, guidance, guidance_interval)
    with progress_bar(progress, len(plan)) as count:
        for i, x in enumerate(run.steps(_TorchNetwork(network), on_data, on_row)):
            if check_finite and not bool(torch.isfinite(x).all()):
                raise errors.NonFiniteError(f"the state after row {i} is not finite", -22)
            count()
    if out is not None:
        with torch.no_grad():
            out.copy_(x)
        return out
    return x


def _shared(value: Any) -> Any:
    """The array over a tensor's memory."""
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


class _OverMemory(Network):
    """Hands tensors over the library's arrays to the network, without copies."""

    def __call__(self, step: Step) -> None:
        tensors = Step.__new__(Step)
        for name in Step.__slots__:
            value = getattr(step, name)
            setattr(tensors, name, torch.from_numpy(value) if isinstance(value, np.ndarray) else value)
        with torch.no_grad():
            super().__call__(tensors)


def _hook_on_tensors(hook: Callable[[Any, Any], Any] | None) -> Callable[[Any, Any], Any] | None:
    if hook is None:
        return None

    def call(array: np.ndarray, step: Step) -> Any:
        return _shared(hook(torch.from_numpy(array), step))

    return call


def on_arrays(network: Callable[..., Any], device: Any) -> Callable[..., Any]:
    """A network of arrays whose work is done by one of tensors on a device."""
    plain = Network(network)

    def call(request: Step) -> None:
        with torch.no_grad():
            held = Step.__new__(Step)
            for name in Step.__slots__:
                value = getattr(request, name)
                setattr(held, name, torch.from_numpy(value).to(device) if isinstance(value, np.ndarray) else value)
            plain(held)
            for name in ("out", "out2"):
                if getattr(request, name) is not None:
                    np.copyto(getattr(request, name), getattr(held, name).cpu().numpy())

    def named(x: Any, t: float, request: Step) -> None:
        call(request)

    return named


def sample(plan: Plan, network: Callable[..., Any], shape: Any, *, on_data: Any, on_row: Any, progress: bool,
           noise: str, engine: str | None, device: Any, generator: Any, dtype: Any = None, kernel: str = "auto",
           **options: Any) -> torch.Tensor:
    """`libinterp.sample` for tensors; see there."""
    if noise not in ("interp", "torch") or engine not in (None, "c", "torch"):
        raise errors.InvalidError('noise should be "interp" or "torch", engine None, "c" or "torch"')
    if generator is not None and noise != "torch":
        raise errors.InvalidError('generator: only noise="torch" draws from it')
    device, dtype = _place(options, device, dtype)
    shareable = device.type == "cpu" and dtype in _NUMPY and noise == "interp"
    if engine == "c" and not shareable:
        raise errors.InvalidError('engine="c" runs float32 and float64 on the CPU, with noise="interp"')
    if engine == "torch" or not shareable:
        return _by_rows(plan, network, shape, on_data, on_row, progress, noise, device, dtype, generator, **options)
    arrays = {name: _shared(value) for name, value in options.items()}
    run = Run(plan, shape, dtype=_NUMPY[dtype], kernel=kernel, **arrays)
    run_through(run, _OverMemory(network), _hook_on_tensors(on_data), _hook_on_tensors(on_row), progress)
    return options["out"] if options.get("out") is not None else torch.from_numpy(run.x)


