// A loop over a function assigns one variable after the other, other loops both at once.
package main

import (
	"fmt"
	"maps"
	"slices"
)

func main() {
	var i int
	var a [3]string
	for i, a[i] = range []string{"x", "y", "z"} {
	}
	fmt.Println(i, a)
	i = 0
	a = [3]string{}
	for i, a[i] = range slices.All([]string{"x", "y", "z"}) {
	}
	fmt.Println(i, a)
	var b [3]int
	i = 0
	for i, b[i] = range map[int]int{2: 5} {
	}
	fmt.Println(i, b)
	i = 0
	b = [3]int{}
	for i, b[i] = range maps.All(map[int]int{2: 5}) {
	}
	fmt.Println(i, b)
	i = 0
	var r [3]rune
	for i, r[i] = range "ab" {
	}
	fmt.Println(i, r)
	c := make(chan int, 1)
	c <- 3
	close(c)
	for b[i] = range c {
	}
	fmt.Println(b)
	f := func(s string, x int) int { fmt.Print(s, x, " "); return x }
	p := func(s string) *int { fmt.Print(s, " "); return &i }
	for *p("p"), b[f("b", i)] = range slices.All([]int{7, 8}) {
	}
	fmt.Println(b)
	for *p("p"), b[f("b", i)] = range []int{7, 8} {
	}
	fmt.Println(b)
}
