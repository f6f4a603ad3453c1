// Deferred calls that the function makes itself on its way out: some pending and some not, by panics at any point, closures and
// func values, nil among them, with results that they change.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

var log []string

func say(s string)           { log = append(log, s) }
func show(what string)       { fmt.Println(what, strings.Join(log, " ")); log = nil }
func sayInt(n int)           { say(fmt.Sprint(n)) }
func sayAll(parts ...string) { say(strings.Join(parts, "+")) }

// Every subset of four statements, and a panic in front of each.
//
//go:noinline
func subsets(mask, stop int) (r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("caught %v", e)
		}
		r *= 10
		say("last")
	}()
	r = 1
	step := func(n int) {
		if n == stop {
			panic(n)
		}
	}
	step(0)
	if mask&1 != 0 {
		defer say("a")
		r++
	}
	step(1)
	if mask&2 != 0 {
		defer func() { r += 2; sayInt(r) }()
	} else {
		defer sayAll("not", "b")
	}
	step(2)
	f := sayInt
	switch {
	case mask&4 != 0:
		defer f(mask)
	case mask&8 != 0:
		return 7, errors.New("early")
	}
	step(3)
	return r + 100, nil
}

// The deferred call panics itself: those before it still run, and one of them catches it.
//
//go:noinline
func panics(n int) (s string) {
	defer func() { s = fmt.Sprint("caught ", recover(), " ", s) }()
	defer say("between")
	if n > 0 {
		defer func() {
			if n > 1 {
				panic(fmt.Sprint("second ", n))
			}
			say("quiet")
		}()
	}
	defer func() { s += "x" }()
	return "result"
}

//go:noinline
func nilFunc(f func()) (err error) {
	defer func() {
		if e, ok := recover().(runtime.Error); ok {
			err = e
		}
	}()
	defer say("before")
	defer f()
	say("body")
	return nil
}

//go:noinline
func values(fs []func(), pick int) {
	defer fs[0]()
	if pick > 0 {
		defer fs[pick]()
	}
	say("body")
}

//go:noinline
func many() {
	defer sayInt(1)
	defer sayInt(2)
	defer sayInt(3)
	defer sayInt(4)
	defer sayInt(5)
	defer sayInt(6)
	defer sayInt(7)
	defer sayInt(8)
	defer sayInt(9)
	defer sayInt(10)
}

//go:noinline
func loop(n int) {
	defer say("first")
	for i := range n {
		defer sayInt(i)
	}
	defer say("after")
}

//go:noinline
func jumps(n int) {
again:
	if n == 3 {
		defer say("three")
	}
	n--
	if n > 0 {
		goto again
	}
	defer say("end")
}

func each(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

//go:noinline
func ranged() {
	defer say("outer")
	for i := range each {
		defer sayInt(i)
	}
	defer say("inner")
}

//go:noinline
func fault(p *int, q *[4]int, i int) (n int) {
	defer func() {
		recover()
		sayInt(n)
	}()
	n = 1
	defer say("one")
	n = *p
	defer say("two")
	n = q[i]
	defer say("three")
	return n
}

// The direct `defer recover()`: called by the function on its way out, it is called by what a panic called.
//
//go:noinline
func catches() { defer recover() }

func direct() (s string) {
	defer func() { s = fmt.Sprint("still ", recover()) }()
	defer catches()
	panic("direct")
}

// recover in a call that the function itself makes is none of a panic's.
func inner() { say(fmt.Sprint(recover())) }

func helper() {
	defer inner()
	say("helper")
}

func helped() (s string) {
	defer func() { s = fmt.Sprint("outer ", recover()) }()
	defer helper()
	panic("p")
}

func where() { // the deferring function is the caller
	defer func() {
		pc, _, line, _ := runtime.Caller(1)
		say(fmt.Sprint(runtime.FuncForPC(pc).Name(), " ", line > 0))
	}()
}

func recursive(n int) int {
	defer sayInt(n)
	if n == 0 {
		return 0
	}
	return recursive(n-1) + n
}

//go:noinline
func exits() {
	defer say("outer")
	func() {
		defer say("inner")
		defer func() {
			defer say("innermost")
			runtime.Goexit()
		}()
	}()
	say("unreachable")
}

type guard struct{ name string }

func (g *guard) close()      { say("close " + g.name) }
func (g guard) done(n int)   { say(fmt.Sprint(g.name, n)) }
func (g *guard) both() error { defer g.close(); defer g.done(2); return nil }

func main() {
	for mask := range 16 {
		for stop := range 5 {
			r, err := subsets(mask, stop)
			show(fmt.Sprint(mask, " ", stop, " ", r, " ", err))
		}
	}
	for n := range 3 {
		s := panics(n)
		show(s)
	}
	show(fmt.Sprint(nilFunc(nil), nilFunc(func() { say("f") })))
	values([]func(){func() { say("f0") }, func() { say("f1") }}, 0)
	values([]func(){func() { say("f0") }, func() { say("f1") }}, 1)
	show("values")
	many()
	show("many")
	loop(3)
	show("loop")
	jumps(5)
	show("jumps")
	ranged()
	show("ranged")
	one := 1
	fault(nil, nil, 0)
	fault(&one, nil, 0)
	fault(&one, &[4]int{9, 8, 7, 6}, 2)
	fault(&one, &[4]int{9, 8, 7, 6}, 5-one)
	show("fault")
	fmt.Println(direct())
	fmt.Println(helped())
	show("helped")
	where()
	show("where")
	fmt.Println(recursive(4))
	show("recursive")
	end := make(chan bool)
	go func() {
		defer close(end)
		exits()
	}()
	<-end
	show("exits")
	(&guard{"g"}).both()
	show("guard")
}
