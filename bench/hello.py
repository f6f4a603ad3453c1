#!/usr/bin/env python3
"""The smallest programs: how large the executable is, and how long it takes from its start to its end, against gc.

    bench/hello.py [RUNS]

One program prints a line with println, the other with fmt. Sizes are of stripped executables. Times are from before the process is
created (posix_spawn) to its end having been noticed, so that the kernel's share is in both; the two programs are run
alternately, and the ratio is the median of the ratios of neighbours. $BURROW and $GO name the compilers.
"""

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
PROGRAMS = {
    "println": 'package main\n\nfunc main() { println("hello, world") }\n',
    "fmt": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello, world") }\n',
}


def run_once(exe, sink):
    start = time.perf_counter_ns()
    child = os.posix_spawn(exe, [exe], {}, file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1), (os.POSIX_SPAWN_DUP2, sink, 2)])
    _, status = os.waitpid(child, 0)
    elapsed = time.perf_counter_ns() - start
    if status != 0:
        sys.exit(f"{exe} ended with status {status}")
    return elapsed


def measure(title, program, runs):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "hello.go"
        source.write_text(program)
        ours, theirs = f"{folder}/burrow-hello", f"{folder}/gc-hello"
        subprocess.run([BURROW, "build", "-o", ours, str(source)], check=True)
        environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOROOT=str(GOROOT))
        subprocess.run([GO, "build", "-o", theirs, str(source)], check=True, env=environment)
        for exe in (ours, theirs):
            subprocess.run(["strip", exe], check=True)
        sizes = [os.path.getsize(exe) for exe in (ours, theirs)]

        sink = os.open(os.devnull, os.O_WRONLY)
        for exe in (ours, theirs) * 10:
            run_once(exe, sink)
        pairs = [(run_once(ours, sink), run_once(theirs, sink)) for _ in range(runs)]
    times = [statistics.median(column) / 1e6 for column in zip(*pairs)]
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{title:10}{'stripped':>12}{'start to end':>16}")
    for name, size, milliseconds in zip(("burrow", "gc"), sizes, times):
        print(f"{name:10}{size / 1024:9.1f} KB{milliseconds:13.3f} ms")
    print(f"{'ratio':10}{sizes[0] / sizes[1]:12.3f}{ratio:16.3f}   (smaller is better; median of {runs} pairs)")


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for title, program in PROGRAMS.items():
        measure(title, program, runs)


if __name__ == "__main__":
    main()
