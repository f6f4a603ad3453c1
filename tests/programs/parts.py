"""Writes a program that is compiled in many parts, and refers from one to another in every way that there is: between all
functions that matter stands one that fills a part."""

fillers = 0


def filler():
    global fillers
    fillers += 1
    lines = "".join(f"\tx = x*{i + 3} + s[(x&0xff+{i})%len(s)] ^ x>>{i % 7 + 1}\n" for i in range(110))
    return f"//go:noinline\nfunc filler{fillers}(x int, s []int) int {{\n{lines}\treturn x\n}}\n"


PARTS = [
    """
type stack[T any] struct{ items []T }

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }
func (s stack[T]) size() int { return len(s.items) }
func (s *stack[T]) each(f func(T)) {
	for _, x := range s.items {
		f(x)
	}
}

type sizer interface{ size() int }

func apply[T, U any](list []T, f func(T) U) []U {
	var out []U
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}
""",
    """
//go:noinline
func genericsHere() {
	fmt.Println(apply([]int{1, 2, 3}, func(x int) string { return fmt.Sprint("<", x*x, ">") }))
	s := &stack[string]{}
	s.push("a")
	s.push("b")
	s.each(func(x string) { fmt.Print(x, " ") })
	var z sizer = s
	fmt.Println(z.size())
}
""",
    """
//go:noinline
func genericsThere() {
	fmt.Println(apply([]int{4, 5}, func(x int) string { return fmt.Sprint("[", x+x, "]") }))
	s := stack[string]{}
	s.push("c")
	var z sizer = s
	fmt.Println(z.size(), any(&s).(sizer).size())
}
""",
    """
var (
	first  = second + 1
	second = third()
	table  = map[string]int{"one": 1, "two": 2}
	hooks  []func(int) int
	text   = "text of a variable"
	inner  = &pair{1, "inner"}
)

type pair struct {
	n    int
	name string
}

func third() int { trace("third"); return 40 }
func trace(s string) { fmt.Println("trace:", s) }

func init() { trace("init 1"); hooks = append(hooks, twice, func(x int) int { return x - first }) }
""",
    """
func init() { trace("init 2"); table["three"] = len(table) + 1 }

//go:noinline
func twice(x int) int { return 2 * x }

// Read-only data of the package, once more in another part.
//go:noinline
func days(i int) string {
	names := [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	return names[i%7]
}
func primes() []int { return []int{2, 3, 5, 7, 11, 13, 17, 19, 23} }
""",
    """
//go:noinline
func data() {
	for i := range 3 {
		fmt.Print(days(i*3), primes()[i], " ")
	}
	moreDays := [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	fmt.Println(moreDays[first%7], first, second, table["three"], text, *inner)
	inner.n++
	text += "!"
	for _, h := range hooks {
		fmt.Print(h(50), " ")
	}
	fmt.Println(*inner, text)
}
""",
    """
func counter(step int) (func() int, func()) {
	n := 0
	return func() int { n += step; return n }, func() { n = 0; inner.n += step }
}

func adder(x int) func(int) int { return func(y int) int { return x + y } }
""",
    """
//go:noinline
func closures() {
	next, reset := counter(3)
	next()
	fmt.Print(next(), " ")
	reset()
	fmt.Println(next(), adder(5)(6), inner.n)
	f := adder
	fmt.Println(f(1)(2), func() int { return next() * 2 }())
}
""",
    """
type base struct{ id int }

func (b base) value() string    { return fmt.Sprint("value ", b.id) }
func (b *base) pointer() string { b.id++; return fmt.Sprint("pointer ", b.id) }

type derived struct {
	*base
	name string
}
type outer struct{ derived }

type valuer interface{ value() string }
type both interface {
	valuer
	pointer() string
}
""",
    """
//go:noinline
func methods() {
	o := outer{derived{&base{7}, "o"}}
	var v valuer = o
	var b both = &o
	fmt.Println(v.value(), b.pointer(), b.value())
	f, g, h := o.value, o.pointer, b.pointer
	fmt.Println(f(), g(), h(), base.value(*o.base), (*base).pointer(o.base), valuer.value(v))
	k := (*outer).value
	fmt.Println(k(&o), fmt.Sprintf("%T %T %v", v, k, v.(both) != nil))
}
""",
    """
//go:linkname pushed main.elsewhere
//go:noinline
func pushed(x int) int { return x*x + first }
""",
    """
//go:linkname pulled main.elsewhere
func pulled(x int) int

//go:nosplit
func noSplit(p *int) int { *p += 2; return noSplitToo(p) }
""",
    """
//go:nosplit
func noSplitToo(p *int) int { return *p * 3 }

func caller() string {
	pc, _, _, _ := runtime.Caller(1)
	return runtime.FuncForPC(pc).Name()
}
""",
    """
//go:noinline
func linked() {
	x := 1
	fmt.Println(pulled(3), noSplit(&x), x, caller())
}

func protect(name string, f func()) {
	defer func() { fmt.Println(name, "recovered", recover()) }()
	f()
}

func fail(x []int, i int) int { return x[i] }
""",
    """
//go:noinline
func panics() {
	protect("index", func() { fail(nil, first) })
	protect("nil", func() { var p *pair; println(p.name) })
	protect("wrapper", func() { var p *outer; var v valuer = p; v.value() })
	done := make(chan string)
	go func() { defer close(done); done <- caller() }()
	for s := range done {
		fmt.Println(s)
	}
	type local struct{ x, y int }
	m := map[local]string{{1, 2}: "local"}
	fmt.Println(m[local{1, 2}], any(local{1, 2}) == any(local{1, 2}), any(pair{1, "a"}) == any(pair{1, "a"}))
}
""",
]

print("package main\n\nimport (\n\t\"fmt\"\n\t\"runtime\"\n\t_ \"unsafe\"\n)")
for part in PARTS:
    print(part)
    print(filler())
calls = "".join(f"\tsum += filler{i + 1}(sum, s)\n" for i in range(fillers))
print(f"""
func main() {{
	genericsHere()
	genericsThere()
	data()
	closures()
	methods()
	linked()
	panics()
	s, sum := []int{{1, 2, 3, 5, 8}}, 0
{calls}	fmt.Println(sum)
}}
""")
