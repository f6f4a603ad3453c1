// Assertions to interfaces at places that many types come to, more than such a place remembers, from several goroutines at once:
// types that fit, types that do not, types without methods, nil.
package main

import (
	"fmt"
	"sync"
)

type yes[A, B any] struct {
	a A
	b B
}

func (yes[A, B]) Name() string { return fmt.Sprintf("%T %T", *new(A), *new(B)) }

type no[A, B any] struct {
	a A
	b B
}

func (no[A, B]) Other() {}

type named interface{ Name() string }
type other interface{ Other() }

var values = []any{
	yes[int8, int8]{}, yes[int8, int16]{}, yes[int8, int32]{}, yes[int8, int64]{}, yes[int8, uint8]{},
	yes[int16, int8]{}, yes[int16, int16]{}, yes[int16, int32]{}, yes[int16, int64]{}, yes[int16, uint8]{},
	yes[int32, int8]{}, yes[int32, int16]{}, yes[int32, int32]{}, yes[int32, int64]{}, yes[int32, uint8]{},
	yes[int64, int8]{}, yes[int64, int16]{}, yes[int64, int32]{}, yes[int64, int64]{}, yes[int64, uint8]{},
	yes[uint8, int8]{}, yes[uint8, int16]{}, yes[uint8, int32]{}, yes[uint8, int64]{}, yes[uint8, uint8]{},
	yes[uint16, int8]{}, yes[uint16, int16]{}, yes[uint16, int32]{}, yes[uint16, int64]{}, yes[uint16, uint8]{},
	yes[uint32, int8]{}, yes[uint32, int16]{}, yes[uint32, int32]{}, yes[uint32, int64]{}, yes[uint32, uint8]{},
	yes[uint64, int8]{}, yes[uint64, int16]{}, yes[uint64, int32]{}, yes[uint64, int64]{}, yes[uint64, uint8]{},
	yes[string, int8]{}, yes[string, int16]{}, yes[string, int32]{}, yes[string, int64]{}, yes[string, uint8]{},
	yes[bool, int8]{}, yes[bool, int16]{}, yes[bool, int32]{}, yes[bool, int64]{}, yes[bool, uint8]{},
	no[int8, int8]{}, no[int8, int16]{}, no[int8, int32]{}, no[int8, int64]{}, no[int8, uint8]{},
	no[int16, int8]{}, no[int16, int16]{}, no[int16, int32]{}, no[int16, int64]{}, no[int16, uint8]{},
	no[int32, int8]{}, no[int32, int16]{}, no[int32, int32]{}, no[int32, int64]{}, no[int32, uint8]{},
	no[int64, int8]{}, no[int64, int16]{}, no[int64, int32]{}, no[int64, int64]{}, no[int64, uint8]{},
	no[uint8, int8]{}, no[uint8, int16]{}, no[uint8, int32]{}, no[uint8, int64]{}, no[uint8, uint8]{},
	no[uint16, int8]{}, no[uint16, int16]{}, no[uint16, int32]{}, no[uint16, int64]{}, no[uint16, uint8]{},
	no[uint32, int8]{}, no[uint32, int16]{}, no[uint32, int32]{}, no[uint32, int64]{}, no[uint32, uint8]{},
	no[uint64, int8]{}, no[uint64, int16]{}, no[uint64, int32]{}, no[uint64, int64]{}, no[uint64, uint8]{},
	no[string, int8]{}, no[string, int16]{}, no[string, int32]{}, no[string, int64]{}, no[string, uint8]{},
	no[bool, int8]{}, no[bool, int16]{}, no[bool, int32]{}, no[bool, int64]{}, no[bool, uint8]{},
	nil, 1, "s", 2.5, []int{1}, struct{}{}, new(int), map[string]int{}, func() {}, [3]int{},
}

//go:noinline
func ask(v any) (string, bool) {
	n, ok := v.(named)
	if !ok {
		return "", n != nil
	}
	return n.Name(), ok
}

//go:noinline
func which(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case named:
		return 1
	case other:
		return 2
	case fmt.Stringer, error:
		return 3
	}
	return 4
}

//go:noinline
func must(v any) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = r.(error).Error()
		}
	}()
	return v.(named).Name()
}

// From an interface with methods.
//
//go:noinline
func narrow(o other) (bool, bool) {
	_, a := o.(named)
	_, b := o.(interface {
		other
		comparableToo()
	})
	return a, b
}

func check(seed uint32) (sum [5]int, names int) {
	for range 4 * len(values) {
		seed = seed*1664525 + 1013904223
		i := int(seed>>8) % len(values)
		v := values[i]
		name, ok := ask(v)
		if ok != (i < 50) || ok != (which(v) == 1) || (ok && must(v) != name) {
			panic(fmt.Sprint("wrong: ", i, name, ok, which(v)))
		}
		names += len(name)
		sum[which(v)]++
		if o, ok := v.(other); ok {
			if a, b := narrow(o); a || b {
				panic("narrow")
			}
		}
	}
	return sum, names
}

func main() {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			check(uint32(g) * 7919)
		}()
	}
	wg.Wait()
	fmt.Println(check(42))
	for _, i := range []int{0, 49, 50, 99, 100, 101, 105} {
		fmt.Println(must(values[i]))
	}
	fmt.Println(narrow(nil))
}
