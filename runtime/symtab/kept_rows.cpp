// What the function table says of an address, kept for the next who asks.
//
// The problem: loggers' calls of runtime.Callers, a profile's samples and the collector's walks over stacks ask for the same few
// addresses again and again, and each answer is a walk over a function's rows from its first byte on.
//
// Several threads, and signal handlers on them, read and write the entries without a lock. An entry's key is its address
// combined with its content, so that an entry that was written in part is taken for none. Rejected: a table for each thread,
// which a handler could find half written as well, and which is cold wherever a goroutine wakes up.
#include "symtab/symtab.h"

namespace burrow::rt {

namespace {

constexpr unsigned kKeptBits = 8;
constexpr uint64_t kMix = 0x9e3779b97f4a7c15u;  // odd, without structure

struct Content {
  uint64_t first, second;
  uint64_t mixed() const { return (first * kMix + second) * kMix; }
};

struct Kept {
  Atomic<uint64_t> key, first, second;
};

struct KeptTable {
  Kept all[1 << kKeptBits];

  NO_INLINE bool get(uintptr_t pc, Content* c) {
    const Kept& k = of(pc);
    *c = {k.first.loadRelaxed(), k.second.loadRelaxed()};
    return (k.key.loadRelaxed() ^ c->mixed()) == pc;
  }
  NO_INLINE void put(uintptr_t pc, Content c) {
    Kept& k = of(pc);
    k.first.storeRelaxed(c.first);
    k.second.storeRelaxed(c.second);
    k.key.storeRelaxed(pc ^ c.mixed());
  }

 private:
  Kept& of(uintptr_t pc) { return all[(pc * kMix) >> (64 - kKeptBits)]; }
};

KeptTable keptFrames, keptLines;

}  // namespace

bool frameRow(const ft::FuncRecord& f, uintptr_t pc, ft::SpRow& row) {
  Content c;
  if (!keptFrames.get(pc, &c)) {
    if (!functab.frameAt(f, pc, row)) return false;
    c = {uint32_t(row.cfaOffset) | uint64_t(row.fpSlot) << 32, row.saved | uint64_t(row.cfaIsFp) << 32};
    keptFrames.put(pc, c);
  }
  row.cfaOffset = int32_t(c.first);
  row.fpSlot = uint32_t(c.first >> 32);
  row.saved = uint32_t(c.second);
  row.cfaIsFp = c.second >> 32 != 0;
  return true;
}

ft::FrameWalk framesAt(const ft::FuncRecord* f, uintptr_t pc, bool withLines) {
  ft::LineRow row;
  const ft::FuncDetails* d = functab.details(*f);
  if (withLines || (d != nullptr && d->inlineCount != 0)) {
    Content c;
    if (!keptLines.get(pc, &c)) {
      functab.lineAt(*f, pc, row);
      c = {uint64_t(row.file) << 32 | row.line, row.inlineIndex};
      keptLines.put(pc, c);
    }
    row.file = uint32_t(c.first >> 32);
    row.line = uint32_t(c.first);
    row.inlineIndex = uint32_t(c.second);
  }
  return {functab, f, row};
}

}  // namespace burrow::rt
