"""Zero is the default: every sized struct, begun with its size and a field by name, as C99 and as C++20 have it, and its
INIT macro, hold nothing but the size; and a plan of so much is one.

usage: zero.py LIBRARY SOURCE CC...
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

library, source, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
#: Only the library makes them, for callbacks
WRITTEN = {"itp_schedule_values", "itp_noise_request"}
STRUCTS = [struct for struct in json.loads((source / "bindings/interface.json").read_text())["structs"]
           if struct["sized"] and struct["name"] not in WRITTEN]
PROGRAM = """
#include <interp/interp.h>
#include <stdio.h>

static int failures;

static void check(const char *name, const void *at, size_t bytes, size_t said)
{
    const unsigned char *byte = (const unsigned char *)at;
    size_t i;
    if (said != bytes) failures++, printf("%s: its size is %lu\\n", name, (unsigned long)said);
    for (i = sizeof(size_t); i < bytes; i++)
        if (byte[i]) { failures++, printf("%s: byte %lu is not 0\\n", name, (unsigned long)i); break; }
}

int main(void)
{
    itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .evaluations = 8};
    itp_plan *plan = NULL;
    itp_plan_info info = {ITP_SIZED(itp_plan_info)};
    if (itp_plan_new(&want, &plan) || itp_plan_get_info(plan, &info) || info.rows != 8)
        failures++, puts("no plan of 8 evaluations");
    itp_plan_free(plan);
EACH
    return failures != 0;
}
"""
EACH = """    {
        const %(name)s sized = {ITP_SIZED(%(name)s)%(field)s}, init = %(macro)s;
        check("%(name)s", &sized, sizeof sized, sized.size);
        check("%(macro)s", &init, sizeof init, init.size);
    }
"""


def field_of(struct: "dict[str, Any]") -> str:
    """A number of the struct, set to its default by name."""
    plain = [field["name"] for field in struct["fields"][1:] if field["type"] in NUMBERS]
    return f", .{plain[0]} = 0" if plain else ""


#: Types of the fields that are numbers
NUMBERS = ("int32", "uint32", "uint64", "double", "size")


def program() -> "tuple[str, int]":
    parts = [EACH % {"name": name, "field": field_of(struct), "macro": f"{name.upper()}_INIT"}
             for struct in STRUCTS for name in [struct["name"]]]
    return PROGRAM.replace("EACH", "".join(parts)), len(parts)


def complaints(text: str, used: list[str], language: str, standard: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"zero.{language}"
        path.write_text(text)
        made = path.with_suffix("")
        build = subprocess.run([*used, f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                                "-Wno-missing-field-initializers",  # GCC's for C++ minds those by name, too
                                f"-I{source / 'include'}", path, library, f"-Wl,-rpath,{library.parent}", "-o", made],
                               capture_output=True, text=True)
        if build.returncode:
            return build.stderr.splitlines()
        ran = subprocess.run([made], capture_output=True, text=True)
        return ran.stdout.splitlines() if ran.returncode else []


text, count = program()
tap = Tap(4)
tap.result("all structs are found", [] if count > 30 else [f"only {count} of them"])
tap.result("C99", complaints(text, compiler, "c", "c99"))
for name in ("g++", "clang++"):
    if shutil.which(name):
        tap.result(f"C++20, {name}", complaints(text, [name], "cpp", "c++20"))
    else:
        tap.skip(f"C++20, {name}", "it is not there")
tap.exit()
