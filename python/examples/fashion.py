"""Garments from the network in examples/fashion, in numpy: three methods from the same seeds, as a contact sheet.

usage: fashion.py [--evaluations N] [--out FILE.png]
"""
from __future__ import annotations

import argparse
import json
import pathlib
import struct
from typing import Any

import numpy as np

import libinterp

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "examples" / "fashion" / "fashion.safetensors"
CLASSES = ("t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")
METHODS = (("linear", "euler"), ("lazy", "euler"), ("linear", "unipc-bh2-2-sigma"))
PIXEL_MEAN, PIXEL_STD = 0.2860, 0.3530  # of the training images, as in examples/fashion/train/data.py
TYPES = {"F16": np.float16, "F32": np.float32, "F64": np.float64}


def tensors(path: pathlib.Path) -> dict[str, np.ndarray]:
    """A safetensors file: the length of its header, the header in JSON, the bytes."""
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        first, last = (start + offset for offset in entry["data_offsets"])
        found[name] = np.frombuffer(data[first:last], TYPES[entry["dtype"]]).reshape(entry["shape"]).astype(np.float32)
    return found


def silu(x: np.ndarray) -> np.ndarray:
    return x / (1 + np.exp(-x))


def normed(x: np.ndarray) -> np.ndarray:
    off = x - x.mean(-1, keepdims=True)
    return off / np.sqrt((off * off).mean(-1, keepdims=True) + np.float32(1e-5))


def softmax(x: np.ndarray) -> np.ndarray:
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


class Flow:
    """The velocity network: a transformer on 16 patches of 7 x 7 pixels, conditioned on time and class."""

    def __init__(self, path: pathlib.Path = WEIGHTS):
        self.w = {name[5:]: value for name, value in tensors(path).items() if name.startswith("flow.")}
        self.heads = int(self.w["heads"][0])
        self.depth = sum(name.endswith(".table") for name in self.w)

    def linear(self, name: str, x: np.ndarray) -> np.ndarray:
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def condition(self, time: float, labels: np.ndarray) -> np.ndarray:
        """[count, width]"""
        n = self.w["time1.weight"].shape[1] // 2
        angle = np.float32(time) * np.exp(np.arange(n, dtype=np.float32) * np.float32(np.log(1000) / (n - 1)))
        hidden = silu(self.linear("time1", np.concatenate([np.cos(angle), np.sin(angle)])))
        return silu(self.linear("time2", hidden) + self.w["label.weight"][labels])

    def attention(self, block: str, x: np.ndarray) -> np.ndarray:
        count, tokens, width = x.shape
        qkv = self.linear(block + ".qkv", x).reshape(count, tokens, 3, self.heads, width // self.heads)
        q, k, v = qkv.transpose(2, 0, 3, 1, 4)
        mixed = softmax(q @ k.swapaxes(-1, -2) / np.float32(np.sqrt(width // self.heads))) @ v
        return self.linear(block + ".out", mixed.swapaxes(1, 2).reshape(count, tokens, width))

    def block(self, name: str, x: np.ndarray, condition: np.ndarray) -> np.ndarray:
        parts = (condition + self.w[name + ".table"]).transpose(1, 0, 2)[:, :, None, :]
        scale, shift, gate, scale2, shift2, gate2 = parts
        x = x + gate * self.attention(name, normed(x) * (1 + scale) + shift)
        hidden = np.maximum(self.linear(name + ".up", normed(x) * (1 + scale2) + shift2), 0) ** 2
        return x + gate2 * self.linear(name + ".down", hidden)

    def __call__(self, x: np.ndarray, time: float, labels: np.ndarray) -> np.ndarray:
        """The velocity at x [count, 28, 28] for the labels [count], 10 for none."""
        count = len(x)
        vector = self.condition(time, labels)
        parts = self.linear("condition", vector).reshape(count, 6, -1)
        patches = x.reshape(count, 4, 7, 4, 7).swapaxes(2, 3).reshape(count, 16, 49)
        state = self.linear("embed", patches) + self.w["position"]
        for i in range(self.depth):
            state = self.block(f"blocks.{i}", state, parts)
        scale, shift = self.linear("final", vector).reshape(count, 2, 1, -1).swapaxes(0, 1)
        out = self.linear("head", normed(state) * (1 + scale) + shift)
        return out.reshape(count, 4, 4, 7, 7).swapaxes(2, 3).reshape(x.shape)


def sheet(rows: list[tuple[str, np.ndarray]], path: str) -> None:
    """Rows of pictures [10, 28, 28] as the network knows them, (pixel - mean)/deviation with pixels in 0 .. 1, with their
    names."""
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(len(rows), 1, figsize=(9, 1.2 * len(rows)))
    for line, (name, pictures) in zip(np.atleast_1d(axes), rows):
        line.imshow(np.concatenate(list(pictures), 1), cmap="gray", vmin=(0 - PIXEL_MEAN) / PIXEL_STD,
                    vmax=(1 - PIXEL_MEAN) / PIXEL_STD)
        line.set_title(name, fontsize=9, loc="left", pad=3)
        line.set_xticks([14 + 28 * i for i in range(10)], CLASSES if name is rows[-1][0] else [""] * 10, fontsize=8)
        line.set_yticks([])
        line.tick_params(length=0)
    figure.tight_layout(h_pad=0.4)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=5)
    parser.add_argument("--out", default="garments.png")
    chosen = parser.parse_args()
    flow, labels = Flow(), np.arange(10)

    def velocity(x: np.ndarray, t: float, index: np.ndarray) -> np.ndarray:
        return flow(x, t, labels[index])

    def garments(**how: Any) -> np.ndarray:
        return libinterp.Plan(**how).sample(velocity, (10, 28, 28), seed=1)

    converged = garments(solver="rk4", evaluations=128)
    rows = [("128 evaluations: converged", converged)]
    for schedule, solver in METHODS:
        made = garments(schedule=schedule, solver=solver, evaluations=chosen.evaluations)
        error = np.sqrt(((made - converged) ** 2).mean())
        rows.append((f"{chosen.evaluations} evaluations, {schedule}, {solver}: RMS difference {error:.3f}", made))
        print(rows[-1][0])
    sheet(rows, chosen.out)
    print(chosen.out)


if __name__ == "__main__":
    main()
