"""Every struct lies in memory as bindings/interface.json says, which tests/abi holds against a C compiler; and all that
it lists is there."""
import ctypes
import json
import pathlib

import pytest

from libinterp import _functions, _structs

INTERFACE = json.loads((pathlib.Path(__file__).parents[2] / "bindings" / "interface.json").read_text())


@pytest.mark.parametrize("struct", INTERFACE["structs"], ids=lambda struct: struct["name"])
def test_struct(struct):
    mirror = _structs.MIRRORS[struct["name"]]
    assert ctypes.sizeof(mirror) == struct["bytes"]
    assert [(name, getattr(mirror, name).offset, getattr(mirror, name).size) for name, *_ in mirror._fields_] == \
        [(field["name"], field["offset"], field["bytes"]) for field in struct["fields"]]


def test_everything_is_there():
    assert list(_structs.MIRRORS) == [struct["name"] for struct in INTERFACE["structs"]]
    assert list(_functions.SIGNATURES) == [function["name"] for function in INTERFACE["functions"]]
