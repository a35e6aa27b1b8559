"""Ids and names, as the library lists them: all that is chosen by a name is one of its kinds."""
from __future__ import annotations

import ctypes as c
from typing import Any, NamedTuple

from . import _structs, _values, errors, given
from ._library import lib


def entries(kind: str) -> list[Any]:
    """What there is of a kind, as the library's itp_entry has it."""
    found: list[Any] = []
    while True:
        entry = _structs.Entry(size=c.sizeof(_structs.Entry))
        if lib.itp_kind_at(kind.encode(), len(found), c.addressof(entry)):
            return found
        found.append(entry)


class Entry(NamedTuple):
    """One of a kind, as `libinterp.about` finds it.

    name: ours; aliases: others of the same numbers (what differs in capitals, "_" or "+" alone is not listed). about: a
    line. parameters: the fields that it reads, with range and default. needs: "table", "values", "function": what a
    description does not have by itself. Of solvers: order; evaluations of a full step; takes_k: for any diffusion k;
    own_noise: brings noise of its own. Of others these are 0 and False."""
    name: str
    aliases: tuple[str, ...]
    about: str
    parameters: str
    needs: tuple[str, ...]
    order: int
    evaluations: int
    takes_k: bool
    own_noise: bool


_NEEDS = {_values.NEEDS_TABLE: "table", _values.NEEDS_VALUES: "values", _values.NEEDS_FUNCTION: "function"}


def about(kind: str, name: str) -> Entry:
    """What a name of a kind stands for: about("solver", "DPM++ 2M").order. kind: "solver", "grid", "schedule",
    "prediction", "time", "diffusion", or one of the smaller choices; about("kind", ...) has the kinds themselves.
    InvalidError: unknown names, with those that are near."""
    number_of("kind", kind)
    number_of(kind, name)
    found = _structs.Entry(size=c.sizeof(_structs.Entry))
    lib.itp_kind_find(kind.encode(), name.encode(), c.addressof(found))
    return Entry(found.name.decode(), tuple((found.aliases or b"").decode().split(",")) if found.aliases else (),
                 found.about.decode(), found.parameters.decode(),
                 tuple(word for bit, word in _NEEDS.items() if found.needs & bit), found.order, found.evaluations,
                 bool(found.takes_k), bool(found.own_noise))


def _listed(family: str) -> list[str]:
    return [entry.name.decode() for entry in entries(family)]


def schedules() -> list[str]:
    """Names of all schedules."""
    return _listed("schedule")


def solvers() -> list[str]:
    """Names of all solvers, but for "runge-kutta", which takes a tableau beside its name. `about` says what each is."""
    return [entry.name.decode() for entry in entries("solver") if not entry.needs]


def grids() -> list[str]:
    """Names of all grids."""
    return _listed("grid")


def diffusions() -> list[str]:
    """Names of all diffusions of SDEs."""
    return _listed("diffusion")


def predictions() -> list[str]:
    """Names of everything that a network may return."""
    return _listed("prediction")


def times() -> list[str]:
    """Names of the times that a network may be given."""
    return _listed("time")


_LISTS = ("schedule", "solver", "grid", "diffusion", "prediction", "time")
_STRUCTS = {"solver": _structs.Solver, "grid": _structs.Grid, "diffusion": _structs.Diffusion}


def parsed(family: str, text: str) -> Any:
    """The struct of a text, "karras(rho=3)"; InvalidError says what is wrong with it."""
    if not isinstance(text, str):
        raise TypeError(f"{family}: a name is wanted, not {text!r} of type {type(text).__name__}")
    kind = _STRUCTS[family]
    found, why = kind(size=c.sizeof(kind)), _structs.Error(size=c.sizeof(_structs.Error))
    status = getattr(lib, f"itp_{family}_parse")(text.encode(), c.addressof(why), c.addressof(found))
    if status < 0:
        raise errors.of_status(status, why.text.decode())
    return found


class Tableau(NamedTuple):
    """A Runge-Kutta method of the caller's, given as `solver` to Plan or Adaptive: k_i = f(t + c[i] h, x + h sum_j
    a[i][j] k_j), and the step is h sum_i b[i] k_i. a [stages, stages], b, c [stages]; order: taken at its word. embedded
    [stages + 1], of embedded_order: a second result for Adaptive, in which the last slope is that at the step's own."""
    a: Any
    b: Any
    c: Any
    order: int
    embedded: Any = None
    embedded_order: int = 0


def _of_tableau(given_one: Tableau) -> Any:
    """The itp_solver of a tableau, which keeps what it points to."""
    a, b, c_ = (given.reals(f"solver: {name}", value) for name, value in zip("abc", given_one))
    if a.size != b.size**2 or c_.size != b.size:
        raise errors.InvalidError(f"solver: a of {a.size} numbers, b of {b.size}, c of {c_.size}, but a method of n stages has "
                                  "n^2, n and n", _values.E_ARGUMENT)
    embedded = None if given_one.embedded is None else given.reals("solver: embedded", given_one.embedded)
    tableau = _structs.Tableau(
        size=c.sizeof(_structs.Tableau), stages=b.size, order=given.whole("solver: order", given_one.order),
        a=a.ctypes.data, b=b.ctypes.data, c=c_.ctypes.data, embedded=None if embedded is None else embedded.ctypes.data,
        embedded_order=given.whole("solver: embedded_order", given_one.embedded_order),
        embedded_count=0 if embedded is None else embedded.size)
    found = _structs.Solver(size=c.sizeof(_structs.Solver), family=number_of("family", "runge-kutta"),
                            tableau=c.addressof(tableau))
    found.used = a, b, c_, embedded, tableau
    return found


def solver(name: str | Tableau) -> Any:
    """What the name of a solver stands for, or a tableau of the caller's."""
    return _of_tableau(name) if isinstance(name, Tableau) else parsed("solver", name)


def name_of(family: str, number: int) -> str:
    return next((entry.name.decode() for entry in entries(family) if entry.id == number), "")


def number_of(kind: str, name: str, field: str | None = None) -> int:
    """The id of a name; InvalidError says which names there are. field: what the caller calls it, if not as the kind."""
    field = field or kind
    if not isinstance(name, str):
        raise TypeError(f"{field}: a name is wanted, not {name!r} of type {type(name).__name__}")
    found = _structs.Entry(size=c.sizeof(_structs.Entry))
    status = lib.itp_kind_find(kind.encode(), name.encode(), c.addressof(found))
    if status:
        near, few = found.parameters.decode(), _listed(kind)
        there = f"did you mean {near}?" if near else f"there are {', '.join(few[:12])}."
        all_of_them = f" (libinterp.{kind}s() lists all)" if kind in _LISTS else ""
        raise errors.InvalidError(f'{field}: "{name}" is unknown; {there}{all_of_them}', status)
    return found.id
