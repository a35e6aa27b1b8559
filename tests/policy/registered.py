"""Every test program, every check and every source of the library is named in the meson.build beside it.

usage: registered.py SOURCE
"""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])


def named(path, listing, name):
    return listing.is_file() and re.search(rf"'{re.escape(name)}(\.\w+)?'", listing.read_text())


missing = []
for pattern in ("tests/**/*_test.c", "tests/abi/*.py", "tests/abi/*.sh", "tests/policy/*.py", "tests/policy/*.sh"):
    for path in sorted(source.glob(pattern)):
        if not named(path, path.parent / "meson.build", path.stem):
            missing.append(path)
for path in sorted(source.glob("lib/**/*.c")):
    if not named(path, source / "lib" / "meson.build", str(path.relative_to(source / "lib").with_suffix(""))):
        missing.append(path)

for path in missing:
    print(f"{path.relative_to(source)}: not in its meson.build")
sys.exit(bool(missing))
