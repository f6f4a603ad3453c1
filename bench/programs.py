#!/usr/bin/env python3
"""The programs of bench/programs against gc's: time, processor time, memory and size, as ratios (smaller is better).

    bench/programs.py [--runs N] [--flags "BUILD FLAGS"] [--c "COMPILER"] [--gccgo "COMMAND"] [--json FILE] [NAME...]

Each program is built by both compilers; both must print the same. Then the two executables run alternately, N times each
(the first of each does not count), and a ratio is the median over neighbouring runs. The last line has the geometric
means. $BURROW and $GO name the compilers; GOMAXPROCS and the like are handed on to the programs.

--c "clang -O3" also builds the programs' twins in C, where bench/c has one, and --gccgo "gccgo-12 -O2" the programs
themselves with another compiler of Go. They must print the same and run in the same turns as the other two; a column each
has our time divided by theirs. "-" stands for no twin, and for what gccgo cannot build or what prints something else then:
its Go may be years older. --json writes all ratios to a file as well.
"""

import argparse
import json
import math
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import measure

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")
LIMIT = 300  # seconds for one run of a program
COLUMNS = ["wall", "cpu", "memory", "size"]
OTHERS = {"c": "C", "gccgo": "gccgo"}  # what else our time may be compared with, and what a column calls it


def build(source, folder, flags):
    """Both executables of a program, ours first."""
    ours, theirs = f"{folder}/{source.stem}.burrow", f"{folder}/{source.stem}.gc"
    subprocess.run([BURROW, "build", *flags, "-o", ours, str(source)], check=True)
    environment = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GO111MODULE="off", GOROOT=str(GOROOT))
    subprocess.run([GO, "build", "-o", theirs, str(source)], check=True, env=environment)
    return ours, theirs


def build_twin(command, source, folder):
    """The executable of a program's twin in C; None if it has none."""
    twin = ROOT / "bench/c" / f"{source.stem}.c"
    if not twin.exists():
        return None
    exe = f"{folder}/{source.stem}.c.exe"
    # Without fused multiplications, which round once where Go on amd64 rounds twice.
    subprocess.run([*shlex.split(command), "-ffp-contract=off", "-o", exe, str(twin), "-lm"], check=True)
    return exe


def build_gccgo(command, source, folder):
    """The executable that gccgo makes; None if it does not know enough of Go for this program."""
    exe = f"{folder}/{source.stem}.gccgo"
    done = subprocess.run([*shlex.split(command), "-o", exe, str(source)], capture_output=True)
    return exe if done.returncode == 0 else None


def run(exe, output):
    """Wall and processor seconds and peak resident kilobytes of one run, whose output goes to the file `output`."""
    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    status, *measured = measure.run([exe], sink)
    os.close(sink)
    if status != 0:
        sys.exit(f"{exe} ended with status {status}:\n{Path(output).read_text(errors='replace')[:2000]}")
    return measured


def prints(exe, expected, folder):
    """Whether a program ends well and prints what the file `expected` has."""
    try:
        run(exe, f"{folder}/printed")
    except SystemExit:
        return False
    return Path(f"{folder}/printed").read_bytes() == Path(expected).read_bytes()


def compare(ours, theirs, others, runs, folder):
    """Measurements in turns, each by "ours", "theirs" and the keys of the others, after all were seen to print the same."""
    run(ours, f"{folder}/ours")
    run(theirs, f"{folder}/theirs")
    if Path(f"{folder}/ours").read_bytes() != Path(f"{folder}/theirs").read_bytes():
        sys.exit(f"{ours} and {theirs} print different things")
    same = {key: exe for key, exe in others.items() if exe and prints(exe, f"{folder}/theirs", folder)}
    if others.get("c") and "c" not in same:  # a mistake of ours, unlike gccgo's
        sys.exit(f"{others['c']} and {theirs} print different things")
    exes = {"ours": ours, "theirs": theirs, **same}
    return [{key: run(exe, os.devnull) for key, exe in exes.items()} for _ in range(runs)]


def size(exe):
    subprocess.run(["strip", "-o", exe + ".stripped", exe], check=True)
    return os.path.getsize(exe + ".stripped")


def geomean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


HEAD = f"{'':16}{'burrow s':>10}{'gc s':>10}{'wall':>8}{'cpu':>8}{'memory':>8}{'size':>8}"


def ratio(turns, key, i):
    """The median ratio of ours to another's measurement `i`; None if the other did not run."""
    return statistics.median(t["ours"][i] / max(t[key][i], 1e-6) for t in turns) if key in turns[0] else None


def report(name, ours, theirs, runs, folder, others={}):
    """Measures a program and prints its line; its ratios of wall time, processor time, memory and size, then of wall time to
    each of the others, a dictionary of executables or None by the keys of OTHERS."""
    turns = compare(ours, theirs, others, runs, folder)
    seconds = [statistics.median(t[key][0] for t in turns) for key in ("ours", "theirs")]
    ratios = [ratio(turns, "theirs", i) for i in range(3)] + [size(ours) / size(theirs)]
    against = [ratio(turns, key, 0) for key in others]
    line = f"{name:16}{seconds[0]:10.3f}{seconds[1]:10.3f}" + "".join(f"{r:8.2f}" for r in ratios)
    print(line + "".join(f"{r:10.2f}" if r else f"{'-':>10}" for r in against), flush=True)
    return ratios + against


def report_means(rows):
    """Prints the geometric means against gc."""
    print(f"{'geometric mean':36}" + "".join(f"{geomean(column):8.2f}" for column in list(zip(*rows))[:len(COLUMNS)]))


def report_others(rows, keys):
    """Prints the geometric means against the others, each over the programs that have such a ratio."""
    for key, column in zip(keys, list(zip(*rows))[len(COLUMNS):]):
        known = list(filter(None, column))
        print(f"against {OTHERS[key]}: {len(known)} programs" + (f", {geomean(known):.2f}" if known else ""))


def save(path, names, rows, keys):
    """Writes all ratios as data, the whole file or none."""
    def record(values):
        return dict.fromkeys([*COLUMNS, *OTHERS]) | dict(zip([*COLUMNS, *keys], values))
    columns = [list(filter(None, column)) for column in zip(*rows)]
    data = {"rows": [{"name": name} | record(row) for name, row in zip(names, rows)],
            "means": record([geomean(column) if column else None for column in columns])}
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(data, indent=1) + "\n")
    temporary.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--flags", default="", help="flags for burrow build")
    parser.add_argument("--c", metavar="COMPILER", help="command that builds the twins in C")
    parser.add_argument("--gccgo", metavar="COMMAND", help="command of gccgo")
    parser.add_argument("--json", metavar="FILE", type=Path, help="file for the ratios")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    sources = sorted((ROOT / "bench/programs").glob("*.go"))
    if unknown := set(arguments.names) - {s.stem for s in sources}:
        sys.exit(f"no such program: {' '.join(sorted(unknown))}")
    sources = [s for s in sources if not arguments.names or s.stem in arguments.names]
    builders = {}
    if arguments.c:
        builders["c"] = lambda source, folder: build_twin(arguments.c, source, folder)
    if arguments.gccgo:
        builders["gccgo"] = lambda source, folder: build_gccgo(arguments.gccgo, source, folder)
    print(HEAD + "".join(f"{'vs ' + OTHERS[key]:>10}" for key in builders), flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            ours, theirs = build(source, folder, arguments.flags.split())
            others = {key: build_other(source, folder) for key, build_other in builders.items()}
            rows.append(report(source.stem, ours, theirs, arguments.runs, folder, others))
    report_means(rows)
    report_others(rows, builders)
    if arguments.json:
        save(arguments.json, [s.stem for s in sources], rows, builders)


if __name__ == "__main__":
    main()
