// Loops over slices by themselves, at several lengths: nanoseconds a call, the smallest of many short runs. bench/loops.py.
package main

import (
	"fmt"
	"math/bits"
	"time"
)

//go:noinline
func sumI32(x []int32) (s int32) {
	for _, v := range x {
		s += v
	}
	return
}

//go:noinline
func sumI64(x []int64) (s int64) {
	for _, v := range x {
		s += v
	}
	return
}

//go:noinline
func sqI32(x []int32) (s int32) {
	for _, v := range x {
		s += v * v
	}
	return
}

//go:noinline
func maxI32(x []int32) (s int32) {
	for _, v := range x {
		s = max(s, v)
	}
	return
}

//go:noinline
func minI64(x []int64) (s int64) {
	for _, v := range x {
		s = min(s, v)
	}
	return
}

//go:noinline
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		y[i] += a * x[i]
	}
}

//go:noinline
func axpy32(a float32, x, y []float32) {
	y = y[:len(x)]
	for i := range x {
		y[i] += a * x[i]
	}
}

//go:noinline
func countB(x []byte, c byte) (n int) {
	for _, v := range x {
		if v == c {
			n++
		}
	}
	return
}

//go:noinline
func xorB(z, x, y []byte) {
	x = x[:len(z)]
	y = y[:len(z)]
	for i := range z {
		z[i] = x[i] ^ y[i]
	}
}

//go:noinline
func upper(x []byte) {
	for i, c := range x {
		if 'a' <= c && c <= 'z' {
			x[i] = c - 32
		}
	}
}

//go:noinline
func popc(x []uint64) (n int) {
	for _, v := range x {
		n += bits.OnesCount64(v)
	}
	return
}

//go:noinline
func u8f32(z []float32, x []byte) {
	x = x[:len(z)]
	for i := range z {
		z[i] = float32(x[i]) * (1.0 / 255)
	}
}

//go:noinline
func fillI(x []int, v int) {
	for i := range x {
		x[i] = v
	}
}

//go:noinline
func blend(d, s []byte, a uint32) {
	s = s[:len(d)]
	for i := range d {
		d[i] = byte((uint32(d[i])*(255-a) + uint32(s[i])*a) >> 8)
	}
}

//go:noinline
func shl(x []uint32, k uint) {
	for i := range x {
		x[i] = x[i]<<(k&31) | x[i]>>(-k&31)
	}
}

//go:noinline
func mul64(z, x []uint64) {
	x = x[:len(z)]
	for i := range z {
		z[i] = z[i]*6364136223846793005 + x[i]
	}
}

//go:noinline
func asciiLen(s []byte) (n int) {
	for _, c := range s {
		n += int(c >> 7)
	}
	return
}

//go:noinline
func stencil(z, x []float64) {
	x = x[:len(z)+2]
	for i := range z {
		z[i] = (x[i] + x[i+1] + x[i+2]) * (1.0 / 3)
	}
}

//go:noinline
func hist(h []int, x []byte) {
	h = h[:256]
	for _, c := range x {
		h[c]++
	}
}

var sink int

func main() {
	const N = 1 << 15
	i32, i64, f64, g64 := make([]int32, N), make([]int64, N), make([]float64, N+2), make([]float64, N+2)
	f32, g32, b, c, d := make([]float32, N), make([]float32, N), make([]byte, N), make([]byte, N), make([]byte, N)
	u64, v64, u32, in := make([]uint64, N), make([]uint64, N), make([]uint32, N), make([]int, N)
	for i := range i32 {
		i32[i] = int32(i * 7919)
		i64[i] = int64(i * 7919)
		f64[i] = float64(i)
		f32[i] = float32(i)
		b[i] = byte(i * 31)
		c[i] = byte(i * 17)
		u64[i] = uint64(i) * 0x9e3779b97f4a7c15
		u32[i] = uint32(i)
	}
	ks := []struct {
		name string
		f    func(n int)
	}{
		{"sumI32", func(n int) { sink += int(sumI32(i32[:n])) }},
		{"sumI64", func(n int) { sink += int(sumI64(i64[:n])) }},
		{"sqI32", func(n int) { sink += int(sqI32(i32[:n])) }},
		{"maxI32", func(n int) { sink += int(maxI32(i32[:n])) }},
		{"minI64", func(n int) { sink += int(minI64(i64[:n])) }},
		{"axpy", func(n int) { axpy(0.5, f64[:n], g64[:n]) }},
		{"axpy32", func(n int) { axpy32(0.5, f32[:n], g32[:n]) }},
		{"countB", func(n int) { sink += countB(b[:n], 7) }},
		{"xorB", func(n int) { xorB(d[:n], b[:n], c[:n]) }},
		{"upper", func(n int) { upper(c[:n]) }},
		{"popc", func(n int) { sink += popc(u64[:n]) }},
		{"u8f32", func(n int) { u8f32(g32[:n], b[:n]) }},
		{"fillI", func(n int) { fillI(in[:n], n) }},
		{"blend", func(n int) { blend(d[:n], b[:n], 77) }},
		{"shl", func(n int) { shl(u32[:n], 7) }},
		{"mul64", func(n int) { mul64(v64[:n], u64[:n]) }},
		{"asciiLen", func(n int) { sink += asciiLen(b[:n]) }},
		{"stencil", func(n int) { stencil(g64[:n], f64[:n+2]) }},
		{"hist", func(n int) { hist(in, b[:n]) }},
	}
	for _, k := range ks {
		for _, n := range []int{4, 20, 40, 100, 1000, N} {
			calls := 20000/(n+20) + 1
			best := time.Hour
			for range 300 {
				t := time.Now()
				for range calls {
					k.f(n)
				}
				if e := time.Since(t); e < best {
					best = e
				}
			}
			fmt.Printf("%s/%d %.2f\n", k.name, n, float64(best.Nanoseconds())/float64(calls))
		}
	}
}
