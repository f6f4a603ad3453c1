// A goroutine that has never run is shown at the beginning of its function; labels stand behind the state.
// want: goroutine 1 [running] {"a b": "\u03a3\x01\"", job: x/1.0_y}:
// want: main.main()
// want: *runnable.go:38 +0x*
// want: 
// want: goroutine * [runnable] {"a b": "\u03a3\x01\"", job: x/1.0_y}:
// want: main.later()
// want: *runnable.go:22
// want: created by main.main in goroutine 1
// want: *runnable.go:37 +0x*
// env: GOMAXPROCS=1 GODEBUG=asyncpreemptoff=1
package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
)

//go:noinline
func later() { ran = true }

var ran bool

// No package of the library that main needs starts a goroutine.
var stacks = make([]byte, 1<<14)

func main() {
	runtime.Gosched()
	labels := pprof.Labels("job", "x/1.0_y", "a b", "\u03a3\x01\"")
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), labels))
	n := 0
	// When others want the processor too, main's time may be over right here, and the goroutine runs: then another one.
	for more := true; more; more = ran {
		ran = false
		go later()
		n = runtime.Stack(stacks, true)
	}
	fmt.Print(string(stacks[:n]))
}
