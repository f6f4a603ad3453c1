package abi

// EscapeNonString lets v escape. Calls with values whose only pointers are strings are not compiled at all.
func EscapeNonString[T any](v T) { Escape(v) }
