"""Prints the rows that the suite's tests left.

usage: table.py FOLDER
"""
import json
import pathlib
import sys

HEAD = ["peer", "version", "class", "option", "difference", "verdict"]


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    rows = [HEAD] + [row for file in files for row in json.loads(file.read_text())]
    if len(rows) == 1:
        return
    widths = [min(60, max(len(row[i]) for row in rows)) for i in range(len(HEAD))]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
    print(f"{len(rows) - 1} comparisons, {sum(row[-1] == 'same' for row in rows)} the same")


if __name__ == "__main__":
    main()
