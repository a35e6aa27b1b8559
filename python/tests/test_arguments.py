"""Wrong arguments: each is refused under its own name, and nothing of the package's inside shows."""
import inspect
import warnings

import numpy as np
import pytest

import libinterp
from libinterp import Adaptive, Covariance, Model, Path, Plan, Schedule

WRONG = ["x", b"x", [1.0], (), {}, object(), 1.5j, np.zeros((2, 2)), lambda x: x, Plan, float("nan"), -1, 2**40]
INSIDE = ("_address", "_handle", "unsupported operand", "object has no attribute", "ctypes", "unhashable", "argument 1",
          "must be real number", "NoneType", "an integer is required", "c_", "positional argument")
TABLE = np.cumprod(1 - np.linspace(1e-4, 0.02, 10))
PLAN_FIELDS = ["schedule", "solver", "evaluations", "model", "k", "grid", "nodes", "diffusion", "diffusion_schedule",
               "reversed", "shift", "sigma_max", "sigma_min", "rho", "beta_a", "beta_b", "terminal", "steps_offset",
               "deviation", "u_start", "u_end", "eta", "s_noise", "s_churn", "s_min", "s_max", "gamma", "step_scale",
               "corrector_snr", "norm", "start", "last",
               "singular", "final_order", "noise", "ends"]
MAKERS = [
    (Plan, {}, PLAN_FIELDS),
    (Plan, {"grid": "karras"}, ["rho", "sigma_max"]),
    (Plan, {"solver": "edm-heun"}, ["s_churn", "s_min", "s_max", "s_noise"]),
    (Schedule, {"kind": "lazy"}, ["kind", "k", "s", "clock"]),
    (Schedule, {"kind": "table"}, ["alphas_cumprod"]),
    (Schedule, {"kind": "table", "alpha": [1.0, 0.5, 0.0]}, ["beta"]),
    (Schedule, {"kind": "user"}, ["values", "inverse"]),
    (Schedule, {"kind": "vp-sde"}, ["beta_min", "beta_max"]),
    (Schedule, {"kind": "ve"}, ["sigma_max"]),
    (Schedule, {"kind": "edm"}, ["sigma_data"]),
    (Model, {}, ["schedule", "prediction", "time"]),
    (Model, {"prediction": "edm", "schedule": "edm"}, ["sigma_data"]),
    (Adaptive, {}, ["model", "schedule", "solver", "controller", "rtol", "atol", "max_evaluations", "first_step",
                    "min_step", "max_step", "safety", "shrink", "grow", "u_start", "u_end"]),
    (Path, {"times": [0.0, 1.0], "states": np.zeros((2, 3, 4))}, ["times", "schedule", "k", "noise"]),
    (lambda **given: Covariance([1.0, 2.0]).plan(**given), {}, ["solver", "evaluations", "model", "grid", "nodes", "bands",
                                                               "clock", "power"]),
    (libinterp.shift_of_tokens, {"tokens": 256}, ["tokens", "tokens_low", "mu_low", "tokens_high", "mu_high"]),
    (libinterp.shift_of_flux2, {"tokens": 256, "steps": 20}, ["tokens", "steps"]),
    (libinterp.normals, {"seed": 1, "sample": 0, "m": 0, "shape": 4}, ["sample", "m", "first"]),
    (libinterp.brownian, {"seed": 1, "sample": 0, "start": 0.0, "end": 1.0, "shape": 4},
     ["sample", "start", "end", "first"]),
]
#: what a value of this kind may be there
FINE = {"k": "function", "diffusion": "function", "prediction": "function", "time": "function", "values": "function",
        "inverse": "function"}


@pytest.mark.parametrize("maker, base, names", MAKERS)
def test_every_keyword(maker, base, names):
    for name in names:
        for value in WRONG:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    maker(**{**base, name: value})
                except (TypeError, ValueError, libinterp.Error) as error:
                    said = str(error)
                    assert not any(part in said for part in INSIDE if part not in repr(value)), (name, value, said)
                    if isinstance(error, TypeError) and not (callable(value) and FINE.get(name)):
                        assert name in said, (name, value, said)


def test_none_is_not_given():
    assert Plan(**{name: None for name in PLAN_FIELDS if name != "reversed"}) == Plan()
    with pytest.raises(TypeError, match="schedule: a Schedule or a name"):
        Model(schedule=None)


def test_given_and_not_read():
    """Also where the value is the default itself."""
    for options, name in (({"rho": 0}, "rho"), ({"eta": 1, "solver": "ddim"}, "eta"), ({"deviation": 1.75}, "deviation"),
                          ({"eta": 0, "k": 1}, "eta"), ({"u_start": 0, "nodes": [0, 0.5, 1]}, "u_start"),
                          ({"evaluations": 8, "nodes": [0, 0.5, 1]}, "evaluations"), ({"s_churn": 0}, "s_churn"),
                          ({"noise": "path"}, "noise"), ({"final_order": "full"}, "final_order"),
                          ({"last": "data"}, "last"), ({"k": 0, "diffusion": "sine"}, "k"),
                          ({"norm": 1, "k": 1}, "norm"), ({"steps_offset": 0}, "steps_offset"),
                          ({"nodes": [0, 1], "grid": "time"}, "nodes")):
        with pytest.raises(libinterp.InvalidError, match=f"^{name}: "):
            Plan(**options)
    for kind, options in (("linear", {"k": 0}), ("ve", {"sigma_data": 0.5}), ("vp", {"alphas_cumprod": TABLE}),
                          ("lazy", {"values": lambda t: (1 - t, t)})):
        with pytest.raises(libinterp.InvalidError, match="does not read it"):
            Schedule(kind, **options)
    with pytest.raises(libinterp.InvalidError, match="sigma_data"):
        Model("linear", "noise", sigma_data=0.5)


def test_a_start_inside():
    def network(x, t):
        return -x

    plan = Plan(u_start=0.6, evaluations=4)
    with pytest.warns(libinterp.Warning, match="u = 0.6"):
        plan.sample(network, (2, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plan.sample(network, data=np.zeros((2, 3), np.float32))
        Plan(u_start=1e-3, evaluations=4).sample(network, (2, 3))
    with pytest.raises(libinterp.InvalidError, match="noise alone"):
        Plan(evaluations=4).sample(network, data=np.zeros((2, 3), np.float32))
    with pytest.raises(libinterp.InvalidError, match="reversed"):
        Plan(evaluations=4, reversed=True).sample(network, (2, 3))


def test_a_start_inside_for_tensors():
    torch = pytest.importorskip("torch")

    def network(x, t):
        return -x

    with pytest.warns(libinterp.Warning, match="u = 0.6"):
        Plan(u_start=0.6, evaluations=4).sample(network, (2, 3), dtype=torch.float32, engine="torch")
    with pytest.raises(libinterp.InvalidError, match="noise alone"):
        Plan(evaluations=4).sample(network, data=torch.zeros(2, 3), engine="torch")


def test_the_list_of_keywords_is_whole():
    """PLAN_FIELDS are all that Plan knows."""
    known = set(inspect.signature(Plan.__init__).parameters) - {"self", "fields"}
    assert known <= set(PLAN_FIELDS)
    from libinterp import description
    assert set(PLAN_FIELDS) == known | {*description._REALS, *description._WHOLES, *description._CHOICES}


@pytest.mark.parametrize("make", [
    lambda: Schedule("lazy", s=0), lambda: Schedule("ve", sigma_max=0), lambda: Schedule("edm", sigma_data=0),
    lambda: Schedule("vp-sde", beta_max=0), lambda: Adaptive(safety=0), lambda: Adaptive(shrink=0),
    lambda: Adaptive(u_end=0), lambda: Covariance([1.0, 2.0], floor=0)])
def test_a_zero_is_not_taken_for_a_default(make):
    with pytest.raises(libinterp.InvalidError, match=": 0"):
        make()


def test_a_zero_is_none_of_it():
    def network(x, t):
        return -x / 2

    exact = Adaptive(rtol=0, atol=1e-6).sample(network, (2, 3), seed=1, dtype=np.float64)
    assert np.allclose(exact, Adaptive(rtol=0, atol=1e-9).sample(network, (2, 3), seed=1, dtype=np.float64), atol=1e-4)
    with pytest.raises(libinterp.InvalidError, match="rtol, atol"):
        Adaptive(rtol=0, atol=0).sample(network, (2, 3))
    with pytest.raises(libinterp.InvalidError, match="rtol: -1"):
        Adaptive(rtol=-1)
    assert Schedule("vp-sde", beta_min=0).eval(0.5).alpha != Schedule("vp-sde").eval(0.5).alpha
