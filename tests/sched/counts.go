// How many goroutines there are, by NumGoroutine and by metrics, while they live and after thousands have ended; and functions of
// addresses, asked for twice.
//
// want: 1
// want: 5001 true
// want: 1 true
// want: 3 true
// want: main.main main.main main.called main.called
package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

//go:noinline
func called() uintptr {
	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	return pcs[0]
}

// countedToo reports whether metrics count n goroutines, and the runtime's own, after a read that did not ask for them.
func countedToo(n uint64) bool {
	sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	metrics.Read(sample)
	sample[0].Name = "/sched/goroutines:goroutines"
	metrics.Read(sample)
	own := sample[0].Value.Uint64() - n
	return own < 20
}

func main() {
	fmt.Println(runtime.NumGoroutine())
	stop := make(chan bool)
	var started, ended sync.WaitGroup
	start := func(n int) {
		started.Add(n)
		ended.Add(n)
		for range n {
			go func() {
				defer ended.Done()
				started.Done()
				<-stop
			}()
		}
		started.Wait()
	}
	start(5000)
	fmt.Println(runtime.NumGoroutine(), countedToo(5001))
	close(stop)
	ended.Wait()
	for range 1000 { // those that are just ending
		if runtime.NumGoroutine() == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println(runtime.NumGoroutine(), countedToo(1))
	stop = make(chan bool)
	start(2)
	fmt.Println(runtime.NumGoroutine(), countedToo(3))

	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	in := called()
	name := func(pc uintptr) string { return runtime.FuncForPC(pc).Name() }
	fmt.Println(name(pcs[0]), name(pcs[0]), name(in), name(in))
}
