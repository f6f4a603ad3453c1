// From code addresses to functions, files and lines, and from frame to frame: the runtime's reader of the function table
// (abi/functab.h). Everything works, poorer, when a program has no table: addresses only, and stacks end at the first frame.
#pragma once

#include "abi/functab.h"
#include "sched/runtime2.h"

namespace burrow::rt {

namespace ft = abi::functab;

void modulesinit() GO_SYM("runtime.modulesinit");
extern ft::Table functab;  // the executable's; !functab.valid() when it has none
inline const ft::FuncRecord* findfunc(uintptr_t pc) { return functab.valid() ? functab.find(pc) : nullptr; }

// Table::frameAt and the functions at pc, from what is kept of earlier questions (kept_rows.cpp). Without lines, files and lines
// may be missing.
bool frameRow(const ft::FuncRecord& f, uintptr_t pc, ft::SpRow& row);
ft::FrameWalk framesAt(const ft::FuncRecord* f, uintptr_t pc, bool withLines = true);

// When pc (a return address, its callee's frame ending at `sp`) lies in a function that the table marks as a wrapper: the
// address of the wrapper's own return address. Else 0.
uintptr_t wrapperReturnSlot(uintptr_t pc, uintptr_t sp);

// Walks a stack, innermost physical frame first. It follows segment boundaries (the __morestack frames do not show) and the
// call that the signal handler pretends to have been made at a fault. It never leaves the goroutine's stack: a frame
// that would is taken for the end.
struct Unwinder {
  G* gp = nullptr;
  uintptr_t pc = 0, sp = 0, fp = 0;
  bool exact = false;  // pc is the instruction itself (a fault), not a return address
  const ft::FuncRecord* fn = nullptr;
  uintptr_t cfa = 0;   // the frame's upper end; 0: unknown
  uintptr_t fpAt = 0;  // where %rbp's value for this frame was found; 0: it was given
  uint32_t saved = 0, fpSlot = 0;  // SpRow's
  bool fault = false;  // exact because of a fault there, not in a prologue

  // From a place on gp's stack. fp is %rbp there.
  void init(G* g, uintptr_t atPc, uintptr_t atSp, uintptr_t atFp, bool isExact);
  // From the running function's caller, on its own stack.
  void initHere(void* returnAddress, void* frameAddress);
  // From where gp left its stack (mcall, systemstack).
  void initParked(G* g);
  // The same for a reader: a goroutine that has never run is about to execute the first instruction of its function.
  void initShown(G* g);
  bool valid() const { return pc != 0; }
  void next();
  uintptr_t lookupPC() const { return exact ? pc : pc - 1; }

 private:
  void settle();  // finds fn and cfa for the current pc, skipping boundaries
};

// Is it one of the names in a list, in which each ends with a zero, and the list with another?
bool isOneOf(ft::Name n, const char* list);

// A wrapper stands in stacks for what it calls, and is hidden; but not when it calls nothing of the program's, because it panics.
bool hiddenWrapper(uint16_t flags, ft::Name callee);

// A function of the runtime that calls the program's, and is shown for that.
bool runsProgram(ft::Name function);

// Addresses for runtime.CallersFrames: the bits that no address uses count inlined calls (callers.cpp).
inline constexpr int kFrameShift = 48;
inline constexpr uintptr_t kPcMask = (uintptr_t(1) << kFrameShift) - 1;

// What remains of u as addresses for runtime.CallersFrames, the runtime's own functions too.
int unwoundStack(Unwinder& u, uintptr_t* pcs, int n) GO_SYM("runtime.unwoundStack");

}  // namespace burrow::rt
