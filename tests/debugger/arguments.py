"""gdb -batch -x arguments.py --args PROGRAM: a function's arguments where a breakpoint on it stops, and the step from there.

The breakpoint is at the first instruction, before the check of the stack. Waiting there for longer than a goroutine may run must
not have it preempted: `next` would end in what a check of the stack calls. Prints a line `ok ...` or `FAIL ...` per check.
"""

import time

import gdb
from dialogue import check, quietly

try:
    quietly("break main.area")
    quietly("run")
    frame = gdb.newest_frame()
    symbol = int(gdb.parse_and_eval("&'main.area'"))
    check(frame.name() == "main.area" and frame.pc() == symbol, "a breakpoint on a function is at its first instruction")
    line = frame.find_sal().line
    sides, name = frame.read_var("s").dereference()["sides"], frame.read_var("name")
    found = [str(v) for v in (frame.read_var("k"), frame.read_var("f"), sides["len"], sides["array"][2], name["len"], name["str"][2])]
    check(found == ["4", "2.5", "3", "3", "3", "99 'c'"], "at it the arguments are what was passed: " + ", ".join(found))
    time.sleep(0.5)
    for step in range(1, 4):
        quietly("next")
        frame = gdb.newest_frame()
        now = frame.find_sal().line
        check(frame.name() == "main.area" and line <= now <= line + 5, "next, %d: %s, line %d" % (step, frame.name(), now - line))
    quietly("finish")
    check(gdb.newest_frame().name() == "main.deep", "and finish leaves the function")
    quietly("kill")
except gdb.error as error:
    check(False, "running: " + str(error))
