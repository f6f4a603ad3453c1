// A literal of constants is built where it is assigned to, not in the frame first: this one would not fit there.
package main

import "runtime/debug"

type inner struct {
	names [3]string
	n     int
}

type big struct {
	bytes [1 << 20]byte
	text  string
	in    inner
}

func set(p *big, done chan bool) {
	*p = big{text: "there", in: inner{names: [3]string{1: "b"}, n: 4}}
	done <- true
}

//go:noinline
func setNil(p *big) (err any) {
	defer func() { err = recover() }()
	*p = big{text: "nowhere"}
	return nil
}

func main() {
	debug.SetMaxStack(1 << 16)
	p := &big{text: "before", in: inner{names: [3]string{"x", "y", "z"}}}
	p.bytes[7] = 7
	done := make(chan bool)
	go set(p, done)
	<-done
	println(p.bytes[7], p.text, p.in.names[0], p.in.names[1], p.in.names[2], p.in.n)
	println(setNil(nil) != nil)
}
