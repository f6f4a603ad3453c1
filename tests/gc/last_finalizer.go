// The object that the last finalizer was called with is freed, also when no other finalizer runs after it; and what a cleanup was
// called with.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"time"
)

type object struct {
	data [1 << 20]byte
	next *object
}

func inUse() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc >> 20)
}

// await collects until done says that what was due has run.
func await(what string, done chan bool) {
	for range 100 {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	fmt.Println(what, "has not run")
}

//go:noinline
func withFinalizer(megabytes int, done chan bool) {
	first := new(object)
	for range megabytes {
		first = &object{next: first}
	}
	runtime.SetFinalizer(first, func(o *object) { close(done) })
}

//go:noinline
func withCleanup(megabytes int, done chan bool) {
	var list *object
	for range megabytes {
		list = &object{next: list}
	}
	runtime.AddCleanup(new([64]int), func(o *object) { close(done) }, list)
}

// chain's finalizers: each object's can run only when the one before it is gone.
//
//go:noinline
func chain(n int, done chan bool) {
	var list *object
	for i := range n {
		list = &object{next: list}
		runtime.SetFinalizer(list, func(o *object) {
			if i == 0 {
				close(done)
			}
		})
	}
}

func main() {
	before := inUse()
	for what, fill := range map[string]func(int, chan bool){"finalizer": withFinalizer, "cleanup": withCleanup} {
		done := make(chan bool)
		fill(50, done)
		await(what, done)
		left := before + 50
		for i := 0; i < 20 && left > before+5; i++ {
			left = inUse()
			time.Sleep(time.Millisecond)
		}
		if left > before+5 {
			fmt.Println(what, "keeps", left-before, "MB")
		}
	}
	done := make(chan bool)
	chain(5, done)
	await("chain", done)
	// Two that share a block for tiny objects are no parts of each other.
	for range 10 {
		runtime.AddCleanup(new(uint32), func(*uint32) {}, new(uint32))
	}
	fmt.Println("ok")
}
