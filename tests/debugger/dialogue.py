"""What the dialogues with gdb begin with: settings under which gdb neither asks nor decorates, and a line per check."""

import gdb


def check(good, text):
    print(("ok " if good else "FAIL ") + text)


def quietly(command):
    """What gdb answers, not printed."""
    return gdb.execute(command, to_string=True)


# Names that look like another language's (main.first as Ada's) are shown as they are.
for setting in ("pagination off", "print demangle off", "confirm off", "breakpoint pending off", "print thread-events off"):
    quietly("set " + setting)
