"""Normals of the caller's."""
import copy
import pickle

import numpy as np
import pytest

import libinterp
from libinterp import NoiseRequest, Plan, TorchNoise


def plan_of(solver="euler-ancestral", **more):
    return Plan("linear", solver, evaluations=6, noise="steps", **more)


def own(request):
    """What the library would draw from seed 5."""
    return np.stack([libinterp.normals(5, request.first + i, request.m, request.shape[1:], dtype=request.dtype)
                     for i in range(request.shape[0])])


@pytest.mark.parametrize("solver", ["euler-ancestral", "dpmpp-sde", "sea", "ddim"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_library_s_own_draws_by_a_callable(curved, solver, dtype):
    k = {"k": 1} if solver == "sea" else {}
    plan = Plan("linear", solver, evaluations=6, **k, **({} if solver == "ddim" else {"noise": "steps"}))
    want = plan.sample(curved, (3, 4, 2), seed=5, first=2, dtype=dtype)
    assert np.array_equal(plan.sample(curved, (3, 4, 2), noise=own, first=2, dtype=dtype), want)


def test_what_is_asked_for(curved):
    asked = []

    def noise(request):
        asked.append(request)
        return np.zeros(request.shape)

    plan_of("dpmpp-sde", u_start=0.3).sample(curved, noise=noise, data=np.zeros((2, 3), np.float32))
    assert all(isinstance(request, NoiseRequest) and request.shape == (2, 3) for request in asked)
    assert [request.draw for request in asked] == list(range(len(asked)))
    assert [request.step for request in asked[:5]] == [0, 0, 0, 1, 1]
    assert [request.row for request in asked[:5]] == [0, 0, 1, 2, 3]


def test_torch_s_draws():
    noise = TorchNoise(0)
    assert np.allclose(noise.draw(5), [1.5409961, -0.2934289, -2.1787894, 0.56843126, -1.0845224], atol=1e-7)
    cuda = TorchNoise(0, "cuda")
    assert np.allclose(cuda.draw((2, 2)), [[-0.9247, -0.4253], [-2.6438, 0.1452]], atol=5.1e-5)
    again = copy.copy(noise), pickle.loads(pickle.dumps(noise))
    x = noise.draw((3, 7))
    assert all(np.array_equal(other.draw((3, 7)), x) for other in again)
    assert noise.draw(3, np.float64).dtype == np.float64


def test_a_batch_by_torch_s_generator(curved):
    plan = plan_of()
    x = plan.sample(curved, (2, 12), noise=TorchNoise(7))
    each = TorchNoise(7)
    assert np.array_equal(plan.sample(curved, (2, 12), noise=lambda request: each(request)), x)
    assert not np.array_equal(plan.sample(curved, (2, 12), noise=TorchNoise(8)), x)


def test_exceptions_come_out_as_themselves(curved):
    class Enough(Exception):
        pass

    def noise(request):
        if request.draw == 2:
            raise Enough
        return np.zeros(request.shape)

    def at_once(request):
        raise Enough

    for stops in (noise, at_once):
        with pytest.raises(Enough):
            plan_of().sample(curved, (2, 3), noise=stops)


def test_a_run_goes_on_elsewhere(curved):
    plan, noise, other = plan_of("dpmpp-sde"), TorchNoise(3), TorchNoise(0)
    want = plan.sample(curved, (2, 9), noise=TorchNoise(3))
    run, later = plan.steps((2, 9), noise=noise), plan.steps((2, 9), noise=other)
    for step in run:
        if step.row == 3:
            break
        step.out[...] = curved(step.x, step.time)
    later.restore(run.save())
    other.state = noise.state
    for step in later:
        step.out[...] = curved(step.x, step.time)
    assert np.array_equal(later.x, want)
    with pytest.raises(libinterp.InvalidError, match="state"):
        other.state = TorchNoise(3, "cuda").state


def test_what_is_refused(curved):
    plan = plan_of()
    with pytest.raises(libinterp.InvalidError, match="noise=steps"):
        Plan("linear", "euler-ancestral", evaluations=6).sample(curved, (2, 3), noise=TorchNoise(1))
    with pytest.raises(libinterp.InvalidError, match="seed"):
        plan.sample(curved, (2, 3), noise=TorchNoise(1), seed=3)
    with pytest.raises(ValueError, match="noise: what it returned has shape"):
        plan.sample(curved, (2, 3), noise=lambda request: np.zeros(4))
    with pytest.raises(TypeError, match="noise"):
        plan.sample(curved, (2, 3), noise=3)
    with pytest.raises(libinterp.InvalidError, match="device"):
        TorchNoise(1, "tpu")
    with pytest.raises(libinterp.InvalidError, match="threads"):
        TorchNoise(1, threads=5)
    with pytest.raises(TypeError, match="float32 or float64"):
        TorchNoise(1).draw(3, np.float16)


def test_tensors(curved):
    torch = pytest.importorskip("torch")
    plan = plan_of("dpmpp-sde")

    def network(x, t):
        return x * 0.5 + t

    want = plan.sample(network, (2, 12), noise=TorchNoise(7))
    for options in ({"dtype": torch.float32}, {"engine": "torch"}):
        x = plan.sample(network, (2, 12), noise=TorchNoise(7), **options)
        assert isinstance(x, torch.Tensor) and np.allclose(x.numpy(), want, atol=1e-6)
    torch.manual_seed(7)
    drawn = plan.sample(network, (2, 12), noise=lambda request: torch.randn(request.shape), dtype=torch.float32)
    assert np.array_equal(drawn.numpy(), want) or np.allclose(drawn.numpy(), want, atol=1e-5)
    with pytest.raises(libinterp.InvalidError, match="seed"):
        plan.sample(network, (2, 12), noise=TorchNoise(7), engine="torch", seed=4)
