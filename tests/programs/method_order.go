// Exported methods come before others, whatever the bytes of their names.
package main

type T int

func (t T) a() int { return int(t) + 1 }
func (t T) É() int { return int(t) + 2 }
func (t T) Z() int { return int(t) + 3 }
func (t T) z() int { return int(t) + 4 }

type I interface {
	z() int
	É() int
	a() int
	Z() int
}

type E interface{ É() int }

func main() {
	var x any = T(10)
	i := x.(I)
	println(i.a(), i.É(), i.Z(), i.z(), x.(E).É(), i.(E).É())
}
