// Where there is next to nothing to mark, a little marking pays for little allocation all the same: the heap does not run away from
// its goal of 4 MB before a cycle that has just begun gets a processor.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
)

var sink []byte

func main() {
	for _, size := range []int{256, 2 << 10, 64 << 10} {
		for range 512 << 20 / size {
			sink = make([]byte, size)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapSys > 16<<20 {
			fmt.Printf("%d MB of heap for objects of %d bytes\n", m.HeapSys>>20, size)
			return
		}
	}
	fmt.Println("ok")
}
