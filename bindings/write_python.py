"""What python/libinterp calls the library by: structs, callbacks and functions, for ctypes."""
from __future__ import annotations

import itertools
from typing import Any

from words import MADE, bare, camel, values_of

_WORDS = {"size": "SIZE", "int32": "INT", "uint32": "U32", "uint64": "U64", "double": "DOUBLE", "int": "c.c_int",
          "char": "c.c_char", "void": "None"}
_STRUCTS = f'''"""The C structs of <interp/*.h>, field by field, and the functions that a program hands to the library.

{MADE}
"""
from __future__ import annotations

import ctypes as c

POINTER, SIZE, INT, DOUBLE, U32, U64 = c.c_void_p, c.c_size_t, c.c_int32, c.c_double, c.c_uint32, c.c_uint64

#: C struct name -> ctypes class, in the order of declaration
MIRRORS: dict[str, type[c.Structure]] = {{}}


def _struct(c_name: str, *groups: tuple[type, str]) -> type[c.Structure]:
    fields = [(field, kind) for kind, names in groups for field in names.split()]
    mirror = type(c_name, (c.Structure,), {{"_fields_": fields, "__doc__": f"struct {{c_name}}"}})
    MIRRORS[c_name] = mirror
    return mirror


'''
_FUNCTIONS = f'''"""Every function of <interp/*.h>, as ctypes calls it.

{MADE}
"""
from __future__ import annotations

import ctypes as c
from typing import Any

from ._structs import DOUBLE, INT, POINTER, SIZE, U32, U64

#: name: (result, arguments...)
SIGNATURES: dict[str, tuple[Any, ...]] = {{
'''
_VALUES = f'''"""Every number that <interp/*.h> has a name for, ITP_ left out; VERSION is that of the headers.

{MADE}
"""
'''


def _of(kind: Any, pointed: tuple[str, ...] = ()) -> str:
    """pointed: words and structs whose pointers know what they point to; the others are addresses."""
    if isinstance(kind, str):
        return _WORDS[kind]
    if "array" in kind:
        return f"{_of(kind['array'])} * {kind['count']}"
    inner = kind.get("pointer")
    if inner == "char" and kind["const"]:
        return "c.c_char_p"
    if isinstance(inner, str) and inner in pointed and not kind["const"]:
        return f"c.POINTER({_WORDS[inner]})"
    if isinstance(inner, dict) and "struct" in inner and "struct" in pointed:
        return f"c.POINTER({camel(inner['struct'])})"
    return "POINTER"


def _groups(struct: dict[str, Any]) -> str:
    """Neighbours of one type stand together."""
    typed = [(_of(field["type"]), field["name"]) for field in struct["fields"]]
    return "".join(f',\n    ({kind}, "{" ".join(name for _, name in group)}")'
                   for kind, group in itertools.groupby(typed, lambda one: one[0]))


def _signature(said: dict[str, Any], pointed: tuple[str, ...]) -> list[str]:
    return [_of(said["result"], pointed), *(_of(one["type"], pointed) for one in said["arguments"])]


def structs(interface: dict[str, Any]) -> str:
    text = _STRUCTS + "\n".join(f'{camel(struct["name"])} = _struct(\n    "{struct["name"]}"{_groups(struct)})'
                                for struct in interface["structs"])
    return text + "\n\n" + "".join(
        f"{bare(said['name']).upper()} = c.CFUNCTYPE({', '.join(_signature(said, ('double', 'struct')))})\n"
        for said in interface["callbacks"])


def functions(interface: dict[str, Any]) -> str:
    lines = []
    for said in interface["functions"]:
        result, *arguments = _signature(said, ("double", "size"))
        lines.append(f'    "{said["name"]}": ({result},{" " if arguments else ""}{", ".join(arguments)}),\n')
    return _FUNCTIONS + "".join(lines) + "}\n"


def values(interface: dict[str, Any]) -> str:
    listed = "".join(f"{name[len('ITP_'):]} = {value}\n" for name, value in values_of(interface))
    return _VALUES + f"VERSION = {tuple(interface['version'])}\n" + listed
