import contextlib
import os
import signal
import sys
import threading

import numpy as np
import pytest

import libinterp
from libinterp import Plan


def addresses(array):
    return array.ctypes.data


def test_lazy_is_exact_for_gaussian_data(gaussian):
    x = Plan("lazy", evaluations=4).sample(gaussian, (5, 2, 3), seed=7)
    assert x.shape == (5, 2, 3) and x.dtype == np.float32
    noise = np.stack([libinterp.normals(7, i, 0, (2, 3)) for i in range(5)])
    assert np.abs(x - noise).max() < 1e-5


def test_out_and_returned_arrays_agree(curved):
    plan = Plan("lazy", "dpmpp-2m")

    def into(x, t, out):
        np.copyto(out, curved(x, t))

    def both(x, t, *, out):
        out[...] = curved(x, t)
        return out

    x = plan.sample(curved, (4, 6), seed=3)
    for network in (into, both, lambda x, t, request: request.out.__setitem__(..., curved(x, t)),
                    lambda x, t: curved(x.astype(np.float64), t), lambda x, t: curved(x, t).tolist()):
        assert np.allclose(plan.sample(network, (4, 6), seed=3), x, atol=1e-6)


def test_stepwise_is_the_same(curved):
    plan = Plan("point-mass", k=1, evaluations=6)
    run = plan.steps((4, 6), seed=3)
    for i, rq in enumerate(run):
        assert (rq.row, rq.rows, len(run)) == (i, 6, 6) and not run.finished
        assert run.next().x is rq.x  # asking again changes nothing
        rq.out[...] = curved(rq.x, rq.time)
    assert run.finished
    assert np.array_equal(run.x, plan.sample(curved, (4, 6), seed=3))


def test_few_copies(curved):
    """The network's out is the library's own, few of them, and the result is the caller's array. x is a copy."""
    out, seen = np.empty((8, 100)), set()

    def network(x, t, out):
        assert not np.shares_memory(x, result_array)
        seen.add(addresses(out))
        out[...] = curved(x, t)

    plan, result_array = Plan(solver="euler", evaluations=20), out
    result = plan.sample(network, out=out)
    assert result is out
    assert len(seen) == plan.slots - 1
    start = np.random.default_rng(1).normal(size=(8, 100))
    kept = start.copy()
    assert plan.sample(curved, start=start) is not start and np.array_equal(start, kept)
    assert plan.sample(curved, start=start, out=start) is start and not np.array_equal(start, kept)


def test_float64_is_finer(curved):
    plan = Plan("lazy", "rk4", 16)
    fine, coarse = (plan.sample(curved, (3, 5), seed=1, dtype=t) for t in (np.float64, np.float32))
    assert fine.dtype == np.float64 and coarse.dtype == np.float32
    assert 0 < np.abs(fine - coarse).max() < 1e-5


def test_seeds(curved):
    plan = Plan("lazy", k=0.5, evaluations=5)
    whole = plan.sample(curved, (6, 4), seed=11)
    assert np.array_equal(plan.sample(curved, (2, 4), seed=11, first=3), whole[3:5])
    each = plan.sample(curved, (3, 4), seeds=[5, 2**63 + 1, 5])
    assert np.array_equal(each[0], each[2]) and not np.array_equal(each[0], each[1])
    assert np.array_equal(plan.sample(curved, (1, 4), seed=5)[0], each[0])
    with pytest.raises(ValueError, match="seeds"):
        plan.sample(curved, (3, 4), seeds=[1])


def test_class_labels(gaussian):
    labels, seen = np.arange(100) % 10, []

    def network(x, t, index, first):
        seen.append((first, list(labels[index])))
        return gaussian(x, t)

    Plan(evaluations=1).sample(network, (3, 2), first=18)
    assert seen == [(18, [8, 9, 0])]


def test_guidance(curved):
    plan, scale = Plan("lazy", "ab2", 6), 3.0

    def pair(x, t):
        return curved(x, t), -x

    def single(x, t):
        conditional, unconditional = pair(x, t)
        return unconditional + scale * (conditional - unconditional)

    def into(x, t, out, out2):
        out[...], out2[...] = pair(x, t)

    want = plan.sample(single, (3, 4), dtype=np.float64)
    for network in (pair, into):
        assert np.allclose(plan.sample(network, (3, 4), dtype=np.float64, guidance=scale), want, atol=1e-12)
    rows = []

    def inside(x, t, out2, guidance, u):
        rows.append((out2 is not None, guidance == scale, 0.3 <= u <= 0.6))
        return pair(x, t) if out2 is not None else curved(x, t)

    plan.sample(inside, (3, 4), guidance=scale, guidance_interval=(0.3, 0.6))
    assert all(len(set(row)) == 1 for row in rows) and len(set(rows)) == 2


def test_hooks(curved):
    plan, states = Plan("lazy", "dpmpp-2m", 6), []
    x = plan.sample(curved, (3, 4), on_row=lambda state, step: states.append((step.row, state.copy())))
    assert [row for row, _ in states] == list(range(6))
    assert np.array_equal(states[-1][1], x) and np.array_equal(x, plan.sample(curved, (3, 4)))
    clipped = plan.sample(curved, (3, 4), on_data=lambda data, step: np.clip(data, -0.5, 0.5))
    assert np.abs(clipped).max() <= 0.5 + 1e-5 < np.abs(x).max()
    in_place = plan.sample(curved, (3, 4), on_data=lambda data, step: _clip(data))
    assert np.array_equal(in_place, clipped)
    previews = plan.steps((3, 4))
    for rq in previews:
        rq.out[...] = curved(rq.x, rq.time)
        data = rq.data()
    assert np.allclose(data, previews.x, atol=1e-6)


def _clip(data):
    np.clip(data, -0.5, 0.5, out=data)


class Mine(Exception):
    pass


def test_an_exception_is_itself(curved):
    mine, plan, calls = Mine("at row 2"), Plan(evaluations=5), []

    def network(x, t, row):
        calls.append(row)
        if row == 2:
            raise mine
        return curved(x, t)

    with pytest.raises(Mine) as caught:
        plan.sample(network, (2, 3))
    assert caught.value is mine and calls == [0, 1, 2]
    for hook in ("on_row", "on_data"):
        with pytest.raises(Mine):
            plan.sample(curved, (2, 3), **{hook: lambda *a: (_ for _ in ()).throw(mine)})
    assert np.isfinite(plan.sample(curved, (2, 3))).all()


@contextlib.contextmanager
def interrupted_after(seconds):
    """Ctrl-C from outside."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        yield
    finally:
        timer.join()


def test_ctrl_c(curved, capfd):
    plan = Plan("lazy", "euler", 100000)
    for delay in (0.05, 0.051, 0.053, 0.06, 0.08):
        with pytest.raises(KeyboardInterrupt), interrupted_after(delay):
            plan.sample(curved, (64, 64))
    assert np.isfinite(Plan().sample(curved, (2, 3))).all()
    assert "ignored" not in capfd.readouterr().err


def test_misuse(curved):
    plan = Plan()
    for network, error, said in (
            (None, TypeError, "callable"), (lambda x, t, labels: x, TypeError, "labels"),
            (lambda x, t: None, TypeError, "None"), (lambda x, t: x[:1], ValueError, "shape"),
            (lambda x, t: x * 1j, TypeError, "cast")):
        with pytest.raises(error, match=said):
            plan.sample(network, (2, 3))
    for options, error in (({"dtype": np.float16}, TypeError), ({"out": np.empty((2, 4))}, ValueError),
                           ({"out": np.empty((3, 2), np.float32).T}, ValueError), ({"kernel": "fast"}, ValueError),
                           ({"start": np.zeros((1, 3))}, ValueError), ({"engine": "gpu"}, ValueError),
                           ({"guidance": 2.0}, TypeError), ({"guidance": np.inf}, ValueError)):
        with pytest.raises(error):
            plan.sample(curved, (2, 3), **options)
    for shape in (None, (), (0, 3), -1):
        with pytest.raises((TypeError, ValueError)):
            plan.sample(curved, shape)
    for options in ({}, {"check_finite": True}):
        with pytest.raises(libinterp.NonFiniteError, match="row 0"):
            plan.sample(lambda x, t: x * np.nan, (2, 3), **options)
    assert np.isnan(plan.sample(lambda x, t: x * np.nan, (2, 3), check_finite=False)).all()


def test_pause_and_resume(curved):
    plan = Plan("lazy", "dpmpp-3m", 8)
    run = plan.steps((3, 4), seed=5)
    for rq in run:
        rq.out[...] = curved(rq.x, rq.time)
        if rq.row == 4:
            break
    run.submit()
    saved = run.save()
    other = plan.steps((3, 4), seed=5)
    other.restore(saved)
    for rq in other:
        rq.out[...] = curved(rq.x, rq.time)
    assert np.array_equal(other.x, plan.sample(curved, (3, 4), seed=5))
    with pytest.raises(libinterp.StateError):
        plan.steps((3, 5), seed=5).restore(saved)
    wider = plan.steps((4, 4), seed=5)
    wider.restore(saved)
    with pytest.raises(libinterp.StateError, match="3 samples"):
        wider.next()


def test_a_state_brings_its_seeds(curved):
    plan = Plan("lazy", "sa-2", 8, k=1)
    run, other = plan.steps((3, 4), seed=5), plan.steps((3, 4), seed=6)
    for _ in range(3):
        rq = run.next()
        rq.out[...] = curved(rq.x, rq.time)
        run.submit()
    saved = run.save()
    other.restore(saved)
    for rq in other:
        rq.out[...] = curved(rq.x, rq.time)
    assert np.array_equal(other.x, plan.sample(curved, (3, 4), seed=5))
    with pytest.raises(libinterp.InvalidError):
        other.restore(saved[:-3])


def test_threads_share_a_plan(curved):
    plan = Plan("point-mass", "shark", 40, k=1)
    want = [plan.sample(curved, (16, 32), seed=seed) for seed in range(8)]
    found = [None] * 8

    def work(seed):
        for _ in range(5):
            found[seed] = plan.sample(curved, (16, 32), seed=seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(a, b) for a, b in zip(want, found))


def test_a_run_belongs_to_one_thread(curved):
    run = Plan(evaluations=2).steps((1, 2))
    run.next()
    with run._alone(), pytest.raises(libinterp.StateError, match="another thread"):
        run.submit()


def test_progress(curved, monkeypatch, capsys):
    Plan(evaluations=3).sample(curved, (1, 2), progress=True)
    shown = capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    Plan(evaluations=3).sample(curved, (1, 2), progress=True)  # without tqdm: no bar, no error
    assert capsys.readouterr().err == ""
    monkeypatch.undo()
    pytest.importorskip("tqdm")
    assert "3/3" in shown


def test_noise():
    xi = libinterp.normals(1, 2, 3, 10, dtype=np.float64)
    assert np.array_equal(libinterp.normals(1, 2, 3, 4, first=6), xi[6:].astype(np.float32))
    whole, _ = libinterp.brownian(1, 2, 0.25, 0.75, 4000, dtype=np.float64)
    parts = [libinterp.brownian(1, 2, *ends, 4000, dtype=np.float64)[0] for ends in ((0.25, 0.5), (0.5, 0.75))]
    assert np.allclose(whole, sum(parts), atol=1e-6) and abs(whole.var() - 0.5) < 0.05
    assert libinterp.shift_of_tokens(256) == pytest.approx(np.exp(0.5))
