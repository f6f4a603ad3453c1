package runtime

// A coro is the coroutine behind iter.Pull; C++ (runtime/sched/coro.cpp) makes it and switches.
type coro struct {
	gp                   uintptr // the goroutine to switch to
	f                    func(*coro)
	mp                   uintptr
	lockedExt, lockedInt uint32
}

func coroself() *coro
func coroexit(c *coro)

func corostart() {
	c := coroself()
	defer coroexit(c)
	c.f(c)
}
