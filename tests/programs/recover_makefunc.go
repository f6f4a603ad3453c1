// A deferred function that reflect.MakeFunc made may recover; what it calls may not.
package main

import (
	"fmt"
	"reflect"
)

func made(f func()) func() {
	return reflect.MakeFunc(reflect.TypeOf(f), func([]reflect.Value) []reflect.Value {
		f()
		return nil
	}).Interface().(func())
}

type T struct{ n int }

func (t *T) Recovers(s string) { fmt.Println("method", t.n, s, recover()) }

func try(name string, f func()) {
	defer func() { fmt.Println(name, "outside:", recover()) }()
	f()
}

//go:noinline
func deep(n int) int {
	var a [100]int
	if n > 0 {
		a[n%100] = deep(n - 1)
	}
	return a[n%100] + 1
}

func main() {
	direct := reflect.MakeFunc(reflect.TypeOf(func(int, string) {}), func(args []reflect.Value) []reflect.Value {
		deep(200)
		fmt.Println("direct", args[0], args[1], recover())
		return nil
	}).Interface().(func(int, string))
	try("direct", func() {
		defer direct(1, "x")
		panic("p1")
	})
	try("no panic", func() {
		defer direct(2, "y")
	})
	try("callee", func() {
		defer made(func() { fmt.Println("callee", recover()) })()
		panic("p2")
	})
	try("made in made", func() {
		inner := reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
			fmt.Println("inner", recover())
			return nil
		}).Interface().(func())
		defer reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
			inner()
			fmt.Println("outer", recover())
			return nil
		}).Interface().(func())()
		panic("p3")
	})
	try("nested", func() {
		defer reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
			func() {
				defer func() { fmt.Println("within", recover()) }()
				panic("p5")
			}()
			fmt.Println("nested", recover())
			return nil
		}).Interface().(func())()
		panic("p4")
	})
	try("many", func() {
		var p [10]string
		defer reflect.MakeFunc(reflect.TypeOf(func([10]string, float64, ...int) (int, error) { return 0, nil }),
			func(args []reflect.Value) []reflect.Value {
				fmt.Println(args[0], args[1], args[2], recover())
				return []reflect.Value{reflect.ValueOf(1), reflect.Zero(reflect.TypeFor[error]())}
			}).Interface().(func([10]string, float64, ...int) (int, error))(p, 1.5, 1, 2, 3)
		panic("p6")
	})
	try("method value", func() {
		defer reflect.ValueOf(&T{5}).Method(0).Interface().(func(string))("s")
		panic("p7")
	})
	func() {
		defer func() { fmt.Println("again:", recover()) }()
		defer direct(3, "z")
		defer reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value {
			panic("p9")
		}).Interface().(func())()
		panic("p8")
	}()
}
