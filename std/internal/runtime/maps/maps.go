// Package maps is what the library sees of the runtime's maps: reflect walks them with an Iter. The maps themselves are
// C++ (runtime/map, docs/maps.md); the layouts here are those of runtime/map/group.h.
package maps

import (
	"internal/abi"
	"unsafe"
)

// Use64BitHash says that the hash functions give 64 good bits.
const Use64BitHash = true

// Map is the header of a map.
type Map struct {
	used uint64
	_    [40]byte
}

// Used is the number of entries.
func (m *Map) Used() uint64 { return m.used }

// Iter is a walk over a map, as a range statement keeps it.
type Iter struct {
	key         unsafe.Pointer // nil: the end
	elem        unsafe.Pointer
	typ         *abi.MapType
	m           *Map
	entryOffset uint64
	dirOffset   uint64
	clearSeq    uint64
	globalDepth uint8
	fresh       bool // after Init: the first Next begins the walk; in what is padding for the runtime
	dirIdx      int
	tab         unsafe.Pointer
	group       unsafe.Pointer
	entryIdx    uint64
}

//go:linkname mapIterStart runtime.mapIterStart
//go:noescape
func mapIterStart(t *abi.MapType, m *Map, it *Iter)

//go:linkname mapIterNext runtime.mapIterNext
//go:noescape
func mapIterNext(it *Iter)

// Init prepares to walk over m, which may be nil. The Iter must be zero.
func (it *Iter) Init(t *abi.MapType, m *Map) {
	it.typ = t
	it.m = m
	it.fresh = true
}

// Initialized says whether Init was called.
func (it *Iter) Initialized() bool { return it.typ != nil }

// Map is the map that is walked.
func (it *Iter) Map() *Map { return it.m }

// Next goes to the first entry, and then from entry to entry.
func (it *Iter) Next() {
	if it.fresh {
		it.fresh = false
		mapIterStart(it.typ, it.m, it)
		return
	}
	mapIterNext(it)
}

// Key is the address of the entry's key; nil at the end.
func (it *Iter) Key() unsafe.Pointer { return it.key }

// Elem is the address of the entry's element.
func (it *Iter) Elem() unsafe.Pointer { return it.elem }
