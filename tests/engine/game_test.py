"""The game, under a display of its own: it ends well, allocates nothing in its loop, and its screenshot has garments.

usage: game_test.py GAME       exit status 77 without Xvfb
"""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import Tap

Picture = list[list[tuple[int, int, int]]]


def start_display() -> "tuple[subprocess.Popen, str]":
    """Xvfb with a number that it finds free."""
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
                              pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as answer:
        return server, answer.readline().strip()


def read_bmp(path: pathlib.Path) -> Picture:
    """Rows from the top of a picture with 24 bits per pixel."""
    data = path.read_bytes()
    start, = struct.unpack_from("<I", data, 10)
    width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
    assert bits == 24, bits
    stride = (3 * width + 3) // 4 * 4
    rows = [data[start + row * stride:start + row * stride + 3 * width] for row in range(abs(height))]
    pixels = [[(row[i + 2], row[i + 1], row[i]) for i in range(0, len(row), 3)] for row in rows]
    return pixels[::-1] if height > 0 else pixels


def cut(picture: Picture, left: int, top: int, side: int) -> "list[int]":
    """Brightness of a square, on a raster of 12 x 12."""
    return [sum(picture[top + (2 * i + 1) * side // 24][left + (2 * j + 1) * side // 24])
            for i in range(12) for j in range(12)]


def distance(a: "list[int]", b: "list[int]") -> float:
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)


def blank(picture: Picture) -> "list[str]":
    colours = len({pixel for row in picture for pixel in row})
    print(f"# {len(picture[0])} x {len(picture)} pixels, {colours} colours")
    return [] if colours > 5000 else [f"only {colours} colours"]


def alike(picture: Picture, places: "list[tuple[int, int, int]]") -> "list[str]":
    """Clothes that are wholly in sight on the rails must stand out and differ from each other."""
    whole = [place for place in places if 46 <= place[0] and place[0] + place[2] <= 744 and place[2] == 84]
    cuts = [cut(picture, *place) for place in whole]
    contrast = [max(c) - min(c) for c in cuts]
    pairs = [distance(a, b) for i, a in enumerate(cuts) for b in cuts[:i]]
    print(f"# {len(cuts)} clothes in sight, least contrast {min(contrast)} of 765, least distance {min(pairs):.1f}")
    return ([] if len(cuts) >= 12 else ["too few clothes"]) + ([] if min(contrast) > 150 else ["one is not there"]) + \
        ([] if min(pairs) > 8 else ["two are the same"])


def main() -> None:
    game = sys.argv[1]
    if not shutil.which("Xvfb"):
        print("1..0 # SKIP no Xvfb")
        sys.exit(77)
    server, number = start_display()
    try:
        with tempfile.TemporaryDirectory() as folder:
            shot = pathlib.Path(folder) / "shot.bmp"
            run = subprocess.run([game, "--deliveries", "2", "--fast", "--places", "--screenshot", shot],
                                 env={**os.environ, "DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11",
                                      "SDL_RENDER_DRIVER": "software"}, capture_output=True, text=True)
            picture = read_bmp(shot) if shot.exists() else [[(0, 0, 0)]]
    finally:
        server.terminate()
        server.wait()
    tap = Tap(5)
    for line in run.stdout.splitlines():
        if line.startswith("game:"):
            print(f"# {line}")
    tap.result("it ends well", [] if run.returncode == 0 else [f"status {run.returncode}", *run.stderr.splitlines()])
    counted = re.search(r"(\d+) refused in the loop; heap: ([1-9]\d*) calls before, (\d+) in the loop", run.stdout)
    tap.result("nothing is allocated in the loop", [] if counted and counted.groups()[::2] == ("0", "0") else
               [counted.group(0) if counted else "not counted"])
    made = re.search(r"(\d+) frames, (\d+) network evaluations, (\d+) and (\d+) deliveries", run.stdout)
    tap.result("both collections are finished", [] if made and made.groups()[1:] == (str(2 * 24 * 12), "1", "1") else
               [made.group(0) if made else "nothing is said of it"])
    places = [(int(a), int(b), int(c)) for a, b, c in re.findall(r"place \d+: (-?\d+) (-?\d+) (\d+)", run.stdout)]
    tap.result("the screenshot is a picture", blank(picture))
    tap.result("clothes hang in it, each its own",
               alike(picture, places) if run.returncode == 0 and places else ["none"])
    tap.exit()


main()
