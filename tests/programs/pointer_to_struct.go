package main

import (
	"fmt"
	"reflect"
)

type shower interface{ Show() string }

type name string

func (n *name) Show() string { return "name " + string(*n) }

type counter struct{ n int }

func (c *counter) Show() string { c.n++; return fmt.Sprint("counter ", c.n) }

// The pointer type of a struct type without a name exists by reflection only, with the methods of what is embedded.
func main() {
	n := name("x")
	for _, v := range []any{struct{ shower }{&n}, struct{ counter }{}, struct{ *counter }{&counter{5}}, struct{ n int }{}} {
		p := reflect.New(reflect.TypeOf(v))
		p.Elem().Set(reflect.ValueOf(v))
		s, ok := p.Interface().(shower)
		fmt.Println(p.Type().NumMethod(), ok)
		if ok {
			fmt.Println(s.Show())
		}
	}
}
