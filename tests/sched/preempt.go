// Goroutines in loops without calls share the processors, let the world be stopped, and main end.
// want: others run
// want: world stops
// want: procs 1
package main

import (
	"runtime"
	"sync/atomic"
	"time"
)

func main() {
	var n atomic.Int64
	for range 4 {
		go func() {
			for {
			}
		}()
		go func() {
			for {
				n.Add(1)
			}
		}()
	}
	for n.Load() < 1000 {
		time.Sleep(time.Millisecond)
	}
	println("others run")
	var m runtime.MemStats
	for range 3 {
		runtime.ReadMemStats(&m)
	}
	println("world stops")
	runtime.GOMAXPROCS(3)
	time.Sleep(time.Millisecond)
	runtime.GOMAXPROCS(1)
	println("procs", runtime.GOMAXPROCS(0))
}
