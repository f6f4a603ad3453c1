package runtime

import "unsafe"

// The panics of compiled code and of the C++ runtime. The values are made here because they are Go values; gopanic (C++) does
// the rest.

var (
	shiftError    error = errorString("negative shift amount")
	divideError   error = errorString("integer divide by zero")
	overflowError error = errorString("integer overflow")
	floatError    error = errorString("floating point error")
	memoryError   error = errorString("invalid memory address or nil pointer dereference")
)

func panicIndex(x int, y int)     { panic(boundsError{int64(x), y, boundsIndex}) }
func panicIndexU(x uint, y int)   { panic(boundsError{int64(x), y, boundsIndex | boundsUnsigned}) }
func panicSliceAlen(x int, y int) { panic(boundsError{int64(x), y, boundsSliceAlen}) }
func panicSliceAlenU(x uint, y int) {
	panic(boundsError{int64(x), y, boundsSliceAlen | boundsUnsigned})
}
func panicSliceAcap(x int, y int) { panic(boundsError{int64(x), y, boundsSliceAcap}) }
func panicSliceAcapU(x uint, y int) {
	panic(boundsError{int64(x), y, boundsSliceAcap | boundsUnsigned})
}
func panicSliceB(x int, y int)     { panic(boundsError{int64(x), y, boundsSliceB}) }
func panicSliceBU(x uint, y int)   { panic(boundsError{int64(x), y, boundsSliceB | boundsUnsigned}) }
func panicSlice3Alen(x int, y int) { panic(boundsError{int64(x), y, boundsSlice3Alen}) }
func panicSlice3AlenU(x uint, y int) {
	panic(boundsError{int64(x), y, boundsSlice3Alen | boundsUnsigned})
}
func panicSlice3Acap(x int, y int) { panic(boundsError{int64(x), y, boundsSlice3Acap}) }
func panicSlice3AcapU(x uint, y int) {
	panic(boundsError{int64(x), y, boundsSlice3Acap | boundsUnsigned})
}
func panicSlice3B(x int, y int)      { panic(boundsError{int64(x), y, boundsSlice3B}) }
func panicSlice3BU(x uint, y int)    { panic(boundsError{int64(x), y, boundsSlice3B | boundsUnsigned}) }
func panicSlice3C(x int, y int)      { panic(boundsError{int64(x), y, boundsSlice3C}) }
func panicSlice3CU(x uint, y int)    { panic(boundsError{int64(x), y, boundsSlice3C | boundsUnsigned}) }
func panicSliceConvert(x int, y int) { panic(boundsError{int64(x), y, boundsConvert}) }

func panicshift()    { panic(shiftError) }
func panicdivide()   { panic(divideError) }
func panicoverflow() { panic(overflowError) }
func panicfloat()    { panic(floatError) }
func panicmem()      { panic(memoryError) }

func panicmemAddr(addr uintptr) {
	panic(errorAddressString{"invalid memory address or nil pointer dereference", addr})
}

func panicErrorString(text string)          { panic(errorString(text)) }
func panicPlainError(text string)           { panic(plainError(text)) }
func panicTypeText(text string, typ *rtype) { panic(errorString(text + typestring(typ))) }

func panicTypeAssertion(iface, concrete, asserted *rtype, missingMethod string) {
	panic(&TypeAssertionError{iface, concrete, asserted, missingMethod})
}

func newPanicNilError() any { return new(PanicNilError) }

// States of a range-over-func loop, kept by the code that the compiler makes for its body.
const (
	rangeDone         = 0
	rangePanic        = 2
	rangeExhausted    = 3
	rangeMissingPanic = 4
)

func panicrangestate(state int) {
	switch state {
	case rangeDone:
		panic(errorString("range function continued iteration after function for loop body returned false"))
	case rangePanic:
		panic(errorString("range function continued iteration after loop body panic"))
	case rangeExhausted:
		panic(errorString("range function continued iteration after whole loop exit"))
	case rangeMissingPanic:
		panic(errorString("range function recovered a loop body panic and did not resume panicking"))
	}
	throw("unexpected state passed to panicrangestate")
}

// unreachableMethod stands in method tables for methods that the link step found unused.
func unreachableMethod() { throw("unreachable method called. linker bug?") }

func throw(text string)
func fatal(text string)

// wrapperName is the name of the function that called its caller's caller, "main.(*T).M".
func callerName(skip int) string

// panicwrap: the wrapper (*T).M of a method of T was called with a nil pointer.
func panicwrap() {
	name := callerName(1)
	open := 0
	for open < len(name) && name[open] != '(' {
		open++
	}
	end := open
	for end < len(name) && name[end] != ')' {
		end++
	}
	if open == 0 || end+2 >= len(name) || name[open+1] != '*' {
		throw("panicwrap: unexpected function name")
	}
	pkg, typ, method := name[:open], name[open+2:end], name[end+1:] // with their dots
	panic(plainError("value method " + pkg + typ + method + " called using nil *" + typ + " pointer"))
}

// ---- what an unrecovered panic prints

type stringer interface{ String() string }

// panicValueText asks an error or stringer for its text, before the world is stopped.
func panicValueText(v any) (text string, ok bool) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		const what = "panic while printing panic value"
		if s, isString := r.(string); isString {
			throw(what + ": " + s)
		}
		throw(what + ": type " + typestring((*eface)(unsafe.Pointer(&r)).typ))
	}()
	switch v := v.(type) {
	case error:
		return v.Error(), true
	case stringer:
		return v.String(), true
	}
	return "", false
}

// printindented prints s with its second and further lines indented.
func printindented(s string)

func typekind(t *rtype) int

// printpanicval prints 21 and "x" bare, but main.Celsius(21), main.Name("x") and (main.Point) 0xc000012345.
func printpanicval(v any) {
	e := (*eface)(unsafe.Pointer(&v))
	if e.typ == nil {
		print("nil")
		return
	}
	name, p, kind := typestring(e.typ), e.data, typekind(e.typ)
	begin, end := "(", ")"
	switch kind {
	case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14:
	case 15, 16: // complex, which is printed with parentheses
		begin, end = "", ""
	case 24: // string
		begin, end = `("`, `")`
	default:
		print("(", name, ") ", p)
		return
	}
	defined := false // a predeclared type's name has no package
	for i := range len(name) {
		defined = defined || name[i] == '.'
	}
	if defined {
		print(name, begin)
	}
	switch kind {
	case 1:
		print(*(*bool)(p))
	case 2, 6:
		print(*(*int64)(p))
	case 3:
		print(*(*int8)(p))
	case 4:
		print(*(*int16)(p))
	case 5:
		print(*(*int32)(p))
	case 7, 11, 12:
		print(*(*uint64)(p))
	case 8:
		print(*(*uint8)(p))
	case 9:
		print(*(*uint16)(p))
	case 10:
		print(*(*uint32)(p))
	case 13:
		print(*(*float32)(p))
	case 14:
		print(*(*float64)(p))
	case 15:
		print(*(*complex64)(p))
	case 16:
		print(*(*complex128)(p))
	case 24:
		printindented(*(*string)(p))
	}
	if defined {
		print(end)
	}
}
