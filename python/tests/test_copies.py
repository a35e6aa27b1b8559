"""Copies, pickles and other processes: what a pipeline copies says and samples the same afterwards, to the bit."""
import copy
import functools
import gc
import multiprocessing
import pickle

import numpy as np
import pytest

import libinterp
from libinterp import Adaptive, Apg, Covariance, CovariancePlan, Model, Path, Plan, Schedule

pytestmark = pytest.mark.usefixtures("json_plans")


def half(x, t):
    return .5 * x


def angles(t):
    return np.cos(np.pi / 2 * t), np.sin(np.pi / 2 * t)


def inverse(r):
    return 2 / np.pi * np.arctan(r)


def thousand(at, n=1000):
    return n * (1 - at.t)


def affine(at):
    return 1.0, 1 - at.t


def one_minus(u):
    return 1 - u


def again(x):
    return pickle.loads(pickle.dumps(x))


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": again,
          "pickle 0": lambda x: pickle.loads(pickle.dumps(x, 0)), "twice": lambda x: again(copy.deepcopy(again(x)))}
TABLE = np.cumprod(1 - np.linspace(1e-3, .5, 50))


def schedules():
    return {"named": Schedule("vp"), "parameters": Schedule("lazy", k=.5, s=.7, clock="beta"), "edm": Schedule("edm"),
            "table": Schedule("table", alphas_cumprod=TABLE.tolist()),
            "two tables": Schedule("table", alpha=np.sqrt(1 - TABLE), beta=np.sqrt(TABLE)),
            "user": Schedule("user", values=angles, inverse=inverse)}


def models():
    return {"default": Model(), "flow": Model("linear", "negative-velocity", "1000(1-t)"),
            "table": Model(schedules()["table"], "noise", "index"), "edm": Model("edm", "edm", sigma_data=.7),
            "callbacks": Model(schedules()["user"], affine, functools.partial(thousand, n=500))}


def plans():
    found = {name: Plan("lazy", "dpmpp-2m", 4, model, u_start=.01, u_end=.9) for name, model in models().items()}
    return {**found, "noise": Plan("point-mass", "sa-2", 6, k=one_minus), "stages": Plan(None, "rk4", 8),
            "reversed": Plan(evaluations=4, reversed=True)}


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("name", schedules())
def test_schedules(name, how):
    schedule = schedules()[name]
    other = COPIES[how](schedule)
    assert other == schedule and hash(other) == hash(schedule) and repr(other) == repr(schedule)
    t = np.linspace(.05, .95, 7)
    want = schedule.eval(t)
    del schedule
    gc.collect()  # a copy does not live on what is freed
    assert all(np.array_equal(a, b) for a, b in zip(other.eval(t), want))


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("name", models())
def test_models(name, how):
    model = models()[name]
    other = COPIES[how](model)
    assert other == model and hash(other) == hash(model)
    want = Plan(None, "ab2", 3, model, u_start=.1, u_end=.9), [model.time_at(t) for t in (.1, .5)]
    del model
    gc.collect()
    assert (Plan(None, "ab2", 3, other, u_start=.1, u_end=.9), [other.time_at(t) for t in (.1, .5)]) == want


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("name", plans())
def test_plans(name, how):
    plan = plans()[name]
    data = {"data": np.ones((2, 3), np.float32)} if name == "reversed" else {"shape": (2, 3)}
    want, model, text = plan.sample(half, seed=5, **data), repr(plan.model), str(plan)
    other = COPIES[how](plan)
    assert other == plan and hash(other) == hash(plan) and str(other) == text and other.model == plan.model
    del plan
    gc.collect()
    assert np.array_equal(other.sample(half, seed=5, **data), want)
    if name != "callbacks":
        assert repr(other.model) == model


def test_fitted_plans_know_their_model_and_report():
    plan = Plan(evaluations=2).fit(half, (8, 3), iterations=1)
    for how in COPIES.values():
        other = how(plan)
        assert other.report == plan.report and other.origin == plan.origin
        assert other.fit(half, (8, 3), iterations=1) == plan.fit(half, (8, 3), iterations=1)
    loaded = again(Plan.from_json(plan.to_json()))
    assert loaded.model is None and loaded == plan


def test_equal_is_what_says_the_same():
    assert Schedule("lazy", k=1) == Schedule("lazy", k=1.0) != Schedule("lazy", k=2)
    assert Schedule("vp") != Schedule("lazy") and Schedule("vp") != "vp"
    assert Model() == Model("linear") and Model(time="1-t") != Model()
    table = TABLE.copy()
    schedule = Schedule("table", alphas_cumprod=table)
    table *= .5  # the library copied it, and so did Python
    assert again(schedule) == schedule == Schedule("table", alphas_cumprod=TABLE)
    assert len({Schedule("vp"), Schedule("vp"), Schedule("edm")}) == 2


@pytest.mark.parametrize("how", COPIES)
def test_covariances(how):
    rng = np.random.default_rng(3)
    samples = rng.normal(size=(40, 2, 3)) * np.arange(1, 4)
    for covariance in (Covariance(np.arange(1.0, 7).reshape(2, 3)), Covariance.estimate(samples, rank=2),
                       Covariance.estimate(samples, "diagonal", floor=.2), Covariance([4, 1e-9], np.eye(6)[:2], 2, .1),
                       Covariance.of_matrix(np.diag([3.0, 1, 0]))):
        other = COPIES[how](covariance)
        plan = covariance.plan("ab2", 4, bands=2, power=.5)
        assert other == covariance and hash(other) == hash(covariance) and repr(other) == repr(covariance)
        assert (other.shrinkage, other.rest) == (covariance.shrinkage, covariance.rest)
        want = plan.sample(half, 3, seed=2)
        for same in (other.plan("ab2", 4, bands=2, power=.5), COPIES[how](plan)):
            assert isinstance(same, CovariancePlan) and np.array_equal(same.sample(half, 3, seed=2), want)
        assert COPIES[how](plan.bands[0]).plan == plan.bands[0].plan


@pytest.mark.parametrize("how", COPIES)
def test_paths(how):
    plan = Plan("point-mass", evaluations=5, k=1)
    for path in (Path.record(plan, half, (2, 3), k=1, seed=4, first=2), Path.record(Plan(), half, (2, 3)),
                 Path([.1, .9], np.ones((2, 2, 1)), k=one_minus, seeds=[3, 4], noise="path", schedule="vp")):
        other = COPIES[how](path)
        times = np.linspace(.2, .8, 5)
        want = path.at(times)
        del path
        gc.collect()
        assert np.array_equal(other.at(times), want)


def test_deep_copies_of_paths_have_states_of_their_own():
    path = Path([0.1, .9], np.ones((2, 1, 1), np.float32))
    other = copy.deepcopy(path)
    path.states[...] = 5
    assert np.array_equal(other.at(.9), [[1]])


@pytest.mark.parametrize("how", COPIES)
def test_adaptive_descriptions(how):
    for method in (Adaptive(rtol=1e-4), Adaptive(models()["flow"], "vp", "bosh3", [.5, .1, 0], max_evaluations=500)):
        other = COPIES[how](method)
        assert other == method and hash(other) == hash(method)
        assert np.array_equal(other.sample(half, (2, 3), seed=1), method.sample(half, (2, 3), seed=1))


def test_guidance_that_remembers():
    apg = Apg(3, momentum=-.5, threshold=5)
    ones = np.ones((2, 3))
    apg(ones, 0 * ones)
    want = copy.deepcopy(apg)(2 * ones, ones)
    for how in COPIES.values():
        other, before = how(apg), apg._average.copy()
        assert np.array_equal(other(2 * ones, ones), want)
        assert np.array_equal(apg._average, before) and repr(other) == repr(apg)


def test_runs_are_saved_not_copied():
    for run in (Plan(evaluations=3).steps((2, 3)), Covariance(np.ones(3)).plan("ab2", 2).steps(2)):
        for how in COPIES.values():
            with pytest.raises(TypeError, match="save"):
                how(run)
    plan = Plan("lazy", "dpmpp-2m", 6)
    run, want = plan.steps((2, 3), seed=8), plan.sample(half, (2, 3), seed=8)
    for rq in run:
        rq.out[...] = .5 * rq.x
        if rq.row == 2:
            break
    state = again((plan, run.save()))
    other = state[0].steps((2, 3), seed=8)
    other.restore(copy.deepcopy(state[1]))
    for rq in other:
        rq.out[...] = .5 * rq.x
    assert np.array_equal(other.x, want)


def test_steps_and_errors():
    step = Plan(evaluations=3).steps((2, 3)).next()
    for how in (copy.copy, copy.deepcopy, again):
        assert np.array_equal(how(step).x, step.x) and how(step).time == step.time
    with pytest.raises(libinterp.NonFiniteError) as caught:
        Plan().sample(lambda x, t: x * np.nan, (1, 1))
    for how in COPIES.values():
        error = how(caught.value)
        assert (type(error), str(error), error.status) == (libinterp.NonFiniteError, str(caught.value), -22)


def test_functions_that_cannot_be_pickled_are_named():
    for made, said in ((Schedule("user", values=lambda t: (1 - t, t)), "Schedule: values"),
                       (Model(time=lambda at: at.t), "Model: time"),
                       (Model(prediction=lambda at: (1.0, 1.0)), "Model: prediction"),
                       (Plan(model=Model(time=lambda at: at.t)), "Model: time"),
                       (Adaptive(schedule=Schedule("user", values=lambda t: (1 - t, t))), "Schedule: values"),
                       (Path([.1, .9], np.ones((2, 1, 1)), k=lambda u: 0.0), "Path: k")):
        with pytest.raises(TypeError, match=f"{said} is .*lambda.*pickled"):
            pickle.dumps(made)
        assert type(copy.deepcopy(made)) is type(made) and type(copy.copy(made)) is type(made)


def in_another_process(given):
    plan, adaptive, schedule = given
    return plan.sample(half, (2, 3), seed=5), plan.model, adaptive.sample(half, (1, 2)), schedule


def test_a_process_that_starts_afresh():
    given = plans()["callbacks"], Adaptive(rtol=1e-4), schedules()["two tables"]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(in_another_process, (given,))
    want = in_another_process(given)
    assert np.array_equal(found[0], want[0]) and np.array_equal(found[2], want[2]) and found[1::2] == want[1::2]


def loop(scheduler, x, generator, timesteps):
    for t in timesteps:
        x = scheduler.step(x * .3, t, x, generator=generator).prev_sample
    return x


CONFIGS = [dict(solver="dpmpp-2m"), dict(solver="unipc-bh2-3", prediction_type="flow_prediction", shift=3.0),
           dict(solver="ab3", use_karras_sigmas=True), dict(solver="ddpm", noise_seed=3)]


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_schedulers_of_pipelines(config, how):
    torch = pytest.importorskip("torch")
    scheduler = libinterp.diffusers.Scheduler(**config)
    bare = COPIES[how](scheduler)
    assert bare.config == scheduler.config
    with pytest.raises(libinterp.StateError):
        bare.timesteps
    scheduler.set_timesteps(6)
    other = COPIES[how](scheduler)  # with its timesteps, as deepcopy of theirs
    assert torch.equal(other.timesteps, scheduler.timesteps) and torch.equal(other.sigmas, scheduler.sigmas)
    assert other.plan == scheduler.plan
    x = torch.randn(1, 2, 4, generator=torch.Generator().manual_seed(1))
    want = loop(scheduler, x, torch.Generator().manual_seed(2), scheduler.timesteps)
    assert torch.equal(loop(other, x, torch.Generator().manual_seed(2), other.timesteps), want)
    # A copy in the middle of a loop goes on with the loop's samples.
    generator = torch.Generator().manual_seed(2)
    middle = loop(scheduler, x, generator, scheduler.timesteps[:3])
    other = COPIES[how](scheduler)
    assert torch.equal(loop(other, middle, generator, scheduler.timesteps[3:]), want)
    scheduler.set_timesteps(4)
    assert len(other.timesteps) == 6


def test_a_clone_has_nothing_in_common():
    torch = pytest.importorskip("torch")
    scheduler = libinterp.diffusers.Scheduler(solver="dpmpp-2m")
    scheduler.set_timesteps(6, timesteps=None)
    clone = scheduler.clone()
    clone.set_timesteps(6)
    x = torch.ones(1, 2)
    middle = loop(scheduler, x, None, scheduler.timesteps[:3])
    want = loop(scheduler, middle.clone(), None, scheduler.timesteps[3:])
    assert not torch.equal(loop(clone, middle, None, clone.timesteps[3:]), want)
