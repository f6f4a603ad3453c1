// What a function has let go of is freed by the next collection that it asks for, whatever earlier calls left on the stack below it;
// what a goroutine knew that has ended, although its stack may be another's now; and what only an earlier turn of a loop knew.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
)

func inUse() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc >> 20)
}

func fill(megabytes int, free func()) {
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
	full := inUse()
	few := make([][]byte, 0, len(kept)/100)
	for i := 0; i < len(kept); i += 100 {
		few = append(few, kept[i])
	}
	kept = nil
	free()
	if left := inUse(); full < megabytes || left > megabytes/5 {
		fmt.Println(full, "MB in use, then", left)
	}
	runtime.KeepAlive(few)
}

type end struct {
	values chan int
	closed chan struct{}
}

func (e *end) close() { close(e.closed) }

// handOff: one goroutine takes a value and ends, the other waits until the first one's end of the channel is collected.
func handOff() {
	e := &end{make(chan int), make(chan struct{})}
	runtime.SetFinalizer(e, (*end).close)
	values, closed := e.values, e.closed
	go func() {
		select {
		case <-e.values:
		case <-time.After(time.Hour):
		}
	}()
	sent, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		values <- 1
		close(sent)
		select {
		case values <- 2:
			fmt.Println("somebody received")
		case <-closed:
		}
	}()
	<-sent
	for range 3 {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(20 * time.Second):
		}
	}
	fmt.Println("not collected")
}

type message struct {
	about *end
	err   error
}

// rounds: what the cases of a select were about in one turn of a loop is let go of in the next.
func rounds() {
	in, out, quit := make(chan *end), make(chan message), make(chan bool)
	go func() {
		for {
			select {
			case e := <-in:
				select {
				case out <- message{about: e}:
				case <-quit:
				}
			case <-quit:
				return
			}
		}
	}()
	e := &end{make(chan int), make(chan struct{})}
	runtime.SetFinalizer(e, (*end).close)
	closed := e.closed
	in <- e
	<-out
	// It may take a moment until the goroutine, woken by the receive, has run to its next turn.
	for range 3 {
		runtime.GC()
		select {
		case <-closed:
			quit <- true
			return
		case <-time.After(time.Second):
		}
	}
	fmt.Println("kept by a select that is over")
	quit <- true
}

// neighbours: an object that lies behind the block of small values, where the allocator's note of the block's end points.
func neighbours() {
	freed := make(chan bool, 1)
	for range 20 {
		done := make(chan bool)
		go func() {
			var behind *[2]uint
			for range 100 {
				for range 16 {
					small = new(byte)
				}
				behind = new([2]uint)
			}
			runtime.SetFinalizer(behind, func(*[2]uint) { freed <- true })
			close(done)
		}()
		<-done
		runtime.GC()
		select {
		case <-freed:
		case <-time.After(20 * time.Second):
			fmt.Println("a neighbour is kept")
			return
		}
	}
}

var small *byte

func main() {
	rounds()
	neighbours()
	fill(32, runtime.GC)
	fill(32, debug.FreeOSMemory)
	for range 20 {
		handOff()
	}
	fmt.Println("ok")
}
