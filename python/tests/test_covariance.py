import gc
import threading
import weakref

import numpy as np
import pytest

import libinterp
from libinterp import Covariance, Model, Plan

SHAPE = (2, 3)
DIM = 6


class Gaussian:
    """N(mean, matrix) data and their exact velocity under the linear schedule."""

    def __init__(self, diagonal=False, tail=None):
        rng = np.random.default_rng(4)
        turn = np.eye(DIM) if diagonal else np.linalg.qr(rng.normal(size=(DIM, DIM)))[0]
        self.variances, self.basis = np.sort(np.exp(1.5 * rng.normal(size=DIM)))[::-1].copy(), turn
        if tail:
            self.variances[tail:] = 0.05
        self.mean = 2 * rng.normal(size=DIM)

    @property
    def matrix(self):
        return self.basis.T * self.variances @ self.basis

    def velocity(self, x, t):
        flat = x.reshape(len(x), DIM).astype(np.float64) - t * self.mean
        inner = flat @ self.basis.T / ((1 - t) ** 2 + t**2 * self.variances)
        return (self.mean + inner * (t * self.variances - (1 - t)) @ self.basis).reshape(x.shape).astype(x.dtype)

    def samples(self, seed, count):
        """mean + matrix^1/2 z, z the noise of the library."""
        z = np.stack([libinterp.normals(seed, i, 0, DIM, dtype=np.float64) for i in range(count)])
        return self.mean + z @ (self.basis.T * np.sqrt(self.variances) @ self.basis)


def given(kind):
    """(data, their covariance as a user would say it)"""
    if kind == "diagonal":
        data = Gaussian(diagonal=True)
        return data, Covariance(data.variances.reshape(SHAPE), mean=data.mean.reshape(SHAPE))
    data = Gaussian(tail=3 if "low" in kind else None)
    mean = data.mean.reshape(SHAPE)
    if "matrix" in kind:
        return data, Covariance.of_matrix(data.matrix, mean, rank=3 if "low" in kind else 0)
    rank = 3 if kind == "low rank" else DIM
    basis = data.basis[:rank].reshape(rank, *SHAPE)
    return data, Covariance(mean=mean, variances=data.variances[:rank], basis=basis, rest=0.05 if rank < basis[0].size else 0)


@pytest.mark.parametrize("kind", ["diagonal", "basis", "low rank", "matrix", "low rank matrix"])
def test_gaussian_data_are_exact(kind):
    """Whatever the budget; a plain plan is far off."""
    data, covariance = given(kind)
    want = data.samples(3, 4).reshape(4, *SHAPE)
    for evaluations in (1, 2, 4):
        for solver in ("euler", "ab2", "heun"):
            if solver == "heun" and evaluations == 1:
                continue
            plan = covariance.plan(solver=solver, evaluations=evaluations, bands=0)
            x = plan.sample(data.velocity, (4, *SHAPE), seed=3, dtype=np.float64)
            assert len(plan) == evaluations and np.abs(x - want).max() < 1e-9
    single = covariance.plan("ab2", 4).sample(data.velocity, 4, seed=3)
    assert single.dtype == np.float32 and single.shape == (4, *SHAPE) and np.abs(single - want).max() < 1e-4
    assert np.abs(Plan("lazy", "ab2", 4).sample(data.velocity, (4, *SHAPE), seed=3) - want).max() > 0.1


def test_bands_and_power():
    """Fewer bands than components are not exact any more; power 0 is the lazy schedule, save for the mean."""
    data, covariance = given("matrix")
    want = data.samples(0, 8).reshape(8, *SHAPE)
    errors = [np.abs(covariance.plan("euler", 3, bands=n).sample(data.velocity, 8) - want).max() for n in (0, 3, 1)]
    assert errors[0] < 1e-4 < errors[1] < errors[2]
    centred = Covariance.of_matrix(data.matrix)
    x = centred.plan("ab2", 5, power=0, schedule="lazy").sample(data.velocity, (8, DIM), dtype=np.float64)
    assert np.allclose(x, Plan("lazy", "ab2", 5).sample(data.velocity, (8, DIM), dtype=np.float64), atol=1e-9)


def test_other_networks():
    """Model, nodes and fields are those of Plan: a data prediction under VP, part of the path."""
    data, covariance = given("basis")

    def predict(x, t):
        alpha, beta = np.cos(np.pi / 2 * t), np.sin(np.pi / 2 * t)
        inner = (x.reshape(len(x), DIM) - beta * data.mean) @ data.basis.T
        inner *= beta * data.variances / (alpha**2 + beta**2 * data.variances)
        return (data.mean + inner @ data.basis).reshape(x.shape)

    plan = covariance.plan("ab2", model=Model("vp", "data"), nodes=[0, 0.3, 0.5, 1], bands=0)
    x = plan.sample(predict, 3, seed=3, dtype=np.float64)
    assert len(plan) == 3 and np.abs(x.reshape(3, DIM) - data.samples(3, 3)).max() < 1e-9
    assert covariance.plan("ab2", 4, u_start=0.25, schedule="vp", grid="shift", shift=2.0).u_start == 0.25


def test_estimate():
    data = Gaussian()
    samples = data.samples(9, 4000).reshape(-1, *SHAPE)
    flat = samples.reshape(-1, DIM)
    found = Covariance.estimate(samples, shrinkage=0)
    assert (found.kind, found.dim, found.rank, found.shape, found.shrinkage) == ("basis", DIM, DIM, SHAPE, 0)
    vectors = found.basis.reshape(DIM, DIM)
    assert np.allclose(vectors.T * found.variances @ vectors, np.cov(flat.T, bias=True), atol=1e-10)
    assert np.allclose(found.mean.ravel(), flat.mean(0)) and (np.diff(found.variances) < 0).all()
    assert np.allclose(found.variances, data.variances, rtol=0.1)
    x = found.plan("ab2", 2).sample(data.velocity, 4, seed=3, dtype=np.float64)
    assert np.abs(x.reshape(4, DIM) - data.samples(3, 4)).max() < 0.5
    few = Covariance.estimate(samples.astype(np.float32), rank=2, shrinkage=0)
    assert few.rank == 2 and np.allclose(few.variances, found.variances[:2], rtol=1e-4)
    assert few.rest == pytest.approx(found.variances[2:].mean(), rel=1e-4)
    diagonal = Covariance.estimate(samples, kind="diagonal")
    assert diagonal.basis is None and np.allclose(diagonal.variances, samples.var(0))


def test_shrinkage_of_ledoit_and_wolf():
    x = Gaussian().samples(1, 12)
    x -= x.mean(0)
    matrix = x.T @ x / len(x)
    target = np.trace(matrix) / DIM * np.eye(DIM)
    chance = sum(((np.outer(row, row) - matrix) ** 2).sum() for row in x) / len(x) ** 2
    want = min(1, chance / ((matrix - target) ** 2).sum())
    found = Covariance.estimate(x)
    assert 0 < want < 1 and found.shrinkage == pytest.approx(want, rel=1e-9)
    shrunk = (1 - want) * matrix + want * target
    assert np.allclose(found.variances, np.linalg.eigvalsh(shrunk)[::-1])


def test_its_arrays_are_the_librarys_own():
    covariance = Covariance([4.0, 1e-9], basis=np.eye(3)[:2], rest=1.0)
    assert covariance.mean is None and covariance.rest == 1 and covariance.basis.shape == (2, 3)
    assert covariance.variances.ctypes.data == covariance.variances.ctypes.data
    with pytest.raises(ValueError):
        covariance.variances[0] = 1
    variances, band = covariance.variances, covariance.plan("ab2", 4).bands[0]
    del covariance
    gc.collect()
    junk = [Covariance(np.ones(n)) for n in range(1, 50)]
    assert variances.tolist() == [4.0, 4e-6] and band.plan.solver == "ab2" and len(band.plan) == len(junk) // 12
    assert np.isfinite(band.plan.arrays.states).all() and band.mean_terms.tolist() == [0] * 4


def test_bands_are_plans():
    """A diagonal covariance by hand: each element by the rows of its band."""
    data, covariance = given("diagonal")
    plan = covariance.plan("ab2", 4, bands=3)
    x = np.array([data.samples(5, 2) * 0.1] * 5)
    outputs = np.zeros((4, 2, DIM))
    bands = plan.bands
    members = bands[0].members
    assert len(bands) == len(set(members)) == 3 and all(b.mean_terms.shape == (4,) for b in bands)
    for i in range(4):
        outputs[i] = data.velocity(x[i], bands[0].plan.arrays.time[i])
        for e in range(DIM):
            band, columns = bands[members[e]], {0: x, 1: outputs}
            row = band.plan.rows[i]
            x[i + 1, :, e] = sum(term.coef * columns[term.column][term.index, :, e] for term in row.terms)
            x[i + 1, :, e] += band.mean_terms[i] * data.mean[e]
            if row.keep:
                outputs[i, :, e] = row.keep_state * x[i, :, e] + row.keep_output * outputs[i, :, e]
    found = plan.sample(data.velocity, start=x[0].reshape(2, *SHAPE), dtype=np.float64)
    assert np.allclose(found.reshape(2, DIM), x[4], atol=1e-12)


def test_a_run(curved):
    """The stepwise form, out and returned outputs, hooks, splits of a batch; arrays that were handed out stay."""
    plan = given("low rank")[1].plan("ab2", 5)
    x = plan.sample(curved, 4, seed=2, kernel="portable")
    run = plan.steps(4, seed=2, kernel="portable")
    for i, rq in enumerate(run):
        assert (rq.row, rq.rows, len(run), rq.x.shape) == (i, 5, 5, (4, *SHAPE)) and run.next().x is rq.x
        rq.out[...] = curved(rq.x, rq.time)
    assert run.finished and np.array_equal(run.x, x)
    held, memory = rq.out, weakref.ref(run._workspace)
    kept = held.copy()
    del run, rq
    gc.collect()
    assert memory() is not None and np.array_equal(held, kept)
    del held
    gc.collect()
    assert memory() is None
    rows, seen = [], []

    def network(x, t, out, index):
        seen.append(index.tolist())
        out[...] = curved(x, t)

    split = plan.sample(network, 2, seed=2, first=2, kernel="portable",
                        on_row=lambda state, step: rows.append(step.row),
                        on_data=lambda data, step: seen.append(data.shape))
    assert np.allclose(split, x[2:], atol=1e-5) and rows == list(range(5))
    assert seen == [[2, 3], (2, *SHAPE)] * 5
    assert np.array_equal(plan.sample(network, 2, seed=2, first=2, kernel="portable"), x[2:])
    out = np.empty((4, *SHAPE), np.float32)
    assert plan.sample(curved, out=out, seed=2, kernel="portable") is out and np.array_equal(out, x)


def test_guidance(curved):
    plan, scale = given("diagonal")[1].plan("ab2", 4), 2.5
    x = plan.sample(lambda x, t: (curved(x, t), -x), 3, guidance=scale, dtype=np.float64)
    want = plan.sample(lambda x, t: -x + scale * (curved(x, t) + x), 3, dtype=np.float64)
    assert np.allclose(x, want, atol=1e-12)


def test_errors(curved):
    covariance = given("basis")[1]
    plan = covariance.plan("ab2", 4)

    class Mine(Exception):
        pass

    def failing(x, t):
        raise Mine

    with pytest.raises(Mine):
        plan.sample(failing, 2)
    with pytest.raises(libinterp.NonFiniteError, match="row 0"):
        plan.sample(lambda x, t: x * np.nan, 2, check_finite=True)
    with pytest.raises(ValueError, match="dim"):
        plan.sample(curved, (2, 5))
    for shape in (None, 0, (0, 6)):
        with pytest.raises((TypeError, ValueError)):
            plan.sample(curved, shape)
    run = plan.steps(2)
    run.next()
    with run._alone(), pytest.raises(libinterp.StateError, match="another thread"):
        run.submit()
    for options, error in (({"solver": "euler-ancestral"}, ValueError), ({"power": 3.0}, ValueError),
                           ({"clock": "sun"}, ValueError), ({"solver": "rk4", "clock": "angle"}, ValueError),
                           ({"s_churn": 1.0}, ValueError), ({"bands": -1}, ValueError), ({"nonsense": 1}, TypeError),
                           ({"model": Model("linear", "noise")}, ValueError)):
        with pytest.raises(error):
            covariance.plan(**options)


def test_what_is_no_covariance():
    for variances, options in (([1.0, -1.0], {}), ([0.0, 0.0], {}), ([np.nan], {}), ([1.0, 2.0], {"floor": 0.0}),
                               ([1.0, 1.0], {"basis": [[1.0, 0.0], [0.5, 1.0]]}), ([1.0], {"basis": np.eye(2)}),
                               ([1.0, 1.0], {"mean": [1.0, 2.0, 3.0]}), ([1.0], {"basis": [[1.0, 0.0]], "rest": -1.0})):
        with pytest.raises(ValueError):
            Covariance(variances, **options)
    for matrix in ([[1.0, 2.0], [0.0, 1.0]], [[1.0, 2.0], [2.0, 1.0]], [[1.0, 2.0]]):
        with pytest.raises(ValueError):
            Covariance.of_matrix(matrix)
    with pytest.raises(TypeError):
        Covariance.estimate(np.zeros((4, 2), np.int64))
    for samples, options in ((np.ones((1, 2)), {}), (np.ones((4, 2)), {}), (np.eye(4), {"kind": "full"}),
                             (np.eye(4), {"shrinkage": 2.0}), (np.eye(4), {"rank": 5})):
        with pytest.raises(ValueError):
            Covariance.estimate(samples, **options)
    with pytest.raises(libinterp.NonFiniteError):
        Covariance.estimate(np.array([[1.0, np.inf], [2.0, 3.0]]))


def test_threads_share_a_plan(curved):
    plan = given("low rank")[1].plan("ab2", 6)
    want, found = [plan.sample(curved, 8, seed=seed) for seed in range(4)], [None] * 4
    threads = [threading.Thread(target=lambda s=seed: found.__setitem__(s, plan.sample(curved, 8, seed=s)))
               for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(a, b) for a, b in zip(want, found))


def test_tensors(curved):
    torch = pytest.importorskip("torch")
    plan = given("basis")[1].plan("ab2", 4)
    types = set()

    def network(x, t):
        types.add(type(x))
        return torch.tanh(x) * t

    want = plan.sample(lambda x, t: np.tanh(x) * np.float32(t), 3, seed=1)
    x = plan.sample(network, 3, seed=1, dtype=torch.float32)
    assert types == {torch.Tensor} and isinstance(x, torch.Tensor) and np.allclose(x.numpy(), want, atol=1e-5)
    out = torch.empty(3, *SHAPE)
    assert plan.sample(network, out=out, seed=1) is out and torch.allclose(out, x)
    with pytest.raises(ValueError):
        plan.sample(network, 3, dtype=torch.bfloat16)
    samples = torch.randn(50, DIM, generator=torch.Generator().manual_seed(0))
    assert np.allclose(Covariance.estimate(samples, "diagonal").variances, samples.numpy().var(0), rtol=1e-4)


def test_runs_are_saved_and_restored(curved):
    plan = given("low rank")[1].plan("ab2", 5)
    for kernel in ("portable", "auto"):
        run, other = plan.steps(3, seed=4, kernel=kernel), plan.steps(3, seed=9, kernel=kernel)
        for _ in range(3):
            step = run.next()
            step.out[...] = curved(step.x, step.time)
            run.submit()
        other.restore(run.save())
        for step in other:
            step.out[...] = curved(step.x, step.time)
        assert np.array_equal(other.x, plan.sample(curved, 3, seed=4, kernel=kernel))
