// Values in interfaces that need no memory of their own are still what they were.
package main

import (
	"fmt"
	"math"
	"testing"
)

type name struct{ s string }
type list struct{ l []int }
type flag struct{ b bool }

// These are larger than their only word.
type float struct {
	f float32
	_ [0]struct{}
}
type long struct {
	n uint64
	_ struct{}
}

//go:noinline
func box[T any](v T) any { return v }

var kept any

func main() {
	for _, s := range []string{"", "a", "ab"} {
		fmt.Printf("%q %q\n", box(s), box(name{s}))
	}
	for _, l := range [][]int{nil, {}, {1}, make([]int, 0, 4)} {
		a, b := box(l).([]int), box(list{l}).(list).l
		fmt.Println(a == nil, len(a), cap(a), b == nil, len(b), cap(b))
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 5e-324, 255 * 5e-324, 256 * 5e-324, 1, math.NaN(), math.Inf(-1)} {
		fmt.Printf("%x %v ", math.Float64bits(box(f).(float64)), box(f) == box(f))
		fmt.Printf("%x\n", math.Float32bits(box(float32(f)).(float32)))
	}
	fmt.Println(box(flag{true}), box(flag{}), box(uint16(255)), box(uint16(256)), box(int32(-1)), box(int64(7)), box('x'))
	for _, f := range []float32{0, -1.25, math.Float32frombits(200), float32(math.Inf(1))} {
		b, c := box(float{f: f}), box(long{n: uint64(math.Float32bits(f))})
		fmt.Println(b, b == box(float{f: f}), c, c == box(long{n: uint64(math.Float32bits(f))}))
	}
	empty, none, zero := "", []int(nil), 0.0
	fmt.Println(testing.AllocsPerRun(100, func() { kept = box(empty); kept = box(none); kept = box(zero) }))
	fmt.Println(testing.AllocsPerRun(100, func() { kept = box("xy"[:len(empty)+1]); kept = box(zero + 1) }))
}
