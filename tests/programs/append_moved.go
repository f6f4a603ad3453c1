// Slices whose first elements lie in the frame until they leave their variable (irgen/moved_slices.cpp): what they leave as must
// outlive the frame, the variable and what it left to must be the same array, and loops and named results must be right.
// differs without: escape moved-slices append-buffers
package main

import "runtime"

type node struct {
	next *node
	v    int
}

var keep [][]*node
var kept []int

//go:noinline
func fromLoop(n int) []*node {
	var s []*node
	for i := range n {
		s = append(s, &node{v: i})
		if i%2 == 0 {
			runtime.GC()
		}
	}
	return s
}

//go:noinline
func named(n int) (s []int, ok bool) {
	for i := range n {
		s = append(s, i)
	}
	ok = true
	return
}

//go:noinline
func aliased(n int) (int, []int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	x := s
	s[0] = 100
	x[1] += s[0]
	kept = x
	return s[1], x
}

//go:noinline
func ranged(n int) (sum int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	for i, v := range s {
		s[len(s)-1-i] = 1
		sum += v
	}
	return
}

//go:noinline
func inLoop(n int) {
	for k := range 4 {
		var s []*node
		for i := range n {
			s = append(s, &node{v: i + 10*k})
		}
		keep = append(keep, s)
	}
}

//go:noinline
func cut(n int) []byte {
	s := []byte{'x'}
	for i := range n {
		s = append(s, byte('a'+i))
		if cap(s) > 16 {
			s = s[1:]
		}
	}
	return s
}

//go:noinline
func early(n int) []string {
	var s []string
	for i := range n {
		if i == 7 {
			return nil
		}
		s = append(s, string(rune('a'+i)))
	}
	return s
}

//go:noinline
func big(n int) (out [][3]int64) {
	for i := range n {
		out = append(out, [3]int64{int64(i), 2, 3})
	}
	return out
}

func inlined(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i, i)
	}
	return s
}

//go:noinline
func spoil(n int) int {
	var a [64]int
	for i := range a {
		a[i] = -n
	}
	if n > 0 {
		return a[n%64] + spoil(n-1)
	}
	return a[0]
}

func show(s []*node) {
	for _, p := range s {
		print(p.v, " ")
	}
	println(len(s), cap(s))
}

func main() {
	for n := range 8 {
		a := fromLoop(n)
		b, ok := named(n)
		spoil(10)
		runtime.GC()
		show(a)
		for _, v := range b {
			print(v, " ")
		}
		println(len(b), cap(b), ok)
		if n >= 2 {
			y, x := aliased(n)
			spoil(10)
			println(y, x[0], x[1], &x[0] == &kept[0], cap(x))
		}
		println(ranged(n), string(cut(n)), cap(cut(n)), cap(cut(3*n)))
		e := early(n)
		spoil(10)
		print(len(e), " ", cap(e))
		for _, s := range e {
			print(" ", s)
		}
		println()
		o := big(n)
		spoil(10)
		for _, v := range o {
			print(v[0]+v[1]+v[2], " ")
		}
		println(cap(o))
		p, q := inlined(n), inlined(n+1)
		spoil(10)
		println(len(p), cap(p), len(q), cap(q), q[0], q[1])
		inLoop(n)
	}
	runtime.GC()
	for _, s := range keep {
		show(s)
	}
}
