"""Plans, covariance plans and adaptive runs take the same options, and do the same with them."""
import numpy as np
import pytest

import libinterp
from libinterp import Adaptive, Covariance, Plan

COVARIANCE = Covariance(np.array([1.0, 2.0, 0.5]))
ENGINES = {"plan": Plan("lazy", "ab2", 6), "covariance": COVARIANCE.plan("ab2", 6), "adaptive": Adaptive(rtol=1e-4)}
every = pytest.mark.parametrize("engine", ENGINES)


def each(t, x):
    """A time for all samples, or one for each."""
    return np.reshape(t, (-1, *[1] * (x.ndim - 1))) if np.ndim(t) else t


def curved(x, t):
    return (np.tanh(2 * x) - 0.3 * each(t, x) * x).astype(x.dtype)


def other(x, t):
    return (-x * each(t, x)).astype(x.dtype)


def both(x, t):
    return curved(x, t), other(x, t)


def steps_of(run, network=curved):
    for step in run:
        step.out[...] = network(step.x, step.time)
    return run.x


@every
def test_seeds_and_splits(engine):
    plan = ENGINES[engine]
    x = plan.sample(curved, (4, 3), seed=5, kernel="portable")
    assert np.array_equal(plan.sample(curved, (2, 3), seed=5, first=2, kernel="portable"), x[2:])
    seeds = [9, 8, 7, 6]
    assert np.array_equal(plan.sample(curved, (4, 3), seeds=seeds, kernel="portable")[2],
                          plan.sample(curved, (1, 3), seed=7, kernel="portable")[0])
    out = np.empty((4, 3), np.float32)
    assert plan.sample(curved, out=out, seed=5, kernel="portable") is out and np.array_equal(out, x)
    assert np.array_equal(plan.sample(curved, start=plan.sample(curved, (4, 3)), seed=1).shape, (4, 3))


@every
def test_the_stepwise_form_gives_the_bits_of_sample(engine):
    plan, indices = ENGINES[engine], set()
    run = plan.steps((4, 3), seed=5, first=10)
    for step in run:
        assert step.out.shape == step.x.shape and run.next() is step and not step.x.flags.writeable
        indices.update(step.index.tolist())
        step.out[...] = curved(step.x, step.time)
    assert run.finished and np.array_equal(run.x, plan.sample(curved, (4, 3), seed=5, first=10))
    assert indices == {10, 11, 12, 13}


@every
def test_guidance(engine):
    plan, scale = ENGINES[engine], 2.5
    x = plan.sample(both, (3, 3), guidance=scale, dtype=np.float64)

    def guided(x, t):
        return other(x, t) + scale * (curved(x, t) - other(x, t))

    assert np.allclose(x, plan.sample(guided, (3, 3), dtype=np.float64), atol=1e-12)
    x = plan.sample(both, (3, 3), guidance=scale, guidance_interval=(0.3, 0.6), dtype=np.float64, seed=2)

    def within(x, t, u):
        inside = each((np.asarray(u) >= 0.3) & (np.asarray(u) <= 0.6), x)
        return np.where(inside, guided(x, t), curved(x, t))

    assert np.allclose(x, plan.sample(within, (3, 3), dtype=np.float64, seed=2), atol=1e-6)


@every
def test_guidance_written_in_place(engine):
    plan = ENGINES[engine]

    def network(x, t, out, out2, guidance):
        out[...] = curved(x, t)
        if out2 is not None:  # where guidance is 1 in an adaptive run, no second output is asked for
            wanted = np.broadcast_to(np.asarray(guidance) != 1, len(x))
            out2[wanted] = other(x, t)[wanted]

    options = dict(guidance=2.0, guidance_interval=(0.3, 0.6), seed=2)
    assert np.array_equal(plan.sample(network, (3, 3), **options), plan.sample(both, (3, 3), **options))


@every
def test_masks_of_data_predictions(engine):
    """on_data decides what the network says: samples are what it puts there."""
    plan, wanted, seen = ENGINES[engine], np.linspace(-1, 1, 3), []

    def mask(data, step):
        seen.append((len(data), np.allclose(step.data(), data, atol=1e-5)))
        data[...] = wanted

    x = plan.sample(both, (4, 3), guidance=2.0, on_data=mask, seed=3)
    assert seen and all(same for _, same in seen)
    assert np.allclose(x, wanted, atol=2e-3 if engine == "adaptive" else 2e-2)


@every
def test_states_after_rows(engine):
    plan, seen = ENGINES[engine], []

    def look(state, step):
        assert not state.flags.writeable and len(state) == len(step.index)
        if len(step.index) and step.data() is not None:
            assert step.data().shape == state.shape
        seen.append((np.max(step.u), step.ends_step, state.copy()))

    x = plan.sample(curved, (2, 3), seed=1, on_row=look)
    assert len(seen) > 3 and np.all(np.diff([u for u, _, _ in seen if np.ndim(u) == 0]) >= 0)
    assert np.allclose(seen[-1][2][-1], x[-1]) or engine == "adaptive"

    class Mine(Exception):
        pass

    def stop(state, step):
        raise Mine

    with pytest.raises(Mine):
        plan.sample(curved, (2, 3), on_row=stop)
    with pytest.raises(libinterp.InvalidError, match="in place"):
        plan.sample(curved, (2, 3), on_row=lambda state, step: state.fill(0))


def test_rows_of_an_adaptive_run_go_on_after_a_hook():
    asked = []

    def look(state, step):
        asked.append(step.index.tolist())
        if len(asked) == 2:
            raise KeyError("mine")

    run = Adaptive().steps((3, 2), seed=1, on_row=look)
    with pytest.raises(KeyError):
        steps_of(run)
    steps_of(run)
    assert np.array_equal(run.x, Adaptive().sample(curved, (3, 2), seed=1)) and {i for one in asked for i in one} == {0, 1, 2}


@every
def test_noise_of_the_callers(engine):
    plan = ENGINES[engine]
    start = libinterp.TorchNoise(4).draw((2, 3))
    for noise in (libinterp.TorchNoise(4), lambda request: start.reshape(request.shape)):
        assert np.array_equal(plan.sample(curved, (2, 3), noise=noise), plan.sample(curved, start=start))
    with pytest.raises(libinterp.InvalidError, match="seed"):
        plan.sample(curved, (2, 3), noise=libinterp.TorchNoise(4), seed=3)


@every
def test_save_and_restore(engine):
    plan = ENGINES[engine]
    run, again = plan.steps((3, 3), seed=4), plan.steps((3, 3), seed=9)
    for _ in range(4):
        step = run.next()
        step.out[...] = curved(step.x, step.time)
        run.submit()
    again.restore(run.save())
    assert np.array_equal(steps_of(again), plan.sample(curved, (3, 3), seed=4))
    larger = plan.steps((4, 3))
    with pytest.raises(libinterp.StateError, match="samples"):
        larger.restore(run.save())
        larger.next()


@every
def test_outputs_that_nobody_wrote(engine):
    plan = ENGINES[engine]

    def first_only(x, t, out):
        out[:1] = curved(x, t)[:1]

    for options in ({}, {"check_finite": True}):
        with pytest.raises(libinterp.NonFiniteError, match="unwritten"):
            plan.sample(first_only, (3, 3), **options)
    def not_the_last(x, t, out, index):
        out[index != 12] = curved(x, t)[index != 12]

    with pytest.raises(libinterp.NonFiniteError, match="row 0, sample 2"):
        plan.sample(not_the_last, (3, 3), first=10)
    run = plan.steps((2, 3), seed=1)
    run.next()
    with pytest.raises(libinterp.NonFiniteError):
        run.submit()
    assert np.array_equal(steps_of(run), plan.sample(curved, (2, 3), seed=1))  # mended


@pytest.mark.parametrize("engine", ["plan", "adaptive"])
def test_from_data(engine):
    """Inside the path a run begins from data and noise; reversed, from data alone."""
    made = {"plan": lambda **o: Plan("lazy", "ab2", 40, **o), "adaptive": lambda **o: Adaptive(None, "lazy", **o)}[engine]
    data = np.random.default_rng(0).normal(size=(3, 3))
    x = made(u_start=0.5).sample(curved, data=data, seed=1)
    noise = np.stack([libinterp.normals(1, i, 0, 3, dtype=np.float64) for i in range(3)])
    start = made(u_start=0.5).sample(curved, start=(noise + data) / 2)  # u = 1/2 of linear, whose model this is
    assert np.allclose(x, start, atol=1e-12)
    back = made(reversed=True).sample(curved, data=data)
    assert np.allclose(back, made(reversed=True).sample(curved, start=data), atol=1e-12)
    with pytest.raises(libinterp.InvalidError, match="data"):
        made().sample(curved, data=data)
    with pytest.raises(libinterp.InvalidError, match="data"):
        made(reversed=True).sample(curved, (3, 3))


@every
def test_tensors(engine):
    torch = pytest.importorskip("torch")
    plan, types = ENGINES[engine], set()

    def network(x, t):
        types.update({type(x), type(t)})
        t = t.reshape(-1, 1) if isinstance(t, torch.Tensor) else t
        assert not isinstance(t, torch.Tensor) or t.dtype is x.dtype
        return torch.tanh(2 * x) - 0.3 * t * x

    seen = []
    x = plan.sample(network, (3, 3), dtype=torch.float64, seed=2, on_row=lambda state, step: seen.append(type(state)),
                    on_data=lambda data, step: seen.append(type(data)))
    assert isinstance(x, torch.Tensor) and set(seen) == {torch.Tensor}
    assert types == ({torch.Tensor} if engine == "adaptive" else {torch.Tensor, float})
    assert np.allclose(x.numpy(), plan.sample(curved, (3, 3), dtype=np.float64, seed=2), atol=1e-10)
    if engine != "plan":
        with pytest.raises(libinterp.InvalidError, match="CPU"):
            plan.sample(network, (3, 3), dtype=torch.bfloat16)


def test_a_covariance_plan_knows_the_shape_of_samples():
    assert ENGINES["covariance"].steps(5).x.shape == (5, 3)
    with pytest.raises(TypeError):
        len(ENGINES["adaptive"].steps((2, 3)))
