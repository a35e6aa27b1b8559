"""The network that a configuration describes: what its input is, what it returns, how it is told the time."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..model import Model
from ..schedule import Schedule
from .config import Config, refused
from .table import Table

_PREDICTIONS = {"epsilon": "noise", "v_prediction": "salimans-v", "sample": "data"}


def _angle(point: Any) -> float:
    """2/pi arctan sigma."""
    return 2 / np.pi * np.arctan2(point.alpha, point.beta)


class Network:
    """Positions are u = beta/(alpha + beta) of every family; levels sigma = alpha/beta, of a flow 1 - u."""

    def __init__(self, config: Config):
        self.flow = config.use_flow_sigmas or config.prediction_type == "flow_prediction"
        self._config = config
        self.table = Table(config) if self._has_table() else None
        #: for levels between the table's, and for those beyond
        self.model = self._flow() if self.flow else self._of_table() if self.table else self._wide()
        self._beyond: Model | None = None
        self._ends = [float(self.model.schedule.eval(t).u) for t in (0, 1)]

    def _has_table(self) -> bool:
        config = self._config
        return not self.flow and config.spacing_rule != "range" or config.spacing_rule == "unipc"

    def _flow(self) -> Model:
        config, n = self._config, self._config.num_train_timesteps
        if config.final_sigmas_type != "zero":
            raise refused("final_sigmas_type", config.final_sigmas_type, "is a table's level, and a flow ends at 0")
        own = "velocity" if config.invert_sigmas else "negative-velocity"
        predictions = {"flow_prediction": own, "epsilon": "noise", "sample": "data"}
        if config.prediction_type not in predictions:
            raise refused("prediction_type", config.prediction_type, "is not one of a flow network; those are "
                          f"{', '.join(predictions)}: leave use_flow_sigmas out for a network of another kind")
        if config.invert_sigmas:
            return Model("linear", own, "t" if n == 1 else lambda at: n * at.t)
        return Model("linear", predictions[config.prediction_type],
                     "1000(1-t)" if n == 1000 else lambda at: n * (1 - at.t))

    def _of_table(self) -> Model:
        time = "index" if self._config.timestep_type == "discrete" else "log-sigma/4"
        return Model(self.table.schedule, _PREDICTIONS[self._config.prediction_type], time)

    def _wide(self) -> Model:
        """The same for any level: the input has alpha^2 + (sigma_data beta)^2 = 1."""
        config, data = self._config, self._config.sigma_data or 1.0
        if config.sigma_data is None or config.prediction_type == "v_prediction" and data == 1:
            prediction: Any = _PREDICTIONS[config.prediction_type]
        elif config.prediction_type == "sample":
            raise refused("prediction_type", "sample", "is not one of EDM's: epsilon or v_prediction")
        else:  # data = c_skip x/c_in + c_out F
            sign = 1 if config.prediction_type == "epsilon" else -1
            prediction = "edm" if sign == 1 else lambda at: (data**2 * at.beta, -data * at.alpha)
        schedule = Schedule("edm", sigma_data=data) if data != 1 else Schedule("vp")
        return Model(schedule, prediction, self._time(), sigma_data=data if prediction == "edm" else None)

    def _time(self) -> Any:
        config, table = self._config, self.table
        if config.network_time == "angle":
            return _angle
        if table is None or config.timestep_type == "continuous":
            return "log-sigma/4"
        return lambda at: float(table.index_of(np.exp(-at.log_r)))

    def model_for(self, nodes: np.ndarray) -> Model:
        """A model whose schedule reaches all these positions, but for a last one at the data."""
        inner = nodes[nodes < 1]
        if self.flow or self.table is None or inner[0] >= self._ends[0] and inner[-1] <= self._ends[1]:
            return self.model
        self._beyond = self._beyond or self._wide()
        return self._beyond

    def u_of(self, sigma: Any) -> np.ndarray:
        """A level that is a rounding away from an end of the network's schedule is that end. (1 - alpha bar has few digits
        where alpha bar is near 1.)"""
        sigma = np.asarray(sigma, float)
        u = 1 - sigma if self.flow else 1 / (1 + sigma)
        for end in self._ends:
            u = np.where(np.abs(u - end) <= 1e-12 * end, end, u)
        return u

    def level_at(self, u: Any) -> np.ndarray:
        u = np.asarray(u, float)
        with np.errstate(divide="ignore"):
            return 1 - u if self.flow else (1 - u) / u

    def level_told(self, timestep: Any) -> np.ndarray:
        """The level of which the network is told by a timestep."""
        config, timestep = self._config, np.asarray(timestep, float)
        if self.flow:
            part = timestep / config.num_train_timesteps
            return 1 - part if config.invert_sigmas else part
        if config.network_time == "angle":
            return np.tan(timestep * np.pi / 2)
        if self.table is None or config.timestep_type == "continuous":
            return np.exp(4 * timestep)
        return self.table.sigma_at(timestep)

    def alpha_beta(self, sigma: Any) -> tuple[np.ndarray, np.ndarray]:
        """What multiplies noise and data in the network's input at a level."""
        sigma = np.asarray(sigma, float)
        if self.flow:
            return sigma, 1 - sigma
        data = self._config.sigma_data or 1.0
        beta = 1 / np.hypot(sigma, data)
        with np.errstate(invalid="ignore"):
            return np.where(np.isinf(sigma), 1.0, sigma * beta), beta

    def reported(self, u: np.ndarray) -> np.ndarray:
        """`sigmas` as diffusers has them: of Mochi's (invert_sigmas) 1 - sigma."""
        inverted = self._config.invert_sigmas and self._config.spacing_rule != "points"
        return u if inverted else self.level_at(u)
