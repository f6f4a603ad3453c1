package runtime

import "unsafe"

// A Cleanup is a function that is to run after an object became unreachable.
type Cleanup struct {
	id  uint64
	ptr uintptr // of the object; an integer, so that it keeps nothing alive
}

// AddCleanup calls cleanup(arg) in a goroutine of the runtime's own some time after *ptr became unreachable. An object can
// have several cleanups. arg must not point to the object: it could never become unreachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	at := unsafe.Pointer(ptr)
	if at == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	a := any(arg)
	if e := (*eface)(unsafe.Pointer(&a)); e.typ != nil && isPointer(e.typ) {
		if e.data == at {
			panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
		}
		if withinObject(at, e.data) {
			panic("runtime.AddCleanup: ptr is within arg, cleanup will never run")
		}
	}
	fn := func() { cleanup(arg) }
	return Cleanup{addcleanup(at, *(*unsafe.Pointer)(unsafe.Pointer(&fn))), uintptr(at)}
}

// blockUntilEmptyFinalizerQueue waits until all finalizers that are due have run, at most timeout nanoseconds; it reports
// whether they have. The library's tests use it, and its brother for cleanups under their packages' names.
func blockUntilEmptyFinalizerQueue(timeout int64) bool {
	return waitFor(finalizerQueueEmpty, timeout)
}

//go:linkname unique_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return waitFor(cleanupQueueEmpty, timeout)
}

//go:linkname sync_test_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func sync_test_blockUntilEmptyCleanupQueue(timeout int64) bool {
	return waitFor(cleanupQueueEmpty, timeout)
}

// waitFor lets others run until done, or the time, is over.
func waitFor(done func() bool, timeout int64) bool {
	for start := nanotime(); nanotime()-start < timeout; {
		if done() {
			return true
		}
		Gosched()
	}
	return false
}

func finalizerQueueEmpty() bool
func cleanupQueueEmpty() bool

const (
	kindPointer       = 22
	kindUnsafePointer = 26
)

func isPointer(typ *rtype) bool {
	kind := typekind(typ)
	return kind == kindPointer || kind == kindUnsafePointer
}

// withinObject reports whether p points into the object of the heap that at points into.
func withinObject(at, p unsafe.Pointer) bool

// Stop cancels the cleanup unless the object was already found unreachable.
func (c Cleanup) Stop() {
	if c.id != 0 {
		stopcleanup(c.ptr, c.id)
	}
}

func addcleanup(object, fn unsafe.Pointer) uint64
func stopcleanup(object uintptr, id uint64)

// A Pinner keeps objects where they are and alive until Unpin. Objects never move here, so that a reference is enough.
type Pinner struct {
	refs *[]any
}

// Pin keeps the object that pointer points to.
func (p *Pinner) Pin(pointer any) {
	if typ := (*eface)(unsafe.Pointer(&pointer)).typ; typ == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	} else if !isPointer(typ) {
		panicTypeText("runtime.Pinner: argument is not a pointer: ", typ)
	}
	if p.refs == nil {
		p.refs = new([]any)
		pinnerLive(unsafe.Pointer(p.refs), 1)
	}
	*p.refs = append(*p.refs, pointer)
}

// Unpin lets go of all that Pin was called with.
func (p *Pinner) Unpin() {
	if p.refs != nil {
		pinnerLive(unsafe.Pointer(p.refs), -1)
		p.refs = nil
	}
}

// pinnerLive adds the list to, or takes it from, what the collector starts from: a pinned object lives although nobody
// refers to the Pinner any more.
func pinnerLive(refs unsafe.Pointer, delta int)
