// Measurements of stacks and of goroutines in large numbers; bench/stacks.py runs it. Each prints a line "NAME NUMBER..." on
// standard error.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Bytes that the process has resident, now or at most (VmRSS, VmHWM).
func resident(field string) int64 {
	text, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n * 1024
		}
	}
	return 0
}

// A million goroutines that wait on one channel: bytes for each, all of the process included, and nanoseconds to make one and
// have it wait.
func parked(n int) {
	quit := make(chan bool)
	begin := time.Now()
	for range n {
		go func() { <-quit }()
	}
	for range 100 {
		runtime.Gosched()
	}
	took := time.Since(begin)
	println("parked", resident("VmRSS")/int64(n), took.Nanoseconds()/int64(n))
}

// The store keeps it from becoming a loop.
//
//go:noinline
func depth(n int) int {
	if n == 0 {
		return 0
	}
	d := depth(n-1) + 1
	sink = d
	return d
}

// Recursion ten million deep: nanoseconds a call, on new stack and on stack that is there, and the largest resident size.
func deep(n int) {
	debug.SetMaxStack(1 << 32)
	done := make(chan [2]int64)
	go func() {
		var took [2]int64
		for i := range took {
			begin := time.Now()
			if depth(n) != n {
				panic("wrong depth")
			}
			took[i] = time.Since(begin).Nanoseconds()
		}
		done <- took
	}()
	took := <-done
	println("deep", took[0]/int64(n), took[1]/int64(n), resident("VmHWM")>>20)
}

//go:noinline
func callee(p *[200]byte, i int) int {
	var local [160]byte
	local[i&127] = p[i&127]
	touch(&local)
	return int(local[i&63])
}

//go:noinline
func touch(p *[160]byte) { p[0]++ }

//go:noinline
func loop(turns int) int64 {
	var buf [200]byte
	begin := time.Now()
	sum := 0
	for i := range turns {
		sum += callee(&buf, i)
	}
	sink = sum
	return time.Since(begin).Nanoseconds()
}

var sink int

const (
	turns  = 5000
	levels = 400
)

// At each depth of the stack the same loop of calls: the shortest time of a loop so far, by depth.
//
//go:noinline
func at(level int, ns *[levels]int64) {
	if level == levels {
		return
	}
	t := loop(turns)
	ns[level] = min(ns[level], t)
	at(level+1, ns)
}

func hotSplit() {
	done := make(chan [2]int64)
	go func() {
		var ns [levels]int64
		for i := range ns {
			ns[i] = 1 << 62
		}
		for range 20 {
			at(0, &ns)
		}
		best, worst := ns[0], ns[0]
		for _, t := range ns {
			best, worst = min(best, t), max(worst, t)
		}
		done <- [2]int64{best, worst}
	}()
	took := <-done
	println("hotsplit", took[0]*1000/turns, took[1]*1000/turns)
}

func main() {
	n := 0
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	switch os.Args[1] {
	case "parked":
		parked(n)
	case "deep":
		deep(n)
	case "hotsplit":
		hotSplit()
	}
}
