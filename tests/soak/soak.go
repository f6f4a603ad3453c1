// A long run of everything that the memory system has: allocation of all sizes, pointers that move about, stacks that grow,
// goroutines that come and go, finalizers, cleanups, weak pointers. Every object knows what it must contain; at regular
// intervals the figures are looked at, and the program fails when they grow.
//
//	soak [-seconds N] [-workers N] [-seed N] [-v]
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unique"
	"weak"
)

const magic = 0x9e3779b97f4a7c15

// node's check is a function of the others, so that a freed or overwritten one is noticed.
type node struct {
	id    uint64
	next  [3]*node
	data  []byte
	text  string
	check uint64
}

func (n *node) sum() uint64 { return n.id*magic ^ uint64(len(n.data))<<32 ^ uint64(len(n.text)) }

func (n *node) verify(where string) {
	if n.check != n.sum() {
		fail("%s: node %#x has check %#x, want %#x", where, n.id, n.check, n.sum())
	}
	for i, b := range n.data {
		if b != byte(n.id) {
			fail("%s: node %#x: data[%d] of %d is %#x", where, n.id, i, len(n.data), b)
		}
	}
	if n.text != "" && !strings.HasPrefix(n.text, strconv.FormatUint(n.id, 16)) {
		fail("%s: node %#x: text %.40q", where, n.id, n.text)
	}
}

var failed atomic.Bool

func fail(format string, args ...any) {
	if failed.Swap(true) {
		select {}
	}
	fmt.Fprintf(os.Stderr, "soak: "+format+"\n", args...)
	panic("soak failed")
}

// Sizes: mostly small, now and then a page, rarely a large object.
func size(r *rand.Rand) int {
	switch r.IntN(100) {
	case 0:
		return r.IntN(200 << 10)
	case 1, 2, 3:
		return r.IntN(16 << 10)
	default:
		return r.IntN(300)
	}
}

func newNode(r *rand.Rand) *node {
	n := &node{id: r.Uint64()}
	n.data = make([]byte, size(r))
	for i := range n.data {
		n.data[i] = byte(n.id)
	}
	if r.IntN(4) == 0 {
		n.text = strconv.FormatUint(n.id, 16) + strings.Repeat("x", r.IntN(50))
	}
	n.check = n.sum()
	return n
}

// graph replaces and relinks nodes of a fixed number.
type graph struct {
	r     *rand.Rand
	nodes []*node
}

func newGraph(r *rand.Rand, n int) *graph {
	g := &graph{r, make([]*node, n)}
	for i := range g.nodes {
		g.nodes[i] = newNode(r)
	}
	return g
}

func (g *graph) pick() *node { return g.nodes[g.r.IntN(len(g.nodes))] }

func (g *graph) step() {
	switch g.r.IntN(6) {
	case 0, 1:
		n := newNode(g.r)
		old := g.r.IntN(len(g.nodes))
		n.next[0] = g.pick()
		g.nodes[old] = n
	case 2, 3:
		a, b := g.pick(), g.pick()
		a.next, b.next = b.next, a.next
		a.next[g.r.IntN(3)] = b
	case 4:
		// Nothing is kept alive through a chain for ever.
		n := g.pick()
		n.next = [3]*node{}
	default:
		n := g.pick()
		for range 20 {
			n.verify("graph")
			if n = n.next[g.r.IntN(3)]; n == nil {
				break
			}
		}
	}
}

// deep grows the stack with objects that only its frames know.
func deep(r *rand.Rand, depth int) uint64 {
	var pad [32]uint64
	n := newNode(r)
	pad[depth%32] = n.id
	local := node{id: n.id, next: [3]*node{n}}
	local.check = local.sum()
	sum := n.id
	if depth > 0 {
		sum += deep(r, depth-1)
	}
	local.verify("stack")
	local.next[0].verify("heap from the stack")
	if pad[depth%32] != n.id {
		fail("a frame was overwritten")
	}
	return sum
}

var finalizersSet, finalizersRun, cleanupsSet, cleanupsRun atomic.Int64

// mortals sets finalizers and cleanups, and follows objects by weak pointers.
func mortals(r *rand.Rand, strong map[int]*node, weaks map[int]weak.Pointer[node]) {
	k := r.IntN(200)
	n := newNode(r)
	switch r.IntN(3) {
	case 0:
		finalizersSet.Add(1)
		runtime.SetFinalizer(n, func(n *node) {
			n.verify("finalizer")
			finalizersRun.Add(1)
		})
	case 1:
		cleanupsSet.Add(1)
		runtime.AddCleanup(n, func(id uint64) {
			if id == 0 {
				fail("cleanup without its argument")
			}
			cleanupsRun.Add(1)
		}, n.id|1)
	}
	weaks[k] = weak.Make(n)
	if r.IntN(2) == 0 {
		strong[k] = n
	} else {
		delete(strong, k)
	}
	for k, w := range weaks {
		p := w.Value()
		if s := strong[k]; s != nil && p != s {
			fail("weak pointer to a live object is %p, not %p", p, s)
		}
		if p != nil {
			p.verify("weak")
		} else if r.IntN(4) == 0 {
			delete(weaks, k)
		}
	}
}

// churn starts goroutines that hand nodes to each other and end.
func churn(r *rand.Rand) {
	c := make(chan *node, r.IntN(4))
	var group sync.WaitGroup
	for range 4 {
		seed := r.Uint64()
		group.Add(1)
		go func() {
			defer group.Done()
			r := rand.New(rand.NewPCG(seed, 1))
			c <- newNode(r)
			deep(r, r.IntN(30))
		}()
	}
	for range 4 {
		select {
		case n := <-c:
			n.verify("channel")
		case <-time.After(time.Minute):
			fail("a channel's node did not come")
		}
	}
	group.Wait()
}

var pool = sync.Pool{New: func() any { return new(node) }}

// shapes: maps, interfaces, closures, slices that grow, strings, unique handles, pools.
func shapes(r *rand.Rand) {
	m := map[string]*node{}
	var list []any
	var calls []func() uint64
	for i := range 50 {
		n := newNode(r)
		m[strconv.Itoa(i)] = n
		list = append(list, n, i, n.text, n.data)
		calls = append(calls, func() uint64 { n.verify("closure"); return n.id })
	}
	for i := range 50 {
		n := m[strconv.Itoa(i)]
		n.verify("map")
		if list[4*i].(*node) != n || list[4*i+1].(int) != i || calls[i]() != n.id {
			fail("a list or a closure has changed")
		}
		if i%3 == 0 {
			delete(m, strconv.Itoa(i))
		}
	}
	h := unique.Make(strconv.Itoa(r.IntN(1000)))
	if _, err := strconv.Atoi(h.Value()); err != nil {
		fail("unique: %v", err)
	}
	p := pool.Get().(*node)
	*p = node{}
	pool.Put(p)
}

func worker(seed uint64, stop *atomic.Bool, turns *atomic.Int64) {
	r := rand.New(rand.NewPCG(seed, 0))
	g := newGraph(r, 2000)
	strong, weaks := map[int]*node{}, map[int]weak.Pointer[node]{}
	for !stop.Load() {
		switch r.IntN(20) {
		case 0:
			deep(r, r.IntN(300))
		case 1:
			churn(r)
		case 2:
			shapes(r)
		case 3, 4:
			mortals(r, strong, weaks)
		default:
			for range 50 {
				g.step()
			}
		}
		turns.Add(1)
	}
	for _, n := range g.nodes {
		n.verify("end")
	}
}

func residentKB() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return pages * os.Getpagesize() >> 10
}

type figures struct{ heapKB, sysKB, rssKB, goroutines int }

func look() figures {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapObjects != m.Mallocs-m.Frees || m.HeapSys != m.HeapIdle+m.HeapInuse || m.HeapAlloc > m.HeapInuse {
		fail("figures do not add up: %+v", m)
	}
	return figures{int(m.HeapAlloc >> 10), int(m.Sys >> 10), residentKB(), runtime.NumGoroutine()}
}

func main() {
	seconds := flag.Int("seconds", 10, "length")
	workers := flag.Int("workers", 4, "goroutines at work")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "random seed")
	verbose := flag.Bool("v", false, "print the figures at each look")
	flag.Parse()

	var stop atomic.Bool
	var turns atomic.Int64
	var group sync.WaitGroup
	for w := range *workers {
		group.Add(1)
		go func() {
			defer group.Done()
			worker(*seed+uint64(w), &stop, &turns)
		}()
	}
	// The first half says what is normal; in the second nothing may be far above it.
	const looks = 20
	var most figures
	pause := time.Duration(*seconds) * time.Second / looks
	for i := range looks {
		time.Sleep(pause)
		f := look()
		if *verbose {
			fmt.Printf("%3d%% heap %d KB, sys %d KB, resident %d KB, goroutines %d, turns %d\n", (i+1)*100/looks, f.heapKB, f.sysKB, f.rssKB, f.goroutines, turns.Load())
		}
		if i < looks/2 {
			most.heapKB, most.sysKB, most.rssKB = max(most.heapKB, f.heapKB), max(most.sysKB, f.sysKB), max(most.rssKB, f.rssKB)
			continue
		}
		const slackKB = 16 << 10
		if f.heapKB > most.heapKB*3/2+slackKB || f.sysKB > most.sysKB*3/2+slackKB || f.rssKB > most.rssKB*3/2+slackKB {
			fail("growth: %+v, and %+v at most in the first half (seed %d)", f, most, *seed)
		}
	}
	stop.Store(true)
	group.Wait()
	for range 3 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	if finalizersRun.Load() > finalizersSet.Load() || cleanupsRun.Load() > cleanupsSet.Load() {
		fail("more finalizers or cleanups ran (%d, %d) than were set (%d, %d)", finalizersRun.Load(), cleanupsRun.Load(), finalizersSet.Load(), cleanupsSet.Load())
	}
	if finalizersSet.Load() > 1000 && finalizersRun.Load() < finalizersSet.Load()*9/10 {
		fail("of %d finalizers only %d ran", finalizersSet.Load(), finalizersRun.Load())
	}
	fmt.Printf("ok: %d turns, %d of %d finalizers, %d of %d cleanups\n", turns.Load(), finalizersRun.Load(), finalizersSet.Load(), cleanupsRun.Load(), cleanupsSet.Load())
}
