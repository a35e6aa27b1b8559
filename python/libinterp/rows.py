"""What a plan is made of: rows of numbers, and what the library says of a finished plan."""
from __future__ import annotations

import ctypes as c
import warnings
from typing import Any, Iterator, NamedTuple, Sequence

import numpy as np

from . import _structs, _values, errors
from ._library import lib, text_of, written

STATE, OUTPUT, NORMAL = _values.COLUMN_STATE, _values.COLUMN_OUTPUT, _values.COLUMN_NORMAL


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
    test: int
    before_test: float
    after_test: float
    guidance_most: float


def term_array(terms: Sequence[Term]) -> Any:
    found = (_structs.Term * max(len(terms), 1))()
    for to, term in zip(found, terms):
        to.column, to.index, to.slot, to.coef = term.column, term.index, -1, term.coef
    return found


def row_array(rows: Sequence[Row]) -> tuple[Any, list[Any]]:
    """The rows as the library reads them, and the arrays that they point to."""
    found, used = (_structs.PlanRow * max(len(rows), 1))(), [term_array(row.terms) for row in rows]
    for to, row, terms in zip(found, rows, used):
        for name in Row._fields:
            if name != "terms" and not name.endswith("_slot"):
                setattr(to, name, getattr(row, name))
        to.size, to.terms, to.term_count = c.sizeof(_structs.PlanRow), c.addressof(terms), len(row.terms)
    return found, used


def terms_at(address: int | None, count: int) -> tuple[Term, ...]:
    found = (_structs.Term * count).from_address(address) if count else ()
    return tuple(Term(term.column, term.index, term.slot, term.coef) for term in found)


class Rows:
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


class Numbers(Rows):
    """All that a Plan says of itself. What runs plans or fits them needs no more of a plan than this."""

    _handle: Any
    _rows: tuple[Row, ...] | None

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
                                      "u_start above 0", _values.E_UNSUPPORTED)
        if not data and self.u_start > self.u_end:
            raise errors.InvalidError("data: none, but the plan is reversed, and begins with data", _values.E_UNSUPPORTED)
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
        return terms_at(self._info.start_terms, self._info.start_term_count)

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
        return Row(**{**values, "keep": bool(row.keep), "ends_step": bool(row.ends_step), "terms": terms_at(row.terms, row.term_count)})

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
        return isinstance(other, Numbers) and self._numbers() == other._numbers()

    def __hash__(self) -> int:
        return hash(self._numbers())
