// Type switches of many concrete types look for the type's hash: with nil, with interfaces between them, with types that occur
// twice in an instance, over an interface with methods, with several types in a case, and with types made by reflection.
package main

import "reflect"

type stringer interface{ String() string }
type a1 struct{ x int }
type a2 struct{ x, y int }
type a3 [3]string
type a4 func() int
type a5 map[string]int
type a6 chan int
type a7 string
type a8 float64
type a9 *int
type s1 int
type s2 struct{ p *int }
type s3 string
type s4 [2]int
type s5 []int
type s6 bool
type s7 complex64
type s8 struct{}

func (s1) String() string  { return "s1" }
func (s2) String() string  { return "s2" }
func (s3) String() string  { return "s3" }
func (s4) String() string  { return "s4" }
func (s5) String() string  { return "s5" }
func (s6) String() string  { return "s6" }
func (s7) String() string  { return "s7" }
func (*s8) String() string { return "*s8" }

//go:noinline
func which(x any) string {
	switch v := x.(type) {
	case int:
		return "int " + string(rune('0'+v))
	case string:
		return "string " + v
	case a1:
		return "a1 " + string(rune('0'+v.x))
	case a2, *a2:
		return "a2 or *a2"
	case a3:
		return "a3 " + v[2]
	case nil:
		return "nil"
	case a4:
		return "a4 " + string(rune('0'+v()))
	case a5:
		return "a5 " + string(rune('0'+v["k"]))
	case a6:
		return "a6 " + string(rune('0'+cap(v)))
	case interface{ Nothing() }:
		return "never"
	case a7:
		return "a7 " + string(v)
	case a8:
		return "a8"
	case a9:
		return "a9 " + string(rune('0'+*v))
	case []int:
		return "[]int"
	case map[int]bool:
		return "map[int]bool"
	case struct{ A, B int }:
		return "struct " + string(rune('0'+v.B))
	case [4]byte:
		return "[4]byte " + string(v[:])
	case func():
		return "func()"
	case chan<- int:
		return "chan<- int"
	case stringer:
		return "stringer " + v.String()
	case error:
		return "error"
	}
	return "other"
}

//go:noinline
func method(x stringer) string {
	switch v := x.(type) {
	case s1:
		return "1"
	case s2:
		return "2" + string(rune('0'+*v.p))
	case s3:
		return "3" + string(v)
	case s4:
		return "4" + string(rune('0'+v[1]))
	case s5:
		return "5" + string(rune('0'+len(v)))
	case s6:
		return "6"
	case s7:
		return "7"
	case *s8:
		return "8"
	}
	return "nil or other"
}

// In an instance two cases may be the same type: the first one counts.
//
//go:noinline
func generic[T any](x any) string {
	switch x.(type) {
	case int8:
		return "int8"
	case int16:
		return "int16"
	case int32:
		return "int32"
	case T:
		return "T"
	case int64:
		return "int64"
	case uint8:
		return "uint8"
	case uint16:
		return "uint16"
	case uint32:
		return "uint32"
	case []T:
		return "[]T"
	case nil:
		return "nil"
	}
	return "other"
}

type another struct{ s1 }

func main() {
	seven := 7
	for _, x := range []any{1, "s", a1{2}, a2{}, &a2{}, a3{2: "t"}, nil, a4(func() int { return 4 }), a5{"k": 5}, make(a6, 6), a7("x"), a8(1),
		a9(&seven), []int{}, map[int]bool{}, struct{ A, B int }{1, 2}, [4]byte{'a', 'b', 'c', 'd'}, func() {}, make(chan<- int), s1(0), another{}, 1.5,
		new(int), reflect.New(reflect.TypeFor[a3]()).Elem().Interface(),
		reflect.Zero(reflect.ArrayOf(4, reflect.TypeFor[byte]())).Interface(),
		reflect.MakeMap(reflect.MapOf(reflect.TypeFor[int](), reflect.TypeFor[bool]())).Interface(),
		reflect.Zero(reflect.ArrayOf(5, reflect.TypeFor[byte]())).Interface()} {
		println(which(x))
	}
	for _, x := range []stringer{s1(1), s2{&seven}, s3("x"), s4{1, 2}, s5{1, 2, 3}, s6(true), s7(1), new(s8), another{}, nil} {
		println(method(x))
	}
	for _, x := range []any{int8(1), int16(1), int32(1), int64(1), uint8(1), uint16(1), uint32(1), []int64{}, []uint8{}, nil, 1} {
		println(generic[int64](x), generic[uint8](x), generic[string](x), generic[int16](x))
	}
}
