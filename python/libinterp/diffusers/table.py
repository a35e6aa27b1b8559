"""The noise levels of a DDPM table: sigma = alpha/beta of every sample, counted from the data end."""
from __future__ import annotations

from typing import Any

import numpy as np

from .config import Config, chosen, refused

#: alphas_cumprod of the noisiest sample where diffusers' schedulers in sigma want a zero terminal SNR: sigma 4096
ALMOST_ZERO = 2.0**-24


def _betas(config: Config) -> np.ndarray:
    n, start, end = config.num_train_timesteps, config.beta_start, config.beta_end
    chosen("beta_schedule", config.beta_schedule, ("linear", "scaled_linear", "squaredcos_cap_v2"))
    if config.trained_betas is not None:
        betas = np.asarray(config.trained_betas, float).ravel()
        if len(betas) != n:
            raise refused("trained_betas", f"{len(betas)} numbers", f"should be num_train_timesteps, {n}")
        return betas
    if config.beta_schedule == "linear":
        return np.linspace(start, end, n)
    if config.beta_schedule == "scaled_linear":
        return np.linspace(start**0.5, end**0.5, n) ** 2
    bar = np.cos((np.arange(n + 1) / n + 0.008) / 1.008 * np.pi / 2) ** 2
    return np.minimum(1 - bar[1:] / bar[:-1], 0.999)


def alphas_cumprod(config: Config) -> np.ndarray:
    bar = np.cumprod(1 - _betas(config))
    scale = config.snr_shift_scale  # CogVideoX: the signal to noise ratio is divided by this
    bar = bar / (scale + (1 - scale) * bar)
    if config.rescale_betas_zero_snr:  # 2305.08891, algorithm 1
        root = np.sqrt(bar)
        bar = ((root - root[-1]) * root[0] / (root[0] - root[-1])) ** 2
        if config.spacing_rule in ("open", "unipc", "float") and bar[-2] > ALMOST_ZERO:
            bar[-1] = ALMOST_ZERO
    return bar


class Table:
    """Levels by index, and indices by level."""

    def __init__(self, config: Config):
        self.bar = alphas_cumprod(config)
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
