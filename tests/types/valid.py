#!/usr/bin/env python3
"""Well-typed programs of the distribution's test suite must pass the type checker.

usage: valid.py BURROW_CHECK [GOROOT] [-q] [-pure]

Runs every test/**/*.go whose first line says run, compile or build (single files, without flags) and prints how many passed, by
whether the program imports anything, and the first message of each that did not.
"""
import os
import re
import subprocess
import sys

ACTIONS = {"run", "compile", "build", "buildrun", "runoutput", "errorcheckoutput"}


def directive(text):
    for line in text.splitlines():
        if line.startswith("//") and "go:build" not in line and "+build" not in line:
            return line[2:].strip()
        if line.strip() and not line.startswith("//"):
            return ""
    return ""


def excluded(text):
    """Whether a build line leaves the file out on linux/amd64."""
    m = re.search(r"^//go:build (.*)$", text.split("\npackage ")[0], re.M)
    if not m:
        return False
    expr = m.group(1)
    true = {"linux", "amd64", "gc", "unix"} | {f"go1.{i}" for i in range(1, 28)}
    py = re.sub(r"[\w.]+", lambda t: str(t.group(0) in true), expr)
    py = py.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    return not eval(py)


def run(tool, goroot, paths):
    """Checks the files one after the other in one process; when it dies, goes on behind the file that killed it."""
    env = dict(os.environ, GOROOT=goroot)
    results = {}
    rest = list(paths)
    while rest:
        try:
            p = subprocess.run([tool, "--each", *rest], capture_output=True, timeout=600, env=env)
            out, died = p.stdout, f"killed by signal {-p.returncode}" if p.returncode < 0 else ""
        except subprocess.TimeoutExpired as e:
            out, died = e.stdout or b"", "timeout"
        parts = re.split(r"^== (.*)$", out.decode(errors="replace"), flags=re.M)[1:]
        done = list(zip(parts[0::2], parts[1::2]))
        for path, text in done:
            results[path] = text.strip()
        if not died:
            break
        last = done[-1][0] if done else rest[0]
        results[last] = died
        rest = rest[rest.index(last) + 1:]
    return results


def main():
    tool = sys.argv[1]
    goroot = sys.argv[2] if len(sys.argv) > 2 else os.environ["GOROOT"]
    quiet = "-q" in sys.argv
    kinds = {}
    for root, dirs, files in os.walk(os.path.join(goroot, "test")):
        dirs[:] = [d for d in dirs if not d.endswith(".dir") and d not in ("testdata", "bench", "codegen", "stress", "dwarf")]
        for f in sorted(files):
            if not f.endswith(".go"):
                continue
            path = os.path.join(root, f)
            text = open(path, encoding="utf-8", errors="replace").read()
            words = directive(text).split()
            if not words or words[0] not in ACTIONS or excluded(text):
                continue
            if any(w.startswith("-lang") or w.startswith("-G") for w in words[1:]):
                continue
            imports = set(re.findall(r'^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w/.]+)"\s*(?:;|//.*)?$', text, re.M)) if "import" in text else set()
            pure = not (imports - {"unsafe"}) or not re.search(r"^import\b", text, re.M)
            kinds[path] = pure
    failures = []
    counts = {True: [0, 0], False: [0, 0]}
    wanted = sorted(p for p in kinds if kinds[p]) + ([] if "-pure" in sys.argv else sorted(p for p in kinds if not kinds[p]))
    results = run(tool, goroot, wanted)
    for path in wanted:
        out = results.get(path, "not run")
        counts[kinds[path]][1] += 1
        if out:
            failures.append((path, out))
        else:
            counts[kinds[path]][0] += 1
    for path, out in failures:
        first = out.split("\n")[0] if quiet else "\n    ".join(out.split("\n")[:4])
        print(f"FAIL {os.path.relpath(path, goroot)}: {first}")
    print(f"importing nothing: {counts[True][0]} of {counts[True][1]} pass; others: {counts[False][0]} of {counts[False][1]} pass")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
