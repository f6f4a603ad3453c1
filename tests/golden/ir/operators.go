// Operators and conversions that no other file here has.
package p

import "unsafe"

func integers(a, b int, p *int) (r int) {
	r = a | b         // IR:
	r = a ^ b         // IR:
	r = a &^ b        // IR:
	r = ^a            // IR:
	r = -a            // IR:
	if a <= b {       // IR:
	}
	if a >= b {       // IR:
	}
	return
}

func complexNumbers(a, b float64) float64 {
	c := complex(a, b)       // IR:
	return real(c) + imag(c) // IR:
}

func conversions(r rune, u uintptr, p unsafe.Pointer) (string, unsafe.Pointer, unsafe.Pointer) {
	s := string(r)         // IR:
	q := unsafe.Pointer(u) // IR:
	p = unsafe.Add(p, 8)   // IR:
	return s, p, q
}

func array() [2]int

func element() int { return array()[1] } // IR:

func concat(a, b string) string { return a + b } // IR:
