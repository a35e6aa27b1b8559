"""A solver, a grid, a schedule and a prediction more are one function and one row each: put into a copy of the library,
they are found by name and alias, listed, written and read as text, known to Python, and work with all others.

usage: toys.py SOURCE CC...
"""
import ctypes as c
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from mirrors import structs
from tap import Tap

source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
# The file, the function, the row before which the new row stands, the new row.
TOYS = {
    "solver": ("solver/registry.c", """
static void itp_toy_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_form drift = itp_drift(solving, x, a, itp_no_noise);
    itp_form_increase(x, b->t - a->t, &drift);
}
""", "    RK(ITP_WORDS(\"midpoint\"", """
    ROW(ITP_WORDS("toy", "plaything", "Euler's"), FAMILY(ADAMS_BASHFORTH), WEIGHTS(MIDPOINT), .order = 1,
        .evaluations = 1, .step = itp_toy_step),
"""),
    "grid": ("grid/registry.c", """
static int itp_rule_toy(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = (double)i / grid->steps, y = x * x * (3 - 2 * x);
    return itp_grid_position(grid, itp_blend(ends[0].u, ends[1].u, y), itp_blend(ends[0].w, ends[1].w, y), out);
}
""", "    RULE(ITP_GRID_U,", """
    RULE(900, SPAN, toy, ITP_WORDS("toy", "plaything", "smooth at both ends")),
"""),
    "schedule": ("schedule/registry.c", """
static int prepare_toy(itp_schedule *schedule, const itp_report *log)
{
    schedule->desc.s = 2;
    return itp_lazy_prepare(schedule, log);
}
""", "    {{ITP_WORDS(\"vp\",", """
    {{ITP_WORDS("toy", "plaything", "lazy, s = 2"), 900, 0}, &itp_family_lazy, prepare_toy},
"""),
    "prediction": ("prediction/views.c", """
static int toy(const itp_network *model, const itp_at *at, itp_views *out)
{
    (void)model;
    *out = itp_views_of_data(at, 0, .5);
    return ITP_OK;
}
""", "    {{ITP_WORDS(\"data\",", """
    {{ITP_WORDS("toy", "plaything", "twice the data"), 900, 0}, toy, NULL},
"""),
}


def patch(lib: pathlib.Path) -> list[str]:
    problems = []
    for kind, (name, function, before, row) in TOYS.items():
        text = (lib / name).read_text()
        table = max(text.rfind("\nstatic const", 0, text.find(before)), 0)
        if text.count(before) != 1 or not table:
            problems.append(f"{kind}: {name} has no place for a row before {before!r}")
        text = text[:table] + function + text[table:]
        (lib / name).write_text(text.replace(before, row.lstrip("\n") + before))
    return problems


class Library:
    def __init__(self, path: pathlib.Path) -> None:
        self.c = c.CDLL(str(path))

    def find(self, kind: str, name: str) -> "str | None":
        entry = structs.Entry(size=c.sizeof(structs.Entry))
        return None if self.c.itp_kind_find(kind.encode(), name.encode(), c.byref(entry)) else entry.name.decode()

    def names(self, kind: str) -> list[str]:
        entry, found = structs.Entry(size=c.sizeof(structs.Entry)), []
        while not self.c.itp_kind_at(kind.encode(), len(found), c.byref(entry)):
            found.append(entry.name.decode())
        return found

    def plan(self, text: str) -> "tuple[int, str]":
        """The status, and the plan's own text."""
        plan, printed = c.c_void_p(), c.create_string_buffer(2048)
        status = self.c.itp_plan_parse(text.encode(), None, c.byref(plan))
        if not status:
            self.c.itp_plan_print(plan, printed, c.c_size_t(2048), None)
            self.c.itp_plan_free(plan)
        return status, printed.value.decode()


def found(library: Library, kind: str) -> list[str]:
    names = [library.find(kind, name) for name in ("toy", "Toy", "PlayThing", "plaything")]
    return [] if names == ["toy"] * 4 and library.names(kind).count("toy") == 1 else [f"{kind}: {names}"]


def written(library: Library) -> list[str]:
    text = "model=toy schedule=toy(linear=1)"
    bad = library.plan(text)[0] != 0
    status, once = library.plan("model=Plaything schedule=toy solver=toy grid=toy evaluations=5")
    again = library.plan(once)
    whole = all(f"{key}=toy" in once for key in ("model", "schedule", "solver", "grid"))
    return [] if bad and not status and whole and again == (0, once) else [f"{status}: {once!r}, {again}"]


def combined(library: Library) -> list[str]:
    """The toys with whatever else there is; -4 and -12 are combinations that do not exist for the others either."""
    problems = []
    for kind, key in (("solver", "solver"), ("grid", "grid"), ("schedule", "schedule"), ("prediction", "model")):
        for name in library.names(kind):
            rest = {"solver": "toy", "grid": "toy", "schedule": "toy", "model": "toy", key: name}
            like = {"solver": "euler", "grid": "u", "schedule": "lazy(0, 2)", "model": "data", key: name}
            text, other = (" ".join(f"{k}={v}" for k, v in of.items()) + " evaluations=12" for of in (rest, like))
            if library.plan(text)[0] != library.plan(other)[0] and name != "toy":
                problems.append(f"{text}: {library.plan(text)[0]}, but {other}: {library.plan(other)[0]}")
    return problems


PYTHON = """
import libinterp
for listed in (libinterp.solvers, libinterp.grids, libinterp.schedules, libinterp.predictions):
    assert listed().count("toy") == 1, listed
schedule = libinterp.Schedule("toy")
plan = libinterp.Plan(schedule=schedule, solver="toy", grid="toy", model=libinterp.Model(prediction="toy"), evaluations=5)
assert plan.solver == "toy" and len(plan) == 5, plan
"""


def built_with(folder: pathlib.Path, name: str, sources: list[pathlib.Path]) -> list[str]:
    """A program with the toys' library."""
    made = subprocess.run([*compiler, "-std=c11", "-O1", f"-I{folder}/include", "-o", folder / name, *sources,
                           folder / "libtoys.so", f"-Wl,-rpath,{folder}", "-lm"], capture_output=True, text=True)
    return made.stderr.splitlines() if made.returncode else []


def sampled(folder: pathlib.Path) -> list[str]:
    problems = built_with(folder, "toys_run", [source / "tests/abi/toys_run.c"])
    run = problems or subprocess.run([folder / "toys_run"], capture_output=True, text=True)
    return problems or (run.stdout.splitlines() if run.returncode else [])


def by_the_program(folder: pathlib.Path) -> list[str]:
    """interp list KIND, interp list KIND NAME, interp plan TEXT."""
    problems = built_with(folder, "interp", sorted((source / "examples/interp").glob("*.c")))
    if problems:
        return problems
    def said(*words: str) -> str:
        return subprocess.run([folder / "interp", *words], capture_output=True, text=True).stdout
    for kind in TOYS:
        listed = [line.split()[0] for line in said("list", kind).splitlines()]
        problems += [] if listed.count("toy") == 1 else [f"{kind}: {listed}"]
        about = said("list", kind, "plaything")
        problems += [] if about.startswith("toy: ") and "also: plaything" in about else [f"{kind}: {about}"]
    rows = said("plan", "model=toy schedule=toy solver=toy grid=toy evaluations=5")
    return problems + ([] if "toy" in rows else [rows])


def in_python(path: pathlib.Path) -> list[str]:
    # not where this was started: in a build folder `import libinterp` finds libinterp.so, which is no module
    run = subprocess.run([sys.executable, "-c", PYTHON], capture_output=True, text=True, cwd=path.parent,
                         env={**os.environ, "LIBINTERP_LIBRARY": str(path), "PYTHONPATH": str(source / "python")})
    if "No module named 'numpy'" in run.stderr:
        return []
    return run.stderr.splitlines() if run.returncode else []


with tempfile.TemporaryDirectory() as folder:
    tap, copy = Tap(6 + len(TOYS)), pathlib.Path(folder)
    for part in ("lib", "include"):
        shutil.copytree(source / part, copy / part)
    shutil.copy(source / "meson.build", copy)
    problems = patch(copy / "lib")
    made = subprocess.run([sys.executable, copy / "lib/amalgamate.py", copy], capture_output=True, text=True)
    built = subprocess.run([*compiler, "-std=c11", "-O0", "-DITP_SEARCH", "-fPIC", "-shared", "-o", copy / "libtoys.so",
                            copy / "libinterp.c", "-lm"], capture_output=True, text=True)
    tap.result("one function and one row each", problems + made.stderr.splitlines() + built.stderr.splitlines())
    if tap.failed:
        tap.exit()
    library = Library(copy / "libtoys.so")
    for kind in TOYS:
        tap.result(f"{kind}: found and listed", found(library, kind))
    tap.result("written and read as text", written(library))
    tap.result("with all that there is", combined(library))
    tap.result("sampled as what does the same", sampled(copy))
    tap.result("by the program interp", by_the_program(copy))
    tap.result("in Python", in_python(copy / "libtoys.so"))
    tap.exit()
