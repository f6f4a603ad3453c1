// A function that allocates a T and returns a constant T in an interface: both words of the result are constants then, one value of LLVM's
// that is no instruction, and it was not seen that interface values of T exist; T lost its methods.
package main

import "fmt"

type E int

func (e E) String() string { return "E!" }

var sink *E

//go:noinline
func f(b bool) any {
	sink = new(E)
	if b {
		return E(2)
	}
	return nil
}

//go:noinline
func g(x any) any {
	if _, ok := x.(F); !ok {
		return x
	}
	return F{7}
}

type F struct{ n int }

func (f F) String() string { return fmt.Sprint("F", f.n) }

func main() {
	h := f
	fmt.Println(h(true), h(false))
	fmt.Println(g(1), g(2))
}
