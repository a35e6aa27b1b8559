"""What the library exports, and what it must not contain.

usage: symbols.py MAP SHARED STATIC INTERFACE
"""
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

# The library prints nothing, keeps no clock, no errno and no thread of its own, and never ends the program.
FORBIDDEN = {
    "__errno_location", "abort", "clock", "exit", "fopen", "fprintf", "fputs", "fwrite", "getenv", "printf",
    "openblas_set_num_threads", "pthread_create", "putchar", "puts", "rand", "setlocale", "srand", "stderr", "stdout",
    "time", "vfprintf", "vprintf",
}
# Only lib/base/memory.c may ask for memory.
MEMORY = {"malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign"}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def declared(interface):
    return {function["name"] for function in json.loads(pathlib.Path(interface).read_text())["functions"]}


def mapped(path):
    text = pathlib.Path(path).read_text()
    return set(re.findall(r"(\w+);", text[text.index("global:"):text.index("local:")]))


def exported(library):
    """Names without their version; the version node itself is listed as an absolute symbol."""
    rows = (line.split() for line in output("nm", "-D", "--defined-only", library).splitlines())
    return {row[-1].split("@")[0] for row in rows if row[-2] != "A"}


def differences(a_name, a, b_name, b):
    return [f"{name}: in {a_name}, not in {b_name}" for name in sorted(a - b)] + \
           [f"{name}: in {b_name}, not in {a_name}" for name in sorted(b - a)]


def archive_symbols(archive):
    """(member, type, name) of every symbol of a static library."""
    for line in output("nm", "-A", archive).splitlines():
        match = re.match(r".*?:([^:]+):[0-9a-f]*\s+(\w) (\S+)$", line)
        if match:
            yield match.groups()


def without_prefix(archive):
    return [f"{member}: {name}" for member, kind, name in archive_symbols(archive)
            if kind.isupper() and kind != "U" and not name.startswith("itp_")]


def forbidden_calls(archive):
    return [f"{member}: {name}" for member, kind, name in archive_symbols(archive)
            if kind == "U" and (name in FORBIDDEN or name in MEMORY and "memory" not in member)]


def writable_data(archive):
    """Constant tables of pointers lie in .data.rel.ro, which is read-only once the program runs."""
    rows = (line.split() for line in output("objdump", "-t", archive).splitlines())
    return [f"{row[-1]} in {row[-3]}" for row in rows if len(row) > 4 and "O" in row
            and re.match(r"\.(data|bss|tdata|tbss)|\*COM\*", row[-3]) and not row[-3].startswith(".data.rel.ro")]


map_file, shared, static, interface = sys.argv[1:]
api = declared(interface)
tap = Tap(6)
tap.result("the headers declare functions", [] if api else ["none found"])
tap.result("the map is what the headers declare", differences("the map", mapped(map_file), "the headers", api))
tap.result("the shared library exports the map", differences("the library", exported(shared), "the headers", api))
tap.result("no global symbol without the prefix", without_prefix(static))
tap.result("no call that a library should not make", forbidden_calls(static))
tap.result("no data that can change", writable_data(static))
tap.exit()
