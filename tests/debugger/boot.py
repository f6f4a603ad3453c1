"""gdb -batch -x boot.py --args PROGRAM: the boot as a user follows it with gdb. Prints a line `ok ...` or `FAIL ...` per check.

The entry is a line of rt0_linux_amd64.S, or of relocate_amd64.S in a position-independent executable, which gdb must start before it
knows where that line is; the functions that the boot goes through can be broken on by Go's names, show their
source lines and are hit in the order of docs/runtime.md.
"""

import re

import gdb
from dialogue import check, quietly

ORDER = ["runtime.rt0_go", "runtime.schedinit", "runtime.newproc1", "runtime.mstart", "runtime.main", "main.main"]


quietly("set backtrace past-main on")

try:
    quietly("info address _rt0_amd64_linux_pie")
    PIE = True
except gdb.error:
    PIE = False
ENTRY = "_rt0_amd64_linux_pie" if PIE else "_rt0_amd64_linux"
started = False
if PIE:
    quietly("starti")
    started = True
    place = gdb.selected_frame().name()
    check(place == ENTRY, "starti stops at the entry: " + str(place))
entry = re.search(r"Entry point: (0x[0-9a-f]+)", quietly("info files"))
check(entry is not None, "info files names the entry point")
if entry:
    answer = quietly("break *" + entry.group(1))
    check(
        re.search(r"file .*(rt0_linux|relocate)_amd64\.S, line \d+\.", answer) is not None,
        "break *ENTRY: " + answer.strip(),
    )
for name in ORDER:
    try:
        answer = quietly("break " + name).strip()
    except gdb.error as error:
        answer = str(error)
    check(re.search(r": file .*, line \d+\.$", answer) is not None, "break %s: %s" % (name, answer))

hits, lines = [], {}
try:
    if not started:
        quietly("run")
    while len(hits) < 40:
        frame = gdb.selected_frame()
        sal = frame.find_sal()
        if frame.name() not in hits:
            hits.append(frame.name())
            lines[frame.name()] = sal.symtab.filename + ":" + str(sal.line) if sal.symtab else "?"
        if frame.name() == "main.main":
            break
        quietly("continue")
except gdb.error as error:
    check(False, "running: " + str(error))

check(hits and hits[0] == ENTRY, "first at the entry: " + str(hits[:1]))
check([name for name in hits if name in ORDER] == ORDER, "hit in this order: " + " ".join(map(str, hits)))
for name in hits:
    check("?" not in lines[name], "%s is at %s" % (name, lines[name]))

try:
    names = []
    frame = gdb.newest_frame()
    while frame is not None:
        names.append(frame.name())
        frame = frame.older()
    check(names == ["main.main", "runtime.main", "runtime.goexit"], "backtrace in main.main: " + " ".join(map(str, names)))
except gdb.error as error:
    check(False, "backtrace: " + str(error))
