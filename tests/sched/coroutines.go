// iter.Pull: values, early stop, panics through the coroutine, nesting, many at once; goroutines are not left behind.
// want: 0 1 2 3 4
// want: stopped early: cleaned up
// want: recovered boom
// want: nested 14
// want: many 4950
// want: locked 3
// want: goroutines 1
package main

import (
	"iter"
	"runtime"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				print("cleaned up\n")
				return
			}
		}
	}
}

func main() {
	next, stop := iter.Pull(count(5))
	for i := 0; ; i++ {
		v, ok := next()
		if !ok {
			break
		}
		if i > 0 {
			print(" ")
		}
		print(v)
	}
	println()
	stop()

	next, stop = iter.Pull(count(5))
	next()
	print("stopped early: ")
	stop()

	next, stop = iter.Pull(func(yield func(int) bool) {
		yield(1)
		panic("boom")
	})
	next()
	func() {
		defer func() { println("recovered", recover().(string)) }()
		next()
	}()
	stop()

	// A coroutine that pulls from coroutines.
	sum := func(seqs ...iter.Seq[int]) iter.Seq[int] {
		return func(yield func(int) bool) {
			for _, s := range seqs {
				next, stop := iter.Pull(s)
				for v, ok := next(); ok; v, ok = next() {
					yield(v)
				}
				stop()
			}
		}
	}
	total := 0
	next, stop = iter.Pull(sum(count(5), count(3), count(2)))
	for v, ok := next(); ok; v, ok = next() {
		total += v
	}
	stop()
	println("nested", total)

	total = 0
	for i := range 100 {
		next, stop := iter.Pull(count(i + 1))
		last := 0
		for v, ok := next(); ok; v, ok = next() {
			last = v
		}
		total += last
		stop()
	}
	println("many", total)

	runtime.LockOSThread()
	next, stop = iter.Pull(count(3))
	n := 0
	for _, ok := next(); ok; _, ok = next() {
		n++
	}
	stop()
	runtime.UnlockOSThread()
	println("locked", n)
	println("goroutines", runtime.NumGoroutine())
}
