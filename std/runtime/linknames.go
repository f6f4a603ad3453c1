package runtime

import "unsafe"

// Functions that the library does not need any more, or never did, and that programs reach by //go:linkname: gc keeps them, with the
// comment that packages which do so stand in a hall of shame (go.dev/issue/67401). What only makes sense with gc's own stacks,
// module data or cgo is not here. Nothing of it is linked in unless it is used.

// ---- maps, as reflect walked them before its own iterator

// linknameIter is what callers have in memory of the size and the pointers of an iterator of old; they read key and elem.
type linknameIter struct {
	key  unsafe.Pointer
	elem unsafe.Pointer
	typ  unsafe.Pointer
	it   *mapIter
}

// mapIter has the size and the pointers of the runtime's Iter (runtime/map/group.h).
type mapIter struct {
	key, elem, typ, m unsafe.Pointer
	places            [3]uint64
	depth             uint64
	index             uint64
	table, group      unsafe.Pointer
	entry             uint64
}

func mapIterStart(t, m unsafe.Pointer, it *mapIter)
func mapIterNext(it *mapIter)
func mapassign(t, m, key unsafe.Pointer) unsafe.Pointer

func mapiterinit(t, m unsafe.Pointer, it *linknameIter) {
	it.typ = t
	it.it = new(mapIter)
	mapIterStart(t, m, it.it)
	it.key, it.elem = it.it.key, it.it.elem
}

func mapiternext(it *linknameIter) {
	mapIterNext(it.it)
	it.key, it.elem = it.it.key, it.it.elem
}

//go:linkname reflect_mapiterinit reflect.mapiterinit
func reflect_mapiterinit(t, m unsafe.Pointer, it *linknameIter) { mapiterinit(t, m, it) }

//go:linkname reflect_mapiternext reflect.mapiternext
func reflect_mapiternext(it *linknameIter) { mapiternext(it) }

//go:linkname reflect_mapiterkey reflect.mapiterkey
func reflect_mapiterkey(it *linknameIter) unsafe.Pointer { return it.it.key }

//go:linkname reflect_mapiterelem reflect.mapiterelem
func reflect_mapiterelem(it *linknameIter) unsafe.Pointer { return it.it.elem }

func mapassign_fast32ptr(t, m, key unsafe.Pointer) unsafe.Pointer {
	return mapassign(t, m, unsafe.Pointer(&key))
}

// ---- types

//go:linkname compiledTypelinks reflect.compiledTypelinks
func compiledTypelinks() ([]*rtype, [][]*rtype)

// reflect_typelinks returns the same types as distances from the one that lies first.
//
//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() (sections []unsafe.Pointer, offsets [][]int32) {
	types, _ := compiledTypelinks()
	if len(types) == 0 {
		return nil, nil
	}
	first := uintptr(unsafe.Pointer(types[0]))
	for _, t := range types {
		first = min(first, uintptr(unsafe.Pointer(t)))
	}
	list := make([]int32, len(types))
	for i, t := range types {
		list[i] = int32(uintptr(unsafe.Pointer(t)) - first)
	}
	return []unsafe.Pointer{unsafe.Pointer(first)}, [][]int32{list}
}

// ---- values as interfaces hold them

func convT64(v uint64) unsafe.Pointer     { return unsafe.Pointer(&v) }
func convTstring(v string) unsafe.Pointer { return unsafe.Pointer(&v) }
func convTslice(v []byte) unsafe.Pointer  { return unsafe.Pointer(&v) }

// ---- the rest

func add(p unsafe.Pointer, x uintptr) unsafe.Pointer { return unsafe.Pointer(uintptr(p) + x) }

func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

func strhash(p unsafe.Pointer, seed uintptr) uintptr

func stringHash(s string, seed uintptr) uintptr { return strhash(noescape(unsafe.Pointer(&s)), seed) }

//go:linkname sync_procPin sync.runtime_procPin
func sync_procPin() int

//go:linkname sync_procUnpin sync.runtime_procUnpin
func sync_procUnpin()

func procPin() int { return sync_procPin() }
func procUnpin()   { sync_procUnpin() }

func cheaprand() uint32

func cheaprand64() int64 { return int64(uint64(cheaprand())<<32 | uint64(cheaprand())) }

// cheaprandn returns a number below n; not exactly each as often as the others.
func cheaprandn(n uint32) uint32 { return uint32(uint64(cheaprand()) * uint64(n) >> 32) }

// Names from before cheaprand's, which modules that were written then still ask for.
func fastrand() uint32          { return cheaprand() }
func fastrandn(n uint32) uint32 { return cheaprandn(n) }
func fastrand64() uint64        { return uint64(cheaprand64()) }

// cputicks counts upwards; what a tick is, is not said.
func cputicks() int64 { return nanotime() }

func goyield() { Gosched() }

func procyield(cycles uint32)
