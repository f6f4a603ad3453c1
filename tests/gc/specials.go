// want: finalizers cleanups interfaces results weak globals
package main

import (
	"runtime"
	"sync/atomic"
	"weak"
)

type T struct {
	p *T
	n int
}

type named interface{ N() int }

func (t *T) N() int { return t.n }

var global = &T{n: 1}

var calls = make(chan int, 1000)

// Objects are made on a stack of their own, which is gone before anybody looks: no stale word keeps them.
func apart(f func()) {
	done := make(chan bool)
	go func() { f(); done <- true }()
	<-done
}

// atLeast collects until n calls were made.
func atLeast(n int) bool {
	for round := 0; round < 50; round++ {
		runtime.GC()
		runtime.Gosched()
		if len(calls) >= n {
			break
		}
	}
	ok := len(calls) >= n
	for len(calls) > 0 {
		<-calls
	}
	return ok
}

func main() {
	const n = 100
	apart(func() {
		for i := 0; i < n; i++ {
			x := &T{n: i}
			x.p = &T{n: i}
			runtime.SetFinalizer(x, func(x *T) {
				if x.p.n == x.n {
					calls <- x.n
				}
			})
		}
	})
	if atLeast(n * 9 / 10) {
		print("finalizers ")
	}
	apart(func() {
		for i := 0; i < n; i++ {
			runtime.AddCleanup(&T{n: i}, func(v int) { calls <- v }, i)
		}
	})
	if atLeast(n * 9 / 10) {
		print("cleanups ")
	}
	apart(func() {
		for i := 0; i < n; i++ {
			runtime.SetFinalizer(&T{n: i}, func(x named) { calls <- x.N() })
		}
	})
	if atLeast(n * 9 / 10) {
		print("interfaces ")
	}
	apart(func() {
		for i := 0; i < n; i++ {
			runtime.SetFinalizer(&T{n: i}, func(x any) (string, string, int) { calls <- x.(*T).n; return "", "", 0 })
		}
	})
	if atLeast(n * 9 / 10) {
		print("results ")
	}
	var ws [n]weak.Pointer[T]
	keep := &T{n: 7}
	kept := weak.Make(keep)
	apart(func() {
		for i := range ws {
			ws[i] = weak.Make(&T{n: i})
		}
	})
	runtime.GC()
	runtime.GC()
	gone := 0
	for i := range ws {
		if p := ws[i].Value(); p == nil {
			gone++
		} else if p.n != i {
			panic("weak")
		}
	}
	if gone >= n*9/10 && kept.Value() == keep && weak.Make(keep) == kept {
		print("weak ")
	}
	// What is linked into the executable is never collected; that is no mistake of who asks.
	// (Calls for the objects above may still come.)
	var called atomic.Bool
	runtime.SetFinalizer(global, func(*T) { called.Store(true) })
	runtime.SetFinalizer(global, nil)
	runtime.AddCleanup(global, func(*atomic.Bool) { called.Store(true) }, &called).Stop()
	atLeast(n)
	if !called.Load() {
		print("globals\n")
	}
	runtime.KeepAlive(keep)
}
