package runtime

import _ "unsafe" // for go:linkname

// The Go side of bubbles (testing/synctest): what panics, defers or passes Go values. The rest is C++.

// synctestBubble is opaque here.
type synctestBubble struct{ _ byte }

func synctestNew() *synctestBubble
func synctestLoop(b *synctestBubble, f func()) int
func synctestEnd(b *synctestBubble)
func synctestWait1() int
func synctestBubbleOf() *synctestBubble
func synctestSetBubble(b *synctestBubble)
func synctestActive(b *synctestBubble, delta int)

// synctestDeadlockError is what Run panics with when goroutines of the bubble wait for ever.
type synctestDeadlockError struct {
	reason string
	bubble *synctestBubble
}

func (e synctestDeadlockError) Error() string { return e.reason }

// bubbleOfDeadlock is the bubble that the panic's value says is stuck, or nil.
func bubbleOfDeadlock(v any) *synctestBubble {
	if e, ok := v.(synctestDeadlockError); ok {
		return e.bubble
	}
	return nil
}

//go:linkname synctestRun internal/synctest.Run
func synctestRun(f func()) {
	b := synctestNew()
	if b == nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	defer synctestEnd(b)
	switch synctestLoop(b, f) {
	case 1:
		panic(synctestDeadlockError{"deadlock: main bubble goroutine has exited but blocked goroutines remain", b})
	case 2:
		panic(synctestDeadlockError{"deadlock: all goroutines in bubble are blocked", b})
	}
}

//go:linkname synctestWait internal/synctest.Wait
func synctestWait() {
	switch synctestWait1() {
	case 1:
		panic("goroutine is not in a bubble")
	case 2:
		panic("wait already in progress")
	}
}

// synctest_acquire keeps the calling goroutine's bubble busy until synctest_release.
//
//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	if b := synctestBubbleOf(); b != nil {
		synctestActive(b, 1)
		return b
	}
	return nil
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(bubble any) {
	synctestActive(bubble.(*synctestBubble), -1)
}

// synctest_inBubble runs f as if its goroutine were one of the bubble's.
//
//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(bubble any, f func()) {
	if synctestBubbleOf() != nil {
		panic("goroutine is already bubbled")
	}
	synctestSetBubble(bubble.(*synctestBubble))
	defer synctestSetBubble(nil)
	f()
}
