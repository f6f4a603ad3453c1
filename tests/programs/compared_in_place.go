// Large values are compared where they lie, but not when something is written between the load and the comparison, or when the
// loaded value is used again.
package main

import "slices"

type large [1000]byte

type record struct {
	name string
	body [40]int
	any  interface{}
}

//go:noinline
func writtenBetween(p *large) bool {
	v := *p
	p[7]++
	return v == *p
}

//go:noinline
func usedAgain(p *large) (bool, byte) {
	v := *p
	same := v == *p
	p[8] = 9
	return same, v[8]
}

//go:noinline
func throughCall(p *large, f func()) bool {
	v := *p
	f()
	return *p != v
}

//go:noinline
func inLoop(s []large, v large) (n int) {
	for i := range s {
		if s[i] == v {
			n++
			s[i][3]++
		}
	}
	return n
}

//go:noinline
func swapped(a, b *record) bool {
	x, y := *a, *b
	*a, *b = y, x
	return x == *b && y == *a && x != *a
}

func failing(a, b *record) (got any) {
	defer func() {
		if r := recover(); r != nil {
			got = r
		}
	}()
	return *a == *b
}

func main() {
	var x large
	println(writtenBetween(&x), x[7])
	println(usedAgain(&x))
	println(throughCall(&x, func() {}), throughCall(&x, func() { x[0]++ }))
	s := make([]large, 5)
	println(inLoop(s, large{}), inLoop(s, large{}), inLoop(s, large{3: 1}))
	s[2][999] = 1
	println(slices.Index(s, large{3: 2}), slices.Index(s, s[2]), len(slices.Compact(s)))
	a, b := record{name: "a"}, record{name: "b", any: 1}
	println(swapped(&a, &b), a.name, b.name)
	a = b
	println(failing(&a, &b).(bool))
	a.any, b.any = []int{}, []int{}
	println(failing(&a, &b).(error).Error())
	println(failing(nil, &b).(error).Error())
}
