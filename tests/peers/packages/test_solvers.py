"""Samplers of other packages on one denoiser, beside the plans that are theirs here: k-diffusion, flow-matching, diffrax,
torchsde, torchdiffeq. Noise is the same numbers in the same order."""
import pathlib
import sys
import types

import numpy as np
import pytest

import libinterp
from rows import add_row, compare, peer

torch = peer("torch")


def denoised(x, sigma, spread=0.25):
    """E[X | x] of two modes, N(+-1, spread^2), at x = X + sigma Z. Arrays or tensors."""
    tanh = torch.tanh if isinstance(x, torch.Tensor) else np.tanh
    variance = spread**2 + sigma**2
    return (spread**2 * x + sigma**2 * tanh(x / variance)) / variance


# k-diffusion: its package's own __init__ imports training code and twenty packages with it; the samplers do not.

def k_sampling():
    peer("k-diffusion", "torchsde")
    if "k_diffusion" not in sys.modules:
        found = [path for path in sys.path if pathlib.Path(path, "k_diffusion", "sampling.py").is_file()]
        if not found:
            pytest.skip("k-diffusion is not there, so nothing is compared with it")
        package, utils = types.ModuleType("k_diffusion"), types.ModuleType("k_diffusion.utils")
        package.__path__ = [f"{found[0]}/k_diffusion"]
        utils.append_dims = lambda x, dims: x[(...,) + (None,) * (dims - x.ndim)]
        sys.modules.update({"k_diffusion": package, "k_diffusion.utils": utils})
    return peer("k-diffusion", "k_diffusion.sampling")


K_DIFFUSION = [  # theirs, its options, ours, its parameters
    ("euler", {}, "euler", {}), ("euler", {"s_churn": 3.0}, "edm-euler", {"s_churn": 3.0}),
    ("heun", {}, "edm-heun", {}), ("heun", {"s_churn": 3.0, "s_noise": 1.003}, "edm-heun", {"s_churn": 3.0, "s_noise": 1.003}),
    ("dpm_2", {}, "dpm-2s", {}), ("dpm_2", {"s_churn": 3.0}, "edm-dpm-2s", {"s_churn": 3.0}),
    ("lms", {}, "ab4", {}), ("lms", {"order": 2}, "ab2", {}), ("lms", {"order": 3}, "ab3", {}),
    ("dpmpp_2m", {}, "dpmpp-2m", {}),
    ("euler_ancestral", {}, "euler-ancestral", {}), ("euler_ancestral", {"eta": 0.5, "s_noise": 0.9}, "euler-ancestral",
                                                     {"eta": 0.5, "s_noise": 0.9}),
    ("dpm_2_ancestral", {}, "dpm-2-ancestral", {}), ("dpm_2_ancestral", {"eta": 0.5}, "dpm-2-ancestral", {"eta": 0.5}),
    ("dpmpp_2s_ancestral", {}, "dpmpp-2s-ancestral", {}),
    ("dpmpp_2s_ancestral", {"eta": 0.5, "s_noise": 0.9}, "dpmpp-2s-ancestral", {"eta": 0.5, "s_noise": 0.9}),
    ("dpmpp_sde", {}, "dpmpp-sde", {}), ("dpmpp_sde", {"eta": 0.5}, "dpmpp-sde", {"eta": 0.5}),
    ("dpmpp_2m_sde", {"solver_type": "midpoint"}, "sde-dpmpp-2m", {}),
    ("dpmpp_2m_sde", {"solver_type": "heun"}, "sde-dpmpp-2m-heun", {}),
    ("dpmpp_2m_sde", {"eta": 0.5}, "sde-dpmpp-2m", {"eta": 0.5}),
    ("dpmpp_3m_sde", {}, "sde-dpmpp-3m-heun", {}), ("dpmpp_3m_sde", {"eta": 0.5}, "sde-dpmpp-3m-heun", {"eta": 0.5}),
]


@pytest.mark.parametrize("name, options, solver, parameters", K_DIFFUSION, ids=str)
def test_k_diffusion(name, options, solver, parameters):
    sampling = k_sampling()
    draws = "ancestral" in name or "sde" in name
    sigmas = sampling.get_sigmas_karras(8, 0.03, 14.6)
    torch.manual_seed(1234)
    x = torch.randn(3, 24) * sigmas[0]
    more = {"noise_sampler": lambda a, b: torch.randn_like(x)} if draws else {}
    if "s_churn" in options:  # the first step's is left out here: its state is a draw of noise already
        more["s_tmax"] = float(sigmas[1]) + 1e-3
    want = getattr(sampling, f"sample_{name}")(
        lambda x, sigma, **_: denoised(x.double(), sigma.double()[:, None]).to(x.dtype), x, sigmas, disable=True, **more,
        **options)
    nodes = sigmas.double().numpy()
    model = libinterp.Model(libinterp.Schedule("ve", sigma_max=float(nodes[0] * (2 if "s_churn" in options else 1))), "data",
                            "sigma")
    noise = {"noise": "steps"} if draws or "s_churn" in options else {}
    plan = libinterp.Plan(solver=solver, model=model, grid="user-sigma", nodes=nodes, **noise, **parameters)
    torchs = libinterp.TorchNoise(1234)
    start = torchs.draw((3, 24)) * np.float32(nodes[0])
    if "s_churn" in options:
        torchs.draw((3, 24))  # theirs, of the step without noise
    got = plan.sample(lambda x, t: denoised(x.astype(float), t).astype(x.dtype), start=start, noise=torchs)
    compare("k-diffusion", f"sample_{name}", f"{options or 'defaults'}", got, want.numpy(), 2e-5)


# flow-matching

def flows():
    from flow_matching.path import scheduler as of
    half = np.pi / 2
    return {"CondOTScheduler": (of.CondOTScheduler(), lambda t: (1 - t, t, -1, 1)),
            "PolynomialConvexScheduler(2)": (of.PolynomialConvexScheduler(2), lambda t: (1 - t**2, t**2, -2 * t, 2 * t)),
            "LinearVPScheduler": (of.LinearVPScheduler(), lambda t: (np.sqrt(1 - t**2), t, -t / np.sqrt(1 - t**2), 1)),
            "CosineScheduler": (of.CosineScheduler(), lambda t: (np.cos(half * t), np.sin(half * t),
                                                                 -half * np.sin(half * t), half * np.cos(half * t)))}


NAMES = ("CondOTScheduler", "PolynomialConvexScheduler(2)", "LinearVPScheduler", "CosineScheduler")


def scale_between(of, to, time):
    """A state under `to` over the one under `of` at the same ratio of data and noise."""
    there = to(time)
    return float(there.sigma_t / of(of.snr_inverse(there.alpha_t / there.sigma_t)).sigma_t)


@pytest.mark.parametrize("method", ["euler", "midpoint", "rk4"])
@pytest.mark.parametrize("to", NAMES)
@pytest.mark.parametrize("of", NAMES)
def test_flow_matching(of, to, method):
    """Their ScheduleTransformedModel in their ODESolver; ours: the network's schedule, and the one sampled under. Neither
    begins at the noise nor ends at the data, where their ratios are 0/0."""
    peer("flow_matching")
    from flow_matching.path.scheduler.schedule_transform import ScheduleTransformedModel
    from flow_matching.solver import ODESolver
    from flow_matching.utils import ModelWrapper
    (theirs, own), (their_to, own_to) = flows()[of], flows()[to]

    class Network(ModelWrapper):
        def forward(self, x, t, **_):
            return torch.sin(2 * x + t) + 0.3 * x

    times = torch.linspace(0.05, 0.9, 9, dtype=torch.float64)
    x = torch.randn(4, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    network = Network(None)
    velocity = ScheduleTransformedModel(network, theirs, their_to)
    want = ODESolver(velocity).sample(x, step_size=None, method=method, time_grid=times)
    schedules = [libinterp.Schedule("user", values=lambda t, f=f: tuple(map(float, f(t)))) for f in (own, own_to)]
    plan = libinterp.Plan(schedules[1], "rk38" if method == "rk4" else method, model=libinterp.Model(schedules[0], "velocity"),
                          grid="user-time", nodes=times.numpy())
    # Ours begins and ends with states of the network.
    first, last = (scale_between(theirs, their_to, times[i]) for i in (0, -1))
    got = last * plan.sample(lambda x, t: np.sin(2 * x + t) + 0.3 * x, start=x.numpy() / first)
    compare("flow_matching", "ScheduleTransformedModel", f"{of} under {to}, {method}", got, want.numpy(), 1e-9)


# diffrax and torchsde: dX = (D(X, s) - X)/(1 - s) ds + dB, the point mass SDE at k = 1, whose own time is the path's clock.

NODES = np.linspace(0.05, 0.95, 13)
START = np.random.default_rng(3).standard_normal((2, 3))


def score_data(x, s):
    """E[X | x] at x = s X + sqrt(s (1 - s)) Z."""
    tanh = torch.tanh if isinstance(x, torch.Tensor) else np.tanh if isinstance(x, np.ndarray) else peer("jax").numpy.tanh
    return 0.7 * tanh(1.5 * x + 0.4 * s) + 0.2 * x


def ours_and_path(solver, seed=7):
    """Our samples, and the increments and space-time areas of the path that the plan's normals are."""
    model = libinterp.Model(libinterp.Schedule("point-mass", clock="beta"), "data")
    plan = libinterp.Plan(None, solver, model=model, k=1, grid="user-time", nodes=NODES, noise="steps")
    rng, normals, steps = np.random.default_rng(seed), {}, len(NODES) - 1

    def noise(request):
        normals[request.m] = rng.standard_normal(request.shape)
        return normals[request.m]

    got = plan.sample(score_data, start=START, noise=noise)
    h = np.diff(NODES)
    w = [np.sqrt(h[i]) * normals.get(1 + i, np.zeros_like(START)) for i in range(steps)]
    area = [np.sqrt(h[i] / 12) * normals.get(1 + steps + i, np.zeros_like(START)) for i in range(steps)]
    return got, np.array(w), np.array(area)


def drift(s, x):
    return (score_data(x, s) - x) / (1 - s)


def through_diffrax(w, area, solvers):
    """Steps of the first of `solvers`, then of the second."""
    diffrax, jax, equinox = peer("diffrax"), peer("jax"), peer("equinox")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    class Path(diffrax.AbstractBrownianPath):
        w: object
        area: object
        levy_area: type = equinox.field(static=True, default=diffrax.SpaceTimeLevyArea)
        t0: float = float(NODES[0])
        t1: float = float(NODES[-1])

        def evaluate(self, t0, t1=None, left=True, use_levy=False):
            i = jnp.argmin(jnp.abs(jnp.asarray(NODES) - t0))
            if use_levy:
                return diffrax.SpaceTimeLevyArea(dt=jnp.asarray(t1 - t0), W=self.w[i], H=self.area[i])
            return self.w[i]

    x = jnp.asarray(START)
    path = Path(jnp.asarray(w), jnp.asarray(area))
    control = diffrax.ControlTerm(lambda t, y, args: lineax_identity(y), path)
    for solver, nodes in zip(solvers, (NODES[:2], NODES[1:])):
        x = diffrax.diffeqsolve(diffrax.MultiTerm(diffrax.ODETerm(lambda t, y, args: drift(t, y)), control), getattr(
            diffrax, solver)(), float(nodes[0]), float(nodes[-1]), None, x,
            stepsize_controller=diffrax.StepTo(jnp.asarray(nodes))).ys[-1]
    return np.asarray(x)


def lineax_identity(y):
    import jax
    import lineax
    return lineax.DiagonalLinearOperator(jax.numpy.ones_like(y))


@pytest.mark.parametrize("solver, theirs", [("shark", ("SRA1", "ShARK")), ("sea", ("Euler", "SEA")), ("sra1", ("SRA1", "SRA1")),
                                            ("euler-maruyama", ("Euler", "Euler"))])
def test_diffrax(solver, theirs):
    """Of shark and sea the first step, whose state is the start, is sra1's and Euler's (docs/solvers.md)."""
    peer("diffrax")
    got, w, area = ours_and_path(solver)
    compare("diffrax", theirs[1], f"{solver}, 12 steps, one path", got, through_diffrax(w, area, theirs), 1e-12)


@pytest.mark.parametrize("solver, method", [("euler-maruyama", "euler"), ("stochastic-heun", "heun")])
def test_torchsde(solver, method):
    """Their heun predicts with the step's noise; stochastic-heun is SiT's, noise first, and so another method."""
    torchsde = peer("torchsde")
    got, w, _ = ours_and_path(solver)

    class Equation(torch.nn.Module):
        noise_type = "diagonal"
        sde_type = "ito" if method == "euler" else "stratonovich"

        def f(self, s, x):
            return drift(s, x)

        def g(self, s, x):
            return torch.ones_like(x)

    def path(ta, tb, **_):
        return torch.from_numpy(w[int(np.abs(NODES - float(ta)).argmin())])

    want, nodes = torch.from_numpy(START), torch.from_numpy(NODES)
    for i in range(len(w)):  # one step each, so that its ends are the nodes
        want = torchsde.sdeint(Equation(), want, nodes[i:i + 2], bm=Given(path, START.shape), method=method,
                               dt=float(NODES[i + 1] - NODES[i]) * (1 + 1e-9))[-1]
    if method == "heun":
        add_row("torchsde", method, f"{solver}, 12 steps, one path", float(np.abs(got - want.numpy()).max()),
                "another method: SiT's adds the noise first")
        return
    compare("torchsde", method, f"{solver}, 12 steps, one path", got, want.numpy(), 1e-8)


class Given:
    """A Brownian motion of torchsde's kind, whose increments are given."""
    dtype, device, levy_area_approximation = torch.float64, torch.device("cpu"), "none"

    def __init__(self, increment, shape):
        self.increment, self.shape = increment, shape

    def __call__(self, ta, tb=None, return_U=False, return_A=False):
        return self.increment(ta, tb)


# torchdiffeq

@pytest.mark.parametrize("rtol", [1e-3, 1e-5, 1e-7])
def test_torchdiffeq(rtol):
    """One sample, so that their step size, which is one for the batch, is its own. Both are compared with a run to 1e-12."""
    torchdiffeq = peer("torchdiffeq")
    x, calls = np.array([[0.3, -1.1, 0.8, 0.05]]), [0]

    def velocity(t, x):
        calls[0] += 1
        return (denoised(x / t, (1 - t) / t) - x) / (1 - t)

    span = torch.tensor([0.02, 0.98], dtype=torch.float64)
    want = torchdiffeq.odeint(velocity, torch.from_numpy(x), span, rtol=rtol, atol=rtol, method="dopri5")[-1].numpy()
    evaluations = calls[0]
    exact = torchdiffeq.odeint(velocity, torch.from_numpy(x), span, rtol=1e-12, atol=1e-12, method="dopri8")[-1].numpy()
    for solver in ("dopri5", "tsit5"):
        method = libinterp.Adaptive(solver=solver, rtol=rtol, atol=rtol, u_start=0.02, u_end=0.98)
        network = lambda x, t: np.stack([velocity(float(s), torch.from_numpy(each)).numpy() for each, s in zip(x, t)])  # noqa: E731
        got = method.sample(network, start=x)
        errors = [float(np.abs(each - exact).max() / np.abs(exact).max()) for each in (got, want)]
        count = method.statistics(network, start=x)[0].evaluations
        add_row("torchdiffeq", "dopri5", f"{solver}, rtol {rtol:g}", f"{errors[0]:.0e}/{errors[1]:.0e}",
                f"errors; evaluations {count} beside {evaluations}")
        assert errors[0] < 200 * rtol
