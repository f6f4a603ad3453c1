#!/usr/bin/env python3
"""Type checking of the whole library against types2, gc's checker.

    bench/check.py [RUNS]

Both check the same packages from the same files, one after the other in one process: burrow_check (build/release), and a
program that is built in a copy of the distribution made of links (bench/check_types2). Measured is processor time, user and
system: for types2 with its collector's (as it is when gc runs), and once more with the collector off. Runs alternate; the
ratio is the median of the ratios of neighbours.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27").resolve()
GO = os.environ.get("GO") or str(GOROOT / "bin/go")
TOOL = os.environ.get("BURROW_CHECK") or str(ROOT / "build/release/tests/types/burrow_check")
TIMES = re.compile(r"(\d+) packages, (\d+) failed.* ([\d.]+) s parsing, ([\d.]+) s checking")


def build_types2(folder):
    """In a copy of the distribution's tree that is made of links: only what is on the way to the new package is a folder, for
    go wants the importer of an internal package in the tree, without links."""
    exe, root = f"{folder}/check_types2", Path(folder) / "goroot"
    original, copy = GOROOT, root
    for part in ("src", "cmd", "compile", "internal", None):
        copy.mkdir()
        for entry in original.iterdir():
            if entry.name != part:
                (copy / entry.name).symlink_to(entry.resolve())
        if part:
            original, copy = original / part, copy / part
    (copy / "burrowcheck").mkdir()
    (copy / "burrowcheck/main.go").write_bytes((ROOT / "bench/check_types2/main.go").read_bytes())
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOROOT=str(root))
    subprocess.run([GO, "build", "-o", exe, "cmd/compile/internal/burrowcheck"], check=True, env=environment, cwd=root / "src/cmd")
    return exe


def packages():
    """All packages of the library, without commands."""
    found = []
    for root, dirs, files in os.walk(GOROOT / "src", followlinks=True):
        dirs[:] = sorted(d for d in dirs if d not in ("testdata", "vendor", "cmd", "builtin", "cgo") and not d.startswith(("_", ".")))
        if any(f.endswith(".go") and not f.endswith("_test.go") for f in files):
            found.append(os.path.relpath(root, GOROOT / "src"))
    return [p for p in found if p != "." and "seccomp" not in p]  # seccomp is for cgo


def measure(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    times = TIMES.search(done.stdout)
    if not times:
        sys.exit(f"{command[0]}: {done.stdout[-500:]}{done.stderr[-500:]}")
    return int(times[1]), int(times[2]), float(times[3]), float(times[4])


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    environment = dict(os.environ, GOROOT=str(GOROOT))
    ours = [TOOL, "--all", "--stats", "--packages", *packages()]
    listing = subprocess.run([TOOL, "--list", "--packages", *packages()], capture_output=True, text=True, env=environment).stdout
    listing = "".join(line + "\n" for line in listing.splitlines() if "\t" in line)
    with tempfile.TemporaryDirectory() as folder:
        theirs = build_types2(folder)
        rows = []
        for _ in range(runs):
            rows.append((measure(ours, env=environment), measure([theirs], input=listing),
                         measure([theirs], input=listing, env=dict(os.environ, GOGC="off"))))
    print(f"{'':22}{'packages':>10}{'with errors':>13}{'parsing':>10}{'checking':>10}")
    for name, column in zip(("burrow", "types2", "types2, GOGC=off"), zip(*rows)):
        parsing, checking = (statistics.median(r[i] for r in column) for i in (2, 3))
        print(f"{name:22}{column[0][0]:10}{column[0][1]:13}{parsing:8.2f} s{checking:8.2f} s")
    for name, i in (("types2", 1), ("types2, GOGC=off", 2)):
        ratio = statistics.median(row[0][3] / row[i][3] for row in rows)
        print(f"checking, burrow / {name}: {ratio:.3f}   (smaller is better; median of {runs} runs)")


if __name__ == "__main__":
    main()
