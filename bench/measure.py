"""One run of a program: how it ended, wall and processor seconds, peak resident kilobytes (measure.c)."""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_helper = None


def _built():
    global _helper
    if _helper is None:
        folder = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _helper = f"{folder}/measure"
        subprocess.run(["cc", "-O1", "-static", "-o", _helper, str(Path(__file__).with_name("measure.c"))], check=True)
    return _helper


def run(argv, output, environment=None):
    """(exit status as os.waitstatus_to_exitcode has it, wall, processor time, kilobytes); `output`, a descriptor, gets what the program
    says."""
    helper = _built()
    out, sink = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2), (os.POSIX_SPAWN_DUP2, sink, 3)]
    child = os.posix_spawn(helper, [helper, *argv], os.environ if environment is None else environment, file_actions=actions)
    os.close(sink)
    with os.fdopen(out) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0 or not text:
        raise SystemExit(f"{argv[0]} could not be run")
    status, wall, cpu, kilobytes = text.split()
    return os.waitstatus_to_exitcode(int(status)), float(wall), float(cpu), int(kilobytes)
