// Maps that do not leave their function: header and first group are in its frame, and move to the heap when the map grows.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type key struct{ a, b int }

//go:noinline
func count(words []string) (int, int) {
	seen := make(map[string]int)
	for _, w := range words {
		seen[w]++
	}
	most := 0
	for _, n := range seen {
		most = max(most, n)
	}
	return len(seen), most
}

//go:noinline
func pointers(n int) int {
	m := map[key]*int{}
	for i := range n {
		p := new(int)
		*p = i
		m[key{i, -i}] = p
		if i%3 == 0 {
			runtime.GC()
		}
	}
	s := 0
	for k, p := range m {
		if k.a != *p || k.b != -*p {
			panic("wrong")
		}
		s += *p
	}
	delete(m, key{0, 0})
	clear(m)
	m[key{1, 1}] = &s
	return *m[key{1, 1}] + len(m)
}

//go:noinline
func keep(n int) map[int]int {
	m := make(map[int]int)
	m[n] = n
	return m
}

//go:noinline
func hinted(n int) int {
	m := make(map[int32]struct{ x [40]int }, n)
	for i := range n {
		m[int32(i)] = struct{ x [40]int }{}
	}
	return len(m)
}

func nested() (r []string) {
	for i := range 3 {
		inner := map[string][]string{"a": {strings.Repeat("x", i)}}
		for range 4 {
			inner["b"] = append(inner["b"], fmt.Sprint(i))
		}
		r = append(r, inner["a"]...)
		r = append(r, inner["b"]...)
	}
	return r
}

func main() {
	fmt.Println(count(strings.Fields("a b c a b a")))
	fmt.Println(count(strings.Fields("a b c d e f g h i j k l a b c d e f")))
	for _, n := range []int{0, 1, 7, 8, 9, 40} {
		fmt.Println(pointers(n), hinted(n), keep(n))
	}
	fmt.Println(nested())
}
