"""Standard normals as a pure function of (seed, sample, m, element), and Brownian paths made of them."""
from __future__ import annotations

import ctypes as c
import math
from typing import Any

import numpy as np

from . import given
from ._library import check, lib, whole
from .run import seed_of, shape_of, type_of


def normals(seed: int, sample: int, m: int, shape: Any, *, first: int = 0, dtype: Any = np.float32) -> np.ndarray:
    """xi_m of a sample, its elements from `first` on, [*shape]; m = 0 is what a run starts from. float64: the same,
    widened. seed, sample, first: 0 .. 2^64 - 1, m: 0 .. 2^32 - 1; else InvalidError."""
    out = np.empty(shape_of(shape), dtype)
    check(lib.itp_normals(seed_of(seed), whole("sample", sample), whole("m", m, 0, 2**32 - 1), whole("first", first),
                          type_of(out.dtype), out.ctypes.data, out.size))
    return out


def brownian(seed: int, sample: int, start: float, end: float, shape: Any, *, first: int = 0,
             dtype: Any = np.float32) -> tuple[np.ndarray, np.ndarray]:
    """(increment, area) of a sample's Brownian path from `start` to `end` on the clock s = u^2/(u^2 + (1-u)^2):
    B(end) - B(start), and the space-time Levy area H of the interval, both [*shape]. InvalidError: start, end are not
    0 <= start <= end <= 1."""
    shape = shape_of(shape)
    start, end = given.number("start", start), given.number("end", end)
    increment, area = np.empty(shape, dtype), np.empty(shape, dtype)
    check(lib.itp_brownian(seed_of(seed), whole("sample", sample), start, end, whole("first", first),
                           type_of(increment.dtype), increment.ctypes.data, area.ctypes.data, math.prod(shape)))
    return increment, area


def shift_of_tokens(tokens: float, tokens_low: float = 256, mu_low: float = 0.5, tokens_high: float = 4096,
                    mu_high: float = 1.15) -> float:
    """The shift of a resolution, exp(mu) with mu linear in the number of tokens; the defaults are FLUX's."""
    out = c.c_double()
    numbers = {"tokens": tokens, "tokens_low": tokens_low, "mu_low": mu_low, "tokens_high": tokens_high,
               "mu_high": mu_high}
    check(lib.itp_shift_of_tokens(*(given.number(name, value) for name, value in numbers.items()), c.byref(out)))
    return out.value


def shift_of_flux2(tokens: float, steps: int) -> float:
    """FLUX.2's shift, of the number of tokens and, up to 4300, of steps."""
    out = c.c_double()
    check(lib.itp_shift_of_flux2(given.number("tokens", tokens), given.whole("steps", steps), c.byref(out)))
    return out.value
