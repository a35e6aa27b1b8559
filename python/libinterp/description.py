"""The description of a plan, as the library reads it: what the caller named, and where each name belongs."""
from __future__ import annotations

import ctypes as c
from typing import Any, Callable

from . import _structs, given, names
from ._library import ENV, check, described, keep, lib, pointer, put
from .model import Model
from .schedule import Schedule


def scalar_callback(function: Callable[[float], float]) -> Any:
    def call(user: int | None, x: float) -> float:
        try:
            return float(function(x))
        except BaseException as error:
            keep(error)
            return float("nan")

    return _structs.K_FN(call)


#: Numbers and choices by their names here: the part of the description that has them, and their name there
_REALS = {**{name: ("grid", name) for name in ("shift", "terminal", "rho", "beta_a", "beta_b", "sigma_max", "sigma_min",
                                               "deviation", "u_start", "u_end")},
          **{name: ("solver", name) for name in ("eta", "s_noise", "s_churn", "s_min", "s_max", "gamma", "step_scale",
                                                "corrector_snr")},
          "norm": ("diffusion", "norm")}
_WHOLES = {"evaluations": ("plan", "evaluations"), "steps_offset": ("grid", "steps_offset")}
_CHOICES = {**{name: "plan" for name in ("start", "last", "singular", "noise", "ends")}, "final_order": "solver"}


class Description:
    """itp_plan_desc, and everything that it points to. What is None was not given."""

    def __init__(self, schedule: Schedule | None, solver: str | names.Tableau | None, model: Model, grid: str | None,
                 nodes: Any, k: Any, diffusion: Any, diffusion_schedule: Schedule | None, reversed: bool, fields: dict[str, Any]):
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
            self.used.append(scalar_callback(k))
            self._set("diffusion", "k_fn", pointer(self.used[-1]))
        elif k is not None:
            self._set("diffusion", "k", given.number("k", k))
        if callable(diffusion):
            self.used.append(scalar_callback(diffusion))
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

    def check(self) -> "Description":
        """What was given and is not read is an error whatever its value; the library itself knows a field as given by
        its not being zero."""
        for part, name in self.given:
            if not getattr(getattr(self, part), name):
                check(lib.itp_plan_reads(c.addressof(self.plan), name.encode()))
        return self
