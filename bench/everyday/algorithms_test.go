// Small algorithms over slices and maps. See everyday_test.go.
package everyday

import (
	"math"
	"math/rand/v2"
	"testing"
)

func BenchmarkDijkstra(b *testing.B) {
	const n = 100
	adj := make([][][2]int, n)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range n {
		for range 5 {
			adj[i] = append(adj[i], [2]int{r.IntN(n), r.IntN(20) + 1})
		}
	}
	for b.Loop() {
		dist := make([]int, n)
		for i := range dist {
			dist[i] = math.MaxInt
		}
		dist[0] = 0
		done := make([]bool, n)
		for range n {
			u, best := -1, math.MaxInt
			for i, d := range dist {
				if !done[i] && d < best {
					u, best = i, d
				}
			}
			if u < 0 {
				break
			}
			done[u] = true
			for _, e := range adj[u] {
				if d := best + e[1]; d < dist[e[0]] {
					dist[e[0]] = d
				}
			}
		}
		sinkI += dist[n-1]
	}
}

func BenchmarkLCS(b *testing.B) {
	x, y := []rune("the quick brown fox jumps"), []rune("over the lazy dog quickly")
	for b.Loop() {
		t := make([][]int, len(x)+1)
		for i := range t {
			t[i] = make([]int, len(y)+1)
		}
		for i := 1; i <= len(x); i++ {
			for j := 1; j <= len(y); j++ {
				if x[i-1] == y[j-1] {
					t[i][j] = t[i-1][j-1] + 1
				} else {
					t[i][j] = max(t[i-1][j], t[i][j-1])
				}
			}
		}
		sinkI += t[len(x)][len(y)]
	}
}

func BenchmarkGameOfLife(b *testing.B) {
	const w, h = 64, 64
	cells, next := make([]bool, w*h), make([]bool, w*h)
	for i := range cells {
		cells[i] = i*7%3 == 0
	}
	for b.Loop() {
		for y := range h {
			for x := range w {
				n := 0
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						if (dx != 0 || dy != 0) && cells[(y+dy+h)%h*w+(x+dx+w)%w] {
							n++
						}
					}
				}
				next[y*w+x] = n == 3 || n == 2 && cells[y*w+x]
			}
		}
		cells, next = next, cells
	}
}

func BenchmarkSieve(b *testing.B) {
	for b.Loop() {
		c := make([]bool, 10000)
		for i := 2; i < len(c); i++ {
			if !c[i] {
				sinkI++
				for j := i * i; j < len(c); j += i {
					c[j] = true
				}
			}
		}
	}
}

func BenchmarkCollatz(b *testing.B) {
	for b.Loop() {
		for i := 1; i < 100; i++ {
			for n := i; n != 1; sinkI++ {
				if n%2 == 0 {
					n /= 2
				} else {
					n = 3*n + 1
				}
			}
		}
	}
}

func BenchmarkGCD(b *testing.B) {
	for b.Loop() {
		for i := range 100 {
			x, y := 1071*i+13, 462*i+7
			for y != 0 {
				x, y = y, x%y
			}
			sinkI += x
		}
	}
}

func BenchmarkPermute(b *testing.B) {
	var perm func(a []int, k int)
	perm = func(a []int, k int) {
		if k == len(a) {
			sinkI += a[0]
			return
		}
		for i := k; i < len(a); i++ {
			a[k], a[i] = a[i], a[k]
			perm(a, k+1)
			a[k], a[i] = a[i], a[k]
		}
	}
	for b.Loop() {
		perm([]int{1, 2, 3, 4, 5, 6}, 0)
	}
}

func BenchmarkMemo(b *testing.B) {
	for b.Loop() {
		memo := map[int]int{}
		var f func(n int) int
		f = func(n int) int {
			if n < 2 {
				return n
			}
			if v, ok := memo[n]; ok {
				return v
			}
			memo[n] = f(n-1) + f(n-2)
			return memo[n]
		}
		sinkI += f(60)
	}
}

func BenchmarkTrie(b *testing.B) {
	type node struct {
		kids map[rune]*node
		end  bool
	}
	for b.Loop() {
		root := &node{kids: map[rune]*node{}}
		for _, w := range []string{"hello", "help", "world", "word", "work", "go", "gopher"} {
			n := root
			for _, r := range w {
				k := n.kids[r]
				if k == nil {
					k = &node{kids: map[rune]*node{}}
					n.kids[r] = k
				}
				n = k
			}
			n.end = true
		}
		sinkA = root
	}
}

func BenchmarkQueue(b *testing.B) {
	for b.Loop() {
		q := []int{1}
		for n := 0; len(q) > 0 && n < 500; n++ {
			x := q[0]
			q = q[1:]
			q = append(q, x+1, x+2)
		}
		sinkI += len(q)
	}
}
