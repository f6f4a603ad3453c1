"""grown.py PROGRAM: `next` at a function's first instruction when its frame does not fit any more.

The check of the stack then calls __morestack, which gdb takes for another function; the words that the program brings for gdb
(runtime/describe/burrow_gdb.py) go on to the body. They do so once gdb waits for the next command, so this is a dialogue with a
gdb that reads from a pipe. Prints a line `ok ...` or `FAIL ...` per check.
"""

import re
import subprocess
import sys
import threading

# The stack's limit (abi/thread_area.h), set above every stack, is what a preempted goroutine finds.
BEGIN = ["set pagination off", "set confirm off", "break main.area", "run", "set language c", "set {unsigned long}($fs_base + 0x70) = 0x7fffffffffffffff", "set language auto", "next"]


def main():
    gdb = subprocess.Popen(["gdb", "-nx", "-q", "-iex", "set auto-load safe-path /", "--args", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    limit = threading.Timer(90, gdb.kill)
    limit.start()
    said = ""

    def until(pattern):
        nonlocal said
        while not re.search(pattern, said) and (char := gdb.stdout.read(1)):
            said += char
        found = re.search(pattern, said) is not None
        said = ""
        return found

    def ask(command):
        gdb.stdin.write(command + "\n")
        gdb.stdin.flush()

    for command in BEGIN:
        ask(command)
    good = until(r"Temporary breakpoint \d+, (0x\w+ in )?main\.area")
    print("ok next goes on when the stack grows" if good else "FAIL next does not go on when the stack grows")
    ask("info line")
    good = good and until(r"Line 1[23] of ")
    print("ok and ends at the next line" if good else "FAIL and does not end at the next line")
    ask("kill")
    ask("quit")
    gdb.wait()
    limit.cancel()


main()
