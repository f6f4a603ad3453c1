// Loops that cut slices and strings from the front: pointers that are moved on without a choice, where what is left is used after
// the loop, where it is empty but has a capacity, where ways join, and where a check fails in a later turn.
package main

import (
	"fmt"
	"runtime"
	"unicode/utf8"
)

//go:noinline
func byThrees(dst, src []byte) (int, []byte, []byte) {
	sum := 0
	for len(src) >= 3 {
		_ = dst[3]
		v := uint(src[0])<<16 | uint(src[1])<<8 | uint(src[2])
		dst[0], dst[1], dst[2], dst[3] = byte(v>>18), byte(v>>12&63), byte(v>>6&63), byte(v&63)
		sum += int(v)
		src = src[3:]
		dst = dst[4:]
	}
	return sum, dst, src
}

//go:noinline
func byOnes(s []int32) (sum int32, rest []int32) {
	for len(s) > 0 {
		sum = sum*31 + s[0]
		s = s[1:]
	}
	return sum, s
}

//go:noinline
func plainSum(s []int64) (sum int64) {
	for len(s) != 0 {
		sum += s[0]
		s = s[1:]
	}
	return sum
}

//go:noinline
func runes(s string) (n int, rest string) {
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == '!' {
			return n, s
		}
		n = n*7 + int(r)
		s = s[size:]
	}
	return n, s
}

//go:noinline
func words(s string) (list []string) {
	for s != "" {
		if s[0] == ' ' {
			s = s[1:]
			continue
		}
		i := 1
		for i < len(s) && s[i] != ' ' {
			i++
		}
		list = append(list, s[:i])
		s = s[i:]
	}
	return append(list, s)
}

//go:noinline
func joined(s []byte) (n int, rest []byte) {
	for len(s) > 1 {
		switch s[0] & 3 {
		case 0:
			n += int(s[1])
			s = s[1:]
		case 1:
			n ^= int(s[1])
			s = s[2:]
		default:
			n++
			if len(s) < 4 {
				return n, s
			}
			s = s[4:]
		}
	}
	return n, s
}

// The length that is compared is not that of the slice that is cut.
//
//go:noinline
func byCount(s []byte, n int) (sum int, rest []byte) {
	for n > 0 {
		sum += int(s[0])
		s = s[1:]
		n--
	}
	return sum, s
}

//go:noinline
func two(a, b []uint16) (n int, x, y []uint16) {
	for len(a) >= 2 && len(b) >= 1 {
		n += int(a[0]) * int(b[0])
		a, b = a[2:], b[1:]
	}
	return n, a, b
}

//go:noinline
func limited(s []byte) (n int, rest []byte) {
	for len(s) > 2 {
		n = n*3 + int(s[2])
		s = s[2:len(s):len(s)]
	}
	return n, s
}

type node struct {
	name string
	next []*node
}

//go:noinline
func names(list []*node) (all string, rest []*node) {
	for len(list) > 0 {
		all += list[0].name
		list = list[1:]
		if len(all)%5 == 0 {
			runtime.GC()
		}
	}
	return all, list
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, r)
		}
	}()
	f()
}

func main() {
	bytes := make([]byte, 40, 50)
	for i := range bytes {
		bytes[i] = byte(i*37 + 11)
	}
	for n := range 12 {
		dst := make([]byte, 40)
		sum, d, s := byThrees(dst, bytes[:n])
		fmt.Println(sum, len(d), cap(d), len(s), cap(s), dst[:8])
		sum, d, s = byThrees(dst[:n/3*4:n/3*4], bytes[:n:n])
		fmt.Println(sum, len(d), cap(d), len(s), cap(s))
	}
	try("byThrees", func() { byThrees(make([]byte, 9), bytes) })

	numbers := []int32{5, -3, 8, 13, -21, 34}
	for n := range numbers {
		sum, rest := byOnes(numbers[:n])
		rest = append(rest, 1)
		fmt.Println(sum, len(rest), cap(rest), numbers)
		sum, rest = byOnes(numbers[:n:n])
		fmt.Println(sum, len(rest), cap(rest))
	}
	var wide []int64
	for i := range int64(1000) {
		wide = append(wide, i*i-77)
	}
	for _, n := range []int{0, 1, 2, 3, 7, 8, 9, 31, 64, 1000} {
		fmt.Println(plainSum(wide[:n]), plainSum(wide[1000-n:]))
	}
	for _, s := range []string{"", "a", "äöü", "abc!def", "日本語", "!"} {
		n, rest := runes(s)
		fmt.Printf("%d %q\n", n, rest)
	}
	fmt.Printf("%q %q %q\n", words(" some  words here "), words(""), words("x"))
	for n := range 20 {
		count, rest := joined(bytes[:n])
		fmt.Println(count, len(rest), cap(rest))
		count, rest = joined(bytes[n : n+n : n+n])
		fmt.Println(count, len(rest), cap(rest))
	}
	sum, rest := byCount(bytes[:9:9], 9)
	fmt.Println(sum, len(rest), cap(rest))
	try("byCount", func() { byCount(bytes[:5], 6) })
	left := []uint16{1, 2, 3, 4, 5, 6, 7}
	for n := range left {
		sum, x, y := two(left[:n], left[n:])
		fmt.Println(sum, len(x), cap(x), len(y), cap(y))
	}
	for n := range 9 {
		count, rest := limited(bytes[:n])
		fmt.Println(count, len(rest), cap(rest))
	}
	var list []*node
	for i := range 30 {
		list = append(list, &node{name: fmt.Sprint(i)})
	}
	all, gone := names(list[:30:30])
	fmt.Println(all, len(gone), cap(gone))
}
