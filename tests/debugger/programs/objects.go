// What a debugger is asked about: two types that are allocated by calls of runtime.newobject, two init functions besides the
// variables' own, a goroutine that waits.
package main

import "os"

type first struct {
	next *first
	pad  [15]int
}

type second struct {
	name string
	rest [30]*first
}

var order = start()

//go:noinline
func start() []string { return []string{"variables"} }

func init() { order = append(order, "first") }
func init() { order = append(order, "second") }

//go:noinline
func newFirst() *first { return &first{} }

//go:noinline
func newSecond() *second { return &second{name: "s"} }

//go:noinline
func allocate() (*first, *second) {
	f := newFirst()
	s := newSecond()
	s.rest[0] = f
	return f, s
}

//go:noinline
func waiter(c chan int) { <-c }

func main() {
	c := make(chan int)
	go waiter(c)
	go waiter(c)
	f, s := allocate()
	if f == nil || len(order) != 3 {
		os.Exit(len(s.name))
	}
	c <- 1
	c <- 2
	println(order[0], order[1], order[2])
}
