// want: ok
// A memory limit holds in a program that would be more than twice as large without it; and what FreeOSMemory gives back is gone.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

const (
	limit = 96 << 20
	live  = 48 << 20 // GOGC=400 would let it grow to 240 MB
	slack = 6 << 20  // code, variables, thread stacks
)

var kept [][]byte
var sink []byte

// filled makes n bytes resident.
func filled(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 512 {
		b[i] = 1
	}
	return b
}

func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	pages, _ := strconv.Atoi(fields[1])
	return pages * os.Getpagesize()
}

func ready() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.Sys - m.HeapReleased)
}

func main() {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(limit)
	for n := 0; n < live; n += 16 << 10 {
		kept = append(kept, filled(16<<10))
	}
	mostReady, mostResident, cycles := 0, 0, debug.GCStats{}
	// Other sizes in each round: pages that were one class's must become another's, or go back to the system.
	for round := range 8 {
		size := 500 << round
		for n := 0; n < 300<<20; n += size {
			sink = filled(size)
			if n%(5<<20) < size {
				mostReady, mostResident = max(mostReady, ready()), max(mostResident, resident())
				kept[n/size%len(kept)] = filled(16 << 10)
			}
		}
	}
	debug.ReadGCStats(&cycles)
	if mostReady > limit+2<<20 || mostResident > limit+slack {
		fmt.Println("ready", mostReady>>20, "MB, resident", mostResident>>20, "MB, limit", limit>>20, "MB, collections", cycles.NumGC)
	}
	kept, sink = nil, nil
	debug.FreeOSMemory()
	if left, there := ready(), resident(); left > 12<<20 || there > 20<<20 {
		fmt.Println("after FreeOSMemory: ready", left>>20, "MB, resident", there>>20, "MB")
	}
	fmt.Println("ok")
}
