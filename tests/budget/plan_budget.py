"""Instructions that making a plan of 50 rows takes, per solver, against their budgets in plan_budget.txt.

Counts are repeatable for one compiler and libc, and differ by a few per cent between them: the budgets have a quarter
to spare, but none is above MOST, which stands for 100 microseconds: 10.5 instructions per nanosecond were measured on
one core (the program alone prints microseconds). usage: plan_budget.py PROGRAM BUDGETS [--write]
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SPARE, MOST = 1.25, 1050000


def counts(program):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "MALLOC_PERTURB_": "0"})  # test runners set it: malloc would fill memory
        found = {}
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text()
            name = re.search(r"^desc: Trigger: Client Request: (.+)$", text, re.M)
            if name:
                found[name.group(1)] = int(re.search(r"^(?:totals|summary): (\d+)", text, re.M).group(1))
        return found


def main():
    program, budgets = sys.argv[1], pathlib.Path(sys.argv[2])
    found = counts(program)
    if sys.argv[3:] == ["--write"]:
        lines = [f"{min(round(SPARE * count, -3), MOST):.0f} {name}" for name, count in sorted(found.items())]
        budgets.write_text("\n".join(lines) + "\n")
    allowed = {name: int(most) for most, name in map(str.split, budgets.read_text().splitlines())}
    bad = [f"{name}: {found[name]} instructions, the budget is {allowed.get(name)}" for name in sorted(found)
           if found[name] > allowed.get(name, 0)]
    print(*bad, sep="\n")
    print(f"# {len(found)} solvers, at most {max(found.values())} instructions")
    return bool(bad) or not found


sys.exit(main())
