// GODEBUG=tracebackancestors=N: a goroutine keeps the stacks on which its creator, the creator's creator and so on, up to N of
// them, were when they made the next one. Tracebacks print them behind the goroutine's own frames.
//
//     Ancestors | Ancestor: goid, gopc, count, pcs ... | Ancestor ... |        nearest first
//
// One heap object without pointers, which the G keeps alive: it can be freed with nobody counting, and its stacks need no
// cleaning up when it is. A new goroutine's begins with its creator and repeats the creator's own, without those beyond N.
// Rejected: lists that share their ends. A program of which each goroutine starts the next one would keep them all.
#pragma once

#include "boot/boot.h"
#include "sched/runtime2.h"

namespace burrow::rt {

inline constexpr uint64_t kAncestorFrames = 50;  // innermost frames that are kept of each

struct Ancestor {
  uint64_t goid;
  uintptr_t gopc;
  uint64_t count;
  uintptr_t pcs[];  // return addresses; a call that was inlined has none of its own

  static size_t size(uint64_t count) { return sizeof(Ancestor) + count * sizeof(uintptr_t); }
  const Ancestor* next() const { return reinterpret_cast<const Ancestor*>(uintptr_t(this) + size(count)); }
};

struct Ancestors {
  uint64_t count;
  const Ancestor* first() const { return reinterpret_cast<const Ancestor*>(this + 1); }
};

// For a goroutine that the running one is about to make at `gopc`, called on its stack. Null for those that no goroutine makes.
Ancestors* collectAncestors(uintptr_t gopc) GO_SYM("runtime.saveAncestors");
inline Ancestors* saveAncestors(uintptr_t gopc) {
  return LIKELY(debug.tracebackancestors <= 0) ? nullptr : collectAncestors(gopc);
}

}  // namespace burrow::rt
