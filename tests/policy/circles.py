"""No files go round in a circle. In lib/ a file is a source with the header of its name; it goes to those whose headers
it includes and to those that define what it calls, as their object files say. In python/libinterp a file goes to those
that it imports, wherever in it. usage: circles.py SOURCE BUILD"""
import ast
import collections
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
SYMBOL = re.compile(r"^(.*):[0-9a-f]*\s+([A-Za-z]) (itp_\w+)$", re.M)


def of_lib(source: pathlib.Path, build: pathlib.Path) -> dict:
    lib, to = source / "lib", collections.defaultdict(set)
    files = sorted(lib.glob("**/*.[ch]"))
    name = {path: str(path.relative_to(lib).with_suffix("")) for path in files}
    for path in files:
        to[name[path]] |= {included.rsplit(".", 1)[0] for included in INCLUDE.findall(path.read_text())}
    needs, home = collections.defaultdict(set), {}
    place = {f"lib_{str(path.relative_to(lib)).replace('/', '_')}.o": name[path] for path in files}
    objects = [found for found in build.glob("libinterp.so*.p/lib_*.o") if found.name in place]
    said = subprocess.run(["nm", "-A", *objects], check=True, capture_output=True, text=True).stdout
    for found, kind, symbol in SYMBOL.findall(said):
        file = place[pathlib.Path(found).name]
        if kind in "Uu":
            needs[file].add(symbol)
        elif kind.isupper():
            home[symbol] = file
    assert home, f"no object files below {build}"
    for file, symbols in needs.items():
        to[file] |= {home[symbol] for symbol in symbols if symbol in home}
    return to


def modules(node: ast.AST, package: str, names: set) -> set:
    """Of an import, the modules of libinterp that it names."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & names
    if not isinstance(node, ast.ImportFrom):
        return set()
    above = package.split(".")
    base = ".".join(above[:len(above) - node.level + 1] + [node.module or ""]).strip(".") if node.level else node.module
    inside = {f"{base}.{alias.name}" for alias in node.names} & names
    return inside or {base} & names


def for_checkers_only(tree: ast.AST) -> set:
    """What stands below `if TYPE_CHECKING:` and never runs."""
    checks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    return {id(inner) for check in checks for inner in ast.walk(check)}


def of_python(source: pathlib.Path, build: pathlib.Path) -> dict:
    root, to = source / "python", collections.defaultdict(set)
    files = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
             for path in root.glob("libinterp/**/*.py")}
    for name, path in files.items():
        tree = ast.parse(path.read_text())
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        skipped = for_checkers_only(tree)
        for node in ast.walk(tree):
            if id(node) not in skipped:
                to[name] |= modules(node, package, set(files))
    return to


def circles(to: dict) -> list:
    """Each set of files that all lead to one another, by Tarjan's algorithm."""
    order, low, stack, found = {}, {}, [], []

    def visit(file: str) -> None:
        order[file] = low[file] = len(order)
        stack.append(file)
        for other in sorted(to.get(file, set()) - {file}):
            if other not in order:
                visit(other)
            if other in stack:
                low[file] = min(low[file], low[other])
        if low[file] == order[file]:
            members = stack[stack.index(file):]
            del stack[stack.index(file):]
            if len(members) > 1:
                found.append(sorted(members))

    for file in sorted(to):
        if file not in order:
            visit(file)
    return found


sys.setrecursionlimit(10000)
problems = []
for what in (of_lib, of_python):
    arrows = what(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    for circle in circles(arrows):
        problems.append("circle: " + ", ".join(circle))
        problems += [f"  {a} -> {b}" for a in circle for b in sorted(arrows[a] & set(circle) - {a})]
print(*problems, sep="\n")
sys.exit(bool(problems))
