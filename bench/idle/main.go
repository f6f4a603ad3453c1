// Does nothing: goroutines that sleep, wait for a channel, for a connection and for a signal. bench/idle.py counts how often its
// threads wake up.
package main

import (
	"net"
	"os"
	"os/signal"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go l.Accept()
	go func() { <-make(chan int, 1) }()
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go func() { <-c }()
	var s []byte
	for range 1000 {
		s = make([]byte, 10000)
	}
	_ = s
	time.Sleep(time.Hour)
}
