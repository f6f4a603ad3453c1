package scan

import (
	"internal/runtime/gc"
	"unsafe"
)

// CanAVX512 says that the functions below, which are named after vector instructions, may be called: they ask for no processor. That
// they are no faster than others is said by HasFastScanSpanPacked.
func CanAVX512() bool { return true }

func ScanSpanPackedAVX512(mem unsafe.Pointer, bufp *uintptr, objMarks *gc.ObjMask, sizeClass uintptr, ptrMask *gc.PtrMask) (count int32) {
	return ScanSpanPackedGo(mem, bufp, objMarks, sizeClass, ptrMask)
}

func FilterNilAVX512(bufp *uintptr, n int32) int32 { return FilterNil(bufp, n) }

func ExpandAVX512(sizeClass int, packed *gc.ObjMask, unpacked *gc.PtrMask) {
	ExpandReference(sizeClass, packed, unpacked)
}
