#!/usr/bin/env python3
"""How often an idle program's threads wake up in ten seconds, and the processor time it uses, next to gc's.

    bench/idle.py [SECONDS]        BURROW and GO name the toolchains (defaults: ./burrow, go)

A second after the start the kernel's counts of context switches of all threads are taken, and again at the end.
"""

import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def counts(pid):
    switches = ticks = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as status:
            for line in status:
                if "ctxt_switches" in line:
                    switches += int(line.split()[1])
        with open(f"/proc/{pid}/task/{task}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
    return switches, ticks


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    burrow = os.environ.get("BURROW", os.path.join(ROOT, "burrow"))
    go = os.environ.get("GO", "go")
    source = os.path.join(ROOT, "bench", "idle", "main.go")
    with tempfile.TemporaryDirectory() as tmp:
        running = []
        for name, command in (("burrow", [burrow, "build", "-o"]), ("gc", [go, "build", "-o"])):
            exe = os.path.join(tmp, name)
            subprocess.run(command + [exe, source], check=True)
            running.append((name, subprocess.Popen([exe])))
        time.sleep(1)
        before = {name: counts(p.pid) for name, p in running}
        time.sleep(seconds)
        for name, p in running:
            switches, ticks = (b - a for a, b in zip(before[name], counts(p.pid)))
            print(f"{name}: {switches} context switches, {ticks * 10} ms of processor time in {seconds:g} s")
            p.kill()
            p.wait()


main()
