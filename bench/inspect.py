#!/usr/bin/env python3
"""What looking into a large program costs.

    bench/inspect.py [--objects N] [--goroutines N] [heap] [objects] [goroutines]

`heap`: of a program with 20 million objects in 4 GB; `objects`: the same with dominators; `goroutines`: of one with 100,000. For each
the time, the inspector's own memory, and for how long the program was held up, measured from inside: a goroutine of
the program reads the clock all the time and keeps the longest gap, which other work on the machine lengthens too. $BURROW names the compiler.
"""

import argparse
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")


def inspect(*words):
    """Seconds, of a processor too, MB of resident memory, and what was printed, line by line.

    The lines are not kept: what this process has resident counts for the one that it starts.
    """
    with tempfile.TemporaryFile("w+") as out:
        began = time.monotonic()
        process = subprocess.Popen([BURROW, "inspect", *map(str, words)], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if status != 0:
            raise SystemExit(f"inspect {words}: status {status}")
        out.seek(0)
        fields, elements, size = {}, 0, 0
        for line in out:
            size += len(line)
            # A field of the document, or an element of one of its lists (inspect/json_text.h).
            if field := re.match(r' "(\w+)": (\d+),?$', line):
                fields[field[1]] = int(field[2])
            elements += line.startswith('  {"id"')
        return (took, usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024, fields, elements, size


def show(what, took, memory, more):
    print(f"{what:24}{took[0]:9.2f} s{took[1]:9.2f} s of a processor{memory:9.0f} MB   {more}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=20_000_000)
    parser.add_argument("--goroutines", type=int, default=100_000)
    parser.add_argument("what", nargs="*", default=["heap", "objects", "goroutines"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/large"
        subprocess.run([BURROW, "build", "-o", program, str(ROOT / "bench/inspect/large.go")], check=True)
        for kind, names, n in (("heap", ("heap", "objects"), options.objects), ("goroutines", ("goroutines",), options.goroutines)):
            if not set(names) & set(options.what):
                continue
            with subprocess.Popen([program, kind, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
                assert running.stdout.readline() == "ready\n"
                for name in names:
                    if name not in options.what:
                        continue
                    running.stdin.write("\n")  # a gap is measured from here on
                    running.stdin.flush()
                    running.stdout.readline()
                    took, memory, fields, elements, _ = inspect(name, running.pid, "-json", *(["-retained"] if name == "objects" else []))
                    running.stdin.write("\n")
                    running.stdin.flush()
                    gap = int(running.stdout.readline()) / 1e6
                    count = f"{elements:,} goroutines" if name == "goroutines" else f"{fields['objects']:,} objects"
                    held = f", the threads held for {fields['stoppedNs'] / 1e6:.2f} ms" if "stoppedNs" in fields else ""
                    show(f"{name} -json", took, memory, f"{count}; longest gap in the program {gap:.2f} ms{held}")
                    if name != "objects":
                        took, memory, _, _, size = inspect(name, running.pid, *(["-group"] if name == "goroutines" else []))
                        show(name, took, memory, f"{size:,} bytes of text")
                running.kill()


main()
