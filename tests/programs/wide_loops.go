// Loops that a program for any processor has twice, for narrow and for wide vectors (compiler/codegen/wide_loops.cpp): each against
// the same computed element by element, at all short lengths and places; with values in wide registers while the goroutine is
// preempted and the collector runs; with panics behind them; what a function says of itself; and with all ways to be called.
package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync/atomic"
)

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}
type number interface {
	integer | ~float32 | ~float64
}

// The loops. A slice that is as long as another is said to be, so that nothing is checked in the loop.
//
//go:noinline
func add[T number](z, x, y []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = x[i] + y[i]*x[i]
	}
}

//go:noinline
func sum[T number](x []T) (s T) {
	for _, v := range x {
		s += v
	}
	return
}

//go:noinline
func smallest[T number](x []T) (s T) {
	for _, v := range x {
		s = min(s, v)
	}
	return
}

//go:noinline
func count[T number](x []T, v T) (n int) {
	for i := range x {
		if x[i] == v {
			n++
		}
	}
	return
}

//go:noinline
func bits[T integer](z, x []T, k uint) {
	x = x[:len(z)]
	for i := range z {
		z[i] = x[i]>>(k&7) ^ ^x[i]<<1 | x[i]&15
	}
}

//go:noinline
func shifts[T integer](z, x, y []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = x[i] << (y[i] & 7)
	}
}

//go:noinline
func choose[T number](z, x, y []T) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		if x[i] > y[i] {
			z[i] = x[i]
		}
	}
}

//go:noinline
func widen[T, U number](z []U, x []T) {
	x = x[:len(z)]
	for i := range z {
		z[i] += U(x[i])
	}
}

// The same for one element, in a call that is not inlined.
//
//go:noinline
func one[T any](f func(i int), i int) { f(i) }

func values[T number](n int, seed uint64) []T {
	x := make([]T, n)
	for i := range x {
		seed = seed*6364136223846793005 + 1442695040888963407
		x[i] = T(int64(seed >> 33 % 251))
		if seed>>60 == 3 {
			x[i] = -x[i]
		}
	}
	return x
}

func same[T number](what string, got, want []T) {
	for i := range want {
		if got[i] != want[i] {
			panic(fmt.Sprintf("%s %T, %d elements: [%d] = %v, not %v", what, want, len(want), i, got[i], want[i]))
		}
	}
}

var tested int

func numbers[T number](n, at int) {
	x, y := values[T](n+at, 1)[at:], values[T](n+at, 2)[at:]
	z, w := make([]T, n), make([]T, n)
	add(z, x, y)
	for i := range w {
		one[T](func(i int) { w[i] = x[i] + y[i]*x[i] }, i)
	}
	same("add", z, w)
	var total, least T
	equal := 0
	for i := range x {
		one[T](func(i int) {
			total += x[i]
			least = min(least, x[i])
			if x[i] == 7 {
				equal++
			}
		}, i)
	}
	same("sum", []T{sum(x)}, []T{total})
	same("smallest", []T{smallest(x)}, []T{least})
	same("count", []int64{int64(count(x, 7))}, []int64{int64(equal)})
	choose(z, x, y)
	for i := range w {
		one[T](func(i int) {
			if x[i] > y[i] {
				w[i] = x[i]
			}
		}, i)
	}
	same("choose", z, w)
	conversions[T, int8](x)
	conversions[T, uint16](x)
	conversions[T, int32](x)
	conversions[T, int64](x)
	conversions[T, float32](x)
	conversions[T, float64](x)
	tested++
}
func conversions[T, U number](x []T) {
	z, w := make([]U, len(x)), make([]U, len(x))
	x = append([]T(nil), x...)
	for i := range x {
		one[T](func(i int) {
			x[i] = max(x[i], 0)
			w[i] += U(x[i])
		}, i)
	}
	widen(z, x)
	same("widen", z, w)
}
func integers[T integer](n, at int) {
	numbers[T](n, at)
	x, y := values[T](n+at, 3)[at:], values[T](n+at, 4)[at:]
	z, w := make([]T, n), make([]T, n)
	for k := uint(0); k < 8; k += 3 {
		bits(z, x, k)
		for i := range w {
			one[T](func(i int) { w[i] = x[i]>>(k&7) ^ ^x[i]<<1 | x[i]&15 }, i)
		}
		same("bits", z, w)
	}
	shifts(z, x, y)
	for i := range w {
		one[T](func(i int) { w[i] = x[i] << (y[i] & 7) }, i)
	}
	same("shifts", z, w)
}

// Products and sums are rounded each for itself, on every processor.
//
//go:noinline
func products(z, x, y []float64) {
	x, y = x[:len(z)], y[:len(z)]
	for i := range z {
		z[i] = x[i]*y[i] + z[i]
	}
}

//go:noinline
func checksum(x []uint32) (a, b uint32) {
	for i, v := range x {
		a += v * 2654435761
		b ^= v + uint32(i)
	}
	return
}

//go:noinline
func fill(x []float64, v float64) {
	for i := range x {
		x[i] = x[i]*0.5 + v
	}
}

// Long loops, and loops in which there are sums in registers all the time, while everybody is stopped again and again.
func preempted() {
	x := make([]uint32, 1<<18)
	for i := range x {
		x[i] = uint32(i) * 7919
	}
	wantA, wantB := checksum(x)
	var stop atomic.Bool
	done := make(chan int)
	go func() {
		n := 0
		for !stop.Load() {
			runtime.GC()
			n++
		}
		done <- n
	}()
	for worker := range 3 {
		go func() {
			f := make([]float64, 1<<16)
			for turn := 0; turn < 400; turn++ {
				if a, b := checksum(x); a != wantA || b != wantB {
					panic(fmt.Sprint("worker ", worker, ": wrong sum"))
				}
				fill(f, float64(turn))
				for i := range f {
					if f[i] != f[0] {
						panic("elements differ")
					}
				}
				_ = make([]byte, 1<<12)
			}
			done <- -1
		}()
	}
	for range 3 {
		if n := <-done; n != -1 {
			panic("who?")
		}
	}
	stop.Store(true)
	if <-done == 0 {
		panic("never collected")
	}
}

type list struct{ next *list }

// Panics of all kinds behind a loop with wide vectors: an index, nil, an explicit one, what somebody else panics with.
//
//go:noinline
func panics(x []int32, kind int, l *list, f func()) (s int32) {
	for i := range x {
		s += x[i] * x[i]
	}
	switch kind {
	case 0:
		s += x[s]
	case 1:
		l = l.next.next
	case 2:
		panic("explicitly")
	case 3:
		f()
	}
	return
}

func recovered(kind int) (err any, where string) {
	defer func() {
		err = recover()
		var pcs [20]uintptr
		frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
		for {
			frame, more := frames.Next()
			if strings.HasPrefix(frame.Function, "main.panics") {
				where = fmt.Sprintf("%s:%d", frame.Function, frame.Line)
			}
			if !more {
				break
			}
		}
	}()
	x := make([]int32, 100)
	for i := range x {
		x[i] = int32(i)
	}
	panics(x, kind, &list{}, func() {
		pc, _, line, _ := runtime.Caller(1)
		fn := runtime.FuncForPC(pc)
		_, first := fn.FileLine(fn.Entry())
		fmt.Println("called by", fn.Name(), "line", line, "begins at", first)
		panic("from outside")
	})
	return
}

func main() {
	for n := 0; n < 150; n++ {
		if n > 40 && n%7 != 0 {
			continue
		}
		for at := range 3 {
			integers[int8](n, at)
			integers[int16](n, at)
			integers[int32](n, at)
			integers[int64](n, at)
			integers[uint8](n, at)
			integers[uint16](n, at)
			integers[uint32](n, at)
			integers[uint64](n, at)
			numbers[float32](n, at)
			numbers[float64](n, at)
		}
	}
	fmt.Println(tested, "times")
	x, y, z := make([]float64, 100), make([]float64, 100), make([]float64, 100)
	for i := range x {
		x[i], y[i], z[i] = 1+0x1p-30, 1-0x1p-30, -1
	}
	products(z, x, y)
	fmt.Println(z[0], z[99], math.FMA(x[0], y[0], -1))
	for kind := range 4 {
		fmt.Println(recovered(kind))
	}
	calls()
	preempted()
	fmt.Println("ok")
}

// Ways to be called and to return: with more arguments than registers, results in memory, captured variables, through an interface.
type matrix struct {
	rows [4][500]int32
	name string
}

//go:noinline
func (m matrix) scaled(k int32, a, b, c, d, e, f int, last float64) (r matrix, n int, s string, x float64, ok bool) {
	for i := range m.rows {
		for j := range m.rows[i] {
			r.rows[i][j] = m.rows[i][j]*k + 1
		}
	}
	return r, a + b + c + d + e + f, m.name + "!", last, k > 1
}

type scaler interface {
	scaled(k int32, a, b, c, d, e, f int, last float64) (matrix, int, string, float64, bool)
}

//go:noinline
func narrowArguments(x []int16, a int8, b uint8, c bool, d int16) (n int16, r int8, s uint8, t bool) {
	for i := range x {
		x[i] = min(x[i], d)
	}
	return x[0], a, b, c
}

//go:noinline
func opaque[T any](f T) T { return f }

func calls() {
	m := &matrix{name: "m"}
	for i := range m.rows {
		for j := range m.rows[i] {
			m.rows[i][j] = int32(i * j)
		}
	}
	var s scaler = m
	r, n, name, x, ok := s.scaled(3, 1, 2, 3, 4, 5, 6, 7.5)
	fmt.Println(r.rows[0][0], r.rows[3][499], n, name, x, ok)
	x16 := make([]int16, 100)
	for i := range x16 {
		x16[i] = int16(i * 700)
	}
	fmt.Println(narrowArguments(x16, -3, 253, true, -5))
	total := int32(0)
	add := func(x []int32) {
		sum := int32(0)
		for _, v := range x {
			sum += v * v
		}
		total += sum
	}
	offset := int32(4)
	moved := func(x []int32) func() []int32 {
		return func() []int32 {
			x, offset := x, offset
			for i := range x {
				x[i] += offset * x[i]
			}
			return x
		}
	}
	for _, f := range []func(x []int32){opaque(add), func(x []int32) { opaque(moved(x))() }, opaque(add)} {
		f(m.rows[3][:])
	}
	fmt.Println(total)
	// A deferred function that recovers after a loop.
	func() {
		row := opaque(m.rows[2][:])
		defer func() {
			sum, row, offset := int32(0), row, offset
			for _, v := range row {
				sum += v ^ offset
			}
			fmt.Println(recover(), sum)
		}()
		panic(m.name)
	}()
}
