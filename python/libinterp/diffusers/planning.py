"""From a configuration and a call of set_timesteps to a plan."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..plan import Plan
from ..rows import NORMAL
from ..schedule import Schedule
from . import levels
from .config import Config
from .levels import Asked, Levels
from .network import Network
from .timetable import Planned

_TABLE_GRIDS = ("leading", "leading-open")
_HELD = 32  # plans
_FPNDM = 12  # evaluations of three steps by Runge and Kutta's method


class Planner:
    """Makes plans, and keeps those that were asked for last. Any number of threads may share one."""

    def __init__(self, config: Config, network: Network):
        self._config, self._network = config, network
        self._held: dict[Any, Planned] = {}

    def steps_of(self, n: int) -> int:
        """Of the solver, with n evaluations."""
        if self._config.spacing_rule == "points":
            n = max(n - 1, 1)  # MiniMax-H3 counts the end
        if self._config.solver == "pndm" and n >= _FPNDM:
            return n - _FPNDM + 3  # as theirs, which start by Runge-Kutta in runs that a plan of n evaluations would not
        # A first step from noise alone may be of order 1; tables and ranges begin at finite noise.
        read = self._diffusion() if self._network.flow else {"u_start": 0.5, **self._diffusion()}
        return Plan(solver=self._config.solver, evaluations=n, **read).steps_count

    def planned(self, asked: Asked) -> Planned:
        key = tuple(tuple(part) if isinstance(part, np.ndarray) else part for part in asked) + \
            tuple(map(str, self._config.values()))
        found = self._held.get(key)  # other threads may clear it meanwhile
        if found is None:
            if len(self._held) >= _HELD:
                self._held.clear()
            found = self._held[key] = self._made(asked)
        return found

    def _made(self, asked: Asked) -> Planned:
        given = asked.timesteps is not None or asked.sigmas is not None
        of = self._of_grid(asked.steps) if self._config.grid and not given else self._levels(asked)
        u = self._network.u_of(of.sigmas)
        end = float(self._network.u_of(of.end))
        nodes = np.array([*u, end if end > u[-1] else 1.0])  # at the cleanest sample already: to the data
        return Planned(self.make(nodes, False, asked.evaluations), nodes, of.told)

    def _levels(self, asked: Asked) -> Levels:
        if self._network.flow:
            return levels.of_flow(self._config, self._network.table, asked)
        if self._config.spacing_rule == "range":
            return levels.of_range(self._config, asked)
        return levels.of_table(self._config, self._network.table, asked)

    def _of_grid(self, steps: int) -> Levels:
        """One of libinterp's grids. ddim's plan has a row for each node, whatever the solver that is wanted."""
        config = self._config
        read = {"steps_offset": config.steps_offset} if config.grid in _TABLE_GRIDS else \
            {"shift": config.shift} if config.grid == "shift" else {}
        plan = Plan(solver="ddim", evaluations=steps, model=self._network.model, grid=config.grid, **read)
        sigmas = self._network.level_at(np.array([row.u for row in plan.rows]))
        early = not self._network.flow and self._network.table and (
            not config.set_alpha_to_one or config.final_sigmas_type == "sigma_min")
        return Levels(sigmas, self._network.table.sigmas[0] if early else 0.0, np.full(len(sigmas), np.nan))

    # Plans

    def _diffusion(self) -> dict[str, Any]:
        return {"k": self._config.k} if self._config.k else {}

    def make(self, nodes: np.ndarray, simple: bool, most: int = 0) -> Plan:
        """A plan on these nodes, of `most` evaluations where that is not 0. simple: of a solver with one evaluation per
        step, of the same kind."""
        config = self._config
        solver, schedule = _simple(config) if simple else (config.solver, config.schedule)
        read = {name: config[name] for name in ("eta", "s_noise") if config[name] is not None}
        if not simple and _lower(config, len(nodes) - 1):
            read["final_order"] = "lower"
        if simple and solver not in (config.solver, "euler-ancestral"):
            read = {}
        read = {**read, **self._diffusion()}
        plan = self._noisy(schedule, solver, nodes, read)
        if 0 < most < len(plan) and most >= len(nodes) - 1:
            return self._noisy(schedule, solver, nodes, {**read, "evaluations": most})
        return plan

    def _noisy(self, schedule: Any, solver: str, nodes: np.ndarray, read: dict[str, Any]) -> Plan:
        """With fresh noise in each step where torch draws it."""
        model = self._network.model_for(nodes)
        if schedule == "ve":
            schedule = Schedule("ve", sigma_max=float(max(80.0, (1 - nodes[0]) / nodes[0])))
        plan = Plan(schedule, solver, model=model, nodes=nodes, **read)
        drawn = any(term.column == NORMAL for row in plan.rows for term in row.terms)
        if drawn and self._config.noise_seed is None:
            plan = Plan(schedule, solver, model=model, nodes=nodes, noise="steps", **read)
        return plan


def _lower(config: Config, steps: int) -> bool:
    return config.final_order == "lower" or config.final_order == "short" and steps < 15


def _simple(config: Config) -> tuple[str, Any]:
    if config.solver == "pndm":
        return "ipndm-4", "ve"  # what it is after its start
    if config.k:
        return "exponential-sde", config.schedule
    if config.solver in ("lcm", "tcd"):
        return config.solver, config.schedule
    noisy = ("ancestral", "ddpm", "dpmpp-sde", "sde-dpm", "er-sde", "langevin")
    return ("euler-ancestral" if any(part in config.solver for part in noisy) else "ddim"), config.schedule
