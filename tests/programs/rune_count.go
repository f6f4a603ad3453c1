package main

import (
	"runtime"
	"strings"
	"sync"
)

var texts = []string{"", "a", "héllo", "日本語", "\xff\xfe", "a\xc3", "\xed\xa0\x80", "x\U0010ffffy", strings.Repeat("ñ", 100)}

//go:noinline
func count(s string) int { return len([]rune(s)) }

func twice(s string) (int, bool) {
	r := []rune(s)
	return len(r) + len(r), len(r) > 2
}

//go:noinline
func kept(s string) []rune {
	r := []rune(s)
	if len(r) == 3 {
		return r
	}
	return nil
}

//go:noinline
func where(depth int) (string, int) {
	if depth > 0 {
		return where(depth - 1)
	}
	return place()
}

// place is inlined, and so is what it calls.
func place() (string, int) { return inner(1) }

func inner(skip int) (string, int) {
	var pcs [3]uintptr
	n := runtime.Callers(skip, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	names, lines := "", 0
	for {
		f, more := frames.Next()
		names += f.Function[strings.LastIndexByte(f.Function, '.')+1:] + " "
		lines = lines*100 + f.Line
		if !more {
			return names, lines
		}
	}
}

func main() {
	for _, s := range texts {
		n, more := twice(s)
		println(count(s), n, more, len(kept(s)), cap([]rune(s)) >= count(s))
	}

	// What is said of an address is the same whoever else asks.
	name, line := where(2)
	println(name, line)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				if n, l := where(i % 50); n != name || l != line {
					// The callers differ once there are none of where's own.
					if i%50 > 1 {
						panic(n)
					}
				}
				if i%500 == g {
					runtime.GC()
				}
			}
		})
	}
	wg.Wait()
}
