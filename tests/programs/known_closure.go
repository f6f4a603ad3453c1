// Functions that are copied for the func values they are called with (codegen/known_closures.cpp), and functions whose calls of
// themselves are replaced by copies of their bodies (codegen/self_calls.cpp): results, tracebacks, panics in between, and
// what of it the program can see.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

func each[T any](s []T, f func(int, T)) {
	for i, v := range s {
		f(i, v)
	}
}

func walk(s []int, f func(int) bool) int {
	if len(s) == 0 {
		return 0
	}
	m := len(s) / 2
	n := walk(s[:m], f)
	if f(s[m]) {
		n++
	}
	return n + walk(s[m+1:], f)
}

func frames() (names []string) {
	var pcs [20]uintptr
	list := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := list.Next()
		if strings.HasPrefix(f.Function, "runtime.") {
			return
		}
		name, _, _ := strings.Cut(f.Function, "[")
		names = append(names, fmt.Sprint(name, ":", f.Line))
		if !more {
			return
		}
	}
}

func show(i int, v string) {
	if v == "here" {
		fmt.Println(frames())
	}
}

func odd(n int) bool { return n&1 == 1 }

func failing(n int) bool {
	if n == 5 {
		panic("five")
	}
	return n > 2
}

func depth(n int) int {
	if n == 0 {
		return len(frames())
	}
	return depth(n-1) + 0
}

func ackermann(m, n int) int {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.left.sum() + t.value + t.right.sum()
}

func grow(n int) *tree {
	if n == 0 {
		return nil
	}
	return &tree{grow(n - 1), grow(n - 1), n}
}

// Elements in front of the failing index have been changed when it panics.
func mark(s []int, i int) int {
	s[i] = i + 1
	if i == 9 {
		return 0
	}
	return mark(s, i+1) + mark(s, i+2)
}

type pair struct {
	a int
	b string
}

func main() {
	each([]string{"a", "here", "c"}, show)
	fmt.Println(walk([]int{1, 2, 3, 4, 5, 6}, odd), walk(nil, odd))
	func() {
		defer func() {
			r := recover()
			var lines []string
			for _, line := range strings.Split(string(debug.Stack()), "\n") {
				if strings.HasPrefix(line, "main.walk") || strings.HasPrefix(line, "main.failing") {
					lines = append(lines, line[:strings.IndexByte(line, '(')])
				}
			}
			fmt.Println(r, lines)
		}()
		walk([]int{1, 2, 3, 4, 5, 6, 7}, failing)
	}()
	for n := range 6 {
		fmt.Print(depth(n), " ")
	}
	fmt.Println(ackermann(2, 3), grow(6).sum())
	s := make([]int, 8)
	func() {
		defer func() { fmt.Println(recover(), s) }()
		mark(s, 3)
	}()
	pairs := []pair{{3, "c"}, {1, "z"}, {2, "b"}, {1, "a"}}
	slices.SortFunc(pairs, func(x, y pair) int { return x.a - y.a + strings.Compare(x.b, y.b)/2 })
	slices.SortStableFunc(pairs, func(x, y pair) int { return strings.Compare(x.b, y.b) })
	fmt.Println(pairs)
	fmt.Println(slices.BinarySearchFunc(pairs, "c", func(p pair, b string) int { return strings.Compare(p.b, b) }))
	if len(os.Args) > 5 {
		walk(nil, func(int) bool { return false })
	}
}
