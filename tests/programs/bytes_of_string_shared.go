// Bytes of a string that are only read, in this function or in those that it calls, may be the string's own; bytes that
// anything writes to, or that stay somewhere, are a copy.
package main

import "fmt"

//go:noinline
func sum(b []byte) int {
	n := 0
	for _, c := range b {
		n += int(c)
	}
	return n
}

//go:noinline
func upper(b []byte) []byte {
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 32
		}
	}
	return b
}

//go:noinline
func tail(b []byte, n int) []byte { return b[n:] }

//go:noinline
func indirectly(b []byte) { fill(&b) }

//go:noinline
func fill(p *[]byte) { (*p)[0] = 'F' }

type holder struct{ buf []byte }

//go:noinline
func (h *holder) put(c byte) { h.buf[len(h.buf)-1] = c }

//go:noinline
func (h *holder) last() byte { return h.buf[len(h.buf)-1] }

//go:noinline
func even(b []byte, n int) {
	if n > 0 {
		odd(b, n-1)
	}
}

//go:noinline
func odd(b []byte, n int) {
	if n == 0 {
		b[1] = 'O'
		return
	}
	even(b, n-1)
}

var kept [][]byte

//go:noinline
func keep(b []byte) { kept = append(kept, b) }

type writer interface{ write(b []byte) }
type star struct{}

func (star) write(b []byte) { b[0] = '*' }

//go:noinline
func through(w writer, b []byte) { w.write(b) }

//go:noinline
func call(f func([]byte), b []byte) { f(b) }

//go:noinline
func grow(b []byte) int { return len(append(b, "more"...)) }

//go:noinline
func text(n int) string { return fmt.Sprint("a string of ", n) }

func main() {
	s := text(1)
	fmt.Println(sum([]byte(s)), s)
	fmt.Println(string(upper([]byte(s))), s)
	fmt.Println(sum(tail([]byte(s), 3)), s)
	t := tail([]byte(s), 3)
	t[0] = '!'
	fmt.Println(string(t), s)
	indirectly([]byte(s))
	fmt.Println(s)
	h := holder{[]byte(s)}
	fmt.Println(h.last(), s)
	h.put('z')
	fmt.Println(h.last(), s)
	even([]byte(s), 5)
	fmt.Println(s)
	keep([]byte(s))
	kept[0][0] = 'k'
	fmt.Println(string(kept[0]), s)
	through(star{}, []byte(s))
	fmt.Println(s)
	call(func(b []byte) { b[2] = '#' }, []byte(s))
	fmt.Println(s)
	fmt.Println(grow([]byte(s)), s)
	b := []byte(s)
	func() { b[3] = '-' }()
	fmt.Println(string(b), s)
	c := []byte(s)
	defer func() { fmt.Println(string(c), s) }()
	p := &c[4]
	*p = '+'
	d := []byte(s)
	copy(d[1:], "copied")
	fmt.Println(string(d), s)
	e := []byte(s)
	clear(e)
	fmt.Println(sum(e), s)
	a := (*[4]byte)([]byte(s))
	a[0] = 'A'
	fmt.Println(string(a[:]), s)
	f := []byte("constant")
	fmt.Println(sum(f))
	g := []byte("constant")
	g[0] = 'C'
	fmt.Println(string(g))
	empty := text(0)[:0]
	fmt.Println([]byte(empty) == nil, len([]byte(empty)), []byte("") == nil)
	var none string
	fmt.Println([]byte(none) == nil, sum([]byte(none)))
	// Joined in a buffer of the frame, whose bytes are the string's in the same turn of the loop only.
	var last []byte
	total := 0
	for i := range 3 {
		j := string(rune('a'+i)) + "x"
		bytes := []byte(j)
		total += sum(bytes)
		if i == 1 {
			last = bytes
		}
	}
	fmt.Println(total, string(last))
	ch := make(chan []byte, 1)
	ch <- []byte(s)
	r := <-ch
	r[0] = 'R'
	fmt.Println(string(r), s)
	m := map[string][]byte{"k": []byte(s)}
	m["k"][0] = 'M'
	fmt.Println(string(m["k"]), s)
}
