// What a literal gives to a blank field of a package variable is not kept.
// differs without: static-data
package main

import "reflect"

var x = struct{ a, _, c int }{1, 2, 3}

func main() {
	v := reflect.ValueOf(x)
	println(v.Field(0).Int(), v.Field(1).Int(), v.Field(2).Int())
}
