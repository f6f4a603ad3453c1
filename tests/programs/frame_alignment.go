// What lies in a frame has 16 bytes of alignment at most, also where a loop looks at all of an array of 32 bytes at once.
package main

import "fmt"

type key []byte

func (private key) public() key {
	k := make(key, 32)
	copy(k, private[32:])
	return k
}

func equal(x, y key) bool {
	if len(x) != len(y) {
		return false
	}
	var v byte
	for i := range x {
		v |= x[i] ^ y[i]
	}
	return v == 0
}

//go:noinline
func same(private, public, another key) (a, b bool) {
	return equal(public, private.public()), equal(public, another)
}

// Frames of two sizes, of which the sum is no multiple of 32: one or the other call finds a frame at each place.
//
//go:noinline
func small(private, public key, x int) (a, b bool) {
	words := [2]int{x, x + 1}
	a, b = same(private, public, private)
	return a, b && *at(&words, 1) == 0
}

//go:noinline
func large(private, public key, x int) (a, b bool) {
	words := [4]int{x, x + 1, x + 2, x + 3}
	a, b = same(private, public, private)
	return a, b && *at((*[2]int)(words[2:]), 1) == 0
}

//go:noinline
func at(words *[2]int, i int) *int { return &words[i] }

func main() {
	private := make(key, 64)
	for i := range private {
		private[i] = byte(i)
	}
	fmt.Println(same(private, private[32:], private))
	fmt.Println(small(private, private[32:], 1))
	fmt.Println(large(private, private[32:], 1))
}
