// Wrappers of promoted methods jump to what they wrap: a hundred thousand of them need no frame each, and values in registers
// and in memory, results, panics and recover go through them as through a call.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

type big struct{ a, b, c, d, e, f int }

type thing interface {
	add(x, y int) int
	large(b big, s string, rest ...int) (big, string, error)
	fail(s string)
	stop()
	name() (string, bool)
}

type base struct{ n int }

func (b *base) add(x, y int) int { return b.n + x*y }
func (b *base) large(v big, s string, rest ...int) (big, string, error) {
	v.a += b.n
	v.f += len(rest)
	return v, s + "!", errors.New(s)
}
func (b *base) fail(s string) { panic(s) }
func (b *base) stop() {
	if r := recover(); r != nil {
		fmt.Println("recovered", r, b.n)
	}
}
func (b *base) name() (string, bool) {
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	var names []string
	for {
		f, more := frames.Next()
		names = append(names, strings.TrimPrefix(f.Function, "main."))
		if !more || f.Function == "main.main" {
			return strings.Join(names, " "), true
		}
	}
}

type wrap struct {
	thing
	data int
}

type outer struct {
	_ [3]int
	base
}

type viaPointer struct {
	*outer
	x int
}

func failing(t thing) {
	defer t.stop()
	t.fail("here")
}

func main() {
	var t thing = &base{7}
	for i := range 100_000 {
		t = &wrap{t, i}
	}
	fmt.Println(t.add(2, 3))
	fmt.Println(t.large(big{1, 2, 3, 4, 5, 6}, "s", 1, 2, 3))
	fmt.Println(t.name())
	failing(t)
	f := t.add
	fmt.Println(f(5, 5), thing.add(t, 1, 1), (*wrap).add(t.(*wrap), 2, 2))
	done := make(chan int)
	go func() {
		defer close(done)
		defer t.stop()
		var w *wrap
		fmt.Println(w.add(1, 1))
	}()
	<-done
	o := viaPointer{&outer{base: base{9}}, 1}
	var u thing = o
	fmt.Println(u.add(1, 2))
	fmt.Println(u.large(big{}, "t"))
	failing(u)
	failing(&o)
	defer func() { fmt.Println(recover()) }()
	var none wrap
	none.add(1, 2)
}
