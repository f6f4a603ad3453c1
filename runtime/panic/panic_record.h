// The record of one panic (or Goexit) in progress; it lives in gopanic's (Goexit's) frame.
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

struct Panic {
  uintptr_t slot;    // address of the return address of the deferred call in progress; calldeferred writes it
  Panic* link;       // the panic before this one
  Eface arg;
  abi::DeferFrame* frame;    // whose deferred call runs
  abi::DeferFrame resume;    // Goexit: where to go on when a panic in a deferred call was recovered beyond it
  GoString text;     // what Error() or String() said, once preprintpanics has asked
  bool hasText;
  bool recovered;    // recover was called; takes effect when the deferred function returns
  bool goexit;
  bool repanicked;   // the next panic in the chain has the same value
};

}  // namespace burrow::rt
