"""gdb -batch -x newobject.py --args PROGRAM: what is being allocated, which goroutines there are, and init functions in their order.

A user who stops at runtime.newobject has the type's descriptor in the first argument's register; its words are looked at by x/, and
`info symbol` names it. runtime.newobject is called by a function that allocates small objects when the P has no more free slots of
that size at hand: programs/objects.go asks for more than a span has. Prints a line `ok ...` or `FAIL ...` per check, and
`type ADDRESS NAME MAIN` for what was seen, MAIN being where main.main lies: another place than linked, if the executable may lie anywhere.
"""

import os
import re

import dialogue
import gdb
from dialogue import check


def quietly(command):
    try:
        return dialogue.quietly(command)
    except gdb.error as error:
        return "error: " + str(error)


def go(command):
    """`run` or `continue`, and the name of the function that it stopped in; what gdb answered when it did not stop."""
    answer = quietly(command)
    try:
        return gdb.selected_frame().name()
    except gdb.error as error:
        return "%s after %s: %s" % (error, command, " ".join(answer.split())[-200:])


# ---- init functions, in the order of the language: variables, then the files' functions.
names = ["main.start", "main.init.0", "main.init.1", "main.main"]
for name in names:
    answer = quietly("break " + name).strip()
    check(re.search(r"file .*objects\.go, line \d+\.$", answer) is not None, "break %s: %s" % (name, answer))
hits = [go("run")]
while hits[-1] in names[:-1] and len(hits) < len(names):
    hits.append(go("continue"))
check(hits == names, "init functions are hit in this order: " + " ".join(map(str, hits)))
quietly("delete")

# ---- allocations: at the first instruction of runtime.newobject, called by a function of ours.
SIZES = {"main.newFirst": ("main.first", 128), "main.newSecond": ("main.second", 256)}
for function, (type_name, size) in SIZES.items():
    quietly("break " + function)
    place = go("continue")
    check(place == function, "a stop in %s: %s" % (function, place))
    quietly("delete")
    answer = quietly("break *'runtime.newobject'")
    check(re.search(r"Breakpoint \d+ at 0x", answer) is not None, "break *runtime.newobject: " + answer.strip())
    place = go("continue")
    check(place == "runtime.newobject", "a stop in runtime.newobject: " + place)
    if place != "runtime.newobject":
        break
    caller = gdb.selected_frame().older()
    check(caller is not None and caller.name() == function, "called by " + str(caller and caller.name()))
    registers = quietly("info registers rdi rsp rip")
    check(len(re.findall(r"^(?:rdi|rsp|rip) +0x[0-9a-f]+", registers, re.M)) == 3, "info registers: " + " ".join(registers.split()))
    address = int(gdb.parse_and_eval("(unsigned long)$rdi"))
    words = re.findall(r"0x[0-9a-f]{16}", quietly("x/2gx $rdi"))
    check(len(words) == 2 and int(words[0], 16) == size, "x/2gx $rdi shows the type's size: " + " ".join(words))
    symbol = quietly("info symbol $rdi").strip()
    check(symbol.startswith("type:" + type_name + " in section .go.type"), "info symbol $rdi: " + symbol)
    print("type %#x %s %#x" % (address, type_name, int(gdb.parse_and_eval("(unsigned long)&'main.main'"))))
    quietly("delete")

# ---- goroutines
with open(os.path.join(os.path.dirname(__file__), "programs", "objects.go")) as source:
    line = next(n for n, text in enumerate(source, 1) if "c <- 1" in text)
quietly("tbreak objects.go:%d" % line)
place = go("continue")
check(place == "main.main", "a stop at the first send: " + place)
rows = re.findall(r"^[* ] (\d+) (.*)$", quietly("info goroutines"), re.M)
check(len(rows) == 3, "info goroutines: " + "; ".join(" ".join(r) for r in rows))
check(sum("started as main.main.gowrap" in r[1] for r in rows) == 2, "two of them were started by main's go statements")
frames = quietly("goroutine 1 backtrace")
check(re.search(r"main\.main \(\) at .*objects\.go:\d+", frames) is not None, "goroutine 1 backtrace: " + frames.strip()[-200:])
quietly("kill")
