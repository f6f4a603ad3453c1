// A pointer that is put into a reflect.StringHeader as a number, or taken from a reflect.SliceHeader, keeps what it points to
// from living in a frame that it outlives.
package main

import (
	"reflect"
	"unsafe"
)

type immutable []byte

//go:noinline
func toString(b immutable) string {
	var s string
	if len(b) == 0 {
		return s
	}
	from := (*reflect.SliceHeader)(unsafe.Pointer(&b))
	to := (*reflect.StringHeader)(unsafe.Pointer(&s))
	to.Data = from.Data
	to.Len = from.Len
	return s
}

//go:noinline
func make5(c byte) string { return toString([]byte{c, 'e', 'l', 'l', 'o'}) }

//go:noinline
func first(s []int) unsafe.Pointer {
	return unsafe.Pointer((*reflect.SliceHeader)(unsafe.Pointer(&s)).Data)
}

//go:noinline
func ints(n int) *int { return (*int)(first([]int{n, 2, 3})) }

//go:noinline
func overwrite(n int) int {
	var a [64]int
	for i := range a {
		a[i] = 0x5858585858585858 + n
	}
	if n > 0 {
		return overwrite(n-1) + a[n%64]
	}
	return a[n]
}

func main() {
	s, p := make5('h'), ints(7)
	overwrite(50)
	println(s, *p)
}
