// See ancestors.h.
#include "symtab/ancestors.h"

#include "mem/malloc.h"
#include "symtab/symtab.h"

namespace burrow::rt {

NO_INLINE Ancestors* collectAncestors(uintptr_t gopc) {
  G* creator = getg();
  if (creator->goid == 0) return nullptr;
  uintptr_t pcs[kAncestorFrames];
  uint64_t frames = 0;
  Unwinder u;
  u.initHere(__builtin_return_address(0), __builtin_frame_address(0));
  while (u.valid() && u.pc != gopc) u.next();
  for (; u.valid() && frames < kAncestorFrames; u.next()) pcs[frames++] = u.lookupPC() + 1;

  // How many of the creator's own remain, and where they end.
  const Ancestors* older = creator->ancestors;
  uint64_t kept = 0;
  const Ancestor* end = nullptr;
  if (older != nullptr) {
    for (end = older->first(); kept < older->count && kept + 1 < uint64_t(debug.tracebackancestors); kept++) end = end->next();
  }
  const size_t olderBytes = older == nullptr ? 0 : uintptr_t(end) - uintptr_t(older->first());

  auto* all = static_cast<Ancestors*>(rawmem(sizeof(Ancestors) + Ancestor::size(frames) + olderBytes));
  all->count = kept + 1;
  auto* nearest = const_cast<Ancestor*>(all->first());
  nearest->goid = creator->goid;
  nearest->gopc = creator->gopc;
  nearest->count = frames;
  memcpy(nearest->pcs, pcs, frames * sizeof(uintptr_t));
  if (olderBytes != 0) memcpy(const_cast<Ancestor*>(nearest->next()), older->first(), olderBytes);
  return all;
}

}  // namespace burrow::rt
