"""A scheduler of the shape that diffusers' pipelines call, on libinterp's plans. diffusers itself is not needed.

    pipe.scheduler = libinterp.diffusers.Scheduler.from_config(pipe.scheduler.config, solver="unipc-bh2-2")

Threads and loops: a Scheduler may be shared. What set_timesteps makes belongs to the thread that called it; what a
multistep solver remembers travels with the sample: `step` keeps nothing that two loops could mix (see `step`).
"""
from .config import Config
from .families import supported
from .scheduler import Scheduler, SchedulerOutput

__all__ = ["Config", "Scheduler", "SchedulerOutput", "supported"]
