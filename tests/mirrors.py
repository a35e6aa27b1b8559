"""The structs and numbers of python/libinterp for the checks written in Python: these two files by themselves, since
the package would load a library of its own choice."""
import importlib.util
import pathlib
from types import ModuleType

_PACKAGE = pathlib.Path(__file__).resolve().parents[1] / "python" / "libinterp"


def _alone(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"libinterp{name}", _PACKAGE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


structs, values = _alone("_structs"), _alone("_values")
