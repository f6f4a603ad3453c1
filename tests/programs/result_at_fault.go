// What a named result was when a fault came is what the function returns after recover, also in the middle of a loop.
package main

import (
	"runtime/debug"
	"syscall"
)

func copyUp(to, from []byte) (n int, err error) {
	defer func() {
		if e, ok := recover().(error); ok {
			err = e
		}
	}()
	for i := 0; i < len(to) && i < len(from); i++ {
		to[i] = from[i]
		n++
	}
	return
}

func main() {
	debug.SetPanicOnFault(true)
	size := syscall.Getpagesize()
	m, err := syscall.Mmap(-1, 0, 4*size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if err := syscall.Mprotect(m[2*size:3*size], syscall.PROT_NONE); err != nil {
		panic(err)
	}
	n, err := copyUp(m[5:], make([]byte, len(m)))
	println(n-2*size, err != nil)
}
