#!/usr/bin/env python3
"""The differential tester: random programs must behave the same under our compiler and under gc.

    tests/differential/run.py [--first SEED] [--count N] [--batch N] [--levels 0,2] [--jobs N]

Programs come from generate.py, a batch of them in one package, so that compiling does not dominate. A batch whose output
differs is run again program by program; the seeds that differ are printed with the first differing line, and the exit
status is 1. BURROW is our command (default: the repository's ./burrow), GO is gc's.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import generate  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 120
# Optimisation levels as flags.
LEVELS = {"0": ["-gcflags=-N"], "2": []}


def run(command, **kwargs):
    try:
        p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, **kwargs)
        return p.returncode, p.stdout
    except subprocess.TimeoutExpired as e:
        return -1, (e.stdout or b"") + b"\n(timed out)"


def outcome(build, source, exe):
    """What a program prints, and its exit status; or why it could not be built."""
    status, text = run(build + ["-o", str(exe), str(source)], cwd=source.parent, env=dict(os.environ, GO111MODULE="off"))
    if status != 0:
        return b"build failed: " + text
    status, text = run([str(exe)])
    exe.unlink()
    return text + b"\nstatus %d\n" % status


def first_difference(a, b):
    for n, (x, y) in enumerate(zip(a.splitlines(), b.splitlines())):
        if x != y:
            return f"line {n + 1}: gc {x!r}, burrow {y!r}"
    return f"one output ends early: gc {len(a)} bytes, burrow {len(b)} bytes: {b[-200:]!r}"


def compare(seeds, ours, gc, keep):
    """The seeds that differ, with a reason each."""
    with tempfile.TemporaryDirectory() as tmp:
        source = pathlib.Path(tmp) / "main.go"
        source.write_text(generate.generate(seeds))
        want = outcome(gc, source, pathlib.Path(tmp) / "gc")
        found = []
        for level, build in ours:
            have = outcome(build, source, pathlib.Path(tmp) / f"burrow{level}")
            if have == want:
                continue
            if len(seeds) == 1:
                if keep:
                    (pathlib.Path(keep) / f"p{seeds[0]}.go").write_text(source.read_text())
                return [(seeds[0], f"-O{level}: {first_difference(want, have)}")]
            for seed in seeds:
                found += compare([seed], [(level, build)], gc, keep)
            return found or [(seeds[0], f"-O{level}: only as a batch {seeds[0]}..{seeds[-1]}: {first_difference(want, have)}")]
        return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--levels", default="2")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="folder for the programs that differ")
    args = parser.parse_args()
    burrow = os.environ.get("BURROW", str(ROOT / "burrow"))
    gc = [os.environ.get("GO", str(ROOT / ".deps/usr/lib/go-1.27/bin/go")), "build"]
    ours = [(level, [burrow, "build"] + LEVELS[level]) for level in args.levels.split(",")]
    if args.keep:
        os.makedirs(args.keep, exist_ok=True)
    seeds = range(args.first, args.first + args.count)
    batches = [list(seeds[i : i + args.batch]) for i in range(0, len(seeds), args.batch)]
    bad = []
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in pool.map(lambda b: compare(b, ours, gc, args.keep), batches):
            for seed, why in result:
                print(f"seed {seed}: {why}", flush=True)
            bad += result
    print(f"{args.count - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
