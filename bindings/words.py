"""What the writers share: names in other spellings, and types as C has them."""
from __future__ import annotations

import re
from typing import Any, Iterator

MADE = "Made from the headers in include/interp by bindings/generate.py: not to be edited."
_C = {"size": "size_t", "int32": "int32_t", "uint32": "uint32_t", "uint64": "uint64_t"}


def bare(name: str) -> str:
    """plan_desc, of itp_plan_desc."""
    return name[len("itp_"):]


def camel(name: str) -> str:
    """PlanDesc, of itp_plan_desc."""
    return "".join(part.capitalize() for part in bare(name).split("_"))


def of_c(kind: Any) -> str:
    """A type, as C writes it."""
    if isinstance(kind, str):
        return _C.get(kind, kind)
    if "pointer" in kind:
        inner = of_c(kind["pointer"])
        if not kind["const"]:
            return f"{inner} *"
        return f"{inner} const *" if inner.endswith("*") else f"const {inner} *"
    if "array" in kind:
        return f"{of_c(kind['array'])}[{kind['count']}]"
    return next(iter(kind.values()))


def short(comment: str, most: int = 200) -> str:
    """A comment in one line, or its first sentence, or nothing: of at most so many characters."""
    line = " ".join(comment.split())
    first = re.split(r"(?<=[^A-Z ]\.) (?=[A-Z])", line, maxsplit=1)[0]
    return next((text for text in (line, first) if len(text) <= most), "")


def values_of(interface: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for enum in interface["enums"]:
        yield from enum["values"].items()
