package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// Profiles as packages runtime and runtime/pprof present them. Goroutine profiles are real; there are no sampled ones
// (allocations, blocking, mutexes, CPU) yet: those are empty.

// MemProfileRate is how many bytes are allocated per sample of the memory profile.
var MemProfileRate int = 512 * 1024

// A StackRecord is one stack, ended by a zero when it is shorter than the array.
type StackRecord struct {
	Stack0 [32]uintptr
}

// Stack is the filled part.
func (r *StackRecord) Stack() []uintptr { return untilZero(r.Stack0[:]) }

// A MemProfileRecord counts the sampled objects that one stack allocated.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes is what was allocated and not freed.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects is the same in objects.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack is the filled part of Stack0.
func (r *MemProfileRecord) Stack() []uintptr { return untilZero(r.Stack0[:]) }

// A BlockProfileRecord counts how often and how long one stack was blocked.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

func untilZero(pcs []uintptr) []uintptr {
	for i, pc := range pcs {
		if pc == 0 {
			return pcs[:i]
		}
	}
	return pcs
}

// MemProfile returns the memory profile: n records, and whether p had room for them.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// SetBlockProfileRate: one blocking event per rate nanoseconds blocked is sampled.
func SetBlockProfileRate(rate int) {}

// BlockProfile returns the blocking profile.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

var mutexProfileFraction int

// SetMutexProfileFraction: one in rate contentions of mutexes is sampled. Returns the old rate; a negative rate only asks.
func SetMutexProfileFraction(rate int) int {
	old := mutexProfileFraction
	if rate >= 0 {
		mutexProfileFraction = rate
	}
	return old
}

// MutexProfile returns the profile of contended mutexes.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// ThreadCreateProfile returns the stacks that created threads.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

// CPUProfile is what older programs called.
//
// Deprecated: see package runtime/pprof.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// profileDepth is how much of a goroutine's stack a profile shows.
const profileDepth = 128

// goroutineStacks stops the world and writes for at most n goroutines, the caller's first, profileDepth addresses each to
// pcs, and if labels is not nil the profiler labels. It returns how many there are.
func goroutineStacks(pcs unsafe.Pointer, depth int, labels unsafe.Pointer, n int) int

// GoroutineProfile returns the stacks of all goroutines.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	var r StackRecord
	depth := len(r.Stack0)
	if len(p) == 0 {
		return NumGoroutine(), false
	}
	n = goroutineStacks(unsafe.Pointer(&p[0]), depth, nil, len(p))
	return n, n <= len(p)
}

func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	if len(p) == 0 || labels != nil && len(labels) != len(p) {
		return NumGoroutine(), false
	}
	pcs := make([]uintptr, len(p)*profileDepth)
	n = goroutineStacks(unsafe.Pointer(&pcs[0]), profileDepth, unsafe.Pointer(unsafe.SliceData(labels)), len(p))
	if n > len(p) {
		return n, false
	}
	for i := range p[:n] {
		p[i].Stack = untilZero(pcs[i*profileDepth : (i+1)*profileDepth])
	}
	return n, true
}

func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) { return 0, true }

// Stacks here are complete already.
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

func pprof_makeProfStack() []uintptr { return make([]uintptr, profileDepth) }

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

//go:linkname pprof_FrameStartLine runtime/pprof.runtime_FrameStartLine
func pprof_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprof_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprof_FrameSymbolName(f *Frame) string { return f.Function }

//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stack []uintptr) []uintptr { return stack }

//go:linkname pprof_setProfLabel runtime/pprof.runtime_setProfLabel
func pprof_setProfLabel(labels unsafe.Pointer) { setlabels(labels) }

//go:linkname pprof_getProfLabel runtime/pprof.runtime_getProfLabel
func pprof_getProfLabel() unsafe.Pointer { return getlabels() }

func setlabels(labels unsafe.Pointer)
func getlabels() unsafe.Pointer

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return 0 }

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() { GC() }

// ---- CPU profile: begun and ended, without samples in between

var cpuProfileHz, cpuProfileHeader int

// SetCPUProfileRate begins a CPU profile with hz samples a second, or ends it with 0.
func SetCPUProfileRate(hz int) {
	if hz < 0 {
		hz = 0
	}
	if hz > 1000000 {
		hz = 1000000
	}
	if hz != 0 && cpuProfileHz != 0 {
		print("runtime: cannot set cpu profile rate until previous profile has finished.\n")
		return
	}
	cpuProfileHz = hz
	if hz != 0 {
		cpuProfileHeader = hz
	}
}

//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	eof = cpuProfileHz == 0
	if hz := cpuProfileHeader; hz != 0 {
		cpuProfileHeader = 0
		return []uint64{3, 0, uint64(hz)}, []unsafe.Pointer{nil}, eof
	}
	return nil, nil, eof
}
