import json
import pathlib
import sys

import numpy as np
import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE.parent / "examples"))


def gaussian(x, t):
    """The exact velocity for N(0, I) data under the linear schedule: under lazy, samples are the noise at the start."""
    return np.asarray((2 * t - 1) / ((1 - t) ** 2 + t**2), x.dtype) * x


def curved(x, t):
    """No data have this velocity, but solvers have something to do."""
    return (np.tanh(2 * x) - x * np.asarray(0.3 * t, x.dtype)).astype(x.dtype)


@pytest.fixture(name="gaussian")
def _gaussian():
    return gaussian


@pytest.fixture(name="curved")
def _curved():
    return curved


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def loops():
    return json.loads((HERE / "data" / "diffusers_loops.json").read_text())["rows"]


@pytest.fixture
def json_plans():
    """Skips where the library was built without cJSON."""
    import libinterp
    try:
        libinterp.Plan(evaluations=1).to_json()
    except libinterp.InvalidError as error:
        pytest.skip(str(error))
