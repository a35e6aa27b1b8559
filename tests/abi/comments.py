"""Comments reach those who read bindings/interface.json instead of the headers: bindings/comments.py finds what a made-up
header says of each of its names, and every function, type, field and number of the real ones has something said of it.

usage: comments.py SOURCE
"""
import json
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
sys.path[:0] = [str(source / "tests"), str(source / "bindings")]
from comments import Comments, Said, plain
from tap import Tap

HEADER = """\
/* Head. */
#define ITP_N 1
/* Of the
 * numbers. */
enum {
    A = 1, /* first */
    /* Of sigma. */
    B =
        2, /* second,
              more */
    C = 3  /* third */
};
enum { X = 0, Y = 1 }; /* both */

/* A thing:
 *   formula = 1
 * and more. */
typedef struct s {
    size_t size;
    double a, b; /* a pair */
    /* Shared; with "; }" in it. */
    double c;
    const double *d;
    int32_t e; /* its own */

    void (*f)(int a,
              int b);
} s;
/* Of two. */
typedef int(*g)(int a,
                int b);
typedef int(*h)(int a);

/* Far away. */

int bare(void);
#define ITP_M 2
/* A function. */
int said(int a,
         int b);
"""
LINES = {name: next(i for i, line in enumerate(HEADER.split("\n"), 1) if re.search(pattern, line)) for name, pattern in {
    "A": "A =", "B": "B =", "C": "C =", "X": "X =", "Y": "Y =", "size": " size", "a": "a, b;", "b": "a, b;", "c": " c;",
    "d": "\\*d", "e": " e;", "f": "\\*f", "enum": "^enum {$", "s": "struct s", "g": "\\*g", "h": "\\*h", "bare": "bare",
    "said": "said"}.items()}
made = Comments(HEADER)


def members(names: str, enum: bool = False) -> "list[Said]":
    return made.of_members([(LINES[name], name) for name in names.split()], enum)


def unequal(got: object, want: object) -> "list[str]":
    return [] if got == want else [f"{got!r}, not {want!r}"]


def unsaid(interface: dict) -> "list[str]":
    """Names of which nothing is said, neither by a comment of their own nor by name in that of their struct."""
    found = [f"{one['name']}: no comment" for part in ("functions", "structs", "objects") for one in interface[part]
             if not one["comment"]]
    found += [f"{one['name']}: no comment" for one in interface["callbacks"] if one["typedef"] and not one["comment"]]
    found += [f"{struct['name']}.{field['name']}: no comment" for struct in interface["structs"]
              for field in struct["fields"] if not re.match("size$|reserved", field["name"]) and not field["comment"] and
              not re.search(rf"\b{field['name']}\b", struct["comment"])]
    return found + [f"{name}: no comment" for enum in interface["enums"] for name, said in enum["said"].items()
                    if not said["comment"] and not enum["comment"]]


interface = json.loads((source / "bindings/interface.json").read_text())
tap = Tap(8)
tap.result("behind and above numbers", unequal(members("A B C", True), [
    Said("first", ""), Said("second, more", "Of sigma."), Said("third", "Of sigma.")]))
tap.result("of a whole enumeration", unequal(
    [made.above(LINES["enum"], "enum"), made.behind_enum(LINES["X"], "X"), *members("X Y", True)],
    ["Of the numbers.", "both", Said("", ""), Said("", "")]))
tap.result("of fields", unequal([said.comment for said in members("size a b c d e f")], [
    "", "a pair", "a pair", 'Shared; with "; }" in it.', 'Shared; with "; }" in it.', "its own", ""]))
tap.result("of types", unequal([made.above(LINES[name], name) for name in "sgh"], [
    "A thing:\nformula = 1\nand more.", "Of two.", "Of two."]))
tap.result("of functions", unequal([made.above(LINES[name], name) for name in ("bare", "said")], ["", "A function."]))
tap.result("a blank line between paragraphs stays", unequal(plain("/* One.\n *\n * Two\n * lines. */"), "One.\n\nTwo lines."))
tap.result("everything has one", unsaid(interface))
interface["functions"][0]["comment"] = interface["structs"][-1]["fields"][-1]["comment"] = ""
tap.result("what has none is noticed", unequal(len(unsaid(interface)), 2))
tap.exit()
