// large heap N | goroutines N: a program that is large in one way, for bench/inspect.py. A line of input starts the measurement of the
// longest time between two readings of the clock, the next one ends it and prints nanoseconds.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"
)

// 200 bytes: 208 with the size class, 20 million of them are 4 GB.
type node struct {
	left, right *node
	data        [23]uint64
}

func tree(n int) *node {
	if n == 0 {
		return nil
	}
	left := (n - 1) / 2
	return &node{left: tree(left), right: tree(n - 1 - left)}
}

var root *node

func wait(depth int, c chan int) int {
	if depth == 0 {
		return <-c
	}
	return wait(depth-1, c) + 1
}

var longest atomic.Int64
var measuring atomic.Bool

func watch() {
	for {
		if !measuring.Load() {
			time.Sleep(time.Millisecond)
			continue
		}
		last := time.Now()
		for measuring.Load() {
			now := time.Now()
			if gap := int64(now.Sub(last)); gap > longest.Load() {
				longest.Store(gap)
			}
			last = now
		}
	}
}

func main() {
	n, _ := strconv.Atoi(os.Args[2])
	if os.Args[1] == "heap" {
		root = tree(n)
		runtime.GC()
	} else {
		c := make(chan int)
		for i := range n {
			go wait(i%20, c)
		}
		time.Sleep(time.Second)
	}
	go watch()
	fmt.Println("ready")
	for in := bufio.NewReader(os.Stdin); ; {
		if _, err := in.ReadString('\n'); err != nil {
			return
		}
		longest.Store(0)
		measuring.Store(true)
		fmt.Println("measuring")
		if _, err := in.ReadString('\n'); err != nil {
			return
		}
		measuring.Store(false)
		fmt.Println(longest.Load())
	}
}
