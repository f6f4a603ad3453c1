// What programs do every day, in small: words are counted, lines split, records sorted, logged, sent as JSON, errors looked
// through, and goroutines handed work. The library's own benchmarks time its functions one by one; here the code is the user's.
package everyday

import (
	"bufio"
	"bytes"
	"container/heap"
	"container/list"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/bits"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"text/template"
	"time"
	"unicode"
)

type P struct {
	X, Y int
	Name string
	Tags []string
}

var sinkI int
var sinkS string
var sinkA any
var sinkB []byte

func words() []string {
	var w []string
	for i := range 2000 {
		w = append(w, "w"+strconv.Itoa(i*7919%1009))
	}
	return w
}

func BenchmarkWordCount(b *testing.B) {
	w := words()
	for b.Loop() {
		m := map[string]int{}
		for _, s := range w {
			m[s]++
		}
		sinkI += len(m)
	}
}
func BenchmarkSortSlice(b *testing.B) {
	w := words()
	for b.Loop() {
		c := slices.Clone(w)
		sort.Slice(c, func(i, j int) bool { return c[i] < c[j] })
		sinkS = c[0]
	}
}
func BenchmarkSortFunc(b *testing.B) {
	w := words()
	for b.Loop() {
		c := slices.Clone(w)
		slices.SortFunc(c, strings.Compare)
		sinkS = c[0]
	}
}
func BenchmarkFields(b *testing.B) {
	s := strings.Join(words(), " ")
	for b.Loop() {
		sinkI += len(strings.Fields(s))
	}
}
func BenchmarkSplitJoin(b *testing.B) {
	s := strings.Join(words(), ",")
	for b.Loop() {
		sinkS = strings.Join(strings.Split(s, ","), ";")
	}
}
func BenchmarkScanner(b *testing.B) {
	s := strings.Join(words(), "\n")
	for b.Loop() {
		sc := bufio.NewScanner(strings.NewReader(s))
		for sc.Scan() {
			sinkI += len(sc.Text())
		}
	}
}
func BenchmarkSprintf(b *testing.B) {
	for b.Loop() {
		sinkS = fmt.Sprintf("%s-%d:%v %x", "abc", 42, 3.5, 255)
	}
}
func BenchmarkSprintStruct(b *testing.B) {
	p := P{1, 2, "n", []string{"a", "b"}}
	for b.Loop() {
		sinkS = fmt.Sprintf("%+v", p)
	}
}
func BenchmarkJSONMarshal(b *testing.B) {
	p := []P{{1, 2, "n", []string{"a", "b"}}, {3, 4, "m", nil}}
	for b.Loop() {
		sinkB, _ = json.Marshal(p)
	}
}
func BenchmarkJSONUnmarshal(b *testing.B) {
	t := []byte(`[{"X":1,"Y":2,"Name":"n","Tags":["a","b"]},{"X":3,"Y":4,"Name":"m","Tags":null}]`)
	for b.Loop() {
		var p []P
		json.Unmarshal(t, &p)
	}
}
func BenchmarkJSONAny(b *testing.B) {
	t := []byte(`{"a":[1,2,3,{"b":"c"}],"d":{"e":null,"f":1.5e3}}`)
	for b.Loop() {
		json.Unmarshal(t, &sinkA)
	}
}
func BenchmarkSlog(b *testing.B) {
	l := slog.New(slog.NewTextHandler(io.Discard, nil))
	for b.Loop() {
		l.Info("msg", "a", 1, "b", "two", "c", time.Second)
	}
}
func BenchmarkSlogJSONWith(b *testing.B) {
	l := slog.New(slog.NewJSONHandler(io.Discard, nil)).With("req", 7).WithGroup("g")
	for b.Loop() {
		l.LogAttrs(context.Background(), slog.LevelInfo, "msg", slog.Int("a", 1), slog.String("b", "x"))
	}
}

type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any {
	o := *h
	x := o[len(o)-1]
	*h = o[:len(o)-1]
	return x
}
func BenchmarkHeap(b *testing.B) {
	for b.Loop() {
		h := &intHeap{}
		for i := range 500 {
			heap.Push(h, i*7919%1009)
		}
		for h.Len() > 0 {
			sinkI += heap.Pop(h).(int)
		}
	}
}
func BenchmarkList(b *testing.B) {
	for b.Loop() {
		l := list.New()
		for i := range 500 {
			l.PushBack(i)
		}
		for e := l.Front(); e != nil; e = e.Next() {
			sinkI += e.Value.(int)
		}
	}
}
func BenchmarkSyncMap(b *testing.B) {
	var m sync.Map
	for i := range 1000 {
		m.Store(i, i)
	}
	i := 0
	for b.Loop() {
		v, _ := m.Load(i % 1000)
		sinkI += v.(int)
		if i%50 == 0 {
			m.Store(i%1000, i)
		}
		i++
	}
}
func BenchmarkPool(b *testing.B) {
	p := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	for b.Loop() {
		x := p.Get().(*bytes.Buffer)
		x.Reset()
		x.WriteString("hello")
		p.Put(x)
	}
}
func BenchmarkOnceValue(b *testing.B) {
	f := sync.OnceValue(func() int { return 3 })
	for b.Loop() {
		sinkI += f()
	}
}
func BenchmarkContextValue(b *testing.B) {
	type k int
	ctx := context.Background()
	for i := range 8 {
		ctx = context.WithValue(ctx, k(i), i)
	}
	for b.Loop() {
		sinkI += ctx.Value(k(1)).(int)
	}
}
func BenchmarkContextCancel(b *testing.B) {
	for b.Loop() {
		ctx, c := context.WithCancel(context.Background())
		ctx2, c2 := context.WithTimeout(ctx, time.Hour)
		_ = ctx2
		c2()
		c()
	}
}
func BenchmarkErrorsIs(b *testing.B) {
	e := fmt.Errorf("a: %w", fmt.Errorf("b: %w", io.EOF))
	for b.Loop() {
		if errors.Is(e, io.EOF) {
			sinkI++
		}
	}
}

type codeErr struct{ c int }

func (e *codeErr) Error() string { return "x" }
func BenchmarkErrorsAs(b *testing.B) {
	e := fmt.Errorf("a: %w", fmt.Errorf("b: %w", &codeErr{3}))
	for b.Loop() {
		var t *codeErr
		if errors.As(e, &t) {
			sinkI += t.c
		}
	}
}
func BenchmarkTemplate(b *testing.B) {
	t := template.Must(template.New("").Parse(`{{range .}}{{.Name}}: {{.X}}/{{.Y}} {{len .Tags}}{{end}}`))
	p := []P{{1, 2, "n", []string{"a", "b"}}, {3, 4, "m", nil}}
	for b.Loop() {
		t.Execute(io.Discard, p)
	}
}
func BenchmarkReflectFields(b *testing.B) {
	p := P{1, 2, "n", nil}
	for b.Loop() {
		v := reflect.ValueOf(&p).Elem()
		for i := range v.NumField() {
			sinkI += int(v.Field(i).Kind())
		}
	}
}
func BenchmarkReflectCall(b *testing.B) {
	f := reflect.ValueOf(func(a, c int) int { return a + c })
	args := []reflect.Value{reflect.ValueOf(1), reflect.ValueOf(2)}
	for b.Loop() {
		sinkI += int(f.Call(args)[0].Int())
	}
}
func BenchmarkDeepEqual(b *testing.B) {
	x, y := words(), words()
	for b.Loop() {
		reflect.DeepEqual(x, y)
	}
}
func BenchmarkURLParse(b *testing.B) {
	for b.Loop() {
		u, _ := url.Parse("https://user@example.com:8080/a/b%20c?x=1&y=2#frag")
		sinkS = u.Query().Get("y")
	}
}
func BenchmarkNetip(b *testing.B) {
	p := netip.MustParsePrefix("10.0.0.0/8")
	for b.Loop() {
		a, _ := netip.ParseAddr("10.20.30.40")
		if p.Contains(a) {
			sinkI++
		}
	}
}
func BenchmarkTimeFormat(b *testing.B) {
	t := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for b.Loop() {
		sinkS = t.Format(time.RFC3339Nano)
	}
}
func BenchmarkTimeParse(b *testing.B) {
	for b.Loop() {
		t, _ := time.Parse(time.RFC1123, "Mon, 02 Jan 2006 15:04:05 MST")
		sinkI += t.Second()
	}
}
func BenchmarkTimeNow(b *testing.B) {
	for b.Loop() {
		sinkI += time.Now().Nanosecond()
	}
}
func BenchmarkAtoi(b *testing.B) {
	for b.Loop() {
		n, _ := strconv.Atoi("123456789")
		sinkI += n
	}
}
func BenchmarkParseFloat(b *testing.B) {
	for b.Loop() {
		f, _ := strconv.ParseFloat("3.14159265358979", 64)
		sinkI += int(f)
	}
}
func BenchmarkHex(b *testing.B) {
	x := make([]byte, 1000)
	for b.Loop() {
		sinkS = hex.EncodeToString(x)
	}
}
func BenchmarkReplacer(b *testing.B) {
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	s := strings.Repeat("a<b>c&d ", 50)
	for b.Loop() {
		sinkS = r.Replace(s)
	}
}
func BenchmarkMapRunes(b *testing.B) {
	s := strings.Repeat("Hello, Wörld! ", 50)
	for b.Loop() {
		sinkS = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return unicode.ToUpper(r)
			}
			return -1
		}, s)
	}
}
func BenchmarkEqualFold(b *testing.B) {
	x, y := strings.Repeat("aBc", 100), strings.Repeat("AbC", 100)
	for b.Loop() {
		if strings.EqualFold(x, y) {
			sinkI++
		}
	}
}
func BenchmarkTabwriter(b *testing.B) {
	for b.Loop() {
		w := tabwriter.NewWriter(io.Discard, 0, 8, 1, ' ', 0)
		for range 50 {
			io.WriteString(w, "a\tbcd\tefghi\n")
		}
		w.Flush()
	}
}
func BenchmarkFilepath(b *testing.B) {
	for b.Loop() {
		sinkS = filepath.Join("/a", "../b", "c", filepath.Base("/x/y/z.txt"))
	}
}

type animal interface{ legs() int }
type dog struct{ n int }
type cat struct{ n int }
type bird struct{ n int }

func (d *dog) legs() int { return d.n }
func (c cat) legs() int  { return c.n }
func (c bird) legs() int { return c.n }
func BenchmarkDispatch(b *testing.B) {
	a := []animal{&dog{4}, cat{4}, bird{2}, &dog{3}, cat{1}, bird{7}, cat{9}}
	for b.Loop() {
		for range 100 {
			for _, x := range a {
				sinkI += x.legs()
			}
		}
	}
}
func BenchmarkTypeSwitch(b *testing.B) {
	a := []any{1, "a", 2.5, []int{1}, &dog{4}, cat{4}, error(nil), map[string]int{}}
	for b.Loop() {
		for range 100 {
			for _, x := range a {
				switch v := x.(type) {
				case int:
					sinkI += v
				case string:
					sinkI += len(v)
				case float64:
					sinkI += int(v)
				case []int:
					sinkI += len(v)
				case animal:
					sinkI += v.legs()
				case nil:
					sinkI++
				default:
					sinkI += 2
				}
			}
		}
	}
}
func apply[T any](xs []T, f func(T) T) {
	for i, x := range xs {
		xs[i] = f(x)
	}
}
func BenchmarkGenericClosure(b *testing.B) {
	xs := make([]int, 1000)
	k := len(xs) / 333
	for b.Loop() {
		apply(xs, func(x int) int { return x*k + 1 })
	}
}
func BenchmarkIterSeq(b *testing.B) {
	m := map[int]int{}
	for i := range 500 {
		m[i] = i
	}
	for b.Loop() {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			sinkI += k
		}
	}
}
func BenchmarkMapIntAccess(b *testing.B) {
	m := map[int]int{}
	for i := range 10000 {
		m[i*3] = i
	}
	for b.Loop() {
		for i := range 1000 {
			sinkI += m[i*29]
		}
	}
}
func BenchmarkMapStruct(b *testing.B) {
	type key struct {
		a int32
		b string
	}
	m := map[key]int{}
	for i := range 1000 {
		m[key{int32(i), strconv.Itoa(i)}] = i
	}
	k := key{500, "500"}
	for b.Loop() {
		sinkI += m[k]
	}
}
func BenchmarkMapDelete(b *testing.B) {
	for b.Loop() {
		m := make(map[int]bool, 300)
		for i := range 300 {
			m[i] = true
		}
		for i := range 300 {
			delete(m, i)
		}
	}
}
func BenchmarkSliceAppend(b *testing.B) {
	for b.Loop() {
		var s []int
		for i := range 1000 {
			s = append(s, i)
		}
		sinkI += len(s)
	}
}
func BenchmarkSlice2D(b *testing.B) {
	g := make([][]int, 100)
	for i := range g {
		g[i] = make([]int, 100)
	}
	for b.Loop() {
		for y := 1; y < 99; y++ {
			for x := 1; x < 99; x++ {
				g[y][x] = (g[y-1][x] + g[y+1][x] + g[y][x-1] + g[y][x+1]) >> 2
			}
		}
	}
}
func BenchmarkBytesBuffer(b *testing.B) {
	for b.Loop() {
		var buf bytes.Buffer
		for range 100 {
			buf.WriteString("hello ")
			buf.WriteByte('x')
		}
		sinkI += buf.Len()
	}
}
func BenchmarkBuilderFprintf(b *testing.B) {
	for b.Loop() {
		var sb strings.Builder
		for i := range 50 {
			fmt.Fprintf(&sb, "%d,", i)
		}
		sinkS = sb.String()
	}
}
func BenchmarkConcat(b *testing.B) {
	x, y := "abc", "defg"
	for b.Loop() {
		sinkS = x + "-" + y + ":" + x
	}
}
func BenchmarkAtomicAdd(b *testing.B) {
	var n atomic.Int64
	for b.Loop() {
		n.Add(1)
	}
}
func BenchmarkMutexCounter(b *testing.B) {
	var mu sync.Mutex
	n := 0
	for b.Loop() {
		mu.Lock()
		n++
		mu.Unlock()
	}
}
func BenchmarkDeferUnlock(b *testing.B) {
	var mu sync.Mutex
	f := func() int {
		mu.Lock()
		defer mu.Unlock()
		return 1
	}
	for b.Loop() {
		sinkI += f()
	}
}
func BenchmarkPanicRecover(b *testing.B) {
	f := func() (err error) {
		defer func() {
			if e := recover(); e != nil {
				err = e.(error)
			}
		}()
		panic(io.EOF)
	}
	for b.Loop() {
		f()
	}
}
func BenchmarkChanWorkers(b *testing.B) {
	for b.Loop() {
		in, out := make(chan int, 16), make(chan int, 16)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for x := range in {
					out <- x * 2
				}
			})
		}
		go func() {
			for i := range 200 {
				in <- i
			}
			close(in)
			wg.Wait()
			close(out)
		}()
		for x := range out {
			sinkI += x
		}
	}
}
func BenchmarkIOCopy(b *testing.B) {
	data := bytes.Repeat([]byte("x"), 100000)
	for b.Loop() {
		io.Copy(io.Discard, io.LimitReader(bytes.NewReader(data), 90000))
	}
}
func BenchmarkPipe(b *testing.B) {
	for b.Loop() {
		r, w := io.Pipe()
		go func() { fmt.Fprint(w, "hello"); w.Close() }()
		io.ReadAll(r)
	}
}
func BenchmarkTree(b *testing.B) {
	type t struct{ l, r *t }
	var mk func(d int) *t
	mk = func(d int) *t {
		if d == 0 {
			return &t{}
		}
		return &t{mk(d - 1), mk(d - 1)}
	}
	for b.Loop() {
		mk(10)
	}
}
func BenchmarkBitset(b *testing.B) {
	s := make([]uint64, 256)
	for b.Loop() {
		for i := 0; i < 16384; i += 7 {
			s[i>>6] |= 1 << (i & 63)
		}
		for _, w := range s {
			sinkI += bits.OnesCount64(w)
		}
	}
}
func BenchmarkMatrixFloat(b *testing.B) {
	const n = 48
	var x, y, z [n][n]float64
	for b.Loop() {
		for i := range n {
			for j := range n {
				s := 0.0
				for k := range n {
					s += x[i][k] * y[k][j]
				}
				z[i][j] = s
			}
		}
	}
	sinkI += int(z[1][1])
}
func BenchmarkRunes(b *testing.B) {
	s := strings.Repeat("añb日", 100)
	for b.Loop() {
		for _, r := range s {
			sinkI += int(r)
		}
		sinkI += len([]rune(s))
	}
}
func BenchmarkLevenshtein(b *testing.B) {
	x, y := "kitten sitting on the mat", "sitting kitten at the moat"
	for b.Loop() {
		prev := make([]int, len(y)+1)
		for j := range prev {
			prev[j] = j
		}
		for i := range len(x) {
			cur := make([]int, len(y)+1)
			cur[0] = i + 1
			for j := range len(y) {
				c := 1
				if x[i] == y[j] {
					c = 0
				}
				cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+c)
			}
			prev = cur
		}
		sinkI += prev[len(y)]
	}
}
func BenchmarkFib(b *testing.B) {
	var fib func(n int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	for b.Loop() {
		sinkI += fib(15)
	}
}
func fibR(n int) int {
	if n < 2 {
		return n
	}
	return fibR(n-1) + fibR(n-2)
}
func BenchmarkFibFunc(b *testing.B) {
	for b.Loop() {
		sinkI += fibR(15)
	}
}
