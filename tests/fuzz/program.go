// What snapshot_fuzz has a snapshot of: a little of everything that the inspector knows to read. It prints a line when it is ready, and
// waits until it is killed.
package main

import (
	"runtime"
	"time"
)

type node struct {
	next  *node
	name  string
	table map[string]*node
	any   any
}

var root *node
var lock = make(chan *node, 3)
var large []*node

func deep(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	return deep(n-1, c) + n
}

func main() {
	for i := range 200 {
		root = &node{next: root, name: "node", any: i}
		if i%16 == 0 {
			root.table = map[string]*node{"self": root, "next": root.next}
		}
	}
	large = make([]*node, 5000)
	lock <- root
	c, d := make(chan int), make(chan string)
	go deep(200, c)
	go func() {
		select {
		case <-c:
		case s := <-d:
			println(s)
		}
	}()
	go func() { select {} }()
	runtime.GC()
	large[7] = &node{any: lock}
	println("ready")
	time.Sleep(time.Hour)
}
