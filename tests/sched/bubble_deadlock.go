// All of a bubble wait for each other: the panic shows their stacks, and no others.
// want: *panic: deadlock: all goroutines in bubble are blocked*
// want: 
// want: goroutine * [running]:
// want: *
// want: goroutine * [chan receive (durable), synctest bubble 1]:
// want: main.test.func1()
// want: *
// want: goroutine * [select (no cases) (durable), synctest bubble 1]:
// want: main.test.func1.1()
// want: *
// exit: 2
package main

import (
	"testing"
	"testing/synctest"
)

func test(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		go func() { select {} }()
		<-make(chan int)
	})
}

func main() {
	go func() { select {} }()
	all := func(pattern, name string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "deadlock", F: test}}, nil, nil)
}
