package runtime

import "unsafe"

// What the library takes from the runtime and is easier said in Go: each function carries the symbol that the package which
// needs it looks for.

//go:linkname maps_clone maps.clone
func maps_clone(m any) any {
	e := (*eface)(unsafe.Pointer(&m))
	e.data = mapclone(e.typ, e.data)
	return m
}

func mapclone(t *rtype, m unsafe.Pointer) unsafe.Pointer

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(exitCode int) {
	if beforeExit != nil {
		beforeExit(exitCode)
	}
}

// beforeExit runs the exit functions of internal/runtime/exithook, in programs that have that package.
var beforeExit func(exitCode int)

func setBeforeExit(run func(exitCode int)) { beforeExit = run }

// haveHighResSleep says that sleeps of a millisecond are possible; time's tests ask.
var haveHighResSleep = true

// ---- cryptography

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(text string) { fatal(text) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(text string) { fatal(text) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(text string) { fatal(text) }

// goroutineFlags are small things that a goroutine carries for the library; newproc hands none of them on.
type goroutineFlags struct {
	fipsIndicator  uint8
	fipsOnlyBypass bool
}

func getgflags() *goroutineFlags

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return getgflags().fipsIndicator }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(indicator uint8) { getgflags().fipsIndicator = indicator }

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { getgflags().fipsOnlyBypass = true }

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return getgflags().fipsOnlyBypass }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { getgflags().fipsOnlyBypass = false }

// Data-independent timing is a mode of other processors; on this one there is nothing to switch.

//go:linkname dit_setEnabled crypto/subtle.setDITEnabled
func dit_setEnabled() bool { return false }

//go:linkname dit_setDisabled crypto/subtle.setDITDisabled
func dit_setDisabled() {}

//go:linkname cgroup_throw internal/runtime/cgroup.throw
func cgroup_throw(text string) { throw(text) }

// ---- runtime/debug, without what concerns memory

//go:linkname debug_setTraceback runtime/debug.SetTraceback
func debug_setTraceback(level string) { setTracebackLevel(level) }

func setTracebackLevel(level string)

//go:linkname debug_setMaxStack runtime/debug.setMaxStack
func debug_setMaxStack(n int) int { return setMaxStack(n) }

func setMaxStack(n int) int

//go:linkname debug_setMaxThreads runtime/debug.setMaxThreads
func debug_setMaxThreads(n int) int { return setMaxThreads(n) }

func setMaxThreads(n int) int

//go:linkname debug_setPanicOnFault runtime/debug.setPanicOnFault
func debug_setPanicOnFault(on bool) bool { return setPanicOnFault(on) }

func setPanicOnFault(on bool) bool

// setCrashFD names the file that a report of the crash goes to as well; -1: none.
func setCrashFD(fd uintptr) uintptr

//go:linkname debug_writeHeapDump runtime/debug.WriteHeapDump
func debug_writeHeapDump(fd uintptr) {
	const text = "runtime: heap dumps in gc's format are not supported; see burrow inspect\n"
	write(2, unsafe.Pointer(unsafe.StringData(text)), int32(len(text)))
}

//go:noescape
func write(fd uintptr, p unsafe.Pointer, n int32) int32

// ---- coverage

//go:linkname coverage_getCovCounterList internal/coverage/cfile.getCovCounterList
func coverage_getCovCounterList() []covCounterBlob {
	var all []covCounterBlob
	for _, list := range covCounters {
		all = append(all, list...)
	}
	return all
}

// covCounters are the counters of each covered package, a blob for each of its functions.
var covCounters [][]covCounterBlob

// addCovCounters is called by a covered package before any of its other code.
func addCovCounters(list []covCounterBlob) { covCounters = append(covCounters, list) }

// covCounterBlob has internal/coverage/rtcov's layout.
type covCounterBlob struct {
	counters *uint32
	len      uint64
}
