// What a debugger shows of a function at its first instruction, and one step behind it.
package main

import "os"

type shape struct {
	name  string
	sides []int
}

//go:noinline
func area(s *shape, k int, name string, f float64) int {
	total := k + len(name) + int(name[2]-'c') + int(f)
	for i, x := range s.sides {
		total += i * x
	}
	return total
}

//go:noinline
func deep(n int) int {
	if n == 0 {
		return area(&shape{"square", []int{1, 2, 3}}, 4, "abc", 2.5)
	}
	return deep(n-1) + 1
}

func main() {
	if deep(2) != 19 {
		os.Exit(1)
	}
}
