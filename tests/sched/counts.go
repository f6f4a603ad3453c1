// How many goroutines there are, by NumGoroutine and by metrics, while they live and after thousands have ended; and functions of
// addresses, asked for twice.
//
// want: 1
// want: 5001 5001
// want: 1 1
// want: 3 3
// want: main.main main.main main.inlined main.inlined
package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"
)

func inlined() uintptr {
	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	return pcs[0]
}

func counted() uint64 {
	sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
	metrics.Read(sample)
	sample[0].Name = "/sched/goroutines:goroutines"
	metrics.Read(sample)
	return sample[0].Value.Uint64()
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
	fmt.Println(runtime.NumGoroutine(), counted())
	close(stop)
	ended.Wait()
	for range 1000 { // those that are just ending
		if runtime.NumGoroutine() == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println(runtime.NumGoroutine(), counted())
	stop = make(chan bool)
	start(2)
	fmt.Println(runtime.NumGoroutine(), counted())

	var pcs [1]uintptr
	runtime.Callers(1, pcs[:])
	in := inlined()
	name := func(pc uintptr) string { return runtime.FuncForPC(pc).Name() }
	fmt.Println(name(pcs[0]), name(pcs[0]), name(in), name(in))
}
