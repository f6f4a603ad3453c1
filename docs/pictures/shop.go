// A shop that is looked at for the pictures of docs/inspect.md: it has a catalogue, a cache, sessions of which few are still wanted,
// requests whose answers nobody waits for, two transfers that hold each other up, and a table that makes its start slow.
//
// "serve" makes it allocate all the time; without, it waits for its input to end. Because it can write a heap profile, its runtime keeps one.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"text/template"
	"time"
)

type product struct {
	Name  string
	Tags  []string
	Price int
	Like  []*product
}

type session struct {
	user  string
	items []*product
	seen  [48]int64
}

type account struct {
	sync.Mutex
	balance int
}

type answer struct{ body []byte }

var (
	words     = regexp.MustCompile(`(?i)\b(` + strings.Join(names(400), "|") + `)\b`)
	page      = template.Must(template.New("page").Parse("{{.Name}}: {{.Price}}"))
	catalogue = map[string]*product{}
	sessions  []*session
	cache     = map[int][]byte{}
	orders    = make(chan *session, 16)
	mailbox   = make(chan string)
)

func names(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("thing%dof%d", i*i%997, i))
	}
	return out
}

func fill() {
	all := names(6000)
	var last *product
	for i, name := range all {
		p := &product{Name: name, Tags: []string{"new", fmt.Sprint("shelf ", i%40)}, Price: i}
		if last != nil && i%3 == 0 {
			p.Like = append(p.Like, last)
		}
		catalogue[name], last = p, p
	}
	for i := range 48 {
		cache[i] = make([]byte, 20000+i*3000)
	}
	// Many come, few stay: their spans are kept by those.
	for i := range 9000 {
		s := &session{user: fmt.Sprint("user ", i), items: []*product{catalogue[all[i%len(all)]]}}
		if i%8 == 0 || i < 1500 {
			sessions = append(sessions, s)
		}
	}
}

// The caller has given up: nobody receives.
func lookUp(name string, out chan<- answer) {
	text, _ := json.Marshal(catalogue[name])
	out <- answer{text}
}

func transfer(from, to *account, met *sync.WaitGroup) {
	from.Lock()
	met.Done()
	met.Wait()
	to.Lock()
	to.balance, from.balance = to.balance+1, from.balance-1
}

func worker() {
	for s := range orders {
		var b strings.Builder
		page.Execute(&b, s.items[0])
	}
}

func postman() {
	for m := range mailbox {
		fmt.Println(m)
	}
}

//go:noinline
func open() {
	for range 4 {
		go worker()
	}
	go postman()
	for _, name := range names(12) {
		go lookUp(name, make(chan answer))
	}
	a, b, met := new(account), new(account), new(sync.WaitGroup)
	met.Add(2)
	go transfer(a, b, met)
	go transfer(b, a, met)
}

func serve() {
	debug.SetGCPercent(300)
	for n := 0; ; n++ {
		for i := range 12 {
			s := sessions[(n+i)%len(sessions)]
			text, _ := json.Marshal(s.items[0])
			cache[n%48] = append(text, make([]byte, 20000+n%3000)...)
			orders <- s
		}
		time.Sleep(time.Millisecond)
	}
}

//go:noinline
func overwrite(n int) int {
	var space [1024]int
	for i := range space {
		space[i] = n
	}
	return space[n%1024]
}

func main() {
	runtime.MemProfileRate = 4096
	fill()
	runtime.GC()
	open()
	time.Sleep(50 * time.Millisecond)
	overwrite(3)
	switch {
	case len(os.Args) < 2:
	case os.Args[1] == "serve":
		go serve()
	case os.Args[1] == "profile":
		pprof.WriteHeapProfile(os.Stdout)
	}
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println(len(words.FindAllString("thing0of0", -1)), len(sessions))
}
