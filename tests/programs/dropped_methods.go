// Methods are called in every way that the link step must foresee when it leaves out those that nobody calls: through interfaces
// that a value is converted to, that it is asserted to, and that reflect finds; as method values; by the runtime; and of types
// that only lead to one another.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

type namer interface{ Name() string }
type sizer interface{ Size() int }
type namedSizer interface {
	namer
	sizer
}
type hidden interface{ hidden() string }

type file struct{ name string }

func (f file) Name() string   { return "file " + f.name }
func (f *file) Size() int     { return len(f.name) }
func (f file) hidden() string { return "hidden " + f.name }
func (f file) String() string { return "<" + f.name + ">" }
func (f file) Unused() string { return "never" }

// Embedded: the methods of dir are wrappers.
type dir struct {
	*file
	entries int
}

func (d dir) Size() int { return d.entries }

// An assertion from any: only at run time a type and an interface meet.
//
//go:noinline
func asserted(x any) string {
	var out []string
	if n, ok := x.(namer); ok {
		out = append(out, n.Name())
	}
	if s, ok := x.(sizer); ok {
		out = append(out, fmt.Sprint(s.Size()))
	}
	if h, ok := x.(hidden); ok {
		out = append(out, h.hidden())
	}
	if b, ok := x.(namedSizer); ok {
		f := b.Name // a method value
		out = append(out, "both", f())
	}
	return strings.Join(out, ", ")
}

// An interface that is asserted to and none of whose methods is called here, but by reflect's and fmt's means.
type closer interface{ Close() error }

type handle int

func (h handle) Close() error { return fmt.Errorf("closed %d", int(h)) }

//go:noinline
func toCloser(x any) any {
	c, _ := x.(closer)
	return c
}

//go:noinline
func closeIt(x any) error {
	return x.(interface{ Close() error }).Close()
}

// Reached only as a part of another type, and used through reflect.
type inner struct{ n int }

func (i *inner) Error() string { return fmt.Sprint("inner ", i.n) }

type outer struct {
	In  inner
	Ptr *inner
	M   map[string]inner
}

type problem struct{ text string }

func (p problem) Error() string { return "problem: " + p.text }

type list []int

func (l list) Len() int           { return len(l) }
func (l list) Less(i, j int) bool { return l[i] > l[j] }
func (l list) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }

type number[T any] struct{ value T }

func (n number[T]) Name() string     { return fmt.Sprintf("number %v", n.value) }
func (n *number[T]) Set(v T)         { n.value = v }
func (n number[T]) Unneeded() string { return "never" }

type setter[T any] interface{ Set(T) }

//go:noinline
func set[T any](s setter[T], v T) { s.Set(v) }

type wrapped struct{ error }

func main() {
	fmt.Println(asserted(file{"a"}))
	fmt.Println(asserted(&file{"bc"}))
	fmt.Println(asserted(dir{&file{"d"}, 7}))
	fmt.Println(asserted(42))
	fmt.Println(file{"e"}, &file{"f"}, []any{file{"g"}}, struct{ F file }{file{"h"}})

	fmt.Println(toCloser(handle(3)) != nil, closeIt(handle(4)))
	fmt.Println(reflect.TypeFor[handle]().Implements(reflect.TypeFor[closer]()), reflect.TypeFor[file]().Implements(reflect.TypeFor[sizer]()),
		reflect.TypeFor[*file]().Implements(reflect.TypeFor[sizer]()))

	o := outer{In: inner{1}, Ptr: &inner{2}, M: map[string]inner{"x": {3}}}
	v := reflect.ValueOf(&o).Elem()
	fmt.Println(v.Field(0).Addr().Interface(), v.Field(1).Interface().(error), v.Field(2).MapIndex(reflect.ValueOf("x")).Interface())
	p := reflect.New(v.Field(2).Type().Elem())
	fmt.Println(p.Interface().(error).Error())

	l := list{2, 3, 1}
	sort.Sort(l)
	fmt.Println(l)
	n := &number[string]{"one"}
	set[string](n, "two")
	fmt.Println(asserted(n), asserted(number[int]{3}))
	e := fmt.Errorf("because %w", wrapped{problem{"none"}})
	var want wrapped
	fmt.Println(e, errors.As(e, &want), want)

	var w fmt.Stringer = file{"i"}
	f := w.String
	g := fmt.Stringer.String
	fmt.Println(f(), g(w))
	func() {
		defer func() { fmt.Println(recover()) }()
		var x any = 1
		_ = x.(namedSizer)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var x any = file{}
		_ = x.(interface {
			namer
			Missing()
		})
	}()
}
