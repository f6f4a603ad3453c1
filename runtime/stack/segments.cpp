// Which piece of a goroutine's stack an address lies in. By itself, because it needs nothing of what makes and frees the
// pieces (stack.cpp): strings ask, too, whether their bytes lie in a frame.
#include "stack/stack.h"

namespace burrow::rt {

StackSegment* segmentOf(G* gp, uintptr_t sp) {
  for (StackSegment* s = gp->segment; s != nullptr; s = s->prev)
    if (sp > uintptr_t(s) && sp <= s->top) return s;
  return nullptr;
}

bool newerFrame(G* gp, uintptr_t a, uintptr_t b) {
  StackSegment *sa = segmentOf(gp, a), *sb = segmentOf(gp, b);
  if (sa == sb || sa == nullptr || sb == nullptr) return a < b;
  return sa->depth > sb->depth;
}

}  // namespace burrow::rt
