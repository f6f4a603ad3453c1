// What goroutines, channels, locks and timers cost: the program behind bench/sched.py. Each measurement is a line
// "name operations wall-ns cpu-ns". Arguments name the measurements wanted; none means all.
package main

import (
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

func cpu() int64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return r.Utime.Nano() + r.Stime.Nano()
}

//go:noinline
func deep(n int) byte {
	var buf [256]byte
	buf[n&255] = byte(n)
	if n == 0 {
		return buf[0]
	}
	return deep(n-1) + buf[n&255]
}

func spawn(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go wg.Done()
	}
	wg.Wait()
}

func spawnStack(n int) {
	done := make(chan byte, 64)
	for i := range n {
		go func() { done <- deep(4 + i&0) }()
		if i >= 64 {
			<-done
		}
	}
	for range min(64, n) {
		<-done
	}
}

func pingpong(n int) {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v
		}
		close(b)
	}()
	for i := range n {
		a <- i
		<-b
	}
	close(a)
}

func buffered(n int) {
	c := make(chan int, 128)
	go func() {
		for i := range n {
			c <- i
		}
		close(c)
	}()
	s := 0
	for v := range c {
		s += v
	}
}

func fan(workers int) func(n int) {
	return func(n int) {
		in, out := make(chan int, 16), make(chan int, 16)
		for range workers {
			go func() {
				for v := range in {
					out <- v * v
				}
			}()
		}
		go func() {
			for i := range n {
				in <- i
			}
			close(in)
		}()
		for range n {
			<-out
		}
	}
}

func select2(n int) {
	a, b, quit := make(chan int), make(chan int), make(chan bool)
	feed := func(c chan int) {
		for {
			select {
			case c <- 1:
			case <-quit:
				return
			}
		}
	}
	go feed(a)
	go feed(b)
	for range n {
		select {
		case <-a:
		case <-b:
		}
	}
	close(quit)
}

func select8(n int) {
	var c [8]chan int
	for i := range c {
		c[i] = make(chan int, 8)
	}
	for i := range n {
		c[i&7] <- i
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		case <-c[4]:
		case <-c[5]:
		case <-c[6]:
		case <-c[7]:
		}
	}
}

func selectDefault(n int) {
	c := make(chan int)
	for range n {
		select {
		case <-c:
		default:
		}
	}
}

func mutex(n int) {
	var mu sync.Mutex
	for range n {
		mu.Lock()
		mu.Unlock()
	}
}

func rwmutex(n int) {
	var mu sync.RWMutex
	for range n {
		mu.RLock()
		mu.RUnlock()
	}
}

func contended(workers int) func(n int) {
	return func(n int) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		count := 0
		for range workers {
			wg.Add(1)
			go func() {
				for range n / workers {
					mu.Lock()
					count++
					mu.Unlock()
				}
				wg.Done()
			}()
		}
		wg.Wait()
	}
}

func rwcontended(n int) {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		go func() {
			for i := range n / 4 {
				if w == 0 && i&15 == 0 {
					mu.Lock()
					mu.Unlock()
				} else {
					mu.RLock()
					mu.RUnlock()
				}
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func waitgroup(n int) {
	for range n / 8 {
		var wg sync.WaitGroup
		for range 8 {
			wg.Add(1)
			go wg.Done()
		}
		wg.Wait()
	}
}

func gosched(n int) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			for range n / 4 {
				runtime.Gosched()
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func cond(n int) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	turn := 0
	done := make(chan bool)
	player := func(me int) {
		mu.Lock()
		for range n / 2 {
			for turn != me {
				c.Wait()
			}
			turn = 1 - me
			c.Signal()
		}
		mu.Unlock()
		done <- true
	}
	go player(0)
	go player(1)
	<-done
	<-done
}

// Timers that are made, and stopped before they are due: deadlines.
func timers(n int) {
	ts := make([]*time.Timer, 0, n)
	for i := range n {
		ts = append(ts, time.AfterFunc(time.Hour+time.Duration(i*7919%n), func() {}))
	}
	for _, t := range ts {
		t.Stop()
	}
}

// Timers that fire.
func fire(n int) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		time.AfterFunc(time.Duration(i%100)*10*time.Microsecond, wg.Done)
	}
	wg.Wait()
}

func timerReset(n int) {
	t := time.NewTimer(time.Hour)
	for range n {
		t.Reset(time.Hour)
	}
	t.Stop()
}

func sleepers(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			time.Sleep(time.Millisecond)
			wg.Done()
		}()
	}
	wg.Wait()
}

// Not a time: bytes per goroutine that is parked on a channel, from the process's resident memory.
func parked(n int) {
	quit := make(chan bool)
	for range n {
		go func() { <-quit }()
	}
	for range 100 {
		runtime.Gosched()
	}
	before := resident
	resident = rss()
	println("parked", n, resident-before, resident-before)
	close(quit)
}

var resident = int64(0)

func rss() int64 {
	buf := make([]byte, 256)
	fd, err := syscall.Open("/proc/self/statm", syscall.O_RDONLY, 0)
	if err != nil {
		return 0
	}
	n, _ := syscall.Read(fd, buf)
	syscall.Close(fd)
	field, v := 0, int64(0)
	for _, c := range buf[:n] {
		if c == ' ' {
			field++
		} else if field == 1 {
			v = v*10 + int64(c-'0')
		}
	}
	return v * 4096
}

// System calls that block: a byte goes round through two pipes, whose ends the poller does not know.
func syscallHandoff(n int) {
	var there, back [2]int
	syscall.Pipe(there[:])
	syscall.Pipe(back[:])
	go func() {
		var b [1]byte
		for range n {
			syscall.Read(there[0], b[:])
			syscall.Write(back[1], b[:])
		}
	}()
	var b [1]byte
	for range n {
		syscall.Write(there[1], b[:])
		syscall.Read(back[0], b[:])
	}
	for _, fd := range []int{there[0], there[1], back[0], back[1]} {
		syscall.Close(fd)
	}
}

const connections = 1000

// n round trips of 64 bytes over 1,000 connections to a server in the same process; how long each took.
func echoTimes(n int) []time.Duration {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				var b [64]byte
				for {
					n, err := c.Read(b[:])
					if err != nil {
						return
					}
					c.Write(b[:n])
				}
			}()
		}
	}()
	times := make([]time.Duration, n/connections*connections)
	var wg sync.WaitGroup
	for i := range connections {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			panic(err)
		}
		own := times[i*(n/connections) : (i+1)*(n/connections)]
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer c.Close()
			var b [64]byte
			for i := range own {
				t := time.Now()
				c.Write(b[:])
				if _, err := c.Read(b[:]); err != nil {
					panic(err)
				}
				own[i] = time.Since(t)
			}
		}()
	}
	wg.Wait()
	return times
}

func echo(n int) { echoTimes(n) }

// Not the time of all but the 99th percentile of one round trip's.
func echoP99() {
	times := echoTimes(100 * connections)
	slices.Sort(times)
	p := int64(times[len(times)*99/100])
	println("echo-p99", 1, p, p)
}

var benchmarks = []struct {
	name string
	n    int
	run  func(int)
}{
	{"spawn", 300000, spawn},
	{"spawn-1K-stack", 200000, spawnStack},
	{"ping-pong", 300000, pingpong},
	{"buffered", 1000000, buffered},
	{"fan-1", 200000, fan(1)},
	{"fan-2", 200000, fan(2)},
	{"fan-4", 200000, fan(4)},
	{"fan-8", 200000, fan(8)},
	{"select-2", 200000, select2},
	{"select-8", 300000, select8},
	{"select-default", 5000000, selectDefault},
	{"mutex", 10000000, mutex},
	{"rwmutex", 5000000, rwmutex},
	{"mutex-contended-2", 10000000, contended(2)},
	{"mutex-contended-8", 10000000, contended(8)},
	{"rwmutex-contended", 5000000, rwcontended},
	{"waitgroup", 300000, waitgroup},
	{"gosched", 1000000, gosched},
	{"cond", 200000, cond},
	{"timers-1M", 1000000, timers},
	{"timers-fire", 100000, fire},
	{"timer-reset", 2000000, timerReset},
	{"sleepers", 50000, sleepers},
	{"syscall-handoff", 50000, syscallHandoff},
	{"echo-1000", 100000, echo},
}

func main() {
	wanted := func(name string) bool {
		for _, a := range os.Args[1:] {
			if a == name {
				return true
			}
		}
		return len(os.Args) == 1
	}
	for _, b := range benchmarks {
		if !wanted(b.name) {
			continue
		}
		b.run(b.n / 20)
		c, t := cpu(), time.Now()
		b.run(b.n)
		wall := time.Since(t)
		println(b.name, b.n, int64(wall), cpu()-c)
	}
	if wanted("echo-p99") {
		echoP99()
	}
	if wanted("parked") {
		resident = rss()
		parked(100000)
	}
}
