// A concatenation of one string that is not empty is that string, without a copy. When the string lies in a frame, of whatever
// piece of the stack, and the result outlives the frame, it must be a copy all the same.
package main

var kept string

//go:noinline
func join(s, rest string) string { return s + rest }

//go:noinline
func joinDeeper(n int, s, rest string) string {
	var room [100]int
	room[n%100] = n
	if n > 0 {
		r := joinDeeper(n-1, s, rest)
		if room[n%100] != n {
			panic("frame overwritten")
		}
		return r
	}
	return join(s, rest)
}

// The bytes become a string in the frame of the innermost call.
//
//go:noinline
func frameString(n, deeper int, b []byte, rest string) string {
	var room [100]int
	room[n%100] = n
	if n > 0 {
		r := frameString(n-1, deeper, b, rest)
		if room[n%100] != n {
			panic("frame overwritten")
		}
		return r
	}
	s := string(b)
	return joinDeeper(deeper, s, rest)
}

//go:noinline
func overwrite(n int) int {
	var a [64]int
	for i := range a {
		a[i] = 0x5858585858585858 + n
	}
	if n > 0 {
		return overwrite(n-1) + a[n%64]
	}
	return a[n]
}

func main() {
	done := make(chan bool)
	for outer := 0; outer < 3000; outer += 500 {
		for deeper := range 40 {
			go func() {
				kept = frameString(outer, deeper, []byte("hello"), "")
				overwrite(4000)
				done <- kept == "hello"
			}()
			if !<-done {
				println(outer, deeper, kept)
			}
		}
	}
	println("ok")
}
