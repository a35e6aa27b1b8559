"""What a zero means in the fields of descriptors: every default in C, and in Python a zero."""
import ctypes as c

from ._structs import (AdaptiveDesc, Apg, Batch, CovarianceDesc, CovarianceEstimation, CovariancePlanDesc, Diffusion,
                       FitDesc, Grid, Model, PlanDesc, ScheduleDesc, SearchDesc)

#: Fields whose zero asks C for a default that is not zero. Who writes 0 here means nothing of it: that is what a
#: negative number says in C, for the fields of NEGATIVE_IS_NONE; others cannot be 0.
NOT_ZERO: dict[type[c.Structure], str] = {
    ScheduleDesc: "s beta_max sigma_max sigma_data beta_start beta_end", Batch: "guidance_high",
    Model: "sigma_data", Grid: "shift beta_a beta_b sigma_max sigma_min u_end", Diffusion: "norm",
    PlanDesc: "evaluations",
    AdaptiveDesc: "safety shrink grow u_end", Apg: "scale", CovarianceDesc: "floor", CovarianceEstimation: "floor",
    FitDesc: "guidance_high", SearchDesc: "guidance_high",
}
NEGATIVE_IS_NONE: dict[type[c.Structure], str] = {
    ScheduleDesc: "beta_min", AdaptiveDesc: "max_evaluations rtol atol", CovarianceEstimation: "shrinkage",
    CovariancePlanDesc: "bands power",
}
