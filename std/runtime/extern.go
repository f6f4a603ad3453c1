package runtime

import "unsafe"

const (
	GOOS   = "linux"
	GOARCH = "amd64"
	// By this name the library looks for what a compiler can be asked: go/build, go/importer, internal/testenv.
	Compiler = "gc"
)

// buildVersion is set by the build.
var buildVersion string

// Version is the Go version whose language and library the program was built with.
func Version() string { return buildVersion }

// defaultGOROOT is where the library was when the program was built: the build sets it, unless paths are trimmed.
var defaultGOROOT string

// GOROOT is the value of the environment variable, or where the library was when the program was built.
func GOROOT() string {
	if dir := getenv("GOROOT"); dir != "" {
		return dir
	}
	return defaultGOROOT
}

func getenv(name string) string

// Gosched lets other goroutines run.
func Gosched()

// Goexit ends the calling goroutine after running its deferred calls.
func Goexit()

// GOMAXPROCS sets how many goroutines run at the same time, when n > 0, and returns the old number.
func GOMAXPROCS(n int) int

// SetDefaultGOMAXPROCS goes back to the number that the program would have started with.
func SetDefaultGOMAXPROCS()

// NumCPU is the number of CPUs that the process could use when it started.
func NumCPU() int

// NumGoroutine is the number of goroutines that exist, the runtime's own not counted.
func NumGoroutine() int

// NumCgoCall is the number of calls into C that were made.
func NumCgoCall() int64 { return 0 }

// LockOSThread ties the goroutine to its thread until as many calls of UnlockOSThread, or to its end.
func LockOSThread()
func UnlockOSThread()

// Breakpoint executes a breakpoint trap.
func Breakpoint()

// Stack writes the calling goroutine's stack trace, or all goroutines', into buf and returns the number of bytes.
//
//go:noinline
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	return stackText(unsafe.Pointer(&buf[0]), len(buf), all)
}

//go:noescape
func stackText(buf unsafe.Pointer, n int, all bool) int

// KeepAlive: x is reachable at least up to here.
//
//go:noinline
func KeepAlive(x any) {}
