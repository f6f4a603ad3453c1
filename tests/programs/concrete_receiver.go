package main

// gc calls the method of the one type that an interface variable ever holds, and copies the receiver at its place.

type Valer interface{ Val(int) int }
type MyInt int

func (m MyInt) Val(x int) int { return int(m)*100 + x }

type Other int

func (m Other) Val(x int) int { return int(m)*1000 + x }

type P struct{ A int }

func (p *P) Val(x int) int { return p.A*100 + x }

type Outer struct {
	MyInt
	s string
}

type Partly struct {
	Valer
	s string
}

type Once struct{ v Valer }

func (o Once) Val(x int) int { return o.v.Val(x) }

func both(x, y int) int { return x*3 - y }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			println(name, r.(error).Error())
		}
	}()
	f()
}

func say(s string) int { println(s); return 1 }

func operands() {
	var v Valer = MyInt(3)
	set := func(k int) int { v = MyInt(k); return k }
	println(v.Val(set(7)))
	v = MyInt(3)
	println(v.Val(both(set(7), v.Val(2))))
	v = MyInt(3)
	println(both(set(7), v.Val(2)))
	v = MyInt(3)
	println(both(set(7), 0) + v.Val(2))
	v = MyInt(3)
	a := [2]int{v.Val(both(set(7), v.Val(2))), 4}
	println(a[0])
	v = MyInt(3)
	a[0], a[1] = v.Val(set(7)), both(set(8), v.Val(2))
	println(a[0], a[1])
	v = MyInt(3)
	m := map[string]int{"a": v.Val(set(7))}
	println(m["a"])
	v = MyInt(3)
	s := []int{v.Val(set(7)), both(set(8), v.Val(2))}
	println(s[0], s[1])
	x := 1
	setx := func(n int) int { x = n; v = MyInt(n); return n }
	println(x, v.Val(setx(5)), x)
}

func kinds() {
	var two Valer = MyInt(3)
	set := func(k int) int { two = MyInt(k); return k }
	println("two types", two.Val(set(7)))
	two = Other(3)

	var ptr Valer = &P{3}
	setp := func(k int) int { ptr = &P{k}; return k }
	println("pointer", ptr.Val(setp(7)))

	var addressed Valer = MyInt(3)
	pa := &addressed
	seta := func(k int) int { *pa = MyInt(k); return k }
	println("addressed", addressed.Val(seta(7)))

	var outer Valer = Outer{3, ""}
	seto := func(k int) int { outer = Outer{MyInt(k), ""}; return k }
	println("promoted", outer.Val(seto(7)))

	var partly Valer = Partly{MyInt(3), ""}
	setq := func(k int) int { partly = Partly{MyInt(k), ""}; return k }
	println("partly", partly.Val(setq(7)))

	var once Valer = Once{MyInt(3)}
	setc := func(k int) int { once = Once{MyInt(k)}; return k }
	println("once", once.Val(setc(7)))

	from := Valer(MyInt(3))
	var through any = from
	sett := func(k int) int { through = Valer(MyInt(k)); return k }
	println("through", through.(Valer).Val(sett(7)))

	asserted, ok := through.(Valer)
	sete := func(k int) int { asserted = MyInt(k); return k }
	println("asserted", asserted.Val(sete(9)), ok)

	switch bound := through.(type) {
	case Valer:
		setf := func(k int) int { bound = MyInt(k); return k }
		println("bound", bound.Val(setf(6)))
	}
	var ranged Valer
	setr := func(k int) int { ranged = MyInt(k); return k }
	for _, ranged = range []MyInt{1, 2} {
		println("ranged", ranged.Val(setr(4)))
	}
	var elem Valer
	setg := func(k int) int { elem = MyInt(k); return k }
	for _, elem = range []Valer{MyInt(1), MyInt(2)} {
		println("elem", elem.Val(setg(4)))
	}
	ch := make(chan MyInt, 1)
	ch <- 5
	var received Valer
	seth := func(k int) int { received = MyInt(k); return k }
	select {
	case received = <-ch:
	}
	println("received", received.Val(seth(4)))
	param(MyInt(3))
}

func param(p Valer) {
	set := func(k int) int { p = MyInt(k); return k }
	println("param", p.Val(set(7)))
	local := p
	setl := func(k int) int { local = MyInt(k); return k }
	println("local", local.Val(setl(8)))
}

func nils() {
	var v Valer
	try("nil", func() { v.Val(say("argument")) })
	v = MyInt(1)
	var p Valer
	try("nil pointer", func() { p.Val(say("argument")) })
	p = &P{1}
	var never Valer
	try("never", func() { never.Val(say("argument")) })
	try("defer", func() {
		var d Valer
		defer func() { d = MyInt(2) }()
		defer d.Val(say("argument"))
	})
}

func generic[T any](t T) {
	var v Valer = MyInt(3)
	set := func(k int) int { v = MyInt(k); return k }
	println("generic", v.Val(set(7)))
	var l Valer = list[T]{3, ""}
	setl := func(k int) int { l = list[T]{k, ""}; return k }
	println("shared", l.Val(setl(7)))
}

type list[T any] struct {
	n int
	s string
}

func (l list[T]) Val(x int) int { return l.n*100 + x }

func main() {
	operands()
	kinds()
	nils()
	generic(1)
	var l Valer = list[int]{3, ""}
	setl := func(k int) int { l = list[int]{k, ""}; return k }
	println("instance", l.Val(setl(7)))
}
