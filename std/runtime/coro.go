package runtime

// A coro is the coroutine behind iter.Pull; C++ (runtime/sched/coro.cpp) switches.
type coro struct {
	gp                   uintptr // the goroutine to switch to
	f                    func(*coro)
	mp                   uintptr
	lockedExt, lockedInt uint32
}

func coronew(c *coro, start func())
func coroself() *coro
func coroexit(c *coro)

// newcoro makes a coroutine that will run f, and does not start it.
func newcoro(f func(*coro)) *coro {
	c := &coro{f: f}
	coronew(c, corostart)
	return c
}

func corostart() {
	c := coroself()
	defer coroexit(c)
	c.f(c)
}
