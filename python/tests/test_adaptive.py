import numpy as np
import pytest

import libinterp
from libinterp import Adaptive, Model, Plan


def curved(x, t):
    return np.tanh(2 * x) - 0.3 * t.reshape(-1, *[1] * (x.ndim - 1)) * x


def fixed(x, t):
    return np.tanh(2 * x) - 0.3 * t * x


def test_to_a_tolerance():
    fine = Plan(solver="tsit5", evaluations=6000).sample(fixed, (4, 3), seed=2, dtype=np.float64)
    for solver, tolerance, error in (("tsit5", 1e-8, 1e-6), ("bosh3", 1e-5, 1e-3), ("dopri5", 1e-8, 1e-6)):
        x = Adaptive(solver=solver, rtol=tolerance, atol=tolerance).sample(curved, (4, 3), seed=2, dtype=np.float64)
        assert 0 < np.abs(x - fine).max() < error


def test_samples_do_not_depend_on_each_other():
    method = Adaptive(rtol=1e-4, atol=1e-4)
    whole = method.sample(curved, (6, 2), seed=3)
    assert np.array_equal(method.sample(curved, (2, 2), seed=3, first=2), whole[2:4])
    seen = set()

    def network(x, t, u, index, out):
        assert t.shape == u.shape == index.shape == (len(x),)
        seen.update(index.tolist())
        out[...] = curved(x, t)

    assert np.array_equal(method.sample(network, (6, 2), seed=3), whole) and seen == set(range(6))


def test_there_and_back():
    data = np.random.default_rng(0).normal(size=(3, 4))
    noise = Adaptive(reversed=True, rtol=1e-9, atol=1e-9).sample(curved, start=data)
    assert np.allclose(Adaptive(rtol=1e-9, atol=1e-9).sample(curved, start=noise), data, atol=1e-6)


def test_states_on_the_way():
    """dx/dt = out, from 0 to 1: an exponential."""
    x, states = Adaptive(rtol=1e-9, atol=1e-9).sample(lambda x, t: 2 * x, start=np.ones((1, 1)),
                                                      times=[0, 0.25, 0.5, 1])
    assert np.allclose(states[:, 0, 0], np.exp([0, 0.5, 1, 2]), atol=1e-5) and x[0, 0] == pytest.approx(np.exp(2))


def test_statistics_and_errors():
    found = Adaptive().statistics(curved, (3, 2))
    assert all(one.status == 0 and one.accepted > 0 and one.u == 1 for one in found)
    with pytest.raises(libinterp.InvalidError) as caught:
        Adaptive(max_evaluations=4, rtol=1e-12).sample(curved, (3, 2))
    assert caught.value.status == -13 and len(caught.value.statistics) == 3
    for bad in ({"solver": "euler"}, {"rtol": -1}, {"controller": (1, 2)}):
        with pytest.raises(ValueError):
            Adaptive(**bad).sample(curved, (1, 1))
    with pytest.raises(TypeError):
        Adaptive(nonsense=1)
    mine = RuntimeError("mine")

    def raising(x, t):
        raise mine

    with pytest.raises(RuntimeError) as caught:
        Adaptive().sample(raising, (1, 1))
    assert caught.value is mine
    with pytest.raises(libinterp.NonFiniteError):
        Adaptive().sample(lambda x, t: x * np.nan, (1, 1), check_finite=True)


def test_under_schedules():
    model = Model(prediction="data")

    def data(x, t):
        t = t.reshape(-1, 1)
        return t * x / ((1 - t) ** 2 + t**2)  # of N(0, 1) data

    x = Adaptive(model, "lazy", rtol=1e-8, atol=1e-8).sample(data, (5, 4), dtype=np.float64, seed=1)
    start = np.stack([libinterp.normals(1, i, 0, 4, dtype=np.float64) for i in range(5)])
    assert np.allclose(x, start, atol=1e-5)


def test_an_end_that_cannot_be_met_is_said_soon():
    """F = .9 x is nobody's data prediction: its flow goes like (1 - u)^.1, whose last step is as wrong from anywhere."""
    with pytest.raises(libinterp.ToleranceError) as caught:
        Adaptive(Model("linear", "data"), rtol=1e-3, atol=1e-3).sample(lambda x, t: np.float32(0.9) * x, (1, 16), seed=7)
    assert caught.value.statistics[0].evaluations < 100
