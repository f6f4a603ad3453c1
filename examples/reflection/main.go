package main

import (
	"fmt"
	"reflect"
	"strings"
)

type P struct {
	A int8
	B string
	C float32
}

func (p P) Sum(x int, y float64, s ...string) (string, error) {
	return fmt.Sprint(p, x, y, s), nil
}
func (p *P) Set(v int8) { p.A = v }

type Big struct{ a, b, c, d, e, f, g int }

func many(a int8, b uint16, c float32, d string, e []int, f any, g complex128, h Big, i bool, j float64, k [1]int32, l [3]int) (Big, error, float32) {
	fmt.Println(a, b, c, d, e, f, g, h, i, j, k, l)
	return h, fmt.Errorf("e%d", a), c * 2
}

type I interface {
	Sum(int, float64, ...string) (string, error)
}

func main() {
	v := reflect.ValueOf(many)
	out := v.Call([]reflect.Value{reflect.ValueOf(int8(-3)), reflect.ValueOf(uint16(7)), reflect.ValueOf(float32(1.5)), reflect.ValueOf("hi"), reflect.ValueOf([]int{1, 2}), reflect.ValueOf(3.5), reflect.ValueOf(2i), reflect.ValueOf(Big{1, 2, 3, 4, 5, 6, 7}), reflect.ValueOf(true), reflect.ValueOf(9.25), reflect.ValueOf([1]int32{-8}), reflect.ValueOf([3]int{1, 2, 3})})
	fmt.Println(out[0], out[1], out[2])
	p := &P{1, "x", 2}
	m := reflect.ValueOf(p).MethodByName("Sum")
	r := m.Call([]reflect.Value{reflect.ValueOf(5), reflect.ValueOf(2.5), reflect.ValueOf("a"), reflect.ValueOf("b")})
	fmt.Println(r[0], r[1].IsNil())
	reflect.ValueOf(p).MethodByName("Set").Call([]reflect.Value{reflect.ValueOf(int8(9))})
	fmt.Println(*p)
	mv := m.Interface().(func(int, float64, ...string) (string, error))
	fmt.Println(mv(1, 2, "q"))
	var i I = p
	mi := reflect.ValueOf(&i).Elem().Method(0).Interface().(func(int, float64, ...string) (string, error))
	fmt.Println(mi(1, 2, "q"))
	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var sw func(string, float32) (float32, string)
	reflect.ValueOf(&sw).Elem().Set(reflect.MakeFunc(reflect.TypeOf(sw), swap))
	fmt.Println(sw("s", 3.5))
	var bigf func(Big, int, [5]string) (int, Big)
	reflect.ValueOf(&bigf).Elem().Set(reflect.MakeFunc(reflect.TypeOf(bigf), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{in[1], in[0]}
	}))
	fmt.Println(bigf(Big{1, 2, 3, 4, 5, 6, 77}, 8, [5]string{}))
	sl := reflect.MakeSlice(reflect.TypeOf([]string{}), 0, 0)
	sl = reflect.Append(sl, reflect.ValueOf("z"))
	fmt.Println(sl.Interface().([]string))
	mt := reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(0))
	mm := reflect.MakeMap(mt)
	mm.SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(4))
	fmt.Println(mm.Interface().(map[string]int), mm.MapKeys())
	st := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeOf(0), Tag: `json:"x"`}, {Name: "Y", Type: reflect.TypeOf("")}})
	fmt.Printf("%v %+v\n", st, reflect.New(st).Elem())
	ch := make(chan int, 1)
	ci, rv, ok := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(ch), Send: reflect.ValueOf(5)}, {Dir: reflect.SelectDefault}})
	fmt.Println(ci, rv, ok)
	ci, rv, ok = reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)}})
	fmt.Println(ci, rv, ok)
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}))
	fmt.Println(strings.Repeat("ab", 3), reflect.TypeOf(i), reflect.TypeOf(many))
	ft := reflect.FuncOf([]reflect.Type{reflect.TypeOf(0)}, []reflect.Type{reflect.TypeOf("")}, false)
	fv := reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(fmt.Sprint(in[0]))} })
	fmt.Println(fv.Interface().(func(int) string)(12))
	fmt.Println(reflect.ArrayOf(3, reflect.TypeOf("")), reflect.PointerTo(st), reflect.ChanOf(reflect.RecvDir, st))
	defer func() { fmt.Println("rec", recover()) }()
	reflect.ValueOf(func() { panic("inner") }).Call(nil)
}
