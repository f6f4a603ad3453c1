"""The two compilers that the tests can be put to: Burrow's driver, and gc (which checks the runner itself).

Both offer the same few operations, so that the recipes do not know which one they speak to. `compile` checks and
translates without linking: with gc that is its compiler by itself, as Go's harness calls it; Burrow builds and discards.
"""

import os
import re
import subprocess
from pathlib import Path

import process

NO_MAIN = "function main is undeclared in the main package"
NOT_LINKED = re.compile(r": relocation target \S*?(\w+) not defined$")
NO_BODY = re.compile(r"(?m)^func\s+(\w+)\s*\((?:(?! \{).)*$")
INTERNAL_IMPORT = re.compile(r'(?m)^\s*(?:import\s+)?(?:[\w.]+\s+)?"internal/')
LOCAL_IMPORT = re.compile(r'(?m)^(\s*(?:import\s+)?(?:[\w.]+\s+)?)"\./([^"]+)"')


class Toolchain:
    environments = [{}]  # a program is run in each

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
            environment["GODEBUG"] = ",".join([*case.godebug, *filter(None, [environment.get("GODEBUG")])])
        # Generated programs are tens of thousands of lines long.
        seconds = self.seconds * (5 if case.directive == "runoutput" else 1)
        # The runtime's checking modes collect garbage all the time.
        if extra and "GODEBUG" in extra:
            seconds *= 5
        return process.run(command, max(seconds, case.time_limit), self.memory_mb, folder, environment)


class Burrow(Toolchain):
    """Everything through `burrow build`."""

    def __init__(self, driver, goroot, seconds, memory_mb, always=(), flags=()):
        super().__init__(goroot, seconds, memory_mb)
        self.driver = str(driver)
        self.always = list(always)
        self.flags = list(flags)
        self.environment["BURROW_GOROOT"] = str(goroot)

    def prepare(self):
        pass

    def build_flags(self, flags):
        """Flags of gc's compiler are handed to ours as -gcflags; flags of the go command stay as they are."""
        own = [flag for flag in flags if flag.split("=")[0] in ("-gcflags", "-ldflags", "-tags", "-race")]
        inner = [flag for flag in flags if flag not in own and not flag.startswith(("-d=panic", "-d=ssa/check"))]
        inner = self.always + inner
        own = [flag + " " + " ".join(inner) if inner and flag.startswith("-gcflags=") else flag for flag in own]
        return own + (["-gcflags=" + " ".join(inner)] if inner and not any("-gcflags=" in flag for flag in own) else [])

    def build(self, case, exe, files, folder, flags):
        return self.execute(case, [self.driver, "build", *self.flags, *self.build_flags(flags), "-o", exe, *files], folder)

    def build_any(self, case, exe, files, folder, flags):
        """Builds a package that need not be a program."""
        return self.build(case, exe, files, folder, flags)

    def compile(self, case, files, folder, flags, temporary):
        """Checks and compiles the files of one package, all errors shown."""
        # Three complaints that gc's compiler by itself does not have: its linker and its go command make them.
        alone = [] if "-complete" in flags else ["-complete=false"]
        if any(INTERNAL_IMPORT.search(Path(folder, file).read_text(errors="replace")) for file in files
               if str(file).endswith(".go")):
            alone.append("-std")
        outcome = self.build(case, temporary / "discarded", files, folder, ["-e", *alone, *flags])
        # Of what the linker misses: main, and functions that are declared without a body.
        sources = [f for file in files for f in (sorted(Path(folder).rglob("*.go")) if Path(folder, file).is_dir() else [Path(folder, file)])]
        bodiless = {name for f in sources if f.suffix == ".go" for name in NO_BODY.findall(f.read_text(errors="replace"))}
        lines = [line for line in outcome.text.split("\n") if not line.endswith(NO_MAIN) and
                 not ((missing := NOT_LINKED.search(line)) and missing[1] in bodiless)]
        output = "\n".join(lines)
        if outcome.status > 0 and all(not line.strip() or line.startswith("#") for line in lines):
            return process.Outcome(0, b"", outcome.timed_out)
        return process.Outcome(outcome.status, output.encode(), outcome.timed_out)

    def lay_out(self, packages, temporary):
        """Writes the packages down as a module: `import "./a"` becomes `import "test/a"`, which is also gc's path."""
        module = temporary / "module"
        module.mkdir()
        (module / "go.mod").write_text("module test\n\ngo 1.27\n")
        for folder, _, files in packages:
            (module / folder).mkdir()
            for file in files:
                text = file.read_bytes().decode("utf-8", "surrogateescape")
                text = LOCAL_IMPORT.sub(r'\1"test/\2"', text)
                # A name that ends in _test.go would not be built.
                name = file.stem + "_.go" if file.stem.endswith("_test") else file.name
                (module / folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        return module

    def compile_package(self, case, module, package, flags, temporary):
        return self.compile(case, ["./" + package[0]], module, flags, temporary)

    def link_package(self, case, module, package, exe, flags, link_flags):
        link_flags = ["-ldflags=" + " ".join(link_flags)] if link_flags else []
        return self.build(case, exe, ["./" + package[0]], module, flags + link_flags)


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
        self.environment["STDLIB_IMPORTCFG"] = str(self.import_config)

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

    def build_any(self, case, exe, files, folder, flags):
        return self.execute(case, [self.go, "build", *flags, "-o", exe, *files], folder)

    def compile(self, case, files, folder, flags, temporary):
        flags = list(flags)
        if case.directive == "errorcheck":
            debug = next((flag for flag in flags if flag.startswith("-d=")), None)
            if debug:
                flags[flags.index(debug)] = debug + ",ssa/check/on"
            else:
                flags.append("-d=ssa/check/on")
        return self.execute(case, [self.go, "tool", "compile", "-p=p", "-d=panic", "-C", "-e",
                                   f"-importcfg={self.import_config}", "-o", temporary / "discarded.o", *flags, *files],
                            folder)

    def lay_out(self, packages, temporary):
        """Writes down where each package's object file will be."""
        (temporary / "test").mkdir()
        config = self.import_config.read_text()
        for folder, _, _ in packages:
            config += f"packagefile test/{folder}={temporary}/test/{folder}.a\n"
        file = temporary / "importcfg"
        file.write_text(config)
        return file

    def compile_package(self, case, config, package, flags, temporary):
        folder, name, files = package
        path = "main" if name == "main" else "test/" + folder
        return self.execute(case, [self.go, "tool", "compile", "-e", "-C", "-D", "test", f"-importcfg={config}",
                                   f"-p={path}", "-o", f"test/{folder}.a", *flags, *files], temporary)

    def link_package(self, case, config, package, exe, flags, link_flags):
        return self.execute(case, [self.go, "tool", "link", "-s", "-w", f"-importcfg={config}", "-o", exe, *link_flags,
                                   f"test/{package[0]}.a"], exe.parent)
