"""Paths: a trajectory that was sampled under one schedule and diffusion, seen at any time under any other."""
from __future__ import annotations

import ctypes as c
import math
from typing import Any, Callable

import numpy as np

from . import _structs, given, names
from ._library import ENV, check, created, described, freed_with, lib, pointer
from .copies import check_pickles
from .network import Network
from .description import scalar_callback
from .plan import Plan
from .rows import STATE
from .run import Run, Step, seed_of, seeds_of, type_of
from .running import run_through
from .schedule import Schedule, as_schedule

def _states_of(states: Any) -> np.ndarray:
    states = np.ascontiguousarray(states)
    type_of(states.dtype)
    if states.ndim < 2 or not states.size:
        raise ValueError(f"states: [times, count, ...] with at least one element are wanted, not {states.shape}")
    return states


def _ends_of_steps(plan: Plan) -> list[int]:
    """Which states Y_i are those of the solver's steps, without its stages."""
    rows = [0, *(i + 1 for i, row in enumerate(plan.rows) if row.ends_step)]
    if len(rows) <= len({row.step for row in plan.rows}):
        raise ValueError(f'record: the states of "{plan.solver}" are shifted by noise when the network is asked: they are '
                         "not on the path")
    return rows


def _last_pass(rows: list[int], times: list[float]) -> list[int]:
    """Those whose times increase from one to the next, or decrease: where a restart goes back, the way that the samples
    came last. The state that it goes back from is on the way that they left."""
    forward, found = times[-1] > times[0], []
    for i, t in zip(rows, times):
        while found and (found[-1][1] >= t if forward else found[-1][1] <= t):
            found.pop()
        found.append((i, t))
    return [i for i, _ in found]


class _Recorder:
    """The states of a run in the coordinates of a schedule, in the order of their times."""

    def __init__(self, plan: Plan, schedule: Schedule, x: np.ndarray):
        rows = _ends_of_steps(plan)
        found = {i: plan.coordinates(i, schedule) for i in rows}
        rows = _last_pass(rows, [found[i][0] for i in rows])
        if found[rows[0]][0] > found[rows[-1]][0]:  # a reversed plan
            rows.reverse()
        self._places = {i: (place, found[i][1]) for place, i in enumerate(rows)}
        self.times = np.array([found[i][0] for i in rows])
        self.states = np.empty((len(rows), *x.shape), x.dtype)

    def note(self, i: int, x: np.ndarray) -> None:
        if i in self._places:
            place, factor = self._places[i]
            np.multiply(x, factor, out=self.states[place], dtype=np.float64, casting="same_kind")


def _again(kind: type[Path], times: np.ndarray, states: np.ndarray, options: dict[str, Any]) -> Path:
    return kind(times, states, **options)


class Path:
    """The states of a run at increasing times of a schedule, and, for an SDE, the Brownian motion that drove it.

    times [n]: in [0, 1], strictly increasing. states [n, count, ...]: float32 or float64, in the coordinates of
    `schedule`; not copied where contiguous, and not to be changed later. schedule: a Schedule or a name.
    k: of the diffusion eps = k eps*, a number or a function of u; 0: a flow. noise: "path" where sample i was driven by
    the Brownian path of (seed, first + i), or (seeds[i], 0), as in runs; "steps" where by something else.
    `Path.record` runs a plan and keeps what is wanted here.

    Between two recorded states it is the process that meets both: for k = 1 a straight line and a Brownian bridge in
    the point mass schedule's coordinates, for k = 0 or noise="steps" a straight line in those of the linear schedule.
    Any number of threads may ask one path at once.

    InvalidError (a ValueError): times that do not increase or leave [0, 1], a k that is negative or not finite. A state
    at a point mass (alpha = beta = 0) may be the first one only. What k raises comes out as itself.
    """

    def __init__(self, times: Any, states: Any, *, schedule: Schedule | str = "linear",
                 k: float | Callable[[float], float] = 0.0, noise: str = "path", seed: int = 0, seeds: Any = None,
                 first: int = 0):
        self.times = given.reals("times", times).copy()
        self.schedule = as_schedule(given.required("schedule", schedule, "a Schedule or a name"))
        self.states, self.k = _states_of(states), k if callable(k) else given.number("k", k)
        if len(self.times) != len(self.states):
            raise ValueError(f"times, states: {len(self.times)} times for {len(self.states)} states")
        seeds = seeds_of(seeds, self.states.shape[1])
        self._driven = {"noise": noise, "seed": seed, "seeds": seeds, "first": first}
        asked = scalar_callback(k) if callable(k) else None
        desc = described(
            _structs.PathDesc, env=ENV, schedule=self.schedule._handle,
            times=self.times.ctypes.data, states=self.states.ctypes.data, dim=math.prod(self.states.shape[2:]),
            count=self.states.shape[1], time_count=len(self.times), type=type_of(self.states.dtype),
            k=0.0 if asked else self.k, k_fn=pointer(asked), noise=names.number_of("noise", noise),
            seed=seed_of(seed), first=first, seeds=seeds.ctypes.data if seeds is not None else None)
        self._handle = created(lib.itp_path_new, c.addressof(desc))
        freed_with(self, lib.itp_path_free, self._handle, self.states, asked)

    def __reduce__(self) -> tuple[Any, ...]:
        check_pickles("Path", "k", self.k)
        return _again, (type(self), self.times, self.states, {"schedule": self.schedule, "k": self.k, **self._driven})

    def __copy__(self) -> "Path":
        return self

    def __deepcopy__(self, memo: Any) -> "Path":
        return _again(type(self), self.times, self.states.copy(),
                      {"schedule": self.schedule, "k": self.k, **self._driven})

    @property
    def shape(self) -> tuple[int, ...]:
        """[count, ...], that of the states at one time."""
        return self.states.shape[1:]

    def __len__(self) -> int:
        """How many states were recorded."""
        return len(self.times)

    def __repr__(self) -> str:
        return f"<Path of {len(self)} states {self.shape}, {self.schedule!r} t {self.times[0]:g} to {self.times[-1]:g}>"

    def at(self, t: Any, schedule: Schedule | str = "linear", out: np.ndarray | None = None) -> np.ndarray:
        """The states [count, ...] at the time t of `schedule`, in its coordinates; for an array of times [*t.shape,
        count, ...]. At a recorded time it is the recorded state. out: a contiguous array for them.

        InvalidError: t outside [0, 1], or before the first or after the last recorded state, or at a state recorded at
        a point mass where `schedule` has none.
        """
        times = given.reals("t", t).reshape(np.shape(t))
        to = as_schedule(given.required("schedule", schedule, "a Schedule or a name"))
        shape = (*times.shape, *self.shape)
        if out is None:
            out = np.empty(shape, self.states.dtype)
        elif not (out.shape == shape and out.dtype == self.states.dtype and out.flags.c_contiguous and
                  out.flags.writeable):
            raise ValueError(f"out: a contiguous array of shape {shape} and type {self.states.dtype} is wanted")
        for time, state in zip(times.ravel(), out.reshape(times.size, *self.shape)):
            check(lib.itp_path_at(self._handle, to._handle, time, state.ctypes.data))
        return out

    @classmethod
    def record(cls, plan: Plan, network: Callable[..., Any], shape: Any = None, *, schedule: Schedule | str = "linear",
               k: float | Callable[[float], float] | None = None, noise: str = "path",
               on_data: Callable[[Any, Any], Any] | None = None, on_row: Callable[[Any, Any], Any] | None = None,
               progress: bool = False, seed: int = 0, seeds: Any = None, first: int = 0, **options: Any) -> "Path":
        """Runs `plan` with `network`, as `libinterp.sample` does, and returns its path: the states between the solver's
        steps, without its stages, in the coordinates of `schedule`. The samples are path.states[-1] (of a reversed plan
        states[0] is the end); at u = 1 these are the data.

        k, noise: what the plan was made with; k is wanted for plans that draw noise in their steps (0 where k does not
        describe it: straight lines between the states). Memory: (steps + 1) times the samples. Of a solver that restarts
        the way that the samples came last is kept; give k=0 and noise="steps", as the noise of restarts is no path's.
        ValueError: k is missing; the states are shifted by noise (stochastic-heun, sea, shark, alphafold-3, churn).
        """
        given.instance("plan", plan, Plan, "a Plan")
        if k is None and plan._info.normals > 1:
            raise ValueError("record: the plan draws noise in its steps: k= is wanted, as the plan was made with it")
        to, caller = as_schedule(schedule), Network(network)
        run = Run(plan, shape, seed=seed, seeds=seeds, first=first, **options)
        recorder = _Recorder(plan, to, run.x)

        def evaluate(step: Step) -> None:
            recorder.note(step.row, step.x)
            caller(step)

        run_through(run, evaluate, on_data, on_row, progress)
        recorder.note(len(plan), run.x)
        return cls(recorder.times, recorder.states, schedule=to, k=k or 0.0, noise=noise, seed=seed, seeds=seeds,
                   first=first)
