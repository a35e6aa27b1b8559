"""Reads the public headers into one description: what they declare, as data that any language can be served from.

pycparser reads them as a C compiler's preprocessor leaves them; nothing here parses C. Sizes and offsets are those of
LP64 machines; tests/abi/interface_test.c holds them against a compiler's.

A type is a word ("double", "int32", "size", "uint64", "uint32", "int", "char", "void"), or one of
    {"pointer": TYPE, "const": true | false}    {"array": TYPE, "count": n}
    {"struct": NAME}    {"object": NAME}, which only the library sees into    {"callback": NAME}

Everything has the "comment" that stands with it in its header (comments.py), "" where there is none; fields and numbers
that stand in a group below a comment have that one as their "heading".
"""
from __future__ import annotations

import pathlib
import re
import subprocess
import tempfile
from typing import Any

from pycparser import c_ast, c_generator, c_parser

from comments import Comments

#: The words of <stddef.h> and <stdint.h> that the headers use, and the bytes of each
WORDS = {"size_t": "size", "int32_t": "int32", "uint32_t": "uint32", "uint64_t": "uint64"}
BYTES = {"size": 8, "int32": 4, "uint32": 4, "uint64": 8, "double": 8, "int": 4, "char": 1}
_NUMBERS = re.compile(r"^#define (ITP_\w+) (\d+)$", re.M)
_INITS = re.compile(r"^#define (ITP_\w+) ITP_INIT\((\w+)\)$", re.M)


def _preprocessed(source: pathlib.Path, compiler: list[str], *flags: str) -> str:
    """What the preprocessor makes of all headers, with empty ones in place of the standard ones."""
    with tempfile.TemporaryDirectory() as empty:
        for name in ("stddef.h", "stdint.h"):
            (pathlib.Path(empty) / name).touch()
        command = [*compiler, "-E", "-nostdinc", *flags, f"-I{empty}", "-Iinclude", "include/interp/interp.h"]
        return subprocess.run(command, cwd=source, check=True, capture_output=True, text=True).stdout


def _value(node: Any, known: dict[str, int]) -> int:
    if isinstance(node, c_ast.ID):
        return known[node.name]
    if isinstance(node, c_ast.UnaryOp) and node.op == "-":
        return -_value(node.expr, known)
    assert isinstance(node, c_ast.Constant) and node.type == "int", f"{node.coord}: not a number"
    return int(node.value, 0)


class _Reader:
    def __init__(self, source: pathlib.Path) -> None:
        self._source = source
        self._comments: dict[str, Comments] = {}  # of each header
        self.enums: list[dict[str, Any]] = []
        self.objects: list[dict[str, Any]] = []
        self.structs: list[dict[str, Any]] = []
        self.callbacks: list[dict[str, Any]] = []
        self.functions: list[dict[str, Any]] = []
        self._values: dict[str, int] = {}
        self._kinds: dict[str, str] = {}  # of each name that a typedef made

    @staticmethod
    def _header(node: Any) -> str:
        return pathlib.PurePath(node.coord.file).name

    def _of_header(self, node: Any) -> Comments:
        path = node.coord.file
        if path not in self._comments:
            self._comments[path] = Comments((self._source / path).read_text())
        return self._comments[path]

    def _comment(self, node: Any, name: str) -> str:
        return self._of_header(node).above(node.coord.line, name)

    def _members(self, nodes: list[Any], enum: bool = False) -> list[dict[str, str]]:
        said = self._of_header(nodes[0]).of_members([(one.coord.line, one.name) for one in nodes], enum)
        return [{"comment": one.comment, **({"heading": one.heading} if one.heading else {})} for one in said]

    def _signature(self, node: Any, name: str) -> dict[str, Any]:
        """Result and arguments of a function, whose own functions are called after it."""
        given = node.args.params if node.args else []
        arguments = [{"name": one.name, "type": self._type(one.type, f"{name}_{one.name}", True)}
                     for one in given if one.name]
        return {"result": self._type(node.type, name), "arguments": arguments}

    def _callback(self, node: Any, name: str, comment: str | None) -> dict[str, Any]:
        """comment: of one that has a name; the others are said beside what points to them."""
        said = {"name": name, "header": self._header(node), "typedef": comment is not None, **self._signature(node, name),
                "comment": comment or ""}
        self.callbacks.append(said)
        return {"callback": name}

    def _word(self, name: str) -> Any:
        return {self._kinds[name]: name} if name in self._kinds else WORDS.get(name, name)

    def _type(self, node: Any, name: str, argument: bool = False) -> Any:
        """name: what a function that is pointed to here is called, since C gives it no name."""
        if isinstance(node, c_ast.PtrDecl) and isinstance(node.type, c_ast.FuncDecl):
            return self._callback(node.type, name, None)
        if isinstance(node, c_ast.PtrDecl) or (argument and isinstance(node, c_ast.ArrayDecl)):
            inner = node.type
            return {"pointer": self._type(inner, name), "const": "const" in getattr(inner, "quals", [])}
        if isinstance(node, c_ast.ArrayDecl):
            return {"array": self._type(node.type, name), "count": _value(node.dim, self._values)}
        if isinstance(node.type, c_ast.Struct):
            return {"struct": node.type.name}
        assert isinstance(node.type, c_ast.IdentifierType), f"{node.coord}: a new type"
        return self._word(" ".join(node.type.names))

    def _enum(self, node: Any) -> None:
        values, next_value = {}, 0
        for one in node.values.enumerators:
            next_value = _value(one.value, self._values) if one.value else next_value
            values[one.name] = self._values[one.name] = next_value
            next_value += 1
        of, first = self._of_header(node), node.values.enumerators[0]
        comment = of.above(node.coord.line, "enum") or of.behind_enum(first.coord.line, first.name)
        said = dict(zip(values, self._members(node.values.enumerators, True)))
        self.enums.append({"header": self._header(node), "comment": comment, "values": values, "said": said})

    def size_of(self, kind: Any) -> tuple[int, int]:
        """Bytes and alignment."""
        if isinstance(kind, str):
            return BYTES[kind], BYTES[kind]
        if "array" in kind:
            size, aligned = self.size_of(kind["array"])
            return kind["count"] * size, aligned
        if "struct" in kind:
            found = next(one for one in self.structs if one["name"] == kind["struct"])
            return found["bytes"], found["aligned"]
        return 8, 8

    def _struct(self, name: str, node: Any) -> None:
        fields, at, most = [], 0, 1
        for one, comment in zip(node.decls, self._members(node.decls)):
            kind = self._type(one.type, f"{name}_{one.name}")
            size, aligned = self.size_of(kind)
            at, most = -(-at // aligned) * aligned, max(most, aligned)
            fields.append({"name": one.name, "type": kind, "offset": at, "bytes": size, **comment})
            at += size
        self.structs.append({
            "name": name, "header": self._header(node), "bytes": -(-at // most) * most, "aligned": most,
            "sized": fields[0]["name"] == "size", "init": None, "comment": self._comment(node, name), "fields": fields})
        self._kinds[name] = "struct"

    def _typedef(self, node: Any) -> None:
        inner = node.type
        if isinstance(inner, c_ast.PtrDecl) and isinstance(inner.type, c_ast.FuncDecl):
            self._callback(inner.type, node.name, self._comment(node, node.name))
            self._kinds[node.name] = "callback"
        elif inner.type.decls is None:
            self.objects.append({"name": node.name, "header": self._header(node),
                                 "comment": self._comment(node, node.name)})
            self._kinds[node.name] = "object"
        else:
            self._struct(node.name, inner.type)

    def take(self, node: Any) -> None:
        if isinstance(node, c_ast.Typedef):
            self._typedef(node)
        elif isinstance(node.type, c_ast.Enum):
            self._enum(node.type)
        else:
            assert isinstance(node.type, c_ast.FuncDecl), f"{node.coord}: neither a type nor a function"
            said = self._signature(node.type, node.name)
            self.functions.append({"name": node.name, "header": self._header(node), **said,
                                   "comment": self._comment(node, node.name), "c": c_generator.CGenerator().visit(node) + ";"})


def declared(source: pathlib.Path, compiler: list[str]) -> list[Any]:
    """The declarations of all headers, as pycparser's nodes."""
    words = "".join(f"typedef int {word};\n" for word in WORDS)
    nodes = c_parser.CParser().parse(words + _preprocessed(source, compiler), "words").ext
    return nodes[len(WORDS):]


def read(source: pathlib.Path, compiler: list[str]) -> dict[str, Any]:
    reader = _Reader(source)
    for node in declared(source, compiler):
        reader.take(node)
    macros = _preprocessed(source, compiler, "-dM")
    inits = {struct: name for name, struct in _INITS.findall(macros)}
    for struct in reader.structs:
        struct["init"] = inits.get(struct["name"])
    defined = {name: int(value) for name, value in _NUMBERS.findall(macros)}
    version = [defined[f"ITP_VERSION_{part}"] for part in ("MAJOR", "MINOR", "PATCH")]
    return {"version": version, "enums": reader.enums, "objects": reader.objects, "structs": reader.structs,
            "callbacks": reader.callbacks, "functions": reader.functions}
