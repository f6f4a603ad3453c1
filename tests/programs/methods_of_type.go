// The only way to a method is reflect's iterator over them.
package main

import (
	"fmt"
	"reflect"
)

type T struct{ n int }

func (t T) Found(s string) string { return fmt.Sprint(s, t.n) }

//go:noinline
func typeOf(x any) reflect.Type { return reflect.TypeOf(x) }

func main() {
	for m := range typeOf(T{3}).Methods() {
		fmt.Println(m.Name, m.Func.Call([]reflect.Value{reflect.ValueOf(T{4}), reflect.ValueOf("is ")})[0])
	}
	for m, v := range reflect.ValueOf(T{5}).Methods() {
		fmt.Println(m.Name, v.Call([]reflect.Value{reflect.ValueOf("is ")})[0])
	}
}
