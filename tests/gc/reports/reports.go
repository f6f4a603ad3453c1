// What a program reports about itself with GODEBUG=gctrace=1,gcpacertrace=1,inittrace=1: the suite compares the lines' shapes with
// gc's. Enough collections that each kind of line is there, the last one asked for.
package main

import (
	"os"
	"runtime"
	"time"
)

var table = func() map[int]string {
	m := map[int]string{}
	for i := range 100 {
		m[i] = string(rune('a' + i%26))
	}
	return m
}()

var kept [][]*int

func main() {
	if os.Getenv("GODEBUG") == "" || len(table) != 100 {
		panic("to be run by the suite")
	}
	for i := range 3000 {
		s := make([]*int, 300)
		for k := range s {
			s[k] = new(int)
		}
		if kept = append(kept, s); i%700 == 0 {
			kept = nil
		}
	}
	runtime.GC()
	time.Sleep(20 * time.Millisecond) // the line about it is printed by who ended the cycle
}
