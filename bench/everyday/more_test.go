// More of everyday code: maps with keys of all kinds, iterators, small interpreters, mathematics, buffers, timers. See everyday_test.go.
package everyday

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var sinkF float64

func BenchmarkMapAppend(b *testing.B) {
	for b.Loop() {
		m := map[int][]int{}
		for i := range 1000 {
			m[i%50] = append(m[i%50], i)
		}
		sinkI += len(m)
	}
}
func BenchmarkMapStringAppend(b *testing.B) {
	ks := make([]string, 50)
	for i := range ks {
		ks[i] = "key" + strconv.Itoa(i)
	}
	for b.Loop() {
		m := map[string][]int{}
		for i := range 1000 {
			m[ks[i%50]] = append(m[ks[i%50]], i)
		}
		sinkI += len(m)
	}
}
func BenchmarkMapArrayKey(b *testing.B) {
	m := map[[2]int]int{}
	for i := range 1000 {
		m[[2]int{i, i * 2}] = i
	}
	for b.Loop() {
		for i := range 100 {
			sinkI += m[[2]int{i, i * 2}]
		}
	}
}
func BenchmarkMapAnyKey(b *testing.B) {
	m := map[any]int{}
	for i := range 1000 {
		m[i] = i
		m[strconv.Itoa(i)] = i
	}
	for b.Loop() {
		for i := range 100 {
			sinkI += m[i]
		}
		sinkI += m["77"]
	}
}
func BenchmarkMapFloatKey(b *testing.B) {
	m := map[float64]int{}
	for i := range 1000 {
		m[float64(i)/3] = i
	}
	for b.Loop() {
		for i := range 100 {
			sinkI += m[float64(i)/3]
		}
	}
}
func BenchmarkMapSet(b *testing.B) {
	for b.Loop() {
		seen := map[string]struct{}{}
		for i := range 300 {
			k := strconv.Itoa(i % 97)
			if _, ok := seen[k]; !ok {
				seen[k] = struct{}{}
			}
		}
		sinkI += len(seen)
	}
}
func BenchmarkMapRange(b *testing.B) {
	m := map[string]int{}
	for i := range 1000 {
		m[strconv.Itoa(i)] = i
	}
	for b.Loop() {
		for k, v := range m {
			sinkI += len(k) + v
		}
	}
}
func BenchmarkMapPointers(b *testing.B) {
	type T struct{ a, b int }
	m := map[*T]int{}
	var ks []*T
	for i := range 500 {
		k := &T{i, i}
		ks = append(ks, k)
		m[k] = i
	}
	for b.Loop() {
		for _, k := range ks {
			sinkI += m[k]
		}
	}
}
func BenchmarkConcatLoop(b *testing.B) {
	for b.Loop() {
		s := ""
		for range 100 {
			s += "ab"
		}
		sinkS = s
	}
}
func BenchmarkItoa(b *testing.B) {
	for b.Loop() {
		for i := range 100 {
			sinkS = strconv.Itoa(i * 1001)
		}
	}
}
func BenchmarkIfaceAssert(b *testing.B) {
	xs := []any{&bytes.Buffer{}, &strings.Builder{}, os.Stdin, 3, "x", &bytes.Reader{}}
	for b.Loop() {
		for _, x := range xs {
			if w, ok := x.(io.Writer); ok && w != nil {
				sinkI++
			}
			if s, ok := x.(fmt.Stringer); ok && s != nil {
				sinkI++
			}
		}
	}
}
func BenchmarkIfaceSwitch(b *testing.B) {
	xs := []any{&bytes.Buffer{}, &strings.Builder{}, os.Stdin, 3, "x", &bytes.Reader{}}
	for b.Loop() {
		for _, x := range xs {
			switch x.(type) {
			case fmt.Stringer:
				sinkI++
			case io.ReaderAt:
				sinkI += 2
			case io.Writer:
				sinkI += 3
			}
		}
	}
}
func BenchmarkMathTrig(b *testing.B) {
	for b.Loop() {
		for i := range 100 {
			x := float64(i) * 0.1
			sinkF += math.Sin(x)*math.Cos(x) + math.Atan2(x, 3)
		}
	}
}
func BenchmarkMathExpLog(b *testing.B) {
	for b.Loop() {
		for i := range 100 {
			x := float64(i)*0.1 + 1
			sinkF += math.Exp(x) + math.Log(x)
		}
	}
}
func BenchmarkMathPow(b *testing.B) {
	for b.Loop() {
		for i := range 100 {
			sinkF += math.Pow(float64(i), 1.5)
		}
	}
}
func BenchmarkMathFloor(b *testing.B) {
	for b.Loop() {
		for i := range 100 {
			x := float64(i) * 0.37
			sinkF += math.Floor(x) + math.Round(x) + math.Trunc(x) + math.Mod(x, 7)
		}
	}
}
func BenchmarkRand(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		for range 100 {
			sinkI += r.IntN(1000)
		}
	}
}
func BenchmarkRandGlobal(b *testing.B) {
	for b.Loop() {
		for range 100 {
			sinkI += rand.IntN(1000)
		}
	}
}
func BenchmarkShuffle(b *testing.B) {
	x := make([]int, 200)
	r := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	}
}
func BenchmarkBigMul(b *testing.B) {
	x, _ := new(big.Int).SetString(strings.Repeat("123456789", 20), 10)
	y := new(big.Int)
	for b.Loop() {
		y.Mul(x, x)
	}
}
func BenchmarkBigString(b *testing.B) {
	x, _ := new(big.Int).SetString(strings.Repeat("123456789", 20), 10)
	for b.Loop() {
		sinkS = x.String()
	}
}
func BenchmarkRegexp(b *testing.B) {
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	s := strings.Repeat("hello there bob@example.com and others ", 10)
	for b.Loop() {
		sinkI += len(re.FindAllStringSubmatch(s, -1))
	}
}
func BenchmarkRegexpReplace(b *testing.B) {
	re := regexp.MustCompile(`[aeiou]+`)
	s := strings.Repeat("hello there bob ", 10)
	for b.Loop() {
		sinkS = re.ReplaceAllString(s, "_")
	}
}
func BenchmarkBinaryWrite(b *testing.B) {
	var h struct {
		A uint32
		B uint16
		C [4]byte
		D int64
	}
	for b.Loop() {
		binary.Write(io.Discard, binary.LittleEndian, &h)
	}
}
func BenchmarkBinaryPut(b *testing.B) {
	buf := make([]byte, 64)
	for b.Loop() {
		for i := 0; i < 64; i += 8 {
			binary.BigEndian.PutUint64(buf[i:], uint64(i))
			sinkI += int(binary.LittleEndian.Uint32(buf[i:]))
		}
	}
}
func BenchmarkFnv(b *testing.B) {
	for b.Loop() {
		h := fnv.New64a()
		io.WriteString(h, "hello world, this is some text")
		sinkI += int(h.Sum64())
	}
}
func BenchmarkBinarySearch(b *testing.B) {
	x := make([]int, 1000)
	for i := range x {
		x[i] = i * 3
	}
	for b.Loop() {
		for i := range 100 {
			p, _ := slices.BinarySearch(x, i*29)
			sinkI += p
		}
	}
}

type rec struct {
	id   int
	name string
	val  float64
}

func recs() []rec {
	r := rand.New(rand.NewPCG(3, 4))
	out := make([]rec, 500)
	for i := range out {
		out[i] = rec{r.IntN(100), strconv.Itoa(r.IntN(1000)), r.Float64()}
	}
	return out
}
func BenchmarkSortRecords(b *testing.B) {
	x := recs()
	for b.Loop() {
		y := slices.Clone(x)
		slices.SortFunc(y, func(a, c rec) int { return cmp.Or(cmp.Compare(a.id, c.id), strings.Compare(a.name, c.name)) })
		sinkI += y[0].id
	}
}
func BenchmarkSortStableInts(b *testing.B) {
	x := rand.New(rand.NewPCG(3, 4)).Perm(1000)
	for b.Loop() {
		y := slices.Clone(x)
		slices.SortStableFunc(y, func(a, c int) int { return a - c })
		sinkI += y[0]
	}
}
func BenchmarkSortInts(b *testing.B) {
	x := rand.New(rand.NewPCG(3, 4)).Perm(1000)
	for b.Loop() {
		y := slices.Clone(x)
		slices.Sort(y)
		sinkI += y[0]
	}
}
func BenchmarkGroupBy(b *testing.B) {
	x := recs()
	for b.Loop() {
		g := map[int][]rec{}
		for _, r := range x {
			g[r.id] = append(g[r.id], r)
		}
		sum := map[int]float64{}
		for k, rs := range g {
			for _, r := range rs {
				sum[k] += r.val
			}
		}
		sinkI += len(sum)
	}
}

type opt func(*cfg)
type cfg struct {
	a, b int
	s    string
	f    []func()
}

func withA(a int) opt    { return func(c *cfg) { c.a = a } }
func withS(s string) opt { return func(c *cfg) { c.s = s } }

//go:noinline
func build(o ...opt) *cfg {
	c := &cfg{}
	for _, f := range o {
		f(c)
	}
	return c
}
func BenchmarkOptions(b *testing.B) {
	for b.Loop() {
		sinkI += build(withA(3), withS("x"), withA(sinkI)).a
	}
}

type chain[T any] struct {
	head *elem[T]
	n    int
}
type elem[T any] struct {
	v    T
	next *elem[T]
}

func (l *chain[T]) push(v T) { l.head = &elem[T]{v, l.head}; l.n++ }
func (l *chain[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for e := l.head; e != nil; e = e.next {
			if !yield(e.v) {
				return
			}
		}
	}
}
func filter[T any](s iter.Seq[T], f func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for x := range s {
			if f(x) && !yield(x) {
				return
			}
		}
	}
}
func BenchmarkIterChain(b *testing.B) {
	var l chain[int]
	for i := range 500 {
		l.push(i)
	}
	for b.Loop() {
		for x := range filter(filter(l.all(), func(x int) bool { return x%2 == 0 }), func(x int) bool { return x%3 == 0 }) {
			sinkI += x
		}
	}
}
func BenchmarkIterPull(b *testing.B) {
	var l chain[int]
	for i := range 100 {
		l.push(i)
	}
	for b.Loop() {
		next, stop := iter.Pull(l.all())
		for {
			v, ok := next()
			if !ok {
				break
			}
			sinkI += v
		}
		stop()
	}
}
func BenchmarkGenericStack(b *testing.B) {
	for b.Loop() {
		var l chain[rec]
		for i := range 100 {
			l.push(rec{id: i})
		}
		sinkI += l.n
	}
}

type state func(*lexer) state
type lexer struct {
	s     string
	i     int
	words int
}

func lexText(l *lexer) state {
	for l.i < len(l.s) {
		if l.s[l.i] != ' ' {
			return lexWord
		}
		l.i++
	}
	return nil
}
func lexWord(l *lexer) state {
	for l.i < len(l.s) && l.s[l.i] != ' ' {
		l.i++
	}
	l.words++
	return lexText
}
func BenchmarkLexer(b *testing.B) {
	s := strings.Repeat("some words in a row ", 20)
	for b.Loop() {
		l := &lexer{s: s}
		for st := state(lexText); st != nil; {
			st = st(l)
		}
		sinkI += l.words
	}
}

type expr interface {
	eval(env map[string]float64) float64
}
type num float64
type vr string
type bin struct {
	op   byte
	l, r expr
}

func (n num) eval(map[string]float64) float64  { return float64(n) }
func (v vr) eval(e map[string]float64) float64 { return e[string(v)] }
func (x *bin) eval(e map[string]float64) float64 {
	l, r := x.l.eval(e), x.r.eval(e)
	switch x.op {
	case '+':
		return l + r
	case '-':
		return l - r
	case '*':
		return l * r
	}
	return l / r
}
func BenchmarkEval(b *testing.B) {
	var e expr = num(1)
	for i := range 30 {
		e = &bin{"+-*/"[i%4], e, &bin{'+', vr("x"), num(float64(i) + 2)}}
	}
	env := map[string]float64{"x": 3, "y": 4}
	for b.Loop() {
		sinkF += e.eval(env)
	}
}
func BenchmarkVM(b *testing.B) {
	code := []byte{0, 5, 1, 3, 2, 3, 4, 1, 0, 2, 5}
	for b.Loop() {
		acc, x := 0, 1
		for range 100 {
			for pc := 0; pc < len(code); pc++ {
				switch code[pc] {
				case 0:
					acc++
				case 1:
					acc += x
				case 2:
					x++
				case 3:
					acc ^= x << 1
				case 4:
					x = acc & 0xff
				case 5:
					acc -= x
				}
			}
		}
		sinkI += acc
	}
}
func BenchmarkCSVLike(b *testing.B) {
	s := strings.Repeat("a,b,c,d,e\n1,2,3,4,5\n", 20)
	for b.Loop() {
		for line := range strings.Lines(s) {
			for f := range strings.SplitSeq(strings.TrimSpace(line), ",") {
				sinkI += len(f)
			}
		}
	}
}
func BenchmarkCut(b *testing.B) {
	for b.Loop() {
		k, v, _ := strings.Cut("some-key=some-value", "=")
		sinkI += len(k) + len(v)
	}
}
func BenchmarkTrim(b *testing.B) {
	for b.Loop() {
		sinkS = strings.TrimSpace("   some text with space  \n")
		sinkS = strings.Trim("--x--", "-")
		sinkS = strings.TrimPrefix("prefix-rest", "prefix-")
	}
}
func BenchmarkContains(b *testing.B) {
	s := strings.Repeat("lorem ipsum dolor sit amet ", 20) + "needle"
	for b.Loop() {
		if strings.Contains(s, "needle") {
			sinkI++
		}
	}
}
func BenchmarkToUpper(b *testing.B) {
	s := strings.Repeat("lorem ipsum Dolor ", 10)
	for b.Loop() {
		sinkS = strings.ToUpper(s)
	}
}
func BenchmarkReadLines(b *testing.B) {
	data := strings.Repeat("some line of text\n", 100)
	for b.Loop() {
		r := bufio.NewReader(strings.NewReader(data))
		for {
			l, err := r.ReadString('\n')
			if err != nil {
				break
			}
			sinkI += len(l)
		}
	}
}
func BenchmarkBufWrite(b *testing.B) {
	w := bufio.NewWriter(io.Discard)
	for b.Loop() {
		for range 100 {
			w.WriteString("some text ")
			w.WriteByte('\n')
			w.WriteRune('é')
		}
	}
	w.Flush()
}
func BenchmarkFprintln(b *testing.B) {
	w := bufio.NewWriter(io.Discard)
	for b.Loop() {
		fmt.Fprintln(w, "x", 1, 2.5, true)
	}
}
func BenchmarkSscanf(b *testing.B) {
	for b.Loop() {
		var a, c int
		var s string
		fmt.Sscanf("12 abc 34", "%d %s %d", &a, &s, &c)
		sinkI += a + c
	}
}
func BenchmarkRWMutexMap(b *testing.B) {
	var mu sync.RWMutex
	m := map[string]int{"a": 1, "b": 2}
	get := func(k string) int {
		mu.RLock()
		defer mu.RUnlock()
		return m[k]
	}
	for b.Loop() {
		sinkI += get("a")
	}
}
func BenchmarkUnbufferedPingPong(b *testing.B) {
	c, d := make(chan int), make(chan int)
	go func() {
		for x := range c {
			d <- x + 1
		}
		close(d)
	}()
	for b.Loop() {
		c <- 1
		sinkI += <-d
	}
	close(c)
}
func BenchmarkErrgroupLike(b *testing.B) {
	for b.Loop() {
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for i := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if i == 9 {
					errs <- io.EOF
				}
			}()
		}
		wg.Wait()
		close(errs)
	}
}
func BenchmarkSelectTimeout(b *testing.B) {
	c := make(chan int, 1)
	for b.Loop() {
		c <- 1
		select {
		case x := <-c:
			sinkI += x
		case <-time.After(time.Second):
		}
	}
}
func BenchmarkTimerReset(b *testing.B) {
	t := time.NewTimer(time.Hour)
	for b.Loop() {
		t.Reset(time.Hour)
	}
}
func BenchmarkDurationString(b *testing.B) {
	for b.Loop() {
		sinkS = (3*time.Hour + 25*time.Minute + 45*time.Second + 500*time.Millisecond).String()
	}
}
func BenchmarkTimeArith(b *testing.B) {
	t := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for b.Loop() {
		u := t.AddDate(0, 1, 3).Truncate(time.Hour)
		sinkI += u.YearDay() + int(u.Weekday())
	}
}
func BenchmarkStructCompare(b *testing.B) {
	x, y := rec{1, "abc", 2.5}, rec{1, "abc", 2.5}
	for b.Loop() {
		if x == y {
			sinkI++
		}
	}
}
func BenchmarkStructCopy(b *testing.B) {
	type big struct{ a [32]int }
	xs := make([]big, 50)
	for b.Loop() {
		for i := 1; i < len(xs); i++ {
			xs[i] = xs[i-1]
		}
	}
}
func BenchmarkSliceInsertDelete(b *testing.B) {
	for b.Loop() {
		var s []int
		for i := range 100 {
			s = slices.Insert(s, i/2, i)
		}
		for len(s) > 0 {
			s = slices.Delete(s, 0, 1)
		}
	}
}
