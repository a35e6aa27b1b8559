import math

import numpy as np
import pytest

import libinterp
from libinterp import Apg, Model, Plan


@pytest.fixture(name="pair", params=[np.float32, np.float64])
def _pair(request):
    rng = np.random.default_rng(3)
    return rng.normal(size=(4, 2, 5)).astype(request.param), rng.normal(size=(4, 2, 5)).astype(request.param)


def close(found, want):
    single = found.dtype == np.float32
    return found.shape == want.shape and np.allclose(found, want, rtol=0, atol=2e-6 if single else 1e-13)


def apg_of(cond, uncond, scale, eta, momentum, threshold, average):
    """The formula of <interp/guidance.h>, sample by sample."""
    out, after = np.empty_like(cond), np.empty_like(cond)
    for i in range(len(cond)):
        d = cond[i] - uncond[i] + momentum * average[i]
        after[i] = d
        if threshold:
            d = d * min(1, threshold / np.linalg.norm(d))
        parallel = cond[i] * (d * cond[i]).sum() / (cond[i] ** 2).sum()
        out[i] = cond[i] + (scale - 1) * (d - parallel + eta * parallel)
    return out, after


def test_plain(pair):
    cond, uncond = pair
    for function in (libinterp.guide, libinterp.autoguide):
        assert close(function(cond, uncond, 3), uncond + 3 * (cond - uncond))
        assert np.array_equal(function(cond, uncond, 1), cond) and np.array_equal(function(cond, uncond, 0), uncond)
    kept = cond.copy()
    assert libinterp.guide(cond, uncond, 2, out=cond) is cond and close(cond, uncond + 2 * (kept - uncond))
    listed = libinterp.guide(kept.tolist(), uncond.tolist(), 2)
    assert listed.dtype == np.float64 and np.allclose(listed, cond, atol=1e-5)


def test_rescaled(pair):
    cond, uncond = pair
    g = uncond + 4 * (cond - uncond)
    share = 0.7 * cond.std((1, 2), keepdims=True) / g.std((1, 2), keepdims=True) + 0.3
    assert close(libinterp.guide_rescaled(cond, uncond, 4), share * g)
    assert close(libinterp.guide_rescaled(cond, uncond, 4, phi=0), g)


def test_numbers():
    assert [libinterp.guidance_at(3, 0.2, 0.8, u) for u in (0.1, 0.2, 0.5, 0.9)] == [1, 3, 3, 1]
    assert libinterp.guidance_cfgpp(0.6, 0.25, 0.5) == pytest.approx(0.6 * 0.5 * 0.75 / 0.25)
    for bad in ((0.6, 0.5, 0.5), (0.6, -0.1, 0.5), (math.nan, 0.1, 0.5)):
        with pytest.raises(libinterp.InvalidError):
            libinterp.guidance_cfgpp(*bad)


def test_cfgpp_is_the_papers_step():
    """Data of the guided output, noise of the unconditional one: a step of DDIM on the linear schedule."""
    rng = np.random.default_rng(0)
    x, cond, uncond = rng.normal(size=(3, 2, 4))
    plan = Plan("linear", "ddim", nodes=[0.2, 0.5])
    scale = libinterp.guidance_cfgpp(0.6, 0.2, 0.5)
    found = plan.sample(lambda x, t: (cond, uncond), start=x, guidance=scale)
    guided = uncond + 0.6 * (cond - uncond)
    assert np.allclose(found, 0.5 * (x + 0.8 * guided) + 0.5 * (x - 0.2 * uncond), atol=1e-12)


@pytest.mark.parametrize("eta, momentum, threshold", [(0, 0, 0), (1, 0, 0), (0.3, -0.5, 0), (0, -0.75, 1.5)])
def test_apg(pair, eta, momentum, threshold):
    cond, uncond = pair
    options = {"eta": eta, "momentum": momentum, "threshold": threshold}
    average, held, apg = np.zeros_like(cond), np.zeros_like(cond), Apg(3, **options)
    for call in range(3):
        want, average = apg_of(cond, uncond * call, 3, eta, momentum, threshold, average)
        assert close(libinterp.guide_apg(cond, uncond * call, 3, average=held, **options), want)
        assert momentum == 0 or close(held, average)
        assert close(apg(cond, uncond * call), want)
    if (eta, momentum, threshold) == (1, 0, 0):
        assert close(apg(cond, uncond), uncond + 3 * (cond - uncond))
    apg.reset()
    out = np.empty_like(cond)
    assert apg(cond, uncond, out=out) is out
    assert close(out, apg_of(cond, uncond, 3, eta, momentum, threshold, np.zeros_like(cond))[0])


@pytest.mark.parametrize("prediction", ["velocity", "noise", "data"])
def test_apg_in_a_run(prediction):
    """Networks of any prediction that say the same of the data end where the rows by hand on data predictions end."""
    model, nodes = Model("linear", prediction), [0.1, 0.4, 0.8, 1]
    options = {"eta": 0.2, "momentum": -0.5, "threshold": 2.0}
    start = np.random.default_rng(1).normal(size=(3, 4))

    def output(x, t, data):
        noise = (x - t * data) / (1 - t)
        return {"data": data, "noise": noise, "velocity": data - noise}[prediction]

    apg, averages = Apg(2.5, **options), np.zeros((3, 4))

    def network(x, t, request):
        return apg(output(x, t, np.tanh(x)), output(x, t, -0.5 * x), request)

    plan = Plan("linear", "ddim", nodes=nodes, model=model)
    x = start
    for u, after in zip(nodes, nodes[1:]):
        data, averages = apg_of(np.tanh(x), -0.5 * x, 2.5, 0.2, -0.5, 2.0, averages)
        x = after * data + (1 - after) * (x - u * data) / (1 - u)
    for _ in range(2):  # a second run begins anew
        assert np.allclose(plan.sample(network, start=start), x, atol=1e-10)


def test_apg_without_a_data_prediction():
    """A noise prediction says nothing of the data at u = 0: plain guidance there."""
    rng = np.random.default_rng(1)
    cond, uncond = rng.normal(size=(2, 3, 4))
    run = Plan("linear", "ddim", evaluations=2, model=Model("linear", "velocity")).steps((3, 4), dtype=np.float64)
    step = run.next()
    step.data_state = step.data_output = 0.0
    assert np.allclose(Apg(3, momentum=-0.5)(cond, uncond, step), uncond + 3 * (cond - uncond))


def test_thresholds(pair):
    data = 3 * pair[0]
    held = data.copy()
    assert libinterp.threshold_static(held, -0.5, 0.25) is held
    assert np.array_equal(held, np.clip(data, np.asarray(-0.5, data.dtype), np.asarray(0.25, data.dtype)))
    for most in (math.inf, 1.5, 1.0):
        held = data.copy()
        s = np.quantile(np.abs(data.astype(np.float64)), 0.9, axis=(1, 2), keepdims=True)
        s = np.minimum(np.maximum(s, 1), most)
        assert libinterp.threshold_dynamic(held, 0.9, most) is held and close(held, np.clip(data, -s, s) / s)


def test_thresholds_are_hooks(curved):
    x = Plan("lazy", "ab2", 6).sample(lambda x, t: 5 * curved(x, t), (3, 4),
                                      on_data=lambda data, step: libinterp.threshold_static(data, -0.5, 0.5))
    assert np.abs(x).max() < 0.501


def test_tensors():
    torch = pytest.importorskip("torch")
    cond, uncond = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    found = libinterp.guide_apg(cond, uncond, 3.0)
    assert isinstance(found, torch.Tensor)
    assert np.array_equal(found.numpy(), libinterp.guide_apg(cond.numpy(), uncond.numpy(), 3.0))
    assert libinterp.threshold_static(cond, 0, 0) is cond and not cond.any()
    apg = Apg(2, momentum=-0.5)

    def network(x, t, request):
        return apg(torch.tanh(x), -x, request)

    x = Plan("lazy", "ab2", 4).sample(network, (3, 4), dtype=torch.float32)
    want = Plan("lazy", "ab2", 4).sample(lambda x, t, request: apg(np.tanh(x), -x, request), (3, 4))
    assert isinstance(x, torch.Tensor) and np.allclose(x.numpy(), want, atol=1e-5)


def test_errors(pair):
    cond, uncond = pair
    other = np.float64 if cond.dtype == np.float32 else np.float32
    for function in (libinterp.guide, libinterp.guide_rescaled, libinterp.guide_apg):
        for scale in (math.nan, math.inf):
            with pytest.raises(libinterp.InvalidError):
                function(cond, uncond, scale)
        for bad in (uncond[:2], uncond.astype(other)):
            with pytest.raises(ValueError):
                function(cond, bad, 2.0)
        for out in (np.empty((4, 2, 5), other), np.empty((4, 5, 2), cond.dtype), cond.T, [1.0]):
            with pytest.raises(ValueError, match="out"):
                function(cond, uncond, 2.0, out=out)
        with pytest.raises(TypeError):
            function(cond.astype(np.float16), uncond.astype(np.float16), 2.0)
    for options in ({"threshold": -1.0}, {"momentum": math.nan}, {"momentum": -0.5}, {"eta": math.inf}):
        with pytest.raises(ValueError):
            libinterp.guide_apg(cond, uncond, 2.0, **options)
    with pytest.raises(ValueError):
        libinterp.guide_rescaled(cond, uncond, 2.0, phi=1.5)
    for function, numbers in ((libinterp.threshold_static, (1, -1)), (libinterp.threshold_dynamic, (1.5,)),
                              (libinterp.threshold_dynamic, (0.5, 0.0))):
        with pytest.raises(libinterp.InvalidError):
            function(cond.copy(), *numbers)
        with pytest.raises(ValueError):
            function(cond.T, *numbers)


def test_halves_are_widened():
    torch = pytest.importorskip("torch")
    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 5.0]])
    for kind in (torch.bfloat16, torch.float16):
        for function in (libinterp.guide, libinterp.autoguide, libinterp.guide_rescaled, libinterp.guide_apg, Apg(2)):
            more = () if isinstance(function, Apg) else (2.0,)
            got = function(a.to(kind), b.to(kind), *more)
            assert got.dtype == torch.float32 and torch.equal(got, function(a, b, *more))
    apg = Apg(3, momentum=-.5)

    def network(x, t, request):
        output = torch.tensor(x).bfloat16()
        return apg(output, -output, request)

    assert np.isfinite(Plan(evaluations=3).sample(network, (2, 3))).all()


def test_apg_is_for_plans():
    apg = libinterp.Apg(3)
    with pytest.raises(libinterp.InvalidError, match="adaptive"):
        libinterp.Adaptive().sample(lambda x, t, request: apg(x, x, request), (2, 3))
