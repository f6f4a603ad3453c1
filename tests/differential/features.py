"""Blocks of Go that exercise one corner of the language each, with random parts; generate.py mixes them into programs.

A feature is a method whose name begins with `f_`. It writes statements that print what they computed, and may add
declarations at package level (`self.top`), all of whose names carry the program's prefix. What a feature prints is defined
by the language: operands whose order of evaluation matters are calls of `tr`, which says when it runs. Only `f_late` is about
what gc alone decides.
"""

import re

INTS = ("int8", "int16", "int32", "int64", "int", "uint8", "uint16", "uint32", "uint64", "uint", "uintptr")
BITS = {"int8": 8, "int16": 16, "int32": 32, "int64": 64, "int": 64, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64,
        "uint": 64, "uintptr": 64}


class Features:
    def feature(self, scope):
        names = [n for n in dir(self) if n.startswith("f_")]
        getattr(self, self.r.choice(names))(scope)

    def top(self, text):
        self.tops.append(text)

    def lines(self, text, **names):
        keys = "|".join(sorted(names, key=len, reverse=True))
        text = re.sub(r"\$(%s)" % keys, lambda m: str(names[m.group(1)]), text)
        for line in text.strip("\n").split("\n"):
            self.emit(line)

    def small(self, low=0, high=9):
        return self.r.randint(low, high)

    # ---- numbers

    def f_wrap(self, scope):
        t = self.r.choice(INTS)
        a, b = self.fresh("w"), self.fresh("w")
        self.emit(f"{a}, {b} := {self.expr(t, scope, 2)}, {self.expr(t, scope, 2)}")
        for _ in range(self.small(2, 6)):
            op = self.r.choice(("+", "-", "*", "&", "|", "^", "&^", "<<", ">>", "/", "%"))
            if op in ("<<", ">>"):
                n = self.r.choice((f"uint8({b})", str(self.small(0, 70)), f"({b} & 15)" if not t.startswith("i") else f"uint64({b})"))
                self.emit(f"{a} = {a} {op} {n}")
            elif op in "/%":
                self.emit(f"{a} {op}= {b} | 1")
            else:
                self.emit(f"{a} {op}= {b}")
            self.emit(f"{b} = {b}*{self.small(3, 99)} {self.r.choice('+-^')} {self.small(1, 99)}")
        self.emit(f'println("{a}", {a}, {b}, {a} < {b}, -{a}, ^{b})')

    def f_shift_signed(self, scope):
        t, c = self.r.choice(INTS), self.r.choice(("int", "int8", "int64"))
        x, n = self.fresh("x"), self.fresh("n")
        self.lines("""
for _, $n := range []$c{0, 1, 7, 31, 32, 63, 64, $k} {
	$x := $e
	println("$x", $x<<$n, $x>>$n)
}""", n=n, c=c, x=x, e=self.expr(t, scope, 2), k=self.r.choice((65, 127, 100, -1)))

    def f_convert(self, scope):
        x = self.fresh("x")
        t = self.r.choice(INTS + ("float32", "float64"))
        self.emit(f"{x} := {self.nonconst(t, scope, 2)}")
        for u in self.r.sample(INTS, 4):
            if t.startswith("float"):
                self.emit(f'if {x} >= 0 && {x} < 120 {{ println("{x}", {u}({x})) }}')
            else:
                self.emit(f'println("{x}", {u}({x}), {u}({x}) == {u}({x})+0)')
        self.emit(f'pf64("{x}", float64({x}))')
        self.emit(f'pf32("{x}", float32({x}))')
        self.emit(f'pf64("{x}", float64(float32({x})) * 3)')

    def f_complex(self, scope):
        t, f = self.r.choice((("complex64", "float32"), ("complex128", "float64")))
        a, b = self.fresh("z"), self.fresh("z")
        p = "pf32" if f == "float32" else "pf64"
        self.emit(f"{a} := complex({self.expr(f, scope, 2)}, {self.nonconst(f, scope, 2)})")
        self.emit(f"{b} := {t}(complex({self.small(1)}.5, {self.small()}))")
        for _ in range(self.small(1, 4)):
            self.emit(f"{a} = {a} {self.r.choice('+-*/')} {b}")
        self.emit(f'{p}("{a}", real({a}))')
        self.emit(f'{p}("{a}", imag({a}))')
        self.emit(f'println("{a}", {a} == {b}, {a} != {a}, {t}({b}) == {b})')
        other = "complex128" if t == "complex64" else "complex64"
        self.emit(f'pf64("{b}", float64(real({other}({b}))))')

    def f_constants(self, scope):
        n = self.fresh(self.prefix + "C")
        k = self.small(1, 5)
        self.top(f"""const (
	{n}a = iota*{k} + 1
	{n}b
	_
	{n}c uint8 = 1 << iota
	{n}d
	{n}e = "s" + "{'x' * k}"
	{n}f = len({n}e) * {n}b
	{n}g = 1 << {60 + k} >> {50 + k}
	{n}h float32 = {n}g / 3.0
	{n}i = 'a' + {k}
	{n}j = -5 % {k + 1}
	{n}k = ^{k}
	{n}l = {n}a < {n}b && {n}e > "s"
)""")
        self.emit(f'println("{n}", {n}a, {n}b, {n}c, {n}d, {n}e, {n}f, {n}g, string(rune({n}i)), {n}j, {n}k, {n}l)')
        self.emit(f'pf32("{n}", {n}h)')
        self.emit(f"println({self.nonconst('int', scope, 3)} + {n}g, {self.nonconst('uint8', scope, 3)} &^ {n}d)")

    def f_float(self, scope):
        t = self.r.choice(("float32", "float64"))
        p = "pf32" if t == "float32" else "pf64"
        x, y, z = self.fresh("x"), self.fresh("y"), self.fresh("z")
        self.emit(f"{x}, {y}, {z} := {self.expr(t, scope, 2)}, {self.nonconst(t, scope, 2)}, {self.literal(t)}")
        self.emit(f"{z} = {z}*{x} + {y}")
        self.emit(f"{x} = {t}({x}*{y}) - {z}")
        self.emit(f'{p}("{z}", {z})')
        self.emit(f'{p}("{x}", {x}/{y})')
        self.emit(f'println("{x}", {x} < {y}, {x} >= {y}, !({x} > {z}), {x} == {x}, {x} != {z})')
        self.emit(f'{p}("{y}", min({x}, {y}, {z}))')
        self.emit(f'{p}("{y}", max({x}, 0, {z}))')

    # ---- strings, slices, arrays, maps

    def f_slices(self, scope):
        t = self.r.choice(("int", "string", "uint8", "Pair", "float32"))
        s, u, n = self.fresh("s"), self.fresh("u"), self.small(3, 8)
        self.emit(f"{s} := make([]{t}, {n}, {n + self.small(0, 4)})")
        self.emit(f"for i := range {s} {{ {s}[i] = {self.expr(t, scope, 2)} }}")
        lo = self.small(0, 2)
        hi = self.small(lo, n)
        self.emit(f"{u} := {s}[{lo}:{hi}:{self.small(hi, n)}]")
        for _ in range(self.small(1, 4)):
            self.emit(self.r.choice((
                f"{u} = append({u}, {s}...)",
                f"{u} = append({u}, {self.expr(t, scope, 3)}, {self.expr(t, scope, 3)})",
                f'println("{u}", copy({s}[{self.small(0, 3)}:], {u}))',
                f"if len({u}) > 0 {{ {u} = {u}[1:] }}",
                f"{u} = append({u}[:0], {u}...)",
                f"{u} = append([]{t}(nil), {u}...)",
                f"clear({s}[:{self.small(0, 3)}])",
                f"if len({u}) >= 2 {{ {u}[0], {u}[1] = {u}[1], {u}[0] }}",
            )))
        self.emit(f'println("{u}", len({u}), len({s}), cap({s}), {u} == nil)')
        self.show(s, "[]" + t)
        self.show(u, "[]" + t)

    def f_arrays(self, scope):
        n, t = self.small(1, 5), self.r.choice(("int", "string", "uint8", "int64"))
        a, b, p = self.fresh("a"), self.fresh("b"), self.fresh("p")
        self.lines("""
$a := [$n]$t{$e}
$b := $a
$p := &$b
$p[$i] = $f
for i, v := range $a { $b[i] = $a[$m-i]; _ = v }
for i := range $p { $a[i] = $p[i] }
println("$a", $a == $b, len($p), $a != [$n]$t{})
type arr$a struct { x [$n]$t; y [2][$n]$t }
var q$a arr$a
q$a.y[1] = *$p
q$a.y[0][$i] = $f
r$a := q$a
r$a.x[$i] = $f
println(q$a == r$a, q$a.y == r$a.y, [$n]$t(q$a.x[:]) == q$a.x)""",
                   a=a, b=b, p=p, n=n, t=t, m=n - 1, i=self.small(0, n - 1), e=self.expr(t, scope, 2), f=self.expr(t, scope, 2))
        self.show(a, f"[{n}]{t}")
        self.show(b, f"[{n}]{t}")

    def f_strings(self, scope):
        s = self.fresh("s")
        self.lines("""
$s := $e + "é\\xf0\\x90" + $f
for i, c := range $s { println("$s", i, c) }
for i := 0; i < len($s) && i < 9; i++ { print($s[i], " ") }
println(len([]rune($s)), len([]byte($s)), $s > $f, $s == $e, $s[$n:], string([]rune($s)) == $s)
switch { case $s < "m": println("low"); case $s[:1] == "h": println("h"); default: println("high", string($s[0])) }
b$s := []byte($s)
for i := range b$s { b$s[i] ^= $n }
println(string(b$s) + $s)""", s=s, n=self.small(1, 2), e=self.literal("string"), f=self.expr("string", scope, 3))

    def f_maps(self, scope):
        kt = self.r.choice(("int", "string", "Pair", "float64", "[2]int8", "any", "bool"))
        key = {"int": "i*7%5", "string": "string(rune('a' + i%4))", "Pair": 'Pair{i % 3, "k"}', "float64": "float64(i%4) / 2",
               "[2]int8": "[2]int8{int8(i % 3), int8(i)}", "any": "any(i % 3)", "bool": "i%2 == 0"}[kt]
        m = self.fresh("m")
        self.lines("""
$m := map[$kt]$vt{}
for i := range $n {
	$m[$key]$op
	if i == $d { delete($m, $key) }
	if v, ok := $m[$key]; ok && v > 2 { $m[$key]-- }
}
sum$m := 0
for _, v := range $m { sum$m = sum$m*1 + int(v) }
println("$m", len($m), sum$m)
for k := range $m { delete($m, k); break }
println(len($m))
clear($m)
println(len($m), $m == nil)""", m=m, kt=kt, key=key, vt=self.r.choice(("int", "uint8", "int64")), n=self.small(3, 20), d=self.small(0, 5),
                   op=self.r.choice(("++", " += 2", " = " + str(self.small(1, 99)))))

    # ---- structs, methods, interfaces

    def struct_type(self):
        """A struct type of the program's own with methods; its name and fields."""
        if self.own and self.chance(0.5):
            return self.r.choice(self.own)
        n = self.fresh(self.prefix + "T")
        fields = [(f"F{i}", self.r.choice(("int", "string", "uint8", "float32", "[2]int16", "bool", "int64", "Pair", "uint32")))
                  for i in range(self.small(1, 5))]
        embedded = self.r.choice(("", "Pair", "*One", "MyInt")) if self.chance(0.5) else ""
        text = f"type {n} struct {{\n" + "".join(f"\t{f} {t}\n" for f, t in fields) + (f"\t{embedded}\n" if embedded else "") + "}\n"
        ints = [f for f, t in fields if t in ("int", "uint8", "int64", "uint32")]
        body = " + ".join(f"int(x.{f})" for f in ints) or "1"
        text += f"func (x {n}) Get(k int) int {{ return {body} + k }}\n"
        text += f"func (x *{n}) Set(k int) *{n} {{ " + "".join(f"x.{f} += {t}(k); " for f, t in fields if f in ints) + "return x }\n"
        if not embedded:
            text += f"func (x {n}) Val(k int) int {{ return x.Get(k) * 2 }}\n"
        self.top(text)
        self.own.append((n, fields, embedded))
        return self.own[-1]

    def own_literal(self, own, scope):
        n, fields, embedded = own
        inits = [f"{f}: {self.expr(t, scope, 3)}" for f, t in fields if not t.startswith("[") and self.chance(0.8)]
        if embedded == "*One":
            inits.append("One: &One{%d}" % self.small())
        elif embedded == "Pair":
            inits.append('Pair: Pair{%d, "e"}' % self.small())
        elif embedded:
            inits.append("MyInt: %d" % self.small())
        return n + "{" + ", ".join(inits) + "}"

    def f_struct(self, scope):
        own = self.struct_type()
        x, y = self.fresh("x"), self.fresh("y")
        self.lines("""
$x := $lit
$y := $x
$y.Set($k)
println("$x", $x == $y, $x.Get(1), $y.Get(2), $x.Val(3))
println((&$y).Set(1).Get(0))
g$x, s$x := $x.Get, $y.Set
$x.Set(50)
println(g$x(1), s$x(2) == &$y, $T.Get($y, 4), (*$T).Set(&$x, 1) != &$x)
a$x := []$T{$x, $y, {}}
for i, v := range a$x { if v != $x { a$x[i] = $x } else { v.Set(9) } }
println(a$x[1] == $x, a$x[2] == *&$x)""", x=x, y=y, lit=self.own_literal(own, scope), k=self.small(), T=own[0])

    def f_interfaces(self, scope):
        own = self.struct_type()
        v = self.fresh("v")
        self.lines("""
for i, $v := range []any{$a, $b, $c, nil, $lit, &$lit, Valer(Pair{1, "x"}), error(nil), []int{1}, [1]string{"q"}, func() {}} {
	switch x := $v.(type) {
	case nil: println(i, "nil")
	case int, string: println(i, "int or string", x == $a)
	case *$T: println(i, x.Get(1))
	case $T: println(i, x.Get(2))
	case Valer: println(i, "Valer", x.Val(1))
	case interface{ Get(int) int }: println(i, "Get", x.Get(3))
	case fmtStringer: println(i, "Stringer")
	case []int: println(i, len(x))
	default: println(i, "other")
	}
	s, ok := $v.(string)
	println(s, ok, $v == any($a))
}
try("assert", func() { var e any = $lit; _ = e.($want); println("is one") })
try("compare", func() { var e, f any = []int{}, []int{}; println(e == f) })
try("hash", func() { m := map[any]int{}; m[$bad] = 1 })""", v=v, a=self.literal("int"), b=self.literal("string"),
                   c=self.literal(self.r.choice(("uint8", "float64", "bool"))), lit=self.own_literal(own, scope), T=own[0],
                   want=self.r.choice(("int", "Valer", "fmtStringer", "*Pair", "interface{ M(); Get(int) int }", "error")),
                   bad=self.r.choice(("[]int{1}", "func() {}", "map[int]int{}", 'struct{ a any }{[]string{}}', "[1]any{[]int{}}")))

    def f_embedding(self, scope):
        n = self.fresh(self.prefix + "E")
        k = self.small(1, 5)
        self.top(f"""type {n}I interface {{
	Name() string
	Inc(int)
}}
type {n}A struct{{ n int; s string }}
type {n}B struct {{
	{n}A
	*{n}P
	{n}I
}}
type {n}P struct{{ p int16 }}
func (a {n}A) Name() string {{ return a.s }}
func (a *{n}A) Inc(k int)   {{ a.n += k * {k} }}
func (p *{n}P) Twice() int16 {{ p.p *= 2; return p.p }}
func (b {n}B) Name() string {{ return "B" + b.{n}A.Name() }}
func (b *{n}B) Inc(k int)   {{ b.{n}A.Inc(k + 1) }}
""")
        self.lines("""
b$n := $nB{$nA: $nA{$k, $s}, $nP: &$nP{$k}}
b$n.Inc(3)
println(b$n.Name(), b$n.n, b$n.Twice(), b$n.$nP.Twice(), b$n.p, b$n.s)
var i$n $nI = &b$n
i$n.Inc(1)
b$n.$nI = &b$n.$nA
b$n.$nI.Inc(2)
f$n := i$n.Inc
f$n(4)
println(i$n.Name(), b$n.n, b$n.$nI.Name(), i$n == $nI(&b$n))
try("nil embedded", func() { var z $nB; println(z.Twice()) })
try("nil iface", func() { var z $nB; z.$nI.Inc(1) })""", n=n, k=k, s=self.literal("string"))

    # ---- functions

    def f_closures(self, scope):
        f, n = self.fresh("f"), self.small(2, 5)
        self.lines("""
var $f []func(int) int
acc$f := $e
for i := range $n {
	k := i * $k
	$f = append($f, func(x int) int { acc$f += x + k; i++; return acc$f*2 + i })
}
for j := 0; j < 3; j++ {
	defer func(j2 int) { println("deferred", j, j2, acc$f) }(j * 2)
	$f = append($f, func(x int) int { j += x; return j })
}
for i, g := range $f { println(i, g(i), g(1)) }
fib$f := func(int) int { return 0 }
fib$f = func(x int) int { if x < 2 { return x }; return fib$f(x-1) + fib$f(x-2) }
println(fib$f($n + 6), acc$f)""", f=f, n=n, k=self.small(1, 9), e=self.expr("int", scope, 2))

    def f_defer(self, scope):
        n = self.fresh(self.prefix + "D")
        t = self.r.choice(("int", "string", "Pair"))
        again = self.r.choice(("panic(any(r))", "panic(\"again\")", "a = a", "return"))
        self.top(f"""func {n}(k int) (a {t}, err any) {{
	defer func() {{
		if r := recover(); r != nil {{
			err = r
			if k == 3 {{ {again} }}
		}}
		println("{n}", k)
	}}()
	defer println("arg", k)
	a = {self.expr(t, [("k", "int")], 2)}
	for i := range k {{
		defer func() {{ println("loop", i, k); if i == 1 && k > 4 {{ panic(i) }} }}()
	}}
	switch k {{
	case 1: return
	case 2: panic("two")
	case 3: var p *Pair; println(p.A)
	case 4: var m map[string]int; m["x"] = 1
	case 5: panic({self.r.choice(('error(nil)', '[]int(nil)', 'Pair{1, "p"}', '3.5'))})
	}}
	return a, k
}}
""")
        self.lines("""
for k := range 7 {
	try("$n", func() {
		a, err := $n(k)
		_ = a
		switch e := err.(type) { case error: println("error", e.Error()); case string: println(e); case int: println("int", e); default: println("other", e == nil) }
	})
}""", n=n)

    def f_generics(self, scope):
        n = self.fresh(self.prefix + "G")
        own = self.struct_type()
        self.top(f"""type {n}N interface {{ ~int | ~uint8 | ~int64 | ~float32 }}
type {n}[K comparable, V any] struct {{
	keys []K
	vals []V
	next *{n}[K, V]
}}
func (g *{n}[K, V]) Put(k K, v V) *{n}[K, V] {{
	for i, x := range g.keys {{
		if x == k {{ g.vals[i] = v; return g }}
	}}
	g.keys, g.vals = append(g.keys, k), append(g.vals, v)
	return g
}}
func (g *{n}[K, V]) All() func(func(K, V) bool) {{
	return func(yield func(K, V) bool) {{
		for i, k := range g.keys {{ if !yield(k, g.vals[i]) {{ return }} }}
	}}
}}
func (g *{n}[K, V]) Conv[U any](f func(V) U) []U {{
	var r []U
	for _, v := range g.vals {{ r = append(r, f(v)) }}
	return r
}}
func {n}sum[T {n}N](s ...T) (t T) {{ for _, v := range s {{ t = t*2 + v }}; return }}
func {n}kind[T any](v T) string {{
	switch any(v).(type) {{
	case int: return "int"
	case string: return "string"
	case {own[0]}: return "own"
	case interface{{ Val(int) int }}: return "valer"
	}}
	var z T
	_, ok := any(z).(error)
	if ok {{ return "error" }}
	return "?"
}}
func {n}ptr[T any, P interface {{ *T; Set(int) P }}](k int) T {{ var t T; P(&t).Set(k); return t }}
""")
        kt = self.r.choice(("int", "string", "bool"))
        vt = self.r.choice(("int", "float32", "Pair", "uint8"))
        self.lines("""
var g$n $n[$kt, $vt]
g$n.Put($a, $b).Put($c, $d).Put($a, $d)
for k, v := range g$n.All() { println(k == $a, $nkind(v), $nkind(k)); _ = v }
for i, s := range g$n.Conv(func(v $vt) string { return $nkind(v) + "!" }) { println(i, s) }
println($nsum(1, 2, $k), $nsum[uint8](200, 100, $k), $nsum(int64($k), 7), $nkind($nptr[$T]($k)), $nptr[$T]($k).Get(1), $nkind(&g$n))""",
                   n=n, kt=kt, vt=vt, a=self.literal(kt), c=self.literal(kt), b=self.expr(vt, scope, 3), d=self.expr(vt, scope, 3), k=self.small(),
                   T=own[0])

    def f_iterators(self, scope):
        n = self.fresh(self.prefix + "R")
        self.top(f"""func {n}(k int) (res int) {{
	defer func() {{ res += 1000 }}()
outer:
	for i := range seq(k) {{
		for j := range seq(4) {{
			defer func() {{ res += i }}()
			switch {{
			case i*j == {self.small(1, 20)}: continue outer
			case j > {self.small(1, 6)}: break
			case i > {self.small(5, 20)}: break outer
			case i+j == {self.small(2, 12)}: return i * j
			}}
			res += j
		}}
		if i == {self.small(1, 6)} {{ goto done }}
	}}
	res--
done:
	return res
}}
""")
        self.lines("""
for k := range 6 { println("$n", k, $n(k)) }
try("iter panic", func() { for i := range seq(5) { if i == $i { panic("in body") } } })
var keep$n func(int) bool
try("iter misuse", func() { for range func(y func(int) bool) { keep$n = y; y(1) } { println("body") }; keep$n(2) })
for range func(y func() bool) { println(y(), y()) } { println("twice") }""", n=n, i=self.r.choice((-2, 1, 6)))

    def f_labels(self, scope):
        n = self.fresh("L")
        self.lines("""
x$n := $e & 15
i$n := 0
$n:
for i$n < 20 && burn() {
	i$n++
	switch {
	case i$n%3 == 0: continue $n
	case i$n > x$n: break $n
	case i$n == 7: goto next$n
	}
	for j := range 5 {
		if j == i$n%5 { continue $n }
		if j*i$n == 12 { break $n }
		x$n++
	}
	select { default: if x$n > 40 { break $n } }
next$n:
	x$n += 2
}
println("$n", i$n, x$n)""", n=n, e=self.expr("int", scope, 2))

    def f_order(self, scope):
        a = self.fresh("o")
        r = self.r
        self.lines("""
$a := []int{tr(1, 3), tr(2, 4), tr(3, 5)}
m$a := map[string]int{tr(4, "a"): tr(5, 1)}
$a[tr(6, 0)], m$a[tr(7, "b")] = tr(8, 7), tr(9, 8)
$a[tr(10, 1)] += tr(11, 2)
p$a := &Pair{A: tr(12, 1), B: tr(13, "x")}
tr(14, p$a).A, tr(15, p$a).B = tr(16, 5), tr(17, "y")
println(tr(18, $a)[tr(19, 1)], tr(20, true) && tr(21, $b) || tr(22, false), tr(23, p$a).Val(tr(24, 2)), tr(25, $a)[tr(26, 0):tr(27, 2)][tr(28, 1)])
func(x ...int) { println(len(x)) }(tr(29, 1), tr(30, 2))
try("order", func() { tr(31, []int{1})[tr(32, $i)] = tr(33, 5) })
try("order2", func() { var q *Pair; tr(34, q).A = tr(35, 6) })
try("order3", func() { var q map[int]int; tr(36, q)[tr(37, 1)] = tr(38, 6) })
try("order4", func() { $a[tr(39, 2)], $a[tr(40, 9)] = tr(41, 90), tr(42, 91) })
println($a[2])
switch tr(43, $i) { case tr(44, 2), tr(45, 1): println("hit"); case tr(46, 0): println("zero"); default: println("none") }
defer tr(47, func(int) {})(tr(48, 1))""", a=a, b=r.choice(("true", "false")), i=self.small(0, 2))

    # What the language leaves open and gc decides: when a variable is read that stands between calls which change it.
    def late(self, n, depth):
        r = self.r
        leaves = ("v$n", "q$n.A", "a$n[0]", "b$n[1]", 'm$n["k"]', "*p$n", "len(a$n)", "g$n.A", "w$n", "3", "set$n(K)", "set$n(K)",
                  "i$n.Val(K)", "q$n.Val(K)", "fn$n(K)", "int(c$n)", "len(s$n)", "e$n.(int)", "len(a$n[:1])", "<-one$n(K)")
        if depth == 0 or r.random() < 0.3:
            return r.choice(leaves).replace("$n", n).replace("K", str(r.randint(0, 8)))
        x, y = (self.late(n, depth - 1) for _ in range(2))
        return r.choice((f"({x} + {y})", f"({x} - {y})", f"({x} ^ {y})", f"min({x}, {y})", f"set{n}({x})", f"fn{n}({x})",
                         f"pick{n}({x} > {y} && {y} != {x}, {x})", f"q{n}.Val({x})", f"[]int{{{x}, {y}}}[1]", f"(Pair{{A: {x}}}).A",
                         f"any({x}).(int)", f"len(s{n} + ts{n}({x}))", f"len([]byte(s{n}))", f"both{n}({x}, {y})", f"i{n}.Val({y})",
                         f"pick{n}(b{n} == [2]int{{{x}, {y}}}, {y})", f"map[int]int{{{x}: {y}, 77: {x}}}[77]"))

    def f_late(self, scope):
        n = self.fresh("z")
        r = self.r
        self.lines("""
v$n, w$n, c$n, s$n, g$n := 1, 2, int8(3), "s", Pair{A: 4}
q$n, a$n, b$n, m$n := &Pair{A: 5}, []int{6, 7}, [2]int{8, 9}, map[string]int{"k": 10}
p$n := &v$n
fn$n := func(x int) int { return x }
var i$n Valer = MyInt(3)
var e$n any = 11
one$n := func(x int) chan int { c := make(chan int, 1); v$n += x; c <- x; return c }
pick$n := func(b bool, x int) int { if b { return x }; return -x }
both$n := func(x, y int) int { v$n++; return x*3 - y }
ts$n := func(x int) string { s$n += "t"; return "u" }
var set$n func(k int) int
set$n = func(k int) int {
	switch k & 7 {
	case 0: v$n += 100
	case 1: q$n = &Pair{A: k + 20}
	case 2: a$n = append([]int{k}, a$n...)
	case 3: b$n[1] += 7; c$n++
	case 4: m$n["k"] += 3; s$n += "x"
	case 5: g$n.A *= 2; p$n = &w$n
	case 6: fn$n = func(x int) int { return x + 1000 }
	default: i$n = MyInt(k); e$n = k + 30
	}
	return k
}
all$n := func(xs ...int) { for _, x := range xs { print(x, " ") }; println() }
show$n := func(xs ...any) { for _, x := range xs { switch x := x.(type) { case int: print(x, " "); case bool: print(x, " "); case Pair: print(x.A, " "); case int8: print(x, " ") } }; println() }
_, _, _, _ = one$n, pick$n, both$n, ts$n
_, _, _, _, _, _ = all$n, show$n, fn$n, i$n, e$n, set$n""", n=n)
        e = lambda d=2: self.late(n, d)  # noqa: E731
        for _ in range(self.small(3, 7)):
            self.emit(r.choice((
                f"println({e()}, {e()}, {e()})", f"all{n}({e()}, {e()}, {e()})", f"show{n}({e()}, {e(1)} > {e(1)}, {e()}, c{n}, g{n}, Pair{{A: {e()}}})",
                f"v{n}, w{n} = {e()}, {e()}", f"a{n}[0], q{n}.A = {e()}, {e()}", f"m{n}[\"k\"] = {e()}", f"b{n}[{e()} & 1] += {e()}",
                f"g{n}.A = {e()}", f"q{n}.A -= {e()}", f"v{n} = {e()}", f"*p{n} = {e()}", f"if {e()} < {e()} {{ println({e()}) }}",
                f"switch {e()} {{ case {e()}, {e()}: println(1); default: println(2) }}", f"a{n} = append(a{n}, {e()}, {e()})",
                f"println(func() (int, int) {{ return {e()}, {e()} }}())", f"for range {e()} & 3 {{ println({e(1)}) }}",
                f"func() {{ defer all{n}({e()}, {e()}) }}()", f"b{n} = [2]int{{{e()}, {e()}}}", f"g{n}, *q{n} = Pair{{A: {e()}}}, Pair{{A: {e()}}}",
                f"a{n}[0] = both{n}({e(1)}, {e(1)})", f"func(x, y int) {{ println(x, y, v{n}) }}({e()}, {e()})")))
        self.emit(f"println(v{n}, w{n}, c{n}, s{n}, g{n}.A, q{n}.A, a{n}[0], len(a{n}), b{n}[0], b{n}[1], m{n}[\"k\"], *p{n})")

    # ---- panics

    def f_panics(self, scope):
        i = self.fresh("i")
        self.emit(f"{i} := {self.r.choice((-1, 5, 9, -100, 1 << 40))}")
        self.emit(f"_ = {i}")
        cases = (
            "println([]int{1, 2, 3}[$i])", "println([3]int{}[$i&7+3])", 'println("abc"[$i])', "println(len([]int{1}[$i:]))",
            "println(len([]int{1}[:$i]))", 'println("abc"[$i:])', 'println("abc"[2:$i])', "println(len(make([]int, 4)[3:$i]))",
            "println(len(make([]int, 4)[:2:$i]))", "println(len(make([]int, 4)[$i:$i+1:4]))", "println(5 / ($i - $i))",
            "println(5 % uint8($i-$i))", "println(1 << $i)", "println(len(make([]int, $i&^0xff)))", "var p *Big; println(p.Arr[2])",
            "var p *[4]int; println(p[$i&3])", "var f func(); f()", "var v Valer; v.Val(1)", "var c chan int; close(c)",
            "c := make(chan int); close(c); close(c)", "c := make(chan int); close(c); c <- 1", "println([4]int(make([]int, $i&3))[0])",
            "var e any = $i; println(e.(string))", "var e any; println(e.(int))", "var e any; println(e.(Valer).Val(1))",
            "var v Valer = MyInt(1); println(v.(*One).V)", "panic(nil)", "var m map[Pair]int; m[Pair{}]++", "println(len(make([]int, 1, $i)))",
            "var p *Pair; println(p.Val(1))", "println(uint8($i) / uint8($i-$i))", "println((*[2]int)(make([]int, 1))[0])",
            "println(len(make(chan int, $i)))", "a := [4]int{}; println(len(a[$i:]))", "x := uint64($i); println([]int{1}[x])",
            "var e error; println(e.Error())", "var p *Emb; println(p.A)", "e := Emb{}; println(e.V)",
        )
        for c in self.r.sample(cases, self.small(3, 6)):
            if ("make([]int, $i" in c or "make(chan" in c or "1, $i" in c):
                c = c.replace("$i", "(-1 - $i&7)" if "&^" not in c else "-5")
            if "&^0xff" in c:
                c = "println(len(make([]int, -5+$i-$i)))"
            self.emit(f'try("panic", func() {{ {c.replace("$i", i)} }})')

    # ---- goroutines

    def f_select(self, scope):
        c = self.fresh("c")
        self.lines("""
$c, d$c, done$c := make(chan int, $n), make(chan string), make(chan bool)
go func() {
	for i := range $k { $c <- i * $m }
	close($c)
}()
go func() {
	s := ""
	for x := range d$c { s += x }
	println(s)
	done$c <- true
}()
sum$c := 0
loop$c:
for {
	select {
	case v, ok := <-$c:
		if !ok { break loop$c }
		sum$c += v
		d$c <- string(rune('a' + v%26))
	case <-(chan int)(nil): println("never")
	}
}
close(d$c)
v$c, ok$c := <-$c
println(<-done$c, sum$c, v$c, ok$c, len($c), cap($c))
select { case $c2 := <-$c: println($c2); case done$c <- true: println("no") }""", c=c, n=self.small(0, 3), k=self.small(1, 9), m=self.small(1, 9))

    def f_switch(self, scope):
        x = self.fresh("x")
        t = self.r.choice(("int8", "uint16", "int", "string"))
        cases = {self.literal(t) for _ in range(self.small(3, 14))}
        self.emit(f"{x} := {self.expr(t, scope, 2)}")
        self.emit(f"for range {self.small(1, 4)} {{")
        self.emit(f"\tswitch {x} {{")
        for i, lit in enumerate(sorted(cases)):
            self.emit(f"\tcase {lit}: println({i})" + ("; fallthrough" if self.chance(0.2) and i + 1 < len(cases) else ""))
        self.emit('\tdefault: println("default")')
        self.emit("\t}")
        self.emit(f"\t{x} {'+=' if t == 'string' else '^='} {self.literal(t)}")
        self.emit("}")

    def f_range_int(self, scope):
        t = self.r.choice(("int", "uint8", "int16", "MyInt"))
        x = self.fresh("x")
        self.lines("""
n$x := $t($n)
for i := range n$x {
	n$x += i
	i *= 3
	$x := i
	defer func() { print($x, " ") }()
}
println("$x", n$x)
for range $n { n$x-- }
arr$x := [3]$t{1, 2, 3}
for i, v := range arr$x { arr$x[2] = 10; n$x += v * $t(i) }
for i, v := range &arr$x { arr$x[2] = 20; n$x += v * $t(i) }
sl$x := arr$x[:]
for i, v := range sl$x { sl$x = append(sl$x, v); sl$x[2]++; n$x += v ^ $t(i) }
println(n$x, len(sl$x))""", x=x, t=t, n=self.small(0, 9))

    # ---- loops over slices by counters, whose checks optimisers move about

    def f_counted_loops(self, scope):
        f, r = self.fresh(self.prefix + "loop"), self.r
        t = r.choice(("int", "int", "int", "int", "uint", "int64", "int32", "uint8", "int8"))
        kind = r.choice(("up", "down", "both", "range", "while"))
        index = ["i", "i", "i", "i+1", "i-1", f"i+{t}(n&3)", "i&7", "i%w", "(i+w-1)%w", "i*2"] + ["j", "j-1", "j+1"] * (kind == "both")
        if kind == "range":
            index = ["i", "i", "i+1", "i-1", "n-i", "i%n", "(i+n-1)%n", "c", "c>>4", "c&15", "int(c)-97"]
        body = ["v := a[i]" if kind != "range" else "v := a[len(a)-1-i]"]
        for k in range(self.small(1, 4)):
            x = r.choice(index)
            body.append(r.choice((f"v += b[{x}]", f"a[{x}] = v", f"b[{x}] ^= v", f"sum = sum*31 + a[{x}]", f"if v&3 == {k & 3} {{ b[{x}]++ }}",
                                  f"if v == {self.small(-3, 12)} {{ break }}", f"if sum&15 == 3 {{ continue }}", f"c{k} := text[i&15:]; sum += len(c{k}[({x})&3:])")))
        body.append("sum += v")
        step = r.choice((1, 1, 1, 2))
        head = {
            "up": f"for i := {t}(from); i {r.choice(('<', '<', '<=', '!='))} {t}(to); i += {step}",
            "down": f"for i := {t}(from); i {r.choice(('>', '>=', '!='))} {t}(to); i -= {step}",
            "both": f"for i, j := {t}(from), {t}(to); i {r.choice(('<', '<='))} j; i, j = i+{r.choice((1, 1, 2))}, j-1",
            "range": "for i, c := range text",
            "while": f"i := {t}(from) - 1; for",
        }[kind]
        if kind == "while":
            body.insert(0, "i++")
        if kind == "range":
            body.append("_ = c")
        lines = "\n\t\t".join(body)
        limited = t in ("uint8", "int8") or r.random() < 0.3  # by a second way to end
        limit = f"if turns++; turns > {r.choice((40, 300))} {{ break }}" if limited else ""
        self.top(f"""//go:noinline
func {f}(a, b []int, text []byte, from, to, n int) (sum int) {{
	w, turns := {t}(n), 0
	_, _ = w, turns
	{head} {{
		{limit}
		{lines}
	}}
	return
}}""")
        ends = (-2, -1, 0, 0, 1, 3, 7, 8, 9, 30, "1<<63-1", "-1<<63", "1<<63-3")
        for _ in range(self.small(3, 8)):
            la, lb = r.choice((8, 8, 8, 9, 16, 130, 1, 0)), r.choice((8, 8, 7, 10, 16, 256, 2, 0))
            self.lines("""
try("$f", func() {
	a, b := make([]int, $la), make([]int, $lb)
	for i := range a { a[i] = i*i%17 - 3 }
	defer func() {
		h := 0
		for i, v := range append(a, b...) { h = h*31 + v ^ i }
		println("$f after", h)
	}()
	println("$f", $f(a, b, []byte("$word"), $from, $to, $n))
})""", f=f, la=la, lb=lb, word=r.choice(("", "counted", "some longer text, too", "aAzZ")), **{"from": r.choice(ends), "to": r.choice(ends)},
                       n=r.choice((1, 2, 3, 5, 7, 8, 0, -1, -3, 100)))

    # ---- loops that cut slices and strings from the front

    def f_cut_loops(self, scope):
        f, r = self.fresh(self.prefix + "cut"), self.r
        elem = r.choice(("byte", "byte", "int", "int32", "uint16", "[3]byte", "string"))
        value = {"[3]byte": "int(s[{}][1])", "string": "len(s[{}])"}.get(elem, "int(s[{}])")
        cut = lambda: r.choice(("s = s[1:]", "s = s[1:]", "s = s[2:]", "s = s[3:]", "s = s[1:len(s)]", "s = s[n&3:]", "s = s[1:len(s):len(s)]",
                                "s, t = s[1:], t[1:]", "t = t[2:]", "s = s[:len(s)-1]"))
        body = []
        for k in range(self.small(1, 4)):
            at = value.format(r.choice((0, 0, 1, 2, "len(s)-1")))
            body.append(r.choice((f"sum = sum*31 + {at}", f"if {at}&3 == {k} {{ {cut()}; continue }}", f"if {at}%5 == {k} {{ {cut()} }} else {{ {cut()} }}",
                                  f"if {at} == {self.small(1, 90)} {{ break }}", f"kept = append(kept, {at}+len(t))", f"t[{self.small(0, 3)}]++",
                                  "for len(t) > 2 { sum += t[1]; t = t[1:]; if sum&7 == 1 { break } }")))
        body.append(cut())
        head = r.choice(("len(s) > 0", "len(s) != 0", "len(s) >= 2", "len(s) >= 3", "len(s) > 1 && len(t) > 0", "len(s) > 0 && n > 0", "n > 0", "cap(s) > 1", ""))
        lines = "\n\t\t".join(body)
        self.top(f"""//go:noinline
func {f}(s []{elem}, t []int, n int) (sum int, rest []{elem}, other []int) {{
	var kept []int
	for {head} {{
		if n--; n < -40 {{ break }}
		{lines}
	}}
	for _, k := range kept {{ sum ^= k }}
	return sum, s, t
}}""")
        make = {"[3]byte": "[3]byte{byte(i), byte(i*i)}", "string": "words[i%len(words)]"}.get(elem, f"{elem}(i*7+3)")
        for _ in range(self.small(3, 8)):
            # Where the slice ends the array does, too, or it goes on.
            low, length = self.small(0, 3), r.choice((0, 1, 2, 3, 4, 5, 8, 9, 17, 64))
            high = low + length
            self.lines("""
try("$f", func() {
	words := []string{"", "cut", "front", "loops"}
	_ = words
	all := make([]$elem, $high + $more)
	for i := range all { all[i] = $make }
	sum, rest, other := $f(all[$low:$high:$high + $more], make([]int, $lt), $n)
	println("$f", sum, len(rest), cap(rest), len(other), cap(other))
	if cap(rest) > len(rest) && len(all) > 0 { rest = append(rest, all[0]); h := 0; for i := range all { h = h*31 + $val }; println("$f", h) }
})""", f=f, elem=elem, make=make, val=value.replace("s[", "all[").format("i"), low=low, high=high, more=r.choice((0, 0, 0, 1, 2, 5)), lt=r.choice((0, 1, 3, 8, 40)), n=r.choice((0, 1, 2, 3, 7, 20, 100)))
