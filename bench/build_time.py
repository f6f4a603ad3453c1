#!/usr/bin/env python3
"""How long a build takes, against gc: with empty caches, and after an edit of the main package.

    bench/build_time.py [hello] [http] [--warm-runs N]

hello prints a line with fmt; http is a server with net/http and encoding/json. Both compilers begin with caches of their own
that are empty, and are run one after the other, never at once. Printed are seconds of processor time (user and system, of
the whole command), seconds of the wall's clock, the peak of the largest process's memory, and the ratio of ours to gc's
processor time; of builds after an edit, medians. $BURROW and $GO name the compilers.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOROOT = pathlib.Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "build/release/bin/burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")

PROGRAMS = {
    "hello": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello, world") }\n',
    "http": """package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

type reply struct {
	Name  string
	Count int
	Tags  map[string]string
}

func main() {
	n := 0
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		n++
		json.NewEncoder(w).Encode(reply{r.URL.Path, n, map[string]string{"a": "b"}})
	})
	if len(os.Args) > 1 {
		fmt.Println(http.ListenAndServe(os.Args[1], nil))
		return
	}
	json.NewEncoder(os.Stdout).Encode(reply{"x", 1, nil})
}
""",
}


def run(command, folder, environment):
    """Processor seconds, wall seconds, megabytes."""
    start = time.time()
    process = subprocess.Popen(command, cwd=folder, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, time.time() - start, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="*", default=list(PROGRAMS))
    parser.add_argument("--warm-runs", type=int, default=5)
    args = parser.parse_args()
    print(f"{'':18}{'burrow cpu':>11}{'wall':>8}{'MB':>7}{'gc cpu':>9}{'wall':>8}{'MB':>7}{'ratio':>8}")
    for name in args.programs:
        with tempfile.TemporaryDirectory() as tmp:
            folder = pathlib.Path(tmp)
            (folder / "go.mod").write_text("module m\n\ngo 1.27\n")
            environment = dict(os.environ, BURROW_CACHE=f"{tmp}/ours", GOCACHE=f"{tmp}/gc", CGO_ENABLED="0", GOTOOLCHAIN="local",
                               GOFLAGS="", GOROOT=str(GOROOT), BURROW_GOROOT=str(GOROOT))
            ours = [BURROW, "build", "-o", "a", "."]
            theirs = [GO, "build", "-o", "b", "."]
            source = folder / "main.go"

            def row(title, a, b):
                cells = "".join(f"{x[0]:{w}.2f}{x[1]:8.2f}{x[2]:7.0f}" for x, w in ((a, 11), (b, 9)))
                print(f"{title:18}{cells}{a[0] / b[0]:8.2f}", flush=True)

            source.write_text(PROGRAMS[name])
            row(f"{name}, cold", run(ours, folder, environment), run(theirs, folder, environment))
            pairs = []
            for i in range(args.warm_runs):
                source.write_text(PROGRAMS[name] + f"\nvar edit{i} = {i}\n")
                pairs.append((run(ours, folder, environment), run(theirs, folder, environment)))
            medians = [[statistics.median(column) for column in zip(*side)] for side in zip(*pairs)]
            row(f"{name}, edited", *medians)


if __name__ == "__main__":
    main()
