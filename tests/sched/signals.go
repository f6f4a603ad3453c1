// os/signal: delivery, Ignore, Reset, Stop; NotifyContext; many signals.
// want: got user defined signal 1
// want: ignored true
// want: not ignored
// want: context true
// want: counted true
// want: after stop: nothing
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func raise(s syscall.Signal) { syscall.Kill(syscall.Getpid(), s) }

func main() {
	c := make(chan os.Signal, 100)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2)
	raise(syscall.SIGUSR1)
	println("got", (<-c).String())

	signal.Ignore(syscall.SIGHUP)
	raise(syscall.SIGHUP)
	println("ignored", signal.Ignored(syscall.SIGHUP))
	signal.Notify(c, syscall.SIGHUP)
	raise(syscall.SIGHUP)
	<-c
	println("not ignored")

	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	raise(syscall.SIGINT)
	<-ctx.Done()
	println("context", ctx.Err() == context.Canceled)
	cancel()

	n := 0
	for i := 0; i < 50; i++ {
		raise(syscall.SIGUSR2)
		select {
		case <-c:
			n++
		case <-time.After(time.Second):
		}
	}
	println("counted", n == 50)
	signal.Stop(c)
	raise(syscall.SIGUSR1)
	select {
	case <-c:
		println("after stop: a signal")
	case <-time.After(5 * time.Millisecond):
		println("after stop: nothing")
	}
}
