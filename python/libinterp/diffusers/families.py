"""diffusers' classes: their keys with their defaults, and what becomes of each.

Every key of a class is one of: a parameter of Scheduler under its own name; read by the class's method (methods.py); read
by `said` below; without effect in diffusers too (`idle`); or refused where it has another value than its neutral one
(`neutral`). python/tests/test_diffusers.py compares the keys with those of diffusers itself.
"""
from __future__ import annotations

import difflib
import warnings
from typing import Any, Callable, NamedTuple

from .. import errors
from . import methods
from .config import Config, plain, refused

#: the release whose classes and defaults these are
DIFFUSERS = "0.42.1"


class Family(NamedTuple):
    rule: str
    keys: dict[str, Any]
    method: methods.Method
    method_keys: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    neutral: dict[str, tuple[tuple[Any, ...], str]] = {}
    said: Callable[[Config], dict[str, Any]] = lambda config: {}
    said_keys: tuple[str, ...] = ()


_BETAS = dict(num_train_timesteps=1000, beta_start=0.0001, beta_end=0.02, beta_schedule="linear", trained_betas=None)
_LATENT = {**_BETAS, "beta_start": 0.00085, "beta_end": 0.012}
_PREDICTION = dict(prediction_type="epsilon")
_SPACING = dict(timestep_spacing="linspace", steps_offset=0)
_LEADING = {**_SPACING, "timestep_spacing": "leading"}
_THRESHOLD = dict(thresholding=False, dynamic_thresholding_ratio=0.995, sample_max_value=1.0)
_CLIP = dict(clip_sample=True, clip_sample_range=1.0)
_SIGMAS = dict(use_karras_sigmas=False, use_exponential_sigmas=False, use_beta_sigmas=False)
_FLOW = dict(use_flow_sigmas=False, flow_shift=1.0)
_DYNAMIC = dict(use_dynamic_shifting=False, time_shift_type="exponential")
_LAMBDA = dict(lambda_min_clipped=-float("inf"), variance_type=None)
_LEARNED = {"variance_type": ((None, "fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log"),
                              "doubles the network's channels: split its output and leave this key out")}

_DDIM = {**_BETAS, **_CLIP, **_LEADING, **_PREDICTION, **_THRESHOLD, "set_alpha_to_one": True,
         "rescale_betas_zero_snr": False}
_COGVIDEO = {**{key: value for key, value in _DDIM.items() if key not in ("thresholding", "dynamic_thresholding_ratio")},
             **_LATENT, "beta_schedule": "scaled_linear", "snr_shift_scale": 3.0}
_DDPM = {**{key: value for key, value in _DDIM.items() if key != "set_alpha_to_one"}, "variance_type": "fixed_small"}
_DPM = {**_BETAS, **_PREDICTION, **_THRESHOLD, **_SIGMAS, **_FLOW, **_LAMBDA, **_SPACING, **_DYNAMIC,
        "solver_order": 2, "algorithm_type": "dpmsolver++", "solver_type": "midpoint", "lower_order_final": True,
        "euler_at_final": False, "use_lu_lambdas": False, "final_sigmas_type": "zero", "rescale_betas_zero_snr": False}
_UNIPC = {**_BETAS, **_PREDICTION, **_THRESHOLD, **_SIGMAS, **_FLOW, **_SPACING, **_DYNAMIC, "solver_order": 2,
          "predict_x0": True, "solver_type": "bh2", "lower_order_final": True, "disable_corrector": [], "solver_p": None,
          "final_sigmas_type": "zero", "rescale_betas_zero_snr": False, "sigma_min": None, "sigma_max": None,
          "shift_terminal": None}
_DEIS = {**_BETAS, **_PREDICTION, **_THRESHOLD, **_SIGMAS, **_FLOW, **_SPACING, **_DYNAMIC, "solver_order": 2,
         "algorithm_type": "deis", "solver_type": "logrho", "lower_order_final": True}
_SA = {**_BETAS, **_PREDICTION, **_THRESHOLD, **_SIGMAS, **_FLOW, **_LAMBDA, **_SPACING, "predictor_order": 2,
       "corrector_order": 2, "tau_func": None, "algorithm_type": "data_prediction", "lower_order_final": True}
_EULER = {**_BETAS, **_PREDICTION, **_SIGMAS, **_SPACING, "interpolation_type": "linear", "sigma_min": None,
          "sigma_max": None, "timestep_type": "discrete", "rescale_betas_zero_snr": False, "final_sigmas_type": "zero"}
_ANCESTRAL = {**_BETAS, **_PREDICTION, **_SPACING, "rescale_betas_zero_snr": False}
_KDPM = {**_LATENT, **_PREDICTION, **_SIGMAS, **_SPACING}
_LCM = {**_DDIM, **_LATENT, "beta_schedule": "scaled_linear", "clip_sample": False, "original_inference_steps": 50,
        "timestep_scaling": 10.0}
_FLOW_MATCH = dict(num_train_timesteps=1000, shift=1.0, base_shift=0.5, max_shift=1.15, base_image_seq_len=256,
                   max_image_seq_len=4096, invert_sigmas=False, shift_terminal=None, **_DYNAMIC, **_SIGMAS)
_EDM = dict(sigma_min=0.002, sigma_max=80.0, sigma_data=0.5, sigma_schedule="karras", num_train_timesteps=1000,
            prediction_type="epsilon", rho=7.0, final_sigmas_type="zero")
_ORDERS = ("solver_order", "algorithm_type", "solver_type", "lower_order_final", "euler_at_final")


def _of_flows(config: Config) -> dict[str, Any]:
    """DPM-Solver's and its relatives' keys of flows are read with use_flow_sigmas."""
    if not config.use_flow_sigmas:
        if config.prediction_type == "flow_prediction":
            raise refused("prediction_type", "flow_prediction", "without use_flow_sigmas is the network of a flow at a "
                          "table's levels: set use_flow_sigmas")
        return {}
    if config.get("final_sigmas_type") == "sigma_min":
        raise refused("final_sigmas_type", "sigma_min", "is a table's level, and a flow ends at 0: take zero")
    spaced = next((name for name in _SIGMAS if config[name]), None)
    if spaced and "predict_x0" not in config:
        raise refused(spaced, True, "beside use_flow_sigmas gives levels alpha/beta of a table for those of a flow: "
                      "leave it out, or read the configuration as a FlowMatchEulerDiscreteScheduler's")
    return {"use_flow_sigmas": True, "shift": config.flow_shift, "lambda_min_clipped": -float("inf"),
            **{name: config[name] for name in _DYNAMIC if name in config}}


def _to_table_end(config: Config) -> dict[str, Any]:
    return _of_flows(config) or {"final_sigmas_type": "sigma_min"}


def _continuous(config: Config) -> dict[str, Any]:
    if config.timestep_type == "continuous" and config.prediction_type != "v_prediction":
        raise refused("timestep_type", "continuous", "is read beside prediction_type v_prediction only: take discrete")
    return {}


def _flow(config: Config) -> dict[str, Any]:
    return {"prediction_type": "flow_prediction"}


_FLOWS = ("use_flow_sigmas", "flow_shift")
_CLASSES: dict[str, Family] = {
    "DDIMScheduler": Family("closed", _DDIM, methods.fixed("ddim")),
    "DDIMParallelScheduler": Family("closed", _DDIM, methods.fixed("ddim")),
    "DDPMScheduler": Family("closed", _DDPM, methods.ddpm, ("variance_type",), neutral=_LEARNED),
    "DDPMParallelScheduler": Family("closed", _DDPM, methods.ddpm, ("variance_type",), neutral=_LEARNED),
    "PNDMScheduler": Family(
        "closed", {**_BETAS, **_LEADING, **_PREDICTION, "skip_prk_steps": False, "set_alpha_to_one": False},
        methods.pndm, ("skip_prk_steps",)),
    "CogVideoXDDIMScheduler": Family("closed", _COGVIDEO, methods.fixed("ddim"),
                                     idle=("clip_sample", "clip_sample_range", "sample_max_value")),
    "CogVideoXDPMScheduler": Family("closed", _COGVIDEO, methods.fixed("sde-dpmpp-2m"),
                                    idle=("clip_sample", "clip_sample_range", "sample_max_value")),
    "DPMSolverMultistepScheduler": Family("open", _DPM, methods.dpm_multistep, _ORDERS, neutral=_LEARNED,
                                          said=_of_flows, said_keys=_FLOWS),
    "DPMSolverSinglestepScheduler": Family(
        "open", {key: value for key, value in {**_DPM, "lower_order_final": False}.items() if key not in (
            "timestep_spacing", "steps_offset", "euler_at_final", "use_lu_lambdas", "rescale_betas_zero_snr")},
        methods.dpm_singlestep, _ORDERS[:-1], neutral=_LEARNED,
        said=lambda config: {"timestep_spacing": "linspace", **_of_flows(config)}, said_keys=_FLOWS),
    "UniPCMultistepScheduler": Family(
        "unipc", _UNIPC, methods.unipc,
        ("solver_order", "solver_type", "predict_x0", "lower_order_final", "disable_corrector", "solver_p"),
        said=_of_flows, said_keys=_FLOWS),
    "DEISMultistepScheduler": Family("open", _DEIS, methods.deis, _ORDERS[:-1], said=_to_table_end, said_keys=_FLOWS),
    "SASolverScheduler": Family(
        "open", _SA, methods.unknown("tau_func"),
        ("predictor_order", "corrector_order", "tau_func", "algorithm_type", "lower_order_final"), neutral=_LEARNED,
        said=_to_table_end, said_keys=_FLOWS),
    "EulerDiscreteScheduler": Family("float", _EULER, methods.fixed("ddim"), said=_continuous),
    "EulerAncestralDiscreteScheduler": Family("float", _ANCESTRAL, methods.fixed("euler-ancestral")),
    "HeunDiscreteScheduler": Family("float", {**_KDPM, **_CLIP, "clip_sample": False}, methods.fixed("edm-heun")),
    "KDPM2DiscreteScheduler": Family("float", _KDPM, methods.fixed("dpm-2s")),
    "KDPM2AncestralDiscreteScheduler": Family("float", _KDPM, methods.fixed("dpm-2-ancestral")),
    "LMSDiscreteScheduler": Family("float", {**_KDPM, **_BETAS}, methods.fixed("ab4", schedule="ve")),
    "DPMSolverSDEScheduler": Family(
        "float", {**_KDPM, "noise_sampler_seed": None}, methods.fixed("dpmpp-sde"),
        neutral={"noise_sampler_seed": ((None,), "is that of torchsde's tree: give noise_seed=, for libinterp's")}),
    "LCMScheduler": Family("lcm", _LCM, methods.lcm, ("timestep_scaling",),
                           ("set_alpha_to_one", "steps_offset", "timestep_spacing")),
    "TCDScheduler": Family("lcm", _LCM, methods.fixed("tcd"), (),
                           ("set_alpha_to_one", "steps_offset", "timestep_spacing", "timestep_scaling", "clip_sample",
                            "clip_sample_range", "thresholding", "dynamic_thresholding_ratio", "sample_max_value"),
                           said=lambda config: {"final_sigmas_type": "sigma_min"}),
    "FlowMatchEulerDiscreteScheduler": Family("closed", {**_FLOW_MATCH, "stochastic_sampling": False},
                                              methods.flow_euler, ("stochastic_sampling",), said=_flow),
    "FlowMatchHeunDiscreteScheduler": Family("closed", dict(num_train_timesteps=1000, shift=1.0), methods.fixed("heun"),
                                             said=_flow),
    "FlowMatchLCMScheduler": Family(
        "closed", {**_FLOW_MATCH, "scale_factors": None, "upscale_mode": "bicubic"},
        methods.fixed("lcm"), idle=("upscale_mode",), said=_flow,
        neutral={"scale_factors": ((None, []), "changes the size of the sample on the way, which a plan does not")}),
    "LTXEulerAncestralRFScheduler": Family("closed", dict(num_train_timesteps=1000, eta=1.0, s_noise=1.0),
                                           methods.ancestral_flow, ("eta", "s_noise"), said=_flow),
    "MiniMaxH3Scheduler": Family(
        "points", dict(shift=12.0), methods.fixed("euler"),
        said=lambda config: {**_flow(config), "invert_sigmas": True, "num_train_timesteps": 1}),
    "EDMEulerScheduler": Family("range", _EDM, methods.fixed("ddim")),
    "EDMDPMSolverMultistepScheduler": Family(
        "range", {**_EDM, **_THRESHOLD, **{key: _DPM[key] for key in _ORDERS}}, methods.dpm_multistep, _ORDERS),
    "CosineDPMSolverMultistepScheduler": Family(
        "range", {**_EDM, **{key: _DPM[key] for key in _ORDERS if key != "algorithm_type"}, "sigma_min": 0.3,
                  "sigma_max": 500, "sigma_data": 1.0, "sigma_schedule": "exponential",
                  "prediction_type": "v_prediction"},
        methods.cosine, tuple(key for key in _ORDERS if key != "algorithm_type"),
        said=lambda config: {"network_time": "angle"}),
}

#: the first that are tried for a configuration without a class, of some keys only
_GUESSED = ("DDIMScheduler", "EulerDiscreteScheduler")

#: classes that are something else than a solver on a network's noise levels
_OTHERS = {
    **dict.fromkeys(("AmusedScheduler", "BlockRefinementScheduler", "DiscreteDDIMScheduler", "EntropyBoundScheduler",
                     "VQDiffusionScheduler"), "samples tokens, not numbers"),
    **dict.fromkeys(("CMStochasticIterativeScheduler", "ConsistencyDecoderScheduler", "SCMScheduler",
                     "FlowMapEulerDiscreteScheduler", "PiflowScheduler"),
                    "belongs to a distilled network whose output is not a prediction at one noise level"),
    **dict.fromkeys(("DDIMInverseScheduler", "DPMSolverMultistepInverseScheduler"),
                    "goes from data to noise: take libinterp.Plan(reversed=True) and plan.sample(data=...)"),
    **dict.fromkeys(("HeliosScheduler", "HeliosDMDScheduler"), "changes the size of the sample on the way"),
    **dict.fromkeys(("ScoreSdeVeScheduler", "ScoreSdeVpScheduler", "KarrasVeScheduler"),
                    "has corrector steps or churn of its own"),
    "IPNDMScheduler": "starts at infinite sigma with a noise prediction, from which no data prediction follows (it divides "
                      "by 1e-8): take libinterp.Plan with solver ipndm-4 under ve from a finite sigma",
    "RePaintScheduler": "goes back and forth: hold the known part by `on_data` of libinterp.sample",
    "UnCLIPScheduler": "is told the next timestep by its pipeline: the same levels are a DDPMScheduler's with "
                       "timestep_spacing linspace and beta_schedule squaredcos_cap_v2",
    "DDPMWuerstchenScheduler": "has continuous times: take libinterp.Plan with a Schedule of your own",
    "RFD4ProteinaScheduler": "has a step of its own for each part of a structure",
}


def supported() -> list[str]:
    """Classes of diffusers whose configurations from_config reads."""
    return list(_CLASSES)


def _family(name: str) -> Family:
    if name in _CLASSES:
        return _CLASSES[name]
    if name in _OTHERS:
        raise refused("_class_name", name, f"{_OTHERS[name]}; read are the configurations of {', '.join(_CLASSES)}")
    near = difflib.get_close_matches(name, _CLASSES, 3, 0.6)
    raise refused("_class_name", name, f"is unknown{'; near are ' + ', '.join(near) if near else ''}; read are the "
                  f"configurations of {', '.join(_CLASSES)}")


def _classes_of(config: dict[str, Any]) -> list[str]:
    """By its name (files have it), or those whose keys these are, or else those that have them all."""
    if config.get("_class_name"):
        return [str(config["_class_name"])]
    keys = {key for key in config if key[0] != "_"}
    if "shift" in keys and keys <= set(_CLASSES["FlowMatchEulerDiscreteScheduler"].keys):
        return ["FlowMatchEulerDiscreteScheduler"]
    if config.get("algorithm_type") == "deis":
        return ["DEISMultistepScheduler"]
    exact = [name for name, family in _CLASSES.items() if keys == set(family.keys)]
    found = exact or [name for name in _GUESSED + tuple(_CLASSES) if keys <= set(_CLASSES[name].keys)][:1]
    if not found:
        raise refused("_class_name", None, "is wanted: no class of diffusers that is read has all of the keys "
                      f"{', '.join(sorted(keys))}")
    return found


def _defaults(name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Of the class; what a class that is guessed from some of its keys has besides does not clip."""
    known = bool(config.get("_class_name")) or set(config) >= set(_CLASSES[name].keys)
    return _CLASSES[name].keys if known else {**_CLASSES[name].keys, "clip_sample": False}


def _one_method(names: list[str], config: Config) -> dict[str, Any]:
    """The classes' own solver; classes with the same keys may be different solvers."""
    found = [_CLASSES[name].method(Config({**_CLASSES[name].keys, **config})) for name in names]
    if any(method != found[0] for method in found):
        raise refused("_class_name", None, f"is wanted, or solver=: {', '.join(names)} have the same keys")
    return found[0]


def read(config: Any, changes: dict[str, Any], own: list[str]) -> dict[str, Any]:
    """Keywords of Scheduler, whose parameters are `own`."""
    config = {key: plain(value) for key, value in dict(config).items()}
    if config.get("_class_name") == "Scheduler":
        return {**{key: config[key] for key in config if key[0] != "_"}, **changes}
    ours = {key: config.pop(key) for key in list(config) if key in own and key not in _ALL}
    theirs = {key: plain(value) for key, value in changes.items() if key in _ALL and key not in own}
    config.update(theirs)
    ours.update({key: value for key, value in changes.items() if key not in theirs})
    names = _classes_of(config)
    family = _family(names[0])
    _foreign(names[0], family, config)
    config.update({key: value for key, value in ours.items() if key in family.keys})
    method = {} if "solver" in ours else _one_method(names, Config(config))
    whole = Config({**_defaults(names[0], config), **config})
    return {**_levels(family, whole, own), **method, **ours}


def _levels(family: Family, config: Config, own: list[str]) -> dict[str, Any]:
    """All but the solver."""
    for key, (values, why) in family.neutral.items():
        if config[key] not in values:
            raise refused(key, config[key], why)
    passed = {key: config[key] for key in family.keys if key in own and key not in family.method_keys + family.idle +
              family.said_keys and key not in family.neutral}
    said = {"spacing_rule": family.rule, **passed, **family.said(config)}
    if not said.get("use_flow_sigmas") and said.get("prediction_type") != "flow_prediction":
        said.pop("use_dynamic_shifting", None)  # of flows only, there too
    return said


#: every key of every class
_ALL = frozenset(key for family in _CLASSES.values() for key in family.keys)


def _foreign(name: str, family: Family, config: dict[str, Any]) -> None:
    """Keys that the class has not, with a value that would mean something in another class: diffusers carries them
    along without effect."""
    for key, value in config.items():
        defaults = [other.keys[key] for other in _CLASSES.values() if key in other.keys]
        if key[0] != "_" and key not in family.keys and value and value not in defaults:
            warnings.warn(f"{key}: {value!r} is without effect in {name}, there as here; leave it out, or say in "
                          "_class_name which class it is meant for", errors.Warning, stacklevel=5)
