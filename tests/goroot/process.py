"""Running a program with limits: time for its whole process group, memory, size of what it writes."""

import os
import resource
import signal
import subprocess
import tempfile

OUTPUT_LIMIT = 256 << 20
KEPT_LIMIT = 64 << 20


class Outcome:
    """How a program ended: its exit status (negative: killed by that signal), its output, and whether time was up."""

    def __init__(self, status, output, timed_out):
        self.status = status
        self.output = output
        self.timed_out = timed_out

    @property
    def ok(self):
        return self.status == 0 and not self.timed_out

    @property
    def text(self):
        return self.output.decode("utf-8", "replace")

    def describe(self):
        """One line for a list of failures."""
        if self.timed_out:
            return "time limit exceeded"
        if self.status < 0:
            how = f"killed by {signal.Signals(-self.status).name}"
        else:
            how = f"exit status {self.status}"
        lines = [line for line in self.text.split("\n") if line.strip() and not line.startswith("#")]
        return f"{how}: {lines[0].strip()}" if lines else how


def run(command, seconds, memory_mb, folder, environment):
    """Runs a command; standard output and error come back as one, in the order written."""

    def limits():
        # Data, not address space: reserving much costs nothing, touching it does.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            cwd=folder, env=environment, start_new_session=True, preexec_fn=limits)
        timed_out = False
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
        # What the program left running goes too.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        process.wait()
        output.seek(0)
        return Outcome(process.returncode, output.read(KEPT_LIMIT), timed_out)
