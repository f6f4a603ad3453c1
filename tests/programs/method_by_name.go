// The only call of a method by its name goes through reflect.Type.
package main

import (
	"fmt"
	"os"
	"reflect"
)

type T struct{ n int }

func (t T) Found(s string) string { return fmt.Sprint(s, t.n) }

//go:noinline
func typeOf(x any) reflect.Type { return reflect.TypeOf(x) }

func main() {
	name := "Fou"
	if len(os.Args) < 5 {
		name += "nd"
	}
	m, ok := typeOf(T{3}).MethodByName(name)
	fmt.Println(m.Name, ok, m.Func.Call([]reflect.Value{reflect.ValueOf(T{4}), reflect.ValueOf("is ")})[0])
}
