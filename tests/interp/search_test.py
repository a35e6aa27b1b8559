"""interp search asks a network of a shared library, and refuses what is none.

usage: search_test.py INTERP MODULE
"""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

interp, module = sys.argv[1:]
NETWORK = ["--network", f"{module}:two_points", "--dim", "40", "--count", "8"]


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([interp, "search", *words], capture_output=True, text=True)


def tables() -> list[str]:
    done = run(*NETWORK, "--budgets", "3,5", "--places", "2")
    lines = done.stdout.splitlines()
    ranked = [line for line in lines if line[:4].strip() in ("1", "2")]
    return ([done.stderr] if done.returncode or done.stderr else []) + \
        ([] if "two_points: " in lines[0] else ["no name"]) + ([] if len(ranked) == 4 else ranked + ["are not four"]) + \
        [line for line in ranked if "solver=" not in line or "evaluations=" not in line]


def as_json() -> list[str]:
    done = run("ends=inside", *NETWORK, "--budgets", "3", "--json", "--places", "3")
    if done.returncode or done.stderr:
        return [f"exit {done.returncode}: {done.stderr}"]
    said = json.loads(done.stdout)
    plans = said["budgets"][0]["plans"]
    wrong = [] if said["common"] == "ends=inside" and len(plans) == 3 else ["not what was asked for"]
    plan = subprocess.run([interp, "plan", plans[0]["text"]], capture_output=True, text=True)
    return wrong + ([plan.stderr] if plan.returncode else [])


def refused(sentence: str, *words: str) -> list[str]:
    done = run(*words)
    return [] if done.returncode == 2 and sentence in done.stderr else [f"exit {done.returncode}: {done.stderr}"]


if run("--network", "x:y", "--dim", "2").stderr.count("no dlopen"):
    print("1..0 # SKIP no dlopen")
    sys.exit(0)
tap = Tap(9)
tap.result("a table", tables())
tap.result("JSON", as_json())
tap.result("a file that is not there", refused("/nowhere.so", "--network", "/nowhere.so:f", "--dim", "2"))
tap.result("a function that is not there", refused("three_points", "--network", f"{module}:three_points", "--dim", "2"))
tap.result("no network", refused("--network", "--dim", "2"))
tap.result("no number", refused("--dim", "--network", "x:y", "--dim", "two"))
tap.result("no option", refused("--frobnicate", *NETWORK, "--frobnicate", "2"))
tap.result("no budgets", refused("--budgets", *NETWORK, "--budgets", "4;6"))
tap.result("no plan", refused("karas", "grid=karas", *NETWORK))
tap.exit()
