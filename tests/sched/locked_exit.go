// A thread whose goroutine ended while it was locked to it, in a state of its own: no other thread comes from it.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"syscall"
)

func folder() string {
	var buf [4096]byte
	n, err := syscall.Getcwd(buf[:])
	if err != nil {
		return err.Error()
	}
	return string(buf[:n-1])
}

func init() { runtime.LockOSThread() } // main stays on the first thread

func main() {
	if err := syscall.Chdir("/"); err != nil {
		panic(err)
	}
	for range 20 {
		ready := make(chan bool)
		go func() {
			runtime.LockOSThread()
			if syscall.Unshare(syscall.CLONE_FS) == nil {
				syscall.Chdir("/tmp")
			}
			ready <- true
		}()
		<-ready
		done := make(chan bool)
		go func() {
			runtime.LockOSThread()
			if at := folder(); at != "/" {
				fmt.Println("a new thread is in", at)
			}
			done <- true
			runtime.UnlockOSThread()
		}()
		<-done
	}
	fmt.Println("ok")
}
