package reflect

import (
	"internal/abi"
	"internal/goarch"
	"sync"
)

// callFrame describes the memory in which reflect lays out a call: parameters and results of a function type, after the
// receiver's word if there is one. The runtime's call stubs (runtime/stdlib/reflect_call.cpp) are handed the descriptor or
// the pointer mask in it, and find here which function type the frame is for.
type callFrame struct {
	desc     abi.Type
	pointers bitVector
	fn       *funcType
	rcvr     *abi.Type

	pool sync.Pool
	abid abiDesc
}

// funcLayout returns the frame of calls of type t, with a receiver of type rcvr unless that is nil: its descriptor, a pool
// of frames, and where each value is in it. There is one frame per pair.
func funcLayout(t *funcType, rcvr *abi.Type) (frametype *abi.Type, framePool *sync.Pool, abid abiDesc) {
	if t.Kind() != abi.Func {
		panic("reflect: funcLayout of non-func type " + stringFor(&t.Type))
	}
	if rcvr != nil && rcvr.Kind() == abi.Interface {
		panic("reflect: funcLayout with interface receiver " + stringFor(rcvr))
	}
	key := layoutKey{t, rcvr}
	if known, ok := layoutCache.Load(key); ok {
		f := known.(*callFrame)
		return &f.desc, &f.pool, f.abid
	}
	f := &callFrame{fn: t, rcvr: rcvr, abid: newAbiDesc(t, rcvr)}
	f.pointers = *f.abid.stackPtrs
	f.abid.stackPtrs = &f.pointers
	f.desc.Size_ = align(f.abid.retOffset+f.abid.ret.stackBytes, goarch.PtrSize)
	f.desc.PtrBytes = uintptr(f.pointers.n) * goarch.PtrSize
	f.desc.Align_ = goarch.PtrSize
	if f.pointers.n > 0 {
		f.desc.GCData = &f.pointers.data[0]
	}
	name := "funcargs(" + stringFor(&t.Type) + ")"
	if rcvr != nil {
		name = "methodargs(" + stringFor(rcvr) + ")(" + stringFor(&t.Type) + ")"
	}
	f.desc.Str = resolveReflectName(newName(name, "", false, false))
	f.pool.New = func() any { return unsafe_New(&f.desc) }
	first, _ := layoutCache.LoadOrStore(key, f)
	f = first.(*callFrame)
	return &f.desc, &f.pool, f.abid
}
