// Writes every kind of profile into the folder that it is given; tests/suites/profiles.sh reads them with gc's pprof. What
// each function is for is in its name.
package main

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

var (
	kept  [][]byte
	sink  *[64]byte
	spent uint32
)

//go:noinline
func keepMegabytes(n int) {
	for range n / 8 {
		kept = append(kept, make([]byte, 8<<20))
	}
}

//go:noinline
func dropSmall(n int) {
	for range n {
		sink = new([64]byte)
	}
}

// Inlined into its caller: a frame without a function of its own.
func inlinedAllocation() { kept = append(kept, make([]byte, 8<<20)) }

//go:noinline
func callsInlined() { inlinedAllocation() }

//go:noinline
func spendTime(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		x := spent | 1
		for range 200000 {
			x ^= x << 13
			x ^= x >> 17
			x ^= x << 5
		}
		spent = x
	}
}

//go:noinline
func holdLock(mu *sync.Mutex, d time.Duration) {
	mu.Lock()
	time.Sleep(d)
	mu.Unlock()
}

//go:noinline
func receive(c chan int) int { return <-c }

//go:noinline
func selectTwo(a, b chan int) {
	select {
	case <-a:
	case <-b:
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func create(name string) *os.File {
	f, err := os.Create(os.Args[1] + "/" + name)
	check(err)
	return f
}

func write(profile, name string, debug int) {
	f := create(name)
	check(pprof.Lookup(profile).WriteTo(f, debug))
	check(f.Close())
}

func main() {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)

	f := create("cpu")
	check(pprof.StartCPUProfile(f))
	if pprof.StartCPUProfile(f) == nil {
		panic("two CPU profiles at once")
	}
	// On two threads, one of them made while the profile is taken.
	var spenders sync.WaitGroup
	for range 2 {
		spenders.Go(func() {
			pprof.Do(context.Background(), pprof.Labels("request", "expensive"), func(context.Context) {
				spendTime(400 * time.Millisecond)
			})
		})
	}
	spenders.Wait()
	pprof.StopCPUProfile()
	check(f.Close())

	// A second one has nothing of the first.
	f = create("cpu2")
	check(pprof.StartCPUProfile(f))
	pprof.StopCPUProfile()
	check(f.Close())

	keepMegabytes(24)
	callsInlined()
	dropSmall(4000000)

	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { holdLock(&mu, 5*time.Millisecond) })
	}
	wg.Wait()

	c, d := make(chan int), make(chan int)
	go func() { time.Sleep(10 * time.Millisecond); c <- 1 }()
	receive(c)
	go func() { time.Sleep(10 * time.Millisecond); d <- 1 }()
	selectTwo(c, d)

	for range 3 {
		go receive(c)
	}
	for !waiting(3) {
		time.Sleep(time.Millisecond)
	}
	runtime.GC()
	for _, name := range []string{"heap", "allocs", "block", "mutex", "goroutine", "threadcreate", "goroutineleak"} {
		write(name, name, 0)
		write(name, name+".1", 1)
	}
	write("goroutine", "goroutine.2", 2)
}

// Whether n goroutines besides this one exist and are blocked in receive.
func waiting(n int) bool {
	records := make([]runtime.StackRecord, 100)
	total, _ := runtime.GoroutineProfile(records)
	for _, r := range records[:total] {
		frames := runtime.CallersFrames(r.Stack())
		parked := false
		for {
			frame, more := frames.Next()
			parked = parked || frame.Function == "runtime.chanrecv"
			if frame.Function == "main.receive" && parked {
				n--
			}
			if !more {
				break
			}
		}
	}
	return n == 0
}
