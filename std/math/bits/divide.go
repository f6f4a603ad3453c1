package bits

// Div64 returns the quotient and remainder of (hi, lo) divided by y: quo = (hi, lo)/y, rem = (hi, lo)%y, with the dividend
// bits' upper half in parameter hi and the lower half in parameter lo. It panics for y == 0 (division by zero) or y <= hi
// (quotient overflow).
func Div64(hi, lo, y uint64) (quo, rem uint64) {
	if y == 0 {
		panic(divideError)
	}
	if y <= hi {
		panic(overflowError)
	}
	return divide(hi, lo, y)
}

// divide is an instruction to the compiler (compiler/irgen/intrinsics.cpp), for hi < y.
func divide(hi, lo, y uint64) (quo, rem uint64)
