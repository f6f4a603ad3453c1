#!/usr/bin/env python3
"""What each optimisation is worth: instructions, allocations, compile time and size without it, compared with all of them.

    bench/worth.py [--only NAME...] [--programs NAME...] [--time NAME=PROGRAM,PROGRAM...]... [--json FILE] [--draw FILE]

For each optimisation that `-d=without=NAME` can switch off, the programs of bench/programs (with small inputs) and the operations
of bench/instructions are built without it, library included, with an empty cache. Callgrind counts what a program executes beyond
what one that does nothing does, on one P and without the collector: two such numbers differ by some thousands. The programs count
their own allocations. Programs with several goroutines and those that are mostly the runtime's code are left out, and
two that need packages which take long to compile.

The table: the geometric mean of instructions without, divided by those with it (above 1: the optimisation is worth that much);
the program that gains most and the one that loses most; allocations without, as a multiple of those with it (all programs
together); what compiling without it takes (processor time) and how large the machine code of all programs is (.text), both
without divided by with. What changes no program's instructions, allocations or code shows as 1.000 throughout.

Instructions say nothing of jumps that are guessed wrong or of waiting. --time names programs of full size to run in turns (with,
without), of which the smallest user times are compared. --json keeps the figures, --draw prints the table that a file has.

Needs valgrind and objcopy (valgrind does not read DWARF 5). $BURROW names the compiler.
"""
import argparse
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
RUNS = 5  # of each side for --time

# What makes the programs small: text that stands in the source, and what it becomes.
PROGRAMS = {
    "alloc": [("3000000", "20000")],
    "binary_trees": [("n = 16", "n = 8")],
    "fannkuch": [("fannkuch(10)", "fannkuch(8)")],
    "fasta": [("4_000_000", "10_000")],
    "fib": [("fib(40)", "fib(25)")],
    "hash": [("1<<20", "1<<13"), ("range 60", "range 4")],
    "interp": [("12000", "300"), ("500_000", "3_000")],
    "json": [("4000", "60"), ("range 6 {", "range 1 {")],
    "life": [("512", "64"), ("range 300", "range 15")],
    "lists": [("range 3000", "range 20"), ("20_000_000", "100_000")],
    "mandelbrot": [("2000", "64")],
    "map_count": [("3_000_000", "20_000"), ("4_000_000", "20_000"), ("500_000", "5_000")],
    "matmul": [("n = 512", "n = 40")],
    "nbody": [("5_000_000", "5_000")],
    "nqueens": [("1<<13-1", "1<<10-1")],
    "quicksort": [("3_000_000", "10_000"), ("1_000_000", "5_000")],
    "regex": [("700_000", "4_000"), ("20_000", "60")],
    "reverse_complement": [("24_000_000, 60, 12", "60_000, 60, 2")],
    "sieve": [("20_000_000", "200_000"), ("range 3 ", "range 1 ")],
    "sorting": [("400_000", "1_000")],
    "spectral_norm": [("n = 3000", "n = 100"), ("range 10", "range 3")],
    "strings_build": [("range 60", "range 2"), ("20_000", "1_000")],
    "sudoku": [("range 250", "range 2")],
}
# Operations of bench/instructions, and how many of them.
OPERATIONS = {
    "base64.Encode": 40, "defer": 10000, "fmt.Fprintf": 600, "json.Marshal": 250, "json.Unmarshal": 150, "reflect.DeepEqual": 400,
    "reflect.TypeAssert": 30000, "regexp.FindSubmatch": 150, "sort.Slice": 8, "strconv.AppendQuoted": 1500,
    "strconv.ParseFloat": 2500, "strings.Builder": 4000, "strings.Fields": 1500, "switches": 2000, "sync.Mutex": 50000, "trees": 100,
}
MAIN = """package main

import (
	"os"
	"runtime"
	"strconv"
%s)

var programs = map[string]func(){"nothing": func() {}, %s}

func main() {
	work := programs[os.Args[1]]
	os.Args = os.Args[1:]
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	os.Stderr.WriteString("allocations: " + strconv.FormatUint(after.Mallocs-before.Mallocs, 10) + "\\n")
}
"""


def write_package(source, replacements, folder):
    """The program as a package in a folder of its own, made small, whose main function is Work."""
    text = source.read_text()
    for old, new in replacements:
        if text.count(old) == 0:
            sys.exit(f"{source} has no {old!r}")
        text = text.replace(old, new)
    folder.mkdir()
    text = text.replace("package main", f"package {folder.name}", 1).replace("func main() {", "func Work() {", 1)
    folder.joinpath("program.go").write_text(text)


def write_module(folder, names):
    """All programs as one, which is linked once."""
    folder.joinpath("go.mod").write_text("module worth\n\ngo 1.27\n")
    for name in names:
        write_package(ROOT / f"bench/programs/{name}.go", PROGRAMS[name], folder / name)
    write_package(ROOT / "bench/instructions/main.go", [], folder / "instructions")
    packages = [*names, "instructions"]
    imports = "".join(f'\t"worth/{name}"\n' for name in packages)
    folder.joinpath("main.go").write_text(MAIN % (imports, ", ".join(f'"{name}": {name}.Work' for name in packages)))


def build(module, exe, without):
    """Builds the programs with an empty cache; processor seconds."""
    flags = [f"-gcflags=all=-d=without={without}"] if without else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as cache:
        environment = dict(os.environ, BURROW_CACHE=cache, GOFLAGS="")
        subprocess.run([BURROW, "build", *flags, "-o", exe], cwd=module, env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def text_size(exe):
    """Bytes of machine code."""
    lines = subprocess.run(["size", "-A", exe], check=True, capture_output=True, text=True).stdout.splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(".text"))


def count(exe, *arguments):
    """Instructions and allocations of a run."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", exe, *arguments],
                          env=dict(os.environ, GOMAXPROCS="1", GOGC="off"), capture_output=True, text=True)
    instructions = re.search(r"Collected *: *(\d+)", done.stderr)
    allocations = re.search(r"allocations: (\d+)", done.stderr)
    if not instructions or not allocations or done.returncode != 0:
        sys.exit(f"{exe} {' '.join(arguments)} ended with status {done.returncode}:\n{done.stderr[-2000:]}")
    return int(instructions[1]), int(allocations[1])


def measure(module, names, without):
    """{"instructions": {program: n}, "allocations": {program: n}, "compile": seconds, "size": bytes}"""
    with tempfile.TemporaryDirectory() as folder:
        exe = f"{folder}/worth"
        result = {"compile": build(module, exe, without), "size": text_size(exe), "instructions": {}, "allocations": {}}
        subprocess.run(["objcopy", "--strip-debug", exe], check=True)
        start, _ = count(exe, "nothing")
        runs = {name: [name] for name in names} | {case: ["instructions", case, str(n)] for case, n in OPERATIONS.items()}
        for name, arguments in runs.items():
            instructions, result["allocations"][name] = count(exe, *arguments)
            result["instructions"][name] = instructions - start
    return result


def user_time(exe):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([exe], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def compare_times(without, names):
    """{program: user time without, divided by with}, of programs of full size."""
    ratios = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            exes = []
            for flags in [[], [f"-gcflags=all=-d=without={without}"]]:
                exes.append(f"{folder}/{name}.{len(exes)}")
                subprocess.run([BURROW, "build", *flags, "-o", exes[-1], str(ROOT / f"bench/programs/{name}.go")], check=True)
            times = [[user_time(exe) for exe in exes] for _ in range(RUNS)]
            ratios[name] = min(t[1] for t in times) / min(t[0] for t in times)
    return ratios


def optimisations():
    """All names and what they are, from the compiler."""
    done = subprocess.run([BURROW, "build", "-o", os.devnull, "-gcflags=-d=without=help", str(ROOT / "bench/programs/fib.go")], capture_output=True, text=True)
    return dict(re.findall(r"^  ([a-z-]+) +(.*)$", done.stderr, re.MULTILINE))


def chosen(known, only, timed):
    """The optimisations to measure, in the compiler's order."""
    return [name for name in known if not only or name in only or name in timed]


def geomean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def row(name, base, off):
    """A line of the table, and the mean by which lines are sorted."""
    ratios = {p: off["instructions"][p] / n for p, n in base["instructions"].items()}
    most, least = max(ratios, key=ratios.get), min(ratios, key=ratios.get)
    mean = geomean(list(ratios.values()))
    allocations = sum(off["allocations"].values()) / max(sum(base["allocations"].values()), 1)
    def of(program):
        return f"{program} {ratios[program]:.2f}" if abs(ratios[program] - 1) >= 0.005 else ""
    times = ", ".join(f"{p} {r:.2f}" for p, r in off.get("times", {}).items())
    return mean, (f"| {name} | {mean:.3f} | {of(most)} | {of(least) if ratios[least] < 1 else ''} | {allocations:.2f} "
                  f"| {off['compile'] / base['compile']:.2f} | {off['size'] / base['size']:.3f} | {times} |")


def draw(data):
    print("| without | instructions | most | least | allocations | compile time | code | user time |")
    print("|---|---|---|---|---|---|---|---|")
    rows = [row(name, data["with"], off) for name, off in data["without"].items()]
    for _, line in sorted(rows, key=lambda r: -r[0]):
        print(line)
    print(f"{len(data['with']['instructions'])} programs and operations; with all: {sum(data['with']['instructions'].values())} instructions, "
          f"{sum(data['with']['allocations'].values())} allocations, {data['with']['compile']:.1f} s, {data['with']['size']} bytes of code")


def save(path, data):
    if not path:
        return
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(data, indent=1) + "\n")
    temporary.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="optimisations")
    parser.add_argument("--programs", nargs="+", metavar="NAME", help="programs of bench/programs", choices=PROGRAMS)
    parser.add_argument("--time", action="append", default=[], metavar="NAME=PROGRAM,...", help="compare user times, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to keep the figures; what it has is not measured again")
    parser.add_argument("--draw", type=Path, metavar="FILE", help="only print what --json has left")
    arguments = parser.parse_args()
    if arguments.draw:
        return draw(json.loads(arguments.draw.read_text()))
    known = optimisations()
    timed = dict(word.split("=", 1) for word in arguments.time)
    if unknown := (set(arguments.only or []) | set(timed)) - set(known):
        sys.exit(f"no such optimisation: {' '.join(sorted(unknown))}")
    data = {"with": None, "without": {}}
    if arguments.json and arguments.json.exists():
        data = json.loads(arguments.json.read_text())
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder)
        names = list(arguments.programs or PROGRAMS)
        write_module(module, names)
        if not data["with"]:
            data["with"] = measure(module, names, "")
        for name in chosen(known, arguments.only, timed):
            if name in data["without"]:
                continue
            data["without"][name] = measure(module, names, name)
            save(arguments.json, data)
            print(row(name, data["with"], data["without"][name])[1], file=sys.stderr, flush=True)
    for name, programs in timed.items():
        data["without"][name]["times"] = compare_times(name, programs.split(","))
        save(arguments.json, data)
    draw(data)


if __name__ == "__main__":
    main()
