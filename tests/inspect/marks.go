// The program of check_marking in check.py: a heap of known size that is marked over and over, with many objects grey at a time.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
)

type node struct {
	next [4]*node
	rest [4]uintptr
}

const (
	lists  = 64
	length = 4000
)

var heads [lists]*node

func main() {
	for i := range heads {
		for range length {
			heads[i] = &node{next: [4]*node{heads[i], heads[i/2], heads[0]}}
		}
	}
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("nodes", lists*length)
	fmt.Println("objects", stats.HeapObjects)
	fmt.Println("bytes", stats.HeapAlloc)
	fmt.Println("ready")
	go func() {
		for {
			runtime.GC()
		}
	}()
	bufio.NewReader(os.Stdin).ReadString('\n')
	runtime.KeepAlive(&heads)
}
