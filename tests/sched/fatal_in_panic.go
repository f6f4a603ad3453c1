// A fatal error in a deferred call that a panic runs: the panic is told first.
//
// exit: 2
// want: panic: runtime.errorString("invalid memory address or nil pointer dereference") [recovered, repanicked]
// want: 	fatal error: sync: unlock of unlocked mutex
// want: *
package main

import "sync"

func main() {
	var mu sync.Mutex
	defer mu.Unlock()
	defer func() { panic(recover()) }()
	var p *int
	*p = 1
}
