"""libinterp and the peers' module (peers.h) by way of ctypes, as far as peers_bench.py needs them."""
import ctypes as c

POINTER, SIZE, INT, DOUBLE, U64 = c.c_void_p, c.c_size_t, c.c_int32, c.c_double, c.c_uint64
FLOAT32, GRID_U, NOISE_PATH, NOISE_STEPS, COEFS = 1, 2, 0, 1, 8


def struct(name, *groups):
    return type(name, (c.Structure,), {"_fields_": [(field, of) for of, names in groups for field in names.split()]})


PlanDesc = struct("PlanDesc", (SIZE, "size"), (POINTER, "env model schedule solver grid diffusion"),
                  (INT, "evaluations noise start last singular ends"))
Solver = struct("Solver", (SIZE, "size"), (INT, "family order form variable weights corrector final_order reserved"),
                (POINTER, "tableau"), (DOUBLE, "eta s_noise s_churn s_min s_max gamma step_scale corrector_snr"),
                (POINTER, "restarts"), (INT, "restart_count reserved2"))
Grid = struct("Grid", (SIZE, "size"), (INT, "kind node_count"), (POINTER, "nodes"),
              (DOUBLE, "shift terminal rho beta_a beta_b sigma_max sigma_min deviation u_start u_end"),
              (INT, "steps_offset reversed"))
Diffusion = struct("Diffusion", (SIZE, "size"), (INT, "kind reserved"), (DOUBLE, "k"), (POINTER, "k_fn"),
                   (DOUBLE, "norm"), (POINTER, "schedule fn user"))
PlanRow = struct("PlanRow", (SIZE, "size"), (DOUBLE, "time u t"), (POINTER, "terms"), (INT, "term_count keep"),
                 (DOUBLE, "keep_state keep_output"), (INT, "x_slot out_slot next_slot reserved"),
                 (DOUBLE, "data_state data_output scale"), (INT, "step steps ends_step reserved2"))
Term = struct("Term", (INT, "column index slot reserved"), (DOUBLE, "coef"))
Start = struct("Start", (SIZE, "size"), (POINTER, "x data"), (INT, "given reserved"), (SIZE, "count"), (U64, "seed first"),
               (POINTER, "seeds"))
Batch = struct("Batch", (SIZE, "size"), (POINTER, "env"), (SIZE, "dim count"), (U64, "seed first"),
               (POINTER, "seeds"), (INT, "type x kernel check_finite"),
               (DOUBLE, "guidance guidance_low guidance_high"), (POINTER, "on_data on_row user"),
               (INT, "row_data row_scaled"), (POINTER, "row_schedule workspace"), (SIZE, "workspace_bytes"),
               (POINTER, "noise noise_user needed"))


def checked(status):
    if status < 0:
        raise RuntimeError(f"libinterp: status {status}")
    return status


class Entry(c.Structure):
    """The beginning of an itp_entry."""
    _fields_ = [("size", SIZE), *((name, c.c_char_p) for name in ("name", "aliases", "about", "flow")), ("id", INT)]


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

    def sized(self, kind, **values):
        return kind(size=c.sizeof(kind), **values)

    def solver(self, name):
        found = self.sized(Solver)
        checked(self.itp.itp_solver_parse(name.encode(), None, c.byref(found)))
        return found

    def solvers(self):
        """Names of all."""
        entry, i = Entry(), 0
        entry.size = Entry.id.offset  # its first texts are enough
        while not self.itp.itp_kind_at(b"solver", i, c.byref(entry)):
            yield entry.name.decode()
            i += 1

    def description(self, solver, grid=0, k=0.0, **values):
        """The struct, and behind it what it points to: a solver's name or struct, a grid's kind."""
        parts = (self.solver(solver) if isinstance(solver, str) else solver, self.sized(Grid, kind=grid),
                 self.sized(Diffusion, k=k))
        desc = self.sized(PlanDesc, solver=c.addressof(parts[0]), grid=c.addressof(parts[1]),
                          diffusion=c.addressof(parts[2]), **values)
        desc.parts = parts
        return desc

    def plan(self, **values):
        plan, desc = POINTER(), self.description(**values)
        checked(self.itp.itp_plan_new(c.byref(desc), c.byref(plan)))
        return plan

    def sampler(self, plan, count):
        batch = self.sized(Batch, dim=count, count=1)
        sampler = POINTER()
        checked(self.itp.itp_sampler_new(plan, c.byref(batch), c.byref(sampler)))
        return sampler

    def begin(self, sampler, x):
        """At a state that x holds; normals are those of seed 1."""
        start = Start(size=c.sizeof(Start), x=x.ctypes.data, given=1, seed=1)
        checked(self.itp.itp_sampler_begin(sampler, c.byref(start)))

    def normals(self, array, sample=0, index=0, seed=1):
        checked(self.itp.itp_normals(seed, sample, index, 0, FLOAT32, array.ctypes.data, array.size))

    def arrays_moved(self, plan, row):
        """Arrays that the row reads and writes: each is read once and written once, whatever is made of it."""
        got = PlanRow(size=c.sizeof(PlanRow))
        checked(self.itp.itp_plan_get_row(plan, row, c.byref(got)))
        terms = c.cast(got.terms, c.POINTER(Term))
        read = {terms[i].slot for i in range(got.term_count)} - {-1}
        written = {got.next_slot}
        if got.keep:
            read |= {got.x_slot} if got.keep_state else set()
            read |= {got.out_slot}
            written |= {got.out_slot}
        return len(read) + len(written)
