"""Plans: a network, a sampling schedule, a solver and a budget of evaluations, turned into rows of numbers."""
from __future__ import annotations

import ctypes as c
import os
import pathlib
import threading
import warnings
from typing import TYPE_CHECKING, Any, Callable, Iterator, NamedTuple, Sequence

import numpy as np

from . import _structs, errors, given, names
from ._library import ENV, check, created, described, freed_with, keep, lib, pointer, put, text_of, whole, written
from .model import Model
from .schedule import Schedule, as_schedule

if TYPE_CHECKING:
    from .fit import Fit

STATE, OUTPUT, NORMAL = 0, 1, 2  # ITP_COLUMN_*
_loading = threading.Lock()  # cJSON notes the place of an error in a global


class Term(NamedTuple):
    """coef times Y_index (column STATE), F_index (OUTPUT) or xi_index (NORMAL); `slot` holds it when the row runs."""
    column: int
    index: int
    slot: int
    coef: float


class Row(NamedTuple):
    """One evaluation: F = network(Y, time), then Y' = the sum of `terms`, then, with `keep`, F := keep_state Y +
    keep_output F. The data prediction is data_state Y + data_output F (both 0: it has no finite limit). The row is part
    of the solver's `step`, of `steps`; ends_step: Y' is where that step ends."""
    time: float
    u: float
    t: float
    terms: tuple[Term, ...]
    keep: bool = False
    keep_state: float = 0.0
    keep_output: float = 1.0
    x_slot: int = -1
    out_slot: int = -1
    next_slot: int = -1
    data_state: float = 0.0
    data_output: float = 0.0
    scale: float = 1.0
    step: int = 0
    steps: int = 0
    ends_step: bool = False


class Arrays(NamedTuple):
    """The rows of a plan as arrays; n rows. states, outputs [n, n]: [i, j] is the coefficient of Y_j, F_j in Y_i+1.
    normals [n, m]: [i, j] is that of xi_normal_index[j]."""
    time: np.ndarray
    u: np.ndarray
    t: np.ndarray
    keep: np.ndarray
    keep_state: np.ndarray
    keep_output: np.ndarray
    data_state: np.ndarray
    data_output: np.ndarray
    scale: np.ndarray
    states: np.ndarray
    outputs: np.ndarray
    normals: np.ndarray
    normal_index: np.ndarray


class Origin(NamedTuple):
    """Where a fitted plan comes from; errors are root mean squares to the converged end point."""
    network: str
    seed: int
    first: int
    count: int
    held_out: int
    before: float
    before_held_out: float
    after: float
    after_held_out: float
    guidance: float
    guidance_low: float
    guidance_high: float
    ridge: float


def _term_array(terms: Sequence[Term]) -> Any:
    found = (_structs.Term * max(len(terms), 1))()
    for to, term in zip(found, terms):
        to.column, to.index, to.slot, to.coef = term.column, term.index, -1, term.coef
    return found


def _row_array(rows: Sequence[Row]) -> tuple[Any, list[Any]]:
    """The rows as the library reads them, and the arrays that they point to."""
    found, used = (_structs.PlanRow * max(len(rows), 1))(), [_term_array(row.terms) for row in rows]
    for to, row, terms in zip(found, rows, used):
        for name in Row._fields:
            if name != "terms" and not name.endswith("_slot"):
                setattr(to, name, getattr(row, name))
        to.size, to.terms, to.term_count = c.sizeof(_structs.PlanRow), c.addressof(terms), len(row.terms)
    return found, used


def _terms(address: int | None, count: int) -> tuple[Term, ...]:
    found = (_structs.Term * count).from_address(address) if count else ()
    return tuple(Term(term.column, term.index, term.slot, term.coef) for term in found)


def _scalar_callback(function: Callable[[float], float]) -> Any:
    def call(user: int | None, x: float) -> float:
        try:
            return float(function(x))
        except BaseException as error:
            keep(error)
            return float("nan")

    return _structs.SCALAR_FN(call)


#: Numbers and choices by their names here: the part of the description that has them, and their name there
_REALS = {**{name: ("grid", name) for name in ("shift", "terminal", "rho", "beta_a", "beta_b", "sigma_max", "sigma_min",
                                               "deviation", "u_start", "u_end")},
          **{name: ("solver", name) for name in ("eta", "s_noise", "s_churn", "s_min", "s_max", "gamma", "step_scale",
                                                "corrector_snr")},
          "norm": ("diffusion", "norm")}
_WHOLES = {"evaluations": ("plan", "evaluations"), "steps_offset": ("grid", "steps_offset")}
_CHOICES = {**{name: "plan" for name in ("start", "last", "singular", "noise", "ends")}, "final_order": "solver"}


class _Description:
    """itp_plan_desc, and everything that it points to. What is None was not given."""

    def __init__(self, schedule: Schedule | None, solver: str | names.Tableau | None, model: Model, grid: str | None, nodes: Any, k: Any,
                 diffusion: Any, diffusion_schedule: Schedule | None, reversed: bool, fields: dict[str, Any]):
        self.used: list[Any] = [schedule, model, diffusion_schedule]
        self.given: list[tuple[str, str]] = []
        self.solver = described(_structs.Solver) if solver is None else names.solver(solver)
        self.grid = names.parsed("grid", ("time" if nodes is None else "user-u") if grid is None else grid)
        if given.flag("reversed", reversed):
            self.grid.reversed = 1
        self.diffusion = (names.parsed("diffusion", diffusion) if isinstance(diffusion, str)
                          else described(_structs.Diffusion))
        self.desc = self.plan = described(
            _structs.PlanDesc, env=ENV, model=model._address, schedule=schedule._handle if schedule else None,
            solver=c.addressof(self.solver), grid=c.addressof(self.grid), diffusion=c.addressof(self.diffusion))
        self._nodes(nodes)
        self._diffusion(k, diffusion)
        if diffusion_schedule is not None:
            self._set("diffusion", "schedule", diffusion_schedule._handle)
        for name, value in fields.items():
            if value is not None or name not in (*_REALS, *_WHOLES, *_CHOICES, "restarts"):
                self._field(name, value)

    def _set(self, part: str, name: str, value: Any, called: str | None = None) -> None:
        put(getattr(self, part), name, value, called or name)
        self.given.append((part, name))

    def _nodes(self, nodes: Any) -> None:
        if nodes is not None:
            nodes = given.reals("nodes", nodes)
            self._set("grid", "nodes", nodes.ctypes.data)
            self.grid.node_count = nodes.size
            self.used.append(nodes)

    def _diffusion(self, k: Any, diffusion: Any) -> None:
        if callable(k):
            self.used.append(_scalar_callback(k))
            self._set("diffusion", "k_fn", pointer(self.used[-1]))
        elif k is not None:
            self._set("diffusion", "k", given.number("k", k))
        if callable(diffusion):
            self.used.append(_scalar_callback(diffusion))
            self.diffusion.fn, self.diffusion.kind = pointer(self.used[-1]), names.number_of("diffusion", "user")
        elif diffusion is not None and not isinstance(diffusion, str):
            raise TypeError(f"diffusion: a name or a function is wanted, not {diffusion!r}")

    def _restarts(self, restarts: Any) -> None:
        try:
            rows = [(given.number("restarts: low", low), given.number("restarts: high", high),
                     given.whole("restarts: steps", steps), given.whole("restarts: times", times))
                    for low, high, steps, times in restarts]
        except (TypeError, ValueError) as error:
            raise TypeError(f"restarts: a list of (low, high, steps, times) is wanted, not {restarts!r}") from error
        if rows:
            array = (_structs.Restart * len(rows))(*rows)
            self.solver.restarts, self.solver.restart_count = c.addressof(array), len(rows)
            self.used.append(array)

    def _field(self, name: str, value: Any) -> None:
        if name == "restarts":
            self._restarts(value)
        elif name in _CHOICES:
            self._set(_CHOICES[name], name, names.number_of(name, value))
        elif name in _REALS:
            self._set(*_REALS[name], given.number(name, value), name)
        elif name in _WHOLES:
            self._set(*_WHOLES[name], given.whole(name, value), name)
        else:
            raise TypeError(f"Plan: unknown parameter {name!r}")

    def check(self) -> "_Description":
        """What was given and is not read is an error whatever its value; the library itself knows a field as given by
        its not being zero."""
        for part, name in self.given:
            if not getattr(getattr(self, part), name):
                check(lib.itp_plan_reads(c.addressof(self.plan), name.encode()))
        return self


class Runs:
    """What every kind of plan is run by; `_handle` is what `_sampler` makes a sampler of."""

    _handle: Any
    _sampler: Any
    _sample_shape: tuple[int, ...] | None = None  # of samples, where the plan knows it

    def steps(self, shape: Any = None, **options: Any) -> Any:
        """The stepwise form, a `libinterp.Run`, with the options of `sample` that are not of its callbacks:

            run = plan.steps((64, 784), seed=7)
            for rq in run:
                rq.out[...] = velocity(rq.x, rq.time)
            x = run.x
        """
        from .run import Run
        return Run(self, shape, **options)

    def sample(self, network: Callable[..., Any], shape: Any = None, **options: Any) -> Any:
        """Samples: see `libinterp.sample`, whose first argument this is."""
        from .sampling import sample
        return sample(self, network, shape, **options)


class Rows(Runs):
    """What every kind of plan says of its rows, from the library's struct in `_info`."""

    _info: Any

    @property
    def evaluations(self) -> int:
        """Rows, that is, evaluations of the network."""
        return self._info.rows

    def __len__(self) -> int:
        return self._info.rows

    @property
    def u_start(self) -> float:
        return self._info.u_start

    @property
    def u_end(self) -> float:
        return self._info.u_end


def _again(kind: type[Plan], text: str, model: Model | None, said: dict[str, Any]) -> Plan:
    plan = kind.from_json(text, model)
    vars(plan).update(said)
    return plan


class Plan(Rows):
    """What to do with a network: `evaluations` rows of numbers. Never changes, knows no sizes, and may be shared by any
    number of threads.

    Plan("schedule=lazy(k=1) k=1 solver=sa-2 evaluations=8") is the plan of a text (<interp/text.h>), which `text` prints
    again. Otherwise:

    schedule: to sample under, a Schedule or a name; None: the model's own.
    solver: a name of `libinterp.solvers()`, or a text, "ddpm(eta=0.5)", or a Tableau; None: "euler", with noise "euler-maruyama".
    evaluations: of the network, 8; a solver with two per step makes about half as many steps, and spends what is left in
    shorter ones.
    model: a Model; None: a velocity network trained on the linear schedule, given t.
    k: the diffusion eps = k eps*, a number or a function of u; 0: the flow, 1: the statistically optimal SDE.
    grid: a name of `libinterp.grids()`, or a text, "karras(rho=5)". nodes: positions u (or, with grid="user-time", "user-sigma", times or noise
    levels), steps + 1 of them; evaluations are then those to be spent on them (None: full steps).
    diffusion: a name of `libinterp.diffusions()`, or a function of t, with norm and diffusion_schedule.
    reversed: from data to noise (inversion): sample with data=.
    Other parameters are fields of itp_plan_desc and what it points to (<interp/plan.h>) under their names: shift, sigma_max,
    sigma_min, rho, beta_a, beta_b, terminal, steps_offset, u_start, u_end, eta, s_noise, s_churn, s_min, s_max, gamma,
    step_scale, corrector_snr, norm,
    start ("evaluate", "centred"), last ("data", "noise"), singular ("flow", "error"), final_order ("full", "lower"),
    noise ("path", "steps"), ends ("inside", "evaluate": whether the network is evaluated at u = 1).

    restarts: a list of (low, high, steps, times): from the node nearest to the level low (sigma = alpha/beta) back to
    high with fresh noise, and down again in so many steps, so often.

    None leaves a parameter at its default. What is given and what nothing chosen reads is an error: rho with the grid
    "time", eta with the solver "ddim", u_start beside nodes.

    InvalidError (a ValueError): unknown names, parameters that nothing reads, nodes that do not increase or
    that a schedule does not reach, a budget below one evaluation. What a callback of a schedule, a model or a diffusion raises comes out as itself.
    """

    _sampler = lib.itp_sampler_new

    def __init__(self, schedule: Schedule | str | None = None, solver: str | names.Tableau | None = None,
                 evaluations: int | None = None, model: Model | None = None,
                 k: float | Callable[[float], float] | None = None, grid: str | None = None,
                 nodes: Any = None, diffusion: str | Callable[[float], float] | None = None,
                 diffusion_schedule: Schedule | str | None = None, reversed: bool = False, **fields: Any):
        if isinstance(schedule, str) and "=" in schedule.split("(")[0]:
            others = (solver, evaluations, model, k, grid, nodes, diffusion, diffusion_schedule, reversed or None)
            if fields or any(other is not None for other in others):
                raise TypeError("Plan: a text describes all of it; other parameters are given in the text")
            self._own(created(lib.itp_plan_parse_with, schedule.encode(), ENV), None)
            return
        model = Model() if model is None else given.instance("model", model, Model, "a Model")
        description = _Description(as_schedule(schedule), solver, model, grid, nodes, k, diffusion,
                                   as_schedule(diffusion_schedule, "diffusion_schedule"), reversed,
                                   {"evaluations": evaluations, **fields})
        self._own(created(lib.itp_plan_new, c.addressof(description.check().desc)), model)

    def _own(self, handle: c.c_void_p, model: Model | None) -> None:
        self._handle, self.model = handle, model
        self._info = written(_structs.PlanInfo, lib.itp_plan_get_info, handle)
        self._rows: tuple[Row, ...] | None = None
        freed_with(self, lib.itp_plan_free, handle)

    @classmethod
    def _of(cls, handle: c.c_void_p, model: Model | None) -> "Plan":
        plan = cls.__new__(cls)
        plan._own(handle, model)
        return plan

    # What it is

    @property
    def steps_count(self) -> int:
        """Steps of the solver."""
        return self._info.steps

    @property
    def text(self) -> str | None:
        """What it was made from, as text that makes it again, bit for bit; None: it has functions of the program's, or
        was fitted, converted or made from rows."""
        try:
            return text_of(lib.itp_plan_print, self._handle)
        except errors.InvalidError:
            return None

    @property
    def unspent(self) -> int:
        """Evaluations that were asked for and that no step can make."""
        return self._info.unspent

    @property
    def slots(self) -> int:
        """Arrays that running it needs; number 0 is the state."""
        return self._info.slots

    @property
    def solver(self) -> str:
        return self._info.solver.decode()

    @property
    def start_scale(self) -> float:
        """Standard deviation of the noise in the first state."""
        return self._info.start_scale

    @property
    def start_data(self) -> float:
        """What `data` is multiplied by where a run starts from data."""
        return self._info.start_data

    def check_start(self, data: bool) -> None:
        """What the library says of a run from noise, or from data, that does not begin where this plan does."""
        if data and self.start_data == 0:
            raise errors.InvalidError(f"data: the plan begins at u = {self.u_start:g} with noise alone; make it with "
                                      "u_start above 0", -4)
        if not data and self.u_start > self.u_end:
            raise errors.InvalidError("data: none, but the plan is reversed, and begins with data", -4)
        if not data and self._info.starts_inside:
            warnings.warn(f"the plan begins at u = {self.u_start:g}, where a state is noise and data: give data= or "
                          "start=, or make the plan with u_start 0", errors.Warning, stacklevel=4)

    @property
    def end_scale(self) -> float:
        """Of the last state; 1 at u = 1, where it is the data themselves."""
        return self._info.end_scale

    @property
    def amplification(self) -> float:
        """What the plan makes of errors of the network's outputs, and of its own noise: 1 to 10 in most plans."""
        return self._info.amplification

    @property
    def start_terms(self) -> tuple[Term, ...]:
        """The first state as a sum of normals; empty: start_scale xi_0."""
        return _terms(self._info.start_terms, self._info.start_term_count)

    @property
    def origin(self) -> Origin | None:
        """Of a fitted plan; None: it is not one."""
        found = written(_structs.PlanOrigin, lib.itp_plan_get_origin, self._handle)
        if not found.count:
            return None
        values = [getattr(found, name) for name in Origin._fields]
        return Origin(values[0].decode(errors="replace"), *values[1:])

    def _row(self, i: int) -> Row:
        row = written(_structs.PlanRow, lib.itp_plan_get_row, self._handle, i)
        values = {name: getattr(row, name) for name in Row._fields}
        return Row(**{**values, "keep": bool(row.keep), "ends_step": bool(row.ends_step), "terms": _terms(row.terms, row.term_count)})

    @property
    def rows(self) -> tuple[Row, ...]:
        if self._rows is None:
            self._rows = tuple(self._row(i) for i in range(len(self)))
        return self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def arrays(self) -> Arrays:
        """The rows as arrays."""
        n, rows = len(self), self.rows
        index = sorted({term.index for row in rows for term in row.terms if term.column == NORMAL})
        place = {m: j for j, m in enumerate(index)}
        coefficients = [np.zeros((n, width)) for width in (n, n, len(index))]
        for i, row in enumerate(rows):
            for term in row.terms:
                j = place[term.index] if term.column == NORMAL else term.index
                coefficients[term.column][i, j] += term.coef
        columns = [np.array([getattr(row, name) for row in rows]) for name in Arrays._fields[:-4]]
        return Arrays(*columns, *coefficients, np.array(index, np.int64))

    def __str__(self) -> str:
        return text_of(lib.itp_plan_format, self._handle)

    def __repr__(self) -> str:
        return f"<Plan {self.solver}, {len(self)} evaluations, u {self.u_start:g} to {self.u_end:g}>"

    def _numbers(self) -> tuple[Any, ...]:
        info = self._info
        return (info.solver, info.steps, info.slots, info.normals, info.start_scale, info.start_data, info.u_start,
                info.u_end, self.start_terms, self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self._numbers() == other._numbers()

    def __hash__(self) -> int:
        return hash(self._numbers())

    # Other plans

    def convert(self, schedule: Schedule | str) -> "Plan":
        """The plan under `schedule` that makes the same process."""
        to = as_schedule(schedule)
        return Plan._of(created(lib.itp_plan_convert, self._handle, to._handle), self.model)

    def coordinates(self, i: int, schedule: Schedule | str = "linear") -> tuple[float, float]:
        """(t, factor): the state that row i evaluates, or for i = len(plan) the last one, lies at the time t of
        `schedule` and is factor times Y_i in its coordinates."""
        to, t, factor = as_schedule(schedule), c.c_double(), c.c_double()
        i = whole("i", i, -2**31, 2**31 - 1)
        check(lib.itp_plan_coordinates(self._handle, i, to._handle, c.byref(t), c.byref(factor)))
        return t.value, factor.value

    def to_json(self) -> str:
        """The plan as text; to 17 digits, so that what is loaded has the same bits. InvalidError: no cJSON."""
        try:
            return text_of(lib.itp_plan_to_json, self._handle)
        except errors.InvalidError as error:
            if error.status == -4:  # ITP_E_UNSUPPORTED
                raise errors.InvalidError("this library was built without cJSON", -4) from None
            raise

    @classmethod
    def from_json(cls, text: str, model: Model | None = None) -> "Plan":
        """The plan that `text` says; `model` is only wanted for a later fit. InvalidError says what is wrong."""
        data = text.encode()
        with _loading:
            handle = created(lib.itp_plan_from_json, c.c_char_p(data), len(data), ENV)
        return cls._of(handle, model)

    @classmethod
    def from_rows(cls, rows: Sequence[Row], *, steps: int = 0, start_scale: float = 0.0, start_data: float = 0.0,
                  u_start: float = 0.0, u_end: float = 0.0, end_scale: float = 0.0, start_terms: Sequence[Term] = (),
                  starts_inside: bool = False, solver: str | None = None, model: Model | None = None) -> "Plan":
        """A plan of rows that somebody else found, checked by the library; slots are assigned anew. With all rows and
        numbers of a plan it runs to that plan's bits. steps 0: every row is a step. Without start_scale, start_data and
        start_terms the run starts from xi_0; u_start and u_end 0: the whole path; end_scale 0: 1. solver: whose rows
        they are, a name of `libinterp.solvers()`. InvalidError names row and term."""
        rows = [given.instance(f"rows[{i}]", row, Row, "a libinterp.Row") for i, row in enumerate(rows)]
        array, used = _row_array(rows)
        start = _term_array(start_terms)
        desc = _structs.PlanRows(
            size=c.sizeof(_structs.PlanRows), env=ENV, rows=c.addressof(array), row_count=len(rows),
            steps=given.whole("steps", steps), start_scale=given.number("start_scale", start_scale),
            start_data=given.number("start_data", start_data), u_start=given.number("u_start", u_start),
            u_end=given.number("u_end", u_end), end_scale=given.number("end_scale", end_scale),
            start_terms=c.addressof(start), start_term_count=len(start_terms), starts_inside=bool(starts_inside),
            solver=None if solver is None else solver.encode())
        return cls._of(created(lib.itp_plan_from_rows, c.addressof(desc)), model)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the plan as JSON."""
        pathlib.Path(path).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: str | os.PathLike[str], model: Model | None = None) -> "Plan":
        return cls.from_json(pathlib.Path(path).read_text(encoding="utf-8"), model)

    def __reduce__(self) -> tuple[Any, ...]:
        """To other processes as its numbers, with its model."""
        said = {name: value for name, value in vars(self).items() if name == "report"}
        return _again, (type(self), self.to_json(), self.model, said)

    def __copy__(self) -> "Plan":
        return self

    def __deepcopy__(self, memo: Any) -> "Plan":
        return self

    def fit(self, network: Callable[..., Any], shape: Any, **options: Any) -> "Plan":
        """A plan of as many evaluations that is nearer to the converged samples of this network: see fit.fit."""
        from .fit import fit
        return fit(self, network, shape, **options)

    def fit_steps(self, shape: Any, **options: Any) -> "Fit":
        """The same fit with the network wherever it is, one evaluation at a time: see fit.Fit."""
        from .fit import Fit
        return Fit(self, shape, **options)
