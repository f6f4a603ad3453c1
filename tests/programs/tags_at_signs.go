// Tags with "@@" in them, which linkers read as the end of a symbol's name, with NUL bytes, and with what stands for these.
package main

import (
	"fmt"
	"reflect"
)

type config struct {
	Entries []*entry `@@+`
}

type group struct {
	Entries []*entry `@@+ "}"`
}

type entry struct {
	Entries string `@@`
	Other   string "a\x00b"
}

type another struct {
	Other   string `a\x00b`
	Entries string "@\\x40"
}

func one(x any) {
	t := reflect.TypeOf(x)
	for f := range t.Fields() {
		fmt.Printf("%v %s %q\n", t, f.Name, f.Tag)
	}
}

func nameOf[T any]() string { return reflect.TypeFor[T]().String() }

type caller interface {
	call(struct {
		A int `@@x`
	}) string
}

type first struct{}

func (first) call(struct {
	A int `@@x`
}) string {
	return "first"
}

func main() {
	one(config{})
	one(group{})
	one(entry{})
	one(another{})
	// Types whose names only differ after that: their descriptors, their equality and their instances.
	var x, y any = struct {
		A string `@@ 1`
		B int
	}{"a", 1}, struct {
		A string `@@ 2`
		B bool
	}{"a", true}
	one(x)
	one(y)
	fmt.Println(x == y, x == x, y == y)
	fmt.Println(nameOf[struct {
		A int `@@ 1`
	}](), nameOf[struct {
		A bool `@@ 2`
	}]())
	var c caller = first{}
	if d, ok := any(c).(caller); ok {
		fmt.Println(d.call(struct {
			A int `@@x`
		}{1}))
	}
}
