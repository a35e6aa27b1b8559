"""The declarations that LuaJIT's FFI reads."""
from __future__ import annotations

import re
from typing import Any

from pycparser import c_generator

from words import MADE

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


def module(nodes: list[Any]) -> str:
    """nodes: the headers' declarations, as pycparser has them."""
    generator = c_generator.CGenerator()
    text = "".join(generator.visit(node).rstrip() + ";\n" for node in nodes)
    return _HEAD + re.sub(r" +$", "", text, flags=re.M) + _TAIL
