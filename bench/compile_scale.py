#!/usr/bin/env python3
"""Does compile time grow linearly? Generated packages of size n, 2n and 4n, compiled by us and by gc.

    bench/compile_scale.py [CASE...] [--fraction F] [--level 2]

Processor time and peak memory of the compiler alone (children waited for) are printed for each size, with the ratio to
half the size: about 2 is linear. A ratio above --limit (default 2.8) is an error, exit status 1; so is a compiler that
fails. gc's time is that of `go tool compile`, ours that of `burrow build` on a package without imports.
--fraction makes everything smaller. BURROW and GO name the commands.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]


def lines(n):
    """n lines of ordinary code."""
    out = ["package p\n"]
    for i in range(n // 20):
        out.append(f"""
type T{i} struct {{
	a, b int
	s    string
}}

func (t *T{i}) add(k int) int {{
	for j := range k {{
		t.a += j * t.b
		if t.a > 1000 {{
			t.s += "x"
		}}
	}}
	return t.a + len(t.s)
}}

func F{i}(x []int, m map[string]int) (r int) {{
	t := &T{i}{{a: len(x), b: {i}}}
	for k, v := range x {{
		r += t.add(v) ^ k
	}}
	m[t.s] = r
	return r
}}
""")
    return "".join(out)


def int_switch(n):
    cases = "".join(f"\tcase {i * 7 % (n * 8)}:\n\t\treturn {i * 3}\n" for i in range(n))
    return f"package p\n\nfunc F(x int) int {{\n\tswitch x {{\n{cases}\t}}\n\treturn -1\n}}\n"


def string_switch(n):
    cases = "".join(f'\tcase "key{i * 7919}":\n\t\treturn {i * 3}\n' for i in range(n))
    return f"package p\n\nfunc F(x string) int {{\n\tswitch x {{\n{cases}\t}}\n\treturn -1\n}}\n"


def type_switch(n):
    types = "".join(f"type T{i} struct{{ a [{i % 50 + 1}]int }}\n" for i in range(n))
    cases = "".join(f"\tcase T{i}:\n\t\treturn v.a[0] + {i}\n" for i in range(n))
    return f"package p\n\n{types}\nfunc F(x any) int {{\n\tswitch v := x.(type) {{\n{cases}\t}}\n\treturn -1\n}}\n"


def string_table(n):
    """n bytes of strings."""
    rows = "".join(f'\t"{i:08d} some text that fills the row up {i:08d}",\n' for i in range(n // 56))
    return f"package p\n\nvar Table = []string{{\n{rows}}}\n"


def methods(n):
    body = "".join(f"func (t *T) M{i}(x int) int {{ t.a += x; return t.a * {i} }}\n" for i in range(n))
    return f"package p\n\ntype T struct{{ a int }}\n\n{body}\nvar I any = &T{{}}\n"


def nested(n):
    return f"package p\n\nfunc F(x int) int {{ return {'(' * n}x{' + 1)' * n} }}\n"


def calls(n):
    """An expression of n nested calls."""
    return f"package p\n\nfunc g(x int) int {{ return x + 1 }}\n\nfunc F(x int) int {{ return {'g(' * n}x{')' * n} }}\n"


def long_function(n):
    """n statements in one function."""
    body = "".join(f"\tp{i} := &T{{x + {i}, nil}}\n\tp{i}.next = q\n\tq = p{i}\n\tx += f(p{i})\n" for i in range(n // 4))
    return f"package p\n\ntype T struct {{\n\ta    int\n\tnext *T\n}}\n\nfunc f(t *T) int {{ return t.a }}\n\nfunc F(x int) int {{\n\tvar q *T\n{body}\treturn x + q.a\n}}\n"


def binary(n):
    """A chain of n operators, which leans left; and one that leans right, by its parentheses."""
    left, right = " + ".join(["x"] * n), "x ^ (" * (n // 2) + "x" + ")" * (n // 2)
    return f"package p\n\nfunc F(x int) int {{ return {left} }}\n\nfunc G(x int) int {{ return {right} }}\n"


def logic(n):
    """Conditions of n parts."""
    parts = " || ".join(f"x == {i * 3} && y != {i}" for i in range(n // 2))
    return f"package p\n\nfunc F(x, y int) bool {{ return {parts} }}\n\nfunc G(x, y int) int {{\n\tif {parts} {{\n\t\treturn 1\n\t}}\n\treturn 2\n}}\n"


def concat(n):
    parts = " + ".join(f'"text {i}" + s' for i in range(n // 2))
    return f"package p\n\nfunc F(s string) string {{ return {parts} }}\n"


def else_if(n):
    arms = " else ".join(f"if x == {i * 3} || y > {i} {{\n\t\ty += {i}\n\t}}" for i in range(n))
    return f"package p\n\nfunc F(x, y int) int {{\n\t{arms}\n\treturn y\n}}\n"


def embedded(n):
    """n interfaces, each embedding the one before and adding a method; every sixteenth starts anew."""
    out = ["package p\n"]
    for i in range(n):
        out.append(f"type I{i} interface {{\n" + (f"\tI{i - 1}\n" if i % 16 else "") + f"\tM{i}(x int) I{i}\n}}\n")
    out.append("type All interface {\n" + "".join(f"\tI{i}\n" for i in range(15, n, 16)) + "}\n")
    return "\n".join(out)


def fields(n):
    """A struct of n fields, all of them named by selectors and keys."""
    decl = "".join(f"\tf{i} int\n" for i in range(n))
    uses = "".join(f"\ts += t.f{i}\n" for i in range(n))
    keys = "".join(f"\t\tf{i}: {i},\n" for i in range(n))
    return f"package p\n\ntype T struct {{\n{decl}}}\n\nvar V = T{{\n{keys}}}\n\nfunc F(t *T) (s int) {{\n{uses}\treturn s\n}}\n"


def methods_called(n):
    body = "".join(f"func (t *T) M{i}(x int) int {{ t.a += x; return t.a * {i} }}\n" for i in range(n))
    calls = "".join(f"\ts += t.M{i}(s) + i.M{i}(s)\n" for i in range(n))
    want = "".join(f"\tM{i}(x int) int\n" for i in range(n))
    return f"package p\n\ntype T struct{{ a int }}\n\ntype I interface {{\n{want}}}\n\n{body}\nfunc F(t *T) (s int) {{\n\tvar i I = t\n{calls}\treturn s\n}}\n"


# Name: generator and the full size, which is 4n.
CASES = {
    "lines": (lines, 200_000), "int_switch": (int_switch, 10_000), "string_switch": (string_switch, 10_000),
    "type_switch": (type_switch, 10_000), "string_table": (string_table, 1_000_000), "methods": (methods, 5_000),
    "nested": (nested, 10_000), "calls": (calls, 10_000), "long_function": (long_function, 20_000),
    "binary": (binary, 10_000), "logic": (logic, 10_000), "concat": (concat, 10_000), "else_if": (else_if, 10_000),
    "embedded": (embedded, 5_000), "fields": (fields, 5_000), "methods_called": (methods_called, 5_000),
}


def measure(command, cwd, env):
    """Processor seconds and megabytes; None when it fails."""
    start = time.time()
    p = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = p.stdout.read()
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = status
    if status != 0:
        print(f"    {' '.join(map(str, command))}: status {status}: {text[:300]!r}")
        return None
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, time.time() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--fraction", type=float, default=1)
    parser.add_argument("--limit", type=float, default=2.8)
    parser.add_argument("--level", default="2", choices=("0", "2"))
    parser.add_argument("--no-gc", action="store_true")
    args = parser.parse_args()
    burrow = os.environ.get("BURROW", str(ROOT / "build/release/bin/burrow"))
    go = os.environ.get("GO", str(ROOT / ".deps/usr/lib/go-1.27/bin/go"))
    bad = False
    print(f"{'case':14} {'size':>9} {'burrow s':>9} {'ratio':>6} {'MB':>6} {'ratio':>6} {'gc s':>7} {'us/gc':>6}")
    for case in args.cases:
        generator, full = CASES[case]
        last = None
        for size in (full // 4, full // 2, full):
            size = int(size * args.fraction)
            with tempfile.TemporaryDirectory() as tmp:
                folder = pathlib.Path(tmp)
                (folder / "go.mod").write_text("module p\n\ngo 1.27\n")
                (folder / "p.go").write_text(generator(size))
                env = dict(os.environ, BURROW_CACHE=str(folder / "cache"), GO111MODULE="on")
                flags = ["-gcflags=-N"] if args.level == "0" else []
                # What the runtime's packages cost is not of interest.
                ours = measure([burrow, "build", *flags, "."], folder, env)
                gc = None
                if not args.no_gc:
                    more = ["-N", "-l"] if args.level == "0" else []
                    gc = measure([go, "tool", "compile", "-p", "p", "-c=1", *more, "-o", "p.o", "p.go"], folder, env)
            if ours is None:
                bad = True
                break
            ratios = ["", ""]
            if last is not None:
                ratios = [f"{ours[i] / max(last[i], 0.01):.2f}" for i in (0, 1)]
                # Below a tenth of a second the start of the process counts.
                if last[0] > 0.1 and ours[0] / last[0] > args.limit:
                    bad = True
                    ratios[0] += "!"
            last = ours
            of_gc = [f"{gc[0]:.2f}", f"{ours[0] / max(gc[0], 0.01):.1f}"] if gc else ["-", "-"]
            print(f"{case:14} {size:9} {ours[0]:9.2f} {ratios[0]:>6} {ours[1]:6.0f} {ratios[1]:>6} {of_gc[0]:>7} {of_gc[1]:>6}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
