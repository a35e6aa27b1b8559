"""Every function of the public headers has a comment of its own directly above it. usage: commented.py SOURCE"""
import pathlib
import re
import sys


def bare(path: pathlib.Path) -> list[str]:
    """Functions whose declaration does not follow the end of a comment that has its lines to itself."""
    lines = path.read_text().splitlines()
    return [re.search(r"\b(itp_\w+)\(", " ".join(lines[i:i + 2])).group(1) for i, line in enumerate(lines)
            if line.startswith("ITP_API ") and not (lines[i - 1].endswith("*/") and lines[i - 1].startswith(("/*", " *")))]


headers = sorted((pathlib.Path(sys.argv[1]) / "include/interp").glob("*.h"))
found = [f"{path.name}: {name} has no comment of its own above it" for path in headers for name in bare(path)]
functions = sum(line.startswith("ITP_API ") for path in headers for line in path.read_text().splitlines())
found += [] if functions > 60 else [f"only {functions} functions are found"]
print("\n".join(found))
sys.exit(bool(found))
