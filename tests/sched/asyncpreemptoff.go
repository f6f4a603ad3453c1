// GODEBUG=asyncpreemptoff=1: a loop without calls keeps its P; the next call gives it up.
// want: not during the loop
// want: at the call
// env: GODEBUG=asyncpreemptoff=1
package main

import (
	"runtime"
	"sync/atomic"
)

var (
	ran atomic.Bool
	sum byte
)

//go:noinline
func call(n int) byte { // not a leaf, nor a loop in disguise: those have no check
	var buf [64]byte
	buf[n&63] = byte(n)
	sum++
	if n == 0 {
		return buf[0]
	}
	return call(n-1) + buf[n&63]
}

func main() {
	runtime.GOMAXPROCS(1)
	go ran.Store(true)
	x := uint64(1)
	during := false
	for range 200000000 {
		x = x*6364136223846793005 + 1442695040888963407
		during = during || ran.Load()
	}
	if x == 0 || during {
		println("during the loop")
	} else {
		println("not during the loop")
	}
	for i := 0; !ran.Load(); i++ {
		sum += call(i & 3)
	}
	println("at the call")
}
