import gc
import json
import pickle

import numpy as np
import pytest

import libinterp
from libinterp import Plan, Schedule, _library


def by_arrays(plan, network, x):
    """What the sampler does, from the arrays alone (no noise in the rows)."""
    arrays, states, outputs = plan.arrays, [x], []
    for i in range(len(plan)):
        outputs.append(network(states[i], arrays.time[i]))
        states.append(sum(arrays.states[i, j] * states[j] + arrays.outputs[i, j] * outputs[j] for j in range(i + 1)))
        if arrays.keep[i]:
            outputs[i] = arrays.keep_state[i] * states[i] + arrays.keep_output[i] * outputs[i]
    return states[-1]


@pytest.mark.parametrize("solver", ["euler", "rk4", "dpmpp-3m", "unipc-bh2-3", "tsit5", "ab3", "pndm"])
@pytest.mark.parametrize("schedule", [None, "lazy"])
def test_rows_are_all_there_is(curved, solver, schedule):
    plan = Plan(schedule, solver, 18)
    x = plan.sample(curved, (4, 5), seed=2, dtype=np.float64)
    start = plan.start_scale * np.stack([libinterp.normals(2, i, 0, 5, dtype=np.float64) for i in range(4)])
    assert np.allclose(by_arrays(plan, curved, start), x, atol=1e-13)


def test_rows_with_noise(curved):
    """A step of an SDE from its arrays: Y_1 of the coefficients and the normals."""
    plan = Plan("lazy", "sra1", 6, k=0.5)
    arrays, states = plan.arrays, []
    plan.sample(curved, (1, 5), seed=4, dtype=np.float64, on_row=lambda state, step: states.append(state.copy()))
    xi = np.stack([libinterp.normals(4, 0, int(m), 5, dtype=np.float64) for m in arrays.normal_index])
    y = [plan.start_scale * libinterp.normals(4, 0, 0, 5, dtype=np.float64)]
    f = [curved(y[0], arrays.time[0])]
    first = arrays.states[0, 0] * y[0] + arrays.outputs[0, 0] * f[0] + arrays.normals[0] @ xi
    assert np.allclose(states[0][0], first, atol=1e-13)


def test_facts():
    plan = Plan("lazy", "heun", 8)
    assert (plan.evaluations, len(plan), plan.steps_count, plan.solver) == (8, 8, 5, "heun")
    assert (plan.u_start, plan.u_end, plan.end_scale, plan.origin) == (0, 1, 1, None)
    assert [row.time for row in plan] == list(plan.arrays.time)
    assert "heun" in str(plan) and "row 7" in str(plan) and "heun" in repr(plan)


def test_amplification(json_plans):
    # one Euler step to the data: the result is the data prediction, which an output may move by the data's size, 1
    assert Plan(None, "euler", 1).amplification == pytest.approx(1)
    assert "amplification: 1\n" in str(Plan(None, "euler", 1))
    with pytest.warns(libinterp.Warning, match="amplification.*more evaluations"):
        plan = Plan(None, "ab4", 6, grid="karras")
    assert plan.amplification > 1000 and Plan.from_json(plan.to_json()).amplification == plan.amplification


def test_end_missed_by_a_hair():
    for solver in ("unipc-bh2-3", "dpmpp-3m", "heun"):
        whole = Plan(None, solver, nodes=[0, .25, .5, .75, 1])
        assert Plan(None, solver, nodes=[0, .25, .5, .75, .9999999999999999]) == whole
        assert Plan(None, solver, nodes=[1e-17, .25, .5, .75, 1 + 2e-16]) == whole
        assert Plan(None, solver, nodes=[0, .25, .5, .75, 1 - 6e-8]).u_end == 1 - 6e-8


def test_equal_saved_loaded_sent(tmp_path, curved, json_plans):
    plan = Plan("point-mass", k=1, evaluations=5)
    plan.save(tmp_path / "plan.json")
    for other in (Plan.load(tmp_path / "plan.json"), pickle.loads(pickle.dumps(plan)), Plan.from_json(plan.to_json())):
        assert other == plan and hash(other) == hash(plan)
        assert np.array_equal(other.sample(curved, (2, 3)), plan.sample(curved, (2, 3)))
    assert plan != Plan("point-mass", k=1, evaluations=6) and plan != 5
    with pytest.raises(libinterp.InvalidError, match="version"):
        Plan.from_json(json.dumps({**json.loads(plan.to_json()), "version": 99}))


def test_nodes_and_grids():
    nodes = [0, 0.2, 0.7, 1]
    assert [row.u for row in Plan(nodes=nodes)] == pytest.approx(nodes[:-1])
    assert [row.t for row in Plan("lazy", grid="user-time", nodes=nodes)] == pytest.approx(nodes[:-1])
    sigma = Plan(grid="user-sigma", nodes=[9.0, 1.0, 0.25, 0])
    assert [row.u for row in sigma] == pytest.approx([0.1, 0.5, 0.8])
    assert [row.u for row in Plan(grid="shift", shift=3, evaluations=2)] == pytest.approx([0, 0.25])
    with pytest.raises(libinterp.InvalidError) as caught:
        Plan(nodes=[0, 0.5, 0.4, 1])
    assert caught.value.status == -11  # ITP_E_GRID


def test_parameters():
    constant = Plan("lazy", k=0.5, evaluations=6)
    varying = Plan("lazy", k=lambda u: 0.5, evaluations=6).arrays
    assert np.allclose(constant.arrays.outputs, varying.outputs, atol=1e-9)
    assert constant != Plan("lazy", k=0.5, evaluations=6, noise="steps")
    assert not Plan(solver="ddpm", eta=0, evaluations=4).arrays.normals.any()
    named = Plan(solver="euler-maruyama", diffusion="sigma", norm=0.5).arrays
    called = Plan(solver="euler-maruyama", diffusion=lambda t: 0.5 * (1 - t)).arrays
    assert np.allclose(named.outputs, called.outputs, atol=1e-9)
    with pytest.raises(TypeError, match="nonsense"):
        Plan(nonsense=1)
    with pytest.raises(ValueError, match="final_order"):
        Plan(final_order="first")
    with pytest.raises(libinterp.InvalidError):
        Plan(solver="heun", k=1)


def test_conversion(curved):
    plan = Plan("lazy", "ab2", 6)
    other = plan.convert(Schedule())
    assert [row.t for row in other] == pytest.approx([row.u for row in plan])
    assert np.array_equal(other.sample(curved, (2, 3)), plan.sample(curved, (2, 3)))
    t, factor = plan.coordinates(3, "vp")
    assert (t, factor) == pytest.approx((plan.rows[3].t, 1 / (np.sin(a := np.pi * t / 2) + np.cos(a)) ** -1))


def test_inversion(curved):
    """Data to noise and back."""
    options = {"solver": "rk4", "evaluations": 400}
    data = np.random.default_rng(0).normal(size=(3, 4))
    noise = Plan(reversed=True, **options).sample(curved, data=data)
    assert noise.dtype == np.float64 and not np.allclose(noise, data, atol=0.05)
    assert np.allclose(Plan(**options).sample(curved, start=noise), data, atol=1e-8)


def test_image_to_image(gaussian):
    plan = Plan(u_start=0.6, evaluations=3, solver="ddim")
    data = np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)
    run = plan.steps(data=data, seed=9)
    xi = np.stack([libinterp.normals(9, i, 0, 5) for i in range(2)])
    assert np.allclose(run.next().x, 0.6 * data + 0.4 * xi, atol=1e-6)


def test_handles_are_freed_and_what_they_use_stays(monkeypatch, curved):
    freed = []
    for kind in ("plan", "schedule", "sampler"):
        real = getattr(_library.lib, f"itp_{kind}_free")
        monkeypatch.setattr(_library.lib, f"itp_{kind}_free",
                            lambda handle, kind=kind, real=real: (freed.append(kind), real(handle)))
    run = Plan(Schedule("user", values=lambda t: (1 - t, t)), evaluations=3).steps((2, 3))
    gc.collect()
    assert "plan" not in freed and "sampler" not in freed  # the run holds them
    step = run.next()
    x, out = step.x, step.out
    del step
    for rq in run:
        rq.out[...] = curved(rq.x, rq.time)
    run = rq = None
    gc.collect()
    assert freed.index("sampler") < freed.index("plan")
    assert {"plan", "sampler", "schedule"} <= set(freed)
    out += 1  # these arrays are Python's: they outlive the sampler
    assert np.isfinite(x).all() and np.isfinite(out).all()


def test_the_librarys_warnings_are_python_warnings():
    with pytest.warns(libinterp.Warning, match="lazy for k = 1"):
        Plan("point-mass", k=0.25, evaluations=4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_mask_holds(dtype):
    """Every evaluation is shown to on_data, so that known elements come out as given: with the data prediction X the
    velocity (X - z)/(1 - t) is solved exactly by z + (t - s)(X - z)/(1 - s), which is linear in t, whatever the solver.
    (AlphaFold 3's longer steps go beyond X.)"""
    known, mask = np.array([[-2.0, 5.0, 0.1, 0.0]], dtype), np.array([[True] * 3 + [False]])
    for solver in libinterp.solvers():
        solver += "(step_scale=1)" if solver == "alphafold-3" else ""
        for evaluations in (1, 7, 12):
            plan = libinterp.Plan(None, solver, evaluations)
            x = plan.sample(lambda x, t: 0.7 - x, (1, 4), dtype=dtype, on_data=lambda d, step: np.where(mask, known, d))
            assert np.abs(x - known)[mask].max() < (1e-5 if dtype == np.float32 else 1e-12), (solver, evaluations)
            assert len(plan) == evaluations and plan.unspent == 0 and max(row.u for row in plan) < 1


def test_the_data_end_is_evaluated_where_it_is_asked_for():
    assert [row.u for row in libinterp.Plan(None, "heun", 4, ends="evaluate")] == [0, 0.5, 0.5, 1]
    assert [row.u for row in libinterp.Plan(None, "heun", 3)] == [0, 0.5, 0.5]
    with pytest.raises(libinterp.InvalidError, match="ends"):
        libinterp.Plan(ends="outside")


def test_what_cannot_be_spent_is_said():
    bars = np.cumprod(1 - np.linspace(0.01, 0.5, 12))
    model = libinterp.Model(libinterp.Schedule("table", alphas_cumprod=bars), "noise", "index")
    with pytest.warns(libinterp.Warning, match="evaluations: 24, but dpmpp-2s in the 12 steps"):
        plan = libinterp.Plan(None, "dpmpp-2s", 24, model=model, grid="linspace")
    assert (len(plan), plan.unspent, plan.steps_count) == (23, 1, 12)


def whole(plan):
    """What from_rows asks for beside the rows."""
    return {"steps": plan.steps_count, "start_scale": plan.start_scale, "start_data": plan.start_data,
            "u_start": plan.u_start, "u_end": plan.u_end, "end_scale": plan.end_scale, "start_terms": plan.start_terms,
            "solver": plan.solver}


@pytest.mark.parametrize("solver, k", [("heun", 0), ("unipc-bh2-3", 0), ("sa-2", 1), ("shark", 1), ("ddpm", 0)])
def test_rows_become_the_plan_again(curved, solver, k):
    plan = Plan("lazy", solver, 12, k=k)
    again = Plan.from_rows(plan.rows, **whole(plan))
    assert again == plan and str(again) == str(plan)
    assert np.array_equal(again.sample(curved, (3, 5), seed=2), plan.sample(curved, (3, 5), seed=2))


def test_a_method_of_ones_own(curved):
    """Euler's method in four rows, to the library's own bits."""
    state, output = libinterp.plan.STATE, libinterp.plan.OUTPUT
    rows = [libinterp.Row(time=i / 4, u=i / 4, t=i / 4, data_state=1.0, data_output=1 - i / 4,
                          terms=(libinterp.Term(state, i, -1, 1.0), libinterp.Term(output, i, -1, 0.25)))
            for i in range(4)]
    mine, euler = Plan.from_rows(rows), Plan(None, "euler", 4)
    assert np.array_equal(mine.sample(curved, (3, 5), seed=2), euler.sample(curved, (3, 5), seed=2))
    assert mine.solver == "rows" and mine.steps_count == 4 and mine.amplification == euler.amplification
    with pytest.raises(libinterp.InvalidError, match=r"rows\[2\].terms\[1\]: there is no column F 4 yet"):
        Plan.from_rows([*rows[:2], rows[2]._replace(terms=(rows[2].terms[0], libinterp.Term(output, 4, -1, 1.0)))])
    with pytest.raises(TypeError, match=r"rows\[0\]"):
        Plan.from_rows([3])


def test_hooks_tell_steps_from_stages(curved):
    seen = []
    Plan(None, "heun", 5).sample(curved, (1, 5), on_row=lambda state, step: seen.append((step.step, step.ends_step)))
    assert seen == [(0, False), (0, True), (1, False), (1, True), (2, True)]
    steps = [(row.step, row.steps, row.ends_step) for row in Plan(None, "rk4", 7).rows]
    assert steps == [(0, 2, False)] * 3 + [(0, 2, True)] + [(1, 2, False)] * 2 + [(1, 2, True)]


def test_shift_goes_with_every_grid():
    """ComfyUI's "simple" of a flow network with shift 3, 8 steps: without a table."""
    flow = libinterp.Model(prediction="negative-velocity", time="1000(1-t)")
    plan = Plan(None, "euler", 8, flow, grid="simple", shift=3)
    levels = [1 - row.u for row in plan.rows]
    assert np.allclose(levels, [1, 0.9545454, 0.9, 0.8333333, 0.75, 0.6428571, 0.5, 0.3], atol=1e-7)
    assert np.allclose([row.time for row in plan.rows], 1000 * np.array(levels))
    again = Plan(None, "euler", nodes=[1, 0.75, 0.5, 0.25, 0], grid="user-flow", shift=3, model=flow)
    assert np.allclose([1 - row.u for row in again.rows], [1, 0.9, 0.75, 0.5])
    assert np.isclose(libinterp.shift_of_flux2(4096, 8), 9.659003047688316, rtol=1e-14)


KUTTA3 = libinterp.Tableau(a=[[0, 0, 0], [1 / 2, 0, 0], [-1, 2, 0]], b=[1 / 6, 2 / 3, 1 / 6], c=[0, 1 / 2, 1], order=3)


def test_a_tableau_of_ones_own():
    text = "solver=runge-kutta(order=3, a=[[0, 0, 0], [1/2, 0, 0], [-1, 2, 0]], b=[1/6, 2/3, 1/6], c=[0, 1/2, 1]) evaluations=9"
    assert Plan(text) == Plan(None, KUTTA3, 9) and Plan(Plan(None, KUTTA3, 9).text) == Plan(text)
    for bad, said in ((KUTTA3._replace(b=[1, 1, 1]), "b"), (KUTTA3._replace(c=[0, 1]), "n stages"),
                      (KUTTA3._replace(order=0), "order")):
        with pytest.raises(libinterp.InvalidError, match=said):
            Plan(None, bad, 9)
    pair = libinterp.Tableau([[0, 0], [1, 0]], [0.5, 0.5], [0, 1], 2, embedded=[1, 0, 0], embedded_order=1)
    x = libinterp.Adaptive(solver=pair, rtol=1e-7, atol=1e-7).sample(lambda x, t: x, start=np.ones((2, 1)))
    assert np.allclose(x, np.e, atol=1e-4)
    assert libinterp.Adaptive(solver=pair) != libinterp.Adaptive()
    with pytest.raises(libinterp.InvalidError):
        libinterp.Adaptive(solver=KUTTA3).sample(lambda x, t: x, start=np.ones((2, 1)))


def test_restarts_by_keyword():
    text = "schedule=lazy solver=heun(restarts=[restart(low=0.3, high=2, steps=3, times=2)]) evaluations=10"
    plan = Plan("lazy", "heun", 10, restarts=[(0.3, 2, 3, 2)])
    assert plan == Plan(text) == Plan(plan.text) and Plan("lazy", "heun", 10, restarts=[]) == Plan("lazy", "heun", 10)
    for bad, error in (([(2, 0.3, 3, 2)], ValueError), ([(0.3, 2)], TypeError), (3, TypeError)):
        with pytest.raises(error, match="restart"):
            Plan("lazy", "heun", 10, restarts=bad)
