"""Packs what the playground needs into scripts, since a page opened from a folder may not fetch files.

usage: pack.py wasm|weights FILE ROOT > SCRIPT
       pack.py stamp ROOT           what a script made now would say of its sources
       pack.py check SCRIPT ROOT    1: made from other glue or another version, 77: from older sources of the library
"""
import base64
import hashlib
import json
import pathlib
import struct
import sys

BITS = 12  # of a weight: two characters of base64
LARGEST = 2 ** (BITS - 1) - 1
PARTS = ("base", "form", "grid", "guidance", "kernels", "noise", "path", "plan", "prediction", "sampler", "schedule", "solver")
LIBRARY = ("include/interp/*.h", *(f"lib/{part}/*.[ch]" for part in PARTS),
           *(f"examples/fashion/{name}.[ch]" for name in ("network", "weights", "layers", "header", "safetensors")))
GLUE = ("docs/playground/native/*.[ch]",)
NOT_MADE, OLD = 1, 77


def digest(root: pathlib.Path, patterns: tuple) -> str:
    total = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
        total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def version(root: pathlib.Path) -> str:
    text = (root / "include/interp/base.h").read_text()
    return ".".join(text.split(f"ITP_VERSION_{part} ")[1].split()[0] for part in ("MAJOR", "MINOR", "PATCH"))


def script(name: str, text: str, **fields: object) -> str:
    """Lines of a length that editors and diffs can bear."""
    lines = "\\\n".join(text[i:i + 4096] for i in range(0, len(text), 4096))
    head = "".join(f"  {key}: {json.dumps(value)},\n" for key, value in fields.items())
    return f"// Made by docs/playground/build.\nplayground.{name} = {{\n{head}  base64: \"{lines}\",\n}};\n"


def made_from(root: pathlib.Path) -> dict:
    return {"version": version(root), "glue": digest(root, GLUE), "library": digest(root, LIBRARY)}


def wasm(path: pathlib.Path, root: pathlib.Path) -> str:
    return script("wasm", base64.b64encode(path.read_bytes()).decode(), **made_from(root))


def check(path: pathlib.Path, root: pathlib.Path) -> int:
    """Is the committed script made from what is here? From another version or other glue: no. From older sources of the
    library: it still works, so that is no failure."""
    text = path.read_text()
    stale = [name for name, value in made_from(root).items() if f"{name}: {json.dumps(value)}" not in text]
    if stale:
        print(f"{path.name} was made from another {', '.join(stale)}: run docs/playground/build")
    return OLD if stale == ["library"] else NOT_MADE if stale else 0


def read_tensors(path: pathlib.Path) -> list:
    """[(name, shape, values)] of the flow."""
    data = path.read_bytes()
    length = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + length])
    tensors = []
    for name, entry in header.items():
        if name.startswith("flow."):
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            code = {"F16": "e", "F32": "f", "F64": "d"}[entry["dtype"]]
            values = struct.unpack(f"<{(end - begin) // struct.calcsize(code)}{code}", data[begin:end])
            tensors.append((name, entry["shape"], values))
    return tensors


def quantise(row: tuple) -> tuple:
    """(scale, whole numbers from -LARGEST to LARGEST)"""
    scale = max(map(abs, row)) / LARGEST or 1.0
    return scale, [round(value / scale) for value in row]


def pack_tensor(name: str, shape: list, values: tuple, out: bytearray) -> dict:
    """Row by row: each has a scale of its own. What is left of the last byte of a tensor is not used."""
    width = shape[-1] if len(shape) > 1 else len(values)
    scales, codes = [], []
    for i in range(0, len(values), width):
        scale, row = quantise(values[i:i + width])
        scales.append(scale)
        codes += [code + LARGEST + 1 for code in row]
    codes += [0] * (len(codes) % 2)
    for high, low in zip(codes[::2], codes[1::2]):
        out += bytes((high >> 4, (high & 15) << 4 | low >> 8, low & 255))
    return {"name": name, "shape": shape, "scales": [float(f"{scale:.7g}") for scale in scales]}


def weights(path: pathlib.Path) -> str:
    out = bytearray()
    tensors = [pack_tensor(*tensor, out) for tensor in read_tensors(path) if tensor[0] != "flow.heads"]
    heads = next(values[0] for name, _, values in read_tensors(path) if name == "flow.heads")
    return script("weights", base64.b64encode(out).decode(), heads=heads, tensors=tensors)


def main() -> int:
    what, path, root = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[-1])
    if what == "stamp":
        print(json.dumps(made_from(root)))
        return 0
    if what == "check":
        return check(path, root)
    sys.stdout.write(wasm(path, root) if what == "wasm" else weights(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
