// The stacks of goroutines that were deep once and then wait: the collector frees what they do not need, and what some needed is not
// given to all later ones of the same statement.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"sync"
)

//go:noinline
func deep(n int) int {
	var a [64]int
	if n == 0 {
		return a[3]
	}
	a[n%64] = n
	return deep(n-1) + a[(n+1)%64]
}

func stacks() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.StackInuse >> 10)
}

// start makes n goroutines of one statement, which wait after a recursion of depth d.
//
//go:noinline
func start(n, d int, stop chan bool) {
	var deepest sync.WaitGroup
	for range n {
		deepest.Add(1)
		go func() {
			deep(d)
			deepest.Done()
			<-stop
		}()
	}
	deepest.Wait()
}

func main() {
	// 100 MB each, of which nearly nothing is left after some cycles: each halves them.
	stop := make(chan bool)
	start(4, 200_000, stop)
	full := stacks()
	for range 16 {
		runtime.GC()
	}
	if left := stacks(); full < 400_000 || left > 2000 {
		fmt.Println("deep stacks:", full, "KB, then", left)
	}
	close(stop)

	// Twenty deep ones, then ten thousand shallow ones of the same statement.
	stop = make(chan bool)
	for range 20 {
		once := make(chan bool)
		start(1, 60, once)
		close(once)
	}
	start(10_000, 0, stop)
	if all := stacks(); all > 40_000 {
		fmt.Println("10000 shallow stacks:", all, "KB")
	}
	close(stop)

	// When all are deep they start so: nearly none of them has two segments.
	for range 3 {
		stop = make(chan bool)
		start(1000, 3, stop) // about 2 KB
		close(stop)
	}
	fmt.Println("ok")
}
