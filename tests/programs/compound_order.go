package main

// x op= y reads x before the parts of y that are not calls; which of two failures is seen says so. The operands of len, min,
// complex and their like are early, as those of calls are.

import "fmt"

type box struct{ n int }

var (
	list  []int
	table = []int{10, 20, 30}
	large = 536
	grid  [3]int
	nilly *box
)

func attempt(name string, f func()) {
	defer func() { fmt.Println(name, table, grid, recover()) }()
	f()
}

func zero() int { return 0 }

func call(text string, n int) int {
	fmt.Print(text, " ")
	return n
}

func grow() int {
	list = []int{7, 8}
	return 1
}

func shrink() int {
	list = nil
	return 1
}

func move() int {
	table = []int{1, 2, 3}
	return 100
}

func main() {
	i, z := 5, zero()
	attempt("slice slice", func() { list[z] -= list[large] })
	attempt("slice slice known", func() { table[i] += list[large] })
	attempt("array slice", func() { grid[i] += list[large] })
	attempt("slice array", func() { list[large] += grid[i] })
	attempt("slice divide", func() { table[i] /= z })
	attempt("slice remainder", func() { table[1] %= z })
	attempt("slice shift", func() { table[i] <<= z - 1 })
	attempt("slice negative shift", func() { table[1] <<= z - 1 })
	attempt("call first", func() { table[i] += call("called", 1) + list[large] })
	attempt("call in target", func() { table[call("target", 7)] += call("value", 1) })
	attempt("pointer", func() { nilly.n += list[large] })
	attempt("pointer value", func() { list[large] += nilly.n })
	attempt("nil and call", func() { nilly.n += call("called", 1) })
	list = nil
	attempt("grown by the value", func() { list[1] += grow() })
	fmt.Println(list)
	attempt("shrunk by the value", func() { list[1] += shrink() })
	attempt("replaced by the value", func() { table[1] += move() })
	attempt("increment", func() { list[i]++ })
	attempt("logical inside", func() {
		table[2] += func() int {
			if z == 0 && call("and", 1) == 1 {
				table[2] = 1000
			}
			return 1
		}()
	})
	total := 3
	add := func() int { total = 50; return 1 }
	total += add()
	fmt.Println(total)
	text := "a"
	more := func() string { text = "b"; return "c" }
	text += more() + text
	fmt.Println(text)
	m := map[string]int{"a": 1}
	attempt("map", func() { m["b"] += list[large] })
	attempt("map divide", func() { m["c"] /= z })
	fmt.Println(len(m), m)
	var none map[string]int
	attempt("nil map", func() { none["a"] += list[large] })
	attempt("nil map and call", func() { none["a"] += call("called", 1) })
	c := []complex128{1}
	attempt("complex", func() { c[i] *= complex(float64(list[large]), 0) })
	early()
	p := &box{1}
	q := p
	other := func() int { p = &box{100}; return 1 }
	p.n += other()
	fmt.Println(p.n, q.n)
}

type node struct {
	list []int
	next *node
}

func early() {
	i := 5
	one := []int{1}
	var n *node
	attempt("len", func() { one[i] += len(n.list) })
	attempt("cap", func() { one[0] = one[i] + cap(n.list) })
	attempt("min", func() { one[0] = one[i] + min(n.list[3], 3) })
	attempt("min slice", func() { one[0] = one[i] + min(list[large], 3) })
	attempt("real", func() { one[0] = one[i] + int(real(complex(float64(list[large]), 0))) })
	attempt("max", func() { one[i] += max(list[large], 3) })
	attempt("len of slice", func() { one[i] += len(list[large:]) })
	attempt("field", func() { one[0] = n.next.list[0] + max(list[large], 3) })
	attempt("bytes", func() { one[0] = one[i] + len([]byte([]string{}[i])) })
}
