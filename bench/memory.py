#!/usr/bin/env python3
"""The memory system against gc's: time, processor time and peak resident size as ratios (smaller is better).

    bench/memory.py [--runs N] [--scale N] [NAME...]

The programs of bench/memory, built by both compilers: allocation of one size (8 16 32p 256 2k 64k) on one and on two Ps, and
heaps (trees graph map list cache). The two executables run alternately, N times each; a ratio is the median over
neighbouring runs; the last line has the geometric means. `pauses` and `release` are run only when they are named:
they print the longest pause of both, and what is resident after debug.FreeOSMemory. --scale multiplies the work: 4 makes trees of depth 21, a graph of 2 GB and a list of 40 million nodes.
"""

import argparse
import math
import os
import statistics
import subprocess
import tempfile

import measure
import programs

SIZES = ["8", "16", "32p", "256", "2k", "64k"]
HEAPS = ["trees", "graph", "map", "list", "cache"]
EXTRA = ["pauses", "release"]  # print figures of their own


def build(folder):
    source = str(programs.ROOT / "bench/memory/main.go")
    ours, theirs = f"{folder}/burrow", f"{folder}/gc"
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GO111MODULE="off", GOROOT=str(programs.GOROOT))
    subprocess.run([programs.BURROW, "build", "-o", ours, source], check=True)
    subprocess.run([programs.GO, "build", "-o", theirs, source], check=True, env=environment)
    return ours, theirs


def run(exe, name, scale, procs):
    environment = dict(os.environ, GOMAXPROCS=str(procs))
    with tempfile.TemporaryFile() as output:
        status, *measured = measure.run([exe, name, str(scale)], output.fileno(), environment)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if status != 0:
        raise SystemExit(f"{exe} {name}: status {status}: {text[:1000]}")
    return measured, text


def compare(pair, name, scale, procs, runs):
    ratios = []
    for _ in range(runs):
        (mine, text), (gc, other) = (run(exe, name, scale, procs) for exe in pair)
        if name in EXTRA:
            print("burrow:", text.strip(), "\ngc:    ", other.strip())
        elif text != other:
            raise SystemExit(f"{name}: different results: {text!r} and {other!r}")
        ratios.append([a / b for a, b in zip(mine, gc)])
    medians = [statistics.median(column) for column in zip(*ratios)]
    print(f"{name:8}{procs:2}  {medians[0]:6.2f} {medians[1]:6.2f} {medians[2]:6.2f}", flush=True)
    return medians


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pair = build(folder)
        print("program  Ps   wall    cpu  memory")
        for group in (SIZES, HEAPS, EXTRA):
            names = [n for n in group if n in arguments.names or (not arguments.names and n not in EXTRA)]
            all_medians = [compare(pair, n, arguments.scale, p, arguments.runs) for n in names for p in ((1, 2) if group is SIZES else (2,))]
            if len(all_medians) > 1:
                means = [math.exp(statistics.mean(math.log(v) for v in column)) for column in zip(*all_medians)]
                print(f"mean        {means[0]:6.2f} {means[1]:6.2f} {means[2]:6.2f}")


if __name__ == "__main__":
    main()
