package main

import "math"

// Log to the last bit, for arguments of all sizes, and values of Exp; its last bits, of which processors have two kinds, are in
// tests/runtime_hosted/exp_test.cpp.
func main() {
	var sum uint64
	x := uint64(88172645463325252)
	next := func() uint64 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		return x
	}
	for i := range 200000 {
		bits := next()
		f := math.Float64frombits(bits)
		if i%4 != 0 {
			f = (float64(bits>>11)/(1<<53) - 0.5) * 1500
		}
		l := math.Abs(f)
		if l < 0x1p-1022 {
			continue
		}
		if l = math.Log(l); l != l {
			l = 7
		}
		sum = sum*31 + math.Float64bits(l)
	}
	println(sum)
	inf := math.Inf(1)
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1, inf, -inf, math.NaN(), 709.7827128933839, 709.7827128933841, 710, -708, -708.5,
		-720, -744.4, -745.1, -745.2, -746, -1e300, 1e300, 1e-300, 5e-324, 0x1p-1022, math.MaxFloat64} {
		println(f, math.Exp(f))
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1, inf, -inf, math.NaN(), math.Sqrt2 / 2, math.Sqrt2, 10, 1 / 3.0, 0x1p-1022, math.MaxFloat64} {
		println(f, math.Log(f), math.Log2(f), math.Log10(f), math.Log1p(f))
	}
	println(math.Pow(1.5, 2.5), math.Sinh(3), math.Gamma(4.5), math.Exp2(3.25))
}
