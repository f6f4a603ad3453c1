#!/usr/bin/env python3
"""How long the world stands still, and how late a ticker of a millisecond is, beside a large heap under allocation load.

    bench/pauses.py [--mb N] [--cycles N] [--runs N] [--procs N]

bench/pauses/main.go, built by both compilers, run alternately. A line per run, in microseconds: the pauses of a collection (both
stops together) and the ticks' delays, each with median, 99th percentile and worst; the last lines have the medians over the runs and
the ratios to gc's.
"""

import argparse
import os
import statistics
import subprocess
import tempfile

import programs


def build(folder):
    source = str(programs.ROOT / "bench/pauses/main.go")
    ours, theirs = f"{folder}/burrow", f"{folder}/gc"
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GO111MODULE="off", GOROOT=str(programs.GOROOT))
    subprocess.run([programs.BURROW, "build", "-o", ours, source], check=True)
    subprocess.run([programs.GO, "build", "-o", theirs, source], check=True, env=environment)
    return {"burrow": ours, "gc": theirs}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=2048)
    parser.add_argument("--cycles", type=int, default=300)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--procs", type=int, default=2)
    arguments = parser.parse_args()
    environment = dict(os.environ, GOMAXPROCS=str(arguments.procs))
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        executables = build(folder)
        print(f"{'':18}{'count':>8}{'median':>10}{'99%':>10}{'worst':>10}")
        for _ in range(arguments.runs):
            for name, exe in executables.items():
                command = [exe, f"-mb={arguments.mb}", f"-cycles={arguments.cycles}"]
                text = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
                for line in text.splitlines():
                    what, count, *values = line.split()
                    results.setdefault((what, name), []).append([float(v) for v in values])
                    print(f"{name:10}{what:8}{count:>8}" + "".join(f"{float(v):10.1f}" for v in values), flush=True)
    for what in ("pause", "tick"):
        medians = {name: [statistics.median(c) for c in zip(*results[what, name])] for name in executables}
        print(f"{'ratio':10}{what:8}{'':8}" + "".join(f"{a / b:10.2f}" for a, b in zip(medians["burrow"], medians["gc"])))


if __name__ == "__main__":
    main()
