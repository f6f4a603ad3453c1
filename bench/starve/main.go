// What a goroutine and a collection wait for while a goroutine in a loop without calls spins on every P: the program behind
// bench/starve.py. Prints nanoseconds: the median and the longest delay of a goroutine that another wakes, of one
// that a timer wakes, and of a whole collection.
package main

import (
	"runtime"
	"slices"
	"time"
)

const rounds = 40

func report(name string, times []time.Duration) {
	slices.Sort(times)
	println(name, int64(times[len(times)/2]), int64(times[len(times)-1]))
}

func main() {
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for {
			}
		}()
	}
	var woken, slept, collected []time.Duration
	ping, pong := make(chan time.Time), make(chan time.Duration)
	go func() {
		for t := range ping {
			pong <- time.Since(t)
		}
	}()
	for range rounds {
		ping <- time.Now()
		woken = append(woken, <-pong)
	}
	for range rounds {
		t := time.Now()
		time.Sleep(time.Millisecond)
		slept = append(slept, time.Since(t)-time.Millisecond)
	}
	for range rounds / 4 {
		t := time.Now()
		runtime.GC()
		collected = append(collected, time.Since(t))
	}
	report("woken", woken)
	report("slept", slept)
	report("collected", collected)
}
