// Real-time signals that nobody asked for do nothing; an address that no processor has is no nil pointer.
// want: alive
// want: unexpected fault address 0x0
// want: fatal error: fault
// want: [signal SIGSEGV: segmentation violation code=0x80 addr=0x0 pc=0x*]
// want: *
// exit: 2
package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

//go:noinline
func store(p *int) { *p = 1 }

func main() {
	for _, s := range []syscall.Signal{34, 35, 40, 64} {
		syscall.Kill(os.Getpid(), s)
	}
	fmt.Println("alive")
	store((*int)(unsafe.Pointer(uintptr(0xdead00000000beef))))
}
