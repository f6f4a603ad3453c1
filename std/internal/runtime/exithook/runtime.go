package exithook

import _ "unsafe" // for go:linkname

//go:linkname setBeforeExit runtime.setBeforeExit
func setBeforeExit(run func(exitCode int))

//go:linkname gosched runtime.Gosched
func gosched()

//go:linkname goid runtime.goid
func goid() uint64

//go:linkname throw runtime.throw
func throw(text string)

func init() {
	Gosched, Goid, Throw = gosched, goid, throw
	setBeforeExit(Run)
}
