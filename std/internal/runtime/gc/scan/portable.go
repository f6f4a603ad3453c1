package scan

import (
	"internal/runtime/gc"
	"unsafe"
)

// CanAVX512 says that the functions below that are named after vector instructions may be used for speed: they may not. With true the
// package's tests of them would run, and compare its Go code with itself.
func CanAVX512() bool { return false }

func ScanSpanPackedAVX512(mem unsafe.Pointer, bufp *uintptr, objMarks *gc.ObjMask, sizeClass uintptr, ptrMask *gc.PtrMask) (count int32) {
	return ScanSpanPackedGo(mem, bufp, objMarks, sizeClass, ptrMask)
}

func FilterNilAVX512(bufp *uintptr, n int32) int32 { return FilterNil(bufp, n) }

func ExpandAVX512(sizeClass int, packed *gc.ObjMask, unpacked *gc.PtrMask) {
	ExpandReference(sizeClass, packed, unpacked)
}
