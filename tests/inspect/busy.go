// A program that never stands still: calls that grow the stack, maps, channels, deferred calls and recovered panics, sorting, formatting
// and collections, so that it can be interrupted in any of them. It ends when its input does.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
)

//go:noinline
func deep(n int, s []int) int {
	var block [40]int
	block[n%40] = n
	if n == 0 {
		return len(s)
	}
	return deep(n-1, s) + block[n%40]
}

//go:noinline
func recovers(n int) (out int) {
	defer func() {
		if e := recover(); e != nil {
			out = n
		}
	}()
	var p *int
	if n%2 == 0 {
		return *p
	}
	return []int{1, 2}[n%5]
}

func texts(n int) int {
	m := map[string]int{}
	for i := range 50 {
		m[fmt.Sprintf("key %d of %d", i, n)] += i
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, strings.ToUpper(k))
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(b, a) })
	return len(keys)
}

func loop() (sum uint64) {
	x := uint64(88172645463325252)
	for range 20000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		sum += x % 1000
	}
	return sum
}

func work(n int, done <-chan struct{}, pass chan int) {
	for i := 0; ; i++ {
		select {
		case <-done:
			return
		default:
		}
		deep(i%300, make([]int, i%100))
		recovers(i)
		texts(i)
		loop()
		select {
		case pass <- i:
		case <-pass:
		default:
			runtime.Gosched()
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { deep(200, nil) })
		}
		wg.Wait()
	}
}

func main() {
	done, pass := make(chan struct{}), make(chan int, 1)
	for i := range 4 {
		go work(i, done, pass)
	}
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
	close(done)
}
