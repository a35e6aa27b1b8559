"""Configurations of diffusers' schedulers to compare levels with, and a program that records them:

    PYTHONPATH=python python3 python/tests/diffusers_cases.py     (with diffusers; torchsde for two of the classes)

writes data/diffusers_levels.json (timesteps and sigmas of each) and data/diffusers_keys.json (every class's keys and
defaults), with which test_diffusers_levels.py compares where diffusers is not installed.
"""
import importlib
import inspect
import json
import pathlib
import pkgutil

import numpy as np

DATA = pathlib.Path(__file__).resolve().parent / "data"
NUMBERS = (1, 2, 3, 4, 5, 8, 20, 50)
RECORDED = (1, 6)
TWO_PER_STEP = ("HeunDiscreteScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler",
                "DPMSolverSDEScheduler", "FlowMatchHeunDiscreteScheduler")


def combined(*lists):
    found = [{}]
    for options in lists:
        found = [{**a, **b} for a in found for b in options]
    return found


LATENT = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
BETAS = [LATENT, {"beta_schedule": "squaredcos_cap_v2"}]
SPACED = combined([{"timestep_spacing": name} for name in ("linspace", "leading", "trailing")],
                  [{}, {"steps_offset": 1}])
SIGMAS = [{}, {"use_karras_sigmas": True}, {"use_exponential_sigmas": True}, {"use_beta_sigmas": True}]
FLOW = {"use_flow_sigmas": True, "prediction_type": "flow_prediction"}
ZERO_SNR = {"rescale_betas_zero_snr": True, "prediction_type": "v_prediction", **LATENT}
EDM = combined([{}, {"sigma_schedule": "exponential"}, {"sigma_schedule": "karras"}],
               [{}, {"sigma_max": 40.0, "sigma_min": 0.01, "rho": 5.0}])
VIDEO = {"sigma_min": 0.002, "sigma_max": 700.0, "timestep_type": "continuous", "prediction_type": "v_prediction"}


def _open():
    shared = combined(BETAS, SPACED, [{}]) + combined([LATENT], [{}], SIGMAS)
    multistep = shared + [{"use_lu_lambdas": True}, {"lambda_min_clipped": -3.0}, {"lambda_min_clipped": -5.1, **BETAS[1]},
                          {"final_sigmas_type": "sigma_min"}, {**FLOW, "flow_shift": 3.0}, ZERO_SNR]
    unipc = shared + [{**FLOW, "flow_shift": 3.0}, {**FLOW, "use_karras_sigmas": True}, {**FLOW, "shift_terminal": 0.1},
                      {**FLOW, "use_karras_sigmas": True, "sigma_min": 0.01, "sigma_max": 200.0}, ZERO_SNR]
    return {"DPMSolverMultistepScheduler": multistep, "UniPCMultistepScheduler": unipc,
            "DEISMultistepScheduler": shared + [{**FLOW, "flow_shift": 3.0}],
            "SASolverScheduler": shared + [{**FLOW, "flow_shift": 3.0}, {"lambda_min_clipped": -3.0}],
            "DPMSolverSinglestepScheduler": combined([LATENT], SIGMAS) + [{"lambda_min_clipped": -3.0},
                                                                         {**FLOW, "flow_shift": 3.0}]}


def _floating():
    plain = combined([LATENT], SPACED, SIGMAS[:2]) + combined([LATENT], SIGMAS[2:])
    euler = plain + combined([VIDEO], SIGMAS[1:]) + [
        ZERO_SNR, {"interpolation_type": "log_linear"}, {"timestep_type": "continuous", "prediction_type": "v_prediction"}]
    found = {name: plain for name in ("HeunDiscreteScheduler", "KDPM2DiscreteScheduler", "LMSDiscreteScheduler",
                                      "KDPM2AncestralDiscreteScheduler", "DPMSolverSDEScheduler")}
    return {**found, "EulerDiscreteScheduler": euler, "EulerAncestralDiscreteScheduler": combined([LATENT], SPACED)}


def _flows():
    whole = combined([{}, {"shift": 3.0}], SIGMAS) + [{"shift_terminal": 0.1}, {"shift": 3.0, "invert_sigmas": True}]
    return {"FlowMatchEulerDiscreteScheduler": whole, "FlowMatchLCMScheduler": whole,
            "FlowMatchHeunDiscreteScheduler": [{}, {"shift": 3.0}], "LTXEulerAncestralRFScheduler": [{}],
            "MiniMaxH3Scheduler": [{}, {"shift": 3.0}]}


CASES = {
    **{name: SPACED for name in ("DDIMScheduler", "DDIMParallelScheduler", "DDPMScheduler", "DDPMParallelScheduler",
                                 "PNDMScheduler")},
    **{name: [{**ZERO_SNR, "timestep_spacing": "trailing"}, {"snr_shift_scale": 2.0}]
       for name in ("CogVideoXDDIMScheduler", "CogVideoXDPMScheduler")},
    **_open(), **_floating(), **_flows(),
    "LCMScheduler": [{}, {"original_inference_steps": 100}], "TCDScheduler": [{}],
    "EDMEulerScheduler": EDM, "EDMDPMSolverMultistepScheduler": EDM, "CosineDPMSolverMultistepScheduler": EDM,
}


def rounded(values):
    return [float(f"{value:.6g}") for value in np.asarray(values, float)]


def theirs(name, options, n):
    """Timesteps and sigmas (None: it has none) of diffusers' own scheduler; None where it refuses."""
    import diffusers
    scheduler = getattr(diffusers, name)(**options)
    try:
        scheduler.set_timesteps(n)
    except Exception:
        return None
    sigmas = None if name in ("LCMScheduler", "TCDScheduler", "PNDMScheduler") else getattr(scheduler, "sigmas", None)
    return rounded(scheduler.timesteps), None if sigmas is None else rounded(sigmas)


def classes():
    """Every scheduler class of the installed diffusers, by name."""
    import diffusers.schedulers as package
    from diffusers.configuration_utils import ConfigMixin
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("scheduling_"):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            found.update({name: value for name, value in vars(loaded).items() if inspect.isclass(value) and issubclass(
                value, ConfigMixin) and value.__module__ == loaded.__name__})
    return found


def keys():
    """Of every class its keys, with their defaults."""
    return {name: {parameter.name: None if parameter.default is inspect.Parameter.empty else parameter.default
                   for parameter in list(inspect.signature(value.__init__).parameters.values())[1:]
                   if parameter.kind != inspect.Parameter.VAR_KEYWORD} for name, value in sorted(classes().items())}


def main():
    import diffusers
    about = f"of diffusers {diffusers.__version__}"
    rows = [[name, options, n, *theirs(name, options, n)] for name, each in CASES.items() for options in each
            for n in RECORDED if theirs(name, options, n)]
    lines = ",\n".join(json.dumps(row) for row in rows)
    (DATA / "diffusers_levels.json").write_text(
        f'{{"about": "class, options, steps, timesteps, sigmas {about}",\n"rows": [\n{lines}\n]}}\n')
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in keys().items())
    (DATA / "diffusers_keys.json").write_text(
        f'{{"about": "every scheduler class\'s keys and defaults {about}",\n"classes": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
