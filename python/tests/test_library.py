"""Finding the library, refusing the wrong one, names, errors."""
import ctypes
import os
import shlex
import shutil
import subprocess
import sys

import pytest

import libinterp
from libinterp import _library, _structs, names

COMPILER = shlex.split(os.environ.get("CC", "cc"))


def imported(library, root, code="import libinterp; print(libinterp.library_path())"):
    environment = {**os.environ, "LIBINTERP_LIBRARY": str(library), "PYTHONPATH": str(root / "python")}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


def alone(folder, root):
    """An environment for a copy of the package in a folder: nothing says where the library is."""
    shutil.copytree(root / "python" / "libinterp", folder / "libinterp", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {k: v for k, v in os.environ.items() if k not in ("LIBINTERP_LIBRARY", "LD_LIBRARY_PATH")}
    return {**environment, "PYTHONPATH": str(folder)}


def loaded(environment, folder):
    run = subprocess.run([sys.executable, "-c", "import libinterp; print(libinterp.library_path())"], cwd=folder,
                         env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_path_of_the_environment(root):
    run = imported(libinterp.library_path(), root)
    assert run.stdout.strip() == libinterp.library_path(), run.stderr


def test_a_missing_library_is_named(root, tmp_path):
    run = imported(tmp_path / "libinterp.so.0", root)
    assert run.returncode == 1
    assert "LibraryNotFoundError" in run.stderr and str(tmp_path) in run.stderr


def test_without_any_library_the_error_says_what_to_do(root, tmp_path):
    """A copy of the package alone, with nothing beside it and no loader path."""
    if shutil.which("pkg-config") and not subprocess.run(["pkg-config", "--exists", "libinterp"]).returncode:
        pytest.skip("libinterp is installed on this machine")
    run = subprocess.run([sys.executable, "-c", "import libinterp"], cwd=tmp_path, capture_output=True, text=True,
                         env=alone(tmp_path, root))
    assert "LIBINTERP_LIBRARY" in run.stderr and "meson" in run.stderr and "ImportError" not in run.stdout


def test_found_in_the_build_tree_of_its_checkout(root, tmp_path):
    for folder in ("include/interp", "build", "python"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "include" / "interp" / "interp.h").touch()
    (tmp_path / "build" / "libinterp.so.0").symlink_to(os.path.abspath(libinterp.library_path()))
    environment = alone(tmp_path / "python", root)
    assert loaded(environment, tmp_path) == str(tmp_path / "build" / "libinterp.so.0")


def test_found_beside_the_package(root, tmp_path):
    environment = alone(tmp_path, root)
    (tmp_path / "libinterp" / "libinterp.so.0").symlink_to(os.path.abspath(libinterp.library_path()))
    assert loaded(environment, tmp_path) == str(tmp_path / "libinterp" / "libinterp.so.0")


def test_found_by_pkg_config(root, tmp_path):
    if not shutil.which("pkg-config"):
        pytest.skip("no pkg-config")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libinterp.so.0").symlink_to(os.path.abspath(libinterp.library_path()))
    (tmp_path / "libinterp.pc").write_text(f"libdir={tmp_path}/lib\nName: libinterp\nDescription: -\nVersion: 0\n")
    environment = {**alone(tmp_path, root), "PKG_CONFIG_PATH": str(tmp_path)}
    assert loaded(environment, tmp_path) == str(tmp_path / "lib" / "libinterp.so.0")


@pytest.mark.parametrize("version, said", [(2000, "is version 0.2"), (1000, "another version")])
def test_another_version_is_refused(root, tmp_path, version, said):
    """A library that has every symbol, but another version, or other structs."""
    if not shutil.which(COMPILER[0]):
        pytest.skip(f"no C compiler {COMPILER[0]}")
    from libinterp._functions import SIGNATURES
    rest = "\n".join(f"int {name}(void) {{ return -2; }}" for name in SIGNATURES if name != "itp_version")
    (tmp_path / "other.c").write_text(f"int itp_version(void) {{ return {version}; }}\n{rest}\n")
    subprocess.run([*COMPILER, "-shared", "-fPIC", "-o", tmp_path / "other.so", tmp_path / "other.c"], check=True)
    run = imported(tmp_path / "other.so", root)
    assert "LibraryError" in run.stderr and said in run.stderr


def test_something_else_is_refused(root, tmp_path):
    if not shutil.which(COMPILER[0]):
        pytest.skip(f"no C compiler {COMPILER[0]}")
    (tmp_path / "none.c").write_text("int nothing(void) { return 0; }\n")
    subprocess.run([*COMPILER, "-shared", "-fPIC", "-o", tmp_path / "none.so", tmp_path / "none.c"], check=True)
    run = imported(tmp_path / "none.so", root)
    assert "LibraryError" in run.stderr and "has no itp_" in run.stderr


@pytest.mark.parametrize("family", ["schedule", "grid", "diffusion", "prediction", "time"])
def test_names_are_found_again(family):
    listed = getattr(names, family + "s")()
    assert len(listed) == len(set(listed)) > 4
    for name in listed:
        assert names.name_of(family, names.number_of(family, name)) == name


def test_every_name_of_a_solver_makes_a_plan_of_it():
    for name in names.solvers():
        assert libinterp.Plan(solver=name, evaluations=12).solver == name


def test_an_unknown_name_says_which_are_near():
    with pytest.raises(ValueError, match="dpmpp-2m") as caught:
        libinterp.Plan(solver="dpmp-2m")
    assert isinstance(caught.value, libinterp.Error) and caught.value.status == -4


def test_errors_carry_status_and_sentence():
    with pytest.raises(libinterp.InvalidError, match="evaluations") as caught:
        libinterp.Plan(evaluations=-1)
    assert caught.value.status == -13  # ITP_E_BUDGET
    with pytest.raises(libinterp.StateError):
        libinterp.Plan(evaluations=2).steps((1, 1)).submit()


def test_info():
    run = subprocess.run([sys.executable, "-m", "libinterp", "info"], capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert run.returncode == 0, run.stderr
    assert libinterp.library_path() in run.stdout
    assert "point-mass" in run.stdout and "dpmpp-2m" in run.stdout
    assert ("json" in run.stdout.splitlines()[1]) == libinterp.build_has("json")


def test_what_a_name_stands_for():
    found = libinterp.about("solver", "DPM++ 2M")
    assert (found.name, found.order, found.evaluations, found.takes_k, found.own_noise) == ("dpmpp-2m", 2, 1, False, False)
    assert libinterp.about("solver", "sa-3").takes_k and libinterp.about("solver", "euler_ancestral").own_noise
    assert libinterp.about("solver", "edm-heun").evaluations == 2 and "s_churn" in libinterp.about("solver", "edm-heun").parameters
    assert libinterp.about("solver", "runge-kutta").needs == ("values",) and not libinterp.about("grid", "time").needs
    assert "Tsit5" not in libinterp.about("solver", "Tsit5").aliases and libinterp.about("kind", "solver").name == "solver"
    assert any(libinterp.about("solver", name).aliases for name in libinterp.solvers())
    for kind, name, said in (("solver", "abx", "did you mean ab2"), ("thing", "ab2", "kind: \"thing\"")):
        with pytest.raises(libinterp.InvalidError, match=said):
            libinterp.about(kind, name)
    for name in libinterp.solvers():  # and what is said of them holds
        entry = libinterp.about("solver", name)
        assert entry.order >= 1 and entry.evaluations >= 1
        if not entry.takes_k:
            with pytest.raises(libinterp.InvalidError):
                libinterp.Plan("lazy", name, 6, k=0.7)


def test_what_the_library_is():
    assert libinterp.library_version() == libinterp.__version__
    assert libinterp.build_has("flux") is False
    assert not (libinterp.build_has("neon") and libinterp.build_has("avx2"))
    assert libinterp.build_has("json") in (True, False)


@pytest.mark.parametrize("size, last, status, words", [
    (0, 0, -2, "size"), (5000, 0, -2, "size"), (-8, 0, -8, "first version"), (8, 0, 0, ""), (8, 1, -7, "this library knows")])
def test_structs_of_another_version(size, last, status, words):
    """Newer and older programs than the library, and a size that no struct has, are three statuses."""
    known = ctypes.sizeof(_structs.PlanDesc)
    longer = (ctypes.c_ubyte * 8192)()
    want = _structs.PlanDesc.from_buffer(longer)
    want.size = known + size if abs(size) == 8 else size
    want.env, longer[known] = _library.ENV, last
    made = ctypes.c_void_p()
    call = lambda: _library.check(_library.lib.itp_plan_new(ctypes.addressof(want), ctypes.byref(made)))  # noqa: E731
    if status:
        with pytest.raises(libinterp.LibraryError, match=words) as error:
            call()
        assert error.value.status == status and not made.value
    else:
        call()
        _library.lib.itp_plan_free(made)
