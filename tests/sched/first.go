// What the first goroutine leaves behind. It runs before main goes on from its first Gosched, and its stack, which a worker of the
// collector takes up later, does not keep the channel that only the lost goroutine knows.
//
// want: early
// want: main
// want: 1 leaked
// env: GOMAXPROCS=1 GODEBUG=asyncpreemptoff=1
package main

import (
	"bytes"
	"runtime"
	"runtime/pprof"
	"strings"
)

var order []string

func early() {
	order = append(order, "early")
	ch := make(chan any)
	go func() { ch <- 1 }()
}

func main() {
	profile := pprof.Lookup("goroutineleak")
	go early()
	runtime.Gosched()
	order = append(order, "main")
	var text bytes.Buffer
	profile.WriteTo(&text, 2)
	for _, s := range order {
		println(s)
	}
	println(strings.Count(text.String(), "(leaked)"), "leaked")
}
