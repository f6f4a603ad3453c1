// Goroutines that are locked to their threads collect again and again: each time that one of them waits its thread hands its P
// on, which may be at the very moment when the end of marking asks all Ps to flush their buffers.
//
// want: ok
package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

var sums [6]uint64

func main() {
	debug.SetGCPercent(-1)
	runtime.GOMAXPROCS(8)
	var collections atomic.Int64
	var group sync.WaitGroup
	for i := range sums {
		group.Go(func() {
			runtime.LockOSThread()
			r := rand.New(rand.NewPCG(uint64(i), 1))
			for collections.Add(1) <= 3000 {
				for range r.IntN(40000) {
					sums[i] += r.Uint64()
				}
				runtime.GC()
			}
		})
	}
	group.Wait()
	fmt.Println("ok")
}
