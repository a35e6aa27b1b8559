import copy
import os
import signal
import threading

import numpy as np
import pytest

import libinterp
from libinterp import Model, Plan

SHAPE = (24, 4)


def error(plan, network, seeds=range(1000, 1016)):
    shape = (len(seeds), *SHAPE[1:])
    fine = Plan(solver="rk4", evaluations=512).sample(network, shape, seeds=seeds, dtype=np.float64)
    return np.sqrt(((plan.sample(network, shape, seeds=seeds, dtype=np.float64) - fine) ** 2).mean())


def test_a_fit_is_nearer_on_unseen_seeds(curved):
    plan, reports = Plan(solver="ab2", evaluations=4), []
    better = plan.fit(curved, SHAPE, iterations=4, dtype=np.float64, name="curved", progress=reports.append)
    assert error(better, curved) < 0.3 * error(plan, curved)
    assert better.report.after_held_out < better.report.before_held_out and better.report.evaluations > 0
    assert better.origin.network == "curved" and better.origin.count == SHAPE[0] and plan.origin is None
    assert reports and reports[-1].iterations == better.report.iterations


def test_a_fitted_plan_is_saved_with_its_origin(curved, json_plans):
    better = Plan(evaluations=2).fit(curved, SHAPE, iterations=1, name="curved")
    again = Plan.from_json(better.to_json())
    assert again == better and again.origin == better.origin is not None


def test_a_loaded_plan_wants_its_model(curved, json_plans):
    loaded = Plan.from_json(Plan(evaluations=3).to_json())
    with pytest.raises(ValueError, match="model"):
        loaded.fit(curved, SHAPE)
    report = loaded.fit(curved, SHAPE, model=Model(), iterations=2).report
    assert report.after_held_out < report.before_held_out


def test_features_and_stop(curved):
    calls = []
    better = Plan(evaluations=3).fit(curved, SHAPE, iterations=3, features=lambda x: x[:, :2], feature_count=2,
                                     progress=lambda report: calls.append(report) or len(calls) == 2)
    assert len(calls) == 2 and better.report.after_held_out <= better.report.before_held_out


def test_given_ends(curved):
    """End points of one fit serve the next."""
    ends = np.zeros(SHAPE)
    first = Plan(solver="ab2", evaluations=3).fit(curved, SHAPE, dtype=np.float64, iterations=1, ends_out=ends)
    fine = Plan(solver="rk4", evaluations=512).sample(curved, SHAPE, dtype=np.float64)
    assert np.abs(ends - fine).max() < 0.02
    second = Plan(solver="ab2", evaluations=3).fit(curved, SHAPE, dtype=np.float64, iterations=1, ends=ends,
                                                   starts=[Plan("lazy", "ab2", 3)])
    assert second.report.reference_evaluations < first.report.reference_evaluations
    with pytest.raises(ValueError, match="ends"):
        Plan(evaluations=3).fit(curved, SHAPE, ends=ends)  # they are float64


def test_budgets_build_on_each_other(curved):
    """A plan fitted for fewer evaluations is a start for more."""
    three = Plan(solver="ab2", evaluations=3).fit(curved, SHAPE, dtype=np.float64, greedy=False)
    four = Plan(evaluations=4).fit(curved, SHAPE, dtype=np.float64, greedy=False, starts=[three])
    assert four.report.starts == 1 + 3 and four.report.after_held_out <= three.report.after_held_out * (1 + 1e-9)
    with pytest.raises(ValueError, match="starts"):
        three.fit(curved, SHAPE, starts=[four])


def answered(step, network):
    step.out[...] = network(step.x, step.time)
    if step.out2 is not None:
        step.out2[...] = step.out - 0.1


@pytest.mark.parametrize("options", [{}, {"guidance": 2.0, "guidance_interval": (0.2, 0.6)}, {"outputs": 2, "batch": 5}])
def test_step_by_step_is_the_same(curved, options):
    plan = Plan(solver="ab2", evaluations=4)

    def network(x, t, out2=None):
        out = curved(x, t)
        return out if out2 is None else (out, out - np.float32(0.1))

    want = plan.fit(network, SHAPE, iterations=2, name="curved", **options)
    fits = [plan.fit_steps(SHAPE, iterations=2, name="curved", **options) for _ in range(2)]
    for one, two in zip(*fits):  # side by side
        assert fits[0].next() is one and one is not two and not one.x.flags.writeable
        answered(one, curved)
        answered(two, curved)
    for fit in fits:
        for step in fit:
            answered(step, curved)
        assert fit.next() is None and fit.report == want.report and fit.plan() == want == fit.plan()
        assert fit.plan().report == want.report and fit.plan().origin == want.origin


def test_left_early(curved):
    fit = Plan(evaluations=3).fit_steps(SHAPE)
    with pytest.raises(libinterp.StateError, match="judged"):
        fit.plan()
    with pytest.raises(libinterp.StateError, match="itp_fit_next"):
        fit.submit()
    for step in fit:
        answered(step, curved)
        if fit.report.iterations == 1:
            break
    assert fit.plan().report.after_held_out <= fit.report.before_held_out
    with pytest.raises(TypeError):
        copy.copy(fit)


def test_unwritten_outputs_are_noticed(curved):
    fit = Plan(evaluations=3).fit_steps(SHAPE, guidance=2.0)
    step = fit.next()
    step.out[...] = 0
    with pytest.raises(libinterp.NonFiniteError, match="out2"):
        fit.submit()
    answered(step, curved)
    fit.submit()
    assert fit.next() is not step


def test_settings_that_nothing_reads(curved):
    for options, word in (({"guidance_interval": (0.2, 1)}, "guidance_low"), ({"feature_count": 2}, "features"),
                          ({"ends": np.zeros(SHAPE, np.float32), "tolerance": 0.1}, "tolerance")):
        with pytest.raises(libinterp.InvalidError, match=word):
            Plan(evaluations=3).fit(curved, SHAPE, **options)
    report = Plan(evaluations=3).fit(curved, SHAPE, gain=0, race=0, iterations=1).report
    assert report.after_held_out <= report.before_held_out


class Mine(Exception):
    pass


def test_exceptions_are_themselves(curved):
    mine, calls = Mine(), []

    def network(x, t):
        calls.append(t)
        if len(calls) > 5:
            raise mine
        return curved(x, t)

    with pytest.raises(Mine) as caught:
        Plan(evaluations=3).fit(network, SHAPE)
    assert caught.value is mine and len(calls) == 6

    def raising(*ignored):
        raise mine

    for option in ({"progress": raising}, {"features": raising, "feature_count": 1}):
        with pytest.raises(Mine):
            Plan(evaluations=3).fit(curved, SHAPE, **option)
    with pytest.raises(ValueError, match="shape"):
        Plan(evaluations=3).fit(lambda x, t: x[:, :1], SHAPE)
    with pytest.raises(libinterp.InvalidError):
        Plan("lazy", k=1, evaluations=3).fit(curved, SHAPE)


def test_ctrl_c_at_any_moment(curved, capfd):
    """The signal may come inside the network, or in the library between two calls of it."""
    plan = Plan(evaluations=8)
    for delay in np.linspace(0.02, 0.1, 12):
        timer = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            plan.fit(curved, (256, 64), iterations=1000, reference_rows=64, reference_solver="rk4", tolerance=1)
        timer.join()
    assert "ignored" not in capfd.readouterr().err


def test_a_plan_of_a_ddpm_table_is_fitted():
    """Its network's schedule ends before u = 1: the library's reference and the greedy rows have to, too."""
    alphas_cumprod = np.cumprod(1 - np.linspace(1e-4, 0.02, 300))
    model = Model(libinterp.Schedule("table", alphas_cumprod=alphas_cumprod), "noise", "index")

    def network(x, index):  # E[Z | x] for N(0, 1) data is alpha x; bent
        return np.float32(np.sqrt(1 - np.interp(index, np.arange(300), alphas_cumprod))) * np.tanh(x)

    for grid in "trailing", "lambda":
        report = Plan(None, "dpmpp-2m", 4, model, grid=grid, final_order="lower").fit(network, SHAPE, iterations=2).report
        assert report.after_held_out <= report.before_held_out


def test_a_network_without_an_end_is_fitted() -> None:
    """A denoiser half a per cent off: no refinement agrees, so the end is the data prediction at a place that is said."""
    def denoiser(x: np.ndarray, t: float) -> np.ndarray:
        return (np.float32(.995) * t / ((1 - t) ** 2 + t ** 2) * x).astype(np.float32)

    plan, seen = libinterp.Plan(None, "ab2", 4, libinterp.Model("linear", "data")), []
    with pytest.warns(libinterp.Warning, match="u = 0.998"):
        better = plan.fit(denoiser, (64, 16), progress=lambda report: seen.append(report.reference_rows))
    assert abs(better.report.u_last - 1 / 1.002) < 1e-12 and seen[:2] == [32, 64]
    assert better.report.after_test < .01 * better.report.before_test
    assert better.solver == "fitted" and better.origin.test == 16
    elsewhere = plan.fit(denoiser, (64, 16), u_last=.97, test=4)
    assert elsewhere.report.u_last == .97 and elsewhere.origin.test == 4
    with pytest.warns(libinterp.Warning, match="fitted with 1"):
        better.sample(lambda x, t: (denoiser(x, t), denoiser(x, t)), (1, 16), seed=1, guidance=3.0)


def test_one_plan_for_a_range_of_scales(curved) -> None:
    def both(x: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray]:
        return curved(x, t), (.8 * curved(x, t)).astype(x.dtype)

    better = Plan(solver="ab2", evaluations=4).fit(both, SHAPE, guidance=(1.0, 4.0), iterations=2)
    assert (better.origin.guidance, better.origin.guidance_most) == (1.0, 4.0)
    assert better.report.after_test < better.report.before_test
