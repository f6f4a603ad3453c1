// Says of each SIGUSR1 that it came, while all Ps are busy: a thread that a signal reaches is one that runs.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

var sum [64]uint64

func spin(n int) {
	for {
		sum[n%len(sum)]++
	}
}

func main() {
	c := make(chan os.Signal, 8)
	signal.Notify(c, syscall.SIGUSR1)
	for i := range runtime.GOMAXPROCS(0) {
		go spin(i)
	}
	fmt.Println("ready")
	for n := 1; ; n++ {
		<-c
		fmt.Println(n)
	}
}
