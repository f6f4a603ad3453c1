package main

import (
	"errors"
	"fmt"
)

type I interface{ M() int }
type J interface{ N() int }
type P struct{ n int }

func (p *P) M() int { return p.n }
func (p *P) N() int { return -p.n }

type V struct{ a, b int }

func (v V) M() int { return v.a + v.b }

type D struct{ p *P }

func (d D) M() int { return d.p.n * 2 }

type E [1]*P

func (e E) M() int { return e[0].n * 3 }

type Int int

func (i Int) M() int { return int(i) }

//go:noinline
func cond(n int) bool { return n%2 == 0 }

func pick(n int) I {
	if cond(n) {
		return &P{n}
	}
	return nil
}

func same(n int) I {
	if cond(n) {
		return &P{n}
	}
	return &P{n * 10}
}

func try(name string, f func() int) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "panics:", e)
		}
	}()
	fmt.Println(name, f())
}

// Int has the method, but for T = float64 with another type.
func shown[T any](v any) {
	switch x := v.(type) {
	case interface{ M() T }:
		fmt.Println("M", x.M())
	default:
		fmt.Println("no M")
	}
}

func main() {
	for n := range 3 {
		try("nil or pointer", func() int {
			var i I
			if cond(n) {
				i = &P{n + 1}
			}
			return i.M()
		})
		try("inlined", func() int { return pick(n).M() })
		try("both", func() int { return same(n).M() })
		try("struct", func() int {
			var i I = V{1, 2}
			s := 0
			for k := range 3 {
				s += i.M()
				i = V{k, n}
			}
			return s
		})
		try("direct struct", func() int {
			var i I
			if cond(n) {
				i = D{&P{5}}
			}
			return i.M()
		})
		try("direct array", func() int {
			var i I
			if cond(n) {
				i = E{&P{5}}
			}
			return i.M()
		})
		try("int", func() int {
			var i I = Int(3)
			if cond(n) {
				i = Int(n)
			}
			return i.M()
		})
		try("two types", func() int {
			var i I = Int(3)
			if cond(n) {
				i = &P{n}
			}
			return i.M()
		})
		try("asserted", func() int {
			var i I = &P{1}
			if cond(n) {
				i = &P{7}
			}
			return i.(J).N()
		})
		try("asserted, not so", func() int {
			var i I = Int(1)
			if cond(n) {
				i = Int(7)
			}
			j, _ := i.(J)
			return j.N()
		})
		try("nil pointer", func() int {
			var i I = (*P)(nil)
			if cond(n) {
				i = &P{4}
			}
			return i.M()
		})
		try("only nil", func() int {
			var i I
			if cond(n) {
				i = nil
			}
			return i.M()
		})
	}
	shown[int](Int(6))
	shown[float64](Int(6))
	var err error
	if cond(2) {
		err = errors.New("text")
	}
	fmt.Println(err.Error())
}
