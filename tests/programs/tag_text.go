package main

import (
	"fmt"
	"reflect"
)

// A struct type's text shows its tags as strconv.Quote does: characters beyond ASCII that can be printed stand for themselves.

type named struct {
	A int `json:"中文" note:"naïve"`
	B int "tab\tand \u200b and \x01 and \xff"
}

func main() {
	var literal struct {
		Field bool `json:"中文"`
	}
	fmt.Println(reflect.TypeOf(literal))
	fmt.Printf("%T\n", literal)
	for i := range 2 {
		f := reflect.TypeFor[named]().Field(i)
		fmt.Printf("%q\n", f.Tag)
		fmt.Println(reflect.StructOf([]reflect.StructField{f}))
	}
	fmt.Println(reflect.TypeOf(struct {
		B int "tab\tand \u200b and \x01 and \xff"
	}{}))
}
