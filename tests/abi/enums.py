"""Every number that the public headers give a name is the id of a row of a kind, and every id of such a kind is in the
headers.

usage: enums.py SHARED INTERFACE
"""
import ctypes as c
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from mirrors import structs
from tap import Tap

# What names of the headers begin with, and the kind that they are of; the first that fits. Solvers' families have none.
KINDS = {
    "ITP_E_": "status", "ITP_OK": "status", "ITP_EVALUATE": "status", "ITP_LOG_": "level", "ITP_FLOAT": "type",
    "ITP_NEEDS_": "needs", "ITP_SCHEDULE_": "schedule", "ITP_BETAS_": "betas", "ITP_CLOCK_": "clock",
    "ITP_PREDICT_": "prediction", "ITP_TIME_": "time", "ITP_GRID_": "grid", "ITP_DIFFUSION_": "diffusion",
    "ITP_FORM_": "form", "ITP_VARIABLE_": "variable", "ITP_WEIGHTS_": "weights", "ITP_CORRECTOR_": "corrector",
    "ITP_FINAL_": "final-order", "ITP_NOISE_": "noise", "ITP_START_": "start", "ITP_LAST_": "last",
    "ITP_SINGULAR_": "singular", "ITP_ENDS_": "ends", "ITP_COLUMN_": "column", "ITP_X_": "x", "ITP_KERNEL_": "kernel",
    "ITP_COVARIANCE_": "covariance", "ITP_": "family",
}
# Sizes, a version, and the one bit of a schedule's user_parts.
NO_CHOICES = {"ITP_TORCH_WORDS", "ITP_SOLVER_NAME", "ITP_ORIGIN_NAME", "ITP_PLAN_JSON_VERSION", "ITP_USER_DERIVATIVES"}


def declared(interface: str) -> "dict[str, int]":
    enums = json.loads(pathlib.Path(interface).read_text())["enums"]
    return {name: value for enum in enums for name, value in enum["values"].items()}


def rows(library: c.CDLL, kind: str) -> "dict[int, str]":
    entry, found, i = structs.Entry(size=c.sizeof(structs.Entry)), {}, 0
    while not library.itp_kind_at(kind.encode(), i, c.byref(entry)):
        found[entry.id] = entry.name.decode()
        i += 1
    return found


def kind_of(name: str) -> str:
    return next(kind for prefix, kind in KINDS.items() if name.startswith(prefix))


def problem(name: str, value: int, known: "dict[int, str]") -> "str | None":
    default = name.endswith("_DEFAULT") and value == 0  # the first row, where none has that number
    return None if default or value in known else f"{name} = {value}: no row of {kind_of(name)} has this id"


shared, interface = sys.argv[1:]
tap, library, numbers = Tap(len(set(KINDS.values())) + 1), c.CDLL(shared), declared(interface)
names: "list[str]" = []
entry = structs.Entry(size=c.sizeof(structs.Entry))
while not library.itp_kind_at(b"kind", len(names), c.byref(entry)):
    names.append(entry.name.decode())
tap.result("every kind with numbers is listed", [f"{kind}: no kind" for kind in set(KINDS.values()) - set(names)])
for kind in dict.fromkeys(KINDS.values()):
    known = rows(library, kind)
    own = {name: value for name, value in numbers.items() if name not in NO_CHOICES and kind_of(name) == kind}
    problems = [text for name, value in own.items() if (text := problem(name, value, known))]
    problems += [f"{kind} {name} ({id}): not in the headers" for id, name in known.items() if id not in own.values()]
    tap.result(kind, problems + ([] if own else [f"{kind}: the headers have no such number"]))
tap.exit()
