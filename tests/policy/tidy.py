"""clang-tidy over the library, a subtest per file. usage: tidy.py BUILD SOURCE..."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

build, sources = sys.argv[1], sys.argv[2:]
clang_tidy = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")


def complaints(path):
    run = subprocess.run([clang_tidy, "--quiet", "--warnings-as-errors=*", "-p", build, path],
                         capture_output=True, text=True)
    return (run.stdout or run.stderr).splitlines() if run.returncode else []


tap = Tap(len(sources))
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = pool.map(complaints, sources) if clang_tidy else []
    for path, lines in zip(sources, results):
        tap.result("/".join(pathlib.Path(path).parts[-2:]), lines)
if not clang_tidy:
    for path in sources:
        tap.skip("/".join(pathlib.Path(path).parts[-2:]), "no clang-tidy")
tap.exit()
