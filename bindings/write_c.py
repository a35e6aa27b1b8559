"""The map of exported symbols, and what tests/abi holds a C compiler against."""
from __future__ import annotations

from typing import Any

from words import MADE, values_of


def symbol_map(interface: dict[str, Any]) -> str:
    names = sorted(function["name"] for function in interface["functions"])
    listed = "".join(f"    {name};\n" for name in names)
    return f"/* {MADE} */\nLIBINTERP_{interface['version'][0]} {{\n  global:\n{listed}  local:\n    *;\n}};\n"


def test_lines(interface: dict[str, Any]) -> str:
    """A line for each struct, field, initialiser and number, which interface_test.c gives a meaning."""
    lines = [f"/* {MADE} */"]
    for struct in interface["structs"]:
        lines += ["", f"STRUCT({struct['name']}, {struct['bytes']})"]
        lines += [f"FIELD({struct['name']}, {field['name']}, {field['offset']}, {field['bytes']})"
                  for field in struct["fields"]]
        lines += [f"INIT({struct['name']}, {struct['init']})"] if struct["init"] else []
    return "\n".join([*lines, "", *(f"VALUE({name}, {value})" for name, value in values_of(interface)), ""])
