#!/usr/bin/env python3
"""Loops over slices by themselves: with the processor's wide vectors, without (GODEBUG=cpu.avx2=off), built for v3, and gc's.

    bench/loops.py [--runs N]       BURROW and GO name the toolchains (defaults: ./burrow, go)

Takes turns, and of each loop and length the smallest time in nanoseconds. Ratios are to the program without wide vectors.
"""

import argparse
import math
import os
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    burrow = [os.environ.get("BURROW", os.path.join(ROOT, "burrow")), "build"]
    go = [os.environ.get("GO", "go"), "build"]
    source = os.path.join(ROOT, "bench", "loops", "main.go")
    kinds = {  # command to build, environment to build in, environment to run in
        "narrow": (burrow, {}, {"GODEBUG": "cpu.avx2=off"}),
        "wide": (burrow, {}, {}),
        "v3": (burrow, {"GOAMD64": "v3"}, {}),
        "gc": (go, {}, {}),
    }
    best = {}
    with tempfile.TemporaryDirectory() as tmp:
        for kind, (command, environment, _) in kinds.items():
            subprocess.run([*command, "-o", os.path.join(tmp, kind), source], check=True, env={**os.environ, **environment})
        for _ in range(runs):
            for kind, (_, _, environment) in kinds.items():
                out = subprocess.run([os.path.join(tmp, kind)], check=True, capture_output=True, text=True,
                                     env={**os.environ, "GOMAXPROCS": "1", **environment}).stdout
                for line in out.splitlines():
                    name, time = line.split()
                    times = best.setdefault(name, {})
                    times[kind] = min(times.get(kind, math.inf), float(time))
    print(f"{'loop/length':16}" + "".join(f"{kind:>10}" for kind in kinds) + "  wide/narrow")
    ratios = {}
    for name, times in best.items():
        print(f"{name:16}" + "".join(f"{times[kind]:10.1f}" for kind in kinds) + f"{times['wide'] / times['narrow']:13.2f}")
        lengths = ratios.setdefault(name.split("/")[1], {})
        for kind in kinds:
            lengths.setdefault(kind, []).append(times[kind] / times["narrow"])
    for length, of in ratios.items():
        print(f"geometric mean, length {length}: " + ", ".join(f"{kind} {mean(of[kind]):.2f}" for kind in kinds if kind != "narrow"))


main()
