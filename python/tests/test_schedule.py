import math

import numpy as np
import pytest

import libinterp
from libinterp import Model, Plan, Schedule


def test_golden_values():
    point = Schedule("lazy", k=0.5).eval(0.25)
    assert point.alpha == pytest.approx(0.578230285433, abs=1e-12)
    assert point.beta == 0.25
    assert point.eps_star == pytest.approx(1.058267367979, abs=1e-11)
    assert Schedule("lazy", k=2, s=1.5).eval(0.25).alpha == pytest.approx(0.462307035727, abs=1e-12)
    assert Schedule("point-mass", clock="angle").eval(0.25).beta == pytest.approx(0.146446609407, abs=1e-12)


def test_arrays_and_ends():
    t = np.linspace(0, 1, 5).reshape(1, 5)
    point = Schedule("vp").eval(t)
    assert point.alpha.shape == t.shape
    assert np.allclose(point.alpha, np.cos(np.pi * t / 2)) and np.allclose(point.beta, np.sin(np.pi * t / 2))
    assert point.r[0, -1] == math.inf and point.log_r[0, 0] == -math.inf
    assert isinstance(Schedule().eval(0.3).alpha, float)


def test_inverses():
    schedule, u = Schedule("vp-sde", beta_max=12), np.linspace(0.2, 0.9, 7)
    assert np.allclose(schedule.eval(schedule.time_of_u(u)).u, u)
    assert np.allclose(schedule.eval(schedule.time_of_r(u)).r, u)
    with pytest.raises(ValueError):
        Schedule().time_of_u(1.5)


def test_conversion_and_variance():
    at = Schedule().convert(Schedule("point-mass"), 0.25)
    assert (at.tau, at.c, at.dtau) == pytest.approx((0.366025403784, 0.683012701892, 0.618802153517), abs=1e-11)
    assert Schedule("point-mass").variance(0.2, 0.7) == pytest.approx(0.5)


def test_tables():
    alphas_cumprod = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))
    table = Schedule("table", alphas_cumprod=alphas_cumprod)
    n = np.array([0, 17, 500, 999])
    assert np.allclose(table.eval(1 - n / 999).beta, np.sqrt(alphas_cumprod[n]))
    pair = Schedule("table", alpha=np.linspace(1, 0, 11), beta=np.linspace(0, 1, 11))
    assert pair.eval(0.3).u == pytest.approx(0.3)
    with pytest.raises(ValueError):
        Schedule("table", alpha=[1, 0], beta=[0, 0.5, 1])
    with pytest.raises(libinterp.InvalidError) as caught:
        Schedule("table", alphas_cumprod=[0.5, 0.9, 0.1])
    assert caught.value.status == -10  # ITP_E_SCHEDULE


def test_user_schedules(gaussian):
    plain = Schedule("user", values=lambda t: (1 - t, t))
    full = Schedule("user", values=lambda t: (1 - t, t, -1.0, 1.0),
                    inverse=lambda r: r / (1 + r) if r < np.inf else 1.0)
    x = Plan(evaluations=5).sample(gaussian, (3, 4), dtype=np.float64)
    for schedule in (plain, full):
        assert np.allclose(Plan(schedule, evaluations=5).sample(gaussian, (3, 4), dtype=np.float64), x, atol=1e-9)
        assert Schedule("vp").convert(schedule, 0.3).c == pytest.approx(math.hypot(0.3, 0.7))


class Mine(Exception):
    pass


def failing(*ignored):
    raise Mine("in a callback")


def test_exceptions_of_callbacks_are_themselves():
    armed = []

    def values(t):
        if armed:
            raise Mine("later")
        return 1 - t, t

    schedule = Schedule("user", values=values)
    armed.append(1)
    with pytest.raises(Mine):
        schedule.eval(0.5)
    with pytest.raises(Mine):
        Plan(schedule)
    for make in (lambda: Schedule("user", values=failing), lambda: Plan(k=failing, schedule="point-mass"),
                 lambda: Plan(diffusion=failing, solver="euler-maruyama"), lambda: Plan(model=Model(time=failing)),
                 lambda: Plan(model=Model(prediction=failing))):
        with pytest.raises(Mine):
            make()
    assert Schedule().eval(0.5).alpha == 0.5  # nothing is left behind


def test_models(gaussian):
    """One network under every prediction gives one sample."""
    x = Plan(evaluations=6).sample(gaussian, (2, 3), dtype=np.float64, seed=4)

    def network(name):
        model = Model(prediction="velocity")

        def call(y, t):
            a, b = model.scalars(t, name)
            return a * y + b * gaussian(y, t)
        return call

    for name in ("data", "negative-velocity", "noise", "score", "salimans-v"):
        if name in ("noise", "score"):  # they say nothing at t = 0
            plan = Plan(model=Model(prediction=name), solver="ddim", nodes=np.linspace(0.1, 1, 7))
            same = Plan(solver="ddim", nodes=np.linspace(0.1, 1, 7)).sample(gaussian, (2, 3), dtype=np.float64, seed=4)
        else:
            plan, same = Plan(model=Model(prediction=name), evaluations=6), x
        assert np.allclose(plan.sample(network(name), (2, 3), dtype=np.float64, seed=4), same, atol=1e-12), name


def test_models_of_the_user(gaussian):
    affine = Model(prediction=lambda at: (1.0, 1 - at.t), time=lambda at: 100 * at.t)  # velocity: data = x + (1-t) F
    assert affine.time_at(0.25) == 25
    x = Plan(model=affine, solver="ddim").sample(lambda y, t: gaussian(y, t / 100), (2, 3))
    assert np.allclose(x, Plan(solver="ddim").sample(gaussian, (2, 3)), atol=1e-6)
    assert Model(time="1000(1-t)").time_at(0.25) == 750
