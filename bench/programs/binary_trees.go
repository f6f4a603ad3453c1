package main

// Binary trees of several depths, built and thrown away, while a large one lives.

type Tree struct{ l, r *Tree }

func bottomUp(d int) *Tree {
	if d <= 0 {
		return &Tree{}
	}
	return &Tree{bottomUp(d - 1), bottomUp(d - 1)}
}
func (t *Tree) check() int {
	if t.l == nil {
		return 1
	}
	return 1 + t.l.check() + t.r.check()
}

func main() {
	const n = 16
	println(bottomUp(n + 1).check())
	long := bottomUp(n)
	for d := 4; d <= n; d += 4 {
		it := 1 << uint(n-d+4)
		c := 0
		for i := 0; i < it; i++ {
			c += bottomUp(d).check()
		}
		println(it, d, c)
	}
	println(long.check())
}
