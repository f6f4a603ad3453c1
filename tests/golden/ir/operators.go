// Operators and conversions that no other file here has.
package p

import "unsafe"

func integers(a, b int, p *int) (r int) {
	r = a | b         // IR: or store
	r = a ^ b         // IR: xor store
	r = a &^ b        // IR: andnot store
	r = ^a            // IR: com store
	r = -a            // IR: neg store
	if a <= b {       // IR: le branch jump
	}
	if a >= b {       // IR: ge branch jump
	}
	return
}

func complexNumbers(a, b float64) float64 {
	c := complex(a, b)       // IR: local<complex128> complex store
	return real(c) + imag(c) // IR: load real load imag add return
}

func conversions(r rune, u uintptr, p unsafe.Pointer) (string, unsafe.Pointer, unsafe.Pointer) {
	s := string(r)         // IR: local<string> convert rune2string store
	q := unsafe.Pointer(u) // IR: local<unsafe.Pointer> inttoptr store
	p = unsafe.Add(p, 8)   // IR: load ptradd store
	return s, p, q
}

func array() [2]int

func element() int { return array()[1] } // IR: call@p.array element return

func concat(a, b string) string { return a + b } // IR: concat return
