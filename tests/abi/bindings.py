"""The files for other languages, in programs of these: every struct lies as bindings/interface.json has it, every
number is the one there, and a sample has the bits of the same program in C.

usage: bindings.py LIBRARY SOURCE CC...
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

library, source, compiler = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:]
programs, made = source / "tests/abi/bindings", source / "bindings"
interface = json.loads((made / "interface.json").read_text())
#: What a program has to print of the interface, line by line, but for the number at the end
EXPECTED = {f"struct {struct['name']}": struct["bytes"] for struct in interface["structs"]}
EXPECTED.update({f"field {struct['name']} {field['name']}": field["offset"]
                 for struct in interface["structs"] for field in struct["fields"]})
EXPECTED.update({f"value {name}": value for enum in interface["enums"] for name, value in enum["values"].items()})


def output(*command: object, **environment: str) -> "list[str]":
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, env={**os.environ, **environment})
    if ran.returncode:
        raise RuntimeError(f"{command[0]}: exit status {ran.returncode}\n{ran.stdout[-2000:]}{ran.stderr}")
    return ran.stdout.splitlines()


def in_c(folder: pathlib.Path) -> "list[str]":
    output(*compiler, "-std=c11", f"-I{source / 'include'}", programs / "sample.c", library,
           f"-Wl,-rpath,{library.parent}", "-o", folder / "sample")
    return output(folder / "sample")


def in_luajit(folder: pathlib.Path) -> "list[str]":
    (folder / "names").write_text("".join(f"{name}\n" for name in EXPECTED))
    return output("luajit", programs / "sample.lua", folder / "names", LUA_PATH=f"{made / 'luajit'}/?.lua",
                  LIBINTERP_LIBRARY=str(library))


def in_csharp(folder: pathlib.Path) -> "list[str]":
    """The library under the name that the declarations call it by."""
    (folder / "libinterp.so").symlink_to(library)
    output("mcs", "-unsafe", "-warnaserror", f"-out:{folder / 'sample.exe'}", made / "csharp/Libinterp.cs",
           programs / "Sample.cs")
    return output("mono", folder / "sample.exe", LD_LIBRARY_PATH=str(folder))


def differences(lines: "list[str]", samples: "list[float]") -> "list[str]":
    found = {name: int(number) for name, _, number in (line.rpartition(" ") for line in lines if line[:6] != "sample")}
    drawn = [float(line.split()[1]) for line in lines if line[:6] == "sample"]
    return [f"{name}: {found.get(name)}, but {number}"
            for name, number in EXPECTED.items() if found.get(name) != number] + \
        [f"{name}: not in the headers" for name in found if name not in EXPECTED] + \
        ([] if drawn == samples else [f"samples: {drawn}, but {samples}"])


LANGUAGES = {"LuaJIT": (in_luajit, ("luajit",)), "C#": (in_csharp, ("mcs", "mono"))}
tap = Tap(len(LANGUAGES))
for language, (lines_of, tools) in LANGUAGES.items():
    if not all(map(shutil.which, tools)):
        tap.skip(language, f"{' or '.join(tools)} is not there")
        continue
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try:
            problems = differences(lines_of(folder), [float(line.split()[1]) for line in in_c(folder)])
        except RuntimeError as error:
            problems = str(error).splitlines()
        tap.result(language, problems)
tap.exit()
