// Remainders that a loop counts along (codegen/remainders.cpp): first values, divisors and steps for which counting would differ
// from dividing, were it done carelessly.
package main

import "fmt"

//go:noinline
func ring(text, key []byte) string {
	out := make([]byte, 0, len(text))
	for i := range text {
		out = append(out, text[i]^key[i%len(key)])
	}
	return string(out)
}

//go:noinline
func from(start, turns, n int) (sum []int) {
	for i := start; i < start+turns; i++ {
		sum = append(sum, i%n)
	}
	return
}

//go:noinline
func unsigned(start, turns, n uint64) (sum []uint64) {
	for i, k := start, uint64(0); k < turns; i, k = i+1, k+1 {
		sum = append(sum, i%n)
	}
	return
}

//go:noinline
func narrow(n uint8) (sum []uint8) {
	for i, k := uint8(250), 0; k < 12; i, k = i+1, k+1 { // wraps round
		sum = append(sum, i%n)
	}
	return
}

//go:noinline
func neighbours(row []int) (sum int) {
	w := len(row)
	for x := range row {
		l, r := (x+w-1)%w, (x+1)%w
		sum = sum*31 + row[l]*7 + row[x] + row[r]*3
	}
	return
}

//go:noinline
func seldom(turns, n int) (sum []int) {
	for i := 0; i < turns; i++ {
		if i&3 == 3 {
			sum = append(sum, i%n)
		}
	}
	return
}

//go:noinline
func changing(turns, n int) (sum []int) {
	for i := 0; i < turns; i++ {
		sum = append(sum, i%n)
		if i == 4 {
			n = 2
		}
	}
	return
}

// What happens before the division stays, and nothing is divided in a loop that does not run or leaves first.
//
//go:noinline
func byZero(turns, n, leave int) (done []int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered:", r, done)
		}
	}()
	for i := 0; i < turns; i++ {
		done = append(done, i)
		if i == leave {
			break
		}
		done = append(done, 100+i%n)
	}
	return
}

//go:noinline
func outer(h, w, n int) (sum int) {
	for y := 0; y < h; y++ {
		for x := 0; x < w; x++ {
			sum = sum*3 + (x+1)%n*(y%n+1)
		}
		sum += y % w
	}
	return
}

func main() {
	fmt.Printf("%q\n", ring([]byte("remainders of a key"), []byte{1, 2, 3}))
	fmt.Printf("%q\n", ring([]byte("one"), []byte{32}))
	fmt.Printf("%q\n", ring(nil, nil))
	for _, n := range []int{1, 2, 3, 7, -1, -2, -3, 1 << 40, -1 << 63, 1<<63 - 1} {
		fmt.Println(n, from(0, 9, n), from(5, 4, n), from(-4, 9, n), from(1<<62, 3, n), from(1<<63-4, 3, n))
	}
	for _, n := range []uint64{1, 2, 3, 7, 1 << 63, 1<<64 - 1} {
		fmt.Println(n, unsigned(0, 9, n), unsigned(1<<64-3, 6, n), unsigned(1<<63-2, 5, n))
	}
	for _, n := range []uint8{1, 3, 7, 255} {
		fmt.Println(n, narrow(n))
	}
	for n := range 5 {
		row := []int{3, 1, 4, 1, 5}[:n]
		fmt.Println(n, neighbours(row), seldom(12, n+1), changing(8, n+3))
	}
	fmt.Println(byZero(0, 0, -1), byZero(3, 0, 0))
	byZero(3, 0, 1)
	byZero(3, 0, -1)
	fmt.Println(byZero(3, 2, -1), outer(5, 7, 3), outer(4, 4, -3), outer(1, 1, 1))
	func() {
		defer func() { fmt.Println(recover()) }()
		ring([]byte("x"), nil)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		outer(1, 1, 0)
	}()
}
