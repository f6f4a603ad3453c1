#!/usr/bin/env python3
"""The programs of bench/programs against gc's: time, processor time, memory and size, as ratios (smaller is better).

    bench/programs.py [--runs N] [--flags "BUILD FLAGS"] [NAME...]

Each program is built by both compilers; both must print the same. Then the two executables run alternately, N times each
(the first of each does not count), and a ratio is the median over neighbouring runs. The last line has the geometric
means. $BURROW and $GO name the compilers; GOMAXPROCS and the like are handed on to the programs.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")
LIMIT = 300  # seconds for one run of a program


def build(source, folder, flags):
    """Both executables of a program, ours first."""
    ours, theirs = f"{folder}/{source.stem}.burrow", f"{folder}/{source.stem}.gc"
    subprocess.run([BURROW, "build", *flags, "-o", ours, str(source)], check=True)
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GO111MODULE="off", GOROOT=str(GOROOT))
    subprocess.run([GO, "build", "-o", theirs, str(source)], check=True, env=environment)
    return ours, theirs


def run(exe, output):
    """Wall and processor seconds and peak resident kilobytes of one run, whose output goes to the file `output`."""
    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    start = time.perf_counter()
    child = os.posix_spawn(exe, [exe], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1), (os.POSIX_SPAWN_DUP2, sink, 2)])
    os.close(sink)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{exe} ended with status {status}:\n{Path(output).read_text(errors='replace')[:2000]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def compare(ours, theirs, runs, folder):
    """Pairs of measurements, after both were seen to print the same."""
    run(ours, f"{folder}/ours")
    run(theirs, f"{folder}/theirs")
    if Path(f"{folder}/ours").read_bytes() != Path(f"{folder}/theirs").read_bytes():
        sys.exit(f"{ours} and {theirs} print different things")
    return [(run(ours, os.devnull), run(theirs, os.devnull)) for _ in range(runs)]


def size(exe):
    subprocess.run(["strip", "-o", exe + ".stripped", exe], check=True)
    return os.path.getsize(exe + ".stripped")


def geomean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


HEAD = f"{'':16}{'burrow s':>10}{'gc s':>10}{'wall':>8}{'cpu':>8}{'memory':>8}{'size':>8}"


def report(name, ours, theirs, runs, folder):
    """Measures a program and prints its line; its ratios of wall time, processor time, memory and size."""
    pairs = compare(ours, theirs, runs, folder)
    ratios = [statistics.median(a[i] / max(b[i], 1e-6) for a, b in pairs) for i in range(3)]
    ratios.append(size(ours) / size(theirs))
    seconds = [statistics.median(p[i][0] for p in pairs) for i in range(2)]
    print(f"{name:16}{seconds[0]:10.3f}{seconds[1]:10.3f}" + "".join(f"{r:8.2f}" for r in ratios), flush=True)
    return ratios


def report_means(rows):
    print(f"{'geometric mean':36}" + "".join(f"{geomean(column):8.2f}" for column in zip(*rows)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--flags", default="", help="flags for burrow build")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    sources = sorted((ROOT / "bench/programs").glob("*.go"))
    if unknown := set(arguments.names) - {s.stem for s in sources}:
        sys.exit(f"no such program: {' '.join(sorted(unknown))}")
    sources = [s for s in sources if not arguments.names or s.stem in arguments.names]
    print(HEAD, flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            ours, theirs = build(source, folder, arguments.flags.split())
            rows.append(report(source.stem, ours, theirs, arguments.runs, folder))
    report_means(rows)


if __name__ == "__main__":
    main()
