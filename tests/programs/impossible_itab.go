// In an instance, an assertion may be to a type that has only some of the interface's methods; the type is not taken for
// one that has them all.
package main

type I interface {
	A() int
	B() int
}

type half int

func (h half) A() int { return int(h) }

type whole int

func (w whole) A() int { return int(w) }
func (w whole) B() int { return -int(w) }

//go:noinline
func is[T any](x I) bool {
	_, ok := any(x).(T)
	return ok
}

func sw[T any](x I) string {
	switch x.(type) {
	case interface{ A() int }:
		return "A"
	}
	return "none"
}

func main() {
	var i I = whole(3)
	println(is[half](i), is[whole](i), sw[half](i))
	var a any = half(4)
	_, ok := a.(I)
	println(ok)
}
