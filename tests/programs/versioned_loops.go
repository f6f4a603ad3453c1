// Loops that have a version without checks. Where one would fail the other version runs, and panics where the source does: all that was
// stored before is seen, nothing after. Bounds at the ends of the integers, and turns that never come, must not mislead the choice.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func reverse(p []int, k int) {
	for i, j := 0, k; i < j; i, j = i+1, j-1 {
		x, y := p[i], p[j]
		p[i], p[j] = y, x
	}
}

//go:noinline
func reverseFrom(p []int, i, j int) {
	for i < j {
		x, y := p[i], p[j]
		p[i], p[j] = y, x
		i++
		j--
	}
}

//go:noinline
func meet(p []int, i, j int) {
	for i <= j {
		p[i]++
		p[j]--
		i++
		j--
	}
}

//go:noinline
func ring(text, key []byte, from, n int) {
	for i := range text {
		text[i] ^= key[(i+from)%n] + key[(i+n-1)%n]
	}
}

//go:noinline
func table(counts []int, text []byte, values []int16) {
	for _, c := range text {
		counts[c]++
		counts[c&15] += int(values[c>>4])
	}
}

//go:noinline
func distance(row []int, a, b string) int {
	for i := range row {
		row[i] = i
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost = min(diagonal, row[j], row[j-1]) + 1
			}
			diagonal, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}

//go:noinline
func chain(a, next []int, from, to int) (sum int) {
	for i := from; i < to; i++ {
		sum = sum*3 + a[i]
		next[i+1] = sum
		if sum < -1<<40 {
			return
		}
	}
	return
}

//go:noinline
func chainUnsigned(a, next []int, from, to uint) (sum int) {
	for i := from; i != to; i++ {
		sum = sum*3 + a[i]
		next[i-1] = sum
		if sum < -1<<40 {
			return
		}
	}
	return
}

//go:noinline
func down(a, b []int, from int) (sum int) {
	for i := from; i >= 0; i-- {
		sum = sum*3 + a[i]
		b[i] = sum
	}
	return
}

//go:noinline
func downUnsigned(a, b []int, from, turns uint8) (sum int) {
	for ; turns > 0; turns-- {
		sum = sum*3 + a[from]
		b[from] = sum
		from--
	}
	return
}

//go:noinline
func narrow(a, b []int, from int8, turns int) (sum int) {
	for i := from; turns > 0; i, turns = i+1, turns-1 {
		sum = sum*3 + a[i]
		b[i]++
	}
	return
}

//go:noinline
func windows(text string, width int, found []string) (n int) {
	for i := 0; i+width <= len(text); i++ {
		w := text[i : i+width]
		if w[0] == w[width-1] {
			found[n] = w
			n++
		}
	}
	return
}

//go:noinline
func until(a, b []int, end int) int {
	for i := 0; ; i++ {
		if a[i] == end {
			return i
		}
		b[i] = a[i]
	}
}

func numbers(n int) []int {
	a := make([]int, n)
	for i := range a {
		a[i] = i*i%17 - 5
	}
	return a
}

func try(what string, a, b any, f func() any) {
	defer func() { fmt.Println(what, a, b, recover()) }()
	fmt.Println(what, f())
}

func main() {
	for _, k := range []int{-1, 0, 1, 2, 6, 7, 8, 9, 30, math.MaxInt, math.MinInt} {
		a := numbers(8)
		try(fmt.Sprint("reverse ", k), a, "", func() any { reverse(a, k); return "" })
	}
	a := numbers(0)
	try("reverse nothing", a, "", func() any { reverse(a, 5); return "" })
	for _, c := range [][2]int{{0, 7}, {0, 8}, {-1, 5}, {-3, 12}, {3, 3}, {5, 2}, {math.MinInt, 3}, {2, math.MaxInt}, {math.MaxInt - 1, math.MaxInt},
		{math.MaxInt, math.MaxInt}, {math.MinInt, math.MinInt}} {
		a := numbers(8)
		try(fmt.Sprint("reverseFrom ", c), a, "", func() any { reverseFrom(a, c[0], c[1]); return "" })
		b := numbers(8)
		try(fmt.Sprint("meet ", c), b, "", func() any { meet(b, c[0], c[1]); return "" })
	}
	for _, c := range [][2]int{{0, 3}, {0, 4}, {1, 3}, {2, 5}, {-1, 3}, {-7, 3}, {0, 0}, {0, -3}, {3, 1}, {math.MaxInt - 4, 4}} {
		text, key := []byte("a text that is longer"), []byte("key")
		try(fmt.Sprint("ring ", c), text, key, func() any { ring(text, key, c[0], c[1]); return "" })
	}
	for _, n := range []int{256, 200, 128, 110, 16, 15, 0} {
		counts, values := make([]int, n), []int16{1, 2, 3, 4, 5, 6, 7}
		try(fmt.Sprint("table ", n), counts, values, func() any { table(counts, []byte("some text o"), values); return "" })
	}
	for _, n := range []int{8, 7, 6, 3, 1, 0} {
		row := make([]int, n)
		try(fmt.Sprint("distance ", n), row, "", func() any { return distance(row, "kitten", "sitting") })
	}
	for _, c := range [][2]int{{0, 6}, {0, 7}, {0, 8}, {0, 9}, {-1, 4}, {-4, -1}, {4, 2}, {7, 100}, {6, math.MaxInt}, {math.MaxInt - 2, math.MaxInt}, {math.MinInt, math.MaxInt}} {
		a, b := numbers(8), make([]int, 8)
		try(fmt.Sprint("chain ", c), a, b, func() any { return chain(a, b, c[0], c[1]) })
		d := make([]int, 8)
		try(fmt.Sprint("chainUnsigned ", c), a, d, func() any { return chainUnsigned(a, d, uint(c[0]), uint(c[1])) })
	}
	for _, from := range []int{5, 7, 8, 9, -1, math.MaxInt} {
		a, b := numbers(8), make([]int, 7)
		try(fmt.Sprint("down ", from), a, b, func() any { return down(a, b, from) })
	}
	for _, c := range [][2]uint8{{5, 3}, {5, 6}, {5, 7}, {2, 20}, {6, 2}, {7, 2}, {0, 1}, {0, 2}} {
		a, b := numbers(8), make([]int, 7)
		try(fmt.Sprint("downUnsigned ", c), a, b, func() any { return downUnsigned(a, b, c[0], c[1]) })
	}
	for _, c := range [][2]int{{0, 8}, {0, 9}, {3, 4}, {-1, 2}, {120, 9}, {120, 8}} {
		a, b := numbers(8), make([]int, 8)
		try(fmt.Sprint("narrow ", c), a, b, func() any { return narrow(a, b, int8(c[0]), c[1]) })
		d, e := numbers(128), make([]int, 128)
		try(fmt.Sprint("narrow in 128 ", c), d[120:], e[120:], func() any { return narrow(d, e, int8(c[0]), c[1]) })
	}
	for _, width := range []int{3, 1, 0, -1, 20, 100, math.MaxInt, math.MinInt} {
		found := make([]string, 3)
		try(fmt.Sprint("windows ", width), found, "", func() any { return windows("abacabadabacaba", width, found[:2+width&1]) })
	}
	for _, end := range []int{-1, 7, 99} {
		a, b := numbers(8), make([]int, 5)
		try(fmt.Sprint("until ", end), a, b, func() any { return until(a, b, end) })
	}
}
