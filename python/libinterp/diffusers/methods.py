"""The solver that a class of diffusers is, by its keys: keywords of Scheduler. None: there is none here."""
from __future__ import annotations

from typing import Any, Callable

from .config import Config, refused

_TYPES = ("midpoint", "heun", "logrho", "bh1", "bh2")  # all of them read any, and take those of others for their own
Method = Callable[[Config], "dict[str, Any]"]
OTHER = "has no solver here that gives the same numbers: choose one with solver="


def fixed(solver: str, **options: Any) -> Method:
    return lambda config: {"solver": solver, **options}


def unknown(key: str, value: Any = None) -> Method:
    def method(config: Config) -> dict[str, Any]:
        raise refused(key, config.get(key) or value, OTHER)

    return method


def _is(config: Config, key: str, *values: Any) -> Any:
    if config[key] not in values:
        raise refused(key, config[key], OTHER)
    return config[key]


def ddpm(config: Config) -> dict[str, Any]:
    _is(config, "variance_type", "fixed_small", "fixed_small_log")
    return {"solver": "ddpm"}


def pndm(config: Config) -> dict[str, Any]:
    _is(config, "skip_prk_steps", False)
    _is(config, "prediction_type", "epsilon")  # of a v_prediction they average v at different levels
    return {"solver": "pndm"}


def _final(config: Config) -> str:
    """A last step of order 1 is made in short runs, and where it ends at infinite signal to noise in any case."""
    last = config.get("final_sigmas_type") == "sigma_min" and config.get("euler_at_final")
    if last and not (config.solver_order <= 2 or config.lower_order_final):
        raise refused("euler_at_final", True, "with final_sigmas_type sigma_min and lower_order_final False " + OTHER)
    if last and config.solver_order <= 2:
        return "lower"
    return "short" if config.lower_order_final else "full"


def dpm_multistep(config: Config) -> dict[str, Any]:
    order = _is(config, "solver_order", 1, 2, 3)
    names = {"dpmsolver++": "dpmpp", "deis": "dpmpp", "dpmsolver": "dpm", "sde-dpmsolver++": "sde-dpmpp",
             "sde-dpmsolver": "sde-dpm"}
    name = names[_is(config, "algorithm_type", *names)]
    if name.startswith("sde") and order == 3:  # their weights of order 3 are not those of sde-dpmpp-3m (k-diffusion's)
        raise refused("solver_order", 3, f"of algorithm_type {config.algorithm_type} {OTHER}")
    if order == 1:
        return {"solver": f"{name}-1" if name.startswith("sde") else "ddim"}
    heun = "-heun" if _is(config, "solver_type", *_TYPES) == "heun" else ""
    return {"solver": f"{name}-{order}m{heun}", "final_order": _final(config)}


def cosine(config: Config) -> dict[str, Any]:
    """Always with noise, of a Brownian tree there."""
    return dpm_multistep(Config(config, algorithm_type="sde-dpmsolver++"))


def dpm_singlestep(config: Config) -> dict[str, Any]:
    order = _is(config, "solver_order", 1, 2, 3)
    names = {"dpmsolver++": "dpmpp", "deis": "dpmpp", "dpmsolver": "dpm"}
    name = names[_is(config, "algorithm_type", *names)]
    if order == 1:
        return {"solver": "ddim"}
    heun = "-heun" if _is(config, "solver_type", *_TYPES) == "heun" else ""
    lower = config.lower_order_final or config.final_sigmas_type == "zero"
    return {"solver": f"{name}-singlestep-{order}{heun}", "final_order": "lower" if lower else "full"}


def unipc(config: Config) -> dict[str, Any]:
    order = _is(config, "solver_order", 1, 2, 3)
    kind = _is(config, "solver_type", *_TYPES)
    kind = kind if kind in ("bh1", "bh2") else "bh2"
    if config.disable_corrector:
        raise refused("disable_corrector", config.disable_corrector, OTHER)
    if config.solver_p is not None:
        raise refused("solver_p", config.solver_p, OTHER)
    form = "" if config.predict_x0 else "noise-"
    lower = config.lower_order_final and order > 1
    return {"solver": f"unipc-{form}{kind}-{order}", "final_order": "lower" if lower else "full"}


def deis(config: Config) -> dict[str, Any]:
    order = _is(config, "solver_order", 1, 2, 3)
    _is(config, "algorithm_type", "deis", "dpmsolver", "dpmsolver++")
    _is(config, "solver_type", *_TYPES)
    if order == 1:
        return {"solver": "ddim"}
    return {"solver": f"deis-{order}", "final_order": "short" if config.lower_order_final else "full"}


def lcm(config: Config) -> dict[str, Any]:
    """From the data prediction to fresh noise, nothing of the state. Their mix with the state, (1/2)^2/((scaling t)^2 + (1/2)^2) of it, is 7e-6 at t = 19 and less before."""
    if config.get("timestep_scaling", 10.0) < 10:
        raise refused("timestep_scaling", config.timestep_scaling, "mixes the state into the data prediction, which "
                      + OTHER)
    return {"solver": "lcm"}


def flow_euler(config: Config) -> dict[str, Any]:
    return {"solver": "lcm"} if config.stochastic_sampling else {"solver": "euler"}


def ancestral_flow(config: Config) -> dict[str, Any]:
    return {"solver": "euler-ancestral", "eta": config.eta, "s_noise": config.s_noise}
