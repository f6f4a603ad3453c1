// The programs of bench/memory.py, by name: allocation of one size over and over, and heaps of several shapes.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"
)

type pair struct {
	left, right *pair
	value       [2]uint64
}

type node struct {
	next  *node
	value uint64
}

var sinks [64]struct {
	small   *uint64
	bytes   []byte
	pointer *pair
	_       [64]byte
}

// each runs f on as many goroutines as there are Ps, which share n turns.
func each(n int, f func(worker, turns int)) {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			f(w, n/workers)
		}()
	}
	group.Wait()
}

func bytesOf(size int) func(int, int) {
	return func(w, turns int) {
		for range turns {
			sinks[w].bytes = make([]byte, size)
		}
	}
}

func tree(depth int) *pair {
	if depth == 0 {
		return &pair{}
	}
	return &pair{left: tree(depth - 1), right: tree(depth - 1)}
}

func (p *pair) count() int {
	if p.left == nil {
		return 1
	}
	return 1 + p.left.count() + p.right.count()
}

func binaryTrees(depth int) {
	long := tree(depth)
	total := 0
	for d := 4; d <= depth; d += 4 {
		for range 1 << (depth - d + 4) {
			total += tree(d).count()
		}
	}
	fmt.Println(total, long.count())
}

// graph keeps `megabytes` of nodes that refer to each other at random, and replaces them one by one.
func graph(megabytes, replacements int) []*pair {
	nodes := make([]*pair, megabytes<<20/40)
	seed := uint64(1)
	random := func() int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(len(nodes)))
	}
	for i := range nodes {
		nodes[i] = &pair{left: nodes[random()], right: nodes[random()]}
	}
	for range replacements {
		nodes[random()] = &pair{left: nodes[random()]}
	}
	return nodes
}

func pointerMap(n int) {
	m := map[int]*node{}
	for i := range n {
		m[i] = &node{value: uint64(i)}
	}
	var sum uint64
	for round := range 4 {
		for i := range n {
			m[i] = &node{next: m[i].next, value: m[i].value + uint64(round)}
		}
	}
	for _, v := range m {
		sum += v.value
	}
	fmt.Println(sum)
}

func list(n int) {
	var head *node
	for i := range n {
		head = &node{head, uint64(i)}
	}
	var sum uint64
	for p := head; p != nil; p = p.next {
		sum += p.value
	}
	fmt.Println(sum)
}

func cache(entries, replacements int) {
	blocks := make([][]byte, entries)
	seed := uint64(1)
	for i := range entries + replacements {
		seed = seed*6364136223846793005 + 1442695040888963407
		at := i
		if i >= entries {
			at = int(seed >> 33 % uint64(entries))
		}
		blocks[at] = make([]byte, 1<<10+int(seed>>40%(4<<10)))
		blocks[at][0] = byte(i)
	}
	sum := 0
	for _, b := range blocks {
		sum += int(b[0])
	}
	fmt.Println(sum)
}

// release fills a heap with objects of many sizes, lets go of all but every hundredth, and says what is resident before and after
// debug.FreeOSMemory.
func release(megabytes int) {
	var kept [][]byte
	for size, bytes := 16, 0; bytes < megabytes<<20; bytes += size {
		if size = size*5/4 + 16; size > 100e3 {
			size = 16
		}
		b := make([]byte, size)
		for i := 0; i < size; i += 4096 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
	full := resident()
	few := make([][]byte, 0, len(kept)/100)
	for i := 0; i < len(kept); i += 100 {
		few = append(few, kept[i])
	}
	kept = nil
	debug.FreeOSMemory()
	fmt.Printf("%d KB resident, %d KB after FreeOSMemory\n", full, resident())
	runtime.KeepAlive(few)
}

func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return pages * os.Getpagesize() >> 10
}

// pauses says how long the world stood still, and how late a goroutine that sleeps a millisecond wakes, while others allocate.
func pauses(megabytes int) {
	stop := make(chan bool)
	late := make(chan time.Duration)
	nodes := graph(megabytes, 0)
	go func() {
		var worst time.Duration
		for {
			select {
			case <-stop:
				late <- worst
				return
			default:
			}
			begin := time.Now()
			time.Sleep(time.Millisecond)
			worst = max(worst, time.Since(begin)-time.Millisecond)
		}
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for after.NumGC < before.NumGC+20 {
		for i := range 1 << 20 {
			nodes[i%len(nodes)] = &pair{left: nodes[(i*7)%len(nodes)]}
		}
		runtime.ReadMemStats(&after)
	}
	close(stop)
	var worst uint64
	for i := before.NumGC; i < after.NumGC; i++ {
		worst = max(worst, after.PauseNs[i%256])
	}
	fmt.Fprintln(os.Stderr, "longest pause", worst/1000, "us, mean", (after.PauseTotalNs-before.PauseTotalNs)/uint64(after.NumGC-before.NumGC)/1000,
		"us, latest wake-up", (<-late).Microseconds(), "us")
}

func main() {
	n := 1
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	switch os.Args[1] {
	case "8":
		each(60e6*n, func(w, turns int) {
			for i := range turns {
				p := new(uint64)
				*p = uint64(i)
				sinks[w].small = p
			}
		})
	case "16":
		each(50e6*n, bytesOf(16))
	case "32p":
		each(40e6*n, func(w, turns int) {
			for range turns {
				sinks[w].pointer = &pair{}
			}
		})
	case "256":
		each(15e6*n, bytesOf(256))
	case "2k":
		each(3e6*n, bytesOf(2<<10))
	case "64k":
		each(150e3*n, bytesOf(64<<10))
	case "trees":
		binaryTrees(17 + n)
	case "graph":
		fmt.Println(len(graph(500*n, 4e6*n)))
	case "map":
		pointerMap(1e6 * n)
	case "list":
		list(10e6 * n)
	case "cache":
		cache(100e3*n, 1e6*n)
	case "pauses":
		pauses(1000 * n)
	case "release":
		release(256 * n)
	default:
		fmt.Println("no such program:", os.Args[1])
		os.Exit(1)
	}
}
