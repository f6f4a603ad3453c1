// A program that keeps more and more sessions: none, and 1,234 of them after its first line of input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

type session struct {
	name string
	last *session
	data [10]int
}

type constant struct {
	next *constant
	data [8]int
}

var (
	sessions  []*session
	constants []*constant
)

func main() {
	for i := 0; i < 100; i++ {
		constants = append(constants, new(constant))
	}
	in := bufio.NewReader(os.Stdin)
	runtime.GC()
	runtime.GC()
	fmt.Println("ready")
	in.ReadString('\n')
	for i := 0; i < 1234; i++ {
		sessions = append(sessions, &session{name: "someone"})
	}
	runtime.GC()
	runtime.GC()
	fmt.Println("more")
	in.ReadString('\n')
}
