"""docs/architecture.md is true: its picture and its table are what the includes of lib/ make of them, and every function
of its walks is defined in the file that the walk names and called in the file of the function it is indented under, by
its name or through the pointer that the walk names. The walks of single things come back to no file that they have left
and go to no folder that includes the one they are in.

usage: architecture.py SOURCE
"""
import importlib.util
import pathlib
import re
import sys

STEP = re.compile(r"^( *)- `(\w+)` in ([\w/]+\.[ch])(?:, through `([\w>-]+)`)?:", re.M)

source = pathlib.Path(sys.argv[1])
spec = importlib.util.spec_from_file_location("drawing", source / "docs/figures/architecture.py")
drawing = importlib.util.module_from_spec(spec)
spec.loader.exec_module(drawing)


def defined(name: str, text: str) -> bool:
    """As a function that begins in the first column, in a template perhaps as NAME(name)."""
    return re.search(rf"^[a-zA-Z][^;\n]*\b(?:NAME\()?{name}\)?\([^;]*?\)\n\{{", text, re.M) is not None


def walks(page: str) -> list:
    problems, above = [], []
    for indent, name, file, pointer in STEP.findall(page):
        above = above[:len(indent) // 2]
        text = (source / "lib" / file).read_text() if (source / "lib" / file).is_file() else ""
        if not defined(name, text):
            problems.append(f"docs/architecture.md: {name} is not defined in lib/{file}")
        if above and not re.search(rf"\b{pointer or name}\)?\(", above[-1]):
            problems.append(f"docs/architecture.md: {name} is not called in the file of the function above it")
        above.append(text)
    return problems if above else ["docs/architecture.md: no walk found"]


def climbs(page: str, folders: list) -> list:
    """Of the walks below the heading of single things: files that are entered twice, and calls of a later folder."""
    problems = []
    below = page.partition("## Five things")[2].partition("\n## ")[0]
    for walk in re.split(r"\n\n", below):
        seen, above = [], []
        for indent, name, file, _ in STEP.findall(walk):
            above = above[:len(indent) // 2]
            if file in seen[:-1]:
                problems.append(f"docs/architecture.md: the walk to {name} comes back to {file}")
            seen += [file] if seen[-1:] != [file] else []
            folder = folders.index(file.split("/")[0])
            if above and folder > above[-1]:
                problems.append(f"docs/architecture.md: the walk climbs to {name}, in {file}")
            above.append(folder)
    return problems if below else ["docs/architecture.md: no walk of a single thing found"]


page = (source / "docs/architecture.md").read_text()
found = walks(page) + climbs(page, drawing.ROW_OF.findall(page))
for path, text in drawing.files(source).items():
    if path.read_text() != text:
        found.append(f"{path.relative_to(source)}: the includes have changed; run docs/figures/architecture.py")
print(*found, sep="\n")
sys.exit(bool(found))
