import importlib
import os
import subprocess
import sys

import numpy as np
import pytest


def test_fashion_network(root):
    """The forward pass in numpy gives what torch gave for the shipped weights."""
    fashion = importlib.import_module("fashion")
    flow, recorded = fashion.Flow(), fashion.tensors(root / "tests" / "fashion" / "recorded.safetensors")
    for i, (x, time, label) in enumerate(zip(recorded["x"], recorded["time"], recorded["label"])):
        found = flow(x.reshape(1, 28, 28), float(time), np.array([int(label)]))
        assert np.abs(found.ravel() - recorded["velocity"][i]).max() < 1e-4


def test_fashion_sheet(tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    fashion = importlib.import_module("fashion")
    monkeypatch.setattr(sys, "argv", ["fashion.py", "--evaluations", "3", "--out", str(tmp_path / "sheet.png")])
    fashion.main()
    assert (tmp_path / "sheet.png").stat().st_size > 10000
    errors = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()[:3]]
    assert all(0.1 < error < 0.6 for error in errors)


def test_page(root, tmp_path, json_plans):
    """Every block of Python on the page runs, in order, as one program."""
    page = root / "docs" / "python.md"
    if not page.exists():
        pytest.skip("docs/python.md is not here")
    blocks, inside = [], False
    for line in page.read_text().splitlines():
        if line.startswith("```"):
            inside = line == "```python"
        elif inside:
            blocks.append(line)
    code = "\n".join(blocks)
    if "import torch" in code:
        pytest.importorskip("torch")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path,
                         env={**os.environ, "PYTHONPATH": ":".join(sys.path)})
    assert run.returncode == 0, run.stderr
