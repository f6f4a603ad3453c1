#!/usr/bin/env python3
"""Compares our parser's verdict with gofmt -e's on every Go file of the distribution.

The verdict on a file is "accepted" or the line of the first syntax error. Errors are compared by the place that they
are reported at, with //line directives obeyed on both sides. Nothing is cached; both programs get many files per process.

usage: verdicts.py BURROW_PARSE GOROOT
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

BATCH = 1000
ERROR = re.compile(r"^(.*?):(\d+)(?::(\d+))?: (.*)$")


def go_files(root):
    for folder, _, names in os.walk(root, followlinks=True):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(".go") and os.path.isfile(path):
                yield path


def first_errors(text):
    """file -> (line, whole message) of the first error."""
    first = {}
    for line in text.splitlines():
        m = ERROR.match(line)
        if m:
            entry = (int(m[2]), line)
            if m[1] not in first or entry[0] < first[m[1]][0]:
                first[m[1]] = entry
    return first


def gofmt(goroot, files):
    r = subprocess.run([f"{goroot}/bin/gofmt", "-e", "-l", *files], capture_output=True)
    return r.stderr.decode(errors="replace")


def ours(tool, files):
    r = subprocess.run([tool, "-gofmt"], input="\n".join(files).encode(), capture_output=True)
    if r.returncode not in (0, 1):
        sys.exit(f"{tool} failed: {r.stderr.decode(errors='replace')}")
    return r.stdout.decode(errors="replace")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tool, goroot = sys.argv[1], sys.argv[2]
    files = sorted(f for top in ("src", "test") for f in go_files(os.path.join(goroot, top)))
    if not files:
        sys.exit(f"no Go files below {goroot}")
    batches = [files[i : i + BATCH] for i in range(0, len(files), BATCH)]
    with ThreadPoolExecutor(2) as pool:
        theirs = first_errors("".join(pool.map(lambda b: gofmt(goroot, b), batches)))
        mine = first_errors("".join(pool.map(lambda b: ours(tool, b), batches)))

    differ = 0
    for name in sorted(theirs.keys() | mine.keys()):
        a, b = theirs.get(name), mine.get(name)
        if not a or not b or a[0] != b[0]:
            differ += 1
            print(f"{name}\n  gofmt: {a[1] if a else 'accepted'}\n  ours:  {b[1] if b else 'accepted'}")
    print(f"{len(files)} files, {len(theirs)} with syntax errors, {differ} verdicts differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
