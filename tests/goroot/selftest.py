#!/usr/bin/env python3
"""The runner's own tests: what it reads out of a test file, and how it compares messages."""

import tempfile
import unittest
from pathlib import Path

import constraints
import errorcheck
import testcase


class Constraints(unittest.TestCase):
    def test_expressions(self):
        for expression, holds in [("linux", True), ("!windows && amd64", True), ("arm || (linux && !cgo)", True),
                                  ("linux && cgo", False), ("go1.27", True), ("go1.28", False), ("!(a || linux)", False),
                                  ("goexperiment.jsonv2", True), ("goexperiment.simd && amd64", False)]:
            self.assertEqual(constraints.evaluate(expression), holds, expression)

    def test_old_form(self):
        self.assertTrue(constraints.plus_build_holds("!windows,amd64 arm"))
        self.assertFalse(constraints.plus_build_holds("arm 386"))

    def test_all_lines_must_hold(self):
        self.assertIsNone(constraints.unmet("// run\n//go:build linux\n"))
        self.assertEqual(constraints.unmet("// +build linux\n// +build cgo\n"), "// +build cgo")


class Recipes(unittest.TestCase):
    def parse(self, text):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.go").write_text(text)
            return testcase.parse(Path(folder), "a.go")

    def test_flags_and_arguments(self):
        case = self.parse("//go:build linux\n// errorcheck -0 -t 10 -m -l\npackage p\n")
        self.assertEqual((case.directive, case.flags, case.time_limit, case.want_error),
                         ("errorcheck", ["-m", "-l"], 10, False))
        case = self.parse("// run -goexperiment fieldtrack -gcflags 'all=-N -l' arg1 arg2\npackage main\n")
        self.assertEqual((case.experiments, case.flags, case.args),
                         (["fieldtrack"], ["-gcflags=all=-N -l"], ["arg1", "arg2"]))

    def test_internal_flags(self):
        for flags, internal in (("-m -l", True), ("-d=ssa/prove/debug=1", True), ("-0 -live", True), ("-d=panic", False),
                                ("-lang=go1.15", False), ("", False)):
            self.assertEqual(self.parse(f"// errorcheck {flags}\npackage p\n").internal, internal, flags)

    def test_what_cannot_run(self):
        self.assertEqual(self.parse("// skip\npackage p\n").skip_reason, "marked skip")
        self.assertIn("cgo", self.parse("// run\n\n//go:build cgo\n\npackage p\n").skip_reason)
        self.assertEqual(self.parse("package p\n").skip_reason, "no directive")

    def test_imports(self):
        text = '// run\n/* import "no" */\npackage main\nimport "fmt"; import (\n\t. "a/b" // "c"\n\t_ `d`\n)\nvar s = `\nimport "e"`\n'
        self.assertEqual(testcase.imports_of(text), {"fmt", "a/b", "d"})
        self.assertEqual(self.parse('// run\npackage p\nimport "unsafe"\nimport "runtime"\n').needs, "runtime")
        self.assertEqual(self.parse("// run\npackage p\n").needs, "none")


class Messages(unittest.TestCase):
    SOURCE = ('package p\n'
              'var a = b // ERROR "undefined: b"\n'
              'var c d // ERROR "undefined: d" "first at LINE-1"\n'
              'var e f //// ERROR "off"\n')

    def compare(self, output, source=SOURCE):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.go"
            file.write_text(source)
            return errorcheck.compare(output.replace("DIR", folder), [file])

    def test_match(self):
        self.assertEqual(self.compare("# command-line-arguments\nDIR/x.go:2:9: undefined: b\n./x.go:3:7: undefined: d\n"
                                      "x.go:3: other\n\tDIR/x.go:2:9: first at x.go:2\n"), [])

    def test_missing_and_unexpected(self):
        complaints = self.compare("x.go:2:9: undefined: b\nx.go:4:1: unwanted\n")
        self.assertEqual(len(complaints), 3)
        self.assertIn('missing error "undefined: d"', complaints[0])
        self.assertEqual(complaints[2], "unexpected: x.go:4: unwanted")

    def test_wrong_text(self):
        self.assertIn("no match", self.compare("x.go:2:1: something\n", self.SOURCE.split("var c")[0])[0])

    def test_crash_is_no_match(self):
        self.assertEqual(self.compare("Segmentation fault\n", "package p\n"), ["unexpected: Segmentation fault"])

    def test_line_is_the_whole_number(self):
        self.assertTrue(errorcheck.belongs("a/x.go:12: text", "x.go:12"))
        self.assertFalse(errorcheck.belongs("a/x.go:123: text", "x.go:12"))
        self.assertFalse(errorcheck.belongs("max.go:12: text", "x.go:12"))


if __name__ == "__main__":
    unittest.main()
