"""No folder of lib/ includes from a later one, nor a public header that belongs to a later one. usage: ... SOURCE"""
import pathlib
import re
import sys

FLOW = ["base", "schedule", "prediction", "noise", "grid", "form", "solver", "plan", "text", "plan_json", "kernels",
        "guidance", "sampler", "adaptive", "path", "fit", "search", "covariance", "kinds"]
# The first folder that may know what a public header declares.
PUBLIC = {
    "base.h": "base", "kind.h": "base", "guidance.h": "guidance", "schedule.h": "schedule", "model.h": "prediction", "grid.h": "grid",
    "diffusion.h": "grid", "solver.h": "grid", "plan.h": "grid", "text.h": "text",
    "plan_json.h": "plan_json", "noise.h": "noise", "sampler.h": "kernels", "sample.h": "sampler",
    "adaptive.h": "adaptive", "path.h": "path", "fit.h": "fit", "search.h": "search",
    "covariance.h": "covariance",
}
PUBLIC_FLOW = ["base.h", "kind.h", "guidance.h", "schedule.h", "model.h", "noise.h", "grid.h", "diffusion.h", "solver.h",
               "plan.h", "text.h", "plan_json.h", "sampler.h",
               "sample.h", "adaptive.h", "path.h", "fit.h", "search.h", "covariance.h",
               "interp.h"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def included(path):
    return INCLUDE.findall(path.read_text())


def problem_in_lib(folder, quote, name):
    parts = name.split("/")
    if quote == "<" and parts[0] == "interp":
        if parts[-1] not in PUBLIC:
            return "is not for lib/ (or is new: give it a place in this script)"
        return "comes later" if FLOW.index(PUBLIC[parts[-1]]) > FLOW.index(folder) else None
    if quote == "<":
        return None
    if len(parts) != 2 or parts[0] not in FLOW:
        return "should read \"folder/file.h\", with a folder of lib/"
    return "comes later" if FLOW.index(parts[0]) > FLOW.index(folder) else None


def problems(source):
    for path in sorted(source.glob("lib/**/*.[ch]")):
        folder = path.relative_to(source / "lib").parts[0]
        if folder not in FLOW:
            yield f"{path.relative_to(source)}: the folder has no place in the flow"
            continue
        for quote, name in included(path):
            why = problem_in_lib(folder, quote, name)
            if why:
                yield f"{path.relative_to(source)}: {name} {why}"
    for path in sorted(source.glob("include/interp/*.h")):
        for _, name in included(path):
            if name.startswith("interp/") and \
                    PUBLIC_FLOW.index(name.split("/")[1]) >= PUBLIC_FLOW.index(path.name):
                yield f"{path.relative_to(source)}: {name} comes later"


found = list(problems(pathlib.Path(sys.argv[1])))
print(*found, sep="\n")
sys.exit(bool(found))
