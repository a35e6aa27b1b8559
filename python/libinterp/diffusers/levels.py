"""The noise levels of a run, and the numbers by which the network is told of them."""
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..plan import Plan
from . import spacing
from .config import Config, refused
from .table import Table


class Asked(NamedTuple):
    """What set_timesteps was called with, for a run of `steps` steps."""
    steps: int
    timesteps: np.ndarray | None
    sigmas: np.ndarray | None
    mu: float | None
    original: int | None = None
    strength: float = 1.0
    evaluations: int = 0  # at most; 0: as many as the steps take


class Levels(NamedTuple):
    """sigmas: of the evaluations at the start of each step (alpha/beta, of a flow 1 - u). end: of the last state.
    told: what the network is told there; NaN: what the model says."""
    sigmas: np.ndarray
    end: float
    told: np.ndarray


#: the grids of these spacings, of levels alpha/beta and of a flow's, 1 - u
_GRIDS = {"karras": "karras", "exponential": "exponential", "beta": "beta-sigma"}
_FLOW_GRIDS = {"karras": "karras-flow", "exponential": "exponential-flow", "beta": "beta-flow"}


def respaced(kind: str, first: float, last: float, n: int, flow: bool = False, rho: float = 7.0) -> np.ndarray:
    """n levels from the first to the last, those of a grid that is left by one more step, to the data."""
    if n == 1:
        return np.array([first])
    start = 1 - first if flow else 1 / (1 + first)
    read = {"rho": rho} if kind == "karras" else {}
    plan = Plan(solver="ddim", evaluations=n, grid=(_FLOW_GRIDS if flow else _GRIDS)[kind], u_start=start,
                sigma_min=last, **read)
    inner = np.array([row.u for row in plan.rows[1:-1]])
    return np.array([first, *(1 - inner if flow else (1 - inner) / inner), last])


def kind_of(config: Config) -> str | None:
    """How levels are spaced in sigma, where they are."""
    kinds = {"use_karras_sigmas": "karras", "use_exponential_sigmas": "exponential",
             "use_lu_lambdas": "exponential", "use_beta_sigmas": "beta"}
    asked = [name for name in kinds if config[name]]
    if len(asked) > 1:
        raise refused(asked[1], True, f"excludes {asked[0]}; set one of them")
    return kinds[asked[0]] if asked else None


def without_zero(sigmas: np.ndarray) -> np.ndarray:
    """A list of levels may end in the 0 that every run ends in."""
    if len(sigmas) > 1 and sigmas[-1] == 0:
        sigmas = sigmas[:-1]
    if not (np.isfinite(sigmas[1:]).all() and (sigmas > 0).all() and (np.diff(sigmas) < 0).all()):
        raise refused("sigmas", sigmas.tolist(), "should decrease, and be above 0 but for a last 0")
    return sigmas


def _given_timesteps(config: Config, timesteps: np.ndarray) -> None:
    if kind_of(config):
        raise refused("timesteps", timesteps.tolist(), f"would be replaced by {kind_of(config)} levels: leave them out,"
                      " or switch off use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas, use_lu_lambdas")
    if (np.diff(timesteps) >= 0).any():
        raise refused("timesteps", timesteps.tolist(), "should decrease")


# Tables

def of_table(config: Config, table: Table, asked: Asked) -> Levels:
    end = table.sigmas[0] if not config.set_alpha_to_one or config.final_sigmas_type == "sigma_min" else 0.0
    if asked.sigmas is not None:
        sigmas = without_zero(asked.sigmas)
        return Levels(sigmas, end, _told(config, table, sigmas))
    if asked.timesteps is not None:
        _given_timesteps(config, asked.timesteps)
        return Levels(table.sigma_at(asked.timesteps), end, asked.timesteps)
    if config.spacing_rule == "lcm":
        times = spacing.lcm(config, asked.steps, asked.original, asked.strength)
    else:
        times = spacing.timesteps(config, asked.steps, table.below_lambda(config.lambda_min_clipped))
    sigmas = table.sigma_at(times)
    if kind_of(config):
        sigmas = _respaced(config, table, sigmas)
        return Levels(sigmas, end, _told(config, table, sigmas))
    if config.interpolation_type == "log_linear":
        return _log_linear(config, table, times)
    return Levels(sigmas, end, times if config.timestep_type == "discrete" else _told(config, table, sigmas))


def _respaced(config: Config, table: Table, sigmas: np.ndarray) -> np.ndarray:
    """Between the levels of timestep_spacing where diffusers spaces those (Euler and its like), else of the table."""
    whole = config.spacing_rule != "float" or config.interpolation_type == "log_linear"
    spaced = table.sigmas[::-1] if whole else sigmas
    first, last = config.sigma_max or spaced[0], config.sigma_min or spaced[-1]
    if not np.isfinite(first):
        raise refused("rescale_betas_zero_snr", True, "has no finite first sigma from which to space levels: give "
                      "sigma_max")
    return respaced(kind_of(config), first, last, len(sigmas))


def _log_linear(config: Config, table: Table, times: np.ndarray) -> Levels:
    """Euler's interpolation_type "log_linear": the table's range in equal ratios, down to its cleanest sample."""
    sigmas = respaced("exponential", table.sigmas[-1], table.sigmas[0], len(times) + 1)
    told = times if config.as_diffusers else _told(config, table, sigmas[:-1])
    return Levels(sigmas[:-1], sigmas[-1], told)


def _told(config: Config, table: Table, sigmas: np.ndarray) -> np.ndarray:
    if config.timestep_type == "continuous":
        return 0.25 * np.log(sigmas)
    told = table.index_of(sigmas)
    if not config.as_diffusers or config.spacing_rule in ("float", "lcm"):
        return told
    if config.use_karras_sigmas or config.use_lu_lambdas:
        told = np.round(told)
    return np.floor(told)  # they are made whole numbers


# Flows

def _shifted(config: Config, sigma: Any, mu: float | None) -> Any:
    """Exactly 1 at 1 and 0 at 0."""
    factor, sigma = config.shift, np.asarray(sigma, float)
    if config.use_dynamic_shifting:
        if mu is None:
            raise refused("mu", mu, "is wanted where use_dynamic_shifting is set")
        factor = np.exp(mu) if config.time_shift_type == "exponential" else mu
    return factor * sigma / (factor * sigma + (1 - sigma))


def _spaced_flow(config: Config, n: int, mu: float | None) -> np.ndarray:
    """Before the shift."""
    least = 1 / config.num_train_timesteps
    if config.spacing_rule == "open":
        return (1 - np.linspace(1, least, n + 1))[::-1][:-1]
    if config.spacing_rule == "unipc":
        return np.linspace(1, least, n + 1)[:-1]
    if config.spacing_rule == "points":
        return np.linspace(1, 0, n + 1)[:-1]
    twice = (config.shift_twice or config.as_diffusers) and not config.use_dynamic_shifting
    return np.linspace(1.0, _shifted(config, least, mu) if twice else least, n)


def _stretched(config: Config, sigmas: np.ndarray) -> np.ndarray:
    """The last of them at shift_terminal; one alone has nothing to stretch to."""
    if config.shift_terminal and sigmas[-1] < 1:
        return 1 - (1 - sigmas) * (1 - config.shift_terminal) / (1 - sigmas[-1])
    return sigmas


def of_flow(config: Config, table: Table | None, asked: Asked) -> Levels:
    if config.spacing_rule == "unipc" and kind_of(config):
        sigmas = _unipc_karras(config, table, asked)
    elif asked.timesteps is not None and asked.sigmas is None:
        sigmas = asked.timesteps / config.num_train_timesteps
        if config.as_diffusers:
            sigmas = _shifted(config, sigmas, asked.mu)
    else:
        given = None if asked.sigmas is None else without_zero(asked.sigmas)
        sigmas = _spaced_flow(config, asked.steps, asked.mu) if given is None else given
        sigmas = _stretched(config, _shifted(config, sigmas, asked.mu))
        if config.as_diffusers and config.spacing_rule == "unipc" and sigmas[0] > 1 - 1e-6:
            sigmas[0] -= 1e-6
        if kind_of(config):
            sigmas = respaced(kind_of(config), sigmas[0], sigmas[-1], len(sigmas), flow=True)
    return Levels(sigmas, 0.0, _told_flow(config, sigmas, asked))


def _unipc_karras(config: Config, table: Table, asked: Asked) -> np.ndarray:
    """UniPC's: the levels alpha/beta of a DDPM table or sigma_min .. sigma_max, as positions on the flow."""
    if kind_of(config) != "karras":
        raise refused("use_flow_sigmas", True, "has levels in 0 .. 1, and UniPC's exponential and beta levels are not: "
                      "take use_karras_sigmas, or none")
    if asked.sigmas is not None or asked.timesteps is not None:
        raise refused("use_karras_sigmas", True, "replaces the levels that are given: switch it off")
    first, last = config.sigma_max or table.sigmas[-1], config.sigma_min or table.sigmas[0]
    sigmas = respaced("karras", first, last, asked.steps)
    return sigmas / (1 + sigmas)


def _told_flow(config: Config, sigmas: np.ndarray, asked: Asked) -> np.ndarray:
    if asked.timesteps is not None:
        return asked.timesteps
    if config.as_diffusers and config.spacing_rule in ("open", "unipc"):
        return np.floor(sigmas * config.num_train_timesteps)
    return np.full(len(sigmas), np.nan)


# Levels without a table

def of_range(config: Config, asked: Asked) -> Levels:
    """EDM and its like: from sigma_max to sigma_min."""
    end = config.sigma_min if config.final_sigmas_type == "sigma_min" else 0.0
    if asked.timesteps is not None:
        raise refused("timesteps", asked.timesteps.tolist(), "are not read by this family: give sigmas")
    if asked.sigmas is not None:
        sigmas = without_zero(asked.sigmas)
    else:
        sigmas = respaced(config.sigma_schedule, config.sigma_max, config.sigma_min, asked.steps, rho=config.rho)
    return Levels(sigmas, end, np.full(len(sigmas), np.nan))
