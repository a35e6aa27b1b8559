"""Tensors on the CPU: over the library's memory, and by the plan's rows in torch operations, as on other devices."""
import os
import subprocess
import sys

import numpy as np
import pytest

import libinterp
from libinterp import Plan

torch = pytest.importorskip("torch")

PLANS = [dict(schedule="lazy", solver="dpmpp-2m"), dict(schedule="point-mass", k=1),
         dict(solver="tsit5", evaluations=12),
         dict(schedule="lazy", solver="sra1", k=0.5), dict(solver="unipc-bh2-3"), dict(solver="ddpm"),
         dict(schedule="point-mass", k=1, start="centred"), dict(solver="sa-3-3", k=1, schedule="lazy")]
DEVICES = ["cpu"] + (["cuda"] if torch.cuda.is_available() else [])


def curved(x, t):
    return torch.tanh(2 * x) - 0.3 * t * x


def test_torch_is_not_imported_by_itself():
    code = "import sys, libinterp; libinterp.Plan().sample(lambda x, t: x, (1, 2)); assert 'torch' not in sys.modules"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": ":".join(sys.path)})
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("how", PLANS, ids=str)
def test_the_same_numbers(how):
    plan = Plan(**how)
    x = plan.sample(lambda x, t: curved(torch.from_numpy(x), t).numpy(), (5, 2, 3), seed=3, dtype=np.float64)
    shared = plan.sample(curved, (5, 2, 3), seed=3, dtype=torch.float64)
    assert isinstance(shared, torch.Tensor) and np.array_equal(shared.numpy(), x)
    for device in DEVICES:
        for dtype, tolerance in ((torch.float64, 1e-12), (torch.float32, 5e-6), (torch.bfloat16, 0.2)):
            by_rows = plan.sample(curved, (5, 2, 3), seed=3, dtype=dtype, engine="torch", device=device)
            assert by_rows.dtype == dtype and by_rows.device.type == device
            assert np.abs(by_rows.cpu().double().numpy() - x).max() < tolerance


def test_few_copies_on_the_cpu():
    out, seen = torch.empty(8, 100, dtype=torch.float64), set()

    def network(x, t, out):
        seen.add(out.data_ptr())
        out.copy_(curved(x, t))

    plan = Plan(evaluations=20)
    assert plan.sample(network, out=out) is out
    assert len(seen) == plan.slots - 1


@pytest.mark.parametrize("engine", ["c", "torch"])
def test_options(engine):
    plan = Plan("lazy", "ab2", 6)
    how = {"engine": engine, "dtype": torch.float64}

    def pair(x, t, guidance):
        return (curved(x, t), -x) if guidance != 1 else curved(x, t)

    def numpy_pair(x, t, guidance):
        found = pair(torch.from_numpy(x), t, guidance)
        return tuple(part.numpy() for part in found) if isinstance(found, tuple) else found.numpy()

    guided = {"guidance": 2.5, "guidance_interval": (0.2, 0.8), "seeds": [3, 4]}
    want = plan.sample(numpy_pair, (2, 3), dtype=np.float64, **guided)
    assert np.allclose(plan.sample(pair, (2, 3), **how, **guided).numpy(), want, atol=1e-12)
    start = torch.randn(2, 3, dtype=torch.float64)
    want = plan.sample(lambda x, t: curved(torch.from_numpy(x), t).numpy(), start=start.numpy())
    assert np.allclose(plan.sample(curved, start=start, engine=engine).numpy(), want, atol=1e-12)
    states = []
    clipped = plan.sample(curved, (2, 3), **how, on_data=lambda data, step: data.clamp(-0.5, 0.5),
                          on_row=lambda state, step: states.append(state.clone()))
    assert clipped.abs().max() <= 0.5 + 1e-9 and len(states) == 6 and torch.equal(states[-1], clipped)
    part = Plan(u_start=0.5, evaluations=3)
    want = part.sample(lambda x, t: curved(torch.from_numpy(x), t).numpy(), data=start.numpy(), seed=2)
    assert np.allclose(part.sample(curved, data=start, seed=2, engine=engine).numpy(), want, atol=1e-12)


def test_labels_and_errors():
    labels, seen = torch.arange(10), []

    def network(x, t, index):
        seen.append(labels[index].tolist())
        return curved(x, t)

    for engine in ("c", "torch"):
        Plan(evaluations=1).sample(network, (2, 3), first=4, engine=engine, device="cpu")
    assert seen == [[4, 5], [4, 5]]
    for bad, error in ((lambda x, t: x[:1], ValueError), (lambda x, t: None, TypeError)):
        for engine in ("c", "torch"):
            with pytest.raises(error):
                Plan().sample(bad, (2, 3), engine=engine, device="cpu")
    with pytest.raises(libinterp.NonFiniteError):
        Plan().sample(lambda x, t: x * float("nan"), (2, 3), engine="torch", check_finite=True)
    with pytest.raises(libinterp.InvalidError):
        Plan().sample(curved, (2, 3), generator=torch.Generator())
    with pytest.raises(libinterp.InvalidError):
        Plan().sample(curved, (2, 3), dtype=torch.float16, engine="c")


def test_noise_of_torch():
    plan = Plan(evaluations=4)
    generator = torch.Generator().manual_seed(5)
    x = plan.sample(curved, (2, 3), noise="torch", generator=generator)
    start = torch.randn(2, 3, generator=torch.Generator().manual_seed(5))
    assert torch.allclose(x, plan.sample(curved, start=start), atol=1e-6)
    # of N(0, 1) data the law is kept, also with noise in the steps
    exact = Plan("point-mass", k=1, evaluations=6, last="noise")
    for noise in ("path", "steps"):
        exact = Plan("point-mass", k=1, evaluations=6, last="noise", noise=noise)
        made = exact.sample(lambda x, t: (2 * t - 1) / ((1 - t) ** 2 + t**2) * x, (4, 5000), noise="torch",
                            generator=torch.Generator().manual_seed(1))
        assert abs(made.std().item() - 1) < 0.02


def test_gradients_pass():
    weight = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    plan = Plan("lazy", "heun", 6)

    def total(w, engine="torch"):
        return plan.sample(lambda x, t: w * curved(x, t), (3, 4), dtype=torch.float64, engine=engine).sum()

    total(weight).backward()
    h = 1e-5
    difference = (total(weight.detach() + h) - total(weight.detach() - h)) / (2 * h)
    assert weight.grad.item() == pytest.approx(difference.item(), rel=1e-6)
    assert not total(weight, "c").requires_grad


def test_a_fit_of_a_torch_network():
    plan = Plan(solver="ab2", evaluations=3)
    better = plan.fit(curved, (16, 4), iterations=2, device="cpu", dtype=np.float64)
    assert better.report.after_held_out < better.report.before_held_out
