// What cap says of slices that append makes grow is what gc's programs say: first elements in the frame, by doubling, or by the
// allocator's sizes where the slice leaves its variable at one place.
// differs without: escape inline moved-slices append-buffers
package main

type node struct {
	f []int
	g int
}

var sink []int
var sinkF func()

//go:noinline
func closureKept() func() int {
	var s []int
	s = append(s, 1)
	println("closureKept", cap(s))
	return func() int { return len(s) }
}

//go:noinline
func closureKeptWrites() func() int {
	var s []int
	s = append(s, 1)
	println("closureKeptWrites", cap(s))
	return func() int { s = append(s, 2); return len(s) }
}

//go:noinline
func closureLocal() int {
	var s []int
	f := func() { s = append(s, 2) }
	f()
	println("closureLocal", cap(s))
	f()
	f()
	f()
	f()
	println("closureLocal", cap(s))
	return len(s)
}

//go:noinline
func closureLocal2(n int) int {
	var s []int
	f := func() { s = append(s, 2) }
	if n > 3 {
		f = func() { s = append(s, 3, 4, 5) }
	}
	f()
	println("closureLocal2", cap(s))
	return len(s)
}

//go:noinline
func reslice(y *node) {
	y.f = append(y.f[:0:0], 1, 2, 3)
	println("reslice", cap(y.f))
	var z node
	z.f = append(z.f[:0:0], 1, 2, 3)
	println("reslice z", cap(z.f))
	z.f = append(z.f[:0:0], 1, 2, 3)
	println("reslice z", cap(z.f))
}

//go:noinline
func reslice2() {
	var y struct {
		f             []int
		a, b, c, d, e int
	}
	y.f = append(y.f[:0:0], 1, 2, 3)
	println("reslice2 y", cap(y.f))
	y.f = append(y.f[:0:0], 1, 2, 3)
	println("reslice2 y", cap(y.f))
	p := &y
	p.f = append(p.f[:0:0], 1, 2, 3)
	println("reslice2 p", cap(y.f))
	q := append(y.f[:0:0], 1)
	println("reslice2 q", cap(q))
}

//go:noinline
func ret(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return s
}

//go:noinline
func retCap(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	println("retCap in", cap(s))
	return s
}

//go:noinline
func retOne() []int {
	var s []int
	s = append(s, 1)
	return s
}

//go:noinline
func retTwo() []int {
	var s []int
	s = append(s, 1)
	s = append(s, 2)
	return s
}

//go:noinline
func store(n int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	sink = s
}

//go:noinline
func named(n int) (s []byte) {
	for i := range n {
		s = append(s, byte(i))
	}
	return
}

//go:noinline
func namedX(n int) (s []byte) {
	for i := range n {
		s = append(s, byte(i))
	}
	return s
}

//go:noinline
func filter(in []string) []string {
	var out []string
	for _, x := range in {
		if x != "" {
			out = append(out, x)
		}
	}
	return out
}

//go:noinline
func ranged(n int) int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	t := 0
	for _, x := range s {
		t += x
	}
	println("ranged", cap(s))
	return t
}

func small(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return s
}

//go:noinline
func lit(n int) []int {
	s := []int{}
	for i := range n {
		s = append(s, i)
	}
	return s
}

type T struct{ s []int }

//go:noinline
func structLit(n int) T {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return T{s}
}

//go:noinline
func assigned(n int) int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	t := s
	println("assigned", cap(t))
	return len(t)
}

//go:noinline
func multi(n int) ([]int, error) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return s, nil
}

//go:noinline
func multi2(n int) ([]int, error) {
	var s []int
	if n < 0 {
		return nil, nil
	}
	for i := range n {
		if i == 100 {
			return s, nil
		}
		s = append(s, i)
	}
	return s, nil
}

func main() {
	zeros()
	closureKept()
	closureKeptWrites()
	closureLocal()
	closureLocal2(4)
	closureLocal2(2)
	reslice(new(node))
	reslice2()
	for _, n := range []int{0, 1, 2, 3, 4, 5, 6, 9} {
		println(n, "ret", cap(ret(n)))
		println(n, "retCap", cap(retCap(n)))
		store(n)
		println(n, "store", cap(sink))
		println(n, "named", cap(named(n)), cap(namedX(n)))
		in := make([]string, n)
		for i := range in {
			in[i] = "x"
		}
		println(n, "filter", cap(filter(in)))
		println(n, "small", cap(small(n)))
		println(n, "lit", cap(lit(n)))
		println(n, "structLit", cap(structLit(n).s))
		ranged(n)
		assigned(n)
		m, _ := multi(n)
		println(n, "multi", cap(m))
		m, _ = multi2(n)
		println(n, "multi2", cap(m))
	}
	println("retOne", cap(retOne()))
	println("retTwo", cap(retTwo()))
	for _, n := range []int{20, 31, 32, 33, 40} {
		println(n, "named", cap(named(n)), cap(namedX(n)))
	}
	one()
	two()
	mixed()
	reader()
	reader2()

	viaLoop()
	for n := range 5 {
		once(n)
		onceVar(n)
		println(n, "ret", cap(retSmall(n)))
		compare(n)
		keyOnly(n)
		twoRanges(n)
	}
	own()
	ownRange()
	ownLocal()
	straight()
	println("param", cap(param(make([]int, 1, 2))), cap(param(make([]int, 0, 2))), cap(param([]int{1})), cap(param([]int{1, 2, 3})))
}

//go:noinline
func one() int {
	var s []int
	f := func() { s = append(s, 2) }
	f()
	println("one", cap(s))
	return len(s)
}

//go:noinline
func two() int {
	var s []int
	f := func() { s = append(s, 2) }
	f()
	f()
	println("two", cap(s))
	return len(s)
}

//go:noinline
func mixed() int {
	var s []int
	s = append(s, 1)
	f := func() { s = append(s, 2) }
	println("mixed", cap(s))
	f()
	println("mixed", cap(s))
	return len(s)
}

//go:noinline
func reader() int {
	var s []int
	s = append(s, 1)
	f := func() int { return len(s) }
	f()
	println("reader", cap(s))
	s = append(s, 1)
	return len(s)
}

//go:noinline
func reader2() int {
	var s []int
	s = append(s, 1)
	f := func() int { return len(s) }
	f()
	println("reader2", cap(s))
	return f()
}

//go:noinline
func viaLoop() {
	for _, n := range []int{1, 2, 3} {
		println(n, "loop", cap(small(n)))
	}
}

//go:noinline
func once(n int) {
	println(n, "once", cap(small(n)))
}

//go:noinline
func onceVar(n int) {
	t := small(n)
	println(n, "onceVar", cap(t))
}

//go:noinline
func retSmall(n int) []int {
	return small(n)
}

//go:noinline
func own() {
	for _, n := range []int{1, 2, 3} {
		var s []int
		for i := range n {
			s = append(s, i)
		}
		t := s
		println(n, "own", cap(t))
	}
}

//go:noinline
func ownRange() {
	for _, n := range []int{1, 2, 3} {
		var s []int
		for i := range n {
			s = append(s, i)
		}
		x := 0
		for _, i := range s {
			x += i
		}
		println(n, "ownRange", cap(s))
	}
}

//go:noinline
func ownLocal() {
	for _, n := range []int{1, 2, 3} {
		var s []int
		for i := range n {
			s = append(s, i)
		}
		println(n, "ownLocal", cap(s))
	}
}

//go:noinline
func compare(n int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	if s == nil {
		println("nil")
	}
	for range s {
	}
	println(n, "compare", cap(s))
}

//go:noinline
func keyOnly(n int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	for i := range s {
		s[i]++
	}
	println(n, "keyOnly", cap(s))
}

//go:noinline
func straight() {
	var s []int
	s = append(s, 1)
	println("straight", cap(s))
	s = append(s, 2)
	println("straight", cap(s))
	s = append(s, 3, 4, 5)
	println("straight", cap(s))
	for _, x := range s {
		if x == 100 {
			println(x)
		}
	}
}

//go:noinline
func param(s []int) []int {
	s = append(s, 1)
	s = append(s, 2)
	s = append(s, 3)
	return s
}

//go:noinline
func twoRanges(n int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	for i := range s {
		s[i]++
	}
	for i := range s {
		s[i]++
	}
	println(n, "twoRanges", cap(s))
}

// What make would make is no value that the buffer is for.
//
//go:noinline
func zeros() {
	var b []byte
	for range 4 {
		b = append(b[:cap(b)], make([]byte, 1)...)
		println("zeros", len(b), cap(b))
	}
}
