"""gdb's words for Go programs that Burrow built: goroutines, and values as Go writes them.

The file is part of every executable that has debug information (section .debug_gdb_scripts), so gdb loads it by itself
from programs that its auto-load safe-path allows: add-auto-load-safe-path /path/to/program.

  info goroutines          all goroutines: state, since when, where
  goroutine N COMMAND      a gdb command in goroutine N's frames: goroutine 7 backtrace; `all` for each of them
  printers                 strings, slices, interfaces, type descriptors
"""

import gdb
import gdb.printing

SAVED = 7 * 8  # what a goroutine that does not run has on its stack: six registers, the return address
GSCAN = 0x1000
STATES = {0: "idle", 1: "runnable", 2: "running", 3: "syscall", 4: "waiting", 6: "dead", 9: "preempted"}


def root(name):
    return gdb.parse_and_eval("'runtime.%s'" % name)


def atomic(value):
    return int(value["value"])


def word(address):
    return int.from_bytes(gdb.selected_inferior().read_memory(address, 8), "little")


def goroutines():
    g = root("allgs")
    while int(g) != 0:
        if atomic(g["atomicstatus"]) & ~GSCAN not in (0, 6):
            yield g
        g = g["alllink"]


def state(g):
    status = atomic(g["atomicstatus"]) & ~GSCAN
    if status == 4 and int(g["waitreason"]) != 0:
        try:
            texts = int(gdb.parse_and_eval("(unsigned long)&'runtime.waitReasonStrings'"))
            return bytes(gdb.selected_inferior().read_memory(word(texts + 8 * int(g["waitreason"])), 64)).split(b"\0")[0].decode()
        except gdb.error:
            return "waiting"
    return STATES.get(status, "?")


def place(g):
    """(pc, sp, bp) of a goroutine that does not run now; None for one that does."""
    status = atomic(g["atomicstatus"]) & ~GSCAN
    if status == 2:
        return None
    if status == 3:
        return int(g["syscallpc"]), int(g["syscallsp"]), 0
    sp = int(g["sched"]["sp"])
    return word(sp + 48), sp + SAVED, word(sp + 40)


def where(g):
    at = place(g)
    if at is None:
        return "running on a thread"
    pc = at[0] - 1
    block, line = gdb.block_for_pc(pc), gdb.find_pc_line(pc)
    while block and not block.function:
        block = block.superblock
    name = go_name(block.function.name) if block else hex(pc)
    return "%s (%s:%d)" % (name, line.symtab.filename.rpartition("/")[2], line.line) if line.symtab else name


def go_name(name):
    """The runtime's C++ functions under Go's names."""
    if not name.startswith("burrow::rt::"):
        return name
    name = name[len("burrow::rt::") :].replace("(anonymous namespace)::", "")
    return "runtime." + name.partition("(")[0].replace("::", ".")


def started(g):
    block = gdb.block_for_pc(int(g["startpc"]))
    while block and not block.function:
        block = block.superblock
    return go_name(block.function.name) if block else "?"


def thread_of(g):
    machine = g["m"]
    if int(machine) == 0:
        return None
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] == int(machine["procid"]):
            return thread
    return None


class InfoGoroutines(gdb.Command):
    """List the goroutines: number, state, where. * marks those that run."""

    def __init__(self):
        super().__init__("info goroutines", gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        for g in sorted(goroutines(), key=lambda g: int(g["goid"])):
            if bool(g["issystem"]) and argument.strip() != "all":
                continue
            running = "*" if place(g) is None else " "
            print("%s %d %s  %s  started as %s" % (running, int(g["goid"]), state(g), where(g), started(g)))


class Goroutine(gdb.Command):
    """goroutine N COMMAND: run a command in the frames of goroutine N; `goroutine all COMMAND` in those of each."""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        which, _, command = argument.strip().partition(" ")
        if not command:
            raise gdb.GdbError("usage: goroutine N COMMAND")
        found = False
        for g in list(goroutines()):
            if which != "all" and int(g["goid"]) != int(which):
                continue
            found = True
            if which == "all":
                print("\ngoroutine %d [%s]:" % (int(g["goid"]), state(g)))
            self.run(g, command)
        if not found:
            raise gdb.GdbError("no goroutine %s" % which)

    def run(self, g, command):
        at = place(g)
        thread, frame = gdb.selected_thread(), gdb.selected_frame()
        if at is None:
            other = thread_of(g)
            if other is not None:
                other.switch()
            gdb.execute(command)
            thread.switch()
            frame.select()
            return
        gdb.newest_frame().select()
        saved = [int(gdb.parse_and_eval("(unsigned long)$" + r)) for r in ("pc", "sp", "rbp")]
        try:
            for register, value in zip(("sp", "rbp", "pc"), (at[1], at[2], at[0])):
                gdb.execute("set $%s = %d" % (register, value), to_string=True)
            gdb.execute(command)
        finally:
            gdb.newest_frame().select()
            for register, value in zip(("sp", "rbp", "pc"), (saved[1], saved[2], saved[0])):
                gdb.execute("set $%s = %d" % (register, value), to_string=True)
            frame.select()


def fields(value):
    return [f.name for f in value.type.strip_typedefs().fields()]


class StringPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        n = int(self.value["len"])
        return self.value["str"].string("utf-8", "replace", n) if 0 < n < 1 << 24 else ""

    def display_hint(self):
        return "string"


class SlicePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "%s len %d cap %d" % (self.value.type.name, int(self.value["len"]), int(self.value["cap"]))

    def children(self):
        for i in range(min(int(self.value["len"]), 200)):
            yield "[%d]" % i, (self.value["array"] + i).dereference()

    def display_hint(self):
        return "array"


def go_type_name(descriptor):
    """The text of the type whose descriptor lies there."""
    if descriptor == 0:
        return "nil"
    at = int.from_bytes(gdb.selected_inferior().read_memory(descriptor + 40, 4), "little")
    flags = bytes(gdb.selected_inferior().read_memory(descriptor + 20, 1))[0]
    data = bytes(gdb.selected_inferior().read_memory(at + 1, 128))
    n = i = 0
    while True:
        n |= (data[i] & 0x7F) << (7 * i)
        i += 1
        if data[i - 1] < 0x80:
            break
    text = data[i : i + n].decode("utf-8", "replace")
    return text[1:] if flags & 2 and text.startswith("*") else text


class InterfacePrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        names = fields(self.value)
        if "_type" in names:
            descriptor = int(self.value["_type"])
        else:
            tab = int(self.value["tab"])
            descriptor = word(tab + 8) if tab else 0
        if descriptor == 0:
            return "nil"
        return "%s(%s)" % (go_type_name(descriptor), hex(int(self.value["data"])))


def lookup(value):
    kind = value.type.strip_typedefs()
    if kind.code != gdb.TYPE_CODE_STRUCT:
        return None
    names = [f.name for f in kind.fields()]
    if names == ["str", "len"]:
        return StringPrinter(value)
    if names == ["array", "len", "cap"]:
        return SlicePrinter(value)
    if names in (["_type", "data"], ["tab", "data"]):
        return InterfacePrinter(value)
    return None


lookup.__name__ = "burrow"
objfile = gdb.current_objfile()
if objfile is not None:
    if not any(getattr(p, "__name__", "") == "burrow" for p in objfile.pretty_printers):
        objfile.pretty_printers.append(lookup)
elif not any(getattr(p, "__name__", "") == "burrow" for p in gdb.pretty_printers):
    gdb.pretty_printers.append(lookup)
InfoGoroutines()
Goroutine()
