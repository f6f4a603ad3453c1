package main

import "fmt"

type T struct{ n int }

func (t *T) Set(x int) *T { t.n = x; return t }
func (t T) Get(d int) int { return t.n + d }

type I interface{ Get(int) int }

var g, h int
var s = []int{1, 2, 3}
var m = map[string]int{"a": 1}
var p = &T{1}
var iface I = T{5}
var fn = func(x int) int { return x }
var arr [3]int

func setg(x int) int { g = x; return x }
func sets(x int) int { s = []int{x, x, x, x}; return x }
func setm(x int) int { m["a"] = x; return x }
func setp(x int) int { p = &T{x}; return x }
func setn(x int) int { p.n = x; return x }
func setfn(x int) int { fn = func(y int) int { return y * 100 }; return x }
func seti(x int) int { iface = T{x}; return x }
func seta(x int) int { arr[0] = x; return x }

func two() (int, int) { g = 77; p = &T{0}; return 1, 2 }

func ret1() (int, int)    { return g, setg(g + 1) }
func ret2() (r int, e int) { defer func() { r++ }(); return g, setg(g + 1) }
func variadic(a ...int)    { fmt.Println("v", a) }
func three(a, b, c any)    { fmt.Println("t", a, b, c) }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic", r)
		}
	}()
	f()
}

func main() {
	x, y := T{1}, T{1}
	println(x == y, (&y).Set(2).Get(0))
	fmt.Println(x == y, (&x).Set(2).Get(0))
	fmt.Println(g, setg(5), g)
	fmt.Println(g+1, setg(6), g*2)
	variadic(g, setg(7), g)
	three(g, setg(8), g)
	three(len(s), sets(9), len(s))
	three(s[0], sets(10), s[3])
	three(m["a"], setm(11), m["a"])
	three(p.n, setp(12), p.n)
	three(*p, setn(13), *p)
	three(fn(3), setfn(14), fn(3))
	fn = func(x int) int { return x }
	fmt.Println(fn(setfn(15)))
	three(iface.Get(1), seti(16), iface.Get(1))
	fmt.Println(iface.Get(seti(17)))
	fmt.Println(p.Get(setn(18)), p.Get(setp(19)))
	fmt.Println(ret1())
	fmt.Println(ret2())
	a := []int{g, setg(20), g}
	fmt.Println(a)
	b := [3]int{g, setg(21), g}
	fmt.Println(b)
	c := map[int]int{g: setg(22), g + 1: setg(23), setg(24): g}
	fmt.Println(c)
	fmt.Println(g > 10 && setg(3) > 0, g)
	fmt.Println(g == 3 && g > 0, setg(25))
	arr[0] = 1
	three(arr, seta(26), arr)
	three(arr[0], seta(27), arr == [3]int{27})
	d := struct{ a, b, c int }{g, setg(28), g}
	fmt.Println(d)
	g += setg(29)
	fmt.Println(g)
	g = g + setg(30)
	fmt.Println(g)
	g, h = h, setg(31)
	fmt.Println(g, h)
	g, h = two()
	fmt.Println(g, h)
	p.n, h = two()
	fmt.Println(p.n, h)
	p.n = setp(32)
	fmt.Println(p.n)
	s[0] = sets(33)
	fmt.Println(s)
	s[g%3] = setg(34)
	fmt.Println(s)
	str := "a"
	strf := func() string { str = "b"; return "c" }
	fmt.Println(str + strf() + str)
	fmt.Println(str, strf())
	local := 1
	inc := func() int { local++; return local }
	fmt.Println(local, inc(), local, inc())
	fmt.Println(local+inc(), local*inc())
	fmt.Println(local, func() int { local = 50; return 1 }(), local)
	bs := []byte("xyz")
	chg := func() int { bs[0]++; return 1 }
	fmt.Println(string(bs), chg(), string(bs))
	fmt.Println(min(g, 1000), setg(35), max(g, 0))
	cc := complex(1, 2)
	sc := func() int { cc = complex(3, 4); return 1 }
	fmt.Println(real(cc), sc(), imag(cc), cc)
	defer fmt.Println("deferred", g, setg(36), g)
	ch := make(chan int, 3)
	ch2 := make(chan int, 3)
	swap := func(x int) int { ch, ch2 = ch2, ch; return x }
	ch <- swap(37)
	fmt.Println(len(ch), len(ch2))
	try("div", func() { z := 0; zs := func() int { fmt.Println("called"); return 1 }; fmt.Println(10/z, zs()) })
	try("nil", func() { var q *T; zs := func() int { fmt.Println("called"); return 1 }; fmt.Println(q.n, zs()) })
	try("idx", func() { var q []int; zs := func() int { fmt.Println("called"); return 1 }; fmt.Println(q[g], zs()) })
	try("slice", func() { var q []int; zs := func() int { fmt.Println("called"); return 1 }; fmt.Println(q[g:], zs()) })
	try("assert", func() { var q any; zs := func() int { fmt.Println("called"); return 1 }; fmt.Println(q.(int), zs()) })
	try("assertp", func() { var q any; zs := func() int { fmt.Println("called"); return 1 }; fmt.Println(q.(*int), zs()) })
	try("assertm", func() { var q []int; zs := func() int { fmt.Println("called"); return 1 }; q[5] = zs() })
	try("assertn", func() { var q *T; zs := func() int { fmt.Println("called"); return 1 }; q.n = zs() })
	try("nilmap", func() { var q map[int]int; zs := func() int { fmt.Println("called"); return 1 }; q[zs()] = zs() })
	try("nilfn", func() { var q func(int) int; zs := func() int { fmt.Println("called"); return 1 }; q(zs()) })
	try("nili", func() { var q I; zs := func() int { fmt.Println("called"); return 1 }; q.Get(zs()) })
	try("mv", func() { var q I; zs := func() int { fmt.Println("called"); return 1 }; three(q.Get, zs(), 1) })
	try("conv", func() { zs := func() int { fmt.Println("called"); return 1 }; three([4]int(s[:1]), zs(), 1) })
	try("eq", func() { var q, r any = []int{1}, []int{1}; zs := func() int { fmt.Println("called"); return 1 }; three(q == r, zs(), 1) })
	xs := [2]int{1, 2}
	px := &xs
	cx := func() int { xs = [2]int{3, 4}; return 1 }
	for i, v := range [...]int{px[0], cx(), px[1]} {
		fmt.Print(i, v, " ")
	}
	fmt.Println()
	switch g + setg(40) {
	case 80:
		fmt.Println("late")
	default:
		fmt.Println("early")
	}
	switch {
	case g+setg(41) == 82:
		fmt.Println("late")
	default:
		fmt.Println("early")
	}
	if g+setg(42) == 84 && g+setg(43) == 86 {
		fmt.Println("late")
	}
	for g+setg(44) != 88 {
		fmt.Println("loop")
	}
	e := append([]int{g}, setg(45), g)
	fmt.Println(e)
	fmt.Println(append(s, g), setg(46), append(s, g))
	fmt.Println(s[:1], sets(47), s[:1])
	f := func() int { return g }
	fmt.Println(f(), setg(48), f())
	mk := map[[2]int]int{{1, 2}: 3}
	key := [2]int{1, 2}
	ck := func() int { key = [2]int{0, 0}; return 1 }
	fmt.Println(mk[key], ck(), mk[key])
	fmt.Println(T{g}, setg(49), T{g})
	fmt.Println(&g == &h, *(&g), setg(50), *(&g))
	mv := x.Get
	fmt.Println(x.Get(1), (&x).Set(51).n, mv(1))
	three(x, (&x).Set(52).n, x)
	fmt.Println(x, (&x).Set(53).n, x.n)
	var anyx any = x
	sa := func() int { anyx = T{60}; return 1 }
	fmt.Println(anyx.(T), sa(), anyx.(T), anyx == any(T{60}))
}
