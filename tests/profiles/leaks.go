// The goroutineleak profile has the goroutines that nothing can wake any more, and no others.
//
// want: ok
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

var reachable = make(chan int)

//go:noinline
func leakSend() {
	c := make(chan int)
	go func() { c <- 1 }()
}

// Waits for what another leaked goroutine would send.
//
//go:noinline
func leakChain() {
	a, b := make(chan int), make(chan int)
	go func() { b <- <-a }()
	go func() { <-b }()
}

//go:noinline
func waitReachable() { go func() { <-reachable }() }

//go:noinline
func waitTimer() { go func() { time.Sleep(time.Hour) }() }

func main() {
	leakSend()
	leakChain()
	waitReachable()
	waitTimer()
	for range 20 {
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
	var out bytes.Buffer
	if err := pprof.Lookup("goroutineleak").WriteTo(&out, 1); err != nil {
		panic(err)
	}
	text := out.String()
	for _, name := range []string{"main.leakSend.func1", "main.leakChain.func1", "main.leakChain.func2"} {
		if !strings.Contains(text, name) {
			panic(name + " is not in the profile:\n" + text)
		}
	}
	for _, name := range []string{"main.waitReachable.func1", "main.waitTimer.func1"} {
		if strings.Contains(text, name) {
			panic(name + " is in the profile:\n" + text)
		}
	}
	reachable <- 1
	runtime.GC()
	fmt.Println("ok")
}
