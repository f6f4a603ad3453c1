// What a debugger is asked about: two types that are allocated by calls of runtime.newobject, two init functions besides the
// variables' own, a goroutine that waits.
//
// Small objects are cut from the P's run of free slots by compiled code; runtime.newobject is called when the run is used up.
// How long the run is depends on what that P allocated before, so a breakpoint at the function is sure to be hit only when more
// objects are asked for than a span has slots.
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

// More than the slots of 128 bytes in a span.
const slots = 100

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
	var f *first
	var s *second
	for range slots {
		f = newFirst()
	}
	for range slots {
		s = newSecond()
	}
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
