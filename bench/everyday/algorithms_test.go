// Small algorithms over slices, maps, strings and numbers. See everyday_test.go.
package everyday

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
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

type unionFind struct{ parent, rank []int }

func (u *unionFind) find(x int) int {
	for u.parent[x] != x {
		u.parent[x] = u.parent[u.parent[x]]
		x = u.parent[x]
	}
	return x
}

func BenchmarkUnionFind(b *testing.B) {
	n := 1000
	u := &unionFind{make([]int, n), make([]int, n)}
	for b.Loop() {
		for i := range n {
			u.parent[i], u.rank[i] = i, 0
		}
		for i := range n * 2 {
			x, y := u.find(i*31%n), u.find(i*17%n)
			if x == y {
				continue
			}
			if u.rank[x] < u.rank[y] {
				x, y = y, x
			}
			u.parent[y] = x
			if u.rank[x] == u.rank[y] {
				u.rank[x]++
			}
		}
	}
	sinkI += u.find(3)
}

func BenchmarkKnapsack(b *testing.B) {
	weights, values := make([]int, 40), make([]int, 40)
	for i := range weights {
		weights[i], values[i] = i%13+1, i*7%31
	}
	for b.Loop() {
		best := make([]int, 201)
		for i, w := range weights {
			for c := 200; c >= w; c-- {
				best[c] = max(best[c], best[c-w]+values[i])
			}
		}
		sinkI += best[200]
	}
}

func BenchmarkKMP(b *testing.B) {
	text := strings.Repeat("abacabadabacabae", 100)
	pattern := "abacabadabacabaeabacabadabacabaf"
	for b.Loop() {
		fail := make([]int, len(pattern))
		for i, k := 1, 0; i < len(pattern); i++ {
			for k > 0 && pattern[k] != pattern[i] {
				k = fail[k-1]
			}
			if pattern[k] == pattern[i] {
				k++
			}
			fail[i] = k
		}
		k := 0
		for i := range len(text) {
			for k > 0 && pattern[k] != text[i] {
				k = fail[k-1]
			}
			if pattern[k] == text[i] {
				k++
			}
			if k == len(pattern) {
				sinkI++
				k = fail[k-1]
			}
		}
	}
}

func BenchmarkRadixSort(b *testing.B) {
	from, to := make([]uint32, 1000), make([]uint32, 1000)
	for b.Loop() {
		for i := range from {
			from[i] = uint32(i) * 2654435761
		}
		for shift := 0; shift < 32; shift += 8 {
			var counts [257]int
			for _, x := range from {
				counts[(x>>shift)&255+1]++
			}
			for i := range 256 {
				counts[i+1] += counts[i]
			}
			for _, x := range from {
				k := (x >> shift) & 255
				to[counts[k]] = x
				counts[k]++
			}
			from, to = to, from
		}
		sinkI += int(from[500])
	}
}

type point struct{ x, y int }

func BenchmarkGridBFS(b *testing.B) {
	const size = 40
	var walls [size][size]bool
	for i := range size * size / 4 {
		walls[i*7%size][i*13%size] = i%3 == 0
	}
	steps := []point{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}
	for b.Loop() {
		seen := map[point]int{{0, 0}: 0}
		queue := []point{{0, 0}}
		for len(queue) > 0 {
			p := queue[0]
			queue = queue[1:]
			for _, s := range steps {
				q := point{p.x + s.x, p.y + s.y}
				if q.x < 0 || q.y < 0 || q.x >= size || q.y >= size || walls[q.x][q.y] {
					continue
				}
				if _, ok := seen[q]; !ok {
					seen[q] = seen[p] + 1
					queue = append(queue, q)
				}
			}
		}
		sinkI += len(seen)
	}
}

type vec struct{ x, y, z float32 }

func BenchmarkNormalize(b *testing.B) {
	vs := make([]vec, 200)
	for i := range vs {
		vs[i] = vec{float32(i), float32(i * 2), 3}
	}
	for b.Loop() {
		for i := range vs {
			v := &vs[i]
			n := float32(math.Sqrt(float64(v.x*v.x + v.y*v.y + v.z*v.z)))
			v.x, v.y, v.z = v.x/n, v.y/n, v.z/n
		}
	}
}

func BenchmarkUnit(b *testing.B) {
	x := uint64(88172645463325252)
	for b.Loop() {
		for range 100 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			sinkF += float64(x) / (1 << 64)
		}
	}
}

func BenchmarkHaversine(b *testing.B) {
	for b.Loop() {
		for i := range 50 {
			lat1, lon1, lat2, lon2 := 0.9, 0.1, 0.8+float64(i)*0.01, 0.2
			h := math.Pow(math.Sin((lat2-lat1)/2), 2) + math.Cos(lat1)*math.Cos(lat2)*math.Pow(math.Sin((lon2-lon1)/2), 2)
			sinkF += 2 * 6371 * math.Asin(math.Sqrt(h))
		}
	}
}

func BenchmarkStatistics(b *testing.B) {
	xs := make([]float64, 500)
	for i := range xs {
		xs[i] = float64(i * 7919 % 1000)
	}
	for b.Loop() {
		var sum, squares float64
		low, high := math.Inf(1), math.Inf(-1)
		for _, x := range xs {
			sum += x
			squares += x * x
			low, high = math.Min(low, x), math.Max(high, x)
		}
		mean := sum / float64(len(xs))
		sorted := slices.Clone(xs)
		sort.Float64s(sorted)
		sinkF += math.Sqrt(squares/float64(len(xs))-mean*mean) + high - low + sorted[len(sorted)*99/100]
	}
}

func BenchmarkMatrixPower(b *testing.B) {
	mul := func(x, y [3][3]uint64) (z [3][3]uint64) {
		for i := range 3 {
			for j := range 3 {
				for k := range 3 {
					z[i][j] += x[i][k] * y[k][j]
				}
			}
		}
		return
	}
	for b.Loop() {
		m := [3][3]uint64{{1, 1, 0}, {1, 0, 1}, {0, 1, 1}}
		r := [3][3]uint64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
		for n := 1000; n > 0; n >>= 1 {
			if n&1 == 1 {
				r = mul(r, m)
			}
			m = mul(m, m)
		}
		sinkI += int(r[0][0])
	}
}

func BenchmarkBase62(b *testing.B) {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for b.Loop() {
		for x := uint64(1); x < 1<<60; x *= 37 {
			var buf [11]byte
			i := len(buf)
			for n := x; n > 0; n /= 62 {
				i--
				buf[i] = digits[n%62]
			}
			sinkI += len(string(buf[i:]))
		}
	}
}

func BenchmarkRoman(b *testing.B) {
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	names := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	for b.Loop() {
		for n := 1; n < 2000; n += 111 {
			var s strings.Builder
			rest := n
			for i, v := range values {
				for rest >= v {
					s.WriteString(names[i])
					rest -= v
				}
			}
			sinkI += s.Len()
		}
	}
}
