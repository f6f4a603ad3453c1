// With MemProfileRate 1 the memory profile is exact, from the first allocation after the assignment on, whatever the size
// and however the rate was changed before.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"strings"
)

var (
	kept  [100]any
	small *[48]byte
	large []byte
	tiny  *int16
)

//go:noinline
func allocate48(n int) {
	for range n {
		small = new([48]byte)
	}
}

//go:noinline
func allocate64K(n int) {
	for range n {
		large = make([]byte, 64<<10)
	}
}

//go:noinline
func allocateTiny(n int) {
	for range n {
		tiny = new(int16)
	}
}

//go:noinline
func keepPointers(n int) {
	for i := range n {
		kept[i] = new([4]*int)
	}
}

func records(function string) (r runtime.MemProfileRecord) {
	p := make([]runtime.MemProfileRecord, 1000)
	n, ok := runtime.MemProfile(p, true)
	if !ok {
		panic("more than 1000 records")
	}
	for i := range p[:n] {
		frames := runtime.CallersFrames(p[i].Stack())
		for {
			frame, more := frames.Next()
			if strings.HasSuffix(frame.Function, function) {
				r.AllocObjects += p[i].AllocObjects
				r.AllocBytes += p[i].AllocBytes
				r.FreeObjects += p[i].FreeObjects
			}
			if !more {
				break
			}
		}
	}
	return r
}

func expect(function string, objects, bytes, live int64) {
	r := records(function)
	if r.AllocObjects != objects || r.AllocBytes != bytes || r.InUseObjects() != live {
		fmt.Println(function, "allocated", r.AllocObjects, "objects,", r.AllocBytes, "bytes,", r.InUseObjects(), "left; want", objects, bytes, live)
	}
}

func main() {
	allocate48(10) // most likely unseen
	runtime.MemProfileRate = 0
	allocateTiny(1000)
	allocate64K(3)
	runtime.MemProfileRate = 1
	allocate48(1234)
	allocate64K(7)
	allocateTiny(800)
	keepPointers(100)
	runtime.MemProfileRate = 0
	allocate48(1000)
	small, large, tiny = nil, nil, nil
	// What was allocated before a collection's mark phase is shown once the sweep after it is over.
	runtime.GC()
	runtime.GC()
	expect("main.keepPointers", 100, 3200, 100)
	expect("main.allocate64K", 7, 7*64<<10, 0)
	if r := records("main.allocate48"); r.AllocObjects < 1234 || r.AllocObjects > 1244 || r.InUseObjects() != 0 {
		fmt.Println("allocate48:", r.AllocObjects, r.InUseObjects())
	}
	// Eight of them share a block; where the first block begins is chance.
	if blocks := records("main.allocateTiny").AllocObjects; blocks < 99 || blocks > 103 {
		fmt.Println("allocateTiny:", blocks)
	}
	fmt.Println("ok")
}
