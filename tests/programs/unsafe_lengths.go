// unsafe.Slice and unsafe.String check what they make: the test is in the code, the runtime says what is wrong.
package main

import (
	"fmt"
	"unsafe"
)

type pair struct{ a, b uint64 }

//go:noinline
func tries(what string, f func() int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, r)
		}
	}()
	fmt.Println(what, f())
}

var zero *byte
var nilPair *pair
var nilEmpty *struct{}

func main() {
	var bytes [16]byte
	var pairs [4]pair
	for _, n := range []int{-1 << 63, -100, -1, 0, 1, 16, 1<<63 - 1} {
		p, q := &bytes[0], &pairs[0]
		tries(fmt.Sprint("string of ", n), func() int { return len(unsafe.String(p, n)) })
		tries(fmt.Sprint("string at nil of ", n), func() int { return len(unsafe.String(zero, n)) })
		tries(fmt.Sprint("bytes of ", n), func() int { return cap(unsafe.Slice(p, n)) })
		tries(fmt.Sprint("pairs of ", n), func() int { return cap(unsafe.Slice(q, n)) })
		tries(fmt.Sprint("pairs at nil of ", n), func() int { return cap(unsafe.Slice(nilPair, n)) })
		tries(fmt.Sprint("empty structs of ", n), func() int { return cap(unsafe.Slice(&struct{}{}, n)) })
		tries(fmt.Sprint("empty structs at nil of ", n), func() int { return cap(unsafe.Slice(nilEmpty, n)) })
	}
	for _, n := range []uint64{0, 1 << 59, 1<<60 - 1, 1 << 60, 1 << 63, 1<<64 - 1} {
		tries(fmt.Sprint("pairs of uint64 ", n), func() int { return len(unsafe.Slice(&pairs[0], n)) })
		tries(fmt.Sprint("bytes of uint64 ", n), func() int { return len(unsafe.Slice(&bytes[0], n)) })
	}
	for _, n := range []uint8{0, 16, 255} {
		tries(fmt.Sprint("bytes of uint8 ", n), func() int { return len(unsafe.Slice(&bytes[0], n)) })
	}
	fmt.Println(unsafe.Slice(nilPair, 0) == nil, unsafe.Slice(&pairs[0], 0) == nil)
}
