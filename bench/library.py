#!/usr/bin/env python3
"""The library's own benchmarks: time and allocations per operation against gc's.

  bench/library.py [--runs N] [--time T] [--above R] [--allocs] [--skip REGEXP] [PACKAGE...]

Builds each package's tests with `burrow test -c` and with gc's `go test -c`, runs their benchmarks in turn and takes the
smallest figure of each. Prints per package the geometric mean of the ratios and how many are below 1.3, then the benchmarks
above R and those that allocate more often than with gc. With --allocs only allocations are compared, which a loaded machine
does not change: two runs of each on one P, so that a pool's contents don't depend on who runs where, and of a fixed number of
operations, so that what is allocated once counts alike. It also lists those that allocate as often but more than a tenth more
bytes. BURROW and BURROW_GOROOT as in the other scripts. A PACKAGE may be a folder with a go.mod of its own: bench/everyday.
"""
import argparse
import math
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGES = """sort strconv fmt bufio encoding/json encoding/binary encoding/base64 regexp html/template math/big unicode/utf8
slices maps sync time hash/crc32 hash/maphash compress/flate path/filepath net/url reflect errors bytes strings image/draw
html encoding/xml encoding/gob encoding/csv context io crypto/sha256 crypto/md5""".split()
LINE = re.compile(r"^(Benchmark\S+)\s+\d+\s+([\d.]+) ns/op(?:.*?\s(\d+) B/op\s+(\d+) allocs/op)?", re.M)
SHORTEST = 0.5  # ns: below this a benchmark measures its own loop
MORE_BYTES = 1.1
ODD_BYTES = 16  # per operation: what is allocated once, divided by the number of operations


def build(command, package, executable, environment):
    own = os.path.isdir(package)
    done = subprocess.run([*command, "-c", "-o", executable, "." if own else package], cwd=package if own else None, env=environment,
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} {package}: {done.stderr}")
    return os.path.exists(executable)  # no test files: no executable


def figures(texts):
    """What the outputs of some runs say: least time, least (allocations, bytes) by benchmark."""
    times, allocations = {}, {}
    for name, time, size, count in (m for text in texts for m in LINE.findall(text)):
        times[name] = min(float(time), times.get(name, math.inf))
        if count:
            allocations[name] = min((int(count), int(size)), allocations.get(name, (math.inf, 0)))
    return times, allocations


def print_allocations(ours, theirs, bytes_too):
    """Lists the benchmarks that allocate more than with gc; how many that are."""
    more = 0
    for b, (count, size) in ours.items():
        count2, size2 = theirs.get(b, (count, size))
        if count > count2:
            print(f"  {count} allocations instead of {count2}, {size} bytes instead of {size2}: {b}")
            more += 1
        elif bytes_too and count == count2 and size > size2 * MORE_BYTES + ODD_BYTES:
            print(f"  {size} bytes instead of {size2} in {count} allocations: {b}")
    return more


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, help="3, with --allocs 2")
    parser.add_argument("--time", help="-test.benchtime; 20ms, with --allocs 20x")
    parser.add_argument("--above", type=float, default=1.3)
    parser.add_argument("--allocs", action="store_true", help="compare allocations only")
    parser.add_argument("--skip", help="-test.skip, for benchmarks whose operation takes seconds")
    parser.add_argument("packages", nargs="*")
    options = parser.parse_args()
    goroot = os.environ.get("BURROW_GOROOT") or f"{ROOT}/.deps/usr/lib/go-1.27"
    burrow = os.environ.get("BURROW", f"{ROOT}/build/release/bin/burrow")
    environment = dict(os.environ, GOROOT="", BURROW_GOROOT=goroot, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="")
    runs = options.runs or (2 if options.allocs else 3)
    flags = ["-test.run", "^$", "-test.bench", ".", "-test.benchmem",
             "-test.benchtime", options.time or ("20x" if options.allocs else "20ms")]
    if options.allocs:
        flags += ["-test.cpu", "1"]
    if options.skip:
        flags += ["-test.skip", options.skip]
    logs, below, all_ratios, compared, more = 0.0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for package in options.packages or PACKAGES:
            name = package.replace("/", "_")
            executables = [f"{folder}/{name}.burrow", f"{folder}/{name}.gc"]
            if not build([burrow, "test"], package, executables[0], environment):
                print(f"{package}: no tests")
                continue
            build([f"{goroot}/bin/go", "test", "-vet=off"], package, executables[1], environment)
            outputs = ([], [])
            for _ in range(runs):
                for executable, texts in zip(executables, outputs):
                    home = package if os.path.isdir(package) else os.path.realpath(f"{goroot}/src/{package}")
                    texts.append(subprocess.run([executable, *flags], cwd=home, env=environment, capture_output=True, text=True).stdout)
            (ours, ourCounts), (theirs, theirCounts) = map(figures, outputs)
            ratios = sorted(((ours[b] / theirs[b], b) for b in ours if theirs.get(b, 0) > SHORTEST and ours[b] > 0), reverse=True)
            if not ratios:
                print(f"{package}: no benchmarks")
                continue
            both = sum(b in theirCounts for b in ourCounts)
            if options.allocs:
                print(f"{package}: {both} benchmarks")
            else:
                sum_ = sum(math.log(r) for r, _ in ratios)
                under = sum(r < 1.3 for r, _ in ratios)
                logs, below, all_ratios = logs + sum_, below + under, all_ratios + len(ratios)
                print(f"{package}: {len(ratios)} benchmarks, {math.exp(sum_ / len(ratios)):.2f}, {under / len(ratios):.0%} below 1.3")
                for ratio, b in ratios:
                    if ratio > options.above:
                        print(f"  {ratio:6.2f}  {ours[b]:12.1f} {theirs[b]:12.1f} ns  {b}")
            compared, more = compared + both, more + print_allocations(ourCounts, theirCounts, options.allocs)
            sys.stdout.flush()
            for executable in executables:
                os.remove(executable)
    if all_ratios:
        print(f"all: {all_ratios} benchmarks, {math.exp(logs / all_ratios):.2f}, {below / all_ratios:.0%} below 1.3")
    print(f"allocations: {compared} benchmarks, {more} with more than with gc")


if __name__ == "__main__":
    main()
