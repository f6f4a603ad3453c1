// All goroutines wait: the message, and every goroutine with what it waits for.
// want: fatal error: all goroutines are asleep - deadlock!
// want: 
// want: goroutine 1 [sync.WaitGroup.Wait]:
// want: *main.main()
// want: *goroutine * [chan receive]:
// want: *goroutine * [select]:
// want: *goroutine * [sync.Mutex.Lock]:
// want: *
// exit: 2
package main

import (
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	c, d := make(chan int), make(chan int)
	go func() { <-c }()
	runtime.Gosched()
	go func() {
		select {
		case <-c:
		case <-d:
		}
	}()
	runtime.Gosched()
	var mu sync.Mutex
	mu.Lock()
	go func() { mu.Lock() }()
	runtime.Gosched()
	wg.Wait()
}
