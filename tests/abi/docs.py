"""The C excerpts of README.md and docs/*.md compile without a warning.

usage: docs.py SOURCE CC...

A block with a main is compiled as it stands; the others of a page one after another in one function, whose surroundings
(what the page says the reader has) are below. Excerpts of the library's inside see its private headers.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
BLOCK = re.compile(r"^```(c|cpp)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIT = """
#include <interp/interp.h>
#include <stdlib.h>
int page(const itp_plan *plan, itp_network_fn velocity, void *net, const itp_plan *const *others);
int page(const itp_plan *plan, itp_network_fn velocity, void *net, const itp_plan *const *others)
{
%s
return rc;
}
"""
SEARCH = """
#include <interp/interp.h>
int page(itp_network_fn velocity, void *net);
int page(itp_network_fn velocity, void *net)
{
%s
itp_plan_free(plan);
return rc;
}
"""
RUN = """
#include <interp/interp.h>
void evaluate(const float *x, double time, float *out);
void clear(float *x);
void add(float *x, double factor, const float *y);
void scale_add(float *x, double own, double factor, const float *y);
const float *xi(int32_t m);
void run(const itp_plan *plan, int32_t rows, float *Y[], float *F[]);
%s
"""
STEP = """
#include "solver/wiener.h"
void page(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b);
void page(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
%s
}
"""
ROWS = """
#include <interp/interp.h>
int page(void);
int page(void)
{
%s
itp_plan_free(plan);
return status;
}
"""
AGAIN = """
#include <interp/interp.h>
int page(itp_sampler *sampler, float *x, itp_network_fn network, void *user);
int page(itp_sampler *sampler, float *x, itp_network_fn network, void *user)
{
%s
return rc;
}
"""
DRAW = """
#include <interp/interp.h>
int page(const itp_plan *plan, itp_batch batch, float *x, itp_network_fn network);
int page(const itp_plan *plan, itp_batch batch, float *x, itp_network_fn network)
{
%s
return itp_sample(plan, &batch, x, network, NULL);
}
"""
DRAW_CPP = """
#include <interp/interp.hpp>
void page(itp_batch &batch, itp_torch_cpu &generator)
{
%s
}
"""
CALLBACK = """
#include <interp/interp.h>
%%s
extern itp_noise_fn page;
itp_noise_fn page = %s;
"""
#: page, number of the block (None: all of the page's together) -> what is around it
AROUND = {("fit.md", None): FIT, ("search.md", 0): SEARCH, ("plans.md", 0): RUN, ("plans.md", 1): ROWS, ("plans.md", 2): STEP,
          ("running.md", 0): AGAIN, ("noise.md", 0): DRAW, ("noise.md", 1): DRAW_CPP,
          ("noise.md", 2): CALLBACK % "as_comfy", ("noise.md", 3): CALLBACK % "each"}


def complaints(language, text):
    flags = {"c": ["-std=c11", "-xc"], "cpp": ["-std=c++17", "-xc++"]}[language]
    with tempfile.TemporaryDirectory() as folder:  # as the amalgamation's files lie beside the program
        (pathlib.Path(folder) / "libinterp.h").write_text("#include <interp/interp.h>\n")
        (pathlib.Path(folder) / "interp.hpp").write_text("#include <interp/interp.hpp>\n")
        used = compiler if language == "c" else [shutil.which("g++") or shutil.which("clang++")]
        run = subprocess.run([*used, *flags, "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{source / 'include'}",
                              f"-I{source / 'lib'}", f"-I{folder}", "-fsyntax-only", "-"],
                             input=text, capture_output=True, text=True)
    return run.stderr.splitlines() if run.returncode else []


def programs(page):
    """(name, language, text) of everything on a page."""
    blocks = BLOCK.findall(page.read_text())
    together = AROUND.get((page.name, None))
    if together:
        return [(page.name, "c", together % "\n".join(text for _, text in blocks))]
    return [(f"{page.name}, block {i + 1}", language, AROUND.get((page.name, i), "%s").replace("%s", text))
            for i, (language, text) in enumerate(blocks)]


found = [program for page in [source / "README.md", *sorted((source / "docs").glob("*.md"))] for program in programs(page)]
tap = Tap(len(found))
for name, language, text in found:
    if language == "cpp" and not (shutil.which("g++") or shutil.which("clang++")):
        tap.skip(name, "no C++ compiler")
    else:
        tap.result(name, complaints(language, text))
tap.exit()
