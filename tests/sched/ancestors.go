// GODEBUG=tracebackancestors=2: a goroutine's traceback shows the stacks of the two goroutines that led to it.
// want: goroutine * [running]:
// want: main.stack(...)
// want: *ancestors.go:*
// want: main.third()
// want: *ancestors.go:* +0x*
// want: created by main.second in goroutine *
// want: *ancestors.go:* +0x*
// want: [originating from goroutine *]:
// want: main.second(...)
// want: *ancestors.go:* +0x*
// want: created by main.first
// want: *ancestors.go:* +0x*
// want: [originating from goroutine 1]:
// want: main.first(...)
// want: *ancestors.go:* +0x*
// want: main.main(...)
// want: *ancestors.go:* +0x*
// want: goroutine * [running]:
// want: main.stack(...)
// want: *ancestors.go:*
// want: main.main.func1()
// want: *ancestors.go:* +0x*
// want: iter.Pull[...].func1()
// want: *iter.go:* +0x*
// want: created by iter.Pull[...] in goroutine 1
// want: *iter.go:* +0x*
// want: [originating from goroutine 1]:
// want: iter.Pull[...](...)
// want: *iter.go:* +0x*
// want: main.main(...)
// want: *ancestors.go:* +0x*
// env: GODEBUG=tracebackancestors=2
package main

import (
	"fmt"
	"iter"
	"runtime"
)

var done = make(chan bool)

func stack() string {
	b := make([]byte, 1<<14)
	return string(b[:runtime.Stack(b, false)])
}

//go:noinline
func third() { runtime.GC(); text = stack(); done <- true }

var text string

//go:noinline
func second() { go third() }

//go:noinline
func first() { go second() }

//go:noinline
func main() {
	first()
	<-done
	next, stop := iter.Pull(func(yield func(int) bool) {
		text += stack()
		yield(1)
	})
	next()
	stop()
	fmt.Print(text)
}
