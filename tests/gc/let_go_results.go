// What a call returned in memory, or a channel gave, is let go of when the same place waits for the next one.
//
// want: 78 78 0
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

type thing struct {
	next *thing
	pad  [5]int
}

type many struct {
	first, second *thing
	rest          []*thing
}

var made, gone atomic.Int64

func newThing() *thing {
	made.Add(1)
	t := new(thing)
	runtime.AddCleanup(t, func(int) { gone.Add(1) }, 0)
	return t
}

// recv is what waits: for ever, when it is called for the last time.
//
//go:noinline
func recv(c chan int) (many, error) {
	if <-c == 0 {
		return many{newThing(), newThing(), []*thing{newThing()}}, nil
	}
	return many{}, nil
}

var sum atomic.Int64

func results(c chan int) {
	for {
		m, err := recv(c)
		if err != nil {
			return
		}
		sum.Add(int64(m.first.pad[0] + m.second.pad[1] + m.rest[0].pad[2]))
		done <- true
	}
}

func received(c chan *thing) {
	for {
		sum.Add(int64((<-c).pad[0]))
		done <- true
	}
}

func receivedMany(c chan many) {
	for {
		m := <-c
		sum.Add(int64(m.rest[0].pad[0]))
		done <- true
	}
}

func receivedOk(c chan many) {
	for m, ok := <-c; ok; m, ok = <-c {
		sum.Add(int64(m.second.pad[0]))
		done <- true
	}
}

// used leaves its things where the frames of what is called after it will be.
//
//go:noinline
func used(n int) int {
	a := [8]*thing{newThing(), newThing(), newThing(), newThing(), newThing(), newThing(), newThing(), newThing()}
	total := 0
	for i := range a {
		total += a[(i+n)%len(a)].pad[i%5]
	}
	return total
}

// unwritten waits for its first result, at a place that others have used before.
func unwritten(c chan int) {
	sum.Add(int64(used(1) + used(2)))
	done <- true
	results(c)
}

// recvAround waits for results of which only some words are pointers.
//
//go:noinline
func recvAround(c chan int) (before [6]int, err error, after [6]int) {
	before[0], after[5] = <-c, 1
	return
}

//go:noinline
func resultsAround(c chan int) {
	before, err, after := recvAround(c)
	if err == nil {
		sum.Add(int64(before[0] + after[5]))
	}
}

func unwrittenAround(c chan int) {
	sum.Add(int64(used(3) + used(4)))
	done <- true
	resultsAround(c)
}

type around struct {
	before [4]int
	thing  *thing
	after  [8]int
}

//go:noinline
func receivedAround(c chan around) {
	x := <-c
	sum.Add(int64(x.before[1] + x.thing.pad[1] + x.after[7]))
}

func unwrittenReceived(c chan around) {
	sum.Add(int64(used(5) + used(6)))
	done <- true
	receivedAround(c)
}

var done = make(chan bool)

func main() {
	numbers, things, manys, oks, first := make(chan int), make(chan *thing), make(chan many), make(chan many), make(chan int)
	go results(numbers)
	go received(things)
	go receivedMany(manys)
	go receivedOk(oks)
	go unwritten(first)
	<-done
	go unwrittenAround(first)
	<-done
	go unwrittenReceived(make(chan around))
	<-done
	for range 3 {
		numbers <- 0
		<-done
		things <- newThing()
		<-done
		manys <- many{newThing(), newThing(), []*thing{newThing()}}
		<-done
		oks <- many{newThing(), newThing(), []*thing{newThing()}}
		<-done
	}
	for range 100 {
		runtime.GC()
		if gone.Load() == made.Load() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println(made.Load(), gone.Load(), sum.Load())
}
