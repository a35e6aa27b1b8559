"""Writes everything in this checkout that is made from the public headers.

usage: generate.py [--freeze] [CC...]

--freeze: also tests/abi/sizes/MAJOR.MINOR.json, what programs of this version were compiled with, which stays what it
is from the version's release on. Needs pycparser (Debian: python3-pycparser).
"""
from __future__ import annotations

import json
import pathlib
import sys
from typing import Any

import interface as headers
import write_c
import write_csharp
import write_luajit
import write_python
from words import of_c, values_of

SOURCE = pathlib.Path(__file__).resolve().parents[1]


def as_json(value: Any, indent: str = "") -> str:
    """JSON, in which what fits into a line stands in one."""
    line = json.dumps(value)
    if len(indent) + len(line) <= 118 or not isinstance(value, (dict, list)):
        return line
    deeper = indent + " "
    keys = [f"{json.dumps(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    values = list(value.values()) if isinstance(value, dict) else value
    begin, end = "{}" if isinstance(value, dict) else "[]"
    inner = ",\n".join(deeper + key + as_json(one, deeper) for key, one in zip(keys, values))
    return f"{begin}\n{inner}\n{indent}{end}"


def written(source: pathlib.Path, compiler: list[str]) -> dict[str, str]:
    """Every file that is made, and its text."""
    interface = headers.read(source, compiler)
    return {
        "bindings/interface.json": as_json(interface) + "\n",
        "bindings/csharp/Libinterp.cs": write_csharp.declarations(interface),
        "bindings/luajit/interp.lua": write_luajit.module(headers.declared(source, compiler), interface),
        "lib/libinterp.map": write_c.symbol_map(interface),
        "python/libinterp/_functions.py": write_python.functions(interface),
        "python/libinterp/_structs.py": write_python.structs(interface),
        "python/libinterp/_values.py": write_python.values(interface),
        "tests/abi/interface.inc": write_c.test_lines(interface),
    }


def frozen(interface: dict[str, Any]) -> dict[str, Any]:
    """What a program relies on that was compiled with these headers."""
    structs = {struct["name"]: {"bytes": struct["bytes"], "fields": {
        field["name"]: f"{field['offset']}: {of_c(field['type'])}" for field in struct["fields"]}}
        for struct in interface["structs"]}
    functions = {said["name"]: [of_c(said["result"]), *(of_c(one["type"]) for one in said["arguments"])]
                 for said in interface["functions"] + interface["callbacks"]}
    return {"structs": structs, "functions": functions, "values": dict(values_of(interface))}


def main() -> None:
    freeze, compiler = "--freeze" in sys.argv, [word for word in sys.argv[1:] if word != "--freeze"] or ["cc"]
    files = written(SOURCE, compiler)
    if freeze:
        interface = json.loads(files["bindings/interface.json"])
        major, minor, _ = interface["version"]
        files[f"tests/abi/sizes/{major}.{minor}.json"] = as_json(frozen(interface)) + "\n"
    for name, text in files.items():
        path = SOURCE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)
            print(name)


if __name__ == "__main__":
    main()
