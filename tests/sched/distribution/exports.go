// What the distribution's tests ask of gc's export_test.go and Burrow can give, under the name export_X for X: `run`, beside this
// file, puts it among them and changes their calls.
package runtime_test

import (
	"syscall"
	"time"
	"unsafe"
)

const export_PreemptMSupported = true

const export_TracebackInnerFrames = 50
const export_TracebackOuterFrames = 50

//go:linkname export_Goid runtime.goid
func export_Goid() uint64

// Sigisblocked: whether the calling thread blocks the signal.
func export_Sigisblocked(signal int) bool {
	var mask uint64
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, 0, 0, uintptr(unsafe.Pointer(&mask)), unsafe.Sizeof(mask), 0, 0)
	return mask>>(signal-1)&1 != 0
}

func export_Usleep(us uint32) { time.Sleep(time.Duration(us) * time.Microsecond) }

//go:linkname export_Nanotime runtime.nanotime
func export_Nanotime() int64

//go:linkname export_Entersyscall runtime.entersyscall
func export_Entersyscall()

//go:linkname export_Exitsyscall runtime.exitsyscall
func export_Exitsyscall()

//go:linkname lockOSCounts runtime.lockOSCounts
func lockOSCounts() uint64

func export_LockOSCounts() (external, internal uint32) {
	counts := lockOSCounts()
	return uint32(counts >> 32), uint32(counts)
}

//go:linkname export_SemNwait runtime.SemNwait
func export_SemNwait(s *uint32) uint32

//go:linkname export_Semacquire sync.runtime_Semacquire
func export_Semacquire(s *uint32)

//go:linkname export_Semrelease1 sync.runtime_Semrelease
func export_Semrelease1(s *uint32, handoff bool, skipframes int)

func export_Open(name *byte, mode, perm int32) int32 {
	fd, _, errno := syscall.Syscall(syscall.SYS_OPEN, uintptr(unsafe.Pointer(name)), uintptr(mode), uintptr(perm))
	if errno != 0 {
		return -1
	}
	return int32(fd)
}

func export_Close(fd int32) int32 {
	if syscall.Close(int(fd)) != nil {
		return -1
	}
	return 0
}

func export_Read(fd int32, p unsafe.Pointer, n int32) int32 {
	got, _, errno := syscall.Syscall(syscall.SYS_READ, uintptr(fd), uintptr(p), uintptr(n))
	if errno != 0 {
		return -int32(errno)
	}
	return int32(got)
}

func export_Write(fd uintptr, p unsafe.Pointer, n int32) int32 {
	got, _, errno := syscall.Syscall(syscall.SYS_WRITE, fd, uintptr(p), uintptr(n))
	if errno != 0 {
		return -int32(errno)
	}
	return int32(got)
}
