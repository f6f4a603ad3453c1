// A goroutine that has never run is shown at the beginning of its function; labels stand behind the state.
// want: goroutine 1 [running] {"a b": "\u03a3\x01\"", job: x/1.0_y}:
// want: main.main()
// want: *runnable.go:33 +0x*
// want: 
// want: goroutine * [runnable] {"a b": "\u03a3\x01\"", job: x/1.0_y}:
// want: main.later()
// want: *runnable.go:22
// want: created by main.main in goroutine 1
// want: *runnable.go:31 +0x*
// env: GOMAXPROCS=1 GODEBUG=asyncpreemptoff=1
package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
)

//go:noinline
func later() { println("ran") }

// No package of the library that main needs starts a goroutine.
var stacks = make([]byte, 1<<14)

func main() {
	runtime.Gosched()
	labels := pprof.Labels("job", "x/1.0_y", "a b", "\u03a3\x01\"")
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
	go later()
	n := 0
	n = runtime.Stack(stacks, true)
	fmt.Print(string(stacks[:n]))
}
