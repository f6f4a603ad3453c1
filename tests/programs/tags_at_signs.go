// Tags with "@@" in them, which linkers read as the end of a symbol's name, with NUL bytes, and with what stands for these.
package main

import (
	"fmt"
	"reflect"
	"runtime"
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

// In an instance for such a type panics are recovered, and its frames are seen.
//
//go:noinline
func instance[T any](x T) {
	defer func() {
		fmt.Println(recover())
		var pcs [10]uintptr
		frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
		for {
			f, more := frames.Next()
			fmt.Println(f.Function)
			if !more {
				break
			}
		}
	}()
	panic(fmt.Sprint("instance ", x))
}

func nameOf[T any]() string { return reflect.TypeFor[T]().String() }

type caller interface {
	call(struct {
		A int `@@x`
	}) string
}

// Methods that are called through an interface are found by their types' symbols: with text behind "@@", and that is only quoted.
type asker interface {
	ask(struct {
		A int "ä\x00"
	}) string
}

type second struct{ n int }

func (second) ask(struct {
	A int "ä\x00"
}) string {
	return "second"
}

type third string

func (third) ask(struct {
	A int "ä\x00"
}) string {
	return "third"
}

//go:noinline
func pick(n int) asker {
	if n > 1 {
		return second{n}
	}
	return third("x")
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
	for n := range 3 {
		fmt.Println(pick(n).ask(struct {
			A int "ä\x00"
		}{n}))
	}
	instance(struct {
		A int `@@ 1`
	}{1})
	var c caller = first{}
	if d, ok := any(c).(caller); ok {
		fmt.Println(d.call(struct {
			A int `@@x`
		}{1}))
	}
}
