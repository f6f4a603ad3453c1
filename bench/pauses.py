#!/usr/bin/env python3
"""How long the world stands still, and how late a ticker of a millisecond is, beside a large heap under allocation load.

    bench/pauses.py [--mb N] [--cycles N] [--runs N] [--procs N] [--into FILE]

bench/pauses/main.go, built by both compilers, run alternately. A line per run, in microseconds: the pauses of a collection (both
stops together) and the ticks' delays, each with median, 99th percentile and worst; the last lines are over all runs together, with
the ratios to gc's. A machine that is itself a guest is not always run: "alone" are the pauses of those collections during which
nothing was stolen from it (10 ms at the least). Pauses over a millisecond are also printed one by one, with what the system took
away from the program during that collection. --into keeps what was measured, and takes in what is there already: a long measurement in several goes.
"""

import argparse
import json
import math
import os
import subprocess
import tempfile
from pathlib import Path

import programs


LONG = 1_000_000  # nanoseconds: what no pause should take


def build(folder):
    source = str(programs.ROOT / "bench/pauses/main.go")
    ours, theirs = f"{folder}/burrow", f"{folder}/gc"
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GO111MODULE="off", GOROOT=str(programs.GOROOT))
    subprocess.run([programs.BURROW, "build", "-o", ours, source], check=True)
    subprocess.run([programs.GO, "build", "-o", theirs, source], check=True, env=environment)
    return {"burrow": ours, "gc": theirs}


def quantiles(values):
    ordered = sorted(values) or [math.nan]
    return [ordered[min(len(ordered) - 1, int(q * len(ordered)))] / 1000 for q in (0.5, 0.99, 1)]


def show(name, what, values):
    print(f"{name:10}{what:8}{len(values):8}" + "".join(f"{v:10.1f}" for v in quantiles(values)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=2048)
    parser.add_argument("--cycles", type=int, default=300)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--procs", type=int, default=2)
    parser.add_argument("--into", type=Path)
    arguments = parser.parse_args()
    environment = dict(os.environ, GOMAXPROCS=str(arguments.procs))
    names = ("burrow", "gc")
    results = {what: {name: [] for name in names} for what in ("pause", "alone", "tick")}
    if arguments.into and arguments.into.exists():
        results = json.loads(arguments.into.read_text())
    with tempfile.TemporaryDirectory() as folder:
        executables = build(folder)
        print(f"{'':10}{'':8}{'count':>8}{'median':>10}{'99%':>10}{'worst':>10}")
        for _ in range(arguments.runs):
            for name in names:
                command = [executables[name], f"-mb={arguments.mb}", f"-cycles={arguments.cycles}"]
                text = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
                lines = {what: [int(v) for v in values] for what, *values in map(str.split, text.splitlines())}
                lines["alone"] = [pause for pause, stolen in zip(lines["pause"], lines["stolen"]) if stolen == 0]
                for what in results:
                    results[what][name] += lines[what]
                    show(name, what, lines[what])
                for pause, waited, stolen in zip(lines["pause"], lines["waited"], lines["stolen"]):
                    if pause > LONG:
                        print(f"{name:10}long {pause / 1000:.0f}: its threads waited {waited / 1000:.0f} for a processor, {stolen / 1000:.0f} stolen")
    if arguments.into:
        arguments.into.write_text(json.dumps(results))
    print("together")
    for what, by_name in results.items():
        for name in names:
            show(name, what, by_name[name])
        ratios = [a / b for a, b in zip(*(quantiles(by_name[name]) for name in names))]
        print(f"{'ratio':10}{what:16}" + "".join(f"{v:10.2f}" for v in ratios))


if __name__ == "__main__":
    main()
