"""libinterp: sample pretrained flow and diffusion networks in few steps, under any schedule and diffusion.

    import libinterp
    plan = libinterp.Plan(schedule="lazy", solver="dpmpp-2m", evaluations=8)
    x = plan.sample(velocity, (64, 784), seed=7)        # velocity(x, t) -> array of x's shape

Plain ctypes on the shared library libinterp.so.0; needs numpy. Conventions: I_t = alpha_t Z + beta_t X, Z noise, X
data, t = 0 noise, t = 1 data; alpha belongs to the noise. docs/python.md is the guide.
"""
import importlib as _importlib
from typing import Any as _Any

from ._library import lib as _lib
from .adaptive import Adaptive, AdaptiveRun, Statistics
from .covariance import Band, Covariance, CovariancePlan
from .drawing import NoiseRequest, TorchNoise
from .errors import (Error, InvalidError, LibraryError, LibraryNotFoundError, NonFiniteError, OutOfMemoryError,
                     StateError, ToleranceError, Warning)
from .fit import Fit, FitReport
from .guidance import (Apg, autoguide, guidance_at, guidance_cfgpp, guide, guide_apg, guide_rescaled,
                       threshold_dynamic, threshold_static)
from .model import Model
from .names import Entry, Tableau, about, diffusions, grids, predictions, schedules, solvers, times
from .noise import brownian, normals, shift_of_flux2, shift_of_tokens
from .path import Path
from .plan import Plan
from .rows import Arrays, Origin, Row, Term
from .run import Run, Step
from .sampling import sample
from .schedule import Conversion, Point, Schedule
from .searching import Search, SearchEntry, SearchReport, search

__version__ = "0.1.0"


def library_version() -> str:
    """The version of the shared library."""
    return _lib.itp_version_text().decode()


def build_has(what: str) -> bool:
    """Whether the shared library was built with "json", "openblas" or "lapack", or runs with code for the instructions
    "avx2", "avx512" or "neon" on this processor."""
    return bool(_lib.itp_build_has(what.encode()))


def library_path() -> str:
    """The file that was loaded, as it was named to the loader."""
    return _lib._name


def __getattr__(name: str) -> _Any:
    """libinterp.diffusers and libinterp.plot, which need torch and matplotlib, are imported when they are asked for."""
    if name in ("diffusers", "plot"):
        return _importlib.import_module("." + name, __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Adaptive", "AdaptiveRun", "Apg", "Arrays", "Band", "Conversion", "Covariance", "CovariancePlan",
    "Entry", "Error", "Fit", "FitReport", "InvalidError", "LibraryError", "LibraryNotFoundError", "Model", "NoiseRequest",
    "NonFiniteError", "Origin", "OutOfMemoryError", "Path", "Plan", "Point", "Row", "Run", "Schedule", "Search", "SearchEntry", "SearchReport", "StateError",
    "Statistics", "Step", "Tableau", "Term", "ToleranceError", "TorchNoise", "Warning", "about", "autoguide", "brownian", "build_has",
    "diffusions", "grids", "guidance_at", "guidance_cfgpp", "guide", "guide_apg", "guide_rescaled", "library_path", "library_version",
    "normals", "predictions", "sample", "schedules", "search", "shift_of_flux2", "shift_of_tokens", "solvers", "threshold_dynamic",
    "threshold_static", "times",
]
