"""libinterp beside its peers: updates, normals, whole sampling of the example network, and the making of plans.

usage: peers_bench.py --library LIBRARY --module MODULE [--quick] [--update UPDATE]... [--network FILE]
                      [PART...]

PART: steps normals network plans, all unless told. The library and the module bench_peers lie in the build folder;
tests/bench/run finds them. Variants take turns and the median of each is shown, in processor time, so that a busy
machine hurts them alike; one thread. A peer that is not installed is left out. Nothing here judges a time.
For torch set MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_ and MALLOC_TOP_PAD_ as tests/bench/run does: the C library
then keeps the memory of its temporaries instead of getting it from the system every time.
"""
import argparse
import ctypes
import os
import pathlib
import statistics
import struct
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("PATCH", "7")

import numpy

from peers_library import COEFS, FLOAT32, GRID_U, NOISE_PATH, NOISE_STEPS, POINTER, Library
from peers_updates import BY_HAND, Nodes

try:
    import torch
    import peers_torch
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    torch.set_flush_denormal(True)
except ImportError:
    torch = None
    print("# torch: not installed")

FASHION = pathlib.Path(__file__).resolve().parents[2] / "examples" / "fashion"
UPDATES = ["euler", "dpmpp_2m", "unipc_2", "ab2", "sde_dpmpp_2m"]
SOLVERS = {"euler": "euler", "ab2": "ab2", "dpmpp_2m": "dpmpp-2m", "unipc_2": "unipc-bh2-2",
           "sde_dpmpp_2m": "sde-dpmpp-2m"}
CHAINS = {"euler": 0, "ab2": 1, "dpmpp_2m": 2, "unipc_2": 3, "sde_dpmpp_2m": 4}
WARM = 3    # rows before the ones that count: from then on every step has its full order


def address(array):
    return POINTER(array.ctypes.data)


def in_turn(variants, rounds):
    """{name: seconds} of the functions that return seconds: medians, one warming round before."""
    taken = {name: [] for name in variants}
    for r in range(rounds + 1):
        for name, measure in variants.items():
            seconds = measure()
            if r:
                taken[name].append(seconds)
    return {name: statistics.median(times) for name, times in taken.items()}


def timed(function, *arguments):
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


class Setting:
    """Arrays and numbers that the variants of an update share."""

    def __init__(self, library, update, count, steps, low=.3, high=.7):
        self.library, self.update, self.count, self.steps = library, update, count, steps
        self.low, self.high, self.nodes = low, high, Nodes(steps, low, high)
        self.start, self.f = numpy.empty(count, numpy.float32), numpy.empty(count, numpy.float32)
        library.normals(self.start, 1)
        library.normals(self.f, 2)


class Ours:
    name = "libinterp"

    def __init__(self, s, noise=NOISE_STEPS):
        self.s, self.itp, self.peers = s, s.library.itp, s.library.peers
        self.plan = s.library.plan(solver=s.library.solver(SOLVERS[s.update]), evaluations=s.steps, grid=GRID_U,
                                   u_start=s.low, u_end=s.high, noise=noise if s.update.startswith("sde") else 0)
        self.sampler, self.x = s.library.sampler(self.plan, s.count), numpy.empty_like(s.start)

    def begin(self):
        self.x[:] = self.s.start
        self.s.library.begin(self.sampler, self.x)

    def advance(self, rows, fill):
        self.peers.peers_advance(self.sampler, rows, address(self.s.f) if fill else None, self.s.count)

    def state(self):
        return self.x

    def arrays(self):
        return self.s.library.arrays_moved(self.plan, WARM)

    def close(self):
        self.itp.itp_sampler_free(self.sampler), self.itp.itp_plan_free(self.plan)


class OursOnPath(Ours):
    name = "libinterp, Brownian path"

    def __init__(self, s):
        super().__init__(s, NOISE_PATH)


class Chain:
    name = "saxpy chain in C"

    def __init__(self, s):
        self.s, self.peers = s, s.library.peers
        self.chain = POINTER(self.peers.peers_chain_new(CHAINS[s.update], s.count))
        rows = [row + [0.] * (COEFS - len(row)) for row in s.nodes.table(s.update)]
        self.coefs = numpy.array(rows)

    def begin(self):
        self.peers.peers_chain_begin(self.chain, address(self.s.start))
        self.i = 0

    def advance(self, rows, fill, normals=None):
        self.peers.peers_chain_advance(self.chain, address(self.coefs[self.i:]), rows,
                                       address(self.s.f) if fill else None, normals)
        self.i += rows

    def state(self):
        at = ctypes.cast(self.peers.peers_chain_state(self.chain), ctypes.POINTER(ctypes.c_float))
        return numpy.ctypeslib.as_array(at, (self.s.count,))

    def arrays(self):
        self.begin()
        self.advance(WARM, True)
        before = self.peers.peers_chain_arrays(self.chain)
        self.advance(1, False)
        return self.peers.peers_chain_arrays(self.chain) - before

    def close(self):
        self.peers.peers_chain_free(self.chain)


class Python:
    """An update of peers_updates.py or peers_torch.py."""

    def begin(self):
        self.update.begin(self.start, self.zeros)
        self.i = 0

    def advance(self, rows, fill):
        for self.i in range(self.i, self.i + rows):
            self.update.step(self.i, self.f)
        self.i += 1

    def close(self):
        pass


class Numpy(Python):
    name = "numpy"

    def __init__(self, s):
        generator = numpy.random.default_rng(1)
        self.start, self.f, self.zeros = s.start, s.f, numpy.zeros_like(s.start)
        self.update = BY_HAND[s.update](s.nodes.table(s.update),
                                        lambda: generator.standard_normal(s.count, numpy.float32))

    def state(self):
        return self.update.x

    def arrays(self):
        return None


class Torch(Python):
    name = "torch"
    shape = (1, -1)

    def __init__(self, s):
        self.start, self.f = torch.from_numpy(s.start).view(self.shape), torch.from_numpy(s.f).view(self.shape)
        self.zeros, self.s = torch.zeros_like(self.start), s
        self.update = self.make()

    def make(self):
        return BY_HAND[self.s.update](self.s.nodes.table(self.s.update), lambda: torch.randn(1, self.s.count))

    def state(self):
        return self.update.x.numpy().ravel()

    def arrays(self):
        return counted(self)


class TorchInPlace(Torch):
    name = "torch, in place"

    def make(self):
        kept = torch.empty(1, self.s.count)
        return peers_torch.IN_PLACE[self.s.update](self.s.nodes.table(self.s.update), kept.normal_)


class TorchDiffusers(Torch):
    name = "diffusers' update in torch"

    def __init__(self, s):
        super().__init__(s)
        self.f = -self.f

    def make(self):
        return peers_torch.DIFFUSERS[self.s.update](self.s.nodes, lambda: torch.randn(1, self.s.count))


def counted(variant):
    """Arrays that the tensor operations of one step read and write."""
    from torch.utils._python_dispatch import TorchDispatchMode
    moved, size = [0], variant.s.count

    class Count(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, arguments=(), named=None):
            got = function(*arguments, **(named or {}))
            given = [a for group in [*arguments, *(named or {}).values()]
                     for a in (group if isinstance(group, (list, tuple)) else [group]) if isinstance(a, torch.Tensor)]
            if isinstance(got, torch.Tensor) and not self.view(function, got, given):
                read = [] if "normal" in function.__name__ or "rand" in function.__name__ else given
                into = (named or {}).get("out")
                moved[0] += sum(a.numel() / size for a in read if a is not into and a.numel() >= size)
                moved[0] += got.numel() / size if got.numel() >= size else 0
            return got

        def view(self, function, got, given):
            writes = function.__name__.split(".")[0].endswith("_") or "out" in function.__name__.split(".")[-1]
            return not writes and any(a.data_ptr() == got.data_ptr() for a in given) or "empty" in function.__name__

    variant.begin()
    variant.advance(WARM, True)
    with Count():
        variant.advance(1, False)
    return int(moved[0])


def variants_of(s):
    path = s.update == "sde_dpmpp_2m" and s.count <= 1 << 20    # dozens of normals for one: no need to wait for more
    kinds = [Ours] + [OursOnPath] * path + [Chain, Numpy]
    return [kind(s) for kind in kinds + ([Torch, TorchInPlace, TorchDiffusers] if torch else [])]


def differences(library, update):
    """The largest difference of each peer's last state from ours, after 12 steps with the same network."""
    s = Setting(library, update, 1 << 12, 12, .05, .95)
    normals = numpy.empty((s.steps + 1, s.count), numpy.float32)
    for i, row in enumerate(normals):
        library.normals(row, 0, i)
    ended = {}
    for v in variants_of(s):
        i = iter(range(1, s.steps + 1))
        if isinstance(v, Python):
            v.update.draw = (lambda: normals[next(i)]) if isinstance(v, Numpy) else (
                lambda: torch.from_numpy(normals[next(i)]).view(1, -1))
        v.begin()
        for step in range(s.steps):
            more = [address(normals[step + 1])] if isinstance(v, Chain) else []
            v.advance(1, True, *more)
        ended[v.name] = v.state().copy()
        v.close()
    ended.pop(OursOnPath.name, None)
    return max(float(abs(x - ended[Ours.name]).max()) for x in ended.values())


def measured(v, rows):
    v.begin()
    v.advance(WARM, True)
    return timed(v.advance, rows, False) / rows


def steps_row(library, update, log2, rounds):
    count = 1 << log2
    rows = 192 if log2 <= 16 else 8 if log2 <= 20 else 3
    found = variants_of(Setting(library, update, count, WARM + rows + 1))
    arrays = {v.name: v.arrays() for v in found}
    arrays["numpy"] = arrays.get("torch")
    seconds = in_turn({v.name: lambda v=v: measured(v, rows) for v in found}, rounds)
    for name, s in seconds.items():
        moved = arrays[name]
        print(f"step {update:13} 2^{log2:<3} {name:27} {moved or '-':>6} {s * 1e6:12.2f} {s / count * 1e9:10.3f}"
              f" {4 * (moved or 0) * count / s * 1e-9:8.1f} {s / seconds['libinterp']:8.2f}", flush=True)
    for v in found:
        v.close()


def steps_part(library, options):
    for update in options.update or UPDATES:
        print(f"\n# {update}: largest difference of a peer's samples from ours {differences(library, update):.1e}")
        print(f"     {'update':13} {'size':5} {'variant':27} arrays  us per step  ns/element     GB/s times ours")
        last = 22 if update in ("unipc_2", "sde_dpmpp_2m") else 24
        for log2 in (10, 16, 20) if options.quick else range(10, last + 1, 2):
            steps_row(library, update, log2, 5 if options.quick or log2 > 20 else 9)


def normals_part(library, options):
    print(f"\n     {'normals':27} {'at once':>9} {'ns each':>10} {'million/s':>10} times ours")
    for count in (1 << 12, 1 << 20):
        out, generator = numpy.empty(count, numpy.float32), numpy.random.default_rng(1)
        found = {"libinterp": lambda: library.normals(out),
                 "numpy standard_normal": lambda: generator.standard_normal(dtype=numpy.float32, out=out)}
        if torch:
            tensor = torch.from_numpy(out)
            found["torch randn"] = lambda: torch.randn(count, out=tensor)
        if library.has("peers_random_normals"):
            found["C++ <random>"] = lambda: library.peers.peers_random_normals(address(out), ctypes.c_size_t(count))
        repeats = (1 << 20) // count
        seconds = in_turn({name: lambda draw=draw: timed(lambda: [draw() for _ in range(repeats)]) / repeats
                           for name, draw in found.items()}, 25)
        for name, s in seconds.items():
            print(f"draw {name:27} {count:9} {s / count * 1e9:10.2f} {count / s * 1e-6:10.0f}"
                  f" {s / seconds['libinterp']:10.2f}")


def read_flow(path):
    """The network of the example in torch."""
    sys.path.insert(0, str(FASHION / "train"))
    import json
    import model
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    flow = model.Flow()
    weights = {}
    for name, about in json.loads(data[8:8 + length]).items():
        if name.startswith("flow.") and about["dtype"] == "F16" and name[5:] in flow.state_dict():
            low, high = (8 + length + offset for offset in about["data_offsets"])
            array = numpy.frombuffer(data[low:high], numpy.float16).reshape(about["shape"])
            weights[name[5:]] = torch.from_numpy(array.astype(numpy.float32))
    flow.load_state_dict(weights)
    return flow.eval()


def torch_sample(flow, x, evaluations, portion):
    """AB2 on even steps of the linear schedule; the network takes `portion` images at a time."""
    labels, h, old = torch.arange(len(x)) % 10, 1 / evaluations, None
    for i in range(evaluations):
        parts = zip(x.split(portion), labels.split(portion))
        f = torch.cat([flow(some, torch.full((len(some),), i * h), which) for some, which in parts])
        x = x + h * f if old is None else x + 1.5 * h * f - .5 * h * old
        old = f
    return x


def blas():
    """The BLAS libraries in this process and the processors they take this machine for."""
    with open("/proc/self/maps") as maps:
        paths = sorted({line.split()[-1] for line in maps if "blas" in line or "mkl" in line})
    for path in paths:
        loaded = ctypes.CDLL(path)
        core = "?"
        if hasattr(loaded, "openblas_get_corename"):
            loaded.openblas_get_corename.restype = ctypes.c_char_p
            core = loaded.openblas_get_corename().decode()
        print(f"# {os.path.basename(path)}: {core}")
    print(f"# OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE', '')}")


class Sampling:
    def __init__(self, library, flow, count, evaluations):
        self.library, self.flow, self.evaluations = library, flow, evaluations
        self.x = numpy.empty((count, 784), numpy.float32)
        self.plan = library.plan(solver="ab2", evaluations=evaluations)
        self.sampler, self.f = library.sampler(self.plan, self.x.size), numpy.empty(self.x.size, numpy.float32)
        self.library.normals(self.f, 3)

    def ours(self):
        self.library.peers.peers_network_sample(b"ab2", self.evaluations, address(self.x),
                                                ctypes.c_size_t(len(self.x)))

    def alone(self):
        """Everything but the network: noise and rows."""
        self.library.normals(self.x)
        self.library.begin(self.sampler, self.x)
        self.library.peers.peers_advance(self.sampler, self.evaluations + 1, None, self.x.size)

    def torch(self, portion):
        torch_sample(self.flow, torch.randn(len(self.x), 784), self.evaluations, portion)

    def variants(self):
        found = {"libinterp, network in C": self.ours, "libinterp without network": self.alone}
        if self.flow:
            found["torch, all at once"] = lambda: self.torch(len(self.x))
            found["torch, 50 at a time"] = lambda: self.torch(50)
        return {name: lambda run=run: timed(run) for name, run in found.items()}

    def difference(self):
        noise = numpy.empty_like(self.x)
        for i, row in enumerate(noise):
            self.library.normals(row, i)
        self.ours()
        return float(abs(torch_sample(self.flow, torch.from_numpy(noise), self.evaluations, 50).numpy() - self.x).max())

    def close(self):
        self.library.itp.itp_sampler_free(self.sampler), self.library.itp.itp_plan_free(self.plan)


def network_row(library, flow, count, evaluations, rounds):
    sampling = Sampling(library, flow, count, evaluations)
    if flow and count == 100 and evaluations == 8:
        print(f"# largest difference of a pixel from torch's, deviation 1: {sampling.difference():.1e}")
    seconds = in_turn(sampling.variants(), rounds)
    for name, s in seconds.items():
        print(f"run  {name:27} {count:6} {evaluations:11} {s * 1e3:12.3f}"
              f" {s / seconds['libinterp, network in C']:10.4f}", flush=True)
    sampling.close()


def network_part(library, options):
    path = pathlib.Path(options.network)
    if not library.has("peers_network_open") or library.peers.peers_network_open(str(path).encode()):
        print("# the example network: not built, or not there")
        return
    flow = read_flow(path) if torch else None
    print()
    blas()
    print(f"     {'sampling garments':27} images evaluations {'milliseconds':>12} times ours")
    cases = [(100, 8)] if options.quick else [(100, 8), (400, 8), (100, 1), (100, 2), (100, 4), (100, 16)]
    for count, evaluations in cases:
        network_row(library, flow, count, evaluations, 5 if count * evaluations < 1000 else 3)
    library.peers.peers_network_close()


def plan_seconds(library, desc, repeats=20):
    plan = POINTER()
    start = time.process_time()
    for _ in range(repeats):
        if library.itp.itp_plan_new(ctypes.byref(desc), ctypes.byref(plan)):
            return None
        library.itp.itp_plan_free(plan)
    return (time.process_time() - start) / repeats


def plans_part(library, options):
    """50 evaluations, default grid and model; k = 1 for the solvers of SDEs with it, Brownian path or fresh normals."""
    print(f"\n     {'plan of 50 evaluations':27} {'microseconds':>12}  with fresh normals")
    for solver in library.solvers():
        k = 1. if 7 <= library.solver(solver).family <= 9 else 0.  # SDE_RUNGE_KUTTA, SDE_ADAMS_BASHFORTH, SA
        descs = [library.description(solver=solver, evaluations=50, k=k, noise=noise)
                 for noise in (NOISE_PATH, NOISE_STEPS)]
        times = [[plan_seconds(library, desc) for desc in descs] for _ in range(9)]
        shown = ["-" if None in column else f"{statistics.median(column) * 1e6:.0f}" for column in zip(*times)]
        print(f"plan {solver:27} {shown[0]:>12} {shown[1]:>12}")


PARTS = {"steps": steps_part, "normals": normals_part, "network": network_part, "plans": plans_part}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True)
    parser.add_argument("--module", required=True)
    parser.add_argument("--quick", action="store_true", help="few sizes, few rounds")
    parser.add_argument("--update", action="append", choices=UPDATES, help="of steps; all unless told")
    parser.add_argument("--network", default=str(FASHION / "fashion.safetensors"))
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help="all unless told")
    options = parser.parse_args()
    versions = [f"numpy {numpy.__version__}"] + ([f"torch {torch.__version__}"] if torch else [])
    print("#", ", ".join(versions), "- medians of interleaved runs, processor time, one thread")
    library = Library(options.library, options.module)
    for part in options.part or PARTS:
        PARTS[part](library, options)


if __name__ == "__main__":
    main()
