#!/usr/bin/env python3
"""Every package of the standard library must pass the type checker.

usage: std.py BURROW_CHECK [GOROOT]

Checks all packages below GOROOT/src (without cmd, vendor and testdata folders) in one process and prints the messages.
"""
import os
import subprocess
import sys


def main():
    tool = sys.argv[1]
    goroot = sys.argv[2] if len(sys.argv) > 2 else os.environ["GOROOT"]
    src = os.path.join(goroot, "src")
    packages = []
    for root, dirs, files in os.walk(src):
        dirs[:] = sorted(d for d in dirs if d not in ("testdata", "vendor", "cmd", "builtin") and not d.startswith(("_", ".")))
        if any(f.endswith(".go") and not f.endswith("_test.go") for f in files):
            packages.append(os.path.relpath(root, src))
    packages = [p for p in packages if p != "."]
    p = subprocess.run([tool, "--all", "--stats", "--packages", *packages], env=dict(os.environ, GOROOT=goroot))
    if p.returncode < 0:
        print(f"killed by signal {-p.returncode}")
    return 1 if p.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
