"""No file names a path that exists only on somebody's machine. usage: machine_paths.py SOURCE"""
import os
import pathlib
import re
import sys

MACHINE_PATH = re.compile(rb"(?<![\w./$}<-])/(home|root|work|mnt|srv|tmp|Users)/\w")
SKIPPED = re.compile(r"build.*|__pycache__|\..*")


def files(source):
    for folder, folders, names in os.walk(source):
        top = pathlib.Path(folder) == source
        folders[:] = [name for name in folders if not (SKIPPED.fullmatch(name) and (top or name[0] != "b"))
                      or name == ".ci"]
        for name in names:
            yield pathlib.Path(folder) / name


source = pathlib.Path(sys.argv[1]).resolve()
found = 0
for path in files(source):
    text = path.read_bytes()
    if b"\0" in text:
        continue
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATH.search(line):
            print(f"{path.relative_to(source)}:{number}: {line.decode(errors='replace').strip()}")
            found += 1
sys.exit(bool(found))
