#!/usr/bin/env python3
"""How long a goroutine, and a collection, waits while a goroutine spins in a loop without calls on every P, next to gc's.

    bench/starve.py [--procs 1,2] [--runs N]      BURROW and GO name the toolchains

The smallest over the runs counts: other programs on the machine only ever add.
"""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")


def measure(exe, procs):
    run = subprocess.run([exe], env={"GOMAXPROCS": str(procs)}, capture_output=True, text=True, timeout=120, check=True)
    return {name: (int(middle), int(longest)) for name, middle, longest in map(str.split, run.stderr.splitlines())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--procs", default="1,2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = str(ROOT / "bench/starve/main.go")
        subprocess.run([BURROW, "build", "-o", f"{folder}/burrow", source], check=True)
        environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOROOT=str(GOROOT))
        subprocess.run([GO, "build", "-o", f"{folder}/gc", source], check=True, env=environment)
        for procs in map(int, options.procs.split(",")):
            best = {}
            for _ in range(options.runs):
                for compiler in ("burrow", "gc"):
                    for name, pair in measure(f"{folder}/{compiler}", procs).items():
                        best[compiler, name] = tuple(map(min, pair, best.get((compiler, name), pair)))
            print(f"GOMAXPROCS={procs:<4}{'burrow median':>16}{'longest':>10}{'gc median':>14}{'longest':>10}")
            for name in ("woken", "slept", "collected"):
                cells = [n / 1e6 for compiler in ("burrow", "gc") for n in best[compiler, name]]
                print(f"{name:15}{cells[0]:13.2f} ms{cells[1]:7.2f} ms{cells[2]:11.2f} ms{cells[3]:7.2f} ms")


if __name__ == "__main__":
    main()
