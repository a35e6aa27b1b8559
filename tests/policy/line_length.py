"""No line of C is longer than 120 columns, comments included (clang-format leaves those alone). usage: ... SOURCE"""
import pathlib
import sys

source = pathlib.Path(sys.argv[1])
found = 0
for folder in ("include", "lib", "tests", "examples", "pkgconfig"):
    for path in sorted((source / folder).glob("**/*.[ch]")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > 120:
                print(f"{path.relative_to(source)}:{number}: {len(line)} columns")
                found += 1
sys.exit(bool(found))
