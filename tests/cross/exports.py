"""What a DLL exports is what lib/libinterp.map lists, and it needs no DLL but those of Windows.

usage: exports.py MAP OBJDUMP DLL
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

SYSTEM = {"kernel32.dll", "msvcrt.dll", "ucrtbase.dll"}

text = pathlib.Path(sys.argv[1]).read_text()
listed = set(re.findall(r"(\w+);", text[text.index("global:"):text.index("local:")]))
dump = subprocess.run([sys.argv[2], "-p", sys.argv[3]], check=True, capture_output=True, text=True).stdout
table = dump[dump.index("[Ordinal/Name Pointer] Table"):]
exported = set(re.findall(r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+\w+\s+)?(\w+)$", table, re.M))
needed = {name.lower() for name in re.findall(r"DLL Name: (\S+)", dump)}

tap = Tap(2)
tap.result("it exports the map", [f"{name}: in the map, not exported" for name in sorted(listed - exported)] +
           [f"{name}: exported, not in the map" for name in sorted(exported - listed)])
tap.result("it needs no other DLL", [f"needs {name}" for name in sorted(needed - SYSTEM)
                                     if not name.startswith("api-ms-win-")])
tap.exit()
