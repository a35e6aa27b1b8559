"""Compares what hash_samples prints here with what it printed where the golden file was made, a subtest per line.

usage: compare.py GOLDEN COMMAND...       golden.txt is what hash_samples prints on x86-64 with glibc 2.36

A line with = must be the same, bit for bit: noise, and samples by a plan whose numbers need no libm. In a line with ~
the plan's own numbers come from exp, log and their like, whose last bits differ between C libraries: its numbers must
agree to TOLERANCE, and a comment says so when the bits do not. (The most seen is 6e-14 in float64, lazy-sa-2 with
mingw; float32 had the same bits everywhere, but a rounding may always fall to the other side.)
"""
import math
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

TOLERANCE = {"f32": 5e-7, "f64": 1e-12}


def lines(text: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in map(str.split, text.splitlines()) if words}


def problems(name: str, want: list[str], have: "list[str] | None") -> list[str]:
    if have is None:
        return ["not printed"]
    if want == have:
        return []
    tolerance = TOLERANCE[name[-3:]]
    near = all(math.isclose(float(a), float(b), rel_tol=tolerance, abs_tol=tolerance)
               for a, b in zip(want[2:], have[2:]))
    if want[0] == "~" and near and len(want) == len(have):
        print(f"# other bits: {' '.join(have)} instead of {' '.join(want)}")
        return []
    return [f"{' '.join(have)} instead of {' '.join(want)}"]


golden = lines(pathlib.Path(sys.argv[1]).read_text())
run = subprocess.run(sys.argv[2:], capture_output=True, text=True)
here = lines(run.stdout)
tap = Tap(len(golden) + 1)
tap.result("the program ends well and prints the same lines",
           ([] if run.returncode == 0 else [f"exit status {run.returncode}", *run.stderr.splitlines()[-5:]]) +
           [f"{name}: not in the golden file" for name in here if name not in golden])
for name, words in golden.items():
    if here.get(name, [""])[0] == "-":
        tap.skip(name, " ".join(here[name][1:]))
    else:
        tap.result(name, problems(name, words, here.get(name)))
tap.exit()
