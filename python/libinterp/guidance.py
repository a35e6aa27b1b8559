"""Guidance and thresholds as functions on arrays: outputs of a network with and without its condition, combined.

Two of them need none of this: `guidance=` of `libinterp.sample` runs plain guidance inside the sampler, and its
on_data= is the place for a threshold.

Arrays are float32 or float64, [count, ...]; tensors on the CPU are taken too, over their own memory, and give tensors.
`out`, contiguous, may be one of the outputs itself; it overlaps no other array in part. Samples do not see each other.
InvalidError (a ValueError): a number that is not finite or outside its range.
"""
from __future__ import annotations

import ctypes as c
import math
from typing import Any

import numpy as np

from . import _structs, _values, errors
from ._library import check, described, lib
from .arrays import array_of, is_tensor
from .run import Step, type_of


def _array(value: Any) -> np.ndarray:
    """The array over an array or a CPU tensor; a copy where there are gaps, of other devices, and, widened, of half
    tensors."""
    array = np.ascontiguousarray(array_of(value, "an output") if is_tensor(value) else value)
    type_of(array.dtype)
    return array


def _written(value: Any, name: str, like: np.ndarray | None = None) -> np.ndarray:
    """The array over what will be written into."""
    array = value.detach().numpy() if is_tensor(value) else value
    if not isinstance(array, np.ndarray) or not array.flags.c_contiguous or not array.flags.writeable:
        raise ValueError(f"{name}: a contiguous array that can be written is wanted")
    type_of(array.dtype)
    if like is not None and (array.shape != like.shape or array.dtype != like.dtype):
        raise ValueError(f"{name}: shape {like.shape} and type {like.dtype} are wanted, it has {array.shape} and "
                         f"{array.dtype}")
    return array


class _Outputs:
    """Two outputs and where their combination goes: `result` as the caller has it, the others as arrays."""

    def __init__(self, cond: Any, uncond: Any, out: Any):
        self.cond, self.uncond = _array(cond), _array(uncond)
        if self.cond.shape != self.uncond.shape or self.cond.dtype != self.uncond.dtype:
            raise ValueError(f"two outputs of one shape and type are wanted, not {self.cond.shape} {self.cond.dtype} "
                             f"and {self.uncond.shape} {self.uncond.dtype}")
        self._given, self._like = out, cond if is_tensor(cond) else None
        self.out = np.empty_like(self.cond) if out is None else _written(out, "out", self.cond)
        self.type = type_of(self.cond.dtype)
        self.addresses = self.cond.ctypes.data, self.uncond.ctypes.data
        self.sizes = _sizes(self.cond)

    @property
    def result(self) -> Any:
        """What the caller gave to be written, or what was made: a tensor of tensors."""
        if self._given is not None or self._like is None:
            return self.out if self._given is None else self._given
        import torch
        return torch.from_numpy(self.out).to(self._like.device)


def _sizes(array: np.ndarray) -> tuple[int, int]:
    """(samples, elements of one)"""
    return len(array), math.prod(array.shape[1:])


def guide(cond: Any, uncond: Any, scale: float, out: Any = None) -> Any:
    """Classifier-free guidance (2207.12598): uncond + scale (cond - uncond). Scale 1 is cond itself, 0 uncond."""
    of = _Outputs(cond, uncond, out)
    check(lib.itp_guide(of.type, *of.addresses, scale, of.out.ctypes.data, of.cond.size))
    return of.result


def autoguide(strong: Any, weak: Any, scale: float, out: Any = None) -> Any:
    """Autoguidance (2406.02507): weak + scale (strong - weak), of a network and a weaker one under the same
    condition."""
    of = _Outputs(strong, weak, out)
    check(lib.itp_autoguide(of.type, *of.addresses, scale, of.out.ctypes.data, of.cond.size))
    return of.result


def guidance_at(scale: float, low: float, high: float, u: float) -> float:
    """Guidance in an interval (2404.07724): `scale` for low <= u <= high, else 1, which needs no unconditional
    output."""
    return lib.itp_guidance_at(scale, low, high, u)


def guidance_cfgpp(weight: float, u: float, u_next: float) -> float:
    """CFG++ (2406.08070): the scale of plain guidance with which a step of "ddim" from u to u_next is that of CFG++
    with `weight` (its lambda, in the paper 0 .. 1). 0 <= u < u_next <= 1."""
    scale = c.c_double()
    check(lib.itp_guidance_cfgpp(weight, u, u_next, c.byref(scale)))
    return scale.value


def guide_rescaled(cond: Any, uncond: Any, scale: float, phi: float = 0.7, out: Any = None) -> Any:
    """Rescaled guidance (2305.08891): with g = guide(cond, uncond, scale) and std a sample's standard deviation,
    phi g std(cond)/std(g) + (1 - phi) g; phi in [0, 1]. On the network's outputs as they are."""
    of = _Outputs(cond, uncond, out)
    check(lib.itp_guide_rescaled(of.type, *of.addresses, scale, phi, of.out.ctypes.data, *of.sizes))
    return of.result


def guide_apg(cond: Any, uncond: Any, scale: float, *, eta: float = 0.0, momentum: float = 0.0, threshold: float = 0.0,
              average: Any = None, out: Any = None) -> Any:
    """Adaptive projected guidance (2410.02416) of DATA predictions. Per sample:

        d = cond - uncond + momentum average;  average := d;  d := d min(1, threshold/|d|);
        result = cond + (scale - 1) (orthogonal + eta parallel),  d = parallel + orthogonal to cond.

    eta: how much of the parallel part stays; 1 for plain guidance. threshold: 0: none. average: with a momentum, an
    array like cond, zeros before a run's first evaluation, which is changed; no other array. See `Apg`, which keeps it.
    """
    of = _Outputs(cond, uncond, out)
    held = None if average is None or momentum == 0 else _written(average, "average", of.cond)
    apg = described(_structs.Apg, scale=scale, eta=eta, momentum=momentum, threshold=threshold,
                    average=held.ctypes.data if held is not None else None)
    check(lib.itp_guide_apg(c.addressof(apg), of.type, *of.addresses, of.out.ctypes.data, *of.sizes))
    return of.result


class Apg:
    """Adaptive projected guidance in a network of any prediction, with what the momentum remembers:

        apg = libinterp.Apg(3, momentum=-.5, threshold=5)
        def network(x, t, request):
            return apg(conditional(x, t), unconditional(x, t), request)

    Parameters as of `guide_apg`. Belongs to one run of a plan at a time; a new run, at its row 0, forgets the one before.
    """

    def __init__(self, scale: float, eta: float = 0.0, momentum: float = 0.0, threshold: float = 0.0):
        self.scale, self.eta, self.momentum, self.threshold = scale, eta, momentum, threshold
        self._average: np.ndarray | None = None

    def __repr__(self) -> str:
        return f"Apg({self.scale!r}, {self.eta!r}, {self.momentum!r}, {self.threshold!r})"

    def __copy__(self) -> "Apg":
        other = Apg(self.scale, self.eta, self.momentum, self.threshold)
        other._average = None if self._average is None else self._average.copy()  # it is changed in place
        return other

    def reset(self) -> None:
        """Forgets what was before: a new run begins."""
        self._average = None

    def __call__(self, cond: Any, uncond: Any, request: Step | None = None, out: Any = None) -> Any:
        """The guided output. With the `request` that the network was given, cond and uncond are its outputs, of any
        prediction, and so is the result; without it all are data predictions. Where a request has no data prediction
        (data_output 0), this is plain guidance."""
        if request is not None and request.row == 0:
            self.reset()
        if request is None:
            return self._guided(cond, uncond, out)
        if np.ndim(request.data_output):
            raise errors.InvalidError("request: of an adaptive run, whose samples come and go, each at a place of its own; Apg "
                                      "is for plans", _values.E_UNSUPPORTED)
        if request.data_output == 0:
            return guide(cond, uncond, self.scale, out)
        of, factor = _Outputs(cond, uncond, out), request.data_output
        shift = request.data_state * _array(request.x).astype(np.float64)
        data = self._guided(*(shift + factor * output.astype(np.float64) for output in (of.cond, of.uncond)), None)
        np.copyto(of.out, (data - shift) / factor, casting="same_kind")
        return of.result

    def _guided(self, cond: Any, uncond: Any, out: Any) -> Any:
        if self.momentum != 0 and self._average is None:
            self._average = np.zeros_like(_array(cond))
        return guide_apg(cond, uncond, self.scale, eta=self.eta, momentum=self.momentum, threshold=self.threshold,
                         average=self._average, out=out)


def threshold_static(data: Any, low: float = -1.0, high: float = 1.0) -> Any:
    """Brings every element of `data` into [low, high], in place, and returns it; NaN stays. A hook for on_data:
    on_data=lambda data, step: libinterp.threshold_static(data)."""
    array = _written(data, "data")
    check(lib.itp_threshold_static(type_of(array.dtype), array.ctypes.data, low, high, array.size))
    return data


def threshold_dynamic(data: Any, quantile: float = 0.995, most: float = math.inf) -> Any:
    """Dynamic thresholding (Imagen, 2205.11487), in place; returns `data`, [count, ...]. s is the quantile of a
    sample's absolute values, s := min(max(s, 1), most); every element is brought into [-s, s] and divided by s.
    quantile in [0, 1], most > 0. A sample whose s is not finite is left alone."""
    array = _written(data, "data")
    check(lib.itp_threshold_dynamic(type_of(array.dtype), array.ctypes.data, quantile, most, *_sizes(array)))
    return data
