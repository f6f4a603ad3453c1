// CPU profiles begun and ended over and over while threads come and go, stacks grow and shrink, signals arrive, and the
// collector runs: nothing may go wrong in the handler.
//
// want: ok
package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"
)

var sink [8]any

//go:noinline
func deep(n int) int {
	var room [20]int
	room[n%20] = n
	if n == 0 {
		return room[0]
	}
	return deep(n-1) + room[n%20]
}

func main() {
	var stop atomic.Bool
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for k := 0; !stop.Load(); k++ {
				deep(100 + k%1000)
				sink[i] = make([]byte, k%5000)
				if k%100 == 0 {
					done := make(chan bool)
					go func() {
						runtime.LockOSThread() // not unlocked: the thread ends with the goroutine
						deep(10)
						close(done)
					}()
					<-done
				}
			}
		})
	}
	for range 30 {
		if err := pprof.StartCPUProfile(io.Discard); err != nil {
			fmt.Println(err)
		}
		time.Sleep(10 * time.Millisecond)
		pprof.StopCPUProfile()
	}
	stop.Store(true)
	wg.Wait()
	fmt.Println("ok")
}
