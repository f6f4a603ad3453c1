// The words of a goroutine's stack that may be pointers, for the collector.
//
// The goroutine does not run. Its stack is walked from the newest frame to the oldest:
//
//     mapped    compiled code inside a call: the stack map (abi/functab.h, docs/functab.md) says which slots count
//     panicked  compiled code that a panic has left, at a fault or in a call that does not return: its map for that
//     unmapped  C++, assembly, -N, polls in loops: every word counts
//
//     from  ...unmapped frames... | args | locals, spills | root slots | objects | saved registers | return address | next frame
//           all                     all    none             by mask      below     below
//
// Stack objects count in two ways (ObjectUse): by themselves, or when a word that counts points to them. Such a word is kept
// until the walk comes to the frame that it points into (`pending_`): an address in a frame is known to that frame and to newer
// ones only, so that one walk does. When there are more of them than kPending, all objects of the frames to come count.
//
// Saved registers: a function that wants a callee-saved register keeps its caller's value. That is a value of the next older
// frame that uses the register itself; when that one is mapped, it has its pointers in slots. So for each register the place
// of the last saved value is carried along, and looked at only when the walk meets an unmapped frame that uses the register.
// Without that, what a register held when it was last needed would live for as long as nobody wanted the register.
//
// A goroutine that waits for a collection it has asked for is inside of the runtime, with frames that hold nothing of the program's
// but may have words that nobody wrote: what earlier calls left there. They are passed over (G.rootless), so that runtime.GC and
// debug.FreeOSMemory free what their caller has let go of; and so are those of the collector's own goroutines, whose stacks were others'.
//
// Invariant: every word from `from` to the top of each segment is visited, or belongs to a frame with a map or without roots, or
// is a saved register.
// Nothing here allocates; about 2 KB of the caller's stack (g0's) are used.
#pragma once

#include "abi/value.h"
#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

extern "C" char looppreemptCode[] GO_SYM("runtime.looppreempt");

// visit(word) is told every word that counts, but not those that point into the stack itself.
template <class Visit>
class StackRoots {
 public:
  StackRoots(G* gp, Visit visit) : gp_(gp), visit_(visit) {}

  // Something outside of the stack refers to `word`.
  void root(uintptr_t word) { one(word); }

  // All words, without maps.
  void scanAll(StackSegment* s, uintptr_t from) {
    for (; s != nullptr; s = s->prev) {
      range(from, s->top);
      from = s->oldSP;
    }
  }

  // `s` is the segment that holds `from`; `walk` stands at the innermost frame, whose callee-saved registers are at `saved`, in
  // savedRegister's order (0: it has none).
  void scan(StackSegment* s, uintptr_t from, Unwinder walk, const uintptr_t (&saved)[ft::kCalleeSaved]) {
    for (unsigned i = 0; i < ft::kCalleeSaved; i++) saved_[i] = saved[i];
    bool panicking = false, polled = false, first = true, bottom = false;
    uintptr_t rootless = gp_->rootless;
    for (; walk.valid(); walk.next()) {
      const ft::FuncRecord* fn = walk.fn;
      if (fn == nullptr || walk.cfa == 0) break;
      if (fn->funcId == ft::kFuncGopanic) panicking = true;
      // A goroutine that has never run has its closure in a register, and only goexit below it.
      bottom = fn->funcId == ft::kFuncGoexit && !first;
      first = false;
      if (walk.exact && !walk.fault) continue;  // a prologue: the frame is not there yet
      // The segment that the frame is on; what is left of newer ones has no map. The frame in between has the caller's rbp, which is a
      // saved register as others are, and two addresses of code.
      while (s != nullptr && !(walk.sp > uintptr_t(s) && walk.sp <= s->top)) {
        if (rootless == 0) range(from, s->top);
        from = s->oldSP + kMorestackFrame;
        s = s->prev;
      }
      if (s == nullptr) return;
      if (walk.sp < from || walk.cfa > s->top) break;  // not what it seems to be
      saved_[ft::kCalleeSavedRbp] = walk.fpAt != 0 ? walk.fpAt : saved_[ft::kCalleeSavedRbp];
      if (rootless != 0) {
        if (functab.entry(*fn) == rootless) rootless = 0;
        keepRegisters(walk, false);
        from = walk.cfa;
        continue;
      }
      ft::StackMap map;
      const bool left = walk.fault || (panicking && !polled);
      bool found = !walk.fault && functab.stackMapAt(*fn, walk.pc, map);
      if (!found && left && functab.hasStackMaps(*fn)) {
        map = {};
        found = functab.stackMapAt(*fn, functab.entry(*fn), map);
      }
      if (found) {
        range(from, walk.sp + uintptr_t(map.argWords) * 8);
        mapped(walk, map);
      } else {
        unmapped(walk, from);
      }
      keepRegisters(walk, found);
      polled = functab.entry(*fn) == uintptr_t(looppreemptCode);
      from = walk.cfa;
    }
    if (!bottom) lookAtRegisters();  // what older frames there are is not known
    scanAll(s, from);
  }

 private:
  static constexpr unsigned kPending = 200, kObjects = 256;
  static constexpr uintptr_t kMorestackFrame = 24;  // __morestack's, see stack/morestack_amd64.S

  static uintptr_t load(uintptr_t at) { return __atomic_load_n(reinterpret_cast<uintptr_t*>(at), __ATOMIC_RELAXED); }

  NO_INLINE void range(uintptr_t from, uintptr_t to) {
    for (; from < to; from += 8) note(load(from));
  }

  ALWAYS_INLINE void note(uintptr_t word) {
    visit_(word);
    if (UNLIKELY(word - low_ < span_)) noteStack(word);
  }

  // note, for what is not a range of words: the visitor is large.
  NO_INLINE void one(uintptr_t word) { note(word); }

  NO_INLINE void noteStack(uintptr_t word) {
    if (everything_ || segmentOf(gp_, word) == nullptr) return;
    for (unsigned i = 0; i < pendingCount_; i++) {
      if (pending_[i] == word) return;
    }
    if (pendingCount_ == kPending) {
      everything_ = true;
      return;
    }
    pending_[pendingCount_++] = word;
  }

  void mapped(const Unwinder& walk, const ft::StackMap& map) {
    for (uint32_t i = 0; i < map.slotCount; i++) {
      if (map.slot(i)) one(load(walk.cfa - map.rootPlace + uintptr_t(i) * 8));
    }
    if (map.objectCount == 0) return drop(walk);
    uint64_t done[kObjects / 64] = {};
    for (bool again = true; again;) {
      again = false;
      map.forObjects([&](uint32_t i, uint32_t place, uint32_t words, ft::ObjectUse use) {
        if (use == ft::kObjectDead || (i < kObjects && (done[i / 64] >> (i % 64) & 1))) return;
        const uintptr_t at = walk.cfa - place, end = at + uintptr_t(words) * 8;
        if (place > walk.cfa - walk.sp) return;
        if (use != ft::kObjectLive && !everything_ && i < kObjects && !pointedTo(at, end)) return;
        if (i < kObjects) done[i / 64] |= uint64_t{1} << (i % 64);
        const unsigned before = pendingCount_;
        const bool all = everything_;
        range(at, end);
        // New pointers may be to objects that were passed over.
        if (pendingCount_ != before || everything_ != all) again = true;
      });
    }
    drop(walk);
  }

  bool pointedTo(uintptr_t from, uintptr_t to) const {
    for (unsigned i = 0; i < pendingCount_; i++) {
      if (pending_[i] - from < to - from) return true;
    }
    return false;
  }

  // Forgets the pointers into this frame.
  void drop(const Unwinder& walk) {
    unsigned kept = 0;
    for (unsigned i = 0; i < pendingCount_; i++) {
      if (pending_[i] - walk.sp >= walk.cfa - walk.sp) pending_[kept++] = pending_[i];
    }
    pendingCount_ = kept;
  }

  NO_INLINE void unmapped(const Unwinder& walk, uintptr_t from) {
    const uint32_t regs = walk.saved;
    if (unknownRegisters(walk)) {
      lookAtRegisters();
      range(from, walk.cfa - 8);
    } else {
      for (unsigned i = 0; i < ft::kCalleeSaved; i++) {
        if (ft::savedRegister(regs, i) != 0 && saved_[i] != 0) one(load(saved_[i]));
      }
      // The registers it saved are its callers'.
      uint32_t skip = 0;
      for (unsigned i = 0; i < ft::kCalleeSaved; i++) skip |= 1u << ft::savedRegister(regs, i);
      for (; from < walk.cfa - 8; from += 8) {
        const uintptr_t slot = (walk.cfa - from) / 8;
        if (slot < 16 && (skip >> slot & 1)) continue;
        one(load(from));
      }
    }
    drop(walk);
  }

  static bool unknownRegisters(const Unwinder& walk) { return (walk.saved & ft::kSavedUnknown) || (walk.fn->flags & ft::kAsm); }

  NO_INLINE void keepRegisters(const Unwinder& walk, bool isMapped) {
    const uint32_t regs = walk.saved;
    if (unknownRegisters(walk)) {
      // It may have saved some or none: older frames' values are in it or where they were before.
      if (isMapped) {
        lookAtRegisters();
        range(walk.cfa - 8 - ft::kCalleeSaved * 8 > walk.sp ? walk.cfa - 8 - ft::kCalleeSaved * 8 : walk.sp, walk.cfa - 8);
      }
      for (uintptr_t& at : saved_) at = 0;
      return;
    }
    for (unsigned i = 0; i < ft::kCalleeSaved; i++) {
      if (unsigned n = ft::savedRegister(regs, i); n != 0) saved_[i] = walk.cfa - n * 8;
    }
  }

  NO_INLINE void lookAtRegisters() {
    for (uintptr_t at : saved_) {
      if (at != 0) one(load(at));
    }
  }

  G* gp_;
  Visit visit_;
  uintptr_t low_ = stackLow(gp_), span_ = stackHigh(gp_) - low_;
  unsigned pendingCount_ = 0;
  bool everything_ = false;
  uintptr_t saved_[ft::kCalleeSaved] = {};
  uintptr_t pending_[kPending];

  static uintptr_t stackLow(G* gp) {
    uintptr_t low = ~uintptr_t{0};
    for (StackSegment* s = gp->segment; s != nullptr; s = s->prev) low = minOf(low, uintptr_t(s));
    return low;
  }
  static uintptr_t stackHigh(G* gp) {
    uintptr_t high = 0;
    for (StackSegment* s = gp->segment; s != nullptr; s = s->prev) high = maxOf(high, s->top);
    return high;
  }
};

}  // namespace burrow::rt
