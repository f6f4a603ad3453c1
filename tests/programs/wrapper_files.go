// The code that the compiler makes up for promoted methods and method values has no file, as FuncForPC says it (kong asks).
package main

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
)

type Leaf struct{ n int }

func (l Leaf) Apply() int { return l.n }
func (l *Leaf) Set(n int) { l.n = n }

type Middle struct{ Leaf }
type Root struct{ Middle }
type I interface{ Apply() int }
type W struct{ I }

func show(t reflect.Type) {
	for m := range t.Methods() {
		f := runtime.FuncForPC(m.Func.Pointer())
		file, line := f.FileLine(m.Func.Pointer())
		fmt.Println(t, m.Name, f.Name(), filepath.Base(file), line, file == filepath.Base(file))
	}
}

func main() {
	show(reflect.TypeFor[Leaf]())
	show(reflect.TypeFor[*Leaf]())
	show(reflect.TypeFor[Root]())
	show(reflect.TypeFor[*Root]())
	show(reflect.TypeFor[W]())
	show(reflect.TypeFor[*W]())
	mv := Root.Apply
	f := runtime.FuncForPC(reflect.ValueOf(mv).Pointer())
	file, line := f.FileLine(f.Entry())
	fmt.Println(f.Name(), filepath.Base(file), line, file == filepath.Base(file))
	bound := Root{}.Apply
	f = runtime.FuncForPC(reflect.ValueOf(bound).Pointer())
	file, line = f.FileLine(f.Entry())
	fmt.Println(f.Name(), filepath.Base(file), line, file == filepath.Base(file))
	ie := I.Apply
	f = runtime.FuncForPC(reflect.ValueOf(ie).Pointer())
	file, line = f.FileLine(f.Entry())
	fmt.Println(f.Name(), filepath.Base(file), line, file == filepath.Base(file))
}
