"""Covariance: schedules that are lazy for data N(mu, Sigma), component by component; docs/covariance.md has measured
when it pays."""
from __future__ import annotations

import ctypes as c
import math
from typing import Any, NamedTuple

import numpy as np

from . import _structs, given, names
from ._library import ENV, check, created, described, freed_with, lib, written
from .arrays import array_of, is_tensor
from .copies import Unchanging
from .model import Model
from .description import Description
from .plan import Plan
from .rows import Rows
from .run import type_of
from .sampling import Runs
from .schedule import Schedule, as_schedule


def _view(address: int, shape: tuple[int, ...], dtype: Any, owner: object) -> np.ndarray:
    """An array over the library's memory, with which `owner`, whose memory it is, stays."""
    held = (c.c_ubyte * (math.prod(shape) * np.dtype(dtype).itemsize)).from_address(address)
    held.owner = owner
    return np.frombuffer(held, dtype).reshape(shape)


def _kept(address: int | None, shape: tuple[int, ...], dtype: Any, owner: object) -> np.ndarray | None:
    """The same of what never changes."""
    if not address:
        return None
    array = _view(address, shape, dtype, owner)
    array.flags.writeable = False
    return array


class Covariance:
    """The mean and the covariance of data, for plans that sample each component under its own lazy schedule.

    variances: without a basis one for each element of a sample, of a sample's shape; with one [rank], one for each of
    its vectors; finite, >= 0. basis [rank, ...]: orthonormal to 1e-6, each vector of a sample's shape. mean: of a
    sample's shape, or a number; None: 0. rest: with rank < dim, the variance in every direction orthogonal to the
    basis. floor: variances below this times the largest are raised to it.

    Everything is copied; never changes; any number of threads may share one. InvalidError (a ValueError): a number
    outside its range, no variance above 0, a basis that is not orthonormal.
    """

    def __init__(self, variances: Any, basis: Any = None, mean: Any = None, rest: float = 0.0, floor: float = 1e-6):
        variances = np.ascontiguousarray(variances, np.float64)
        basis = None if basis is None else np.ascontiguousarray(basis, np.float64)
        shape = variances.shape if basis is None else basis.shape[1:]
        if basis is not None and (basis.ndim < 2 or variances.shape != basis.shape[:1]):
            raise ValueError(f"basis [rank, ...] and variances [rank] are wanted, not {basis.shape} and "
                             f"{variances.shape}")
        mean = None if mean is None else np.ascontiguousarray(np.broadcast_to(np.asarray(mean, np.float64), shape))
        desc = described(
            _structs.CovarianceDesc, env=ENV, dim=math.prod(shape), rank=0 if basis is None else variances.size,
            variances=variances.ctypes.data, basis=basis.ctypes.data if basis is not None else None,
            mean=mean.ctypes.data if mean is not None else None, rest=rest, floor=floor,
            kind=names.number_of("covariance", "diagonal" if basis is None else "basis"))
        self._own(created(lib.itp_covariance_new, c.addressof(desc)), shape)

    def _own(self, handle: c.c_void_p, shape: tuple[int, ...]) -> None:
        self._handle, self.shape = handle, shape
        self._info = written(_structs.CovarianceInfo, lib.itp_covariance_get_info, handle)
        freed_with(self, lib.itp_covariance_free, handle)

    @classmethod
    def of_matrix(cls, matrix: Any, mean: Any = None, rank: int = 0, floor: float = 1e-6) -> "Covariance":
        """Of a matrix [dim, dim]: its `rank` largest components (0: all); the rest gets the mean of their variances.
        With a mean of `dim` elements samples have the shape of that, else [dim]. ValueError: it is not symmetric, or
        has negative eigenvalues beyond rounding."""
        matrix = np.asarray(matrix, np.float64)
        dim = len(matrix)
        if matrix.shape != (dim, dim) or not np.allclose(matrix, matrix.T) or not 0 <= rank <= dim:
            raise ValueError(f"a symmetric matrix and a rank up to its size are wanted, not {matrix.shape}, {rank}")
        values, vectors = np.linalg.eigh(matrix)
        if values[0] < -1e-8 * values[-1]:
            raise ValueError(f"a covariance has no negative eigenvalues: {values[0]:g}")
        values, rank = np.maximum(values[::-1], 0), rank or dim
        shape = np.shape(mean) if mean is not None and np.size(mean) == dim else (dim,)
        rest = float(values[rank:].mean()) if rank < dim else 0.0
        return cls(values[:rank], vectors.T[::-1][:rank].reshape(-1, *shape), mean, rest, floor)

    @classmethod
    def estimate(cls, samples: Any, kind: str = "basis", rank: int = 0, shrinkage: float | None = None,
                 floor: float = 1e-6) -> "Covariance":
        """From samples of the data [count >= 2, ...], float32 or float64, such as the end of a long run.

        kind: "basis" or "diagonal". rank: so many of the largest components, 0: all; the rest gets the mean of their
        variances. shrinkage: 0 .. 1, Sigma := (1 - shrinkage) S + shrinkage (tr S/dim) I, S divided by count; None:
        that of Ledoit and Wolf 2004. A diagonal has neither. NonFiniteError: a sample is not finite. "basis" takes
        about dim^2 (count + 5 dim) operations; InvalidError where the library has no LAPACK and dim is above 512.
        """
        samples = np.ascontiguousarray(array_of(samples, "samples") if is_tensor(samples) else samples)
        desc = described(
            _structs.CovarianceEstimation, env=ENV, samples=samples.ctypes.data,
            count=len(samples), dim=math.prod(samples.shape[1:]), rank=rank, floor=floor, type=type_of(samples.dtype),
            kind=names.number_of("covariance", kind, "kind"),
            **({} if shrinkage is None else {"shrinkage": shrinkage}))
        covariance = cls.__new__(cls)
        covariance._own(created(lib.itp_covariance_estimate, c.addressof(desc)), samples.shape[1:])
        return covariance

    @property
    def kind(self) -> str:
        """"basis" or "diagonal"."""
        return names.name_of("covariance", self._info.kind)

    @property
    def dim(self) -> int:
        """Elements of a sample; `shape` is its shape."""
        return self._info.dim

    @property
    def rank(self) -> int:
        """Vectors of the basis; of a diagonal: dim."""
        return self._info.rank

    @property
    def mean(self) -> np.ndarray | None:
        """Of a sample's shape. These arrays are the covariance's own, without copies, for reading."""
        return _kept(self._info.mean, self.shape, np.float64, self)

    @property
    def variances(self) -> np.ndarray:
        """[rank], largest first where estimated; of a diagonal: of a sample's shape. Raised to the floor."""
        shape = (self.rank,) if self._info.basis else self.shape
        return _kept(self._info.variances, shape, np.float64, self)

    @property
    def basis(self) -> np.ndarray | None:
        """[rank, ...]; None: diagonal."""
        return _kept(self._info.basis, (self.rank, *self.shape), np.float64, self)

    @property
    def rest(self) -> float:
        """The variance in every direction orthogonal to the basis; 0 where there is none."""
        return self._info.rest

    @property
    def shrinkage(self) -> float:
        """Of an estimate, as used."""
        return self._info.shrinkage

    def _numbers(self) -> tuple[Any, ...]:
        return self.variances, self.basis, self.mean, self.rest

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self._numbers(), self.shrinkage)

    def __copy__(self) -> "Covariance":
        return self

    def __deepcopy__(self, memo: Any) -> "Covariance":
        return self

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Covariance) and self.shape == other.shape and all(
            np.array_equal(a, b) if a is not None and b is not None else a is b
            for a, b in zip(self._numbers(), other._numbers())))

    def __hash__(self) -> int:
        return hash((self.kind, self.shape, self.variances.tobytes()))

    def __repr__(self) -> str:
        return f"<Covariance {self.kind}, rank {self.rank} of {self.dim}, largest variance {self.variances.max():g}>"

    def plan(self, solver: str | None = None, evaluations: int | None = None, model: Model | None = None,
             **options: Any) -> "CovariancePlan":
        """A plan for each band of variances: see `libinterp.CovariancePlan`."""
        return CovariancePlan(self, solver, evaluations, model, **options)


def _again(kind: type[Covariance], numbers: tuple[Any, ...], shrinkage: float) -> Covariance:
    """Variances that were raised to their floor already: a floor below all of them changes none."""
    made = kind(*numbers, floor=np.finfo(float).tiny)
    made._info.shrinkage = shrinkage
    return made


class Band(NamedTuple):
    """Components of similar variance: s is their deviation (to the plan's power). `plan` has their rows; in row i the
    constant mean_terms[i] (a vector's share of the mean) is added. members [rank]: the band of each component, of the
    whole covariance."""
    plan: Plan
    mean_terms: np.ndarray
    members: np.ndarray
    s: float


class CovariancePlan(Unchanging, Runs, Rows):
    """A plan for each band of a covariance, all with the same evaluations of the network. Samples of N(mu, Sigma) data
    are exact for any number of evaluations, up to the differences of variances within a band. Never changes, and may be
    shared by any number of threads.

    `sample` and `steps` are those of plans, with the same options; where shape is the count alone, samples have the
    covariance's shape. kernel="portable" gives the same bits on every machine and in every split of a batch; "auto" takes
    matrix products from OpenBLAS. Tensors are float32 or float64, on the CPU.

    solver, evaluations, model, grid, nodes, and all fields of `libinterp.Plan`: as there, for solvers without noise;
    without k, diffusion, s_churn, reversed and start="centred". Those that work with the drift gain ("euler", "ab2",
    "heun", ...); exponential ones ("ddim", "dpmpp-2m", ...) give the same samples under every schedule. schedule: only
    for the nodes of its grid; the bands' own are lazy ones.
    bands: at most so many, 0: one for each component. clock: of the bands' schedules, "angle", "beta", "identity";
    "default": angle, and identity for solvers with several evaluations to a step. power: s of a band is its deviation
    to this power, 0 .. 2; 1 is exact for Gaussian data, images want .5 (docs/covariance.md).

    InvalidError (a ValueError): as of Plan; a solver with noise, or one whose stages lie elsewhere in every band (take
    clock="identity"); a prediction whose mean has no finite limit at a row (noise at u = 0).
    """

    _sampler = lib.itp_sampler_new_covariance

    def __init__(self, covariance: Covariance, solver: str | None = None, evaluations: int | None = None,
                 model: Model | None = None, *, schedule: Schedule | str | None = None, grid: str | None = None,
                 nodes: Any = None, bands: int = 16, clock: str = "default", power: float = 1.0, **fields: Any):
        self.covariance = given.instance("covariance", covariance, Covariance, "a Covariance")
        self._sample_shape = covariance.shape
        self.model = Model() if model is None else given.instance("model", model, Model, "a Model")
        want = Description(as_schedule(schedule), solver, self.model, grid, nodes, None, None, None, False,
                            {"evaluations": evaluations, **fields}).check()
        desc = described(
            _structs.CovariancePlanDesc, env=ENV, covariance=covariance._handle,
            plan=c.addressof(want.desc), clock=names.number_of("clock", clock), bands=given.whole("bands", bands),
            power=given.number("power", power))
        self._handle = created(lib.itp_covariance_plan_new, c.addressof(desc))
        self._info = written(_structs.CovariancePlanInfo, lib.itp_covariance_plan_get_info, self._handle)
        freed_with(self, lib.itp_covariance_plan_free, self._handle, covariance)

    @property
    def bands(self) -> tuple[Band, ...]:
        """The numbers, for programs with kernels of their own; the last band is the rest's where rank < dim."""
        return tuple(self._band(i) for i in range(self._info.bands))

    def _band(self, i: int) -> Band:
        found = written(_structs.CovarianceBand, lib.itp_covariance_plan_get_band, self._handle, i)
        plan = Plan.__new__(Plan)  # the covariance plan's own: it is not freed, but keeps this one
        plan._handle, plan.model, plan._rows, plan._owner = c.c_void_p(found.plan), self.model, None, self
        plan._info = written(_structs.PlanInfo, lib.itp_plan_get_info, plan._handle)
        return Band(plan, _kept(found.mean_terms, (len(self),), np.float64, self),
                    _kept(found.members, (self.covariance.rank,), np.int32, self), found.s)

    def __repr__(self) -> str:
        return f"<CovariancePlan, {len(self)} evaluations, {self._info.bands} bands, {self.covariance!r}>"
