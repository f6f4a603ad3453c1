// All that the scheduler does, at once, while it is traced: os.Args[1] is where the trace goes.
package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"time"
)

type node struct{ l, r *node }

func tree(d int) *node {
	if d == 0 {
		return &node{}
	}
	return &node{tree(d - 1), tree(d - 1)}
}

var keep [8]*node

func main() {
	f, _ := os.Create(os.Args[1])
	pprof.StartCPUProfile(io.Discard)
	trace.Start(f)
	ctx, task := trace.NewTask(context.Background(), "the task")
	trace.Log(ctx, "category", "a message")
	end := time.Now().Add(400 * time.Millisecond)
	var wg sync.WaitGroup
	run := func(f func(i int)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; time.Now().Before(end); i++ {
				f(i)
			}
		}()
	}
	for k := range 3 {
		run(func(i int) { keep[k] = tree(12) })
	}
	run(func(i int) { runtime.GOMAXPROCS(1 + i%4); time.Sleep(5 * time.Millisecond) })
	run(func(i int) { // threads that end
		c := make(chan bool)
		go func() { runtime.LockOSThread(); time.Sleep(time.Millisecond); c <- true }()
		<-c
	})
	run(func(i int) {
		next, stop := iter.Pull(iter.Seq[int](func(yield func(int) bool) {
			for i := 0; i < 10; i++ {
				if i%2 == 0 {
					runtime.Gosched()
				}
				if !yield(i) {
					return
				}
			}
		}))
		for range i % 12 {
			next()
		}
		stop()
	})
	var mu sync.RWMutex
	for range 4 {
		run(func(i int) {
			if i%5 == 0 {
				mu.Lock()
				os.Stdout.Write(nil)
				mu.Unlock()
			} else {
				mu.RLock()
				mu.RUnlock()
			}
			if i%100 == 0 {
				time.Sleep(time.Microsecond)
			}
		})
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				var b [100]byte
				for {
					n, err := c.Read(b[:])
					if err != nil {
						c.Close()
						return
					}
					c.Write(b[:n])
				}
			}()
		}
	}()
	for range 3 {
		run(func(i int) {
			c, err := net.Dial("tcp", ln.Addr().String())
			if err != nil {
				panic(err)
			}
			var b [100]byte
			for range 20 {
				c.Write(b[:])
				c.Read(b[:])
			}
			c.Close()
		})
	}
	run(func(i int) { // blocking reads of a file: system calls
		b, _ := os.ReadFile("/proc/self/status")
		_ = b
	})
	run(func(i int) {
		tm := time.AfterFunc(time.Duration(i%3)*time.Millisecond, func() {})
		select {
		case <-time.After(time.Millisecond):
		case <-time.After(2 * time.Millisecond):
		}
		tm.Stop()
	})
	trace.WithRegion(ctx, "the region", wg.Wait)
	task.End()
	trace.Stop()
	pprof.StopCPUProfile()
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	if ms.NumGC == 0 {
		panic("no collection")
	}
	fmt.Println("done")
}
