// A comparison with the itab of a type that another package declares: the itab made here has the type's methods.
package main

import "burrow.example/itabexternal/p"

//go:noinline
func is(x p.I) bool {
	_, ok := x.(p.T)
	return ok
}

func main() {
	var x p.I
	println(is(x))
	var a any = p.T{A: 3, B: 4}
	i := a.(p.I)
	println(i.M(), is(i))
}
