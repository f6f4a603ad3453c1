"""gdb's words for Go programs that Burrow built: goroutines, and values as Go writes them.

The file is part of every executable that has debug information (section .debug_gdb_scripts), so gdb loads it by itself
from programs that its auto-load safe-path allows: add-auto-load-safe-path /path/to/program.

  info goroutines          all goroutines: state, since when, where
  goroutine N COMMAND      a gdb command in goroutine N's frames: goroutine 7 backtrace; `all` for each of them
  printers                 strings, slices, maps, channels, interfaces with what is in them
  next, step               go on when the stack grows where they are (else they would end in __morestack)

tool.cpp embeds it between three single quotes, so these must not occur here.
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


def image_base():
    """What 32-bit offsets in descriptors count from: only position-independent executables have that entry."""
    try:
        gdb.parse_and_eval("&_rt0_amd64_linux_pie")
    except gdb.error:
        return 0
    return int(gdb.parse_and_eval("&__ehdr_start"))


def go_type_name(descriptor):
    """The text of the type whose descriptor lies there."""
    if descriptor == 0:
        return "nil"
    at = image_base() + int.from_bytes(gdb.selected_inferior().read_memory(descriptor + 40, 4), "little")
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


def target_name(value):
    """Maps and channels are pointers, whose names gdb drops: that of the target, without what sets it apart."""
    return value.type.strip_typedefs().target().name.rpartition(".")[0]


class MapPrinter:
    """Elements in the order of the groups, which is not the order in which `range` visits them."""

    LIMIT = 200

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "%s len %d" % (target_name(self.value), int(self.value["used"]) if int(self.value) else 0)

    def groups(self):
        group = self.value["dirPtr"]
        if int(group) == 0:
            return
        if int(self.value["dirLen"]) == 0:
            yield group
            return
        last = 0
        for i in range(int(self.value["dirLen"])):
            table = word(int(group) + 8 * i)
            if table != last:  # places that share a table are neighbours
                first, mask = word(table + 16), word(table + 24)
                at = gdb.Value(first).cast(group.type)
                for n in range(mask + 1):
                    yield at + n
            last = table

    def children(self):
        if int(self.value) == 0:
            return
        n = 0
        for group in self.groups():
            control = int(group["ctrl"])
            for i in range(8):
                if control >> (8 * i) & 0x80:
                    continue
                slot = group["slots"][i]
                for part in ("key", "elem"):
                    yield "%d" % n, slot[part]
                    n += 1
                if n >= 2 * self.LIMIT:
                    return

    def display_hint(self):
        return "map"


class ChanPrinter:
    """The elements that wait in the buffer are in it from recvx on; only the runtime's own type knows recvx."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        if int(self.value) == 0:
            return "nil"
        return "%s len %d cap %d" % (target_name(self.value), int(self.value["qcount"]), int(self.value["dataqsiz"]))

    def children(self):
        if int(self.value) == 0:
            return
        size, buffer = int(self.value["dataqsiz"]), self.value["buf"]
        channel = self.value.cast(gdb.lookup_type("burrow::rt::HChan").pointer())
        for i in range(min(int(self.value["qcount"]), 200)):
            yield "[%d]" % i, (buffer + (int(channel["recvx"]) + i) % size).dereference()

    def display_hint(self):
        return "array"


def dynamic_value(descriptor, data):
    """What an interface holds, as a value of its own type; None where the debug information does not know that type."""
    symbol = gdb.execute("with print demangle off -- info symbol %d" % descriptor, to_string=True)
    name = symbol.partition(" in section ")[0]
    if not name.startswith("type:"):
        return None
    name, stars = name[len("type:") :], 0
    while name.startswith("*"):
        name, stars = name[1:], stars + 1
    try:
        kind = gdb.lookup_type("struct " + name)  # gdb keeps names of structures and of other types apart
    except gdb.error:
        try:
            kind = gdb.lookup_type(name)
        except gdb.error:
            return None
    for _ in range(stars):
        kind = kind.pointer()
    if kind.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        return data.cast(kind)
    return data.cast(kind.pointer()).dereference()


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
        value = dynamic_value(descriptor, self.value["data"])
        shown = hex(int(self.value["data"]))
        if value is not None:
            kind = value.type.strip_typedefs()
            behind = kind.code == gdb.TYPE_CODE_PTR and kind.target().strip_typedefs().code == gdb.TYPE_CODE_STRUCT
            if behind and lookup(value) is None and int(value):
                try:
                    shown = "&" + value.dereference().format_string(max_depth=2)
                except gdb.MemoryError:
                    pass
            else:
                shown = value.format_string()
        return "%s(%s)" % (go_type_name(descriptor), shown)


class GonePrinter:
    """A value of which the optimiser has kept only a part, or nothing."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        known = ["%s = %s" % (f, self.value[f].format_string()) for f in fields(self.value) if not self.value[f].is_optimized_out]
        return "<optimized out%s>" % (", but for " + ", ".join(known) if known else "")


def lookup(value):
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_PTR:
        target = kind.target().strip_typedefs()
        if target.code != gdb.TYPE_CODE_STRUCT:
            return None
        names = [f.name for f in target.fields()][:4]
        if names == ["used", "seed", "dirPtr", "dirLen"]:
            return MapPrinter(value)
        if names == ["qcount", "dataqsiz", "buf"]:
            return ChanPrinter(value)
        return None
    if kind.code != gdb.TYPE_CODE_STRUCT:
        return None
    names = [f.name for f in kind.fields()]
    if len(names) in (2, 3) and names[-1] in ("len", "cap", "data") and any(value[n].is_optimized_out for n in names):
        return GonePrinter(value)
    if names == ["str", "len"]:
        return StringPrinter(value)
    if names == ["array", "len", "cap"]:
        return SlicePrinter(value)
    if names in (["_type", "data"], ["tab", "data"]):
        return InterfacePrinter(value)
    return None


def grown(event):
    """The check of a function's stack has called __morestack: the body begins behind the byte that it would return to."""
    if type(event) is not gdb.StopEvent:
        return
    frame = gdb.newest_frame()
    symbol = frame.name() or ""
    if symbol.startswith("__morestack") and frame.pc() == int(gdb.parse_and_eval("&'%s'" % symbol)):
        body = word(int(frame.read_register("rsp"))) + 1
        gdb.post_event(lambda: (gdb.execute("tbreak *%#x" % body, to_string=True), gdb.execute("continue")))


lookup.__name__ = "burrow"
objfile = gdb.current_objfile()
if objfile is not None:
    if not any(getattr(p, "__name__", "") == "burrow" for p in objfile.pretty_printers):
        objfile.pretty_printers.append(lookup)
elif not any(getattr(p, "__name__", "") == "burrow" for p in gdb.pretty_printers):
    gdb.pretty_printers.append(lookup)
gdb.events.stop.connect(grown)
InfoGoroutines()
Goroutine()
