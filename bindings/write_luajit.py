"""The declarations that LuaJIT's FFI reads."""
from __future__ import annotations

import re
from typing import Any

from pycparser import c_generator

from words import MADE, short

_HEAD = f'''-- libinterp for LuaJIT: the declarations of <interp/*.h>.
-- {MADE}
--
--     local interp = require("interp")
--     local plan = ffi.new("itp_plan *[1]")
--     local status = interp.C.itp_plan_new(interp.sized("itp_plan_desc", {{evaluations = 8}}), plan)
--
-- The environment variable LIBINTERP_LIBRARY names the shared library where the loader does not find it by itself.
local ffi = require("ffi")

ffi.cdef [[
'''
_TAIL = ''']]

local interp = {C = ffi.load(os.getenv("LIBINTERP_LIBRARY") or "interp")}

-- A struct with its size, these fields, and every other at its default.
function interp.sized(name, fields)
    local made = ffi.new(name, fields or {})
    made.size = ffi.sizeof(name)
    return made
end

return interp
'''


def _said(comment: str, before: str = "") -> str:
    """The header's comment, where it is short."""
    return f"{before}// {short(comment)}".replace("]]", "] ]") if short(comment) else ""


def _declaration(text: str, said: dict[str, Any]) -> str:
    """With the comments of the name and, behind each, of the fields."""
    lines = text.rstrip().split("\n")
    for i, field in enumerate(said.get("fields", [])):
        lines[2 + i] += _said(field["comment"], "  ")
    head = _said(said["comment"])
    return (head + "\n" if head else "") + "\n".join(lines) + ";\n"


def module(nodes: list[Any], interface: dict[str, Any]) -> str:
    """nodes: the headers' declarations, as pycparser has them."""
    generator = c_generator.CGenerator()
    said = {one["name"]: one for part in ("objects", "structs", "callbacks", "functions") for one in interface[part]}
    text = "".join(_declaration(generator.visit(node), said.get(node.name, {"comment": ""})) for node in nodes)
    return _HEAD + re.sub(r" +$", "", text, flags=re.M) + _TAIL
