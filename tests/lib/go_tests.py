"""Go packages' own tests, run by gc first, which says what is to be expected, then by `burrow test`, and compared test by test:
what tests/std/run and tests/public/run have in common.

What a package's run came to is a file below a state folder, one folder for gc and one for Burrow, so that an interrupted run
goes on where it was. gc's results are kept for good; Burrow's are made anew when asked for. Of the packages that gc's run
passes, each single test counts, subtests included: a test that gc skips does not count, one that Burrow skips and gc does not
is a failure.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def goroot():
    return os.environ.get("BURROW_GOROOT") or str(next((ROOT / ".deps/usr/lib").glob("go-1*"), ""))


def commands():
    """gc's go and Burrow's driver."""
    os.environ.setdefault("BURROW_GOROOT", goroot())
    return {"gc": os.environ.get("GO") or goroot() + "/bin/go",
            "burrow": os.environ.get("BURROW") or str(ROOT / "build/release/bin/burrow")}


def add_arguments(parser):
    """The flags of both commands, but --state."""
    parser.add_argument("--all", action="store_true", help="Burrow's part anew for all")
    parser.add_argument("--failed", action="store_true", help="Burrow's part anew for what did not pass whole")
    parser.add_argument("--report", action="store_true", help="only the table, from what earlier runs left")
    parser.add_argument("--missing", action="store_true", help="of what is named, too, only what is not known yet")
    parser.add_argument("--group", type=int, default=8, help="packages in one run of a command")
    parser.add_argument("--within", type=float, default=1e9, help="no package is begun after this many seconds")
    parser.add_argument("--show", type=int, default=8, help="failing tests shown of a package")
    parser.add_argument("--said", action="store_true", help="what the failing tests printed, after the table")
    parser.add_argument("--timeout", type=int, default=240, help="seconds for a package's tests")
    parser.add_argument("--limit", type=int, default=1800, help="seconds for a package, its compilation included")
    parser.add_argument("--wrap", default="", help="a command that each run is given to, `nice -n 19` for instance")
    parser.add_argument("--json", help="a file for everything as data")


def run_tests(command, packages, limit, folder=None):
    """By package the outcome of every test that the events on the command's output speak of, and what failing ones printed."""
    began = time.time()
    found = {p: {"package": None, "tests": {}, "outputs": {}, "seconds": 0} for p in packages}
    env = {**os.environ, "CGO_ENABLED": "0"}
    with subprocess.Popen(command + packages, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          env=env, cwd=folder, text=True, errors="replace", start_new_session=True) as process:
        try:
            text, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            text, _ = process.communicate()
    loose = []
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            loose.append(line + "\n")
            continue
        # What a build says has the package's path with the variant: "fmt [fmt.test]".
        one = found.get(event.get("Package") or event.get("ImportPath", "").split(" ")[0].removesuffix("_test"))
        if one is None:
            continue
        # Names made of addresses are different in each run.
        name, action = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", event.get("Test", "")), event["Action"]
        if action in ("output", "build-output"):
            one["outputs"].setdefault(name, []).append(event["Output"])
        elif action in ("pass", "fail", "skip"):
            if name:
                one["tests"][name] = action
            else:
                one["package"] = action
                one["seconds"] = event.get("Elapsed", 0)
        elif action == "run":
            one["tests"][name] = "unfinished"
    out = {}
    for p, one in found.items():
        tests, outputs = one["tests"], one["outputs"]
        if one["package"] in (None, "fail"):
            outputs.setdefault("", []).extend(loose)
        said = {n: "".join(o)[-3000:] for n, o in outputs.items() if n == "" or tests.get(n) in ("fail", "unfinished")}
        seconds = one["seconds"] if len(packages) > 1 else round(time.time() - began, 1)
        out[p] = {"package": one["package"] or "fail", "tests": tests, "said": said, "seconds": seconds}
    return out


def run_hidden(command, package, result, limit, folder=None):
    """Runs what did not get its turn because a test before it, which has failed by that, took all of the time."""
    for _ in range(3):
        tests = result["tests"]
        stuck = [t for t, outcome in tests.items() if outcome == "unfinished" and "/" not in t]
        if not stuck or "test timed out" not in "".join(result["said"].values()):
            return
        done = "|".join(re.escape(t) for t in tests if "/" not in t)
        more = run_tests([*command, f"-skip=^({done})$"], [package], limit, folder)[package]
        result["tests"] = {**more["tests"], **tests, **{t: "fail" for t, how in tests.items() if how == "unfinished"}}
        result["said"] = {**more["said"], **result["said"]}
        result["seconds"] += more["seconds"]
        if all(how != "unfinished" for how in more["tests"].values()):
            return
        result["tests"].update({t: how for t, how in more["tests"].items() if how == "unfinished"})


def reasons(file):
    """By PACKAGE or PACKAGE TEST why it does not pass: a line each, a tab before the reason."""
    out = {}
    for line in file.read_text().splitlines():
        if line and not line.startswith("#"):
            what, _, why = line.partition("\t")
            out[what] = why
    return out


class Comparison:
    """The results of some packages, and how they come to be.

    state: the folder of the results. flags, folders: of both commands, by who; a command without a folder runs here."""

    def __init__(self, state, packages, flags, arguments, folders=None):
        self.state, self.packages, self.arguments, self.folders = state, packages, arguments, folders or {}
        wrap = shlex.split(arguments.wrap)
        common = ["test", "-short", "-json", f"-timeout={arguments.timeout}s"]
        self.commands = {who: [*wrap, command, *common, *flags.get(who, [])] for who, command in commands().items()}
        for who in self.commands:
            (state / who).mkdir(parents=True, exist_ok=True)

    def file(self, who, package):
        return self.state / who / (package.replace("/", "+") + ".json")

    def read(self, who, package):
        try:
            return json.loads(self.file(who, package).read_text())
        except (OSError, ValueError):
            return None

    def run(self, until, named):
        """Runs what is wanted, some packages at a time: most of a small package's run is loading what it imports. named: the
        packages were named by the user, who wants them anew then. until: nothing is begun after this point of time.time()."""
        a = self.arguments
        if a.all:  # what there is no time for is not known then
            for package in self.packages:
                self.file("burrow", package).unlink(missing_ok=True)

        def again(package):
            ours = self.read("burrow", package)
            return not ours or (named and not a.missing) or (a.failed and ours["package"] == "fail")

        for first in range(0, len(self.packages), a.group):
            some = self.packages[first:first + a.group]
            self.run_some("gc", [p for p in some if not self.read("gc", p)], until)
            self.run_some("burrow", [p for p in some if self.read("gc", p) and again(p)], until)

    def run_some(self, who, wanted, until):
        if not wanted or time.time() > until:
            return
        command, limit, folder = self.commands[who], self.arguments.limit, self.folders.get(who)
        for package, result in run_tests(command, wanted, limit, folder).items():
            run_hidden(command, package, result, limit, folder)
            self.file(who, package).write_text(json.dumps(result))
            gc = self.read("gc", package)
            bad = [t for t, o in gc["tests"].items() if o == "pass" and result["tests"].get(t) != "pass"]
            told = "" if who == "gc" else f" ({gc['package']} with gc), {len(bad)} of {len(gc['tests'])} missing"
            print(f"{who} {package}: {result['package']}{told}, {result['seconds']} s", file=sys.stderr, flush=True)

    def report(self, known):
        """Prints what fails and what of known (reasons()) is of no use any more; returns the counts."""
        used, counts = set(), Counts()
        for p in self.packages:
            gc, ours = (self.read(who, p) for who in ("gc", "burrow"))
            if not gc or not ours:
                counts.missing.append(p)
                continue
            wanted = [t for t, outcome in gc["tests"].items() if outcome == "pass"]
            bad = [t for t in wanted if ours["tests"].get(t) != "pass"]
            counts.tests += len(wanted)
            counts.passed += len(wanted) - len(bad)
            ok = ours["package"] != "fail"
            if gc["package"] != "fail":
                counts.of += 1
                counts.whole += ok
            counts.data.append({"package": p, "gc": gc["package"], "burrow": ours["package"], "tests": len(wanted), "bad": bad,
                                "seconds": ours["seconds"]})
            if ok or (gc["package"] == "fail" and not bad):
                continue
            # Of a failing test and its subtests, only the outermost is shown.
            top = [t for t in bad if "/" not in t] or ["(the whole)"]
            shown = []
            for t in top:
                why = known.get(f"{p} {t}") or known.get(p)
                used.update(k for k in (f"{p} {t}", p) if k in known)
                counts.unexplained += why is None
                shown.append(t if why is None else f"{t} ({why})")
            show = self.arguments.show
            print(f"{'' if gc['package'] != 'fail' else '[gc fails too] '}{p}: {len(bad)} of {len(wanted)} missing: " +
                  "; ".join(shown[:show]) + ("" if len(shown) <= show else f"; and {len(shown) - show} more"))
        for k in known:
            if k not in used and k.split()[0] in {d["package"] for d in counts.data}:
                print(f"reasons.txt: {k}: no need any more")
        return counts

    def print_said(self):
        for package in self.packages:
            ours = self.read("burrow", package) or {"said": {}, "package": ""}
            if ours["package"] == "fail":
                for name, text in sorted(ours["said"].items()):
                    print(f"--- {package} {name}\n{text}")


class Counts:
    """whole of `of`: packages that pass whole with Burrow, with gc. passed of tests: single tests, likewise. unexplained:
    failures, by their outermost test, that no reason stands for. missing: packages not run yet. data: a row per package."""

    def __init__(self):
        self.whole = self.of = self.passed = self.tests = self.unexplained = 0
        self.missing, self.data = [], []

    def add(self, other):
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def print(self):
        if self.missing:
            print(f"not run yet: {len(self.missing)} packages: {' '.join(self.missing[:8])}...")
        print(f"packages that pass whole with gc: {self.whole} of {self.of} pass whole with Burrow "
              f"({100 * self.whole / max(1, self.of):.1f}%)")
        print(f"single tests that pass with gc: {self.passed} of {self.tests} pass with Burrow "
              f"({100 * self.passed / max(1, self.tests):.2f}%)")

    def write(self, file):
        Path(file).write_text(json.dumps({"packages": self.data, "whole": self.whole, "of": self.of, "passed": self.passed,
                                          "tests": self.tests}, indent=1))
