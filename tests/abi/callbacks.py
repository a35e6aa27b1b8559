"""Programs with newer and older headers than the library's: what docs/abi.md promises for structs handed to callbacks.

usage: callbacks.py LIBRARY SOURCE CC...
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

library, source, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
STRUCTS = ("itp_request", "itp_schedule_values", "itp_schedule_point", "itp_fit_report", "itp_noise_request",
           "itp_batch")


def longer(text: str) -> str:
    """Each of the structs with a field at its end that this library does not know."""
    for name in STRUCTS:
        text = text.replace(f"}} {name};", f"    double newest;\n}} {name};")
        text = re.sub(rf"(sizeof\({name}\)[^}}]*?)( \}})", r"\1, 0\2", text)
    return text


def shorter(text: str) -> str:
    """Without fields that were added later, as far as the program does without them."""
    text = text.replace("double dalpha, dbeta; /* derivatives by t, read", "/* derivatives by t, read")
    text = re.sub(r"    double data_state, data_output; /\* the data prediction is[^}]*\} itp_request;", "} itp_request;",
                  text)
    return text.replace("{ sizeof(itp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }",
                        "{ sizeof(itp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }")


def run(folder: pathlib.Path, edit, *flags: str) -> list[str]:
    include = folder / "interp"
    shutil.copytree(source / "include/interp", include)
    changed = 0
    for path in include.glob("*.h"):
        text = path.read_text()
        changed += edit(text) != text
        path.write_text(edit(text))
    program = folder / "program"
    build = subprocess.run([*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *flags, f"-I{folder}",
                            source / "tests/abi/callbacks.c", library, f"-Wl,-rpath,{library.parent}", "-o", program],
                           capture_output=True, text=True)
    if build.returncode:
        return build.stderr.splitlines()
    ran = subprocess.run([program], capture_output=True, text=True)
    return ran.stdout.splitlines() + ([f"exit status {ran.returncode}"] if ran.returncode else []) + \
        ([] if changed or not flags else ["no header was changed"])


tap = Tap(3)
for name, edit, flags in (("the headers as they are", lambda text: text, ()), ("newer headers", longer, ("-DNEWER",)),
                          ("older headers", shorter, ("-DOLDER",))):
    with tempfile.TemporaryDirectory() as folder:
        tap.result(name, run(pathlib.Path(folder), edit, *flags))
tap.exit()
