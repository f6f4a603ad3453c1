// Package dep has functions that gc's budget for inlining refuses and LLVM's does not, each with a difficulty of its own.
package dep

import (
	"fmt"
	"runtime"
	"strings"

	_ "unsafe"
)

var calls int

type table struct {
	names [4]string
	next  *table
}

var known = &table{names: [4]string{"north", "east", "south", "west"}}

// Mix is called once, and only from another package.
func Mix(x, y uint64) uint64 {
	x ^= y >> 7
	x = x * 31
	y ^= x << 9
	y += x >> 3
	x ^= y >> 11
	x += y << 2
	y ^= x >> 5
	x -= y << 4
	x ^= y >> 13
	y += x << 6
	x ^= y>>3 ^ y<<5
	x += y>>9 ^ x<<1
	y -= x>>2 ^ y<<3
	return x ^ y
}

// Twice counts in a variable of the package, through a function that only this package knows.
func Twice(x int) int {
	count(x)
	count(x + 1)
	if x > 100 || x < -100 {
		x = x/2 + x%7 - x*3
	}
	x ^= x << 2
	x += x >> 1
	x ^= x << 3
	x += x >> 4
	x -= x << 1
	return x + calls
}

//go:noinline
func count(x int) { calls += x & 1 }

// Direction has a literal and a static table.
func Direction(i int) string {
	f := func(s string) string { return s + "!" }
	if known.next != nil {
		known = known.next
	}
	name := known.names[i&3]
	if i > 3 {
		name = strings.ToUpper(name)
	}
	if i > 7 {
		name = f(name)
	}
	return name
}

//go:noinline
func Kept(x int) int { return x + 1 }

// Box has values of types that only this package makes interfaces of.
func Box(i int) any {
	switch i % 4 {
	case 0:
		return [3]int16{int16(i), 2, 3}
	case 1:
		return struct {
			A string
			B *int16
		}{A: "b"}
	case 2:
		return map[[2]int8]string{{1, int8(i)}: "m"}
	}
	return func(int8) {}
}

type shape interface{ Area() int }
type named interface{ Name() string }

// Describe makes assertions, whose cache is a variable of the part.
func Describe(x any) string {
	s := "?"
	if a, ok := x.(shape); ok {
		s = fmt.Sprint(a.Area())
	}
	if n, ok := x.(named); ok {
		s += n.Name()
	}
	return s
}

// At may panic.
func At(list []int, i int) int {
	sum := 0
	for k := 0; k < 3; k++ {
		sum += list[k]*k ^ sum<<1
	}
	sum += list[0] + list[1]*3 - list[2]
	sum ^= list[0]*list[1] + list[2]*5 - sum<<2
	sum += sum>>7 ^ sum<<11
	sum ^= sum >> 2
	sum += sum << 3
	sum ^= sum >> 5
	return sum + list[i]
}

// Through calls f, which may look at its callers.
func Through(f func(), n int) int {
	x := n*3 + 1
	x ^= x << 4
	x += x >> 3
	x ^= x << 7
	x += x >> 2
	x ^= x << 3
	x -= x >> 1
	x += x<<5 ^ x>>2
	x ^= x<<9 ^ x>>6
	x += x*7 ^ n
	f()
	return x + n
}

// Line is the caller's line, however much is inlined.
func Line() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}

type Base struct{ N int }

// Get is called through a wrapper, from an embedded field.
func (b *Base) Get(x int) int {
	x ^= x << 2
	x += x >> 1
	x ^= x << 3
	x += x >> 4
	x -= x << 1
	x ^= x >> 6
	x += x << 5
	return b.N + x
}

type Getter interface{ Get(int) int }

type Outer struct {
	name string
	*Base
}

func New(n int) Getter { return Outer{"o", &Base{n}} }

type Node struct {
	Next  *Node
	Value int
	Text  *string
}

// Push stores pointers into an old object.
func Push(head **Node, value int) {
	text := fmt.Sprint(value)
	n := &Node{Value: value}
	n.Next = *head
	n.Text = &text
	if n.Next != nil && n.Next.Value > value {
		n.Value += n.Next.Value
		n.Next.Text = &text
	}
	*head = n
}

// Recovered is called by a deferred function, which must be the one that recovers.
func Recovered(p *string) {
	if r := recover(); r != nil {
		*p = fmt.Sprint("recovered ", r)
	}
}

type Catcher struct{ Text string }

func (c *Catcher) Catch() {
	if r := recover(); r != nil {
		c.Text = fmt.Sprint("caught ", r)
	}
}

// Holder's deferred method is called through a wrapper.
type Holder struct{ *Catcher }

// Indirect is deferred, and what it calls recovers nothing.
func Indirect(p *string) {
	*p += "indirect"
	helper(p)
	if len(*p) > 100 {
		*p = (*p)[:10] + strings.Repeat("x", len(*p)%7)
	}
}

func helper(p *string) {
	if recover() != nil {
		*p += " wrongly"
	}
}

//go:linkname hidden example.test/far.visible
func hidden(x int) int {
	x ^= x << 2
	x += x >> 1
	x ^= x << 3
	x += x >> 4
	x -= x << 1
	x ^= x >> 6
	return x
}

// Sum is an instance wherever it is used.
func Sum[T int | float64 | string](list ...T) T {
	var s T
	for _, x := range list {
		s += x
	}
	return s
}

// Sums uses instances of its own.
func Sums(n int) string {
	s := fmt.Sprint(Sum(n, 2, 3), Sum(1.5, float64(n)), Sum("a", "b"))
	if n > 10 {
		s += strings.TrimSpace(s)
	}
	return s
}
