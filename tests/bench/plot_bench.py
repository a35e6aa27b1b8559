"""Pictures of what peers_bench.py printed: cost against size, and against the number of evaluations.

usage: plot_bench.py NUMBERS FOLDER        performance-size.png and performance-evaluations.png
"""
import collections
import pathlib
import re
import sys

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt

TITLES = {"euler": "Euler", "dpmpp_2m": "DPM-Solver++(2M)", "unipc_2": "UniPC-2 (bh2)", "ab2": "Adams-Bashforth 2",
          "sde_dpmpp_2m": "SDE-DPM-Solver++(2M), fresh normals"}
LOOKS = {"libinterp": ("black", "o", "-"), "saxpy chain in C": ("tab:green", "^", "-"),
         "numpy": ("tab:blue", "s", "-"), "torch": ("tab:orange", "v", "-"),
         "torch, in place": ("tab:orange", "v", ":"), "diffusers' update in torch": ("tab:red", "D", "-"),
         "libinterp, network in C": ("black", "o", "-"), "libinterp without network": ("black", "o", ":"),
         "torch, all at once": ("tab:orange", "v", "-"), "torch, 50 at a time": ("tab:orange", "v", ":")}
STEP = re.compile(r"step (\w+) +2\^(\d+) +(.+?)  +[\d-]+ +([\d.]+) +([\d.]+)")
RUN = re.compile(r"run +(.+?)  +(\d+) +(\d+) +([\d.]+)")


def read(text):
    """{update: {variant: {size: ns per element}}} and {variant: {evaluations: ms}} for 100 images."""
    steps = collections.defaultdict(lambda: collections.defaultdict(dict))
    runs = collections.defaultdict(dict)
    for line in text.splitlines():
        if found := STEP.match(line):
            update, log2, variant, _, ns = found.groups()
            steps[update][variant][1 << int(log2)] = float(ns)
        elif (found := RUN.match(line)) and found[2] == "100":
            runs[found[1]][int(found[3])] = float(found[4])
    return steps, runs


def curve(axes, variant, values):
    if variant not in LOOKS:
        return
    colour, marker, line = LOOKS[variant]
    x = sorted(values)
    axes.plot(x, [values[i] for i in x], line, color=colour, marker=marker, markersize=4, label=variant)


def dress(axes, title, x, y):
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(x, fontsize=9)
    axes.set_ylabel(y, fontsize=9)
    axes.grid(True, which="major", color="0.9")
    axes.spines[["top", "right"]].set_visible(False)


def sizes(steps, path):
    figure, grid = plt.subplots(2, 3, figsize=(11, 6.6), layout="constrained", sharex=True, sharey=True)
    panels = list(grid.flat)
    for axes, update in zip(panels, [u for u in TITLES if u in steps]):
        for variant, values in steps[update].items():
            curve(axes, variant, values)
        axes.set_xscale("log", base=2)
        axes.set_xticks([1 << log2 for log2 in range(10, 25, 2)])
        axes.set_yscale("log")
        dress(axes, TITLES[update], "elements", "ns per element and step")
        axes.tick_params(labelbottom=True, labelleft=True)
    panels[-1].axis("off")
    panels[-1].legend(*panels[1].get_legend_handles_labels(), loc="center", frameon=False, fontsize=10)
    figure.savefig(path, dpi=110)


def evaluations(runs, path):
    figure, axes = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
    for variant, values in runs.items():
        curve(axes, variant, values)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sorted({n for values in runs.values() for n in values}))
    axes.xaxis.set_major_formatter("{x:.0f}")
    dress(axes, "100 garments by AB2, one core", "network evaluations per garment", "milliseconds of processor time")
    axes.legend(frameon=False, fontsize=9)
    figure.savefig(path, dpi=110)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    steps, runs = read(pathlib.Path(sys.argv[1]).read_text())
    folder = pathlib.Path(sys.argv[2])
    if steps:
        sizes(steps, folder / "performance-size.png")
    if runs:
        evaluations(runs, folder / "performance-evaluations.png")


if __name__ == "__main__":
    main()
