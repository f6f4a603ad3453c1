// A //line directive may change the file in the middle of a function: callers, tracebacks and panics see it, also where
// functions have been inlined. An index that is out of range is so at its bracket, on the left of an assignment too.
package main

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

//go:noinline
func where() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprint(path.Base(file), ":", line)
}

func small() string {
//line small.y:7
	return where()
}

func stack() (s string) {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if f.Function == "runtime.main" || !more {
			return s
		}
		if strings.HasPrefix(f.Function, "runtime.") {
			continue
		}
		s += fmt.Sprint(" ", f.Function, " ", path.Base(f.File), ":", f.Line)
	}
}

func inner() string {
//line inner.y:70
	s := stack()
//line innermost.y:80
	return s + stack()
}

func panics(f func()) {
	defer func() {
		fmt.Println(recover())
		fmt.Println(stack())
	}()
	f()
}

var i = 9

func main() {
	fmt.Println(where())
//line one.y:10
	fmt.Println(where(), small())
//line two.y:20
	fmt.Println(where(), small(), inner())
	func() {
		fmt.Println(where())
//line three.y:30
		fmt.Println(where())
	}()
	/*line :5*/ fmt.Println(where()); /*line four.y:40*/ fmt.Println(where())
	for range 2 {
//line five.y:50
		fmt.Println(where())
	}
	panics(func() {
		var a [3]int
		a /*line left.y:999:1*/ [ /*line index.y:100:1*/ i] = 1
	})
	panics(func() {
		var a []struct{ x [5]int }
		a /*line left.y:888:1*/ [ /*line index.y:200:1*/ i].x[1] /*line at.y:1:1*/ += 1
	})
}
