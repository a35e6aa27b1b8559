"""The library as one file: made, compiled with every C compiler there is, measured, used from C and from C++.

usage: amalgamation_test.py SOURCE CC...
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

# Options without which a limit is no longer an infinity, or bits are others. (clang has no macro for the last one.)
REFUSED = ("-ffast-math", "-Ofast", "-ffinite-math-only", "-fassociative-math -fno-signed-zeros -fno-trapping-math")
# The hosts' floating point modes once more, where compilers may move arithmetic furthest.
MODES = ("unit/float_env_test.c", "common/capture.c", "common/check.c", "common/families.c", "common/want.c",
         "common/begin.c", "../lib/base/hash.c")
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wpedantic", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Werror"]
PARTS = ("ADAPTIVE", "PATH", "FIT", "COVARIANCE")
LIMIT = {"gcc": 300_000, "clang": 342_000}  # bytes of object code at -O2
# libm, and of libc what works on memory alone.
ALLOWED = re.compile(r"""(aligned_alloc|free|mem(cpy|move|set|cmp|chr)|bcmp|str(cmp|len|ncpy|chr|str|tod)|v?snprintf|
                          fegetenv|fesetenv|feclearexcept|
                          a?(sin|cos|tan)h?f?|atan2|sincos|exp2?|expm1|log(10|1p|2)?|pow|sqrtf?|hypot|cbrt|l?gamma|
                          erfc?|floor|ceil|rint|nearbyint|l?lrint|round|trunc|fabs|fma|fmin|fmax|fmod|frexp|ldexp|modf|
                          isnan|isinf|finite|
                          __cpu_(model|indicator_init)|_GLOBAL_OFFSET_TABLE_|__(mem|str|vsn?printf)\w*_chk|
                          __stack_chk_fail)$""", re.X)


def output(*command: "str | pathlib.Path") -> list[str]:
    """The lines that a command says when it fails; none when it works."""
    run = subprocess.run(command, capture_output=True, text=True)
    return run.stdout.splitlines() + run.stderr.splitlines() + ["failed"] if run.returncode else []


def lines(*command: "str | pathlib.Path") -> list[str]:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def compilers(first: list[str], others: tuple[str, ...]) -> list[list[str]]:
    """The project's own, and others that are another program."""
    found = [first] if first else []
    for path in filter(None, map(shutil.which, others)):
        known = [pathlib.Path(shutil.which(command[0]) or command[0]).resolve() for command in found]
        if pathlib.Path(path).resolve() not in known:
            found.append([path])
    return found


def object_size(path: pathlib.Path) -> int:
    return int(lines("size", path)[1].split()[3])


def undefined(path: pathlib.Path) -> list[str]:
    names = [line.split()[-1] for line in lines("nm", "-u", path)]
    return [f"{name} is needed" for name in names if not ALLOWED.match(name)]


def symbols(path: pathlib.Path, header: str) -> list[str]:
    """Every function of the header is there, and nothing without the prefix or with data that change."""
    rows = [line.split() for line in lines("nm", "--defined-only", "--extern-only", path)]
    names = {row[-1] for row in rows}
    header = re.sub(r"^#if defined\(ITP_SEARCH\)$.*?^#endif /\* ITP_SEARCH \*/$", "", header, flags=re.S | re.M)
    code = re.sub(r"^\s*#(?:.*\\\n)*.*$", "", re.sub(r"/\*.*?\*/", "", header, flags=re.S), flags=re.M)
    public = set(re.findall(r"\bITP_API\b[^;(]*?\b(itp_\w+)\s*\(", code))
    writable = [line for line in lines("nm", path) if re.search(r" [bBcC] ", line)]
    return [f"{name}: no symbol" for name in sorted(public - names)] + \
           [f"{name}: no prefix" for name in sorted(names) if not name.startswith("itp_")] + \
           [f"changes: {line}" for line in writable] + ([] if public else ["no functions found"])


class Check:
    def __init__(self, source: pathlib.Path, folder: pathlib.Path, tap: Tap) -> None:
        self.source, self.folder, self.tap = source, folder, tap
        self.header = ""

    def make(self) -> None:
        problems = output(sys.executable, self.source / "lib/amalgamate.py", self.folder)
        self.tap.result("it is made", problems)
        self.header = "" if problems else (self.folder / "libinterp.h").read_text()

    def compile(self, compiler: list[str], name: str, *flags: str) -> "tuple[pathlib.Path, list[str]]":
        path = self.folder / f"{name}.o"
        return path, output(*compiler, "-std=c11", "-O2", *WARNINGS, *flags, "-c", self.folder / "libinterp.c",
                            "-o", path)

    def build(self, compiler: list[str]) -> None:
        name = pathlib.Path(compiler[0]).name
        path, problems = self.compile(compiler, name)
        # without -std the headers of the C library declare more
        problems = problems or output(*compiler, "-Wall", "-Werror", "-fsyntax-only", self.folder / "libinterp.c")
        self.tap.result(f"{name}: compiles alone as C11, without a warning", problems)
        if problems:
            for what in ("size", "symbols it needs", "symbols it has", "golden hashes", "options refused", "modes"):
                self.tap.skip(f"{name}: {what}", "did not compile")
            return
        self.size(name, compiler, path)
        self.tap.result(f"{name}: symbols it needs", undefined(path))
        self.tap.result(f"{name}: symbols it has", symbols(path, self.header))
        self.hashes(name, compiler, path)
        self.refusals(name, compiler)
        self.modes(name, compiler)

    def refusals(self, name: str, compiler: list[str]) -> None:
        wrong = []
        for option in REFUSED if "clang" not in name else REFUSED[:-1]:
            said = output(*compiler, "-O2", *option.split(), "-fsyntax-only", self.folder / "libinterp.c")
            wrong += [] if any("#error" in line or "libinterp needs" in line for line in said) else [option]
        self.tap.result(f"{name}: refuses options that forbid infinities", wrong)

    def modes(self, name: str, compiler: list[str]) -> None:
        program = self.folder / f"modes-{name}"
        sources = [self.source / "tests" / source for source in MODES]
        problems = []
        for flags in (["-O3"], ["-O3", "-flto"]):
            built = output(*compiler, "-std=c11", "-w", *flags, f"-I{self.source}/include", f"-I{self.source}/lib", *sources,
                           self.folder / "libinterp.c", "-lcmocka", "-lm", "-o", program)
            if built and "-flto" in flags:
                print(f"# {name} cannot link with -flto here")
                continue
            problems += built or output(program)
        self.tap.result(f"{name}: the same in every floating point mode, with -O3 and -flto", problems)

    def size(self, name: str, compiler: list[str], path: pathlib.Path) -> None:
        """Of the whole; clang unrolls more."""
        whole = object_size(path)
        limit = LIMIT["clang" if "clang" in name else "gcc"]
        parts = [("without covariance", ["-DITP_NO_COVARIANCE"]),
                 ("without adaptive runs, paths, fits, covariance", [f"-DITP_NO_{part}" for part in PARTS]),
                 ("with AVX-512", ["-DITP_AVX512"]), ("with search", ["-DITP_SEARCH"])]
        said, problems = [], []
        for k, (what, options) in enumerate(parts):
            part, wrong = self.compile(compiler, f"{name}-part{k}", *options)
            problems += wrong
            said += [] if wrong else [f"{object_size(part)} {what}"]
        print(f"# {name}: {whole} bytes; {'; '.join(said)}")
        problems += [f"{whole} bytes are over the budget of {limit}"] if whole >= limit else []
        self.tap.result(f"{name}: size", problems)

    def hashes(self, name: str, compiler: list[str], path: pathlib.Path) -> None:
        cross = self.source / "tests/cross"
        program = self.folder / f"hash-{name}"
        problems = output(*compiler, "-std=c11", "-O2", "-ffp-contract=off", "-DHASH_AMALGAMATION", f"-I{self.folder}",
                          cross / "hash_samples.c", path, "-lm", "-o", program)
        compared = problems or output(sys.executable, cross / "compare.py", cross / "golden.txt", program,
                                      cross / "rows.json")
        self.tap.result(f"{name}: golden hashes", [line for line in compared if not line.startswith("ok")])

    def library(self) -> str:
        """An object file of the whole."""
        return str(next((path for path in self.folder.glob("*.o") if "-" not in path.name), "none"))

    def cpp(self, compiler: str) -> None:
        name = pathlib.Path(compiler).name
        program = self.folder / f"wrapper-{name}"
        problems = output(compiler, "-std=c++17", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Wconversion",
                          "-Wpedantic", "-Wshadow", "-Werror", "-DWRAPPER_AMALGAMATION", f"-I{self.folder}",
                          self.source / "tests/engine/wrapper_test.cpp", self.library(), "-lm", "-o", program)
        problems = problems or [line for line in output(program) if not line.startswith("ok")]
        self.tap.result(f"{name}: used from C++17 without exceptions and RTTI", problems)

    def documented(self, fence: str, command: list[str], library: "pathlib.Path | str") -> None:
        """The program that docs/engines.md shows, compiled and run as it says."""
        text = (self.source / "docs/engines.md").read_text()
        block = re.search(rf"^```{fence}\n(.*?)^```$", text, re.S | re.M)
        file, program = self.folder / f"documented.{fence}", self.folder / f"documented-{fence}"
        file.write_text(block.group(1) if block else "")
        problems = output(*command, "-Wall", "-Wextra", "-Werror", f"-I{self.folder}", file, library, "-lm", "-o",
                          program)
        said = [] if problems else lines(program)
        missing = [f"not in the page: {line}" for line in said if line not in text]
        self.tap.result(f"docs/engines.md: its .{fence} program",
                        problems or missing or ([] if said else ["says nothing"]))


def main() -> None:
    source = pathlib.Path(sys.argv[1])
    c_compilers = compilers(sys.argv[2:], ("gcc", "clang"))
    cpp_compilers = [path for path in map(shutil.which, ("g++", "clang++")) if path]
    tap = Tap(1 + 7 * len(c_compilers) + len(cpp_compilers) + 1 + bool(cpp_compilers))
    with tempfile.TemporaryDirectory() as folder:
        check = Check(source, pathlib.Path(folder), tap)
        check.make()
        for compiler in c_compilers:
            check.build(compiler)
        for compiler in cpp_compilers:
            check.cpp(compiler)
        library = check.library()
        check.documented("c", [*c_compilers[0], "-std=c11", "-O2"], library)
        if cpp_compilers:
            check.documented("cpp", [cpp_compilers[0], "-std=c++17", "-fno-exceptions", "-fno-rtti", "-O2"], library)
    tap.exit()


main()
