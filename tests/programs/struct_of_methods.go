// reflect.StructOf with one embedded field: the methods of what is embedded, unexported ones among them, are the struct's.
package main

import (
	"bytes"
	"fmt"
	"reflect"
)

type local struct{ a int }

func (l *local) Exported() int   { return l.a }
func (l *local) Other(x int) int { return l.a + x }
func (l *local) hidden() int     { return -l.a }

type hider interface{ hidden() int }

type value struct{ p *int }

func (v value) Get() int { return *v.p }

func embed(t reflect.Type, name string) reflect.Type {
	return reflect.StructOf([]reflect.StructField{{Name: name, Type: t, Anonymous: true}})
}

func main() {
	s := embed(reflect.TypeFor[*local](), "Local")
	v := reflect.New(s).Elem()
	v.Field(0).Set(reflect.ValueOf(&local{5}))
	fmt.Println(s.Kind(), s.NumField(), s.Field(0).Name)
	fmt.Println(v.Interface().(interface{ Exported() int }).Exported())
	fmt.Println(v.MethodByName("Other").Call([]reflect.Value{reflect.ValueOf(3)})[0])
	// Of another package, with many unexported methods.
	b := reflect.New(embed(reflect.TypeFor[*bytes.Buffer](), "Buffer")).Elem()
	b.Field(0).Set(reflect.ValueOf(bytes.NewBufferString("text")))
	fmt.Println(b.Interface().(fmt.Stringer).String())
	// Types of two packages with an unexported method of one name are still told apart.
	_, ok := any(&local{}).(hider)
	fmt.Println(ok, reflect.TypeFor[*local]().PkgPath() == "", reflect.TypeFor[local]().PkgPath())
	n := 7
	w := reflect.New(embed(reflect.TypeFor[value](), "Value")).Elem()
	w.Field(0).Set(reflect.ValueOf(value{&n}))
	fmt.Println(w.Interface().(interface{ Get() int }).Get())
}
