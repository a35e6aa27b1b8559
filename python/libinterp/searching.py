"""Searches: which plan is best for one network, found by asking the network (<interp/search.h>)."""
from __future__ import annotations

import ctypes as c
import math
import types
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Sequence

import numpy as np

from . import _structs, errors, given
from ._library import ENV, check, described, freed_with, lib, pointer, text_of, written
from .fit import _caller, _feature_callback
from .model import Model
from .run import seed_of, seeds_of, shape_of, type_of
from .stepwise import Asking, served

if TYPE_CHECKING:
    from .plan import Plan

# itp_search_progress_fn, whose user pointer is a generator (see stepwise.py)
_send_report = c.CFUNCTYPE(c.c_int, c.py_object, c.POINTER(_structs.SearchReport))(types.GeneratorType.send)


class SearchReport(NamedTuple):
    """What a search has done so far."""
    evaluations: int
    reference_evaluations: int
    #: how many more there would be, if candidates shared none
    shared: int
    reference_error: float
    reference_rows: int
    #: texts that make a plan, and plans that differ
    names: int
    candidates: int
    #: texts that make none
    refused: int
    rounds: int
    #: candidates that are left
    running: int
    over: int


class SearchEntry(NamedTuple):
    """A candidate's place in the ranking of its budget; fields as itp_search_entry has them."""
    text: str
    error: float
    standard_error: float
    chosen: float
    rehearsed: float
    seeds: int
    tested: int
    round: int
    evaluations: int
    names: int
    status: int


def _report(found: Any) -> SearchReport:
    return SearchReport(*(getattr(found, name) for name in SearchReport._fields))


def _entry(found: Any) -> SearchEntry:
    return SearchEntry(found.text.decode(), *(getattr(found, name) for name in SearchEntry._fields[1:]))


def _texts(texts: Sequence[str] | None) -> Any:
    """char *[]; None: NULL."""
    if texts is None:
        return None
    encoded = [given.instance("texts", text, str, "strings").encode() for text in texts]
    return (c.c_char_p * len(encoded))(*encoded)


def _start_of(ends: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray:
    """The array that gets the converged samples, or has them."""
    if ends is None:
        return np.zeros(shape, dtype)
    if not isinstance(ends, np.ndarray) or ends.shape != shape or ends.dtype != dtype:
        raise ValueError(f"ends: an array of shape {shape} and type {dtype} is wanted")
    return np.array(ends)


class Search(Asking):
    """A search under way, or what it has found. Made by `libinterp.search`, which runs it; by itself it is one
    evaluation of the network at a time: iterate over it and write `out` of each Step (and out2 where it has one).

        found = libinterp.search(network, (32, 784))
        print(found)                        # the ranking of every budget
        plan = found.plan(6)                # the best one of 6 evaluations
        better = found.fit(6, network)      # fitted, from the best three

    shape: [count, ...], count being the seeds to choose by; test: seeds beyond them that choose nothing, on which errors
    are given (0: as many). budgets: evaluations per sample. texts: the plans to choose from ("solver=ab2 grid=u",
    without evaluations); None: all that make sense, some thousands. common: what all have in common, as a plan's text,
    beside model= without one. exhaustive: every candidate on all seeds. most: evaluations at most, 0: 2/3 of the
    reference's for each budget. ends: converged samples [count + test, ...] that are known. The rest as for Fit.

    Warning: a text of `texts` that makes no plan; it is last in the ranking, with its status. Belongs to one thread at a
    time.
    """

    _what, _ask_next, _take_outputs = "search", staticmethod(lib.itp_search_next), staticmethod(lib.itp_search_submit)

    def __init__(self, shape: Any, *, test: int = 0, budgets: Sequence[int] = (4, 6, 8),
                 texts: Sequence[str] | None = None, model: Model | None = None, common: str = "",
                 exhaustive: bool = False, most: int = 0, batch: int = 0, seed: int = 0, seeds: Any = None,
                 first: int = 0, dtype: Any = np.float32, tolerance: float = 0.0, reference_rows: int = 0,
                 guidance: float = 1.0, guidance_interval: tuple[float, float] = (0.0, 1.0),
                 ends: np.ndarray | None = None, features: Callable[[np.ndarray], Any] | None = None,
                 feature_count: int = 0, progress: Callable[[SearchReport], Any] | None = None, name: str = ""):
        for called, hook in (("features", features), ("progress", progress)):
            if hook is not None:
                given.function(called, hook)
        if model is not None:
            given.instance("model", model, Model, "a Model")
        given.instance("name", name, str, "a string")
        given.instance("common", common, str, "a string")
        shape, dtype = shape_of(shape), np.dtype(dtype)
        whole = (shape[0] + (test or shape[0]), *shape[1:])
        self._model, self._common = model, common
        self._begin(whole, dtype, served(progress, _report) if progress else None)
        self._seeding = {"seed": seed, "first": first, "dtype": dtype, "guidance": guidance,
                         "guidance_interval": guidance_interval, "batch": batch, "features": features,
                         "feature_count": feature_count, "name": name}
        #: the converged samples [count + test, ...], the first count being those that chose
        self.ends = _start_of(ends, whole, dtype)
        feature = _feature_callback(features, feature_count, whole, dtype) if features else None
        seeds = seeds_of(seeds, whole[0])
        self._seeding["seeds"] = seeds
        self.budgets = tuple(given.whole("budgets", budget) for budget in budgets)
        rows, wanted = (c.c_int32 * len(self.budgets))(*self.budgets), _texts(texts)
        desc = described(
            _structs.SearchDesc, env=ENV, model=model._address if model else None, common=common.encode(),
            dim=math.prod(shape[1:]), count=shape[0], test=test, seed=seed_of(seed), first=first,
            seeds=seeds.ctypes.data if seeds is not None else None, type=type_of(dtype),
            budget_count=len(self.budgets), budgets=c.addressof(rows),
            texts=c.addressof(wanted) if wanted is not None else None, text_count=len(texts or ()), batch=batch,
            most=most, exhaustive=given.flag("exhaustive", exhaustive), reference_rows=reference_rows,
            tolerance=tolerance, ends=self.ends.ctypes.data if ends is not None else None,
            ends_out=self.ends.ctypes.data, guidance=guidance, guidance_low=guidance_interval[0],
            guidance_high=guidance_interval[1], feature=pointer(feature), features=feature_count,
            progress=pointer(_send_report) if progress else None, progress_user=id(self._reports) if progress else None,
            name=name.encode())
        self._handle = c.c_void_p()
        self._check(lib.itp_search_new(c.addressof(desc), c.byref(self._handle)))
        freed_with(self, lib.itp_search_free, self._handle, model, feature, self.ends, self._reports)

    @property
    def report(self) -> SearchReport:
        """How far it is."""
        return _report(written(_structs.SearchReport, lib.itp_search_get_report, self._handle))

    def _budget(self, evaluations: int | None) -> int:
        return self.budgets[-1] if evaluations is None else given.whole("evaluations", evaluations)

    def ranking(self, evaluations: int | None = None, places: int | None = None) -> list[SearchEntry]:
        """The candidates of a budget (None: the largest), the best first; so many of them, None: all."""
        budget, found = self._budget(evaluations), []
        while places is None or len(found) < places:
            try:
                entry = written(_structs.SearchEntry, lib.itp_search_get_entry, self._handle, budget, len(found))
            except errors.InvalidError:
                if not found:
                    raise
                break
            found.append(_entry(entry))
        return found

    def plan(self, evaluations: int | None = None, rank: int = 0) -> Plan:
        """The plan at a place of a budget's ranking, 0 being the best."""
        from .plan import Plan  # which comes later
        out = c.c_void_p()
        check(lib.itp_search_plan(self._handle, self._budget(evaluations), given.whole("rank", rank), c.byref(out)))
        return Plan._of(out, self._model or (None if self._common else Model()))

    def fit(self, evaluations: int | None, network: Callable[..., Any], *, starts: int = 3, **options: Any) -> Plan:
        """The best plan of a budget, fitted to the network (Plan.fit) from the best `starts` of its ranking, on the
        seeds and with the converged samples of the search. After `common` with a model, model= is wanted."""
        usable = sum(not entry.status for entry in self.ranking(evaluations, starts))
        plans = [self.plan(evaluations, rank) for rank in range(usable)]
        if self._seeding["seeds"] is not None:
            options = {"seeds": self._seeding["seeds"], **options}
        wanted = {key: value for key, value in self._seeding.items() if key != "seeds"}
        return plans[0].fit(network, self._shape, starts=plans[1:], ends=self.ends, **{**wanted, **options})

    def to_json(self, places: int = 0) -> str:
        """The ranking and the report as JSON; so many places of each budget, 0: all."""
        return self._text(lib.itp_search_to_json, places)

    def table(self, places: int = 10) -> str:
        """The ranking to read, so many places of each budget."""
        return self._text(lib.itp_search_print, places)

    def _text(self, function: Callable[..., int], places: int) -> str:
        number = given.whole("places", places)
        return text_of(lambda handle, text, capacity, needed: function(handle, number, text, capacity, needed),
                       self._handle)

    def __str__(self) -> str:
        return self.table()

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a search is not copied or pickled")


def search(network: Callable[..., Any], shape: Any, *, device: Any = None, **options: Any) -> Search:
    """Which plans are best for `network`, found by asking it; see Search, whose options these are.

    network: as in `sample`; it sees copies, [<= batch, ...]. device: it is given tensors there. What the network raises
    comes out as itself.
    """
    given.function("network", network)
    caller, under_way = _caller(network, device), Search(shape, **options)
    for step in under_way:
        caller(step)
    return under_way
