"""Which samples of a table a run of n steps takes: diffusers' timestep_spacing, as its families of schedulers read it.

"closed": DDIM, DDPM, PNDM. "open": DPM-Solver, DEIS, SASolver, UniPC. "float": Euler, Heun, KDPM2, LMS. "lcm": LCM,
TCD, whose samples are of those that were distilled. All from the noise end to the data end.
"""
from __future__ import annotations

import numpy as np

from .config import Config, refused


def _trailing(last: int, samples: int, n: int) -> np.ndarray:
    """From the `last` of all `samples` on in steps of samples/n."""
    values = last - np.arange(n) * (samples / n)
    values = np.round(values[values > 0]) - 1
    return values[values >= 0]


def _evenly(last: int, n: int, points: int, spacing: str, offset: int) -> np.ndarray:
    """The n noisiest of `points` even values below `last`."""
    if spacing == "linspace":
        return np.linspace(0, last - 1, points)[::-1][:n]
    return (np.arange(points) * (last // points))[::-1][:n].astype(float) + offset


def lcm(config: Config, n: int, original: int | None, strength: float) -> np.ndarray:
    samples, original = config.num_train_timesteps, original or config.original_inference_steps
    if original > samples:
        raise refused("original_inference_steps", original, f"is more than num_train_timesteps {samples}")
    distilled = (np.arange(1, int(original * strength) + 1) * (samples // original) - 1)[::-1]
    if n > len(distilled):
        raise refused("num_inference_steps", n, f"is more than the {len(distilled)} steps that were distilled "
                      f"(original_inference_steps {original} x strength {strength:g})")
    return distilled[np.floor(np.linspace(0, len(distilled), n, endpoint=False)).astype(int)].astype(float)


def timesteps(config: Config, n: int, clipped: int) -> np.ndarray:
    """The samples of a run of n steps; the `clipped` noisiest are left out by rule "open"."""
    samples, rule, spacing = config.num_train_timesteps, config.spacing_rule, config.timestep_spacing
    last = samples - clipped if rule in ("open", "unipc") else samples
    if n > last:
        raise refused("num_inference_steps", n, f"is more than the table's {last} samples")
    if spacing == "trailing":
        found = _trailing(last, samples, n)
    elif n == 1 and not config.as_diffusers:  # a run that starts from noise starts at the noise end
        return np.array([last - 1.0])
    elif rule in ("open", "unipc"):
        found = _evenly(last, n, n + 1, spacing, config.steps_offset)
    else:
        found = _evenly(last, n, n, spacing, config.steps_offset)
    found = np.round(found) if spacing == "linspace" and rule != "float" else found
    if found[0] > samples - 1:
        raise refused("steps_offset", config.steps_offset, f"leads beyond the table: {n} steps with timestep_spacing "
                      f"{spacing!r} begin at {found[0]:g} of {samples - 1}; take fewer steps or steps_offset 0")
    if (np.diff(found) >= 0).any():
        raise refused("num_inference_steps", n, f"steps with timestep_spacing {spacing!r} would take a sample twice; take "
                      "fewer")
    return found
