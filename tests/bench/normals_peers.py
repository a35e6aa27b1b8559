"""Normals per second beside numpy's and torch's, one thread each, all in the same run.

usage: normals_peers.py PATH_OF_THE_SHARED_LIBRARY [NORMALS_AT_A_TIME]

The variants take turns and the median of each is shown, so that a busy machine hurts them alike. A peer that is not
installed is left out. Every variant writes into an array that it got once.
"""
import ctypes
import os
import statistics
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

ROUNDS = 25
FLOAT32 = 1


def ours(path, count):
    library = ctypes.CDLL(path)
    normals = library.itp_normals
    normals.restype = ctypes.c_int
    normals.argtypes = [ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_uint64, ctypes.c_int32,
                        ctypes.c_void_p, ctypes.c_size_t]
    out = (ctypes.c_float * count)()

    def draw():
        if normals(1, 2, 3, 0, FLOAT32, out, count):
            raise SystemExit("itp_normals failed")
    return draw


def numpy_peer(count):
    import numpy
    generator, out = numpy.random.default_rng(1), numpy.empty(count, numpy.float32)
    return lambda: generator.standard_normal(dtype=numpy.float32, out=out)


def torch_peer(count):
    import torch
    torch.set_num_threads(1)
    out = torch.empty(count)
    return lambda: torch.randn(count, out=out)


def variants(path, count):
    found = {"libinterp": ours(path, count)}
    for name, make in (("numpy standard_normal", numpy_peer), ("torch randn", torch_peer)):
        try:
            found[name] = make(count)
        except ImportError:
            print(f"# {name}: not installed")
    return found


def seconds(draw):
    start = time.process_time()
    draw()
    return time.process_time() - start


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1 << 20
    found = variants(sys.argv[1], count)
    times = {name: [] for name in found}
    for _ in range(ROUNDS):
        for name, draw in found.items():
            times[name].append(seconds(draw))
    first = statistics.median(times["libinterp"])
    print(f"{count} normals, float32    ns each   millions/s   times libinterp's")
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:24} {middle / count * 1e9:12.2f} {count / middle * 1e-6:12.0f} {middle / first:12.2f}")


if __name__ == "__main__":
    main()
