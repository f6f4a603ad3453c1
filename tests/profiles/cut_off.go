// A stack that is longer than a profile's depth may be cut off between a function and those that it was inlined into. The
// profile's writer knows the place from shorter stacks by then, with all of its functions, and must be given all of them again.
//
// want: written
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
)

var sink []byte

//go:noinline
func allocate() { sink = make([]byte, 1<<16) }

//go:noinline
func below(n int) {
	if n == 0 {
		allocate()
		return
	}
	inner(n)
}

func inner(n int) { outer(n) }

func outer(n int) { below(n - 1) }

// One more call, so that the cut is at each of the three.
//
//go:noinline
func one(n int) { below(n) }

//go:noinline
func viaOne(n int) { sink = make([]byte, 1<<15); one(n) }

//go:noinline
func direct(n int) {
	if n == 0 {
		sink = make([]byte, 1<<16)
		return
	}
	directInner(n)
}

func directInner(n int) { directOuter(n) }

func directOuter(n int) { direct(n - 1) }

//go:noinline
func inlinedLeaf(n int) {
	if n == 0 {
		make16()
		return
	}
	leafInner(n)
}

func make16() { sink = make([]byte, 1<<16) }

func leafInner(n int) { leafOuter(n) }

func leafOuter(n int) { inlinedLeaf(n - 1) }

func main() {
	runtime.MemProfileRate = 1
	for n := range 80 {
		viaOne(n)
		direct(n)
		inlinedLeaf(n)
	}
	runtime.GC()
	runtime.GC()
	var b bytes.Buffer
	if err := pprof.Lookup("allocs").WriteTo(&b, 0); err != nil || b.Len() == 0 {
		fmt.Println("allocs:", err, b.Len())
	}
	fmt.Println("written")
}
