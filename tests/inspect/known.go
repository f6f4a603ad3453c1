// A program whose heap and goroutines are known: it prints them, says "ready", and waits for its input to end.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

type node struct { // 96 bytes, with pointers
	next *node
	pad  [11]uint64
}

type record struct { // 1024 bytes with its header: the type is at the object
	link *record
	data [126]uint64
}

var (
	nodes   []*node
	records []*record
	texts   [][]byte // 208 bytes, without pointers
	large   *[20000]*node
	never   = make(chan int)
	full    = make(chan int, 1)
	mu      sync.Mutex
	wg      sync.WaitGroup
)

//go:noinline
func receiver() { <-never }

//go:noinline
func sender() { full <- 1 }

//go:noinline
func locker() { mu.Lock(); mu.Unlock() }

//go:noinline
func selecter() {
	select {
	case <-never:
	case full <- 2:
	}
}

//go:noinline
func deep(n int) {
	if n > 0 {
		deep(n - 1)
		return
	}
	<-never
}

func start(n int, f func()) {
	for i := 0; i < n; i++ {
		go f()
	}
}

func main() {
	debug.SetGCPercent(-1)
	for i := 0; i < 5000; i++ {
		nodes = append(nodes, new(node))
	}
	for i := 0; i < 300; i++ {
		records = append(records, new(record))
	}
	for i := 0; i < 700; i++ {
		texts = append(texts, make([]byte, 200+i%8))
	}
	large = new([20000]*node)
	for i := 0; i < 1000; i++ { // garbage of yet another size
		sink = new([41]uint64)
	}
	sink = nil
	full <- 0
	mu.Lock()
	start(17, receiver)
	start(11, sender)
	start(5, locker)
	start(3, selecter)
	go deep(100)
	for i := 0; i < 100; i++ {
		runtime.Gosched()
	}
	runtime.GC()
	runtime.GC()
	fmt.Println("pid", os.Getpid())
	// No longer needed when it is said, but its address is still on the stack.
	dead := new(dropped)
	dead.see()
	fmt.Println("dead", fmt.Sprintf("%p", dead))
	fmt.Println("node", fmt.Sprintf("%p", nodes[7]))
	fmt.Println("record", fmt.Sprintf("%p", records[3]))
	fmt.Println("large", fmt.Sprintf("%p", large))
	fmt.Println("global", fmt.Sprintf("%p", &nodes))
	fmt.Println("chan", fmt.Sprintf("%p", never))
	fmt.Println("goroutines", runtime.NumGoroutine())
	fmt.Println("gomaxprocs", runtime.GOMAXPROCS(0))
	fmt.Println("cpus", runtime.NumCPU())
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("objects", m.HeapObjects)
	fmt.Println("inuse", m.HeapInuse)
	fmt.Println("collections", m.NumGC)
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
	runtime.KeepAlive(large)
}

var sink *[41]uint64

type dropped struct {
	next *dropped
	pad  [12]uint64
}

//go:noinline
func (d *dropped) see() { d.pad[0]++ }
