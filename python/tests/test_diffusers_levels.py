"""What from_config makes of diffusers' classes: their keys, their timesteps and noise levels, recorded from diffusers
0.42.1 (diffusers_cases.py; tests/peers/packages compares with an installed diffusers)."""
import inspect
import json
import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import libinterp  # noqa: E402
from diffusers_cases import CASES, DATA, TWO_PER_STEP  # noqa: E402
from libinterp.diffusers import Scheduler, families, supported  # noqa: E402

KEYS = json.loads((DATA / "diffusers_keys.json").read_text())["classes"]
ROWS = json.loads((DATA / "diffusers_levels.json").read_text())["rows"]


def made(name, options, n, **ours):
    """With a solver of one evaluation per step, so that there is one for each of their levels."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scheduler = Scheduler.from_config({"_class_name": name, **options}, **{"solver": "ddim", **ours})
    scheduler.set_timesteps(n)
    return scheduler


def distinct(values):
    """Theirs hold a level twice where a step has two evaluations."""
    return [value for i, value in enumerate(values) if i == 0 or value != values[i - 1]]


def known_slip(name, options, n):
    """Theirs is not a number, or starts a run of one step with the least sigma (linspace's first of one, turned)."""
    return n == 1 and (options.get("shift_terminal") or name.startswith(("EDM", "Cosine")) or
                       options.get("interpolation_type"))


def check(name, options, n, timesteps, sigmas):
    """as_diffusers: their sigmas, but for float32 (theirs; 4e-4 of 4096 at most) and for a last step that does nothing,
    which goes to the data here; their timesteps, but for whole numbers one off where float32 decides on which side of a
    half, or of a whole number, a value lies (and DPM-Solver's karras under squared cosines, which are cut, not rounded).
    """
    if known_slip(name, options, n):
        return
    scheduler = made(name, options, n, as_diffusers=True)
    told, levels = scheduler.timesteps.numpy().astype(float), scheduler.sigmas.numpy().astype(float)
    if name not in TWO_PER_STEP and name != "PNDMScheduler":  # those are told of the stages between, too
        whole = name not in ("EulerDiscreteScheduler",) and np.all(np.asarray(timesteps) % 1 == 0)
        assert len(told) == len(timesteps)
        assert np.allclose(told, timesteps, rtol=1e-4, atol=1.001 if whole and options.keys() & {
            "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas"
        } else 0.06), (name, options, n)
    if sigmas is None:
        return
    sigmas = distinct(sigmas) if name in TWO_PER_STEP else sigmas
    nothing = len(sigmas) > 1 and abs(sigmas[-1] / sigmas[-2] - 1) < 2e-3 if sigmas[-2] else False
    beyond = len(sigmas) - len(levels) if options.get("interpolation_type") else 0  # a 0 that their loop never reaches
    assert np.allclose(levels[:-1], sigmas[:len(levels) - 1], rtol=4e-4, atol=3e-6), (name, options, n)
    assert nothing or levels[-1] == pytest.approx(sigmas[-1 - beyond], rel=4e-4), (name, options, n)


def test_levels_are_theirs():
    for row in ROWS:
        check(*row)
    assert {row[0] for row in ROWS} == set(supported())


def test_levels_by_default():
    """Without as_diffusers only what docs/python.md lists differs: one step, FlowMatchEuler's second shift, timesteps
    that are rounded or cut, log_linear's timesteps."""
    for name, options, n, timesteps, sigmas in ROWS:
        if n == 1 or options.get("shift", 1) != 1 or sigmas is None:
            continue
        sigmas = distinct(sigmas) if name in TWO_PER_STEP else sigmas
        scheduler = made(name, options, n)
        levels = scheduler.sigmas.numpy().astype(float)
        assert np.allclose(levels[:-1], sigmas[:len(levels) - 1], rtol=4e-4, atol=3e-6), (name, options, n)
        if name not in TWO_PER_STEP and "log_linear" not in options.values():
            assert np.allclose(scheduler.timesteps.numpy(), timesteps, rtol=1e-4, atol=1.001), (name, options, n)


def test_every_class_is_read_or_refused_by_name():
    for name in (*KEYS, "NoSuchScheduler", "FlaxDDIMScheduler", "KarrasVeScheduler"):
        if name in supported():
            continue
        with pytest.raises(ValueError, match=name) as error:
            Scheduler.from_config({"_class_name": name, **KEYS.get(name, {})})
        assert "EulerDiscreteScheduler" in str(error.value)  # what is supported
    assert set(supported()) <= set(KEYS)


def test_every_class_has_their_keys_and_defaults():
    for name in supported():
        found = {key: [] if value == () else value for key, value in families._CLASSES[name].keys.items()}
        assert json.loads(json.dumps(found)) == KEYS[name], name


OTHERS = {
    "beta_schedule": "squaredcos_cap_v2", "trained_betas": [0.1, 0.2, 0.3], "prediction_type": "sample",
    "timestep_spacing": "trailing", "final_sigmas_type": "sigma_min", "time_shift_type": "linear",
    "interpolation_type": "log_linear", "timestep_type": "continuous", "sigma_schedule": "other",
    "variance_type": "learned", "algorithm_type": "other", "solver_type": "other", "disable_corrector": [1],
    "timestep_scaling": 1.0, "solver_p": "x", "tau_func": "x", "scale_factors": [2.0], "upscale_mode": "area", "noise_sampler_seed": 3,
    "sigma_min": 0.01, "sigma_max": 30.0, "shift_terminal": 0.2, "lambda_min_clipped": -4.0}


def other_value(name, key, value):
    if key in OTHERS:
        return OTHERS[key]
    return not value if isinstance(value, bool) else (value or 0) + 1


def outcome(name, key, value):
    """What is read, or the error."""
    changed = {key: value, **({"prediction_type": "v_prediction"} if key == "timestep_type" else {})}
    if key in ("flow_shift", "use_dynamic_shifting", "time_shift_type") and "use_flow_sigmas" in KEYS[name]:
        changed.update(use_flow_sigmas=True, prediction_type="flow_prediction")  # which they are keys of
    if key in ("euler_at_final", "lower_order_final") and "final_sigmas_type" in KEYS[name]:
        changed["final_sigmas_type"] = "sigma_min"  # a step to 0 is of order 1 in any case
    own = list(inspect.signature(Scheduler).parameters)
    try:
        return families.read({"_class_name": name, **changed}, {}, own)
    except libinterp.InvalidError as error:
        return str(error)


def test_every_key_is_honoured_or_refused_by_name():
    """A key with another value changes what is read, or is named in the error, or has no effect in diffusers."""
    for name in supported():
        for key, value in KEYS[name].items():
            plain = outcome(name, key, value)
            found = outcome(name, key, other_value(name, key, value))
            silent = found == plain and not (isinstance(found, str) and key in found)
            idle = key in families._CLASSES[name].idle or isinstance(plain, str)
            assert idle or not silent, (name, key, other_value(name, key, value))
            if isinstance(found, str) and not isinstance(plain, str):
                assert key in found, (name, key, found)


@pytest.mark.parametrize("bad, key", [
    ({"_class_name": "EulerDiscreteScheduler", "timestep_type": "continuous"}, "timestep_type"),
    ({"_class_name": "DDIMScheduler", "trained_betas": [0.1, 0.2]}, "trained_betas: '2 numbers'"),
    ({"_class_name": "UniPCMultistepScheduler", "prediction_type": "flow_prediction"}, "prediction_type.*use_flow_sigmas"),
    ({"_class_name": "UniPCMultistepScheduler", "use_flow_sigmas": True, "prediction_type": "v_prediction"},
     "prediction_type: 'v_prediction'"),
    ({"_class_name": "UniPCMultistepScheduler", **{"use_flow_sigmas": True, "prediction_type": "flow_prediction"},
      "final_sigmas_type": "sigma_min"}, "final_sigmas_type"),
    ({"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": True, "prediction_type": "flow_prediction",
      "use_karras_sigmas": True}, "use_karras_sigmas"),
    ({"_class_name": "EDMEulerScheduler", "prediction_type": "sample"}, "prediction_type: 'sample'"),
    ({"_class_name": "EDMEulerScheduler", "sigma_data": 0.0}, "sigma_data: 0.0"),
    ({"_class_name": "DDPMScheduler", "variance_type": "learned_range"}, "variance_type")], ids=lambda value: str(value)[:60])
def test_what_cannot_be_is_named(bad, key):
    with pytest.raises(ValueError, match=key):
        Scheduler.from_config(bad, solver="ddim")


def test_names_are_looked_up_when_it_is_made():
    for bad in ({"solver": "dpmp-2m"}, {"schedule": "lasy"}, {"grid": "karas"}):
        with pytest.raises(ValueError, match=list(bad)[0]):
            Scheduler(**bad)


def test_foreign_keys_are_said():
    theirs = {"_class_name": "DDIMScheduler", "skip_prk_steps": True}
    with pytest.warns(libinterp.Warning, match="skip_prk_steps.*DDIMScheduler"):
        Scheduler.from_config(theirs)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Scheduler.from_config({**theirs, "skip_prk_steps": False, "_diffusers_version": "0.42.1"})


@pytest.mark.parametrize("name", sorted(CASES))
def test_one_step_of_every_option(name):
    for options in CASES[name]:
        scheduler = made(name, options, 1)
        assert len(scheduler.timesteps) == 1 and torch.isfinite(scheduler.timesteps).all()
        x = torch.ones(2, 3)
        assert torch.isfinite(scheduler.step(x / 2, scheduler.timesteps[0], x).prev_sample).all(), options


def test_the_class_is_told_by_its_keys():
    """`scheduler.config` has no _class_name where the scheduler was not loaded from a file."""
    for name in supported():
        found = families._classes_of(dict(KEYS[name]))
        flow = found == ["FlowMatchEulerDiscreteScheduler"] and "shift" in KEYS[name]  # one family, with the same levels
        assert name in found or flow, (name, found)
    for name in ("LMSDiscreteScheduler", "LCMScheduler"):  # others have the same keys: no class, no solver
        with pytest.raises(ValueError, match="_class_name.*solver="):
            Scheduler.from_config(KEYS[name])
        Scheduler.from_config(KEYS[name], solver="ddim")
    assert not Scheduler.from_config({"beta_end": 0.01}, solver="ddim").config.clip_sample  # a guess, which clips nothing
    assert Scheduler.from_config({"use_karras_sigmas": True}).config.spacing_rule == "float"
    with pytest.raises(ValueError, match="_class_name"):
        Scheduler.from_config({"sigma_data": 0.5, "beta_start": 0.1})
