"""Data predictions within limits: clip_sample and thresholding."""
from __future__ import annotations

import torch

from ..rows import Row
from .config import Config


def limited(config: Config, row: Row, x: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
    """The output whose data prediction is this one's within limits."""
    if not (config.clip_sample or config.thresholding) or row.data_output == 0:
        return output
    data = row.data_state * x + row.data_output * output
    data = _thresholded(config, data) if config.thresholding else \
        data.clamp(-config.clip_sample_range, config.clip_sample_range)
    return (data - row.data_state * x) / row.data_output


def _thresholded(config: Config, data: torch.Tensor) -> torch.Tensor:
    """2205.11487: at most the given quantile of each sample, which then is 1."""
    flat = data.reshape(len(data), -1).abs()
    level = torch.quantile(flat, config.dynamic_thresholding_ratio, dim=1)
    level = level.clamp(1, max(1, config.sample_max_value)).reshape(-1, *[1] * (data.dim() - 1))
    return data.clamp(-level, level) / level
