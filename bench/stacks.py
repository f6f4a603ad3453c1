#!/usr/bin/env python3
"""Stacks, and goroutines in large numbers, against gc.

    bench/stacks.py [--runs N]

A million parked goroutines: bytes of resident memory for each, all of the process included, and nanoseconds to make one. A
recursion ten million deep: nanoseconds a call on stack that is new and on stack that is there, and the largest resident size
in MB. Hot split: picoseconds of a call in a loop at the best and at the worst place of the stack. Each runs N times by each
compiler's executable, alternately; printed are the medians. $BURROW and $GO name the compilers.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")
SOURCE = ROOT / "bench/stacks/main.go"
CASES = [("parked", ["parked", "1000000"], ["B/goroutine", "ns to make"]),
         ("deep", ["deep", "10000000"], ["ns/call new", "ns/call again", "MB"]),
         ("hotsplit", ["hotsplit"], ["ps best", "ps worst"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = f"{folder}/burrow", f"{folder}/gc"
        subprocess.run([BURROW, "build", "-o", ours, str(SOURCE)], check=True)
        environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOROOT=str(GOROOT))
        subprocess.run([GO, "build", "-o", theirs, str(SOURCE)], check=True, env=environment)
        print(f"{'':28}{'burrow':>10}{'gc':>10}{'ratio':>8}")
        for name, arguments, columns in CASES:
            if options.names and name not in options.names:
                continue
            rows = [[run(exe, arguments) for exe in (ours, theirs)] for _ in range(options.runs)]
            for i, column in enumerate(columns):
                a, b = (statistics.median(row[who][i] for row in rows) for who in (0, 1))
                print(f"{name + ', ' + column:28}{a:>10.0f}{b:>10.0f}{a / max(b, 1):>8.2f}", flush=True)


def run(exe, arguments):
    done = subprocess.run([exe] + arguments, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{exe} {arguments}: status {done.returncode}: {done.stderr[-1000:]}")
    return [int(n) for n in done.stderr.split()[1:]]


main()
