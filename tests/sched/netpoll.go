// Descriptors: pipes and sockets that block, deadlines, closing under a reader.
// want: pipe hello
// want: deadline i/o timeout true
// want: write deadline true
// want: closed true
// want: sockets 64
// want: echo 1000
package main

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

func main() {
	r, w, err := os.Pipe()
	if err != nil {
		println(err.Error())
		return
	}
	go func() {
		time.Sleep(5 * time.Millisecond)
		w.Write([]byte("hello"))
	}()
	buf := make([]byte, 64)
	n, _ := r.Read(buf)
	println("pipe", string(buf[:n]))

	r.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	_, err = r.Read(buf)
	var pe *os.PathError
	if errors.As(err, &pe) {
		println("deadline", pe.Err.Error(), errors.Is(err, os.ErrDeadlineExceeded))
	}
	r.SetReadDeadline(time.Time{})
	w.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	big := make([]byte, 1<<20)
	_, err = w.Write(big)
	println("write deadline", errors.Is(err, os.ErrDeadlineExceeded))
	w.SetWriteDeadline(time.Time{})

	r2, _, _ := os.Pipe()
	done := make(chan error)
	go func() {
		_, err := r2.Read(make([]byte, 1))
		done <- err
	}()
	time.Sleep(3 * time.Millisecond)
	r2.Close()
	println("closed", errors.Is(<-done, os.ErrClosed))

	// Pairs of sockets: 64 echo servers at once, then one for a thousand rounds.
	pair := func() (*os.File, *os.File) {
		fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			panic(err)
		}
		return os.NewFile(uintptr(fds[0]), "a"), os.NewFile(uintptr(fds[1]), "b")
	}
	serve := func(c *os.File) {
		b := make([]byte, 16)
		for {
			n, err := c.Read(b)
			if err != nil {
				c.Close()
				return
			}
			c.Write(b[:n])
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	ok := 0
	for range 64 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, s := pair()
			go serve(s)
			b := make([]byte, 4)
			c.Write([]byte("ping"))
			if n, err := c.Read(b); err == nil && string(b[:n]) == "ping" {
				mu.Lock()
				ok++
				mu.Unlock()
			}
			c.Close()
		}()
	}
	wg.Wait()
	println("sockets", ok)
	c, server := pair()
	go serve(server)
	b := make([]byte, 4)
	n = 0
	for range 1000 {
		c.SetDeadline(time.Now().Add(time.Minute))
		c.Write([]byte("ping"))
		if m, err := c.Read(b); err == nil && m == 4 {
			n++
		}
	}
	println("echo", n)
}
