"""The example kdiffusion_loop against k-diffusion's own numbers, its mask, its preview and its way to stop.

usage: kdiffusion_loop.py PROGRAM kdiffusion_noise_rows.h"""
import re
import subprocess
import sys


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    return done.returncode, [float(line) for line in done.stdout.split()], done.stderr


def recorded(path):
    """Name -> the five numbers of one sample."""
    rows = re.findall(r'\{"(\w+)", 1, 5, \{([^}]*)\}\}', open(path).read())
    return {name: [float(number.strip().rstrip("f")) for number in numbers.split(",")] for name, numbers in rows}


def main():
    program, rows = sys.argv[1], recorded(sys.argv[2])
    results = []
    for name, want in rows.items():
        status, got, said = run(program, name, "1234")
        worst = max((abs(a - b) for a, b in zip(got, want)), default=float("inf"))
        results.append((f"{name}: {worst:.1e} from k-diffusion", status == 0 and len(got) == 5 and worst < 8e-6, said))
    status, got, said = run(program, "dpmpp_2m", "1234")
    results.append(("another method by its name there", status == 0 and "step 6 of 6" in said, said))
    status, got, said = run(program, "euler_ancestral", "1234", "0", "0.25")
    results.append(("a known element stays", status == 0 and got[0] == 0.25 and abs(got[1]) > 0, said))
    status, got, said = run(program, "euler_ancestral", "1234", "2")
    results.append(("stopped after two steps", status == 7 and not got and "step 2 of 6" in said and "step 3" not in said, said))
    status, got, said = run(program, "dpmpp_2n", "1")
    results.append(("an unknown name", status == 1 and not got and said.strip(), said))
    print(f"1..{len(results)}")
    for i, (name, good, said) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {i} - {name}")
        if not good:
            print("#", said.replace("\n", "\n# "))
    return 0 if len(rows) == 7 and all(good for _, good, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
