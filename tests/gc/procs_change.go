// GOMAXPROCS changes again and again while the program changes pointers: a P is not taken away while a cycle marks, or what it
// had still to scan would not be known of when the cycle looks whether it is done.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

type node struct {
	next  *node
	value int
}

func main() {
	debug.SetGCPercent(20)
	var done atomic.Bool
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			nodes := make([]*node, 2000)
			for i := 0; !done.Load(); i++ {
				at := i * 7 % len(nodes)
				n := &node{value: at + w}
				n.next, nodes[at] = nodes[at], n
				if n.next != nil {
					if n.next.value != n.value {
						panic("a node is not what it was")
					}
					n.next.next = nil
				}
			}
		})
	}
	for i := range 300 {
		runtime.GOMAXPROCS(1 + i%4)
		runtime.Gosched()
	}
	done.Store(true)
	workers.Wait()
	fmt.Println("ok")
}
