#!/usr/bin/env python3
"""Ill-typed programs must draw the messages that their comments ask for.

usage: errors.py BURROW_CHECK [GOROOT] [-v] [NAME...]

Two collections: the errorcheck tests of GOROOT/test that concern the type checker (no optimisation flags), and
GOROOT/src/internal/types/testdata (with types2's own beside it), on which types2 is run. Prints counts; with -v what is wrong in each file; NAMEs select files by a part of their path.
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


# What a Go file consists of, as far as comments go: those in strings or in other comments are none.
PIECE = re.compile(r'(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<code>"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)*\'|[^\s"`\'/]+|/|"|`|\')', re.S)
WANTED = re.compile(r" (ERRORx?) (.*)", re.S)

# gc's compiler leaves labels to its parser, which says the same in other words than the checker whose tests these are.
BY_PARSER = [(re.compile(pattern), other) for pattern, other in [
    (r"^label (\S+) defined and not used$", r"label \1 declared and not used"),
    (r"^label (\S+) already defined at (.*)$", r"label \1 already declared"),
    (r"^label (\S+) not defined$", r"label \1 not declared"),
    (r"^(break|continue) label not defined: (\S+)$", r"invalid \1 label \2; label \2 not declared"),
    (r"^goto (\S+) jumps over declaration of \S+ at .*:(\d+):\d+$", r"goto \1 jumps over variable declaration at line \2"),
]]


def unquote(text):
    text = text.strip()
    if text.startswith("`"):
        return text[1:-1]
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), text[1:-1])


def testdata_wanted(text):
    """(line, is a regular expression, pattern): each belongs to the line of the token before its comment."""
    out, line, at, token_line = [], 1, 0, 1
    for m in PIECE.finditer(text):
        line += text.count("\n", at, m.start())
        at = m.start()
        if m.group("code"):
            token_line = line
            continue
        comment = m.group("comment")
        wanted = WANTED.match(comment[2:-2] if comment.startswith("/*") else comment[2:])
        if wanted:
            out.append((token_line, wanted.group(1) == "ERRORx", unquote(wanted.group(2))))
    return out


def matches(message, is_regex, pattern):
    for text in [message] + [p.sub(other, message) for p, other in BY_PARSER if p.search(message)]:
        try:
            if re.search(pattern, text) if is_regex else pattern in text:
                return True
        except re.error:
            return True
    return False


def compare_testdata(output, paths):
    """(how many errors were wanted, how many of them were missed, complaints)"""
    got = []
    for line in output.split("\n"):
        m = re.match(r"(.*?\.go):(\d+):(?:\d+:)? (.*)", line)
        if line.startswith("\t") and got:
            got[-1][2] += "\n" + line
        elif m:
            got.append([m.group(1), int(m.group(2)), m.group(3)])
        elif line.strip():
            got.append(["", 0, line])
    complaints, wanted = [], 0
    for path in paths:
        for line, is_regex, pattern in testdata_wanted(path.read_text(errors="replace")):
            wanted += 1
            here = [g for g in got if g[0] == str(path) and g[1] == line]
            hit = next((g for g in here if matches(g[2], is_regex, pattern)), None)
            if hit:
                got.remove(hit)
            else:
                complaints.append(f"{path.name}:{line}: missing {pattern!r}" + (f" but: {here[0][2]}" if here else ""))
    missed = len(complaints)
    complaints += [f"{os.path.basename(g[0])}:{g[1]}: unexpected: {g[2]}" for g in got]
    return wanted, missed, complaints


def testdata_packages(goroot):
    """(files, options): each file is a package, and so is each folder below the first level."""
    base = pathlib.Path(goroot, "src/internal/types/testdata")
    local = pathlib.Path(goroot, "src/cmd/compile/internal/types2/testdata/local")
    for folder in [*sorted(d for d in base.iterdir() if d.is_dir()), local]:
        for entry in sorted(folder.iterdir()):
            paths = sorted(entry.glob("*.go")) if entry.is_dir() else [entry] if entry.suffix == ".go" else []
            if not paths:
                continue
            text = paths[0].read_text(errors="replace")
            words = text.split("\n")[0][2:].split() if text.startswith("//") else []
            flags = []
            for w in words:
                if w.startswith("-lang="):
                    flags += ["--lang", w[6:]]
                elif w == "-fakeImportC":
                    flags.append("--fake-import-c")
            yield paths, flags


def testdata_files(goroot):
    """The packages of one file."""
    for paths, flags in testdata_packages(goroot):
        if len(paths) == 1:
            yield paths[0], flags, paths[0].read_text(errors="replace")


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
    all_wanted = all_missed = 0
    for paths, flags in testdata_packages(goroot):
        if not chosen(paths[0]):
            continue
        total += 1
        wanted, missed, complaints = compare_testdata(check(tool, goroot, paths, ["--tests", *flags]), paths)
        passed += not complaints
        lines += len(complaints)
        all_wanted += wanted
        all_missed += missed
        if complaints and verbose:
            print(f"--- {paths[0].relative_to(goroot)}", *complaints, sep="\n    ")
    print(f"internal/types/testdata: {passed} of {total} packages as wanted ({lines} complaints); "
          f"of {all_wanted} errors wanted {all_missed} are missed")


if __name__ == "__main__":
    main()
