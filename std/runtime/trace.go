package runtime

import "unsafe"

// Execution traces, in gc's format. runtime/trace in the C++ runtime records them; here is what programs and package
// runtime/trace call.

// StartTrace begins to record an execution trace. It fails when one is being recorded.
func StartTrace() error {
	if !startTrace() {
		return errorString("tracing is already enabled")
	}
	return nil
}

// StopTrace ends the recording and returns when all of it has been read.
func StopTrace() { traceAdvance(true) }

// ReadTrace returns the next part of a trace, and waits for it; nil at its end. The part is good until the next call. Only one
// goroutine at a time may read.
func ReadTrace() []byte {
	s := readTrace()
	if s == "" {
		return nil
	}
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

func startTrace() bool

// traceAdvance ends a generation of the trace, or the trace; package runtime/trace calls it too.
func traceAdvance(stopTrace bool)

func readTrace() string

func nanotime() int64

// SetCgoTraceback is for programs with C code.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}
