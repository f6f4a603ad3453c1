#!/usr/bin/env python3
"""Goroutines, channels, locks and timers against gc.

    bench/sched.py [--runs N] [--procs 1,2] [NAME...]

bench/sched/main.go is built by both compilers; each measurement runs alternately in a process of its own, and the ratio
is the median of the ratios of neighbours, of wall time and of processor time (which a busy machine disturbs less). The
last line is the geometric mean over all measurements. $BURROW and $GO name the compilers.
"""

import argparse
import math
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")
SOURCE = ROOT / "bench/sched/main.go"


def names():
    text = SOURCE.read_text()
    table = text[text.index("var benchmarks"):text.index("func main")]
    return [line.split('"')[1] for line in table.splitlines() if line.startswith('\t{"')] + ["echo-p99", "parked"]


def measure(exe, name, procs):
    """Nanoseconds (bytes for "parked", of one round trip for "echo-p99") per operation: wall, processor."""
    run = subprocess.run([exe, name], env={"GOMAXPROCS": str(procs)}, capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        raise SystemExit(f"{exe} {name} ended with status {run.returncode}:\n{run.stderr[:2000]}")
    _, n, wall, cpu = run.stderr.split()
    return int(wall) / int(n), int(cpu) / int(n)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--procs", default="1,2")
    parser.add_argument("--keep", help="folder for the two executables, reused when they are there")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        ours, theirs = f"{folder}/burrow-sched", f"{folder}/gc-sched"
        if not options.keep or not os.path.exists(ours):
            subprocess.run([BURROW, "build", "-o", ours, str(SOURCE)], check=True)
        if not options.keep or not os.path.exists(theirs):
            environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOROOT=str(GOROOT))
            subprocess.run([GO, "build", "-o", theirs, str(SOURCE)], check=True, env=environment)
        for procs in [int(p) for p in options.procs.split(",")]:
            print(f"GOMAXPROCS={procs:<9}{'burrow':>12}{'gc':>12}{'ratio':>9}{'cpu ratio':>11}")
            walls, cpus = [], []
            for name in options.names or names():
                pairs = [(measure(ours, name, procs), measure(theirs, name, procs)) for _ in range(options.runs)]
                wall = statistics.median(a[0] / b[0] for a, b in pairs)
                cpu = statistics.median(a[1] / b[1] for a, b in pairs)
                walls.append(wall)
                cpus.append(cpu)
                a, b = (statistics.median(p[i][0] for p in pairs) for i in (0, 1))
                unit = "B" if name == "parked" else "ns"
                print(f"{name:20}{a:10.1f}{unit:3}{b:9.1f}{unit:3}{wall:8.3f}{cpu:11.3f}", flush=True)
            mean = [math.exp(sum(map(math.log, column)) / len(column)) for column in (walls, cpus)]
            print(f"{'geometric mean':20}{'':24}{mean[0]:8.3f}{mean[1]:11.3f}   (smaller is better)\n", flush=True)


if __name__ == "__main__":
    main()
