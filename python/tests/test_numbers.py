"""Numbers that callers hand over: any kind of whole number as a seed or a count, nothing cut off in silence."""
import numpy as np
import pytest

import libinterp
from libinterp import Adaptive, Covariance, Path, Plan, Schedule

SEED = 7
BIG = 2**64 - 1


def half(x, t):
    return .5 * x


def same_seeds():
    kinds = [np.int8, np.uint8, np.int32, np.int64, np.uint32, np.uint64, np.array]
    try:
        import torch
        kinds.append(torch.tensor)
    except ImportError:
        pass
    return [kind(SEED) for kind in kinds]


def seeded(dtype=None):
    """Everything that takes a seed, as functions of it."""
    plan, states = Plan(solver="euler-maruyama", k=1, evaluations=3), np.zeros((2, 1, 3), np.float32)
    return {"sample": lambda seed: plan.sample(half, (2, 3), seed=seed),
            "steps": lambda seed: plan.steps((2, 3), seed=seed).x,
            "seeds": lambda seed: plan.sample(half, (2, 3), seeds=[seed, 1]),
            "adaptive": lambda seed: Adaptive().sample(half, (2, 3), seed=seed),
            "covariance": lambda seed: Covariance(np.ones(3)).plan("ab2", 2).sample(half, 2, seed=seed),
            "fit": lambda seed: np.array([row.time for row in Plan(evaluations=2).fit(
                half, (8, 3), seed=seed, iterations=1)]),
            "path": lambda seed: Path([.2, .8], states, k=1, seed=seed).at(.5),
            "path seeds": lambda seed: Path([.2, .8], states, k=1, seeds=[seed]).at(.5),
            "normals": lambda seed: libinterp.normals(seed, 0, 0, 3),
            "brownian": lambda seed: libinterp.brownian(seed, 0, .1, .9, 3)[0]}


@pytest.mark.parametrize("what", seeded())
def test_seeds_of_every_kind(what):
    make = seeded()[what]
    want = make(SEED)
    for seed in same_seeds():
        assert np.array_equal(make(seed), want), type(seed)
    for seed in (BIG, np.uint64(BIG)):
        assert np.isfinite(make(seed)).all()
    for seed in (-1, np.int64(-1), 2**64, 2**70):
        with pytest.raises(ValueError, match=rf"seed.*{seed}.*from 0 to {BIG}"):
            make(seed)
    for seed in (1.0, 1.5, "7", None, np.float64(7), [7, 8], 1j):
        with pytest.raises((TypeError, ValueError), match="seed"):
            make(seed)


def test_lists_of_seeds():
    plan = Plan(solver="euler-maruyama", k=1, evaluations=3)
    want = plan.sample(half, (3, 2), seeds=[5, BIG, 5])
    for seeds in ((5, BIG, 5), np.array([5, BIG, 5], np.uint64), [np.int64(5), np.uint64(BIG), np.array(5)], ):
        assert np.array_equal(plan.sample(half, (3, 2), seeds=seeds), want)
    with pytest.raises(ValueError, match=r"seeds\[1\]: -3"):
        plan.sample(half, (3, 2), seeds=[1, -3, 2])
    for seeds in (5, [[1, 2, 3]], np.zeros((3, 1), int)):
        with pytest.raises((TypeError, ValueError), match="seeds"):
            plan.sample(half, (3, 2), seeds=seeds)


def test_seeds_of_tensor_runs():
    torch = pytest.importorskip("torch")
    plan = Plan(solver="euler-maruyama", k=1, evaluations=3)
    for options in ({"dtype": torch.float32}, {"engine": "torch"}):
        want = plan.sample(half, (2, 3), seed=SEED, **options)
        for seed in same_seeds():
            assert torch.equal(plan.sample(half, (2, 3), seed=seed, **options), want)
        each = plan.sample(half, (2, 3), seeds=[BIG, 3], **options)
        assert torch.equal(plan.sample(half, (2, 3), seeds=np.array([BIG, 3], np.uint64), **options), each)
        for how in ({"seed": -1}, {"seed": 2**64}, {"seeds": [0, -1]}, {"first": -1}):
            with pytest.raises(ValueError, match=f"{list(how)[0]}.*from 0"):
                plan.sample(half, (2, 3), **how, **options)
        # the last sample's number wraps in every engine
        assert torch.allclose(plan.sample(half, (2, 3), first=BIG, **options)[1],
                              plan.sample(half, (1, 3), first=0, **options)[0], atol=1e-6)


def test_seeds_of_schedulers():
    pytest.importorskip("torch")
    scheduler = libinterp.diffusers.Scheduler
    assert scheduler(noise_seed=np.int64(5)).config.noise_seed == 5
    for wrong in (-1, 2**64, 1.5, "5"):
        with pytest.raises((TypeError, ValueError), match="noise_seed"):
            scheduler(noise_seed=wrong)


def test_counts_of_every_kind():
    want = Plan(evaluations=5)
    for kind in (np.int32, np.int64, np.uint8, np.array):
        assert Plan(evaluations=kind(5)) == want
    assert np.array_equal(want.sample(half, (np.int64(2), 3), first=np.int64(4)), want.sample(half, (2, 3), first=4))
    with pytest.raises(TypeError, match="shape: 2.5 is no whole number"):
        want.sample(half, (2.5, 3))
    for wrong in (2**32 + 5, -2**40):
        with pytest.raises(ValueError, match=f"evaluations: {wrong}"):
            Plan(evaluations=wrong)
    for wrong in (5.0, "5"):
        with pytest.raises(TypeError, match="evaluations: .*whole"):
            Plan(evaluations=wrong)
    with pytest.raises(TypeError, match="k: .*number"):
        Plan(k="1")
    for wrong in ("1", 1j):
        with pytest.raises(TypeError, match="k: .*number"):
            Schedule("lazy", k=wrong)
    with pytest.raises(ValueError, match="i: 4294967296"):
        want.coordinates(2**32)
    assert want.coordinates(np.int64(2)) == want.coordinates(2)
    with pytest.raises(TypeError, match="rtol: .*number"):
        Adaptive(rtol="1e-3")
    assert Plan(k=np.float32(1), solver="euler-maruyama") == Plan(k=1, solver="euler-maruyama")
    with pytest.raises(ValueError, match="steps_offset"):
        Plan(Schedule("table", alphas_cumprod=np.linspace(.99, .01, 10)), steps_offset=2**33)
