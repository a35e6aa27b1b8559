import gc
import threading

import numpy as np
import pytest

import libinterp
from libinterp import Path, Plan, Schedule

NODES = [0, 0.1, 0.3, 0.4, 0.7, 0.9, 1]


def states_of(plan, network, schedule, shape, **options):
    """The states that a run of a plan with a row for each step goes through, in the coordinates of a schedule."""
    run, found = plan.steps(shape, **options), []
    for rq in run:
        found.append(plan.coordinates(rq.row, schedule)[1] * rq.x)
        rq.out[...] = network(rq.x, rq.time)
    return np.array([*found, plan.coordinates(len(plan), schedule)[1] * run.x])


@pytest.mark.parametrize("solver, k", [("ddim", 0), ("exponential-sde", 1)])
def test_a_path_is_the_run_under_another_schedule(curved, solver, k):
    """These solvers make the same process under every schedule. What is recorded under linear is what plans made anew
    under the others go through."""
    options = {"seed": 7, "first": 3, "dtype": np.float64}
    path = Path.record(Plan("linear", solver, nodes=NODES, k=k), curved, (3, 2, 2), k=k, **options)
    assert (len(path), path.shape) == (len(NODES), (3, 2, 2)) and np.allclose(path.times, NODES)
    for schedule in ("linear", "vp", "lazy", "point-mass", Schedule("lazy", s=0.5)):
        plan = Plan(schedule, solver, nodes=NODES, k=k)
        times = [plan.coordinates(i, schedule)[0] for i in range(len(NODES))]
        want = states_of(plan, curved, schedule, (3, 2, 2), **options)
        assert np.allclose(path.at(times, schedule), want, atol=1e-9)
    assert np.array_equal(path.at(path.times), path.states)
    again = Path.record(plan, curved, (3, 2, 2), schedule="vp", k=k, **options)
    assert np.allclose(again.at(path.times), path.states, atol=1e-9) and again.schedule.kind == "vp"


def test_flows_are_straight_in_between():
    rng = np.random.default_rng(0)
    times, states = [0.0, 0.25, 1.0], rng.normal(size=(3, 2, 5))
    path = Path(times, states)
    t = np.array([[0.1, 0.2], [0.3, 0.9]])
    found = path.at(t)
    assert found.shape == (2, 2, 2, 5)
    for i, j in np.ndindex(2, 2):
        a = int(t[i, j] > 0.25)
        share = (t[i, j] - times[a]) / (times[a + 1] - times[a])
        assert np.allclose(found[i, j], (1 - share) * states[a] + share * states[a + 1], atol=1e-14)
    assert np.array_equal(Path(times, states, k=1, noise="steps").at(t), found)
    vp = Schedule("vp")
    moved = vp.convert(Schedule("linear"), 0.6)
    assert np.allclose(path.at(0.6), moved.c * path.at(moved.tau, "vp"))


def test_the_brownian_path_is_the_samples_own():
    """From u = 0 with k = 1 nothing but the increments of B remains, in point mass coordinates."""
    end, seeds = np.random.default_rng(1).normal(size=(2, 30)), [5, 9]
    path = Path([0, 0.3], [np.zeros((2, 30)), end], schedule="point-mass", k=1, seeds=seeds)
    for s in (1e-4, 0.1, 0.29):
        part, whole = (np.array([libinterp.brownian(seed, 0, 0, until, 30, dtype=np.float64)[0] for seed in seeds])
                       for until in (s, 0.3))
        assert np.allclose(path.at(s, "point-mass"), s / 0.3 * (end - whole) + part, atol=1e-5)
    of_first = Path([0, 0.3], np.array([np.zeros((1, 30)), end[:1]]), schedule="point-mass", k=1, seed=5)
    assert np.array_equal(of_first.at(0.1, "vp")[0], path.at(0.1, "vp")[0])
    of_function = Path([0, 0.3], path.states, schedule="point-mass", k=lambda u: 1, seeds=seeds)
    others = [Path([0, 0.3], path.states, k=lambda u: 0.2) for _ in range(50)]
    assert np.array_equal(of_function.at(0.1), path.at(0.1)) and np.isfinite(others[-1].at(0.1)).all()


def test_more_steps_see_the_same_path(gaussian):
    """The exact SDE of N(0, I) data: between the states of 20 steps lies what 640 steps go through."""
    coarse, fine = (Path.record(Plan("point-mass", "sra1", 2 * n, k=1, grid="u"), gaussian, (20, 10), k=1, seed=3,
                                first=2) for n in (20, 640))
    between = fine.times[(fine.times > 0.1) & (fine.times < 0.9)]
    error = np.sqrt(np.mean((coarse.at(between) - fine.at(between)) ** 2))
    straight = Path(coarse.times, coarse.states)
    assert error < 0.02 and 5 * error < np.sqrt(np.mean((straight.at(between) - fine.at(between)) ** 2))


@pytest.mark.parametrize("solver", libinterp.solvers())
def test_steps_without_stages(curved, solver):
    if solver in ("stochastic-heun", "sea", "shark", "alphafold-3"):
        with pytest.raises(ValueError, match="shifted"):
            Path.record(Plan(solver=solver, evaluations=8, k=None if solver == "alphafold-3" else 1), curved, (1, 2), k=1)
        return
    plan = Plan("lazy", solver, 24)
    path = Path.record(plan, curved, (1, 2), k=0, dtype=np.float64, seed=5)
    assert len(path) == plan.steps_count + 1 and path.times[[0, -1]].tolist() == [0, 1]
    assert np.allclose(path.states[-1], plan.sample(curved, (1, 2), dtype=np.float64, seed=5), atol=1e-14)


@pytest.mark.parametrize("ends", ["inside", "evaluate"])
def test_heun_by_hand(curved, ends):
    """The last step is Euler's unless the data end is asked for."""
    x = start = np.random.default_rng(2).normal(size=(2, 3))
    path = Path.record(Plan("linear", "heun", 6, nodes=[0, 0.2, 0.5, 1], ends=ends), curved, start=start)
    for a, b, state in zip(path.times, path.times[1:], path.states[1:]):
        slope = curved(x, a)
        after = slope if b == 1 and ends == "inside" else curved(x + (b - a) * slope, b)
        x = x + (b - a) / 2 * (slope + after)
        assert np.allclose(state, x, atol=1e-12)
    assert np.array_equal(path.states[0], start) and path.states.dtype == np.float64


def test_restarts(curved):
    """Kept is the way that the samples came last: from where the last restart left off, no times twice."""
    plan = Plan("schedule=lazy solver=heun(restarts=[restart(low=0.3, high=2, steps=3, times=2)]) evaluations=10")
    states = {}
    path = Path.record(plan, curved, (2, 3), k=0, noise="steps", schedule="lazy", seed=3,
                       on_row=lambda state, step: states.update({step.row + 1: state}))
    assert (np.diff(path.times) > 0).all() and path.times[[0, -1]].tolist() == [0, 1]
    assert np.array_equal(path.states[-1], plan.sample(curved, (2, 3), seed=3))
    went = [plan.coordinates(i, "lazy")[0] for i in range(len(plan) + 1)]
    back = max(i for i in range(len(plan)) if went[i + 1] < went[i] and plan.rows[i].ends_step)
    kept = np.flatnonzero(np.isclose(path.times, went[back + 1]))
    factor = plan.coordinates(back + 1, "lazy")[1]
    assert len(kept) == 1 and np.allclose(path.states[kept[0]], factor * states[back + 1])
    assert len(path) < plan.steps_count + 1


def test_backward(curved):
    data = np.random.default_rng(2).normal(size=(2, 3))
    path = Path.record(Plan("lazy", "heun", 20, reversed=True), curved, data=data)
    assert (np.diff(path.times) > 0).all() and np.array_equal(path.states[-1], data)
    noise = Plan("lazy", "heun", 20, reversed=True).sample(curved, data=data)
    assert np.allclose(path.states[0], noise, atol=1e-14)


def test_options_of_a_run(curved):
    rows, seen = [], []
    path = Path.record(Plan("lazy", "ab2", 5), lambda x, t: (curved(x, t), -x), (2, 3), guidance=2.0,
                       on_row=lambda state, step: rows.append(step.row),
                       on_data=lambda data, step: seen.append(np.clip(data, -0.5, 0.5, out=data) is data))
    assert rows == [0, 1, 2, 3, 4] and all(seen) and np.abs(path.states[-1]).max() < 0.501
    with pytest.raises(ZeroDivisionError):
        Path.record(Plan(), lambda x, t: 1 / 0, (2, 3))


def test_states_are_not_copied():
    states = np.arange(24, dtype=np.float32).reshape(4, 2, 3)
    path = Path([0, 0.1, 0.5, 0.9], states)
    assert np.shares_memory(path.states, states)
    del states
    gc.collect()
    out = np.empty((2, 3), np.float32)
    assert path.at(0.1, out=out) is out and np.array_equal(out, np.arange(6, 12).reshape(2, 3))
    assert path.at([]).shape == (0, 2, 3)
    thin = np.zeros((4, 2, 6))[..., ::2]
    assert Path([0, 0.1, 0.5, 0.9], thin).at(0.3).dtype == np.float64
    assert "4 states" in repr(path)


def test_errors(curved):
    class Mine(Exception):
        pass

    def failing(u):
        if u not in (0.2, 0.8):
            raise Mine
        return 1

    states = np.ones((2, 1, 3))
    with pytest.raises(Mine):
        Path([0.2, 0.8], states, k=failing).at(0.5)
    for times in ([0.8, 0.2], [0.2, 0.2], [0.2, 1.2], [0.2], [np.nan, 1]):
        with pytest.raises(ValueError):
            Path(times, states)
    for options in ({"k": -1.0}, {"noise": "none"}, {"seeds": [1, 2]}, {"schedule": "none"}, {"k": lambda u: np.inf}):
        with pytest.raises(ValueError):
            Path([0.2, 0.8], states, **options)
    for bad, error in ((np.ones((2, 1), np.int32), TypeError), (np.ones(2), ValueError), (np.ones((2, 0)), ValueError)):
        with pytest.raises(error):
            Path([0.2, 0.8], bad)
    path = Path([0.2, 0.8], states)
    for t in (0.1, 0.9, -1, 2, np.nan, [0.5, 0.9]):
        with pytest.raises(libinterp.InvalidError):
            path.at(t)
    for out in (np.empty((1, 3), np.float32), np.empty((3, 1))):
        with pytest.raises(ValueError, match="out"):
            path.at(0.5, out=out)
    with pytest.raises(libinterp.InvalidError, match="point mass"):
        Path([0, 0.8], states, schedule="point-mass").at(0)
    with pytest.raises(ValueError, match="k="):
        Path.record(Plan("point-mass", k=1), curved, (1, 2))


def test_threads_ask_one_path():
    path = Path([0, 0.3, 1], np.random.default_rng(0).normal(size=(3, 4, 50)), k=lambda u: 1 + u, seed=2)
    want = path.at(np.linspace(0.1, 0.9, 30), "vp")
    found = [None] * 4
    threads = [threading.Thread(target=lambda i=i: found.__setitem__(i, path.at(np.linspace(0.1, 0.9, 30), "vp")))
               for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(one, want) for one in found)
