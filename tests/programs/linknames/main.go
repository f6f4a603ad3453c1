// Functions of the runtime and of reflect that well-known modules reach by go:linkname (json-iterator's reflect2, go-json, xsync).
package main

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// An iterator of old: twelve words, with the pointers where they were.
type hiter struct {
	key, elem, typ, m, buckets, bucket, overflow, oldOverflow unsafe.Pointer
	start                                                     uintptr
	flags                                                     [8]uint8
	at, check                                                 uintptr
}

type eface struct{ typ, data unsafe.Pointer }

//go:linkname mapiterinit reflect.mapiterinit
func mapiterinit(typ, m unsafe.Pointer, it *hiter)

//go:linkname mapiternext reflect.mapiternext
func mapiternext(it *hiter)

//go:linkname mapiterkey reflect.mapiterkey
func mapiterkey(it *hiter) unsafe.Pointer

//go:linkname runtimeIterInit runtime.mapiterinit
func runtimeIterInit(typ, m unsafe.Pointer, it *hiter)

//go:linkname runtimeIterNext runtime.mapiternext
func runtimeIterNext(it *hiter)

//go:linkname typelinks reflect.typelinks
func typelinks() (sections []unsafe.Pointer, offsets [][]int32)

//go:linkname noescape runtime.noescape
func noescape(p unsafe.Pointer) unsafe.Pointer

//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

//go:linkname cheaprandn runtime.cheaprandn
func cheaprandn(n uint32) uint32

//go:linkname fastrand runtime.fastrand
func fastrand() uint32

//go:linkname fastrandn runtime.fastrandn
func fastrandn(n uint32) uint32

//go:linkname fastrand64 runtime.fastrand64
func fastrand64() uint64

//go:linkname cputicks runtime.cputicks
func cputicks() int64

//go:linkname stringHash runtime.stringHash
func stringHash(s string, seed uintptr) uintptr

//go:linkname goyield runtime.goyield
func goyield()

//go:linkname procyield runtime.procyield
func procyield(turns uint32)

//go:linkname ifaceIndir reflect.ifaceIndir
func ifaceIndir(unsafe.Pointer) bool

//go:linkname convTstring runtime.convTstring
func convTstring(s string) unsafe.Pointer

type Known struct{ Field int }

func main() {
	m := map[string]int{}
	for i := range 40 {
		m[fmt.Sprint("key", i)] = i
	}
	var boxed any = m
	e := (*eface)(unsafe.Pointer(&boxed))
	var seen []int
	var it hiter
	for mapiterinit(e.typ, e.data, &it); it.key != nil; mapiternext(&it) {
		if *(*string)(it.key) != *(*string)(mapiterkey(&it)) || *(*string)(it.key) != fmt.Sprint("key", *(*int)(it.elem)) {
			panic("another entry")
		}
		seen = append(seen, *(*int)(it.elem))
	}
	slices.Sort(seen)
	fmt.Println(len(seen), seen[0], seen[39])
	sum := 0
	other := new(hiter)
	for runtimeIterInit(e.typ, e.data, other); other.key != nil; runtimeIterNext(other) {
		sum += *(*int)(other.elem)
	}
	fmt.Println(sum)

	found := false
	var name any = (*Known)(nil)
	sections, offsets := typelinks()
	for i, section := range sections {
		for _, offset := range offsets[i] {
			t := name
			(*eface)(unsafe.Pointer(&t)).typ = unsafe.Pointer(uintptr(section) + uintptr(offset))
			found = found || reflect.TypeOf(t) == reflect.TypeFor[*Known]()
		}
	}
	fmt.Println("type found:", found)

	x := 7
	fmt.Println(*(*int)(noescape(unsafe.Pointer(&x))), stringHash("a", 1) == stringHash("a", 1), cheaprandn(1), *(*string)(convTstring("text")))
	fmt.Println(fastrandn(1), fastrand()|fastrand()|fastrand()|fastrand() != 0, fastrand64()|fastrand64() != 0, cputicks() <= cputicks())
	fmt.Println(procPin() >= 0)
	procUnpin()
	goyield()
	procyield(3)
	for _, v := range []any{x, &x, "text", [1]*int{&x}, struct{ f func() }{}} {
		fmt.Print(ifaceIndir((*eface)(unsafe.Pointer(&v)).typ), " ")
	}
	fmt.Println()
}
