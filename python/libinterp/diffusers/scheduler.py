"""The scheduler itself: what a pipeline calls."""
from __future__ import annotations

import inspect
import json
import pathlib
import threading
import uuid
from typing import Any, Iterable, NamedTuple

import numpy as np
import torch

from .. import _values, errors, names
from ..plan import Plan
from ..rows import Term
from ..run import seed_of
from ..torch_rows import Normals, run_row
from . import families, levels
from .config import FILE, Config, chosen, plain, positive
from .levels import Asked, Levels
from .limits import limited
from .network import Network
from .planning import Planner
from .timetable import Entry, Timetable

_CHOICES = {"prediction_type": ("epsilon", "v_prediction", "sample", "flow_prediction"),
            "timestep_spacing": ("linspace", "leading", "trailing"),
            "spacing_rule": ("closed", "open", "float", "lcm", "unipc", "range", "points"),
            "time_shift_type": ("exponential", "linear"), "final_sigmas_type": ("zero", "sigma_min"),
            "interpolation_type": ("linear", "log_linear"), "timestep_type": ("discrete", "continuous"),
            "sigma_schedule": ("karras", "exponential"), "network_time": (None, "angle"),
            "final_order": ("full", "lower", "short")}
_POSITIVE = ("num_train_timesteps", "snr_shift_scale", "sigma_min", "sigma_max", "sigma_data", "rho", "shift")


class SchedulerOutput(NamedTuple):
    """prev_sample: the state that the next evaluation sees. pred_original_sample: the data prediction, or None."""
    prev_sample: torch.Tensor
    pred_original_sample: torch.Tensor | None


class _History(NamedTuple):
    """What the entries after a step need: the columns but for the state, and normals that will be asked for again."""
    timetable: Timetable
    entry: int
    slots: dict[int, torch.Tensor]
    normals: dict[int, torch.Tensor]
    shape: tuple[int, ...]


def _again(kind: type[Scheduler], config: dict[str, Any], owner: uuid.UUID, wanted: dict[str, Any] | None,
           begin: int | None) -> Scheduler:
    copy = kind.from_config(config)
    copy._owner = owner
    if wanted:
        copy.set_timesteps(**wanted)
    copy._local.begin = begin
    return copy


class Scheduler:
    """Takes the place of a pipeline's own scheduler.

    Ours: solver: a name of `libinterp.solvers()`. schedule: to sample under, a name or None (the network's own).
    k: the diffusion of SDE solvers. eta, s_noise: of solvers with noise of their own (None: theirs; eta .3 of
    "tcd", else 1). final_order: "full", "lower", or
    "short": lower in runs of fewer than 15 evaluations (DPM-Solver, DEIS). noise_seed: None: noise in steps comes from
    torch (`generator` of step); a number: from libinterp's Brownian paths of (noise_seed, sample). grid: a name of
    `libinterp.grids()` instead of diffusers' spacings. spacing_rule: "closed" (DDIM, DDPM), "open" (DPM-Solver, DEIS),
    "float" (Euler), "lcm", "unipc", "range" (EDM: sigma_max .. sigma_min), "points" (MiniMax-H3): whose reading of
    timestep_spacing. as_diffusers: diffusers' own numbers also where they are slips (docs/python.md lists
    them); shift_twice: only that one. network_time: None or "angle" (2/pi arctan sigma).

    The rest is named as in diffusers. Table networks: num_train_timesteps, beta_start, beta_end, beta_schedule
    ("linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid", "laplace", "exp"), trained_betas, prediction_type ("epsilon", "v_prediction",
    "sample"), timestep_spacing, steps_offset, set_alpha_to_one, final_sigmas_type, rescale_betas_zero_snr,
    snr_shift_scale, lambda_min_clipped, use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas, use_lu_lambdas,
    sigma_min, sigma_max, interpolation_type, timestep_type, original_inference_steps. Flow networks (prediction_type
    "flow_prediction", or use_flow_sigmas): shift, use_dynamic_shifting, time_shift_type, shift_terminal, invert_sigmas.
    EDM networks (sigma_data): sigma_min, sigma_max, sigma_schedule, rho. clip_sample, clip_sample_range, thresholding,
    dynamic_thresholding_ratio, sample_max_value: the solver works on the data prediction so changed.

    States are in the coordinates of the network's input, so scale_model_input changes nothing and init_noise_sigma is
    1. set_timesteps(n) means n evaluations of the network: a solver with two per step makes about n/2 steps.
    """

    order = 1
    _compatibles: list[str] = []

    def __init__(self, num_train_timesteps: int = 1000, beta_start: float = 0.0001, beta_end: float = 0.02,
                 beta_schedule: str = "linear", trained_betas: Any = None, prediction_type: str = "epsilon",
                 timestep_spacing: str = "leading", steps_offset: int = 0, set_alpha_to_one: bool = True,
                 final_sigmas_type: str = "zero", rescale_betas_zero_snr: bool = False, clip_sample: bool = False,
                 clip_sample_range: float = 1.0, thresholding: bool = False, dynamic_thresholding_ratio: float = 0.995,
                 sample_max_value: float = 1.0, use_karras_sigmas: bool = False, use_exponential_sigmas: bool = False,
                 use_beta_sigmas: bool = False, use_lu_lambdas: bool = False, shift: float = 1.0,
                 use_dynamic_shifting: bool = False, time_shift_type: str = "exponential",
                 shift_terminal: float | None = None, base_shift: float = 0.5, max_shift: float = 1.15,
                 base_image_seq_len: int = 256, max_image_seq_len: int = 4096, invert_sigmas: bool = False,
                 use_flow_sigmas: bool = False, snr_shift_scale: float = 1.0,
                 lambda_min_clipped: float = -float("inf"), sigma_min: float | None = None,
                 sigma_max: float | None = None, sigma_data: float | None = None, sigma_schedule: str = "karras",
                 rho: float = 7.0, interpolation_type: str = "linear", timestep_type: str = "discrete",
                 original_inference_steps: int = 50, network_time: str | None = None, as_diffusers: bool = False,
                 shift_twice: bool = False, solver: str = "dpmpp-2m", schedule: str | None = None, k: float = 0.0,
                 eta: float | None = None, s_noise: float | None = None, final_order: str = "full", grid: str | None = None,
                 spacing_rule: str = "closed", noise_seed: int | None = None):
        given = {name: plain(value) for name, value in locals().items() if name not in ("self", "__class__")}
        for name, among in _CHOICES.items():
            chosen(name, given[name], among)
        for name in _POSITIVE:
            positive(name, given[name])
        for name in ("solver", "schedule", "grid"):
            if given[name] is not None:
                names.number_of(name, given[name])
        if noise_seed is not None:
            given["noise_seed"] = seed_of(noise_seed, "noise_seed")
        self._internal_dict = Config(_class_name="Scheduler", **given)
        self._network = Network(self.config)
        self.flow = self._network.flow
        if self._network.table and not self.flow:
            self.alphas_cumprod = torch.from_numpy(self._network.table.bar.astype(np.float32))
        self._planner = Planner(self.config, self._network)
        self._local = threading.local()
        self._newest: Timetable | None = None
        self._owner = uuid.uuid4()  # by which a sample's memory is known to be of this scheduler

    # Configuration

    @property
    def config(self) -> Config:
        return self._internal_dict

    @classmethod
    def from_config(cls, config: Any, **changes: Any) -> "Scheduler":
        """From a configuration (a mapping, such as pipe.scheduler.config) of this or of one of diffusers' schedulers,
        with changes: parameters of either. The class is read from "_class_name", or told from its keys; what the
        configuration leaves out is that class's default; without `solver` it is that class's own method, where there is
        one. A class or key that cannot be honoured is an InvalidError that names it (`libinterp.diffusers.supported`
        lists classes)."""
        return cls(**families.read(config, changes, list(inspect.signature(cls).parameters)))

    def clone(self) -> "Scheduler":
        """Another with the same configuration and nothing in common."""
        return type(self).from_config(dict(self.config))

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies (of a pipeline, to another process) stand where this one does in the calling thread: they know its
        timesteps, and the samples of its loops."""
        table = getattr(self._local, "timetable", None) or self._newest
        return _again, (type(self), dict(self.config), self._owner, table and table.wanted, self.begin_index)

    def save_pretrained(self, save_directory: str, **ignored: Any) -> None:
        folder = pathlib.Path(save_directory)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(json.dumps(dict(self.config), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def from_pretrained(cls, folder: str, subfolder: str = "", **changes: Any) -> "Scheduler":
        """From a folder on this machine, of this or of one of diffusers' schedulers."""
        text = (pathlib.Path(folder) / subfolder / FILE).read_text(encoding="utf-8")
        return cls.from_config(json.loads(text), **changes)

    def __len__(self) -> int:
        return self.config.num_train_timesteps

    def __repr__(self) -> str:
        return f"Scheduler({', '.join(f'{name}={value!r}' for name, value in self.config.items() if name[0] != '_')})"

    # Timesteps

    def set_timesteps(self, num_inference_steps: int | None = None, device: Any = None,
                      timesteps: Iterable[float] | None = None, sigmas: Iterable[float] | None = None,
                      mu: float | None = None, original_inference_steps: int | None = None,
                      strength: float = 1.0) -> None:
        """A run of num_inference_steps evaluations, or a step from each of the timesteps or sigmas (of a table network
        alpha/beta, of a flow network before its shift; a last 0 is the end of any run), for this thread. mu: with
        use_dynamic_shifting. original_inference_steps, strength: of spacing_rule "lcm"."""
        timesteps, sigmas = (None if x is None else np.asarray(plain(x), float).ravel() for x in (timesteps, sigmas))
        given = [len(x) for x in (timesteps, sigmas if sigmas is None else levels.without_zero(sigmas))
                 if x is not None]
        if len(set(given)) > 1:
            raise ValueError(f"timesteps and sigmas should be as many, not {given[0]} and {given[1]}")
        n = int(given[0] if given else num_inference_steps or 0)
        if n < 1:
            raise ValueError("num_inference_steps (1 or more), timesteps or sigmas are wanted")
        steps, most = (n, 0) if given else (self._planner.steps_of(n), n)
        planned = self._planner.planned(Asked(steps, timesteps, sigmas, mu, original_inference_steps, strength,
                                               most))
        self._newest = self._local.timetable = Timetable(self._owner, planned, self._network, device, n)
        self._newest.wanted = {"num_inference_steps": n, "device": device, "timesteps": timesteps, "sigmas": sigmas,
                               "mu": mu, "original_inference_steps": original_inference_steps, "strength": strength}
        self._local.tail = self._local.begin = None

    @property
    def _timetable(self) -> Timetable:
        found = getattr(self._local, "timetable", None) or self._newest
        if found is None:
            raise errors.StateError("set_timesteps was not called", _values.E_STATE)
        return found

    @property
    def plan(self) -> Plan:
        """The plan of this thread's set_timesteps."""
        return self._timetable.planned.plan

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

    step_index = None  # `step` finds its place by the sample and the timestep

    @property
    def begin_index(self) -> int | None:
        return getattr(self._local, "begin", None)

    def set_begin_index(self, begin_index: int = 0) -> None:
        """The evaluation that a loop begins with. It is read where the timestep alone does not say: numbers that occur
        twice in `timesteps`."""
        self._local.begin = int(begin_index)

    def scale_model_input(self, sample: torch.Tensor, timestep: Any = None) -> torch.Tensor:
        """The sample itself."""
        return sample

    # Steps

    def _check_ddim(self, given: dict[str, Any]) -> None:
        if set(given) - {"eta", "use_clipped_model_output"}:
            raise TypeError(f"step: unknown parameter {sorted(given)[0]!r}")
        if given.get("eta") and given["eta"] != self.config.eta:
            raise errors.InvalidError('eta: noise is asked for by Scheduler(solver="ddpm", eta=...), not in step',
                                      _values.E_UNSUPPORTED)

    def _found(self, timestep: Any, sample: torch.Tensor) -> _History:
        for history in (getattr(sample, "_libinterp", None), getattr(self._local, "tail", None)):
            if history is not None and history.timetable.owner == self._owner and \
                    history.shape == tuple(sample.shape) and history.timetable.is_at(history.entry, timestep):
                return history
        table = self._timetable
        return _History(table.begun_at(self._row_of(table, timestep), self._planner.make), 0, {}, {},
                        tuple(sample.shape))

    def _row_of(self, table: Timetable, timestep: Any) -> int:
        """Of rows at one timestep the last, which begins a step where the others are stages of the step before."""
        rows = table.rows_at(timestep)
        return self.begin_index if self.begin_index in rows else int(rows[-1])

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
        should have a `clone()` each.

        A loop may begin at any element of `timesteps`, with a sample at the noise level that add_noise makes there.
        Inside a step of a solver with several evaluations per step it goes to the step's end by one step of order 1;
        the step's other evaluations then change nothing. ValueError: a timestep that is none of this schedule's.

        of_ddim: what pipelines hand over: an eta, which must be 0 or what the plan was made with (that of noise is the
        scheduler's own), and
        use_clipped_model_output, which is not read: with clip_sample the output is always the clipped one.
        """
        self._check_ddim(of_ddim)
        history = self._found(timestep, sample)
        entry, sums = history.timetable.entries[history.entry], \
            sample.dtype if sample.dtype == torch.float64 else torch.float32
        if entry.row is None:
            result, data = sample.to(model_output.dtype, copy=True), None
            self._remember(result, history, entry, history.slots, ())
        else:
            result, data = self._row(history, entry, (sample, model_output), sums, generator)
        if not return_dict:
            return (result,)
        return SchedulerOutput(result, None if data is None else data.to(model_output.dtype))

    def _row(self, history: _History, entry: Entry, theirs: tuple[torch.Tensor, torch.Tensor], sums: torch.dtype,
             generator: Any) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The next state, and the data prediction."""
        row, x = entry.row, theirs[0].to(sums)
        output = limited(self.config, row, x, theirs[1].to(sums))
        slots = {**history.slots, row.x_slot: x, row.out_slot: output}
        data = row.data_state * x + row.data_output * output if row.data_state or row.data_output else None
        history = history._replace(normals=dict(history.normals))
        result = run_row(row, slots, self._noise(history.normals, x, generator)).to(theirs[1].dtype)
        self._remember(result, history, entry, slots, theirs)
        return result, data

    def _remember(self, result: torch.Tensor, history: _History, entry: Entry, slots: dict[int, torch.Tensor],
                  theirs: tuple[torch.Tensor, ...]) -> None:
        """What the entries to come read is kept; copies of the caller's tensors, which may be written again."""
        table, following = history.timetable, history.entry + 1
        if following == len(table.entries):
            self._local.tail = None
            return
        normals = {m: xi for m, xi in history.normals.items() if m in entry.asked}
        kept = {slot: slots[slot] for slot in table.entries[following].live}
        kept = {slot: column.clone() if any(column is x for x in theirs) else column for slot, column in kept.items()}
        self._local.tail = result._libinterp = _History(table, following, kept, normals, history.shape)

    # Noise on data

    def _alpha_beta(self, timestep: Any, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """alpha (of the noise) and beta (of the data), shaped to multiply `like`: at a timestep of this run the level
        of its evaluation, elsewhere the one that the network knows by this number."""
        one = timestep if isinstance(timestep, torch.Tensor) and timestep.dim() == 0 else None
        times = [one] if one is not None else list(torch.as_tensor(timestep).reshape(-1))
        found = self._network.alpha_beta(np.array([self._level(time) for time in times]))
        return tuple(torch.from_numpy(np.asarray(part, float)).to(like).reshape(-1, *[1] * (like.dim() - 1))
                     for part in found)

    def _level(self, timestep: torch.Tensor) -> float:
        table = getattr(self._local, "timetable", None) or self._newest
        try:
            return float(table.levels[self._row_of(table, timestep)])
        except (AttributeError, ValueError):  # before set_timesteps, and in training
            return float(self._network.level_told(float(timestep)))

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


def _randn(shape: tuple[int, ...], generator: Any, like: torch.Tensor) -> torch.Tensor:
    """Normals of torch's; with a list of generators, one for each sample."""
    if isinstance(generator, (list, tuple)):
        return torch.cat([_randn((1, *shape[1:]), one, like) for one in generator])
    where = generator.device if generator is not None else like.device
    return torch.randn(shape, generator=generator, device=where, dtype=like.dtype).to(like.device)
