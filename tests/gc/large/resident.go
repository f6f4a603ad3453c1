// Pages come ahead of their use for small objects and for what is copied at once: what is resident agrees
// with MemStats, what comes back is zero, and an array stays as absent as it is untouched.
//
// want: ok
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

const mb = 1 << 20

type node struct {
	next *node
	data [6]uint64
}

// resident is what the system says, in bytes.
func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	var size, pages int
	fmt.Sscan(string(text), &size, &pages)
	return pages * os.Getpagesize()
}

func list(bytes int) *node {
	var first *node
	for range bytes / 64 {
		n := new(node)
		if n.next != nil || n.data != [6]uint64{} {
			panic("new memory is not zero")
		}
		n.next = first
		for i := range n.data {
			n.data[i] = ^uint64(0)
		}
		first = n
	}
	return first
}

func check(what string, got, least, most int) {
	if got < least || got > most {
		fmt.Printf("%s: %d MB, not between %d and %d\n", what, got/mb, least/mb, most/mb)
		os.Exit(1)
	}
}

func main() {
	thp, _ := os.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled")
	always := strings.Contains(string(thp), "[always]")
	before := resident()
	for range 3 {
		l := list(96 * mb)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		check("resident with a list of 96 MB", resident(), 96*mb, before+int(m.HeapSys-m.HeapReleased)+16*mb)
		if m.HeapReleased > m.HeapIdle {
			fmt.Println("more is released than idle")
		}
		runtime.KeepAlive(l)
		l = nil
		debug.FreeOSMemory()
		check("resident when it is gone", resident(), 0, before+24*mb)
	}

	wide := make([]byte, 64*mb)
	at := resident()
	for i := 0; i < len(wide); i += mb {
		wide[i] = 1
	}
	if !always {
		check("resident for an array with a byte written in each MB", resident()-at, -8*mb, 8*mb)
	}
	runtime.KeepAlive(wide)

	var grown []uint64
	for i := range 4 * mb {
		grown = append(grown, uint64(i))
	}
	for i, x := range grown {
		if x != uint64(i) {
			fmt.Println("what was appended is not there")
			return
		}
	}
	for _, x := range grown[len(grown):cap(grown)] {
		if x != 0 {
			fmt.Println("what is behind it is not zero")
			return
		}
	}
	fmt.Println("ok")
}
