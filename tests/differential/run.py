#!/usr/bin/env python3
"""The differential tester: random programs must behave the same under our compiler and under gc.

    tests/differential/run.py [--first SEED] [--count N] [--batch N] [--levels 0,2] [--jobs N]

Programs come from generate.py, a batch of them in one package, so that compiling does not dominate: gc builds the package
once, we once per level, and what each program of it prints is compared by itself. When an executable dies on the way, the
program that it died in differs and the ones behind it are built again without it; when a package does not build, it is
halved until the culprits are alone. The seeds that differ are printed with the first differing line, and the exit status
is 1. BURROW is our command (default: the repository's ./burrow), GO is gc's.

gc builds without its optimisations (-N -l): that is cheaper, and what it compiles is what the source says.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import generate  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 1800
# Optimisation levels as flags.
LEVELS = {"0": ["-gcflags=-N"], "2": []}


def run(command, **kwargs):
    try:
        p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, **kwargs)
        return p.returncode, p.stdout
    except subprocess.TimeoutExpired as e:
        return -1, (e.stdout or b"") + b"\n(timed out)"


def outcomes(build, seeds, folder):
    """What each program prints, by seed, the exit status at the end of the last one that ran; or why it was not built."""
    source, exe = folder / "main.go", folder / "main"
    source.write_text(generate.generate(seeds))
    status, text = run(build + ["-o", str(exe), str(source)], cwd=folder, env=dict(os.environ, GO111MODULE="on"))
    if status != 0:
        if len(seeds) == 1:
            return {seeds[0]: b"build failed: " + text}
        half = len(seeds) // 2
        return outcomes(build, seeds[:half], folder) | outcomes(build, seeds[half:], folder)
    status, text = run([str(exe)])
    exe.unlink()
    parts = re.split(rb"^program (\d+)$", text, flags=re.M)
    result = {int(seed): out for seed, out in zip(parts[1::2], parts[2::2])}
    if parts[0] or not result:
        return {seed: b"does not start: " + text for seed in seeds}
    last = seeds.index(list(result)[-1])
    if status != 0:
        result[seeds[last]] += b"\nstatus %d\n" % status
        if last + 1 < len(seeds):
            result |= outcomes(build, seeds[last + 1 :], folder)
    return result


def first_difference(a, b):
    for n, (x, y) in enumerate(zip(a.splitlines(), b.splitlines())):
        if x != y:
            return f"line {n + 1}: gc {x!r}, burrow {y!r}"
    return f"one output ends early: gc {len(a)} bytes, burrow {len(b)} bytes: {b[-200:]!r}"


def compare(seeds, ours, gc, keep):
    """The seeds that differ, with a reason each."""
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        want = outcomes(gc, seeds, folder)
        found = []
        for level, build in ours:
            have = outcomes(build, seeds, folder)
            for seed in seeds:
                a, b = want.get(seed, b"(did not run)"), have.get(seed, b"(did not run)")
                if a != b:
                    found.append((seed, f"-O{level}: {first_difference(a, b)}"))
                    if keep:
                        (pathlib.Path(keep) / f"p{seed}.go").write_text(generate.generate([seed]))
                elif a.startswith(b"build failed") or b"status" in a[-20:]:
                    found.append((seed, f"the program itself is not good: {a[:300]!r}"))
        return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--levels", default="2")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--progress", action="store_true")
    parser.add_argument("--keep", help="folder for the programs that differ")
    args = parser.parse_args()
    burrow = os.environ.get("BURROW", str(ROOT / "burrow"))
    gc = [os.environ.get("GO", str(ROOT / ".deps/usr/lib/go-1.27/bin/go")), "build", "-gcflags=-N -l"]
    ours = [(level, [burrow, "build"] + LEVELS[level]) for level in args.levels.split(",")]
    if args.keep:
        os.makedirs(args.keep, exist_ok=True)
    seeds = range(args.first, args.first + args.count)
    batches = [list(seeds[i : i + args.batch]) for i in range(0, len(seeds), args.batch)]
    bad, done = [], 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in pool.map(lambda b: compare(b, ours, gc, args.keep), batches):
            for seed, why in result:
                print(f"seed {seed}: {why}", flush=True)
            bad += [seed for seed, _ in result]
            done += args.batch
            if args.progress:
                print(f"... {min(done, args.count)} of {args.count}, {len(set(bad))} failed", flush=True)
    bad = set(bad)
    print(f"{args.count - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
