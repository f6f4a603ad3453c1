#!/usr/bin/env python3
"""What a CPU profile is worth, for both compilers: the programs of bench/programs, compiled by a profile of themselves.

    bench/pgo.py [--runs N] [NAME...]

Each program gets a profile of itself written when it ends, is built by each compiler, and run once for that. Then each compiler builds it without and with that profile; all four executables must print the same and run in turns. A column
is the median ratio of neighbouring runs' processor time, with the profile to without (smaller is better); the last has
ours to gc's, both with a profile. Sizes are of executables without symbols, with to without. $BURROW and $GO name the compilers.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import programs

HOOK = """package main

import (
	"os"
	"runtime/pprof"
)

func startProfile() func() {
	path := os.Getenv("CPUPROFILE")
	if path == "" {
		return func() {}
	}
	file, err := os.Create(path)
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		panic(err)
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close()
	}
}
"""
CPU = 1  # of what programs.run measures


def build(compiler, folder, output, *flags):
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOWORK="off")
    if compiler == programs.GO:
        environment["GOROOT"] = str(programs.GOROOT)
    subprocess.run([compiler, "build", *flags, "-o", output, "."], cwd=folder, env=environment, check=True)
    return f"{folder}/{output}"


def executables(source, folder):
    """Without and with a profile, ours first."""
    folder = Path(folder) / source.stem
    folder.mkdir()
    # In the same line, so that the lines of main are where they were.
    (folder / source.name).write_text(source.read_text().replace("func main() {", "func main() { defer startProfile()();", 1))
    (folder / "profile_hook.go").write_text(HOOK)
    (folder / "go.mod").write_text("module program\n\ngo 1.27\n")
    found = {}
    for name, compiler in (("burrow", programs.BURROW), ("gc", programs.GO)):
        plain = build(compiler, folder, f"{name}.plain", "-pgo=off")
        profile = folder / f"{name}.pprof"
        subprocess.run([plain], env=dict(os.environ, CPUPROFILE=str(profile)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        found[name] = plain
        found[name + " pgo"] = build(compiler, folder, f"{name}.pgo", f"-pgo={profile}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    sources = sorted((programs.ROOT / "bench/programs").glob("*.go"))
    if unknown := set(arguments.names) - {s.stem for s in sources}:
        sys.exit(f"no such program: {' '.join(sorted(unknown))}")
    print(f"{'':16}{'burrow':>8}{'size':>8}{'gc':>8}{'size':>8}{'burrow/gc':>11}", flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            if arguments.names and source.stem not in arguments.names:
                continue
            exes = executables(source, folder)
            texts = set()
            for exe in exes.values():
                programs.run(exe, f"{folder}/output")
                texts.add(Path(f"{folder}/output").read_bytes())
            if len(texts) != 1:
                sys.exit(f"{source.stem}: the executables print different things")
            turns = [{key: programs.run(exe, os.devnull)[CPU] for key, exe in exes.items()} for _ in range(arguments.runs)]
            def ratio(a, b):
                return statistics.median(max(t[a], 1e-6) / max(t[b], 1e-6) for t in turns)
            sizes = {key: programs.size(exe) for key, exe in exes.items()}
            row = [ratio("burrow pgo", "burrow"), sizes["burrow pgo"] / sizes["burrow"], ratio("gc pgo", "gc"), sizes["gc pgo"] / sizes["gc"],
                   ratio("burrow pgo", "gc pgo")]
            rows.append(row)
            print(f"{source.stem:16}" + "".join(f"{r:8.2f}" for r in row[:4]) + f"{row[4]:11.2f}", flush=True)
    if rows:
        means = [programs.geomean(column) for column in zip(*rows)]
        print(f"{'geometric mean':16}" + "".join(f"{m:8.2f}" for m in means[:4]) + f"{means[4]:11.2f}")


if __name__ == "__main__":
    main()
