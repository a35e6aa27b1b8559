"""diffusers' schedulers: every option of every class that libinterp.diffusers reads, one after the other, in a loop.

What an option does alone is seen beside the class's defaults, and beside the switches that make it effective. Where ours
refuses, its sentence is the row; where the numbers differ the reason is in APART, and a difference that is not there fails.
"""
import sys
import warnings

import pytest

from rows import add_row, peer

torch, diffusers = peer("torch"), peer("diffusers")

from libinterp import InvalidError  # noqa: E402
from libinterp.diffusers import Scheduler, supported  # noqa: E402
from libinterp.diffusers.families import _CLASSES  # noqa: E402
from test_diffusers_loops import network, scale_of  # noqa: E402

V = {"prediction_type": "v_prediction"}
FLOW = {"use_flow_sigmas": True, "prediction_type": "flow_prediction"}
THRESHOLD = {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5}
#: values of each key, with what they need to be read
VALUES = {
    "num_train_timesteps": [500], "beta_start": [0.0005], "beta_end": [0.012],
    "beta_schedule": ["scaled_linear", "squaredcos_cap_v2"], "trained_betas": [[0.001 + 0.00001 * i for i in range(1000)]],
    "prediction_type": ["epsilon", "v_prediction", "sample"], "timestep_spacing": ["linspace", "leading", "trailing"],
    "steps_offset": [1], "clip_sample": [True, False], "clip_sample_range": [{"clip_sample": True, "clip_sample_range": 0.7}],
    "thresholding": [THRESHOLD], "dynamic_thresholding_ratio": [], "sample_max_value": [],
    "set_alpha_to_one": [True, False], "rescale_betas_zero_snr": [True],
    "snr_shift_scale": [1.0, 2.0], "use_karras_sigmas": [True], "use_exponential_sigmas": [True], "use_beta_sigmas": [True],
    "use_lu_lambdas": [True], "use_flow_sigmas": [FLOW, {**FLOW, "prediction_type": "sample"}],
    "flow_shift": [{**FLOW, "flow_shift": 3.0}], "lambda_min_clipped": [-3.0, -5.1],
    "variance_type": ["fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log", "learned", "learned_range"],
    "solver_order": [1, 2, 3], "algorithm_type": ["dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver", "deis"],
    "solver_type": ["midpoint", "heun", "logrho", "bh1", "bh2"], "lower_order_final": [True, False],
    "euler_at_final": [True], "final_sigmas_type": ["zero", "sigma_min"], "predict_x0": [True, False],
    "disable_corrector": [[0]], "solver_p": [], "sigma_min": [0.01, 0.4], "sigma_max": [40.0], "sigma_data": [1.0],
    "sigma_schedule": ["karras", "exponential"], "rho": [{"sigma_schedule": "karras", "rho": 5.0}],
    "shift": [3.0], "shift_terminal": [0.1], "invert_sigmas": [True], "stochastic_sampling": [True],
    "use_dynamic_shifting": [True], "time_shift_type": [{"use_dynamic_shifting": True, "time_shift_type": "linear"}],
    "base_shift": [], "max_shift": [], "base_image_seq_len": [], "max_image_seq_len": [], "interpolation_type": ["log_linear"],
    "timestep_type": [{**V, "timestep_type": "continuous", "sigma_min": 0.002, "sigma_max": 700.0, "use_karras_sigmas": True}],
    "original_inference_steps": [100], "timestep_scaling": [10.0, 5.0], "skip_prk_steps": [True], "eta": [0.0, 0.5],
    "s_noise": [0.9], "predictor_order": [1, 3], "corrector_order": [0, 3], "tau_func": [], "noise_sampler_seed": [3],
    "scale_factors": [[0.5, 1.0]], "upscale_mode": [],
}
#: beside what the options are tried
BASES = {"use_dynamic_shifting": {"use_flow_sigmas": True, "prediction_type": "flow_prediction"},
         "time_shift_type": {"use_flow_sigmas": True, "prediction_type": "flow_prediction"},
         "shift_terminal": {"use_flow_sigmas": True, "prediction_type": "flow_prediction"}}
#: (classes, option, why): what is not the same; docs/peers.md has them in full
CLOSED = ("DDIMScheduler", "DDIMParallelScheduler", "CogVideoXDDIMScheduler", "CogVideoXDPMScheduler")
OPEN = ("DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "DEISMultistepScheduler")
AT_ZERO = "theirs ends in a step that does nothing, ours goes to the data"
LONG = "theirs extrapolates over a step from sigma 7 to .01, ours lowers its order there"
FLOAT32 = "theirs at sigma 4096 in float32"
APART = [
    (CLOSED + ("PNDMScheduler",), "linspace", "theirs steps to t - T/n, which linspace's next timestep is not"),
    (CLOSED, "'set_alpha_to_one': False", AT_ZERO), (("PNDMScheduler",), "", AT_ZERO), (OPEN, "use_beta_sigmas", LONG),
    (OPEN + ("EulerAncestralDiscreteScheduler",), "rescale_betas_zero_snr", FLOAT32),
    (("DEISMultistepScheduler",), "squaredcos", "theirs at sigma 20291 in float32"),
    (("DEISMultistepScheduler",), "sigmas", "theirs keeps the last level's noise"),
    (("DEISMultistepScheduler",), "use_dynamic_shifting", "theirs keeps the last level's noise"),
    (("EulerDiscreteScheduler", "EDMEulerScheduler", "EDMDPMSolverMultistepScheduler", "CosineDPMSolverMultistepScheduler"),
     "sigma_min'}", AT_ZERO),
    (("HeunDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler"), "squaredcos",
     "theirs extrapolates over a step from sigma 20291 to 6, ours lowers its order there"),
    (("FlowMatchLCMScheduler",), "invert_sigmas", "theirs takes 1 - sigma for the noise level"),
]


def options_of(name):
    """The options to try of a class: none, then every value of every key."""
    keys = _CLASSES[name].keys
    plain = {"clip_sample": False, **({} if name == "PNDMScheduler" else V)}
    base = {key: value for key, value in plain.items() if key in keys}
    tried = [({}, {}), ({}, base)] if base else [({}, {})]
    for key in keys:
        for value in VALUES[key]:
            with_value = value if isinstance(value, dict) else {key: value}
            more = {k: v for k, v in BASES.get(key, {}).items() if k in keys}
            tried.append((with_value, {**base, **more, **with_value}))
    return tried


def given_of(options):
    return {"mu": 1.15} if options.get("use_dynamic_shifting") else {}


def whole_loop(scheduler, x, n, given):
    torch.manual_seed(5)
    scheduler.set_timesteps(n, **given)
    if hasattr(scheduler, "noise_sampler"):  # torchsde's tree otherwise
        scheduler.noise_sampler = lambda a, b: torch.randn_like(x)
    old, times = None, list(scheduler.timesteps)
    # what ours does in any case (docs/python.md, Clipping)
    more = {"use_clipped_model_output": True} if type(scheduler).__name__.startswith("DDIM") else {}
    for i, t in enumerate(times):
        seen = scheduler.scale_model_input(x, t) if hasattr(scheduler, "scale_model_input") else x
        output = network(seen, t)
        if type(scheduler).__name__ == "CogVideoXDPMScheduler":  # as its pipeline calls it; it draws twice and uses one
            once = torch.randn_like(x) if i < len(times) - 1 else 0 * x
            sys.modules[type(scheduler).__module__].randn_tensor = lambda *_, **__: once
            x, old = scheduler.step(output, old, t, times[i - 1] if i else None, x, return_dict=False)
        else:
            x = scheduler.step(output, t, x, return_dict=False, **more)[0]
    return x


def budget(scheduler, n, count, given):
    for asked in (n, count, *range(1, 2 * n)):
        scheduler.set_timesteps(asked, **given)
        if len(scheduler.timesteps) == count:
            return asked
    return n


def draws(name, options):
    return any(word in name for word in ("Ancestral", "DDPM", "LCM", "TCD", "SDE", "Cosine", "CogVideoXDPM", "SASolver")) or \
        "sde" in str(options) or "stochastic" in str(options)


def difference(name, options, n):
    """Of the results, relative to the greatest value; or why there is none."""
    given = given_of(options)
    x = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = x.float() if draws(name, options) else x  # as they draw
    try:
        own = getattr(diffusers, name)(**options)
        own.set_timesteps(n, **given)
        count, scale = len(own.timesteps), scale_of(own, "EDM" if "Cosine" in name else name)
        want = whole_loop(own, x * scale, n, given)
    except Exception as error:
        return f"theirs: {type(error).__name__} {str(error)[:90]}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ours = Scheduler.from_config({**own.config, "_class_name": name}, as_diffusers=True)
        except InvalidError as error:
            return f"refused: {error}"
    got = whole_loop(ours, x, budget(ours, n, count, given), given)
    assert torch.isfinite(got).all()
    return float((got - want).abs().max() / want.abs().max())


def why_apart(name, text):
    return next((why for classes, part, why in APART if name in classes and part in text), None)


def verdict_of(name, text, found):
    """What a row says of a difference, and whether it is one that nothing explains."""
    if isinstance(found, str):
        return found, False
    if found != found:
        return "theirs is not a number", False
    if found < 5e-4:
        return "same", False
    return why_apart(name, text) or "DIFFERS", why_apart(name, text) is None


def named(shown, options):
    if not shown:
        return f"{options} (base)" if options else "defaults"
    return str({key: "..." if key == "trained_betas" else value for key, value in shown.items()})


@pytest.mark.parametrize("name", supported())
def test_every_option(name):
    bad = []
    for shown, options in options_of(name):
        text, found = named(shown, options), difference(name, options, 10)
        verdict, unexplained = verdict_of(name, text, found)
        add_row("diffusers", name, text, "-" if isinstance(found, str) else found, verdict)
        if unexplained:
            bad.append((text, found))
    assert not bad, bad
