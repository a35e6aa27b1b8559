"""How a user's network is called: network(x, t, ...), by what its parameters are named."""
from __future__ import annotations

import inspect
from typing import Any, Callable

import numpy as np

from . import _values, errors
from .arrays import UNWRITTEN, store
from .run import WRITE, Step

#: parameters beyond the first two that a network may name
KEYWORDS = ("out", "out2", "u", "row", "rows", "first", "index", "guidance", "request")


def _named(network: Callable[..., Any]) -> list[str]:
    try:
        parameters = list(inspect.signature(network).parameters.values())
    except (TypeError, ValueError):
        return []
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    others = positional[2:] + [p for p in parameters if p.kind == p.KEYWORD_ONLY]
    for parameter in others:
        if parameter.name not in KEYWORDS and parameter.default is parameter.empty:
            raise TypeError(f"the network's parameter {parameter.name!r} is none of {', '.join(KEYWORDS)}")
    return [p.name for p in others if p.name in KEYWORDS]


def refused(whose: str, error: ValueError) -> ValueError:
    """An error that a call ended with which was given arrays to read: says what it was that numpy refused."""
    return changed(whose, error) if "read-only" in str(error) else error


def changed(whose: str, error: object = None) -> errors.InvalidError:
    """For a network or a hook that changes what it is given to read."""
    return errors.InvalidError(f"{whose} in place, which is not its to change: work on a copy, as in x = x * 2 instead "
                               f"of x *= 2{f' ({error})' if error else ''}")


CHANGES = {"network": "the network changes x", "on_row": "on_row changes the state"}


def check_written(step: Any) -> None:
    """Of runs in which the library does not: nothing may be left of the NaN that outputs hold before the network is
    asked."""
    for name in ("out", "out2"):
        out = getattr(step, name)
        if out is not None:
            left = (out.view(f"u{out.itemsize}") == UNWRITTEN[out.dtype]).reshape(len(out), -1).any(1)
            if name == "out2" and np.ndim(step.guidance):
                left &= step.guidance != 1  # samples of an adaptive run that need none
            if left.any():
                raise unwritten(name, step, int((step.index - step.first)[left.argmax()]))


def unwritten(name: str, step: Any, sample: int) -> errors.NonFiniteError:
    """sample: its number in the batch, from 0 on."""
    return errors.NonFiniteError(f"{name}: the network left it, or a part of it, unwritten in row {step.row}, sample "
                                 f"{sample}. {WRITE}", _values.E_NONFINITE)


class Network:
    """Calls a user's network for a step, and brings what it returns to where it belongs.

    network(x, t, ...): x [count, ...], t a float, of adaptive runs an array [count]. Of the parameters after these two, those named in KEYWORDS are given
    by name. Returns the output, an array of x's shape; or None, having written all of `out`. With guidance, in rows
    where out2 is not None: a pair (conditional, unconditional), or None, having written both.
    """

    def __init__(self, network: Callable[..., Any]):
        if not callable(network):
            raise TypeError("the network should be callable: network(x, t) -> output")
        self._network, self._names = network, _named(network)

    @property
    def writes(self) -> bool:
        """Whether it asks for the arrays that it may write its outputs into."""
        return bool({"out", "out2", "request"} & set(self._names))

    def asked(self, step: Any) -> Any:
        """What the network answers to this step."""
        names = {name: step if name == "request" else getattr(step, name) for name in self._names}
        return self._network(step.x, step.time, **names)

    def outputs(self, step: Any, result: Any) -> list[tuple[str, Any, str]]:
        """(name, output, in words) of what was returned; none where it should have been written. In rows without a
        second output the first of a pair counts: the network may be one that was written for guidance."""
        if result is None and not self.writes:
            raise TypeError("the network returned None: it should return its output, or take `out` and write that")
        if result is None:
            return []
        if step.out2 is None:
            return [("out", result[0] if isinstance(result, tuple) and result else result, "the network's output")]
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise TypeError("with guidance the network should return (conditional, unconditional)")
        return [("out", result[0], "the network's conditional output"),
                ("out2", result[1], "the network's unconditional output")]

    def keep(self, step: Step, shown: Any, result: Any) -> None:
        """Brings the outputs to the step's arrays; `shown` is the step as the network was given it."""
        for name, output, what in self.outputs(step, result):
            if output is not getattr(shown, name):
                store(getattr(step, name), output, what)

    def __call__(self, step: Step) -> None:
        try:
            result = self.asked(step)
        except ValueError as error:
            found = refused(CHANGES["network"], error)
            if found is error:
                raise
            raise found from error
        self.keep(step, step, result)
