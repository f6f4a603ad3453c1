// What goroutines wait for, for the view `waits`: the names of the functions say who must be found stuck.
package main

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

type account struct {
	sync.Mutex
	balance int
}

var requests = make(chan int)

func stuckReceiver(ch chan string) { <-ch }

func stuckSelect(a chan int, b chan []byte) {
	select {
	case <-a:
	case b <- nil:
	}
}

// Several of these are lost in the same way.
func stuckAlike(ch chan bool) { <-ch }

func stuckOnNil() {
	var ch chan int
	<-ch
}

// Two that each hold what the other wants.
func stuckTransfer(from, to *account, met *sync.WaitGroup) {
	from.Lock()
	met.Done()
	met.Wait()
	to.Lock()
	to.balance, from.balance = to.balance+1, from.balance-1
}

func stuckOnGroup(g *sync.WaitGroup) { g.Wait() }

func stuckOnCond(c *sync.Cond) {
	c.L.Lock()
	c.Wait()
}

func liveServer() {
	for range requests {
	}
}

func liveTimer() { <-time.After(time.Hour) }

// Whoever holds the channel sleeps, and may send then.
func liveConsumer(ch chan int) { <-ch }

func liveProducer(ch chan int) {
	time.Sleep(time.Hour)
	ch <- 1
}

// Runs all the time, and may send: the channel is on no stack, perhaps, but in a register.
func liveRunner(ch chan uint8) {
	for !quit.Load() {
	}
	ch <- 1
}

// Only a timer's function, or a call that was deferred in a loop, leads to the channel.
func liveCalledLater(ch chan int) { <-ch }

func liveDeferrer(ch chan int) {
	for i := range 2 {
		to := ch // of its own: ch will not lead there any more
		defer func() { to <- i }()
	}
	ch = nil
	time.Sleep(time.Hour)
}

// Nothing of that size but a number has the channel's address.
type large struct {
	numbers [100]uintptr
	next    *large
}

var keeper = new(large)

func stuckNumber(ch chan int) { <-ch }

func stuckQuoted(ch chan struct {
	A int `json:"\""`
}) {
	<-ch
}

func liveListener(ch chan uint8) { <-ch }

var quit atomic.Bool

//go:noinline
func start() {
	go stuckReceiver(make(chan string))
	go stuckSelect(make(chan int), make(chan []byte))
	for range 5 {
		go stuckAlike(make(chan bool))
	}
	go stuckOnNil()
	a, b := new(account), new(account)
	met := new(sync.WaitGroup)
	met.Add(2)
	go stuckTransfer(a, b, met)
	go stuckTransfer(b, a, met)
	group := new(sync.WaitGroup)
	group.Add(1)
	go stuckOnGroup(group)
	go stuckOnCond(sync.NewCond(new(sync.Mutex)))
	go liveServer()
	go liveServer()
	go liveTimer()
	ch := make(chan int)
	go liveConsumer(ch)
	go liveProducer(ch)
	later := make(chan int)
	time.AfterFunc(time.Hour, func() { later <- 1 })
	go liveCalledLater(later)
	deferred := make(chan int)
	go liveDeferrer(deferred)
	go liveCalledLater(deferred)
	number := make(chan int)
	keeper.numbers[7] = uintptr(unsafe.Pointer(reflect.ValueOf(number).UnsafePointer()))
	go stuckNumber(number)
	go stuckQuoted(make(chan struct {
		A int `json:"\""`
	}))
	bytes := make(chan uint8)
	go liveRunner(bytes)
	go liveListener(bytes)
}

//go:noinline
func overwrite(n int) int {
	var space [1024]int
	for i := range space {
		space[i] = n
	}
	return space[n%1024]
}

func main() {
	start()
	time.Sleep(50 * time.Millisecond)
	overwrite(3)
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
}
