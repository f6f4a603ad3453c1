// The part of GOMAXPROCS that only programs with several goroutines have (maxprocs_follow.cpp).
#pragma once

#include "base/defs.h"

namespace burrow::rt {

struct ProcsFollower {
  void (*open)();      // at boot
  int32_t (*limit)();  // the control group's limit; 0: none
  void (*start)();     // in runtime.main: the goroutine that sets what has changed
  void (*look)();      // by sysmon, once a second
};

// It is weak. Package sync's semaphores (sync_sema.cpp), which programs with more than one goroutine cannot do without, name it, so
// that the linker takes it out of the archive; in others it is null.
extern const ProcsFollower procsFollower GO_SYM("runtime.procsFollower") __attribute__((weak));
#define NEEDS_PROCS_FOLLOWER \
  __asm__(".pushsection .note.burrow.needs,\"\",@progbits\n.quad runtime.procsFollower\n.popsection");

// Null when the program has none; the compiler believes that no object has that address.
ALWAYS_INLINE const ProcsFollower* followProcs() {
  const ProcsFollower* f = &procsFollower;
  asm("" : "+r"(f));
  return f;
}

int32_t defaultProcs();
// Stops the world and sets the number; keep: not if the program has set one in the meantime.
void setProcs(int32_t n, bool isCustom, bool keep);
extern bool customProcs;  // the number is the environment's or the program's; sched.lock

}  // namespace burrow::rt
