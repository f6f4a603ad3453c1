// Goroutines in loops that call nothing share one processor with everybody else, and can be stopped.
package main

import "runtime"

var (
	counter uint64
	table   [100]int
)

//go:noinline
func forever() {
	for {
	}
}

//go:noinline
func stores() {
	for i := 0; ; i++ {
		table[i%len(table)] = i
	}
}

// Registers of all kinds are alive while the loop is interrupted: a wrong one makes a wrong sum.
//
//go:noinline
func sums(a []float64, n int) (float64, int) {
	f, k := 0.0, 0
	for i := 0; i < n; i++ {
		for j, v := range a {
			f += v * a[i%len(a)]
			k += i ^ j
		}
	}
	return f, k
}

// A loop with two entries.
//
//go:noinline
func twoEntries(x int) int {
	n := uint(0)
	if x > 0 {
		goto second
	}
first:
	n += 2
	if n == 1 {
		return 1
	}
second:
	n += 2
	if n == 3 {
		return 2
	}
	goto first
}

func main() {
	runtime.GOMAXPROCS(1)
	go forever()
	go stores()
	go twoEntries(len(table))
	for i := 0; i < 3; i++ {
		runtime.Gosched()
	}
	println("main runs")
	done := make(chan bool)
	for i := 0; i < 2; i++ {
		go func() {
			a := []float64{1, 2, 3, 4, 5, 6, 7, 8}
			f, k := sums(a, 3000000)
			println(int64(f), k)
			done <- true
		}()
	}
	<-done
	<-done
	runtime.GOMAXPROCS(2)
	println("the world stopped and runs again")
}
