"""Loops that begin anywhere: image to image at every strength with every solver, timesteps that lie close or twice."""
import numpy as np
import pytest

torch = pytest.importorskip("torch")

import libinterp  # noqa: E402
from libinterp import Model, Plan, Schedule  # noqa: E402
from libinterp.diffusers import Scheduler  # noqa: E402

DEVIATION = 0.5
TABLE = dict(prediction_type="v_prediction", beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012,
             spacing_rule="open")
FLOW = dict(prediction_type="flow_prediction")
NOISY = ("euler-maruyama", "stochastic-", "sea", "shark", "sra1", "exponential-sde", "sa-")
OWN_NOISE = ("ancestral", "ddpm", "dpmpp-sde", "sde-dpm", "alphafold-3")


def gaussian(scheduler, x, row):
    """What the exact network of data N(0, DEVIATION^2) returns in a row. The data prediction is E[X | x] =
    d = s^2 beta x/(alpha^2 + s^2 beta^2); a flow network returns (x - d)/alpha, a v network (beta x - d)/alpha."""
    alpha, beta = (float(part) for part in scheduler._network.alpha_beta(scheduler._timetable.levels[row]))
    data = DEVIATION**2 * beta / (alpha**2 + DEVIATION**2 * beta**2) * x
    if alpha == 0:
        return -data if scheduler.flow else 0 * x
    return (x - data) / alpha if scheduler.flow else (beta * x - data) / alpha


def from_row(scheduler, begin, z):
    """The loop over timesteps[begin:] from a noisy sample of the data; the exact flow keeps it at as many deviations."""
    alpha, beta = (float(part) for part in scheduler._network.alpha_beta(scheduler._timetable.levels[begin]))
    x, generator = z * np.hypot(alpha, DEVIATION * beta), torch.Generator().manual_seed(3)
    scheduler.set_begin_index(begin)
    for i, t in enumerate(scheduler.timesteps[begin:]):
        x = scheduler.step(gaussian(scheduler, x, begin + i), t, x, generator=generator, return_dict=False)[0]
    return x


def scheduler_of(solver, options, n):
    noisy = solver.startswith(NOISY)
    scheduler = Scheduler(solver=solver, k=1.0 if noisy else 0.0, **options)
    scheduler.set_timesteps(n)
    return scheduler, noisy or any(part in solver for part in OWN_NOISE)


@pytest.mark.parametrize("solver", libinterp.solvers())
@pytest.mark.parametrize("options", [FLOW, TABLE], ids=["flow", "table"])
def test_image_to_image_at_every_strength(solver, options):
    """From every row, stages included. A loop is no worse than the solver's own whole run, but for what one step of
    order 1 costs (.35 of the deviation at most, where a step spans a third of the path, as tsit5's does here), or, with
    noise, no farther from the data's deviation."""
    scheduler, noisy = scheduler_of(solver, options, 18)
    z = torch.randn(3000, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    errors = []
    if solver == "alphafold-3":
        with pytest.raises(libinterp.InvalidError, match="image to image"):
            from_row(scheduler, 4, z)
        return
    for begin in range(len(scheduler.timesteps)):
        made = from_row(scheduler, begin, z)
        error = float(made.std()) / DEVIATION - 1 if noisy else float((made / DEVIATION - z).std())
        errors.append(abs(error))
    assert max(errors) < 1.1 * max(errors[:6]) + 0.35, errors


def test_a_slice_says_where_it_begins():
    """A timestep that is an element of `timesteps` is found by its place: of the two rows of heun at one level, the
    stage does nothing, the start of the next step begins it; as numbers, the last of them is meant."""
    scheduler = Scheduler(solver="heun", **TABLE)
    scheduler.set_timesteps(8)
    t = scheduler.timesteps
    assert t[2] == t[3] and t[4] == t[5]  # steps of 1, 2, 2, 2 and 1 evaluations
    x = torch.ones(3, dtype=torch.float64)
    assert torch.equal(scheduler.step(x / 2, t[2:][0], x).prev_sample, x)
    assert not torch.equal(scheduler.step(x / 2, t[3:][0], x).prev_sample, x)
    assert not torch.equal(scheduler.step(x / 2, float(t[2]), x).prev_sample, x)
    scheduler.set_begin_index(2)
    assert scheduler.begin_index == 2
    assert torch.equal(scheduler.step(x / 2, float(t[2]), x).prev_sample, x)
    scheduler.set_timesteps(8)
    assert scheduler.begin_index is None


@pytest.mark.parametrize("solver", ["euler", "dpmpp-3m", "unipc-bh2-3", "ab4"])
def test_timesteps_that_lie_close(solver):
    """1e-4 apart, which float32 tells from each other, and the tolerance for casts does not."""
    levels = [0.5, 0.4999, 0.4998, 0.4997, 0.25]
    scheduler = Scheduler(solver=solver, **FLOW)
    scheduler.set_timesteps(sigmas=levels)
    nodes = [1 - level for level in levels] + [1]
    x = torch.randn(50, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    want = Plan(solver=solver, nodes=nodes, model=Model("linear", "negative-velocity", "1000(1-t)")).sample(
        lambda x, t: np.sin(x + t), start=x.numpy())
    for of in (lambda t: t, float, lambda t: t.clone()):
        y = x
        for t in scheduler.timesteps:
            y = scheduler.step(torch.sin(y + 1000 * levels[scheduler.timesteps.tolist().index(t)]), of(t), y.clone())[0]
        assert np.allclose(y, want, atol=1e-9), solver


def test_noise_is_added_at_the_level_of_the_row():
    """Also where the number that the network is told is rounded (as_diffusers): alpha/beta is the row's sigma."""
    scheduler = Scheduler.from_config({"_class_name": "DPMSolverMultistepScheduler", "use_karras_sigmas": True},
                                      as_diffusers=True)
    scheduler.set_timesteps(10)
    one, zero = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    for t, sigma in zip(scheduler.timesteps, scheduler.sigmas):
        ratio = scheduler.add_noise(zero, one, t) / scheduler.add_noise(one, zero, t)
        assert float(ratio) == pytest.approx(float(sigma), rel=1e-6)
    video = Scheduler(sigma_min=0.002, sigma_max=700.0, timestep_type="continuous", prediction_type="v_prediction",
                      use_karras_sigmas=True, spacing_rule="float")  # before set_timesteps: what log(sigma)/4 says
    assert float(video.add_noise(zero, one, torch.tensor([np.log(700.0) / 4]))) == pytest.approx(700 / 490001**0.5)


def test_levels_beyond_the_table(x=torch.ones(4, dtype=torch.float64)):
    """Given sigmas may exceed the table's by their last digits (the published AYS levels begin at 14.615 where Stable
    Diffusion's table ends at 14.6146) or by far; the network is told the nearest index."""
    scheduler = Scheduler(**TABLE)
    scheduler.set_timesteps(sigmas=[14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.0])
    assert scheduler.sigmas[0] == pytest.approx(14.615) and scheduler.timesteps[0] == 999
    assert len(scheduler.timesteps) == 10
    scheduler.set_timesteps(sigmas=[100.0, 1.0])
    assert torch.isfinite(scheduler.step(x, 999, x).prev_sample).all()


@pytest.mark.parametrize("bad", [[1.0, 1.0, 0.5], [0.5, 1.0], [1.0, float("nan")], [-1.0], [0.0]], ids=str)
def test_lists_that_are_no_levels(bad):
    for options in (FLOW, TABLE):
        with pytest.raises(ValueError, match="sigmas"):
            Scheduler(**options).set_timesteps(sigmas=bad)
    with pytest.raises(ValueError, match="timesteps"):
        Scheduler(**TABLE).set_timesteps(timesteps=[10, 20])
    with pytest.raises(ValueError, match="timesteps.*karras"):
        Scheduler(use_karras_sigmas=True, **TABLE).set_timesteps(timesteps=[20, 10])


def test_told_timesteps():
    """FlowMatchEuler's explicit timesteps: the network is told t at the level t/1000; theirs is at the shifted level."""
    own, theirs = (Scheduler(shift=3.0, as_diffusers=flag, **FLOW) for flag in (False, True))
    for scheduler, levels in ((own, [1, 0.8, 0.2, 0]), (theirs, [1, 2.4 / 2.6, 0.6 / 1.4, 0])):
        scheduler.set_timesteps(timesteps=[1000, 800, 200])
        assert scheduler.timesteps.tolist() == [1000, 800, 200] and np.allclose(scheduler.sigmas, levels)
    own.set_timesteps(timesteps=[1000, 800], sigmas=[1.0, 0.5])  # both: told by the one, at the other
    assert own.timesteps.tolist() == [1000, 800] and np.allclose(own.sigmas, [1, 0.75, 0])


def test_lcm_by_its_other_name():
    """exponential-sde for k -> infinity: from u to v the data prediction v D and (1 - v) xi, with D = x + (1 - u) V."""
    nodes = [0, 0.1, 0.4, 0.7, 1]
    for options in ({"solver": "lcm"}, {"solver": "euler-ancestral", "eta": 1e30}, {"solver": "exponential-sde", "k": 1e9}):
        plan = Plan(nodes=nodes, noise="steps", **options)
        for row, u, v in zip(plan.rows, nodes, nodes[1:]):
            found = {term.column: term.coef for term in row.terms}
            assert np.allclose([found[0], found[1], found.get(2, 0)], [v, v * (1 - u), 1 - v], atol=1e-12)


def test_lcm_keeps_nothing_of_the_state():
    """LCM's step is data prediction plus fresh noise; its grid is of the distilled steps."""
    scheduler = Scheduler.from_config({"_class_name": "LCMScheduler", "prediction_type": "v_prediction"})
    assert scheduler.config.solver == "lcm"
    scheduler.set_timesteps(4, original_inference_steps=50)
    assert scheduler.timesteps.tolist() == [999, 759, 499, 259]
    x, v = torch.ones(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    made = scheduler.step(v, 999, x, generator=torch.Generator().manual_seed(2)).prev_sample
    table = Schedule("table", alphas_cumprod=scheduler._network.table.bar)
    here, there = (table.eval(1 - t / 999) for t in (999, 759))
    noise = torch.randn(3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    assert torch.allclose(made, there.beta * here.beta * x + there.alpha * noise, atol=1e-12)
    with pytest.raises(ValueError, match="num_inference_steps: 60"):
        scheduler.set_timesteps(60)
    scheduler.set_timesteps(2, strength=0.5)
    assert scheduler.timesteps.tolist() == [499, 259]


@pytest.mark.parametrize("name, want", [
    ("LCMScheduler", [-0.16378468746358626, 0.08370888705372914, 0.040761887008299066]),
    ("TCDScheduler", [-0.04709069335189432, -0.10195940548154166, 0.03831507942158116])])
def test_loops_of_consistency_models(name, want):
    """What diffusers 0.42.1 makes of this with its own scheduler and the same generator."""
    scheduler = Scheduler.from_config({"_class_name": name, "prediction_type": "v_prediction"})
    scheduler.set_timesteps(4)
    x, generator = torch.tensor([[1.0, -0.5, 0.25]], dtype=torch.float64), torch.Generator().manual_seed(2)
    for t in scheduler.timesteps:
        x = scheduler.step(torch.sin(2 * x) + 0.3 * x, t, x, generator=generator, return_dict=False)[0]
    assert np.allclose(x[0], want, atol=1e-6)


def test_eta_is_the_solvers_own_unless_it_is_given():
    x, v = torch.ones(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    made = []
    for options in ({}, {"eta": 0.3}, {"eta": 1.0}):
        scheduler = Scheduler(solver="tcd", **{**TABLE, "spacing_rule": "lcm"}, **options)
        scheduler.set_timesteps(4)
        made.append(scheduler.step(v, 999, x, generator=torch.Generator().manual_seed(2)).prev_sample)
    assert torch.equal(made[0], made[1]) and not torch.allclose(made[0], made[2])
    with pytest.raises(libinterp.InvalidError, match="eta"):
        Scheduler(solver="dpmpp-2m", eta=1.0, **TABLE).set_timesteps(4)


def test_budgets_are_theirs():
    """Two evaluations in each step but the last one, from finite noise on; F-PNDM starts by Runge and Kutta's method."""
    for solver, n, steps in (("dpm-2s", 19, 10), ("dpm-2-ancestral", 19, 10), ("edm-heun", 19, 10), ("pndm", 19, 10)):
        scheduler = Scheduler(solver=solver, **TABLE)
        scheduler.set_timesteps(n)
        assert len(scheduler.timesteps) == n and scheduler.plan.steps_count == steps
