// Loops whose checks are moved in front of them, for as long as all slices last, panic where and with what the source says: all that
// was stored before is seen, nothing after.
package main

import "fmt"

//go:noinline
func add(a, b, c []float64, n int) {
	for i := 0; i < n; i++ {
		a[i] = b[i] + c[i]
	}
}

//go:noinline
func prefix(a []int, n int) {
	for i := 1; i < n; i++ {
		a[i] += a[i-1]
	}
}

//go:noinline
func down(a []int32, b []int32, from int) {
	for i := from; i >= 0; i-- {
		a[i] = b[i] * 2
	}
}

//go:noinline
func strided(a []uint16, b []byte, n, step int) {
	for i := 0; i < n; i += step {
		a[i] = uint16(b[i]) + 1
	}
}

//go:noinline
func dot(a, b []int32) (s int32) {
	for i := range a {
		s += a[i] * b[i]
	}
	return
}

//go:noinline
func shifted(a []int64, b []int64, off int) {
	for i := range b {
		a[i+off] = b[i] + int64(off)
	}
}

func try(what string, f func()) {
	defer func() { fmt.Println(what, recover()) }()
	f()
}

func floats(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = float64(i)
	}
	return s
}

func sum[T int | int32 | int64 | float64 | uint16](s []T) (t T) {
	for i, x := range s {
		t += x * T(i+1)
	}
	return
}

func main() {
	for _, n := range []int{0, 1, 3, 4, 15, 16, 17, 31, 33, 64, 100} {
		for _, short := range []int{0, 1, 2, 7, 30} {
			less := max(n-short, 0)
			a, b, c := floats(n), floats(less), floats(n)
			try("add", func() { add(a, b, c, n) })
			d := floats(less)
			try("add", func() { add(d, c, a, n) })
			fmt.Println(n, less, sum(a), sum(d))

			p := make([]int, less)
			for i := range p {
				p[i] = i + 1
			}
			try("prefix", func() { prefix(p, n) })
			x, y := make([]int32, n), make([]int32, less)
			for i := range y {
				y[i] = int32(i)
			}
			try("down", func() { down(x, y, n-1) })
			try("down", func() { down(y, x, less-1) })
			u, v := make([]uint16, n), make([]byte, less)
			for step := 1; step < 4; step++ {
				try("strided", func() { strided(u, v, n, step) })
			}
			try("dot", func() { fmt.Println(dot(x, y)) })
			m, k := make([]int64, n), make([]int64, less)
			for _, off := range []int{0, 1, short, short + 1, -1} {
				try("shifted", func() { shifted(m, k, off) })
			}
			fmt.Println(sum(p), sum(x), sum(y), sum(u), sum(m))
		}
	}
	// The same memory.
	a := floats(40)
	try("over", func() { add(a[1:], a, a[:30], 39) })
	fmt.Println(sum(a))
}
