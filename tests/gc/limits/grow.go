// Allocates until there is no memory: objects of all sizes, goroutines with their stacks, threads. tests/suites/gc.sh runs it with
// less and less address space.
package main

import "runtime"

var kept [][]byte

//go:noinline
func deep(n int) int {
	var room [64]int
	room[n%64] = n
	if n == 0 {
		return 0
	}
	return deep(n-1) + room[n%64]
}

func main() {
	for i := 0; ; i++ {
		kept = append(kept, make([]byte, 1<<(i%22)))
		if i%64 == 0 {
			go func() {
				deep(i % 2000)
				select {}
			}()
		}
		if i%512 == 0 {
			done := make(chan bool)
			go func() {
				runtime.LockOSThread()
				done <- true
				select {}
			}()
			<-done
		}
	}
}
