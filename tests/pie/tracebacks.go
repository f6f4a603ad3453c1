// Tracebacks of all kinds: of a recovered nil access, by runtime.Callers through an inlined call, and of two panics with several
// goroutines at the end.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

type node struct {
	next  *node
	value [100]int
}

//go:noinline
func depth(n *node) int {
	if n.next == nil {
		return n.next.value[50]
	}
	return depth(n.next) + 1
}

func where() string {
	var pcs [10]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	text := ""
	for {
		f, more := frames.Next()
		text += fmt.Sprintf("%s:%d\n", f.Function, f.Line)
		if !more {
			return text
		}
	}
}

func inlined() string { return where() }

//go:noinline
func waits(c chan int) { <-c }

func main() {
	func() {
		defer func() {
			fmt.Println("recovered", recover())
			os.Stdout.Write(debug.Stack())
		}()
		depth(&node{next: &node{}})
	}()
	fmt.Print(inlined())
	c := make(chan int)
	for range 2 {
		go waits(c)
	}
	for range 10 {
		runtime.Gosched()
	}
	debug.SetTraceback("all")
	defer func() { panic(fmt.Sprint("again: ", recover())) }()
	var list []int
	_ = list[len(os.Args)+4]
}
