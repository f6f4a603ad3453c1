// The kernel refuses madvise, as it does for locked memory: pages that the heap gave back must be zero all the same when it
// takes them again.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"
)

var kept [][]byte

// refuse makes system call nr fail with errno, in all threads, from now on.
func refuse(nr, errno uint32) bool {
	type instruction struct {
		code     uint16
		yes, no  uint8
		constant uint32
	}
	filter := []instruction{
		{0x20, 0, 0, 0},                  // the call's number
		{0x15, 0, 1, nr},                 // is it this one?
		{0x06, 0, 0, 0x00050000 | errno}, // then that error
		{0x06, 0, 0, 0x7fff0000},         // else go on
	}
	program := struct {
		n      uint16
		filter unsafe.Pointer
	}{uint16(len(filter)), unsafe.Pointer(&filter[0])}
	const prctl, seccomp, noNewPrivileges, setFilter, allThreads = 157, 317, 38, 1, 1
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, e := syscall.RawSyscall6(prctl, noNewPrivileges, 1, 0, 0, 0, 0); e != 0 {
		return false
	}
	_, _, e := syscall.RawSyscall(seccomp, setFilter, allThreads, uintptr(unsafe.Pointer(&program)))
	return e == 0
}

func main() {
	const madvise, invalid = 28, 22
	if !refuse(madvise, invalid) {
		fmt.Println("ok") // a machine without seccomp
		return
	}
	for range 5 {
		for range 200 {
			b := make([]byte, 256<<10)
			for i := range b {
				b[i] = 0xa5
			}
			kept = append(kept, b)
		}
		kept = nil
		debug.FreeOSMemory()
		for range 200 {
			b := make([]byte, 256<<10)
			for i, x := range b {
				if x != 0 {
					fmt.Printf("byte %d of fresh memory is %#x\n", i, x)
					return
				}
			}
			kept = append(kept, b)
		}
		kept = nil
	}
	fmt.Println("ok")
}
