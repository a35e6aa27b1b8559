"""The stepwise form: one run of a plan over one batch, one evaluation of the network at a time."""
from __future__ import annotations

import contextlib
import ctypes as c
import math
import threading
from typing import Any, Iterator

import numpy as np

from . import _structs, errors, names
from ._library import EVALUATE, LOG, check, created, described, freed_with, lib
from .plan import Plan

TYPES = {np.dtype(np.float32): 1, np.dtype(np.float64): 2}  # ITP_FLOAT32, ITP_FLOAT64
START_NOISE, START_GIVEN, START_DATA = 0, 1, 2  # ITP_X_*
_ALIGNMENT = 64


def type_of(dtype: Any) -> int:
    if np.dtype(dtype) not in TYPES:
        raise TypeError(f"arrays are float32 or float64, not {np.dtype(dtype)}")
    return TYPES[np.dtype(dtype)]


def shape_of(shape: Any) -> tuple[int, ...]:
    """A shape [count, ...] with at least one element."""
    shape = (int(shape),) if np.ndim(shape) == 0 else tuple(int(n) for n in shape)
    if not shape or min(shape) < 1:
        raise ValueError(f"shape: {shape} has no elements")
    return shape


def seeds_of(seeds: Any, count: int) -> np.ndarray | None:
    if seeds is None:
        return None
    seeds = np.array([int(seed) & (2**64 - 1) for seed in seeds], np.uint64)
    if seeds.size != count:
        raise ValueError(f"seeds: {seeds.size} for {count} samples")
    return seeds


class Step:
    """One evaluation: read x, write out, both of the batch's shape.

    time: what the network is given. u: position on the path. row, rows: this evaluation, of how many. first, index:
    number of the first sample, and of each. out2: with guidance, where the unconditional output belongs (None in rows
    without); guidance: the scale there, else 1. data_state, data_output: see `data`.
    """
    __slots__ = ("x", "out", "out2", "time", "u", "row", "rows", "first", "guidance", "data_state", "data_output")

    def __init__(self, request: Any, x: np.ndarray, out: np.ndarray, out2: np.ndarray | None):
        self.x, self.out, self.out2 = x, out, out2
        for name in ("time", "u", "row", "rows", "first", "guidance", "data_state", "data_output"):
            setattr(self, name, getattr(request, name))

    @property
    def index(self) -> np.ndarray:
        """Number of each sample, [count]: for class labels and the like."""
        return np.arange(self.first, self.first + len(self.x))

    def data(self) -> np.ndarray | None:
        """The data prediction E[X | x], once out (and out2) are written; None where it has no finite limit."""
        if self.data_state == 0 and self.data_output == 0:
            return None
        out = self.out
        if self.out2 is not None:
            out = self.out2 + self.guidance * (self.out - self.out2)
        return self.x.dtype.type(self.data_state) * self.x + self.x.dtype.type(self.data_output) * out


def batch_of(x: np.ndarray, start: Any, data: Any, seed: int, seeds: Any, first: int, check_finite: bool, kernel: str,
             guidance: float = 1.0, guidance_interval: tuple[float, float] = (0.0, 1.0)) -> Any:
    """The itp_batch of a run over x; it keeps what it points to."""
    seeds = seeds_of(seeds, len(x))
    batch = described(
        _structs.Batch, lib.itp_batch_init, log=LOG, count=len(x), dim=math.prod(x.shape[1:]),
        x=START_DATA if data is not None else START_GIVEN if start is not None else START_NOISE,
        seed=seed & (2**64 - 1), first=first, seeds=seeds.ctypes.data if seeds is not None else None,
        type=type_of(x.dtype), check_finite=check_finite, guidance=guidance, guidance_low=guidance_interval[0],
        guidance_high=guidance_interval[1], kernel=names.choice("kernel", kernel, names.KERNELS))
    batch.held = seeds
    return batch


class Run:
    """A run of `plan`: iterate over it, write `out` of each Step; then `x` holds the samples. Made by Plan.steps.

    shape: [count, ...]; None: that of start, data or out. dtype: float32 or float64. seed, first: sample i draws from
    (seed, first + i); seeds: a seed for each sample instead. start: the first state, in the network's coordinates.
    data: data [count, ...] to start from, for plans with u_start > 0 and reversed ones. out: a contiguous array for
    the samples, which holds intermediate states until then; it may be start or data itself, then nothing is copied.
    guidance: the scale of classifier-free guidance, in rows with u in guidance_interval. check_finite: look for NaN and
    infinity in every output. kernel: "auto", "portable" or "openblas".

    Belongs to one thread at a time (StateError where two use it at once). Arrays that were handed out stay valid.
    """

    def __init__(self, plan: Plan, shape: Any = None, *, seed: int = 0, seeds: Any = None, first: int = 0,
                 dtype: Any = None, start: Any = None, data: Any = None, out: np.ndarray | None = None,
                 guidance: float = 1.0, guidance_interval: tuple[float, float] = (0.0, 1.0),
                 check_finite: bool = False, kernel: str = "auto"):
        self.plan, self._busy, self._views, self._finished = plan, threading.Lock(), {}, False
        self.x = self._target(shape, dtype, data if data is not None else start, out)
        batch = batch_of(self.x, start, data, seed, seeds, first, check_finite, kernel, guidance, guidance_interval)
        self._workspace = self._in_workspace(batch)
        self._sampler = created(lib.itp_sampler_new, plan._handle, c.addressof(batch))
        freed_with(self, lib.itp_sampler_free, self._sampler, plan, self._workspace, self.x)
        self._request = _structs.Request(size=c.sizeof(_structs.Request))
        check(lib.itp_sampler_begin(self._sampler, self.x.ctypes.data))

    @staticmethod
    def _target(shape: Any, dtype: Any, given: Any, out: np.ndarray | None) -> np.ndarray:
        given = None if given is None else np.asarray(given)
        source = out if out is not None else given
        if shape is None and source is None:
            raise TypeError("a shape is wanted, or an array in start, data or out")
        shape = shape_of(source.shape if shape is None else shape)
        if out is None:
            kept = given is not None and given.dtype in TYPES
            out = np.empty(shape, dtype or (given.dtype if kept else np.float32))
        elif not isinstance(out, np.ndarray) or not out.flags.c_contiguous or not out.flags.writeable:
            raise ValueError("out: a contiguous array that can be written is wanted")
        if out.shape != shape or (dtype and out.dtype != np.dtype(dtype)):
            raise ValueError(f"out: shape {shape} and type {np.dtype(dtype or out.dtype)} are wanted, it has "
                             f"{out.shape} and {out.dtype}")
        type_of(out.dtype)
        if given is not None and given is not out:
            if given.shape != shape:
                raise ValueError(f"start, data: shape {shape} is wanted, not {given.shape}")
            np.copyto(out, given, casting="same_kind")
        return out

    def _in_workspace(self, batch: Any) -> np.ndarray:
        """The sampler lives in memory that Python owns, so that its arrays may outlive it."""
        size = c.c_size_t()
        check(lib.itp_sampler_workspace(self.plan._handle, c.addressof(batch), c.byref(size)))
        memory = np.empty(size.value + _ALIGNMENT, np.uint8)
        offset = -memory.ctypes.data % _ALIGNMENT
        batch.workspace, batch.workspace_bytes = memory.ctypes.data + offset, size.value
        return memory

    def _view(self, address: int | None) -> np.ndarray | None:
        """The array at an address of ours, made once."""
        if not address:
            return None
        if address == self.x.ctypes.data:
            return self.x
        if address not in self._views:
            at = address - self._workspace.ctypes.data
            flat = self._workspace[at:at + self.x.nbytes].view(self.x.dtype)
            self._views[address] = flat.reshape(self.x.shape)
        return self._views[address]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise errors.StateError("this run is in use by another thread", -20)
        try:
            yield
        finally:
            self._busy.release()

    def next(self) -> Step | None:
        """What to evaluate; the same again until it is submitted. None: the run is over."""
        with self._alone():
            status = check(lib.itp_sampler_next(self._sampler, c.addressof(self._request)))
            self._finished = status != EVALUATE
            if self._finished:
                return None
            request = self._request
            return Step(request, self._view(request.x), self._view(request.out), self._view(request.out2))

    def submit(self) -> None:
        """The output is there. NonFiniteError (check_finite): the row is not done; mend the output, submit again."""
        with self._alone():
            check(lib.itp_sampler_submit(self._sampler))

    def __iter__(self) -> Iterator[Step]:
        while (step := self.next()) is not None:
            yield step
            self.submit()

    def __len__(self) -> int:
        return len(self.plan)

    @property
    def finished(self) -> bool:
        return self._finished

    def save(self) -> bytes:
        """Where the run is; a later `restore` goes on from there to the same bits."""
        with self._alone():
            size = c.c_size_t()
            check(lib.itp_sampler_save(self._sampler, None, 0, c.byref(size)))
            buffer = (c.c_ubyte * size.value)()
            check(lib.itp_sampler_save(self._sampler, c.addressof(buffer), size.value, None))
            return bytes(buffer)

    def restore(self, saved: bytes) -> None:
        """Goes on from there, in a run of the same plan, shape, type and seeds."""
        with self._alone():
            held = c.create_string_buffer(saved, len(saved))
            check(lib.itp_sampler_restore(self._sampler, c.addressof(held), len(saved), self.x.ctypes.data))
            self._finished = False
