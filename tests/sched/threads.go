// LockOSThread: a locked goroutine keeps its thread, its thread ends with it, new threads do not come from it; system calls
// on all threads.
// want: same thread
// want: ended with their goroutines
// want: all threads 0
package main

import (
	"runtime"
	"sync"
	"syscall"
	"time"
)

func main() {
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			runtime.LockOSThread()
			tid := syscall.Gettid()
			for range 100 {
				runtime.Gosched()
				time.Sleep(10 * time.Microsecond)
				if syscall.Gettid() != tid {
					println("another thread")
				}
			}
			runtime.UnlockOSThread()
		}()
	}
	wg.Wait()
	println("same thread")

	for range 50 {
		wg.Add(1)
		go func() {
			runtime.LockOSThread()
			defer wg.Done()
			// Threads are made while this one is locked.
			wg.Add(1)
			go func() { time.Sleep(time.Microsecond); wg.Done() }()
			time.Sleep(time.Microsecond)
		}()
	}
	wg.Wait()
	println("ended with their goroutines")
	_, _, e := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, 38, 1, 0) // PR_SET_NO_NEW_PRIVS
	println("all threads", e)
}
