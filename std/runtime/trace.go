package runtime

import "unsafe"

// Execution traces are not recorded: starting one fails, and what programs log for it goes nowhere.

// StartTrace begins to record an execution trace.
func StartTrace() error { return errorString("tracing is not supported") }

// StopTrace ends the recording.
func StopTrace() {}

// ReadTrace returns the next part of a trace, nil at its end.
func ReadTrace() []byte { return nil }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, regionType string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}

//go:linkname trace_clockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func trace_clockUnitsPerSecond() uint64 { return 1e9 }

func traceAdvance(stopTrace bool) {}

func traceClockNow() uint64 { return uint64(nanotime()) }

func nanotime() int64

// SetCgoTraceback is for programs with C code.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}
