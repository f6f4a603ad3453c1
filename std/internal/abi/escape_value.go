package abi

// EscapeNonString lets v escape. (gc's compiler spares values whose only pointers are strings.)
func EscapeNonString[T any](v T) { Escape(v) }
