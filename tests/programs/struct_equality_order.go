// Comparing structs looks at what is cheap first: a string whose bytes cannot be read is not read when something else differs.
// A comparison that panics keeps its place.
package main

import (
	"syscall"
	"unsafe"
)

type first struct {
	s string
	i int
}

type second struct {
	s, t string
	a    [9]int
}

type mixed struct {
	s string
	x any
	i int
}

func unreadable(p []byte) string { return unsafe.String(&p[0], 3) }

//go:noinline
func same[T comparable](x, y T) bool { return x == y }

func try(x, y any) {
	defer func() {
		if e := recover(); e != nil {
			println("panic:", e.(error).Error())
		}
	}()
	println(x == y)
}

func main() {
	p, err := syscall.Mmap(-1, 0, syscall.Getpagesize(), syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	a, b := unreadable(p), unreadable(p[1:])
	println(same(first{a, 1}, first{b, 2}), same[any](first{a, 1}, first{b, 2}))
	println(same(second{s: a, t: "x"}, second{s: b, t: "xx"}), same[any](second{s: a, t: "x"}, second{s: b, t: "xx"}))
	println(same(second{s: "x", t: a}, second{s: "y", t: b}), same(second{s: "x"}, second{s: "x"}))
	try(mixed{"a", []int{}, 1}, mixed{"b", []int{}, 1})
	try(mixed{"a", []int{}, 1}, mixed{"a", []int{}, 2})
	try(mixed{"a", 1, 1}, mixed{"a", 1, 2})
	try(mixed{"a", 1, 1}, mixed{"a", 1, 1})
}
