// A finalizer that does not end is seen in dumps, with the function of the runtime that called it.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type wrapped struct{}

func (wrapped) value() {}

// A wrapper that panics is what the stack tells of; one that only passes a call on is not.
func panicking() (stack string) {
	defer func() {
		if err := recover().(error); err.Error() != "value method main.wrapped.value called using nil *wrapped pointer" {
			fmt.Println(err)
		}
		buf := make([]byte, 1<<16)
		stack = string(buf[:runtime.Stack(buf, false)])
	}()
	call := (*wrapped).value
	call(nil)
	return ""
}

func main() {
	started := make(chan bool)
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) {
		started <- true
		select {}
	})
	runtime.AddCleanup(new([16]byte), func(bool) {
		started <- true
		select {}
	}, true)
	runtime.GC()
	<-started
	<-started
	buf := make([]byte, 1<<16)
	stacks := string(buf[:runtime.Stack(buf, true)])
	for _, want := range []string{"runtime.runFinalizers()", "runtime.runCleanups()"} {
		if strings.Count(stacks, want) != 1 {
			fmt.Println(want, "in", stacks)
		}
	}
	// (The wrapper is inlined, and its name is what the panic says.)
	if stack := panicking(); !strings.Contains(stack, "main.(*wrapped).value") {
		fmt.Println(stack)
	}
	if n := runtime.NumGoroutine(); n != 1 {
		fmt.Println(n, "goroutines")
	}
	fmt.Println("ok")
}
