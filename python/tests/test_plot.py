import os
import struct
import subprocess
import sys

import pytest

pytest.importorskip("matplotlib")


def test_pictures(tmp_path):
    run = subprocess.run([sys.executable, "-m", "libinterp", "plot", "--out", str(tmp_path), "--prefix", "my-"],
                         capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MPLCONFIGDIR": str(tmp_path)})
    assert run.returncode == 0, run.stderr
    written = run.stdout.split()
    assert [os.path.basename(path) for path in written] == \
        [f"my-{name}.png" for name in ("schedules", "nodes", "rows", "trajectories")]
    for path in written:
        with open(path, "rb") as file:
            head = file.read(24)
        assert head[:8] == b"\x89PNG\r\n\x1a\n" and min(struct.unpack(">II", head[16:])) > 300


def test_the_mixture_is_exact():
    """Its flow carries noise to the data: every end is near a mode, and their spread is the modes'."""
    import numpy as np
    from libinterp import Plan
    from libinterp.plot import Mixture
    data = Mixture()
    x = Plan("lazy", "rk4", 200).sample(data.velocity, (2000, 2), dtype=np.float64)
    nearest = np.linalg.norm(x[:, None] - data.means, axis=-1)
    off = x - data.means[nearest.argmin(1)]
    assert off.std() == pytest.approx(data.variance**0.5, rel=0.05)
    assert np.bincount(nearest.argmin(1), minlength=6).min() > 250
