"""Each public header on its own: as C99 and as C++11, without a warning, and without implicit padding.

usage: headers.py CC... -- HEADER...
"""
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

split = sys.argv.index("--")
c_compiler, headers = sys.argv[1:split], sys.argv[split + 1:]
cxx = next(filter(None, map(shutil.which, ("g++", "clang++", "c++"))), None)


def complaints(compiler, header, *flags):
    include = pathlib.Path(header).resolve().parents[1]
    source = f"#include <interp/{pathlib.Path(header).name}>\ntypedef int not_empty;\n"
    strict = ("-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Werror")
    run = subprocess.run([*compiler, *flags, *strict, f"-I{include}", "-fsyntax-only", "-"],
                         input=source, capture_output=True, text=True)
    return run.stderr.splitlines() if run.returncode else []


tap = Tap(2 * len(headers))
for path in headers:
    name = pathlib.Path(path).name
    tap.result(f"{name} as C99", complaints(c_compiler, path, "-std=c99", "-xc"))
    if cxx:
        tap.result(f"{name} as C++11", complaints([cxx], path, "-std=c++11", "-xc++"))
    else:
        tap.skip(f"{name} as C++11", "no C++ compiler")
tap.exit()
