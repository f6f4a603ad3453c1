// Small operations of the library, to count instructions of: instructions CASE TIMES.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

type tree struct {
	left, right *tree
	value       int
}

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1), depth}
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.value + t.left.sum() + t.right.sum()
}

type record struct {
	Name   string
	Number int
	List   []string
	Map    map[string]int
}

var (
	number    int
	text      string
	mutex     sync.Mutex
	five      = reflect.ValueOf(5)
	address   = regexp.MustCompile(`(\w+)@(\w+)\.com`)
	one       = record{"abc", 5, []string{"x", "yy"}, map[string]int{"a": 1}}
	other     = record{"abc", 5, []string{"x", "yy"}, map[string]int{"a": 1}}
	marshaled = []byte(`{"Name":"abc","Number":5,"List":["x","yy"],"Map":{"a":1}}`)
	numbers   = make([]int, 500)
	failure   = fmt.Errorf("c: %w", errors.Join(errors.New("a"), &os.PathError{Op: "b", Err: io.EOF}))
)

func mix() {
	for i := range numbers {
		numbers[i] = (i * 7919) % 501
	}
}

func locked(n int) int {
	mutex.Lock()
	defer mutex.Unlock()
	return n & 1
}

var words = strings.Fields("break case chan const continue default defer else fallthrough for func go goto if import x yy zzz")

func classify(word string) int {
	switch word {
	case "break", "continue", "goto", "fallthrough", "return":
		return 1
	case "case", "default", "switch", "select":
		return 2
	case "chan", "map", "struct", "interface", "func":
		return 3
	case "const", "var", "type", "import", "package":
		return 4
	case "defer", "go", "for", "if", "else", "range":
		return 5
	}
	return len(word)
}

var (
	plain   [3000]byte
	encoded [4000]byte
)

var cases = map[string]func(){
	"reflect.TypeAssert": func() {
		n, _ := reflect.TypeAssert[int](five)
		number += n
	},
	"reflect.Value.IsZero": func() {
		if five.IsZero() {
			number++
		}
	},
	"reflect.DeepEqual": func() {
		if reflect.DeepEqual(one, other) {
			number++
		}
	},
	"strings.Builder": func() {
		var b strings.Builder
		b.WriteString("hello")
		b.WriteByte('x')
		text = b.String()
	},
	"strings.Fields":   func() { number += len(strings.Fields("a b  c ddd ee f g")) },
	"strings.IndexAny": func() { number += strings.IndexAny("a long string without any of them", "!?#+*") },
	"sync.Mutex":       func() { mutex.Lock(); number++; mutex.Unlock() },
	"defer":            func() { number += locked(number) },
	"switches": func() {
		for _, w := range words {
			number += classify(w)
		}
	},
	"trees":                func() { number += grow(6).sum() },
	"regexp.FindSubmatch":  func() { number += len(address.FindStringSubmatchIndex("foo bar baz abc@def.com")) },
	"json.Marshal":         func() { b, _ := json.Marshal(&one); number += len(b) },
	"json.Unmarshal":       func() { var r record; json.Unmarshal(marshaled, &r) },
	"fmt.Fprintf":          func() { fmt.Fprintf(io.Discard, "%d %s %v %x\n", number, "abc", 3.5, 255) },
	"sort.Ints":            func() { mix(); sort.Ints(numbers) },
	"sort.Slice":           func() { mix(); sort.Slice(numbers, func(a, b int) bool { return numbers[a] < numbers[b] }) },
	"strconv.ParseFloat":   func() { f, _ := strconv.ParseFloat("339.7784", 64); number += int(f) },
	"strconv.AppendQuoted": func() { number += len(strconv.Quote("some text\n")) },
	"errors.Is": func() {
		if errors.Is(failure, io.EOF) {
			number++
		}
	},
	"base64.Encode": func() { base64.StdEncoding.Encode(encoded[:], plain[:]); number += int(encoded[7]) },
}

func main() {
	if len(os.Args) < 3 {
		for name := range cases {
			fmt.Println(name)
		}
		return
	}
	times, _ := strconv.Atoi(os.Args[2])
	f := cases[os.Args[1]]
	for range times {
		f()
	}
}
