"""Programs with newer and older headers than the library's: what docs/abi.md promises for structs that callbacks are
handed (callbacks.c), and for all that a program hands in or has filled (structs.c).

usage: callbacks.py LIBRARY SOURCE CC...
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

library, source, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
STRUCTS = [struct["name"] for struct in json.loads((source / "bindings/interface.json").read_text())["structs"]
           if struct["sized"]]


def longer(text: str) -> str:
    """Each of the structs with a field at its end that this library does not know."""
    for name in STRUCTS:
        text = text.replace(f"}} {name};", f"    double newest;\n}} {name};")
    return text


def shorter(text: str) -> str:
    """Without fields that were added later, as far as the program does without them."""
    text = text.replace("double dalpha, dbeta; /* derivatives by t, read", "/* derivatives by t, read")
    text = re.sub(r"    double data_state, data_output; /\* the data prediction is[^}]*\} itp_request;", "} itp_request;",
                  text)
    return text.replace("{ sizeof(itp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }",
                        "{ sizeof(itp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }")


def run(folder: pathlib.Path, program_of: str, edit, *flags: str) -> list[str]:
    include = folder / "interp"
    shutil.copytree(source / "include/interp", include)
    changed = 0
    for path in include.glob("*.h"):
        text = path.read_text()
        changed += edit(text) != text
        path.write_text(edit(text))
    program = folder / "program"
    build = subprocess.run([*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *flags, f"-I{folder}",
                            source / "tests/abi" / program_of, library, f"-Wl,-rpath,{library.parent}", "-o", program],
                           capture_output=True, text=True)
    if build.returncode:
        return build.stderr.splitlines()
    ran = subprocess.run([program], capture_output=True, text=True)
    return ran.stdout.splitlines() + ([f"exit status {ran.returncode}"] if ran.returncode else []) + \
        ([] if changed or not flags else ["no header was changed"])


def unnamed() -> list[str]:
    """Structs that neither program has."""
    text = "".join((source / "tests/abi" / name).read_text() for name in ("callbacks.c", "structs.c"))
    named = set(re.findall(r"itp_\w+", text))
    return [f"{name}: neither callbacks.c nor structs.c has it" for name in STRUCTS if name not in named] or \
        ([] if len(STRUCTS) > 30 else [f"only {len(STRUCTS)} structs are found"])


CASES = (("callbacks.c", "the headers as they are", lambda text: text, ()),
         ("callbacks.c", "newer headers", longer, ("-DNEWER",)),
         ("callbacks.c", "older headers", shorter, ("-DOLDER",)),
         ("structs.c", "the headers as they are", lambda text: text, ()),
         ("structs.c", "newer headers", longer, ("-DNEWER",)))
tap = Tap(len(CASES) + 1)
tap.result("every struct is looked at", unnamed())
for program, name, edit, flags in CASES:
    with tempfile.TemporaryDirectory() as folder:
        tap.result(f"{program}: {name}", run(pathlib.Path(folder), program, edit, *flags))
tap.exit()
