"""The tables of docs/performance.md, in markdown, from what tests/bench/run printed.

usage: tables_bench.py NUMBERS
"""
import collections
import pathlib
import re
import statistics
import sys

UPDATES = {"euler": "Euler", "ab2": "AB2", "dpmpp_2m": "DPM-Solver++(2M)", "unipc_2": "UniPC-2 (bh2)",
           "sde_dpmpp_2m": "SDE-DPM-Solver++(2M), fresh normals"}
VARIANTS = {"libinterp": "libinterp", "saxpy chain in C": "saxpy chain in C", "numpy": "numpy", "torch": "torch",
            "torch, in place": "torch, in place", "diffusers' update in torch": "diffusers' update"}
STEP = re.compile(r"step (\w+) +2\^(\d+) +(.+?)  +([\d-]+) +[\d.]+ +([\d.]+) +[\d.]+ +([\d.]+)")
DRAW = re.compile(r"draw (.+?) +1048576 +([\d.]+) +(\d+) +([\d.]+)")
RUN = re.compile(r"run +(.+?)  +(\d+) +(\d+) +([\d.]+) +([\d.]+)")
CORE = re.compile(r"# OPENBLAS_CORETYPE=(\w*)")
FLOOR = re.compile(r" *(\d+) +([\d.]+) +([\d.]+) +([\d.]+)(?: +[\d.]+)*$")
PLAN = re.compile(r"plan (\S+) +(\S+) +(\S+)$")


def short(value: float) -> str:
    """Three digits, without a leading zero."""
    text = f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
    return text[1:] if text.startswith("0.") else text


def times(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= .995 else short(value)


def table(head: list[str], rows: list[list[str]]) -> None:
    print()
    print("|", " | ".join(head), "|")
    print("|:---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("|", " | ".join(row), "|")


def steps(lines: list[str]) -> None:
    found: dict = collections.defaultdict(dict)
    for line in lines:
        if got := STEP.match(line):
            found[got[1], int(got[2])][got[3]] = got[4], float(got[5]), float(got[6])
    names = [name for name in VARIANTS if any(name in variants for variants in found.values())]
    updates = [update for update in UPDATES if (update, 20) in found]
    head = [VARIANTS[name] for name in names]
    if updates:
        table(["arrays per step"] + head,
              [[UPDATES[u]] + [found[u, 20][name][0] if name in found[u, 20] else "" for name in names]
               for u in updates])
    for log2 in sorted({log2 for _, log2 in found}):
        rows = [[UPDATES[u]] + [f"{short(found[u, log2][n][1])} ({times(found[u, log2][n][2])})"
                                if n in found[u, log2] else "" for n in names]
                for u in updates if (u, log2) in found]
        table([f"2^{log2} elements"] + head, rows)


def normals(lines: list[str]) -> None:
    rows = [[got[1].strip(), short(float(got[2])), got[3], times(float(got[4]))] for got in map(DRAW.match, lines) if got]
    if rows:
        table(["", "ns each", "million per second", "times ours"], sorted(rows, key=lambda row: float(row[1])))


def network(lines: list[str]) -> None:
    core, found = "", collections.defaultdict(dict)
    for line in lines:
        if got := CORE.match(line):
            core = got[1] or "OpenBLAS's own choice"
        elif (got := RUN.match(line)) and got[3] == "8":
            found[core, got[1]][int(got[2])] = float(got[4]), float(got[5])
    images = sorted({n for values in found.values() for n in values})
    rows = [[f"{core}: {name}"] + [f"{short(of[n][0])} ({of[n][1]:.3f})" if n in of else "" for n in images]
            for (core, name), of in found.items()]
    if rows:
        table([""] + [f"{n} images" for n in images], rows)


def floors(lines: list[str]) -> None:
    """The first table is for OpenBLAS's own choice of processor, a second one for the one that it was told."""
    runs: list[dict] = []
    for line in lines:
        if line.startswith("images     whole"):
            runs.append({})
        elif runs and (got := FLOOR.match(line)):
            runs[-1][int(got[1])] = [got[2], got[3], got[4]]
    names = ["own choice", "SkylakeX"][:len(runs)]
    if runs:
        table(["images"] + [f"{name}: {what}" for name in names for what in ("whole", "floor", "ratio")],
              [[str(n)] + [cell for run in runs for cell in run.get(n, ["", "", ""])] for n in sorted(runs[0])])


def plans(lines: list[str]) -> None:
    """Every solver, by tens of microseconds."""
    found = [got.groups() for got in map(PLAN.match, lines) if got]
    for column, title in ((1, "default: SDEs along a Brownian path"), (2, "fresh normals")):
        tens = collections.defaultdict(list)
        for row in found:
            if row[column] != "-" and (column == 1 or is_noisy(row)):
                tens[int(row[column]) // 10].append((int(row[column]), row[0]))
        if tens:
            print(f"\n| microseconds, {title} | solvers |\n|:---|:---|")
        for ten, solvers in sorted(tens.items()):
            print(f"| {10 * ten} to {10 * ten + 9} |", ", ".join(f"`{name}` {us}" for us, name in sorted(solvers)), "|")
    if found:
        all_of = [int(row[1]) for row in found if row[1] != "-"]
        print(f"\n{sum(us < 100 for us in all_of)} of {len(all_of)} solvers below 100 microseconds, "
              f"median {statistics.median(all_of):.0f}, most {max(all_of)}.")


def is_noisy(row: tuple) -> bool:
    """Where the two kinds of noise make a difference of a fifth: the solver draws noise."""
    return row[1] != "-" and int(row[2]) < .8 * int(row[1])


def combine(lines: list[str]) -> None:
    """Printed as markdown already."""
    for i, line in enumerate(lines):
        if line.startswith("| float") and "columns" in line:
            print()
        if line.startswith(("| float", "| 2^")) or (line.startswith("|:---") and lines[i - 1].startswith("| float")):
            print(line)


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    lines = pathlib.Path(sys.argv[1]).read_text().splitlines()
    for part in (steps, combine, normals, network, floors, plans):
        part(lines)


if __name__ == "__main__":
    main()
