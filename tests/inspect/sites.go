// A program that knows where its heap comes from: every allocation is counted, and the numbers are printed.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

type leaf struct {
	next *leaf
	data [12]uint64
}

type holder struct{ leaves []*leaf }

var kept []*leaf
var holders []*holder
var sink any
var depth int

//go:noinline
func keepLeaf() { kept = append(kept, &leaf{}) }

//go:noinline
func dropLeaf() { sink = &leaf{} }

// Inlined into its caller: the site is still this function.
func newHolder() *holder { return &holder{leaves: make([]*leaf, 200)} }

//go:noinline
func fill() {
	for range 40 {
		holders = append(holders, newHolder())
	}
}

// No call is the last thing that it does.
//
//go:noinline
func twice(n int) {
	if n > 0 {
		twice(n - 1)
		keepLeaf()
		depth++
	}
}

func main() {
	runtime.MemProfileRate = 1
	for range 3000 {
		keepLeaf()
	}
	for range 500 {
		dropLeaf()
	}
	twice(7)
	fill()
	sink = nil
	// Twice: what the first finds dead, the second has swept.
	runtime.GC()
	runtime.GC()
	runtime.MemProfile(nil, true)
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
	runtime.KeepAlive(kept)
}
