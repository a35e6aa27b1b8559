"""Every mirrored struct has the size and the offsets that a C compiler gives it, and nothing of the headers is left
out."""
import ctypes
import os
import re
import shlex
import shutil
import subprocess

import pytest

from libinterp import _library, _structs

COMPILER = shlex.split(os.environ.get("CC", "cc"))
#: Loops that Python has of its own, and what it gets otherwise: itp_normals, Schedule(kind), times= of Adaptive.sample
ELSEWHERE = {"itp_sample", "itp_plan_fit", "itp_philox", "itp_schedule_make",
             "itp_adaptive_state_at"}


def program():
    lines = ["#include <interp/interp.h>", "#include <stdio.h>", "int main(void)", "{"]
    for name, mirror in _structs.MIRRORS.items():
        lines.append(f'    printf("{name} %zu\\n", sizeof({name}));')
        for field, *_ in mirror._fields_:
            lines.append(f'    printf("{name}.{field} %zu\\n", offsetof({name}, {field}));')
            lines.append(f'    printf("{name}.{field}.size %zu\\n", sizeof((({name} *)0)->{field}));')
    return "\n".join([*lines, "    return 0;", "}", ""])


@pytest.fixture(scope="module")
def compiled(root, tmp_path_factory):
    if not shutil.which(COMPILER[0]):
        pytest.skip(f"no C compiler {COMPILER[0]}")
    folder = tmp_path_factory.mktemp("layout")
    (folder / "layout.c").write_text(program())
    subprocess.run([*COMPILER, f"-I{root / 'include'}", "-o", folder / "layout", folder / "layout.c"], check=True)
    run = subprocess.run([folder / "layout"], check=True, capture_output=True, text=True)
    return {name: int(value) for name, value in (line.split() for line in run.stdout.splitlines())}


@pytest.mark.parametrize("name", _structs.MIRRORS)
def test_struct(compiled, name):
    mirror = _structs.MIRRORS[name]
    found = {name: ctypes.sizeof(mirror)}
    for field, *_ in mirror._fields_:
        found[f"{name}.{field}"] = getattr(mirror, field).offset
        found[f"{name}.{field}.size"] = getattr(mirror, field).size
    assert found == {key: value for key, value in compiled.items() if key.split(".")[0] == name}


@pytest.fixture(scope="module")
def headers(root):
    return "".join(path.read_text() for path in sorted((root / "include" / "interp").glob("*.h")))


def test_every_function_is_bound(headers):
    declared = set(re.findall(r"^ITP_API [\w *]*?\b(itp_\w+)\(", headers, re.M))
    assert len(declared) > 80 and declared - set(_library._SIGNATURES) == ELSEWHERE


def test_every_struct_with_a_size_is_mirrored(headers):
    """itp_allocator: memory is the library's own business here. itp_*_info and the like are read."""
    declared = set(re.findall(r"typedef struct (itp_\w+) \{\s*size_t size;", headers))
    assert len(declared) > 20 and declared - set(_structs.MIRRORS) == {"itp_allocator"}
