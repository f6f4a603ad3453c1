// The function table of this executable, and the stack walk over it.
//
// The walk needs, per frame, the pc, the stack pointer and (for the few functions that address their frame through it) rbp.
// The table gives the CFA; the return address is below it. Three kinds of frames are not like that:
//   a segment boundary  the return address is morestack_return: the caller is on the older segment, at oldSP
//   __morestack itself  on its way to g0 (a goroutine that was preempted or is growing): F, whose prologue called it
//   sigpanic            the "caller" is the faulting instruction; where the frame began is a word on the stack
#include "symtab/symtab.h"

#include "sched/proc.h"
#include "stack/stack.h"

namespace burrow::rt {

ft::Table functab;

extern "C" const ft::Header pclntab GO_SYM("runtime.pclntab") __attribute__((weak));
extern "C" char sigpanicCode[] GO_SYM("runtime.sigpanic");

void modulesinit() {
  const ft::Header* h = &pclntab;
  // The address of a weak symbol may be null, whatever the compiler thinks of references.
  asm("" : "+r"(h));
  if (h == nullptr) return;
  functab = ft::Table(h);
  if (!functab.valid()) throw_("invalid function symbol table");
}

uintptr_t wrapperReturnSlot(uintptr_t pc, uintptr_t sp) {
  const ft::FuncRecord* f = findfunc(pc - 1);
  if (f == nullptr || !(f->flags & ft::kWrapper)) return 0;
  // A function that was inlined into the wrapper is one that the program wrote, unless it is a wrapper too.
  for (ft::FrameWalk w = framesAt(f, pc - 1, false); w.valid(); w.next()) {
    if (!(w.flags & ft::kWrapper)) return 0;
  }
  ft::SpRow row;
  if (!frameRow(*f, pc - 1, row) || row.cfaIsFp) return 0;
  return sp + uintptr_t(row.cfaOffset) - 8;
}

namespace {

uintptr_t load(uintptr_t at) { return *reinterpret_cast<uintptr_t*>(at); }

// The upper end of the piece of stack that holds sp, or 0.
uintptr_t stackEnd(G* gp, uintptr_t sp) {
  if (gp->segment != nullptr)
    if (StackSegment* s = segmentOf(gp, sp)) return s->top;
  if (sp > gp->stack.lo && sp <= gp->stack.hi) return gp->stack.hi;
  return 0;
}

}  // namespace

void Unwinder::init(G* g, uintptr_t atPc, uintptr_t atSp, uintptr_t atFp, bool isExact) {
  gp = g;
  pc = atPc;
  sp = atSp;
  fp = atFp;
  exact = isExact;
  fpAt = 0;
  fault = false;
  settle();
}

void Unwinder::initHere(void* returnAddress, void* frameAddress) {
  const uintptr_t frame = uintptr_t(frameAddress);
  init(getg(), uintptr_t(returnAddress), frame + 16, load(frame), false);
}

void Unwinder::initParked(G* g) {
  uintptr_t s = g->sched.sp;
  // mcall and systemstack: six registers and the return address; entersyscall notes the place itself.
  if ((readgstatus(g) & ~uint32_t(Gscan)) == Gsyscall) {
    init(g, g->syscallpc, g->syscallsp, 0, false);
  } else {
    pc = load(s + 48);
    gp = g;
    sp = s + 56;
    fpAt = s + 40;
    fp = load(fpAt);
    exact = fault = false;
    settle();
  }
}

void Unwinder::initShown(G* g) {
  initParked(g);
  if (fn == nullptr || fn->funcId != ft::kFuncGoexit || pc != goroutineStart()) return;
  // newproc1 has laid the address in goexit where the function's return address will be.
  init(g, g->startpc, sp - sizeof(uintptr_t), 0, true);
}

void Unwinder::settle() {
  for (;;) {
    fn = nullptr;
    cfa = 0;
    if (pc == 0) return;
    if (!exact && pc == uintptr_t(morestackReturn)) {
      StackSegment* s = segmentOf(gp, sp);
      if (s == nullptr || s->prev == nullptr) break;
      uintptr_t old = s->oldSP;  // rbp, `ret` in the prologue, return address
      fp = load(old);
      fpAt = old;
      pc = load(old + 16);
      sp = old + 24;
      continue;
    }
    fn = findfunc(lookupPC());
    if (fn == nullptr) return;
    if (fn->funcId == ft::kFuncMorestack) {
      // fp is __morestack's frame.
      if (stackEnd(gp, fp) == 0) break;
      uintptr_t at = fp;
      pc = load(at + 8);
      sp = at + 16;
      fp = load(at);
      fpAt = at;
      exact = true;  // the `ret` of the prologue
      continue;
    }
    if (functab.entry(*fn) == uintptr_t(sigpanicCode)) {
      uintptr_t at = sp + 8;
      if (stackEnd(gp, at + 16) == 0) break;
      pc = load(at);
      sp = load(at + 8);
      exact = fault = true;
      continue;
    }
    ft::SpRow row;
    uintptr_t end = stackEnd(gp, sp);
    if (end == 0 || !frameRow(*fn, lookupPC(), row)) return;
    uintptr_t c = (row.cfaIsFp ? fp : sp) + uintptr_t(row.cfaOffset);
    if (c >= sp + 8 && c <= end) cfa = c;
    saved = row.saved;
    fpSlot = row.fpSlot;
    return;
  }
  pc = 0;
}

void Unwinder::next() {
  if (fn == nullptr || cfa == 0 || (fn->flags & ft::kTopFrame)) {
    pc = 0;
    fn = nullptr;
    return;
  }
  switch (fn->funcId) {
    case ft::kFuncRt0:
    case ft::kFuncMstart:
    case ft::kFuncGoexit:
    case ft::kFuncMcall:
    case ft::kFuncSystemstack:
    case ft::kFuncGogo:
      pc = 0;
      fn = nullptr;
      return;
    default:
      break;
  }
  if (fpSlot != 0) {
    fpAt = cfa - fpSlot;
    fp = load(fpAt);
  }
  pc = load(cfa - 8);
  sp = cfa;
  exact = fault = false;
  settle();
}

}  // namespace burrow::rt
