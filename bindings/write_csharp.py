"""The declarations for C#: pointers and callbacks as they are, so `unsafe`."""
from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from words import MADE, short

_WORDS = {"size": "UIntPtr", "int32": "int", "uint32": "uint", "uint64": "ulong", "double": "double", "int": "int",
          "char": "byte", "void": "void"}
_RESERVED = {"base", "checked", "event", "fixed", "in", "is", "lock", "new", "object", "operator", "out", "params",
             "ref", "string", "this"}
_HEAD = f'''// libinterp for C#: the declarations of <interp/*.h>.
// {MADE}
//
// The names are C's. Texts are UTF-8 and end with a zero byte. A function that the library calls is a delegate, of
// which Marshal.GetFunctionPointerForDelegate makes the IntPtr that a field or an argument holds; the delegate must live
// as long. Every struct begins with its size:
//     var want = new itp_plan_desc {{ size = (UIntPtr)sizeof(itp_plan_desc), evaluations = 8 }};
using System;
using System.Runtime.InteropServices;

namespace Libinterp
{{
'''


def _name(name: str) -> str:
    return "@" + name if name in _RESERVED else name


def _of(kind: Any) -> str:
    if isinstance(kind, str):
        return _WORDS[kind]
    if "pointer" in kind:
        return _of(kind["pointer"]) + "*"
    return "IntPtr" if "callback" in kind else next(iter(kind.values()))


def _said(indent: str, comment: str) -> str:
    """The header's comment, where it is short."""
    return f"{indent}/// <summary>{escape(short(comment))}</summary>\n" if short(comment) else ""


def _field(field: dict[str, Any]) -> str:
    kind, said = field["type"], _said(" " * 8, field["comment"])
    if isinstance(kind, dict) and "array" in kind:
        return f"{said}        public fixed {_of(kind['array'])} {_name(field['name'])}[{kind['count']}];\n"
    called = f" // {kind['callback']}" if isinstance(kind, dict) and "callback" in kind else ""
    return f"{said}        public {_of(kind)} {_name(field['name'])};{called}\n"


def _signature(said: dict[str, Any]) -> str:
    arguments = ", ".join(f"{_of(one['type'])} {_name(one['name'])}" for one in said["arguments"])
    return f"{_of(said['result'])} {said['name']}({arguments});\n"


def declarations(interface: dict[str, Any]) -> str:
    parts = [_HEAD]
    parts += [f"{_said('    ', one['comment'])}    public struct {one['name']} {{ }}\n" for one in interface["objects"]]
    for struct in interface["structs"]:
        fields = "".join(map(_field, struct["fields"]))
        parts.append(f"\n{_said('    ', struct['comment'])}    [StructLayout(LayoutKind.Sequential)]\n    public unsafe struct {struct['name']}\n    {{\n"
                     f"{fields}    }}\n")
    for said in interface["callbacks"]:
        parts.append(f"\n{_said('    ', said['comment'])}    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]\n"
                     f"    public unsafe delegate {_signature(said)}")
    parts.append("\n    public static unsafe class Native\n    {\n        public const string Library = \"interp\";\n")
    parts += [f"{_said(' ' * 8, enum['said'][name]['comment'])}        public const int {name} = {value};\n"
              for enum in interface["enums"] for name, value in enum["values"].items()]
    for said in interface["functions"]:
        parts.append(f"\n{_said(' ' * 8, said['comment'])}        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]\n"
                     f"        public static extern {_signature(said)}")
    return "".join(parts) + "    }\n}\n"
