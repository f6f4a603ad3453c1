#!/usr/bin/env python3
"""tools.py BURROW PROGRAM: what the binary tools say of a program, and that they agree with each other and with gdb.

PROGRAM was built from programs/objects.go. Prints a line `ok ...` or `FAIL ...` per check.
"""

import json
import re
import shutil
import subprocess
import sys

BURROW, PROGRAM = sys.argv[1], sys.argv[2]


def check(good, text):
    print(("ok " if good else "FAIL ") + text, flush=True)


def run(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


# ---- the entry point, as three tools have it
header = run("readelf", "-h", PROGRAM)
entry = re.search(r"Entry point address: +(0x[0-9a-f]+)", header)
PIE = re.search(r"Type: +DYN", header)
ENTRY, FILE = ("_rt0_amd64_linux_pie", "relocate_amd64.S") if PIE else ("_rt0_amd64_linux", "rt0_linux_amd64.S")
check(re.search(r"Type: +(EXEC|DYN)", header) and "X86-64" in header and entry, "readelf -h: " + " ".join(header.split())[:120])
at = entry[1] if entry else "0x0"
files = run("gdb", "-nx", "-q", "-batch", "-ex", "info files", PROGRAM)
check("Entry point: " + at in files, "info files has the same entry point")
place = run("addr2line", "-f", "-e", PROGRAM, at).split("\n")
check(place[0] == ENTRY and re.search(re.escape(FILE) + r":\d+", place[1]), "addr2line -f: " + " ".join(place))
symbols = {}
for line in run("nm", PROGRAM).splitlines():
    address, _, rest = line.partition(" ")
    symbols[rest[2:]] = address
check(int(symbols.get(ENTRY, "0"), 16) == int(at, 16), "nm: %s is there" % ENTRY)
wanted = ["runtime.rt0_go", "runtime.schedinit", "runtime.mallocgc", "runtime.newobject", "main.main", "main.init.0", "main.init.1", "main.waiter"]
check(all(n in symbols for n in wanted), "nm: the names that Go programmers know: " + " ".join(n for n in wanted if n not in symbols))

# ---- sections: gdb's list is readelf's
sections = {m[1]: (int(m[2], 16), int(m[3], 16)) for m in re.finditer(r"^ +\[ *\d+\] (\S+) +\S+ +([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+)", run("readelf", "-SW", PROGRAM), re.M)}
check(all(n in sections for n in (".text", ".rodata", ".go.type", ".data", ".bss", ".note.gnu.build-id", ".debug_info")), "readelf -S: " + " ".join(sections))
shown = {m[3]: int(m[1], 16) for m in re.finditer(r"(0x[0-9a-f]+) - (0x[0-9a-f]+) is (\S+)", files)}
check(shown and all(sections.get(n, (0,))[0] == a for n, a in shown.items()), "info files: the sections' addresses are the same")
text = sections.get(".text", (0, 0))
check(text[0] <= int(at, 16) < text[0] + text[1], "the entry point is in .text")
check("Build ID: " in run("readelf", "-n", PROGRAM), "readelf -n: a build id")

# ---- disassembly by a pattern: init functions, in the order in which they run
listing = run(BURROW, "objdump", "-s", r"^main\.(init(\.[0-9]+)?|start)$", PROGRAM)
heads = re.findall(r"^TEXT (\S+)\(SB\)", listing, re.M)
inits = [h for h in heads if h.startswith("main.init.")]
check(inits == ["main.init.0", "main.init.1"], "objdump -s: " + " ".join(heads))
listing = run(BURROW, "objdump", "-s", r"^main\.new", PROGRAM)
for function, type_name in (("main.newFirst", "main.first"), ("main.newSecond", "main.second")):
    body = listing[listing.find("TEXT " + function + "(SB)"):].split("\n\n")[0]
    check("type:" + type_name in body and "runtime.newobject" in body, "objdump: %s allocates a %s" % (function, type_name))
order = re.findall(r"^ *\d+ +(\S+) +\d", run(BURROW, "inspect", "inits", PROGRAM), re.M)
check(order and order[-1] == "main" and order.index("internal/cpu") < order.index("os") < order.index("main"), "inspect inits: main is the last of %d packages" % len(order))

# ---- sizes: the inspector's are nm's and readelf's
document = json.loads(run(BURROW, "inspect", "size", "-json", PROGRAM))
of = {}
for line in run("nm", "-S", PROGRAM).splitlines():
    if m := re.match(r"[0-9a-f]+ ([0-9a-f]+) [tT] (main\..*)$", line):
        of[m[2]] = int(m[1], 16)
shown = {f["name"]: f["code"] for f in document["functions"] if f["name"].startswith("main.")}
check(len(of) >= 6 and shown == of, "inspect size: functions of main are as long as nm -S says: %d" % len(of))
widths = {m[1]: int(m[2], 16) for m in re.finditer(r"^ +\[ *\d+\] (\S+) +(?!NOBITS)\S+ +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", run("readelf", "-SW", PROGRAM), re.M)}
check(widths and document["sections"] == widths, "inspect size: sections are as long as readelf -S says: " + " ".join(n for n in widths if widths[n] != document["sections"].get(n)))
inits = {i["package"]: i for i in json.loads(run(BURROW, "inspect", "inits", "-json", PROGRAM))["inits"]}
check(inits["main"]["functions"] == 3, "inspect inits: main has its variables' function and two of its own: %s" % inits["main"])

# ---- addresses that gdb saw, named by the inspector
if shutil.which("gdb"):
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word != "type":
            continue
        address, type_name, main = rest.split()
        address = "%#x" % (int(address, 16) - int(main, 16) + int(symbols["main.main"], 16))
        answer = run(BURROW, "inspect", "what", PROGRAM, address)
        check(type_name in answer, "inspect what %s: %s" % (address, " ".join(answer.split())[:100]))
