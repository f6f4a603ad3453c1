// The words of a goroutine's stack that may be pointers, for the collector.
//
// The goroutine does not run. Its stack is walked frame by frame: a frame of compiled code inside a call has a stack map
// (abi/functab.h, docs/functab.md) that says which of its words count; everything else is handed out word by word:
//
//     from  ...runtime frames...  | args | locals, spills | root slots | objects | saved registers | return address | next frame
//           all                     all    none             by mask      all       all
//
// "Saved registers" are the callee-saved registers that the function pushed: they hold values of its callers, which may be
// frames without a map. At most six, just below the return address. A frame without a map at its pc (C++, assembly, -N,
// polls in loops, deferring functions, a prologue that was stopped) is left to what is between the frames that have one.
//
// Invariant: every word from `from` to the top of each segment is either visited, or belongs to a frame with a map.
#pragma once

#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

inline constexpr uintptr_t kCalleeSavedBytes = 6 * 8;

// Calls visit(low, high) for each range of words, addresses ascending within a segment except for the parts of one frame.
// `s` is the segment that holds `from`; `walk` stands at the innermost frame; without `precise` all words are visited.
template <class Visit>
void forStackRoots(StackSegment* s, uintptr_t from, Unwinder walk, bool precise, Visit visit) {
  if (precise) {
    for (; walk.valid(); walk.next()) {
      const ft::FuncRecord* fn = walk.fn;
      if (fn == nullptr || walk.cfa == 0) break;
      if (walk.exact || !functab.hasStackMaps(*fn)) continue;
      // The segment that the frame is on; what is left of newer ones has no map.
      while (s != nullptr && !(walk.sp > uintptr_t(s) && walk.sp <= s->top)) {
        visit(from, s->top);
        from = s->oldSP;
        s = s->prev;
      }
      if (s == nullptr) return;
      if (walk.sp < from || walk.cfa > s->top) break;  // not what it seems to be
      ft::StackMap map;
      const uintptr_t cfa = walk.cfa;
      bool found = functab.stackMapAt(*fn, walk.pc, map, [&](uint32_t place, uint32_t words) {
        if (place <= cfa - walk.sp) visit(cfa - place, cfa - place + uintptr_t(words) * 8);
      });
      if (!found) continue;
      visit(from, walk.sp + uintptr_t(map.argWords) * 8);
      for (uint32_t i = 0; i < map.slotCount; i++) {
        const uintptr_t slot = cfa - map.rootPlace + uintptr_t(i) * 8;
        if (map.slot(i)) visit(slot, slot + 8);
      }
      const uintptr_t saved = cfa - 8 - kCalleeSavedBytes;
      visit(saved > walk.sp ? saved : walk.sp, cfa - 8);
      from = cfa;
    }
  }
  while (s != nullptr) {
    visit(from, s->top);
    from = s->oldSP;
    s = s->prev;
  }
}

}  // namespace burrow::rt
