"""Pictures of schedules, grids, plans and trajectories (matplotlib): python3 -m libinterp plot"""
from __future__ import annotations

import pathlib
from typing import Any, Callable

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from .plan import Plan  # noqa: E402
from .schedule import Schedule  # noqa: E402

# Okabe and Ito's colours, which people who see fewer colours tell apart
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#777777"
SHOWN = [("linear", Schedule("linear"), BLUE, 0.0), ("vp = lazy, k = 0", Schedule("lazy"), ORANGE, 0.0),
         ("lazy, k = 1/2", Schedule("lazy", k=0.5), PURPLE, 0.5),
         ("point mass = lazy, k = 1", Schedule("point-mass"), GREEN, 1.0)]
STYLE = {"font.size": 10, "axes.titlesize": 10.5, "axes.spines.top": False, "axes.spines.right": False,
         "axes.grid": True, "grid.color": "#e6e6e6", "grid.linewidth": 0.8, "axes.axisbelow": True,
         "legend.frameon": False, "figure.dpi": 100, "savefig.dpi": 110, "axes.edgecolor": GREY}


class Mixture:
    """A mixture of equal Gaussians in the plane, and its exact velocity under the linear schedule."""

    def __init__(self, modes: int = 6, radius: float = 1.6, deviation: float = 0.14):
        angle = 2 * np.pi * (np.arange(modes) + 0.25) / modes
        self.means = radius * np.stack([np.cos(angle), np.sin(angle)], 1)
        self.variance = deviation**2

    def velocity(self, x: np.ndarray, t: float) -> np.ndarray:
        """E[X - Z | (1-t) Z + t X = x], x [n, 2]; regular on the whole of [0, 1]."""
        a, b = 1 - t, t
        total = a * a + b * b * self.variance
        off = x[:, None, :] - b * self.means
        log_weight = -(off**2).sum(-1) / (2 * total)
        weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
        weight /= weight.sum(1, keepdims=True)
        part = self.means + (b * self.variance - a) / total * off
        return (weight[..., None] * part).sum(1).astype(x.dtype)


def _curve(axes: Any, x: np.ndarray, y: np.ndarray, **style: Any) -> None:
    axes.plot(x, np.where(np.isfinite(y), y, np.nan), **{"linewidth": 2, **style})


def _drift(point: Any, k: float) -> np.ndarray:
    """The drift's factor on x for N(0, 1) data: (V'/2 - eps)/V, V = alpha^2 + beta^2, eps = k eps*."""
    with np.errstate(invalid="ignore"):
        change = point.alpha * point.dalpha + point.beta * point.dbeta
        return (change - k * point.eps_star) / (point.alpha**2 + point.beta**2)


def schedules() -> Any:
    """alpha and beta, the drift on N(0, 1) data with and without noise, and the optimal diffusion."""
    figure, ((values, flow), (noisy, diffusion)) = plt.subplots(2, 2, figsize=(9, 6.4), sharex=True)
    t = np.linspace(0, 1, 801)[1:-1]
    for name, schedule, colour, _ in SHOWN:
        point = schedule.eval(t)
        _curve(values, t, point.alpha, color=colour)
        _curve(values, t, point.beta, color=colour, linestyle=(0, (4, 1.5)))
        _curve(flow, t, _drift(point, 0), color=colour)
        _curve(noisy, t, _drift(point, 1), color=colour)
        _curve(diffusion, t, point.eps_star, color=colour, label=name)
    values.annotate("beta = t for all\nbut vp", (0.22, 0.22), (0.3, 0.06), color=GREY, fontsize=9,
                    arrowprops={"arrowstyle": "-", "color": GREY})
    values.set(title="alpha (noise, solid) and beta (data, dashed)", ylim=(0, 1.03), xlim=(0, 1))
    flow.set(title="drift / x on N(0, 1) data, k = 0: the flow", ylim=(-2.1, 4.1))
    noisy.set(title="drift / x on N(0, 1) data, k = 1: the optimal SDE", ylim=(-6.2, 2.1), xlabel="t")
    diffusion.set(title="eps*, the optimal diffusion", yscale="log", ylim=(0.03, 60), xlabel="t")
    figure.legend(*diffusion.get_legend_handles_labels(), loc="lower center", ncol=4, handlelength=1.6)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    return figure


def _nodes(plan: Plan) -> list[float]:
    return [row.u for row in plan.rows] + [plan.u_end]


def nodes(steps: int = 8) -> Any:
    """Where on the path grids evaluate the network."""
    named: list[tuple[str, Plan, str]] = [(f'"time" under {name}', Plan(schedule, evaluations=steps, k=k), colour)
                                          for name, schedule, colour, k in SHOWN]
    for grid, more in (("quadratic", {}), ("shift", {"shift": 3.0}), ("lambda", {}), ("karras", {}), ("ays-sdxl", {})):
        label = f'"{grid}"' + "".join(f", {key} {value:g}" for key, value in more.items())
        named.append((label, Plan(solver="ddim", evaluations=steps, grid=grid, **more), GREY))
    figure, axes = plt.subplots(figsize=(9, 3.9))
    for y, (_, plan, colour) in enumerate(named):
        u = _nodes(plan)
        axes.plot([0, 1], [y, y], color="#d0d0d0", linewidth=1, zorder=1)
        axes.plot(u[:-1], [y] * (len(u) - 1), "o", color=colour, markersize=7, zorder=2)
        axes.plot(u[-1:], [y], "|", color=colour, markersize=13, markeredgewidth=2, zorder=2)
    axes.set_yticks(range(len(named)), [name for name, _, _ in named])
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set(xlabel="position on the path u = beta/(alpha + beta): 0 noise, 1 data", xlim=(-0.02, 1.02),
             title=f"where {steps} evaluations are made")
    figure.tight_layout()
    return figure


def _matrix(axes: Any, values: np.ndarray, title: str, column: str) -> None:
    n, limit = len(values), 1.6
    shown = np.ma.masked_equal(values, 0)
    axes.imshow(shown, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for i, j in zip(*np.nonzero(values)):
        dark = abs(values[i, j]) > 0.65 * limit
        axes.text(j, i, f"{values[i, j]:.2f}", ha="center", va="center", fontsize=7.5,
                  color="white" if dark else "black")
    axes.set_xticks(range(n), [f"{column}{j}" for j in range(n)])
    axes.set_yticks(range(n), [f"Y{i + 1}" for i in range(n)])
    axes.tick_params(length=0)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(title)


def rows(evaluations: int = 8) -> Any:
    """The coefficients of two plans: every state is a sum of earlier states and outputs."""
    plans = [("dpmpp-2m under lazy", Plan("lazy", "dpmpp-2m", evaluations)),
             ("rk4 under linear", Plan(None, "rk4", evaluations))]
    figure, axes = plt.subplots(2, 2, figsize=(9, 7.6))
    for line, (name, plan) in zip(axes, plans):
        arrays = plan.arrays
        _matrix(line[0], arrays.states, f"{name}: on states Y", "Y")
        # F is what earlier rows kept: for dpmpp-2m the data prediction
        kept = " (data, where kept)" if arrays.keep.any() else ""
        _matrix(line[1], arrays.outputs, f"{name}: on outputs F{kept}", "F")
    figure.tight_layout()
    return figure


def _path(plan: Plan, velocity: Callable[..., Any], schedule: Schedule, count: int, seed: int) -> np.ndarray:
    """States [rows + 1, count, 2] of a run in the coordinates of `schedule`."""
    factor = [plan.coordinates(i, schedule)[1] for i in range(len(plan) + 1)]
    run, states = plan.steps((count, 2), seed=seed, dtype=np.float64), []
    for step in run:
        states.append(factor[len(states)] * step.x)
        step.out[...] = velocity(step.x, step.time)
    return np.stack([*states, factor[-1] * run.x])


def _trajectory_panel(axes: Any, paths: np.ndarray, data: Mixture, colour: str, width: float) -> None:
    for mean in data.means:
        axes.add_patch(plt.Circle(mean, 2 * data.variance**0.5, facecolor="#dddddd", edgecolor="none", zorder=1))
    axes.plot(paths[:, :, 0], paths[:, :, 1], color=colour, linewidth=width, alpha=0.8, zorder=2)
    axes.plot(*paths[0].T, "o", markerfacecolor="white", markeredgecolor=GREY, markersize=3.5, zorder=3)
    axes.plot(*paths[-1].T, "o", color="black", markersize=3.5, zorder=4)
    axes.set(xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), aspect="equal", xticks=[], yticks=[], facecolor="none")
    for spine in axes.spines.values():
        spine.set_visible(False)


def trajectories(few: int = 8, many: int = 256, count: int = 24, seed: int = 51) -> Any:
    """The same seeds under four schedules, with many evaluations and with few; of SDEs only some of the paths."""
    data = Mixture()
    figure, axes = plt.subplots(2, 4, figsize=(11, 6.4))
    for column, (name, schedule, colour, k) in enumerate(SHOWN):
        made = [_path(Plan(schedule, evaluations=n, k=k), data.velocity, schedule, count, seed) for n in (many, few)]
        fine = Plan(schedule, evaluations=4096, k=k).sample(data.velocity, (count, 2), seed=seed, dtype=np.float64)
        for line, (paths, n) in enumerate(zip(made, (many, few))):
            shown = paths if k == 0 else paths[:, :9]
            _trajectory_panel(axes[line, column], shown, data, colour, 1.0 if k == 0 else 0.6 if n == many else 1.0)
            error = np.sqrt(((paths[-1] - fine) ** 2).mean())
            axes[line, column].set_xlabel(f"{n} evaluations, error {error:.2g}", labelpad=2)
        kind = "the flow" if k == 0 else "SDE, eps = eps*" if k == 1 else f"SDE, eps = {k:g} eps*"
        axes[0, column].set_title(f"{name}\n{kind}")
    figure.text(0.5, 0.012, "white: start, black: end, grey: the data, two standard deviations wide; error: root mean "
                "square to the converged ends", ha="center", color=GREY, fontsize=9)
    figure.tight_layout(h_pad=0.6, w_pad=0.4, rect=(0, 0.03, 1, 1))
    return figure


PICTURES = {"schedules": schedules, "nodes": nodes, "rows": rows, "trajectories": trajectories}


def plot(folder: str | pathlib.Path = ".", prefix: str = "") -> list[pathlib.Path]:
    """Writes every picture as PNG; returns their paths."""
    folder, written = pathlib.Path(folder), []
    folder.mkdir(parents=True, exist_ok=True)
    with plt.rc_context(STYLE):
        for name, draw in PICTURES.items():
            figure = draw()
            written.append(folder / f"{prefix}{name}.png")
            figure.savefig(written[-1], metadata={"Software": None})
            plt.close(figure)
    return written
