package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// Profiles as packages runtime and runtime/pprof present them. What they count is in C++, below runtime/profile; buckets and
// their stacks live outside of the heap for ever, so that records can refer to them.

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

// MemProfile returns what was allocated, by stack: n records, and whether p had room for them. It shows how things stood when the last
// collection but one ended marking; inuseZero asks for stacks whose objects are all freed, too.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) {
	records := make([]profilerecord.MemProfileRecord, len(p))
	n, ok = pprof_memProfileInternal(records, inuseZero)
	if !ok {
		return n, false
	}
	for i := range records[:n] {
		r := &records[i]
		p[i] = MemProfileRecord{
			AllocBytes: r.AllocObjects * r.ObjectSize, FreeBytes: r.FreeObjects * r.ObjectSize,
			AllocObjects: r.AllocObjects, FreeObjects: r.FreeObjects,
		}
		copy(p[i].Stack0[:], r.Stack)
	}
	return n, true
}

func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	n = memProfileRecords(unsafe.Pointer(unsafe.SliceData(p)), len(p), inuseZero)
	return n, n <= len(p)
}

func memProfileRecords(p unsafe.Pointer, room int, inuseZero bool) int

// SetBlockProfileRate: one blocking event per rate nanoseconds blocked is sampled; 1 samples all, 0 or less none.
func SetBlockProfileRate(rate int) { setBlockProfileRate(rate) }

func setBlockProfileRate(rate int)

// SetMutexProfileFraction: one in rate contentions of mutexes is sampled. Returns the old rate; a negative rate only asks.
func SetMutexProfileFraction(rate int) int { return setMutexProfileFraction(rate) }

func setMutexProfileFraction(rate int) int

// BlockProfile returns how long goroutines were blocked, by stack.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return blockRecords(p, false) }

// MutexProfile returns how long locks kept others waiting, by the stack that let them go.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return blockRecords(p, true) }

func blockRecords(p []BlockProfileRecord, mutexes bool) (n int, ok bool) {
	records := make([]profilerecord.BlockProfileRecord, len(p))
	n = blockProfileRecords(unsafe.Pointer(unsafe.SliceData(records)), len(records), mutexes)
	if n > len(p) {
		return n, false
	}
	for i := range records[:n] {
		r := &records[i]
		p[i].Count, p[i].Cycles = r.Count, r.Cycles
		clear(p[i].Stack0[copy(p[i].Stack0[:], r.Stack):])
	}
	return n, true
}

func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	n = blockProfileRecords(unsafe.Pointer(unsafe.SliceData(p)), len(p), false)
	return n, n <= len(p)
}

func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	n = blockProfileRecords(unsafe.Pointer(unsafe.SliceData(p)), len(p), true)
	return n, n <= len(p)
}

func blockProfileRecords(p unsafe.Pointer, room int, mutexes bool) int

// ThreadCreateProfile returns a record for each thread. Threads are created by the scheduler, on no goroutine's stack: the
// stacks are empty.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) {
	n = threadCount()
	if n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) {
	n = threadCount()
	if n > len(p) {
		return n, false
	}
	clear(p[:n])
	return n, true
}

func threadCount() int

// CPUProfile is what older programs called.
//
// Deprecated: see package runtime/pprof.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// profileDepth is how much of a goroutine's stack a profile shows.
const profileDepth = 128

// goroutineStacks stops the world and writes for at most n goroutines, the caller's first, profileDepth addresses each to
// pcs, and if labels is not nil the profiler labels. It returns how many there are. With leaked it looks only at those that
// the last detection of leaks found.
func goroutineStacks(pcs unsafe.Pointer, depth int, labels unsafe.Pointer, n int, leaked bool) int

// GoroutineProfile returns the stacks of all goroutines.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	var r StackRecord
	depth := len(r.Stack0)
	if len(p) == 0 {
		return NumGoroutine(), false
	}
	n = goroutineStacks(unsafe.Pointer(&p[0]), depth, nil, len(p), false)
	for i := range p[:min(n, len(p))] {
		stack := p[i].Stack0[:]
		clear(stack[len(untilZero(stack)):])
	}
	return n, n <= len(p)
}

func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	if len(p) == 0 || labels != nil && len(labels) != len(p) {
		return NumGoroutine(), false
	}
	return goroutineRecords(p, labels, false)
}

func goroutineRecords(p []profilerecord.StackRecord, labels []unsafe.Pointer, leaked bool) (n int, ok bool) {
	pcs := make([]uintptr, len(p)*profileDepth)
	n = goroutineStacks(unsafe.Pointer(&pcs[0]), profileDepth, unsafe.Pointer(unsafe.SliceData(labels)), len(p), leaked)
	if n > len(p) {
		return n, false
	}
	for i := range p[:n] {
		p[i].Stack = untilZero(pcs[i*profileDepth : (i+1)*profileDepth])
	}
	return n, true
}

func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	if len(p) == 0 || labels != nil && len(labels) != len(p) {
		return goroutineLeakCount(), false
	}
	return goroutineRecords(p, labels, true)
}

// Stacks here are complete already.
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

func pprof_makeProfStack() []uintptr { return make([]uintptr, profileDepth) }

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

//go:linkname pprof_FrameStartLine runtime/pprof.runtime_FrameStartLine
func pprof_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname pprof_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func pprof_FrameSymbolName(f *Frame) string { return f.symbol }

// A stack that was cut off at the profile's depth may end between a function and those that it was inlined into. These belong to one
// place of the profile, and are added.
//
//go:linkname pprof_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func pprof_expandFinalInlineFrame(stack []uintptr) []uintptr {
	var behind [8]uintptr
	for n := len(behind); n == len(behind) && len(stack) > 0; {
		n = inlinedInto(stack[len(stack)-1], unsafe.Pointer(&behind), len(behind))
		stack = append(stack[:len(stack):len(stack)], behind[:n]...)
	}
	return stack
}

//go:linkname pprof_setProfLabel runtime/pprof.runtime_setProfLabel
func pprof_setProfLabel(labels unsafe.Pointer) { setlabels(labels) }

//go:linkname pprof_getProfLabel runtime/pprof.runtime_getProfLabel
func pprof_getProfLabel() unsafe.Pointer { return getlabels() }

func setlabels(labels unsafe.Pointer)
func getlabels() unsafe.Pointer

//go:linkname pprof_goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func pprof_goroutineleakcount() int { return goroutineLeakCount() }

//go:linkname pprof_goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func pprof_goroutineLeakGC() {
	// A collection that is under way already does not count: the next one that begins is the one that looks.
	goroutineLeakWanted()
	for goroutineLeakPending() {
		GC()
	}
}

// See runtime/gc/leaks.cpp.
func goroutineLeakWanted()
func goroutineLeakPending() bool
func goroutineLeakCount() int

// ---- CPU profile

// SetCPUProfileRate begins a CPU profile with hz samples a second of processor time, or ends it with 0.
func SetCPUProfileRate(hz int) {
	if hz < 0 {
		hz = 0
	}
	if hz > 1000000 {
		hz = 1000000
	}
	if !setCPUProfileRate(hz) {
		print("runtime: cannot set cpu profile rate until previous profile has finished.\n")
	}
}

func setCPUProfileRate(hz int) bool
func cpuProfileWait() (words, tags int)
func cpuProfileTake(to unsafe.Pointer, n int, tags unsafe.Pointer) (words, records int)

//go:linkname pprof_readProfile runtime/pprof.readProfile
func pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	words, records := cpuProfileWait()
	if words < 0 {
		return nil, nil, true
	}
	data = make([]uint64, words)
	tags = make([]unsafe.Pointer, records)
	words, records = cpuProfileTake(unsafe.Pointer(unsafe.SliceData(data)), words, unsafe.Pointer(unsafe.SliceData(tags)))
	return data[:words], tags[:records], false
}

// What a sample is given to that belongs to no function of the program.

//go:noinline
func _System() { _System() }

//go:noinline
func _VDSO() { _VDSO() }
