// Quotients of two words by one are an instruction, which faults where bits.Div64 panics: it must not be reached before the checks.
package main

import (
	"fmt"
	"math/bits"
)

//go:noinline
func guarded(hi, lo, y uint64, n int) (sum uint64) {
	for i := 0; i < n; i++ {
		if y > hi {
			q, r := bits.Div64(hi, lo, y)
			sum += q ^ r
		}
	}
	return sum
}

func try(hi, lo, y uint64) (what any) {
	defer func() {
		if r := recover(); r != nil {
			what = r
		}
	}()
	q, r := bits.Div64(hi, lo, y)
	return [2]uint64{q, r}
}

func main() {
	fmt.Println(guarded(5, 1, 3, 10), guarded(5, 1, 0, 10), guarded(2, 1, 3, 10))
	fmt.Println(try(0, 100, 7), try(1, 0, 3), try(^uint64(1), ^uint64(0), ^uint64(0)))
	fmt.Println(try(1, 0, 1), try(0, 1, 0), try(3, 3, 0))
	q, r := bits.Div(1, 7, 1<<62)
	fmt.Println(q, r, bits.Rem64(9, 9, 4))
}
