// What the runtime does for other packages is in tracebacks as theirs, and a fatal error without GOTRACEBACK=all shows one goroutine.
// want: goroutine * [sync.Mutex.Lock]:
// want: internal/sync.runtime_SemacquireMutex()
// want: *
// want: goroutine * [sleep]:
// want: time.Sleep()
// want: *
// want: goroutine * [select]:
// want: main.main.func3()
// want: *
// want: fatal error: sync: unlock of unlocked mutex
// want: 
// want: goroutine 1 [running]:
// want: internal/sync.fatal()
// want: *
// want: internal/sync.(*Mutex).unlockSlow()
// want: *
// want: main.main()
// want: *waiting_in_sync.go:* +0x*
// exit: 2
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
)

func main() {
	var m sync.Mutex
	m.Lock()
	var none chan int
	go func() { m.Lock() }()
	go func() { time.Sleep(time.Hour) }()
	go func() {
		select {
		case <-none:
		case none <- 1:
		}
	}()
	stacks := make([]byte, 1<<14)
	for _, state := range []string{"[sync.Mutex.Lock]", "[sleep]", "[select]"} {
		for found := false; !found; {
			runtime.Gosched()
			for _, text := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
				if strings.Contains(text, state) {
					fmt.Println(text)
					found = true
				}
			}
		}
	}
	var other sync.Mutex
	other.Unlock()
}
