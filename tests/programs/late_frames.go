// Functions that return early, whose frames are made after the tests: their tracebacks, their panics in front of the frame and
// behind it, deep recursion, words of the stack as parameters, closures, and preemption in loops that only call such functions.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

type node struct {
	next *node
	key  int
}

func where(skip int) string {
	pc := make([]uintptr, 20)
	frames := runtime.CallersFrames(pc[:runtime.Callers(skip, pc)])
	var out []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") {
			out = append(out, fmt.Sprintf("%s:%d", strings.TrimPrefix(f.Function, "main."), f.Line))
		}
		if !more {
			return strings.Join(out, " ")
		}
	}
}

var sink []string

//go:noinline
func visit(n *node, k int) *node {
	if k < 3 {
		sink = append(sink, where(3))
	}
	runtime.GC()
	return &node{n, k}
}

// Panics before the frame: n is nil, k is no index. In it: k is -1.
//
//go:noinline
func find(n *node, xs []int, k int) *node {
	if n.key == k {
		return n
	}
	if xs[k] == 3 {
		return n.next
	}
	for i := range xs {
		n = visit(n, xs[i])
		xs[i] += 10 / (n.key - 7)
	}
	return n
}

func try(n *node, xs []int, k int) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println("panic:", e, where(3))
		}
	}()
	r := find(n, xs, k)
	depth := 0
	for ; r != nil; r = r.next {
		depth++
	}
	fmt.Println(depth, xs)
}

//go:noinline
func sum(a, b, c, d, e, f, g, h, i, j, depth int) int {
	if depth == 0 {
		return a + b + c + d + e + f + g + h + i + j
	}
	if depth%5 == 0 {
		return a - sum(b, c, d, e, f, g, h, i, j, a, depth-1)
	}
	return 1 + sum(b, c, d, e, f, g, h, i, j, a, depth-1) + j
}

func walker(limit int) func(int) int {
	calls := 0
	var walk func(int) int
	walk = func(n int) int {
		if n >= limit {
			return n
		}
		calls++
		return walk(2*n) + walk(2*n+1) + calls
	}
	return walk
}

//go:noinline
func collatz(n, steps uint) uint {
	if n == 1 {
		return steps
	}
	if n%2 == 0 {
		return collatz(n/2, steps+1)
	}
	return collatz(3*n+1, steps+1)
}

func main() {
	try(&node{nil, 5}, []int{1, 2}, 5)
	try(&node{&node{nil, 1}, 5}, []int{1, 3}, 1)
	try(&node{nil, 5}, []int{1, 2, 4}, 2)
	try(nil, []int{1, 2}, 0)
	try(&node{nil, 5}, []int{1, 2}, 2)
	try(&node{nil, 5}, []int{1, 7}, 0)
	fmt.Println(strings.Join(sink, "\n"))

	fmt.Println(sum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100_000))
	done := make(chan int)
	go func() { done <- walker(50_000)(1) }()
	fmt.Println(<-done)

	runtime.GOMAXPROCS(1)
	var stop atomic.Bool
	go func() {
		var most uint
		for n := uint(1); !stop.Load(); n++ {
			most = max(most, collatz(n%1000+1, 0))
		}
		done <- int(most)
	}()
	time.Sleep(20 * time.Millisecond)
	stop.Store(true)
	fmt.Println(<-done)
}
