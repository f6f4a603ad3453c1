package math

// What is in assembly for amd64: Exp in runtime/stdlib/exp_amd64.cpp, Log here. Both round as the assembly does.

const haveArchExp, haveArchLog = true, true

func archExp(x float64) float64

// archLog is log, but for how a number is taken apart, which log can do with subnormal ones too. The method is FreeBSD's e_log.c:
// x = 2**k (1+f), and with s = f/(2+f) the logarithm of 1+f is a polynomial in s*s.
func archLog(x float64) float64 {
	const (
		fraction = 1<<52 - 1
		half     = 0x3fe
		ln2High  = 6.93147180369123816490e-01
		ln2Low   = 1.90821492927058770002e-10
		c1       = 6.666666666666735130e-01
		c2       = 3.999999999940941908e-01
		c3       = 2.857142874366239149e-01
		c4       = 2.222219843214978396e-01
		c5       = 1.818357216161805012e-01
		c6       = 1.531383769920937332e-01
		c7       = 1.479819860511658591e-01
	)
	bits := Float64bits(x)
	if bits-(fraction+1) >= 0x7fe<<52 {
		return log(x) // not positive, subnormal, an infinity, no number
	}
	f := Float64frombits(bits&fraction | half<<52)
	k := float64(int(bits>>52) - half)
	if f <= Sqrt2/2 {
		f *= 2
		k--
	}
	f--
	s := f / (2 + f)
	s2 := s * s
	s4 := s2 * s2
	odd := s2 * (c1 + s4*(c3+s4*(c5+s4*c7)))
	even := s4 * (c2 + s4*(c4+s4*c6))
	square := 0.5 * f * f
	return k*ln2High - ((square - (s*(square+(odd+even)) + k*ln2Low)) - f)
}
