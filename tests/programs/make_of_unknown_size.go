// Slices of a size that is not known when compiling: those that stay in their function lie in its frame when they are short.
// differs without: escape
package main

import (
	"fmt"
	"runtime"
)

//go:noinline
func sum(n int) (total int) {
	for i := range n {
		s := make([]byte, i)
		for j := range s {
			total += int(s[j]) // zero in each turn
			s[j] = byte(j + 1)
			total += int(s[j])
		}
	}
	return
}

//go:noinline
func capacity(n, c int) (text string) {
	defer func() {
		if e := recover(); e != nil {
			text = fmt.Sprint(e)
		}
	}()
	s := make([]int32, n, c)
	return fmt.Sprint(len(s), cap(s), s)
}

//go:noinline
func narrow(n uint8, c int8) (text string) {
	defer func() {
		if e := recover(); e != nil {
			text = fmt.Sprint(e)
		}
	}()
	s := make([]struct{ a, b uint16 }, n, c)
	return fmt.Sprint(len(s), cap(s), s)
}

type node struct{ value int }

// What is put into such a slice lives on.
//
//go:noinline
func pointers(n int) int {
	s := make([]*node, n)
	for i := range s {
		x := node{i * i}
		s[i] = &x
	}
	runtime.GC()
	total := 0
	for _, p := range s {
		total += p.value
	}
	return total
}

// The slices of all turns are kept.
//
//go:noinline
func kept(n int) (all [][]int) {
	for i := range n {
		all = append(all, make([]int, i))
		all[i] = append(all[i], i)
	}
	return
}

// One of all turns is looked at after them.
//
//go:noinline
func last(n int) int {
	var s, second []int
	for i := range n {
		s = make([]int, i+1)
		s[i] = i
		if i == 1 {
			second = s
		}
	}
	return s[n-1]*100 + second[1]*10 + second[0]
}

//go:noinline
func grown(n int) []int {
	s := make([]int, n)
	s = append(s, 7)
	return append([]int(nil), s...)
}

//go:noinline
func empty(n int) int {
	s := make([]struct{}, n)
	return len(s)
}

//go:noinline
func recursive(depth int) int {
	s := make([]int, depth%5)
	for i := range s {
		s[i] = depth
	}
	if depth > 0 {
		recursive(depth - 1)
	}
	for _, v := range s {
		if v != depth {
			panic("another call's")
		}
	}
	return len(s)
}

func allocations(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 100
}

func main() {
	fmt.Println(sum(60))
	for _, c := range [][2]int{{0, 0}, {3, 8}, {8, 8}, {9, 9}, {5, 4}, {-1, 3}, {2, -1}, {-1, -1}, {1 << 62, 1 << 62}, {8, 1 << 62}} {
		fmt.Println(capacity(c[0], c[1]))
	}
	fmt.Println(narrow(3, 8), narrow(200, 8), narrow(1, -3))
	fmt.Println(pointers(3), pointers(4), pointers(5), pointers(50))
	fmt.Println(kept(6))
	fmt.Println(last(4), last(9))
	fmt.Println(grown(0), grown(3), grown(4), grown(6))
	fmt.Println(empty(1000), recursive(1000))
	fmt.Println(allocations(func() { sum(33) }), allocations(func() { sum(35) }))
}
