// Calls that end branches alike stay apart: each has its own line, and its own functions that it was inlined through.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

//go:noinline
func where() int {
	var pcs [8]uintptr
	n := runtime.Callers(2, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	sum := 0
	for {
		f, more := frames.Next()
		if !more {
			return sum
		}
		if strings.HasPrefix(f.Function, "runtime.") {
			continue // its own way from a fault to gopanic
		}
		fmt.Printf("%s:%d ", f.Function, f.Line)
		sum += f.Line
	}
}

var counter int

//go:noinline
func branches(n int) int {
	if n == 0 {
		return where()
	} else if n == 1 {
		counter++
		return where()
	}
	counter += 2
	return where()
}

func small() int { return where() }

//go:noinline
func cases(n int) (sum int) {
	switch n {
	case 0:
		sum = small()
	case 1:
		sum = small()
	case 2:
		sum = where()
	case 3:
		sum = where()
	default:
		sum = small()
	}
	return sum
}

//go:noinline
func allocated(n int) (p *[64]int) {
	defer func() {
		if recover() != nil {
			where()
			fmt.Println("recovered")
		}
	}()
	if n == 0 {
		p = new([64]int)
		p[n-1]++
	} else {
		p = new([64]int)
		p[n+100]++
	}
	return
}

func main() {
	for n := range 3 {
		fmt.Println(branches(n))
	}
	for n := range 5 {
		fmt.Println(cases(n))
	}
	allocated(0)
	allocated(1)
}
