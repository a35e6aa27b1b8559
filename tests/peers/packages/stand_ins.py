"""Stand-ins for the CUDA libraries that torch's wheel is linked with: a processor's torch without gigabytes of them.

usage: stand_ins.py FOLDER      torch's folder lib; CC: the compiler

Each library that one in the folder needs and that does not lie there becomes a small one with its name and versions. Its
functions, some of which are called when torch is loaded and asks for devices, answer 100: there is no device.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ANSWER = 100  # cudaErrorNoDevice
OF_CUDA = re.compile(r"lib(cu|nccl|nv)")
OF_FUNCTIONS = re.compile(r"(cu|nccl|nv)[a-zA-Z]")


def told(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def owners(library):
    """{version: the needed library that defines it}; libraries without versions are there too, as themselves."""
    found = {name: name for name in re.findall(r"NEEDED.*\[(.*)\]", told("readelf", "-W", "-d", library))}
    owner = None
    for line in told("readelf", "-W", "-V", library).splitlines():
        file = re.search(r"Version: \d+  File: (\S+)", line)
        owner = file[1] if file else owner
        name = re.search(r"^\s+0x\w+:\s+Name: (\S+)", line)
        if name and owner:
            found[name[1]] = owner
    return found


def wanted(folder):
    """{missing library: {version: functions}}, and the functions of which no version says whose they are."""
    found, plain = {}, set()
    for library in map(str, folder.glob("*.so*")):
        owner = {version: name for version, name in owners(library).items()
                 if OF_CUDA.match(name) and not (folder / name).exists()}
        for name in owner.values():
            found.setdefault(name, {})
        for function, version in re.findall(r"\bU (\w+)(?:@+(\S+))?", told("nm", "-D", "--undefined-only", library)):
            if version in owner:
                found[owner[version]].setdefault(version, set()).add(function)
            elif not version and OF_FUNCTIONS.match(function):
                plain.add(function)
    return found, plain


def make(path, versions, plain):
    """A library without versions answers to all functions without one."""
    with tempfile.TemporaryDirectory() as here:
        functions = sorted(set().union(*versions.values()) if versions else plain)
        source, script = pathlib.Path(here, "stand_in.c"), pathlib.Path(here, "versions")
        source.write_text("".join(f"int {name}(void) {{ return {ANSWER}; }}\n" for name in functions))
        script.write_text("".join(f"{version} {{ global: {'; '.join(sorted(names))}; }};\n"
                                  for version, names in versions.items()))
        subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-w", "-shared", "-fPIC", f"-Wl,-soname,{path.name}",
                        *([f"-Wl,--version-script={script}"] if versions else []), "-o", str(path), str(source)],
                       check=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    found, plain = wanted(folder)
    for name, versions in sorted(found.items()):
        make(folder / name, versions, plain)
    print("stand-ins:", *sorted(found))


if __name__ == "__main__":
    main()
