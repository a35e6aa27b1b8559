"""libinterp and the peers' module (peers.h) by way of ctypes, as far as peers_bench.py needs them."""
import ctypes as c
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from mirrors import structs, values  # noqa: E402

POINTER, SIZE, INT, U64 = structs.POINTER, structs.SIZE, structs.INT, structs.U64
FLOAT32, GRID_U, NOISE_PATH, NOISE_STEPS = values.FLOAT32, values.GRID_U, values.NOISE_PATH, values.NOISE_STEPS
COEFS = 8  # of peers.h


def checked(status):
    if status < 0:
        raise RuntimeError(f"libinterp: status {status}")
    return status


class Library:
    """The shared library, and the module where there is one."""

    def __init__(self, library, module):
        self.itp = c.CDLL(library)
        self.itp.itp_normals.argtypes = (U64, U64, c.c_uint32, U64, INT, POINTER, SIZE)
        self.peers = c.CDLL(module)
        self.peers.peers_advance.argtypes = (POINTER, INT, POINTER, SIZE)
        self.peers.peers_chain_new.restype = POINTER
        self.peers.peers_chain_new.argtypes = (INT, SIZE)
        self.peers.peers_chain_free.argtypes = (POINTER,)
        self.peers.peers_chain_begin.argtypes = (POINTER, POINTER)
        self.peers.peers_chain_advance.argtypes = (POINTER, POINTER, INT, POINTER, POINTER)
        self.peers.peers_chain_state.restype = POINTER
        self.peers.peers_chain_state.argtypes = (POINTER,)
        self.peers.peers_chain_arrays.restype = SIZE
        self.peers.peers_chain_arrays.argtypes = (POINTER,)

    def has(self, name):
        return hasattr(self.peers, name)

    def sized(self, kind, /, **values):
        return kind(size=c.sizeof(kind), **values)

    def solver(self, name):
        found = self.sized(structs.Solver)
        checked(self.itp.itp_solver_parse(name.encode(), None, c.byref(found)))
        return found

    def solvers(self):
        """Names of all."""
        entry, i = self.sized(structs.Entry), 0
        while not self.itp.itp_kind_at(b"solver", i, c.byref(entry)):
            yield entry.name.decode()
            i += 1

    def description(self, solver, grid=0, k=0.0, u_start=0.0, u_end=0.0, **values):
        """The struct, and behind it what it points to: a solver's name or struct, a grid's kind."""
        parts = (self.solver(solver) if isinstance(solver, str) else solver,
                 self.sized(structs.Grid, kind=grid, u_start=u_start, u_end=u_end), self.sized(structs.Diffusion, k=k))
        desc = self.sized(structs.PlanDesc, solver=c.addressof(parts[0]), grid=c.addressof(parts[1]),
                          diffusion=c.addressof(parts[2]), **values)
        desc.parts = parts
        return desc

    def plan(self, **values):
        plan, desc = POINTER(), self.description(**values)
        checked(self.itp.itp_plan_new(c.byref(desc), c.byref(plan)))
        return plan

    def sampler(self, plan, count):
        batch = self.sized(structs.Batch, dim=count, count=1)
        sampler = POINTER()
        checked(self.itp.itp_sampler_new(plan, c.byref(batch), c.byref(sampler)))
        return sampler

    def begin(self, sampler, x):
        """At a state that x holds; normals are those of seed 1."""
        start = structs.Start(size=c.sizeof(structs.Start), x=x.ctypes.data, given=1, seed=1)
        checked(self.itp.itp_sampler_begin(sampler, c.byref(start)))

    def normals(self, array, sample=0, index=0, seed=1):
        checked(self.itp.itp_normals(seed, sample, index, 0, FLOAT32, array.ctypes.data, array.size))

    def arrays_moved(self, plan, row):
        """Arrays that the row reads and writes: each is read once and written once, whatever is made of it."""
        got = structs.PlanRow(size=c.sizeof(structs.PlanRow))
        checked(self.itp.itp_plan_get_row(plan, row, c.byref(got)))
        terms = c.cast(got.terms, c.POINTER(structs.Term))
        read = {terms[i].slot for i in range(got.term_count)} - {-1}
        written = {got.next_slot}
        if got.keep:
            read |= {got.x_slot} if got.keep_state else set()
            read |= {got.out_slot}
            written |= {got.out_slot}
        return len(read) + len(written)
