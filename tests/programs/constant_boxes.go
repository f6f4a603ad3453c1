// What a variable holds that is assigned once, a constant, need not be copied for an interface: no allocation, and what is
// assigned twice, in a branch or by way of an address is copied all the same.
package main

import (
	"fmt"
	"os"
	"testing"
)

type pair struct{ a, b string }
type numbers struct {
	x int
	f float64
}

var sink any

//go:noinline
func keep(x any) { sink = x }

func branch(c bool) {
	var p pair
	if c {
		p = pair{"only", "here"}
	}
	keep(p)
	fmt.Println(sink)
}

func twice() {
	n := numbers{1, 2}
	keep(n)
	fmt.Println(sink)
	n = numbers{3, 4}
	keep(n)
	fmt.Println(sink)
}

func field() {
	n := numbers{5, 6}
	n.x++
	keep(n)
	fmt.Println(sink)
}

func address() {
	s := "before"
	func(p *string) { *p = "after" }(&s)
	keep(s)
	fmt.Println(sink)
}

func result(c bool) (n numbers) {
	defer func() { keep(n); recover() }()
	if c {
		panic("leave")
	}
	n = numbers{7, 8}
	return n
}

func loop() {
	for i := range 3 {
		c := "turn"
		if i == 1 {
			c := 1000
			keep(c)
			fmt.Println(sink)
		}
		keep(c)
		fmt.Println(sink)
	}
}

func shared() {
	n := 5000
	f := func() { n++ }
	f()
	keep(n)
	fmt.Println(sink)
}

func main() {
	branch(false)
	branch(true)
	twice()
	field()
	address()
	result(true)
	fmt.Println(sink)
	result(false)
	fmt.Println(sink)
	loop()
	shared()
	if len(os.Args) > 9 {
		testing.Init()
	}
	p := pair{"some", "thing"}
	n := numbers{1000, 0.5}
	s := "text"
	k := 123456
	fmt.Println(testing.AllocsPerRun(10, func() {
		p := pair{"some", "thing"}
		n := numbers{1000, 0.5}
		s := "text"
		k := 123456
		keep(p)
		keep(n)
		keep(s)
		keep(k)
	}))
	for range 3 {
		keep(p)
		keep(n)
		keep(s)
		keep(k)
	}
	fmt.Println(sink, p, n, s)
}
