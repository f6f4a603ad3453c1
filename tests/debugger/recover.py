"""gdb -batch -x recover.py --args PROGRAM: a recovered panic's way back, instruction by instruction.

runtime.recoverJump begins on g0 and ends on the goroutine's stack. From the instruction that changes stacks on, gdb must find the frames
of the goroutine whose function recovered, down to where goroutines start; the inspector compares the function table with what gdb
reads here (`pcsp -check`). Prints a line `ok ...` or `FAIL ...` per check.
"""

import gdb
from dialogue import check, quietly

quietly("set backtrace past-main on")


def frames():
    names, frame = [], gdb.newest_frame()
    while frame is not None and len(names) < 50:
        names.append(frame.name())
        frame = frame.older()
    return names


WANTED = ["runtime.recoverJump", "main.recovers", "main.main", "runtime.main", "runtime.goexit"]
try:
    quietly("break *'runtime.recoverJump'")
    quietly("run")
    before = int(gdb.parse_and_eval("(unsigned long)$rsp"))
    changed, good, bad = 0, 0, []
    for _ in range(40):
        quietly("stepi")
        if gdb.newest_frame().name() != "runtime.recoverJump":
            break
        if abs(int(gdb.parse_and_eval("(unsigned long)$rsp")) - before) < 4096:
            continue
        changed += 1
        if frames() == WANTED:
            good += 1
        else:
            bad.append("%#x: %s" % (int(gdb.parse_and_eval("(unsigned long)$pc")), " ".join(map(str, frames()))))
    check(changed >= 5 and good == changed, "frames at each of %d instructions on the goroutine's stack: %s" % (changed, "; ".join(bad)[:300]))
    check(frames() == WANTED[1:], "and back in the function that recovered: " + " ".join(map(str, frames())))
    quietly("delete")
    quietly("break main.result")
    quietly("continue")
    frame = gdb.newest_frame()
    check(frame.name() == "main.result" and int(frame.read_var("n")) == 7, "which returns what its deferred call set")
    quietly("kill")
except gdb.error as error:
    check(False, "running: " + str(error))
