// Loops that are vectors and are interrupted by goroutines that use the same registers: GOAMD64=v3 has the upper halves in use,
// too. Pointers are stored between, so that the write barrier's slow way runs while the collector does.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

type node struct {
	next *node
	sum  float64
}

var kept [8]*node

//go:noinline
func products(a, b []float64, turns int) float64 {
	x := [8]float64{}
	for range turns {
		for i := 0; i+8 <= len(a); i += 8 {
			for k := range 8 {
				x[k] += a[i+k] * b[i+k]
			}
		}
	}
	return x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7]
}

//go:noinline
func counts(a []int32, turns int) (n int32) {
	for t := range turns {
		for _, x := range a {
			n += x ^ int32(t)
		}
	}
	return n
}

func main() {
	runtime.GOMAXPROCS(2)
	a, b, c := make([]float64, 1000), make([]float64, 1000), make([]int32, 4000)
	for i := range a {
		a[i], b[i] = float64(i%7), float64(i%5)
	}
	for i := range c {
		c[i] = int32(i * 2654435761 >> 3)
	}
	const turns = 20000
	wantF, wantN := products(a, b, turns), counts(c, turns)
	var wg sync.WaitGroup
	for g := range len(kept) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 4 {
				if f := products(a, b, turns); f != wantF {
					fmt.Println("goroutine", g, "has", f, "instead of", wantF)
				}
				if n := counts(c, turns); n != wantN {
					fmt.Println("goroutine", g, "has", n, "instead of", wantN)
				}
				for range 1000 {
					kept[g] = &node{kept[g], float64(i)}
				}
				runtime.GC()
			}
		}()
	}
	wg.Wait()
	fmt.Println(wantF, wantN)
}
