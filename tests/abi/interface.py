"""Everything that is made from the public headers is what they say; and what programs of each released version were
compiled with (sizes/MAJOR.MINOR.json) is still so: structs only grow, at their ends, and nothing else changes or goes.

usage: interface.py SOURCE CC...
"""
import json
import pathlib
import sys
from typing import Any

source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
sys.path[:0] = [str(source / "tests"), str(source / "bindings")]
from tap import Tap

try:
    import generate
except ImportError as error:
    print(f"1..0 # SKIP {error} (Debian: python3-pycparser)")
    sys.exit(0)


def differences(name: str, text: str) -> "list[str]":
    path = source / name
    there = path.read_text() if path.is_file() else ""
    return [] if there == text else [f"{name}: not what the headers say; run python3 bindings/generate.py"]


def of_structs(was: "dict[str, Any]", now: "dict[str, Any]") -> "list[str]":
    found = []
    for name, struct in was.items():
        current = now.get(name, {"bytes": 0, "fields": {}})
        if current["bytes"] < struct["bytes"]:
            found.append(f"{name}: {current['bytes']} bytes, they were {struct['bytes']}")
        found += [f"{name}.{field}: {current['fields'].get(field)}, it was {there}"
                  for field, there in struct["fields"].items() if current["fields"].get(field) != there]
    return found


def changed(was: "dict[str, Any]", now: "dict[str, Any]") -> "list[str]":
    return of_structs(was["structs"], now["structs"]) + \
        [f"{name}: {now[part].get(name)}, it was {there}" for part in ("functions", "values")
         for name, there in was[part].items() if now[part].get(name) != there]


def guarded(now: "dict[str, Any]") -> "list[str]":
    """Changes of each sort, which have to be noticed."""
    def altered(edit: Any) -> Any:
        copy = json.loads(json.dumps(now))
        edit(copy)
        return copy

    batch = lambda copy: copy["structs"]["itp_batch"]  # noqa: E731
    edits = {"a shorter struct": lambda copy: batch(copy).update(bytes=8),
             "a field that moved": lambda copy: batch(copy)["fields"].update(seed="40: uint64_t"),
             "a field that is gone": lambda copy: batch(copy)["fields"].pop("seed"),
             "a struct that is gone": lambda copy: copy["structs"].pop("itp_batch"),
             "another argument": lambda copy: copy["functions"]["itp_plan_new"].append("int"),
             "a function that is gone": lambda copy: copy["functions"].pop("itp_plan_new"),
             "another number": lambda copy: copy["values"].update(ITP_OK=1)}
    found = [f"{name}: not noticed" for name, edit in edits.items() if not changed(now, altered(edit))]
    longer = altered(lambda copy: (batch(copy).update(bytes=9999), batch(copy)["fields"].update(newest="9991: double")))
    return found + [f"a longer struct: {line}" for line in changed(now, longer)]


files = generate.written(source, compiler)
now = generate.frozen(json.loads(files["bindings/interface.json"]))
versions = sorted((source / "tests/abi/sizes").glob("*.json"))
tap = Tap(len(files) + len(versions) + 1)
for name, text in files.items():
    tap.result(name, differences(name, text))
for path in versions:
    tap.result(f"programs of {path.stem}", changed(json.loads(path.read_text()), now))
tap.result("what would break programs is noticed", guarded(now))
tap.exit()
