// lists: linked lists and closures allocated in a loop and dropped at once; short-lived objects and pointers.
package main

type list struct {
	value int
	next  *list
}

func build(n int) *list {
	var l *list
	for i := range n {
		l = &list{i, l}
	}
	return l
}

func mapped(l *list, f func(int) int) *list {
	var head *list
	tail := &head
	for ; l != nil; l = l.next {
		*tail = &list{f(l.value), nil}
		tail = &(*tail).next
	}
	return head
}

type point struct{ x, y int }

func (p *point) plus(q *point) *point { return &point{p.x + q.x, p.y + q.y} }

func main() {
	total := 0
	for i := range 3000 {
		l := mapped(build(1000), func(v int) int { return v*3 + i })
		for ; l != nil; l = l.next {
			total += l.value
		}
	}
	p := &point{}
	for i := range 20_000_000 {
		p = p.plus(&point{i, 1})
	}
	println(total, p.x, p.y)
}
