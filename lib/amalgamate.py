#!/usr/bin/env python3
"""Writes the whole library as one C file and one header, for programs that compile it along with themselves.

usage: amalgamate.py FOLDER

FOLDER gets libinterp.c, libinterp.h and interp.hpp, the C++ wrapper. Which sources and headers there are is read from
the two meson.build files; their order is that of the flow.

A header is copied where the first source asks for it. Macros that a source leaves behind are undefined after it, and
where two sources have a function, type or constant of the same name for themselves, each name gets that of its file in
front. Nothing else changes, so that a line found here is easily found in lib/.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LIB, INCLUDE = ROOT / "lib", ROOT / "include"
FLOW = ["base", "schedule", "prediction", "noise", "grid", "form", "solver", "plan", "text", "plan_json", "kernels",
        "guidance", "sampler", "adaptive", "path", "fit", "search", "covariance", "kinds"]

# Sources with work for each element of a batch, or folders of them. All else runs once per plan, object or row, and is
# compiled for size.
FAST = {"noise", "kernels", "guidance", "adaptive/control.c", "covariance/basis.c"}

# Sources in those folders with work once per row or pass; that of noise/brownian.c is some dozens of terms.
SLOW = {"noise/brownian.c", "noise/normal.c", "noise/normal_choice.c", "noise/torch_cpu.c", "noise/torch_cuda.c",
        "noise/torch_math.c", "kernels/block.c", "kernels/build.c", "kernels/choice.c", "kernels/convert.c",
        "guidance/apg.c", "guidance/arrays.c", "guidance/rescale.c", "guidance/thresholds.c"}

# Sources in those folders for processors without AVX2, if they are of the kind that may have it.
OLD = {"noise/normal_portable.c", "kernels/portable.c"}

# Folders that nothing else needs, and the macro with which a program leaves them out.
PARTS = {"adaptive": "ITP_NO_ADAPTIVE", "path": "ITP_NO_PATH", "fit": "ITP_NO_FIT", "covariance": "ITP_NO_COVARIANCE"}

# A folder that is left out unless a program asks for it: it is large, and made for the workshop, not for the game.
ASKED_FOR = {"search": "ITP_SEARCH"}

# Sources for what a program may have and say so, or for its absence.
OPTIONAL = {"ITP_HAVE_OPENBLAS": {"kernels/openblas.c"},
            "ITP_HAVE_CJSON": {f"plan_json/{name}.c" for name in ("check", "fields", "load", "origin", "save")},
            "!ITP_HAVE_CJSON": {"plan_json/none.c"}}

# What headers of C libraries declare beyond C11 unless the compiler is told to be strict.
TAKEN = set("""a64l bcmp bcopy bzero drem ecvt exp10 fcvt ffs finite gamma getline getw index initstate j0 j1 jn l64a link
    pow10 putw random read remainder rename rindex scalb select setstate significand sincos stpcpy strdup swab system
    write y0 y1 yn""".split())

COMMENT, STRING, CHARACTER = r"/\*.*?\*/|//[^\n]*", r'"(?:\\.|[^"\\\n])*"', r"'(?:\\.|[^'\\\n])*'"
TOKEN = re.compile(rf"{COMMENT}|{STRING}|{CHARACTER}|[A-Za-z_]\w*|\d[\w.]*|->|\s+|.", re.S)
WORD = re.compile(r"[A-Za-z_]\w*")
INCLUDED = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
BLANK = re.compile(r"\s|/\*|//")
INTERNAL = re.compile(r"^(?!(?:typedef|static|extern|enum|union|return)\b)([A-Za-z_][\w *]*\bitp_\w+\()", re.M)
INLINED = re.compile(r"^static inline\b", re.M)


def source_names() -> list[str]:
    """The library's sources, "folder/file.c", in the order of the flow."""
    text = (LIB / "meson.build").read_text()
    names = set(re.findall(r"'([a-z_0-9]+/[a-z_0-9]+\.c)'", text))
    return sorted(names, key=lambda name: (FLOW.index(name.split("/")[0]), name))


def public_names() -> list[str]:
    """The public headers, "interp/file.h", each after those that it includes."""
    names = re.findall(r"'include/(interp/\w+\.h)'", (ROOT / "meson.build").read_text())
    ordered: list[str] = []

    def add(name: str) -> None:
        for _, other in INCLUDED.findall((INCLUDE / name).read_text()):
            if other.startswith("interp/"):
                add(other)
        if name not in ordered:
            ordered.append(name)

    for name in names:
        add(name)
    return ordered


def version() -> str:
    match = re.search(r"^\s*version: '([\d.]+)'", (ROOT / "meson.build").read_text(), re.M)
    assert match, "meson.build names no version"
    return match.group(1)


# ---- names that belong to one source ----

def code_tokens(text: str) -> list[str]:
    """The tokens of a text without comments, blanks and lines for the preprocessor."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", " ", text, flags=re.M)
    return [token for token in TOKEN.findall(text) if not BLANK.match(token)]


def file_scope(tokens: list[str]) -> list[list[str]]:
    """The declarations and definitions at file scope; what stands in braces stays only where it is an enum's."""
    chunks: list[list[str]] = [[]]
    depth = 0
    for i, token in enumerate(tokens):
        depth -= token == "}"
        keeps = depth == 0 or (depth == 1 and "enum" in chunks[-1])
        if keeps:
            chunks[-1].append(token)
        depth += token == "{"
        is_body_end = token == "}" and ")" in chunks[-1] and "=" not in chunks[-1] and "typedef" not in chunks[-1]
        if depth == 0 and (token == ";" or is_body_end):
            chunks.append([])
    return chunks


def enumerators(chunk: list[str]) -> set[str]:
    if "enum" not in chunk or "{" not in chunk:
        return set()
    inside = chunk[chunk.index("{"):chunk.index("}")]
    return {name for before, name in zip(inside, inside[1:]) if before in "{," and WORD.fullmatch(name)}


def declared(chunk: list[str]) -> set[str]:
    """The names that a chunk declares for its file alone: types, tags, constants, static functions and objects."""
    found = enumerators(chunk)
    for i, token in enumerate(chunk[:-1]):
        if token in ("struct", "union", "enum") and WORD.fullmatch(chunk[i + 1]) and "{" in chunk[i + 2:i + 3]:
            found.add(chunk[i + 1])
    if chunk[:1] == ["typedef"]:
        names = [token for token in chunk if WORD.fullmatch(token)]
        pointers = [chunk[i + 1] for i, token in enumerate(chunk[:-2]) if chunk[i - 1:i + 1] == ["(", "*"]]
        found.add(pointers[0] if pointers else names[-1])
    elif {"static", "INLINE"} & set(chunk):
        end = min(chunk.index(mark) for mark in "(=[;{" if mark in chunk)
        if chunk[end - 1] not in ("NAME", "__attribute__"):
            found.add(chunk[end - 1])
        found.update(name for mark, name in zip(chunk, chunk[1:]) if mark == "," and "(" not in chunk and
                     WORD.fullmatch(name))
    return {name for name in found if not name.startswith("itp_") and not name.startswith("ITP_")}


def local_names(text: str) -> set[str]:
    return set().union(*map(declared, file_scope(code_tokens(text))))


def shared_names(sources: list[str]) -> set[str]:
    """Those of more than one source, or of a C library."""
    counts = collections.Counter(name for source in sources for name in local_names((LIB / source).read_text()))
    return {name for name, count in counts.items() if count > 1 or name in TAKEN}


def folders_that_include(header: str) -> set[str]:
    return {path.parent.name for path in LIB.glob("*/*.[ch]") if f'"{header}"' in path.read_text()}


def folder_names() -> dict[str, set[str]]:
    """Types that two folders define, by the folder in which they are renamed: one that keeps its type to itself."""
    owners = collections.defaultdict(list)
    for path in sorted(LIB.glob("*/*.h")):
        for name in re.findall(r"^} (itp_\w+);", path.read_text(), re.M):
            owners[name].append(f"{path.parent.name}/{path.name}")
    found = collections.defaultdict(set)
    for name, headers in owners.items():
        private = [header for header in headers if folders_that_include(header) == {header.split("/")[0]}]
        if len(headers) > 1 and private:
            found[private[0].split("/")[0]].add(name)
    return found


def prefix_of(source: str, sources: list[str]) -> str:
    folder, stem = source[:-2].split("/")
    same = [other for other in sources if other.endswith(f"/{stem}.c")]
    return f"{folder}_{stem}_" if len(same) > 1 else f"{stem}_"


def is_member(tokens: list[str], i: int, in_struct: bool) -> bool:
    """Is token i the name of a member: after a point or an arrow, or declared inside a struct?"""
    before = [token for token in tokens[max(0, i - 4):i] if not BLANK.match(token)]
    after = next((token for token in tokens[i + 1:] if not BLANK.match(token)), "")
    if before[-1:] in (["."], ["->"]):
        return True
    return in_struct and (after in (";", ",", "[") or (after == ")" and before[-2:] == ["(", "*"]))


def renamed(text: str, names: set[str], prefix: str, instead_of: str = "") -> str:
    tokens = TOKEN.findall(text)
    structs: list[bool] = []  # of the braces that are open, which are those of a struct
    words: list[str] = []
    for i, token in enumerate(tokens):
        if token == "{":
            structs.append(words[-1:] == ["struct"] or words[-2:-1] in (["struct"], ["union"]) or
                           words[-1:] == ["union"])
        elif token == "}" and structs:
            structs.pop()
        elif WORD.fullmatch(token):
            words.append(token)
            if token in names and not is_member(tokens, i, bool(structs and structs[-1])):
                tokens[i] = prefix + token[len(instead_of):]
        elif token in ");=":
            words.append("")
    return "".join(tokens)


# ---- putting it together ----

class Amalgamation:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.seen: set[str] = {GUARD}  # it comes before everything else
        self.folder_names = folder_names()

    def read(self, name: str) -> str:
        folder = name.split("/")[0]
        text = (LIB / name).read_text()
        names = self.folder_names.get(folder)
        return renamed(text, names, f"itp_{folder}_", "itp_") if names else text

    def header(self, name: str, depth: int) -> None:
        """A header of lib/. One without a guard is a template: copied each time, its macros end with the source."""
        text = self.read(name)
        guarded = re.search(r"^#ifndef ITP_\w+_H$", text, re.M)
        if name in self.seen:
            return
        if guarded and depth == 0:  # inside an #if another source may need it again; its guard sees to the rest
            self.seen.add(name)
        self.lines.append(f"/* {name} */")
        if guarded:
            text = INLINED.sub("ITP_INTERNAL inline", INTERNAL.sub(r"ITP_INTERNAL \1", text))
        self.text(text, depth, -1 if guarded else 0)

    def text(self, text: str, depth: int = 0, guard: int = 0) -> None:
        inside = depth + guard
        for line in text.splitlines():
            include = INCLUDED.match(line)
            if include and include.group(1) == '"':
                self.header(include.group(2), inside)
            elif not include or not include.group(2).startswith("interp/"):
                self.lines.append(line)
            inside += bool(re.match(r"\s*#\s*if", line)) - bool(re.match(r"\s*#\s*endif", line))

    def source(self, name: str, text: str) -> None:
        folder = name.split("/")[0]
        part = PARTS.get(folder)
        condition = f"!{part}" if part else ASKED_FOR.get(folder)
        condition = condition or next((macro for macro, names in OPTIONAL.items() if name in names), None)
        start = len(self.lines)
        self.lines.append(f"\n/* ---- {name} ---- */")
        if condition:
            self.lines.append(f"#if {condition.replace('ITP', 'defined(ITP', 1)})")
        self.text(text, depth=bool(condition))
        self.undefine(self.lines[start:])
        if condition:
            self.lines.append("#endif")

    def undefine(self, lines: list[str]) -> None:
        """Ends the macros of a source and of its templates; those of headers with a guard are named ITP_."""
        macros = dict.fromkeys(re.findall(r"^\s*#\s*define (\w+)", "\n".join(lines), re.M))
        local = [name for name in macros if not name.startswith("ITP_")]
        templates = [name for name in macros if name in ("ITP_W", "ITP_F", "ITP_U", "ITP_I", "ITP_KEYS")]
        self.lines += [f"#undef {name}" for name in local + templates]


PREAMBLE = """\
/* libinterp {version}, the whole library in one file. Made by lib/amalgamate.py: change the files of lib/ instead.
 *
 * Compile it as C11, with -O2; it needs libm and nothing else: no BLAS, no files, no console, no threads. Define
 *   ITP_HAVE_CJSON       to have plans read and written as JSON by cJSON
 *   ITP_HAVE_OPENBLAS    to have OpenBLAS (cblas.h) work for the covariance and the kernel of that name
 *   ITP_SEARCH           to have what search.h declares, 20 kB, which needs fits
 *   ITP_AVX512           to have paths for AVX-512, too, which are there anyway if the compiler is told that the
 *                        processor has it (-march=...)
 *   ITP_UNWIND_TABLES    to have tables in the program itself with which exceptions and backtraces pass through the
 *                        library's functions. Without it they are among the debugger's information (GCC and Clang, ELF):
 *                        a seventh less to load. A callback must not throw in any case
 *   ITP_NO_ADAPTIVE, ITP_NO_PATH, ITP_NO_FIT, ITP_NO_COVARIANCE    to leave out what adaptive.h, path.h, fit.h and
 *                        covariance.h declare */
"""

# What refuses compilers' options has to see them before a pragma hides them.
GUARD = "base/arithmetic.h"

# First what goes before any header. Whether a compiler fuses multiplications with additions must not show in results.
EXACT = """\
#if defined(__MINGW32__) && !defined(__USE_MINGW_ANSI_STDIO)
#define __USE_MINGW_ANSI_STDIO 1 /* %zu, which the old C library of Windows does not know */
#endif
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpragma-clang-attribute" /* a part that is left out */
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off", "no-math-errno")
#endif
"""

# Call frames are described for debuggers, which read .debug_frame, and not in .eh_frame, which is loaded with a program.
FRAMES = """
#if defined(__GNUC__) && defined(__ELF__) && !defined(ITP_UNWIND_TABLES)
__asm__(".cfi_sections .debug_frame");
#endif
"""

# What only lib/ calls is no symbol of the program; some of it only the tests call.
PRIVATE = """
#if defined(__GNUC__)
#define ITP_INTERNAL static __attribute__((unused))
#else
#define ITP_INTERNAL static
#endif
"""

CLOSE = """
#if defined(__clang__)
#pragma clang diagnostic pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
"""

# AVX-512 is for large computers, and a twentieth of the code.
LEVELS = """
#if !defined(ITP_AVX512) && !defined(__AVX512F__)
#define ITP_NO_AVX512
#endif
"""

# What GCC does at -Os and what yet makes code longer, each measured.
FLAGS = ("no-inline-functions-called-once", "no-move-loop-invariants", "no-tree-loop-im", "no-caller-saves",
         "ira-region=one", "no-tree-sra", "no-ipa-sra", "no-expensive-optimizations", "no-thread-jumps")

SMALL_BEGIN = """
#if defined(__clang__)
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)
#elif defined(__GNUC__)
#pragma GCC push_options
#if __GNUC__ >= 12
#pragma GCC optimize("Oz")
#else
#pragma GCC optimize("Os")
#endif
#pragma GCC optimize(%s)
#endif
""" % ", ".join(f'"{flag}"' for flag in FLAGS)

SMALL_END = """
#if defined(__clang__)
#pragma clang attribute pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
"""


def is_small(source: str) -> bool:
    return source in SLOW or FAST.isdisjoint((source, source.split("/")[0]))


def where_old(text: str) -> str:
    return f"\n#ifdef __x86_64__{text}#endif\n"


def body() -> str:
    sources = source_names()
    shared = shared_names(sources)
    whole = Amalgamation()
    small = False
    for source in sources:
        if is_small(source) != small:
            whole.lines.append(SMALL_END if small else SMALL_BEGIN)
            small = not small
        text = whole.read(source)
        own = local_names(text) & shared
        if source in OLD:
            whole.lines.append(where_old(SMALL_BEGIN))
        whole.source(source, renamed(text, own, prefix_of(source, sources)) if own else text)
        if source in OLD:
            whole.lines.append(where_old(SMALL_END))
    if small:
        whole.lines.append(SMALL_END)
    return "\n".join(whole.lines)


def system_headers(text: str) -> list[str]:
    """Those that stand outside of any #if; they come before everything else."""
    return sorted(set(re.findall(r"^#include (<(?:fenv|float|inttypes|math|stdarg|stddef|stdint|stdio|stdlib|string)\.h>)$",
                                 text, re.M)))


def main_source() -> str:
    text = body()
    headers = system_headers(text)
    for header in headers:
        text = text.replace(f"#include {header}\n", "")
    text = re.sub(r"\n{3,}", "\n\n", text)
    includes = "\n".join(["#include \"libinterp.h\"", "", *(f"#include {header}" for header in headers)])
    guard = (LIB / GUARD).read_text()
    return PREAMBLE.format(version=version()) + "\n" + guard + "\n" + EXACT + "\n" + includes + "\n" + FRAMES + LEVELS + PRIVATE + text + "\n" + CLOSE


def main_header() -> str:
    parts = [f"/* libinterp {version()}, all public headers in one. Made by lib/amalgamate.py: change the headers of\n"
             " * include/interp instead. */\n"]
    for name in public_names():
        text = re.sub(r"#include <interp/[^\n]*\n", "", (INCLUDE / name).read_text())
        macro = ASKED_FOR.get(pathlib.Path(name).stem)
        parts.append(f"#if defined({macro})\n{text}\n#endif /* {macro} */\n" if macro else text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


def wrapper() -> str:
    return (INCLUDE / "interp/interp.hpp").read_text().replace("#include <interp/interp.h>", '#include "libinterp.h"')


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "libinterp.c").write_text(main_source())
    (folder / "libinterp.h").write_text(main_header())
    (folder / "interp.hpp").write_text(wrapper())
    return 0


if __name__ == "__main__":
    sys.exit(main())
