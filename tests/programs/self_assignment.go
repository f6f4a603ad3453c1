// Assignments that put an object's own content back into it say nothing about where the object may live; what looks like one
// and is none does.
package main

type buffer struct {
	data, other []byte
	array       [8]byte
	next        *buffer
}

//go:noinline
func (b *buffer) cut(n int) { b.data = b.data[n:] }

//go:noinline
func (b *buffer) swap() { b.data = b.other }

// Makes a pointer to the object, which was not in it.
//
//go:noinline
func (b *buffer) own() { b.data = b.array[:] }

// b is another object behind the call.
//
//go:noinline
func steal(b, c *buffer) {
	set := func() int { b = c; return 0 }
	b.data = b.data[set():]
}

//go:noinline
func keep(n int) []byte {
	b := buffer{array: [8]byte{1, 2, 3, 4, 5, 6, 7, byte(n)}}
	b.own()
	return b.data
}

//go:noinline
func local(n int) int {
	b := buffer{data: make([]byte, 10), other: []byte{1, 2, 3}}
	b.data[n] = 7
	b.cut(n)
	x := int(b.data[0])
	b.swap()
	return x + len(b.data)
}

//go:noinline
func stolen(n int) []byte {
	c := &buffer{data: []byte{byte(n), 2, 3}}
	b := &buffer{data: []byte{9}}
	steal(b, c)
	return c.data
}

//go:noinline
func overwrite(n int) int {
	var a [64]int
	for i := range a {
		a[i] = 0x5858585858585858 + n
	}
	if n > 0 {
		return overwrite(n-1) + a[n%64]
	}
	return a[n]
}

func main() {
	k, s := keep(8), stolen(1)
	overwrite(50)
	println(local(3), len(k), k[0], k[7], len(s), s[0])
}
