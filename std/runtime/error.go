// Package runtime is the part of Burrow's runtime that is written in Go: the errors that run-time panics carry, the exported
// functions, and what needs Go's own types. Everything below it is C++; functions without a body are defined there under the
// same symbol.
package runtime

import "unsafe"

// Error marks the errors that the runtime itself panics with.
type Error interface {
	error
	// RuntimeError does nothing; having it is what makes a type a runtime error.
	RuntimeError()
}

// rtype is a type descriptor; only C++ looks inside.
type rtype struct{ _ [48]byte }

func typestring(t *rtype) string
func typepkgpath(t *rtype) string

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *rtype // static type of the operand, or nil
	concrete      *rtype // type of the value in it, or nil
	asserted      *rtype
	missingMethod string // one method that asserted needs and concrete lacks
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	from := "interface"
	if e._interface != nil {
		from = typestring(e._interface)
	}
	to := typestring(e.asserted)
	if e.concrete == nil {
		return "interface conversion: " + from + " is nil, not " + to
	}
	have := typestring(e.concrete)
	if e.missingMethod != "" {
		return "interface conversion: " + have + " is not " + to + ": missing method " + e.missingMethod
	}
	text := "interface conversion: " + from + " is " + have + ", not " + to
	if have == to {
		if typepkgpath(e.concrete) != typepkgpath(e.asserted) {
			return text + " (types from different packages)"
		}
		return text + " (types from different scopes)"
	}
	return text
}

// errorString is a run-time error whose text follows "runtime error: ".
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError is a run-time error without that prefix.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// errorAddressString is a memory fault whose address is known (debug.SetPanicOnFault).
type errorAddressString struct {
	text string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}
func (e errorAddressString) Error() string { return "runtime error: " + e.text }
func (e errorAddressString) Addr() uintptr { return e.addr }

// A PanicNilError is what panic(nil) panics with.
type PanicNilError struct {
	_ [0]*PanicNilError // like no other struct, so that no conversion leads here
}

func (*PanicNilError) RuntimeError() {}
func (*PanicNilError) Error() string { return "runtime error: panic called with nil argument" }

// boundsError is an index or slice expression out of range: x is the offending value, y the bound that it broke.
type boundsError struct {
	x    int64
	y    int
	code boundsCode
}

// boundsCode is as wide as it is so that there is no gap in a boundsError: two of them are compared as memory.
type boundsCode int

const (
	boundsIndex      boundsCode = iota // s[x]
	boundsSliceAlen                    // s[?:x], checked against the length
	boundsSliceAcap                    // s[?:x], checked against the capacity
	boundsSliceB                       // s[x:y]
	boundsSlice3Alen                   // s[?:?:x]
	boundsSlice3Acap                   // s[?:?:x]
	boundsSlice3B                      // s[?:x:y]
	boundsSlice3C                      // s[x:y:?]
	boundsConvert                      // slice to array of length x

	boundsUnsigned boundsCode = 16 // x are the bits of a uint64
)

func (e boundsError) RuntimeError() {}

// The texts by code, with "\x00" where x and "\x01" where y stands; for a negative x, which no bound is told with, the second.
// Data, because what would be code is a good part of a program that prints one line.
var boundsTexts = [...][2]string{
	boundsIndex:      {"index out of range [\x00] with length \x01", "index out of range [\x00]"},
	boundsSliceAlen:  {"slice bounds out of range [:\x00] with length \x01", "slice bounds out of range [:\x00]"},
	boundsSliceAcap:  {"slice bounds out of range [:\x00] with capacity \x01", "slice bounds out of range [:\x00]"},
	boundsSliceB:     {"slice bounds out of range [\x00:\x01]", "slice bounds out of range [\x00:]"},
	boundsSlice3Alen: {"slice bounds out of range [::\x00] with length \x01", "slice bounds out of range [::\x00]"},
	boundsSlice3Acap: {"slice bounds out of range [::\x00] with capacity \x01", "slice bounds out of range [::\x00]"},
	boundsSlice3B:    {"slice bounds out of range [:\x00:\x01]", "slice bounds out of range [:\x00:]"},
	boundsSlice3C:    {"slice bounds out of range [\x00:\x01:]", "slice bounds out of range [\x00::]"},
	boundsConvert:    {"cannot convert slice with length \x01 to array or pointer to array with length \x00"},
}

func (e boundsError) Error() string {
	texts := &boundsTexts[e.code&^boundsUnsigned]
	negative := e.code&boundsUnsigned == 0 && e.x < 0 && texts[1] != ""
	text, value := texts[0], uint64(e.x)
	if negative {
		text, value = texts[1], -value
	}
	result, from := "runtime error: ", 0
	for i := 0; i < len(text); i++ {
		var number string
		switch text[i] {
		case 0:
			number = itoa(value, negative)
		case 1:
			number = itoa(uint64(e.y), false)
		default:
			continue
		}
		result += text[from:i] + number
		from = i + 1
	}
	return result + text[from:]
}

// itoa is v in decimal, with a sign when negative. Once in a program, for the reason above.
//
//go:noinline
func itoa(v uint64, negative bool) string {
	var digits [21]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + v%10)
		v /= 10
		if v == 0 {
			break
		}
	}
	if negative {
		i--
		digits[i] = '-'
	}
	return string(digits[i:])
}

// eface is an interface value without methods, taken apart.
type eface struct {
	typ  *rtype
	data unsafe.Pointer
}
