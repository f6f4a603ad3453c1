// want: ok
// A program that needs more than its memory limit goes on: the collector, which would do nothing but collect, is held to half of the
// CPU (runtime/gc/limiter.h), and says when that first was so.
package main

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

type node struct {
	next [128]*node
}

var sink []*node

func main() {
	nodes := make([]*node, 32<<10) // of 1 KB
	for i := range nodes {
		nodes[i] = new(node)
	}
	for i, n := range nodes {
		for k := range n.next {
			n.next[k] = nodes[(i*131+k*k*17)%len(nodes)]
		}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(16 << 20)
	limited := []metrics.Sample{{Name: "/gc/limiter/last-enabled:gc-cycle"}}
	for begin := time.Now(); time.Since(begin) < 100*time.Second; {
		for range 100 {
			sink = make([]*node, 1000)
			sink[0] = nodes[0]
		}
		if metrics.Read(limited); limited[0].Value.Uint64() != 0 {
			fmt.Println("ok")
			return
		}
	}
	fmt.Println("never limited")
}
