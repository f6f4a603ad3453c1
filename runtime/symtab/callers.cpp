// runtime.Callers and its relatives: stacks as program counters, and what the function table says about one.
//
// A pc of Callers stands for one call, as with gc. A call that was inlined has no instruction of its own here: the pc of all
// calls of one physical frame is the same, and bits that no address uses (kFrameShift) count the calls inside it to leave
// out, innermost first. Who treats such a number as an address masks it; package runtime does.
#include "os/boot_info.h"
#include "profile/buckets.h"
#include "sched/proc.h"
#include "stack/stack.h"
#include "symtab/symtab.h"

namespace burrow::rt {

namespace {

// Functions of the C++ runtime that Go's runtime has too, in the same place of a stack.
bool visible(ft::Name n, uint16_t flags, ft::Name callee) {
  if (hiddenWrapper(flags, callee)) return false;
  if (!(flags & ft::kNative) || runsProgram(n)) return true;
  return isOneOf(n, "runtime.gopanic\0runtime.main\0runtime.goexit\0runtime.sigpanic\0runtime.Goexit\0");
}

GoString toGo(ft::Name n) { return {reinterpret_cast<const uint8_t*>(n.data), int64_t(n.size)}; }

// Fills pcs with what programs see of u's stack, from the logical frame number `skip` on. With `withEntry` the function of the
// runtime that the program has called stands before them.
int64_t visibleStack(Unwinder& u, uintptr_t* pcs, int64_t n, int64_t skip, bool withEntry) {
  int64_t filled = 0;
  uintptr_t entry = 0;  // the last of the runtime's frames so far
  ft::Name callee = {nullptr, 0};
  for (; u.valid() && filled < n; u.next()) {
    if (u.fn == nullptr) continue;
    // pcs are return addresses; for a fault that is one past the instruction's first byte.
    const uintptr_t pc = u.lookupPC() + 1;
    uintptr_t index = 0;
    for (ft::FrameWalk w = framesAt(u.fn, u.lookupPC(), false); w.valid() && filled < n; w.next(), index++) {
      const bool shown = visible(w.function, w.flags, callee);
      callee = w.function;
      if (!shown) {
        if (w.flags & ft::kNative) entry = pc;
        continue;
      }
      if (skip-- > 0) continue;
      if (filled == 0 && withEntry && entry != 0 && n > 1) pcs[filled++] = entry;
      pcs[filled++] = pc | index << kFrameShift;
    }
  }
  return filled;
}

}  // namespace

// callers fills pcs from the frame that called it on; logical frames count for skip.
GOABI int64_t callers(int64_t skip, uintptr_t* pcs, int64_t n) GO_SYM("runtime.callers");
NO_INLINE GOABI int64_t callers(int64_t skip, uintptr_t* pcs, int64_t n) {
  Unwinder u;
  u.initHere(__builtin_return_address(0), __builtin_frame_address(0));
  return visibleStack(u, pcs, n, skip, false);
}

NO_INLINE int profileStack(uintptr_t* pcs, int n, int skip, bool withEntry) {
  Unwinder u;
  u.initHere(__builtin_return_address(0), __builtin_frame_address(0));
  return int(visibleStack(u, pcs, n, skip, withEntry));
}

int unwoundStack(Unwinder& u, uintptr_t* pcs, int n) {
  int filled = 0;
  for (; u.valid() && filled < n; u.next()) {
    const uintptr_t pc = u.lookupPC() + 1;
    if (u.fn == nullptr) {
      pcs[filled++] = pc;
      continue;
    }
    uintptr_t index = 0;
    for (ft::FrameWalk w = framesAt(u.fn, u.lookupPC(), false); w.valid() && filled < n; w.next(), index++)
      if (!(w.flags & ft::kWrapper)) pcs[filled++] = pc | index << kFrameShift;
  }
  return filled;
}

namespace {

// The function that pc belongs to, a return address or, for who asks about a function value, an entry. A call that does not return
// may be the last instruction before an entry: then the return address is meant. Leaves the pc to look up.
const ft::FuncRecord* functionOf(uintptr_t* pc) {
  constexpr uint8_t kCall = 0xe8;
  constexpr uintptr_t kCallSize = 5;
  const ft::FuncRecord* f = findfunc(*pc);
  if (f != nullptr && functab.entry(*f) == *pc && *reinterpret_cast<const uint8_t*>(*pc - kCallSize) != kCall) return f;
  return findfunc(--*pc);
}

}  // namespace

// As frameInfo in std/runtime/symtab.go.
struct FrameInfo {
  GoString function, file;
  int64_t line, startLine;
  uintptr_t entry;
  const void* fn;
  bool inlined;
};

GOABI bool frameAt(uintptr_t pc, FrameInfo* info) GO_SYM("runtime.frameAt");
GOABI bool frameAt(uintptr_t pc, FrameInfo* info) {
  uintptr_t index = pc >> kFrameShift;
  pc &= kPcMask;
  if (pc == 0) return false;
  const ft::FuncRecord* f = functionOf(&pc);
  if (f == nullptr) return false;
  ft::FrameWalk w = framesAt(f, pc);
  for (; w.valid() && index > 0; index--) w.next();
  if (!w.valid()) return false;
  info->function = toGo(w.function);
  info->file = toGo(w.fileName());
  info->line = w.line;
  info->startLine = w.startLine;
  info->entry = functab.entry(*f);
  info->fn = f;
  info->inlined = w.isInlined();
  return true;
}

// Loggers ask for the function of a few addresses again and again, and to find the line of one takes a walk over its function's rows:
// addresses that were found to be in no inlined call.
constexpr unsigned kNotInlinedBits = 7;
static Atomic<uintptr_t> notInlined[1 << kNotInlinedBits];

GOABI bool inInlinedCall(uintptr_t pc) GO_SYM("runtime.inInlinedCall");
GOABI bool inInlinedCall(uintptr_t pc) {
  Atomic<uintptr_t>& known = notInlined[(pc * 0x9e3779b97f4a7c15u) >> (64 - kNotInlinedBits)];
  if (known.loadRelaxed() == pc) return false;
  uintptr_t lookup = pc & kPcMask, index = pc >> kFrameShift;
  const ft::FuncRecord* f = lookup != 0 ? functionOf(&lookup) : nullptr;
  if (f == nullptr) return false;
  if (const ft::FuncDetails* d = functab.details(*f); d != nullptr && d->inlineCount != 0) {
    ft::FrameWalk w = framesAt(f, lookup, false);
    for (; w.valid() && index > 0; index--) w.next();
    if (w.valid() && w.isInlined()) return true;
  }
  known.storeRelaxed(pc);
  return false;
}

// Fills pcs with the calls that the one at pc was inlined into, from within outwards, and says how many there are.
GOABI int64_t inlinedInto(uintptr_t pc, uintptr_t* pcs, int64_t n) GO_SYM("runtime.inlinedInto");
GOABI int64_t inlinedInto(uintptr_t pc, uintptr_t* pcs, int64_t n) {
  const uintptr_t last = pc >> kFrameShift;
  const uintptr_t shared = pc & kPcMask;
  uintptr_t lookup = shared;
  const ft::FuncRecord* f = lookup != 0 ? functionOf(&lookup) : nullptr;
  if (f == nullptr) return 0;
  int64_t filled = 0;
  uintptr_t index = 0;
  ft::Name callee = {nullptr, 0};
  for (ft::FrameWalk w = framesAt(f, lookup, false); w.valid() && filled < n; w.next(), index++) {
    const bool shown = visible(w.function, w.flags, callee);
    callee = w.function;
    if (shown && index > last) pcs[filled++] = shared | index << kFrameShift;
  }
  return filled;
}

GOABI const void* goFindfunc(uintptr_t pc) GO_SYM("runtime.findfunc");
GOABI const void* goFindfunc(uintptr_t pc) { return findfunc(pc); }
GOABI GoString funcName(const ft::FuncRecord* f) GO_SYM("runtime.funcName");
GOABI GoString funcName(const ft::FuncRecord* f) { return toGo(functab.name(*f)); }
GOABI uintptr_t funcEntry(const ft::FuncRecord* f) GO_SYM("runtime.funcEntry");
GOABI uintptr_t funcEntry(const ft::FuncRecord* f) { return functab.entry(*f); }

// The name of the innermost function in a physical frame: skip 0 is the caller of callerName.
GOABI GoString callerName(int64_t skip) GO_SYM("runtime.callerName");
NO_INLINE GOABI GoString callerName(int64_t skip) {
  Unwinder u;
  u.initHere(__builtin_return_address(0), __builtin_frame_address(0));
  while (u.valid() && skip-- > 0) u.next();
  if (!u.valid() || u.fn == nullptr) return goString("?");
  ft::FrameWalk w = framesAt(u.fn, u.lookupPC(), false);
  return toGo(w.valid() ? w.function : functab.name(*u.fn));
}

}  // namespace burrow::rt
