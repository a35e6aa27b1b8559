"""Fashion-MNIST in idx format (Zalando Research, MIT licence), standardised as the network sees it."""
import gzip
import pathlib

import numpy

MEAN, STD = 0.2860, 0.3530


def read(folder, part):
    """Images as float32 [count, 784] with mean 0 and standard deviation 1, labels as int64 [count]."""
    folder = pathlib.Path(folder)
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    pixels = numpy.frombuffer(images, numpy.uint8, offset=16).reshape(-1, 784).astype(numpy.float32)
    return (pixels / 255 - MEAN) / STD, numpy.frombuffer(labels, numpy.uint8, offset=8).astype(numpy.int64)
