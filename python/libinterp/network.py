"""How a user's network is called: network(x, t, ...), by what its parameters are named."""
from __future__ import annotations

import inspect
from typing import Any, Callable

import numpy as np

from .run import Step

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


def _is_tensor(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch" or hasattr(value, "detach")


def _store(out: Any, result: Any, what: str) -> None:
    if result is out:
        return
    if _is_tensor(out):
        if tuple(result.shape) != tuple(out.shape):
            raise ValueError(f"the network's {what} has shape {tuple(result.shape)}, {tuple(out.shape)} is wanted")
        out.copy_(result.detach())
        return
    result = np.asarray(result.detach().cpu() if _is_tensor(result) else result)
    if result.shape != out.shape:
        raise ValueError(f"the network's {what} has shape {result.shape}, {out.shape} is wanted")
    np.copyto(out, result, casting="same_kind")


class Network:
    """Calls a user's network for a step, and brings what it returns to where it belongs.

    network(x, t, ...): x [count, ...], t a float. Of the parameters after these two, those named in KEYWORDS are given
    by name. Returns the output, an array of x's shape; or None, having written all of `out`. With guidance, in rows
    where out2 is not None: a pair (conditional, unconditional), or None, having written both.
    """

    def __init__(self, network: Callable[..., Any]):
        if not callable(network):
            raise TypeError("the network should be callable: network(x, t) -> output")
        self._network, self._names = network, _named(network)

    def __call__(self, step: Step) -> None:
        asked = {name: step if name == "request" else getattr(step, name) for name in self._names}
        result = self._network(step.x, step.time, **asked)
        if result is None:
            if not {"out", "request"} & set(self._names):
                raise TypeError("the network returned None: it should return its output, or take `out` and write that")
        elif step.out2 is not None:
            if not isinstance(result, (tuple, list)) or len(result) != 2:
                raise TypeError("with guidance the network should return (conditional, unconditional)")
            _store(step.out, result[0], "conditional output")
            _store(step.out2, result[1], "unconditional output")
        else:
            # A network written for guidance may return a pair in rows that need no second output too.
            _store(step.out, result[0] if isinstance(result, tuple) else result, "output")
