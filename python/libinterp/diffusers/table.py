"""The noise levels of a DDPM table: sigma = alpha/beta of every sample, counted from the data end."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..schedule import Schedule
from .config import Config, chosen, refused

#: alphas_cumprod of the noisiest sample where diffusers' schedulers in sigma want a zero terminal SNR: sigma 4096
ALMOST_ZERO = 2.0**-24


#: how the betas run, by diffusers' names, which the schedule "ddpm" knows; and those that run from one end to the other
BETAS = ("linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid", "laplace", "exp")
_WITH_ENDS = ("linear", "scaled_linear", "sigmoid")


def _trained(config: Config) -> np.ndarray:
    betas = np.asarray(config.trained_betas, float).ravel()
    if len(betas) != config.num_train_timesteps:
        raise refused("trained_betas", f"{len(betas)} numbers",
                      f"should be num_train_timesteps, {config.num_train_timesteps}")
    return betas


def _schedule(config: Config) -> Schedule:
    """The network's schedule, as the configuration has it."""
    chosen("beta_schedule", config.beta_schedule, BETAS)
    shape = {"zero_snr": int(config.rescale_betas_zero_snr), "snr_shift": config.snr_shift_scale}
    if config.trained_betas is not None:
        return Schedule("table", alphas_cumprod=np.cumprod(1 - _trained(config)), **shape)
    ends = {"beta_start": config.beta_start, "beta_end": config.beta_end} if config.beta_schedule in _WITH_ENDS else {}
    return Schedule("ddpm", betas=config.beta_schedule, count=config.num_train_timesteps, **ends, **shape)


class Table:
    """Levels by index, and indices by level."""

    def __init__(self, config: Config):
        self.schedule = _schedule(config)
        times = 1 - np.arange(config.num_train_timesteps) / (config.num_train_timesteps - 1)
        self.bar = self.schedule.eval(times).beta ** 2
        if config.rescale_betas_zero_snr and config.spacing_rule in ("open", "unipc", "float") and \
                self.bar[-2] > ALMOST_ZERO:
            self.bar[-1] = ALMOST_ZERO
            self.schedule = Schedule("table", alphas_cumprod=self.bar)
        with np.errstate(divide="ignore"):
            self.sigmas = np.sqrt((1 - self.bar) / self.bar)
            self._logs = np.log(self.sigmas)

    def __len__(self) -> int:
        return len(self.sigmas)

    def sigma_at(self, index: Any) -> np.ndarray:
        """Between samples linear in sigma, as diffusers has it."""
        index = np.clip(np.asarray(index, float), 0, len(self) - 1)
        low = np.minimum(np.floor(index).astype(int), len(self) - 2)
        part = index - low
        with np.errstate(invalid="ignore"):
            between = self.sigmas[low] + part * (self.sigmas[low + 1] - self.sigmas[low])
        return np.where(part == 0, self.sigmas[low], np.where(part == 1, self.sigmas[low + 1], between))

    def index_of(self, sigma: Any) -> np.ndarray:
        """Between samples linear in log sigma, beyond them the first or last index, as diffusers has it."""
        with np.errstate(divide="ignore"):
            return np.interp(np.log(np.asarray(sigma, float)), self._logs, np.arange(len(self)))

    def below_lambda(self, least: float) -> int:
        """How many samples have log(beta/alpha) below this (lambda_min_clipped)."""
        return int(np.sum(-self._logs < least))
