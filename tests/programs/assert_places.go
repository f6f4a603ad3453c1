// One place with an assertion that values of many types come to, some of which fit and some not, from several goroutines: what the
// place remembers of one type must not be taken for another.
package main

import (
	"fmt"
	"sync"
)

type speaker interface{ Speak() string }
type walker interface {
	speaker
	Walk() int
}

type a struct{}
type b int
type c struct{ n int }
type d string
type e float64

func (a) Speak() string  { return "a" }
func (b) Walk() int      { return 2 }
func (c) Speak() string  { return "c" }
func (c) Walk() int      { return 3 }
func (*d) Speak() string { return "d" }

//go:noinline
func speaks(x any) string {
	if s, ok := x.(speaker); ok {
		return s.Speak()
	}
	return "-"
}

//go:noinline
func walks(s speaker) int {
	w, ok := s.(walker)
	if !ok {
		return 0
	}
	return w.Walk()
}

//go:noinline
func must(x any) (out string) {
	defer func() {
		if r := recover(); r != nil {
			out = "!"
		}
	}()
	return x.(speaker).Speak()
}

//go:noinline
func narrow(w walker) speaker { return w }

func kind(x any) int {
	switch x.(type) {
	case walker:
		return 1
	case speaker:
		return 2
	case nil:
		return 3
	}
	return 4
}

func main() {
	text := d("x")
	values := []any{a{}, b(1), c{1}, d("y"), &text, e(1), nil, 7, "s", &c{2}}
	for _, v := range values {
		fmt.Println(speaks(v), must(v), kind(v))
	}
	want := fmt.Sprint(speaks(values[0]), speaks(values[1]), speaks(values[2]))
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 100000 {
				k := i*7 + g
				v := values[k%len(values)]
				x, y, z := speaks(v), must(v), kind(v)
				if (x == "-") != (y == "!") || (x != "-" && x != y) || (z <= 2) != (x != "-") {
					panic(fmt.Sprint(k, x, y, z))
				}
				if got := fmt.Sprint(speaks(values[0]), speaks(values[1]), speaks(values[2])); i%100 == 0 && got != want {
					panic(got)
				}
				if walks(a{}) != 0 || walks(c{}) != 3 || walks(nil) != 0 || narrow(c{}).Speak() != "c" {
					panic("walks")
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(want, narrow(nil) == nil)
}
