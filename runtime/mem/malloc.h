// Allocation as the rest of the runtime and compiled Go code see it.
//
// An allocation's way, by size (docs/memory.md has the picture):
//     0 bytes                             the address of zerobase
//     < kTinySize, pointer-free           a piece of the mcache's current tiny block
//     small                               the next free slot of the mcache's span for its class
//     more                                a span of its own
// Slow ways lead from mcache to mcentral to mheap to the system.
#pragma once

#include "mem/heap_bitmap.h"
#include "mem/mcache.h"

namespace burrow::rt {

// The memory profile's part in allocation (profile/mem_profile.cpp); null in programs that read no such profile. Each slot of
// a span is sampled with the probability that its size gives it, independently of all others, so the next sampled slot of a
// span can be drawn in advance, and the fast path stops there by the compare that it makes anyway (MSpan::allocLimit).
struct MemProfiler {
  // Draws the first sampled slot of s, from freeindex on, and makes it the limit. The owner of the mcache.
  void (*place)(MSpan* s);
  // The slow path found a free slot in s (advance). Reports whether it is a sampled one; then the next limit is drawn behind it.
  bool (*due)(MSpan* s);
  // Counts the object at p for the stack that is allocating it. Before anybody else can have the slot.
  void (*record)(uint64_t p, uint64_t size);
  void (*large)(uint64_t p, uint64_t size);
  // A sampled object of this stack's was freed.
  void (*freed)(void* stack);
};
extern const MemProfiler* memProfiler __asm__("runtime.memProfiler");

// Zero-size objects all have this address.
extern uint64_t zerobase __asm__("runtime.zerobase");

// An object of `size` bytes made of values of `type` (nil: pointer-free). Zeroed when needzero; objects with pointers always
// are. Never nil: throws "out of memory". Not to be called with m->mallocing, in a signal handler or under a lock.
GO_DECL("runtime.mallocgc", void*, mallocgc, (uint64_t size, const Type* type, bool needzero));
GO_DECL("runtime.newobject", void*, newobject, (const Type* type));
// n values in a row; panics with "runtime: allocation size out of range" when there cannot be so many.
GO_DECL("runtime.newarray", void*, newarray, (const Type* type, int64_t n));
// What makeslice says when the capacity, which the compiler knows, is in order: len is negative, or more than that.
GO_DECL("runtime.panicmakeslice", void, panicmakeslice, (int64_t len));
// The elements of a slice of capacity cap; panics with "makeslice: len out of range" or "makeslice: cap out of range".
GO_DECL("runtime.makeslice", void*, makeslice, (const Type* elem, int64_t len, int64_t cap));
// Zeroed, but for the first `written` bytes of an object without pointers, which the caller is going to write; those of a large one
// with pointers become resident too.
void* mallocToWrite(uint64_t size, const Type* type, uint64_t written);
// Pointer-free, not zeroed: the caller is going to write all of it.
inline void* rawmem(uint64_t size) { return size <= kMaxSmallSize ? mallocgc(size, nullptr, false) : mallocToWrite(size, nullptr, size); }

// The object that contains p: its start and size (without a header); false when p is not into a live heap object.
bool findObject(uint64_t p, uint64_t* base, uint64_t* size);

// ---- moving and clearing values. Where values may hold pointers and the destination may be in the heap, these are the
// functions that know about the collector; memmove and memset do not.
GO_DECL("runtime.typedmemmove", void, typedmemmove, (const Type* type, void* dst, const void* src));
GO_DECL("runtime.typedmemclr", void, typedmemclr, (const Type* type, void* p));
GO_DECL("runtime.memclrHasPointers", void, memclrHasPointers, (void* p, uint64_t n));
GO_DECL("runtime.memclrNoHeapPointers", void, memclrNoHeapPointers, (void* p, uint64_t n));
GO_DECL("runtime.memmove", void, goMemmove, (void* dst, const void* src, uint64_t n));
// Copies [off, off + size) of a value.
void typedmemmovePartial(const Type* type, void* dst, const void* src, uint64_t off, uint64_t size);
// Copies or clears n values in a row.
void typedArrayMove(const Type* elem, void* dst, const void* src, uint64_t n);
void typedArrayClear(const Type* elem, void* p, uint64_t n);

// Checks of unsafe.Slice and unsafe.String.
GO_DECL("runtime.unsafeslicecheckptr", void, unsafeslicecheckptr, (const Type* elem, void* p, int64_t len));
GO_DECL("runtime.unsafestringcheckptr", void, unsafestringcheckptr, (void* p, int64_t len));

}  // namespace burrow::rt
