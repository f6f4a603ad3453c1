package constanttime

import "unsafe"

// boolToUint8 is 1 for true, without a branch: a bool is a byte that holds 0 or 1.
func boolToUint8(b bool) uint8 { return *(*uint8)(unsafe.Pointer(&b)) }
