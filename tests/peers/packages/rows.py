"""The table of what was compared, and peers that may be absent."""
import importlib
import importlib.metadata
import os

import numpy as np
import pytest

ROWS = []


def peer(package, module=None):
    """The imported package; where it could not be installed the test file is skipped, with one sentence."""
    try:
        return importlib.import_module(module or package)
    except Exception as error:
        if os.environ.get("PEERS_COMPLETE"):
            raise
        pytest.skip(f"{package} is not there, so nothing is compared with it ({type(error).__name__}: {error})",
                    allow_module_level=True)


def version_of(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "?"


def add_row(package, what, option, difference, verdict):
    """difference: the greatest, relative to the greatest value; or a text. verdict: "same", or the reason why not."""
    shown = difference if isinstance(difference, str) else f"{difference:.1e}"
    ROWS.append([package, version_of(package), what, option, shown, verdict])


def compare(package, what, option, ours, theirs, tolerance):
    """Adds the row of two arrays and fails where they are apart."""
    ours, theirs = (np.asarray(array, np.float64) for array in (ours, theirs))
    worst = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
    add_row(package, what, option, worst, "same" if worst < tolerance else "DIFFERS")
    assert worst < tolerance, (package, what, option, worst)
