// What a goroutine's registers held before it went over to another piece of its stack keeps nothing alive: the frame between
// the two pieces has one of the caller's registers in it, and not for the caller.
//
// want: 2400 2400
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

type thing struct {
	next *thing
	pad  [5]int
}

var made, gone atomic.Int64

//go:noinline
func make1(n int) *thing {
	made.Add(1)
	t := &thing{}
	t.pad[0] = n
	runtime.AddCleanup(t, func(int) { gone.Add(1) }, 0)
	return t
}

//go:noinline
func see(a, b, c, d, e, f *thing) int {
	return a.pad[0] + b.pad[1] + c.pad[2] + d.pad[3] + e.pad[4] + f.pad[0]
}

//go:noinline
func wait(ready, stop chan bool) {
	ready <- true
	<-stop
}

// hold needs six things at once over calls, which are all its registers, and then none of them.
//
//go:noinline
func hold(ready, stop chan bool) int {
	sum := 0
	a, b, c, d, e, f := make1(1), make1(2), make1(3), make1(4), make1(5), make1(6)
	for range 3 {
		sum += see(a, b, c, d, e, f)
		sum += see(f, e, d, c, b, a)
		a, b, c, d, e, f = b, c, d, e, f, a
	}
	wait(ready, stop)
	wait(ready, stop)
	return sum
}

//go:noinline
func deep(n int, ready, stop chan bool) int {
	if n == 0 {
		return hold(ready, stop)
	}
	return deep(n-1, ready, stop) + 1
}

func main() {
	const goroutines = 400
	ready, stop := make(chan bool), make(chan bool)
	for n := range goroutines {
		go deep(n, ready, stop)
	}
	for range goroutines {
		<-ready
	}
	for range 50 {
		runtime.GC()
		if gone.Load() == made.Load() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(made.Load(), gone.Load())
}
