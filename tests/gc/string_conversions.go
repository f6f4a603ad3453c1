// Conversions whose result is only looked at, or stays in its function, allocate nothing; the others allocate once. What they
// give is right in either case, also when the collector runs at every allocation.
//
// want: ok
package main

import "runtime"

var sink string
var sinkBytes []byte

func check(what string, ok bool) {
	if !ok {
		println("not as it should be:", what)
	}
}

// Other goroutines may allocate meanwhile, so that the number is that of nearly all rounds.
func allocates(what string, want uint64, f func()) {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 200 {
		f()
	}
	runtime.ReadMemStats(&after)
	check(what, (after.Mallocs-before.Mallocs)/200 == want)
}

//go:noinline
func length(s string) int { return len(s) }

//go:noinline
func change(b []byte) int { b[0] = 'J'; return len(b) }

//go:noinline
func empty(full bool) []byte {
	b := []byte("")
	if full {
		b = []byte("full")
	}
	return b
}

func main() {
	b := []byte("hello, world")
	s := "hello, world"
	m := map[string]int{s: 1}
	n := 0
	allocates("compare", 0, func() {
		if string(b) == s {
			n++
		}
	})
	allocates("lookup", 0, func() { n += m[string(b)] })
	allocates("switch", 0, func() {
		switch string(b) {
		case "x":
			n++
		case "hello, world":
			n += 2
		}
	})
	allocates("string as argument", 0, func() { n += length(string(b)) })
	allocates("bytes as argument", 0, func() { n += change([]byte(s)) })
	allocates("range", 0, func() {
		for _, c := range []byte(s) {
			n += int(c)
		}
	})
	allocates("concatenation", 0, func() { n += length(s + "!" + s[:2]) })
	allocates("rune", 0, func() { n += length(string(rune(n & 0xfff))) })
	allocates("runes", 0, func() { n += len([]rune(s)) })
	allocates("constant", 0, func() { n += change([]byte("longer than the buffer that other conversions have in the frame")) })
	allocates("string kept", 1, func() { sink = string(b) })
	allocates("bytes kept", 1, func() { sinkBytes = []byte("abc") })
	allocates("grown by zeros", 1, func() { sinkBytes = append(sinkBytes[:3:3], make([]byte, len(b))...) })
	check("contents", sink == s && string(sinkBytes[:3]) == "abc" && sinkBytes[14] == 0)
	check("empty", len(empty(false)) == 0 && empty(false) != nil && string(empty(true)) == "full")

	// Changed between the conversion and the use.
	old := string(b)
	b[0] = 'H'
	check("changed", old == "hello, world" && string(b) == "Hello, world")
	var parts []string
	for i := range 3 {
		parts = append(parts, "x"+string(b[i:i+2]))
		t := "y" + string(b[i:i+3])
		if len(t) > 3 {
			sink = t[:2]
		}
	}
	check("parts", parts[0] == "xHe" && parts[1] == "xel" && parts[2] == "xll" && sink == "yl")
	k := -1
	func() {
		defer func() { check("panic", recover().(error).Error() == "runtime error: makeslice: len out of range") }()
		_ = append(sinkBytes, make([]byte, k)...)
	}()
	println("ok")
}
