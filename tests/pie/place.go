// Says where it lies in memory, and what may be done with its parts: constants with addresses in them, variables, code.
package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"unsafe"
)

type place struct{ low, high uintptr }

func (place) String() string { return "" }

var variable = []*int{new(int)}

func main() {
	var value any = place{}
	parts := []struct {
		name string
		at   uintptr
	}{
		{"descriptor", *(*uintptr)(unsafe.Pointer(&value))},
		{"itab", *(*uintptr)(unsafe.Pointer(&[]fmt.Stringer{place{}}[0]))},
		{"variable", uintptr(unsafe.Pointer(&variable))},
		{"code", reflect.ValueOf(main).Pointer()},
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		panic(err)
	}
	exe, err := os.Executable()
	if err != nil {
		panic(err)
	}
	first := true
	for line := range strings.Lines(string(maps)) {
		var m place
		var permissions string
		fmt.Sscanf(line, "%x-%x %s", &m.low, &m.high, &permissions)
		if first && strings.HasSuffix(strings.TrimSpace(line), exe) {
			fmt.Printf("base %#x\n", m.low)
			first = false
		}
		for _, p := range parts {
			if p.at >= m.low && p.at < m.high {
				fmt.Println(p.name, permissions)
			}
		}
	}
}
