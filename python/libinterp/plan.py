"""Plans: a network, a sampling schedule, a solver and a budget of evaluations, turned into rows of numbers."""
from __future__ import annotations

import ctypes as c
import os
import pathlib
import threading
from typing import Any, Callable, Sequence

from . import _structs, _values, errors, given, names
from ._library import ENV, check, created, freed_with, lib, text_of, whole, written
from .description import Description
from .fit import Fit, fit
from .model import Model
from .rows import NORMAL, OUTPUT, STATE, Numbers, Row, Term, row_array, term_array  # noqa: F401
from .sampling import Runs
from .schedule import Schedule, as_schedule

_loading = threading.Lock()  # cJSON notes the place of an error in a global


def _again(kind: type[Plan], text: str, model: Model | None, said: dict[str, Any]) -> Plan:
    plan = kind.from_json(text, model)
    vars(plan).update(said)
    return plan


class Plan(Runs, Numbers):
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
        description = Description(as_schedule(schedule), solver, model, grid, nodes, k, diffusion,
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
            if error.status == _values.E_UNSUPPORTED:
                raise errors.InvalidError("this library was built without cJSON", _values.E_UNSUPPORTED) from None
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
        array, used = row_array(rows)
        start = term_array(start_terms)
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
        return fit(self, network, shape, **options)

    def fit_steps(self, shape: Any, **options: Any) -> Fit:
        """The same fit with the network wherever it is, one evaluation at a time: see fit.Fit."""
        return Fit(self, shape, **options)
