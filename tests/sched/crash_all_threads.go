// GOTRACEBACK=crash: SIGQUIT shows every thread, also one that never stops.
// want: SIGQUIT: quit
// want: *
// want: -----
// want: *
// want: the threads were shown: true true
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

var spinning atomic.Int32

//go:noinline
func spin(n int) {
	spinning.Add(1)
	for i := 0; ; i++ {
		if i == n {
			println("the end")
		}
	}
}

func main() {
	if len(os.Args) > 1 {
		var limit syscall.Rlimit
		syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
		go spin(-1)
		go spin(-2)
		for spinning.Load() < 2 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond)
		syscall.Kill(os.Getpid(), syscall.SIGQUIT)
		time.Sleep(time.Hour)
	}
	child := exec.Command(os.Args[0], "child")
	child.Env = append(os.Environ(), "GOTRACEBACK=crash", "GOMAXPROCS=3")
	out, err := child.CombinedOutput()
	text := string(out)
	fmt.Print(text)
	aborted := strings.HasPrefix(err.Error(), "signal: aborted")
	fmt.Println("the threads were shown:", aborted, strings.Count(text, "main.spin()") >= 2)
}
