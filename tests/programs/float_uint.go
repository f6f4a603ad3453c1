// Conversions between uint64 and floats, of which that to uint64 takes a branch where the value is beyond int64, and square roots of
// float32, which are taken in 32 bits: every result to its last bit, by a digest that gc prints too.
package main

import (
	"fmt"
	"math"
)

//go:noinline
func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

//go:noinline
func toDouble(x uint64) float64 { return float64(x) }

//go:noinline
func toFloat(x uint64) float32 { return float32(x) }

//go:noinline
func fromDouble(x float64) uint64 { return uint64(x) }

//go:noinline
func fromFloat(x float32) uint64 { return uint64(x) }

func sums(xs []uint64) (d float64, f float32, back uint64) {
	for _, x := range xs {
		d += float64(x) * 0.5
		f += float32(x >> 3)
		back += uint64(float64(x) * 0.75)
	}
	return
}

func main() {
	var digest uint64 = 14695981039346656037
	mix := func(x uint64) { digest = (digest ^ x) * 1099511628211 }
	seed := uint64(88172645463325252)
	var last []uint64
	for range 200000 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		f, d := math.Float32frombits(uint32(seed)), math.Float64frombits(seed)
		if f == f { // the bits of a NaN are the processor's
			mix(uint64(math.Float32bits(sqrt32(float32(math.Abs(float64(f)))))))
		}
		for shift := 0; shift < 64; shift += 7 {
			x := seed >> shift
			mix(math.Float64bits(toDouble(x)))
			mix(uint64(math.Float32bits(toFloat(x))))
			mix(fromDouble(toDouble(x) * 0.875))
			mix(fromFloat(toFloat(x) * 0.875))
		}
		mix(fromDouble(d))
		mix(fromFloat(f))
		if len(last) < 1000 {
			last = append(last, seed)
		}
	}
	fmt.Println(digest)
	fmt.Println(sums(last))
	fmt.Println(sqrt32(2), sqrt32(-1), sqrt32(float32(math.Inf(1))), 1/sqrt32(float32(math.Copysign(0, -1))))
	fmt.Println(fromDouble(math.NaN()), fromDouble(math.Inf(1)), fromDouble(math.Inf(-1)), fromDouble(1<<63), fromDouble(-1), fromFloat(-2))
	fmt.Println(toDouble(1<<63), toDouble(1<<63-1), toDouble(math.MaxUint64), toFloat(math.MaxUint64), toDouble(1<<63+1025), toDouble(1<<63+1024))
}
