// Type arguments in the names of functions are [...]: of generic methods of generic types, too, and where tags have brackets.
package main

import (
	"fmt"
	"runtime"
)

type L[T any] struct{ v T }

func name() string {
	var pcs [3]uintptr
	runtime.Callers(2, pcs[:])
	f, _ := runtime.CallersFrames(pcs[:]).Next()
	return f.Function + " " + runtime.FuncForPC(pcs[0]).Name() + " " + runtime.FuncForPC(pcs[0]-1).Name()
}

//go:noinline
func (l *L[T]) M() { fmt.Println(name()) }

func (l *L[T]) G[U any](u U) { fmt.Println(name()); func() { fmt.Println(name()) }() }

func In[T any](x T) { fmt.Println(name()) }

func main() {
	l := &L[map[string][]int]{}
	l.M()
	l.G(3)
	l.G([2][]int{})
	In(2)
	In(l)
	In(struct {
		A int `x]`
	}{1})
}
