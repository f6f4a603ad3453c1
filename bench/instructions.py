#!/usr/bin/env python3
"""Instructions per operation for small operations of the library, against gc's: what a loaded machine does not change.

  bench/instructions.py [--with BURROW]... [CASE...]

Builds bench/instructions with burrow, with each --with compiler (an older one, say) and with gc, and runs every case under callgrind
with two numbers of operations; the difference, divided, is free of what happens once. Counted is what main.main does, not the
collector in the background. Needs valgrind and objcopy (valgrind does not read DWARF 5).
"""
import argparse
import os
import re
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FEW, MANY = 100, 400


def instructions(executable, case, times):
    command = ["valgrind", "--tool=callgrind", "--toggle-collect=main.main", "--callgrind-out-file=/dev/null",
               executable, case, str(times)]
    # gc's signals between threads are more than callgrind takes.
    environment = dict(os.environ, GOMAXPROCS="1", GODEBUG="asyncpreemptoff=1")
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return int(re.search(r"Collected *: *(\d+)", done.stderr)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--with", dest="others", action="append", default=[], help="another burrow command")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    goroot = os.environ.get("BURROW_GOROOT") or f"{ROOT}/.deps/usr/lib/go-1.27"
    burrow = os.environ.get("BURROW", f"{ROOT}/build/release/bin/burrow")
    environment = dict(os.environ, GOROOT="", BURROW_GOROOT=goroot, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="")
    source = f"{ROOT}/bench/instructions/main.go"
    with tempfile.TemporaryDirectory() as folder:
        executables = []
        for i, command in enumerate([burrow, *options.others, f"{goroot}/bin/go"]):
            executables.append(f"{folder}/{i}")
            subprocess.run([command, "build", "-o", executables[-1], source], env=environment, cwd=folder, check=True)
            subprocess.run(["objcopy", "--strip-debug", executables[-1]], check=True)
        cases = options.cases or sorted(subprocess.run([executables[0]], capture_output=True, text=True).stdout.split())
        for case in cases:
            counts = [(instructions(e, case, MANY) - instructions(e, case, FEW)) / (MANY - FEW) for e in executables]
            print(f"{case:24} {' '.join(f'{c:10.1f}' for c in counts)}   {counts[0] / counts[-1]:.2f} of gc's", flush=True)


if __name__ == "__main__":
    main()
