// What Function::scopes say of places. Besides calls that were inlined there are parts: what a //line directive put into
// another file than that of the scope around it. A part's callSite.scope is kPartOfScope; its parent is the scope around it.
#pragma once

#include "ir/ir.h"

namespace burrow::ir {

inline constexpr uint16_t kPartOfScope = UINT16_MAX;

inline bool isPart(const Scope& s) { return s.callSite.scope == kPartOfScope; }

// Turns a place into that of the outermost call when it is in something inlined. The file that it is in.
inline uint32_t outermost(const Function& fn, Loc& loc) {
  while (loc.scope != 0 && loc.scope < fn.scopes.size()) {
    const Scope& s = fn.scopes[loc.scope];
    if (isPart(s)) {
      if (s.parent == 0) return s.file;
    } else {
      loc = s.callSite;
    }
    loc.scope = s.parent;
  }
  return fn.scopes[0].file;
}

}  // namespace burrow::ir
