"""meson.build, the header, the Python package and the change log speak of the same version. usage: changelog.py SOURCE"""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
version = re.search(r"^\s*version: '([\d.]+)'", (source / "meson.build").read_text(), re.M).group(1)
header = (source / "include/interp/base.h").read_text()
numbers = [re.search(rf"ITP_VERSION_{part} (\d+)", header).group(1) for part in ("MAJOR", "MINOR", "PATCH")]
python = [re.search(r'^(?:__version__|version) = "([\d.]+)"', (source / "python" / name).read_text(), re.M).group(1)
          for name in ("pyproject.toml", "libinterp/__init__.py")]
newest = re.search(r"^## (\S+)", (source / "CHANGELOG.md").read_text(), re.M)

found = {"meson.build": version, "base.h": ".".join(numbers), "CHANGELOG.md": newest and newest.group(1),
         "pyproject.toml": python[0], "__init__.py": python[1]}
print(found)
sys.exit(len(set(found.values())) != 1)
