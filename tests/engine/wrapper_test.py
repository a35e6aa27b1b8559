"""The C++ wrapper: wrapper_test.cpp with every compiler there is, as C++11, 17 and 20, with and without exceptions.

usage: wrapper_test.py SOURCE LIBRARY
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

MODES = (("-std=c++11",), ("-std=c++17", "-fno-exceptions", "-fno-rtti"), ("-std=c++20",))
WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Wshadow", "-Werror")


def problems(source: pathlib.Path, library: pathlib.Path, command: "tuple[str, ...]",
             program: pathlib.Path) -> list[str]:
    build = subprocess.run([*command, *WARNINGS, f"-I{source / 'include'}", source / "tests/engine/wrapper_test.cpp",
                            library, "-o", program], capture_output=True, text=True)
    if build.returncode:
        return build.stderr.splitlines() or ["did not compile"]
    run = subprocess.run([program], capture_output=True, text=True,
                         env={**os.environ, "LD_LIBRARY_PATH": str(library.parent)})
    bad = [line for line in run.stdout.splitlines() if not line.startswith("ok")]
    return bad[:-1] if run.returncode == 0 else bad + [f"exit status {run.returncode}"]


def main() -> None:
    source, library = map(pathlib.Path, sys.argv[1:3])
    compilers = [name for name in ("g++", "clang++") if shutil.which(name)]
    if not compilers:
        print("1..0 # SKIP no C++ compiler")
        return
    tap = Tap(len(compilers) * len(MODES))
    with tempfile.TemporaryDirectory() as folder:
        for name in compilers:
            for mode in MODES:
                tap.result(" ".join((name, *mode)),
                           problems(source, library, (name, *mode), pathlib.Path(folder) / "test"))
    tap.exit()


main()
