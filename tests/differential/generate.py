"""Random well-typed Go programs for the differential tester (run.py compares what two compilers make of them).

A program is one file without imports but unsafe. It prints, with println, the value of every variable that its functions
end with, so that a wrong bit anywhere shows. Everything that it does is defined by the language down to the last bit:
- every loop burns `fuel`, so that programs end; functions call only functions made before them (recursion is bounded by
  an argument);
- what may panic is run under a function that recovers and prints the run-time error's text;
- maps are only summed, looked up and compared by size, never printed in iteration order;
- floats are printed as bits (NaN as such), converted to integers only when in range, and constants never overflow: an
  operation on two constants gets a variable instead of one of them.

The same seed gives the same program.
"""

import os
import random
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from features import Features  # noqa: E402

INT_TYPES = {
    "int8": (8, True), "int16": (16, True), "int32": (32, True), "int64": (64, True), "int": (64, True),
    "uint8": (8, False), "uint16": (16, False), "uint32": (32, False), "uint64": (64, False), "uint": (64, False),
    "uintptr": (64, False), "MyInt": (64, True), "MyByte": (8, False),
}
FLOAT_TYPES = ("float32", "float64")
SCALARS = tuple(INT_TYPES) + FLOAT_TYPES + ("bool", "string")
STRUCTS = {
    "Pair": (("A", "int"), ("B", "string")),
    "Mixed": (("X", "int8"), ("Y", "float64"), ("Z", "uint16"), ("P", "*Pair")),
    "Big": (("N", "int64"), ("Arr", "[5]int32"), ("S", "[]int"), ("In", "Pair")),
    "One": (("V", "uint32"),),
    "Empty": (),
}

BIG_EVERY = 20

PRELUDE = """package main

import "unsafe"

type MyInt int
type MyByte uint8

func (m MyInt) Val(k int) int   { return int(m)*3 + k }
func (m *MyInt) Bump(k int)     { *m += MyInt(k) }
func (m MyByte) Val(k int) int  { return int(m) ^ k }

type Valer interface{ Val(k int) int }

type Pair struct {
	A int
	B string
}
type Mixed struct {
	X int8
	Y float64
	Z uint16
	P *Pair
}
type Big struct {
	N   int64
	Arr [5]int32
	S   []int
	In  Pair
}
type One struct{ V uint32 }
type Empty struct{}
type Emb struct {
	Pair
	*One
	k int
}

func (p Pair) Val(k int) int   { return p.A - k + len(p.B) }
func (o *One) Val(k int) int   { o.V += uint32(k); return int(o.V) }
func (e Emb) Sum() int         { return e.A + e.Pair.Val(e.k) + e.One.Val(1) }

type Num interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr | ~float32 | ~float64
}

func gadd[T Num](a, b T) T { return a + b*a }
func gmax[T Num | ~string](s ...T) (m T) {
	for i, v := range s {
		if i == 0 || v > m {
			m = v
		}
	}
	return
}
func gmap[T, U any](s []T, f func(T) U) []U {
	var r []U
	for _, v := range s {
		r = append(r, f(v))
	}
	return r
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (v T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	v = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}
func gkeys[K comparable, V Num](m map[K]V) (sum V) {
	for _, v := range m {
		sum += v
	}
	return
}

var fuel = 4000

func burn() bool { fuel--; return fuel > 0 }

func pf64(s string, f float64) {
	if f != f {
		println(s, "NaN")
	} else {
		println(s, *(*uint64)(unsafe.Pointer(&f)))
	}
}
func pf32(s string, f float32) {
	if f != f {
		println(s, "NaN")
	} else {
		println(s, *(*uint32)(unsafe.Pointer(&f)))
	}
}
func tr[T any](n int, v T) T { println("tr", n); return v }

type fmtStringer interface{ String() string }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			switch v := r.(type) {
			case error:
				println(name, "error:", v.Error())
			case string:
				println(name, "string:", v)
			case int:
				println(name, "int:", v)
			default:
				println(name, "other")
			}
		}
	}()
	f()
}
func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i*i - 3) {
				return
			}
		}
	}
}
"""


class Gen(Features):
    def __init__(self, seed, prefix=""):
        self.r = random.Random(seed)
        self.prefix = prefix  # of all package-level names, so that several programs fit in one package
        self.out = []
        self.indent = 0
        self.functions = []  # (name, params, results)
        self.tops = []  # declarations at package level that features made
        self.own = []  # struct types among them: (name, fields, embedded)
        self.counter = 0

    # ---- output

    def emit(self, line):
        self.out.append("\t" * self.indent + line)

    def fresh(self, prefix):
        self.counter += 1
        return f"{prefix}{self.counter}"

    def chance(self, p):
        return self.r.random() < p

    # ---- types

    def scalar(self):
        return self.r.choice(SCALARS)

    def any_type(self, depth=0):
        k = self.r.random()
        if depth > 1 or k < 0.5:
            return self.scalar()
        if k < 0.6:
            return "[]" + self.r.choice(("int", "byte", "string", "float64", "Pair", "int32")).replace("byte", "uint8")
        if k < 0.68:
            return f"[{self.r.randint(1, 6)}]" + self.r.choice(("int", "uint8", "float32", "int16", "string"))
        if k < 0.84:
            return self.r.choice(tuple(STRUCTS))
        if k < 0.9:
            return "map[%s]%s" % (self.r.choice(("int", "string", "uint32", "Pair", "int8")), self.r.choice(("int", "uint16")))
        if k < 0.95:
            return "*" + self.r.choice(("Pair", "One", "int"))
        return "Valer"

    # ---- expressions: each returns Go text; `const` says whether it is a constant

    def literal(self, t):
        if t in INT_TYPES:
            bits, signed = INT_TYPES[t]
            top = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1
            low = -(1 << (bits - 1)) if signed else 0
            v = self.r.choice((0, 1, 2, 3, 7, top, top - 1, low, low + 1, self.r.randint(0, 100))) if self.chance(0.5) else self.r.randint(low, top)
            return f"{t}({max(low, min(v, top))})"
        if t == "float64":
            return f"float64({self.r.choice((0.0, 1.5, -2.25, 1e10, 3.0, 1e-5, self.r.uniform(-100, 100)))!r})"
        if t == "float32":
            return f"float32({self.r.choice((0.0, 1.5, -2.25, 1e5, 3.0, 0.125, self.r.randint(-99, 99)))!r})"
        if t == "bool":
            return self.r.choice(("true", "false"))
        if t == "string":
            return self.r.choice(('""', '"a"', '"héllo"', '"日本"', '"xyz\\x00\\xff"', '"the quick brown fox"'))
        return None

    def vars_of(self, t, scope):
        return [n for n, vt in scope if vt == t]

    def var(self, t, scope):
        names = self.vars_of(t, scope)
        if names:
            return self.r.choice(names)
        return None

    def nonconst(self, t, scope, depth):
        """An expression that is not a constant."""
        v = self.var(t, scope)
        if v:
            return v
        if t in SCALARS:
            return self.prefix + "g_" + t
        return self.expr(t, scope, depth)

    def index(self, scope, depth, text_len):
        """An index that is mostly within bounds."""
        i = self.nonconst("int", scope, depth + 1)
        if self.chance(0.9):
            return f"int(uint({i}) % uint(max({text_len}, 1)))"
        return i

    def expr(self, t, scope, depth=0):
        r = self.r
        if depth > 3 or self.chance(0.15):
            v = self.var(t, scope)
            if v and self.chance(0.8):
                return v
            if t in SCALARS:
                return self.literal(t)
        if t in INT_TYPES:
            return self.int_expr(t, scope, depth)
        if t in FLOAT_TYPES:
            return self.float_expr(t, scope, depth)
        if t == "bool":
            return self.bool_expr(scope, depth)
        if t == "string":
            return self.string_expr(scope, depth)
        v = self.var(t, scope)
        if v and self.chance(0.5):
            return v
        if t.startswith("[]"):
            e = t[2:]
            if v and self.chance(0.4):
                k = r.randrange(3)
                if k == 0:
                    return f"append({v}, {self.expr(e, scope, depth + 1)})"
                if k == 1:
                    return f"{v}[{self.index(scope, depth, f'len({v})')}:]"
                # No more than some: doubling it again and again would fill the memory (seed 26544 did).
                return f"append({v}[:len({v}):len({v})], {v}[:min(len({v}), 40)]...)"
            if self.chance(0.2):
                return f"make({t}, {r.randint(0, 9)}, {r.randint(9, 20)})"
            return t + "{" + ", ".join(self.expr(e, scope, depth + 1) for _ in range(r.randint(0, 5))) + "}"
        if t.startswith("["):
            n, e = t[1:].split("]", 1)
            return t + "{" + ", ".join(self.expr(e, scope, depth + 1) for _ in range(r.randint(0, int(n)))) + "}"
        if t.startswith("map["):
            k, e = t[4:].split("]", 1)
            keys = {}
            for _ in range(r.randint(0, 4)):
                key = self.literal(k) or "Pair{%d, %s}" % (r.randint(0, 5), self.literal("string"))
                keys[key] = self.expr(e, scope, depth + 1)
            if any(key.startswith("Pair") for key in keys):
                keys = dict(list(keys.items())[:1])
            return t + "{" + ", ".join(f"{a}: {b}" for a, b in keys.items()) + "}"
        if t.startswith("*"):
            if self.chance(0.1):
                return f"({t})(nil)"
            if t[1:] in STRUCTS:
                return "&" + self.expr_lit_struct(t[1:], scope, depth + 1)
            return f"new({self.nonconst(t[1:], scope, depth + 1)})" if self.chance(0.5) else f"new({t[1:]})"
        if t in STRUCTS:
            return self.expr_lit_struct(t, scope, depth)
        if t == "Valer":
            k = r.randrange(4)
            if k == 0:
                return f"Valer({self.expr('Pair', scope, depth + 1)})"
            if k == 1:
                return f"Valer({self.expr('MyInt', scope, depth + 1)})"
            if k == 2:
                return "Valer(&One{%s})" % self.expr("uint32", scope, depth + 1)
            return f"Valer({self.expr('MyByte', scope, depth + 1)})"
        raise AssertionError(t)

    def expr_lit_struct(self, t, scope, depth):
        fields = [f"{n}: {self.expr(ft, scope, depth + 1)}" for n, ft in STRUCTS[t] if self.chance(0.8)]
        return t + "{" + ", ".join(fields) + "}"

    def part(self, t, scope, depth):
        """Something of type t inside a composite variable, or None."""
        options = []
        for n, vt in scope:
            if vt in STRUCTS:
                options += [f"{n}.{f}" for f, ft in STRUCTS[vt] if ft == t]
            elif vt.startswith("[") and vt.split("]", 1)[1] == t:
                options.append((n, vt))
            elif vt.startswith("map[") and vt[4:].split("]", 1)[1] == t:
                options.append((n, vt))
            elif vt.startswith("*") and vt[1:] in STRUCTS:
                options += [f"{n}.{f}" for f, ft in STRUCTS[vt[1:]] if ft == t]
            elif vt == "*" + t:
                options.append("*" + n)
        if not options:
            return None
        o = self.r.choice(options)
        if isinstance(o, str):
            return o
        n, vt = o
        if vt.startswith("map["):
            k = vt[4:].split("]", 1)[0]
            return f"{n}[{self.expr(k, scope, depth + 2)}]"
        return f"{n}[{self.index(scope, depth + 1, f'len({n})')}]"

    def int_expr(self, t, scope, depth):
        r = self.r
        bits, signed = INT_TYPES[t]
        k = r.random()
        e = lambda tt=t: self.expr(tt, scope, depth + 1)  # noqa: E731
        nc = lambda tt=t: self.nonconst(tt, scope, depth + 1)  # noqa: E731
        if k < 0.32:
            return f"({nc()} {r.choice(('+', '-', '*', '&', '|', '^', '&^'))} {e()})"
        if k < 0.40:
            return f"({nc()} {r.choice(('/', '%'))} ({nc()} | 1))" if self.chance(0.85) else f"({nc()} / {nc()})"
        if k < 0.50:
            count = r.choice((f"({nc('uint')} % 70)", f"({nc('uint8')} & 63)", str(r.randint(0, 70)), f"uint16({nc('uint16')} % 20)"))
            return f"({nc()} {r.choice(('<<', '>>'))} {count})"
        if k < 0.58:
            return f"{t}({nc(r.choice(tuple(INT_TYPES)))})"
        if k < 0.62:
            f = nc("float64")
            limit = {8: 100, 16: 30000, 32: 2e9, 64: 9e18}[bits]
            low = f"fx > -{limit}" if signed else "fx >= 0"
            return f"func() {t} {{ if fx := {f}; {low} && fx < {limit} {{ return {t}(fx) }}; return {self.literal(t)} }}()"
        if k < 0.66:
            return f"{r.choice(('-', '^', '+'))}{nc()}"
        if k < 0.76:
            p = self.part(t, scope, depth)
            if p:
                return p
        if k < 0.80:
            return f"{r.choice(('min', 'max'))}({nc()}, {e()})"
        if k < 0.84 and t == "int":
            n = self.r.choice([n for n, vt in scope if vt == "string" or vt.startswith(("[", "map["))] or [self.prefix + "g_string"])
            return f"len({n})"
        if k < 0.88 and t == "int":
            n = self.var("Valer", scope)
            if n:
                return f"{n}.Val({e('int')})"
            return f"{nc('MyInt')}.Val({e('int')})"
        if k < 0.91:
            return f"gadd({nc()}, {e()})"
        if k < 0.94 and self.functions:
            return self.call(t, scope, depth) or nc()
        if k < 0.96:
            return f"gmax({nc()}, {e()}, {e()})"
        if k < 0.98:
            return f"func(ax {t}) {t} {{ return ax {r.choice('+-^')} {nc()} }}({e()})"
        return nc()

    def float_expr(self, t, scope, depth):
        r = self.r
        k = r.random()
        nc = lambda tt=t: self.nonconst(tt, scope, depth + 1)  # noqa: E731
        if k < 0.5:
            return f"({nc()} {r.choice('+-*/')} {nc()})"
        if k < 0.62:
            return f"{t}({nc(r.choice(tuple(INT_TYPES)))})"
        if k < 0.7:
            return f"{t}({nc('float32' if t == 'float64' else 'float64')})"
        if k < 0.76:
            return f"-{nc()}"
        if k < 0.86:
            p = self.part(t, scope, depth)
            if p:
                return p
        if k < 0.92:
            return f"{r.choice(('min', 'max'))}({nc()}, {nc()})"
        return self.call(t, scope, depth) or nc()

    def bool_expr(self, scope, depth):
        r = self.r
        k = r.random()
        if k < 0.5:
            t = r.choice(SCALARS[:-2] + ("string",))
            return f"({self.nonconst(t, scope, depth + 1)} {r.choice(('==', '!=', '<', '<=', '>', '>='))} {self.expr(t, scope, depth + 1)})"
        if k < 0.6:
            t = r.choice(("Pair", "One", "bool", "Mixed"))
            v = self.var(t, scope)
            if v:
                e = self.expr(t, scope, depth + 1)
                return f"({v} {r.choice(('==', '!='))} ({e}))"
        if k < 0.8:
            return f"({self.expr('bool', scope, depth + 1)} {r.choice(('&&', '||'))} {self.nonconst('bool', scope, depth + 1)})"
        if k < 0.9:
            return f"!{self.nonconst('bool', scope, depth + 1)}"
        v = self.var("Valer", scope)
        if v:
            return r.choice((f"({v} == {self.expr('Valer', scope, depth + 1)})",
                             f"func() bool {{ _, ok := {v}.({r.choice(('Pair', '*One', 'MyInt'))}); return ok }}()"))
        return self.nonconst("bool", scope, depth + 1)

    def string_expr(self, scope, depth):
        r = self.r
        k = r.random()
        nc = lambda tt="string": self.nonconst(tt, scope, depth + 1)  # noqa: E731
        if k < 0.35:
            s = nc()
            return f"func() string {{ s := {s} + {self.expr('string', scope, depth + 1)}; if len(s) > 60 {{ s = s[:60] }}; return s }}()"
        if k < 0.5:
            s = nc()
            return f"func() string {{ s := {s}; return s[:{self.index([], depth, 'len(s) + 1')}] }}()"
        if k < 0.6:
            return f"string(rune({nc('int32')} & 0xffff))"
        if k < 0.7:
            return f"string([]byte({nc()}))"
        if k < 0.78:
            return f"string([]rune({nc()}))"
        if k < 0.9:
            return self.part("string", scope, depth) or nc()
        return self.call("string", scope, depth) or nc()

    def call(self, t, scope, depth):
        fits = [f for f in self.functions if f[2] == (t,)]
        if not fits or depth > 2:
            return None
        name, params, _ = self.r.choice(fits)
        return f"{name}({', '.join(self.expr(p, scope, depth + 1) for p in params)})"

    # ---- statements

    def declare(self, t, scope):
        n = self.fresh("v")
        if self.chance(0.2):
            self.emit(f"var {n} {t}")
        else:
            self.emit(f"var {n} {t} = {self.expr(t, scope)}")
        self.emit(f"_ = {n}")
        scope.append((n, t))
        return n

    def target(self, scope):
        """Something to assign to, and its type."""
        options = [v for v in scope if not v[0].startswith("c_")]
        if not options:
            return None
        n, t = self.r.choice(options)
        if t in STRUCTS and STRUCTS[t] and self.chance(0.6):
            f, ft = self.r.choice(STRUCTS[t])
            return f"{n}.{f}", ft
        if t.startswith("[") and self.chance(0.7):
            return f"{n}[{self.index(scope, 0, f'len({n})')}]", t.split("]", 1)[1]
        if t.startswith("map["):
            k, e = t[4:].split("]", 1)
            return f"{n}[{self.expr(k, scope, 1)}]", e
        return n, t

    def statement(self, scope, depth, loop=False):
        r = self.r
        k = r.random()
        if k < 0.22:
            self.declare(self.any_type(), scope)
        elif k < 0.45:
            target = self.target(scope)
            if target:
                n, t = target
                if t in INT_TYPES and self.chance(0.4):
                    self.emit(f"{n} {r.choice(('+=', '-=', '*=', '^=', '|=', '&=', '&^='))} {self.expr(t, scope)}")
                elif t in INT_TYPES and self.chance(0.2):
                    self.emit(f"{n}{r.choice(('++', '--'))}")
                else:
                    self.emit(f"{n} = {self.expr(t, scope)}")
        elif k < 0.50:
            t = r.choice(("int", "string", "int32"))
            names = self.vars_of(t, [v for v in scope if not v[0].startswith("c_")])
            if len(names) > 1:
                a, b = r.sample(names, 2)
                self.emit(f"{a}, {b} = {b}, {self.expr(t, scope)}")
        elif k < 0.62 and depth < 3:
            self.emit(f"if {self.expr('bool', scope)} {{")
            self.block(scope, depth + 1, loop)
            if self.chance(0.5):
                self.emit("} else {")
                self.block(scope, depth + 1, loop)
            self.emit("}")
        elif k < 0.76 and depth < 3:
            self.loop(scope, depth)
        elif k < 0.83 and depth < 3:
            self.switch(scope, depth, loop)
        elif k < 0.88:
            self.closure(scope, depth)
        elif k < 0.92:
            self.emit(f"defer func() {{ {self.prefix}g_int += {self.expr('int', list(scope), 2)} }}()" if depth == 0 else f"{self.prefix}g_int++")
        elif k < 0.95:
            self.channels(scope)
        elif k < 0.955 and depth == 0:
            self.feature(scope)
        elif k < 0.97 and loop:
            self.emit(f"if {self.expr('bool', scope)} {{ {r.choice(('break', 'continue'))} }}")
        else:
            n = self.fresh("s")
            t = r.choice(("int", "string", "Pair"))
            self.emit(f"var {n} Stack[{t}]")
            for _ in range(r.randint(1, 3)):
                self.emit(f"{n}.Push({self.expr(t, scope)})")
            v = self.fresh("v")
            self.emit(f"{v}, _ := {n}.Pop()")
            self.emit(f"_ = {v}")
            scope.append((v, t))

    def block(self, scope, depth, loop=False):
        self.indent += 1
        inner = list(scope)
        for _ in range(self.r.randint(1, 3)):
            self.statement(inner, depth, loop)
        self.indent -= 1

    def loop(self, scope, depth):
        r = self.r
        inner = list(scope)
        i = self.fresh("c_i")
        k = r.randrange(6)
        if k == 0:
            self.emit(f"for {i} := 0; {i} < {r.randint(1, 9)} && burn(); {i}++ {{")
            inner.append((i, "int"))
        elif k == 1:
            self.emit(f"for {i} := range {r.randint(1, 9)} {{")
            inner.append((i, "int"))
        elif k == 2:
            v = self.fresh("c_v")
            s = self.var("string", scope) or self.prefix + "g_string"
            self.emit(f"for {i}, {v} := range {s} {{")
            inner += [(i, "int"), (v, "int32")]
            self.emit(f"\t_, _ = {i}, {v}")
        elif k == 3:
            lists = [(n, t) for n, t in scope if t.startswith("[")]
            if lists:
                n, t = r.choice(lists)
                v = self.fresh("c_v")
                self.emit(f"for {i}, {v} := range {n} {{")
                self.emit(f"\t_, _ = {i}, {v}")
                inner += [(i, "int"), (v, t.split("]", 1)[1])]
            else:
                self.emit(f"for {i} := range seq({r.randint(0, 6)}) {{")
                inner.append((i, "int"))
        elif k == 4:
            self.emit(f"for {i} := range seq({r.randint(0, 6)}) {{")
            inner.append((i, "int"))
        else:
            self.emit(f"for {i} := uint8(0); {i} < {r.randint(1, 9)}; {i} += 2 {{")
            inner.append((i, "uint8"))
        self.emit(f"\t_ = {i}")
        self.emit("\tif !burn() { break }")
        self.block(inner, depth + 1, True)
        self.emit("}")

    def switch(self, scope, depth, loop):
        r = self.r
        k = r.randrange(4)
        if k == 3 and self.var("Valer", scope):
            self.emit(f"switch x := {self.var('Valer', scope)}.(type) {{")
            for t in ("Pair", "MyInt", "*One"):
                self.emit(f"case {t}:")
                self.indent += 1
                self.emit(f"{self.prefix}g_int ^= x.Val(3)")
                self.indent -= 1
                self.block(scope, depth + 1)
            self.emit("case nil:")
            self.emit(f"\t{self.prefix}g_int--")
            self.emit("}")
            return
        t = ("int", "string", "uint8", "int")[k]
        self.emit(f"switch {self.nonconst(t, scope, 1)} {{")
        seen = set()
        default = False
        for _ in range(r.randint(1, 5)):
            lit = self.literal(t)
            if lit in seen:
                continue
            seen.add(lit)
            self.emit(f"case {lit}:")
            self.block(scope, depth + 1)
            if self.chance(0.2):
                self.emit("\tfallthrough")
                if default or self.chance(0.3):
                    self.emit(f"case {self.nonconst(t, scope, 1)}:")
                else:
                    self.emit("default:")
                    default = True
                self.block(scope, depth + 1)
        self.emit("}")

    def closure(self, scope, depth):
        r = self.r
        f = self.fresh("f")
        t = r.choice(("int", "string", "float64", "uint16"))
        a, b = self.fresh("a"), self.fresh("b")
        self.emit(f"{f} := func({a} {t}, {b} int) {t} {{")
        inner = list(scope) + [(a, t), (b, "int")]
        self.indent += 1
        for _ in range(r.randint(0, 2)):
            self.statement(inner, 2)
        self.emit(f"return {self.expr(t, inner)}")
        self.indent -= 1
        self.emit("}")
        n = self.fresh("v")
        self.emit(f"var {n} {t} = {f}({self.expr(t, scope)}, {self.expr('int', scope)})")
        self.emit(f"_ = {n}")
        scope.append((n, t))

    def channels(self, scope):
        r = self.r
        c = self.fresh("ch")
        t = r.choice(("int", "string", "Pair"))
        n = self.fresh("v")
        k = r.randrange(3)
        if k == 0:
            self.emit(f"{c} := make(chan {t}, {r.randint(0, 3)})")
            x = self.fresh("x")
            self.emit(f"var {x} {t} = {self.expr(t, scope)}")
            self.emit(f"go func() {{ defer close({c}); for range 4 {{ {c} <- {x} }} }}()")
            self.emit(f"var {n} {t}")
            self.emit(f"for x := range {c} {{ {n} = x }}")
        elif k == 1:
            d = self.fresh("ch")
            self.emit(f"{c}, {d} := make(chan {t}, 1), make(chan int)")
            self.emit(f"{c} <- {self.expr(t, scope)}")
            self.emit(f"var {n} {t}")
            self.emit(f"select {{ case {n} = <-{c}: {self.prefix}g_int++; case <-{d}: {self.prefix}g_int-- }}")
            self.emit(f"select {{ case {n} = <-{c}: {self.prefix}g_int++; case {d} <- 1: {self.prefix}g_int--; default: {self.prefix}g_int += 7 }}")
        else:
            d = self.fresh("ch")
            self.emit(f"{c}, {d} := make(chan {t}), make(chan bool)")
            self.emit(f"var {n} {t}")
            self.emit(f"go func() {{ {n} = <-{c}; {d} <- true }}()")
            self.emit(f"{c} <- {self.expr(t, scope)}")
            self.emit(f"<-{d}")
        self.emit(f"_ = {n}")
        scope.append((n, t))

    # ---- printing

    def show(self, name, t, depth=0):
        if t == "float64":
            self.emit(f'pf64("{name}", {name})')
        elif t == "float32":
            self.emit(f'pf32("{name}", {name})')
        elif t in SCALARS:
            self.emit(f'println("{name}", {name})')
        elif t in STRUCTS:
            for f, ft in STRUCTS[t]:
                self.show(f"{name}.{f}", ft, depth + 1)
        elif t.startswith("map["):
            self.emit(f'println("{name}", len({name}), gkeys({name}))')
        elif t.startswith("["):
            self.emit(f"for i := range {name} {{")
            self.indent += 1
            self.emit("if i > 20 { break }")
            self.emit(f"e := {name}[i]")
            self.show("e", t.split("]", 1)[1], depth + 1)
            self.indent -= 1
            self.emit("}")
        elif t.startswith("*"):
            if depth < 2:
                self.emit(f"if {name} != nil {{")
                self.indent += 1
                d = self.fresh("d")
                self.emit(f"{d} := *{name}")
                self.emit(f"_ = {d}")
                self.show(d, t[1:], depth + 1)
                self.indent -= 1
                self.emit("}")
        elif t == "Valer":
            self.emit(f'if {name} != nil {{ println("{name}", {name}.Val(1)) }}')

    # ---- program

    def function(self):
        r = self.r
        name = self.fresh(self.prefix + "fn")
        params = tuple(self.any_type(1) for _ in range(r.randint(0, 4)))
        result = self.scalar()
        scope = [(f"p{i}", t) for i, t in enumerate(params)]
        named = self.chance(0.3)
        res = f"(res {result})" if named else result
        self.emit(f"func {name}({', '.join(f'{n} {t}' for n, t in scope)}) {res} {{")
        self.indent += 1
        self.emit(f"if !burn() {{ return {self.literal(result)} }}")
        if named:
            scope.append(("res", result))
            if self.chance(0.5):
                self.emit("defer func() {")
                self.emit("\tif r := recover(); r != nil {")
                self.emit(f"\t\tres = {self.expr(result, scope, 2)}")
                self.emit("\t}")
                self.emit("}()")
        for _ in range(r.randint(2, 5)):
            self.statement(scope, 0)
        if named and self.chance(0.5):
            self.emit(f"res = {self.expr(result, scope)}")
            self.emit("return")
        else:
            self.emit(f"return {self.expr(result, scope)}")
        self.indent -= 1
        self.emit("}")
        self.emit("")
        self.functions.append((name, params, (result,)))

    def test(self, name, statements, features):
        """A function that runs statements and features in random order and prints its variables."""
        self.emit(f"func {name}() {{")
        self.indent += 1
        scope = []
        parts = [True] * features + [False] * statements
        self.r.shuffle(parts)
        for is_feature in parts:
            self.feature(scope) if is_feature else self.statement(scope, 0)
        for n, t in scope:
            self.show(n, t)
        self.indent -= 1
        self.emit("}")
        self.emit("")

    def program(self):
        """Most programs are one function of a few features; one in BIG_EVERY is larger and mixes more."""
        r = self.r
        big = r.randrange(BIG_EVERY) == 0
        for _ in range(r.randint(2, 4) if big else int(r.random() < 0.3)):
            self.function()
        tests = [f"{self.prefix}test{i}" for i in range(r.randint(1, 3) if big else 1)]
        for name in tests:
            if big:
                self.test(name, r.randint(3, 7), r.randint(0, 2))
            else:
                self.test(name, r.randint(0, 2), 1)
        self.emit(f"func {self.prefix}main() {{")
        self.indent += 1
        for name in tests:
            self.emit(f'try("{name}", {name})')
            self.emit("fuel = 4000")
        for name, params, results in list(self.functions):
            self.emit(f'try("{name}", func() {{')
            self.indent += 1
            self.emit(f"r := {name}({', '.join(self.expr(p, [], 2) for p in params)})")
            self.show("r", results[0])
            self.indent -= 1
            self.emit("})")
            self.emit("fuel = 4000")
        text = "\n".join(self.tops + self.out)
        used = [t for t in SCALARS if re.search(rf"\b{self.prefix}g_{t}\b", text)]
        for t in used:
            self.show(self.prefix + "g_" + t, t)
        self.indent -= 1
        self.emit("}")
        variables = [f"var {self.prefix}g_{t} {t} = {self.literal(t)}" for t in used]
        return "\n".join(self.tops + variables + [""] + self.out) + "\n"


def generate(seeds):
    """One package that runs the programs of all seeds, one after the other."""
    parts = [PRELUDE]
    for seed in seeds:
        parts.append(Gen(seed, f"p{seed}_").program())
    parts.append("func main() {")
    for seed in seeds:
        parts.append(f'\tprintln("program", {seed})')
        parts.append(f"\tp{seed}_main()")
    parts.append("}")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(generate([int(a) for a in sys.argv[1:]]), end="")
