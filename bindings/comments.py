"""The comments of a header, and what each of them is about.

A parser of C sees none of them; it says in which line a name is declared. A comment is about a declaration when it stands

    behind it, on the line on which it ends:         double u;  /* position on the path */
    or above it, on lines of its own, without a blank line between. What follows without a blank line and has no comment
    itself shares it. Where what follows has one of its own, the comment above is a heading of the group.
"""
from __future__ import annotations

import bisect
import re
from typing import NamedTuple

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)


class Said(NamedTuple):
    """comment: about one name, perhaps shared with its neighbours. heading: of the group that it is in. "": there is none."""
    comment: str
    heading: str


class _Comment(NamedTuple):
    first: int  # lines, from 1
    last: int
    start: int  # in the text
    text: str


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _directive(match: re.Match[str]) -> str:
    """Ends whatever stands before it."""
    return ";" + _blank(match)[1:]


def plain(comment: str) -> str:
    """The text of a comment: a paragraph in a line, but lines that are indented below a star stay by themselves."""
    lines = comment[2:-2].strip().split("\n")
    starred = all(line.lstrip().startswith("*") for line in lines[1:])
    paragraphs = [[lines[0].strip()]]
    joined = True  # whether the next line goes on with the last one
    for line in lines[1:]:
        line = line.strip()[1:] if starred else " " + line.strip()
        indented = line.startswith("   ")
        if not line.strip():
            paragraphs.append([])
        elif indented or not joined or not paragraphs[-1]:
            paragraphs[-1].append(line.strip())
        else:
            paragraphs[-1][-1] += " " + line.strip()
        joined = not indented
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


class Comments:
    """Of one header."""

    def __init__(self, text: str):
        self._lines = [0] + [match.end() for match in re.finditer("\n", text)]
        self._text = text
        #: the text without comments and directives, each of its characters where it was
        self._code = _DIRECTIVE.sub(_directive, _COMMENT.sub(_blank, text))
        self._comments = [_Comment(self._line(match.start()), self._line(match.end()), match.start(),
                                   plain(match.group())) for match in _COMMENT.finditer(text)]

    def _line(self, at: int) -> int:
        return bisect.bisect_right(self._lines, at)

    def _place(self, line: int, name: str) -> int:
        """Where a name stands that is declared on this line."""
        found = re.compile(rf"\b{name}\b").search(self._code, self._lines[line - 1])
        assert found and self._line(found.start()) == line, f"line {line}: no {name}"
        return found.start()

    def _start(self, at: int, before: str) -> int:
        """The line on which the declaration begins that has a name here; `before`: what ends those before it."""
        left = max(self._code.rfind(mark, 0, at) for mark in before) + 1
        return self._line(re.compile(r"\S").search(self._code, left).start())

    def _behind(self, at: int, end: str) -> tuple[int, str]:
        """The line on which the declaration ends, and the comment behind it on that line."""
        found = re.compile(end).match(self._code, at)
        assert found, f"line {self._line(at)}: no end"
        line = self._line(max(found.end() - 1, at))
        texts = [one.text for one in self._comments if one.first == line and one.start >= found.end() and
                 not self._code[found.end():one.start].strip(" ,;")]
        return line, texts[0] if texts else ""

    def _above(self, line: int) -> str:
        """The comment that ends in the line before and has its lines to itself."""
        for one in self._comments:
            if one.last == line - 1 and not self._text[self._lines[one.first - 1]:one.start].strip():
                return one.text
        return ""

    def above(self, line: int, name: str) -> str:
        """Of a type or a function: what stands above its declaration, or above those that it follows directly."""
        start = self._start(self._place(line, name), ";{}")
        while not self._above(start) and self._code[:self._lines[start - 1]].endswith(";\n"):
            start = self._start(self._lines[start - 1] - 2, ";{}")
        return self._above(start)

    def of_members(self, members: list[tuple[int, str]], enum: bool = False) -> list[Said]:
        """Of the fields of a struct or the numbers of an enumeration, with the lines that they are declared on."""
        found: list[Said] = []
        shared = heading = ""
        last = 0
        for line, name in members:
            at = self._place(line, name)
            start = self._start(at, ",{" if enum else ";{")
            ends, own = self._behind(at, r"\w+(\s*=[^,}]*?)?(?=\s*[,}])" if enum else r"[^;]*;")
            above = self._above(start)
            if above:
                shared, heading = ("", above) if own else (above, "")
            elif start > last + 1:
                shared = heading = ""
            found.append(Said(own or shared, heading if own else ""))
            last = ends if not own else max(one.last for one in self._comments if one.first == ends)
        return found

    def behind_enum(self, line: int, name: str) -> str:
        """What stands behind a whole enumeration, of which this is a number."""
        at = self._place(line, name)
        return self._behind(at, r"[^}]*\}\s*;")[1]
