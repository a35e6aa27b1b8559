"""The scheduler of diffusers' shape: against recorded loops of diffusers' own tests, and as pipelines use it."""
import copy
import pickle
import threading

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import libinterp  # noqa: E402
from libinterp import Model, Plan, Schedule  # noqa: E402
from libinterp.diffusers import Scheduler  # noqa: E402


def network(x, t):
    return 0.8 * torch.sin(3 * x + float(t) / 300) + 0.2 * x


def loop(scheduler, x, timesteps=None, model=network, generator=None):
    """What a pipeline does."""
    x = x * scheduler.init_noise_sigma
    for t in scheduler.timesteps if timesteps is None else timesteps:
        x = scheduler.step(model(scheduler.scale_model_input(x, t), t), t, x, generator=generator, return_dict=False)[0]
    return x


@pytest.fixture(name="x")
def _x():
    return torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_recorded_loops(loops):
    """Recorded in float32; of order 2 and 3 with rows down to sigma_min, float32 loses some digits there."""
    for row in loops:
        multistep = row["solver"].startswith(("dpm", "deis", "unipc", "sde-dpm")) and \
            not row["solver"].endswith("-1")  # the others have no order to lower
        final = {"final_order": "lower" if row["config"].get("lower_order_final", True) else "full"} if multistep else {}
        scheduler = Scheduler.from_config(row["config"], solver=row["solver"], shift_twice=True, **final)
        scheduler.set_timesteps(row["steps"], **row["set"])
        assert np.allclose(scheduler.timesteps.numpy(), row["timesteps"], atol=1e-3), row["name"]
        got = loop(scheduler, torch.ones(1, dtype=torch.float64), model=lambda x, t: x * float(t) / (float(t) + 1))
        assert abs(got.item()) == pytest.approx(row["scale"], rel=3e-5), row["name"]


@pytest.mark.parametrize("solver", ["ddim", "dpmpp-2m", "heun", "unipc-bh2-3", "ab3", "dpmpp-singlestep-3"])
@pytest.mark.parametrize("schedule", [None, "lazy"])
def test_it_is_the_plan(x, solver, schedule):
    scheduler = Scheduler(solver=solver, schedule=schedule, prediction_type="v_prediction")
    scheduler.set_timesteps(8)
    made = loop(scheduler, x)
    want = scheduler.plan.sample(network, start=x)
    assert torch.allclose(made, want, atol=1e-12)
    assert len(scheduler.timesteps) == len(scheduler.plan) <= 8 and len(scheduler.sigmas) == len(scheduler.plan) + 1


def test_flow(x):
    scheduler = Scheduler(prediction_type="flow_prediction", shift=3.0, solver="euler")
    scheduler.set_timesteps(6, device="cpu")
    sigmas = scheduler.sigmas.double()
    assert sigmas[0] == 1 and sigmas[-1] == 0
    assert torch.allclose(scheduler.timesteps.double(), 1000 * sigmas[:-1], atol=1e-3)
    y = x
    for i, t in enumerate(scheduler.timesteps):
        y = y + (sigmas[i + 1] - sigmas[i]) * network(y, t)
    assert torch.allclose(loop(scheduler, x), y, atol=1e-5)
    scheduler.set_timesteps(sigmas=np.linspace(1, 0.25, 4))
    assert torch.allclose(scheduler.sigmas, torch.tensor([1, 0.9, 0.75, 0.5, 0]))
    dynamic = Scheduler(prediction_type="flow_prediction", use_dynamic_shifting=True)
    with pytest.raises(ValueError, match="mu"):
        dynamic.set_timesteps(4)
    dynamic.set_timesteps(sigmas=[1.0, 0.5], mu=np.log(3))
    assert torch.allclose(dynamic.sigmas, torch.tensor([1, 0.75, 0]))
    terminal = Scheduler(prediction_type="flow_prediction", shift_terminal=0.1)
    for n in (1, 4):  # one step has no terminal to stretch to
        terminal.set_timesteps(n)
        assert terminal.sigmas[-2] == pytest.approx(0.1 if n > 1 else 1)


def test_noise_on_data(x):
    scheduler, noise = Scheduler(beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012), torch.randn_like(x)
    t = torch.tensor([10, 700])
    bar = torch.cumprod(1 - torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2, 0)[t]
    alpha, beta = ((1 - bar) ** 0.5).view(2, 1, 1), (bar**0.5).view(2, 1, 1)
    assert torch.allclose(scheduler.add_noise(x, noise, t), alpha * noise + beta * x, atol=1e-9)
    assert torch.allclose(scheduler.get_velocity(x, noise, t), beta * noise - alpha * x, atol=1e-9)
    flow = Scheduler(prediction_type="flow_prediction")
    assert torch.allclose(flow.scale_noise(x, torch.tensor([250.0]), noise), 0.25 * noise + 0.75 * x)


def test_from_the_middle(x):
    """Image to image: a multistep solver starts anew at the timestep, on the nodes that are left."""
    scheduler = Scheduler(prediction_type="v_prediction", solver="dpmpp-3m")
    scheduler.set_timesteps(10)
    left = scheduler.timesteps[6:]
    made = loop(scheduler, x, left)
    nodes = [row.u for row in scheduler.plan.rows[6:]] + [1]
    table = Schedule("table", alphas_cumprod=np.cumprod(1 - np.linspace(1e-4, 0.02, 1000)))
    model = Model(table, "salimans-v", "index")
    want = Plan(solver="dpmpp-3m", nodes=nodes, model=model).sample(network, start=x)
    assert torch.allclose(made, want, atol=1e-9)
    with pytest.raises(ValueError, match="timestep"):
        scheduler.step(x, 123, x)


def steps_of(scheduler, x, n):
    scheduler.set_timesteps(n)
    for t in scheduler.timesteps.clone():
        x = scheduler.step(network(x, t), t, x).prev_sample
        yield x


def test_two_interleaved_loops(x):
    """One scheduler, one thread: what a solver remembers travels with the sample."""
    shared = Scheduler(prediction_type="v_prediction", solver="dpmpp-3m")
    want = [loop_of(x, 9), loop_of(-x, 9)]
    found = [None, None]
    for pair in zip(steps_of(shared, x, 9), steps_of(shared, -x, 9)):
        found = pair
    assert all(torch.equal(a, b) for a, b in zip(found, want))


def loop_of(x, n):
    *_, last = steps_of(Scheduler(prediction_type="v_prediction", solver="dpmpp-3m"), x, n)
    return last


def test_threads_share_one_scheduler(x):
    """Each with its own number of steps."""
    shared, numbers = Scheduler(prediction_type="v_prediction", solver="dpmpp-3m"), (5, 7, 9, 11)
    want, found, errors = {n: loop_of(x, n) for n in numbers}, {}, []

    def work(n):
        try:
            for _ in range(10):
                *_, found[n] = steps_of(shared, x, n)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and all(torch.equal(found[n], want[n]) for n in numbers)


def test_branches_and_other_schedulers(x):
    """Two steps from one sample have noise of their own; another scheduler does not go on with this one's memory."""
    noisy = Scheduler(prediction_type="v_prediction", solver="sde-dpmpp-2m")
    noisy.set_timesteps(8)
    t = noisy.timesteps[0]
    generators = [torch.Generator().manual_seed(seed) for seed in (1, 2)]
    made = [noisy.step(network(x, t), t, x, generator=generator).prev_sample for generator in generators]
    assert not torch.equal(*made)
    one, other = (Scheduler(prediction_type="v_prediction", solver="dpmpp-2m") for _ in range(2))
    one.set_timesteps(8)
    other.set_timesteps(8)
    y = one.step(network(x, t), t, x).prev_sample
    t = one.timesteps[1]
    with_memory, without = (s.step(network(y, t), t, y).prev_sample for s in (one, other))
    assert not torch.equal(with_memory, without)


def test_the_callers_tensors_may_be_written_again(x):
    """A network that returns the same buffer each time."""
    scheduler, buffer = Scheduler(prediction_type="v_prediction", solver="ab3"), torch.empty_like(x)
    scheduler.set_timesteps(8)
    want = loop(scheduler, x)
    scheduler.set_timesteps(8)
    assert torch.equal(loop(scheduler, x, model=lambda y, t: buffer.copy_(network(y, t))), want)


def test_a_sample_that_was_replaced_goes_on(x):
    """Pipelines mask and cast: the tensor that comes back is another."""
    scheduler = Scheduler(prediction_type="v_prediction", solver="dpmpp-3m")
    scheduler.set_timesteps(8)
    y = x
    for t in scheduler.timesteps:
        y = scheduler.step(network(y, t), t, y).prev_sample.clone()
    assert torch.equal(y, loop_of(x, 8))


def test_noise(x):
    options = dict(prediction_type="v_prediction", solver="sde-dpmpp-2m")
    scheduler = Scheduler(**options)
    scheduler.set_timesteps(8)
    made = [loop(scheduler, x, generator=torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(made[0], made[1]) and not torch.equal(made[0], made[2])
    both = loop(scheduler, x, generator=[torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)])
    alone = loop(scheduler, x[1:], generator=torch.Generator().manual_seed(2))
    assert torch.allclose(both[1:], alone, atol=1e-12)
    ours = Scheduler(noise_seed=4, **options)
    ours.set_timesteps(8)
    assert torch.allclose(loop(ours, x), ours.plan.sample(network, start=x, seed=4), atol=1e-10)


def test_limits(x):
    clipped = Scheduler(solver="ddim", clip_sample=True)
    clipped.set_timesteps(5)
    assert loop(clipped, 3 * x).abs().max() <= 1 + 1e-6
    output = clipped.step(network(x, 800), 800, 3 * x)
    assert output.pred_original_sample.abs().max() <= 1 + 1e-9
    dynamic = Scheduler(solver="ddim", thresholding=True, dynamic_thresholding_ratio=0.9, sample_max_value=2.0)
    dynamic.set_timesteps(5)
    assert loop(dynamic, 3 * x).abs().max() <= 1 + 1e-6


def test_half_types(x):
    scheduler = Scheduler(prediction_type="v_prediction", solver="dpmpp-2m")
    scheduler.set_timesteps(6)
    made = loop(scheduler, x.bfloat16(), model=lambda x, t: network(x.float(), t).bfloat16())
    assert made.dtype == torch.bfloat16 and (made.double() - loop(scheduler, x)).abs().max() < 0.1


def test_configuration(tmp_path):
    scheduler = Scheduler(solver="ab2", schedule="lazy", beta_schedule="squaredcos_cap_v2", steps_offset=1)
    config = scheduler.config
    assert config.solver == config["solver"] == "ab2" and dict(config)["steps_offset"] == 1
    assert config.get("nothing") is None and not hasattr(config, "nothing") and len(scheduler) == 1000
    scheduler.save_pretrained(tmp_path / "scheduler")
    for other in (Scheduler.from_config(scheduler.config), scheduler.clone(), copy.deepcopy(scheduler),
                  pickle.loads(pickle.dumps(scheduler)), Scheduler.from_pretrained(tmp_path, subfolder="scheduler")):
        assert other is not scheduler and other.config == scheduler.config
    theirs = {"_class_name": "DPMSolverMultistepScheduler", "num_train_timesteps": 1000}
    with pytest.warns(libinterp.Warning, match="unknown: 3"):
        assert Scheduler.from_config({**theirs, "unknown": 3}).config.timestep_spacing == "linspace"
    assert Scheduler.from_config(theirs).config.timestep_spacing == "linspace"
    assert Scheduler.from_config({"shift": 3.0, "num_train_timesteps": 1000}).flow
    with pytest.warns(libinterp.Warning, match="timestep_type"):  # of Euler's class: DPM-Solver's does not read it
        Scheduler.from_config({**theirs, "timestep_type": "continuous"})
    for bad in ({"prediction_type": "x"}, {"timestep_spacing": "x"}, {"beta_schedule": "x"}):
        with pytest.raises(ValueError):
            Scheduler(**bad)
    with pytest.raises(libinterp.StateError, match="set_timesteps"):
        scheduler.timesteps
    with pytest.raises(ValueError):
        scheduler.set_timesteps()


def test_zero_terminal_snr(x):
    scheduler = Scheduler(rescale_betas_zero_snr=True, prediction_type="v_prediction", timestep_spacing="trailing",
                          solver="dpmpp-2m")
    scheduler.set_timesteps(5)
    assert scheduler.timesteps[0] == 999 and scheduler.sigmas[0] == np.inf
    assert torch.isfinite(loop(scheduler, x)).all()


def test_sigmas_and_timesteps_of_the_user(x):
    scheduler = Scheduler(prediction_type="v_prediction", solver="ddim")
    scheduler.set_timesteps(timesteps=[800, 300, 40])
    assert scheduler.timesteps.tolist() == [800, 300, 40]
    sigmas = scheduler.sigmas[:-1].double()
    made = loop(scheduler, x)
    scheduler.set_timesteps(sigmas=sigmas)
    assert torch.allclose(loop(scheduler, x), made, atol=1e-4)


@pytest.mark.parametrize("beta_start", [0.0003, 0.0005, 0.0008, 0.00085])
def test_tcd_ends_without_noise(x, beta_start):
    """At the table's cleanest sample, which is found among rounded levels."""
    scheduler = Scheduler.from_config({"_class_name": "TCDScheduler", "prediction_type": "v_prediction", "beta_start": beta_start})
    scheduler.set_timesteps(5)
    assert not any(term.index > 0 and term.slot < 0 for term in scheduler.plan.rows[-1].terms)


def test_tcd_does_not_clip(x):
    """As diffusers' TCDScheduler, which has the keys and reads none of them."""
    config = {"_class_name": "TCDScheduler", "prediction_type": "v_prediction"}
    for more in ({"clip_sample": True}, {"thresholding": True}):
        results = []
        for scheduler in (Scheduler.from_config(config), Scheduler.from_config({**config, **more})):
            scheduler.set_timesteps(5)
            results.append(loop(scheduler, 3 * x, generator=torch.Generator().manual_seed(1)))
        assert torch.equal(*results)
