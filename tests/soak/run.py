#!/usr/bin/env python3
"""The soak: tests/soak/soak.go in all checking modes in turn.

    tests/soak/run.py [--minutes N] [--mode NAME]... [--workers N] [--seed N] [--gc]

The time is shared equally among the modes. Ends with a non-zero status at the first failure. --gc runs the program as gc
builds it, to see what it does there. Not part of ./test.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
MODES = {
    "plain": {},
    "checkmark": {"GODEBUG": "gccheckmark=1,gcpoison=1"},
    "always": {"GODEBUG": "gcalways=500,gcpoison=1,gccheckmark=1"},
    "conservative": {"GODEBUG": "gcconservative=1,gcpoison=1,gccheckmark=1"},
    "alone": {"GODEBUG": "gcpoison=1,gccheckmark=1", "GOMAXPROCS": "1"},
    "many": {"GODEBUG": "gcpoison=1,gccheckmark=1", "GOMAXPROCS": "8"},
    "stop": {"GODEBUG": "gcstoptheworld=2,gcpoison=1"},
    "limit": {"GOGC": "off", "GOMEMLIMIT": "96MiB", "GODEBUG": "gcpoison=1"},
    "often": {"GOGC": "10", "GODEBUG": "gcpoison=1,gccheckmark=1"},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--mode", action="append", choices=MODES)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--gc", action="store_true")
    arguments = parser.parse_args()
    modes = arguments.mode or list(MODES)
    seconds = max(2, round(arguments.minutes * 60 / len(modes)))
    with tempfile.TemporaryDirectory() as folder:
        exe = folder + "/soak"
        source = str(ROOT / "tests/soak/soak.go")
        environment = dict(os.environ)
        compiler = os.environ.get("BURROW") or str(ROOT / "burrow")
        if arguments.gc:
            environment |= {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GO111MODULE": "off", "GOROOT": str(GOROOT)}
            compiler = os.environ.get("GO") or str(GOROOT / "bin/go")
        subprocess.run([compiler, "build", "-o", exe, source], check=True, env=environment)
        for mode in modes:
            command = [exe, f"-seconds={seconds}", f"-workers={arguments.workers}", f"-seed={arguments.seed}", "-v"]
            print(f"== {mode}: {' '.join(f'{k}={v}' for k, v in MODES[mode].items())} {' '.join(command[1:])}", flush=True)
            status = subprocess.run(command, env=dict(os.environ, **MODES[mode]), timeout=seconds * 10 + 300).returncode
            if status != 0:
                sys.exit(f"{mode}: status {status}, seed {arguments.seed}")


if __name__ == "__main__":
    main()
