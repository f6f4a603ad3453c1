// What a local function is given that calls itself stays in the frames; it must be there whenever the function looks at it.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	left, right *node
	value       int
}

func tree(depth int) *node {
	if depth == 0 {
		return nil
	}
	return &node{tree(depth - 1), tree(depth - 1), depth}
}

func sums(root *node, depth int) (total, deepest int) {
	var walk func(path []*node, count *int, n *node) int
	walk = func(path []*node, count *int, n *node) int {
		if n == nil {
			runtime.GC()
			*count++
			here := 0
			for _, p := range path {
				here += p.value
			}
			return here
		}
		path = append(path, n)
		local := 0
		all := walk(path, &local, n.left) + walk(path, count, n.right)
		*count += local
		return all
	}
	leaves := 0
	path := make([]*node, 0, depth)
	total = walk(path, &leaves, root)
	return total, leaves
}

func other() (r []int) {
	var f func(p *[4]int, n int)
	g := func(p *[4]int) { p[0]++ }
	f = func(p *[4]int, n int) {
		if n > 0 {
			var mine [4]int
			f(&mine, n-1)
			p[1] += mine[0] + mine[1]
		}
		g(p)
	}
	var a [4]int
	f(&a, 5)
	return append(r, a[:]...)
}

// The second value of the variable is not the first one's.
func changed() *int {
	var f func(p *int) *int
	f = func(p *int) *int {
		f = func(p *int) *int { return p }
		return nil
	}
	x, y := 1, 2
	f(&x)
	return f(&y)
}

func main() {
	fmt.Println(sums(tree(4), 4))
	fmt.Println(other())
	p := changed()
	runtime.GC()
	fmt.Println(*p)
}
