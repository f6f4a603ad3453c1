package main

import "math"

// Exp and Log to the last bit, for arguments of all sizes, as gc has them on processors that multiply and add in one step.
func main() {
	var sumExp, sumLog uint64
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
		e := math.Exp(f)
		if e != e {
			e = 7
		}
		sumExp = sumExp*31 + math.Float64bits(e)
		l := math.Abs(f)
		if l < 0x1p-1022 {
			continue
		}
		if l = math.Log(l); l != l {
			l = 7
		}
		sumLog = sumLog*31 + math.Float64bits(l)
	}
	println(sumExp, sumLog)
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
