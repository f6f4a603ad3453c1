// Searches and comparisons of short operands read whole blocks, but never of a page that they are not in: operands that begin
// or end where the page before or after can't be read, of every length and with the byte that is looked for at every place.
package main

import (
	"bytes"
	"fmt"
	"strings"
	"syscall"
	"unsafe"
)

const page = 4096

func guarded() []byte {
	all, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if syscall.Mprotect(all[:page], syscall.PROT_NONE) != nil || syscall.Mprotect(all[2*page:], syscall.PROT_NONE) != nil {
		panic("mprotect")
	}
	return all[page : 2*page]
}

func check(ok bool, what string, n, at int) {
	if !ok {
		fmt.Println(what, n, at)
	}
}

func look(a, b []byte) {
	n := len(a)
	s := unsafe.String(unsafe.SliceData(a), n)
	check(bytes.IndexByte(a, 'x') == -1 && strings.IndexByte(s, 'x') == -1, "index of none", n, -1)
	check(bytes.Count(a, []byte("x")) == 0 && bytes.Count(a, []byte("a")) == n, "count of none", n, -1)
	check(bytes.Compare(a, b) == 0 && bytes.Equal(a, b), "order of equals", n, -1)
	for at := range n {
		a[at] = 'x'
		check(bytes.IndexByte(a, 'x') == at && strings.IndexByte(s, 'x') == at, "index", n, at)
		check(bytes.LastIndexByte(a, 'x') == at, "last index", n, at)
		check(bytes.Count(a, []byte("x")) == 1 && strings.Count(s, "a") == n-1, "count", n, at)
		check(bytes.Compare(a, b) == 1 && bytes.Compare(b, a) == -1 && !bytes.Equal(a, b), "order", n, at)
		check(bytes.Compare(a[:at], b) == map[bool]int{true: -1, false: 0}[at < n], "order of a prefix", n, at)
		for m := 2; m <= 20 && at+m <= n; m++ {
			want := append([]byte("x"), bytes.Repeat([]byte("a"), m-1)...)
			check(bytes.Index(a, want) == at && strings.Index(s, string(want)) == at, "index of a string", n, at)
			want[m/2] ^= 1
			check(bytes.Index(a, want) == -1, "index of another string", n, at)
		}
		check(strings.IndexAny(s, "xyz") == at && strings.IndexAny(s, "yz") == -1, "index of any", n, at)
		a[at] = 'a'
	}
}

func main() {
	p, q := guarded(), guarded()
	copy(p, bytes.Repeat([]byte("a"), page))
	copy(q, p)
	for n := range 150 {
		look(p[:n], q[:n])
		look(p[:n], q[page-n:])
		look(p[page-n:], q[:n])
		look(p[page-n:], q[page-n:])
		// Near an edge, so that a block fits on one side of the operand only.
		look(p[page-n-3:page-3], q[page-n-7:page-7])
		look(p[5:n+5], q[page-n-1:page-1])
	}
	fmt.Println("done")
}
