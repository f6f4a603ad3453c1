"""The two compilers that the tests can be put to: Burrow's driver, and gc (which checks the runner itself).

Both offer the same few operations, so that the recipes do not know which one they speak to. `compile` checks and
translates without linking: with gc that is its compiler by itself, as Go's harness calls it; Burrow builds and discards.
"""

import os
import subprocess
from pathlib import Path

import process

NO_MAIN = "function main is undeclared in the main package"


class Toolchain:
    def __init__(self, goroot, seconds, memory_mb):
        self.goroot = goroot
        self.test = goroot / "test"
        self.seconds = seconds
        self.memory_mb = memory_mb
        self.environment = dict(os.environ, GOENV="off", GOFLAGS="", GOROOT=str(goroot), GOTOOLCHAIN="local",
                                CGO_ENABLED="0", GO111MODULE="", GOPROXY="off",
                                PATH=f"{goroot}/bin:{os.environ['PATH']}")

    def execute(self, case, command, folder, extra=None):
        """Runs a command under the test's limits and with what its recipe says about the environment."""
        environment = dict(self.environment, PWD=str(folder), **(extra or {}))
        if case.experiments:
            environment["GOEXPERIMENT"] = ",".join(case.experiments)
        if case.godebug:
            environment["GODEBUG"] = ",".join(case.godebug)
        return process.run(command, max(self.seconds, case.time_limit), self.memory_mb, folder, environment)


class Burrow(Toolchain):
    """Everything through `burrow build`."""

    def __init__(self, driver, goroot, seconds, memory_mb):
        super().__init__(goroot, seconds, memory_mb)
        self.driver = str(driver)
        self.environment["BURROW_GOROOT"] = str(goroot)

    def prepare(self):
        pass

    @staticmethod
    def build_flags(flags):
        """Flags of gc's compiler are handed to ours as -gcflags; flags of the go command stay as they are."""
        own = [flag for flag in flags if flag.split("=")[0] in ("-gcflags", "-ldflags", "-tags", "-race")]
        inner = [flag for flag in flags if flag not in own and not flag.startswith(("-d=panic", "-d=ssa/check"))]
        return own + (["-gcflags=" + " ".join(inner)] if inner else [])

    def build(self, case, exe, files, folder, flags):
        return self.execute(case, [self.driver, "build", *self.build_flags(flags), "-o", exe, *files], folder)

    def compile(self, case, files, folder, flags, temporary):
        """Checks and compiles the files of one package, all errors shown."""
        outcome = self.build(case, temporary / "discarded", files, folder, ["-e", *flags])
        messages = [line for line in outcome.text.split("\n") if line.strip()]
        # gc leaves this complaint to its linker, which these tests never reach.
        if outcome.status > 0 and len(messages) == 1 and NO_MAIN in messages[0]:
            return process.Outcome(0, b"", False)
        return outcome

    def compile_package(self, case, module, package, flags, temporary):
        """Compiles one package (a folder) of a module."""
        return self.compile(case, ["./" + package], module, flags, temporary)

    def link_package(self, case, module, package, exe, flags):
        return self.build(case, exe, ["./" + package], module, flags)


class Gc(Toolchain):
    """gc: the compiler and the linker directly where Go's harness does that, the go command elsewhere."""

    def __init__(self, go, goroot, seconds, memory_mb, cache):
        super().__init__(goroot, seconds, memory_mb)
        self.go = str(go)
        self.import_config = cache / "goroot-importcfg"

    def prepare(self):
        """Compiles the standard library once and notes where its packages are."""
        template = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}"
        listed = subprocess.run([self.go, "list", "-export", "-f", template, "std"], env=self.environment,
                                capture_output=True, text=True, check=True)
        self.import_config.parent.mkdir(parents=True, exist_ok=True)
        self.import_config.write_text(listed.stdout)

    def build(self, case, exe, files, folder, flags):
        if not flags and not case.experiments and not case.godebug and all(str(f).endswith(".go") for f in files):
            object_file = Path(str(exe) + ".o")
            outcome = self.execute(case, [self.go, "tool", "compile", "-p=main", f"-importcfg={self.import_config}",
                                          "-o", object_file, *files], folder)
            if outcome.ok:
                outcome = self.execute(case, [self.go, "tool", "link", "-s", "-w", "-o", exe,
                                              f"-importcfg={self.import_config}", object_file], folder)
            return outcome
        return self.execute(case, [self.go, "build", *flags, "-o", exe, *files], folder)

    def compile(self, case, files, folder, flags, temporary):
        return self.execute(case, [self.go, "tool", "compile", "-p=p", "-d=panic", "-C", "-e",
                                   f"-importcfg={self.import_config}", "-o", temporary / "discarded.o", *flags, *files],
                            folder)

    def compile_package(self, case, module, package, flags, temporary):
        command = [self.go, "build", "-gcflags=" + " ".join(["-e", "-C", *flags]), "-o", os.devnull, "./" + package]
        return self.execute(case, command, module)

    def link_package(self, case, module, package, exe, flags):
        inner = [flag for flag in flags if not flag.startswith("-ldflags")]
        outer = [flag for flag in flags if flag.startswith("-ldflags")]
        return self.execute(case, [self.go, "build", "-gcflags=" + " ".join(inner), *outer, "-o", exe, "./" + package],
                            module)
