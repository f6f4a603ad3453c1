// Function literals are numbered in their order in the source, also where an argument is evaluated before what stands on its left.
package main

import (
	"fmt"
	"reflect"
	"runtime"
)

type T struct{}
type Opt interface{ get() any }
type opt struct{ f any }

func (o opt) get() any { return o.f }

func with(f func(int)) Opt { return opt{f} }

//go:noinline
func (t *T) use(f any, opts ...Opt) {
	fmt.Print(name(f))
	for _, o := range opts {
		fmt.Print(" ", name(o.get()))
	}
	fmt.Println()
}
func name(f any) string { return runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name() }

//go:noinline
func run(f func()) { f() }

func main() {
	t := new(T)
	run(func() {
		a, b := 0, 0
		t.use(nil2, with(func(x int) { a++ }), with(func(x int) { b++ }))
		t.use(func(x int) int { return 2 }, with(func(x int) { a++ }), with(func(x int) { b++ }))
		x := func() {}
		t.use(x)
	})
}

func nil2() {}
