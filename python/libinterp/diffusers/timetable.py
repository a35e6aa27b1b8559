"""What set_timesteps makes: a plan's rows, the number that the network is told in each, and where a loop may begin."""
from __future__ import annotations

from typing import Any, Callable, NamedTuple

import numpy as np
import torch

from .. import _values, errors
from ..plan import Plan
from ..rows import NORMAL, Row


class Entry(NamedTuple):
    """One evaluation. row: None where nothing is done with it. live: slots of earlier rows that are still read. asked:
    normals that later rows read again."""
    row: Row | None
    live: frozenset[int]
    asked: frozenset[int]


def entries_of(rows: tuple[Row, ...]) -> list[Entry]:
    live: set[int] = set()
    asked: set[int] = set()
    found: list[Entry] = []
    for row in reversed(rows):
        reads = {row.x_slot} | {term.slot for term in row.terms if term.column != NORMAL}
        live = ((live - {row.next_slot}) | reads) - {row.out_slot}
        found.append(Entry(row, frozenset(live - {row.x_slot}), frozenset(asked)))
        asked |= {term.index for term in row.terms if term.column == NORMAL}
    return found[::-1]


class Planned(NamedTuple):
    """A plan, the positions of its steps' ends, and what the network is told at the steps' starts."""
    plan: Plan
    nodes: np.ndarray
    told: np.ndarray

    def times(self) -> np.ndarray:
        """Of every row: told where the row lies at a node, else the model's own."""
        times = np.array([row.time for row in self.plan.rows])
        for i, row in enumerate(self.plan.rows):
            j = self.node_of(row.u)
            if j is not None and j < len(self.told) and np.isfinite(self.told[j]):
                times[i] = self.told[j]
        return times

    def node_of(self, u: float) -> int | None:
        j = int(np.argmin(np.abs(self.nodes - u)))
        return j if abs(self.nodes[j] - u) <= 1e-12 * max(u, 1 - u) else None

    def start_of(self, j: int) -> int | None:
        """The row that begins the step from node j: the last one there; those before it are stages."""
        rows = [i for i, row in enumerate(self.plan.rows) if self.node_of(row.u) == j]
        return rows[-1] if rows and j < len(self.nodes) - 1 else None


Make = Callable[[np.ndarray, bool], Plan]  # a plan on these nodes; the bool: of a solver with one evaluation per step


def begun_at(planned: Planned, b: int, make: Make) -> list[Entry]:
    """A loop that begins at row b, with the network told what rows b, b + 1, ... of the plan tell it.

    At the start of a step: the solver anew, on the nodes that are left. Inside a step: to the step's end by steps of
    order 1 between its stages. Where the solver would evaluate elsewhere than the plan's rows (pndm, which starts by
    Runge-Kutta), one with an evaluation per step takes its place."""
    rows = planned.plan.rows
    j = _ending(planned, b)
    start = planned.start_of(j)
    if start is None and j < len(planned.nodes) - 1:
        raise errors.InvalidError(f'solver: "{planned.plan.solver}" evaluates the network at other levels than those of the '
                                  "timesteps, so that a loop begins with the first of them: take another for image to image",
                                  _values.E_UNSUPPORTED)
    start = len(rows) if start is None else start
    first = _inside(planned, b, start, j, make)
    return first if start == len(rows) else first + _anew(planned, j, start, make)


def _inside(planned: Planned, b: int, start: int, j: int, make: Make) -> list[Entry]:
    """Rows b .. start - 1, stages of a step to node j. Those that lie no nearer to it than one before do nothing."""
    levels, places = [], []
    for i in range(b, start):
        u = planned.plan.rows[i].u
        if planned.node_of(u) != j and (not levels or u > levels[-1]):
            levels.append(u)
            places.append(i)
    simple = entries_of(make(np.array([*levels, planned.nodes[j]]), True).rows) if levels else []
    return _placed(simple, places, b, start)


def _placed(entries: list[Entry], places: list[int], first: int, end: int) -> list[Entry]:
    """The entries at their places of first .. end - 1, and between them such that do nothing."""
    found = [_idle(entries, 0)] * (end - first)
    for i, (place, entry) in enumerate(zip(places, entries)):
        found[place - first:] = [entry] + [_idle(entries, i + 1)] * (end - place - 1)
    return found


def _ending(planned: Planned, b: int) -> int:
    """The node at or after row b."""
    u = planned.plan.rows[b].u
    j = planned.node_of(u)
    return int(np.searchsorted(planned.nodes, u)) if j is None else j


def _anew(planned: Planned, j: int, start: int, make: Make) -> list[Entry]:
    """Steps from node j, whose rows begin at `start`."""
    rows = planned.plan.rows[start:]
    if all(term.index >= start for row in rows for term in row.terms if term.column != NORMAL):
        return entries_of(rows)
    found = entries_of(make(planned.nodes[j:], False).rows)
    if len(found) == len(rows) and np.allclose([entry.row.u for entry in found], [row.u for row in rows], 1e-9, 1e-12):
        return found
    simple = entries_of(make(planned.nodes[j:], True).rows)
    return _placed(simple, [planned.start_of(j + i) for i in range(len(simple))], start, start + len(rows))


def _idle(entries: list[Entry], following: int) -> Entry:
    """Nothing is done, and what the entry after it reads is kept."""
    if following >= len(entries):
        return Entry(None, frozenset(), frozenset())
    after = entries[following]
    return Entry(None, after.live, after.asked | {t.index for t in after.row.terms if t.column == NORMAL})


class Timetable:
    """The entries of a loop from `offset` on, of all the evaluations that set_timesteps announced."""

    def __init__(self, owner: object, planned: Planned, network: Any, device: Any, asked: int):
        self.owner, self.planned, self.asked, self.offset = owner, planned, asked, 0
        self.entries = entries_of(planned.plan.rows)
        self.times = planned.times()
        whole = not network.flow and np.allclose(self.times, np.round(self.times), atol=1e-6)
        self.timesteps = torch.from_numpy(np.round(self.times).astype(np.int64) if whole else
                                          self.times.astype(np.float32)).to(device)
        self._told = self.timesteps.cpu().numpy().astype(float)
        self.u = np.array([*(row.u for row in planned.plan.rows), planned.plan.u_end])
        self.levels = network.level_at(self.u)
        self.sigmas = torch.from_numpy(network.reported(self.u).astype(np.float32))

    def begun_at(self, b: int, make: Make) -> "Timetable":
        if b == 0:
            return self
        other = object.__new__(Timetable)
        other.__dict__.update(self.__dict__, offset=b, entries=begun_at(self.planned, b, make))
        return other

    def rows_at(self, timestep: Any) -> np.ndarray:
        """The rows at this timestep: the very one, where it is an element of `timesteps` itself, else all of the
        nearest. ValueError: it is none of them."""
        own = self._place(timestep)
        if own is not None:
            return np.array([own])
        value = float(timestep)
        far = np.abs(self._told - value)
        if not far.min() <= 1e-4 * (1 + abs(value)):
            raise ValueError(f"timestep {value} is none of this schedule's; they are {self._told.tolist()}")
        return np.flatnonzero(far <= far.min() + 1e-9 * (1 + abs(value)))

    def _place(self, timestep: Any) -> int | None:
        """Which element of `timesteps` a view into it is."""
        own = self.timesteps
        if not isinstance(timestep, torch.Tensor) or timestep.numel() != 1 or timestep.dtype != own.dtype or \
                timestep.device != own.device or not own.numel():
            return None
        place, left = divmod(timestep.data_ptr() - own.data_ptr(), own.element_size())
        return place if left == 0 and 0 <= place < len(own) else None

    def is_at(self, entry: int, timestep: Any) -> bool:
        try:
            return self.offset + entry in self.rows_at(timestep)
        except ValueError:
            return False
