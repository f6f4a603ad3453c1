package main

import (
	"runtime"
	"runtime/debug"
	"unsafe"
)

var data [64]byte

//go:noinline
func jump() {
	p := &struct{ pc uintptr }{uintptr(unsafe.Pointer(&data[0]))}
	f := *(*func())(unsafe.Pointer(&p))
	f()
}

// The stack of a panic by a call of what is no code leads to who made the call.
// The line is that of the return address, which is behind the call.
func main() {
	debug.SetPanicOnFault(true)
	defer func() {
		println(recover() != nil)
		var pcs [20]uintptr
		frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs[:])])
		for more := true; more; {
			var f runtime.Frame
			f, more = frames.Next()
			if f.Function == "main.jump" || f.Function == "main.main" {
				println(f.Function, f.Line)
			}
		}
	}()
	jump()
}
