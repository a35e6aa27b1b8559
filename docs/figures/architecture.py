"""Draws docs/architecture.svg: the folders of lib/ and which of them includes which, read from the sources; and writes the
last column of the table of docs/architecture.md.

usage: architecture.py [SOURCE]

Every folder stands below all that it includes. An arrow goes from a folder to one that it includes; it is left out where
other arrows lead there anyway. The table has them all.
"""
import pathlib
import re
import sys

ROW_OF = re.compile(r"^\| \[(\w+)\]", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*"(\w+)/', re.M)
WIDTH, MARGIN, BOX, ROW, TRACK, FONT = 720, 10, (148, 46), 104, 26, 22
STYLE = """
  rect { fill: #eef3f8; stroke: #31566f; stroke-width: 1.5; rx: 7px }
  text { fill: #12242f; font: 600 %dpx system-ui, "DejaVu Sans", sans-serif; text-anchor: middle }
  path { fill: none; stroke: #31566f; stroke-width: 1.5 }
  path.head { fill: #31566f; stroke: none }
""" % FONT


def includes(source: pathlib.Path) -> dict:
    """Of every folder, the folders that its files include from."""
    to = {}
    for path in sorted((source / "lib").glob("*/*.[ch]")):
        folder = to.setdefault(path.parent.name, set())
        folder |= set(INCLUDE.findall(path.read_text())) - {path.parent.name}
    return to


def reached(to: dict, folder: str) -> set:
    """All that a folder leads to, over however many arrows."""
    return to[folder].union(*(reached(to, other) for other in to[folder]))


def needed(to: dict) -> dict:
    """The arrows without those that the others imply."""
    return {folder: {other for other in others if not any(other in reached(to, third) for third in others)}
            for folder, others in to.items()}


def depth(to: dict, folder: str) -> int:
    return 1 + max((depth(to, other) for other in to[folder]), default=-1)


def rows_of(to: dict, arrows: dict) -> "tuple[list, list]":
    """The folders row by row; where an arrow crosses a row it has a place there, too, named (from, to)."""
    level = {folder: depth(to, folder) for folder in to}
    rows = [[folder for folder in sorted(to) if level[folder] == i] for i in range(max(level.values()) + 1)]
    lines = []
    for folder in sorted(arrows):
        for other in sorted(arrows[folder]):
            between = [(folder, other)] * (level[folder] - level[other] - 1)
            for i, place in enumerate(between):
                rows[level[other] + 1 + i].append(place)
            lines.append((folder, other, level[other], level[folder]))
    return rows, lines


def neighbours(lines: list, row: int, place: "str | tuple", step: int) -> list:
    """The places in the next row (step 1) or the one before (-1) that arrows join with this one."""
    found = []
    for folder, other, top, bottom in lines:
        here = other if row == top else folder if row == bottom else (folder, other)
        if top <= row <= bottom and top <= row + step <= bottom and here == place:
            found.append(other if row + step == top else folder if row + step == bottom else (folder, other))
    return found


def sort_rows(rows: list, lines: list) -> None:
    """Each row by the mean place of its neighbours, down and up again: few arrows cross (Sugiyama's method)."""
    for step in (-1, 1) * 12:
        for row in range(len(rows))[::-step]:
            if 0 <= row + step < len(rows):
                where = {place: (i + .5) / len(rows[row + step]) for i, place in enumerate(rows[row + step])}
                own = {place: (i + .5) / len(rows[row]) for i, place in enumerate(rows[row])}

                def middle(place: "str | tuple") -> float:
                    joined = [where[other] for other in neighbours(lines, row, place, step)]
                    return sum(joined) / len(joined) if joined else own[place]
                rows[row].sort(key=middle)


def positions(rows: list) -> dict:
    """(row, place) -> (x, y) of its middle: the places of a row are spread over the width."""
    at = {}
    for row, places in enumerate(rows):
        widths = [BOX[0] if isinstance(place, str) else TRACK for place in places]
        gap = (WIDTH - 2 * MARGIN - sum(widths)) / (len(places) + 1)
        x = MARGIN + gap
        for place, width in zip(places, widths):
            at[row, place] = (x + width / 2, MARGIN + BOX[1] / 2 + row * ROW)
            x += width + gap
    return at


def arrow(at: dict, line: tuple) -> str:
    """From the top of the folder that includes to the bottom of the one that is included."""
    folder, other, top, bottom = line
    x, y = at[bottom, folder]
    path, y = [f"M{x:.0f} {y - BOX[1] / 2:.0f}"], y - BOX[1] / 2
    for row in range(bottom - 1, top, -1):
        x1, middle = at[row, (folder, other)]
        y1 = middle + BOX[1] / 2
        path.append(f"C{x:.0f} {(y + y1) / 2:.0f} {x1:.0f} {(y + y1) / 2:.0f} {x1:.0f} {y1:.0f}V{y1 - BOX[1]:.0f}")
        x, y = x1, y1 - BOX[1]
    x1, y1 = at[top, other][0], at[top, other][1] + BOX[1] / 2 + 9
    path.append(f"C{x:.0f} {(y + y1) / 2:.0f} {x1:.0f} {(y + y1) / 2:.0f} {x1:.0f} {y1:.0f}")
    head = f"M{x1:.0f} {y1 - 9:.0f}l-5 11h10z"
    return f'<path d="{"".join(path)}"><title>{folder} includes {other}</title></path>\n<path class="head" d="{head}"/>'


def box(name: str, x: float, y: float) -> str:
    return (f'<rect x="{x - BOX[0] / 2:.0f}" y="{y - BOX[1] / 2:.0f}" width="{BOX[0]}" height="{BOX[1]}"/>\n'
            f'<text x="{x:.0f}" y="{y + FONT / 3:.0f}">{name}</text>')


def picture(source: pathlib.Path) -> str:
    to = includes(source)
    rows, lines = rows_of(to, needed(to))
    sort_rows(rows, lines)
    at = positions(rows)
    height = (len(rows) - 1) * ROW + BOX[1] + 2 * MARGIN
    parts = [arrow(at, line) for line in lines]
    parts += [box(place, *xy) for (_, place), xy in at.items() if isinstance(place, str)]
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" viewBox="0 0 {WIDTH} {height}" role="img">\n'
            f"<title>The folders of lib/: an arrow goes from a folder to one that it includes</title>\n"
            f'<!-- Made by docs/figures/architecture.py from the sources: run it instead of changing this. -->\n'
            f"<style>{STYLE}</style>\n<rect style=\"fill: #fff; stroke: none\" width=\"100%\" height=\"100%\"/>\n"
            f"{body}\n</svg>\n")


def table(source: pathlib.Path) -> str:
    """The page, its last column written anew."""
    to = includes(source)
    page = (source / "docs/architecture.md").read_text()
    order = [name for name in ROW_OF.findall(page) if name in to]
    missing = set(to) - set(order)
    if missing:
        sys.exit(f"docs/architecture.md: no row for {', '.join(sorted(missing))}")

    def row(match: re.Match) -> str:
        included = ", ".join(sorted(to.get(match[2], set()), key=order.index)) or "nothing"
        return f"{match[1]} {included} |"
    return re.sub(r"^(\| \[(\w+)\].*? \| .*? \|).*\|$", row, page, flags=re.M)


def files(source: pathlib.Path) -> dict:
    """What this script writes: path -> text."""
    return {source / "docs/architecture.svg": picture(source), source / "docs/architecture.md": table(source)}


def main() -> None:
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    for path, text in files(source).items():
        path.write_text(text)


if __name__ == "__main__":
    main()
