// What each function of dep does must not depend on whether it is inlined.
package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"

	"example.test/dep"
	"example.test/far"
)

type square int

func (s square) Area() int    { return int(s * s) }
func (s square) Name() string { return "square" }

func values() {
	fmt.Println(dep.Mix(uint64(len(os.Args)), 12345))
	fmt.Println(dep.Twice(len(os.Args)*201), dep.Kept(len(os.Args)))
	for i := 0; i < 10; i += 3 {
		fmt.Print(dep.Direction(i), " ")
	}
	fmt.Println()
	for i := 0; i < 4; i++ {
		fmt.Printf("%T ", dep.Box(i))
	}
	fmt.Println()
	fmt.Println(dep.Describe(square(3)), dep.Describe(4), dep.Describe(square(5)))
	// reflect finds the types that the program has.
	fmt.Println(reflect.ArrayOf(3, reflect.TypeFor[int16]()) == reflect.TypeOf(dep.Box(0)),
		reflect.MapOf(reflect.ArrayOf(2, reflect.TypeFor[int8]()), reflect.TypeFor[string]()) == reflect.TypeOf(dep.Box(2)))
	g := dep.New(7)
	fmt.Println(g.Get(5), dep.Outer{}.Base == nil)
	var head *dep.Node
	for i := 0; i < 2000; i++ {
		dep.Push(&head, i%17)
		if i%500 == 0 {
			runtime.GC()
		}
	}
	n, sum, text := 0, 0, ""
	for p := head; p != nil; p = p.Next {
		n++
		sum += p.Value
		if n < 20 {
			text += *p.Text + ","
		}
	}
	fmt.Println(n, sum, text)
	fmt.Println(far.Use(9), dep.Sum(1, 2), dep.Sums(11))
	fmt.Println(dep.At([]int{1, 2, 3, 4}, 3))
}

func lines() {
	fmt.Println(dep.Line(),
		dep.Line())
	dep.Through(func() {
		pc := make([]uintptr, 10)
		frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
		for {
			f, more := frames.Next()
			fmt.Println(f.Function, f.File[strings.LastIndexByte(f.File, '/')+1:], f.Line)
			if !more {
				break
			}
		}
	}, 4)
}

func recovers() {
	var a, b string
	func() {
		defer dep.Recovered(&a)
		panic("one")
	}()
	c := &dep.Catcher{}
	func() {
		defer dep.Holder{c}.Catch()
		panic("two")
	}()
	func() {
		defer func() { b += fmt.Sprint(" outer ", recover()) }()
		defer dep.Indirect(&b)
		panic("three")
	}()
	fmt.Println(a, c.Text, b)
}

func goexit() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("deferred")
		dep.Through(runtime.Goexit, 1)
		fmt.Println("not reached")
	}()
	<-done
}

func main() {
	mode := ""
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	switch mode {
	case "trace":
		fmt.Println(dep.At([]int{1, 2, 3}, len(os.Args)+3))
	case "callers":
		lines()
	case "recover":
		recovers()
	case "goexit":
		goexit()
	default:
		values()
	}
}
