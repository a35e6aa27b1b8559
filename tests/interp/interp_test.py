"""The program interp says what it said when its answers were recorded, and its exit status says whether it could.

usage: interp_test.py INTERP [--record]
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

RECORDED = pathlib.Path(__file__).with_name("recorded.txt")
COMMANDS = [
    ["list", "singular"],
    ["list", "grid", "karras"],
    ["list", "ddpm"],
    ["list", "solver", "Runge_Kutta"],
    ["list", "Tsit5"],
    ["plan", "schedule=lazy solver=ab2 evaluations=4"],
    ["plan", "k=1 solver=sa-2 evaluations=3"],
    ["plan", "grid=user-u(0, .3, 1) solver=heun"],
    ["compare", "solver=ab2 evaluations=4", "solver=heun evaluations=5"],
    ["compare", "solver=ab2 evaluations=4", "solver=ab3 evaluations=4"],
    ["compare", "solver=ab2", "evaluations=8 solver=AB2"],
    ["plan", "grid=karas"],
    ["plan", "schedule=lazy(k=1"],
    ["plan", "evaluations=8.5"],
    ["plan", "solver=ab2", "evaluations=8"],
    ["compare", "solver=ab2", "solver=abx"],
    ["list", "solver", "abx"],
    ["list", "things"],
    ["list", "solvrs"],
    ["list", "things", "karras"],
    ["plan", "solver=euler evaluations=1"],
    ["plan", "--json"],
    ["plan", "--json", "solver=abx"],
    ["show", "/nowhere/plan.json"],
    ["frobnicate"],
    ["plan"],
]


def answer(interp: str, command: list[str]) -> str:
    run = subprocess.run([interp, *command], capture_output=True, text=True)
    return run.stdout + run.stderr + f"exit {run.returncode}\n"


def all_answers(interp: str) -> str:
    return "".join("$ interp " + " ".join(json.dumps(word) if " " in word else word for word in command) + "\n"
                   + answer(interp, command) for command in COMMANDS)


def differences(said: str, recorded: str) -> list[str]:
    pairs = zip(said.splitlines(), recorded.splitlines())
    found = [f"says {a!r}, recorded is {b!r}" for a, b in pairs if a != b]
    return found[:8] + ([] if len(said.splitlines()) == len(recorded.splitlines()) else ["another number of lines"])


def saved(interp: str) -> list[str]:
    """A plan that is written as JSON and shown is the plan."""
    text = "schedule=lazy solver=ab2 evaluations=4"
    made = subprocess.run([interp, "plan", text, "--json"], capture_output=True, text=True)
    if made.returncode:
        return [] if "without JSON" in made.stderr else [made.stderr]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plan.json")
        pathlib.Path(path).write_text(made.stdout)
        shown = [run.stdout for run in (subprocess.run([interp, "show", path], capture_output=True, text=True),
                                        subprocess.run([interp, "show", "-"], input=made.stdout, capture_output=True,
                                                       text=True))]
        first = subprocess.run([interp, "plan", "--json", text], capture_output=True, text=True)
        wanted = subprocess.run([interp, "plan", text], capture_output=True, text=True).stdout
        return ([] if first.stdout == made.stdout else ["--json before the text is something else"]) + [
            line for said in shown for line in differences(said, wanted)]


def lists(interp: str) -> list[str]:
    """Every kind is listed, and each of its names is found."""
    wrong = []
    for kind in [line.split()[0] for line in answer(interp, ["list"]).splitlines()[:-1]]:
        names = [line.split()[0] for line in answer(interp, ["list", kind]).splitlines()[:-1]]
        for name in names:
            said = answer(interp, ["list", kind, name.upper()])
            wrong += [] if said.startswith(f"{name}: ") and said.endswith("exit 0\n") else [f"{kind} {name}: {said}"]
        wrong += [] if names else [f"{kind}: nothing"]
    said = answer(interp, ["list", "solver", "Euler_Ancestral"])
    wrong += [] if "  eta            1              at least 0 and finite" in said.splitlines() else [said]
    for name, lines in (("DPM++ 2M", ["order: 2", "evaluations: 1 in", "the flow"]), ("sa-3", ["order: 3", "any k"]),
                        ("edm_heun", ["order: 2", "evaluations: 2 in", "noise of its own"]),
                        ("runge-kutta", ["needs: numbers of yours"])):
        said = answer(interp, ["list", "solver", name])
        wrong += [f"{name}: {said}" for line in lines if line not in said]
    version = answer(interp, ["--version"])
    return wrong + ([] if re.match(r"interp \d+\.\d+\.\d+( json)?( openblas)?", version) else [version])


def main() -> None:
    interp = sys.argv[1]
    if "--record" in sys.argv:
        RECORDED.write_text(all_answers(interp))
        return
    tap = Tap(5)
    tap.result("answers", differences(all_answers(interp), RECORDED.read_text()))
    tap.result("lists", lists(interp))
    tap.result("saved and shown", saved(interp))
    version = answer(interp, ["--version"])
    tap.result("version", [] if version.startswith("interp ") and version.endswith("exit 0\n") else [version])
    tap.result("help", [word for word in (["--help"], ["-h"], ["list", "--help"], ["plan", "-h"], [])
                        if "usage: interp" not in answer(interp, word)])
    tap.exit()


main()
