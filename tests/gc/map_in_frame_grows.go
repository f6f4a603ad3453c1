// A map whose group lies in a frame gets a table while the collector marks: what only the map refers to stays alive.
//
// want: ok
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

type item struct {
	value int
	rest  [3]*item
}

//go:noinline
func grow(n int) int {
	m := map[int]*item{}
	for i := range 8 {
		m[i] = &item{value: n + i}
	}
	sum := 0
	for i := range 200 { // time for a cycle to begin
		sum += m[i%8].value
		if i%50 == 0 {
			runtime.Gosched()
		}
	}
	m[8] = &item{value: n + 8}
	for range 4 {
		_ = new([4]*item)
		runtime.Gosched()
	}
	for i := range 9 {
		if m[i].value != n+i {
			panic(fmt.Sprint("entry ", i, " is ", m[i].value))
		}
		sum += m[i].value
	}
	return sum
}

func main() {
	var stop atomic.Bool
	var group sync.WaitGroup
	for w := range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := 0; !stop.Load(); i++ {
				grow(w*1000 + i)
			}
		}()
	}
	for range 300 {
		runtime.GC()
	}
	stop.Store(true)
	group.Wait()
	fmt.Println("ok")
}
