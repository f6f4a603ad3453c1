// Methods of what a pointer of a named type points to: the pointer has none itself, and is not of the receiver's type.
package main

import "fmt"

type number struct{ n int }

func (x *number) add(n int) *number { x.n += n; return x }
func (x number) get() int           { return x.n }

type pointer *number
type array *[3]int
type structure *struct{ number number }

func main() {
	p := pointer(&number{1})
	(*p).add(2)
	f := (*p).add
	f(3)
	fmt.Println((*p).get(), p.n)
	q := &*p
	fmt.Printf("%T %T\n", q, p)
	(*func() pointer { return p }()).add(1)
	defer func() { fmt.Println(p.n) }()
	defer (*p).add(1)
	done := make(chan bool)
	go func(p pointer) { (*p).add(5); done <- true }(p)
	<-done
	a := array(&[3]int{1, 2, 3})
	for i, x := range *a {
		a[i] += x
	}
	fmt.Println((*a)[1:], len(a))
	s := structure(&struct{ number number }{})
	(*s).number.add(5)
	s.number.add(6)
	fmt.Println((&(*s).number).get(), s.number.get(), (&*p).get())
}
