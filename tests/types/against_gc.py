#!/usr/bin/env python3
"""The type checker's messages must be gc's, word for word, at gc's line and column.

usage: against_gc.py BURROW_CHECK [GOROOT] [-v] [NAME...]

Runs both over the ill-typed programs that import nothing (errorcheck tests of GOROOT/test and internal/types/testdata) and counts
messages that both give, that only gc gives and that only Burrow gives. -v shows them.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import errors  # noqa: E402


def messages(output, path):
    """Messages with their further lines; notes lose folders."""
    out = []
    for line in output.replace(str(path), path.name).split("\n"):
        if line.startswith("\t") and out:
            out[-1] += "\n" + line
        elif line.strip():
            out.append(line)
    return [m.replace(str(path.parent) + "/", "") for m in out]


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("-")]
    verbose = "-v" in sys.argv
    tool = args.pop(0)
    goroot = args.pop(0) if args and os.path.isdir(args[0]) else os.environ["GOROOT"]
    files = [(p, f) for p, f in errors.suite_files(goroot)] + [(p, f) for p, f, _ in errors.testdata_files(goroot)]
    # Not /dev/null: gc removes its output when there are errors.
    output = os.path.join(tempfile.mkdtemp(), "out.o")
    # Not by `go tool`: when time is up, its child would go on.
    compiler = os.path.join(goroot, "pkg/tool/linux_amd64/compile")
    total = collections.Counter()
    for path, flags in files:
        if args and not any(a in str(path) for a in args):
            continue
        text = path.read_text(errors="replace")
        if re.search(r'^\s*import\s*(\(|[\w.]*\s*")', text, re.M) and not re.search(r'^import "unsafe"\s*$', text, re.M):
            continue
        if re.search(r'^import (?!"unsafe")', text, re.M) or "assert(" in text:
            continue
        lang = ["-lang=" + flags[1]] if flags else []
        try:
            gc = subprocess.run([compiler, "-e", "-p", "main", "-o", output, *lang, str(path)],
                                capture_output=True, text=True, errors="replace", env=dict(os.environ, GOROOT=goroot), timeout=20)
        except subprocess.TimeoutExpired:  # gc needs minutes for some constants
            total["gc took too long"] += 1
            continue
        ours = errors.check(tool, goroot, [path], ["--path", "main", *flags])
        a = collections.Counter(messages(gc.stdout + gc.stderr, path))
        b = collections.Counter(messages(ours, path))
        a.pop("too many errors", None)
        both = a & b
        total["both"] += sum(both.values())
        total["only gc"] += sum((a - b).values())
        total["only Burrow"] += sum((b - a).values())
        total["files alike"] += a == b
        total["files"] += 1
        if verbose and a != b:
            print(f"--- {path.relative_to(goroot)}")
            for m in a - b:
                print("  gc: ", m)
            for m in b - a:
                print("  ours:", m)
    print(", ".join(f"{k}: {v}" for k, v in total.items()))


if __name__ == "__main__":
    main()
