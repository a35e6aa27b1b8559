"""The stepwise form: one run of a plan over one batch, one evaluation of the network at a time."""
from __future__ import annotations

import contextlib
import ctypes as c
import math
import threading
from typing import Any, Callable, Iterator

import numpy as np

from . import _structs, _values, errors, names
from ._library import ENV, EVALUATE, check, created, described, freed_with, lib, whole
from .arrays import array_of, is_tensor, kept
from .drawing import put_noise

TYPES = {np.dtype(entry.name.decode()): entry.id for entry in names.entries("type")}
START_NOISE, START_GIVEN, START_DATA = (names.number_of("x", name) for name in ("noise", "given", "data"))
_ALIGNMENT = 64

#: What to do about an output that was left unwritten
WRITE = "Return it, or write every element: out[...] = y writes, out = y only gives y another name."


def type_of(dtype: Any) -> int:
    if np.dtype(dtype) not in TYPES:
        raise TypeError(f"arrays are float32 or float64, not {np.dtype(dtype)}")
    return TYPES[np.dtype(dtype)]


def shape_of(shape: Any) -> tuple[int, ...]:
    """A shape [count, ...] with at least one element."""
    shape = tuple(whole("shape", n, -2**63, 2**63 - 1) for n in ((shape,) if np.ndim(shape) == 0 else shape))
    if not shape or min(shape) < 1:
        raise ValueError(f"shape: {shape} has no elements")
    return shape


def seed_of(seed: Any, name: str = "seed") -> int:
    """A seed: 0 .. 2^64 - 1."""
    return whole(name, seed)


def seeds_of(seeds: Any, count: int) -> np.ndarray | None:
    if seeds is None:
        return None
    try:
        seeds = list(seeds)
    except TypeError:
        raise TypeError(f"seeds: a list of them is wanted, one for each sample, not {seeds!r}") from None
    seeds = np.array([seed_of(seed, f"seeds[{i}]") for i, seed in enumerate(seeds)], np.uint64)
    if seeds.size != count:
        raise ValueError(f"seeds: {seeds.size} for {count} samples")
    return seeds


class Step:
    """One evaluation: read x, write every element of out, both of the batch's shape.

    time: what the network is given. u: position on the path. row, rows: this evaluation, of how many. first, index:
    number of the first sample, and of each. out2: with guidance, where the unconditional output belongs (None in rows
    without); guidance: the scale there, else 1. data_state, data_output: see `data`. step, steps: the solver's step that
    this evaluation is part of, of how many; ends_step: it is the step's last one, and the state after it the step's end.

    Of adaptive runs x and out hold the samples that are still under way, [some, ...], and time, u, guidance, data_state,
    data_output and index are arrays [some], a number for each; row counts evaluations, rows is 0. In on_row x and out are
    None.

    x is a copy, which stays as it is when the run goes on, and cannot be written. out and out2 are the library's own
    arrays; later rows write there again.
    """
    __slots__ = ("x", "out", "out2", "time", "u", "row", "rows", "first", "guidance", "data_state", "data_output",
                 "step", "steps", "ends_step", "_index", "_data")

    def __init__(self, request: Any, x: Any, out: Any, out2: Any, data: Any = None):
        self.x, self.out, self.out2, self._data = x, out, out2, data
        for name in ("time", "u", "row", "rows", "first", "guidance", "data_state", "data_output",
                     "step", "steps"):
            setattr(self, name, getattr(request, name))
        self.ends_step, self._index = bool(request.ends_step), getattr(request, "_index", None)
        if getattr(request, "times", None):
            self._of_each(request)

    def _of_each(self, request: Any) -> None:
        """What an adaptive run says of each sample; the library's arrays live no longer than the run: copies."""
        for name, at in (("time", request.times), ("u", request.positions), ("guidance", request.guidances),
                         ("data_state", request.data_states), ("data_output", request.data_outputs)):
            setattr(self, name, np.array((c.c_double * request.count).from_address(at)))
        self._index = np.array((c.c_uint64 * request.count).from_address(request.index)).astype(np.int64) + self.first

    def over(self, change: Callable[[Any], Any]) -> Any:
        """The same evaluation with its arrays as `change` makes them."""
        def changed(value: Any) -> Any:
            return change(value) if isinstance(value, np.ndarray) else value

        step = Step(self, *(changed(value) for value in (self.x, self.out, self.out2, self._data)))
        step.time, step.u, step._index = changed(self.time), changed(self.u), changed(self._index)
        return step

    def part(self, those: np.ndarray) -> "Step":
        """The same of some samples, [count] True or False."""
        step = Step(self, *(None if value is None else value[those] for value in (self.x, self.out, self.out2)))
        for name in ("time", "u", "guidance", "data_state", "data_output", "_index"):
            setattr(step, name, getattr(self, name)[those])
        return step

    @property
    def index(self) -> np.ndarray:
        """Number of each sample, [count]: for class labels and the like."""
        return np.arange(self.first, self.first + len(self.x)) if self._index is None else self._index

    def spread(self, value: Any, dtype: Any = None) -> Any:
        """A number, or one for each sample, to be multiplied with arrays of x's shape, in x's type or that of dtype."""
        if isinstance(value, np.ndarray):
            value = value.reshape(-1, *[1] * (self.x.ndim - 1))
        if isinstance(self.x, np.ndarray):
            return np.asarray(value, dtype or self.x.dtype)[()]
        return self.x.new_tensor(value) if isinstance(value, np.ndarray) else float(value)

    def data(self) -> np.ndarray | None:
        """The data prediction E[X | x], once out (and out2) are written; None where it has no finite limit. Of adaptive
        runs: NaN in samples without."""
        none = (np.asarray(self.data_state) == 0) & (np.asarray(self.data_output) == 0)
        if self._data is not None or none.all():
            return self._data
        out = self.out
        if self.out2 is not None:
            out = self.out2 + self.spread(self.guidance) * (self.out - self.out2)
            if np.ndim(self.guidance):
                out[self.guidance == 1] = self.out[self.guidance == 1]  # whose out2 may be unwritten
        data = self.spread(self.data_state) * self.x + self.spread(self.data_output) * out
        if none.any():
            data[none] = math.nan
        return data


def batch_of(x: np.ndarray, start: Any, data: Any, seed: int, seeds: Any, first: int, check_finite: bool, kernel: str,
             guidance: float = 1.0, guidance_interval: tuple[float, float] = (0.0, 1.0), noise: Any = None) -> Any:
    """The itp_batch of a run over x; it keeps what it points to."""
    seeds = seeds_of(seeds, len(x))
    batch = described(
        _structs.Batch, env=ENV, count=len(x), dim=math.prod(x.shape[1:]),
        x=START_DATA if data is not None else START_GIVEN if start is not None else START_NOISE,
        seed=seed_of(seed), first=first, seeds=seeds.ctypes.data if seeds is not None else None,
        type=type_of(x.dtype), check_finite=bool(check_finite), guidance=guidance, guidance_low=guidance_interval[0],
        guidance_high=guidance_interval[1], kernel=names.number_of("kernel", kernel))
    batch.held = seeds
    put_noise(batch, noise, x.shape)
    return batch


def start_of(batch: Any, x: np.ndarray) -> Any:
    """The itp_start over x that the batch has; the batch is a sampler's then."""
    start = _structs.Start(size=c.sizeof(_structs.Start), x=x.ctypes.data, given=batch.x == START_GIVEN,
                           data=x.ctypes.data if batch.x == START_DATA else None, seed=batch.seed, first=batch.first,
                           seeds=batch.seeds)
    batch.x, batch.seed, batch.first, batch.seeds = START_NOISE, 0, 0, None
    return start


class Run:
    """A run of `plan`, a Plan or a CovariancePlan: iterate over it, write `out` of each Step; then `x` holds the samples.
    Made by their `steps`; that of an Adaptive makes an AdaptiveRun, with the same options.

    shape: [count, ...], or of a covariance plan the count alone; None: that of start, data or out. dtype: float32 or float64. seed, first: sample i draws from
    (seed, first + i); seeds: a seed for each sample instead. start: the first state, in the network's coordinates.
    data: data [count, ...] to start from, for plans with u_start > 0 and reversed ones. out: a contiguous array for
    the samples, which holds intermediate states until then; it may be start or data itself, then nothing is copied.
    guidance: the scale of classifier-free guidance, in rows with u in guidance_interval. check_finite: look for NaN and
    infinity in every output, and for outputs that were not, or not wholly, written (None: yes; of adaptive runs, which
    try smaller steps then, for what was not written only). kernel: "auto", "portable" or "openblas". noise: draws instead of the library, for plans with noise="steps":
    a TorchNoise, or noise(request) -> array of request.shape, see NoiseRequest; seed and seeds are not given then.

    Belongs to one thread at a time (StateError where two use it at once), and is not copied: see save. Arrays that were
    handed out stay valid.
    """

    def __init__(self, plan: Any, shape: Any = None, *, seed: int = 0, seeds: Any = None, first: int = 0,
                 dtype: Any = None, start: Any = None, data: Any = None, out: np.ndarray | None = None,
                 guidance: float = 1.0, guidance_interval: tuple[float, float] = (0.0, 1.0),
                 check_finite: bool | None = None, kernel: str = "auto", noise: Any = None):
        if shape is not None and plan._sample_shape is not None and np.ndim(shape) == 0:
            shape = (shape, *plan._sample_shape)
        self.plan, self._busy, self._views, self._finished = plan, threading.Lock(), {}, False
        self._step: Step | None = None  # the request that is open
        self.x = self._target(shape, dtype, data if data is not None else start, out)
        batch = batch_of(self.x, start, data, seed, seeds, first, self._finite(check_finite), kernel, guidance,
                         guidance_interval, noise)
        begin = start_of(batch, self.x)
        used = self._used(batch)
        self._workspace = self._in_workspace(batch)
        self._sampler = created(plan._sampler, plan._handle, c.addressof(batch))
        freed_with(self, lib.itp_sampler_free, self._sampler, plan, self._workspace, self.x, batch.drawn_by, used)
        self._request = _structs.Request(size=c.sizeof(_structs.Request))
        self._begin(begin)

    def _finite(self, wanted: bool | None) -> bool:
        """Whether the library looks at the outputs."""
        return wanted is None or bool(wanted)

    def _used(self, batch: Any) -> Any:
        """What more a kind of run puts into its batch, to be kept as long as its sampler."""
        return None

    def _begin(self, begin: Any) -> None:
        check(lib.itp_sampler_begin(self._sampler, c.addressof(begin)))

    @staticmethod
    def _target(shape: Any, dtype: Any, given: Any, out: np.ndarray | None) -> np.ndarray:
        given = array_of(given, "start, data") if is_tensor(given) else None if given is None else np.asarray(given)
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
        batch.needed = c.addressof(size)
        check(self.plan._sampler(self.plan._handle, c.addressof(batch), None))
        batch.needed = None
        memory = np.empty(size.value + _ALIGNMENT, np.uint8)
        offset = -memory.ctypes.data % _ALIGNMENT
        batch.workspace, batch.workspace_bytes = memory.ctypes.data + offset, size.value
        return memory

    def _view(self, address: int | None) -> np.ndarray | None:
        """The array of the request's samples at an address of ours, made once."""
        if not address:
            return None
        count = self._request.count
        if address == self.x.ctypes.data:
            return self.x[:count] if count < len(self.x) else self.x
        if (address, count) not in self._views:
            at = address - self._workspace.ctypes.data
            flat = self._workspace[at:at + self.x[:count].nbytes].view(self.x.dtype)
            self._views[address, count] = flat.reshape(count, *self.x.shape[1:])
        return self._views[address, count]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise errors.StateError("this run is in use by another thread", _values.E_STATE)
        try:
            yield
        finally:
            self._busy.release()

    @property
    def state(self) -> np.ndarray:
        """The library's own array of the state that is evaluated."""
        return self._view(self._request.x)

    def next(self) -> Step | None:
        """What to evaluate; the same again until it is submitted. None: the run is over."""
        with self._alone():
            request = self._request
            self._finished = check(lib.itp_sampler_next(self._sampler, c.addressof(request))) != EVALUATE
            if not self._finished and not request.times:
                self._check_count(request.count)
            if self._step is None and not self._finished:
                self._step = Step(request, kept(self._view(request.x)), self._view(request.out),
                                  self._view(request.out2))
            return self._step

    def submit(self) -> None:
        """The output is there. NonFiniteError (check_finite): the row is not done; mend the output, submit again."""
        with self._alone():
            try:
                check(lib.itp_sampler_submit(self._sampler))
            except errors.NonFiniteError as error:
                if "unwritten" in str(error):
                    error.args = (f"{error} {WRITE}",)
                raise
            except BaseException:  # a hook's, after its row
                self._step = None
                raise
            self._step = None

    def _check_count(self, count: int) -> None:
        if count != len(self.x):
            raise errors.StateError(f"the state that was restored has {count} samples, the run has {len(self.x)}",
                                    _values.E_STATE)

    def __iter__(self) -> Iterator[Step]:
        while (step := self.next()) is not None:
            yield step
            self.submit()

    def __len__(self) -> int:
        """Evaluations of the network. TypeError of an adaptive run, which makes as many as it takes."""
        return len(self.plan)

    @property
    def result(self) -> Any:
        """What `sample` returns: x, and of an adaptive run with `times` (x, states)."""
        return self.x

    @property
    def finished(self) -> bool:
        return self._finished

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a run is not copied or pickled: its save() says where it is, and restore() in another run of "
                        "the same plan goes on from there")

    def save(self) -> bytes:
        """Where the run is; a later `restore` goes on from there to the same bits."""
        with self._alone():
            size = c.c_size_t()
            check(lib.itp_sampler_save(self._sampler, None, 0, c.byref(size)))
            buffer = (c.c_ubyte * size.value)()
            check(lib.itp_sampler_save(self._sampler, c.addressof(buffer), size.value, None))
            return bytes(buffer)

    def restore(self, saved: bytes) -> None:
        """Goes on from there, in a run of the same plan, shape and type; its seeds are those that were saved."""
        with self._alone():
            held = c.create_string_buffer(saved, len(saved))
            check(lib.itp_sampler_restore(self._sampler, c.addressof(held), len(saved), self.x.ctypes.data))
            self._finished, self._step = False, None
