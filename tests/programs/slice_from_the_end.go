// s[:len(s)-n] is checked against the length, which says the same as the capacity would: it is negative or it fits.
package main

import "fmt"

func try(f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(e)
		}
	}()
	f()
}

//go:noinline
func less(s []int, n int) []int { return s[:len(s)-n] }

//go:noinline
func one(s []int) []int { return s[:len(s)-1] }

//go:noinline
func three(s []int) []int { return s[:len(s)-3] }

//go:noinline
func between(s []int) []int { return s[1 : len(s)-1] }

//go:noinline
func more(s []int) []int { return s[:len(s)-(-1)] }

//go:noinline
func text(s string) string { return s[:len(s)-1] }

func main() {
	s := make([]int, 2, 10)
	for range 2 {
		for _, f := range []func([]int) []int{one, three, between, more} {
			try(func() { r := f(s); fmt.Println(len(r), cap(r)) })
		}
		try(func() { r := less(s, -3); fmt.Println(len(r), cap(r)) })
		try(func() { fmt.Println(len(text("x"[len(s)/2-1+1-len(s)/2:]))) })
		s = s[:0]
	}
	n := 0
	for t := []int{1, 2, 3, 4, 5, 6, 7}; len(t) > 0; t = t[:len(t)-1] {
		n = n*10 + t[len(t)-1]
	}
	fmt.Println(n)
}
