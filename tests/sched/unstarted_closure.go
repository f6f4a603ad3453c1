// What a goroutine that has never run is going to use lives: its closure is in a register only.
// want: 1000 499500
// env: GODEBUG=clobberfree=1
package main

import (
	"fmt"
	"runtime"
)

var garbage [][]byte

func main() {
	runtime.GOMAXPROCS(1)
	sums := make(chan int, 1000)
	for i := range 1000 {
		value := new(int)
		*value = i
		go func() { sums <- *value }()
		if i%100 == 0 {
			runtime.GC()
			for range 100 {
				garbage = append(garbage, make([]byte, 16), make([]byte, 8))
			}
		}
	}
	n, sum := 0, 0
	for ; n < 1000; n++ {
		sum += <-sums
	}
	fmt.Println(n, sum)
}
