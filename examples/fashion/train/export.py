"""Writes what the program ships, fashion.safetensors, and the values that its tests compare with.

    python3 export.py --flow flow.pt --classifier classifier.pt --data FOLDER --out ../

The weights are rounded to float16 first, so that statistics and recorded values belong to the file as shipped.
Layout for the C side: the convolutions as [out, y, x, in], the first full layer with its columns in the order
(position, channel); everything else as torch has it.
"""
import argparse
import json
import pathlib
import struct

import numpy
import torch

import classifier
import data
import model

TESTS = pathlib.Path(__file__).resolve().parents[3] / "tests" / "fashion"
KINDS = {"float16": "F16", "float32": "F32", "float64": "F64"}
FLOOR = 5000
CASES = [(0.0, 3), (0.0, 10), (0.125, 0), (0.4, 7), (0.4, 10), (0.75, 9), (0.97, 5), (1.0, 1)]


def write(path, tensors, about):
    """The safetensors format: header length (8 bytes, little endian), header (JSON), data."""
    header, offset = {"__metadata__": {"about": about, "licence": "MIT"}}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": KINDS[str(array.dtype)], "shape": list(array.shape),
                        "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(numpy.ascontiguousarray(a).astype(a.dtype.newbyteorder("<")).tobytes() for a in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    print(f"{path.name}: {8 + len(text) + len(body)} bytes")


def load(net, state):
    net.load_state_dict({name: value.half().float() for name, value in state.items()})
    return net.eval()


def batches(function, images):
    with torch.no_grad():
        return torch.cat([function(x) for x in torch.from_numpy(images).split(1000)]).numpy()


def flow_tensors(net):
    return {f"flow.{name}": value.numpy().astype("float16") for name, value in net.state_dict().items()}


def judge_tensors(net):
    state = net.state_dict()
    for name in ("conv1.weight", "conv2.weight"):
        state[name] = state[name].permute(0, 2, 3, 1)
    state["fc1.weight"] = state["fc1.weight"].view(-1, 32, 49).transpose(1, 2).flatten(1)
    return {f"classifier.{name}": value.numpy().astype("float16") for name, value in state.items()}


def reference_tensors(judge, folder):
    train = batches(judge.features, data.read(folder, "train")[0]).astype("float64")
    images, labels = data.read(folder, "t10k")
    answers = batches(judge, images).argmax(1)
    print(f"classifier: {(answers == labels).mean():.4f} of the test images right")
    return {"reference.mean": train.mean(0), "reference.covariance": numpy.cov(train.T),
            "reference.test": batches(judge.features, images[:FLOOR]).astype("float16"),
            "reference.accuracy": numpy.array([(answers == labels).mean()])}


def recorded_tensors(net, judge, folder):
    times, labels = (torch.tensor(column) for column in zip(*CASES))
    images = torch.from_numpy(data.read(folder, "t10k")[0][:len(CASES)])
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(1))
    x = (1 - times[:, None]) * noise + times[:, None] * images
    with torch.no_grad():
        values = {"x": x, "time": times, "label": labels.float(), "velocity": net(x, times, labels),
                  "images": images, "features": judge.features(images), "logits": judge(images)}
    return {name: value.numpy().astype("float32") for name, value in values.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flow", required=True)
    parser.add_argument("--classifier", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default="..", help="folder of fashion.safetensors")
    parser.add_argument("--recorded", default=str(TESTS), help="folder of recorded.safetensors")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    saved = torch.load(options.flow, map_location="cpu")
    net = load(model.Flow(), saved["average"])
    judge = load(classifier.Classifier(), torch.load(options.classifier, map_location="cpu"))
    print(f"flow: patch {model.PATCH}, {sum(p.numel() for p in net.parameters())} parameters, step {saved['step']}")
    tensors = {**flow_tensors(net), "flow.heads": numpy.array([float(model.HEADS)]), **judge_tensors(judge),
               **reference_tensors(judge, options.data)}
    write(pathlib.Path(options.out) / "fashion.safetensors", tensors,
          "Fashion-MNIST flow, classifier and reference statistics, trained by examples/fashion/train")
    write(pathlib.Path(options.recorded) / "recorded.safetensors", recorded_tensors(net, judge, options.data),
          "outputs of torch for the tests of examples/fashion")


if __name__ == "__main__":
    main()
