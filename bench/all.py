#!/usr/bin/env python3
"""Everything against gc: the programs, the library's benchmarks, memory, scheduling, real programs and builds.

    bench/all.py [--only NAME,NAME] [--runs N] [--draw] [FOLDER]

Runs programs.py, library.py, memory.py, sched.py, real.py and build_time.py one after the other, as they are; each takes our
and gc's measurements in turns. FOLDER (build/bench) gets what each prints, in NAME.txt, then a table of all, table.md, and a
picture of the ratios of time, ratios.svg. Those that --only leaves out, and all with --draw, are taken from the files that
earlier runs left there. --runs is handed on to the scripts that have it. Programs are compared with C and gccgo too if clang
and gccgo-12 are installed. A script that fails is reported, the others go on, and the status at the end is 1.
"""

import argparse
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import chart
import programs

WITH_RUNS = ["programs", "library", "memory", "sched", "real"]
SCRIPTS = [*WITH_RUNS, "build_time"]
TITLES = {"programs": "Programs", "library": "The library's own benchmarks", "memory": "Memory", "sched": "Scheduling",
          "real": "Real programs", "build_time": "Build times"}
SECTIONS = {  # of the table: what explains the numbers
    "programs": "Ours divided by gc's, smaller is better; C and gccgo: our time divided by theirs, where there is one.",
    "library": "Geometric means of our time divided by gc's, and how many benchmarks are below 1.3 times gc's.",
    "memory": "Ours divided by gc's.",
    "sched": "Time per operation, and ours divided by gc's.",
    "real": "Ours divided by gc's, smaller is better.",
    "build_time": "Seconds and megabytes; the ratio is of processor time.",
}
PROGRAM = re.compile(r"^(\S+)((?: +(?:-|\d+\.\d+)){6,8})$", re.M)
PROGRAM_MEAN = re.compile(r"^geometric mean((?: +\d+\.\d+){4})$", re.M)
AGAINST = re.compile(r"^against (\S+): \d+ programs, (\d+\.\d+)$", re.M)
PACKAGE = re.compile(r"^(\S+): (\d+) benchmarks, (\d+\.\d+), (\d+%) below 1\.3$", re.M)
FAILED = "all.py: {}.py ended with status {}"
FAILURE = re.compile(r"^all\.py: (\w+\.py ended with status -?\d+)$", re.M)


def command(name, runs):
    """The command of a script, with the compilers to compare with that are installed."""
    words = [sys.executable, str(programs.ROOT / "bench" / f"{name}.py")]
    if runs and name in WITH_RUNS:
        words += ["--runs", str(runs)]
    if name == "programs" and shutil.which("clang"):
        words += ["--c", "clang -O3"]
    if name == "programs" and shutil.which("gccgo-12"):
        words += ["--gccgo", "gccgo-12 -O2"]
    return words


def run(name, runs, folder):
    """Runs a script, whose output is shown and kept; whether it ended well."""
    print(f"{name}.py:", flush=True)
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    with open(folder / f"{name}.txt", "w") as kept:
        child = subprocess.Popen(command(name, runs), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 env=environment, text=True, errors="replace")
        for line in child.stdout:
            for sink in (sys.stdout, kept):
                print(line, end="", file=sink, flush=True)
        if status := child.wait():
            print(FAILED.format(name, status), file=kept)
    return status == 0


def mean_of(rows):
    """The geometric mean of (value, weight), for outputs that end before their own."""
    return math.exp(sum(math.log(max(v, chart.SMALLEST)) * w for v, w in rows) / sum(w for _, w in rows))


def parse_programs(text):
    """What programs.py and real.py print: the names of the columns, rows of (name, ratios as text), and the means."""
    others = [label for label in programs.OTHERS.values() if re.search(rf"  vs {label}\b", text)]
    rows = [(name, cells.split()[2:]) for name, cells in PROGRAM.findall(text)]  # without the seconds
    printed, against = PROGRAM_MEAN.search(text), dict(AGAINST.findall(text))
    means = printed[1].split() + [against.get(label, "-") for label in others] if printed else None
    return ["time", "processor time", "memory", "size", *others], rows, means


def parse_library(text):
    """What library.py prints: (package, benchmarks, mean, below 1.3) as text, and the same of all if it came to the end."""
    rows = PACKAGE.findall(text)
    return [r for r in rows if r[0] != "all"], next((r for r in rows if r[0] == "all"), None)


def markdown(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def programs_table(text):
    columns, rows, means = parse_programs(text)
    last = [["**geometric mean**", *means]] if means else []
    return markdown(["program", *columns], [[name, *cells] for name, cells in rows] + last)


def library_table(text):
    rows, whole = parse_library(text)
    return markdown(["package", "benchmarks", "mean", "below 1.3"], rows + ([("**all**", *whole[1:])] if whole else []))


def block(text):
    return f"```\n{text.rstrip()}\n```"


TABLES = {"programs": programs_table, "real": programs_table, "library": library_table}


def section(name, text):
    """A script's part of the table."""
    failure = FAILURE.search(text)
    note = f"\n\n{failure[1]}; this is what it printed until then." if failure else ""
    return f"## {TITLES[name]}\n\n`bench/{name}.py`. {SECTIONS[name]}{note}\n\n{TABLES.get(name, block)(text)}\n"


def program_bars(text):
    _, rows, means = parse_programs(text)
    bars = [(name, float(cells[0])) for name, cells in rows]
    return bars, float(means[0]) if means else bars and mean_of([(r, 1) for _, r in bars])


def library_bars(text):
    rows, whole = parse_library(text)
    bars = [(package, float(mean)) for package, _, mean, _ in rows]
    return bars, float(whole[2]) if whole else bars and mean_of([(float(mean), int(count)) for _, count, mean, _ in rows])


def groups(outputs):
    """What the picture shows: of each script with ratios of time its title, bars and mean."""
    found = [(TITLES[name], *find(outputs[name])) for name, find in
             (("programs", program_bars), ("real", program_bars), ("library", library_bars)) if name in outputs]
    return [group for group in found if group[1]]


def draw(folder):
    """Writes table and picture of the outputs in a folder; the files that it wrote."""
    table, picture, wrote = folder / "table.md", folder / "ratios.svg", []
    outputs = {name: (folder / f"{name}.txt").read_text() for name in SCRIPTS if (folder / f"{name}.txt").exists()}
    if outputs:
        sections = [section(name, text) for name, text in outputs.items()]
        table.write_text("\n".join(["# Burrow against gc\n", *sections]))
        wrote.append(str(table))
    if bars := groups(outputs):
        picture.write_text(chart.draw(bars), encoding="utf-8")
        wrote.append(str(picture))
    return wrote


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(SCRIPTS), help="scripts to run, of " + ",".join(SCRIPTS))
    parser.add_argument("--runs", type=int, help="handed on; each script has its own default")
    parser.add_argument("--draw", action="store_true", help="draw table and picture again, run nothing")
    parser.add_argument("folder", nargs="?", type=Path, default=programs.ROOT / "build/bench", metavar="FOLDER")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := set(names) - set(SCRIPTS):
        sys.exit(f"no such script: {' '.join(sorted(unknown))}")
    if not arguments.draw:
        arguments.folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in [] if arguments.draw else [name for name in SCRIPTS if name in names]:
        if not run(name, arguments.runs, arguments.folder):
            failed.append(name)
        draw(arguments.folder)  # so that an interrupted run leaves what it found
    wrote = draw(arguments.folder)
    if not wrote:
        sys.exit(f"no output of a script in {arguments.folder}")
    print(", ".join(wrote))
    if failed:
        sys.exit("failed: " + " ".join(f"{name}.py" for name in failed))


if __name__ == "__main__":
    main()
