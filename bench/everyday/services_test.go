// What services and tools are made of: caches, queues, limits, encodings, handlers, workers. See everyday_test.go.
package everyday

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"container/list"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
)

type lru struct {
	order *list.List
	items map[string]*list.Element
	size  int
}
type lruEntry struct {
	key   string
	value int
}

func (c *lru) get(key string) (int, bool) {
	if e, ok := c.items[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*lruEntry).value, true
	}
	return 0, false
}

func (c *lru) put(key string, value int) {
	if e, ok := c.items[key]; ok {
		e.Value.(*lruEntry).value = value
		c.order.MoveToFront(e)
		return
	}
	c.items[key] = c.order.PushFront(&lruEntry{key, value})
	if c.order.Len() > c.size {
		last := c.order.Back()
		delete(c.items, last.Value.(*lruEntry).key)
		c.order.Remove(last)
	}
}

func BenchmarkLRU(b *testing.B) {
	keys := make([]string, 300)
	for i := range keys {
		keys[i] = "user:" + strconv.Itoa(i*7919)
	}
	c := &lru{list.New(), map[string]*list.Element{}, 200}
	for b.Loop() {
		for i := range 300 {
			k := keys[(i*i)%len(keys)]
			if v, ok := c.get(k); ok {
				sinkI += v
			} else {
				c.put(k, i)
			}
		}
	}
}

func BenchmarkHistogram(b *testing.B) {
	var buckets [64]atomic.Uint64
	for b.Loop() {
		for i := range uint64(500) {
			buckets[bits.Len64(i*i)].Add(1)
		}
	}
	sinkI += int(buckets[3].Load())
}

func BenchmarkErrorfWrap(b *testing.B) {
	base := errors.New("no such file")
	for b.Loop() {
		err := fmt.Errorf("open %s: %w", "config.json", base)
		err = fmt.Errorf("start: %w", err)
		if errors.Is(err, base) {
			sinkI += len(err.Error())
		}
	}
}

func BenchmarkErrorsJoin(b *testing.B) {
	e1, e2 := errors.New("first"), errors.New("second")
	for b.Loop() {
		sinkI += len(errors.Join(e1, nil, e2).Error())
	}
}

func command(s string) int {
	switch s {
	case "get", "head":
		return 1
	case "put":
		return 2
	case "post":
		return 3
	case "delete":
		return 4
	case "options":
		return 5
	case "patch":
		return 6
	case "trace", "connect":
		return 7
	}
	return 0
}

func BenchmarkSwitchString(b *testing.B) {
	words := strings.Fields("get put post delete options head unknown trace connect patch purge")
	for b.Loop() {
		for _, w := range words {
			sinkI += command(w)
		}
	}
}

func BenchmarkStringsMap(b *testing.B) {
	s := strings.Repeat("Hello, World! 123 ", 20)
	for b.Loop() {
		sinkI += len(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s))
	}
}

func BenchmarkIsPalindrome(b *testing.B) {
	s := "A man, a plan, a canal: Panama" + strings.Repeat("!", 50)
	for b.Loop() {
		i, j, ok := 0, len(s)-1, true
		for i < j {
			switch {
			case !isAlnum(s[i]):
				i++
			case !isAlnum(s[j]):
				j--
			default:
				if s[i]|32 != s[j]|32 {
					ok = false
				}
				i++
				j--
			}
		}
		if ok {
			sinkI++
		}
	}
}

func isAlnum(c byte) bool { return c|32 >= 'a' && c|32 <= 'z' || c >= '0' && c <= '9' }

type order struct {
	ID    int               `json:"id" xml:"id,attr"`
	Name  string            `json:"name" xml:"name"`
	Price float64           `json:"price" xml:"price"`
	Tags  []string          `json:"tags,omitempty" xml:"tags>tag"`
	Meta  map[string]string `json:"meta,omitempty" xml:"-"`
	At    time.Time         `json:"at" xml:"at"`
}

var sample = order{17, "a book", 12.5, []string{"new", "paper"}, map[string]string{"lang": "en", "size": "A5"}, time.Unix(1700000000, 0).UTC()}

func BenchmarkJSONDecoderStream(b *testing.B) {
	one, _ := json.Marshal(sample)
	stream := bytes.Repeat(append(one, '\n'), 10)
	for b.Loop() {
		d := json.NewDecoder(bytes.NewReader(stream))
		for {
			var o order
			if err := d.Decode(&o); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			sinkI += o.ID
		}
	}
}

func BenchmarkJSONIndent(b *testing.B) {
	for b.Loop() {
		out, _ := json.MarshalIndent(sample, "", "  ")
		sinkI += len(out)
	}
}

func BenchmarkXMLMarshal(b *testing.B) {
	for b.Loop() {
		out, err := xml.Marshal(sample)
		if err != nil {
			b.Fatal(err)
		}
		sinkI += len(out)
	}
}

func BenchmarkXMLUnmarshal(b *testing.B) {
	text, _ := xml.Marshal(sample)
	for b.Loop() {
		var o order
		if err := xml.Unmarshal(text, &o); err != nil {
			b.Fatal(err)
		}
		sinkI += o.ID
	}
}

func BenchmarkCSVRoundTrip(b *testing.B) {
	records := [][]string{{"id", "name", "note"}, {"1", "Ann", `says "hi"`}, {"2", "Bob", "a, b"}, {"3", "Cy", ""}}
	for b.Loop() {
		var buf bytes.Buffer
		w := csv.NewWriter(&buf)
		w.WriteAll(records)
		rows, err := csv.NewReader(&buf).ReadAll()
		if err != nil {
			b.Fatal(err)
		}
		sinkI += len(rows)
	}
}

func BenchmarkGzipRoundTrip(b *testing.B) {
	text := []byte(strings.Repeat("the quick brown fox jumps over the lazy dog; ", 60))
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	for b.Loop() {
		buf.Reset()
		w.Reset(&buf)
		w.Write(text)
		w.Close()
		r, err := gzip.NewReader(&buf)
		if err != nil {
			b.Fatal(err)
		}
		n, _ := io.Copy(io.Discard, r)
		sinkI += int(n)
	}
}

func BenchmarkSignedToken(b *testing.B) {
	key := []byte("0123456789abcdef0123456789abcdef")
	for b.Loop() {
		payload := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"17","exp":1700000000}`))
		h := hmac.New(sha256.New, key)
		io.WriteString(h, payload)
		sinkI += len(payload + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil)))
	}
}

func BenchmarkDigestHex(b *testing.B) {
	for b.Loop() {
		sum := sha256.Sum256([]byte("some content of a small file"))
		sinkI += len(hex.EncodeToString(sum[:]))
	}
}

func BenchmarkUUIDFormat(b *testing.B) {
	id := [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	for b.Loop() {
		sinkI += len(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]))
	}
}

func BenchmarkReadRunes(b *testing.B) {
	text := strings.Repeat("größe und Maß, naïve café\n", 20)
	for b.Loop() {
		r := bufio.NewReader(strings.NewReader(text))
		for {
			c, _, err := r.ReadRune()
			if err != nil {
				break
			}
			sinkI += int(c)
		}
	}
}

func BenchmarkKeyValueLines(b *testing.B) {
	text := strings.Repeat("level=info msg=started port=8080 took=13ms\n", 20)
	for b.Loop() {
		for line := range strings.Lines(text) {
			for pair := range strings.FieldsSeq(line) {
				if k, v, ok := strings.Cut(pair, "="); ok && k == "port" {
					n, _ := strconv.Atoi(v)
					sinkI += n
				}
			}
		}
	}
}

type limiter struct {
	mu     sync.Mutex
	tokens float64
	last   time.Time
	rate   float64
}

func (l *limiter) allow(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tokens = min(100, l.tokens+now.Sub(l.last).Seconds()*l.rate)
	l.last = now
	if l.tokens < 1 {
		return false
	}
	l.tokens--
	return true
}

func BenchmarkRateLimiter(b *testing.B) {
	start := time.Unix(1700000000, 0)
	l := &limiter{rate: 1000, last: start}
	i := 0
	for b.Loop() {
		i++
		if l.allow(start.Add(time.Duration(i) * time.Millisecond)) {
			sinkI++
		}
	}
}

func BenchmarkCondQueue(b *testing.B) {
	var mu sync.Mutex
	filled := sync.NewCond(&mu)
	var items []int
	done := make(chan int)
	n := 0
	go func() {
		sum := 0
		for {
			mu.Lock()
			for len(items) == 0 {
				filled.Wait()
			}
			batch := items
			items = nil
			mu.Unlock()
			for _, x := range batch {
				if x < 0 {
					done <- sum
					return
				}
				sum += x
			}
		}
	}()
	for b.Loop() {
		mu.Lock()
		items = append(items, n)
		mu.Unlock()
		filled.Signal()
		n++
	}
	mu.Lock()
	items = append(items, -1)
	mu.Unlock()
	filled.Signal()
	sinkI += <-done
}

func BenchmarkSnapshotPointer(b *testing.B) {
	type config struct{ limits map[string]int }
	var current atomic.Pointer[config]
	current.Store(&config{map[string]int{"a": 1, "b": 2}})
	for b.Loop() {
		for range 50 {
			sinkI += current.Load().limits["b"]
		}
		next := maps.Clone(current.Load().limits)
		next["a"]++
		current.Store(&config{next})
	}
}

func BenchmarkFanIn(b *testing.B) {
	for b.Loop() {
		out := make(chan int, 8)
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for j := range 25 {
					out <- i * j
				}
			})
		}
		go func() { wg.Wait(); close(out) }()
		for x := range out {
			sinkI += x
		}
	}
}

func BenchmarkSemaphore(b *testing.B) {
	sem := make(chan struct{}, 3)
	var total atomic.Int64
	for b.Loop() {
		var wg sync.WaitGroup
		for i := range 20 {
			sem <- struct{}{}
			wg.Go(func() {
				defer func() { <-sem }()
				total.Add(int64(i))
			})
		}
		wg.Wait()
	}
	sinkI += int(total.Load())
}

type event struct {
	kind string
	at   int64
	data any
}

func BenchmarkEventBus(b *testing.B) {
	handlers := map[string][]func(event){}
	for _, k := range []string{"open", "close", "data"} {
		for i := range 3 {
			handlers[k] = append(handlers[k], func(e event) {
				if n, ok := e.data.(int); ok {
					sinkI += n + i
				}
			})
		}
	}
	for b.Loop() {
		for i, k := range []string{"open", "data", "data", "close", "none"} {
			for _, h := range handlers[k] {
				h(event{k, int64(i), i})
			}
		}
	}
}

func BenchmarkMiddleware(b *testing.B) {
	type handler func(path string) int
	wrap := func(h handler, name string) handler {
		return func(path string) int {
			defer func() { sinkI += len(name) }()
			return h(path) + 1
		}
	}
	h := handler(func(path string) int { return len(path) })
	for _, n := range []string{"log", "auth", "gzip", "recover"} {
		h = wrap(h, n)
	}
	for b.Loop() {
		sinkI += h("/index.html")
	}
}

func BenchmarkRouteTrie(b *testing.B) {
	type node struct {
		children map[string]*node
		wild     *node
		leaf     int
	}
	root := &node{children: map[string]*node{}}
	for i, route := range []string{"api/users/:id", "api/users/:id/posts", "api/posts/:id", "static/css", "health"} {
		n := root
		for _, part := range strings.Split(route, "/") {
			next := n.children[part]
			if strings.HasPrefix(part, ":") {
				next = n.wild
			}
			if next == nil {
				next = &node{children: map[string]*node{}}
				if strings.HasPrefix(part, ":") {
					n.wild = next
				} else {
					n.children[part] = next
				}
			}
			n = next
		}
		n.leaf = i + 1
	}
	paths := []string{"api/users/17/posts", "health", "api/posts/3", "static/css", "api/none"}
	for b.Loop() {
		for _, p := range paths {
			n := root
			for p != "" && n != nil {
				part, rest, _ := strings.Cut(p, "/")
				next := n.children[part]
				if next == nil {
					next = n.wild
				}
				n, p = next, rest
			}
			if n != nil {
				sinkI += n.leaf
			}
		}
	}
}

func BenchmarkTopWords(b *testing.B) {
	words := strings.Fields(strings.Repeat("to be or not to be that is the question whether tis nobler ", 8))
	type count struct {
		word string
		n    int
	}
	for b.Loop() {
		counts := map[string]int{}
		for _, w := range words {
			counts[w]++
		}
		var all []count
		for w, n := range counts {
			all = append(all, count{w, n})
		}
		slices.SortFunc(all, func(x, y count) int {
			if x.n != y.n {
				return y.n - x.n
			}
			return strings.Compare(x.word, y.word)
		})
		sinkI += all[0].n
	}
}

func BenchmarkInvertIndex(b *testing.B) {
	docs := []string{"the cat sat", "the dog ran", "a cat and a dog", "the end"}
	for b.Loop() {
		index := map[string][]int{}
		for i, d := range docs {
			for _, w := range strings.Fields(d) {
				index[w] = append(index[w], i)
			}
		}
		keys := slices.Sorted(maps.Keys(index))
		sinkI += len(keys) + len(index["cat"])
	}
}
