// Timers: Sleep, After, AfterFunc, tickers; Stop and Reset leave no stale value; channels look unbuffered.
// want: sleep ok
// want: after ok
// want: func ok
// want: ticks 10
// want: stop true 0 0
// want: stale none
// want: reset ok
// want: reset pending true
// want: sum 28 early 0
// want: many 1000
// want: stopped 0
package main

import (
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	t0 := time.Now()
	time.Sleep(5 * time.Millisecond)
	if time.Since(t0) >= 5*time.Millisecond {
		println("sleep ok")
	}
	t0 = time.Now()
	at := <-time.After(5 * time.Millisecond)
	if at.Sub(t0) >= 5*time.Millisecond {
		println("after ok")
	}
	c := make(chan bool)
	time.AfterFunc(time.Millisecond, func() { c <- true })
	<-c
	println("func ok")
	tick := time.NewTicker(time.Millisecond)
	n := 0
	for range tick.C {
		if n++; n == 10 {
			break
		}
	}
	tick.Stop()
	println("ticks", n)

	// Due, never looked at: Stop still counts as being in time.
	t := time.NewTimer(time.Microsecond)
	time.Sleep(2 * time.Millisecond)
	println("stop", t.Stop(), len(t.C), cap(t.C))
	select {
	case <-t.C:
		println("stale value")
	case <-time.After(2 * time.Millisecond):
		println("stale none")
	}
	t.Reset(time.Millisecond)
	<-t.C
	println("reset ok")
	t.Reset(time.Hour)
	println("reset pending", t.Reset(time.Millisecond))
	<-t.C

	// Each sleeps until its time; on a busy machine several wake at once, in any order.
	var sum atomic.Int32
	late := make(chan bool, 8)
	for i := range 8 {
		due := time.Now().Add(time.Duration(3*i) * time.Millisecond)
		time.AfterFunc(time.Until(due), func() { sum.Add(int32(i)); late <- !time.Now().Before(due) })
	}
	early := 0
	for range 8 {
		if !<-late {
			early++
		}
	}
	println("sum", sum.Load(), "early", early)

	var wg sync.WaitGroup
	var fired atomic.Int32
	for i := range 1000 {
		wg.Add(1)
		time.AfterFunc(time.Duration(i%10)*time.Millisecond, func() { fired.Add(1); wg.Done() })
	}
	wg.Wait()
	println("many", fired.Load())

	// Goroutines that race a timer with Stop and Reset: after Stop, never a value.
	var bad atomic.Int32
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t := time.NewTimer(time.Hour)
			for i := range 300 {
				t.Reset(time.Duration(i%50) * time.Microsecond)
				if i%3 == 0 {
					time.Sleep(time.Duration(i%40) * time.Microsecond)
				}
				t.Stop()
				select {
				case <-t.C:
					bad.Add(1)
				default:
				}
			}
		}()
	}
	wg.Wait()
	println("stopped", bad.Load())
}
