"""Normals of the caller's: callables that draw instead of the library, and torch's generators without torch."""
from __future__ import annotations

import ctypes as c
from typing import Any, Callable, NamedTuple

import numpy as np

from . import _structs, errors, names
from ._library import check, keep, lib, pointer, whole
from .arrays import store

_DTYPES = {entry.id: np.dtype(entry.name.decode()) for entry in names.entries("type")}
_DEVICES = {"cpu": (_structs.TorchCpu, lib.itp_torch_cpu_draw), "cuda": (_structs.TorchCuda, lib.itp_torch_cuda_draw)}


class NoiseRequest(NamedTuple):
    """What a callable given as `noise` is asked for: standard normals of this shape, [count, ...], and type.

    first: number of the first sample. row: that is about to run; step: of the solver that the normals belong to; draw:
    0 for the start, then 1, 2, ... in order; m: of xi_m in the plan's rows."""
    shape: tuple[int, ...]
    dtype: np.dtype
    first: int
    row: int
    step: int
    draw: int
    m: int


class TorchNoise:
    """torch's normals, without torch: what torch.randn gives after torch.manual_seed(seed), draw after draw.

    device: "cpu" (MT19937; float32 bit for bit as torch's Linux builds on x86-64) or "cuda" (Philox; to about 1e-6).
    threads: of "cuda" alone, how many threads the GPU runs at once (multiprocessors * threads of each), which decides
    on draws of more elements than that; 0: one for each element.

    For `noise` of `libinterp.sample`, `Plan.sample` and `Run`; draw(shape) is torch.randn(shape) as an array. One of
    them goes on from draw to draw, whoever asks; copy.copy(noise) and pickle keep where it is.
    """

    def __init__(self, seed: int, device: str = "cpu", *, threads: int = 0):
        if device not in _DEVICES:
            raise errors.InvalidError(f'device: {device!r}, it should be "cpu" or "cuda"')
        if threads and device == "cpu":
            raise errors.InvalidError(f'threads: {threads}, but device "cpu" does not read it')
        self.device = device
        kind, self._function = _DEVICES[device]
        self._state = kind(seed=whole("seed", seed, -2**63, 2**64 - 1) % 2**64)
        if device == "cuda":
            self._state.threads = whole("threads", threads)

    def draw(self, shape: Any, dtype: Any = np.float32) -> np.ndarray:
        """torch.randn(shape, dtype=dtype)."""
        out = np.empty(shape, dtype)
        if out.dtype not in _DTYPES.values():
            raise TypeError(f"torch's normals are float32 or float64, not {out.dtype}")
        request = _structs.NoiseRequest(size=c.sizeof(_structs.NoiseRequest), count=1, dim=out.size,
                                        type=names.number_of("type", out.dtype.name))
        check(self._function(c.addressof(self._state), c.addressof(request), out.ctypes.data))
        return out

    def __call__(self, request: NoiseRequest) -> np.ndarray:
        return self.draw(request.shape, request.dtype)

    @property
    def state(self) -> bytes:
        """Where it is; a later `state = ...` goes on from there. Saved beside Run.save()."""
        return bytes(self._state)

    @state.setter
    def state(self, state: bytes) -> None:
        if len(state) != c.sizeof(self._state):
            raise errors.InvalidError(f"state: {len(state)} bytes, but device {self.device!r} has "
                                      f"{c.sizeof(self._state)}")
        c.memmove(c.addressof(self._state), state, len(state))

    def __getstate__(self) -> tuple[str, bytes]:
        return self.device, self.state

    def __setstate__(self, saved: tuple[str, bytes]) -> None:
        self.device = saved[0]
        kind, self._function = _DEVICES[self.device]
        self._state = kind.from_buffer_copy(saved[1])


def _called(noise: Callable[[NoiseRequest], Any], shape: tuple[int, ...]) -> Any:
    """A C callback that calls `noise`; what it raises ends the call that asked."""

    @_structs.NOISE_FN
    def draw(user: int | None, request: Any, out: int) -> int:
        try:
            asked = request.contents
            dtype = _DTYPES[asked.type]
            wanted = (asked.count, *shape[1:])
            room = (c.c_char * (asked.count * asked.dim * dtype.itemsize)).from_address(out)
            drawn = noise(NoiseRequest(wanted, dtype, asked.first, asked.row, asked.step, asked.draw, asked.m))
            store(np.frombuffer(room, dtype).reshape(wanted), drawn, "noise: what it returned")
        except BaseException as error:  # noqa: BLE001 (it comes out of the call that asked)
            keep(error)
            return -1
        return 0

    return draw


def put_noise(batch: Any, noise: Any, shape: tuple[int, ...]) -> None:
    """The batch's noise and noise_user, which live as long as batch.drawn_by; None: the library's own normals."""
    batch.drawn_by = None
    if noise is None:
        return
    if isinstance(noise, TorchNoise):
        batch.noise, batch.noise_user = pointer(noise._function), c.addressof(noise._state)
        batch.drawn_by = noise
    elif callable(noise):
        batch.drawn_by = _called(noise, shape)
        batch.noise = pointer(batch.drawn_by)
    else:
        raise TypeError(f"noise: a callable or a libinterp.TorchNoise is wanted, not {noise!r}")
