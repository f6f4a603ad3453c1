#!/usr/bin/env python3
"""check.py BURROW FOLDER [FUNCTION...]: every view of the inspector against what a program knows about itself.

With names of functions, only these checks.
"""

import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

BURROW, WORK = sys.argv[1], Path(sys.argv[2])
HERE = Path(__file__).parent
PROGRAM = WORK / "known"


def check(what, good, detail=""):
    print(f"ok {what}" if good else f"FAIL {what}: {str(detail)[:300]!r}", flush=True)


def burrow(*words, timeout=60):
    run = subprocess.run([BURROW, *map(str, words)], capture_output=True, text=True, timeout=timeout)
    return run.returncode, run.stdout, run.stderr


def inspect(*words):
    status, out, err = burrow("inspect", *words)
    if status != 0:
        raise RuntimeError(f"inspect {words}: {err}")
    return out


def built(what, source):
    """The executable of a program beside this file; None, and a failed check, when it does not build."""
    program = WORK / Path(source).stem
    status, _, err = burrow("build", "-o", program, HERE / source, timeout=900)
    if status != 0:
        check(f"{what}: builds", False, err)
        return None
    return program


def view(*words):
    return json.loads(inspect(*words, "-json"))


class Running:
    """The program, stopped by itself at a known point."""

    def __init__(self, program, **environment):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **environment})
        self.facts = {}
        for line in self.process.stdout:
            if line == "ready\n":
                break
            name, _, value = line.strip().partition(" ")
            self.facts[name] = value
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def objects(heap, size, noscan):
    return sum(c["objects"] for c in heap["classes"] if c["size"] == size and c["noscan"] == noscan)


def check_heap(what, heap):
    # A few objects of these sizes are the library's own.
    for size, noscan, count in ((96, False, 5000), (1024, False, 300), (208, True, 700)):
        n = objects(heap, size, noscan)
        check(f"{what}: {count} objects of {size} bytes", count <= n <= count + 10, n)
    check(f"{what}: garbage is gone", objects(heap, 352, True) <= 3, objects(heap, 352, True))
    types = {t["type"]: t for t in heap["types"]}
    check(f"{what}: records by type", types.get("main.record", {}).get("objects") == 300, types.get("main.record"))
    check(f"{what}: the large array by type", types.get("[20000]*main.node", {}).get("objects") == 1, list(types))
    check(f"{what}: collector is off", heap["phase"] == "GCoff" and heap["collections"] == 2, heap["collections"])
    sums = sum(s["pages"] for s in heap["spans"]) + sum(f["pages"] for f in heap["freeRuns"])
    check(f"{what}: spans and free pages are all of the memory", sums * heap["pageSize"] == heap["mapped"], (sums, heap["mapped"]))
    at = [int(x["start"], 16) for x in heap["spans"]]
    check(f"{what}: spans are ordered", at == sorted(at))
    busy = [s for s in heap["spans"] if s["state"] == "inuse"]
    check(f"{what}: the program counts the same bytes of spans", sum(s["pages"] for s in busy) * heap["pageSize"] == heap["inUse"], heap["inUse"])


def check_goroutines(what, document, count):
    by_state = {}
    for g in document["goroutines"]:
        by_state[g["state"]] = by_state.get(g["state"], 0) + 1
    check(f"{what}: as many as the program says", len(document["goroutines"]) == count, len(document["goroutines"]))
    check(f"{what}: by state", by_state.get("chan receive") == 18 and by_state.get("chan send") == 11 and
          by_state.get("sync.Mutex.Lock") == 5 and by_state.get("select") == 3, by_state)
    tops = {}
    for g in document["goroutines"]:
        for f in g["frames"]:
            if f["function"].startswith("main."):
                tops[f["function"]] = tops.get(f["function"], 0) + 1
                break
    check(f"{what}: by function", tops == {"main.receiver": 17, "main.sender": 11, "main.locker": 5, "main.selecter": 3, "main.deep": 1,
                                           "main.main": 1}, tops)
    deep = next(g for g in document["goroutines"] if g["frames"] and g["frames"][0]["function"] == "main.deep")
    check(f"{what}: a recursion has all its frames", sum(f["function"] == "main.deep" for f in deep["frames"]) == 101, len(deep["frames"]))
    check(f"{what}: it has further segments", deep["segments"] > 1 and deep["stackBytes"] > 2048, deep["segments"])
    check(f"{what}: created by", deep["createdBy"]["function"] == "main.main" and deep["createdBy"]["file"].endswith("known.go"), deep.get("createdBy"))
    main = next(g for g in document["goroutines"] if g["id"] == 1)
    check(f"{what}: the main goroutine's stack ends in main", main["frames"][-1]["function"] == "main.main", main["frames"][-1:])
    waiting = [g for g in document["goroutines"] if g["state"].startswith("chan")]
    check(f"{what}: for how long they wait", all(0 < g.get("waitNs", 0) < 600e9 for g in waiting), waiting[:1])


def all_of(what, target, facts):
    heap = view("heap", target)
    check_heap(what, heap)
    check_goroutines(f"{what}: goroutines", view("goroutines", target), int(facts["goroutines"]))
    sched = view("sched", target)
    check(f"{what}: Ps", len(sched["ps"]) == sched["gomaxprocs"] == int(facts["gomaxprocs"]), sched["gomaxprocs"])
    check(f"{what}: processors", sched["cpus"] == int(facts["cpus"]), sched["cpus"])
    # What the program printed since is little.
    check(f"{what}: as many objects as the program counts", abs(heap["objects"] - int(facts["objects"])) < 100, (heap["objects"], facts["objects"]))
    check(f"{what}: as many bytes of spans as the program counts", abs(heap["inUse"] - int(facts["inuse"])) <= 16 * heap["pageSize"], (heap["inUse"], facts["inuse"]))
    check(f"{what}: as many collections as the program counts", heap["collections"] == int(facts["collections"]), (heap["collections"], facts["collections"]))
    for name, size in (("node", 96), ("record", 1024)):
        at = int(facts[name], 16)
        spans = view("spans", target, "-at", facts[name])["spans"]
        check(f"{what}: the span of a {name}", len(spans) == 1 and spans[0]["size"] == size and int(spans[0]["start"], 16) <= at < int(spans[0]["start"], 16) + spans[0]["pages"] * heap["pageSize"], spans)
    check(f"{what}: Ms", {0} < {m["id"] for m in sched["ms"]}, sched["ms"])
    gcwork = view("gcwork", target)
    shared = len(gcwork["full"]) + len(gcwork["empty"])
    local = sum(1 for p in gcwork["ps"] for b in ("wbuf1", "wbuf2", "spanIn", "spanOut") if p[b]) + len(gcwork["spans"])
    check(f"{what}: all work buffers are somewhere", shared + local == gcwork["buffers"] > 0, gcwork["buffers"])
    check(f"{what}: nothing is grey", all(b["objects"] == 0 for b in gcwork["empty"]) and not gcwork["full"])
    for name, wanted in (("record", "main.record"), ("large", "[20000]*main.node"), ("node", "96 bytes each")):
        out = inspect("what", target, facts[name])
        check(f"{what}: what a {name} is", wanted in out and "in an object of the heap: its start" in out, out)
    out = inspect("what", target, facts["global"])
    check(f"{what}: what a global is", "main.nodes" in out, out)
    check_objects(f"{what}: objects", target, facts)


def check_text(pid):
    for width in (80, 200):
        for name in ("heap", "spans", "goroutines", "sched", "gcwork"):
            out = inspect(name, pid, "-width", width)
            longest = max(out.splitlines(), key=len)
            check(f"{name} at {width} columns", len(longest) <= max(width, 110), longest)
            check(f"{name} without colour", "\x1b" not in out)
    check("colour on demand", "\x1b[" in inspect("heap", pid, "-colour=yes"))
    out = inspect("goroutines", pid, "-group")
    check("groups by stack", re.search(r"^17 goroutines \[chan receive", out, re.M) and "101 times" not in out and "main.deep()  100 times" in out, out)
    out = inspect("goroutines", pid, "-g", 1)
    check("one goroutine with its stack", out.count("goroutine 1 [") == 1 and "main.main()" in out, out)
    check("one goroutine -json", [g["id"] for g in view("goroutines", pid, "-g", 1)["goroutines"]] == [1])
    rows = view("spans", pid, "-size", 1024)["spans"]
    check("spans by size", rows and all(s["size"] == 1024 for s in rows) and sum(s["objects"] for s in rows) >= 300)
    rows = view("spans", pid, "-state", "large")["spans"]
    check("large spans", any(s.get("type") == "[20000]*main.node" for s in rows), rows)
    check("graph of work buffers", inspect("gcwork", pid, "-dot").startswith("digraph"))


def check_cfi(what, program, least):
    """The function table says at every instruction what DWARF says: where the frame ends and where saved registers lie."""
    status, out, err = burrow("inspect", "pcsp", program, "-check")
    found = re.search(r"([\d,]+) instructions: (\d+) differ", out)
    check(f"{what}: the table agrees with DWARF at every instruction", found and found[2] == "0" and int(found[1].replace(",", "")) > least, out + err)
    # Those change stacks, or have taken the return address from the stack.
    without = set(re.findall(r"^  (\S+): \d+$", out, re.M))
    check(f"{what}: it has a row for every instruction that it can have one for", without <= {"runtime.systemstack", "syscall.rawVforkSyscall", "runtime.sigpanic", "runtime.sigreturn__sigaction"}, without)
    if status != 0:
        check(f"{what}: pcsp -check ends well", False, err)


def check_stop():
    """A process is held up for a moment only, loses no signal by it, and what runs then is known."""
    program = WORK / "busy"
    with Running(program) as running:
        held, known, running_now = [], 0, 0
        for _ in range(20):
            document = view("goroutines", running.pid)
            held.append(document["stoppedNs"])
            runs = [g for g in document["goroutines"] if g["state"] == "running"]
            running_now += len(runs)
            known += sum(g["stackKnown"] and g["frames"][-1]["function"].startswith("main.") for g in runs)
        # One that starts to run while the list is read has no stack to show, nor has one whose thread gets no processor to stop on.
        check("stop: stacks of goroutines that run", known > 0, (known, running_now))
        # For how long is bench/inspect.py's business: the inspector can lose its processor meanwhile.
        check("stop: says for how long", max(held) > 0, held)
        told = r"held up for|no thread was held up|got no processor"
        check("stop: told", re.search(told, inspect("goroutines", running.pid)) and re.search(told, inspect("objects", running.pid)))
        check("stop: not without being asked", "held up" not in inspect("heap", running.pid) + inspect("goroutines", running.pid, "-nostop"))
    program = built("stop", "signals.go")
    if not program:
        return
    with Running(program) as running:
        stopping = subprocess.Popen([BURROW, "inspect", "unwind", str(running.pid), "-top", "100000000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ready = select.poll()
        ready.register(running.process.stdout, select.POLLIN)
        came = 0
        for n in range(1, 301):
            os.kill(running.pid, signal.SIGUSR1)
            if not ready.poll(20000) or running.process.stdout.readline() != f"{n}\n":
                break
            came = n
        check("stop: every signal arrives", came == 300 and stopping.poll() is None, (came, stopping.poll()))
        stopping.kill()
        stopping.wait()


def check_http_tables():
    """The same of a program of net/http: eleven thousand functions, a million instructions."""
    if os.environ.get("TEST_ALL") != "1":
        print("skip pcsp of net/http: only with --all")
        return
    program = WORK / "httpd"
    status, out, err = burrow("build", "-o", program, HERE.parent.parent / "bench/http/server/main.go", timeout=1200)
    if status != 0:
        return check("pcsp: a server of net/http builds", False, err)
    check_cfi("pcsp of net/http", program, 500000)


def check_programs():
    types = {t["name"]: t for t in view("types", PROGRAM)["types"]}
    check("types: a struct", types["main.node"]["size"] == 96 and types["main.node"]["fields"][1] == {"name": "pad", "offset": 8, "type": "[11]uint64"}, types.get("main.node"))
    out = inspect("inits", PROGRAM)
    order = re.findall(r"^ *\d+ +(\S+) +\d", out, re.M)
    check("inits -json: the same", [i["package"] for i in view("inits", PROGRAM)["inits"]] == order)
    check("inits: main is last", order and order[-1] == "main" and order.index("os") < order.index("fmt") < order.index("main"), order)
    size = view("size", PROGRAM)
    check("size: sections are the file", 0.9 < sum(size["sections"].values()) / size["file"] <= 1, size["sections"])
    packages = {p["package"]: p for p in size["packages"]}
    check("size: packages", packages["main"]["code"] > 500 and packages["runtime"]["code"] > 50000, packages.get("main"))
    check_cfi("pcsp", PROGRAM, 50000)
    out = inspect("pcsp", PROGRAM, "main.deep")
    check("pcsp: a function", "SP+16" in out and "callq main.deep" in out and "known.go:54" in out, out)
    out = inspect("pcsp", PROGRAM)
    check("pcsp: the chain of boot", re.search(r"runtime.rt0_go +runtime.schedinit +\+0x", out) and re.search(r"runtime.main +main.main", out), out)


def check_objects(what, target, facts):
    document = view("objects", target, "-retained")
    types = {t["type"]: t for t in document["types"]}
    for name, count, size in (("main.node", 5000, 96), ("main.record", 300, 1024), ("[20000]*main.node", 1, 163840)):
        t = types.get(name, {})
        check(f"{what}: {count} of {name}", t.get("objects") == count and t.get("bytes") == count * size, t)
    check(f"{what}: byte slices by those who point to them", 700 <= types.get("string and byte data", {}).get("objects", 0) <= 720, types.get("string and byte data"))
    check(f"{what}: what the list of records retains", types["[]*main.record"]["retained"] >= 300 * 1024, types.get("[]*main.record"))
    largest = document["largest"][0]
    check(f"{what}: the object that keeps most", largest["type"] == "[]*main.node" and largest["retained"] >= 5000 * 96, largest)
    out = inspect("objects", target, "-keep", largest["address"])
    check(f"{what}: what keeps it", "variable main.nodes" in out or "stack of goroutine" in out, out)
    last = inspect("objects", target, "-keep", facts["large"])
    check(f"{what}: a large object's root", "main.large" in last or "stack of goroutine 1" in last, last)
    dead = inspect("objects", target, "-keep", facts["dead"])
    check(f"{what}: what a slot of the stack holds that does not count", "nothing keeps it alive" in dead, dead)


def check_live(pid):
    lines = inspect("heap", pid, "-sample", 10, "-top", 5).splitlines()
    check("heap -sample: a line each", len(lines) == 6 and all(" off " in x and x.rstrip().endswith("42") or x.split()[1] == "off" for x in lines[1:]), lines)
    rows = [json.loads(x) for x in inspect("heap", pid, "-sample", 5, "-top", 3, "-json").splitlines()]
    check("heap -sample -json", len(rows) == 3 and all(r["phase"] == "GCoff" and r["collections"] == 2 for r in rows), rows)

    import urllib.error
    import urllib.request
    server = subprocess.Popen([BURROW, "inspect", "serve", str(pid)], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        check("serve: on the loopback address", re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", url), url)
        page = urllib.request.urlopen(url, timeout=30).read().decode()
        check("serve: the page", page.startswith("<!doctype html>") and "main.record" in page, page[:100])
        for what, other in (("without the token", url[: url.index("/", 8) + 1]), ("with a wrong one", url[:-3] + "00/")):
            try:
                urllib.request.urlopen(other, timeout=30)
                check(f"serve: {what}", False)
            except urllib.error.HTTPError as e:
                check(f"serve: {what}", e.code == 403, e.code)
    finally:
        server.kill()
        server.wait()
    status, out, err = burrow("inspect", "serve", "-addr", "256.0.0.1:1", pid)
    check("serve: an address that is none", status == 1 and "serve:" in err, err)


def check_gdb(pid):
    """The script that gdb finds in the program: goroutines and values."""
    if not shutil.which("gdb"):
        print("skip gdb is not installed")
        return

    def gdb(*words):
        run = subprocess.run(["gdb", "-nx", "-q", "-batch", "-iex", "set auto-load safe-path /", *words], capture_output=True, text=True, timeout=120)
        return run.stdout + run.stderr

    out = gdb("-p", str(pid), "-ex", "info goroutines", "-ex", "goroutine 1 backtrace", "-ex", "goroutine all backtrace 4", "-ex", "backtrace 1", str(PROGRAM))
    rows = re.findall(r"^[* ] (\d+) ([a-z.A-Z ]+?)  (.*)$", out, re.M)
    check("gdb: info goroutines", len(rows) == 38 and sum(r[1] == "chan send" for r in rows) == 11, rows[:3] or out[:300])
    check("gdb: where they were started", sum("started as main.receiver" in r[2] for r in rows) == 17, rows[:3])
    check("gdb: the main goroutine's frames", re.search(r"^#\d+ +.*main\.main \(\) at .*known\.go:\d+", out, re.M), out[-600:])
    check("gdb: all goroutines' frames", len(re.findall(r"^#\d+ .*main\.receiver \(\)", out, re.M)) == 17, len(re.findall("main.receiver", out)))
    check("gdb: the thread is as before", "futexsleep" in out.splitlines()[-2] or "#0" in out[-400:], out[-300:])
    program = WORK / "values"
    status, out, err = burrow("build", "-gcflags=-N -l", "-o", program, HERE / "values.go", timeout=900)
    shown = ["s", "*n", "n.Kids", "*n.Kids.array[0].Next", "m", "big", "ch", "e", "l", "main.counter", "main.shape", "size"]
    out = gdb("-ex", "break values.go:30", "-ex", "run", *[w for e in shown for w in ("-ex", "print " + e)], "-ex", "ptype n.At", str(program))
    values = dict(zip(shown, re.findall(r"^\$\d+ = (.*)$", out, re.M)))
    for expression, expected in {
        "s": '"hello, world"',
        "*n": '{Name = "root", Next = 0x0, Kids = []*main.Node len 1 cap 1 = {0x...}, At = {X = 1.5, Y = 2}}',
        "*n.Kids.array[0].Next": '{Name = "root", ...',
        "m": 'map[string]int len 1 = {["one"] = 1}',
        "ch": "chan int len 1 cap 4 = {7}",
        "e": "*main.failure(&{code = 3})",
        "l": "main.List len 2 cap 2 = {main.List len 0 cap 0, main.List len 0 cap 0}",
        "main.counter": "42",
        "main.shape": "main.Point({X = 2, Y = 5})",
        "size": "14",
    }.items():
        pattern = ".*".join(map(re.escape, expected.split("...")))  # ... stands for what differs between runs
        check("gdb: print " + expression, re.fullmatch(pattern, values.get(expression, "")), values.get(expression) or out[-400:])
    pairs = dict(re.findall(r"\[(\d+)\] = (\d+)", values.get("big", "")))
    check("gdb: a map of several groups", pairs == {str(i): str(i * i) for i in range(100)}, values.get("big", out[-400:])[:200])
    check("gdb: ptype", re.search(r"type = struct main.Point \{\s+float64 X;\s+float64 Y;\s+\}", out), out[-300:])
    stripped = WORK / "values-w"
    burrow("build", "-ldflags=-w", "-o", stripped, HERE / "values.go", timeout=900)
    check("gdb: the script goes with debug information", b"class InfoGoroutines" in program.read_bytes() and b"class InfoGoroutines" not in stripped.read_bytes())


def check_waits():
    """Who waits for whom, and who for ever."""
    program = built("waits", "waits.go")
    if not program:
        return
    with Running(program) as running:
        j = view("waits", running.pid)
        page = inspect("waits", running.pid)
        dot = inspect("waits", "-dot", running.pid)

        def started(g):
            return next((f["function"] for f in g["frames"] if f["function"].startswith("main.")), "?")

        found = sorted((started(g), g["stuck"]) for g in j["goroutines"])
        check("waits: who is stuck", all(stuck == name.startswith("main.stuck") for name, stuck in found), found)
        names = [name for name, _ in found]
        check("waits: all who wait", [names.count("main." + n) for n in ("stuckReceiver", "stuckSelect", "stuckOnNil", "stuckTransfer", "stuckOnGroup", "stuckOnCond",
              "stuckAlike", "stuckNumber", "stuckQuoted", "liveServer", "liveTimer", "liveConsumer", "liveListener", "liveCalledLater")] ==
              [1, 1, 1, 2, 1, 1, 5, 1, 1, 2, 1, 1, 1, 2], names)
        objects = {o["address"]: o for o in j["objects"]}
        select = next(g for g in j["goroutines"] if started(g) == "main.stuckSelect")
        check("waits: a select's channels", sorted(objects[o]["type"] for o in select["objects"]) == ["chan []uint8", "chan int"], select)
        transfers = [g for g in j["goroutines"] if started(g) == "main.stuckTransfer"]
        groups = {objects[o].get("group") for g in transfers for o in g["objects"]}
        check("waits: two that hold each other up", len(groups) == 1 and None not in groups, transfers)
        server = next(g for g in j["goroutines"] if started(g) == "main.liveServer")
        check("waits: two at one channel", len(objects[server["objects"][0]]["waiters"]) == 2, server)
        check("waits: page", "14 for ever" in page and page.count("that hold each other up") == 1 and "chan string 0x" in page, page)
        check("waits: dot", dot.startswith("digraph") and dot.count("color=red") >= 12, dot[:200])
        quoted = r'"(?:[^"\\]|\\.)*"'
        lines = [re.sub(quoted, "Q", line) for line in dot.splitlines()]
        check("waits -dot: quotes in labels", r'json:\\\"' in dot and all('"' not in line for line in lines), dot)
        # Those that were lost in the same way are told once.
        alike = [g for g in j["goroutines"] if started(g) == "main.stuckAlike"]
        numbers = {objects[o].get("alike") for g in alike for o in g["objects"]}
        check("waits -json: lost alike", len(numbers) == 1 and None not in numbers and sum("alike" in o for o in objects.values()) == 5, j["objects"])
        entry = re.search(r"^5 times chan bool, unbuffered, the first at 0x[0-9a-f]+\n +a goroutine at each \[chan receive.*\] main\.stuckAlike waits\.go:\d+\n +goroutines((?: \d+){5})$", page, re.M)
        check("waits: lost alike", entry and sorted(map(int, entry[1].split())) == sorted(g["id"] for g in alike) and page.count("main.stuckAlike") == 1, page)
        check("waits -dot: lost alike", len(re.findall(r'label="5 times chan bool, unbuffered"', dot)) == 1 and dot.count("main.stuckAlike") == 1 and "5 goroutines, " in dot, dot)
        inspect("waits", running.pid, "-html", "-o", WORK / "waits.html")
        text = (WORK / "waits.html").read_text()
        check("waits -html: the page has them", '"view": "waits"' in text and text.count('"alike": ') == 5, text.count('"alike": '))
        check("waits: for how long it was held up", "held up" in page and "stoppedNs" in j, page)


def check_ending():
    """A process that ends while its threads are being stopped holds nobody up."""
    program = built("ending", "waits.go")
    if not program:
        return
    late = 0
    for i in range(24):
        with Running(program) as running:
            viewer = subprocess.Popen([BURROW, "inspect", "unwind", str(running.pid), "-top", "100000"], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            try:
                viewer.wait(0.1 + 0.01 * i)
            except subprocess.TimeoutExpired:
                pass
            if i % 2:
                running.process.kill()
            else:
                running.process.stdin.write("\n")
                running.process.stdin.flush()
            try:
                viewer.wait(30)
            except subprocess.TimeoutExpired:
                late += 1
                viewer.kill()
                viewer.wait()
    check("ending: the inspector ends, too", late == 0, late)


def check_leak():
    """Between two snapshots a program allocates a known number of objects of one type."""
    program = built("leak", "leaks.go")
    if not program:
        return
    with Running(program) as run:
        inspect("snapshot", run.pid, "-o", WORK / "before")
        run.process.stdin.write("\n")
        run.process.stdin.flush()
        run.process.stdout.readline()
        inspect("snapshot", run.pid, "-o", WORK / "after")
        live = inspect("leak", WORK / "before", run.pid)
        check("leak: a process is held up, and for how long", re.search(r"^after: .*\n.*held up", live, re.M) and "held up" not in live.split("after:")[0], live)
        check("leak -json: how long", "stoppedNs" in json.loads(inspect("leak", WORK / "before", run.pid, "-json")))
    out = inspect("leak", WORK / "before", WORK / "after")
    check("leak: snapshots hold nothing up", "held up" not in out, out)
    check("leak: the type that grew", re.search(r"^main\.session +\+1,234 ", out, re.M), out)
    check("leak: what did not is not there", "main.constant" not in out, out)
    types = {t["type"]: t for t in json.loads(inspect("leak", WORK / "before", WORK / "after", "-json"))["types"]}
    check("leak -json", types.get("main.session", {}).get("objects") == 1234, types.get("main.session"))


def check_marking():
    """Work buffers while the collector marks: a program whose heap is known is stopped until it is caught at that."""
    program = built("marking", "marks.go")
    if not program:
        return
    caught = []
    with Running(program) as run:
        for _ in range(400):
            if len(caught) == 5:
                break
            os.kill(run.pid, signal.SIGSTOP)
            while any(task.read_text().rpartition(")")[2].split()[0] in "RSD" for task in Path(f"/proc/{run.pid}/task").glob("*/stat")):
                pass
            gcwork = view("gcwork", run.pid)
            os.kill(run.pid, signal.SIGCONT)
            if gcwork["phase"] == "GCmark" and any(p["bytesMarked"] for p in gcwork["ps"]):
                caught.append(gcwork)
        facts = {name: int(value) for name, value in run.facts.items()}
    check("marking: caught at it", len(caught) == 5, len(caught))
    room = max(10_000, facts["objects"] // 100)  # what the program has allocated since it counted
    for gcwork in caught:
        ps, full, empty = gcwork["ps"], gcwork["full"], gcwork["empty"]
        local = [p[b] for p in ps for b in ("wbuf1", "wbuf2") if p[b]]
        spans = gcwork["spans"] + [p[b] for p in ps for b in ("spanIn", "spanOut") if p[b]]
        # Each P may have one in hand that it has taken and not put anywhere yet.
        known = len(full) + len(empty) + len(local) + len(spans)
        check("marking: the work buffers are somewhere", gcwork["buffers"] - len(ps) <= known <= gcwork["buffers"], (known, gcwork["buffers"]))
        addresses = [b["address"] for b in full + empty + local + spans]
        check("marking: each in one place", len(set(addresses)) == len(addresses), sorted(addresses))
        check("marking: none holds more than it can", all(0 <= b["objects"] <= gcwork["entriesPerBuffer"] for b in full + empty + local + spans), full)
        check("marking: shared ones are full or empty", all(b["objects"] for b in full) and not any(b["objects"] for b in empty), (full, empty))
        grey = sum(b["objects"] for b in full + local)
        check("marking: no more is grey than there is", grey <= facts["objects"] + room, grey)
        marked = sum(p["bytesMarked"] for p in ps)
        check("marking: no more spans wait than there are", sum(b["objects"] for b in spans) <= (facts["bytes"] + 128 * room) // 8192, spans)
        check("marking: no more is marked than there is", 0 < marked <= facts["bytes"] + 128 * room, (marked, facts["bytes"]))
        check("marking: somebody is at work", any(p["worker"] != "NotWorker" for p in ps) or grey == 0, ps)
    out = inspect("boot", "-at", "runtime.gcMarkTermination", program)
    check("marking: at its end nothing is grey", "stopped at runtime.gcMarkTermination" in out and "grey objects: 0;" in out, out)


def check_boot():
    document = json.loads(inspect("boot", "-json", PROGRAM))
    steps = document["steps"]
    names = [s["name"] for s in steps]
    wanted = ["_rt0_amd64_linux", "runtime.rt0_go", "runtime.schedinit", "runtime.mallocinit", "runtime.gcinit", "runtime.procresize", "runtime.main", "main.main"]
    places = [names.index(n) for n in wanted if n in names]
    pie = "-buildmode=pie" in os.environ.get("GOFLAGS", "")
    check("boot: relocation comes first, and only where there is something to relocate", names[:2] == ["_rt0_amd64_linux_pie", "runtime.relocate"] if pie else "runtime.relocate" not in names, names)
    check("boot: the steps, in order", len(places) == len(wanted) and places == sorted(places) and names[-1] == "main.main", names)
    times = [s["atNs"] for s in steps]
    check("boot: time goes on", times[0] == 0 and times == sorted(times) and times[-1] < 5e9, times[-1:])
    first = next(s for s in steps if s["name"] == "runtime.mallocgc")
    check("boot: before the first allocation there is no heap", first["heapMapped"] == first["spans"] == first["arenas"] == first["workBuffers"] == 0, first)
    check("boot: at main.main there is", steps[-1]["heapMapped"] > 0 and steps[-1]["gcEnabled"] and steps[-1]["goroutines"] >= 1, steps[-1])
    check("boot: as many Ps as processors", steps[-1]["ps"] == int(os.environ.get("GOMAXPROCS") or len(os.sched_getaffinity(0))), steps[-1]["ps"])
    order = [s["package"] for s in steps if s["kind"] == "init"]
    listed = re.findall(r"^ *\d+ +(\S+) +\d", inspect("inits", PROGRAM), re.M)
    check("boot: package inits in the order of inits", order == [p for p in listed if p in order] and order[-1] == "main", order)
    out = inspect("boot", PROGRAM)
    check("boot: at 80 columns", max(map(len, out.splitlines())) <= 100 and "Package initialisations" in out, out)
    out = inspect("boot", "-at", "runtime.mallocgc", PROGRAM)
    check("boot -at: an empty heap", "the heap is empty" in out and "runtime.main" in out and "internal/cpu.init" in out, out)
    out = inspect("boot", "-diff", PROGRAM, PROGRAM)
    alone = [x for x in out.splitlines() if "only in" in x]
    check("boot -diff", "to main.main: A" in out and not alone, out)
    status, out, err = burrow("inspect", "boot", "-at", "main.absent", PROGRAM)
    check("boot -at: no such function", status == 1 and "no function main.absent" in err, err)
    status, out, err = burrow("inspect", "boot", "/bin/true")
    check("boot: a foreign program", status == 1 and "not a program built by Burrow" in err, err)


def check_html(pid):
    page = WORK / "page.html"
    inspect("heap", pid, "-html", "-o", page)
    text = page.read_text()
    check("html: complete and of one piece", text.startswith("<!doctype html>") and "main.record" in text and "</html>" in text)
    check("html: asks nobody", not re.search(r"""(src|href)=["']?(https?:)?//|@import|fetch\(|XMLHttpRequest""", text))
    inspect("boot", "-html", "-o", page, PROGRAM)
    text = page.read_text()
    check("html: the boot timeline", "runtime.schedinit" in text and "main.main" in text)


def check_sites():
    """Where the heap was allocated, of a program that counts every allocation."""
    program = built("sites", "sites.go")
    if not program:
        return
    with Running(program) as running:
        heap = view("heap", running.pid)
        page = inspect("heap", running.pid, "-width", 80)
        inspect("snapshot", running.pid, "-o", WORK / "sites.snapshot")
    check("sites: the rate", heap.get("profileRate") == 1, heap.get("profileRate"))
    by_place = {}
    for s in heap.get("sites", []):
        names = tuple(f["function"] for f in s["frames"][:3])
        by_place[names[:1], s["size"]] = by_place.get((names[:1], s["size"]), 0) + s["objects"]
        if names[:2] == ("main.keepLeaf", "main.main") and s["size"] == 112:
            check("sites: allocated and still there", s["objects"] == s["allocated"] == s["samples"] == 3000, s)
        if names[:1] == ("main.dropLeaf",):
            check("sites: allocated and gone", s["allocated"] == 500 and s["objects"] <= 1, s)
        if names[:1] == ("main.newHolder",):
            check("sites: an inlined function is named", s["frames"][0].get("inlined") and s["frames"][1]["function"] == "main.fill" and s["objects"] == 40, s)
    check("sites: over all callers", by_place.get((("main.keepLeaf",), 112)) == 3007, by_place)
    depths = sorted(sum(f["function"] == "main.twice" for f in s["frames"]) for s in heap.get("sites", []) if s["size"] == 112 and len(s["frames"]) > 1 and s["frames"][1]["function"] == "main.twice")
    check("sites: a recursion is a place for each depth", depths == list(range(1, 8)), depths)
    check("sites: page", "every allocation was counted" in page and re.search(r"3,000 of 112 B\n    main.keepLeaf sites.go:\d+\n    main.main sites.go:\d+", page), page[-1500:])
    again = view("heap", WORK / "sites.snapshot")
    check("sites: a snapshot has them", again.get("sites") == heap.get("sites"), len(again.get("sites", [])))


def check_unwind():
    """Stacks can be read wherever a program is interrupted."""
    program = built("unwind", "busy.go")
    if not program:
        return
    points = 100000 if os.environ.get("TEST_ALL") == "1" else 2000
    with Running(program) as running:
        status, out, err = burrow("inspect", "unwind", running.pid, "-top", points, timeout=600)
        # The last stop can bring more points than were still asked for: one from each thread.
        counts = re.match(r"([\d,]+) points in [\d,]+ stops: ([\d,]+) reach the goroutine's entry", out)
        taken, whole = (int(n.replace(",", "")) for n in counts.groups()) if counts else (0, 0)
        check("unwind: every stack ends in the goroutine's entry", status == 0 and whole == taken >= points, out + err)
        check("unwind: the program goes on", running.process.poll() is None)
        found = json.loads(inspect("unwind", running.pid, "-top", 50, "-json"))
        check("unwind -json", found["reached"] == found["points"] >= 50 and found["failed"] == [], found)
    status, out, err = burrow("inspect", "unwind", program)
    check("unwind: an executable does not run", status == 1 and "only a running process" in err, err)


def check_chromium():
    """The pages in a browser: nothing fails, every section is drawn, and nothing is asked of the network."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser or os.environ.get("TEST_ALL") != "1":
        print("skip the pages in a browser: " + ("only with --all" if browser else "chromium is not installed"))
        return

    def dom(page):
        # What the scripts left; an error becomes the title, since a browser without a window has no console that we could read.
        text = page.read_text()
        watched = page.with_suffix(".watched.html")
        watched.write_text(text.replace("<script>", "<script>addEventListener('error', e => document.documentElement.dataset.failed = e.message);</script><script>", 1))
        run = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
                              f"--user-data-dir={WORK / 'chromium'}", "--virtual-time-budget=4000", "--dump-dom", watched.as_uri()],
                             capture_output=True, text=True, timeout=120)
        return run.stdout

    program = WORK / "sites"
    burrow("build", "-o", program, HERE / "sites.go", timeout=900)
    page = WORK / "browser.html"
    with Running(program) as running:
        inspect("heap", running.pid, "-html", "-o", page)
    shown = dom(page)
    check("browser: no error", "data-failed" not in shown, re.findall(r'data-failed="[^"]*"', shown) or shown[-300:])
    heads = re.findall(r"<h2[^>]*>([^<]+)", shown)
    wanted = ["Heap", "Size classes", "Types", "Allocation sites", "Waits", "Goroutines", "Scheduler"]
    check("browser: all sections", [h for h in heads if h in wanted] == wanted and len(heads) == len(wanted) + 1, heads)
    check("browser: who retains how much", re.search(r"Objects that keep most alive</h3>.*?<td[^>]*>[\d.]+ [KM]?B</td>", shown, re.S))
    check("browser: allocation sites", re.search(r">3,0\d\d</td>(<td[^>]*>[^<]*</td>)+?<td[^>]*>main\.keepLeaf  sites\.go:\d+</td><td[^>]*>main\.main  sites\.go:", shown))
    check("browser: the map has a size", re.search(r'<canvas[^>]*height="[1-9]\d+"', shown), re.findall(r"<canvas[^>]*>", shown))
    shown = dom(WORK / "waits.html")
    check("browser: waits", "data-failed" not in shown and "14 for ever" in shown and "sync.Mutex" in shown, re.findall(r'data-failed="[^"]*"', shown) or shown[-300:])
    check("browser: goroutines lost alike are drawn once", shown.count(">5 × chan bool<") == 1 and shown.count(">5 goroutines: chan receive") == 1 and len(re.findall(r">main\.stuckAlike  waits\.go:\d+<", shown)) == 1, re.findall(r"stuckAlike[^<]*", shown))
    with Running(WORK / "busy") as running:
        inspect("heap", running.pid, "-sample", 5, "-top", 200, "-html", "-o", page)
    shown = dom(page)
    check("browser: the heap over time", "data-failed" not in shown and "Heap over time" in shown and len(re.findall(r'<path d="M[^"]{200,}"', shown)) >= 3 and "NaN" not in shown, shown[-300:])
    inspect("boot", "-html", "-o", page, program)
    shown = dom(page)
    check("browser: the boot's steps", "data-failed" not in shown and shown.count("<tr") > 20 and "runtime.schedinit" in shown, shown[-300:])


def check_pictures():
    """The pictures of the documentation can be made anew, and each that a page shows is there."""
    root = HERE.parent.parent
    for page in ("README.md", "docs/inspect.md"):
        for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (root / page).read_text()):
            path = root / page
            check(f"{page}: {name}", (path.parent / name).is_file() and (path.parent / name).stat().st_size < 150 << 10)
    if os.environ.get("TEST_ALL") != "1" or not any(shutil.which(b) for b in ("chromium", "chromium-browser", "google-chrome")):
        print("skip pictures made anew: only with --all, and with chromium")
        return
    made = WORK / "pictures"
    made.mkdir()
    run = subprocess.run([root / "docs/pictures/make", made], capture_output=True, text=True, timeout=600, env={**os.environ, "BURROW": BURROW})
    sizes = {p.name: p.stat().st_size for p in made.glob("*.png")}
    kept = {p.name for p in (root / "docs/pictures").glob("*.png")}
    check("pictures: made anew", run.returncode == 0 and set(sizes) == kept and all(10 << 10 < n < 150 << 10 for n in sizes.values()), (sizes, run.stderr))


def check_objdump():
    status, out, err = burrow("objdump", "-s", "^main.locker$", PROGRAM)
    lines = out.splitlines()
    check("objdump: a function's head", lines and lines[0] == f"TEXT main.locker(SB) {HERE / 'known.go'}", lines[:1])
    check("objdump: only what matches", out.count("TEXT") == 1)
    check("objdump: lines", all(re.match(r"  (known\.go:41|mutex\.go:\d+)\t+0x[0-9a-f]+\t+([0-9a-f]{2})+\t+\S", x) for x in lines[1:] if x), lines[1:3])
    check("objdump: names of what is called", "sync.(*Mutex).lockSlow" in out, out)
    status, out, err = burrow("objdump", "-S", "-s", "^main.locker$", PROGRAM)
    check("objdump -S: source", "func locker() { mu.Lock(); mu.Unlock() }" in out, out)
    status, out, err = burrow("objdump", "-s", "main.main$", PROGRAM)
    check("objdump: the type that is allocated", "type:main.node" in out and "runtime.newobject" in out or "type:main.record" in out, out[:200])
    status, out, err = burrow("objdump", "-s", "(", PROGRAM)
    check("objdump: a pattern that is none", status == 1 and "invalid regular expression" in err, err)


def check_errors(pid):
    def fails(what, wanted, *words):
        try:
            status, out, err = burrow("inspect", *words)
        except subprocess.TimeoutExpired:
            check(what, False, "it hangs")
            return
        check(what, status in (1, 2) and out == "" and wanted in err and err.count("\n") <= 2, (status, out, err))

    fails("no such process", "no such process", "heap", 999999)
    fails("a device is not replaced", "not a regular file", "snapshot", pid, "-o", os.devnull)
    fails("a process of another language", "not a program built by Burrow", "heap", os.getpid())
    fails("no such file", "no such file", "heap", WORK / "absent")
    fails("an executable is not running", "shows a running program", "heap", PROGRAM)
    fails("a foreign executable", "not a program built by Burrow", "size", "/bin/true")
    (WORK / "text").write_text("no program")
    fails("a text file", "neither an executable nor a core file", "heap", WORK / "text")
    (WORK / "empty").write_text("")
    fails("an empty file", "neither an executable nor a core file", "size", WORK / "empty")
    whole = PROGRAM.read_bytes()
    for part in (1, 64, 100, 5000, len(whole) // 2, len(whole) - 1):
        (WORK / "part").write_bytes(whole[:part])
        fails(f"an executable cut at {part}", "", "size", WORK / "part")
    snapshot = (WORK / "snapshot").read_bytes()
    for part in (1, 63, 64, 200, 5000, len(snapshot) // 2, len(snapshot) - 1):
        (WORK / "part").write_bytes(snapshot[:part])
        fails(f"a snapshot cut at {part}", "", "heap", WORK / "part")
    fails("an unknown view", "unknown view", "nonsense", pid)
    for words, wanted in (
        (("spans", "-state", "nonsense", pid), 'invalid value "nonsense" for flag -state: one of inuse, manual, '),
        (("spans", "-class", 999, pid), 'invalid value "999" for flag -class: size classes go from 0 (large objects) to 67'),
        (("spans", "-class", "x7", pid), 'invalid value "x7" for flag -class: not a number'),
        (("spans", "-size", "-3", pid), 'invalid value "-3" for flag -size'),
        (("spans", "-at", "0x10", pid), "no span is at 0x10"),
        (("spans", "-partial", "-full", pid), "-full does not go with -partial"),
        (("heap", "-sample", 0, pid), 'invalid value "0" for flag -sample'),
        (("heap", "-top", 3, pid), "-top says how many lines of -sample there are"),
        (("heap", "-sample", 5, "-html", pid), "-sample with -html needs -top"),
        (("heap", "-colour=perhaps", pid), 'invalid value "perhaps" for flag -colour'),
        (("heap", "-retained", pid), "heap takes no -retained"),
        (("heap", pid, "twelve"), 'heap takes one target: "twelve" is one too many'),
        (("goroutines", pid, pid), f'goroutines takes one target: "{pid}" is one too many'),
        (("heap", "-json", "-html", pid), "-html does not go with -json"),
        (("spans", "-html", "-state", "large", pid), "-state does not go with -html"),
        (("goroutines", "-group", "-json", pid), "-group does not go with -json"),
        (("objects", "-keep", "0x10", "-json", pid), "-json does not go with -keep"),
        (("sched", "-dot", pid), "sched takes no -dot"),
        (("what", pid, "0x10", "-json"), "what takes no -json"),
        (("what", pid, "main.x"), '"main.x" is no address'),
        (("what", pid), "which address"),
        (("pcsp", PROGRAM, "-json"), "pcsp takes no -json"),
        (("pcsp", PROGRAM, "-check", "main.main"), '"main.main" is one too many'),
        (("size", PROGRAM, "-html"), "size takes no -html"),
        (("types", PROGRAM, "-match", "no.such"), 'no type with "no.such" in its name'),
        (("types", PROGRAM, "-match="), 'invalid value "" for flag -match'),
        (("leak", WORK / "snapshot"), "which two snapshots"),
        (("leak", WORK / "snapshot", WORK / "snapshot", WORK / "third"), "third\" is one too many"),
        (("leak", WORK / "snapshot", WORK / "absent"), "absent: "),
        (("leak", WORK / "absent", WORK / "snapshot"), "absent: "),
        (("leak", WORK / "snapshot", PROGRAM), "no heap to look at"),
        (("boot", "-diff", PROGRAM), "which two executables"),
        (("boot", "-diff", PROGRAM, PROGRAM, "third"), '"third" is one too many'),
        (("boot", "-json", "-html", PROGRAM), "-html does not go with -json"),
        (("boot",), "which executable"),
        (("unwind", "-top", 0, pid), 'invalid value "0" for flag -top'),
        (("snapshot", pid), "-o file is missing"),
        (("heap", "-width"), "flag needs an argument: -width"),
    ):
        fails("usage: " + " ".join(str(w).rsplit("/", 1)[-1] for w in words if w != pid), wanted, *words)
    fails("an unknown flag", "flag provided but not defined: -x", "heap", "-x", pid)
    fails("a goroutine that is not there", "no goroutine 77777", "goroutines", "-g", 77777, pid)
    fails("a function that is not there", "no function", "pcsp", PROGRAM, "main.absent")
    fails("an address that is nothing", "nothing is known", "what", pid, "0x10")
    with Running(PROGRAM) as gone:
        pid = gone.pid
    fails("a process that has ended", "no such process", "goroutines", pid)
    if os.getuid() == 0 and shutil.which("setpriv"):
        with Running(PROGRAM) as ours:
            run = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all", BURROW, "inspect", "heap", str(ours.pid)],
                                 capture_output=True, text=True)
            check("somebody else's process", run.returncode == 1 and ("permission" in run.stderr.lower()), run.stderr)
    # What a damaged file calls its sections is not sent to the terminal as it is.
    (WORK / "broken").write_bytes(whole.replace(b".data.rel.ro\0", b".\x1b[2J\x9b\xc3n\xc2\x9bro\0"))
    run = subprocess.run([BURROW, "inspect", "size", WORK / "broken"], capture_output=True, timeout=60)
    status, out, err = burrow("inspect", "size", "-json", WORK / "broken")
    check("names with control bytes -json", ".\x1b[2J\ufffd\ufffdn\x9bro" in json.loads(out)["sections"], out[:600])
    check("names with control bytes", rb".\x1b[2J\x9b\xc3n\xc2\x9b" in run.stdout and b"\x1b" not in run.stdout, run)
    # Bytes changed at random: any answer is good, a crash is not.
    import random
    for seed in range(30):
        chance = random.Random(seed)
        broken = bytearray(snapshot if seed % 2 else whole)
        for _ in range(200):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        for _ in range(20):
            broken[chance.randrange(4096 if seed % 3 else 64, 8192)] = chance.randrange(256)
        (WORK / "broken").write_bytes(broken)
        for name in ("heap", "goroutines") if seed % 2 else ("size", "pcsp", "inits"):
            status, out, err = burrow("inspect", name, WORK / "broken")
            if status < 0 or status > 2:
                shutil.copy(WORK / "broken", WORK / f"crash-{seed}")
                check(f"damaged file {seed}: {name}", False, (status, err))
                break
        else:
            print(f"ok damaged file {seed}")


def core_of(pid_program):
    """A core of the program as the kernel writes it, or None where it does not write any here."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if pattern.startswith("|") or "/" in pattern:
        return None
    folder = WORK / "core"
    folder.mkdir(exist_ok=True)
    run = subprocess.Popen([PROGRAM], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                           env={**os.environ, "GOTRACEBACK": "crash"}, stderr=subprocess.DEVNULL,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
    facts = {}
    for line in run.stdout:
        if line == "ready\n":
            break
        name, _, value = line.strip().partition(" ")
        facts[name] = value
    run.send_signal(6)
    run.wait(60)  # before its input ends: then it would end by itself
    run.communicate()
    found = list(folder.glob("core*"))
    return (found[0], facts) if found else None


def main():
    status, out, err = burrow("build", "-o", PROGRAM, HERE / "known.go", timeout=900)
    if status != 0:
        check("build", False, err)
        return
    with Running(PROGRAM) as program:
        all_of("process", program.pid, program.facts)
        check_text(program.pid)
        check_html(program.pid)
        check_gdb(program.pid)
        check_live(program.pid)
        status, out, err = burrow("inspect", "snapshot", program.pid, "-o", WORK / "snapshot")
        check("snapshot is written", status == 0 and "held up" in err, err)
        inspect("snapshot", program.pid, "-live", "-o", WORK / "live")
        live = view("heap", WORK / "live")
        check_heap("live snapshot", live)
        check_goroutines("live snapshot", view("goroutines", WORK / "live"), int(program.facts["goroutines"]))
        # Every span that objects can lie in is partial, full or empty.
        parts = [{s["start"] for s in view("spans", WORK / "live", "-" + f)["spans"]} for f in ("partial", "full", "empty")]
        every = {s["start"] for s in live["spans"] if s["state"] == "inuse"}
        check("spans: partial, full and empty ones are all", set.union(*parts) == every and sum(map(len, parts)) == len(every), [len(p) for p in parts])
        check_errors(program.pid)
        facts = program.facts
        check("the process lives", program.process.poll() is None)
        program.process.stdin.write("\n")
        program.process.stdin.flush()
        check("and ends as if nothing had been", program.process.wait(10) == 0)
    os.rename(PROGRAM, WORK / "moved")  # a snapshot needs no program
    all_of("snapshot", WORK / "snapshot", facts)
    os.rename(WORK / "moved", PROGRAM)
    if core := core_of(PROGRAM):
        path, facts = core
        check_heap("core", view("heap", path))
        check("core: goroutines", len(view("goroutines", path)["goroutines"]) >= int(facts["goroutines"]))
        (WORK / "part").write_bytes(path.read_bytes()[:-4096])
        status, out, err = burrow("inspect", "heap", WORK / "part")
        check("core: truncated", status == 1 and "truncated core file" in err, err)
    else:
        print("skip core: the kernel gives cores to a program here")
    # Stripped programs are looked into all the same.
    stripped = WORK / "stripped"
    status, out, err = burrow("build", "-ldflags=-s -w", "-o", stripped, HERE / "known.go", timeout=900)
    with Running(stripped) as program:
        check_heap("stripped", view("heap", program.pid))
        check_goroutines("stripped", view("goroutines", program.pid), int(program.facts["goroutines"]))
    check_programs()
    check_objdump()
    check_boot()
    check_leak()
    check_marking()
    check_waits()
    check_ending()
    check_sites()
    check_unwind()
    check_stop()
    check_http_tables()
    check_chromium()
    check_pictures()


if len(sys.argv) > 3:
    for name in sys.argv[3:]:
        globals()[name]()
else:
    main()
