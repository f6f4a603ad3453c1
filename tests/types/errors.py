#!/usr/bin/env python3
"""Ill-typed programs must draw the messages that their comments ask for.

usage: errors.py BURROW_CHECK [GOROOT] [-v] [NAME...]

Two collections: the errorcheck tests of GOROOT/test that concern the type checker (no optimisation flags), and
GOROOT/src/internal/types/testdata. Prints counts; with -v what is wrong in each file; NAMEs select files by a part of their path.
"""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "goroot"))
sys.dont_write_bytecode = True
import errorcheck  # noqa: E402


def check(tool, goroot, files, flags):
    try:
        p = subprocess.run([tool, "--all", *flags, *map(str, files)], capture_output=True, timeout=60, env=dict(os.environ, GOROOT=goroot))
    except subprocess.TimeoutExpired:
        return "timeout"
    if p.returncode < 0:
        return f"killed by signal {-p.returncode}"
    return p.stdout.decode(errors="replace") + p.stderr.decode(errors="replace")


def suite_files(goroot):
    """Errorcheck tests of single files, with the options that they ask for."""
    for root, dirs, files in os.walk(os.path.join(goroot, "test")):
        dirs[:] = sorted(d for d in dirs if not d.endswith(".dir"))
        for f in sorted(files):
            if not f.endswith(".go"):
                continue
            path = pathlib.Path(root, f)
            text = path.read_text(errors="replace")
            first = next((l for l in text.split("\n") if l.startswith("//") and "+build" not in l and "go:build" not in l), "")
            words = first[2:].split()
            if not words or words[0] != "errorcheck":
                continue
            flags = []
            skip = "!" in "".join(l for l in text.split("\n")[:6] if l.startswith("//go:build"))
            for w in words[1:]:
                if w.startswith("-lang="):
                    flags += ["--lang", w[6:]]
                elif w not in ("-e", "-C") and not w.startswith("-p="):
                    skip = True
            if not skip:
                yield path, flags


COMMENT = re.compile(r'/\*\s*(ERRORx?)\s+(.*?)\s*\*/|//\s*(ERRORx?)\s+(.*)$', re.M)
PATTERN = re.compile(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`')


def testdata_wanted(text):
    """(line, is a regular expression, pattern): each belongs to the line of the token before its comment."""
    code = re.sub(r'/\*.*?\*/|//[^\n]*', lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
    out = []
    for m in COMMENT.finditer(text):
        kind, rest = (m.group(1), m.group(2)) if m.group(1) else (m.group(3), m.group(4))
        before = code[:m.start()].rstrip()
        line = before.count("\n") + 1
        for p in PATTERN.finditer(rest):
            pattern = p.group(1) if p.group(1) is not None else p.group(2)
            if p.group(1) is not None:
                pattern = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), pattern)
            out.append((line, kind == "ERRORx", pattern))
            break
    return out


def compare_testdata(output, path, text):
    got = []
    for line in output.split("\n"):
        m = re.match(r"(.*?\.go):(\d+):(?:\d+:)? (.*)", line)
        if line.startswith("\t") and got:
            got[-1][1] += "\n" + line
        elif m:
            got.append([int(m.group(2)), m.group(3)])
        elif line.strip():
            got.append([0, line])
    complaints = []
    for line, is_regex, pattern in testdata_wanted(text):
        try:
            hit = next((g for g in got if g[0] == line and (re.search(pattern, g[1]) if is_regex else pattern in g[1])), None)
        except re.error:
            hit = next((g for g in got if g[0] == line), None)
        if hit:
            got.remove(hit)
        else:
            other = [g[1] for g in got if g[0] == line]
            complaints.append(f"{path.name}:{line}: missing {pattern!r}" + (f" but: {other[0]}" if other else ""))
    complaints += [f"{path.name}:{g[0]}: unexpected: {g[1]}" for g in got]
    return complaints


def testdata_files(goroot):
    base = pathlib.Path(goroot, "src/internal/types/testdata")
    for path in sorted(base.rglob("*.go")):
        text = path.read_text(errors="replace")
        words = text.split("\n")[0][2:].split() if text.startswith("//") else []
        flags, skip = [], False
        for w in words:
            if w.startswith("-lang="):
                flags += ["--lang", w[6:]]
            elif w.startswith("-"):
                skip = True  # settings of the test harness
        # Folders are packages of several files; they import each other or test the harness.
        if path.parent.parent.name == "check" or "assert(" in text or "trace(" in text:
            skip = skip or path.parent.parent.name == "check"
        if not skip:
            yield path, flags, text


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("-")]
    verbose = "-v" in sys.argv
    tool = args.pop(0)
    goroot = args.pop(0) if args and os.path.isdir(args[0]) else os.environ["GOROOT"]
    chosen = lambda p: not args or any(a in str(p) for a in args)  # noqa: E731
    passed = total = lines = 0
    for path, flags in suite_files(goroot):
        if not chosen(path):
            continue
        total += 1
        complaints = errorcheck.compare(check(tool, goroot, [path], flags), [path])
        passed += not complaints
        lines += len(complaints)
        if complaints and verbose:
            print(f"--- {path.relative_to(goroot)}", *complaints, sep="\n    ")
    print(f"test/ errorcheck: {passed} of {total} files as wanted ({lines} complaints)")
    passed = total = lines = 0
    for path, flags, text in testdata_files(goroot):
        if not chosen(path):
            continue
        total += 1
        complaints = compare_testdata(check(tool, goroot, [path], ["--tests", *flags]), path, text)
        passed += not complaints
        lines += len(complaints)
        if complaints and verbose:
            print(f"--- {path.relative_to(goroot)}", *complaints, sep="\n    ")
    print(f"internal/types/testdata: {passed} of {total} files as wanted ({lines} complaints)")


if __name__ == "__main__":
    main()
