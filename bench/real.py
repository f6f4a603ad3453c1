#!/usr/bin/env python3
"""Real programs against gc's: a Markdown renderer, a Go interpreter and a key-value store, as bench/programs.py has its own.

    bench/real.py [--runs N] [--work FOLDER] [NAME...]

The sources of bench/real are copied to FOLDER (build/real) and built there. The modules come through GOPROXY into GOMODCACHE
(FOLDER/cache) the first time; after that the builds need no network.
"""

import argparse
import os
import shutil
import subprocess
from pathlib import Path

import programs

SOURCES = programs.ROOT / "bench/real"


def prepare(name, work):
    """The folder with a program's two executables."""
    folder = work / name
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOWORK="off", GOROOT=str(programs.GOROOT))
    environment.setdefault("GOMODCACHE", str(work / "cache"))
    shutil.copytree(SOURCES / name, folder, dirs_exist_ok=True)
    for compiler, output in ((programs.BURROW, "burrow.exe"), (programs.GO, "gc.exe")):
        subprocess.run([compiler, "build", "-o", output, "."], cwd=folder, env=environment, check=True)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", type=Path, default=programs.ROOT / "build/real")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    names = sorted(p.parent.name for p in SOURCES.glob("*/main.go"))
    if unknown := set(arguments.names) - set(names):
        raise SystemExit(f"no such program: {' '.join(sorted(unknown))}")
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(programs.HEAD, flush=True)
    rows = []
    for name in arguments.names or names:
        folder = prepare(name, work)
        rows.append(programs.report(name, str(folder / "burrow.exe"), str(folder / "gc.exe"), arguments.runs, folder))
    programs.report_means(rows)


if __name__ == "__main__":
    main()
