// What type descriptors say by 32-bit offsets: names, packages, methods, pointers to types; and types made at run time, whose
// offsets are numbers.
//
// want: main.shape main struct 16
// want: square.Area 9
// want: square.Scale 18
// want: unexported main true
// want: tag int json:"side"
// want: *main.square 2 true
// want: panics reflect: call of reflect.Value.NumField on int Value
// want: map[string][]main.square 1 true
// want: struct { A int "a:\"1\""; B func(int) string } func(int) string
// want: made 42
// want: chan<- main.shape []*main.square [3]main.square
// want: found 12
// want: not main.empty is not main.hidden: missing method hide
// want: pair[string,int] one 1
// want: true true false
package main

import (
	"fmt"
	"reflect"
	"strconv"
)

type shape struct {
	side int
	name string
}

func (s shape) String() string { return s.name }

type measured interface {
	Area() int
	Scale(int) int
}

type square struct {
	Side  int `json:"side"`
	cache func() int
}

func (s *square) Area() int       { return s.Side * s.Side }
func (s *square) Scale(n int) int { return s.Area() * n }
func (s *square) hide() int       { return s.Side * 4 }

type hidden interface{ hide() int }
type empty struct{}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func (p pair[K, V]) Show() string { return fmt.Sprint(reflect.TypeOf(p).Name(), " ", p.key, " ", p.value) }

func main() {
	t := reflect.TypeOf(shape{})
	s := &square{Side: 3}
	v := reflect.ValueOf(s)
	fmt.Println(t, t.PkgPath(), t.Kind(), t.Size()-8)
	for i := range v.Type().NumMethod() {
		arguments := []reflect.Value{reflect.ValueOf(2)}[:v.Type().Method(i).Type.NumIn()-1]
		fmt.Printf("square.%s %v\n", v.Type().Method(i).Name, v.Method(i).Call(arguments)[0])
	}
	f, ok := t.FieldByName("side")
	fmt.Println("unexported", f.PkgPath, ok)
	f, _ = v.Elem().Type().FieldByName("Side")
	fmt.Println("tag", f.Type, f.Tag)
	fmt.Println(v.Type(), v.Type().NumMethod(), v.Type() == reflect.PointerTo(reflect.TypeFor[square]()))
	func() {
		defer func() { fmt.Println("panics", recover()) }()
		reflect.ValueOf(1).NumField()
	}()
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), reflect.SliceOf(reflect.TypeFor[square]())))
	m.SetMapIndex(reflect.ValueOf("x"), reflect.ValueOf([]square{*s}))
	_, isMap := m.Interface().(map[string][]square)
	fmt.Println(m.Type(), m.Len(), isMap)
	made := reflect.FuncOf([]reflect.Type{reflect.TypeFor[int]()}, []reflect.Type{reflect.TypeFor[string]()}, false)
	structure := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeFor[int](), Tag: `a:"1"`},
		{Name: "B", Type: made},
	})
	x := reflect.New(structure).Elem()
	x.Field(1).Set(reflect.MakeFunc(made, func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(strconv.Itoa(int(in[0].Int()) * 2))}
	}))
	fmt.Println(structure, x.Field(1).Type())
	fmt.Println("made", x.Field(1).Interface().(func(int) string)(21))
	fmt.Println(reflect.ChanOf(reflect.SendDir, t), reflect.SliceOf(v.Type()), reflect.ArrayOf(3, v.Elem().Type()))
	var something any = s
	fmt.Println("found", something.(hidden).hide())
	func() {
		defer func() {
			err := recover().(error)
			fmt.Println("not", err.Error()[len("interface conversion: "):])
		}()
		something = empty{}
		something.(hidden).hide()
	}()
	fmt.Println(pair[string, int]{"one", 1}.Show())
	fmt.Println(reflect.TypeFor[*square]().Implements(reflect.TypeFor[measured]()), t.Implements(reflect.TypeFor[fmt.Stringer]()), t.Implements(reflect.TypeFor[measured]()))
}
