// Functions that may return before their first defer statement, or that have it on one way only, and panics before and after it.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
)

var mu sync.Mutex

//go:noinline
func early(x int) (r int) {
	if x < 0 {
		return -1
	}
	mu.Lock()
	defer mu.Unlock()
	r = x * 2
	if x == 7 {
		panic("seven")
	}
	return
}

//go:noinline
func branches(x int) (s string, err error) {
	s = "start"
	if x == 0 {
		return "zero", nil
	}
	if x == 1 {
		defer func() {
			if e := recover(); e != nil {
				err = fmt.Errorf("one: %v", e)
			}
		}()
	} else if x == 2 {
		defer func() { s += "!" }()
	}
	if x < 3 {
		s = fmt.Sprint("got ", 10/(x-1))
	}
	return s, nil
}

//go:noinline
func loop(n int) (out []int) {
	if n == 0 {
		return []int{-1}
	}
	for i := 0; i < n; i++ {
		if i == 3 {
			defer func() { out = append(out, 100+i) }()
			continue
		}
		defer func() { out = append(out, i) }()
	}
	return
}

//go:noinline
func rangef(n int) (out []int) {
	if n == 0 {
		return nil
	}
	for i := range func(yield func(int) bool) {
		for j := 0; j < n; j++ {
			if !yield(j) {
				return
			}
		}
	} {
		if i == 1 {
			continue
		}
		defer func() { out = append(out, i) }()
	}
	return
}

//go:noinline
func nilPointer(p *int, q bool) (r int, err error) {
	r = 5
	if q {
		return *p, nil
	}
	defer func() {
		if e := recover(); e != nil {
			err = e.(error)
			var re runtime.Error
			fmt.Println(errors.As(err, &re))
		}
	}()
	r = 6
	r = *p + 1
	return
}

type T struct{ a, b, c, d, e, f int }

//go:noinline
func many(t T, n int) (u T, ok bool) {
	a, b, c, d, e, f := t.a+n, t.b+n, t.c+n, t.d+n, t.e+n, t.f+n
	if n < 2 {
		return T{f, e, d, c, b, a}, true
	}
	if n > 5 {
		return T{}, false
	}
	for i := 0; i < n; i++ {
		a, b, c, d, e, f = b, c, d, e, f, a+i
	}
	defer func() {
		if x := recover(); x != nil {
			u.a = x.(int)
			ok = n == 3
		}
	}()
	u = T{a, b, c, d, e, f}
	if n == 3 || n == 4 {
		panic(a)
	}
	return u, true
}

//go:noinline
func goexit(n int) {
	if n == 0 {
		return
	}
	defer fmt.Println("deferred", n)
	if n == 2 {
		runtime.Goexit()
	}
}

func open(n int) (func(), error) {
	if n == 0 {
		return nil, errors.New("closed")
	}
	return func() { fmt.Println("done", n) }, nil
}

// The function that is deferred is a value, known only behind a way out.
//
//go:noinline
func value(n int) (r int, err error) {
	if n < 0 {
		return n, nil
	}
	if done, err := open(n); err != nil {
		return 0, err
	} else {
		defer done()
	}
	for i := 0; i < n; i++ {
		r += 10 / (3 - i)
	}
	return r, nil
}

func nested(n int) (s string) {
	if n == 0 {
		panic("bottom")
	}
	if n%2 == 0 {
		return nested(n - 1)
	}
	defer func() {
		if e := recover(); e != nil {
			s = fmt.Sprint(n, e)
			if n < 5 {
				panic(s)
			}
		}
	}()
	s = nested(n - 1)
	return s + "?"
}

func try(f func()) {
	defer func() { fmt.Println("recovered", recover()) }()
	f()
}

func main() {
	for x := -1; x < 4; x++ {
		fmt.Println(early(x))
	}
	try(func() { early(7) })
	fmt.Println(early(8))
	for x := 0; x < 5; x++ {
		try(func() { fmt.Println(branches(x)) })
	}
	for n := 0; n < 6; n++ {
		fmt.Println(loop(n), rangef(n))
	}
	one := 1
	fmt.Println(nilPointer(&one, true))
	fmt.Println(nilPointer(&one, false))
	fmt.Println(nilPointer(nil, false))
	try(func() { fmt.Println(nilPointer(nil, true)) })
	for n := 0; n < 7; n++ {
		fmt.Println(many(T{1, 2, 3, 4, 5, 6}, n))
	}
	for n := 0; n < 3; n++ {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { defer wg.Done(); goexit(n) }()
		wg.Wait()
	}
	for n := -1; n < 6; n++ {
		try(func() { fmt.Println(value(n)) })
	}
	for n := 1; n < 9; n++ {
		try(func() { fmt.Println(nested(n)) })
	}
	if len(os.Args) > 5 {
		defer fmt.Println("never")
	}
}
