// Names of instances, whose type arguments are functions with several parameters, or structs that embed predeclared types and aliases.
package main

import (
	"fmt"
	"reflect"
)

type List[T any] struct{ v T }
type Pair[A, B any] struct{}
type alias = map[string]int
type Exported struct{}

type methods interface {
	M(int, string) (bool, error)
	u(a, b int) (x, y int)
}

func show[T any]() {
	fmt.Println(reflect.TypeFor[T](), reflect.TypeFor[T]().Name())
}

func main() {
	show[List[func(int, string)]]()
	show[List[func(int, ...string) (int, error)]]()
	show[Pair[func(int, int) (int, int), map[string]func(...any) (int, error)]]()
	show[List[interface {
		M(int, string) (a int, b error)
	}]]()
	show[List[methods]]()
	show[List[struct {
		int
		error
		alias
		Exported
		*List[int]
		f func(a, b int) (int, int) `t:"x, y"`
	}]]()
	defer func() { fmt.Println(recover()) }()
	fmt.Println(any(List[func(int, int)]{}).(int))
}
