"""python3 -m libinterp info | plot [--out DIR] [--prefix TEXT]"""
from __future__ import annotations

import argparse
import sys
import textwrap


def _info() -> int:
    import libinterp
    print(f"package {libinterp.__version__}, library {libinterp.library_version()}: {libinterp.library_path()}")
    parts = [part for part in ("json", "openblas", "lapack", "avx2", "avx512", "neon") if libinterp.build_has(part)]
    print(f"the library has: {', '.join(parts) or 'none of its optional parts'}")
    for name in ("schedules", "predictions", "times", "diffusions", "grids", "solvers"):
        text = f"{name}: " + ", ".join(getattr(libinterp, name)())
        print(textwrap.fill(text, 100, subsequent_indent="    ", break_on_hyphens=False))
    return 0


def _plot(folder: str, prefix: str) -> int:
    try:
        from libinterp.plot import plot
    except ImportError as error:
        print(f"libinterp plot: {error} (Debian: apt install python3-matplotlib)", file=sys.stderr)
        return 1
    for path in plot(folder, prefix):
        print(path)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m libinterp", description="Sampling of flow and diffusion networks")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("info", help="the library's path and version, and every name")
    drawing = commands.add_parser("plot", help="pictures of schedules, grids, plans and trajectories")
    drawing.add_argument("--out", default=".", help="folder for the PNG files")
    drawing.add_argument("--prefix", default="", help="what their names begin with")
    chosen = parser.parse_args()
    return _info() if chosen.command == "info" else _plot(chosen.out, chosen.prefix)


if __name__ == "__main__":
    sys.exit(main())
