"""The shared library: where it is, whether it is the right one, and how its functions are called."""
from __future__ import annotations

import ctypes as c
import ctypes.util
import operator
import os
import pathlib
import shutil
import subprocess
import threading
import warnings
import weakref
from typing import Any, Callable, Iterator

from . import _structs, _values, errors
from ._functions import SIGNATURES
from ._structs import DOUBLE, INT, SIZE, U64
from ._zero import NEGATIVE_IS_NONE, NOT_ZERO

#: The version that this package's structs are those of; a library of another minor version is refused before 1.0.
VERSION = _values.VERSION[:2]
EVALUATE = _values.EVALUATE
_FILES = ("libinterp.so.0", "libinterp.so", "libinterp.dylib", "libinterp.0.dylib", "libinterp-0.dll", "interp-0.dll")


def _pkg_config() -> Iterator[str]:
    if not shutil.which("pkg-config"):
        return
    run = subprocess.run(["pkg-config", "--variable=libdir", "libinterp"], capture_output=True, text=True)
    if run.returncode == 0 and run.stdout.strip():
        yield from (str(pathlib.Path(run.stdout.strip()) / name) for name in _FILES)


def _candidates() -> Iterator[str]:
    """Paths, nearest first, and at last the bare name, which the loader looks up."""
    package = pathlib.Path(__file__).resolve().parent
    folders = [package]
    # In a checkout, and only there, the build tree beside python/.
    if (package.parents[1] / "include" / "interp" / "interp.h").is_file():
        folders.append(package.parents[1] / "build")
    yield from (str(folder / name) for folder in folders for name in _FILES)
    yield from _pkg_config()
    yield ctypes.util.find_library("interp") or _FILES[0]


def _open(path: str) -> c.CDLL:
    try:
        return c.CDLL(path)
    except OSError as error:
        raise errors.LibraryNotFoundError(f"libinterp: {path} cannot be loaded: {error}") from error


def _find() -> c.CDLL:
    named = os.environ.get("LIBINTERP_LIBRARY")
    if named:
        return _open(named)
    *paths, bare = _candidates()
    for path in paths:
        if os.path.exists(path):
            return _open(path)
    try:
        return c.CDLL(bare)
    except OSError:
        raise errors.LibraryNotFoundError(
            "libinterp: no shared library found. Build it (meson setup build && meson compile -C build) beside "
            "python/, install it (meson install -C build; ldconfig), or set LIBINTERP_LIBRARY to the path of "
            "libinterp.so.0") from None


def _declare(library: c.CDLL) -> None:
    for name, (result, *arguments) in SIGNATURES.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise errors.LibraryError(f"libinterp: {library._name} has no {name}: it is another version") from None
        function.restype, function.argtypes = result, arguments


def _check_version(library: c.CDLL) -> None:
    number = library.itp_version()
    found = (number // 1000000, number // 1000 % 1000)
    if found != VERSION:
        raise errors.LibraryError(f"libinterp: {library._name} is version {found[0]}.{found[1]}, this package is for "
                                  f"{VERSION[0]}.{VERSION[1]}")


def _check_structs(library: c.CDLL) -> None:
    """The library must accept this package's idea of a description, and nothing longer with something in it."""
    known = _structs.ScheduleDesc(size=c.sizeof(_structs.ScheduleDesc))
    longer = (c.c_ubyte * (c.sizeof(known) + 8))()
    c.memmove(longer, c.addressof(known), c.sizeof(known))
    c.cast(longer, c.POINTER(SIZE))[0], longer[-1] = c.sizeof(longer), 1
    for desc, wanted in ((known, True), (longer, False)):
        made = c.c_void_p()
        status = library.itp_schedule_new(c.addressof(desc), c.byref(made))
        library.itp_schedule_free(made)
        if (status == 0) != wanted:
            raise errors.LibraryError(f"libinterp: {library._name} has other structs than this package: it is another "
                                      "version", status)


def load() -> c.CDLL:
    """The library, checked. LibraryNotFoundError: none; LibraryError: it is another version."""
    library = _find()
    _declare(library)
    _check_version(library)
    _check_structs(library)
    return library


lib = load()


class _Said(threading.local):
    """What this thread's calls have left: sentences of the log, and the exception that ended a callback."""

    def __init__(self) -> None:
        self.sentences: list[tuple[int, str]] = []
        self.error: BaseException | None = None


_said = _Said()


@_structs.LOG_WRITE
def _write(user: int | None, level: int, message: bytes) -> None:
    _said.sentences.append((level, message.decode(errors="replace")))


_log = _structs.Log(size=c.sizeof(_structs.Log), write=c.cast(_write, c.c_void_p))
_env = _structs.Env(size=c.sizeof(_structs.Env), log=c.addressof(_log))
#: Address of the environment that every descriptor gets
ENV = c.addressof(_env)


def keep(error: BaseException) -> None:
    """From a callback: the call that is under way in this thread ends with this exception."""
    if _said.error is None:
        _said.error = error


def check(status: int) -> int:
    """`status` where it is no error. Raises what a callback raised, else what the status says; warns of warnings."""
    sentences, _said.sentences = _said.sentences, []
    error, _said.error = _said.error, None
    if error is not None:
        raise error
    if status < 0:
        said = "; ".join(text for level, text in sentences if level == _values.LOG_ERROR)
        raise errors.of_status(status, said or lib.itp_status_string(status).decode())
    for level, text in sentences:
        if level == _values.LOG_WARNING:
            warnings.warn(text, errors.Warning, stacklevel=3)
    return status


def created(function: Callable[..., int], *arguments: Any) -> c.c_void_p:
    """Calls a function whose last argument is where to put the new object."""
    out = c.c_void_p()
    check(function(*arguments, c.byref(out)))
    return out


def freed_with(owner: object, free: Callable[[c.c_void_p], None], handle: c.c_void_p, *used: object) -> None:
    """`handle` is freed when `owner` goes; `used` stay until then."""
    weakref.finalize(owner, _free, free, handle, used)


def _free(free: Callable[[c.c_void_p], None], handle: c.c_void_p, used: tuple[object, ...]) -> None:
    free(handle)


def whole(name: str, value: Any, low: int = 0, high: int = 2**64 - 1) -> int:
    """A whole number: Python's, numpy's, an array or a tensor of one without dimensions. ctypes cuts off what does not
    fit into a field, and takes no other integers than Python's."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: {value!r} is no whole number") from None
    if not low <= number <= high:
        raise errors.InvalidError(f"{name}: {number}, it must be from {low} to {high}", _values.E_RANGE)
    return number


def real(name: str, value: Any) -> float:
    """A real number of any kind; no text."""
    try:
        return float(None if isinstance(value, (str, bytes)) else value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: {value!r} is no number") from None


def _limits(kind: Any) -> tuple[int, int] | None:
    """Of an integer type of C."""
    if kind not in (INT, SIZE, U64):
        return None
    bits = 8 * c.sizeof(kind)
    return (-2**(bits - 1), 2**(bits - 1) - 1) if kind is INT else (0, 2**bits - 1)


def put(desc: Any, name: str, value: Any, called: str | None = None) -> None:
    """Sets a field of a struct to a number that it can hold, or to what it points to; sentences say `called`."""
    kind, called = dict(desc._fields_)[name], called or name
    limits = _limits(kind)
    value = _said_to_c(type(desc), name, value, called)
    setattr(desc, name, whole(called, value, *limits) if limits else real(called, value) if kind is DOUBLE else value)


def described(kind: type[c.Structure], /, **values: Any) -> Any:
    """A descriptor with every default and these fields on top."""
    desc = kind(size=c.sizeof(kind))
    for name, value in values.items():
        put(desc, name, value)
    return desc


def _said_to_c(kind: type[c.Structure], name: str, value: Any, called: str) -> Any:
    """Zero is every default in C, but here it is a zero, and what is negative is no secret word for nothing."""
    if name in NOT_ZERO.get(kind, "").split() and value == 0:
        raise errors.InvalidError(f"{called}: 0, which it cannot be", _values.E_RANGE)
    if name in NEGATIVE_IS_NONE.get(kind, "").split():
        if value < 0:
            raise errors.InvalidError(f"{name}: {value}, it must be at least 0", _values.E_RANGE)
        return -1 if value == 0 else value
    return value


def written(kind: type[c.Structure], function: Callable[..., int], *arguments: Any) -> Any:
    """A struct that the library fills, its address being the last argument."""
    out = kind(size=c.sizeof(kind))
    check(function(*arguments, c.addressof(out)))
    return out


def text_of(function: Callable[..., int], handle: c.c_void_p) -> str:
    """What a function of (object, text, capacity, *needed) writes."""
    needed = c.c_size_t()
    check(function(handle, None, 0, c.byref(needed)))
    text = c.create_string_buffer(needed.value)
    check(function(handle, c.addressof(text), needed.value, None))
    return text.value.decode()


def pointer(callback: Any) -> int | None:
    """The address of a ctypes callback, for a field of a descriptor."""
    return c.cast(callback, c.c_void_p).value if callback is not None else None
