"""A scheduler of the shape that diffusers' pipelines call, on libinterp's plans. diffusers itself is not needed.

    pipe.scheduler = libinterp.diffusers.Scheduler.from_config(pipe.scheduler.config, solver="unipc-bh2-2")

Threads and loops: a Scheduler may be shared. What set_timesteps makes belongs to the thread that called it; what a
multistep solver remembers travels with the sample: `step` keeps nothing that two loops could mix (see `step`).
"""
from __future__ import annotations

import inspect
import json
import pathlib
import threading
import warnings
from typing import Any, Iterable, NamedTuple

import numpy as np
import torch

from . import errors
from .model import Model
from .plan import NORMAL, Plan, Row, Term
from .schedule import Schedule
from .torch_rows import Normals, run_row

_PREDICTIONS = {"epsilon": "noise", "v_prediction": "salimans-v", "sample": "data",
                "flow_prediction": "negative-velocity"}
_SPACINGS = ("linspace", "leading", "trailing")
# Whose reading of timestep_spacing; all of these have "linspace" by default.
_RULES = {"open": ("DPMSolver", "UniPC", "DEIS", "SASolver"), "float": ("Euler", "Heun", "KDPM2", "LMS")}
_UNSUPPORTED = ("use_lu_lambdas", "invert_sigmas", "stochastic_sampling", "euler_at_final")
_CONFIG_FILE = "scheduler_config.json"


class Config(dict):
    """A mapping whose values are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class SchedulerOutput(NamedTuple):
    """prev_sample: the state that the next evaluation sees. pred_original_sample: the data prediction, or None."""
    prev_sample: torch.Tensor
    pred_original_sample: torch.Tensor | None


def _betas(config: Config) -> np.ndarray:
    n, start, end = config.num_train_timesteps, config.beta_start, config.beta_end
    if config.trained_betas is not None:
        return np.asarray(config.trained_betas, float)
    if config.beta_schedule == "linear":
        return np.linspace(start, end, n)
    if config.beta_schedule == "scaled_linear":
        return np.linspace(start**0.5, end**0.5, n) ** 2
    if config.beta_schedule == "squaredcos_cap_v2":
        bar = np.cos((np.arange(n + 1) / n + 0.008) / 1.008 * np.pi / 2) ** 2
        return np.minimum(1 - bar[1:] / bar[:-1], 0.999)
    raise ValueError(f"beta_schedule: there is no {config.beta_schedule!r}")


def _alphas_cumprod(config: Config) -> np.ndarray:
    bar = np.cumprod(1 - _betas(config))
    if config.rescale_betas_zero_snr:  # 2305.08891, algorithm 1
        root = np.sqrt(bar)
        bar = ((root - root[-1]) * root[0] / (root[0] - root[-1])) ** 2
    return bar


def _class_of(config: Any) -> str:
    """The class whose configuration this is, by its name (files have it) or by what only that class has."""
    if config.get("_class_name"):
        return str(config["_class_name"])
    if "shift" in config and "beta_start" not in config:
        return "FlowMatch"
    if config.get("algorithm_type") == "deis":
        return "DEIS"
    if "algorithm_type" in config or "predict_x0" in config:
        return "DPMSolver"
    return "Euler" if "use_karras_sigmas" in config else "DDIM"


def _of_class(config: Any) -> dict[str, Any]:
    """What the class of another scheduler says that its configuration does not."""
    name = _class_of(config)
    said: dict[str, Any] = {}
    if name.startswith("FlowMatch") or config.get("use_flow_sigmas"):
        said["prediction_type"] = "flow_prediction"
    if config.get("use_flow_sigmas"):
        said["shift"] = config.get("flow_shift") or 1.0
    if name.startswith("DEIS"):
        said["final_sigmas_type"] = "sigma_min"
    rule = next((rule for rule, classes in _RULES.items() if name.startswith(classes)), None)
    if rule:
        said.update({"spacing_rule": rule, "timestep_spacing": config.get("timestep_spacing", "linspace")})
    return said


def _warn_of(config: Any) -> None:
    for name in _UNSUPPORTED:
        if config.get(name):
            warnings.warn(f"{name} is not supported and left out", errors.Warning, stacklevel=3)


def _live(rows: tuple[Row, ...]) -> list[set[int]]:
    """The slots that each row finds in use: those that it or a later row reads, before anything is written there."""
    live: list[set[int]] = [set()]
    for row in reversed(rows):
        reads = {row.x_slot} | {term.slot for term in row.terms if term.column != NORMAL}
        live.append(((live[-1] - {row.next_slot}) | reads) - {row.out_slot})
    return live[::-1]


class _Timetable:
    """What set_timesteps makes: a plan, the number the network is given in each of its rows, and the noise levels."""

    def __init__(self, owner: object, plan: Plan, nodes: np.ndarray, flow: bool, device: Any, asked: int):
        self.owner, self.plan, self.rows, self.nodes, self.asked = owner, plan, plan.rows, nodes, asked
        self.live = _live(plan.rows)
        self.times = np.array([row.time for row in plan.rows])
        whole = not flow and np.allclose(self.times, np.round(self.times), atol=1e-6)
        self.timesteps = torch.from_numpy(np.round(self.times).astype(np.int64) if whole else
                                          self.times.astype(np.float32)).to(device)
        u = np.array([*(row.u for row in plan.rows), plan.u_end])
        with np.errstate(divide="ignore"):
            self.sigmas = torch.from_numpy((1 - u if flow else (1 - u) / u).astype(np.float32))

    def row_at(self, timestep: float) -> int:
        """The last row at this timestep: where two are there, the first is a stage of the step before."""
        near = np.flatnonzero(np.abs(self.times - timestep) <= 1e-4 * (1 + np.abs(self.times)))
        if not near.size:
            raise ValueError(f"timestep {timestep} is none of this schedule's; they are {self.times.tolist()}")
        return int(near[-1])


class _History(NamedTuple):
    """What the rows after a step need: the columns but for the state, and normals that will be asked for again."""
    timetable: _Timetable
    row: int
    slots: dict[int, torch.Tensor]
    normals: dict[int, torch.Tensor]
    shape: tuple[int, ...]


class Scheduler:
    """Takes the place of a pipeline's own scheduler.

    Ours: solver: a name of `libinterp.solvers()`. schedule: to sample under, a name or None (the network's own).
    k: the diffusion of SDE solvers. eta, s_noise: of solvers with noise of their own. final_order: "full" or "lower".
    noise_seed: None: noise in steps comes from torch (`generator` of step); a number: from libinterp's Brownian paths
    of (noise_seed, sample). grid: a name of `libinterp.grids()` instead of timestep_spacing. spacing_rule: "closed"
    (DDIM, DDPM), "open" (DPM-Solver, UniPC, DEIS), "float" (Euler): whose reading of timestep_spacing.
    shift_twice: FlowMatchEulerDiscreteScheduler applies `shift` a second time when it makes its own sigmas.

    The rest is named as in diffusers. Table networks: num_train_timesteps, beta_start, beta_end, beta_schedule
    ("linear", "scaled_linear", "squaredcos_cap_v2"), trained_betas, prediction_type ("epsilon", "v_prediction",
    "sample"), timestep_spacing, steps_offset, set_alpha_to_one, final_sigmas_type, rescale_betas_zero_snr,
    use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas. Flow networks (prediction_type "flow_prediction"):
    shift, use_dynamic_shifting, time_shift_type, shift_terminal. clip_sample, clip_sample_range, thresholding,
    dynamic_thresholding_ratio, sample_max_value: the solver works on the data prediction so changed.

    States are in the coordinates of the network's input, so scale_model_input changes nothing and init_noise_sigma is
    1. set_timesteps(n) means n evaluations of the network: a solver with two per step makes n/2 steps.
    """

    order = 1
    _compatibles: list[str] = []

    def __init__(self, num_train_timesteps: int = 1000, beta_start: float = 0.0001, beta_end: float = 0.02,
                 beta_schedule: str = "linear", trained_betas: Any = None, prediction_type: str = "epsilon",
                 timestep_spacing: str = "leading", steps_offset: int = 0, set_alpha_to_one: bool = True,
                 final_sigmas_type: str = "zero", rescale_betas_zero_snr: bool = False, clip_sample: bool = False,
                 clip_sample_range: float = 1.0, thresholding: bool = False, dynamic_thresholding_ratio: float = 0.995,
                 sample_max_value: float = 1.0, use_karras_sigmas: bool = False, use_exponential_sigmas: bool = False,
                 use_beta_sigmas: bool = False, shift: float = 1.0, use_dynamic_shifting: bool = False,
                 time_shift_type: str = "exponential", shift_terminal: float | None = None, base_shift: float = 0.5,
                 max_shift: float = 1.15, base_image_seq_len: int = 256, max_image_seq_len: int = 4096,
                 shift_twice: bool = False, solver: str = "dpmpp-2m", schedule: str | None = None, k: float = 0.0,
                 eta: float = 1.0, s_noise: float = 1.0, final_order: str = "full", grid: str | None = None,
                 spacing_rule: str = "closed", noise_seed: int | None = None):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        if prediction_type not in _PREDICTIONS:
            raise ValueError(f"prediction_type: there is no {prediction_type!r}; there are {', '.join(_PREDICTIONS)}")
        if timestep_spacing not in _SPACINGS or spacing_rule not in ("closed", "open", "float"):
            raise ValueError("timestep_spacing should be linspace, leading or trailing, spacing_rule closed, open or "
                             "float")
        self._internal_dict = Config(_class_name="Scheduler", **given)
        self.flow = prediction_type == "flow_prediction"
        self._model = self._flow_model() if self.flow else self._table_model()
        self._plans: dict[Any, tuple[Plan, np.ndarray]] = {}
        self._local = threading.local()
        self._newest: _Timetable | None = None
        self._owner = object()  # by which a sample's memory is known to be of this scheduler

    # Configuration

    @property
    def config(self) -> Config:
        return self._internal_dict

    @classmethod
    def from_config(cls, config: Any, **changes: Any) -> "Scheduler":
        """From a configuration (a mapping, such as pipe.scheduler.config), with changes. Names that this scheduler does
        not know are left out; whether the network is a flow network, and how timestep_spacing is read, is told from the
        class whose configuration it is."""
        known = inspect.signature(cls).parameters
        said = {} if config.get("_class_name") == "Scheduler" else _of_class(config)
        _warn_of(config)
        return cls(**{**{name: config[name] for name in config if name in known}, **said, **changes})

    def clone(self) -> "Scheduler":
        """Another with the same configuration and nothing in common."""
        return type(self).from_config(dict(self.config))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_config, (dict(self.config),)

    def save_pretrained(self, save_directory: str, **ignored: Any) -> None:
        folder = pathlib.Path(save_directory)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _CONFIG_FILE).write_text(json.dumps(dict(self.config), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def from_pretrained(cls, folder: str, subfolder: str = "", **changes: Any) -> "Scheduler":
        """From a folder on this machine, of this or of one of diffusers' schedulers."""
        text = (pathlib.Path(folder) / subfolder / _CONFIG_FILE).read_text(encoding="utf-8")
        return cls.from_config(json.loads(text), **changes)

    def __len__(self) -> int:
        return self.config.num_train_timesteps

    def __repr__(self) -> str:
        return f"Scheduler({', '.join(f'{name}={value!r}' for name, value in self.config.items() if name[0] != '_')})"

    # The network

    def _flow_model(self) -> Model:
        n = self.config.num_train_timesteps
        return Model("linear", "negative-velocity", "1000(1-t)" if n == 1000 else lambda at: n * (1 - at.t))

    def _table_model(self) -> Model:
        self.alphas_cumprod = torch.from_numpy(_alphas_cumprod(self.config).astype(np.float32))
        table = Schedule("table", alphas_cumprod=_alphas_cumprod(self.config))
        return Model(table, _PREDICTIONS[self.config.prediction_type], "index")

    def _position(self, timestep: Any) -> np.ndarray:
        """u of timesteps."""
        n, timestep = self.config.num_train_timesteps, np.asarray(timestep, float)
        if self.flow:
            return 1 - timestep / n
        return np.asarray(self._model.schedule.eval(1 - timestep / (n - 1)).u)

    # Timesteps

    def _flow_sigmas(self, n: int, sigmas: Any, mu: float | None) -> np.ndarray:
        config, own = self.config, sigmas is None
        least = 1 / config.num_train_timesteps
        if own and config.spacing_rule == "open":
            sigmas = np.linspace(1 - least, 0, n + 1)[:-1]
        elif own:
            twice = config.shift_twice and not config.use_dynamic_shifting
            sigmas = np.linspace(1.0, self._shifted(least, mu) if twice else least, n)
        sigmas = self._shifted(np.asarray(sigmas, float), mu)
        if config.shift_terminal and sigmas[-1] < 1:
            sigmas = 1 - (1 - sigmas) * (1 - config.shift_terminal) / (1 - sigmas[-1])
        return self._respaced(sigmas)

    def _shifted(self, sigma: Any, mu: float | None) -> Any:
        config = self.config
        if not config.use_dynamic_shifting:
            return config.shift * sigma / (1 + (config.shift - 1) * sigma)
        if mu is None:
            raise ValueError("mu is wanted where use_dynamic_shifting is set")
        factor = np.exp(mu) if config.time_shift_type == "exponential" else mu
        return np.minimum(1.0, factor / (factor + 1 / np.maximum(sigma, 1e-300) - 1))

    def _respaced(self, sigmas: np.ndarray) -> np.ndarray:
        grid = self._sigma_grid()
        if grid is None or len(sigmas) < 2:
            return sigmas
        first, last, x = sigmas[0], sigmas[-1], np.linspace(0, 1, len(sigmas))
        if grid == "karras":
            return (first ** (1 / 7) + x * (last ** (1 / 7) - first ** (1 / 7))) ** 7
        if grid == "lambda":
            return np.exp(np.log(first) + x * np.log(last / first))
        beta = Plan(evaluations=len(sigmas), grid="beta-flow", lambda_high=float(np.log((1 - last) / last)))
        return np.array([1 - row.u for row in beta.rows])

    def _sigma_grid(self) -> str | None:
        config = self.config
        return "karras" if config.use_karras_sigmas else "lambda" if config.use_exponential_sigmas else \
            "beta" if config.use_beta_sigmas else None

    def _table_grid(self) -> str:
        spacing, rule = self.config.timestep_spacing, self.config.spacing_rule
        if rule == "open" and spacing != "trailing":
            return spacing + "-open"
        return "normal" if rule == "float" and spacing == "linspace" else spacing

    def _ends_early(self) -> bool:
        return not self.config.set_alpha_to_one or self.config.final_sigmas_type == "sigma_min"

    def _nodes(self, steps: int, timesteps: Any, sigmas: Any, mu: float | None) -> np.ndarray:
        """Positions u of a run of so many steps."""
        if timesteps is not None:
            levels = [*self._position(timesteps)]
        elif self.flow and not self.config.grid:
            levels = [*1 - self._flow_sigmas(steps, sigmas, mu)]
        elif sigmas is not None:
            levels = [*1 / (1 + np.asarray(sigmas, float))]
            levels = levels[:-1] if levels[-1] == 1 else levels
        else:
            # DDIM's plan has a row for each node, whatever the solver that is wanted.
            own = Plan(solver="ddim", evaluations=steps, model=self._model, grid=self._grid(),
                       steps_offset=self.config.steps_offset, shift=self.config.shift)
            levels = [row.u for row in own.rows]
        return np.array([*levels, self._end(levels[-1])])

    def _grid(self) -> str:
        return self.config.grid or self._sigma_grid() or self._table_grid()

    def _end(self, last: float) -> float:
        """Where the last step leads: the data, or the table's cleanest sample, unless it is there already."""
        cleanest = float(self._position(0)) if not self.flow and self._ends_early() else 1.0
        return cleanest if cleanest > last else 1.0

    def _plan_on(self, nodes: np.ndarray) -> Plan:
        config = self.config
        return Plan(config.schedule, config.solver, model=self._model, nodes=nodes, k=config.k, eta=config.eta,
                    s_noise=config.s_noise, final_order=config.final_order,
                    noise="steps" if config.noise_seed is None else "path")

    def _made(self, n: int, timesteps: Any, sigmas: Any, mu: float | None) -> tuple[Plan, np.ndarray]:
        key = (n, *(None if x is None else tuple(map(float, x)) for x in (timesteps, sigmas)), mu,
               tuple(map(str, self.config.values())))
        found = self._plans.get(key)  # other threads may clear it meanwhile
        if found is None:
            if len(self._plans) > 31:
                self._plans.clear()
            given = timesteps is not None or sigmas is not None
            steps = n if given else Plan(solver=self.config.solver, evaluations=n, k=self.config.k).steps_count
            nodes = self._nodes(steps, timesteps, sigmas, mu)
            found = self._plans[key] = self._plan_on(nodes), nodes
        return found

    def set_timesteps(self, num_inference_steps: int | None = None, device: Any = None,
                      timesteps: Iterable[float] | None = None, sigmas: Iterable[float] | None = None,
                      mu: float | None = None) -> None:
        """A run of num_inference_steps evaluations, or a step from each of the timesteps or sigmas (of a table network
        alpha/beta, of a flow network before its shift), for this thread. mu: with use_dynamic_shifting."""
        timesteps, sigmas = (None if x is None else np.asarray(x, float).ravel() for x in (timesteps, sigmas))
        if timesteps is not None or sigmas is not None:
            num_inference_steps = len(timesteps if timesteps is not None else sigmas)
        if not num_inference_steps:
            raise ValueError("num_inference_steps, timesteps or sigmas are wanted")
        plan, nodes = self._made(int(num_inference_steps), timesteps, sigmas, mu)
        self._newest = self._local.timetable = _Timetable(self._owner, plan, nodes, self.flow, device,
                                                               int(num_inference_steps))
        self._local.tail = None

    @property
    def _timetable(self) -> _Timetable:
        found = getattr(self._local, "timetable", None) or self._newest
        if found is None:
            raise errors.StateError("set_timesteps was not called", -20)
        return found

    @property
    def plan(self) -> Plan:
        """The plan of this thread's set_timesteps."""
        return self._timetable.plan

    @property
    def timesteps(self) -> torch.Tensor:
        """What the network is given, one number for each evaluation."""
        return self._timetable.timesteps

    @property
    def sigmas(self) -> torch.Tensor:
        """Noise levels of the evaluations, and that of the result: alpha/beta, of flow networks 1 - u."""
        return self._timetable.sigmas

    @property
    def num_inference_steps(self) -> int | None:
        found = getattr(self._local, "timetable", None) or self._newest
        return found and found.asked

    @property
    def init_noise_sigma(self) -> float:
        return 1.0

    begin_index = None  # the timestep says where a loop begins
    step_index = None

    def set_begin_index(self, begin_index: int = 0) -> None:
        """Nothing: `step` finds its row by the timestep."""

    def scale_model_input(self, sample: torch.Tensor, timestep: Any = None) -> torch.Tensor:
        """The sample itself."""
        return sample

    # Steps

    def _found(self, timestep: float, sample: torch.Tensor) -> _History:
        for history in (getattr(sample, "_libinterp", None), getattr(self._local, "tail", None)):
            if history is not None and history.timetable.owner is self._owner and \
                    history.shape == tuple(sample.shape) and \
                    abs(history.timetable.times[history.row] - timestep) <= 1e-4 * (1 + abs(timestep)):
                return history
        return self._fresh(self._timetable, timestep, sample)

    def _fresh(self, table: _Timetable, timestep: float, sample: torch.Tensor) -> _History:
        """A loop that begins at a timestep: a solver that looks back starts anew there, on the nodes that are left."""
        i = table.row_at(timestep)
        if i and any(term.index != i for term in table.rows[i].terms if term.column != NORMAL):
            j = int(np.argmin(np.abs(table.nodes - table.rows[i].u)))
            plan = self._plan_on(table.nodes[j:])
            table, i = _Timetable(self._owner, plan, table.nodes[j:], self.flow, table.timesteps.device, table.asked), 0
        return _History(table, i, {}, {}, tuple(sample.shape))

    def _noise(self, normals: dict[int, torch.Tensor], like: torch.Tensor, generator: Any) -> Any:
        """The sum of a row's normals; those drawn are added to `normals`."""
        if self.config.noise_seed is not None:
            return Normals(self.config.noise_seed, None, 0, tuple(like.shape), like.device, like.dtype).sum

        def drawn(terms: list[Term]) -> torch.Tensor:
            for term in terms:
                if term.index not in normals:
                    normals[term.index] = _randn(tuple(like.shape), generator, like)
            return sum(term.coef * normals[term.index] for term in terms)

        return drawn

    def step(self, model_output: torch.Tensor, timestep: Any, sample: torch.Tensor, generator: Any = None,
             return_dict: bool = True, **of_ddim: Any) -> SchedulerOutput | tuple[torch.Tensor]:
        """One row: from the network's output at (sample, timestep) to the sample that it sees next.

        What a multistep solver remembers hangs on the tensor that is returned, and is found again when that tensor
        comes back as `sample`. Where it was replaced by another of the same shape (a mask, another type), the last
        step of the same thread that leads to this timestep is taken. So loops in different threads never mix, nor do
        interleaved loops in one thread that pass on what they got; loops in one thread that replace their tensors
        should have a `clone()` each. A loop may begin at any timestep; ValueError: a timestep that is none of this
        schedule's.

        of_ddim: what DDIMPipeline hands over: an eta, which must be 0 (that of noise is the scheduler's own), and
        use_clipped_model_output, which is not read: with clip_sample the output is always the clipped one.
        """
        _check_ddim(of_ddim)
        history = self._found(float(timestep), sample)
        table, i = history.timetable, history.row
        row, sums = table.rows[i], sample.dtype if sample.dtype == torch.float64 else torch.float32
        slots = {**history.slots, row.x_slot: sample.to(sums)}
        slots[row.out_slot] = output = self._limited(row, slots[row.x_slot], model_output.to(sums))
        data = row.data_state * slots[row.x_slot] + row.data_output * output if row.data_state or row.data_output \
            else None
        history = history._replace(normals=dict(history.normals))
        state = run_row(row, slots, self._noise(history.normals, slots[row.x_slot], generator))
        result = state.to(model_output.dtype)
        self._remember(result, history, slots, (sample, model_output))
        if not return_dict:
            return (result,)
        return SchedulerOutput(result, None if data is None else data.to(model_output.dtype))

    def _remember(self, result: torch.Tensor, history: _History, slots: dict[int, torch.Tensor],
                  theirs: tuple[torch.Tensor, torch.Tensor]) -> None:
        """What the rows to come read is kept; copies of the caller's tensors, which may be written again."""
        table, following = history.timetable, history.row + 1
        if following == len(table.rows):
            self._local.tail = None
            return
        asked = {term.index for row in table.rows[following:] for term in row.terms if term.column == NORMAL}
        normals = {m: xi for m, xi in history.normals.items() if m in asked}
        kept = {slot: slots[slot] for slot in table.live[following] - {table.rows[following].x_slot}}
        kept = {slot: column.clone() if any(column is x for x in theirs) else column for slot, column in kept.items()}
        self._local.tail = result._libinterp = _History(table, following, kept, normals, history.shape)

    def _limited(self, row: Row, x: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        """The output whose data prediction is this one's within limits."""
        config = self.config
        if not (config.clip_sample or config.thresholding) or row.data_output == 0:
            return output
        data = row.data_state * x + row.data_output * output
        if config.thresholding:
            flat = data.reshape(len(data), -1).abs()
            level = torch.quantile(flat, config.dynamic_thresholding_ratio, dim=1)
            level = level.clamp(1, max(1, config.sample_max_value)).reshape(-1, *[1] * (data.dim() - 1))
            data = data.clamp(-level, level) / level
        else:
            data = data.clamp(-config.clip_sample_range, config.clip_sample_range)
        return (data - row.data_state * x) / row.data_output

    # Noise on data

    def _alpha_beta(self, timestep: Any, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """alpha (of the noise) and beta (of the data), shaped to multiply `like`."""
        times = np.atleast_1d(torch.as_tensor(timestep).cpu().numpy()).astype(float)
        if self.flow:
            alpha = times / self.config.num_train_timesteps
            beta = 1 - alpha
        else:
            point = self._model.schedule.eval(1 - times / (self.config.num_train_timesteps - 1))
            alpha, beta = point.alpha, point.beta
        return tuple(torch.from_numpy(np.asarray(part)).to(like).reshape(-1, *[1] * (like.dim() - 1))
                     for part in (alpha, beta))

    def add_noise(self, original_samples: torch.Tensor, noise: torch.Tensor, timesteps: Any) -> torch.Tensor:
        """alpha noise + beta data at the timesteps (one, or one for each sample)."""
        alpha, beta = self._alpha_beta(timesteps, original_samples)
        return alpha * noise + beta * original_samples

    def scale_noise(self, sample: torch.Tensor, timestep: Any, noise: torch.Tensor) -> torch.Tensor:
        """The same, with the arguments in the order of the flow schedulers."""
        return self.add_noise(sample, noise, timestep)

    def get_velocity(self, sample: torch.Tensor, noise: torch.Tensor, timesteps: Any) -> torch.Tensor:
        """v = beta noise - alpha data (what a v_prediction network learns)."""
        alpha, beta = self._alpha_beta(timesteps, sample)
        return beta * noise - alpha * sample


def _check_ddim(given: dict[str, Any]) -> None:
    if set(given) - {"eta", "use_clipped_model_output"}:
        raise TypeError(f"step: unknown parameter {sorted(given)[0]!r}")
    if given.get("eta"):
        raise errors.InvalidError('eta: noise is asked for by Scheduler(solver="ddpm", eta=...), not in step', -4)


def _randn(shape: tuple[int, ...], generator: Any, like: torch.Tensor) -> torch.Tensor:
    """Normals of torch's; with a list of generators, one for each sample."""
    if isinstance(generator, (list, tuple)):
        return torch.cat([_randn((1, *shape[1:]), one, like) for one in generator])
    where = generator.device if generator is not None else like.device
    return torch.randn(shape, generator=generator, device=where, dtype=like.dtype).to(like.device)
