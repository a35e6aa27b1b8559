"""Everything in one call, for arrays and tensors."""
from __future__ import annotations

from typing import Any, Callable

from . import errors
from .network import Network
from .run import Run
from .running import run_through, started


def _is_torch(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "torch"


def sample(plan: Any, network: Callable[..., Any], shape: Any = None, *,
           on_data: Callable[[Any, Any], Any] | None = None, on_row: Callable[[Any, Any], Any] | None = None,
           progress: bool = False, noise: Any = "interp", engine: str | None = None, device: Any = None,
           generator: Any = None, **options: Any) -> Any:
    """Runs `plan`, a Plan, a CovariancePlan or an Adaptive, with `network` and returns the samples, [count, ...].

    network(x, t, ...): x [count, ...], t a float (of an Adaptive an array, a number for each sample), what the network is
    given as its time. It returns its output, an array of x's shape (float16 and bfloat16 tensors are widened), or writes
    all of `out` and returns None. After x and t it may name any of: out, request (a `libinterp.Step`), u, row, rows,
    first, index (number of each sample, [count]: for class labels), and, for guidance, out2 and guidance; with guidance
    it returns (conditional, unconditional). An exception raised in it stops the run and comes out as itself,
    KeyboardInterrupt too.

    shape: [count, ...]. dtype, seed, seeds, first, start, data, out, guidance, guidance_interval, check_finite, kernel:
    see `libinterp.Run`. out and out= are the library's own arrays, without copies.
    on_data(data, step) sees each data prediction before the solver does, and may change it or return another.
    on_row(state, step) sees the state after each row. progress: a bar, where tqdm is there.
    The network's x and what on_row sees are copies, which may be kept and stay what they are. They are not to be
    changed: InvalidError says so where it is tried (arrays cannot be written, of tensors it is noticed).

    Tensors: with a torch dtype, a device, or tensors in start, data or out, the network is given tensors and a tensor
    is returned. Float32 and float64 on the CPU share the library's memory; other types and devices, and engine="torch",
    run the plan's rows with torch operations (and gradients pass). noise="torch" draws all normals from torch's
    `generator` instead of the library's (seed, sample, index); see docs/python.md.

    noise: normals of the caller's, of arrays and tensors: a TorchNoise(seed), or noise(request) -> array of
    request.shape (NoiseRequest), asked once for the start and once or twice for each step; see docs/noise.md.
    """
    tensors = [options.get(name) for name in ("start", "data", "out", "dtype")]
    by_torch = engine == "torch" or (isinstance(noise, str) and noise == "torch")
    asked = by_torch or device is not None or generator is not None
    if asked or any(map(_is_torch, tensors)):
        from . import torch_rows  # here, since torch may not be there
        return torch_rows.sample(plan, network, shape, on_data=on_data, on_row=on_row, progress=progress, noise=noise,
                                 engine=engine, device=device, generator=generator, **options)
    if (isinstance(noise, str) and noise != "interp") or engine not in (None, "c"):
        raise errors.InvalidError('noise should be "interp", "torch" or a callable, engine None, "c" or "torch"')
    options["noise"] = None if isinstance(noise, str) else noise
    run, on_row = started(plan, shape, on_row, options)
    run_through(run, Network(network), on_data, on_row, progress)
    return run.result


class Runs:
    """What every kind of plan is run by; `_handle` is what `_sampler` makes a sampler of."""

    _handle: Any
    _sampler: Any
    _sample_shape: tuple[int, ...] | None = None  # of samples, where the plan knows it

    def steps(self, shape: Any = None, **options: Any) -> Any:
        """The stepwise form, a `libinterp.Run`, with the options of `sample` that are not of its callbacks:

            run = plan.steps((64, 784), seed=7)
            for rq in run:
                rq.out[...] = velocity(rq.x, rq.time)
            x = run.x
        """
        return Run(self, shape, **options)

    def sample(self, network: Callable[..., Any], shape: Any = None, **options: Any) -> Any:
        """Samples: see `libinterp.sample`, whose first argument this is."""
        return sample(self, network, shape, **options)
