// Copies and clears of all small sizes, at all alignments of a cache line's half, overlapping forward and backward, and equality:
// the runtime has a way of its own for each range of sizes (runtime/base/memory_amd64.S, runtime/string/equal_amd64.S).
package main

import "bytes"

const room = 1200

func fill(b []byte, k int) {
	for i := range b {
		b[i] = byte(i*7 + k + i>>8)
	}
}

// moved is the slow way: through a second slice.
func moved(b []byte, to, from, n int) []byte {
	want := make([]byte, len(b))
	for i := range b {
		want[i] = b[i]
	}
	for i := range n {
		want[to+i] = b[from+i]
	}
	return want
}

func main() {
	b, checks := make([]byte, room), 0
	check := func(want []byte, what string, to, from, n int) {
		for i := range want {
			if b[i] != want[i] {
				println(what, "of", n, "bytes from", from, "to", to, "wrong at", i)
				return
			}
		}
		if !bytes.Equal(b, want) || bytes.Compare(b, want) != 0 {
			println("equal slices compare as different:", what, n)
		}
		checks++
	}
	for n := 0; n <= 600; n++ {
		if n > 300 && n%7 != 0 {
			continue
		}
		for _, from := range []int{0, 1, 31, 64} {
			for _, by := range []int{-64, -33, -32, -17, -8, -1, 0, 1, 5, 16, 31, 32, 33, 127, 128, 129, 300} {
				to := from + by
				if to < 0 {
					continue
				}
				fill(b, n)
				want := moved(b, to, from, n)
				copy(b[to:to+n], b[from:])
				check(want, "copy", to, from, n)
			}
		}
		for to := range 33 {
			fill(b, n)
			want := moved(b, 0, 0, 0)
			for i := range n {
				want[to+i] = 0
			}
			clear(b[to : to+n])
			check(want, "clear", to, 0, n)
		}
	}
	// One byte of difference at every place.
	for n := 1; n <= 300; n++ {
		x, y := make([]byte, n), make([]byte, n)
		for i := range n {
			y[i] = 1
			if bytes.Equal(x, y) || bytes.Compare(x, y) != -1 || bytes.Compare(y, x) != 1 || string(x) >= string(y) {
				println("difference not seen:", n, i)
			}
			y[i] = 0
		}
	}
	println(checks, "checks")
}
