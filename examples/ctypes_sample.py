"""libinterp from Python with ctypes and numpy: by callback, then step by step, to the same bits.

The data are N(0, I), whose velocity under the linear schedule is exactly (2t - 1) x / ((1-t)^2 + t^2). Under the lazy
schedule a sample is then the noise that it started from, whatever the number of evaluations.
usage: ctypes_sample.py [LIBRARY]      else $LIBINTERP, else the installed one
"""
import ctypes as c
import os
import sys

import numpy as np

POINTER, SIZE, INT, DOUBLE, U64 = c.c_void_p, c.c_size_t, c.c_int32, c.c_double, c.c_uint64
LAZY, FLOAT32, EVALUATE = 20, 1, 1


def struct(name, *groups):
    return type(name, (c.Structure,), {"_fields_": [(field, of) for of, names in groups for field in names.split()]})


PlanDesc = struct("PlanDesc", (SIZE, "size"), (POINTER, "env model schedule solver grid diffusion"),
                  (INT, "evaluations noise start last singular ends"))
Batch = struct("Batch", (SIZE, "size"), (POINTER, "env"), (SIZE, "dim count"), (U64, "seed first"),
               (POINTER, "seeds"), (INT, "type x kernel check_finite"),
               (DOUBLE, "guidance guidance_low guidance_high"), (POINTER, "on_data on_row user"),
               (INT, "row_data row_scaled"), (POINTER, "row_schedule workspace"), (SIZE, "workspace_bytes"),
               (POINTER, "noise noise_user needed"))
Start = struct("Start", (SIZE, "size"), (POINTER, "x data"), (INT, "given reserved"), (SIZE, "count"), (U64, "seed first"),
               (POINTER, "seeds"))
Request = struct("Request", (SIZE, "size"), (POINTER, "x out"), (SIZE, "count dim"), (DOUBLE, "time u"),
                 (INT, "row rows type reserved"), (U64, "first"),
                 (POINTER, "out2"), (DOUBLE, "guidance data_state data_output"), (INT, "step steps ends_step reserved2"),
                 (POINTER, "times positions guidances data_states data_outputs index"))
Network = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(Request))

itp = c.CDLL((sys.argv[1:] or [os.environ.get("LIBINTERP", "libinterp.so.0")])[0])
itp.itp_normals.argtypes = (U64, U64, c.c_uint32, U64, INT, POINTER, SIZE)
itp.itp_status_string.restype = c.c_char_p


def checked(status):
    if status < 0:
        raise RuntimeError(itp.itp_status_string(status).decode())
    return status


def sized(kind, **values):
    """Zero is the default of every field but the size."""
    return kind(size=c.sizeof(kind), **values)


def velocity(request):
    shape, t = (request.count, request.dim), request.time
    x, out = (np.ctypeslib.as_array(c.cast(p, c.POINTER(c.c_float)), shape) for p in (request.x, request.out))
    out[:] = np.float32((2 * t - 1) / ((1 - t) ** 2 + t**2)) * x
    return 0


lazy, plan, sampler = POINTER(), POINTER(), POINTER()
checked(itp.itp_schedule_make(LAZY, c.byref(lazy)))
want = sized(PlanDesc, schedule=lazy, evaluations=4)
checked(itp.itp_plan_new(c.byref(want), c.byref(plan)))
batch = sized(Batch, dim=6, count=3, seed=11)
start, called, stepped = (np.zeros((batch.count, batch.dim), np.float32) for _ in range(3))
for i, row in enumerate(start):
    checked(itp.itp_normals(batch.seed, i, 0, 0, FLOAT32, row.ctypes.data, row.size))

network = Network(lambda user, request: velocity(request.contents))
checked(itp.itp_sample(plan, c.byref(batch), POINTER(called.ctypes.data), network, None))
begin = sized(Start, x=stepped.ctypes.data, seed=batch.seed)
batch.seed = 0  # a sampler takes it when it begins
checked(itp.itp_sampler_new(plan, c.byref(batch), c.byref(sampler)))
checked(itp.itp_sampler_begin(sampler, c.byref(begin)))
request = sized(Request)
while checked(itp.itp_sampler_next(sampler, c.byref(request))) == EVALUATE:
    velocity(request)
    checked(itp.itp_sampler_submit(sampler))
itp.itp_sampler_free(sampler), itp.itp_plan_free(plan), itp.itp_schedule_free(lazy)

error = np.abs(called - start).max()
assert error < 1e-5, f"lazy sampling of N(0, I) should be exact, error {error}"
assert called.tobytes() == stepped.tobytes(), "the callback and the steps should agree"
print(f"ctypes: {batch.count} samples in {want.evaluations} evaluations, error {error:.1e}, stepwise bit-identical")
