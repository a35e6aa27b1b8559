"""Whole loops on a network that costs nothing, equal arrays, one thread: their time over ours. Printed, not judged."""
import statistics
import time
import warnings

import numpy as np
import pytest

import libinterp
from libinterp.diffusers import Scheduler
from rows import add_row, peer

torch, diffusers = peer("torch"), peer("diffusers")
SHAPE, STEPS = (4, 4, 128, 128), 20
CASES = [("DDIMScheduler", {"clip_sample": False}, "ddim"), ("EulerDiscreteScheduler", {}, "ddim"),
         ("DPMSolverMultistepScheduler", {}, "dpmpp-2m"), ("UniPCMultistepScheduler", {"final_sigmas_type": "sigma_min"}, "unipc-bh2-2"),
         ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}, "sde-dpmpp-2m"),
         ("FlowMatchEulerDiscreteScheduler", {}, "euler")]


def medians(*loops):
    """Of processor time, taking turns."""
    times = [[] for _ in loops]
    for _ in range(7):
        for loop, found in zip(loops, times):
            begin = time.process_time()
            loop()
            found.append(time.process_time() - begin)
    return [statistics.median(found) for found in times]


@pytest.mark.parametrize("name, options, solver", CASES, ids=str)
def test_whole_loops(name, options, solver):
    own = getattr(diffusers, name)(**options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = Scheduler.from_config({**own.config, "_class_name": name})
    x, output = torch.randn(SHAPE), torch.randn(SHAPE)

    def through(scheduler):
        def loop():
            y = x
            scheduler.set_timesteps(STEPS)
            for t in scheduler.timesteps:
                seen = scheduler.scale_model_input(y, t) if hasattr(scheduler, "scale_model_input") else y
                del seen
                y = scheduler.step(output, t, y, return_dict=False)[0]
        return loop

    flow = name.startswith("Flow")
    model = libinterp.Model() if flow else libinterp.Model(libinterp.Schedule("ddpm"), "noise", "index")
    noise = {"noise": "steps"} if "sde" in solver else {}
    plan = libinterp.Plan(solver=solver, evaluations=STEPS, model=model, **noise)
    start, answer = x.numpy(), output.numpy()
    theirs, scheduler, c = medians(through(own), through(ours), lambda: plan.sample(lambda y, t: answer, start=start))
    add_row("diffusers", name, f"{options}, speed, {STEPS} steps of 262,144 numbers",
            f"{theirs / scheduler:.2f}/{theirs / c:.2f}",
            f"their time over that of libinterp.diffusers / of Plan.sample ({1000 * theirs:.1f} ms)")
