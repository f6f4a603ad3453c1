// The write barrier: what a store of a pointer does while the collector marks.
//
// The collector marks while the program runs, and the program moves pointers about meanwhile. Each goroutine's stack is
// looked at once, at some moment; without help the only pointer to an object could be moved from a place that was not
// looked at yet to one that was. So, while `writeBarrier.enabled`, every store `*slot = value` into the heap or into a
// global shades two objects first: the one that *slot held (it may have been the last pointer in a place not yet looked at) and
// the one that is stored (its only other pointer may be on a stack that was not looked at yet). Stores to stacks need
// nothing: a stack is looked at as a whole.
//
// Shading is not done there and then: the two pointers go into a buffer of the P (WbBuf), and only when it is full does
// anybody call C++ code (wbBufFlush). Compiled code is therefore
//
//     if (writeBarrier.enabled != 0) gcWriteBarrier(slot, value);
//     *slot = value;
//
// and gcWriteBarrier (gc/barrier_amd64.S) changes no register but r11. Between the test and the store there must be no
// safe point: the collector changes `enabled` while the world is stopped, and a store that has tested it in one phase must
// happen in that phase. Functions are preempted at calls that check the stack; the barrier's does not.
//
// Rejected: only one of the two shadings. Without the first, stacks would have to be scanned again at the end; without the
// second, all stacks would have to be looked at in the same moment.
#pragma once

#include "abi/type.h"
#include "base/defs.h"

namespace burrow::rt {

using abi::Type;

// The layout is Go's: compiled code tests the first word. Written with the world stopped.
struct WriteBarrierFlag {
  uint32_t enabled;
  uint32_t pad;
  uint64_t alignme;
};
#ifdef BURROW_HOSTED
extern WriteBarrierFlag writeBarrier;
void gcWriteBarrier(void* slot, void* value);
#else
extern WriteBarrierFlag writeBarrier __asm__("runtime.writeBarrier");
__attribute__((preserve_all)) void gcWriteBarrier(void* slot, void* value) __asm__("runtime.gcWriteBarrier");
#endif

ALWAYS_INLINE bool writeBarrierEnabled() { return UNLIKELY(__atomic_load_n(&writeBarrier.enabled, __ATOMIC_RELAXED) != 0); }

// *slot = value, where slot may be in the heap or a global of a Go type.
template <class T>
ALWAYS_INLINE void storePointer(T** slot, T* value) {
  if (writeBarrierEnabled()) gcWriteBarrier(slot, const_cast<void*>(static_cast<const void*>(value)));
  __atomic_store_n(slot, value, __ATOMIC_RELAXED);
}

// The barrier for many slots at once, before [dst, dst + size) is overwritten with what is at src (nil: with zeros). The
// range begins at byte `offset` of a value of `type`, or of an array of such; whole words. The caller holds the M from
// before the call until the stores are done.
void bulkBarrierPreWrite(void* dst, const void* src, uint64_t size, const Type* type, uint64_t offset = 0)
    __asm__("runtime.bulkBarrierPreWrite");
// Without a type: dst's pointers as the heap knows them; outside of the heap every word counts as one.
void bulkBarrierPreClear(void* dst, uint64_t size);
// For a copy into memory that nobody else has seen yet: only what is copied is shaded.
void bulkBarrierPreWriteSrcOnly(const void* src, uint64_t size, const Type* type)
    __asm__("runtime.bulkBarrierPreWriteSrcOnly");

}  // namespace burrow::rt
