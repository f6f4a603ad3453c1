// want: ok
// A uintptr that a call returns, converted where it is returned: from then on the object lives, also over the next argument's call.
package main

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"
)

func value(x int) reflect.Value {
	runtime.GC()
	return reflect.ValueOf(&x)
}

func check(p, q unsafe.Pointer) {
	if a, b := *(*int)(p), *(*int)(q); a != 1 || b != 2 {
		fmt.Println("got", a, b)
	}
}

func main() {
	check(unsafe.Pointer(value(1).Pointer()), unsafe.Pointer(value(2).Pointer()))
	fmt.Println("ok")
}
