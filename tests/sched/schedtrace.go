// GODEBUG=schedtrace writes lines while the program sleeps and while it computes.
// want: SCHED *ms: gomaxprocs=* idleprocs=* threads=* spinningthreads=* needspinning=* idlethreads=* runqueue=* [ * ] schedticks=[ * ]
// want: SCHED *
// want: done*
// env: GODEBUG=schedtrace=20
package main

import "time"

func main() {
	time.Sleep(200 * time.Millisecond)
	for t := time.Now(); time.Since(t) < 200*time.Millisecond; {
	}
	println("done")
}
